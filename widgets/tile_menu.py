"""A tile's menu: follow its conversation, its group's priority, and its kept calls."""

from __future__ import annotations

from typing import Final, get_args

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import HOLDS_S, Priority, TalkgroupRow
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
    follow_wanted = Signal(str)  # empty: no more
    hold_chosen = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = ""
        self._name = self.addAction("")
        self._name.setEnabled(False)
        self.follow = self.addAction("")
        self.follow.setCheckable(True)
        self.follow.triggered.connect(lambda on: self.follow_wanted.emit(self._key if on else ""))
        self.holds = {seconds: self._hold(seconds) for seconds in HOLDS_S}
        self.addSeparator()
        self.priorities = {one: self._choice(one) for one in PRIORITIES}
        self._exercise = self.addAction("")
        self._exercise.setEnabled(False)
        self.addSeparator()
        self.along = self.addAction("")
        self.along.setCheckable(True)
        self.along.triggered.connect(lambda on: self.along_chosen.emit(self._key, on))
        self.calls = self.addAction("")
        self.calls.triggered.connect(lambda: self.calls_wanted.emit(self._key))

    def _hold(self, seconds: float) -> QAction:
        action = self.addAction("")
        action.setCheckable(True)
        action.triggered.connect(lambda: self.hold_chosen.emit(seconds))
        return action

    def _choice(self, priority: Priority) -> QAction:
        action = self.addAction("")
        action.setCheckable(True)
        together = self.findChild(QActionGroup) or QActionGroup(self)
        together.addAction(action)
        action.triggered.connect(lambda: self.priority_chosen.emit(self._key, priority))
        return action

    def open_for(self, row: TalkgroupRow, at: QPoint, hold_s: float) -> None:
        """In global coordinates. ``hold_s``: that is chosen now."""
        self._key = row.key
        self._name.setText(plain(row.name).replace("&", "&&"))
        self.follow.setText(self.tr("Follow the conversation (F)"))
        self.follow.setChecked(row.follow == "followed")
        for seconds, hold in self.holds.items():
            hold.setText(self.tr("… until {0} s after its last call").format(round(seconds)))
            hold.setChecked(seconds == hold_s)
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
