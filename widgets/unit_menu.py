"""What can be done with a unit, by a right click, the Menu key or Shift+F10."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, get_args

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import PostRow, UnitRow
from widgets.tips import escaped, plain

Deed = Literal[
    "call", "message", "callout", "new-group", "map", "follow", "trail", "log", "measure", "line"
]
DEEDS: Final[tuple[Deed, ...]] = get_args(Deed)
ON_MAP: Final[tuple[Deed, ...]] = ("map", "follow", "trail", "measure", "line")
MAX_GROUPS: Final = 12  # the newest; any other is on the people page


def deed_words(deed: Deed) -> str:
    translate = QCoreApplication.translate
    words: dict[Deed, str] = {
        "call": translate("unit-menu", "Call"),
        "message": translate("unit-menu", "Write a message"),
        "callout": translate("unit-menu", "Call out"),
        "new-group": translate("unit-menu", "In a new talkgroup"),
        "map": translate("unit-menu", "Show on the map"),
        "follow": translate("unit-menu", "Follow on the map (U)"),
        "trail": translate("unit-menu", "Where it has been (Shift+U)"),
        "log": translate("unit-menu", "Show in the log"),
        "measure": translate("unit-menu", "Nearest units from here"),
        "line": translate("unit-menu", "Measure a line from here"),
    }
    return words[deed]


class UnitMenu(QMenu):
    """One for the list and the map. Signals carry the unit's key; ``group_chosen`` also a formed
    group's. ``groups``: those that are there now."""

    wanted = Signal(str, str)  # a Deed, a unit
    group_chosen = Signal(str, str)  # a unit, a group

    def __init__(self, groups: Callable[[], Sequence[PostRow]], parent: QWidget) -> None:
        super().__init__(parent)
        self._groups = groups
        self._key = ""
        self._name = self.addAction("")
        self._name.setEnabled(False)
        self.addSeparator()
        self.deeds: dict[Deed, QAction] = {}
        for deed in DEEDS:
            if deed == "new-group":
                self.add_to = self.addMenu("")
                self.deeds[deed] = QAction(self)  # outlives the list of groups
                self.addSeparator()
            else:
                self.deeds[deed] = self.addAction("")
        for deed, action in self.deeds.items():
            action.triggered.connect(lambda _=False, deed=deed: self.wanted.emit(deed, self._key))

    @property
    def key(self) -> str:
        """Whom it is about."""
        return self._key

    def open_for(self, row: UnitRow, at: QPoint) -> None:
        """In global coordinates."""
        if self.isVisible() and self._key == row.key:  # the Menu key is told twice
            return
        self._key = row.key
        self._name.setText(escaped(row.call_sign))
        for deed, action in self.deeds.items():
            action.setText(deed_words(deed))
        has_place = row.lat is not None
        for deed in ON_MAP:
            self.deeds[deed].setEnabled(has_place)
        self.add_to.setTitle(self.tr("Add to a talkgroup"))
        self._list_groups()
        self.setAccessibleName(row.call_sign)
        self.popup(at)
        self.setActiveAction(self.deeds["call"])

    def _list_groups(self) -> None:
        """The groups that were formed first, then a new one."""
        self.add_to.clear()
        formed = [one for one in self._groups() if one.kind == "group" and one.can_end]
        for group in formed[:MAX_GROUPS]:
            action = self.add_to.addAction(escaped(group.text))
            action.setToolTip(plain(group.to))
            action.triggered.connect(
                lambda _=False, key=group.key: self.group_chosen.emit(self._key, key)
            )
        if formed:
            self.add_to.addSeparator()
        self.add_to.addAction(self.deeds["new-group"])
