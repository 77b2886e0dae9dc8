"""The menu of the second sound output: which one monitored groups are heard from, and how loud."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import DeskStatus, DeviceChoice

LEVELS_DB: Final = (6, 0, -6, -12, -18, -24)


class SpeakerMenu(QMenu):
    chosen = Signal(str)  # a device's name; empty: none
    level_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._together = QActionGroup(self), QActionGroup(self)
        self._listed: tuple[DeviceChoice, ...] = ()
        self._status = DeskStatus()
        self.outputs: list[QAction] = []
        self.levels: list[QAction] = []
        self.retranslate()

    def show_status(self, status: DeskStatus) -> None:
        """Made anew only when the list differs: it may be open."""
        self._status = status
        listed = tuple(one for one in status.devices if one.name != "null")
        if listed != self._listed:
            self._listed = listed
            self._fill()
        for action in self.outputs:
            action.setChecked(action.data() == status.second_chosen)
        for action in self.levels:
            action.setChecked(action.data() == round(status.second_gain_db))
            action.setEnabled(bool(status.second_chosen))

    def retranslate(self) -> None:
        self.setTitle(self.tr("Loudspeaker for monitored groups"))
        self._fill()
        self.show_status(self._status)

    def _fill(self) -> None:
        self.clear()
        names = [("", self.tr("None"))] + [(one.name, self._words(one)) for one in self._listed]
        self.outputs = [self._choice(name, words, self._output_picked) for name, words in names]
        self.addSeparator()
        levels = [
            (level, self.tr("Volume {0} dB").format(f"{level:+d}" if level else "0"))
            for level in LEVELS_DB
        ]
        self.levels = [self._choice(level, words, self._level_picked) for level, words in levels]
        for together, group in zip(self._together, (self.outputs, self.levels), strict=True):
            for action in group:
                together.addAction(action)

    def _choice(self, data: object, words: str, call: object) -> QAction:
        action = QAction(words.replace("&", "&&"), self)
        action.setCheckable(True)
        action.setData(data)
        action.triggered.connect(call)
        self.addAction(action)
        return action

    def _words(self, choice: DeviceChoice) -> str:
        system = self.tr("The system's choice") if choice.name == "default" else choice.name
        return choice.label or system

    def _output_picked(self) -> None:
        self.chosen.emit(self._data())

    def _level_picked(self) -> None:
        self.level_chosen.emit(float(self._data()))

    def _data(self) -> str:
        action = self.sender()
        return str(action.data()) if isinstance(action, QAction) else ""
