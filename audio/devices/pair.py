"""The first device and the second beside it: which sounds what now, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import protocol as p
from audio.devices.keeper import Keeper
from audio.devices.second import SecondDevice
from audio.mixing.routing import Spread, spread, standing
from audio.receiving.sender import BLOCK

SAME: Final = "it is the device that plays already"
_SILENCE: Final = np.zeros((BLOCK, 2), np.float32)


class Pair:
    """Of the mix thread; nothing here waits. ``second`` is started and stopped with the engine."""

    def __init__(self, keeper: Keeper, tell: Callable[[p.Event], None]) -> None:
        self.second = SecondDevice()
        self._keeper = keeper
        self._tell = tell
        self._told = p.DeviceChanged("", "none", role="speaker")

    @property
    def is_chosen(self) -> bool:
        return self.second.is_chosen

    def choose(self, name: str) -> None:
        self.second.choose(name)

    def put(self, block: NDArray[np.float32] | None) -> None:
        """Silence goes there too, so that its clock is known when it is needed."""
        self.second.put(_SILENCE if block is None else block)

    def look(self) -> Spread:
        """Once a tick. Tells of changes."""
        changed = self._state()
        if changed != self._told:
            self._told = changed
            self._tell(changed)
        headset = standing(self._keeper.state, self._keeper.why)
        speaker = standing(changed.state, self.second.told.why)
        return spread(headset, speaker, is_same=self._is_same())

    @property
    def is_silent(self) -> bool:
        """A device is wanted and none plays. Who chose silence wants none."""
        states = {self._keeper.state, self.second.told.state if self.is_chosen else "none"}
        return (self._keeper.is_wanted or self.is_chosen) and "playing" not in states

    def figures(self) -> p.SecondFigures | None:
        if not self.is_chosen:
            return None
        state = self._state()
        return p.SecondFigures(
            state.device, state.state, state.why, self.second.dropped, self.second.told.resyncs
        )

    def _state(self) -> p.DeviceChanged:
        told = self.second.told
        why = told.why or (SAME if self._is_same() else "")
        return p.DeviceChanged(told.device, told.state, why, "speaker")

    def _is_same(self) -> bool:
        """It was chosen twice, or is the system's own choice as well."""
        told, keeper = self.second.told, self._keeper
        is_playing = told.state == keeper.state == "playing"
        return is_playing and not keeper.why and told.at == keeper.at
