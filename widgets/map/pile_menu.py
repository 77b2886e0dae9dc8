"""Who and what stands in one place, as a menu: for what zooming in does not part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.landmarks import KEY_PREFIX, LandmarkRow
from widgets.contracts.rows import UnitRow
from widgets.landmark_words import kind_words
from widgets.map.told import name_words
from widgets.tips import escaped

MAX_NAMED: Final = 24
MAX_LISTED: Final = 200  # of units that nothing parts: a menu scrolls
CROWD: Final = KEY_PREFIX  # no pin's key


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
        for row in rows[:MAX_LISTED]:
            self.addAction(escaped(name_words(row))).setData(row.key)
        if len(rows) > MAX_LISTED:
            self.addSeparator()
            self.addAction(_more_words(len(rows) - MAX_LISTED)).setData("")
        self.setAccessibleName(self.tr("Units here"))
        self.popup(at)
        self.setActiveAction(self.actions()[0])

    def _triggered(self, key: str) -> None:
        if key:
            self.chosen.emit(key)
        else:
            self.closer.emit()


class HereMenu(QMenu):
    """Pins and units in one spot. ``chosen`` carries a unit's key, or with ``KEY_PREFIX`` a pin's
    or a place's; ``closer``: that the map is to zoom in on the pins and places; ``crowd``: that the
    units are wanted, of which there are too many here."""

    chosen = Signal(str)
    closer = Signal()
    crowd = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.triggered.connect(lambda action: self._triggered(action.data()))

    def open_for(
        self,
        landmarks: Sequence[LandmarkRow],
        units: Sequence[UnitRow],
        at: QPoint,
        most: int = MAX_NAMED,
    ) -> None:
        """In global coordinates; ``most``: so many pins and places are named."""
        self.clear()
        for landmark in landmarks[:most]:
            words = f"{landmark.name} · {kind_words(landmark.kind)}"
            self.addAction(escaped(words)).setData(KEY_PREFIX + landmark.key)
        if len(landmarks) > most:
            self.addAction(_more_words(len(landmarks) - most)).setData("")
        self.addSeparator()
        for row in units[:MAX_NAMED]:
            self.addAction(escaped(name_words(row))).setData(row.key)
        if len(units) > MAX_NAMED:
            self.addAction(_more_words(len(units) - MAX_NAMED)).setData(CROWD)
        self.setAccessibleName(self.tr("What stands here"))
        self.popup(at)
        self.setActiveAction(self.actions()[0])

    def _triggered(self, key: str) -> None:
        if key == CROWD:
            self.crowd.emit()
        elif key:
            self.chosen.emit(key)
        else:
            self.closer.emit()


def _more_words(count: int) -> str:
    return QCoreApplication.translate("PileMenu", "{0} more: zoom in").format(count)
