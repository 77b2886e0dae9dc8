"""A section's name and count, and the key that leads there."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.look import Look, font


class Heading(QWidget):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words = ""
        self._count = ""
        self._key = ""
        self._as_of = ""
        self._button: FlatButton | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self._place_button()
        self.updateGeometry()
        self.update()

    def hold(self, button: FlatButton) -> None:
        """At its right end."""
        self._button = button
        button.setParent(self)
        button.show()
        self._place_button()

    def _place_button(self) -> None:
        if self._button is not None:
            self._button.set_look(self._look)
            size = self._button.minimumSizeHint()
            top = (self.height() - size.height()) // 2
            self._button.setGeometry(self.width() - size.width(), top, *size.toTuple())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place_button()

    def set_words(self, words: str, key: str = "") -> None:
        self._words, self._key = words, key
        self.setAccessibleName(words)
        self.update()

    def set_count(self, everything: int, shown: int) -> None:
        self._count = str(shown) if shown == everything else f"{shown} / {everything}"
        self.update()

    def set_as_of(self, words: str) -> None:
        """As of when what stands below is known; empty: as of now."""
        self._as_of = words
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        held = 0 if self._button is None else self._button.minimumSizeHint().height()
        return QSize(120, max(m.body + 8, held))

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        taken = 0 if self._button is None else self._button.width() + 4
        line = self.rect().adjusted(2, 0, -2 - taken, 0)
        width = paint.text(painter, line, self._words, p.text, font(m.body, bold=True))
        if self._key:
            paint.text(painter, line, self._key, p.muted, font(m.small), align=paint.RIGHT)
        line.setLeft(line.left() + width + 8)
        width = paint.text(painter, line, self._count, p.muted, font(m.small))
        line.setLeft(line.left() + width + 8)
        paint.text(painter, line, self._as_of, p.warning, font(m.small, bold=True))
        painter.end()
