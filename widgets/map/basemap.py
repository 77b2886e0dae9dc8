"""Reads the base map's file: coast, lakes, rivers and borders in tiles of four levels of detail."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"VAKTMAP1"
EXTENT: Final = 4_096
LEVELS: Final = (4, 6, 8, 10)
AREA, RIVER, BORDER = 0, 1, 2
INDEX: Final = np.dtype([("z", "u1"), ("x", "<u2"), ("y", "<u2"), ("at", "<u4"), ("size", "<u4")])
MAX_TILES: Final = 100_000
MAX_RAW: Final = 32_000_000  # bytes of one tile, unpacked


class BaseMapError(ValueError):
    """The file is not a base map, or it is damaged."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """One tile: ``points`` (n, 2) in EXTENT-ths of its side, in rings or lines of ``counts``."""

    kinds: NDArray[np.uint8]
    counts: NDArray[np.int64]
    points: NDArray[np.float64]


EMPTY: Final = Shapes(np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros((0, 2)))


@dataclass(frozen=True, slots=True)
class Patch:
    """``shapes`` of tile (z, x, y), wanted for the part of the world in ``box``."""

    z: int
    x: int
    y: int
    box: tuple[float, float, float, float]
    shapes: Shapes


class BaseMap:
    """Opens at once; tiles are unpacked when they are asked for. Read by one thread."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise BaseMapError(f"{path} is empty; install Vaktbord again") from error
        count = int.from_bytes(self._data[8:12], "little")
        self._body = 12 + count * INDEX.itemsize
        if self._data[:8] != MAGIC or count > MAX_TILES or self._body > len(self._data):
            self._data.close()
            raise BaseMapError(f"{path} is not a base map; install Vaktbord again")
        self._index = _index_of(self._data[12 : self._body])

    def close(self) -> None:
        self._data.close()

    def patches(self, zoom: float, box: tuple[float, float, float, float]) -> Iterator[Patch]:
        """What to draw of the world box (left, top, right, bottom), at the detail of ``zoom``."""
        z = max([level for level in LEVELS if level <= zoom + 1.0], default=LEVELS[0])
        left, top, right, bottom = (edge * 2**z for edge in box)
        for x in range(int(np.floor(left)), int(np.ceil(right))):
            for y in range(int(np.floor(top)), int(np.ceil(bottom))):
                patch = self._patch(z, x, y)
                if patch is not None:
                    yield patch

    def _patch(self, z: int, x: int, y: int) -> Patch | None:
        """A tile, or the part of a coarser one that lies where it would be."""
        side = 2.0**-z
        box = (x * side, y * side, (x + 1) * side, (y + 1) * side)
        for level in reversed([level for level in LEVELS if level <= z]):
            shift = z - level
            if (level, x >> shift, y >> shift) in self._index:
                shapes = self.shapes(level, x >> shift, y >> shift)
                return Patch(level, x >> shift, y >> shift, box, shapes)
        return None

    def shapes(self, z: int, x: int, y: int) -> Shapes:
        """Raises KeyError for a tile that isn't there, BaseMapError for one that is damaged."""
        at, size = self._index[z, x, y]
        packed = self._data[self._body + at : self._body + at + size]
        if not packed:
            return EMPTY
        try:
            return unpack(zlib.decompressobj().decompress(packed, MAX_RAW))
        except (zlib.error, ValueError, IndexError) as error:
            raise BaseMapError(f"tile {z}/{x}/{y} of the base map is damaged") from error


@lru_cache(maxsize=2)
def _index_of(raw: bytes) -> Mapping[tuple[int, int, int], tuple[int, int]]:
    """Of each tile, where its bytes are. The map is opened anew for each picture on paper."""
    rows = np.frombuffer(raw, INDEX)
    return {(z, x, y): (at, size) for z, x, y, at, size in rows.tolist()}


def unpack(raw: bytes) -> Shapes:
    """The form is told in resources/map/SOURCES.md."""
    number = int.from_bytes(raw[:4], "little")
    kinds = np.frombuffer(raw, np.uint8, number, 4)
    counts = np.frombuffer(raw, "<u4", number, 4 + number).astype(np.int64)
    planes = np.frombuffer(raw, np.uint8, offset=4 + 5 * number).reshape(2, -1)
    steps = np.ascontiguousarray(planes.T).reshape(-1).view("<i2").reshape(2, -1)
    if steps.shape[1] != counts.sum():
        raise ValueError("points are missing")
    return Shapes(kinds, counts, np.cumsum(steps, axis=1, dtype=np.int64).T.astype(np.float64))
