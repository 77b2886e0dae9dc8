"""Map files that people bring: read as they are, or refused with one clear error."""

from __future__ import annotations

import gzip
import os
import sqlite3
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pmtiles.tile import Compression, TileType, deserialize_header, serialize_header

from console.maps import mbtiles_file, pmtiles_file
from console.maps.database import Database
from console.maps.facts import WORLD
from console.maps.faults import MapError
from console.maps.files import FileMap, facts_of
from console.maps.pmtiles_file import PmtilesFile
from console.maps.unpacking import MAX_RAW
from tests.damage import schema_of_no_text, with_no_text
from tests.maps import makers

KEYS = makers.around(59.3, 10.4, (5, 6), reach=1)
FORMS = ("png", "jpeg", "webp")


def many_tiles() -> dict[makers.Key, bytes]:
    """So many, of so many lengths, that they need more than one directory."""
    keys = [(9, x, y) for x in range(256, 396) for y in range(150, 290)]
    magic = b"\x89PNG\r\n\x1a\n"
    return {key: magic + b"%d-%d-%d" % key + os.urandom(key[1] * key[2] % 251) for key in keys}


def nothing() -> None:
    pass


def opened(path: Path) -> FileMap:
    made = FileMap(path)
    made.open(nothing)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_raster_files_give_each_tile_where_it_is(tmp_path: Path, form: str) -> None:
    tiles = {key: makers.picture(f"#{n:02x}4060", form) for n, key in enumerate(KEYS)}
    kinds = {"png": TileType.PNG, "jpeg": TileType.JPEG, "webp": TileType.WEBP}
    for path in (
        makers.write_mbtiles(tmp_path / "a.mbtiles", tiles, form, bounds="4,57,32,72"),
        makers.write_pmtiles(tmp_path / "a.pmtiles", tiles, kinds[form]),
    ):
        facts = facts_of(path)
        assert (facts.name, facts.kind, facts.least, facts.most) == ("a", "raster", 5, 6)
        assert facts.attribution == "© Fiktive kart"
        assert facts.bounds == (4.0, 57.0, 32.0, 72.0)
        made = opened(path)
        assert all(made.tile(*key) == data for key, data in tiles.items())
        assert made.tile(5, 0, 0) is None and made.tile(7, 3, 3) is None
        assert made.tile(5, -1, 0) is None and made.tile(99, 0, 0) is None
        made.close()
        with pytest.raises(MapError):
            made.tile(*KEYS[0])


def test_vector_files_are_unpacked(tmp_path: Path) -> None:
    keys = [makers.tile_at(*makers.TOWN, z) for z in (8, 9, 10)]
    raw = {key: makers.vector_tile(key, makers.town()) for key in keys}
    packed = {key: gzip.compress(data) for key, data in raw.items()}
    deflated = {key: zlib.compress(data) for key, data in raw.items()}
    for path in (
        makers.write_mbtiles(tmp_path / "a.mbtiles", packed, "pbf", json=makers.LAYERS),
        makers.write_mbtiles(tmp_path / "b.mbtiles", raw, "pbf"),
        makers.write_mbtiles(tmp_path / "c.mbtiles", deflated, "pbf"),
        makers.write_pmtiles(tmp_path / "d.pmtiles", packed, TileType.MVT, Compression.GZIP),
        makers.write_pmtiles(tmp_path / "e.pmtiles", raw, TileType.MVT),
    ):
        assert facts_of(path).kind == "vector"
        made = opened(path)
        assert all(made.tile(*key) == data for key, data in raw.items()), path.name
        made.close()
    assert "transportation" in facts_of(tmp_path / "a.mbtiles").layers


def test_a_large_pmtiles_file_with_leaf_directories(tmp_path: Path) -> None:
    tiles = many_tiles()
    path = makers.write_pmtiles(tmp_path / "large.pmtiles", tiles)
    head = deserialize_header(path.read_bytes()[:127])
    assert head["leaf_directory_length"] > 0
    made = opened(path)
    assert all(made.tile(*key) == data for key, data in tiles.items())
    assert made.tile(9, 1, 1) is None
    made.close()


