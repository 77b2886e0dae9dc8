"""A tile's menu: its group's priority, and its kept calls."""

from __future__ import annotations

from typing import Final, get_args

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import Priority, TalkgroupRow
from widgets.tips import plain

PRIORITIES: Final[tuple[Priority, ...]] = get_args(Priority)


def priority_words(priority: Priority) -> str:
    translate = QCoreApplication.translate
    words: dict[Priority, str] = {
        "high": translate("priority", "High priority: others are turned down for it"),
        "normal": translate("priority", "Normal priority"),
        "low": translate("priority", "Low priority: turned down for others"),
    }
    return words[priority]


class TileMenu(QMenu):
    """One for all tiles. Signals carry the group's key."""

    priority_chosen = Signal(str, str)
    calls_wanted = Signal(str)
    along_chosen = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = ""
        self._name = self.addAction("")
        self._name.setEnabled(False)
        self.priorities = {one: self._choice(one) for one in PRIORITIES}
        self._exercise = self.addAction("")
        self._exercise.setEnabled(False)
        self.addSeparator()
        self.along = self.addAction("")
        self.along.setCheckable(True)
        self.along.triggered.connect(lambda on: self.along_chosen.emit(self._key, on))
        self.calls = self.addAction("")
        self.calls.triggered.connect(lambda: self.calls_wanted.emit(self._key))

    def _choice(self, priority: Priority) -> QAction:
        action = self.addAction("")
        action.setCheckable(True)
        together = self.findChild(QActionGroup) or QActionGroup(self)
        together.addAction(action)
        action.triggered.connect(lambda: self.priority_chosen.emit(self._key, priority))
        return action

    def open_for(self, row: TalkgroupRow, at: QPoint) -> None:
        """In global coordinates."""
        self._key = row.key
        self._name.setText(plain(row.name).replace("&", "&&"))
        for priority, action in self.priorities.items():
            action.setText(priority_words(priority))
            action.setEnabled(not row.exercise)
            action.setChecked(priority == row.priority and not row.exercise)
        self._exercise.setText(self.tr("An exercise is always turned down for what is real"))
        self._exercise.setVisible(row.exercise)
        self.along.setText(self.tr("Talk here as well (T)"))
        self.along.setChecked(row.along)
        self.calls.setText(self.tr("Kept calls (Ctrl+R)"))
        self.setAccessibleName(row.name)
        self.popup(at)
        self.setActiveAction(self.calls if row.exercise else self.priorities[row.priority])
