"""Decides what stands where: marks, labels and place names for one camera, with room around it.

That takes some 40 ms for 2,000 units, so it is done in steps of a few: the window has its turn
between them, and shows the layout before meanwhile.

Panning and zooming only move the finished rows, so nothing jumps or flickers below the hand; they
are made anew when the hand rests, the units have changed, or the camera has left what they cover.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.map.camera import STEPS, Camera, View
from widgets.map.declutter import CELL_PX, MARGIN_PX, Boxes, Mask, Occupancy, within_reach
from widgets.map.names import PlaceIndex, place_names
from widgets.map.pace import Clock, Steps, each
from widgets.map.piles import MAX_LISTED, Listing, leaders, listing, members, shortened
from widgets.map.pins import NO_ROWS, Obstacles, PinRows, Pins, standing_pins, upright_pins
from widgets.map.projection import ground_m, inverse_point
from widgets.map.symbols import (
    BADGE_HEIGHT,
    LEADER_STEP_PX,
    LINE_HEIGHT,
    NO_PLATES,
    NONE,
    TURNS,
    Atlas,
    Line,
    Plates,
    Shift,
    Sprites,
    badge_width,
    card_size,
    sprites,
)
from widgets.map.table import UnitTable

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

REACH_PX: Final = 200  # a label may stand this far outside of the margin
SYMBOL_HALF: Final = 7.0  # of a mark's core; labels begin GAP_PX from its middle
MARK_HALF: Final = 12.0  # of all of a mark
MOST_SEATED: Final = 40  # alarms whose names find no room; more than that lie on each other
GAP_PX: Final = 15.0
FAR_GAP_PX: Final = 30.0  # of who alarms or speaks, where there is no room next to the mark
TICK_PX: Final = 17.0
LEADER_PX: Final = (8.0, 64.0)  # of a minute's way: the shortest drawn, and the longest
BADGE_AT: Final = (11.0, -11.0)  # from the mark's middle
FADE_FROM_S, FADE_TO_S, FADED = 90.0, 900.0, 0.45
SPECK_FROM_PX: Final = 12.0  # from the mark's middle; nearer ones are below it
NO_BOXES: Final[Boxes] = np.empty((0, 4))
FARTHEST_OUT: Final = 0.6  # zoomed out by more than this, a layout lacks too much at the edges
CLOSEST_IN: Final = 4.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What :class:`Batch` draws; all in pixels from (``left``, ``top``) of the world's picture."""

    table: UnitTable  # as it was then: ``units`` and the like are its rows
    atlas: Atlas
    camera: Camera
    left: float
    top: float
    places: Plates
    marks: Sprites
    labels: Plates  # of those who neither alarm nor speak
    badges: Sprites
    pins: Pins  # on top of all that is above
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
        return self.shift_to(View.of(camera, ratio))

    def shift_to(self, view: View) -> Shift:
        """From these pixels to those of a part of the world's picture."""
        times = 2.0 ** ((view.camera.step - self.camera.step) / STEPS)
        return Shift(times, self.left * times - view.left, self.top * times - view.top)

    def covers(self, camera: Camera) -> bool:
        """Exactly: nothing is missing and everything is where it should be."""
        return camera.step == self.camera.step and self._reaches(camera)

    def will_do(self, camera: Camera) -> bool:
        """For the moment, while a hand zooms."""
        if camera.step == self.camera.step:
            return self._reaches(camera)
        same = (camera.width, camera.height) == (self.camera.width, self.camera.height)
        return same and FARTHEST_OUT <= camera.scale / self.camera.scale <= CLOSEST_IN

    def nearly_left(self, camera: Camera) -> bool:
        """A hand that goes on so will soon have left what this covers."""
        return camera.step == self.camera.step and self._off(camera) > MARGIN_PX / 4

    def touches(self, camera: Camera) -> bool:
        """At the same zoom, and some of what is seen is the same."""
        sizes = (self.camera.width, self.camera.height)
        same = camera.step == self.camera.step and (camera.width, camera.height) == sizes
        return same and self._off(camera) < min(sizes)

    def reaches(self, camera: Camera, beyond: float) -> bool:
        """Whether all is here that is in view, or no farther ``beyond`` it; at another zoom as far
        as may be."""
        return camera.step != self.camera.step or self._off(camera) <= MARGIN_PX - beyond

    def _off(self, camera: Camera) -> float:
        return max(abs(camera.x - self.camera.x), abs(camera.y - self.camera.y)) * camera.scale

    def _reaches(self, camera: Camera) -> bool:
        if (camera.width, camera.height) != (self.camera.width, self.camera.height):
            return False
        return self._off(camera) <= MARGIN_PX


