"""Another rate, another clock: the finished mix on its way to a device that has its own."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.devices.bridge import BLOCK, MOST_S, RATE, RING, WANTED_S, Bridge
from audio.devices.follow import MAX_BEND, Follower
from audio.devices.rates import StereoResampler

Sound = NDArray[np.float32]
RATES = [8_000, 16_000, 22_050, 32_000, 44_100, 96_000, 192_000]


def sine(hz: float, count: int, rate: float = RATE) -> Sound:
    """(n, 2), the right side half as loud."""
    line = 0.5 * np.sin(2 * np.pi * hz * np.arange(count) / rate)
    return np.stack((line, line / 2), 1).astype(np.float32)


def residue_db(sound: Sound, hz: float, rate: float) -> float:
    """What is no sine of that pitch, against what is."""
    steps = 2 * np.pi * hz * np.arange(len(sound)) / rate
    base = np.stack((np.sin(steps), np.cos(steps)), 1)
    found = base @ np.linalg.lstsq(base, sound, rcond=None)[0]
    return float(20 * np.log10(np.std(sound - found) / np.std(found)))


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_is_the_same_tone_at_another_rate(rate: int) -> None:
    one = StereoResampler(rate / RATE)
    blocks = sine(1_000, RATE).reshape(-1, BLOCK, 2)
    out = np.concatenate([one.process(block) for block in blocks])
    assert abs(len(out) - rate) <= 1
    middle = out[rate // 10 : -rate // 10]
    assert residue_db(middle[:, 0], 1_000, rate) < -80
    assert np.allclose(middle[:, 1], middle[:, 0] / 2, atol=1e-5)
    assert abs(np.abs(middle[:, 0]).max() - 0.5) < 0.01


@pytest.mark.parametrize("rate", [8_000, 16_000, 32_000])
def test_what_a_slower_device_can_t_have_is_left_out(rate: int) -> None:
    one = StereoResampler(rate / RATE)
    above = sine(0.75 * rate, RATE).reshape(-1, BLOCK, 2)
    out = np.concatenate([one.process(block) for block in above])
    assert np.abs(out[rate // 10 :]).max() < 0.5 * 10 ** (-70 / 20)


@given(
    st.sampled_from([1.0, 44_100 / 48_000, 2.0]),
    st.lists(st.integers(0, 700), max_size=12),
)
def test_how_it_is_cut_into_blocks_makes_no_difference(ratio: float, lengths: list[int]) -> None:
    sound = sine(700, sum(lengths))
    cut, whole = StereoResampler(ratio), StereoResampler(ratio)
    parts = np.split(sound, np.cumsum(lengths)[:-1]) if lengths else []
    pieces = [cut.process(part) for part in parts]
    together = whole.process(sound)
    joined = np.concatenate(pieces) if pieces else together
    assert abs(len(joined) - len(together)) <= 1  # one window that ends at the very end
    count = min(len(joined), len(together))
    assert np.allclose(joined[:count], together[:count], atol=2e-5)
    assert abs(len(together) - len(sound) * ratio) <= 1 + 1e-6


@given(st.lists(st.floats(-MAX_BEND, MAX_BEND), min_size=20, max_size=60))
@settings(max_examples=25)
def test_a_rate_that_moves_makes_no_click(bends: list[float]) -> None:
    one = StereoResampler(1.0)
    blocks = sine(1_000, BLOCK * len(bends)).reshape(-1, BLOCK, 2)
    out = np.concatenate([one.process(b, 1 + bend) for b, bend in zip(blocks, bends, strict=True)])
    steepest = 0.5 * 2 * np.pi * 1_000 / RATE
    assert np.abs(np.diff(out[100:, 0])).max() <= steepest * (1 + 2 * MAX_BEND) + 1e-5
    assert abs(len(out) - BLOCK * sum(1 + bend for bend in bends)) <= 1.01


def test_a_rate_that_no_device_has_is_refused() -> None:
    for ratio in (0.0, 0.01, 100.0, float("nan")):
        with pytest.raises(ValueError, match="no sound"):
            StereoResampler(ratio)


# -- the clock's follower -------------------------------------------------------------------


@given(st.floats(-300e-6, 300e-6), st.floats(-0.04, 0.04))
@settings(max_examples=20, deadline=None)
def test_the_queue_comes_to_the_wanted_length(drift: float, first_s: float) -> None:
    """And stays there, whichever clock is the faster one."""
    follower, waiting_s = Follower(), WANTED_S + first_s
    for _ in range(30_000):  # five minutes
        read = 2 - follower.look(waiting_s, WANTED_S)
        waiting_s += 0.01 * (1 + drift - read)
    assert abs(waiting_s - WANTED_S) < 0.001


@given(st.lists(st.floats(-10, 10), max_size=500))
def test_the_pitch_is_never_bent_audibly(waiting: list[float]) -> None:
    follower = Follower()
    for one in waiting:
        assert abs(1 - follower.look(one, WANTED_S)) <= MAX_BEND * (1 + 1e-9)


# -- the bridge -----------------------------------------------------------------------------


class Clocks:
    """A writer and a reader, each by a clock of its own, in bursts of their own."""

    def __init__(self, ppm: float, *, written_at_once: int = 1, read_at_once: int = 1) -> None:
        self.bridge = Bridge()
        chance = random.Random(1)
        tick_s = BLOCK / RATE
        writes = ((n - n % written_at_once) * tick_s for n in itertools.count())
        reads = ((n - n % read_at_once) * tick_s / (1 + ppm / 1e6) for n in itertools.count())
        self._writes = (at + 0.003 * chance.random() for at in writes)
        self._reads = (at + 0.003 * chance.random() for at in reads)
        self._next_write_s, self._next_read_s = next(self._writes), next(self._reads)
        self._held = 0  # frames that the device has not played yet

    def run(self, source: Sound) -> Sound:
        """All that is read while ``source`` is written."""
        heard: list[Sound] = []
        blocks = iter(source.reshape(-1, BLOCK, 2))
        while True:
            if self._next_write_s <= self._next_read_s:
                block = next(blocks, None)
                if block is None:
                    return np.concatenate(heard)
                self.bridge.write(block, self._next_write_s)
                self._next_write_s = next(self._writes)
            else:
                while self._held < BLOCK:
                    heard.append(self.bridge.read(self._next_read_s))
                    self._held += len(heard[-1])
                self._held -= BLOCK
                self._next_read_s = next(self._reads)


def clicks(sound: Sound, hz: float) -> int:
    """Steps that a sine of half the full scale hasn't, after its fade-in."""
    line = sound[np.flatnonzero(np.abs(sound[:, 0]) > 0.01)[0] :, 0]
    return int((np.abs(np.diff(line)) > 0.5 * 2 * np.pi * hz / RATE * 1.02 + 0.001).sum())


