"""A button that acts when it is pressed a second time: for what can't be taken back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from widgets.buttons import FlatButton, Skin, plain
from widgets.look import Look
from widgets.theme import Palette

AGAIN_MS: Final = 4_000  # chosen: to read the words and press once more


def _asking(p: Palette) -> Skin:
    return Skin(p.raised, p.line, p.warning, p.warning)


class TwiceButton(FlatButton):
    """``confirmed`` instead of ``clicked``. What it is about is forgotten with :meth:`calm`."""

    confirmed = Signal()

    def __init__(self, look: Look, *, icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(look, icon_name=icon_name, parent=parent)
        self._usual = ("", "")
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(AGAIN_MS)
        self._calm.timeout.connect(self.calm)
        self.clicked.connect(self._pressed)

    def set_usual(self, words: str, accessible: str) -> None:
        self._usual = words, accessible
        self.calm()

    @property
    def is_asking(self) -> bool:
        return self._calm.isActive()

    def calm(self) -> None:
        """As if it had not been pressed."""
        self._calm.stop()
        self.set_words(*self._usual)
        self.set_skin(plain)

    def _pressed(self) -> None:
        if self.is_asking:
            self.calm()
            self.confirmed.emit()
            return
        self._calm.start()
        self.set_skin(_asking)
        self.set_words(self.tr("Press again"), self.tr("{0}: press again").format(self._usual[1]))

    def hideEvent(self, _event: QHideEvent) -> None:
        self.calm()
