"""The table of streams in the diagnostics: how each comes in, a line of figures under its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyleOptionViewItem, QWidget

from widgets import paint
from widgets.contracts.rows import StreamRow
from widgets.look import Look, Metrics, font
from widgets.rows import Index, RowDelegate
from widgets.tips import tip

PAD: Final = 9
SCROLL_BAR_PX: Final = 8
NAME_PX: Final = 136
NAME_COMPACT_PX: Final = 112
ODD_LOSS: Final = 0.02  # of packets: concealment is heard from here on
LEAST_PERCENT: Final = 0.1
ODD_DELAY_MS: Final = 150.0  # ITU-T G.114
LEAST_COLUMNS: Final = 4  # delay, jitter, lost, late
LEAST_LETTERS: Final = 4.4  # times the small font: of a column of weight 1
WIDTHS: Final = (1.1, 0.75, 1.0, 1.0, 0.95, 0.95, 0.85, 0.7)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and, below it, what part of all that is."""

    value: str
    share: str = ""
    is_odd: bool = False


def headings() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("streams", "Group"),
        translate("streams", "Delay"),
        translate("streams", "Jitter"),
        translate("streams", "Lost"),
        translate("streams", "Late"),
        translate("streams", "Invented"),
        translate("streams", "Rescued"),
        translate("streams", "Refused"),
        translate("streams", "Place"),
    )


def explained() -> tuple[str, ...]:
    """What each heading means, in a sentence."""
    translate = QCoreApplication.translate
    return (
        translate("streams", "The talkgroup, whether somebody talks, and whether it is secured."),
        translate("streams", "From a packet's arrival until its sound leaves the engine, now."),
        translate("streams", "How unevenly packets arrive (RFC 3550)."),
        translate("streams", "Packets that never came."),
        translate("streams", "Packets that came after their time."),
        translate("streams", "Sound put in where a packet was missing."),
        translate("streams", "Lost packets that came as a copy in a later one."),
        translate("streams", "Packets that were not taken: malformed, of another kind, or forged."),
        translate("streams", "Where it is heard, from left to right."),
    )


def state_word(row: StreamRow) -> str:
    translate = QCoreApplication.translate
    if row.talking:
        return translate("streams", "Talks")
    return translate("streams", "Quiet") if row.packets else translate("streams", "Nothing")


def secured_word(row: StreamRow) -> str:
    translate = QCoreApplication.translate
    return translate("streams", "secured") if row.secured else translate("streams", "open")


def state_line(row: StreamRow) -> str:
    return f"{state_word(row)} · {secured_word(row)}"


def cells(row: StreamRow) -> tuple[Cell, ...]:
    """All but the name."""
    is_slow = row.delay_ms is not None and row.delay_ms > ODD_DELAY_MS
    return (
        Cell(_ms(row.delay_ms), is_odd=is_slow),
        Cell(_ms(row.jitter_ms)),
        _counted(row.lost, row.sent, is_odd=row.lost > ODD_LOSS * row.sent),
        _counted(row.late, row.sent),
        Cell(_seconds(row.concealed_ms / 1e3)),
        _counted(row.rescued, row.sent),
        Cell(QLocale().toString(row.refused), is_odd=row.refused > 0),
        Cell(place(row.pan) if row.packets else "–"),  # it gets one when it first talks
    )


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"


def _seconds(value: float) -> str:
    return f"{QLocale().toString(value, 'f', 1)} s"


def _counted(part: int, whole: int, *, is_odd: bool = False) -> Cell:
    return Cell(QLocale().toString(part), _percent(100.0 * part / whole) if part else "", is_odd)


def _percent(value: float) -> str:
    """Little is not nothing."""
    if value < LEAST_PERCENT:
        return f"< {QLocale().toString(LEAST_PERCENT, 'f', 1)} %"
    return f"{QLocale().toString(value, 'f', 1)} %"


def place(pan: float) -> str:
    """``L 67``, ``R 33`` or the middle: percent of the way to that ear."""
    translate = QCoreApplication.translate
    if not round(pan, 2):
        return translate("streams", "Mid")
    side = translate("streams", "L") if pan < 0 else translate("streams", "R")
    return f"{side} {abs(pan) * 100:.0f}"


def in_short(row: StreamRow) -> str:
    """Delay and loss, for a tile's tooltip."""
    _, delay, _, lost, *_ = headings()
    cell_of_delay, _, cell_of_lost, *_ = cells(row)
    return f"{delay} {cell_of_delay.value} · {lost} {cell_of_lost.share or cell_of_lost.value}"


