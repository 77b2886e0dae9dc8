"""One picture that holds every mark and label on the map, each drawn once, and the pen for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from widgets.contracts.rows import UnitKind, UnitRow
from widgets.look import font
from widgets.map.arrays import Fragments
from widgets.map.pace import Steps
from widgets.map.table import alarm_code
from widgets.symbols import colour, paint_symbol, paint_tag, state_tag
from widgets.theme import Palette

ATLAS_WIDTH: Final = 2_048  # pixels of the screen
KEPT_HEIGHT: Final = 1_024  # of sprites that may be used again, at least: 8 MiB of memory
KEPT_TIMES: Final = 1.5  # as much as the first layout took is kept in any case
MAX_HEIGHT: Final = 12_288  # two and a half times what a 4K screen full of labels takes
SYMBOL_PX: Final = 20.0
SYMBOL_BOX: Final = 30.0
LABEL_HEIGHT: Final = 20.0
LABEL_FONT_PX: Final = 12
MAX_WORDS_PX: Final = 138.0  # longer call signs end in an ellipsis
LINE_HEIGHT: Final = 18.0  # of a list's
LIST_MARK: Final = 12.0
PAD: Final = 6.0
RULE_PX: Final = 16.0
TURNS: Final = 32  # ways to head that are drawn
LEADER_STEP_PX: Final = 8.0
TICK_SIDE_PX: Final = 14.0
COUNT_GAP: Final = 6.0
BADGE_HEIGHT: Final = 15.0
BADGE_FONT_PX: Final = 10
GAP: Final = 1
MAX_WIDTHS: Final = 20_000  # of call signs and of names; measuring text is slow

PIECE: Final = 250  # sprites that are drawn in one go: some half of a millisecond

Floats = NDArray[np.float64]
Size = tuple[float, float]
Which = NDArray[np.bool_] | NDArray[np.int64] | slice
Painting = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, slots=True)
class Sprite:
    """Where it lies in the atlas, in pixels of the screen."""

    x: int
    y: int
    width: int
    height: int


class Line(NamedTuple):
    """One line of a label; ``kind`` None = without a mark, ``words`` "" = only a count.

    A tuple because it is looked up thousands of times for a picture, and tuples are hashed fast.
    """

    words: str
    kind: UnitKind | None
    state: str
    edge: str
    alarm: bool = False
    more: int = 0


CLEAR: Final = Qt.GlobalColor.transparent


def _unwritten(width: int, height: int) -> QPixmap:
    """Of a system's memory it takes no more than has been painted on; what lies elsewhere is
    anything. (A pixmap that is made at once or filled is written to as a whole.)"""
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    return QPixmap.fromImage(image, Qt.ImageConversionFlag.NoOpaqueDetection)


class Atlas:
    """Sprites by key; all of them are good as long as it is."""

    def __init__(self, palette: Palette, ratio: float) -> None:
        self.palette, self.ratio = palette, ratio
        self._sprites: dict[object, Sprite] = {}
        self.pixmap = _unwritten(ATLAS_WIDTH, MAX_HEIGHT)
        self._x = self._y = self._shelf = 0
        self._kept = KEPT_HEIGHT

    @property
    def is_full(self) -> bool:
        """Much has been gathered that is shown no more: the next layout wants another one."""
        return self._y > self._kept

    def keep_all(self) -> None:
        """What is there by now is all needed at once: as much as that is never too much."""
        self._kept = max(self._kept, int(KEPT_TIMES * self._y))

    def sprite(self, key: object, width: float, height: float, painting: Painting) -> Sprite:
        """Found, or drawn now; sizes are device-independent."""
        found = self._sprites.get(key)
        if found is None:
            found = self._room(round(width * self.ratio), round(height * self.ratio))
            if not found.height:
                return found
            painter = QPainter(self.pixmap)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.fillRect(found.x, found.y, found.width + GAP, found.height + GAP, CLEAR)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(found.x, found.y)
            painter.scale(self.ratio, self.ratio)
            try:
                painting(painter, QRectF(0, 0, found.width / self.ratio, found.height / self.ratio))
            finally:
                painter.end()
            self._sprites[key] = found
        return found

    def _room(self, width: int, height: int) -> Sprite:
        width = min(width, ATLAS_WIDTH)
        if self._x + width > ATLAS_WIDTH:
            self._x, self._y, self._shelf = 0, self._y + self._shelf + GAP, 0
        if self._y + height > MAX_HEIGHT:  # then it isn't shown: better than a wrong name
            return Sprite(0, 0, 0, 0)
        made = Sprite(self._x, self._y, width, height)
        self._x += width + GAP
        self._shelf = max(self._shelf, height)
        return made

    # What the map is made of ---------------------------------------------------------------

    def symbol(self, row: UnitRow) -> Sprite:
        fill, tag = colour(row, self.palette), state_tag(row)
        alarm = alarm_code(row) > 0
        key = ("symbol", row.kind, fill, alarm, tag)
        ink = self.palette.alarm_text if alarm else self.palette.ink
        edge = self.palette.selected if alarm else self.palette.water
        return self.sprite(
            key,
            SYMBOL_BOX,
            SYMBOL_BOX,
            lambda p, r: _symbol(
                p, r, row.kind, fill=fill, ink=ink, edge=edge, tag=tag, palette=self.palette
            ),
        )

    def way(self, row: UnitRow, turn: int, length: int) -> Sprite:
        """The way it heads, in :data:`TURNS`-ths of a circle from north, with a line of ``length``
        times :data:`LEADER_STEP_PX`."""
        fill, line = colour(row, self.palette), length * LEADER_STEP_PX
        side = line + TICK_SIDE_PX
        return self.sprite(
            ("way", fill, turn, length),
            side,
            side,
            lambda p, r: _way(p, r, fill, turn * 360.0 / TURNS, line),
        )

    def speck(self, row: UnitRow) -> Sprite:
        """Where a unit truly is whose mark another one hides."""
        fill = colour(row, self.palette)
        edge = self.palette.water
        return self.sprite(("speck", fill), 8, 8, lambda p, r: _speck(p, r, fill, edge))

    def card(self, lines: tuple[Line, ...]) -> Sprite:
        """The label of one unit, or of all that stand in one place."""
        return self.sprite(
            ("card", lines),
            *card_size(lines),
            lambda painter, r: _card(painter, r, lines, self.palette),
        )

    def badge(self, count: int) -> Sprite:
        """How many more there are, on a mark whose label has no room."""
        words, p = f"+{count}", self.palette
        return self.sprite(
            ("badge", words),
            badge_width(count),
            BADGE_HEIGHT,
            lambda painter, r: _badge(painter, r, words, p),
        )

    def line(self, row: UnitRow, more: int = 0, *, listed: bool = False) -> Line:
        p, alarm = self.palette, alarm_code(row) > 0
        state = colour(row, p)
        edge = p.receiving if row.speaking and not alarm else state
        return Line(row.call_sign, row.kind if listed else None, state, edge, alarm, more)

    def place(self, name: str, used: QFont, ink: str) -> Sprite:
        width, height = place_size(name, used)
        halo = self.palette.land
        return self.sprite(
            ("place", name, used.pixelSize(), ink),
            width,
            height,
            lambda p, _: _place(p, name, used, ink, halo),
        )

    def rule(self, ink: str) -> Sprite:
        """A thin line, to be stretched to its length."""
        return self.sprite(("rule", ink), RULE_PX, 3, lambda p, r: _rule(p, r, ink))

    def dot(self, ink: str) -> Sprite:
        return self.sprite(("dot", ink), 6, 6, lambda p, r: _dot(p, r, ink))


def label_font() -> QFont:
    return font(LABEL_FONT_PX, bold=True)


@lru_cache(maxsize=MAX_WIDTHS)
def _advance(words: str, px: int) -> float:
    return float(round(QFontMetricsF(font(px, bold=True)).horizontalAdvance(words) + 0.5))


def card_size(lines: tuple[Line, ...]) -> tuple[float, float]:
    """In device-independent pixels. Not remembered: units stand together in ever new lists, and a
    night's lists are megabytes, while their names are few."""
    if len(lines) == 1:
        return _line_width(lines[0]) + 2 * PAD, LABEL_HEIGHT
    return max(map(_line_width, lines)) + 2 * PAD, LINE_HEIGHT * len(lines) + 4.0


