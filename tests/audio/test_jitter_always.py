"""What holds of the jitter buffer whatever arrives, and whatever has arrived before."""

from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audio.receiving.delays import BUCKETS, CAP_MS, FLOOR_MS, SHRINK_EVERY_MS, WINDOW_MS
from audio.receiving.jitter import HURRY_ABOVE_MS, MAX_PACKETS, MAX_UNLEARNT, MS, JitterBuffer
from tests.audio.rtp_lab import FRAME, FRAME_MS, Arrival, Playout, packet, played, sent

COUNT = 150
DELAYS = st.lists(st.floats(0.0, 150.0), min_size=1, max_size=40)
SPIKES = st.dictionaries(st.integers(0, COUNT - 1), st.floats(50.0, 900.0), max_size=4)
NUMBERS = st.sets(st.integers(0, COUNT - 1), max_size=30)
QUIET_MS = 2 * WINDOW_MS + SHRINK_EVERY_MS  # of speech: all that was learnt before is forgotten


def spiked(delays_ms: list[float], spikes_ms: dict[int, float]) -> list[float]:
    """Of each packet; what follows a spike comes with it, as over Wi-Fi."""
    spread = itertools.islice(itertools.cycle(delays_ms), COUNT)
    at_ms = [n * FRAME_MS + one + spikes_ms.get(n, 0.0) for n, one in enumerate(spread)]
    if spikes_ms:
        at_ms = list(itertools.accumulate(at_ms, max))
    return [at - n * FRAME_MS for n, at in enumerate(at_ms)]


def later(arrivals: list[Arrival], from_number: int, from_ms: float) -> list[Arrival]:
    """The same packets as a later over of the same sender."""
    return [
        (from_ms + when, packet(from_number + n, gap=round(from_ms) * MS - from_number * FRAME))
        for n, (when, _) in enumerate(arrivals)
    ]


@settings(deadline=None, max_examples=100)
@given(DELAYS, SPIKES, NUMBERS, NUMBERS)
@example([0.0], {1: 231.0}, set(), set())  # the first one stays alone, as a stray packet does
def test_each_sample_is_played_at_most_once_and_each_packet_counted_once(
    delays_ms: list[float], spikes_ms: dict[int, float], lost: set[int], doubled: set[int]
) -> None:
    arrivals = sent(COUNT, spiked(delays_ms, spikes_ms), lost=lost, doubled=doubled)
    one = played(arrivals, more_ms=2_000.0)
    counts = one.buffer.counts
    came = {int.from_bytes(each.payload, "big") for _, each in arrivals}
    assert len(set(one.numbers)) == len(one.numbers)
    assert all(a < b for a, b in itertools.pairwise(one.numbers))
    assert set(one.numbers) <= came
    unplayed = len(came) - len(one.numbers)
    copies = len(arrivals) - len(came)
    assert counts.late + counts.dropped + counts.duplicate <= unplayed + copies
    if not doubled:
        assert counts.late + counts.dropped == unplayed, "what was not played is counted, once"


@settings(deadline=None, max_examples=60)
@given(DELAYS, SPIKES, st.floats(100.0, 900.0))
def test_the_delay_comes_back_whatever_happened(
    delays_ms: list[float], spikes_ms: dict[int, float], start_ms: float
) -> None:
    """The wait is never above its cap; what a late packet adds is made up within 5 s."""
    before = spiked(delays_ms, {0: start_ms, **spikes_ms})
    quiet = [0.0] * 250
    one = played(sent(COUNT + len(quiet), before + quiet))
    assert one.buffer.delays.target_ms <= CAP_MS
    assert max(one.delays_ms[-40:]) <= CAP_MS + HURRY_ABOVE_MS + 2 * FRAME_MS


@settings(deadline=None, max_examples=12)
@given(DELAYS, SPIKES)
def test_after_a_quiet_while_the_wait_is_back_at_its_floor(
    delays_ms: list[float], spikes_ms: dict[int, float]
) -> None:
    quiet = [0.0] * round((QUIET_MS + 1_000.0) / FRAME_MS)
    one = played(sent(COUNT + len(quiet), spiked(delays_ms, spikes_ms) + quiet))
    assert one.buffer.delays.wanted_ms() <= FLOOR_MS
    assert one.buffer.delays.target_ms <= FLOOR_MS


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(-1e6, 1e6)), max_size=300))
def test_what_is_learnt_takes_no_more_room(lessons: list[tuple[float, float]]) -> None:
    """Whatever is said of arrivals, the wait stays within its bounds."""
    buffer = JitterBuffer(48_000)
    size = sys.getsizeof(buffer.delays)
    for relative_ms, now_ms in lessons:
        buffer.delays.learn([relative_ms] * MAX_UNLEARNT, now_ms)
        buffer.delays.follow(now_ms)
        assert 0.0 < buffer.delays.target_ms <= CAP_MS
    assert sys.getsizeof(buffer.delays) == size
    assert len(getattr(buffer.delays, "_weights", range(BUCKETS))) == BUCKETS
    assert len(buffer._waiting) <= MAX_PACKETS


