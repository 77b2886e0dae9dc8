"""What was closed here just now, and how to take that back: where the alarm's card stood."""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint, times
from widgets.alarm_words import reason_words
from widgets.buttons import FlatButton
from widgets.contracts.rows import AlarmRow
from widgets.look import Look, font
from widgets.tips import tip


class UndoBar(QWidget):
    """``wanted``: it was a slip."""

    wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._row: AlarmRow | None = None
        self.offered_s = 0.0  # monotonic
        self.button = FlatButton(look, icon_name="history", key="Ctrl+Z", parent=self)
        self.button.clicked.connect(self.wanted)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()
        self.retranslate()

    @property
    def is_offered(self) -> bool:
        return self._row is not None

    @property
    def key(self) -> str:
        """Of the alarm, "" = there is nothing to take back."""
        return self._row.key if self._row is not None else ""

    def show_row(self, row: AlarmRow | None) -> None:
        if row == self._row:
            return
        if row is None and self.button.hasFocus():
            self.button.clearFocus()  # to no other button: Enter is still down
        if row is not None and row.key != self.key:
            self.offered_s = time.monotonic()
        self._row = row
        self.setVisible(row is not None)
        self._say()

    def _say(self) -> None:
        said = ", ".join(filter(None, self._words()))
        self.setAccessibleName(said)
        self.setToolTip(tip(said))
        self.update()

    def _words(self) -> tuple[str, str]:
        row = self._row
        if row is None:
            return "", ""
        what = self.tr("Closed: {0}").format(row.call_sign)
        return what, f"{reason_words(row.reason)}, {times.clock_short(row.closed_s or 0.0)}"

    def set_look(self, look: Look) -> None:
        self._look = look
        self.button.set_look(look)
        self.setFixedHeight(self.sizeHint().height())
        self._place()
        self.update()

    def retranslate(self) -> None:
        self.button.set_words(self.tr("Undo"), self.tr("Open the alarm again: it was a slip"))
        self._place()
        self._say()

    def sizeHint(self) -> QSize:
        return QSize(200, 2 * (self._look.metrics.small + 5) + 10)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        size = self.button.sizeHint()
        x, y = self.width() - size.width() - 6, (self.height() - size.height()) // 2
        self.button.setGeometry(x, y, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.line)
        middle = self.rect().center().y() + 1
        x = 11 + paint.icon(painter, 11, middle, "circle-check", p.muted, size=m.icon) + 8
        line = QRect(x, 5, self.button.x() - x - 8, m.small + 5)
        what, why = self._words()
        paint.text(painter, line, what, p.text, font(m.small, bold=True))
        paint.text(painter, line.translated(0, m.small + 5), why, p.muted, font(m.small))
        painter.end()
