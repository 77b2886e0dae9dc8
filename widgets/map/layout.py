"""Decides what stands where: marks, labels and place names for one camera, with room around it.

Panning and zooming only move the finished rows, so nothing jumps or flickers below the hand; they
are made anew when the hand rests, the units have changed, or the camera has left what they cover.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFont

from resources.map.places import Place
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.declutter import CELL_PX, Boxes, Mask, Occupancy
from widgets.map.piles import MAX_LISTED, Listing, leaders, listing, members, shortened
from widgets.map.projection import forward
from widgets.map.symbols import (
    LINE_HEIGHT,
    NONE,
    Atlas,
    Line,
    Shift,
    Sprites,
    badge_width,
    card_size,
    place_size,
    sprites,
)
from widgets.map.table import UnitTable

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MARGIN_PX: Final = 160
REACH_PX: Final = 200  # a label may stand this far outside of the margin
SYMBOL_HALF: Final = 7.0  # of a mark's core; labels begin GAP_PX from its middle
GAP_PX: Final = 15.0
TICK_PX: Final = 17.0
BADGE_AT: Final = (11.0, -11.0)  # from the mark's middle
FADE_FROM_S, FADE_TO_S, FADED = 90.0, 900.0, 0.45
LEAST_PEOPLE: Final = ((4.8, 30_000), (5.6, 12_000), (6.6, 4_000), (7.6, 1_200))  # below the zoom
MAJOR_PEOPLE: Final = ((7.6, 30_000), (9.0, 20_000), (10.0, 10_000), (99.0, 5_000))
ABROAD: Final = 0.1  # what a foreign place's people count beside those of a Norwegian one
PLACE_PAD: Final = 7.0
FAR_PX: Final = (0.0, 14.0, 28.0)  # a large town's name may stand so much farther from its dot
SPECK_FROM_PX: Final = 12.0  # from the mark's middle; nearer ones are below it
FARTHEST_OUT: Final = 0.6  # zoomed out by more than this, a layout lacks too much at the edges
CLOSEST_IN: Final = 4.0


@dataclass(frozen=True, slots=True)
class Plates:
    """Sprites and what they cover, the latter counted from the same anchors."""

    sprites: Sprites
    covers: Boxes

    def boxes(self, shift: Shift) -> Boxes:
        return np.tile(shift.points(self.sprites.anchors), 2) + self.covers

    def picked(self, which: Mask | Indices) -> Plates:
        return Plates(self.sprites.picked(which), self.covers[which])

    def __add__(self, other: Plates) -> Plates:
        return Plates(self.sprites + other.sprites, np.vstack((self.covers, other.covers)))


NO_PLATES: Final = Plates(NONE, np.empty((0, 4)))


@dataclass(frozen=True, slots=True)
class Layout:
    """What :class:`Batch` draws; all in pixels from (``left``, ``top``) of the world's picture."""

    camera: Camera
    left: float
    top: float
    generation: int
    places: Plates
    marks: Sprites
    labels: Plates  # of those who neither alarm nor speak
    badges: Sprites
    urgent: Sprites  # marks and labels of those who do, on top of everything
    ticks: Sprites
    cards: Plates  # every label, to find what a hand points at
    lines: tuple[tuple[int, ...], ...]  # the units named on each of ``cards``, line by line
    piles: dict[int, tuple[int, ...]]  # all who stand below a mark, by its unit
    shown: frozenset[str]  # keys of the units that are named
    units: Indices
    centres: Floats  # (n, 2) of ``units``
    seen: Mask  # those of ``units`` that have a mark

    def shift(self, camera: Camera, ratio: float) -> Shift:
        """From these pixels to those of the widget."""
        left, top = camera.origin(ratio)
        times = 2.0 ** ((camera.step - self.camera.step) / 4)
        return Shift(times, self.left * times - left, self.top * times - top)

    def covers(self, camera: Camera) -> bool:
        """Exactly: nothing is missing and everything is where it should be."""
        return camera.step == self.camera.step and self._reaches(camera)

    def will_do(self, camera: Camera) -> bool:
        """For the moment, while a hand zooms."""
        if camera.step == self.camera.step:
            return self._reaches(camera)
        same = (camera.width, camera.height) == (self.camera.width, self.camera.height)
        return same and FARTHEST_OUT <= camera.scale / self.camera.scale <= CLOSEST_IN

    def _reaches(self, camera: Camera) -> bool:
        if (camera.width, camera.height) != (self.camera.width, self.camera.height):
            return False
        off = max(abs(camera.x - self.camera.x), abs(camera.y - self.camera.y)) * camera.scale
        return off <= MARGIN_PX