def _line_width(line: Line) -> float:
    words, kind, _, _, _, more = line
    width = _name_width(words) if words else 0.0
    if more:
        width += _count_width(more) + (COUNT_GAP if words else 0.0)
    return width + LIST_MARK + COUNT_GAP if kind else width


@lru_cache(maxsize=MAX_WIDTHS)
def _name_width(words: str) -> float:
    return min(MAX_WORDS_PX, _advance(words, LABEL_FONT_PX))


@lru_cache(maxsize=MAX_WIDTHS)
def _count_width(more: int) -> float:
    return _advance(f"+{more}", LABEL_FONT_PX)


def badge_width(count: int) -> float:
    return _advance(f"+{count}", BADGE_FONT_PX) + 8.0


def place_size(name: str, used: QFont) -> tuple[float, float]:
    return _measured(name, used.pixelSize(), used.weight())


@lru_cache(maxsize=MAX_WIDTHS)
def _measured(name: str, px: int, weight: QFont.Weight) -> tuple[float, float]:
    used = font(px)
    used.setWeight(weight)
    figures = QFontMetricsF(used)
    return float(round(figures.horizontalAdvance(name) + 0.5) + 6), float(
        round(figures.height()) + 4
    )


def _symbol(
    painter: QPainter,
    rect: QRectF,
    kind: UnitKind,
    *,
    fill: str,
    ink: str,
    edge: str,
    tag: str,
    palette: Palette,
) -> None:
    """The mark, with an edge all round that parts it from what lies below, and its tag."""
    inner = QRectF(0, 0, SYMBOL_PX, SYMBOL_PX)
    inner.moveCenter(rect.center())
    grown = inner.adjusted(-2.0, -2.0, 2.0, 2.0)
    if kind == "first-responder":
        grown = inner.adjusted(-3.4, -3.0, 3.4, 1.8)
    paint_symbol(painter, grown, "other" if kind in ROUND else kind, edge, edge)
    paint_symbol(painter, inner, kind, fill, ink)
    if tag:
        paint_tag(painter, inner, tag, palette)


LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROUND: Final = {"doctor", "helicopter", "other"}


def _way(painter: QPainter, rect: QRectF, fill: str, turn: float, line: float) -> None:
    """A wedge, and a line ahead of it; both lie along the middle of ``rect`` before the turn."""
    painter.translate(rect.center())
    painter.rotate(turn)
    wedge = line / 2
    painter.setPen(QPen(QColor(fill), 2.0))
    if line:
        painter.drawLine(QPointF(0, wedge), QPointF(0, -line / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawPolygon(
        QPolygonF([QPointF(0, wedge - 3.5), QPointF(5, wedge + 3.5), QPointF(-5, wedge + 3.5)])
    )


def _speck(painter: QPainter, rect: QRectF, fill: str, edge: str) -> None:
    painter.setPen(QPen(QColor(edge), 1.2))
    painter.setBrush(QColor(fill))
    painter.drawEllipse(rect.center(), 2.8, 2.8)


def _card(painter: QPainter, rect: QRectF, lines: tuple[Line, ...], p: Palette) -> None:
    """Red only where the alarm is: those who stand beside it keep their own ground."""
    alone = len(lines) == 1
    painter.setPen(QPen(QColor(lines[0].edge), 1.3))
    painter.setBrush(QColor(p.alarm if alone and lines[0].alarm else p.card))
    painter.drawRoundedRect(rect.adjusted(0.7, 0.7, -0.7, -0.7), 4, 4)
    if alone:
        _line(painter, rect, lines[0], p)
        return
    for i, line in enumerate(lines):
        band = QRectF(rect.left(), rect.top() + 2 + i * LINE_HEIGHT, rect.width(), LINE_HEIGHT)
        if line.alarm:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(p.alarm))
            painter.drawRoundedRect(band.adjusted(2, 0, -2, 0), 3, 3)
        _line(painter, band, line, p)


def _line(painter: QPainter, band: QRectF, line: Line, p: Palette) -> None:
    inner = band.adjusted(PAD, 0, -PAD, 0)
    if line.kind is not None:
        mark = QRectF(inner.left(), 0, LIST_MARK, LIST_MARK)
        mark.moveCenter(QPointF(mark.center().x(), band.center().y()))
        fill, ink = (p.alarm_text, p.alarm) if line.alarm else (line.state, p.ink)
        paint_symbol(painter, mark, line.kind, fill, ink)
        inner.setLeft(mark.right() + COUNT_GAP)
    painter.setFont(label_font())
    painter.setPen(QColor(_ink(line, p)))
    figures = QFontMetricsF(label_font())
    shown = figures.elidedText(line.words, Qt.TextElideMode.ElideRight, MAX_WORDS_PX)
    painter.drawText(inner, LEFT, shown)
    if line.more:
        painter.setPen(QColor(p.alarm_text if line.alarm else p.muted))
        painter.drawText(inner, RIGHT if line.words else LEFT, f"+{line.more}")


def _ink(line: Line, p: Palette) -> str:
    if line.alarm:
        return p.alarm_text
    return p.receiving if line.kind and line.edge == p.receiving else p.text


def _badge(painter: QPainter, rect: QRectF, words: str, p: Palette) -> None:
    painter.setPen(QPen(QColor(p.water), 1.2))
    painter.setBrush(QColor(p.text))
    painter.drawRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), 6.5, 6.5)
    painter.setPen(QColor(p.card))
    painter.setFont(font(BADGE_FONT_PX, bold=True))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


