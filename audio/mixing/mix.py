"""Many mono rows to a stereo block per device: gain, place, mute with ramps, in one product."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast
from audio.codecs.frame import MAX_FRAME
from audio.mixing.places import FRONT
from audio.protocol import MAX_STREAMS, SetMix
from audio.receiving.sender import BLOCK
from audio.receiving.voices import MAX_ACTIVE, MAX_BLOCKS

NOWHERE: Final = MAX_STREAMS  # slot of who is not to be heard at all
BEHIND_DB: Final = -9.0  # monitored groups while another is selected
_RAMP: Final = np.linspace(0.0, 1.0, BLOCK, endpoint=False, dtype=np.float32) + 1 / BLOCK


def from_db(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))


def place(mix: SetMix, *, is_any_selected: bool, automatic: float = FRONT) -> tuple[float, float]:
    """Left and right gain of a stream: constant power, 0 dB to both sides in the middle's sum. With
    no pan of its own it is in front when selected, else at ``automatic``; there the better ear gets
    the same from all places (Brungart & Simpson), so that the far ones don't cover the others."""
    if mix.muted or mix.attention == "off":
        return 0.0, 0.0
    behind = BEHIND_DB if is_any_selected and mix.attention == "monitored" else 0.0
    gain = from_db(mix.gain_db + behind)
    angle = (pan_of(mix, automatic) + 1) * math.pi / 4
    left, right = math.cos(angle), math.sin(angle)
    if mix.pan is None:
        gain *= math.sqrt(0.5) / max(left, right)
    return gain * left, gain * right


def pan_of(mix: SetMix, automatic: float) -> float:
    """Where a stream is heard."""
    if mix.pan is not None:
        return mix.pan
    return FRONT if mix.attention == "selected" else automatic


Sink = tuple[
    NDArray[np.float32], int, NDArray[np.float32], NDArray[np.float32], bool, NDArray[np.float32]
]
"""What is made ahead (sides, n), where in it the next block is, the gains by seat (sides, m) that
are wanted and those that there are, whether these may differ, and (1, k) for the peaks of the
frames in their order, as many as it has room for."""


@fast.instead
def interleave(
    block: NDArray[np.float32], sides: NDArray[np.float32], at: int, gain: float
) -> None:
    """``sides`` (2, m) from column ``at`` on into ``block`` (n, 2)."""
    np.multiply(sides[:, at : at + len(block)].T, np.float32(gain), out=block)


class Mixer:
    """``add`` frames as they are decoded, then take the ``next`` block. A stream is aimed at by its
    slot; who speaks has a seat, and a gain of his own: each moves to what is wanted in a block.
    There are two sides for each device."""

    def __init__(self) -> None:
        self._aims = np.zeros((2, MAX_STREAMS + 1), np.float32)
        self._slots = np.zeros(MAX_ACTIVE, np.intp)  # by seat, as all that follow
        self._own = np.ones(MAX_ACTIVE, np.float32)
        self._wanted = np.zeros((2, MAX_ACTIVE), np.float32)
        self._gains = np.zeros((2, MAX_ACTIVE), np.float32)
        self._moving = 0  # blocks until every seat has had a frame since something changed
        self._ahead = np.zeros((2, 2 * MAX_FRAME), np.float32)
        self._at = 0  # where in it the next block is
        self._left = 0  # blocks of it with sound
        self._has_fast = fast.is_compiled()
        self._masters = [1.0, 1.0]  # of each bus
        self._master_aims = [1.0, 1.0]

    @property
    def is_idle(self) -> bool:
        return self._left == 0

    def set_sides(self, sides: int) -> None:
        """Two or four; those of a second device begin in silence."""
        self._aims, self._wanted, self._gains, self._ahead = (
            _with_rows(one, sides) for one in (self._aims, self._wanted, self._gains, self._ahead)
        )

    def aim(self, places: Mapping[int, Sequence[float]]) -> None:
        """Slot to left and right gain, the second device's after the first's."""
        for slot, gains in places.items():
            self._aims[:, slot] = gains
        self._move()

    def even(self, gains: NDArray[np.float32]) -> None:
        """(MAX_ACTIVE,): the talkers' own gains."""
        self._own = gains
        self._move()

    def seat(
        self, seats: NDArray[np.intp], slots: NDArray[np.intp], gains: NDArray[np.float32]
    ) -> None:
        """Somebody new begins where his stream is aimed at, and with his own gain."""
        self._slots[seats], self._own[seats] = slots, gains
        self._wanted[:, seats] = self._aims[:, slots] * gains
        self._gains[:, seats] = self._wanted[:, seats]

    def _move(self) -> None:
        self._wanted = np.ascontiguousarray(self._aims[:, self._slots] * self._own)
        self._moving = MAX_BLOCKS

    def set_master(self, gain_db: float, second_db: float = 0.0) -> None:
        self._master_aims = [from_db(gain_db), from_db(second_db)]

    def add(self, frames: NDArray[np.float32], seats: NDArray[np.intp]) -> None:
        """``frames``: (k, n * 480), whose first block is the next one."""
        wanted = self._wanted[:, seats]
        sound = wanted @ frames
        if self._moving:
            old = self._gains[:, seats] @ frames[:, :BLOCK]
            sound[:, :BLOCK] = old + (sound[:, :BLOCK] - old) * _RAMP
            self._gains[:, seats] = wanted
        count = sound.shape[1]
        self._ahead[:, self._at : self._at + count] += sound
        self._left = max(self._left, count // BLOCK)

    def sink(self, peaks: NDArray[np.float32]) -> Sink | None:
        """Where whoever decodes may add a frame at once: 120 kB that were just made cost less
        than those that went out of the cache meanwhile."""
        if not self._has_fast:
            return None
        return self._ahead, self._at, self._wanted, self._gains, self._moving > 0, peaks

    def added(self, blocks: int) -> None:
        """So many, to the sink."""
        self._left = max(self._left, blocks)

    def next(self) -> list[NDArray[np.float32]]:
        """(480, 2) for each device."""
        blocks = [self._block(bus) for bus in range(len(self._ahead) // 2)]
        self._at += BLOCK
        if self._at == MAX_FRAME:
            self._ahead[:, :MAX_FRAME] = self._ahead[:, MAX_FRAME:]
            self._ahead[:, MAX_FRAME:] = 0.0
            self._at = 0
        self._left = max(0, self._left - 1)
        self._moving = max(0, self._moving - 1)
        return blocks

    def _block(self, bus: int) -> NDArray[np.float32]:
        block = np.empty((BLOCK, 2), np.float32)
        sides = self._ahead[2 * bus : 2 * bus + 2]
        if self._masters[bus] == self._master_aims[bus]:  # nearly always
            interleave(block, sides, self._at, self._masters[bus])
        else:
            block[:] = self._mastered(sides[:, self._at : self._at + BLOCK], bus).T
        return block

    def _mastered(self, sound: NDArray[np.float32], bus: int) -> NDArray[np.float32]:
        start, end = self._masters[bus], self._master_aims[bus]
        self._masters[bus] = end
        return sound * (start + (end - start) * _RAMP)


def _with_rows(table: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """As many of it as there are, then zeros."""
    made = np.zeros((rows, table.shape[1]), np.float32)
    kept = min(rows, len(table))
    made[:kept] = table[:kept]
    return made
