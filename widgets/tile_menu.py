"""A tile's menu: follow its conversation, its priority, pages, place in the sound, kept calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, get_args

from PySide6.QtCore import QCoreApplication, QPoint, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import HOLDS_S, Priority, TalkgroupRow, TilePage
from widgets.tips import escaped

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
    """One for all tiles. Signals carry the group's key; ``page_wanted`` one to be made for it."""

    priority_chosen = Signal(str, str)
    calls_wanted = Signal(str)
    along_chosen = Signal(str, bool)
    off_chosen = Signal(str, bool)
    favourite_chosen = Signal(str, bool)
    page_chosen = Signal(str, str, bool)  # key, page
    page_wanted = Signal(str)
    place_wanted = Signal(str)
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
        self.favourite = self._switch(self.favourite_chosen)
        self.pages = self.addMenu("")
        self.place = self.addAction("")
        self.place.triggered.connect(lambda: self.place_wanted.emit(self._key))
        self.addSeparator()
        self.off = self._switch(self.off_chosen)
        self.along = self._switch(self.along_chosen)
        self.calls = self.addAction("")
        self.calls.triggered.connect(lambda: self.calls_wanted.emit(self._key))

    def _switch(self, chosen: SignalInstance) -> QAction:
        action = self.addAction("")
        action.setCheckable(True)
        action.triggered.connect(lambda on: chosen.emit(self._key, on))
        return action

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

    def open_for(
        self, row: TalkgroupRow, at: QPoint, pages: Sequence[TilePage], hold_s: float
    ) -> None:
        """In global coordinates. ``hold_s``: how long a conversation is followed, as chosen now."""
        self._key = row.key
        self._name.setText(escaped(row.name))
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
        self._show_layout(row, pages)
        self.off.setText(self.tr("Off: not heard at this desk"))
        self.off.setChecked(row.attention == "off")
        self.along.setText(self.tr("Talk here as well (T)"))
        self.along.setChecked(row.along)
        self.along.setEnabled(row.along or row.attention != "selected")
        self.calls.setText(self.tr("Kept calls (Ctrl+R)"))
        self.setAccessibleName(row.name)
        self.popup(at)
        self.setActiveAction(self.calls if row.exercise else self.priorities[row.priority])

    def _show_layout(self, row: TalkgroupRow, pages: Sequence[TilePage]) -> None:
        self.favourite.setText(self.tr("Favourite: first on each page"))
        self.favourite.setChecked(row.favourite)
        self.place.setText(self.tr("Place in the sound (S)"))
        self.pages.setTitle(self.tr("On pages"))
        self.pages.clear()
        for page in pages:
            if page.key:
                self._add_page(page, is_on=row.key in page.own)
        self.pages.addSeparator()
        new = self.pages.addAction(self.tr("New page …"))
        new.triggered.connect(lambda: self.page_wanted.emit(self._key))

    def _add_page(self, page: TilePage, *, is_on: bool) -> None:
        action = self.pages.addAction(escaped(page.key))
        action.setCheckable(True)
        action.setChecked(is_on)
        action.triggered.connect(lambda on: self.page_chosen.emit(self._key, page.key, on))
