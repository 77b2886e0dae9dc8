"""How large everything is drawn: a choice in the menu, and three keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from widgets.look import SCALES


class SizeMenu(QMenu):
    """``chosen`` carries percent."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._percent, self._fits = SCALES[0], SCALES[0]
        together = QActionGroup(self)
        for percent in SCALES:
            action = self.addAction("")
            action.setCheckable(True)
            action.setData(percent)
            action.triggered.connect(self._picked)
            together.addAction(action)
        self.retranslate()

    def show_size(self, percent: int, fits: int) -> None:
        """``fits``: as large as this window can hold, where that is less."""
        self._percent, self._fits = percent, fits
        self.retranslate()

    def _picked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.chosen.emit(int(action.data()))

    def retranslate(self) -> None:
        words = self.tr("Size: {0} %").format(self._percent)
        if self._fits < self._percent:
            words = self.tr("Size: {0} % (this window holds {1} %)").format(
                self._percent, self._fits
            )
        self.setTitle(words)
        for action in self.actions():
            action.setText(f"{action.data()} %")
            action.setChecked(action.data() == self._percent)


def stepped(percent: int, step: int) -> int:
    """The next larger (1) or smaller (-1) of :data:`SCALES`; at its end the same."""
    larger = [one for one in SCALES if one > percent]
    smaller = [one for one in SCALES if one < percent]
    found = larger[:1] if step > 0 else smaller[-1:]
    return found[0] if found else percent
