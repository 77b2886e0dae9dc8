"""Alarms that the map does not show: for each, at the map's edge, a red chip with its call sign and
an arrow to where it is. Those that would meet are one, with a count.

One that nobody has acknowledged has it wherever it is; one that is acknowledged only where its mark
would be seen and something lies on it, and its chip is not filled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from resources.map.geodesy import bearing_deg, distance_km
from widgets import paint
from widgets.compass import compass_words
from widgets.landmark_words import far_words
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.declutter import Boxes, Mask
from widgets.map.projection import inverse_point
from widgets.theme import Palette
from widgets.tips import tip

HEIGHT_PX: Final = 30.0
WORD_PX: Final = 13
MAX_WORDS_PX: Final = 170.0
PAD_PX: Final = 8.0
ARROW_PX: Final = 20.0  # the arrow's room
EDGE_PX: Final = 8.0  # from the map's edge
SEEN_PX: Final = 10.0  # a mark so far within the edge is seen
STEP_PX: Final = 10.0  # between the places that are tried along the edge
ROWS: Final = 8  # how many chips' heights inwards a place is looked for
MAX_CHIPS: Final = 8  # more are joined to the last
MAX_NAMED: Final = 12  # in a tooltip


@dataclass(frozen=True, slots=True)
class FarAlarm:
    """``x``, ``y`` in the world of the map, 0 to 1; ``key``: the row's on the map."""

    key: str
    name: str
    x: float
    y: float
    is_waiting: bool = True  # nobody has acknowledged it


@dataclass(slots=True)
class Pointer:
    """``middle`` of its chip in the map's pixels; ``angle`` clockwise from the right, degrees."""

    alarms: list[FarAlarm]
    wanted: QPointF
    width: float
    middle: QPointF = field(default_factory=QPointF)
    angle: float = 0.0

    @property
    def is_waiting(self) -> bool:
        return any(one.is_waiting for one in self.alarms)

    @property
    def words(self) -> str:
        first, more = self.alarms[0].name, len(self.alarms) - 1
        return f"{first} +{more}" if more else first

    @property
    def rect(self) -> QRectF:
        made = QRectF(0, 0, self.width, HEIGHT_PX)
        made.moveCenter(self.middle)
        return made


@lru_cache(maxsize=256)
def chip_width(words: str) -> float:
    used = min(QFontMetricsF(font(WORD_PX, bold=True)).horizontalAdvance(words), MAX_WORDS_PX)
    return math.ceil(used) + ARROW_PX + 2 * PAD_PX


def unseen(
    alarms: Sequence[FarAlarm], camera: Camera, covers: Boxes
) -> list[tuple[FarAlarm, QPointF]]:
    """Those below what lies on the map, or, unless they are acknowledged, out of view, and where
    they are in its pixels."""
    left, top = camera.origin()
    view = QRectF(0, 0, camera.width, camera.height)
    view.adjust(SEEN_PX, SEEN_PX, -SEEN_PX, -SEEN_PX)
    found = []
    for one in alarms:
        at = QPointF(one.x * camera.scale - left, one.y * camera.scale - top)
        is_out = not view.contains(at)
        if (is_out and one.is_waiting) or (not is_out and _is_below(at, covers)):
            found.append((one, at))
    return found


def pointers(
    alarms: Sequence[FarAlarm], camera: Camera, covers: Boxes, taken: Boxes
) -> list[Pointer]:
    """``covers``: what lies on the map and hides what is below; ``taken``: where else no chip may
    be. Both in the map's pixels; the most pressing alarm first."""
    made: list[Pointer] = []
    places: list[QPointF] = []
    for one, at in unseen(alarms, camera, covers):
        width = chip_width(f"{one.name} +9")
        wanted = _at_edge(at, camera, width)
        near = next((p for p in made if _would_meet(p, wanted, width)), None)
        if near is None and len(made) == MAX_CHIPS:
            near = made[-1]
        if near is not None:
            near.alarms.append(one)
        else:
            made.append(Pointer([one], wanted, width))
            places.append(at)
    barred = np.vstack((covers, taken))
    for pointer, at in zip(made, places, strict=True):
        pointer.width = chip_width(pointer.words)
        pointer.wanted = _at_edge(at, camera, pointer.width)
        pointer.middle = _free_place(pointer, camera, barred)
        way = at - pointer.middle
        pointer.angle = math.degrees(math.atan2(way.y(), way.x()))
        rect = pointer.rect
        mine = (rect.left(), rect.top(), rect.right(), rect.bottom())
        barred = np.vstack((barred, np.array([mine])))
    return made


