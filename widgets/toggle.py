"""A button that stays down: a word and an icon; while it is on, a frame and a tick for the icon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.buttons import FlatButton, Skin, plain
from widgets.look import Look
from widgets.theme import Palette

TICK_PX: Final = 10
EDGE_PX: Final = 5  # the tick stands inside the frame that shows the keyboard


class Toggle(FlatButton):
    def __init__(
        self,
        look: Look,
        *,
        icon_name: str = "",
        skin: Callable[[Palette], Skin] = plain,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, icon_name=icon_name, skin=skin, parent=parent)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        """Without an icon, with room for the tick beside the words, which stand in the middle."""
        beside = 0 if self._icon_name else 2 * self._look.metrics.px(TICK_PX)
        return super().sizeHint() + QSize(beside, 0)

    def shown_icon(self) -> str:
        return "check" if self.isChecked() and self._icon_name else self._icon_name

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        p, tick = self._look.palette, self._look.metrics.px(TICK_PX)
        painter = QPainter(self)
        paint.box(painter, self.rect(), None, p.selected, 2.0)
        if not self._icon_name:
            x = self.width() - tick - EDGE_PX
            paint.icon(painter, x, self.height() // 2, "check", p.selected, size=tick)
        painter.end()
