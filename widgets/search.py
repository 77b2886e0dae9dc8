"""A line to type a search in, with its key shown; Escape leaves it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.fields import Field
from widgets.look import Look, font


class SearchField(Field):
    """Arrow down leaves it for the list."""

    down_pressed = Signal()

    def __init__(self, look: Look, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._key = key
        self.setMaxLength(64)
        self.escaped.connect(self.clear)
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setTextMargins(look.metrics.icon + 6, 0, 0, 0)
        self.setFont(font(look.metrics.small))
        self.setFixedHeight(look.metrics.control + 4)

    def set_hint(self, words: str, in_full: str = "") -> None:
        """``in_full``: where there is no room for all of it in the field."""
        self.setPlaceholderText(words)
        self.setAccessibleName(in_full or words)
        self.setToolTip(f"{in_full or words} ({self._key})")

    def wants_escape(self) -> bool:
        """With nothing typed, Escape leaves the field."""
        return bool(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        m, p = self._look.metrics, self._look.palette
        paint.icon(painter, 9, self.height() // 2, "search", p.muted, size=m.icon)
        if not self.hasFocus() and not self.text() and self._has_room_for_key():
            self._paint_key(painter)
        painter.end()

    def _has_room_for_key(self) -> bool:
        """Never over the words: the key stands in the tooltip too."""
        words = QFontMetrics(self.font()).horizontalAdvance(self.placeholderText())
        left = self.textMargins().left() + self.fontMetrics().averageCharWidth()
        return left + words + self._key_width() + 11 <= self.width()

    def _key_width(self) -> int:
        return paint.key_cap_width(self._key, self._look.metrics.small - 2)

    def _paint_key(self, painter: QPainter) -> None:
        m, p = self._look.metrics, self._look.palette
        width = self._key_width()
        height = m.small + 5
        cap = QRect(self.width() - width - 7, (self.height() - height) // 2, width, height)
        painter.fillRect(cap.adjusted(-4, 0, 0, 0), p.card)
        paint.key_cap(painter, cap, self._key, p.muted, p.line, px=m.small - 2)
