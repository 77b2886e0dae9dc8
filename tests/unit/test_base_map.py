"""The base map comes with the program: small, whole, in the form that SOURCES.md tells, and of what
it names."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import pytest

import resources

FOLDER: Final = Path(str(resources.path("map")))
MOST_BYTES: Final = 8_000_000
LEVELS: Final = (4, 6, 8, 10)
BEYOND: Final = 96
SIDE: Final = 4_096
ENTRY: Final = struct.Struct("<BHHII")
Tile = tuple[int, int, int]


@pytest.fixture(scope="module")
def tiles() -> dict[Tile, bytes]:
    raw = (FOLDER / "base.vmap").read_bytes()
    assert raw.startswith(b"VAKTMAP1")
    (count,) = struct.unpack_from("<I", raw, 8)
    body = 12 + count * ENTRY.size
    found = {}
    for z, x, y, offset, size in ENTRY.iter_unpack(raw[12:body]):
        found[z, x, y] = raw[body + offset : body + offset + size]
    return found


def test_it_is_small_with_all_that_belongs_to_it() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file()) < MOST_BYTES


def test_every_file_of_it_has_its_source_and_licence() -> None:
    told = (FOLDER / "SOURCES.md").read_text()
    rows = dict(re.findall(r"^\| `([\w.]+)` \|(.*)\|$", told, re.M))
    data = {one.name for one in FOLDER.iterdir() if one.suffix in (".vmap", ".json")}
    assert set(rows) == data
    assert all("LGPL" in row or "CC BY" in row for row in rows.values())


def test_there_are_levels_from_the_whole_country_to_a_town(tiles: dict[Tile, bytes]) -> None:
    assert {z for z, _, _ in tiles} == set(LEVELS)
    for z, x, y in tiles:
        if z > LEVELS[0]:
            assert (z - 2, x >> 2, y >> 2) in tiles


def test_every_tile_of_it_is_whole(tiles: dict[Tile, bytes]) -> None:
    """In the form of SOURCES.md; and nothing of it lies where its tile does not reach."""
    full = [tile for tile in tiles.values() if tile]
    assert len(full) > 100
    for tile in full:
        raw = zlib.decompress(tile)
        (shapes,) = struct.unpack_from("<I", raw)
        kinds = np.frombuffer(raw, "u1", shapes, 4)
        points = np.frombuffer(raw, "<u4", shapes, 4 + shapes)
        count, begin = int(points.sum()), 4 + shapes * 5
        assert len(raw) == begin + count * 4
        assert set(kinds) <= {0, 1, 2}
        low, high = np.frombuffer(raw, "u1", offset=begin).reshape(2, 2, count).astype("<u2")
        steps = (low + high * 256).astype("<u2").view("<i2")
        at = steps.cumsum(axis=1, dtype=np.int64)
        assert at.min() >= -BEYOND
        assert at.max() <= SIDE + BEYOND
