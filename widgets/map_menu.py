"""The map's own menu, and that of several units at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import MapViewRow
from widgets.tips import escaped

UnitsDeed = Literal["message", "callout", "group", "map"]
UNITS_DEEDS: Final[tuple[UnitsDeed, ...]] = get_args(UnitsDeed)


class UnitsMenu(QMenu):
    """What can be done with several units: those a hand drew a box round, or those in view."""

    wanted = Signal(str, tuple)  # a UnitsDeed, the units' keys

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys: tuple[str, ...] = ()
        self._count = self.addAction("")
        self._count.setEnabled(False)
        self.deeds: dict[UnitsDeed, QAction] = {one: self._deed(one) for one in UNITS_DEEDS}

    def _deed(self, deed: UnitsDeed) -> QAction:
        action = self.addAction("")
        action.triggered.connect(lambda: self.wanted.emit(deed, self._keys))
        return action

    def fill(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._count.setText(self.tr("Units: {0}").format(len(self._keys)))
        words: dict[UnitsDeed, str] = {
            "message": self.tr("Write a message to them"),
            "callout": self.tr("Call them out"),
            "group": self.tr("A new talkgroup of them"),
            "map": self.tr("Show them closer"),
        }
        for deed, action in self.deeds.items():
            action.setText(words[deed])
            action.setEnabled(bool(self._keys))

    def open_for(self, keys: Sequence[str], at: QPoint) -> None:
        """In global coordinates."""
        self.fill(keys)
        self.popup(at)
        self.setActiveAction(self.deeds["message"])


class ViewMenu(QMenu):
    """Views that are kept, the units in view, and the map as a picture."""

    view_chosen = Signal(object)  # a MapViewRow
    keep_wanted = Signal()
    view_forgotten = Signal(str)  # its name
    save_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.views: list[QAction] = []
        # These outlive what the menu lists. Its clear() ends what they are connected to where that
        # is another signal (PySide 6.11.3), and leaves functions alone.
        self.keep = QAction(parent)
        self.keep.triggered.connect(lambda _on=False: self.keep_wanted.emit())
        self.forget = QMenu(self)
        self.in_view = UnitsMenu(self)
        self.save = QAction(parent)
        self.save.triggered.connect(lambda _on=False: self.save_wanted.emit())
        self.print = QAction(parent)
        self.print.triggered.connect(lambda _on=False: self.print_wanted.emit())

    def open_for(self, views: Sequence[MapViewRow], units: Sequence[str], at: QPoint) -> None:
        """In global coordinates. ``units``: those in view."""
        self.clear()
        self._list(views)
        self.keep.setText(self.tr("Keep this view"))
        self.addAction(self.keep)
        if views:
            self.forget.setTitle(self.tr("Forget a view"))
            self.addMenu(self.forget)
        self.addSeparator()
        self.in_view.fill(units)
        self.in_view.setTitle(self.tr("Units in view"))
        self.addMenu(self.in_view)
        self.addSeparator()
        self.save.setText(self.tr("Save the map as a picture…"))
        self.print.setText(self.tr("Print the map…"))
        self.addActions([self.save, self.print])
        self.setAccessibleName(self.tr("Map"))
        self.popup(at)
        self.setActiveAction(self.views[0] if self.views else self.keep)

    def _list(self, views: Sequence[MapViewRow]) -> None:
        """Each with its number, which is its key in the menu."""
        self.forget.clear()
        self.views = []
        for number, view in enumerate(views, 1):
            action = self.addAction(f"&{number}  {escaped(view.name)}")
            action.triggered.connect(lambda _=False, view=view: self.view_chosen.emit(view))
            self.views.append(action)
            gone = self.forget.addAction(escaped(view.name))
            gone.triggered.connect(lambda _=False, view=view: self.view_forgotten.emit(view.name))
        if views:
            self.addSeparator()
