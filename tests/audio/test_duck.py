"""Voices that give way: to higher priority, to the alarm tone, to a mute of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.mixing.duck import ALARM_OVER_DB, DUCKED_DB, HOLD_MS, RELEASE_DB_PER_S, Ranks, Room
from audio.mixing.tones import ALARM_NOTES_HZ, ALARM_PULSE_MS, ALARM_RMS, HARMONICS, tone
from audio.protocol import MAX_PRIORITY, SetAlarms, SetMix
from audio.receiving.sender import BLOCK
from tests.audio.pipeline_lab import Lab, lab, opus, packets, sine

Sound = NDArray[np.float32]
SECOND = 48_000


def level_db(sound: Sound, hz: float) -> float:
    """Of one frequency, in a piece of sound."""
    mono = sound[:, 0].astype(np.float64)
    window = np.hanning(len(mono))
    wave = np.exp(-2j * np.pi * hz * np.arange(len(mono)) / SECOND)
    return float(20 * np.log10(2 * abs((mono * window) @ wave) / window.sum() + 1e-9))


# -- priority -------------------------------------------------------------------------------


def test_a_higher_group_ducks_a_lower_one_while_it_talks_and_only_then(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        low, high = one.listen("low@h"), one.listen("high@h")
        one.pipeline.set_mix(SetMix("high@h", priority=2))
        voice = packets(opus(sine(400, 6.0)))
        urgent = packets(opus(sine(1_000, 1.0)))
        alone = one.play((low, voice[:50]), more=0)
        both = one.play((low, voice[50:100]), (high, urgent), more=0)
        after = one.play((low, voice[100:300]), more=0)
    before_db = level_db(alone[-SECOND // 2 :], 400)
    assert level_db(both[-SECOND // 2 :], 400) == pytest.approx(before_db + DUCKED_DB, abs=0.5)
    assert level_db(both[-SECOND // 2 :], 1_000) == pytest.approx(before_db, abs=1.0)
    assert level_db(after[-SECOND // 2 :], 400) == pytest.approx(before_db, abs=0.3)
    begins = int(np.argmax(np.abs(np.diff(both[:, 0], n=2)) > 0.0015))
    assert level_db(both[begins + 4_800 : begins + 9_600], 400) < before_db - 9, "at once"
    slow = [level_db(after[n : n + 4_800], 400) for n in range(SECOND // 2, 2 * SECOND, 4_800)]
    assert np.all(np.diff(slow) < 1.6), "and slowly back"


def test_of_equal_priority_nobody_ducks_anybody(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        specs = [one.listen("a@h"), one.listen("b@h")]
        for spec in specs:
            one.pipeline.set_mix(SetMix(spec.stream, priority=3))
        heard = one.play(
            *((s, packets(opus(sine(400 + 600 * n, 1.0)))) for n, s in enumerate(specs))
        )
    middle = heard[SECOND // 4 : SECOND // 4 * 3]
    assert level_db(middle, 400) == pytest.approx(level_db(middle, 1_000), abs=1.0)


@pytest.mark.parametrize("how", [{"muted": True}, {"attention": "off"}])
def test_who_is_not_heard_ducks_nobody(tmp_path: Path, how: dict[str, object]) -> None:
    with lab(tmp_path) as one:
        low, high = one.listen("low@h"), one.listen("high@h")
        one.pipeline.set_mix(SetMix("high@h", priority=3, **how))  # type: ignore[arg-type]  # as the test says
        sent = packets(opus(sine(400, 1.0)))
        plain = one.play((low, sent))
        under = one.play(
            (low, packets(opus(sine(400, 1.0)), sequence=80, timestamp=80 * 960)),
            (high, packets(opus(sine(1_000, 1.0)))),
        )
    part = slice(SECOND // 4, SECOND // 4 * 3)
    assert level_db(under[part], 400) == pytest.approx(level_db(plain[part], 400), abs=0.3)


def test_a_higher_group_that_is_dropped_while_it_talks_ducks_nobody_any_more(
    tmp_path: Path,
) -> None:
    with lab(tmp_path) as one:
        low, high = one.listen("low@h"), one.listen("high@h")
        one.pipeline.set_mix(SetMix("high@h", priority=2))
        sent = packets(opus(sine(400, 4.0)))
        both = one.play((low, sent[:50]), (high, packets(opus(sine(1_000, 1.0)))), more=0)
        one.pipeline.drop("high@h")
        after = one.play((low, sent[50:]), more=0)
    last = -SECOND // 2
    assert level_db(after[last:], 400) == pytest.approx(
        level_db(both[last:], 400) - DUCKED_DB, abs=0.5
    )


def test_a_breath_between_two_overs_lets_nothing_up() -> None:
    ranks = Ranks()
    assert ranks.set_talking(2, 0.0)
    assert ranks.gain(2) == ranks.gain(3) == 1.0
    ranks.set_talking(0, 1_000.0)
    for now_ms in np.arange(1_000.0, 1_000.0 + HOLD_MS, 10):
        assert not ranks.step(float(now_ms))
    ducked = ranks.gain(0)
    assert ranks.step(1_000.0 + HOLD_MS)
    assert 1.0 > ranks.gain(0) > ducked


@given(
    st.lists(st.tuples(st.integers(0, MAX_PRIORITY), st.integers(1, 300)), min_size=1, max_size=40)
)
def test_whoever_talks_the_highest_is_never_ducked_and_all_come_back(
    turns: list[tuple[int, int]],
) -> None:
    ranks, now_ms = Ranks(), 0.0
    for highest, ticks in turns:
        ranks.set_talking(highest, now_ms)
        for _ in range(ticks):
            now_ms += 10.0
            ranks.step(now_ms)
        gains = [ranks.gain(priority) for priority in range(MAX_PRIORITY + 1)]
        assert gains == sorted(gains)
        assert all(10 ** (DUCKED_DB / 20) - 1e-9 <= gain <= 1.0 for gain in gains)
        assert all(gain < 0.4 for gain in gains[:highest])
    ranks.set_talking(0, now_ms)
    for _ in range(int(HOLD_MS / 10 + 100 * -DUCKED_DB / RELEASE_DB_PER_S) + 10):
        now_ms += 10.0
        ranks.step(now_ms)
    assert [ranks.gain(priority) for priority in range(MAX_PRIORITY)] == [1.0] * MAX_PRIORITY


# -- the alarm ------------------------------------------------------------------------------


def babble(one: Lab, *, seconds: float = 4.0, gain_db: float = 24.0) -> Sound:
    """Twelve groups as loud as they get, none at a frequency of the alarm's."""
    specs = [one.listen(f"{n}@h") for n in range(12)]
    for spec in specs:
        one.pipeline.set_mix(SetMix(spec.stream, gain_db=gain_db))
    return one.play(*((spec, packets(opus(sine(2_205 + 290 * n, seconds, 0.9)), ssrc=n))
                      for n, spec in enumerate(specs)), more=0)  # fmt: skip


