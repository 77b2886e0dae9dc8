"""Whether the keyboard is still at this desk: in its window, or in a panel's window of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget


class DeskFocus(QObject):
    """``left``: the keyboard has gone to something else, or nobody knows where. From one window of
    the desk to another it goes without a word: a key that is down comes up there."""

    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._windows: list[QWindow] = []

    def watch(self, window: QWindow) -> None:
        if window not in self._windows:
            self._windows.append(window)
            window.installEventFilter(self)

    def forget(self, window: QWindow) -> None:
        """It is about to go; a key that was down in it may never come up."""
        if window in self._windows:
            self._windows.remove(window)
            window.removeEventFilter(self)
            self.left.emit()

    def has(self, widget: QWidget | None) -> bool:
        """Whether this top level widget is one of the desk's."""
        return widget is not None and widget.windowHandle() in self._windows

    @property
    def is_active(self) -> bool:
        return self.has(QApplication.activeWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A focus that is lost to the very window that lost it is no move between two."""
        if event.type() == QEvent.Type.FocusOut:
            now = QGuiApplication.focusWindow()
            if now is watched or now not in self._windows:
                self.left.emit()
        return False