def _is_below(at: QPointF, covers: Boxes) -> bool:
    point = np.array((at.x(), at.y()))
    return bool(((covers[:, :2] <= point) & (point <= covers[:, 2:])).all(axis=1).any())


def _room(camera: Camera, width: float) -> tuple[float, float]:
    """Half of the rectangle on which a chip's middle stands."""
    return (
        max(1.0, camera.width / 2 - EDGE_PX - width / 2),
        max(1.0, camera.height / 2 - EDGE_PX - HEIGHT_PX / 2),
    )


def _at_edge(at: QPointF, camera: Camera, width: float) -> QPointF:
    """Where the way from the map's middle leaves it; for what is below something, there."""
    middle = QPointF(camera.width / 2, camera.height / 2)
    way, (across, down) = at - middle, _room(camera, width)
    share = max(abs(way.x()) / across, abs(way.y()) / down, 1.0)
    return middle + way / share


def _would_meet(pointer: Pointer, wanted: QPointF, width: float) -> bool:
    off = pointer.wanted - wanted
    return abs(off.x()) < (pointer.width + width) / 2 and abs(off.y()) < HEIGHT_PX + 4


def _free_place(pointer: Pointer, camera: Camera, barred: Boxes) -> QPointF:
    """The nearest place to the wanted one that is clear of everything, along the edge or a little
    inwards; where there is none, the wanted one."""
    wanted = np.array((pointer.wanted.x(), pointer.wanted.y()))
    half = np.array((pointer.width / 2 + 3, HEIGHT_PX / 2 + 3))
    if not _meets(wanted[None, :], half, barred).any():
        return pointer.wanted
    centre = np.array((camera.width / 2, camera.height / 2))
    tries = centre + _frames(*_room(camera, pointer.width))
    free = tries[~_meets(tries, half, barred)]
    if not len(free):
        return pointer.wanted
    x, y = free[int(np.hypot(*(free - wanted).T).argmin())].tolist()
    return QPointF(x, y)


def _meets(middles: Boxes, half: Boxes, barred: Boxes) -> Mask:
    low, high = (middles - half)[:, None, :], (middles + half)[:, None, :]
    meets: Mask = np.asarray(((low < barred[:, 2:]) & (high > barred[:, :2])).all(axis=2))
    return np.asarray(meets.any(axis=1))


@lru_cache(maxsize=64)
def _frames(across: float, down: float) -> Boxes:
    """Points on the edge's rectangle round (0, 0), and on smaller ones within."""
    points = []
    for row in range(ROWS):
        x = max(1.0, across - row * HEIGHT_PX)
        y = max(1.0, down - row * HEIGHT_PX)
        level = np.arange(-x, x + 1.0, STEP_PX)
        upright = np.arange(-y, y + 1.0, STEP_PX)
        for side in (-1.0, 1.0):
            points.append(np.column_stack((level, np.full(len(level), side * y))))
            points.append(np.column_stack((np.full(len(upright), side * x), upright)))
    return np.vstack(points)