@settings(deadline=None, max_examples=60)
@given(st.floats(0.0, 800.0), st.integers(1, 30), st.booleans())
def test_nothing_of_a_first_syllable_is_lost(late_ms: float, held: int, speaks_anew: bool) -> None:
    """However late an over's first packets are, alone or with those that follow: all are played."""
    one = Playout(JitterBuffer(48_000))
    known = 300
    one.run(sent(known), 8_000.0)
    one.numbers.clear()
    until_ms = late_ms if late_ms < held * FRAME_MS else held * FRAME_MS
    delays_ms = [max(until_ms - n * FRAME_MS, 0.0) for n in range(200)]
    over = later(sent(200, delays_ms), known, 8_000.0)
    if speaks_anew:  # a new sender, of whom nothing is known
        one = Playout(JitterBuffer(48_000))
    one.run(over, 13_500.0, from_ms=8_000.0)
    first = [n for n in range(known, known + 50) if n in one.numbers]
    assert first == list(range(known, known + 50))


@pytest.mark.parametrize("overtaken", [1, 2])
@pytest.mark.parametrize("comes_as", ["itself", "a copy"])
def test_first_packets_that_are_overtaken_or_come_as_copies_are_heard(
    overtaken: int, comes_as: str
) -> None:
    buffer = JitterBuffer(48_000)
    one = Playout(buffer)
    one.run(sent(100), 4_000.0)
    over = later(sent(100), 100, 4_000.0)
    head, rest = over[:overtaken], over[overtaken:]
    one.run([each for each in rest if each[0] < 4_090.0], 4_090.0, from_ms=4_000.0)
    for _, each in head:
        if comes_as == "itself":
            buffer.put(each, 4_090.0)
        else:
            assert buffer.put_copy(each, 4_090.0)
    one.run([each for each in rest if each[0] >= 4_090.0], 7_000.0, from_ms=4_090.0)
    assert one.numbers == list(range(200))


@pytest.mark.parametrize("late_ms", [60.0, 200.0, 300.0])
def test_a_late_beginning_is_made_up_by_steps(late_ms: float) -> None:
    delays_ms = [max(late_ms - n * FRAME_MS, 0.0) for n in range(400)]
    one = played(later(sent(400, delays_ms), 0, 5_000.0))
    assert one.numbers == list(range(400))
    assert one.buffer.counts.dropped == 0
    assert max(one.delays_ms[-50:]) <= FLOOR_MS + HURRY_ABOVE_MS


def test_what_comes_once_is_let_go_and_what_comes_again_is_waited_for() -> None:
    once = [max(60.0 - 20.0 * (n - 1_500), 0.0) if n >= 1_500 else 0.0 for n in range(2_000)]
    assert played(sent(2_000, once)).buffer.delays.target_ms <= FLOOR_MS
    often = [max(60.0 - 20.0 * (n % 200), 0.0) for n in range(2_000)]
    assert played(sent(2_000, often)).buffer.delays.target_ms == 60.0


def test_gaps_that_no_wait_would_save_don_t_lengthen_it() -> None:
    """A scan that takes 400 ms."""
    gap = [max(400.0 - 20.0 * (n - 1_500), 0.0) if n >= 1_500 else 0.0 for n in range(2_500)]
    assert played(sent(2_500, gap)).buffer.delays.target_ms <= 60.0


def test_a_wire_is_trusted_when_it_has_been_quiet_for_a_while() -> None:
    """Ten milliseconds less, as long as nothing is late by more than a tick."""
    one = played(sent(1_500))
    assert one.buffer.delays.target_ms == 30.0
    assert one.buffer.counts.concealed == 6 * 10 * MS, "but for the end"
    for late_ms in (25.0, 500.0):
        once = [late_ms if n == 1_200 else 0.0 for n in range(1_500)]
        assert played(sent(1_500, once)).buffer.delays.wanted_ms() == 40.0
