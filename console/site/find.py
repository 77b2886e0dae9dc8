"""The site that a command or a desk should talk to: this home's own, else where it has enrolled."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from console.domain.roles import Role
from console.site.address import SiteAddress, SiteError, SitePlace
from console.site.node.process import find_address
from console.site.security import identity
from console.streams.announcement import SiteAnnouncement

SEARCH_S: Final = 1.5


class EnrolmentOver(SiteError):  # noqa: N818  # a state rather than an error
    """There is a certificate, and it counts no more."""


def find_site(
    home: Path, *, interface: str | None, role: Role = "operator", seconds: float = SEARCH_S
) -> SiteAddress:
    """Raises SiteError, which says what to do. Blocks for ``seconds`` when none is here."""
    own = find_address(home, role)
    if own is not None:
        return own
    enrolled = enrolled_at(home, role)
    from console.streams.browse import find_sites  # noqa: PLC0415  # zeroconf, only when needed

    found = find_sites(interface, seconds)
    if enrolled is not None:
        return moved(enrolled, found)
    if found:
        raise SiteError(
            f"The site {found[0].site} was found on the network; enrol here first, with a code "
            "from there: `vaktbord enrol --join`"
        )
    raise SiteError("No site was found: start one with `vaktbord site`, or name its --home.")


def enrolled_at(home: Path, role: Role) -> SiteAddress | None:
    """The site that this home has a certificate of. Raises SiteError for one that can't be used,
    EnrolmentOver for one that is over."""
    folder = identity.folder_of(home, role)
    over = identity.ended(folder)
    if over is not None:
        raise EnrolmentOver(
            f"this position's certificate ended on {over:%Y-%m-%d}, after being off for too long: "
            "enrol again, with a new code from the site: `vaktbord enrol --join`"
        )
    ours = identity.load(folder)
    place = identity.load_place(folder)
    return SiteAddress(place, ours) if ours is not None and place is not None else None


def moved(address: SiteAddress, found: tuple[SiteAnnouncement, ...]) -> SiteAddress:
    """The same site, at every address where it is announced now and, last, where it was. That it
    is the same is for its certificate to prove."""
    urls = [one.url for one in found if one.fingerprint == address.place.site]
    known = dict.fromkeys((*urls, *address.place.urls))
    place = address.place
    return SiteAddress(
        SitePlace(tuple(known)[:16], place.name, place.site, place.door), address.identity
    )
