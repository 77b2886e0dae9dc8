"""How much redundancy is sent, and that it stays within its bit rate whatever is reported."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from audio.network import red, rtp
from audio.sending.copies import MAX_BITRATE, MAX_OFFSET, SAVED_S, Copier
from audio.sending.redundancy import (
    FORGET_S,
    HOLD_S,
    MAX_REPORTERS,
    MOST_DISTANCE,
    Heard,
    Redundancy,
)

FRAME = 960


def told(*heard: Heard) -> Redundancy:
    one = Redundancy()
    for each in heard:
        one.take(each, 0.0)
    return one


def bad(reporter: int = 1, share: float = 0.1, run: float = 1.0) -> Heard:
    return Heard(reporter, understands=True, share=share, run=run)


def test_a_clean_network_and_nobody_at_all_get_no_copies() -> None:
    assert Redundancy().distances(0.0) == ()
    assert told(bad(share=0.0), bad(2, share=0.004)).distances(0.0) == ()


def test_the_first_bad_report_is_enough() -> None:
    assert told(bad(1, share=0.0), bad(2, share=0.02)).distances(0.0)


def test_losses_in_a_row_are_stepped_over() -> None:
    distances = {run: told(bad(run=run)).distances(0.0)[0] for run in (1.0, 1.4, 3.1, 9.0, 100.0)}
    assert distances == {1.0: 2, 1.4: 2, 3.1: 3, 9.0: 4, 100.0: MOST_DISTANCE}


def test_one_who_does_not_understand_red_must_still_hear() -> None:
    one = told(bad(1), Heard(2, understands=False))
    assert one.distances(0.0) == ()
    one.leave(2)
    assert one.distances(0.0)


def test_one_who_does_not_understand_and_reports_no_more_is_forgotten() -> None:
    one = told(Heard(2, understands=False))
    one.take(bad(1), FORGET_S - 1)
    assert one.distances(FORGET_S - 1) == ()
    assert one.distances(FORGET_S + 1)


def test_up_at_once_and_down_slowly() -> None:
    one = told(bad(share=0.0))
    one.take(bad(share=0.2), 1.0)
    assert one.distances(1.0)
    for second in range(2, int(HOLD_S)):
        one.take(bad(share=0.0), float(second))
        assert one.distances(float(second)), second
    one.take(bad(share=0.0), 1.0 + HOLD_S + 0.1)
    assert one.distances(1.0 + HOLD_S + 0.1) == ()


REPORTS = st.lists(
    st.tuples(
        st.builds(
            Heard,
            st.integers(0, 9),
            st.just(True) | st.booleans(),
            st.floats(0, 1),
            st.floats(1, 100),
        ),
        st.floats(0, 5),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(REPORTS, st.lists(st.integers(1, 400), min_size=50, max_size=200))
def test_forged_reports_reach_the_full_redundancy_and_no_more(
    reports: list[tuple[Heard, float]], sizes: list[int]
) -> None:
    """The bit rate of what goes beyond the frames themselves is bounded over any span of time."""
    one, copier, now_s, sent, alone = Redundancy(), Copier(111), 0.0, 0, 0
    for n, size in enumerate(sizes):
        if n < len(reports):
            one.take(reports[n][0], now_s)
        now_s += 0.02
        distances = one.distances(now_s)
        assert len(distances) <= 2
        assert all(1 <= each <= MOST_DISTANCE for each in distances)
        payload, is_red = copier.payload(bytes((n % 251,)) * size, FRAME, distances)
        assert is_red == (len(payload) > size)
        sent += len(payload) + rtp.HEADER
        alone += size + rtp.HEADER
    allowed = (len(sizes) * 0.02 + 2 * SAVED_S) * MAX_BITRATE / 8
    assert sent <= max(alone, allowed)


def test_ten_thousand_forged_reporters_take_no_more_memory() -> None:
    one = Redundancy()
    for n in range(10_000):
        one.take(bad(n), 0.0)
    assert len(one._reporters) == MAX_REPORTERS


@given(
    st.lists(
        st.tuples(
            st.binary(min_size=1, max_size=60), st.sampled_from([120, 480, 960, 2_880, 5_760])
        ),
        min_size=1,
        max_size=40,
    ),
    st.lists(st.integers(1, MOST_DISTANCE), max_size=2),
)
def test_a_copy_says_whose_it_is(frames: list[tuple[bytes, int]], distances: list[int]) -> None:
    """By its time alone, as a receiver must find it, also where packets differ in length."""
    copier, starts, at = Copier(111), list[int](), 0
    for n, (payload, samples) in enumerate(frames):
        starts.append(at)
        sent, is_red = copier.payload(payload, samples, distances)
        blocks = red.unpack(sent) if is_red else (red.Block(111, 0, payload),)
        assert blocks is not None
        assert blocks[-1].payload == payload
        for copy in blocks[:-1]:
            original = n - copy.offset // samples
            assert frames[original] == (copy.payload, samples)
            assert starts[original] == at - copy.offset
            assert copy.offset <= MAX_OFFSET
        at += samples


def test_frames_of_low_bit_rate_get_two_copies_and_those_of_high_bit_rate_none() -> None:
    copies = {}
    for size in (38, 70, 150):
        copier = Copier(111)
        sent = [copier.payload(bytes(size), FRAME, (2, 1)) for _ in range(500)]
        blocks = [red.unpack(payload) if is_red else () for payload, is_red in sent]
        copies[size] = sum(max(len(one or ()) - 1, 0) for one in blocks) / len(sent)
    assert copies[38] > 1.7
    assert 0.9 < copies[70] < 1.2
    assert copies[150] < 0.1
