"""Who is on duty, always in sight: the doctor above all, and how to reach them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint, times
from widgets.buttons import ENTER, focus_ring
from widgets.contracts.rows import DutyRow
from widgets.contracts.sources import PeopleSource
from widgets.knowledge import Doubt
from widgets.look import Look, font
from widgets.tips import tip
from widgets.unit_words import coverage_words

LEAST_NAME: Final = 0.42  # of a line: the rest is how to reach them, whole where it can be
MOST: Final = 2
"""Lines; all others are in the tooltip of the last one."""


class DutyLine(QAbstractButton):
    """One of those on duty: role and name, then radio and status, or the telephone."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._row: DutyRow | None = None
        self._more = ""
        self._doubt = Doubt()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def row(self) -> DutyRow | None:
        return self._row

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def show_row(self, row: DutyRow | None, others: Sequence[DutyRow], doubt: Doubt) -> None:
        """None: nobody is on duty, as far as is known. ``others`` have no line of their own."""
        self._row, self._doubt = row, doubt
        self._more = f"+{len(others)}" if others else ""
        self.setEnabled(row is not None and bool(row.unit))
        said = self._said(row) if row is not None else self._said_of_nobody()
        self.setAccessibleName(said if row is None else _and(said, doubt.as_of))
        lines = (said, *(self._said(one) for one in others), doubt.why)
        self.setToolTip(tip("\n".join(filter(None, lines))))
        self.update()

    def _said_of_nobody(self) -> str:
        if self._doubt:
            return self.tr("Who is on duty is unknown")
        return self.tr("Nobody is listed as on duty")

    def _said(self, row: DutyRow) -> str:
        until = self.tr("until {0}").format(times.clock_short(row.until_s))
        radio = coverage_words(row.coverage) if row.coverage in ("weak", "none") else ""
        parts = (row.role, row.name, row.call_sign, row.status_text, radio, row.phone, until)
        return " · ".join(part for part in parts if part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it; the space bar is the talk key."""
        if event.key() in ENTER:
            self.click()
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p, row = self._look.metrics, self._look.palette, self._row
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.raised if self.underMouse() and row else p.card, p.line)
        middle = self.height() // 2
        name, ink = "user-check", p.good if row is not None else p.muted
        if self._doubt:
            name, ink = "cloud-off", p.warning
        x = 11 + paint.icon(painter, 11, middle, name, ink, size=m.icon) + 9
        line = self.rect().adjusted(x, 0, -10, 0)
        if row is None:
            quiet = p.text if self._doubt else p.muted
            paint.text(painter, line, self.accessibleName(), quiet, font(m.small))
        else:
            self._paint_row(painter, line, row)
        if self.hasFocus():
            focus_ring(painter, self.rect(), p.text)
        painter.end()

    def _paint_row(self, painter: QPainter, line: QRect, row: DutyRow) -> None:
        m, p = self._look.metrics, self._look.palette
        if self._more:
            used = paint.text(painter, line, self._more, p.muted, font(m.small), align=paint.RIGHT)
            line.setRight(line.right() - used - 8)
        reach, ink = _reach(row), p.warning if row.coverage in ("weak", "none") else p.muted
        left = QRect(line)
        wanted = QFontMetrics(font(m.small)).horizontalAdvance(reach) + 10 if reach else 0
        left.setWidth(max(round(line.width() * LEAST_NAME), line.width() - wanted))
        used = paint.text(painter, left, row.role, p.text, font(m.small, bold=True))
        left.setLeft(left.left() + used + 8)
        paint.text(painter, left, row.name, p.text, font(m.small))
        line.setLeft(left.right() + 8)
        paint.text(painter, line, reach, ink, font(m.small), align=paint.RIGHT)


def _reach(row: DutyRow) -> str:
    """By radio and with which status; by telephone where there is no radio, or it is out of
    coverage."""
    if row.coverage in ("weak", "none"):
        by = row.phone or row.call_sign if row.coverage == "none" else row.call_sign
        return f"{coverage_words(row.coverage)} · {by}"
    return " · ".join(part for part in (row.call_sign or row.phone, row.status_text) if part)


def _and(*parts: str) -> str:
    return " · ".join(filter(None, parts))


class DutyPanel(QWidget):
    """``chosen`` carries the unit to be written to, called out, or put into a group."""

    chosen = Signal(str)

    def __init__(self, look: Look, source: PeopleSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._doubt = Doubt()
        self.lines = [DutyLine(look, self) for _ in range(MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for line in self.lines:
            column.addWidget(line)
            line.clicked.connect(lambda _=False, line=line: self._choose(line))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        source.changed.connect(self.reload)
        self.retranslate()

    def reload(self) -> None:
        rows = tuple(self._source.on_duty())
        for n, line in enumerate(self.lines):
            last = n == MOST - 1
            row = rows[n] if n < len(rows) else None
            line.show_row(row, rows[MOST:] if last else (), self._doubt)
            line.setVisible(n == 0 or n < len(rows))

    def show_doubt(self, doubt: Doubt) -> None:
        self._doubt = doubt
        self.reload()

    def _choose(self, line: DutyLine) -> None:
        if line.row is not None and line.row.unit:
            self.chosen.emit(line.row.unit)

    def set_look(self, look: Look) -> None:
        for line in self.lines:
            line.set_look(look)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("On duty"))
        self.reload()
