"""Whether a key is really up.

While a key is held X11 tells of it as of one that goes up and down again, many times a second. Qt
knows such a pair by looking ahead, which fails when the second half has not come yet: the first is
then told as a real one. A key that goes down so soon after it has come up was held all the while.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

PAIR_MS: Final = 30  # the halves of a pair are 1 to 10 ms apart on a busy machine


class HeldKey(QObject):
    """``released`` is called at once, and on X11 when no press has followed for ``PAIR_MS``."""

    def __init__(self, released: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._released = released
        self._pair = QTimer(self)
        self._pair.setSingleShot(True)
        self._pair.setInterval(PAIR_MS)
        self._pair.timeout.connect(self._look_once_more)
        self._is_waiting = False

    def _look_once_more(self) -> None:
        """A loop that was busy for so long may have the other half before it, unread."""
        QTimer.singleShot(0, self, self._let_go)

    def _let_go(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            self._released()

    def up(self) -> None:
        if QGuiApplication.platformName() == "xcb":
            self._is_waiting = True
            self._pair.start()
        else:
            self._released()

    def is_still_down(self) -> bool:
        """Asked at a press: whether it is the other half of a pair."""
        was_waiting, self._is_waiting = self._is_waiting, False
        self._pair.stop()
        return was_waiting