class PlaceIndex:
    """The names with their world coordinates, the most important first."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(sorted(places, key=_weight, reverse=True))
        self.x, self.y = forward([p.lat for p in self.places], [p.lon for p in self.places])
        self._people = np.array([p.population for p in self.places])
        self._ours = np.array([p.kind == "town" for p in self.places], bool)

    def at_zoom(self, zoom: float) -> Mask:
        return np.asarray(self._people >= _least(LEAST_PEOPLE, zoom))

    def major(self, zoom: float) -> Mask:
        """Norwegian towns whose names come before those of calm units."""
        return np.asarray(self._ours & (self._people >= _least(MAJOR_PEOPLE, zoom)))


def _weight(place: Place) -> float:
    return place.population * (1.0 if place.kind == "town" else ABROAD)


def _least(steps: Sequence[tuple[float, int]], zoom: float) -> int:
    return next((people for below, people in steps if zoom < below), 0)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The units in reach, the most important first; ``heads`` are those with a mark."""

    units: Indices
    centres: Floats
    rank: NDArray[np.int8]
    heads: Indices  # positions in ``units``
    piles: tuple[tuple[int, ...], ...]  # positions in ``units``, for each of ``heads``
    listings: tuple[Listing, ...]


def build(
    table: UnitTable,
    places: PlaceIndex,
    camera: Camera,
    atlas: Atlas,
    *,
    now_s: float,
    shown: frozenset[str],
    no_go: Boxes,
) -> Layout:
    """``shown``: labels that stood before keep their place before new ones get one.

    ``no_go``: what the buttons and the legend cover, in the widget's pixels.
    """
    generation = atlas.generation
    corner = camera.origin(atlas.ratio)
    crowd = _crowd(table, camera, corner, shown)
    labels = _Labels(table, crowd, atlas)
    room = _room(camera, no_go)
    labels.stand_urgent(room, camera, no_go)
    room.block(labels.boxes[labels.urgent])
    room.block(_around(labels.centres, SYMBOL_HALF))
    major = _places(places, camera, corner, atlas, room, large=True)
    labels.stand_calm(room)
    names = major + _places(places, camera, corner, atlas, room, large=False)
    made = _assemble(Scene(table, camera, atlas, now_s), crowd, labels, names)
    if atlas.generation != generation:  # the atlas ran over and began anew: draw the lot again
        return build(table, places, camera, atlas, now_s=now_s, shown=shown, no_go=no_go)
    return made


def _crowd(
    table: UnitTable, camera: Camera, corner: tuple[float, float], shown: frozenset[str]
) -> Crowd:
    columns = table.columns
    everywhere = np.column_stack((columns["x"], columns["y"])) * camera.scale - corner
    units = _inside(everywhere, camera)
    units = _order(table, units, shown)
    rank = columns["rank"][units]
    found = leaders(everywhere[units])
    piles = members(found)
    urgent = {head: int((rank[pile] <= 1).sum()) for head, pile in piles.items()}
    return Crowd(
        units,
        everywhere[units],
        rank,
        np.fromiter(piles, np.int64, len(piles)),
        tuple(map(tuple, piles.values())),
        tuple(listing(pile, urgent[head]) for head, pile in piles.items()),
    )


