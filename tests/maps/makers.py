"""Map files for the tests, written by other hands than those that read them: SQLite's own, the
pmtiles package's writer, vt2pbf's encoder, Qt's picture writers. The town is made up."""

from __future__ import annotations

import gzip
import itertools
import json
import math
import random
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from vt2pbf import Tile

Key = tuple[int, int, int]
EXTENT: Final = 4_096
TOWN: Final = (59.33, 10.45)  # latitude, longitude
ATTRIBUTION: Final = '<a href="https://example.invalid/">&copy; Fiktive kart</a>'


def world(lat: float, lon: float) -> tuple[float, float]:
    """0…1 from west and from north."""
    return lon / 360 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def tile_at(lat: float, lon: float, z: int) -> Key:
    x, y = world(lat, lon)
    return z, int(x * 2**z), int(y * 2**z)


def around(lat: float, lon: float, zooms: Iterable[int], reach: int = 2) -> list[Key]:
    keys = []
    for z in zooms:
        _, x, y = tile_at(lat, lon, z)
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                if 0 <= x + dx < 2**z and 0 <= y + dy < 2**z:
                    keys.append((z, x + dx, y + dy))
    return keys


def write_mbtiles(
    path: Path, tiles: Mapping[Key, bytes], form: str = "png", **metadata: object
) -> Path:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute(
            "CREATE TABLE tiles"
            " (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        database.execute(
            "CREATE UNIQUE INDEX by_place ON tiles (zoom_level, tile_column, tile_row)"
        )
        zooms = [z for z, _, _ in tiles] or [0]
        said = {
            "name": path.stem, "format": form, "attribution": ATTRIBUTION,
            "minzoom": min(zooms), "maxzoom": max(zooms), **metadata,
        }  # fmt: skip
        database.executemany(
            "INSERT INTO metadata VALUES (?, ?)", [(k, str(v)) for k, v in said.items()]
        )
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in tiles.items()]
        database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    database.close()
    return path


def write_pmtiles(
    path: Path,
    tiles: Mapping[Key, bytes],
    kind: TileType = TileType.PNG,
    compression: Compression = Compression.NONE,
    metadata: Mapping[str, object] | None = None,
) -> Path:
    zooms = [z for z, _, _ in tiles] or [0]
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]  # the package is half typed
        for (z, x, y), data in sorted(tiles.items(), key=lambda one: zxy_to_tileid(*one[0])):
            writer.write_tile(zxy_to_tileid(z, x, y), data)
        head: dict[str, Any] = {
            "tile_type": kind, "tile_compression": compression, "min_zoom": min(zooms),
            "max_zoom": max(zooms), "min_lon_e7": int(4e7), "min_lat_e7": int(57e7),
            "max_lon_e7": int(32e7), "max_lat_e7": int(72e7), "center_zoom": min(zooms),
            "center_lon_e7": int(10e7), "center_lat_e7": int(59e7),
        }  # fmt: skip
        said = metadata or {"name": path.stem, "attribution": ATTRIBUTION}
        writer.finalize(head, dict(said))
    return path


def picture(colour: str = "#e05a00", form: str = "png", side: int = 256) -> bytes:
    """One colour all over."""
    from PySide6.QtCore import QBuffer, QIODevice  # noqa: PLC0415
    from PySide6.QtGui import QColor, QImage  # noqa: PLC0415

    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form, 95)  # type: ignore[call-overload]  # the stub is wrong
    return bytes(buffer.data().data())


PLACES: Final = (
    ("village", "Fiktivbygda", (TOWN[0] + 0.03, TOWN[1] - 0.1165)),
    ("hamlet", "Oppdiktgrenda", (TOWN[0] - 0.03, TOWN[1] - 0.05)),
)
"""Kind, name, place; none of them is."""

Feature = tuple[str, int, dict[str, object], list[list[tuple[float, float]]]]
"""Layer, geometry's type, properties, parts in (latitude, longitude)."""


def vector_tile(key: Key, features: Iterable[Feature]) -> bytes:
    """What of them touches the tile, not cut at its edges beyond a tile's side."""
    z, x, y = key
    tile = Tile()
    layers: dict[str, list[dict[str, Any]]] = {}
    for layer, kind, properties, parts in features:
        rings = []
        for part in parts:
            spots = [world(*spot) for spot in part]
            points = [
                (round((a * 2**z - x) * EXTENT), round((b * 2**z - y) * EXTENT)) for a, b in spots
            ]
            if kind == 2:
                rings += _clipped(points)
            elif _touches(points):
                low, high = -EXTENT // 2, EXTENT * 3 // 2
                rings.append([(min(max(a, low), high), min(max(b, low), high)) for a, b in points])
        if rings:
            layers.setdefault(layer, []).append(
                {"geometry": rings[0] if kind == 1 else rings, "type": kind, "tags": properties}
            )
    for name, made in layers.items():
        tile.add_layer(name, features=made)
    raw: bytes = tile.serialize_to_bytestring()
    return raw