@dataclass(frozen=True, slots=True)
class Crowd:
    """The units in reach, the most important first; ``heads`` are those with a mark."""

    units: Indices
    centres: Floats
    rank: NDArray[np.int8]
    heads: Indices  # positions in ``units``
    urgent: tuple[int, ...]  # how many of each of ``piles`` alarm or speak; they are its first
    piles: tuple[tuple[int, ...], ...]  # positions in ``units``, for each of ``heads``
    listings: tuple[Listing, ...]


def extended(old: Layout, camera: Camera, now_s: float, pins: PinRows = NO_ROWS) -> Layout:
    """``old``, and the marks alone of who comes into reach of ``camera``, at the same zoom; in a
    tenth of a layout's time, for the blink until that is there. Everybody stands where they did."""
    corner = camera.origin(old.atlas.ratio)
    by = np.array((old.left, old.top)) - corner
    columns = old.table.columns
    everywhere = np.column_stack((columns["x"], columns["y"])) * camera.scale - corner
    is_new = np.zeros(len(columns), bool)
    is_new[within_reach(everywhere, camera)] = True
    is_new[old.units] = False
    units = np.flatnonzero(is_new)
    units = units[np.argsort(-columns["rank"][units], kind="stable")]  # the most pressing on top
    found = [old.atlas.symbol(old.table.rows[i]) for i in units.tolist()]
    fade = _fade(columns[units], now_s)
    more = sprites(everywhere[units], found, old.atlas.ratio, opacity=fade)
    calm = columns["rank"][units] > 1
    new_pins = upright_pins(pins, camera, corner, old.atlas, besides=old.pins.known)
    return replace(
        old,
        camera=camera,
        left=corner[0],
        top=corner[1],
        places=old.places.moved(by),
        marks=more.picked(calm) + old.marks.moved(by),
        labels=old.labels.moved(by),
        badges=old.badges.moved(by),
        pins=new_pins + old.pins.moved(by),
        urgent=old.urgent.moved(by) + more.picked(~calm),
        ticks=old.ticks.moved(by),
        cards=old.cards.moved(by),
        units=np.concatenate((old.units, units)),
        centres=np.concatenate((old.centres + by, everywhere[units])),
        seen=np.concatenate((old.seen, np.ones(len(units), bool))),
    )


def bare(scene: Scene, shown: frozenset[str]) -> Layout:
    """All marks and no label, in a tenth of the time: for the blink until a wide jump has its own.
    ``shown``: what was named before."""
    table, camera, atlas = scene.table, scene.camera, scene.atlas
    left, top = corner = camera.origin(atlas.ratio)
    columns = table.columns
    everywhere = np.column_stack((columns["x"], columns["y"])) * camera.scale - corner
    units = within_reach(everywhere, camera)
    units = units[np.argsort(columns["rank"][units], kind="stable")]
    centres = everywhere[units]
    found = [atlas.symbol(table.rows[i]) for i in units.tolist()]
    marks = sprites(centres, found, atlas.ratio, opacity=_fade(columns[units], scene.now_s))
    back = np.arange(len(units))[::-1]  # the most pressing last, so on top
    return Layout(
        table,
        atlas,
        camera,
        left,
        top,
        NO_PLATES,
        marks.picked(back),
        NO_PLATES,
        NONE,
        upright_pins(scene.pins, camera, corner, atlas),
        NONE,
        NONE,
        NO_PLATES,
        (),
        {},
        shown,
        units,
        centres,
        np.ones(len(units), bool),
    )


