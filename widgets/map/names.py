"""The places named on the map: which ones at a zoom, and where each name finds room.

Those that come with the program, and those that a site's own vector map names besides.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFont

from resources.map.places import Place, load_places
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.declutter import Boxes, Mask, Occupancy, within_reach
from widgets.map.pace import Clock, Steps, each
from widgets.map.projection import forward, inverse
from widgets.map.symbols import NO_PLATES, RULE_PX, Atlas, Plates, Sprites, place_size, sprites

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

LEAST_PEOPLE: Final = ((4.8, 30_000), (5.6, 12_000), (6.6, 4_000), (7.6, 1_200))  # below the zoom
MAJOR_PEOPLE: Final = ((7.6, 30_000), (9.0, 20_000), (10.0, 10_000), (99.0, 5_000))
ABROAD: Final = 0.03  # what a foreign place's people count beside those of a Norwegian one
PART_KM, DISTRICT = 10.0, 0.2  # a place so near to a larger one counts for so much
KM_A_DEGREE: Final = 111.2
FROM_ZOOM: Final = {
    "city": 5.0, "town": 7.0, "village": 9.0, "island": 10.0, "suburb": 10.5, "hamlet": 11.0,
    "quarter": 12.0, "farm": 13.0,
}  # fmt: skip
"""A map's own places, by kind (``roads.PLACES``), are named from this zoom on."""
SIZE: Final = {"city": 30_000, "town": 6_000}  # people, as their names are written
PLACE_PAD: Final = 7.0
FAR_PX: Final = (0.0, 20.0, 34.0)  # a large town's name may stand so much farther from its dot
RULE_FROM_PX: Final = 12.0  # a name farther from its dot than this is tied to it by a line


@dataclass(frozen=True, slots=True)
class MapPlace:
    """Of a site's own map; ``x`` and ``y`` in the world, ``kind`` as ``roads.PLACES`` has it."""

    name: str
    x: float
    y: float
    kind: str


class PlaceIndex:
    """The names with their world coordinates, the most important first."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(sorted(places, key=_weight, reverse=True))
        self.x, self.y = forward([p.lat for p in self.places], [p.lon for p in self.places])
        people = np.array([p.population for p in self.places])
        self._people = np.where(_parts(self.places), people * DISTRICT, people)
        self._ours = np.array([p.kind == "town" for p in self.places], bool)
        self._from_zoom = np.zeros(len(self.places))

    def with_more(self, found: Sequence[MapPlace]) -> PlaceIndex:
        """Those of a map after these; none of them comes before a unit's name."""
        order = sorted(found, key=lambda one: FROM_ZOOM[one.kind])
        made = copy.copy(self)
        x, y = np.array([(p.x, p.y) for p in order]).reshape(-1, 2).T
        lats, lons = inverse(x, y)
        spots = zip(order, lats.tolist(), lons.tolist(), strict=True)
        made.places += tuple(Place(p.name, a, o, SIZE.get(p.kind, 0), "town") for p, a, o in spots)
        made.x, made.y = np.concatenate((self.x, x)), np.concatenate((self.y, y))
        made._people = np.concatenate((self._people, np.full(len(order), np.inf)))
        made._ours = np.concatenate((self._ours, np.zeros(len(order), bool)))
        zooms = np.array([FROM_ZOOM[p.kind] for p in order])
        made._from_zoom = np.concatenate((self._from_zoom, zooms))
        return made

    def at_zoom(self, zoom: float) -> Mask:
        is_large = self._people >= _least(LEAST_PEOPLE, zoom)
        return np.asarray(is_large & (zoom >= self._from_zoom))

    def major(self, zoom: float) -> Mask:
        """Norwegian towns whose names come before those of calm units."""
        return np.asarray(self._ours & (self._people >= _least(MAJOR_PEOPLE, zoom)))


@cache
def bundled() -> PlaceIndex:
    """Of the places that come with the program. Raises as :func:`load_places`."""
    return PlaceIndex(load_places())


def _parts(places: Sequence[Place]) -> Mask:
    """Which of them lie so near to one of twice their size that they are a part of it."""
    people = np.array([p.population for p in places])
    lat, lon = np.array([(p.lat, p.lon) for p in places]).reshape(-1, 2).T
    east = (lon[:, None] - lon) * np.cos(np.radians(lat))
    near = np.hypot(lat[:, None] - lat, east) * KM_A_DEGREE < PART_KM
    return np.asarray((near & (2 * people[:, None] < people)).any(axis=1))


def _weight(place: Place) -> float:
    return place.population * (1.0 if place.kind == "town" else ABROAD)


def _least(steps: Sequence[tuple[float, int]], zoom: float) -> int:
    return next((people for below, people in steps if zoom < below), 0)


