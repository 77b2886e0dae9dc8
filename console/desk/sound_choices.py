"""How loud, by which devices and how long: what a hand chooses, remembered and told the engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QObject

from audio import protocol
from console.desk.memory import Memory
from console.desk.microphone import effective, microphone_wish, remembered
from console.models.actions import DeskActions
from console.models.status import StatusModel
from console.settings import with_device


class SoundChoices(QObject):
    """``grants``: whether the site has ever given this desk's floors to be talked on."""

    def __init__(
        self,
        memory: Memory,
        status: StatusModel,
        *,
        to_engine: Callable[[protocol.Command], None],
        grants: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._memory = memory
        self._status = status
        self._to_engine = to_engine
        self._grants = grants

    def follow(self, actions: DeskActions) -> None:
        actions.master_changed.connect(self._master_changed)
        actions.device_changed.connect(self._device_chosen)
        actions.second_changed.connect(lambda name: self._memory.change(second_device=name))
        actions.second_gain_changed.connect(self._second_gain_changed)
        actions.evened_changed.connect(self._evened_changed)
        actions.microphone_changed.connect(self._microphone_changed)
        actions.hours_changed.connect(lambda hours: self._memory.change(recall_hours=hours))

    def tell_all(self) -> None:
        """To an engine that may know nothing of it."""
        known = self._memory.now
        self._to_engine(
            protocol.SetMaster(known.master_gain_db, known.evened, known.second_gain_db)
        )
        self._to_engine(self._device_wish())
        self._to_engine(protocol.SetSecondDevice(known.second_device))
        self._tell_microphone()
        self._to_engine(protocol.KeepBursts(known.recall_hours))

    def floors_are_granted(self) -> None:
        """Who talks needs a microphone: the system's own, unless somebody has chosen."""
        known = self._status.status().microphone
        chosen = effective(self._memory.now, grants=True)
        self._status.set(microphone=dataclasses.replace(known, chosen=chosen))
        self._tell_microphone()

    def _tell_microphone(self) -> None:
        self._to_engine(microphone_wish(self._memory.now, grants=self._grants()))

    def _device_wish(self) -> protocol.SetDevice:
        return protocol.SetDevice(self._memory.now.device, self._memory.now.other_devices)

    def _master_changed(self, gain_db: float) -> None:
        self._status.set(master_gain_db=gain_db)
        self._memory.change(master_gain_db=gain_db)

    def _second_gain_changed(self, gain_db: float) -> None:
        self._status.set(second_gain_db=gain_db)
        self._memory.change(second_gain_db=gain_db)

    def _evened_changed(self, evened: bool) -> None:
        self._status.set(evened=evened)
        self._memory.change(evened=evened)

    def _device_chosen(self, name: str) -> None:
        self._memory.take(with_device(self._memory.now, name))
        self._to_engine(self._device_wish())

    def _microphone_changed(self) -> None:
        chosen = self._status.status().microphone
        self._memory.take(remembered(self._memory.now, chosen, grants=self._grants()))
        self._tell_microphone()