def said(row: StreamRow) -> str:
    """A row in words, as a screen reader and the clipboard have it."""
    figures = zip(headings()[1:], cells(row), strict=True)
    words = [f"{what} {cell.value} {cell.share}".strip() for what, cell in figures]
    return ", ".join((row.name, state_word(row), secured_word(row), *words))


def columns(m: Metrics, left: int, width: int) -> list[QRect]:
    """Where they are; heights are for who draws. The name's first, the others by weight: where it
    is narrow the last ones are left out, as a figure that is cut says nothing."""
    name_px = m.px(NAME_COMPACT_PX if m.compact else NAME_PX)
    name_px += m.icon + 8
    rest = width - name_px - 2 * PAD
    found = [QRect(left + PAD, 0, name_px - 6, 1)]
    weights = _shown(rest / m.small)
    at, total = float(left + PAD + name_px), sum(weights)
    for weight in weights:
        step = rest * weight / total
        found.append(QRect(round(at) + 2, 0, round(at + step) - round(at) - 2, 1))
        at += step
    return found


def _shown(letters: float) -> tuple[float, ...]:
    """As many columns as there is room for; a row's tooltip has them all."""
    count = len(WIDTHS)
    while count > LEAST_COLUMNS and letters / sum(WIDTHS[:count]) < LEAST_LETTERS:
        count -= 1
    return WIDTHS[:count]


class TableHead(QWidget):
    """The headings, above their columns; each explains itself."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._labels = [QWidget(self) for _ in range(len(WIDTHS) + 1)]  # carry the tooltips
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.small + 6)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        for label, words in zip(self._labels, explained(), strict=True):
            label.setToolTip(tip(words))
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        placed = tuple(self._placed())
        for n, label in enumerate(self._labels):
            label.setVisible(n < len(placed))
        for label, rect in placed:
            label.setGeometry(rect)

    def _placed(self) -> Iterator[tuple[QWidget, QRect]]:
        areas = columns(self._look.metrics, 0, self.width() - SCROLL_BAR_PX)
        for label, area in zip(self._labels, areas, strict=False):
            yield label, QRect(area.left(), 0, area.width(), self.height())

    def elided(self) -> tuple[str, ...]:
        """Headings that don't fit now."""
        figures = QFontMetrics(self._font())
        pairs = zip(headings(), self._placed(), strict=False)
        return tuple(w for w, (_, r) in pairs if figures.horizontalAdvance(w) > r.width())

    def _font(self) -> QFont:
        return font(self._look.metrics.small - 1, bold=True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = self._look.palette.muted
        for n, (words, (_, rect)) in enumerate(zip(headings(), self._placed(), strict=False)):
            align = paint.RIGHT if n else paint.LEFT
            paint.text(painter, rect, words, ink, self._font(), align=align)
        painter.end()


class StreamDelegate(RowDelegate):
    """The name with its state, then figures, right-aligned so that they line up."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, 2 * self.look.metrics.small + 24)

    def paint_row(self, painter: QPainter, rect: QRect, row: StreamRow) -> None:
        m, p = self.look.metrics, self.look.palette
        name, *others = columns(m, rect.left(), rect.width())
        top, step = rect.top() + (rect.height() - 2 * m.small - 8) // 2, m.small + 4
        middle = rect.center().y() + 1
        icon, ink = ("volume", p.receiving) if row.talking else ("ear", p.muted)
        paint.icon(painter, name.left(), middle, icon, ink, size=m.icon)
        x = name.left() + m.icon + 7
        line = QRect(x, top, name.right() - x, step)
        paint.text(painter, line, row.name, p.text, font(m.small, bold=True))
        paint.text(painter, line.translated(0, step), state_line(row), ink, font(m.small - 1))
        for cell, column in zip(cells(row), others, strict=False):
            self._paint_cell(painter, QRect(column.left(), top, column.width(), step), cell)

    def _paint_cell(self, painter: QPainter, line: QRect, cell: Cell) -> None:
        m, p = self.look.metrics, self.look.palette
        ink = p.warning if cell.is_odd else p.text
        used = font(m.small, bold=cell.is_odd)
        if not cell.share:
            line.translate(0, line.height() // 2)
        paint.text(painter, line, cell.value, ink, used, align=paint.RIGHT)
        below = line.translated(0, line.height())
        paint.text(painter, below, cell.share, p.muted, font(m.small - 1), align=paint.RIGHT)
