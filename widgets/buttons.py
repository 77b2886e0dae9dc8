"""The desk's flat buttons: icon, words, and the key that does the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets import paint
from widgets.look import Look, font
from widgets.theme import Palette

SMALLEST_TARGET: Final = 24  # px, WCAG 2.2, 2.5.8
PAD: Final = 9
TIGHT_PAD: Final = 6
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Skin:
    """A button's colours; ``hover`` fills while the pointer is on it or it is held down."""

    fill: str | None
    hover: str
    ink: str
    line: str | None = None


def plain(p: Palette) -> Skin:
    return Skin(p.raised, p.line, p.text, p.line)


def ghost(p: Palette) -> Skin:
    return Skin(None, p.raised, p.muted)


def strong(p: Palette) -> Skin:
    """The one answer that is wanted now, on an alarm's ground."""
    if p.name == "night":
        return Skin(p.alarm_text, p.text, p.alarm_ground, p.alarm_text)
    return Skin(p.alarm, p.tag_red, p.alarm_text, p.alarm)


def picked(p: Palette) -> Skin:
    """The one of several that is chosen: a white frame, as the selected tile has."""
    return Skin(p.raised, p.line, p.text, p.selected)


def on_alarm(p: Palette) -> Skin:
    return Skin(p.card, p.raised, p.text, p.line)


def sending(p: Palette) -> Skin:
    return Skin(p.sending_ground, p.raised, p.sending, p.sending)


class FlatButton(QAbstractButton):
    """Give it ``icon_name``, words, a key to show, and a skin; any of the first three may be ''."""

    def __init__(
        self,
        look: Look,
        *,
        icon_name: str = "",
        key: str = "",
        skin: Callable[[Palette], Skin] = plain,
        once: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``once``: the second half of a double click is none, as it was meant for what stood here
        before the first."""
        super().__init__(parent)
        self._look = look
        self._once = once
        self._icon_name = icon_name
        self._key = key
        self._skin = skin
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def set_skin(self, skin: Callable[[Palette], Skin]) -> None:
        if skin is not self._skin:
            self._skin = skin
            self.update()

    def set_icon_name(self, name: str) -> None:
        if name != self._icon_name:
            self._icon_name = name
            self.update()

    def shown_icon(self) -> str:
        """As it stands now."""
        return self._icon_name

    def set_key(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self.updateGeometry()
            self.update()

    def set_words(self, words: str, accessible: str = "") -> None:
        """The text on it, and the name a screen reader says (the text, if not given)."""
        if words != self.text():
            self.setText(words)
            self.updateGeometry()
        self.setAccessibleName(accessible or words)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._once:
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it. The space bar is the talk key, wherever the focus is."""
        if event.key() in ENTER:
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        width = 2 * m.px(PAD) + self._content_width()
        least = m.px(SMALLEST_TARGET)
        return QSize(max(width, least), max(m.control, least))

    def minimumSizeHint(self) -> QSize:
        """Where it is crowded the icon goes, never a letter of the words."""
        least = self._look.metrics.px(SMALLEST_TARGET)
        if not self.text():
            return QSize(least, self.sizeHint().height())
        tight = self._content_width() - self._icon_width() + 2 * TIGHT_PAD
        return QSize(max(tight, least), self.sizeHint().height())

    def _icon_width(self) -> int:
        if not self._icon_name:
            return 0
        return self._look.metrics.icon + (6 if self.text() else 0)

    def _font_px(self) -> int:
        return self._look.metrics.small

    def _content_width(self) -> int:
        m, width = self._look.metrics, self._icon_width()
        if self.text():
            used = font(self._font_px(), bold=True)
            width += QFontMetrics(used).horizontalAdvance(self.text()) + 2
        if self._key:
            width += 8 + paint.key_cap_width(self._key, m.small - 2)
        return width

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        p = self._look.palette
        skin = self._skin(p)
        if not self.isEnabled() and skin.fill not in (None, p.card, p.raised):
            skin = plain(p)  # muted words can't be read on what calls for a hand
        held = self.isDown() or self.isChecked() or self.underMouse()
        fill = skin.hover if held and self.isEnabled() else skin.fill
        paint.box(painter, self.rect(), fill, skin.line)
        self._paint_content(painter, skin.ink if self.isEnabled() else p.muted)
        if self.hasFocus():
            focus_ring(painter, self.rect(), skin.ink)
        painter.end()

    def _paint_content(self, painter: QPainter, ink: str) -> None:
        m, middle = self._look.metrics, self.height() // 2
        crowded = self.width() < self._content_width() + 2 * TIGHT_PAD and bool(self.text())
        needed = self._content_width() - (self._icon_width() if crowded else 0)
        spare = self.width() - needed
        x, right = max(spare // 2, 2), self.width() - max(spare // 2, 2)
        if self._key:
            pad = min(m.px(PAD), spare // 2)
            x, right = pad, self._paint_key(painter, self.width() - pad, ink)
        if self._icon_name and not crowded:
            paint.icon(painter, x, middle, self.shown_icon(), ink, size=m.icon)
            x += self._icon_width()
        rect = QRect(x, 0, right - x + 1, self.height())
        paint.text(painter, rect, self.text(), ink, font(self._font_px(), bold=True))

    def _paint_key(self, painter: QPainter, right: int, ink: str) -> int:
        """The key's cap ends at ``right``; returns where the words must end."""
        px = self._look.metrics.small - 2
        width, height = paint.key_cap_width(self._key, px), px + 6
        cap = QRect(right - width, (self.height() - height) // 2, width, height)
        paint.key_cap(painter, cap, self._key, ink, ink, px=px)
        return cap.left() - 6


class HoldButton(FlatButton):
    """Acts while it is held, by mouse or Enter; lets go when the focus leaves."""

    def hitButton(self, pos: QPoint) -> bool:
        """A pointer that slides off while somebody talks doesn't cut the word."""
        return self.isDown() or super().hitButton(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and not self.isDown():
            self.setDown(True)
            self.pressed.emit()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            event.ignore()
        elif not event.isAutoRepeat():
            self._let_go()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_go()
        super().focusOutEvent(event)

    def _let_go(self) -> None:
        if self.isDown():
            self.setDown(False)
            self.released.emit()


def focus_ring(painter: QPainter, rect: QRect, colour: str) -> None:
    """A second frame inside the edge: a shape, so that it is seen without colour too."""
    paint.box(painter, rect.adjusted(3, 3, -3, -3), None, colour, 1.5, radius=3)
