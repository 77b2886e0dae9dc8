"""Layouts of the talkgroups: whose each is, and how pages, order and favourites change. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from console.domain.events import Event, LayoutPage, LayoutSaved, Placed, StandardLayoutSaved
from console.domain.events.layouts import MAX_PAGE_NAME, MAX_PAGES, LayoutBody
from console.domain.mark import Mark, mark_of

MAX_LAYOUT_BYTES: Final = 30_000
"""Of its content, encoded: an event with its envelope stays below 32,768."""
TOKEN: Final = 32

B = TypeVar("B", bound=LayoutBody)


class Layout(msgspec.Struct, frozen=True):
    """``streams``: in the order of the tiles, with how each is heard."""

    pages: tuple[LayoutPage, ...] = ()
    favourites: tuple[str, ...] = ()
    streams: tuple[Placed, ...] = ()

    def __bool__(self) -> bool:
        return self != Layout()

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(one.stream for one in self.streams)


class SavedLayout(msgspec.Struct, frozen=True):
    key: str
    layout: Layout
    saved: Mark


def person_key(person: str, *, exercise: bool = False, unconfirmed: bool = False) -> str:
    """An exercise's never takes the place of a real one, nor a name that nobody has confirmed that
    of one who was."""
    return f"{'exercise' if exercise else 'person'}{'?' if unconfirmed else ''}:{person}"


def standard_key(role: str) -> str:
    return f"role:{role}"


def key_of(event: Event) -> str:
    """Whose layout an event saves; "" = nobody's. An exercise has no standard to say."""
    body = event.body
    if isinstance(body, StandardLayoutSaved):
        return "" if event.exercise else standard_key(body.role)
    if not isinstance(body, LayoutSaved) or not event.person:
        return ""
    return person_key(event.person, exercise=event.exercise, unconfirmed=event.unconfirmed)


def token_of(key: str) -> str:
    """As one token of a subject: a name may have letters that none may have."""
    return hashlib.sha256(key.encode()).hexdigest()[:TOKEN]


def layout_of(body: LayoutBody) -> Layout:
    return Layout(body.pages, body.favourites, body.streams)


def saved_of(event: Event, body: LayoutBody, key: str) -> SavedLayout:
    return SavedLayout(key, layout_of(body), mark_of(event))


def wanted(
    layouts: Mapping[str, SavedLayout], person: str, role: str, *, exercise: bool
) -> SavedLayout | None:
    """Whoever sits there has: their own, else what was said in their name, else the standard."""
    keys = [standard_key(role)]
    if person:
        own = (person_key(person, exercise=exercise, unconfirmed=one) for one in (False, True))
        keys = [*own, *keys]
    found = (one for key in keys if (one := layouts.get(key)) is not None and one.layout)
    return next(found, None)


def fitted(layout: Layout) -> Layout:
    """What of it an event can hold: the last streams go, those as usual first."""
    spare = [one for one in layout.streams if one != Placed(one.stream)]
    left = layout
    while len(msgspec.json.encode(left)) > MAX_LAYOUT_BYTES and left.streams:
        usual = [one for one in left.streams if one not in spare]
        going = set((usual or list(left.streams))[-16:])
        kept = tuple(one for one in left.streams if one not in going)
        left = msgspec.structs.replace(left, streams=kept)
    return left


# --- pages ---


def page_named(layout: Layout, name: str) -> LayoutPage | None:
    same = name.casefold()
    return next((page for page in layout.pages if page.name.casefold() == same), None)


def fit_name(name: str) -> str:
    """As a page can be called; "" = that is no name."""
    return " ".join("".join(c for c in name if c.isprintable()).split())[:MAX_PAGE_NAME].strip()


def with_page(layout: Layout, name: str) -> Layout:
    """The same layout where that can't be: no name, one that is there, or too many pages."""
    named = fit_name(name)
    if not named or page_named(layout, named) is not None or len(layout.pages) >= MAX_PAGES:
        return layout
    return _with(layout, (*layout.pages, LayoutPage(named)))


def without_page(layout: Layout, name: str) -> Layout:
    return _with(layout, (page for page in layout.pages if page.name != name))


