"""Multicast addresses that nobody has to give out: by what is sent there."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import Final, Literal

Kind = Literal["talkgroup", "call", "group"]
NETS: Final[dict[Kind, tuple[str, str]]] = {
    "talkgroup": ("239.77", "ff15:77"),
    "call": ("239.78", "ff15:79"),
    "group": ("239.79", "ff15:7a"),
}
"""Administratively scoped (RFC 2365), and a site's own, not permanent (RFC 4291 section 2.7)."""


def group_of(seed: str, interface: str | None, kind: Kind = "talkgroup") -> str:
    """The same for the same ``seed``; of the version that ``interface`` speaks."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:2], "big")
    four, six = NETS[kind]
    if interface is not None and ":" in interface:
        return str(ipaddress.IPv6Address(f"{six}::{number:x}"))
    return f"{four}.{number >> 8}.{number & 255}"