class AlarmChip(QAbstractButton):
    """A press shows what it points to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pointer: Pointer | None = None
        self.held: Pointer | None = None  # that was there when it was pressed
        self._palette: Palette | None = None
        self._scale = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def hold(self) -> None:
        self.held = self.pointer

    def point(self, pointer: Pointer, words: str, palette: Palette, scale: float) -> None:
        self.pointer, self._palette, self._scale = pointer, palette, scale
        if words != self.accessibleName():
            self.setAccessibleName(words)
            self.setToolTip(tip(words))
        rect = pointer.rect
        corner, size = rect.topLeft() * scale, rect.size() * scale
        self.setGeometry(
            round(corner.x()), round(corner.y()), round(size.width()), round(size.height())
        )
        if self.isHidden():
            self.show()
            self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        pointer, p = self.pointer, self._palette
        if pointer is None or p is None:
            return
        painter = QPainter(self)
        painter.scale(self._scale, self._scale)
        whole = QRectF(0, 0, self.width() / self._scale, self.height() / self._scale)
        lit = self.hasFocus() or self.underMouse() or self.isDown()
        ground, edge, words = p.alarm, p.selected, p.alarm_text
        if not pointer.is_waiting:
            ground, edge, words = p.alarm_ground, p.alarm, p.text
        paint.box(painter, whole, ground, p.text if lit else edge, 2.5 if lit else 1.5)
        to_right = abs(pointer.angle) <= 90
        painter.setBrush(QColor(words))
        painter.setPen(Qt.PenStyle.NoPen)
        middle = PAD_PX + ARROW_PX / 2 - 3
        arrow = QPointF(whole.right() - middle if to_right else middle, whole.center().y())
        _paint_arrow(painter, arrow, pointer.angle)
        painter.setPen(QColor(words))
        used = font(WORD_PX, bold=True)
        painter.setFont(used)
        room = whole.adjusted(PAD_PX, 0, -PAD_PX, 0)
        room.adjust(0 if to_right else ARROW_PX, 0, -ARROW_PX if to_right else 0, 0)
        shown = QFontMetricsF(used).elidedText(
            pointer.words, Qt.TextElideMode.ElideRight, room.width() + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


def _paint_arrow(painter: QPainter, middle: QPointF, angle: float) -> None:
    painter.save()
    painter.translate(middle)
    painter.rotate(angle)
    painter.drawPolygon(QPolygonF([QPointF(8, 0), QPointF(-5, -6), QPointF(-2, 0), QPointF(-5, 6)]))
    painter.restore()


class Beyond(QObject):
    """The chips. ``wanted``: keys of the rows that are to be shown."""

    wanted = Signal(tuple)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._alarms: tuple[FarAlarm, ...] = ()
        self._chips: list[AlarmChip] = []  # as many as were ever needed at once

    @property
    def is_idle(self) -> bool:
        """No alarm: there is nothing to do when the map moves."""
        return not self._alarms and not self.shown

    def set_alarms(self, alarms: Sequence[FarAlarm]) -> None:
        """Those with a place; the most pressing first."""
        self._alarms = tuple(alarms)

    @property
    def alarms(self) -> tuple[FarAlarm, ...]:
        return self._alarms

    @property
    def shown(self) -> tuple[AlarmChip, ...]:
        return tuple(chip for chip in self._chips if not chip.isHidden())

    def show_for(
        self, camera: Camera, covers: Boxes, taken: Boxes, palette: Palette, scale: float
    ) -> None:
        found = pointers(self._alarms, camera, covers, taken) if self._alarms else []
        while len(self._chips) < len(found):
            self._chips.append(self._made())
        middle = inverse_point(camera.x, camera.y)
        for chip, pointer in zip(self._chips, found, strict=False):
            chip.point(pointer, self._words(pointer, middle), palette, scale)
        for chip in self._chips[len(found) :]:
            chip.hide()

    def _made(self) -> AlarmChip:
        chip = AlarmChip(self._view)
        chip.pressed.connect(chip.hold)  # the map may move below a finger
        chip.clicked.connect(lambda: self._pressed(chip))
        return chip

    def _pressed(self, chip: AlarmChip) -> None:
        pointer, chip.held = chip.held or chip.pointer, None
        if pointer is not None:
            self.wanted.emit(tuple(one.key for one in pointer.alarms))

    def _words(self, pointer: Pointer, middle: tuple[float, float]) -> str:
        """Who, how far from the map's middle, and which way."""
        lines = [self.tr("Alarm outside of what the map shows. Press to see it.")]
        if not pointer.is_waiting:
            lines = [self.tr("Acknowledged alarm below something on the map. Press to see it.")]
        for one in pointer.alarms[:MAX_NAMED]:
            there = inverse_point(one.x, one.y)
            far = far_words(1_000 * distance_km(*middle, *there))
            lines.append(f"{one.name} · {far} {compass_words(bearing_deg(*middle, *there))}")
        if len(pointer.alarms) > MAX_NAMED:
            lines.append(f"+{len(pointer.alarms) - MAX_NAMED}")
        return "\n".join([*lines[1:], lines[0]])
