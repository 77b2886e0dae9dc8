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
        """With room for the tick."""
        return super().sizeHint() + QSize(TICK_PX - 2, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        p = self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), None, p.selected, 2.0)
        paint.icon(painter, self.width() - TICK_PX - 3, 8, "check", p.selected, size=TICK_PX)
        painter.end()
