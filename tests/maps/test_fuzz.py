"""Whatever a file or an answer holds: a tile, nothing, or the one clear error."""

from __future__ import annotations

import gzip
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pmtiles.tile import Compression, TileType

from console.maps import mbtiles_file, servers
from console.maps.facts import Facts, Kind
from console.maps.faults import MapError
from console.maps.files import FileMap
from console.maps.unpacking import checked
from console.maps.wmts import layer_of
from tests.maps import makers
from widgets.map import roads
from widgets.map.mvt import MvtError, decode
from widgets.map.pictures import read_picture
from widgets.map.sound_pictures import PictureError

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
KEYS = makers.around(59.3, 10.4, (4, 5, 6), reach=1)
FLIPS = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), min_size=1, max_size=12)
CUT = st.one_of(st.none(), st.integers(0, 1 << 20))


@cache
def good(kind: str) -> bytes:
    """A file as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        vector = {key: gzip.compress(makers.vector_tile(key, makers.town()[:20])) for key in KEYS}
        if kind == "mbtiles":
            makers.write_mbtiles(path, vector, "pbf", json=makers.LAYERS, bounds="4,57,32,72")
        elif kind == "pmtiles":
            makers.write_pmtiles(path, vector, TileType.MVT, Compression.GZIP)
        else:
            makers.write_pmtiles(path, {key: makers.picture() for key in KEYS})
        return path.read_bytes()


def spoiled(raw: bytes, flips: list[tuple[int, int]], cut: int | None, near: int) -> bytes:
    """Bytes changed, most of them in the first ``near`` bytes, where what matters is."""
    made = bytearray(raw)
    for n, (at, change) in enumerate(flips):
        made[at % (min(near, len(made)) if n % 3 else len(made))] ^= change
    return bytes(made if cut is None else made[: cut % len(made)])


@pytest.mark.parametrize("kind", ["mbtiles", "pmtiles", "raster"])
@MANY
@given(flips=FLIPS, cut=CUT)
def test_a_spoiled_file(
    kind: str, flips: list[tuple[int, int]], cut: int | None, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(mbtiles_file, "OPEN_S", 0.5)
    monkeypatch.setattr(mbtiles_file, "TILE_S", 0.2)
    path = tmp_path / "map"
    path.write_bytes(spoiled(good(kind), flips, cut, 600))
    began, own = time.monotonic(), FileMap(path)
    try:
        facts = own.open(lambda: None)
        assert isinstance(facts, Facts)
        assert 0 <= facts.least <= facts.most <= 24
        assert facts.bounds[0] < facts.bounds[2] and facts.bounds[1] < facts.bounds[3]
        for key in KEYS:
            try:
                data = own.tile(*key)
                if data is not None and facts.kind == "vector":
                    decode(data, roads.takes, roads.KEYS, roads.sort)
                elif data is not None:
                    read_picture(data)
            except (MapError, MvtError, PictureError):
                pass
    except MapError as fault:
        assert fault.detail
    finally:
        own.close()
    assert time.monotonic() - began < 20.0


@MANY
@given(flips=FLIPS, cut=CUT)
def test_a_spoiled_vector_tile(flips: list[tuple[int, int]], cut: int | None) -> None:
    raw = makers.vector_tile(makers.tile_at(*makers.TOWN, 12), makers.town()[:60])
    try:
        tile = decode(spoiled(raw, flips, cut, 1 << 20), roads.takes, roads.KEYS, roads.sort)
    except MvtError:
        return
    for shapes in (*tile.areas.values(), *tile.lines.values()):
        assert shapes.counts.sum() == len(shapes.points)
        assert len(shapes.owners) == len(shapes.counts) and (shapes.counts > 0).all()
        assert not len(shapes.points) or abs(shapes.points).max() <= 3.0
    assert all(one.name.strip() and 0 <= one.x < 1 and 0 <= one.y < 1 for one in tile.spots)


@MANY
@given(raw=st.binary(max_size=400))
def test_any_bytes_as_a_tile(raw: bytes) -> None:
    kinds: tuple[Kind, ...] = ("raster", "vector")
    for kind in kinds:
        try:
            data = checked(raw, kind)
            decode(data, roads.takes, roads.KEYS, roads.sort)
        except (MapError, MvtError):
            pass
    with pytest.raises(PictureError):
        read_picture(raw)


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
@MANY
@given(flips=FLIPS, cut=CUT)
def test_a_spoiled_picture(form: str, flips: list[tuple[int, int]], cut: int | None) -> None:
    try:
        image = read_picture(spoiled(picture(form), flips, cut, 60))
    except PictureError:
        return
    assert 0 < image.width() <= 1_024 and 0 < image.height() <= 1_024


@cache
def picture(form: str) -> bytes:
    return makers.picture("#305070", form)


@MANY
@given(words=st.text(max_size=300), raw=st.binary(max_size=300))
def test_any_servers_file(words: str, raw: bytes, tmp_path: Path) -> None:
    example = servers.EXAMPLE.replace("# [[", "[[").replace("\n# ", "\n")
    typed = words.encode("utf-8", "replace")
    for text in (raw, typed, example.encode() + b"\n" + typed):
        (tmp_path / servers.FILE).write_bytes(text)
        for entry in servers.read(tmp_path):
            assert (entry.server is None) != (entry.fault is None)
            assert entry.name


@MANY
@given(raw=st.binary(max_size=300), words=st.text(max_size=200))
def test_any_capabilities(raw: bytes, words: str) -> None:
    for text in (raw, words.encode("utf-8", "replace"), b"<a>" * 3_000):
        with pytest.raises(MapError) as told:
            layer_of(text, "topo")
        assert told.value.code == "capabilities"
