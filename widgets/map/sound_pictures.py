"""Whether a tile's picture is whole, looked at before Qt reads it.

libpng tells of damage by lines on the standard error stream, past Qt and all who listen to it: a
map with a thousand damaged tiles would flood a terminal and a log. It is given only what it has
nothing to say of. libjpeg tells Qt, which can be told to keep it to itself.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from PySide6.QtCore import QLoggingCategory

MAX_SIDE: Final = 1_024  # pixels
PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of PNG's colour types
DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
PALETTE: Final = 3
MAX_PALETTE: Final = 768  # bytes
FILTERS: Final = 4  # the highest
ADAM7: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                (1, 0, 2, 2), (0, 1, 1, 2))  # fmt: skip
"""Of each pass: the first column and row, and the steps between two of them."""
NO_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # a JPEG's marker that ends a scan
SCAN, END, ALONE = 0xDA, 0xD9, {0x01, *range(0xD0, 0xD8)}


class PictureError(ValueError):
    """This is no picture of a kind and size that tiles have, or a damaged one."""


class _Head(NamedTuple):
    """Of a PNG: the fields of IHDR that say how long its rows are."""

    width: int
    height: int
    depth: int
    colour: int
    is_interlaced: bool

    def row_bytes(self, width: int) -> int:
        return (width * self.depth * CHANNELS[self.colour] + 7) // 8


@cache
def keep_quiet() -> None:
    """Once: what Qt would say of a picture that it reads all the same, or not, is the counter's."""
    QLoggingCategory.setFilterRules("qt.gui.imageio*=false")


def sound(data: bytes) -> bytes:
    """What is to be read of it. Raises PictureError."""
    if data.startswith(PNG):
        return _sound_png(data)
    if data.startswith(JPEG):
        _check_jpeg(data)
    return data


def _sound_png(data: bytes) -> bytes:
    """The chunks that make the picture; texts, times and profiles are left out."""
    kept, packed, head = [PNG], [], None
    names: list[bytes] = []
    for name, body, chunk in _chunks(data):
        if (head is None) != (name == b"IHDR"):
            raise PictureError("its head is not at its beginning")
        if name == b"IHDR":
            head = _head(body)
        elif name == b"IDAT":
            packed.append(body)
        elif name in (b"PLTE", b"tRNS"):
            is_odd = name == b"PLTE" and len(body) % 3
            if packed or name in names or is_odd or not 0 < len(body) <= MAX_PALETTE:
                raise PictureError("its palette is damaged")
        elif name != b"IEND":
            if name[:1].isupper():
                raise PictureError("it has a part that nobody knows")
            continue
        names.append(name)
        kept.append(chunk)
    if head is None or (head.colour == PALETTE and b"PLTE" not in names):
        raise PictureError("it has no palette")
    _check_rows(head, b"".join(packed))
    return b"".join(kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, what is in it, and all of it. Raises PictureError."""
    at = len(PNG)
    while True:
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data) or len(data) < at + 12:
            raise PictureError("it ends too early")
        chunk = data[at:end]
        if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise PictureError("a checksum of it is wrong")
        yield chunk[4:8], chunk[8:-4], chunk
        if chunk[4:8] == b"IEND":
            return
        at = end


def _head(body: bytes) -> _Head:
    if len(body) != 13:
        raise PictureError("its head is damaged")
    width, height = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise PictureError(f"it has {width} × {height} pixels")
    depth, colour, packing, filtering, interlacing = body[8:]
    if depth not in DEPTHS.get(colour, ()) or packing or filtering or interlacing > 1:
        raise PictureError("its head is damaged")
    return _Head(width, height, depth, colour, bool(interlacing))


def _check_rows(head: _Head, packed: bytes) -> None:
    """Raises PictureError where there are too few of them, or one that can't be."""
    passes = list(_passes(head))
    most = sum(rows * length for rows, length in passes)
    reader = zlib.decompressobj()
    try:
        raw = reader.decompress(packed, most)
        reader.decompress(reader.unconsumed_tail, 1)
    except zlib.error as error:
        raise PictureError(f"its compression is damaged: {error}") from error
    if len(raw) < most or not reader.eof:
        raise PictureError("it ends too early")
    at = 0
    for rows, length in passes:
        end = at + rows * length
        if max(raw[at:end:length]) > FILTERS:
            raise PictureError("a row of it is damaged")
        at = end


def _passes(head: _Head) -> Iterator[tuple[int, int]]:
    """How many rows, and the bytes of each with its filter's."""
    if not head.is_interlaced:
        yield head.height, 1 + head.row_bytes(head.width)
        return
    for left, top, right, down in ADAM7:
        columns = (head.width - left + right - 1) // right
        rows = (head.height - top + down - 1) // down
        if columns > 0 and rows > 0:
            yield rows, 1 + head.row_bytes(columns)


def _check_jpeg(data: bytes) -> None:
    """Its segments follow each other to its end; what the scans hold only a decoder can judge."""
    at, has_scan = 2, False
    while True:
        marker, at = _marker(data, at)
        if marker == END:
            if not has_scan:
                raise PictureError("there is no picture in it")
            return
        if marker in ALONE:
            continue
        length = int.from_bytes(data[at : at + 2])
        if length < 2 or at + length > len(data):
            raise PictureError("it ends too early")
        at += length
        if marker == SCAN:
            has_scan = True
            after = NO_SCAN.search(data, at)
            if after is None:
                raise PictureError("it ends too early")
            at = after.start()


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Which one stands there, and where it ends; 0xFF may fill the room before it."""
    after = at
    while data[after : after + 1] == b"\xff":
        after += 1
    if after == at or after >= len(data):
        raise PictureError("it ends too early" if after >= len(data) else "it is damaged")
    return data[after], after + 1
