"""Pins of incidents: what an eye must find, however many units are at the around.

They lie above all units but those that alarm or speak, and come before every name but an alarm's. A
pin's tip is the place; its head stands aside where it would hide a unit's mark, another pin or an
alarm, and its name where there is room, else over calm marks. Where very many are in view, those
that are close to a newer one are counted on its head instead of hiding the map.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets.contracts.landmarks import LandmarkRow
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.declutter import Boxes, Occupancy, within_reach
from widgets.map.pace import Clock, Steps, each
from widgets.map.piles import NEAR_PX, leaders, members
from widgets.map.projection import forward
from widgets.map.symbols import (
    LABEL_FONT_PX,
    LABEL_HEIGHT,
    NO_PLATES,
    PAD,
    Atlas,
    Plates,
    Shift,
    Sprite,
    place_size,
    sprites,
)
from widgets.theme import Palette

HEAD: Final = 10.0  # half of a pin's head
EDGE: Final = 2.0  # round it
UPRIGHT: Final = (0.0, -16.0)  # from a pin's tip to the middle of its head
RINGS: Final = (24.0, 38.0, 54.0)  # farther ways, where that would hide something
TURNS: Final = (-90, -45, -135, 0, 180, 45, 135, 90)  # degrees from the right, upwards first
MARK_HALF: Final = 12.0  # of a unit's mark, with some room round it
ALARM_HALF: Final = 24.0  # with its ring
REACH: Final = max(RINGS) + HEAD + ALARM_HALF  # from a tip: what is farther no way would hide
HIDES, OUTSIDE, ASIDE = 100.0, 400.0, 1.0  # what each thing hidden, and the next way, costs
NAME_GAPS: Final = (5.0, 17.0)  # between a head and its name
SHRUNK: Final = 4.0  # with the gap more than a cell: a head is not in its own name's way
SIDES: Final = ((1, 0), (-1, 0), (0, -1), (1, -1), (-1, -1), (0, 1), (1, 1), (-1, 1))
MOST_LEANING: Final = 150  # the newest; what is older stands upright
MAX_SHOWN_NAME: Final = 28
# In view: of more, those that are close to each other are one head, and so many heads are named,
# the newest, so that units have room for names as well.
MOST_APART: Final = 40
CLOSE_PX: Final = 36.0
COUNT_PX: Final = {1: 12, 2: 10, 3: 8}  # by figures: no more than a site has pins
OUTLINE: Final = 2.4
RADIUS, COUNT_RADIUS = HEAD - OUTLINE / 2, HEAD + 0.4  # a count needs some more room

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def _ways() -> Floats:
    turns = np.radians(TURNS)
    round_ = np.column_stack((np.cos(turns), np.sin(turns)))
    return np.asarray(np.rint(np.vstack((UPRIGHT, *(far * round_ for far in RINGS)))))


WAYS: Final = _ways()
"""From the tip to the middle of the head, the better ones first."""


@dataclass(frozen=True, slots=True)
class PinRows:
    """Where they are in the world; the newest first."""

    rows: tuple[LandmarkRow, ...] = ()
    x: Floats = field(default_factory=lambda: np.empty(0))
    y: Floats = field(default_factory=lambda: np.empty(0))

    @classmethod
    def of(cls, rows: Sequence[LandmarkRow]) -> PinRows:
        return cls(tuple(rows), *forward([row.lat for row in rows], [row.lon for row in rows]))

    def tips(self, camera: Camera, corner: tuple[float, float]) -> Floats:
        world = np.column_stack((self.x, self.y))
        return np.asarray(world * camera.scale - corner)


@dataclass(frozen=True, slots=True)
class Pins:
    """As they stand in a layout, in its pixels; the newest last, so on top. ``heads`` cover what
    is round of a pin, and ``keys`` say whose they are; the names are those of the pins in
    ``named``; ``piles``: all who are counted on a head, itself first."""

    heads: Plates
    names: Plates
    keys: tuple[str, ...]
    named: tuple[str, ...]
    piles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        """All that are told of, by a head or on another's."""
        return frozenset(self.keys).union(*self.piles.values())

    def pile_of(self, key: str) -> tuple[str, ...]:
        return self.piles.get(key, (key,))

    def moved(self, by: Floats) -> Pins:
        return replace(self, heads=self.heads.moved(by), names=self.names.moved(by))

    def __add__(self, other: Pins) -> Pins:
        return Pins(
            self.heads + other.heads,
            self.names + other.names,
            self.keys + other.keys,
            self.named + other.named,
            {**self.piles, **other.piles},
        )

    def boxes(self, shift: Shift) -> Boxes:
        """All that they cover but for their tips."""
        return np.vstack((self.heads.boxes(shift), self.names.boxes(shift)))

    def at(self, where: QPointF, shift: Shift) -> str | None:
        """The key of the one whose head or name is below a point."""
        boxes, point = self.boxes(shift), (where.x(), where.y())
        hit = (boxes[:, :2] <= point).all(axis=1) & (boxes[:, 2:] >= point).all(axis=1)
        found = np.flatnonzero(hit)
        return (self.keys + self.named)[int(found[-1])] if len(found) else None


