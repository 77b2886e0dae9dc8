"""Who types on when the text field has gone selects nothing, mutes nobody and does not talk.

A field can go under a hand: Tab or Enter leave it, an alarm closes the page it is on. What is typed
after that was meant as text (a PIN, an address), but most keys of the desk are plain characters. So
such a character counts as typing until the hand has paused or done something that no text needs:
Escape, a function key, an arrow, a click.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

PAUSE_S: Final = 2.0
"""Between two characters of one text. Slow typists need up to about a second."""
COMMANDS: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
OF_TEXT: Final = (
    *ENTER,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Shift,
    Qt.Key.Key_AltGr,
)
"""Keys that a text may need: none of them says that it has ended."""


class TypingGuard(QObject):
    """``swallowed``: a key did nothing, because it was still text."""

    swallowed = Signal()

    def __init__(self, parent: QObject, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._now_s = now_s
        self._typed_s = float("-inf")
        self._is_astray = False  # a character has come since the field went
        self._spaced = False  # and the last one was a space

    def follow(self, window: QWidget) -> None:
        """Its fields also when their characters come by way of a list of completions."""
        for field in window.findChildren(QLineEdit):
            field.textEdited.connect(self._typed)

    def watch(self, window: QWindow) -> None:
        window.installEventFilter(self)

    def end(self) -> None:
        """A deliberate act: what comes now is no text."""
        self._typed_s = float("-inf")
        self._is_astray = False

    def goes_on(self) -> None:
        """Whatever key was pressed: what comes now may still be text."""
        self._typed()

    def takes_character(self) -> bool:
        """Whether a character that comes now, outside all fields, is still text."""
        if not self._goes_on():
            return False
        self._typed_s, self._is_astray, self._spaced = self._now_s(), True, False
        self.swallowed.emit()
        return True

    def takes_space(self) -> bool:
        """As for a character; but a second one in a row is the talk key."""
        if self._spaced and self._goes_on():
            self.end()
        taken = self.takes_character()
        self._spaced = taken
        return taken

    def _goes_on(self) -> bool:
        return 0 <= self._now_s() - self._typed_s < PAUSE_S

    def _typed(self) -> None:
        self._typed_s, self._is_astray, self._spaced = self._now_s(), False, False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self.end()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        is_in_field = isinstance(QApplication.focusWidget(), QLineEdit)
        if event.key() == Qt.Key.Key_Space and not is_in_field:
            return False  # the talk key's own affair
        text = event.text()
        if text and text.isprintable() and not event.modifiers() & COMMANDS:
            if is_in_field:
                self._typed()
            return not is_in_field and self.takes_character()
        if event.key() in ENTER and not is_in_field and self._is_astray and self._goes_on():
            self.end()  # it ends the text, and presses no button
            return True
        if event.key() not in OF_TEXT:
            self.end()
        return False