class _Labels:
    """Which form of its label each head shows, and where; ``boxes`` are NaN where none stands."""

    def __init__(self, table: UnitTable, crowd: Crowd, atlas: Atlas) -> None:
        self._table, self._crowd, self._atlas = table, crowd, atlas
        self.centres = crowd.centres[crowd.heads]
        self.urgent = crowd.rank[crowd.heads] <= 1
        self.listings = list(crowd.listings)
        self.lines = [self._lines(one) for one in self.listings]
        self.boxes = np.full((len(crowd.heads), 4), np.nan)

    @property
    def stand(self) -> Mask:
        return np.asarray(np.isfinite(self.boxes[:, 0]))

    def stand_urgent(self, room: Occupancy, camera: Camera, no_go: Boxes) -> None:
        """Clear of other marks if it can be, but in any case; the map's own furniture is above."""
        clear = room.copy()
        clear.block(_around(self.centres, SYMBOL_HALF))
        self._stand(clear, self.urgent, _SIDES + _CORNERS)
        room.block(self.boxes[self.urgent & self.stand])
        self._stand(room, self.urgent, _SIDES + _CORNERS)
        for i in np.flatnonzero(self.urgent & ~self.stand).tolist():
            box = _side(self.centres[i : i + 1], self._sizes()[i : i + 1], _SIDES[0])[0]
            self.boxes[i] = _seated(box, self.centres[i], camera, no_go)

    def stand_calm(self, room: Occupancy) -> None:
        """All names where there is room, else the first and a count."""
        self._stand(room, ~self.urgent, _SIDES)
        for i in np.flatnonzero(~self.urgent & ~self.stand).tolist():
            self.listings[i] = shortened(self.listings[i])
            self.lines[i] = self._lines(self.listings[i])
        self._stand(room, ~self.urgent, _SIDES)

    def _stand(self, room: Occupancy, who: Mask, sides: tuple[tuple[float, float], ...]) -> None:
        sizes = self._sizes()
        for side in sides:
            waiting = np.flatnonzero(who & ~self.stand)
            if not len(waiting):
                return
            boxes = _side(self.centres[waiting], sizes[waiting], side)
            chosen = room.choose(boxes)
            self.boxes[waiting[chosen]] = boxes[chosen]

    def _sizes(self) -> Floats:
        return np.array([card_size(lines) for lines in self.lines]).reshape(-1, 2)

    def _lines(self, one: Listing) -> tuple[Line, ...]:
        rows = [self._table.rows[self._crowd.units[i]] for i in one.named]
        if len(rows) == 1:
            return (self._atlas.line(rows[0], one.more),)
        lines = tuple(self._atlas.line(row, listed=True) for row in rows)
        more = Line("", None, "", "", more=one.more)
        return (*lines, more) if one.more else lines


# Where a label stands beside its mark: right, left, below, above; then the corners.
_SIDES: Final = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
_CORNERS: Final = ((1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0))


def _side(centres: Floats, sizes: Floats, side: tuple[float, float]) -> Boxes:
    middles = centres + (GAP_PX + sizes / 2) * side
    return np.hstack((middles - sizes / 2, middles + sizes / 2))


def _seated(box: Floats, mark: Floats, camera: Camera, no_go: Boxes) -> Floats:
    """Moved into view, and from below what covers it; only where its mark is in view."""
    if not (0 <= mark[0] <= camera.width and 0 <= mark[1] <= camera.height):
        return box
    size = box[2:] - box[:2]
    corner = np.clip(box[:2], 2.0, np.maximum((camera.width, camera.height) - size - 2.0, 2.0))
    for left, top, right, bottom in no_go.tolist():
        beside = corner[0] + size[0] <= left or corner[0] >= right
        if not (beside or corner[1] + size[1] <= top or corner[1] >= bottom):
            corner[0] = left - size[0] if left > camera.width / 2 else right
    return np.concatenate((corner, corner + size))


def _room(camera: Camera, no_go: Boxes) -> Occupancy:
    """Labels stay clear of the furniture, and wholly on one side of the window's edge."""
    out = float(MARGIN_PX + REACH_PX)
    room = Occupancy(-out, -out, camera.width + 2 * out, camera.height + 2 * out)
    room.block(no_go)
    wide, high, thick = float(camera.width), float(camera.height), float(CELL_PX)
    room.block(
        np.array(
            [
                (-thick, 0.0, 0.0, high),
                (wide, 0.0, wide + thick, high),
                (0.0, -thick, wide, 0.0),
                (0.0, high, wide, high + thick),
            ]
        )
    )
    return room


def _inside(centres: Floats, camera: Camera) -> Indices:
    limit = np.array((camera.width, camera.height)) + MARGIN_PX
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(((centres > -MARGIN_PX) & (centres < limit)).all(axis=1))


def _order(table: UnitTable, units: Indices, shown: frozenset[str]) -> Indices:
    before = np.array([table.rows[i].key not in shown for i in units.tolist()], bool)
    order: Indices = units[np.lexsort((units, before, table.columns["rank"][units]))]
    return order


def _around(centres: Floats, half: float) -> Boxes:
    return np.hstack((centres - half, centres + half))


