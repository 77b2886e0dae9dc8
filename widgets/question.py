"""What bars that ask something have in common: a sentence, and buttons beside it where both fit."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.look import Look, font
from widgets.theme import Palette
from widgets.tips import tip

BESIDE_PX: Final = 16  # between the sentence and what stands beside it


class QuestionBar(QWidget):
    """Hidden until something is asked. One line where the sentence and the buttons fit beside each
    other, so that the map keeps its room; two where they don't: the sentence is never cut."""

    def __init__(self, look: Look, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = icon
        self._words = ""
        self._beside: tuple[QWidget, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def ink(self, p: Palette) -> str:
        """Of the frame and the icon: what has consequences is asked in amber."""
        return p.warning

    def _lay_out(self, *parts: QWidget) -> None:
        self._beside = parts
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 8, 5)
        line.addStretch(1)
        for part in parts:
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)

    def say(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.updateGeometry()
            self.setAccessibleName(words)
            self.setToolTip(tip(words))
            self.update()

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called where there is no room for it."""
        return (self._words,)

    def whole_height(self) -> int:
        return self.sizeHint().height()

    def elides(self) -> bool:
        """Whether the sentence doesn't fit."""
        return self._words_px() > self.width() - self._look.metrics.icon - 31

    def _words_px(self) -> int:
        used = font(self._look.metrics.small, bold=True)
        return QFontMetrics(used).horizontalAdvance(self._words)

    def _in_line(self) -> list[QWidget]:
        """What stands in its line of buttons now."""
        return [part for part in self._beside if not part.isHidden()]

    def takes_one_line(self) -> bool:
        """Whether all of it fits beside each other; not where somebody types, whose words would
        have the bar grow and shrink under the hand."""
        parts = self._in_line()
        if not parts or not all(isinstance(part, FlatButton) for part in parts):
            return False
        beside = sum(part.sizeHint().width() + 6 for part in parts) + BESIDE_PX + 8
        return self._text_x() + self._words_px() + beside <= self.width()

    def _text_x(self) -> int:
        return 21 + self._look.metrics.icon

    def set_look(self, look: Look) -> None:
        self._look = look
        for button in self.findChildren(FlatButton):
            button.set_look(look)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as it is now: one that becomes wider asks anew."""
        tall = max((one.sizeHint().height() for one in self._in_line()), default=0)
        if self.takes_one_line():
            return QSize(200, max(self._look.metrics.row + 4, tall + 10))
        return QSize(200, self._look.metrics.row + 4 + (tall + 4 if tall else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, self.ink(p), 1.5)
        below = 0 if self.takes_one_line() else m.row + 4 - self.height()
        line = self.rect().adjusted(0, 0, -10, below)
        middle = line.center().y() + 1
        x = 12 + paint.icon(painter, 12, middle, self._icon, self.ink(p), size=m.icon) + 9
        line.setLeft(x)
        paint.text(painter, line, self._words, p.text, font(m.small, bold=True))
        painter.end()