def renamed(layout: Layout, name: str, to: str) -> Layout:
    fit = fit_name(to)
    other = page_named(layout, fit)
    if not fit or (other is not None and other.name != name):
        return layout
    pages = (LayoutPage(fit, p.groups) if p.name == name else p for p in layout.pages)
    return _with(layout, pages)


def page_moved(layout: Layout, name: str, step: int) -> Layout:
    """So many places to the right, or left where negative."""
    pages = list(layout.pages)
    at = next((n for n, page in enumerate(pages) if page.name == name), None)
    if at is None or not 0 <= at + step < len(pages):
        return layout
    pages.insert(at + step, pages.pop(at))
    return _with(layout, pages)


def with_group(layout: Layout, name: str, group: str, *, on: bool) -> Layout:
    """A talkgroup is put on a page, or taken from it."""

    def changed(page: LayoutPage) -> LayoutPage:
        if page.name != name or (group in page.groups) is on:
            return page
        left = tuple(one for one in page.groups if one != group)
        return LayoutPage(name, (*left, group) if on else left)

    return _with(layout, map(changed, layout.pages))


def with_favourite(layout: Layout, group: str, *, on: bool) -> Layout:
    left = tuple(one for one in layout.favourites if one != group)
    return msgspec.structs.replace(layout, favourites=(*left, group) if on else left)


def _with(layout: Layout, pages: Iterable[LayoutPage]) -> Layout:
    return msgspec.structs.replace(layout, pages=tuple(pages))


# --- order ---


def moved(order: Sequence[str], key: str, to: int, leading: Sequence[str]) -> tuple[str, ...]:
    """``key`` comes to stand at place ``to`` of the others. Those of ``leading`` that stand first
    stay first: another goes behind them, and one of them goes no further than they do."""
    others = [one for one in order if one != key]
    first = 0
    while first < len(others) and others[first] in leading:
        first += 1
    at = max(0, min(to, len(others)))
    at = min(at, first) if key in leading else max(at, first)
    return (*others[:at], key, *others[at:])


def merged(saved: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """``shown`` in its order, and what is saved but not there now behind what it stood behind."""
    here = set(shown)
    behind: dict[str, list[str]] = {}
    last = ""
    for key in saved:
        if key in here:
            last = key
        else:
            behind.setdefault(last, []).append(key)
    order = list(behind.get("", ()))
    for key in shown:
        order += [key, *behind.get(key, ())]
    return tuple(order)


# --- taking one over ---


def talkgroup_of(stream: str) -> str:
    return stream.partition("@")[0]


def translated(layout: Layout, here: Sequence[str]) -> Layout:
    """A talkgroup that another station carries now is heard as it was from the one before."""
    named, present = set(layout.order), set(here)
    spare: dict[str, list[str]] = {}
    for key in here:
        if key not in named:
            spare.setdefault(talkgroup_of(key), []).append(key)

    def here_as(one: Placed) -> Placed:
        others = spare.get(talkgroup_of(one.stream))
        if one.stream in present or not others:
            return one
        return msgspec.structs.replace(one, stream=others.pop(0))

    return msgspec.structs.replace(layout, streams=tuple(map(here_as, layout.streams)))


def softened(now: Placed, then: Placed, *, sounds: bool, spares_front: bool = True) -> Placed:
    """``then``, where nothing that sounds, or is in front, may be cut: it goes on, no softer than
    it is, and what is spoken in stays in front. A hand that takes something back knows what it has
    in front: ``spares_front`` is not set."""
    is_front = now.attention == "selected"
    if now.attention == "off" or not (sounds or (is_front and spares_front)):
        return then
    attention = "monitored" if then.attention == "off" else then.attention
    if is_front and sounds:
        attention = "selected"
    gain_db = max(now.gain_db, then.gain_db)
    return msgspec.structs.replace(then, attention=attention, gain_db=gain_db)


def one_front(streams: Iterable[Placed], stays: str) -> tuple[Placed, ...]:
    """No more than one is in front: ``stays`` if it is there, else the first."""
    known = tuple(streams)
    fronts = [one.stream for one in known if one.attention == "selected"]
    front = stays if stays in fronts else next(iter(fronts), "")
    return tuple(
        msgspec.structs.replace(one, attention="monitored")
        if one.attention == "selected" and one.stream != front
        else one
        for one in known
    )
