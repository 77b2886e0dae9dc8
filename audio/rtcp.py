"""The little of RTCP that tells who speaks: SDES in and out, sender reports out (RFC 3550)."""

from __future__ import annotations

import struct
import unicodedata
from typing import Final, NamedTuple

SR: Final = 200
SDES: Final = 202
BYE: Final = 203
CNAME: Final = 1
NAME: Final = 2
MAX_CHUNKS: Final = 31
MAX_NAME: Final = 64  # characters kept of what a stranger calls himself


class Part(NamedTuple):
    """One packet of a compound one. ``items``: how many chunks, reports or sources it has."""

    kind: int
    items: int
    body: bytes


def split(data: bytes) -> list[Part]:
    """Up to the first broken part; empty for what is not RTCP."""
    parts: list[Part] = []
    at = 0
    while at + 4 <= len(data):
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            break
        parts.append(Part(kind, first & 0x1F, data[at + 4 : end]))
        at = end
    return parts


def names(data: bytes) -> dict[int, str]:
    """SSRC to NAME, or CNAME where there is none."""
    found: dict[int, str] = {}
    for part in split(data):
        if part.kind == SDES:
            _read_chunks(part.body, part.items, found)
    return found


def goodbyes(data: bytes) -> tuple[int, ...]:
    """SSRCs that say BYE."""
    gone: list[int] = []
    for part in split(data):
        if part.kind == BYE and 4 * part.items <= len(part.body):
            gone += struct.unpack_from(f"!{part.items}I", part.body)
    return tuple(gone)


def _read_chunks(body: bytes, count: int, found: dict[int, str]) -> None:
    at = 0
    for _ in range(min(count, MAX_CHUNKS)):
        if at + 4 > len(body):
            return
        (ssrc,) = struct.unpack_from("!I", body, at)
        items, at = _read_items(body, at + 4)
        name = items.get(NAME) or items.get(CNAME)
        if name:
            found[ssrc] = name


def _read_items(body: bytes, at: int) -> tuple[dict[int, str], int]:
    items: dict[int, str] = {}
    while at + 2 <= len(body) and body[at] != 0:
        size = body[at + 1]
        items.setdefault(body[at], _clean(body[at + 2 : at + 2 + size]))
        at += 2 + size
    return items, (at // 4 + 1) * 4  # one to four zero bytes end a chunk


def _clean(raw: bytes) -> str:
    """What may be shown: no control or format characters, no line breaks, bounded."""
    text = raw.decode("utf-8", "replace")[:MAX_NAME]
    return "".join(c for c in text if not _is_hidden(unicodedata.category(c))).strip()


def _is_hidden(category: str) -> bool:
    return category[0] == "C" or category in ("Zl", "Zp")


def report(
    ssrc: int, *, ntp: int, timestamp: int, packets: int, octets: int, cname: str, name: str
) -> bytes:
    """A compound packet: sender report and source description."""
    head = struct.pack("!BBHI", 0x80, SR, 6, ssrc)
    body = struct.pack("!QIII", ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return head + body + source_description(ssrc, cname, name)


def source_description(ssrc: int, cname: str, name: str) -> bytes:
    chunk = struct.pack("!I", ssrc) + _item(CNAME, cname) + (_item(NAME, name) if name else b"")
    chunk += bytes(4 - len(chunk) % 4)
    return struct.pack("!BBH", 0x81, SDES, len(chunk) // 4) + chunk


def _item(kind: int, text: str) -> bytes:
    raw = text.encode("utf-8")[:255]
    return bytes((kind, len(raw))) + raw


def ntp_time(unix_s: float) -> int:
    """64-bit NTP time (RFC 5905): seconds since 1900 in the upper half."""
    return int((unix_s + 2_208_988_800) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
