"""When a link's readers ask whether a quiet stream has more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.site.log.rounds import QUIET_S, Rounds

CHANCE = st.floats(0.0, 1.0)


def rounds_of(chances: list[float]) -> Rounds:
    """Each round as late as its chance says, then as late as can be."""
    left = iter(chances)
    return Rounds(lambda low, high: low + (high - low) * next(left, 1.0))


@given(st.lists(CHANCE, max_size=8), st.floats(0.0, 2 * QUIET_S), st.floats(0.0, 100.0))
def test_a_quiet_stream_is_asked_in_time(
    chances: list[float], after_s: float, began: float
) -> None:
    """Whenever it was heard last: ``after_s`` after a round was set."""
    rounds = rounds_of(chances)
    now_s = rounds.next_s(began)
    heard_s = began + after_s
    while now_s < heard_s or not rounds.is_quiet(heard_s, now_s):
        now_s = rounds.next_s(now_s)
    assert now_s - heard_s <= QUIET_S * 1.0001


@given(st.lists(CHANCE, max_size=8), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=15))
def test_who_waits_asks_in_the_same_moment(chances: list[float], waits: list[float]) -> None:
    rounds = rounds_of(chances)
    first_s = rounds.next_s(0.0)
    assert first_s >= QUIET_S / 2, "no more often than is of use"
    assert {rounds.next_s(first_s * wait * 0.99) for wait in waits} == {first_s}


def test_two_links_keep_no_step() -> None:
    one, other = Rounds(), Rounds()
    assert [one.next_s(n * QUIET_S) for n in range(5)] != [
        other.next_s(n * QUIET_S) for n in range(5)
    ]


def test_what_was_heard_just_now_is_not_asked() -> None:
    assert not Rounds.is_quiet(10.0, 10.1)
    assert Rounds.is_quiet(10.0, 10.0 + QUIET_S)
