"""When receivers report, what they say, and that it is read again."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.network import rtcp
from audio.receiving.feedback import INTERVAL_MS, MAX_EARLY, MAX_INTERVAL_MS, Feedback, Tally

LOOK_MS = 100.0
PER_LOOK = 5  # packets


def reports(
    share: float, seconds: float, *, members: int = 0, seed: int = 1, has_copies: bool = False
) -> list[tuple[float, rtcp.Quality, float]]:
    """When, of what, and the mean run; every ``1/share``-th packet is lost."""
    one = Feedback(random.Random(seed))
    for n in range(members):
        one.note_member(n, 0.0)
    found = []
    for look in range(1, int(seconds * 1e3 / LOOK_MS)):
        now_ms = look * LOOK_MS
        sent = look * PER_LOOK
        lost = int(sent * share)
        tally = Tally(7, 100, 99 + sent, sent - lost, lost, lost, 48)
        one.note_loss([tally], now_ms, has_copies=has_copies)
        if one.is_due(now_ms):
            blocks, run = one.make([tally], now_ms)
            found.append((now_ms, blocks[0], run))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_regular_reports_are_some_seconds_apart(seed: int) -> None:
    times = [when for when, _, _ in reports(0.0, 300.0, seed=seed)]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert times[0] <= INTERVAL_MS
    assert all(0.5 * INTERVAL_MS <= gap <= 1.5 * INTERVAL_MS + LOOK_MS for gap in gaps)
    assert max(gaps) - min(gaps) > 0.2 * INTERVAL_MS, "by chance, not in step with others"


def test_many_receivers_report_less_often_each() -> None:
    def median_gap(members: int) -> float:
        times = [when for when, _, _ in reports(0.0, 300.0, members=members)]
        return sorted(b - a for a, b in itertools.pairwise(times))[len(times) // 2]

    # members that are silent themselves are forgotten after a minute
    assert len(reports(0.0, 50.0, members=60)) < len(reports(0.0, 50.0))
    assert median_gap(1_000) <= 1.5 * MAX_INTERVAL_MS


def test_loss_is_told_within_a_second_and_not_without_end() -> None:
    found = reports(0.1, 60.0)
    assert found[0][0] <= 1_000.0
    assert abs(found[-1][1].share - 0.1) < 0.03
    assert len(found) <= (60_000 / (0.5 * INTERVAL_MS) + 1) * (1 + MAX_EARLY)


def test_once_copies_come_the_same_loss_is_no_news() -> None:
    with_copies, without = reports(0.1, 60.0, has_copies=True), reports(0.1, 60.0)
    assert len(with_copies) < len(without) / 2


def test_who_hears_nothing_says_nothing() -> None:
    one = Feedback(random.Random(1))
    tally = Tally(7, 100, 149, 50)
    assert one.make([tally], 0.0)[0]
    assert one.make([tally], 6_000.0)[0] == []


def test_a_sender_that_begins_anew_is_counted_anew() -> None:
    one = Feedback(random.Random(1))
    one.make([Tally(7, 100, 199, 100)], 0.0)
    (block,), _ = one.make([Tally(7, 60_000, 60_009, 5, 1, 5)], 6_000.0)
    assert (block.share, block.lost) == (0.5, 5)


def test_the_time_since_the_sender_s_own_report_is_told() -> None:
    one = Feedback(random.Random(1))
    one.note_sent_at(7, 0xABCD0123, 1_000.0)
    (block,), _ = one.make([Tally(7, 0, 9, 10)], 3_000.0)
    assert (block.last_report, block.since_report) == (0xABCD0123, 2 * 65_536)


QUALITIES = st.builds(
    rtcp.Quality,
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 255).map(lambda n: n / 256),
    st.integers(-0x800000, 0x7FFFFF),
    *[st.integers(0, 0xFFFFFFFF)] * 4,
)
ABLE = st.none() | st.tuples(st.integers(0, 127), st.integers(10, 1_000).map(lambda n: n / 10))


@given(st.integers(0, 0xFFFFFFFF), st.lists(QUALITIES, max_size=31), ABLE, st.binary(max_size=9))
def test_what_is_reported_is_read_again(
    ssrc: int, blocks: list[rtcp.Quality], able: tuple[int, float] | None, junk: bytes
) -> None:
    data = rtcp.receiver_report(ssrc, blocks, "vaktbord-1", able)
    assert len(data) % 4 == 0
    assert rtcp.reports(data + junk) == (rtcp.Report(ssrc, tuple(blocks), able),)
    assert rtcp.names(data) == {ssrc: "vaktbord-1"}


@given(st.binary(max_size=300), st.integers(200, 203), st.integers(0, 31))
def test_no_bytes_raise(data: bytes, kind: int, items: int) -> None:
    padded = data + bytes(-len(data) % 4)
    head = bytes((0x80 | items, kind)) + (len(padded) // 4).to_bytes(2, "big")
    for read in (rtcp.reports, rtcp.sent_at, rtcp.names, rtcp.goodbyes):
        read(data)
        read(head + padded)


def test_a_foreign_report_is_one_that_does_not_understand_red() -> None:
    """RR and SDES as ffmpeg sends them: no PRIV."""
    (report,) = rtcp.reports(rtcp.receiver_report(9, [rtcp.Quality(7, 0.5)], "foreign", None))
    assert report == rtcp.Report(9, (rtcp.Quality(7, 0.5),), None)