def first_pulse(heard: Sound) -> int:
    """Where the alarm's first note begins."""
    want = tone("alarm")[: ALARM_PULSE_MS * 48].astype(np.float64)
    return int(np.argmax(np.correlate(heard[:SECOND, 0].astype(np.float64), want, "valid")))


def test_the_alarm_is_above_the_loudest_voices(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.set_alarms(SetAlarms(1))
        heard = babble(one, seconds=2.0)
        at = first_pulse(heard) + 700 * 48  # the second group of notes: voices are there by now
    pulses = heard[at : at + SECOND].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(pulses[:, 0] * np.hanning(len(pulses)))) ** 2
    hz = np.fft.rfftfreq(len(pulses), 1 / SECOND)
    notes = [note * n for note in set(ALARM_NOTES_HZ) for n in range(1, len(HARMONICS) + 1)]
    is_alarm = np.any([np.abs(hz - note) < 25 for note in notes], axis=0)
    over_db = 10 * np.log10(spectrum[is_alarm].sum() / spectrum[~is_alarm].sum())
    share_db = 10 * np.log10(
        np.mean(tone("alarm")[700 * 48 : 700 * 48 + SECOND] ** 2) / ALARM_RMS**2
    )
    assert over_db >= ALARM_OVER_DB + share_db - 1.0, "while a note sounds"


