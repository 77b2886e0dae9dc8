"""A section's name and count, and the key that leads there."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint
from widgets.look import Look, font


class Heading(QWidget):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words = ""
        self._count = ""
        self._key = ""
        self._as_of = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

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
        return QSize(120, self._look.metrics.body + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        line = self.rect().adjusted(2, 0, -2, 0)
        width = paint.text(painter, line, self._words, p.text, font(m.body, bold=True))
        if self._key:
            paint.text(painter, line, self._key, p.muted, font(m.small), align=paint.RIGHT)
        line.setLeft(line.left() + width + 8)
        width = paint.text(painter, line, self._count, p.muted, font(m.small))
        line.setLeft(line.left() + width + 8)
        paint.text(painter, line, self._as_of, p.warning, font(m.small, bold=True))
        painter.end()
