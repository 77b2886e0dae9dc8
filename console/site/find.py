"""The site that a command or a desk should talk to, and as whom: this home's own site, else the one
where it has enrolled.

A home may have several identities: it enrolled as a desk, and plays an exercise or passes on a
radio's voices as well. Which one speaks is a fixed rule (:data:`ORDER`), never whichever happens to
be usable: a desk whose certificate is over must not go on as the exercise that shares its home.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from console.domain.roles import MemberRole
from console.site.address import DamagedError, EnrolmentOverError, SiteAddress, SiteError, SitePlace
from console.site.node.papers import LOCAL
from console.site.node.process import find_address
from console.site.security import identity
from console.streams.announcement import SiteAnnouncement

SEARCH_S: Final = 1.5
Use = Literal["desk", "publish", "exercise", "gateway"]
"""What for: a desk's window and most commands, streams that are sent, a simulated radio net,
positions from other worlds."""
ORDER: Final[Mapping[Use, tuple[MemberRole, ...]]] = {
    "desk": ("operator", "reception", "trainer", "gateway", "observer"),
    "publish": ("gateway", "operator", "reception", "trainer", "observer"),
    "exercise": ("trainer",),
    "gateway": ("gateway",),
}
"""The first of these that the home has been enrolled as."""


def find_site(
    home: Path, *, interface: str | None, use: Use = "desk", seconds: float = SEARCH_S
) -> SiteAddress:
    """Raises SiteError, which says what to do. Blocks for ``seconds`` when none is here."""
    own = own_site(home, use)
    if own is not None:
        return own
    enrolled = enrolled_at(home, use)
    from console.streams.browse import find_sites  # noqa: PLC0415  # zeroconf, only when needed

    found = find_sites(interface, seconds)
    if enrolled is not None:
        return moved(enrolled, found)
    if found:
        raise SiteError(
            f"The site {found[0].site} was found on the network; enrol here first, with a code "
            f"from there: `vaktbord enrol --join`{_but(home, use)}"
        )
    raise SiteError(
        f"No site was found: start one with `vaktbord site`, or name its --home.{_but(home, use)}"
    )


def known_site(home: Path, use: Use = "desk") -> SiteAddress | None:
    """As :func:`find_site`, without a look at the network. None where this home has no site.
    Raises SiteError."""
    return own_site(home, use) or enrolled_at(home, use)


def own_site(home: Path, use: Use) -> SiteAddress | None:
    """The site that runs below this home: it has a position there without a code, but no
    gateway."""
    role = next((one for one in ORDER[use] if one in LOCAL), None)
    return None if role is None else find_address(home, role)


def enrolled_at(home: Path, use: Use = "desk") -> SiteAddress | None:
    """The site that this home has a certificate of. Raises DamagedError for one that can't be
    used, EnrolmentOverError for one that is over."""
    role = enrolled_as(home, use)
    if role is None:
        return None
    folder = identity.folder_of(home, role)
    over = identity.ended(folder)
    if over is not None:
        raise EnrolmentOverError(over)
    ours = identity.load(folder)
    place = identity.load_place(folder)
    if place is None:
        raise DamagedError(folder / identity.PLACE, "it is missing")
    return SiteAddress(place, ours) if ours is not None else None


def enrolled_as(home: Path, use: Use = "desk") -> MemberRole | None:
    """The role that speaks for this home, None where it has enrolled as nothing that would do."""
    has = (one for one in ORDER[use] if identity.is_there(identity.folder_of(home, one)))
    return next(has, None)


def no_site_here(home: Path) -> str:
    """What to tell who asks on a member's machine for what is done on the site's own. A site that
    was started there would be another one, and the one that this home then goes to."""
    role = enrolled_as(home)
    if role is None:
        return f"no site runs in {home}: start it with `vaktbord site`, or name its --home"
    where = f"{home} is a position of another machine's site ({role})"
    with contextlib.suppress(SiteError):
        place = identity.load_place(identity.folder_of(home, role))
        if place is not None:
            where = f"{home} is a position of {place.name} ({role})"
    return f"no site runs here: {where}. Do this on that site's own machine"


def _but(home: Path, use: Use) -> str:
    """A certificate that is there and doesn't do must not go without a word."""
    others = [one for one in ORDER["desk"] if identity.is_there(identity.folder_of(home, one))]
    if not others:
        return ""
    return f" (this home is enrolled as {', '.join(others)}; here it would need {ORDER[use][0]})"


def moved(address: SiteAddress, found: tuple[SiteAnnouncement, ...]) -> SiteAddress:
    """The same site, at every address where it is announced now and, last, where it was. That it
    is the same is for its certificate to prove."""
    urls = [one.url for one in found if one.fingerprint == address.place.site]
    known = dict.fromkeys((*urls, *address.place.urls))
    place = address.place
    return SiteAddress(
        SitePlace(tuple(known)[:16], place.name, place.site, place.door), address.identity
    )
