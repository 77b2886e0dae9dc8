"""A line for somebody's own words, with a bound: what does not fit is never left out silently."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from widgets.fields import Field

CEILING: Final = 1 << 20
"""Qt cuts there without a word: beyond all that somebody would paste."""


class TextField(Field):
    """Keeps what fits; ``left_out`` counts the characters that did not, and ``bounded`` tells when
    it changes. A form asks :meth:`must_look` before it sends: a text that was cut goes only by a
    press that came after its end was shown."""

    bounded = Signal()

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self._is_cutting = False
        self._is_unseen = False
        self._stood = ""
        self.left_out = 0
        self.setMaxLength(CEILING)
        self.textChanged.connect(self._mind)

    def set_most(self, most: int) -> None:
        if most != self._most:
            self._most = most
            if _units(self.text()) > most:
                self.end(False)
                self._mind()

    def must_look(self) -> bool:
        """True once after a cut, for the press that would have sent it: the end is shown."""
        if not self._is_unseen:
            return False
        self._is_unseen = False
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.end(False)
        self.bounded.emit()
        return True

    def cut_words(self) -> str:
        """What a form says of it; "" = nothing was left out."""
        if not self.left_out:
            return ""
        if self._is_unseen:
            words = self.tr("{0} characters did not fit. Look at the end.")
        else:
            words = self.tr("{0} characters are left out. Once more, and it goes like this.")
        return words.format(self.left_out)

    def _mind(self) -> None:
        """More than fits came by hand or by program."""
        if self._is_cutting:
            return
        text, before, stood = self.text(), self.left_out, self._stood
        excess = _units(text) - self._most
        gone = self._cut(text, excess) if excess > 0 else 0
        self._stood = self.text()
        goes_on = gone and self._stood == stood  # letter by letter against the bound
        self.left_out = before + gone if goes_on else gone
        self._is_unseen = self.left_out > 0
        if self.left_out or before:
            self.bounded.emit()

    def _cut(self, text: str, excess: int) -> int:
        """What stands before the cursor came last: its end goes. Qt counts in UTF-16; half a
        character is never kept. Returns how many go."""
        cursor = self.cursorPosition()
        if cursor < excess:
            cursor = _units(text)
        raw = text.encode("utf-16-le", "surrogatepass")
        before = raw[: 2 * cursor].decode("utf-16-le", "ignore")
        kept = raw[: 2 * (cursor - excess)].decode("utf-16-le", "ignore")
        self._is_cutting = True
        try:
            self.setSelection(_units(kept), cursor - _units(kept))
            self.del_()
        finally:
            self._is_cutting = False
        return len(before) - len(kept)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