def test_a_file_that_somebody_else_is_writing_is_read_all_the_same(tmp_path: Path) -> None:
    path = makers.write_mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): makers.picture()})
    with sqlite3.connect(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert opened(path).tile(0, 0, 0)
    other.close()


def _strange_schema(path: Path) -> None:
    """One byte of it is no UTF-8: SQLite names it in its error."""
    makers.write_mbtiles(path, {(0, 0, 0): makers.picture()})
    path.write_bytes(with_no_text(path.read_bytes(), "tiles"))


def _folder(path: Path) -> None:
    path.mkdir()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _text(path: Path) -> None:
    path.write_text("this is no map")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE letters (a TEXT)")
    database.close()


def _no_tile(path: Path) -> None:
    makers.write_mbtiles(path, {})


def _torn_database(path: Path) -> None:
    makers.write_mbtiles(path, {key: os.urandom(9_000) for key in KEYS}, "png")
    path.write_bytes(path.read_bytes()[:5_000])


def _schema_of_no_text(path: Path) -> None:
    path.write_bytes(schema_of_no_text())


def _head_alone(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 8)


def _foreign_form(path: Path) -> None:
    makers.write_mbtiles(path, {(0, 0, 0): b"GIF89a"}, "gif")


def _endless(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(zoom_level) AS (SELECT 1 UNION ALL SELECT"
            " zoom_level + 1 FROM n) SELECT zoom_level, 0 AS tile_column, 0 AS tile_row,"
            " x'00' AS tile_data FROM n WHERE zoom_level < 0"
        )
    database.close()


def _pmtiles(path: Path, **changed: object) -> None:
    makers.write_pmtiles(path, {(0, 0, 0): makers.picture()})
    raw = path.read_bytes()
    head: Any = deserialize_header(raw[:127]) | changed
    path.write_bytes(serialize_header(head) + raw[127:])


def _brotli(path: Path) -> None:
    _pmtiles(path, internal_compression=Compression.BROTLI)


def _zstandard(path: Path) -> None:
    _pmtiles(path, tile_compression=Compression.ZSTD)


def _avif(path: Path) -> None:
    _pmtiles(path, tile_type=TileType.AVIF)


def _older(path: Path) -> None:
    path.write_bytes(b"PMTiles\x02" + b"\0" * 200)


def _torn(path: Path) -> None:
    _pmtiles(path)
    path.write_bytes(path.read_bytes()[:140])


def _far_root(path: Path) -> None:
    _pmtiles(path, root_offset=1 << 62)


def _huge_root(path: Path) -> None:
    _pmtiles(path, root_length=1 << 40)


def _bomb(path: Path) -> None:
    """A root directory of some kilobytes that unpacks to a hundred megabytes."""
    _pmtiles(path)
    bomb = gzip.compress(b"\0" * 100_000_000, 9)
    raw = path.read_bytes()
    head: Any = deserialize_header(raw[:127]) | {"root_offset": len(raw), "root_length": len(bomb)}
    path.write_bytes(serialize_header(head) + raw[127:] + bomb)


def _packed_wrong(path: Path) -> None:
    """The root directory begins as gzip does, and isn't."""
    _pmtiles(path)
    raw = path.read_bytes()
    at: Any = deserialize_header(raw[:127])["root_offset"]
    path.write_bytes(raw[: at + 10] + b"\xff" * 4 + raw[at + 14 :])


def _absurd_zoom(path: Path) -> None:
    _pmtiles(path, min_zoom=200, max_zoom=250)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (_folder, "not-a-file"), (_fifo, "not-a-file"), (_loop, "no-access"),
        (_text, "not-a-map"), (_empty, "not-a-map"), (_other_database, "not-a-map"),
        (_no_tile, "empty"), (_torn_database, "damaged"), (_head_alone, "damaged not-a-map"),
        (_schema_of_no_text, "damaged not-a-map"),
        (_foreign_form, "unsupported"), (_endless, "slow"), (_brotli, "unsupported"),
        (_zstandard, "unsupported"), (_avif, "unsupported"), (_older, "unsupported"),
        (_torn, "damaged"), (_far_root, "damaged"), (_huge_root, "damaged"),
        (_bomb, "damaged"), (_packed_wrong, "damaged"), (_strange_schema, "damaged"),
        (_absurd_zoom, "damaged"), (lambda _: None, "missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_told(
    tmp_path: Path, make: Callable[[Path], None], codes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbtiles_file, "OPEN_S", 0.3)
    path = tmp_path / "a map"
    make(path)
    began = time.monotonic()
    with pytest.raises(MapError) as told:
        facts_of(path)
    assert told.value.code in codes.split() and told.value.detail
    assert time.monotonic() - began < 3.0


def test_a_file_without_leave_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = makers.write_mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): makers.picture()})
    path.chmod(0)
    with pytest.raises(MapError, match="ermission"):
        facts_of(path)


