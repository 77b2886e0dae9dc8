"""Voices give way: to a group of higher priority while it talks, to the alarm tone, and to a
mute of all that ends by itself. Pure, with time given from outside."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.mixing.mix import from_db
from audio.mixing.tones import ALARM_RMS
from audio.protocol import MAX_PRIORITY

DUCKED_DB: Final = -10.0  # half as loud: 10 phon are a factor of two (ISO 532-1)
HOLD_MS: Final = 400.0  # a breath between two overs is no end
RELEASE_DB_PER_S: Final = 10.0
STEP_MS: Final = 50.0  # of the release: half a decibel each

# Chosen after ISO 7731, which wants a danger signal 10 dB above what masks it, in an octave band;
# here it is the RMS of the alarm's notes over that of all voices, in the whole band.
ALARM_OVER_DB: Final = 10.0
_LOUDEST: Final = ALARM_RMS / from_db(ALARM_OVER_DB)
ATTACK: Final = 96  # samples: 2 ms
RISE: Final = from_db(0.2)  # per block of 10 ms: 20 dB a second after the alarm
_MOST: Final = 1e6  # 60 dB above full scale
FORGET: Final = 0.9  # of the voices' power per block: between syllables they don't swell up


class Ranks:
    """How far the groups of each priority are ducked. ``set_talking`` at every change of who
    talks, ``step`` every tick; both tell whether ``gains`` have changed."""

    def __init__(self) -> None:
        self._highest = 0  # priority of those who talk
        self._ended_ms = [float("-inf")] * MAX_PRIORITY  # by ducked priority: the last one to talk
        self._ducked_db = [0.0] * MAX_PRIORITY
        self._stepped_ms = float("-inf")

    def gain(self, priority: int) -> float:
        return from_db(self._ducked_db[priority]) if priority < MAX_PRIORITY else 1.0

    def set_talking(self, highest: int, now_ms: float) -> bool:
        """``highest``: priority of those who talk and are heard, 0 when nobody does."""
        for priority in range(min(self._highest, MAX_PRIORITY)):
            self._ended_ms[priority] = now_ms
        self._highest = highest
        before = list(self._ducked_db)
        for priority in range(min(highest, MAX_PRIORITY)):
            self._ducked_db[priority] = DUCKED_DB
        return before != self._ducked_db

    def step(self, now_ms: float) -> bool:
        if not any(self._ducked_db) or now_ms - self._stepped_ms < STEP_MS:
            return False
        self._stepped_ms = now_ms
        is_changed = False
        for priority, ducked_db in enumerate(self._ducked_db):
            is_over = self._highest <= priority and now_ms - self._ended_ms[priority] >= HOLD_MS
            if ducked_db and is_over:
                step_db = RELEASE_DB_PER_S * STEP_MS / 1_000
                self._ducked_db[priority] = min(ducked_db + step_db, 0.0)
                is_changed = True
        return is_changed


class Room:
    """Turns the voices down, ``(n, 2)`` in place, under an alarm tone or while all are muted."""

    def __init__(self) -> None:
        self._power = 0.0  # of the voices, falling slowly
        self._under_alarm = 1.0
        self._gain = 1.0
        self._muted_until_ms = float("-inf")

    def mute(self, seconds: float, now_ms: float) -> None:
        """0 ends it."""
        self._muted_until_ms = now_ms + seconds * 1_000

    def muted_s(self, now_ms: float) -> float:
        """What is left of it."""
        return max((self._muted_until_ms - now_ms) / 1_000, 0.0)

    def process(self, block: NDArray[np.float32], now_ms: float, *, is_alarm: bool) -> None:
        self._under_alarm = self._make_room(block) if is_alarm else self._rise()
        before = self._gain
        self._gain = 0.0 if now_ms < self._muted_until_ms else self._under_alarm
        if before == 1.0 and self._gain == 1.0:  # nearly always
            return
        line = np.full(len(block), self._gain, np.float32)
        count = min(ATTACK, len(block))
        line[:count] = np.linspace(before, self._gain, count, dtype=np.float32)
        block *= line[:, None]

    def _make_room(self, block: NDArray[np.float32]) -> float:
        power = float(np.einsum("ij,ij->j", block, block).max()) / len(block)
        if power >= 0:  # what is no number is the limiter's to silence
            self._power = max(min(power, _MOST), self._power * FORGET)
        return min(self._rise(), _LOUDEST / max(math.sqrt(self._power), _LOUDEST))

    def _rise(self) -> float:
        return min(self._under_alarm * RISE, 1.0)