def building(
    table: UnitTable,
    places: PlaceIndex,
    camera: Camera,
    atlas: Atlas,
    *,
    now_s: float,
    shown: frozenset[str],
    no_go: Boxes,
    pins: PinRows = NO_ROWS,
    placed: Boxes = NO_BOXES,
) -> Steps[Layout]:
    """``table`` must not change meanwhile. ``shown``: labels that stood before keep their place
    before new ones get one.

    ``no_go``: what the buttons and the legend cover, in the widget's pixels; ``placed``: what the
    mark of a place that was looked for covers. An alarm's label comes before pins, and those before
    all other labels.
    """
    corner = camera.origin(atlas.ratio)
    crowd = yield from _crowd(table, camera, corner, shown)
    labels = _Labels(table, crowd, atlas, np.array((camera.width, camera.height), float))
    yield from labels.measure()
    room = _room(camera, no_go)
    yield
    yield from labels.stand_alarms(room, camera, no_go)
    room.block(placed)
    around = labels.obstacles(np.vstack((no_go, placed)))
    shown_pins = yield from standing_pins(pins, camera, corner, atlas, room=room, around=around)
    yield from labels.stand_speakers(room)
    yield from room.blocking(_around(labels.centres, SYMBOL_HALF))
    major = yield from place_names(places, camera, corner, atlas, room, large=True)
    yield from labels.stand_calm(room)
    names = major + (yield from place_names(places, camera, corner, atlas, room, large=False))
    yield
    scene = Scene(table, camera, atlas, now_s, pins)
    return (yield from _assemble(scene, crowd, labels, names, shown_pins))


def _crowd(
    table: UnitTable, camera: Camera, corner: tuple[float, float], shown: frozenset[str]
) -> Steps[Crowd]:
    columns = table.columns
    everywhere = np.column_stack((columns["x"], columns["y"])) * camera.scale - corner
    units = within_reach(everywhere, camera)
    units = _order(table, units, shown)
    rank = columns["rank"][units]
    yield
    found = yield from leaders(everywhere[units])
    piles = members(found)
    yield
    heads = np.fromiter(piles, np.int64, len(piles))
    places = np.searchsorted(heads, found)
    urgent = np.bincount(places[rank <= 1], minlength=len(heads)).tolist()
    yield
    counted = zip(piles.values(), urgent, strict=True)
    listings = yield from each(counted, lambda one: listing(*one))
    return Crowd(
        units,
        everywhere[units],
        rank,
        heads,
        tuple(urgent),
        tuple(map(tuple, piles.values())),
        tuple(listings),
    )


