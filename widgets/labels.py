"""One line of text that is never cut without an ellipsis and a tooltip; and an icon beside it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint, tips
from widgets.look import Look, font
from widgets.theme import Palette
from widgets.tips import tip

Ink = Literal["text", "muted", "good", "warning", "receiving", "sending"]
Size = Literal["small", "body", "title", "large", "clock"]


class Words(QWidget):
    """``frame`` draws a line around it in its own colour: a mark."""

    def __init__(
        self,
        look: Look,
        *,
        size: Size = "small",
        bold: bool = False,
        ink: Ink = "text",
        icon_name: str = "",
        frame: bool = False,
        align: Qt.AlignmentFlag = paint.LEFT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._size = size
        self._bold = bold
        self._ink = ink
        self._icon_name = icon_name
        self._frame = frame
        self._align = align
        self._text = ""
        self._more = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def say(
        self, text: str, *, ink: Ink | None = None, icon_name: str = "", more: str = ""
    ) -> None:
        """``more`` is added to the tooltip."""
        text = tips.plain(text)  # what is measured is what is drawn
        ink, icon_name = ink or self._ink, icon_name or self._icon_name
        if (text, ink, icon_name, more) == (self._text, self._ink, self._icon_name, self._more):
            return
        if QFontMetrics(self._font()).horizontalAdvance(text) != self._text_width():
            self.updateGeometry()
        self._text, self._ink, self._icon_name, self._more = text, ink, icon_name, more
        self.setAccessibleName(text)
        self._set_tip()
        self.update()

    def text(self) -> str:
        return self._text

    def elides(self) -> bool:
        """Whether the text has an ellipsis now."""
        return self._text_width() > self.width() - self._extra()

    def sizeHint(self) -> QSize:
        return QSize(self._text_width() + self._extra(), self._font().pixelSize() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._extra() + 24, self.sizeHint().width()), self.sizeHint().height())

    def _font(self) -> QFont:
        return font(getattr(self._look.metrics, self._size), bold=self._bold)

    def _text_width(self) -> int:
        return QFontMetrics(self._font()).horizontalAdvance(self._text) + 2

    def _extra(self) -> int:
        icon = self._look.metrics.icon + 6 if self._icon_name else 0
        return icon + (16 if self._frame else 0)

    def _set_tip(self) -> None:
        whole = self._text if self.elides() else ""
        self.setToolTip(tip("\n".join(part for part in (whole, self._more) if part)))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._set_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = _colour(self._look.palette, self._ink)
        rect = self.rect()
        if self._frame:
            high = self._font().pixelSize() + 10
            top = (self.height() - high) // 2
            paint.box(painter, rect.adjusted(0, top, 0, top + high - self.height()), None, ink, 1.5)
            rect = rect.adjusted(8, 0, -8, 0)
        if self._icon_name:
            size = self._look.metrics.icon
            middle = rect.center().y() + 1
            rect.setLeft(
                rect.left()
                + paint.icon(painter, rect.left(), middle, self._icon_name, ink, size=size)
                + 6
            )
        words = ink if self._frame or not self._icon_name else self._look.palette.text
        paint.text(painter, rect, self._text, words, self._font(), align=self._align)
        painter.end()


def _colour(p: Palette, ink: Ink) -> str:
    colours: dict[Ink, str] = {
        "text": p.text,
        "muted": p.muted,
        "good": p.good,
        "warning": p.warning,
        "receiving": p.receiving,
        "sending": p.sending,
    }
    return colours[ink]