@pytest.mark.parametrize(
    ("metadata", "least", "most", "bounds"),
    [
        ({"minzoom": "nan", "maxzoom": "99999999999"}, 5, 6, None),
        ({"minzoom": "7", "maxzoom": "3"}, 5, 6, None),
        ({"minzoom": "4", "maxzoom": "5"}, 5, 6, None),  # one off: the tiles are believed
        ({"minzoom": "6", "maxzoom": "7"}, 5, 6, None),
        ({"minzoom": "0", "maxzoom": "14"}, 5, 6, None),
        ({"bounds": "nan,inf,1,2"}, 5, 6, WORLD),
        ({"bounds": "4,57,32"}, 5, 6, WORLD),
        ({"bounds": "-1e999,-1e300,1e300,1e300"}, 5, 6, WORLD),
        ({"bounds": "32,57,4,72"}, 5, 6, WORLD),
        ({"json": "[" * 100_000}, 5, 6, None),
        ({"name": "x" * 10_000 + "\u202e\n"}, 5, 6, None),
    ],
)
def test_what_a_file_says_of_itself_is_not_believed_blindly(
    tmp_path: Path,
    metadata: dict[str, str],
    least: int,
    most: int,
    bounds: tuple[float, float, float, float] | None,
) -> None:
    tiles = {key: makers.picture() for key in KEYS}
    facts = facts_of(makers.write_mbtiles(tmp_path / "a.mbtiles", tiles, **metadata))
    assert (facts.least, facts.most) == (least, most)
    assert facts.bounds == (bounds or WORLD)
    assert len(facts.name) <= 60 and facts.name.isprintable()


def test_rows_that_hold_nothing_or_bytes_are_read_as_words(tmp_path: Path) -> None:
    path = makers.write_mbtiles(tmp_path / "a.mbtiles", {(5, 16, 9): makers.picture()})
    with sqlite3.connect(path) as database:
        database.execute("UPDATE metadata SET value = NULL WHERE name IN ('name', 'attribution')")
        database.execute("INSERT INTO metadata VALUES ('bounds', x'342c35372c33322c3732')")
    database.close()
    facts = facts_of(path)
    assert (facts.name, facts.attribution) == ("a", "")
    assert facts.bounds == (4.0, 57.0, 32.0, 72.0)


SOUTH, NORTH = "prescribed", "from the north"


@pytest.mark.parametrize(
    ("scheme", "bounds", "stored"),
    [
        ("", "", SOUTH), ("tms", "", SOUTH), ("xyz", "", NORTH), (" XYZ ", "", NORTH),
        ("xyz", "4,57,32,72", NORTH), ("tms", "4,57,32,72", SOUTH),
        ("xyz", "4,57,32,72", SOUTH),  # as a chart office writes it
        ("", "4,57,32,72", NORTH), ("tms", "4,57,32,72", NORTH),
        ("xyz", "-180,-85,180,85", NORTH), ("", "-180,-85,180,85", SOUTH),
    ],
)  # fmt: skip
def test_rows_that_are_counted_from_the_north(
    tmp_path: Path, scheme: str, bounds: str, stored: str
) -> None:
    """Some say ``xyz`` of either: where the file's bounds tell where its tiles are they decide."""
    tiles = {key: makers.picture(f"#{n:02x}4060") for n, key in enumerate(KEYS)}
    mirrored = {(z, x, 2**z - 1 - y): data for (z, x, y), data in tiles.items()}
    path = makers.write_mbtiles(
        tmp_path / "a.mbtiles", tiles if stored is SOUTH else mirrored, scheme=scheme, bounds=bounds
    )
    made = opened(path)
    assert all(made.tile(*key) == data for key, data in tiles.items())
    made.close()


def test_zooms_that_no_index_tells_in_time_are_those_that_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mbtiles"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute("INSERT INTO metadata VALUES ('minzoom', '5'), ('maxzoom', '9')")
        database.execute(
            "CREATE VIEW tiles AS SELECT 5 AS zoom_level, 16 AS tile_column, 22 AS tile_row,"
            " x'89504e470d0a1a0a' AS tile_data UNION ALL SELECT z, 0, 0, x'00' FROM (WITH"
            " RECURSIVE n(z) AS (SELECT 1 UNION ALL SELECT z + 1 FROM n) SELECT z FROM n)"
        )
    database.close()
    monkeypatch.setattr(mbtiles_file, "OPEN_S", 0.3)
    facts = facts_of(path)
    assert (facts.least, facts.most) == (5, 9)