@pytest.mark.parametrize("ppm", [0, 200, -200])
@pytest.mark.parametrize(("written", "read"), [(1, 1), (3, 1), (1, 2)])
def test_a_tone_crosses_two_clocks_without_a_click(ppm: float, written: int, read: int) -> None:
    clocks = Clocks(ppm, written_at_once=written, read_at_once=read)
    heard = clocks.run(sine(997, 30 * RATE))
    assert clocks.bridge.resyncs == 0
    assert clicks(heard, 997) == 0
    assert clocks.bridge.is_open


class Deaf(Follower):
    """Follows nobody."""

    def look(self, waiting_s: float, wanted_s: float) -> float:
        super().look(waiting_s, wanted_s)
        return 1.0


def test_clocks_that_would_go_apart_are_kept_together() -> None:
    """54 ms in a minute."""
    followed, alone = Clocks(900), Clocks(900)
    alone.bridge = Bridge(Deaf())
    for clocks in (followed, alone):
        clocks.run(sine(997, 60 * RATE))
    assert followed.bridge.resyncs == 0
    assert alone.bridge.resyncs > 0


def test_a_writer_that_stops_is_waited_for_longer_and_heard_again() -> None:
    clocks = Clocks(0)
    clocks.run(sine(500, RATE))
    bridge, now_s = clocks.bridge, 100.0
    while bridge.is_open:
        bridge.read(now_s)
    assert bridge.resyncs == 1
    wanted = round((WANTED_S + 0.01) * RATE) // BLOCK
    for n in range(wanted):
        assert not bridge.read(now_s).any(), n
        bridge.write(sine(500, BLOCK), now_s)
    assert bridge.read(now_s).any()
    assert bridge.resyncs == 1


def test_what_is_too_old_is_left_out_without_a_click() -> None:
    """A reader that hung for a third of a second."""
    bridge, sound = Bridge(), sine(200, 2 * RATE).reshape(-1, BLOCK, 2)
    heard = []
    for n, block in enumerate(sound):
        bridge.write(block, n * 0.01)
        if not 50 <= n < 83:
            heard.append(bridge.read(n * 0.01))
    assert bridge.resyncs == 1
    line = np.concatenate(heard)[:, 0]
    assert np.abs(np.diff(line)).max() < 0.5 * (2 * np.pi * 200 / RATE + np.pi / 2 / 240) + 0.001
    assert bridge._ring.filled <= (WANTED_S + 0.02) * RATE


@given(st.lists(st.sampled_from(["write", "read", "restart"]), max_size=300))
def test_whatever_the_two_do_the_queue_is_bounded(turns: list[str]) -> None:
    bridge, block = Bridge(), sine(300, BLOCK)
    for n, turn in enumerate(turns):
        now_s = n * 0.005
        if turn == "write":
            bridge.write(block, now_s)
        elif turn == "read":
            out = bridge.read(now_s)
            assert abs(len(out) - BLOCK) <= 1
            assert np.isfinite(out).all()
        else:
            bridge.restart(now_s)
        assert bridge._ring.filled <= RING
        assert bridge._wanted_s <= MOST_S
