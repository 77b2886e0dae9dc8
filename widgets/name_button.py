"""A button with somebody's name on it, however long that is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent

from widgets.buttons import TIGHT_PAD, FlatButton
from widgets.tips import tip

LEAST_LETTERS: Final = 6  # times the small font: so much of a name can always be read


class NameButton(FlatButton):
    """What is cut has an ellipsis, and the tooltip has all of it."""

    _hint = ""

    def set_hint(self, hint: str) -> None:
        """What a click does: below the name, where that is cut."""
        self._hint = hint
        self._set_tip()

    def set_words(self, words: str, accessible: str = "") -> None:
        super().set_words(words, accessible)
        self._set_tip()

    def elides(self) -> bool:
        """Whether the name has an ellipsis now. Where it is crowded the icon goes first."""
        return self.width() < self._content_width() - self._icon_width() + 2 * TIGHT_PAD

    def least_width(self) -> int:
        least = LEAST_LETTERS * self._look.metrics.small + 2 * TIGHT_PAD
        return min(self.sizeHint().width(), least)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.least_width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_tip()

    def _set_tip(self) -> None:
        whole = self.text() if self.elides() else ""
        self.setToolTip(tip("\n".join(part for part in (whole, self._hint) if part)))
