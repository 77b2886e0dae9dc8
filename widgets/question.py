"""What bars that ask something have in common: a sentence on a line of its own, buttons below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.look import Look, font
from widgets.theme import Palette
from widgets.tips import tip


class QuestionBar(QWidget):
    """Hidden until something is asked."""

    def __init__(self, look: Look, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = icon
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def ink(self, p: Palette) -> str:
        """Of the frame and the icon: what has consequences is asked in amber."""
        return p.warning

    def _lay_out(self, *parts: QWidget) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 8, 5)
        line.addStretch(1)
        for part in parts:
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)

    def say(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.setToolTip(tip(words))
            self.update()

    def elides(self) -> bool:
        """Whether the sentence doesn't fit."""
        m = self._look.metrics
        width = QFontMetrics(font(m.small, bold=True)).horizontalAdvance(self._words)
        return width > self.width() - m.icon - 31

    def set_look(self, look: Look) -> None:
        self._look = look
        for button in self.findChildren(FlatButton):
            button.set_look(look)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The sentence has a line of its own, so that it is never cut; the buttons another, where
        there are any now."""
        shown = [one for one in self.findChildren(FlatButton) if not one.isHidden()]
        buttons = max((one.sizeHint().height() + 4 for one in shown), default=0)
        return QSize(200, self._look.metrics.row + buttons + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, self.ink(p), 1.5)
        line = self.rect().adjusted(0, 0, -10, m.row + 4 - self.height())
        middle = line.center().y() + 1
        x = 12 + paint.icon(painter, 12, middle, self._icon, self.ink(p), size=m.icon) + 9
        line.setLeft(x)
        paint.text(painter, line, self._words, p.text, font(m.small, bold=True))
        painter.end()
