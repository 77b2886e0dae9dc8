"""Where a site is and as whom to come in: what a desk needs to connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from console.site.security.identity import Identity

LinkState = Literal["up", "connecting", "down"]
Url = Annotated[str, Meta(pattern=r"\Atls://\S{1,200}\Z")]
MAX_URLS = 16


class SitePlace(msgspec.Struct, frozen=True):
    """Where a site is. ``site`` is its CA's fingerprint: what a certificate has to prove."""

    urls: Annotated[tuple[Url, ...], Meta(min_length=1, max_length=MAX_URLS)]
    name: Annotated[str, Meta(min_length=1, max_length=63)]
    site: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    door: Annotated[str, Meta(max_length=200)] = ""
    """Where a new desk enrols, ``https://host:port``; empty where nobody can."""

    @property
    def url(self) -> str:
        return self.urls[0]

    @property
    def port(self) -> int:
        """Of the site's server, at the first of its addresses."""
        return urlsplit(self.url).port or 0


class SiteAddress(msgspec.Struct, frozen=True):
    """A place, and who we are there."""

    place: SitePlace
    identity: Identity

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def url(self) -> str:
        return self.place.url


def at_servers(address: SiteAddress, urls: Sequence[str]) -> SiteAddress:
    """The same site at these too; those that were known first come first."""
    known = tuple(dict.fromkeys((*address.place.urls, *urls)))[:MAX_URLS]
    return SiteAddress(msgspec.structs.replace(address.place, urls=known), address.identity)


class SiteError(Exception):
    """The site can't be found, started or reached. The text is one sentence for a person."""


class ShutOutError(SiteError):
    """This position can't come in as what it was enrolled as, now or later."""


class TakenOutError(ShutOutError):
    """Its server has proved itself and has no such member."""

    def __init__(self, site: str, name: str, role: str) -> None:
        super().__init__(
            f"this machine ({name}, {role}) has been taken out of {site}, or another one has been "
            "enrolled in its place: nothing is sent or received here. Enrol it again, with a new "
            "code from the site: `vaktbord enrol --join`"
        )


class DamagedError(ShutOutError):
    """A file that this position proves itself with can't be used."""

    def __init__(self, file: Path, why: str) -> None:
        folder = file.parent
        todo = (
            "or enrol again, with a new code from the site: `vaktbord enrol --join`"
            if folder.parent.name == "identity"
            else "or move that folder away and start the site again, which makes a new one"
        )
        super().__init__(f"{file} is damaged ({why}): bring {folder} back from a backup, {todo}")


class EnrolmentOverError(ShutOutError):
    """There is a certificate, and it counts no more."""

    def __init__(self, ended: datetime.datetime) -> None:
        super().__init__(
            f"this position's certificate ended on {ended:%Y-%m-%d}, after being off for too long: "
            "enrol again, with a new code from the site: `vaktbord enrol --join`"
        )
