"""One's own voice in one's own ears: whole, in time, and never behind by more than a little."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audio.microphone.own_voice import BLOCK, CUSHION, MAX_BLOCKS, SLACK, UNDER_ALARM, OwnVoice

ONES = np.ones(BLOCK, np.float32)


def heard(one: OwnVoice, *, is_alarm: bool = False) -> float:
    """The level at the end of the next block."""
    out = np.zeros((BLOCK, 2), np.float32)
    one.add_to(out, is_alarm=is_alarm)
    assert np.array_equal(out[:, 0], out[:, 1])
    return float(out[-1, 0])


def test_nothing_is_heard_before_and_after() -> None:
    one = OwnVoice()
    one.put(ONES)
    assert heard(one) == 0.0
    one.hear(0.5)
    for _ in range(4):
        one.put(ONES)
    assert heard(one) == 0.5
    one.hear(0.0)
    assert heard(one) == 0.0


def test_a_delay_is_kept() -> None:
    one = OwnVoice()
    one.hear(1.0, delay_s=0.2)
    begun = 0
    for n in range(40):
        one.put(ONES * (n + 1))
        if heard(one) and not begun:
            begun = n
    assert begun == 20 + CUSHION


def test_an_alarm_is_not_talked_over() -> None:
    one = OwnVoice()
    one.hear(1.0)
    for _ in range(3):
        one.put(ONES)
    assert heard(one, is_alarm=True) == np.float32(UNDER_ALARM)


@given(st.lists(st.integers(0, 6), max_size=200))
def test_however_the_clocks_differ_it_falls_behind_by_no_more_than_the_slack(
    counts: list[int],
) -> None:
    one = OwnVoice()
    one.hear(1.0)
    said = last = 0
    for count in counts:
        for _ in range(min(count, SLACK)):
            said += 1
            one.put(ONES * said)
        level = heard(one)
        if level:
            assert level > last, "nothing is heard twice"
            last = round(level)
    assert len(one._blocks) <= MAX_BLOCKS
