"""Many words, laid out when they are first seen: that takes as long as a frame."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from widgets.look import Look


class MadeWhenSeen(QWidget):
    """A subclass says what :meth:`lay_out` makes, and calls :meth:`renew` when it would differ."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._is_stale = True

    def lay_out(self) -> None:
        raise NotImplementedError

    def set_look(self, look: Look) -> None:
        self._look = look
        self.renew()

    def renew(self) -> None:
        """At once where it is seen, else when it will be."""
        self._is_stale = True
        if self.isVisible():
            self.ready()

    def ready(self) -> None:
        """Also before it is seen, for who asks how high it is."""
        if self._is_stale:
            self._is_stale = False
            self.lay_out()

    def showEvent(self, _event: QShowEvent) -> None:
        self.ready()