def _touches(points: list[tuple[int, int]]) -> bool:
    buffer = EXTENT // 16
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (
        max(xs) >= -buffer and min(xs) <= EXTENT + buffer
        and max(ys) >= -buffer and min(ys) <= EXTENT + buffer
    )  # fmt: skip


def _clipped(points: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The runs of a line whose pieces touch the tile."""
    runs: list[list[tuple[int, int]]] = [[]]
    for a, b in itertools.pairwise(points):
        if _touches([a, b]):
            runs[-1] = runs[-1] or [a]
            runs[-1].append(b)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def town(seed: int = 3) -> list[Feature]:
    """Streets, three larger roads, a railway, a fjord, houses and woods: in OpenMapTiles' words."""
    chance, (lat, lon) = random.Random(seed), TOWN
    made: list[Feature] = []

    def line(layer: str, properties: dict[str, object], *spots: tuple[float, float]) -> None:
        fine = []
        for a, b in itertools.pairwise(spots):
            for n in range(40):
                t = n / 40
                fine.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t))
        made.append((layer, 2, properties, [[*fine, spots[-1]]]))

    def box(layer: str, properties: dict[str, object], *edges: float) -> None:
        a, b, h, w = edges
        ring = [(a, b), (a, b + w), (a - h, b + w), (a - h, b), (a, b)]
        made.append((layer, 3, properties, [ring]))

    def road(kind: str, ref: str, name: str, *spots: tuple[float, float], **more: object) -> None:
        line("transportation", {"class": kind, **more}, *spots)
        line("transportation_name", {"class": kind, "ref": ref, "name": name}, *spots)

    box("water", {"class": "ocean"}, lat + 0.2, lon + 0.05, 0.4, 0.12)
    box("landcover", {"class": "wood"}, lat + 0.12, lon - 0.2, 0.09, 0.15)
    box("landcover", {"class": "grass"}, lat - 0.02, lon - 0.03, 0.008, 0.012)
    box("landuse", {"class": "residential"}, lat + 0.025, lon - 0.045, 0.05, 0.09)
    box("landuse", {"class": "industrial"}, lat - 0.03, lon + 0.01, 0.012, 0.03)
    road("motorway", "E 18", "", (lat - 0.25, lon - 0.12), (lat - 0.05, lon - 0.07),
         (lat + 0.06, lon - 0.06), (lat + 0.25, lon - 0.15))  # fmt: skip
    road("primary", "311", "Fiktiv ringvei", (lat - 0.1, lon - 0.12), (lat, lon - 0.01),
         (lat + 0.02, lon + 0.04))  # fmt: skip
    road("secondary", "312", "Nordbyveien", (lat + 0.02, lon - 0.2), (lat + 0.01, lon - 0.03),
         (lat + 0.015, lon + 0.045))  # fmt: skip
    road("secondary", "313", "Under åsen", (lat + 0.01, lon - 0.03), (lat + 0.05, lon - 0.02),
         brunnel="tunnel")  # fmt: skip
    line("transportation", {"class": "rail"}, (lat - 0.2, lon + 0.01), (lat, lon + 0.02),
         (lat + 0.2, lon - 0.05))  # fmt: skip
    line("transportation", {"class": "ferry"}, (lat, lon + 0.05), (lat + 0.01, lon + 0.16))
    line("waterway", {"class": "river"}, (lat + 0.1, lon - 0.1), (lat + 0.03, lon - 0.05),
         (lat + 0.02, lon + 0.05))  # fmt: skip
    line("boundary", {"admin_level": 4}, (lat - 0.15, lon - 0.3), (lat - 0.14, lon + 0.05))
    for n in range(24):
        at = lat - 0.022 + 0.045 * n / 24 + chance.uniform(-4e-4, 4e-4)
        road("minor", "", f"Gate {n + 1}", (at, lon - 0.042), (at, lon + 0.042))
        across = lon - 0.042 + 0.085 * n / 24 + chance.uniform(-8e-4, 8e-4)
        road("minor", "", f"Tverrgata {n + 1}", (lat - 0.022, across), (lat + 0.022, across))
        for m in range(40):
            east = lon - 0.042 + 0.085 * m / 40 + chance.uniform(0, 6e-4)
            box("building", {}, at - 2.5e-4, east, 3e-4, 7e-4)
    line("transportation", {"class": "path"}, (lat + 0.05, lon - 0.15), (lat + 0.08, lon - 0.1))
    for kind, name, spot in PLACES:
        made.append(("place", 1, {"class": kind, "name": name}, [[spot]]))
    return made


def town_tiles(zooms: Iterable[int] = range(6, 15), *, packed: bool = True) -> dict[Key, bytes]:
    features = town()
    tiles = {}
    for key in around(*TOWN, zooms, reach=3):
        raw = vector_tile(key, features)
        tiles[key] = gzip.compress(raw, 6) if packed else raw
    return tiles


LAYERS: Final = json.dumps(
    {"vector_layers": [{"id": n, "fields": {}} for n in ("water", "transportation", "building")]}
)