def _fade(columns: NDArray[np.void], now_s: float) -> Floats:
    """Old positions are paler; an alarm's never."""
    age = np.nan_to_num(now_s - columns["fixed"], nan=0.0)
    share = np.clip((age - FADE_FROM_S) / (FADE_TO_S - FADE_FROM_S), 0.0, 1.0)
    return np.where(columns["alarm"] > 0, 1.0, 1.0 - share * (1.0 - FADED))


# The finished rows ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown to whom, with what, and when."""

    table: UnitTable
    camera: Camera
    atlas: Atlas
    now_s: float


def _assemble(scene: Scene, crowd: Crowd, labels: _Labels, names: Plates) -> Layout:
    table, camera, atlas = scene.table, scene.camera, scene.atlas
    fade = _fade(table.columns[crowd.units], scene.now_s)
    seen = np.zeros(len(crowd.units), bool)
    seen[crowd.heads] = True
    marks = _marks(table, crowd, atlas, fade)
    stands, calm = labels.stand, ~labels.urgent
    cards = _cards(labels, atlas, np.maximum(fade[crowd.heads], 0.7))
    pressing = np.flatnonzero(labels.urgent)[::-1]  # the most pressing last, so on top
    left, top = camera.origin(atlas.ratio)
    units = crowd.units
    return Layout(
        camera,
        left,
        top,
        atlas.generation,
        names,
        _specks(table, crowd, atlas, fade) + marks.picked(np.flatnonzero(calm)),
        cards.picked(np.flatnonzero(calm[stands])),
        _badges(crowd, calm & ~stands, atlas),
        marks.picked(pressing) + cards.sprites.picked(np.flatnonzero(~calm[stands])[::-1]),
        _ticks(table, units[seen], crowd.centres[seen], atlas),
        cards,
        _named(crowd, labels),
        {
            int(units[head]): tuple(units[list(pile)].tolist())
            for head, pile in zip(crowd.heads.tolist(), crowd.piles, strict=True)
        },
        frozenset(table.rows[i].key for named in _named(crowd, labels) for i in named),
        units,
        crowd.centres,
        seen,
    )


def _named(crowd: Crowd, labels: _Labels) -> tuple[tuple[int, ...], ...]:
    standing = np.flatnonzero(labels.stand).tolist()
    return tuple(tuple(crowd.units[list(labels.listings[i].named)].tolist()) for i in standing)


def _marks(table: UnitTable, crowd: Crowd, atlas: Atlas, fade: Floats) -> Sprites:
    found = [atlas.symbol(table.rows[i]) for i in crowd.units[crowd.heads].tolist()]
    return sprites(crowd.centres[crowd.heads], found, atlas.ratio, opacity=fade[crowd.heads])


def _specks(table: UnitTable, crowd: Crowd, atlas: Atlas, fade: Floats) -> Sprites:
    """Where those truly are who are named on another one's label."""
    small = [pile for pile in crowd.piles if 1 < len(pile) <= MAX_LISTED]
    who = np.array([i for pile in small for i in pile[1:]], np.int64)
    head = np.array([pile[0] for pile in small for _ in pile[1:]], np.int64)
    far = np.hypot(*(crowd.centres[who] - crowd.centres[head]).T)
    who = who[far >= SPECK_FROM_PX]
    found = [atlas.speck(table.rows[i]) for i in crowd.units[who].tolist()]
    return sprites(crowd.centres[who], found, atlas.ratio, opacity=fade[who])


def _badges(crowd: Crowd, who: Mask, atlas: Atlas) -> Sprites:
    """On the piles whose label found no room at all."""
    wanted = [i for i in np.flatnonzero(who).tolist() if len(crowd.piles[i]) > 1]
    counts = [len(crowd.piles[i]) - 1 for i in wanted]
    offset = np.array([(BADGE_AT[0] + badge_width(n) / 4, BADGE_AT[1]) for n in counts])
    found = [atlas.badge(n) for n in counts]
    return sprites(crowd.centres[crowd.heads[wanted]], found, atlas.ratio, offset=offset)


def _cards(labels: _Labels, atlas: Atlas, fade: Floats) -> Plates:
    standing = np.flatnonzero(labels.stand)
    anchors, boxes = labels.centres[standing], labels.boxes[standing]
    found = [atlas.card(labels.lines[i]) for i in standing.tolist()]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    made = sprites(anchors, found, atlas.ratio, offset=middles - anchors, opacity=fade[standing])
    return Plates(made, boxes - np.tile(anchors, 2))


