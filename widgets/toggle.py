"""A button that stays down: a word and an icon, and, while it is on, a frame and a tick."""

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
        """With room for the tick beside the words, which stand in the middle."""
        return super().sizeHint() + QSize(2 * self._look.metrics.px(TICK_PX), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        p, tick = self._look.palette, self._look.metrics.px(TICK_PX)
        painter = QPainter(self)
        paint.box(painter, self.rect(), None, p.selected, 2.0)
        free = (self.width() - self._content_width()) // 2
        is_roomy = free >= tick + EDGE_PX + 2
        middle = self.height() // 2 if is_roomy else EDGE_PX + tick // 2
        x = self.width() - tick - EDGE_PX
        paint.icon(painter, x, middle, "check", p.selected, size=tick)
        painter.end()
