"""The jitter buffer: what is played, in which order, how late; and what is counted."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.network.rtp import Packet
from audio.receiving.jitter import MAX_PACKETS, MS, JitterBuffer
from tests.audio.rtp_lab import FRAME, Arrival, Playout, packet, played, sent

DELAYS = st.lists(st.floats(0.0, 150.0), min_size=1, max_size=40)
NUMBERS = st.sets(st.integers(0, 119))


def is_rising(numbers: list[int]) -> bool:
    return all(a < b for a, b in itertools.pairwise(numbers))


@settings(deadline=None, max_examples=150)
@given(DELAYS, NUMBERS, NUMBERS)
def test_whatever_the_network_does_no_frame_is_played_twice_or_out_of_order(
    delays_ms: list[float], lost: set[int], doubled: set[int]
) -> None:
    arrivals = sent(120, delays_ms, lost=lost, doubled=doubled)
    if not arrivals:
        return
    one = played(arrivals)
    counts = one.buffer.counts
    assert is_rising(one.numbers)
    assert not set(one.numbers) & lost
    assert counts.packets == len(arrivals)
    accounted = len(one.numbers) + counts.late + counts.duplicate + counts.dropped
    assert accounted <= len(arrivals)
    assert not one.buffer.playing


@settings(deadline=None, max_examples=150)
@given(DELAYS, NUMBERS, st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF // 48))
def test_where_the_counters_wrap_makes_no_difference(
    delays_ms: list[float], lost: set[int], sequence: int, milliseconds: int
) -> None:
    """RFC 3550 5.1: both begin anywhere."""
    plain = sent(120, delays_ms, lost=lost, sequence=1_000, timestamp=48_000)
    if not plain:
        return
    moved = sent(120, delays_ms, lost=lost, sequence=sequence, timestamp=48 * milliseconds)
    one, other = played(plain), played(moved)
    assert one.numbers == other.numbers
    assert one.kinds == other.kinds
    assert one.buffer.counts == other.buffer.counts


@pytest.mark.parametrize("jitter_ms", [0.0, 15.0, 35.0])
def test_everything_that_comes_in_time_is_played(jitter_ms: float) -> None:
    chance = random.Random(3)
    one = played(sent(500, [chance.uniform(0, jitter_ms) for _ in range(500)]))
    assert one.numbers == list(range(500))
    assert one.buffer.counts.late == one.buffer.counts.lost == one.buffer.counts.dropped == 0


def test_reordered_packets_are_put_in_order() -> None:
    delays_ms = [0.0, 30.0, 0.0, 0.0, 25.0]
    assert played(sent(100, delays_ms)).numbers == list(range(100))


def test_the_first_two_in_the_wrong_order() -> None:
    arrivals = sent(50)
    arrivals[0], arrivals[1] = (20.0, arrivals[0][1]), (0.0, arrivals[1][1])
    assert played(arrivals).numbers == list(range(50))


def test_what_is_lost_is_concealed_and_counted() -> None:
    one = played(sent(100, lost={20, 40, 41}))
    assert one.numbers == [n for n in range(100) if n not in {20, 40, 41}]
    assert one.buffer.counts.lost == 3
    assert one.kinds.count("lost") == 3
    assert one.buffer.counts.concealed >= 3 * FRAME


def test_a_packet_before_the_lost_one_brings_its_redundancy() -> None:
    buffer = JitterBuffer(48_000)
    for n in (0, 1, 3):
        buffer.put(packet(n), n * 20.0)
    for _ in range(2):
        assert buffer.take(100.0).kind == "frame"
        buffer.played(FRAME, 100.0)
    lost = buffer.take(100.0)
    assert (lost.kind, lost.samples) == ("lost", FRAME)
    assert lost.payload == packet(3).payload, "RFC 6716 2.1.7: the next one holds a copy"


@pytest.mark.parametrize("leap", [1, 100, 2_999])
@pytest.mark.parametrize("samples", [0, 97, 200, 5_760, 5_761])
def test_numbers_and_times_that_contradict_each_other_stop_nothing(leap: int, samples: int) -> None:
    arrivals = sent(10)
    for n in range(10, 60):
        number, time = n + leap, n * FRAME + samples
        arrivals.append((n * 20.0, Packet(111, False, number, time, 7, n.to_bytes(4, "big"))))
    one = played(arrivals)
    assert one.numbers == list(range(60))


def test_doubled_packets_are_counted_once_each() -> None:
    one = played(sent(100, doubled={3, 50}))
    assert one.numbers == list(range(100))
    assert one.buffer.counts.duplicate == 2


def test_what_comes_too_late_is_counted_and_not_played() -> None:
    arrivals = sent(100)
    arrivals[50] = (arrivals[50][0] + 300.0, arrivals[50][1])
    one = played(arrivals)
    assert 50 not in one.numbers
    assert one.buffer.counts.late == 1


def test_a_silence_of_the_sender_is_neither_loss_nor_delay() -> None:
    """DTX and pauses between words: the numbers go on, the time has moved."""
    pause = 48_000
    arrivals = sent(50)
    arrivals += [(n * 20.0 + 1_000.0, packet(n, gap=pause, marker=n == 50)) for n in range(50, 100)]
    one = played(arrivals)
    assert one.numbers == list(range(100))
    assert one.buffer.counts.lost == 0
    assert max(one.delays_ms) <= 60.0


def test_a_short_gap_in_the_numbers_time_is_played_as_silence() -> None:
    arrivals = sent(50)
    arrivals += [(n * 20.0 + 60.0, packet(n, gap=60 * MS)) for n in range(50, 100)]
    one = played(arrivals)
    assert one.numbers == list(range(100))
    assert one.buffer.counts.lost == 0


@pytest.mark.parametrize("sequence", [0, 30_000, 65_500])
def test_a_sender_that_starts_over_under_the_same_ssrc(sequence: int) -> None:
    before = sent(50, sequence=1_000, timestamp=5_000_000)
    after = [(when + 3_000.0, one) for when, one in sent(50, sequence=sequence, timestamp=123)]
    one = played(before + after)
    assert one.numbers == [*range(50), *range(50)]


def test_every_burst_may_be_numbered_from_the_same_start() -> None:
    """Some gateways do."""
    arrivals: list[Arrival] = []
    for burst in range(4):
        arrivals += [(when + burst * 2_000.0, one) for when, one in sent(30)]
    assert played(arrivals).numbers == list(range(30)) * 4


def test_a_clock_that_leaps_within_a_burst_costs_no_more_than_the_burst() -> None:
    arrivals = sent(50)
    arrivals += [(n * 20.0, packet(n, gap=1_000_000_000)) for n in range(50, 100)]
    one = played(arrivals)
    assert one.numbers[-40:] == list(range(60, 100))
    assert max(one.delays_ms[-40:]) <= 80.0


def test_a_stray_packet_is_no_burst() -> None:
    one = played([(0.0, packet(0))])
    assert one.kinds == []
    assert not one.buffer.talking


def test_nothing_is_invented_after_a_goodbye() -> None:
    buffer = JitterBuffer(48_000)
    one = Playout(buffer)
    one.run(sent(20), 395.0)
    buffer.goodbye()
    one.run([], 1_000.0, from_ms=400.0)
    assert one.numbers == list(range(20))
    assert "starved" not in one.kinds


def test_without_goodbye_invention_ends_within_60_ms() -> None:
    one = played(sent(20))
    assert one.kinds.count("starved") == 6
    assert not one.buffer.playing


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.floats(0.0, 50.0)),
        max_size=600,
    )
)
def test_memory_is_bounded_whatever_is_sent(packets: list[tuple[int, int, float]]) -> None:
    buffer = JitterBuffer(48_000)
    one = Playout(buffer)
    now_ms = 0.0
    for sequence, timestamp, pause_ms in packets:
        now_ms += pause_ms
        buffer.put(Packet(111, False, sequence, timestamp, 7, b"\1"), now_ms)
        assert len(buffer._waiting) <= MAX_PACKETS
        assert len(buffer._unlearnt_ms) <= 32
    one.run([], now_ms + 3_000.0, from_ms=now_ms)
    assert not buffer.playing


def test_a_flood_in_order_leaves_out_the_oldest() -> None:
    buffer = JitterBuffer(48_000)
    for n in range(1_000):
        buffer.put(packet(n), 0.0)
    assert len(buffer._waiting) == MAX_PACKETS
    assert buffer.counts.dropped == 1_000 - MAX_PACKETS


# -- how long a packet waits ----------------------------------------------------------------


def test_on_a_quiet_network_the_wait_is_the_floor() -> None:
    one = played(sent(500))
    assert one.buffer.delays.target_ms == 40.0
    assert max(one.delays_ms) <= 50.0


def test_the_wait_grows_quickly_and_shrinks_slowly() -> None:
    buffer = JitterBuffer(48_000)
    one = Playout(buffer)
    chance = random.Random(1)
    delays_ms = [0.0] * 250 + [chance.choice((0.0, 90.0)) for _ in range(250)] + [0.0] * 2_000
    arrivals = sent(2_500, delays_ms)
    one.run(arrivals, 5_000.0)
    assert buffer.delays.target_ms == 40.0
    one.run([each for each in arrivals if each[0] > 4_990.0], 7_000.0, from_ms=5_000.0)
    assert buffer.delays.target_ms >= 90.0, "within 2 s of bad network"
    late = buffer.counts.late
    one.run([each for each in arrivals if each[0] > 6_990.0], 10_000.0, from_ms=7_000.0)
    assert buffer.counts.late - late <= 5
    one.run([each for each in arrivals if each[0] > 9_990.0], 15_000.0, from_ms=10_000.0)
    assert buffer.delays.target_ms >= 90.0, "still there 5 s later"
    one.run([each for each in arrivals if each[0] > 14_990.0], 50_000.0, from_ms=15_000.0)
    assert buffer.delays.target_ms <= 40.0, "and gone in the end"
    assert is_rising(one.numbers)


def test_a_new_burst_takes_what_was_learnt() -> None:
    chance = random.Random(2)
    arrivals = sent(250, [chance.choice((0.0, 80.0)) for _ in range(250)])
    one = played(arrivals)
    before = one.buffer.counts.late
    again = [
        (when + 10_000.0, packet(n + 250, gap=240_000))
        for n, (when, _) in enumerate(sent(100, [chance.choice((0.0, 80.0)) for _ in range(100)]))
    ]
    one.run(again, 13_000.0, from_ms=9_990.0)
    assert one.buffer.counts.late == before
    assert one.buffer.delays.target_ms >= 80.0


def test_a_sudden_delay_is_caught_up_within_the_burst() -> None:
    """A stall of 150 ms, then all at once: words are shortened, not queued up for good."""
    arrivals = [(max(when, 2_150.0) if when >= 2_000.0 else when, one) for when, one in sent(500)]
    one = played(arrivals)
    assert max(one.delays_ms[-100:]) <= 80.0
    assert "shorten" in one.steps or "resync" in one.steps


@pytest.mark.parametrize("ppm", [-200, 200])
def test_a_clock_that_runs_fast_or_slow_is_followed(ppm: int) -> None:
    """Three minutes without a pause; 36 ms of drift."""
    arrivals = [(when * (1 + ppm * 1e-6), one) for when, one in sent(9_000)]
    one = played(arrivals)
    assert is_rising(one.numbers)
    assert len(one.numbers) >= 8_998
    assert max(one.delays_ms) <= 90.0


@pytest.mark.parametrize("clock_rate", [8_000, 16_000, 44_100])
def test_other_clocks_make_no_gaps(clock_rate: int) -> None:
    step = clock_rate // 50
    arrivals = [
        (n * 20.0, Packet(0, False, n, n * step, 7, n.to_bytes(4, "big"))) for n in range(500)
    ]
    one = played(arrivals, clock_rate=clock_rate)
    assert one.numbers == list(range(500))
    assert set(one.kinds) == {"frame", "starved"}
