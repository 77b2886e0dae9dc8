"""The site that a command or a desk should talk to: this home's own, else one on the network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from console.site.address import SiteAddress, SiteError
from console.site.node.process import find_address

SEARCH_S: Final = 1.5


def find_site(home: Path, *, interface: str | None, seconds: float = SEARCH_S) -> SiteAddress:
    """Raises SiteError, which says what to do. Blocks for ``seconds`` when none is here."""
    own = find_address(home)
    if own is not None:
        return own
    from console.streams.browse import find_sites  # noqa: PLC0415  # zeroconf, only when needed

    found = find_sites(interface, seconds)
    for site in found:
        if site.insecure:
            return SiteAddress(url=site.url, name=site.site, insecure=True)
    if found:
        raise SiteError(
            f"The site {found[0].site} was found on the network, but it takes only its own machine."
        )
    raise SiteError("No site was found: start one with `vaktbord site`, or name its --home.")