@dataclass(frozen=True, slots=True)
class Pile:
    """Pins that one head stands for, most often one alone; its own comes first."""

    rows: tuple[LandmarkRow, ...]

    @property
    def key(self) -> str:
        return self.rows[0].key

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(row.key for row in self.rows)

    @property
    def more(self) -> int:
        return len(self.rows) - 1

    @property
    def exercise(self) -> bool:
        """All of them: a real one among them is not to be taken for play."""
        return all(row.exercise for row in self.rows)

    @property
    def words(self) -> str:
        name = shown_name(self.rows[0].name)
        return f"{name}  +{self.more}" if self.more else name


NO_ROWS: Final = PinRows()
NO_PINS: Final = Pins(NO_PLATES, NO_PLATES, (), ())


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What pins had better not hide. ``marks``: middles of units'; ``alarms``: of those the ones
    that alarm; ``boxes``: labels of alarms and what lies on the map."""

    marks: Floats
    alarms: Floats
    boxes: Boxes


def standing_pins(
    pins: PinRows,
    camera: Camera,
    corner: tuple[float, float],
    atlas: Atlas,
    *,
    room: Occupancy,
    around: Obstacles,
) -> Steps[Pins]:
    """What they cover is taken in ``room`` from now on."""
    tips = pins.tips(camera, corner)
    reached = within_reach(tips, camera)
    if not len(reached):
        return NO_PINS
    together = yield from _together([pins.rows[i] for i in reached.tolist()], tips[reached])
    tips = tips[reached][list(together)]
    piles = [Pile(rows) for rows in together.values()]
    ways = yield from _leaning(tips, camera, around)
    heads = tips + ways
    room.block(np.hstack((heads - HEAD + SHRUNK, heads + HEAD - SHRUNK)))
    named = piles[:MOST_APART]
    sizes = np.array([_name_size(pile.words) for pile in named])
    middles = yield from _beside(heads[: len(named)], sizes, camera, room, around)
    stands = np.flatnonzero(np.isfinite(middles[:, 0]))[::-1]
    plates = yield from each(stands.tolist(), lambda n: _plate(atlas, named[n]))
    offset, half = middles[stands] - tips[stands], sizes[stands] / 2
    made = sprites(tips[stands], plates, atlas.ratio, offset=offset)
    return Pins(
        _heads(piles, tips, ways, atlas),
        Plates(made, np.hstack((offset - half, offset + half))),
        tuple(pile.key for pile in piles[::-1]),
        tuple(named[n].key for n in stands.tolist()),
        {pile.key: pile.keys for pile in piles if pile.more},
    )


def _together(
    rows: Sequence[LandmarkRow], tips: Floats
) -> Steps[dict[int, tuple[LandmarkRow, ...]]]:
    """Of each that has a head of its own all that are counted on it, by its place in ``rows``; the
    newest lead."""
    if len(rows) <= MOST_APART:
        return {n: (row,) for n, row in enumerate(rows)}
    found = yield from leaders(tips * (NEAR_PX / CLOSE_PX))
    return {head: tuple(rows[n] for n in pile) for head, pile in members(found).items()}


def upright_pins(
    pins: PinRows,
    camera: Camera,
    corner: tuple[float, float],
    atlas: Atlas,
    *,
    besides: Collection[str] = (),
) -> Pins:
    """All in reach ``besides`` some, without names: for the blink until a layout is there."""
    tips = pins.tips(camera, corner)
    reached = within_reach(tips, camera)
    if besides:
        known = frozenset(besides)
        reached = reached[[pins.rows[i].key not in known for i in reached.tolist()]]
    piles = [Pile((pins.rows[i],)) for i in reached.tolist()]
    ways = np.tile(np.array(UPRIGHT), (len(piles), 1))
    heads = _heads(piles, tips[reached], ways, atlas)
    return Pins(heads, NO_PLATES, tuple(pile.key for pile in piles[::-1]), ())


def _heads(piles: Sequence[Pile], tips: Floats, ways: Floats, atlas: Atlas) -> Plates:
    """The newest last."""
    if not len(piles):
        return NO_PLATES
    found = [_mark(atlas, pile, *way) for pile, way in zip(piles, ways.tolist(), strict=True)]
    made = sprites(tips, found, atlas.ratio, offset=ways / 2)
    back = np.arange(len(piles))[::-1]
    return Plates(made, np.hstack((ways - HEAD, ways + HEAD))).picked(back)


def _leaning(tips: Floats, camera: Camera, around: Obstacles) -> Steps[Floats]:
    """Of each the way from its tip to its head that hides least; the newest choose first."""
    found, clock = np.tile(np.array(UPRIGHT), (len(tips), 1)), Clock()
    others = np.empty((0, 2))
    for n, tip in enumerate(tips[:MOST_LEANING]):
        heads = tip + WAYS
        cost = ASIDE * np.arange(len(WAYS)) + OUTSIDE * _out_of_view(heads, tip, camera)
        cost += HIDES * _near(heads, _within(around.marks, tip), HEAD + MARK_HALF)
        cost += HIDES * _near(heads, _within(around.alarms, tip), HEAD + ALARM_HALF)
        cost += HIDES * _near(heads, _within(others, tip), 2 * HEAD + EDGE)
        cost += HIDES * _in(heads, around.boxes)
        found[n] = WAYS[int(cost.argmin())]
        others = np.vstack((others, heads[int(cost.argmin())]))
        if clock.is_up():
            yield
    return found


def _out_of_view(heads: Floats, tip: Floats, camera: Camera) -> NDArray[np.bool_]:
    """Where the tip is in view, its head is to be, too."""
    size = np.array((camera.width, camera.height))
    if not ((tip >= 0) & (tip <= size)).all():
        return np.zeros(len(heads), bool)
    return np.asarray(((heads < HEAD + EDGE) | (heads > size - HEAD - EDGE)).any(axis=1))


def _within(middles: Floats, tip: Floats) -> Floats:
    """Those that a head of this pin could hide: few of the thousands in view."""
    return middles[(np.abs(middles - tip) < REACH).all(axis=1)]


def _near(heads: Floats, middles: Floats, reach: float) -> Floats:
    """How many middles are nearer to each head."""
    far = np.hypot(*(heads[:, None] - middles[None]).transpose(2, 0, 1))
    return np.asarray((far < reach).sum(axis=1), np.float64)


def _in(heads: Floats, boxes: Boxes) -> Floats:
    """How many boxes each head touches."""
    reach = HEAD + EDGE
    low, high = heads[:, None] - reach, heads[:, None] + reach
    meets = (low < boxes[None, :, 2:]) & (high > boxes[None, :, :2])
    return np.asarray(meets.all(axis=2).sum(axis=1), np.float64)


def _beside(
    heads: Floats, sizes: Floats, camera: Camera, room: Occupancy, around: Obstacles
) -> Steps[Floats]:
    """The middle of each name; NaN where neither of the two rooms has any left for it."""
    clear, clock = room.copy(), Clock()
    yield from clear.blocking(np.hstack((around.marks - MARK_HALF, around.marks + MARK_HALF)))
    found = np.full((len(heads), 2), np.nan)
    for n, (head, size) in enumerate(zip(heads, sizes, strict=True)):
        middles = np.vstack([head + (HEAD + gap + size / 2) * SIDES for gap in NAME_GAPS])
        boxes = np.hstack((middles - size / 2, middles + size / 2))
        if ((head >= 0) & (head <= (camera.width, camera.height))).all():
            whole = (boxes[:, :2] >= 0).all(axis=1)
            whole &= (boxes[:, 2:] <= (camera.width, camera.height)).all(axis=1)
            boxes[~whole] = np.nan
        chosen = clear.first(boxes)
        if chosen is None:
            chosen = room.first(boxes)
        if chosen is not None:
            found[n] = middles[chosen]
            for one in (room, clear):
                one.block(boxes[chosen : chosen + 1])
        if clock.is_up():
            yield
    return found


# What they look like -------------------------------------------------------------------------


def shown_name(name: str) -> str:
    return name if len(name) <= MAX_SHOWN_NAME else name[: MAX_SHOWN_NAME - 1].rstrip() + "…"


def _name_size(words: str) -> tuple[float, float]:
    return place_size(words, font(LABEL_FONT_PX, bold=True))[0] - 6 + 2 * PAD, LABEL_HEIGHT


def _mark(atlas: Atlas, pile: Pile, x: float, y: float) -> Sprite:
    """One whose middle lies half-way between tip and head."""
    width, height = (abs(one) + 2 * (HEAD + EDGE) for one in (x, y))
    way, p = QPointF(x, y), atlas.palette
    exercise, count = pile.exercise, len(pile.rows)

    def painting(painter: QPainter, rect: QRectF) -> None:
        paint_pin(painter, rect.center() - way / 2, p, exercise, way, count=count)

    return atlas.sprite(("pin", exercise, count, x, y), width, height, painting)


def _plate(atlas: Atlas, pile: Pile) -> Sprite:
    p, words, exercise = atlas.palette, pile.words, pile.exercise

    def painting(painter: QPainter, rect: QRectF) -> None:
        painter.setPen(edge_of(p.text, exercise))
        painter.setBrush(QColor(p.card))
        painter.drawRoundedRect(rect.adjusted(0.8, 0.8, -0.8, -0.8), 4, 4)
        painter.setPen(QColor(p.text))
        painter.setFont(font(LABEL_FONT_PX, bold=True))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    return atlas.sprite(("pin-name", words, exercise), *_name_size(words), painting)


def edge_of(colour: str, exercise: bool) -> QPen:
    """An exercise's is dashed."""
    pen = QPen(QColor(colour), 1.6)
    if exercise:
        pen.setDashPattern([2.0, 1.6])
    return pen