def _ticks(table: UnitTable, units: Indices, centres: Floats, atlas: Atlas) -> Sprites:
    """The way a moving unit heads, just outside of its mark."""
    heading = np.radians(table.columns["heading"][units])
    moving = np.isfinite(heading)
    angle = heading[moving]
    out = np.column_stack((np.sin(angle), -np.cos(angle))) * TICK_PX
    found = [atlas.tick(table.rows[i]) for i in units[moving].tolist()]
    turn = np.degrees(angle)
    return sprites(centres[moving], found, atlas.ratio, offset=out, rotation=turn)


def line_at(layout: Layout, shift: Shift, x: float, y: float) -> int | None:
    """The unit whose line on a label is at a point of the widget."""
    boxes = layout.cards.boxes(shift)
    hit = (boxes[:, 0] <= x) & (boxes[:, 2] >= x) & (boxes[:, 1] <= y) & (boxes[:, 3] >= y)
    for i in np.flatnonzero(hit).tolist():
        named = layout.lines[i]
        if len(named) == 1:
            return named[0]
        return named[min(int(max(y - boxes[i, 1] - 2.0, 0.0) // LINE_HEIGHT), len(named) - 1)]
    return None


# Place names -----------------------------------------------------------------------------------


def _places(
    index: PlaceIndex,
    camera: Camera,
    corner: tuple[float, float],
    atlas: Atlas,
    room: Occupancy,
    *,
    large: bool,
) -> Plates:
    """Dots and names; the box of a dot is that of its name, so that they come and go together."""
    centres = np.column_stack((index.x, index.y)) * camera.scale - corner
    inside = _inside(centres, camera)
    major = index.major(camera.zoom)
    inside = inside[(index.at_zoom(camera.zoom) & (major == large))[inside]]
    if not len(inside):
        return NO_PLATES
    looks = [_place_look(index.places[i], atlas) for i in inside.tolist()]
    names = [index.places[i].name for i in inside.tolist()]
    sizes = np.array([place_size(n, used) for n, (used, _) in zip(names, looks, strict=True)])
    offsets = (_major_offsets if large else _offsets)(room, centres[inside], sizes)
    stands = np.flatnonzero(np.isfinite(offsets[:, 0]))
    anchors, offsets = centres[inside][stands], offsets[stands]
    found = [atlas.place(names[i], *looks[i]) for i in stands.tolist()]
    dots = [atlas.dot(atlas.palette.map_label)] * len(stands)
    covers = np.hstack((offsets - sizes[stands] / 2, offsets + sizes[stands] / 2))
    made = sprites(anchors, dots, atlas.ratio) + sprites(
        anchors, found, atlas.ratio, offset=offsets
    )
    return Plates(made, np.vstack((covers, covers)))


def _offsets(room: Occupancy, centres: Floats, sizes: Floats) -> Floats:
    """Of each name's middle from its dot: above, below, beside it; NaN where it has no room."""
    found = np.full((len(centres), 2), np.nan)
    tries = _around_dot(sizes, 0.0)
    for side in range(tries.shape[1]):
        waiting = np.flatnonzero(np.isnan(found[:, 0]))
        offset = tries[waiting, side]
        chosen = room.choose(_padded(centres[waiting] + offset, sizes[waiting]))
        found[waiting[chosen]] = offset[chosen]
    return found


def _major_offsets(room: Occupancy, centres: Floats, sizes: Floats) -> Floats:
    """The same, but the larger town has all its choices, farther ones too, before the smaller."""
    found = np.full((len(centres), 2), np.nan)
    tries = np.concatenate([_around_dot(sizes, far) for far in FAR_PX], axis=1)
    for i, mine in enumerate(tries):
        first = room.first(_padded(centres[i] + mine, np.tile(sizes[i], (len(mine), 1))))
        if first is not None:
            found[i] = mine[first]
    return found


def _around_dot(sizes: Floats, far: float) -> Floats:
    """(n, sides, 2); beside a dot far away there are corners, too."""
    up, aside = sizes[:, 1] / 2 + 2 + far, sizes[:, 0] / 2 + 6 + far
    none = np.zeros(len(sizes))
    sides = [(none, -up), (none, up), (aside, none), (-aside, none)]
    if far:
        sides += [(aside, -up), (-aside, -up), (aside, up), (-aside, up)]
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
