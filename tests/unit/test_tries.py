"""How many codes may be tried at a site's door: few enough, and nobody uses up another's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.site.security.tries import (
    MAX_ADDRESSES,
    REMEMBERED_S,
    TRIES_BY_RANK,
    TRIES_TOGETHER,
    WINDOW_S,
    Tries,
)

KNOCKS = st.lists(st.tuples(st.integers(0, 300), st.floats(0, 20)), max_size=400)


@given(KNOCKS)
def test_no_minute_holds_more_tries_than_the_sum_says(knocks: list[tuple[int, float]]) -> None:
    tries, now_s = Tries(), 0.0
    tried: list[float] = []
    for host, pause_s in knocks:
        now_s += pause_s
        if tries.allows(f"10.0.0.{host}", now_s):
            tried.append(now_s)
        assert sum(one > now_s - WINDOW_S for one in tried) <= TRIES_TOGETHER


def test_who_has_a_whole_network_of_addresses_keeps_newcomers_out_for_minutes_a_day() -> None:
    tries = Tries()
    kept_out_s = 0
    for now_s in range(0, 7_200, 20):
        for host in range(250):  # each as often as it likes
            tries.allows(f"10.0.0.{host}", float(now_s))
        kept_out_s += 20 * (not tries.allows(f"10.1.{now_s // 250}.{now_s % 250}", float(now_s)))
    assert 0 < kept_out_s <= 60 * (250 / TRIES_BY_RANK[0] + 2)


def test_a_minute_of_one_address_is_few_tries_and_takes_nothing_from_others() -> None:
    tries = Tries()
    assert sum(tries.allows("10.0.0.2", 1.0) for _ in range(1_000)) == 3 + TRIES_BY_RANK[-1]
    assert all(tries.allows("10.0.0.3", 2.0) for _ in range(3)), "mistyped twice, then right"


def test_who_knew_the_code_or_waited_a_day_begins_anew() -> None:
    tries = Tries()
    for _ in range(50):
        tries.allows("10.0.0.2", 0.0)
        tries.allows("10.0.0.3", 0.0)
    assert not tries.allows("10.0.0.2", 1.0)
    tries.right("10.0.0.2")
    assert tries.allows("10.0.0.2", 1.0)
    assert not tries.allows("10.0.0.3", 2.0)
    later_s = REMEMBERED_S + 1.0
    assert sum(tries.allows("10.0.0.3", later_s) for _ in range(20)) == 3 + TRIES_BY_RANK[-1]


def test_a_crowd_of_addresses_grows_no_table() -> None:
    tries = Tries()
    for number in range(MAX_ADDRESSES * 2):
        tries.allows(str(number), number * WINDOW_S / TRIES_BY_RANK[0])
    assert len(tries._tried) <= MAX_ADDRESSES
    assert all(len(one) <= bound for one, bound in zip(tries._windows, TRIES_BY_RANK, strict=True))
