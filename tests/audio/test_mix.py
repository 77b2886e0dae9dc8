"""Gain, place, mute; time scaling; tones and the ring."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from audio.devices.ring import Ring
from audio.mixing.mix import BEHIND_DB, Mixer, from_db, place
from audio.mixing.tones import TonePlayer, tone
from audio.protocol import SetMix, ToneKind
from audio.receiving.sender import BLOCK
from audio.receiving.timescale import FADE, MIN_LAG, cross_fade, lengthen, shorten
from audio.receiving.voices import MAX_ACTIVE

Sound = NDArray[np.float32]
EVEN = np.ones(MAX_ACTIVE, np.float32)


def sine(hz: float, count: int, level: float = 0.5, start: int = 0) -> Sound:
    times = np.arange(start, start + count) / 48_000
    return np.asarray(level * np.sin(2 * np.pi * hz * times), np.float32)


# -- place ----------------------------------------------------------------------------------


@given(st.floats(-1, 1), st.floats(-96, 24))
def test_wherever_it_is_placed_the_power_is_the_same(pan: float, gain_db: float) -> None:
    left, right = place(SetMix("a@h", gain_db, pan), is_any_selected=False)
    assert math.isclose(math.hypot(left, right), from_db(gain_db), rel_tol=1e-6)
    assert (left > right) == (pan < 0) or math.isclose(left, right, rel_tol=1e-6)


def test_the_ends_are_the_ends() -> None:
    assert place(SetMix("a@h", pan=-1.0), is_any_selected=False)[1] == pytest.approx(0, abs=1e-9)
    assert place(SetMix("a@h", pan=1.0), is_any_selected=False)[0] == pytest.approx(0, abs=1e-9)


@given(st.floats(-1, 1), st.floats(-96, 24), st.booleans())
def test_muted_or_off_is_silent(pan: float, gain_db: float, selected: bool) -> None:
    muted = SetMix("a@h", gain_db, pan, muted=True)
    off = SetMix("a@h", gain_db, pan, attention="off")
    for one in (muted, off):
        assert place(one, is_any_selected=selected) == (0.0, 0.0)


def test_monitored_groups_step_back_while_another_is_selected() -> None:
    alone = place(SetMix("a@h"), is_any_selected=False)
    behind = place(SetMix("a@h"), is_any_selected=True)
    front = place(SetMix("a@h", attention="selected"), is_any_selected=True)
    assert front == alone
    assert behind[0] / alone[0] == pytest.approx(from_db(BEHIND_DB))


# -- mixing ---------------------------------------------------------------------------------


class Desk:
    """A mixer and senders, one frame of 10 ms per tick from each."""

    def __init__(self, count: int) -> None:
        self.mixer = Mixer()
        self.ids = np.arange(count)

    def aim(self, *places: tuple[float, float]) -> None:
        self.mixer.aim(dict(enumerate(places)))

    def play(self, *rows: Sound) -> Sound:
        frames = np.stack(rows).reshape(len(rows), -1, BLOCK)
        blocks = []
        for n in range(frames.shape[1]):
            self.mixer.add(frames[:, n], self.ids)
            blocks.append(self.mixer.next()[0])
        return np.concatenate(blocks)


def test_the_mix_is_the_sum_of_all_at_their_gains() -> None:
    desk = Desk(3)
    gains = [(0.5, 0.1), (0.2, 0.9), (0.0, 0.0)]
    desk.aim(*gains)
    desk.mixer.seat(desk.ids, desk.ids, EVEN[desk.ids])
    chance = np.random.default_rng(1)
    rows = chance.normal(0, 0.1, (3, 4_800)).astype(np.float32)
    assert np.allclose(desk.play(*rows), rows.T @ np.array(gains), atol=1e-6)


@pytest.mark.parametrize("new", [(0.0, 0.0), (1.0, 0.0), (0.1, 1.5)])
def test_a_change_makes_no_click(new: tuple[float, float]) -> None:
    desk = Desk(1)
    desk.aim((0.7, 0.7))
    desk.mixer.seat(desk.ids, desk.ids, EVEN[desk.ids])
    sound = sine(200, 9_600)
    before = desk.play(sound[:4_800])
    desk.aim(new)
    heard = np.concatenate((before, desk.play(sound[4_800:])))
    own = np.abs(np.diff(sound)).max() * max(*new, 0.7)
    slope = np.abs(sound).max() * max(abs(side - 0.7) for side in new) / BLOCK
    assert np.abs(np.diff(heard, axis=0)).max() <= own + slope + 1e-6
    assert np.allclose(heard[4_800 + BLOCK :], sound[4_800 + BLOCK :, None] * new, atol=1e-6)


def test_talkers_gains_move_without_a_click_too() -> None:
    desk = Desk(2)
    desk.aim((1.0, 1.0), (0.0, 0.0))
    desk.mixer.seat(desk.ids, desk.ids, EVEN[desk.ids])
    sound = sine(200, 9_600)
    before = desk.play(sound[:4_800], sound[:4_800])
    gains = EVEN.copy()
    gains[0] = 0.5
    desk.mixer.even(gains)
    heard = np.concatenate((before, desk.play(sound[4_800:], sound[4_800:])))
    assert np.abs(np.diff(heard, axis=0)).max() <= np.abs(np.diff(sound)).max() + 0.25 / BLOCK
    assert np.allclose(heard[4_800 + BLOCK :, 0], sound[4_800 + BLOCK :] * 0.5, atol=1e-6)


def test_the_master_moves_without_a_click_too() -> None:
    desk = Desk(1)
    desk.aim((1.0, 1.0))
    desk.mixer.seat(desk.ids, desk.ids, EVEN[desk.ids])
    sound = sine(200, 9_600)
    before = desk.play(sound[:4_800])
    desk.mixer.set_master(-20.0)
    heard = np.concatenate((before, desk.play(sound[4_800:])))
    assert np.abs(np.diff(heard, axis=0)).max() <= np.abs(np.diff(sound)).max() + 0.5 / BLOCK
    assert np.allclose(heard[4_800 + BLOCK :, 0], sound[4_800 + BLOCK :] * 0.1, atol=1e-6)


def test_long_frames_lie_ahead_and_add_up() -> None:
    """A frame of 40 ms beside frames of 20 ms: all of them heard, in their time."""
    mixer = Mixer()
    mixer.aim({0: (1.0, 1.0), 1: (1.0, 1.0)})
    mixer.seat(np.arange(2), np.arange(2), EVEN[:2])
    long, short = sine(300, 1_920), sine(500, 1_920)
    heard = []
    for tick in range(4):
        if tick == 0:
            both = np.zeros((2, 1_920), np.float32)
            both[0], both[1, :960] = long, short[:960]
            mixer.add(both, np.arange(2))
        if tick == 2:
            mixer.add(short[None, 960:], np.array([1]))
        heard.append(mixer.next()[0][:, 0])
    assert np.allclose(np.concatenate(heard), long + short, atol=1e-6)
    assert mixer.is_idle


def test_who_begins_later_begins_at_the_streams_place() -> None:
    """Not with a ramp from where the last one in that seat was."""
    mixer = Mixer()
    mixer.aim({0: (1.0, 1.0), 1: (0.0, 0.0)})
    one, other = np.array([0]), np.array([1])
    mixer.seat(one, one, EVEN[:1])
    mixer.add(np.ones((1, BLOCK), np.float32), one)
    mixer.next()
    mixer.seat(one, other, EVEN[:1])  # the same seat, a muted stream
    mixer.add(np.ones((1, BLOCK), np.float32), one)
    assert not mixer.next()[0].any()


# -- time scaling ---------------------------------------------------------------------------


def test_shortening_takes_a_whole_period_out() -> None:
    for hz in (100, 150, 199):
        sound = sine(hz, 960)
        shorter = shorten(sound)
        taken = len(sound) - len(shorter)
        assert taken >= MIN_LAG
        period = 48_000 / hz
        assert abs(taken / period - round(taken / period)) < 0.03
        assert np.abs(np.diff(shorter)).max() <= 1.1 * np.abs(np.diff(sound)).max()


@settings(deadline=None)
@given(hnp.arrays(np.float32, st.integers(0, 1_200), elements=st.floats(-1, 1, width=32)))
def test_shortening_is_bounded_and_continuous_at_its_ends(sound: Sound) -> None:
    shorter = shorten(sound)
    assert len(sound) - len(shorter) in range(max(len(sound) - FADE, 0) + 1)
    assert np.abs(shorter).max(initial=0) <= 1.0001
    if len(shorter) < len(sound):
        assert shorter[0] == pytest.approx(sound[0], abs=1e-6), "goes on from what was before"
        assert shorter[-1] == pytest.approx(sound[-1], abs=1e-6), "and into what comes after"


def test_lengthening_puts_a_whole_period_in() -> None:
    for hz in (100, 150, 190):
        sound = sine(hz, 960)
        longer = lengthen(sound)
        added = len(longer) - len(sound)
        assert added >= MIN_LAG
        period = 48_000 / hz
        assert abs(added / period - round(added / period)) < 0.03
        assert np.abs(np.diff(longer)).max() <= 1.1 * np.abs(np.diff(sound)).max()


@settings(deadline=None)
@given(hnp.arrays(np.float32, st.integers(0, 1_200), elements=st.floats(-1, 1, width=32)))
def test_lengthening_is_bounded_and_continuous_at_its_ends(sound: Sound) -> None:
    longer = lengthen(sound)
    assert len(longer) - len(sound) in range(max(len(sound) - FADE, 0) + 1)
    assert np.abs(longer).max(initial=0) <= 1.0001
    if len(longer) > len(sound):
        assert longer[0] == sound[0], "goes on from what was before"
        assert longer[-1] == pytest.approx(sound[-1], abs=1e-6), "and into what comes after"


def test_noise_is_left_alone_and_silence_cut() -> None:
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 0.1, 960).astype(np.float32)
    assert len(shorten(noise)) == 960
    assert len(shorten(np.zeros(960, np.float32))) < 960


@pytest.mark.parametrize("samples", [960, 1_920, 2_880, 5_760])
@pytest.mark.parametrize("level", [0.0, 0.3])
def test_a_step_of_a_long_frame_goes_no_further(samples: int, level: float) -> None:
    """Of 60 ms of quiet 55 could be left out: what came 13 ms late would then be 42 early."""
    sound = sine(150, samples, level)
    assert 0 < samples - len(shorten(sound)) <= 720
    assert 0 < len(lengthen(sound)) - samples <= 720


@given(st.integers(0, 500), st.integers(0, 500))
def test_cross_fading_keeps_the_length_of_what_follows(before: int, after: int) -> None:
    joined = cross_fade(np.ones(before, np.float32), np.ones(after, np.float32))
    assert np.allclose(joined, np.ones(after))


# -- tones and ring -------------------------------------------------------------------------


def test_the_alarm_sounds_at_once_again_and_again_and_stops_at_once() -> None:
    player = TonePlayer()
    player.set_alarm(True)
    heard = []
    for _ in range(1_000):
        block = np.zeros((BLOCK, 2), np.float32)
        player.add_to(block)
        heard.append(np.abs(block).max())
    loud = np.array(heard) > 0.05
    assert loud[:5].any()
    assert loud[700:].any()
    assert max(heard) < 1.0
    player.set_alarm(False)
    assert player.idle


def test_a_call_rings_softer_than_an_alarm_and_never_into_one() -> None:
    assert np.abs(tone("ring")).max() < 0.35 * np.abs(tone("alarm")).max()
    player = TonePlayer()
    player.play("ring")
    player.set_alarm(True)
    assert not player.is_sounding("ring"), "it gives way at once"
    player.play("ring")
    assert not player.is_sounding("ring"), "also in the pauses of the alarm"
    player.set_alarm(False)
    player.play("ring")
    assert player.is_sounding("ring")


def test_every_tone_begins_and_ends_in_silence() -> None:
    for kind in get_args(ToneKind):
        sound = tone(kind)
        assert abs(sound[0]) < 0.01
        assert abs(sound[-1]) < 0.01
        assert 0.09 < np.abs(sound).max() < 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 300)), max_size=60))
def test_the_ring_gives_what_it_was_given(turns: list[tuple[bool, int]]) -> None:
    ring, given_, got = Ring(1_000), 0, 0
    for is_write, count in turns:
        if is_write:
            block = np.repeat(np.arange(given_, given_ + count, dtype=np.float32)[:, None], 2, 1)
            given_ += count if ring.write(block) else 0
        else:
            out = np.full((count, 2), 7.0, np.float32)
            read = ring.read_into(out)
            assert np.array_equal(out[:read, 1], np.arange(got, got + read, dtype=np.float32))
            assert not out[read:].any()
            got += read
        assert ring.filled == given_ - got <= 1_000
