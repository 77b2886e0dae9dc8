"""A table of a few figures: what each is in a quiet line, the figure below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets import paint
from widgets.look import Look, font
from widgets.tips import tip

COLUMNS: Final = 6
FEWER: Final = 4  # where there is little room


@dataclass(frozen=True, slots=True)
class Figure:
    """``wide``: takes the room of two. ``is_odd``: worth a look."""

    what: str
    value: str
    wide: bool = False
    is_odd: bool = False


class Figures(QWidget):
    """As many to a line as :data:`COLUMNS` says; what is cut is whole in the tooltip."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Figure, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_figures(self, shown: Sequence[Figure]) -> None:
        if tuple(shown) == self._shown:
            return
        if len(shown) != len(self._shown):
            self.updateGeometry()
        self._shown = tuple(shown)
        self.setAccessibleName(", ".join(f"{one.what}: {one.value}" for one in shown))
        self.update()

    def figures(self) -> tuple[Figure, ...]:
        return self._shown

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        cells = sum(2 if one.wide else 1 for one in self._shown)
        lines = -(-cells // self._columns)
        return QSize(200, lines * (self._line_px() + self._look.metrics.gap))

    @property
    def _columns(self) -> int:
        return FEWER if self._look.metrics.short else COLUMNS

    def _line_px(self) -> int:
        m = self._look.metrics
        return m.small + m.body + 15

    def _places(self) -> list[QRect]:
        """Of the figures, in their order."""
        gap, found, cell = self._look.metrics.gap, [], 0
        step = (self.width() + gap) / self._columns
        for one in self._shown:
            span = 2 if one.wide else 1
            line, at = divmod(cell, self._columns)
            left, right = round(at * step), round((at + span) * step) - gap
            top = line * (self._line_px() + gap)
            found.append(QRect(left, top, right - left, self._line_px()))
            cell += span
        return found

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self._at(event.pos())), self)
            return True
        return super().event(event)

    def _at(self, pos: QPoint) -> str:
        pairs = zip(self._shown, self._places(), strict=True)
        return next((f"{one.what}: {one.value}" for one, r in pairs if r.contains(pos)), "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        quiet, loud = font(m.small - 1), font(m.body, bold=True)
        for one, rect in zip(self._shown, self._places(), strict=True):
            paint.box(painter, rect, p.card, p.warning if one.is_odd else None)
            line = QRect(rect.left() + 8, rect.top() + 4, rect.width() - 16, m.small + 3)
            paint.text(painter, line, one.what, p.muted, quiet)
            line = QRect(line.left(), line.bottom() + 1, line.width(), m.body + 5)
            paint.text(painter, line, one.value, p.warning if one.is_odd else p.text, loud)
        painter.end()

    def elided(self) -> tuple[str, ...]:
        """What doesn't fit now."""
        m = self._look.metrics
        quiet, loud = QFontMetrics(font(m.small - 1)), QFontMetrics(font(m.body, bold=True))
        return tuple(
            f"{one.what}: {one.value}"
            for one, rect in zip(self._shown, self._places(), strict=True)
            if max(quiet.horizontalAdvance(one.what), loud.horizontalAdvance(one.value))
            > rect.width() - 16
        )
