"""Who stands below one mark, as a menu: for piles that zooming in does not part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import UnitRow
from widgets.tips import escaped

MAX_NAMED: Final = 24


class PileMenu(QMenu):
    """``chosen`` carries a unit's key, ``closer`` that the map is to zoom in on them."""

    chosen = Signal(str)
    closer = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.triggered.connect(lambda action: self._triggered(action.data()))

    def open_for(self, rows: Sequence[UnitRow], at: QPoint) -> None:
        """In global coordinates; the most important first."""
        self.clear()
        for row in rows[:MAX_NAMED]:
            self.addAction(_words(row)).setData(row.key)
        if len(rows) > MAX_NAMED:
            self.addSeparator()
            more = self.tr("{0} more: zoom in").format(len(rows) - MAX_NAMED)
            self.addAction(more).setData("")
        self.setAccessibleName(self.tr("Units here"))
        self.popup(at)
        self.setActiveAction(self.actions()[0])

    def _triggered(self, key: str) -> None:
        if key:
            self.chosen.emit(key)
        else:
            self.closer.emit()


def _words(row: UnitRow) -> str:
    words = f"{row.call_sign} · {row.status_text}" if row.status_text else row.call_sign
    return escaped(words)
