"""The alarm's sound by IEC 60601-1-8: a burst of ten pulses, repeated every 2.5 to 15 s."""

from __future__ import annotations

import numpy as np

from audio.mixing.tones import ALARM_EVERY_MS, tone

RATE = 48_000
PULSES = 10
QUIET = 0.01


def test_a_burst_of_high_priority_has_ten_pulses_and_comes_again_in_time() -> None:
    sound = np.abs(np.asarray(tone("alarm"))).reshape(len(tone("alarm")), -1).max(axis=1)
    loud = np.flatnonzero(sound > QUIET)
    pauses = np.flatnonzero(np.diff(loud) > RATE * 0.04)
    assert len(pauses) + 1 == PULSES
    pause_s = ALARM_EVERY_MS / 1e3 - len(sound) / RATE
    assert 2.5 <= ALARM_EVERY_MS / 1e3 <= 15.0
    assert 2.5 <= pause_s <= 15.0, "also counted from the end of the burst"