def place_names(
    index: PlaceIndex,
    camera: Camera,
    corner: tuple[float, float],
    atlas: Atlas,
    room: Occupancy,
    *,
    large: bool,
) -> Steps[Plates]:
    """Dots and names; the box of a dot is that of its name, so that they come and go together."""
    centres = np.column_stack((index.x, index.y)) * camera.scale - corner
    inside = within_reach(centres, camera)
    major = index.major(camera.zoom)
    inside = inside[(index.at_zoom(camera.zoom) & (major == large))[inside]]
    if not len(inside):
        return NO_PLATES
    looks = [_place_look(index.places[i], atlas) for i in inside.tolist()]
    names = [index.places[i].name for i in inside.tolist()]
    sizes = np.array([place_size(n, used) for n, (used, _) in zip(names, looks, strict=True)])
    yield
    offsets = yield from (_major_offsets if large else _offsets)(room, centres[inside], sizes)
    stands = np.flatnonzero(np.isfinite(offsets[:, 0]))
    anchors, offsets = centres[inside][stands], offsets[stands]
    found = yield from each(stands.tolist(), lambda i: atlas.place(names[i], *looks[i]))
    dots = [atlas.dot(atlas.palette.map_label)] * len(stands)
    covers = np.hstack((offsets - sizes[stands] / 2, offsets + sizes[stands] / 2))
    rules, far = _rules(anchors, covers, atlas)
    made = sprites(anchors, dots, atlas.ratio) + rules
    made += sprites(anchors, found, atlas.ratio, offset=offsets)
    return Plates(made, np.vstack((covers, covers[far], covers)))


def _rules(anchors: Floats, covers: Boxes, atlas: Atlas) -> tuple[Sprites, Indices]:
    """A thin line from a dot to its name, for the names (by index) that don't stand next to it."""
    ends = np.clip(0.0, covers[:, :2], covers[:, 2:])
    length = np.hypot(*ends.T)
    far = np.flatnonzero(length > RULE_FROM_PX)
    turn = np.degrees(np.arctan2(ends[far, 1], ends[far, 0]))
    found = [atlas.rule(atlas.palette.map_label)] * len(far)
    made = sprites(
        anchors[far], found, atlas.ratio, offset=ends[far] / 2, rotation=turn, opacity=0.6
    )
    made.rows[:, 6] *= length[far] / RULE_PX
    return made, far


def _offsets(room: Occupancy, centres: Floats, sizes: Floats) -> Steps[Floats]:
    """Of each name's middle from its dot: above, below, beside it; NaN where it has no room."""
    found = np.full((len(centres), 2), np.nan)
    tries = _around_dot(sizes, 0.0)
    for side in range(tries.shape[1]):
        waiting = np.flatnonzero(np.isnan(found[:, 0]))
        offset = tries[waiting, side]
        chosen = room.choose(_padded(centres[waiting] + offset, sizes[waiting]))
        found[waiting[chosen]] = offset[chosen]
        yield
    return found


def _major_offsets(room: Occupancy, centres: Floats, sizes: Floats) -> Steps[Floats]:
    """The same, but the larger town has all its choices, farther ones too, before the smaller."""
    found = np.full((len(centres), 2), np.nan)
    tries = np.concatenate([_around_dot(sizes, far) for far in FAR_PX], axis=1)
    clock = Clock()
    for i, mine in enumerate(tries):
        first = room.first(_padded(centres[i] + mine, np.tile(sizes[i], (len(mine), 1))))
        if first is not None:
            found[i] = mine[first]
        if clock.is_up():
            yield
    return found


def _around_dot(sizes: Floats, far: float) -> Floats:
    """(n, sides, 2); the corners instead of beside, when the name is not next to its dot."""
    up, aside = sizes[:, 1] / 2 + 2 + far, sizes[:, 0] / 2 + 6
    none = np.zeros(len(sizes))
    sides = [(none, -up), (none, up), (aside, none), (-aside, none)]
    if far:
        sides[2:] = [(aside, -up), (-aside, -up), (aside, up), (-aside, up)]
    if far == FAR_PX[-1]:
        sides += [(aside + far, none), (-aside - far, none)]
    return np.stack([np.column_stack(side) for side in sides], axis=1)


def _padded(middles: Floats, sizes: Floats) -> Boxes:
    half = sizes / 2 + (PLACE_PAD, PLACE_PAD / 2)
    return np.hstack((middles - half, middles + half))


def _place_look(place: Place, atlas: Atlas) -> tuple[QFont, str]:
    p = atlas.palette
    if place.kind == "town" and place.population >= 30_000:
        return font(15, medium=True), p.text
    if place.kind == "town" and place.population >= 6_000:
        return font(13, medium=True), p.map_label
    return font(12), p.map_label