class _Labels:
    """Which form of its label each head shows, and where; ``boxes`` are NaN where none stands."""

    def __init__(self, table: UnitTable, crowd: Crowd, atlas: Atlas, view: Floats) -> None:
        """``view``: the (right, bottom) of what is seen."""
        self._table, self._crowd, self._atlas, self._view = table, crowd, atlas, view
        self.centres = crowd.centres[crowd.heads]
        self.urgent = crowd.rank[crowd.heads] <= 1
        self.listings = list(crowd.listings)
        self.lines: list[tuple[Line, ...]] = []
        self._long = np.array([len(one.named) > 1 for one in self.listings], bool)
        self.boxes = np.full((len(crowd.heads), 4), np.nan)

    def measure(self) -> Steps[None]:
        """How large each label is; before anything else."""
        self.lines = yield from each(self.listings, self._lines)
        sizes = yield from each(self.lines, card_size)
        self._sizes = np.array(sizes).reshape(-1, 2)

    @property
    def stand(self) -> Mask:
        return np.asarray(np.isfinite(self.boxes[:, 0]))

    @property
    def _rank(self) -> NDArray[np.int8]:
        return self._crowd.rank[self._crowd.heads]

    def obstacles(self, laid: Boxes) -> Obstacles:
        """What pins leave free; ``laid``: beside marks and alarms' labels."""
        alarms = self._rank == 0
        labels = self.boxes[alarms & self.stand]
        return Obstacles(self.centres, self.centres[alarms], np.vstack((laid, labels)))

    def stand_alarms(self, room: Occupancy, camera: Camera, no_go: Boxes) -> Steps[None]:
        """Clear of other marks if it can be, but in any case."""
        room.block(_around(self.centres[self.urgent], SYMBOL_HALF))
        who, clock = self._rank == 0, Clock()
        yield from self._stand_clear(room, who)
        for i in np.flatnonzero(who & ~self.stand).tolist()[:MOST_SEATED]:
            seats = self._seats(i, camera, no_go)
            self.boxes[i] = seats[self._least_covering(seats, no_go)]
            if clock.is_up():
                yield
        room.block(self.boxes[who & self.stand])
        yield from self._stand_urgent(room, who)
        for i in np.flatnonzero(who & ~self.stand).tolist():
            self.boxes[i] = self._seats(i, camera, no_go)[0]
        room.block(self.boxes[who])

    def _seats(self, i: int, camera: Camera, no_go: Boxes) -> Floats:
        """Where a label can be, in view, though others are there."""
        mark, size = self.centres[i : i + 1], self._sizes[i : i + 1]
        ways = [(side, gap) for gap in (GAP_PX, FAR_GAP_PX) for side in _SIDES + _CORNERS]
        return np.array(
            [_seated(_side(mark, size, *way)[0], mark[0], camera, no_go) for way in ways]
        )

    def _least_covering(self, seats: Boxes, no_go: Boxes) -> int:
        """An alarm's mark and name, its own too, are spared before all others' marks and counts."""
        alarms = self._rank == 0
        marks, names = _around(self.centres[alarms], MARK_HALF), self.boxes[alarms & self.stand]
        pressing = _covered(seats, np.vstack((marks, names, no_go)))
        others = np.vstack((_around(self.centres, SYMBOL_HALF), self._counts()))
        return int(np.lexsort((_covered(seats, others), pressing))[0])

    def _counts(self) -> Boxes:
        """Where a pile has its count while its label finds no room."""
        piles = self._crowd.piles
        many = [n for n, pile in enumerate(piles) if len(pile) > 1]
        wide = np.array([badge_width(len(piles[n]) - 1) for n in many], float)
        high = np.full(len(many), BADGE_HEIGHT)
        middles = self.centres[many] + np.column_stack((wide / 4, 0 * wide)) + BADGE_AT
        half = np.column_stack((wide, high)) / 2
        return np.hstack((middles - half, middles + half))

    def stand_speakers(self, room: Occupancy) -> Steps[None]:
        """After alarms and pins, and never below their words: who speaks is named beside the talk
        key, too."""
        yield from self._stand_urgent(room, self._rank == 1)

    def _stand_urgent(self, room: Occupancy, who: Mask) -> Steps[None]:
        yield from self._stand_clear(room, who)
        yield from self._stand(room, who, _SIDES + _CORNERS)
        yield from self._stand(room, who, _SIDES + _CORNERS, FAR_GAP_PX)

    def _stand_clear(self, room: Occupancy, who: Mask) -> Steps[None]:
        clear = room.copy()
        yield from clear.blocking(_around(self.centres, SYMBOL_HALF))
        yield from clear.blocking(self._counts())
        yield from self._stand(clear, who, _SIDES + _CORNERS)
        yield from self._shorten(who & ~self.stand)
        yield from self._stand(clear, who, _SIDES + _CORNERS)
        room.block(self.boxes[who & self.stand])

    def stand_calm(self, room: Occupancy) -> Steps[None]:
        """All names where there is room, else the first and a count."""
        yield from self._stand(room, ~self.urgent, _SIDES)
        yield from self._shorten(~self.urgent & ~self.stand)
        yield from self._stand(room, ~self.urgent, _SIDES + _CORNERS)

    def _shorten(self, who: Mask) -> Steps[None]:
        clock = Clock()
        for i in np.flatnonzero(who & self._long).tolist():
            self.listings[i] = shortened(self.listings[i], self._crowd.urgent[i])
            self.lines[i] = self._lines(self.listings[i])
            self._sizes[i] = card_size(self.lines[i])
            if clock.is_up():
                yield

    def _stand(
        self,
        room: Occupancy,
        who: Mask,
        sides: tuple[tuple[float, float], ...],
        gap: float = GAP_PX,
    ) -> Steps[None]:
        """Where the mark is in view, its label is, too."""
        for side in sides:
            waiting = np.flatnonzero(who & ~self.stand)
            if not len(waiting):
                return
            boxes = _side(self.centres[waiting], self._sizes[waiting], side, gap)
            marks = self.centres[waiting]
            seen, whole = (
                _inview(marks, marks, self._view),
                _inview(boxes, boxes[:, 2:], self._view),
            )
            boxes[seen & ~whole] = np.nan
            chosen = yield from room.choosing(boxes)
            self.boxes[waiting[chosen]] = boxes[chosen]

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