def test_voices_do_not_squash_the_alarm(tmp_path: Path) -> None:
    """A limiter that is busy with voices would take the alarm down with them."""
    with lab(tmp_path) as one:
        one.pipeline.set_alarms(SetAlarms(1))
        alone = one.tick(200)
    (tmp_path / "b").mkdir()
    with lab(tmp_path / "b") as one:
        one.pipeline.set_alarms(SetAlarms(1))
        beside = babble(one, seconds=2.0)
    for hz in sorted(set(ALARM_NOTES_HZ)):
        assert level_db(beside[:SECOND], hz) == pytest.approx(level_db(alone[:SECOND], hz), abs=0.5)


def test_after_the_alarms_burst_voices_come_back(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(3_000, 7.0)))
        before = one.play((spec, sent[:50]), more=0)
        one.pipeline.set_alarms(SetAlarms(1))
        during = one.play((spec, sent[50:80]), more=0)
        after = one.play((spec, sent[80:350]), more=0)
    last = slice(-SECOND // 2, None)
    own_db = level_db(before[last], 3_000)
    assert level_db(during[last], 3_000) < own_db - 1
    assert level_db(after[last], 3_000) == pytest.approx(own_db, abs=0.3)


def test_soft_voices_under_an_alarm_stay_as_they_are() -> None:
    room = Room()
    soft = np.full((BLOCK, 2), ALARM_RMS / 5, np.float32)
    block = soft.copy()
    room.process(block, 0.0, is_alarm=True)
    assert np.array_equal(block, soft)


def test_what_is_no_number_makes_nothing_worse() -> None:
    room = Room()
    for bad in (np.nan, np.inf, -3e38):
        room.process(np.full((BLOCK, 2), bad, np.float32), 0.0, is_alarm=True)
    block = np.full((BLOCK, 2), 0.01, np.float32)
    for _ in range(2_000):
        block = np.full((BLOCK, 2), 0.01, np.float32)
        room.process(block, 0.0, is_alarm=True)
    assert np.allclose(block, 0.01)


# -- mute of all ----------------------------------------------------------------------------


def test_all_are_muted_for_a_while_without_a_click_and_are_back_by_themselves(
    tmp_path: Path,
) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(400, 4.0)))
        before = one.play((spec, sent[:50]), more=0)
        one.pipeline.mute_all(2.0)
        assert one.pipeline.muted_s == pytest.approx(2.0)
        muted = one.play((spec, sent[50:150]), more=0)
        assert one.pipeline.muted_s == 0.0
        after = one.play((spec, sent[150:]), more=0)
    assert not muted[2 * BLOCK : -2 * BLOCK].any()
    assert np.abs(before).max() == pytest.approx(np.abs(after).max(), rel=0.1)
    heard = np.concatenate((before, muted, after))[SECOND // 2 :, 0]
    assert np.abs(np.diff(heard)).max() < 1.2 * (0.3 * 0.71 * 2 * np.pi * 400 / SECOND + 0.22 / 96)


def test_it_can_be_ended_before(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.pipeline.mute_all(60.0)
        one.play((spec, packets(opus(sine(400, 0.5)))), more=0)
        one.pipeline.mute_all(0.0)
        heard = one.play((spec, packets(opus(sine(400, 0.5)), sequence=25, timestamp=25 * 960)))
    assert one.pipeline.muted_s == 0.0
    assert np.abs(heard[2_000:]).max() > 0.1


def test_tones_are_heard_all_the_same(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.mute_all(10.0)
        one.pipeline.set_alarms(SetAlarms(1))
        assert np.abs(one.tick(50)).max() > 0.3
        one.pipeline.set_alarms(SetAlarms(0))
        one.pipeline.play("desk-gone")
        assert np.abs(one.tick(50)).max() > 0.1
