"""What stands where nothing is yet: one sentence what, one what to do."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.look import Look, font

WIDEST_PX: Final = 340
ABOVE_PX: Final = 70  # from the icon to the middle


class EmptyNote(QWidget):
    """Centred: an icon, a line, and a paragraph in a quieter colour."""

    def __init__(self, look: Look, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon_name
        self._what = ""
        self._advice = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def set_words(self, what: str, advice: str = "") -> None:
        self._what, self._advice = what, advice
        self.setAccessibleName(f"{what}. {advice}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        width = min(self.width() - 24, m.px(WIDEST_PX))
        x, y = (self.width() - width) // 2, self.height() // 2 - m.px(ABOVE_PX)
        size = m.icon * 2
        if y >= size // 2:
            middle = (self.width() - size) // 2
            paint.icon(painter, middle, y, self._icon_name, p.muted, size=size)
            y += size // 2 + 12
        else:  # there is room for the words alone
            y = 4
        y += self._paragraph(painter, QRect(x, y, width, 400), self._what, p.text, True) + 8
        self._paragraph(painter, QRect(x, y, width, 800), self._advice, p.muted, False)
        painter.end()

    def _paragraph(
        self, painter: QPainter, rect: QRect, words: str, colour: str, bold: bool
    ) -> int:
        """Wrapped and centred; returns the height it took."""
        m = self._look.metrics
        used = font(m.body if bold else m.small, bold=bold)
        flags = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.setFont(used)
        painter.setPen(QColor(colour))
        painter.drawText(rect, flags, words)
        return QFontMetrics(used).boundingRect(rect, flags, words).height()


class ListNote(EmptyNote):
    """Covers the list that it stands in, whatever the size of that."""

    def __init__(self, look: Look, icon_name: str, within: QWidget) -> None:
        super().__init__(look, icon_name, within)
        within.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)
