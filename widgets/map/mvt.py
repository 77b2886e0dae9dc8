"""Mapbox Vector Tiles 2.1: one tile's shapes as arrays, grouped by what each is drawn as.

protobuf reads the messages; their form is told below as the specification has it (vector_tile.proto
of mapbox/vector-tile-spec, 2.1). Everything is counted before it is unpacked further: a tile that
holds more than a desk can draw is left out as a whole, a shape that makes no sense alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

MAX_BYTES: Final = 4_000_000
MAX_LAYERS: Final = 200
MAX_FEATURES: Final = 60_000  # of the layers that are drawn
MAX_NUMBERS: Final = 800_000  # of their geometry: some 400,000 points
MAX_WORDS: Final = 60  # characters of a name
MAX_NAMED: Final = 2_000
MAX_SPOTS: Final = 2_000
REACH: Final = 2.0  # a point may lie so many sides outside of its tile; farther ones are cut
POINT, LINE, AREA = 1, 2, 3
MOVE, LINE_TO, CLOSE = 1, 2, 7
NAME_ONLY: Final = "@"
PACKAGE: Final = "vaktbord.vector_tile"

Points = NDArray[np.float64]  # (n, 2) in tile sides: 0…1 is inside
Properties = Mapping[str, Any]
Takes = Callable[[str], bool]
"""Whether anything of a layer is drawn."""
Sort = Callable[[str, int, Properties], str]
"""What a feature (layer, geometry's type, properties) is drawn as; "" = not at all. With a ``@`` at
its beginning only its name is."""


class MvtError(ValueError):
    """This is no vector tile, or one that is too large to be drawn."""


class _ShapeError(ValueError):
    """This shape makes no sense."""


@dataclass(frozen=True, slots=True)
class _Geometry:
    """One shape's steps from point to point, and how many points each of its parts has."""

    numbers: list[int]
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Shapes:
    """All of one kind: parts of ``counts`` points, one after the other; ``owners`` says, rising,
    which shape a part belongs to (an area and its holes are one)."""

    points: Points
    counts: NDArray[np.int64]
    owners: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Named:
    """A line with a word on it: a road's number or name."""

    kind: str
    words: str
    points: Points


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with a name, inside of its tile: ``x`` and ``y`` from 0 to 1."""

    kind: str
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class VectorTile:
    areas: Mapping[str, Shapes]
    lines: Mapping[str, Shapes]
    named: tuple[Named, ...]
    spots: tuple[Spot, ...]
    layers: frozenset[str]
    broken: int = 0  # shapes that make no sense, and are left out

    @property
    def weight(self) -> int:
        """Bytes, about."""
        shapes = (*self.areas.values(), *self.lines.values())
        words = len(self.named) + len(self.spots)
        return sum(one.points.nbytes for one in shapes) + 200 * words + 1_000


@cache
def _tile_class() -> Any:
    """Made once, by the first thread that draws."""
    file = descriptor_pb2.FileDescriptorProto(name="vaktbord_vector_tile.proto", package=PACKAGE)
    tile = file.message_type.add(name="Tile")
    value, feature, layer = (tile.nested_type.add(name=n) for n in ("Value", "Feature", "Layer"))
    kinds = descriptor_pb2.FieldDescriptorProto
    one, many = kinds.LABEL_OPTIONAL, kinds.LABEL_REPEATED
    values = (
        ("string_value", kinds.TYPE_STRING), ("float_value", kinds.TYPE_FLOAT),
        ("double_value", kinds.TYPE_DOUBLE), ("int_value", kinds.TYPE_INT64),
        ("uint_value", kinds.TYPE_UINT64), ("sint_value", kinds.TYPE_SINT64),
        ("bool_value", kinds.TYPE_BOOL),
    )  # fmt: skip
    for number, (name, kind) in enumerate(values, 1):
        value.field.add(name=name, number=number, type=kind, label=one)
    for name, number, label in (("tags", 2, many), ("type", 3, one), ("geometry", 4, many)):
        field = feature.field.add(name=name, number=number, type=kinds.TYPE_UINT32, label=label)
        field.options.packed = label == many
    layer.field.add(name="version", number=15, type=kinds.TYPE_UINT32, label=one)
    layer.field.add(name="name", number=1, type=kinds.TYPE_STRING, label=one)
    layer.field.add(name="keys", number=3, type=kinds.TYPE_STRING, label=many)
    layer.field.add(name="extent", number=5, type=kinds.TYPE_UINT32, label=one)
    for name, number in (("features", 2), ("values", 4)):
        nested = f".{PACKAGE}.Tile.{name.capitalize()[:-1]}"
        layer.field.add(
            name=name, number=number, type=kinds.TYPE_MESSAGE, label=many, type_name=nested
        )
    tile.field.add(
        name="layers", number=3, type=kinds.TYPE_MESSAGE, label=many,
        type_name=f".{PACKAGE}.Tile.Layer",
    )  # fmt: skip
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Tile"))


def decode(raw: bytes, takes: Takes, keys: frozenset[str], sort: Sort) -> VectorTile:
    """``keys``: the properties that ``sort`` looks at; a line with a ``ref`` or ``name`` among them
    is named by it. Raises MvtError."""
    if len(raw) > MAX_BYTES:
        raise MvtError(f"it is larger than {MAX_BYTES:,} bytes")
    tile = _tile_class()()
    try:
        tile.ParseFromString(raw)
    except DecodeError as error:
        raise MvtError("it is no vector tile") from error
    if len(tile.layers) > MAX_LAYERS:
        raise MvtError(f"it has more than {MAX_LAYERS} layers")
    reading = _Reading(sort)
    for layer in tile.layers:
        if takes(_text(layer.name)):
            reading.add(layer, keys)
    names = frozenset(_text(layer.name) for layer in tile.layers)
    named, spots = tuple(reading.named), tuple(reading.spots)
    areas, lines = reading.shapes(AREA), reading.shapes(LINE)
    return VectorTile(areas, lines, named, spots, names, reading.broken)


class _Reading:
    def __init__(self, sort: Sort) -> None:
        self._sort = sort
        self._found: dict[tuple[int, str, int], list[_Geometry]] = {}  # type, kind, extent
        self._features = self._numbers = 0
        self.broken = 0
        self.named: list[Named] = []
        self.spots: list[Spot] = []

    def add(self, layer: Any, keys: frozenset[str]) -> None:
        self._features += len(layer.features)
        if self._features > MAX_FEATURES:
            raise MvtError(f"it has more than {MAX_FEATURES:,} shapes")
        extent = layer.extent or 4_096
        if not 16 <= extent <= 1 << 20:
            raise MvtError(f"its extent is {extent}")
        name = _text(layer.name)
        looked_at = {at: key for at, key in enumerate(layer.keys) if key in keys}
        for feature in layer.features:
            kind = feature.type
            if kind not in (POINT, LINE, AREA):
                continue
            properties = _properties(feature.tags, looked_at, layer.values)
            drawn_as = self._sort(name, kind, properties)
            if not drawn_as:
                continue
            self._numbers += len(feature.geometry)
            if self._numbers > MAX_NUMBERS:
                raise MvtError(f"it has more than {MAX_NUMBERS // 2:,} points")
            try:
                geometry = _walked(feature.geometry, kind)
            except _ShapeError:
                self.broken += 1
                continue
            if kind == POINT:
                self._spot(drawn_as, properties, geometry, extent)
                continue
            if not drawn_as.startswith(NAME_ONLY):
                self._found.setdefault((kind, drawn_as, extent), []).append(geometry)
            if kind == LINE and len(self.named) < MAX_NAMED:
                self._name(drawn_as.removeprefix(NAME_ONLY), properties, geometry, extent)

    def _name(self, kind: str, properties: Properties, geometry: _Geometry, extent: int) -> None:
        for key in ("ref", "name"):
            words = properties.get(key)
            if isinstance(words, str) and words.strip():
                shapes = _unpacked([geometry], extent)
                if len(shapes.counts):  # the longest part carries it
                    at = int(shapes.counts.argmax())
                    first = int(shapes.counts[:at].sum())
                    points = shapes.points[first : first + int(shapes.counts[at])]
                    self.named.append(Named(f"{key} {kind}", words.strip()[:MAX_WORDS], points))

    def _spot(self, kind: str, properties: Properties, geometry: _Geometry, extent: int) -> None:
        """One of a neighbour's, which tiles hold as well at their edges, is that one's."""
        name = properties.get("name")
        if len(self.spots) >= MAX_SPOTS or not isinstance(name, str) or not name.strip():
            return
        points = _unpacked([geometry], extent).points[:1]  # a place stands once
        if len(points) and ((points[0] >= 0.0) & (points[0] < 1.0)).all():
            x, y = points[0].tolist()
            self.spots.append(Spot(kind, name.strip()[:MAX_WORDS], x, y))

    def shapes(self, kind: int) -> dict[str, Shapes]:
        made: dict[str, list[Shapes]] = {}
        for (found, drawn_as, extent), geometries in self._found.items():
            if found == kind:
                made.setdefault(drawn_as, []).append(_unpacked(geometries, extent))
        return {name: _joined(parts) for name, parts in made.items()}


def _joined(parts: list[Shapes]) -> Shapes:
    if len(parts) == 1:
        return parts[0]
    before = np.cumsum([0, *(int(one.owners[-1]) + 1 if len(one.owners) else 0 for one in parts)])
    return Shapes(
        np.concatenate([one.points for one in parts]),
        np.concatenate([one.counts for one in parts]),
        np.concatenate([one.owners + n for one, n in zip(parts, before, strict=False)]),
    )


def _properties(tags: Any, looked_at: Mapping[int, str], values: Any) -> dict[str, Any]:
    """Tags come in pairs: which key, which value. What points nowhere is left out."""
    pairs = list(tags)
    made: dict[str, Any] = {}
    for key, at in zip(pairs[::2], pairs[1::2], strict=False):
        name = looked_at.get(key)
        if name is not None and at < len(values):
            value = values[at]
            fields = value.ListFields()
            made[name] = _text(fields[0][1]) if fields else ""
    return made


def _text(value: Any) -> Any:
    """protobuf gives what is no UTF-8 as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _unpacked(geometries: Iterable[_Geometry], extent: int) -> Shapes:
    """Each becomes a shape of its own. The cursor begins at 0 for each of them."""
    numbers: list[int] = []
    counts: list[int] = []
    points_of: list[int] = []  # each shape
    parts_of: list[int] = []
    for geometry in geometries:
        numbers.extend(geometry.numbers)
        counts.extend(geometry.counts)
        points_of.append(len(geometry.numbers) // 2)
        parts_of.append(len(geometry.counts))
    pairs = np.array(numbers, np.int64).reshape(-1, 2)
    steps = (pairs >> 1) ^ -(pairs & 1)
    absolute = np.cumsum(steps, axis=0)
    begins = np.cumsum([0, *points_of])[:-1]
    origins = np.vstack((np.zeros((1, 2), np.int64), absolute))[begins]
    absolute = absolute - np.repeat(origins, points_of, axis=0)
    points = np.clip(absolute / extent, -REACH, 1.0 + REACH)
    owners = np.repeat(np.arange(len(parts_of)), parts_of)
    return Shapes(points, np.array(counts, np.int64), owners)


def _walked(geometry: Sequence[int], kind: int) -> _Geometry:
    """Command integers (4.3 of the specification). Raises _ShapeError for what is no geometry."""
    integers = list(geometry)
    numbers: list[int] = []
    counts: list[int] = []
    at, open_part = 0, 0
    while at < len(integers):
        command, times = integers[at] & 7, integers[at] >> 3
        at += 1
        if command in (MOVE, LINE_TO):
            end = at + 2 * times
            if end > len(integers):
                raise _ShapeError("it ends too early")
            if command == MOVE and open_part:
                counts.append(open_part)
                open_part = 0
            if command == MOVE and times > 1 and kind != POINT:
                raise _ShapeError("it begins more than once")
            numbers.extend(integers[at:end])
            open_part += times
            at = end
        elif command != CLOSE:
            raise _ShapeError(f"it has the unknown command {command}")
    if open_part:
        counts.append(open_part)
    return _Geometry(numbers, counts)
