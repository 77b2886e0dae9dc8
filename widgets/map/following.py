"""A unit that the map keeps in its middle, and the chip that says so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets import icons, paint
from widgets.look import font
from widgets.theme import Palette

HEIGHT_PX = 34
WORD_PX = 13
ICON_PX = 16
PAD_PX = 10
MAX_WORDS_PX = 260


class FollowChip(QAbstractButton):
    """Whom the map follows; a press lets go. Without a unit it is hidden."""

    left = Signal()

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = ""  # the unit's, "" = nobody is followed
        self.palette_ = palette
        self._name, self._note, self._scale = "", "", 1.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self.let_go)
        self.hide()

    def follow(self, key: str, name: str) -> None:
        self.key, self._name, self._note = key, name, ""
        self._say()
        self.show()
        self.raise_()

    def let_go(self) -> None:
        """Does nothing the second time."""
        if self.key:
            self.key = ""
            self.hide()
            self.left.emit()

    def set_note(self, words: str) -> None:
        """What is wrong with where it is, e.g. how old that is."""
        if words != self._note:
            self._note = words
            self._say()

    def set_scale(self, scale: float) -> None:
        self._scale = scale
        self._say()

    def _words(self) -> str:
        follows = self.tr("Follows {0}").format(self._name)
        return f"{follows} · {self._note}" if self._note else follows

    def _say(self) -> None:
        self.setAccessibleName(self._words())
        self.setToolTip(self.tr("Let the map go (Esc)"))
        width = min(QFontMetricsF(font(WORD_PX)).horizontalAdvance(self._words()), MAX_WORDS_PX)
        width += 2 * ICON_PX + 4 * PAD_PX
        self.setFixedSize(round(width * self._scale), round(HEIGHT_PX * self._scale))
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p, painter, ratio = self.palette_, QPainter(self), self.devicePixelRatioF() * self._scale
        lit = self.underMouse() or self.isDown()
        edge = p.text if self.hasFocus() else p.selected
        paint.box(painter, self.rect(), p.raised if lit else p.card, edge)
        painter.scale(self._scale, self._scale)
        inner = QRectF(0, 0, self.width() / self._scale, HEIGHT_PX).adjusted(PAD_PX, 0, -PAD_PX, 0)
        top = (HEIGHT_PX - ICON_PX) / 2
        sides = ((inner.left(), "target", p.text), (inner.right() - ICON_PX, "x", p.muted))
        for x, name, ink in sides:
            painter.drawPixmap(QPointF(x, top), icons.pixmap(name, ink, ICON_PX, ratio))
        painter.setPen(QColor(p.text))
        painter.setFont(font(WORD_PX))
        words = inner.adjusted(ICON_PX + PAD_PX, 0, -ICON_PX - PAD_PX, 0)
        shown = QFontMetricsF(font(WORD_PX)).elidedText(
            self._words(), Qt.TextElideMode.ElideRight, words.width() + 1
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
