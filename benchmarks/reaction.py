"""How long a window takes from an input until it shows."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from tests.turning import turn


class Painted(QObject):
    """Notes when a widget has been painted, however little of it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.done_s = 0.0
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.done_s:
            self._widget.removeEventFilter(self)
            QApplication.sendEvent(self._widget, event)
            self.done_s = time.perf_counter()
            return True
        return False


def reaction_ms(widget: QWidget, act: Callable[[], object], patience_s: float = 5.0) -> float:
    """From an input until ``widget`` has been painted. Raises TimeoutError."""
    painted = Painted(widget)
    began = time.perf_counter()
    act()
    while not painted.done_s:
        turn(0)
        if time.perf_counter() - began > patience_s:
            raise TimeoutError(f"{widget.objectName() or type(widget).__name__} was not painted")
    return 1_000 * (painted.done_s - began)
