"""The engine's own sounds, made once: the alarm, a desk gone and back, and what answers a key."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.protocol import ToneKind

RATE: Final = 48_000
EDGE_MS: Final = 15  # rise and fall of a pulse
ALARM_LEVEL: Final = 0.35
NOTE_LEVEL: Final = 0.2
RING_LEVEL: Final = 0.1  # 11 dB under an alarm's peak
RING: Final = ((698.46, 70), (880.0, 70))  # a soft trill of pure notes: nothing of an alarm in it

# IEC 60601-1-8, high priority: ten pulses in two groups of five, 3 + 2 each; a pulse of 75-200 ms,
# its fundamental in 150-1,000 Hz with at least four harmonics; the burst again after 2.5-15 s.
ALARM_PULSE_MS: Final = 150
ALARM_SPACES_MS: Final = (100, 100, 300, 100, 700, 100, 100, 300, 100, 0)
ALARM_NOTES_HZ: Final = (523.25, 659.25, 783.99, 659.25, 783.99)  # c e g – e g
ALARM_EVERY_MS: Final = 7_000
BUSY_HZ: Final = 425.0  # what Norwegian telephones say it with (ITU-T E.180, table)
HARMONICS: Final = (1.0, 0.6, 0.45, 0.3, 0.2)


def _note(frequency_hz: float, milliseconds: int, *, is_rich: bool = False) -> NDArray[np.float32]:
    time = np.arange(milliseconds * RATE // 1_000) / RATE
    parts = HARMONICS if is_rich else (1.0,)
    sound = sum(
        level * np.sin(2 * np.pi * frequency_hz * (n + 1) * time) for n, level in enumerate(parts)
    )
    edge = np.clip(np.minimum(time, time[::-1]) / (EDGE_MS / 1_000), 0, 1)
    return np.asarray(sound / sum(parts) * np.sin(edge * np.pi / 2) ** 2, np.float32)


def _pause(milliseconds: int) -> NDArray[np.float32]:
    return np.zeros(milliseconds * RATE // 1_000, np.float32)


def _alarm() -> NDArray[np.float32]:
    parts = []
    for n, space_ms in enumerate(ALARM_SPACES_MS):
        note = _note(ALARM_NOTES_HZ[n % 5], ALARM_PULSE_MS, is_rich=True)
        parts += [note * np.float32(ALARM_LEVEL / np.abs(note).max()), _pause(space_ms)]
    return np.concatenate(parts)


def _notes(
    *notes: tuple[float, int], space_ms: int = 40, level: float = NOTE_LEVEL
) -> NDArray[np.float32]:
    parts = [part for hz, ms in notes for part in (_note(hz, ms), _pause(space_ms))]
    return np.concatenate(parts) * np.float32(level)


@cache
def tone(kind: ToneKind) -> NDArray[np.float32]:
    """(n,) float32 mono at 48 kHz. The array is shared: never write to it."""
    makers: dict[ToneKind, Callable[[], NDArray[np.float32]]] = {
        "alarm": _alarm,
        "desk-gone": lambda: _notes((587.33, 220), (440.0, 220), (349.23, 320)),
        "desk-back": lambda: _notes((440.0, 120), (587.33, 180)),
        "permit": lambda: _notes((880.0, 60), (1_174.66, 80), space_ms=15),
        "deny": lambda: _notes((300.0, 180), (300.0, 180), space_ms=80),
        "busy": lambda: _notes(*[(BUSY_HZ, 200)] * 3, space_ms=200),
        "end": lambda: _notes((660.0, 70)),
        "queued": lambda: _notes((740.0, 60), (740.0, 60), space_ms=60),
        "preempted": lambda: _notes((880.0, 90), (622.25, 90), (440.0, 160), space_ms=20),
        "timeout-warning": lambda: _notes(*[(988.0, 50)] * 3, space_ms=50),
        "ring": lambda: _notes(*RING * 6, space_ms=0, level=RING_LEVEL),
        "ringback": lambda: _notes((BUSY_HZ, 1_000), level=RING_LEVEL),
        "test": lambda: _notes((1_000.0, 1_000)),
    }
    made = makers[kind]()
    made.setflags(write=False)
    return made


def _rms_of_pulses() -> float:
    sound = _alarm()
    return float(np.sqrt(np.mean(sound[np.abs(sound) > 0] ** 2)))


ALARM_RMS: Final = _rms_of_pulses()


GIVE_WAY: Final[tuple[ToneKind, ...]] = ("ring", "ringback")
"""No telephone rings into an alarm."""


class TonePlayer:
    """What sounds now. At most one of each kind; a tone in the middle is not begun again."""

    def __init__(self) -> None:
        self._at: dict[ToneKind, int] = {}
        self._alarm_wait = 0
        self._is_alarm = False

    def play(self, kind: ToneKind) -> None:
        if not (self._is_alarm and kind in GIVE_WAY):
            self._at.setdefault(kind, 0)

    def set_alarm(self, sounding: bool) -> None:
        """On: at once, then every 7 s. Off: at once (an acknowledged alarm is silent)."""
        if sounding and not self._is_alarm:
            self._alarm_wait = 0
            for kind in GIVE_WAY:
                self._at.pop(kind, None)
        if not sounding:
            self._at.pop("alarm", None)
        self._is_alarm = sounding

    @property
    def has_alarm(self) -> bool:
        """It is sounded now, or again in a moment."""
        return self._is_alarm

    def is_sounding(self, kind: ToneKind) -> bool:
        """Whether more of it is to come."""
        return kind in self._at

    @property
    def idle(self) -> bool:
        return not self._at and not self._is_alarm

    @property
    def is_alarm(self) -> bool:
        """Whether an alarm's burst is in the next block, or one of its short pauses."""
        return "alarm" in self._at or (self._is_alarm and self._alarm_wait <= 0)

    def add_to(
        self,
        block: NDArray[np.float32],
        other: NDArray[np.float32] | None = None,
        on_other: Collection[ToneKind] = (),
    ) -> None:
        """Adds to ``block`` (n, 2), the same on both sides; those ``on_other`` to ``other`` too."""
        count = len(block)
        self._repeat_alarm(count)
        for kind, at in list(self._at.items()):
            sound = tone(kind)[at : at + count]
            block[: len(sound)] += sound[:, None]
            if other is not None and kind in on_other:
                other[: len(sound)] += sound[:, None]
            if at + count >= len(tone(kind)):
                del self._at[kind]
            else:
                self._at[kind] = at + count

    def _repeat_alarm(self, count: int) -> None:
        if not self._is_alarm:
            return
        if self._alarm_wait <= 0:
            self.play("alarm")
            self._alarm_wait = ALARM_EVERY_MS * RATE // 1_000
        self._alarm_wait -= count
