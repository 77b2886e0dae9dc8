"""RTP packets: read and built, no socket (RFC 3550 section 5.1)."""

from __future__ import annotations

import struct
from typing import Final

import msgspec

HEADER: Final = 12  # bytes without CSRC and extension
PATCHED: Final = 0x76627031  # "vbp1", the last CSRC of what a patch has sent on
_FIXED: Final = struct.Struct("!BBHII")


class Packet(msgspec.Struct, frozen=True, gc=False):
    payload_type: int
    marker: bool
    sequence: int  # 16 bits
    timestamp: int  # 32 bits
    ssrc: int
    payload: bytes


def parse(data: bytes) -> Packet | None:
    """None for what is not RTP: wrong version, shorter than it says, padding that can't be."""
    if len(data) < HEADER:
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if first >> 6 != 2:
        return None
    if first == 0x80:  # nearly all: no padding, no extension, no CSRC
        payload: bytes | None = data[HEADER:]
    else:
        payload = _inner(data, first)
    if payload is None:
        return None
    return Packet(second & 0x7F, second > 0x7F, sequence, timestamp, ssrc, payload)


def _inner(data: bytes, first: int) -> bytes | None:
    """The payload behind CSRCs and extension, before the padding; None when they don't fit."""
    start, end = HEADER + 4 * (first & 0x0F), len(data)
    if first & 0x10:  # header extension (5.3.1)
        if start + 4 > len(data):
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:  # padding: the last byte counts itself
        if data[-1] == 0:
            return None
        end -= data[-1]
    return data[start:end] if start <= end else None


def build(packet: Packet, sources: tuple[int, ...] = ()) -> bytes:
    """``sources``: the CSRCs."""
    second = packet.payload_type | (0x80 if packet.marker else 0)
    first = 0x80 | len(sources)
    head = _FIXED.pack(first, second, packet.sequence, packet.timestamp, packet.ssrc)
    return head + b"".join(one.to_bytes(4, "big") for one in sources) + packet.payload


def sources(data: bytes) -> tuple[int, ...]:
    """The CSRCs of what can be parsed."""
    ends = range(HEADER, HEADER + 4 * (data[0] & 0x0F), 4)
    return tuple(int.from_bytes(data[at : at + 4], "big") for at in ends)


def is_rtcp(data: bytes) -> bool:
    """Told apart on a shared port by the second byte (RFC 5761 section 4)."""
    return len(data) >= 8 and 192 <= data[1] <= 223 and data[0] >> 6 == 2
