"""How somebody has the talkgroups on a desk: pages, order, favourites, how each is heard."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from console.domain.events.base import Body, BodyError

MAX_PAGES: Final = 12
MAX_PLACED: Final = 512
"""Talkgroups on a page, and streams whose place is kept."""
MAX_PAGE_NAME: Final = 24

GroupName = Annotated[str, Meta(min_length=1, max_length=100)]
"""A talkgroup as its stream's ``tg`` writes it: it need not be an id."""
StreamName = Annotated[str, Meta(min_length=1, max_length=200)]
Groups = Annotated[tuple[GroupName, ...], Meta(max_length=MAX_PLACED)]
LayoutRole = Literal["operator", "trainer", "reception", "gateway", "observer"]


class LayoutPage(Struct, frozen=True, gc=False):
    """``name`` is each page's own among those of one layout, large and small letters alike."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_PAGE_NAME)]
    groups: Groups = ()


class Placed(Struct, frozen=True, gc=False, omit_defaults=True):
    """How one stream (``talkgroup@station``) is heard. Whether it is muted is no part of it: that
    is of a moment and of one desk."""

    stream: StreamName
    attention: Literal["selected", "monitored", "off"] = "monitored"
    gain_db: Annotated[float, Meta(ge=-96, le=24)] = 0.0
    pan: Annotated[float, Meta(ge=-1, le=1)] | None = None  # None: placed automatically
    priority: Literal["high", "normal", "low"] = "normal"


class LayoutBody(Body, frozen=True, tag="layout"):
    """What both kinds say. ``streams`` stand in the order of the tiles."""

    pages: Annotated[tuple[LayoutPage, ...], Meta(max_length=MAX_PAGES)] = ()
    favourites: Groups = ()
    streams: Annotated[tuple[Placed, ...], Meta(max_length=MAX_PLACED)] = ()

    def __post_init__(self) -> None:
        names = [page.name.casefold() for page in self.pages]
        if len(set(names)) != len(names):
            raise BodyError("two pages have one name")
        if len({one.stream for one in self.streams}) != len(self.streams):
            raise BodyError("one of the streams stands there twice")


class LayoutSaved(LayoutBody, frozen=True, tag="layout-saved"):
    """Of the person who sat there by the event's envelope; the newest counts."""


class StandardLayoutSaved(LayoutBody, frozen=True, tag="standard-layout-saved", kw_only=True):
    """For whoever has none of their own, at positions of a role. Without pages, favourites and
    streams: there is none any more."""

    role: LayoutRole
