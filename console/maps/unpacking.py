"""Tiles' own compression, with a bound: a small file may be made to fill a machine's memory."""

from __future__ import annotations

import zlib
from typing import Final

from console.maps.facts import Kind
from console.maps.faults import MapError

MAX_PACKED: Final = 4_000_000  # bytes of one tile, as it is stored or sent
MAX_RAW: Final = 4_000_000  # and unpacked; makers of vector tiles aim at a tenth of it
GZIP: Final = b"\x1f\x8b"
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def unpacked(data: bytes, most: int = MAX_RAW) -> bytes:
    """What is neither gzip nor zlib is given back as it is. Raises MapError ``tile``."""
    if not (data.startswith(GZIP) or (data[:1] == b"\x78" and _is_zlib(data))):
        return data
    reader = zlib.decompressobj(wbits=47)  # either of the two
    try:
        raw = reader.decompress(data, most)
    except zlib.error as error:
        raise MapError("tile", f"its compression is damaged: {error}") from error
    if reader.unconsumed_tail:
        raise MapError("tile", f"it is larger than {most:,} bytes when unpacked")
    if not reader.eof:
        raise MapError("tile", "it ends too early")
    return raw


def _is_zlib(data: bytes) -> bool:
    """RFC 1950, 2.2: the first two bytes are a multiple of 31."""
    return len(data) > 1 and int.from_bytes(data[:2]) % 31 == 0


def is_picture(data: bytes) -> bool:
    """PNG, JPEG or WebP by their first bytes."""
    return data.startswith(PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def checked(data: bytes, kind: Kind) -> bytes:
    """A tile, unpacked. Raises MapError ``tile``."""
    raw = unpacked(data)
    if kind == "raster" and not is_picture(raw):
        raise MapError("tile", "it is no PNG, JPEG or WebP")
    if kind == "vector" and (is_picture(raw) or raw[:1] in (b"<", b"{")):
        raise MapError("tile", "it is no vector tile")
    return raw
