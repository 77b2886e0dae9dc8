"""The keys, written over the map: never in front of the tiles or the alarms, never modal."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.keys import described
from widgets.look import Look, font


class HelpPanel(QWidget):
    closed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.close_button = FlatButton(look, icon_name="x", key="Esc", parent=self)
        self.close_button.clicked.connect(self.closed)
        self.retranslate()
        self.hide()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.close_button.set_look(look)
        self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Keys"))
        self.close_button.set_words("", self.tr("Close the help"))
        self.update()

    def place_in(self, area: QRect) -> None:
        """Centred in ``area``, as large as it needs to be."""
        m = self._look.metrics
        width = min(area.width() - 24, 520 if not m.compact else 440)
        height = min(area.height() - 24, m.title + 50 + len(described()) * (m.small + 14))
        self.setGeometry(QRect(0, 0, width, height))
        self.move(area.center() - self.rect().center())
        self.raise_()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        size = self.close_button.sizeHint()
        self.close_button.setGeometry(
            self.width() - size.width() - 12, 12, size.width(), size.height()
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.panel, p.muted, 1.5, radius=8)
        title = QRect(20, 12, self.width() - 100, m.title + 12)
        paint.text(painter, title, self.accessibleName(), p.text, font(m.title, bold=True))
        y, column = m.title + 36, 108 if m.compact else 132
        step = min(m.small + 14, (self.height() - y - 12) // len(described()))
        for keys, words in described():
            left = QRect(20, y, column, step)
            paint.text(painter, left, keys, p.text, font(m.small, bold=True))
            right = QRect(20 + column, y, self.width() - 40 - column, step)
            paint.text(painter, right, words, p.muted, font(m.small))
            y += step
        painter.end()