def _place(painter: QPainter, name: str, used: QFont, ink: str, halo: str) -> None:
    path = QPainterPath()
    path.addText(QPointF(3, 2 + QFontMetricsF(used).ascent()), used, name)
    pen = QPen(QColor(halo), 3.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.setPen(QColor(ink))
    painter.setFont(used)
    painter.drawText(QPointF(3, 2 + QFontMetricsF(used).ascent()), name)


def _rule(painter: QPainter, rect: QRectF, ink: str) -> None:
    painter.fillRect(QRectF(rect.left(), rect.center().y() - 0.5, rect.width(), 1.0), QColor(ink))


def _dot(painter: QPainter, rect: QRectF, ink: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink))
    painter.drawEllipse(rect.center(), 1.8, 1.8)


@dataclass(frozen=True, slots=True)
class Shift:
    """From a layout's pixels to the widget's: an anchor grows by ``times``, then moves."""

    times: float
    x: float
    y: float

    def points(self, anchors: Floats) -> Floats:
        moved: Floats = anchors * self.times + (self.x, self.y)
        return moved


@dataclass(frozen=True, slots=True)
class Sprites:
    """``rows`` as QPainter.PixmapFragment has them, their place counted from ``anchors``."""

    anchors: Floats  # (n, 2)
    rows: Floats  # (n, 10)

    def picked(self, which: Which) -> Sprites:
        return Sprites(self.anchors[which], self.rows[which])

    def within(self, shift: Shift, size: Size) -> Sprites:
        """Those that are seen, at least in part, in a picture so wide and high."""
        middles = shift.points(self.anchors) + self.rows[:, :2]
        half = (self.rows[:, 4:6] * self.rows[:, 6:8] + 2.0) / 2  # and what a rounding may add
        inside = (middles + half > 0.0) & (middles - half < size)
        return self.picked(np.asarray(inside.all(axis=1)))

    def moved(self, by: Floats) -> Sprites:
        return Sprites(self.anchors + by, self.rows)

    def __add__(self, other: Sprites) -> Sprites:
        return Sprites(
            np.concatenate((self.anchors, other.anchors)), np.concatenate((self.rows, other.rows))
        )


NONE: Final = Sprites(np.empty((0, 2)), np.empty((0, 10)))


@dataclass(frozen=True, slots=True)
class Plates:
    """Sprites and what they cover, the latter counted from the same anchors."""

    sprites: Sprites
    covers: Floats  # (n, 4)

    def boxes(self, shift: Shift) -> Floats:
        return np.tile(shift.points(self.sprites.anchors), 2) + self.covers

    def picked(self, which: Which) -> Plates:
        return Plates(self.sprites.picked(which), self.covers[which])

    def moved(self, by: Floats) -> Plates:
        return Plates(self.sprites.moved(by), self.covers)

    def __add__(self, other: Plates) -> Plates:
        return Plates(self.sprites + other.sprites, np.vstack((self.covers, other.covers)))


NO_PLATES: Final = Plates(NONE, np.empty((0, 4)))


class Batch:
    """Sprites to be drawn in few calls."""

    def __init__(self) -> None:
        self._fragments = Fragments()

    def draw(self, painter: QPainter, atlas: Atlas, sprites: Sprites, shift: Shift) -> None:
        """Sprites keep their size when the ground grows; all lie on whole pixels."""
        if not len(sprites.rows):
            return
        out = self._fragments.rows(len(sprites.rows))
        out[:] = sprites.rows
        half = out[:, 4:6] / (2 * atlas.ratio)
        corner = shift.points(sprites.anchors) + out[:, :2] - half
        out[:, :2] = np.rint(corner * atlas.ratio) / atlas.ratio + half
        self._fragments.draw(painter, len(out), atlas.pixmap)

    def steps(
        self, painter: QPainter, atlas: Atlas, sprites: Sprites, shift: Shift, size: Size
    ) -> Steps[None]:
        """Those of a picture of such a ``size``, in pieces."""
        seen = sprites.within(shift, size)
        for first in range(0, len(seen.rows), PIECE):
            self.draw(painter, atlas, seen.picked(slice(first, first + PIECE)), shift)
            yield


def sprites(
    anchors: Floats,
    found: Sequence[Sprite],
    ratio: float,
    *,
    offset: Floats | None = None,
    opacity: Floats | float = 1.0,
    rotation: Floats | float = 0.0,
) -> Sprites:
    """Each with its middle ``offset`` pixels from its anchor."""
    rows = np.empty((len(found), 10))
    if not len(found):
        return NONE
    rows[:, :2] = 0.0 if offset is None else offset
    rows[:, 2:6] = [(s.x, s.y, s.width, s.height) for s in found]
    rows[:, 6:8] = 1.0 / ratio
    rows[:, 8] = rotation
    rows[:, 9] = opacity
    return Sprites(anchors, rows)