def paint_pin(
    painter: QPainter,
    tip: QPointF,
    p: Palette,
    exercise: bool,
    way: QPointF | None = None,
    *,
    count: int = 1,
) -> None:
    """A drop in the colour of words, with an exclamation mark, or how many it stands for; ``way``:
    from its tip to the middle of its head."""
    middle = tip + (QPointF(*UPRIGHT) if way is None else way)
    path = _drop(tip, middle, COUNT_RADIUS if count > 1 else RADIUS)
    painter.setPen(QPen(QColor(p.card), OUTLINE))
    painter.setBrush(QColor(p.text))
    painter.drawPath(path)
    if exercise:
        painter.setBrush(QColor(p.card))
        painter.setPen(edge_of(p.text, exercise))
        painter.drawPath(path)
    ink = QColor(p.text if exercise else p.card)
    if count > 1:
        painter.setPen(ink)
        painter.setFont(font(COUNT_PX[len(str(count))], bold=True))
        box = QRectF(0, 0, 2 * HEAD, 2 * HEAD)
        box.moveCenter(middle)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count))
        return
    painter.setPen(QPen(ink, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(middle - QPointF(0, 4.6), middle + QPointF(0, 0.6))
    painter.drawPoint(middle + QPointF(0, 4.8))


def _drop(tip: QPointF, middle: QPointF, radius: float) -> QPainterPath:
    """A circle that comes to a point."""
    back = tip - middle
    head, foot = QPainterPath(), QPainterPath()
    head.addEllipse(middle, radius, radius)
    length = float(np.hypot(back.x(), back.y()))
    across = QPointF(-back.y(), back.x()) / length * min(radius, 0.28 * length + 1.0)
    foot.moveTo(tip)
    foot.lineTo(middle + across)
    foot.lineTo(middle - across)
    foot.closeSubpath()
    return head.united(foot)
