"""A line to type in that keeps Escape for itself while it has a use for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from widgets.buttons import ENTER


class Field(QLineEdit):
    """``escaped``: Escape was pressed, before the window's own Escape sees it."""

    escaped = Signal()
    takes_tab = False
    """Whether Tab gives what was typed, as Enter does, and does not go on to another control."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.takes_tab and forward:
            self.returnPressed.emit()
            return True
        return super().focusNextPrevChild(forward)

    def wants_escape(self) -> bool:
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._is_escape(event):
                event.accept()
                return True
            if event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable():
                event.ignore()  # what was done last at the desk is meant
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter that is held down gives once."""
        if self._is_escape(event):
            self.escaped.emit()
        elif event.key() in ENTER and event.isAutoRepeat():
            event.accept()
        else:
            super().keyPressEvent(event)

    def _is_escape(self, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return pressed and self.wants_escape()
