"""A tile server's address with its blanks, as the web and WMTS write them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from console.maps.faults import MapError

BLANK: Final = re.compile(r"\{([^{}]*)\}")
Z: Final = {"z", "TileMatrix"}
X: Final = {"x", "TileCol"}
Y: Final = {"y", "-y", "TileRow"}
SERVER: Final = "s"
MAX_ADDRESS: Final = 2_000


def check(address: str, *, subdomains: tuple[str, ...] = (), blanks: bool = True) -> str:
    """The host's name. Raises MapError ``entry``. ``blanks``: whether it must have them."""
    if len(address) > MAX_ADDRESS or not address.isprintable() or " " in address:
        raise MapError("entry", "the address has odd characters, or is too long", "address")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise MapError("entry", f"the address: {error}", "address") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise MapError("entry", "the address needs https:// or http:// and a host", "address")
    if parts.username is not None or parts.password is not None:
        raise MapError("entry", "the address must not hold a user's name or password", "password")
    names = [match.group(1) for match in BLANK.finditer(address)]
    if not blanks:
        return host
    unknown = [name for name in names if name not in Z | X | Y | {SERVER}]
    if unknown:
        blank = f"{{{unknown[0]}}}"
        raise MapError("entry", f"the address has an unknown blank {blank}", "unknown-blank", blank)
    for wanted, words in ((Z, "{z}"), (X, "{x}"), (Y, "{y}")):
        if not wanted & set(names):
            raise MapError("entry", f"the address lacks {words}", "lacking-blank", words)
    if SERVER in names and not subdomains:
        raise MapError("entry", "the address has {s}, and no subdomains are given", "no-subdomains")
    return BLANK.sub(subdomains[0], host) if SERVER in names and subdomains else host


def filled(address: str, z: int, x: int, y: int, subdomains: tuple[str, ...] = ()) -> str:
    """The address of one tile; the same tile always has the same server."""
    values = {name: str(z) for name in Z} | {name: str(x) for name in X}
    values |= {"y": str(y), "TileRow": str(y), "-y": str((1 << z) - 1 - y)}
    if subdomains:
        values[SERVER] = subdomains[(x + y) % len(subdomains)]
    return BLANK.sub(lambda match: values[match.group(1)], address)