def _side(centres: Floats, sizes: Floats, side: tuple[float, float], gap: float = GAP_PX) -> Boxes:
    middles = centres + (gap + sizes / 2) * side
    return np.hstack((middles - sizes / 2, middles + sizes / 2))


def _inview(low: Floats, high: Floats, view: Floats) -> Mask:
    inside = (low[:, :2] >= 0).all(axis=1) & (high <= view).all(axis=1)
    return np.asarray(inside)


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


def _order(table: UnitTable, units: Indices, shown: frozenset[str]) -> Indices:
    before = np.array([table.rows[i].key not in shown for i in units.tolist()], bool)
    order: Indices = units[np.lexsort((units, before, table.columns["rank"][units]))]
    return order


def _around(centres: Floats, half: float) -> Boxes:
    return np.hstack((centres - half, centres + half))


def _covered(boxes: Boxes, others: Boxes) -> Floats:
    """How much of ``others`` each of them lies on, in square pixels."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    found: Floats = np.maximum(high - low, 0.0).prod(axis=2).sum(axis=1)
    return found


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
    pins: PinRows = NO_ROWS


def _assemble(
    scene: Scene, crowd: Crowd, labels: _Labels, names: Plates, pins: Pins
) -> Steps[Layout]:
    table, camera, atlas = scene.table, scene.camera, scene.atlas
    fade = _fade(table.columns[crowd.units], scene.now_s)
    seen = np.zeros(len(crowd.units), bool)
    seen[crowd.heads] = True
    marks = yield from _marks(table, crowd, atlas, fade)
    stands, calm = labels.stand, ~labels.urgent
    cards = yield from _cards(labels, atlas, np.maximum(fade[crowd.heads], 0.7))
    specks = yield from _specks(table, crowd, atlas, fade)
    badges = yield from _badges(crowd, calm & ~stands, atlas)
    yield
    pressing = np.flatnonzero(labels.urgent)[::-1]  # the most pressing last, so on top
    left, top = camera.origin(atlas.ratio)
    units = crowd.units
    ticks = yield from _ticks(scene, units[seen], crowd.centres[seen])
    named = yield from _named(crowd, labels)
    piles = yield from _piles(crowd)
    return Layout(
        table,
        atlas,
        camera,
        left,
        top,
        names,
        specks + marks.picked(np.flatnonzero(calm)),
        cards.picked(np.flatnonzero(calm[stands])),
        badges,
        pins,
        marks.picked(pressing) + cards.sprites.picked(np.flatnonzero(~calm[stands])[::-1]),
        ticks,
        cards,
        named,
        piles,
        frozenset(table.rows[i].key for one in named for i in one),
        units,
        crowd.centres,
        seen,
    )


def _named(crowd: Crowd, labels: _Labels) -> Steps[tuple[tuple[int, ...], ...]]:
    units = crowd.units.tolist()
    standing = np.flatnonzero(labels.stand).tolist()
    found = yield from each(
        (labels.listings[i].named for i in standing), lambda who: tuple(units[i] for i in who)
    )
    return tuple(found)


def _piles(crowd: Crowd) -> Steps[dict[int, tuple[int, ...]]]:
    units = crowd.units.tolist()
    found = yield from each(crowd.piles, lambda pile: tuple(units[i] for i in pile))
    return {pile[0]: pile for pile in found}


def _marks(table: UnitTable, crowd: Crowd, atlas: Atlas, fade: Floats) -> Steps[Sprites]:
    heads = [table.rows[i] for i in crowd.units[crowd.heads].tolist()]
    found = yield from each(heads, atlas.symbol)
    return sprites(crowd.centres[crowd.heads], found, atlas.ratio, opacity=fade[crowd.heads])


def _specks(table: UnitTable, crowd: Crowd, atlas: Atlas, fade: Floats) -> Steps[Sprites]:
    """Where those truly are who are named on another one's label."""
    small = [pile for pile in crowd.piles if 1 < len(pile) <= MAX_LISTED]
    who = np.array([i for pile in small for i in pile[1:]], np.int64)
    head = np.array([pile[0] for pile in small for _ in pile[1:]], np.int64)
    far = np.hypot(*(crowd.centres[who] - crowd.centres[head]).T)
    who = who[far >= SPECK_FROM_PX]
    found = yield from each([table.rows[i] for i in crowd.units[who].tolist()], atlas.speck)
    return sprites(crowd.centres[who], found, atlas.ratio, opacity=fade[who])