def test_a_large_file_that_does_not_tell_its_zooms_is_not_read_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its makers lay it: a view above what maps places to pictures that many of them share."""
    path = tmp_path / "a.mbtiles"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB)")
        database.execute("INSERT INTO images VALUES (1, ?)", (makers.picture(),))
        database.execute(
            "CREATE TABLE map"
            " (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_id INTEGER)"
        )
        rows = ((z, x, y, 1) for z in (7, 9) for x in range(200) for y in range(250))
        database.executemany("INSERT INTO map VALUES (?, ?, ?, ?)", rows)
        database.execute("CREATE UNIQUE INDEX here ON map (zoom_level, tile_column, tile_row)")
        database.execute(
            "CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data"
            " FROM map JOIN images USING (tile_id)"
        )
    database.close()
    looks: list[Database] = []
    monkeypatch.setattr(Database, "_is_late", looks.append)  # "None": go on
    facts = facts_of(path)
    assert (facts.least, facts.most) == (7, 9)
    assert len(looks) < 5  # each is 2,000 steps


def test_a_tile_that_is_a_bomb_or_no_tile_is_left_out_alone(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * (MAX_RAW + 1), 9)
    tiles = {
        (1, 0, 0): bomb, (1, 0, 1): gzip.compress(b"\x1a\0")[:-9], (1, 1, 0): b"<html>",
        (1, 1, 1): gzip.compress(makers.vector_tile((1, 1, 0), makers.town())),
    }  # fmt: skip
    for path in (
        makers.write_mbtiles(tmp_path / "a.mbtiles", tiles, "pbf"),
        makers.write_pmtiles(tmp_path / "a.pmtiles", tiles, TileType.MVT),
    ):
        made = opened(path)
        for key in list(tiles)[:3]:
            with pytest.raises(MapError) as told:
                made.tile(*key)
            assert told.value.code == "tile"
        assert made.tile(1, 1, 1)
        made.close()


def test_a_view_that_never_answers_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbtiles_file, "TILE_S", 0.2)
    path = tmp_path / "a.mbtiles"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute("INSERT INTO metadata VALUES ('minzoom', '0'), ('maxzoom', '3')")
        database.execute(
            "CREATE VIEW tiles AS SELECT 0 AS zoom_level, 0 AS tile_column, 0 AS tile_row,"
            " x'89504e470d0a1a0a' AS tile_data UNION ALL SELECT z, 0, 0, x'00' FROM (WITH"
            " RECURSIVE n(z) AS (SELECT 1 UNION ALL SELECT z + 1 FROM n) SELECT z FROM n"
            " WHERE z < 0)"
        )
    database.close()
    made = opened(path)
    assert made.tile(0, 0, 0)
    began = time.monotonic()
    with pytest.raises(MapError):
        made.tile(3, 0, 7)
    assert time.monotonic() - began < 2.0
    made.close()


def test_a_pmtiles_file_that_is_cut_short_while_it_is_shown(tmp_path: Path) -> None:
    tiles = {key: makers.picture() + os.urandom(5_000) for key in KEYS}
    path = makers.write_pmtiles(tmp_path / "a.pmtiles", tiles)
    made = opened(path)
    os.truncate(path, 400)
    told = 0
    for key in KEYS:
        try:
            made.tile(*key)
        except MapError:
            told += 1
    assert told
    made.close()


def test_directories_that_lead_round_in_a_circle_end(tmp_path: Path) -> None:
    path = tmp_path / "a.pmtiles"
    _pmtiles(path)
    made = PmtilesFile(path)
    made.open()
    assert made._head is not None
    at, length = made._head["root_offset"], made._head["root_length"]
    made._head["leaf_directory_offset"] = at
    directory = made._kept[at, length].copy()
    directory[:, 1] = 0  # every entry is a directory: the root itself
    directory[:, 2], directory[:, 3] = length, 0
    made._kept[at, length] = directory
    with pytest.raises(MapError, match="nowhere"):
        made.tile(0, 0, 0)
    made.close()


def test_kept_directories_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pmtiles_file, "MAX_KEPT", 5_000)
    tiles = many_tiles()
    made = PmtilesFile(makers.write_pmtiles(tmp_path / "a.pmtiles", tiles))
    made.open()
    for key in list(tiles)[::97]:
        assert made.tile(*key)
        assert sum(map(len, made._kept.values())) <= 5_000 or len(made._kept) == 1
    made.close()


@pytest.mark.parametrize(
    ("make", "why", "about"),
    [
        (_foreign_form, "tiles-of", "gif"),
        (_brotli, "compression", ""),
        (_zstandard, "compression", ""),
        (_avif, "tiles-of", "AVIF"),
        (_older, "version", "2"),
    ],
)
def test_more_of_it_is_told_in_codes_that_the_window_has_words_for(
    tmp_path: Path, make: Callable[[Path], None], why: str, about: str
) -> None:
    path = tmp_path / "a map"
    make(path)
    with pytest.raises(MapError) as told:
        facts_of(path)
    assert (told.value.why, told.value.about) == (why, about)
