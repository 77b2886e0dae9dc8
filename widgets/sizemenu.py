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
        self._percent, self._most = SCALES[0], SCALES[-1]
        together = QActionGroup(self)
        for percent in SCALES:
            action = self.addAction("")
            action.setCheckable(True)
            action.setData(percent)
            action.triggered.connect(self._picked)
            together.addAction(action)
        self.retranslate()

    def show_size(self, percent: int, most: int) -> None:
        """``most``: what this window can hold."""
        self._percent, self._most = percent, most
        self.retranslate()

    @property
    def most(self) -> int:
        return self._most

    def offers(self, percent: int) -> bool:
        """Whether it is drawn larger than the next smaller one here."""
        return max((one for one in SCALES if one < percent), default=0) < self._most

    def stepped(self, step: int) -> int:
        """The next larger (1) or smaller (-1) than what is seen; at an end the same."""
        seen = min(self._percent, self._most)
        larger = [one for one in SCALES if one > seen and self.offers(one)]
        smaller = [one for one in SCALES if one < seen]
        found = larger[:1] if step > 0 else smaller[-1:]
        return found[0] if found else self._percent

    def _picked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.chosen.emit(int(action.data()))

    def retranslate(self) -> None:
        words = self.tr("Size: {0} %").format(self._percent)
        if self._most < self._percent:
            words = self.tr("Size: {0} % (this window holds {1} %)").format(
                self._percent, self._most
            )
        self.setTitle(words)
        for action in self.actions():
            percent = int(action.data())
            too_large = self.tr("{0} % (needs a larger window)").format(percent)
            action.setText(f"{percent} %" if self.offers(percent) else too_large)
            action.setEnabled(self.offers(percent))
            action.setChecked(percent == self._percent)