def _badges(crowd: Crowd, who: Mask, atlas: Atlas) -> Steps[Sprites]:
    """On the piles whose label found no room at all."""
    wanted = [i for i in np.flatnonzero(who).tolist() if len(crowd.piles[i]) > 1]
    counts = [len(crowd.piles[i]) - 1 for i in wanted]
    offset = np.array([(BADGE_AT[0] + badge_width(n) / 4, BADGE_AT[1]) for n in counts])
    found = yield from each(counts, atlas.badge)
    return sprites(crowd.centres[crowd.heads[wanted]], found, atlas.ratio, offset=offset)


def _cards(labels: _Labels, atlas: Atlas, fade: Floats) -> Steps[Plates]:
    standing = np.flatnonzero(labels.stand)
    anchors, boxes = labels.centres[standing], labels.boxes[standing]
    found = yield from each([labels.lines[i] for i in standing.tolist()], atlas.card)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    made = sprites(anchors, found, atlas.ratio, offset=middles - anchors, opacity=fade[standing])
    return Plates(made, boxes - np.tile(anchors, 2))


def _ticks(scene: Scene, units: Indices, centres: Floats) -> Steps[Sprites]:
    """The way a moving unit heads, just outside of its mark, and how far it comes in a minute.
    Turned in the atlas already: to turn each when it is drawn takes ten times as long."""
    table, atlas = scene.table, scene.atlas
    heading = table.columns["heading"][units]
    moving = np.isfinite(heading)
    turns = np.rint(heading[moving] / 360.0 * TURNS).astype(np.int64) % TURNS
    lengths = (_minutes_way(scene, units[moving]) // LEADER_STEP_PX).astype(np.int64)
    angle = turns * (2 * np.pi / TURNS)
    far = TICK_PX + lengths * LEADER_STEP_PX / 2
    out = np.column_stack((np.sin(angle), -np.cos(angle))) * far[:, None]
    rows = (table.rows[i] for i in units[moving].tolist())
    wanted = list(zip(rows, turns.tolist(), lengths.tolist(), strict=True))
    found = yield from each(wanted, lambda one: atlas.way(*one))
    return sprites(centres[moving], found, atlas.ratio, offset=out)


def _minutes_way(scene: Scene, units: Indices) -> Floats:
    """In pixels, no longer than is drawn; 0 where it would be too short to say anything."""
    lat, _ = inverse_point(scene.camera.x, scene.camera.y)
    pixels = scene.camera.scale / ground_m(lat)
    way: Floats = np.nan_to_num(scene.table.columns["speed"][units]) * 60.0 * pixels
    return np.where(way < LEADER_PX[0], 0.0, np.minimum(way, LEADER_PX[1]))


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
