"""A member's share of a service: bounds who asks without end, and is never felt by who does not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.events import TO_ALL
from console.site.services.floods import AGAIN_S, Flood, Floods
from console.site.services.shares import QUICK, SHORT_S, SLOW, Quota, Share

LOOK_S = 0.05
QUOTAS = st.builds(Quota, st.integers(1, 100), st.floats(0.1, 100))
ASKS = st.lists(st.tuples(st.floats(0, 5), st.integers(0, 200), st.integers(0, 200)), max_size=100)


@given(QUOTAS, ASKS)
def test_never_more_come_than_were_granted_and_never_more_wait_than_a_burst(
    quota: Quota, asks: list[tuple[float, int, int]]
) -> None:
    share, now_s, came = Share(quota, 0.0), 0.0, 0
    for pause_s, asked, answered in asks:
        now_s += pause_s
        share.grant(now_s)
        assert share.granted + share.waiting <= quota.burst
        for _ in range(min(asked, share.granted)):
            share.come()
            came += 1
        for _ in range(min(answered, share.waiting)):
            share.answered()
        assert came <= quota.burst + now_s * quota.per_s + 1


@given(QUOTAS, ASKS)
def test_who_rests_has_all_of_it_again(quota: Quota, asks: list[tuple[float, int, int]]) -> None:
    share, now_s = Share(quota, 0.0), 0.0
    for pause_s, asked, _ in asks:
        now_s += pause_s
        share.grant(now_s)
        for _ in range(min(asked, share.granted)):
            share.come()
            share.answered()
    share.grant(now_s + quota.burst / quota.per_s + 1)
    assert share.is_whole
    assert share.granted > quota.burst // 2 or share.granted == quota.burst
    assert not share.is_exceeded(now_s + 1_000)


def dropped(share: Share, per_s: float, seconds: float, chance: random.Random) -> int:
    """Of asks that come at random times, each answered at the next look."""
    now_s, missed = 0.0, 0
    for _ in range(round(seconds / LOOK_S)):
        now_s += LOOK_S
        share.grant(now_s)
        asked = sum(chance.random() < per_s * LOOK_S / 100 for _ in range(100))
        for _ in range(asked):
            if not share.granted:
                missed += 1
                continue
            share.come()
            share.answered()
        assert per_s > QUICK.per_s or not share.is_exceeded(now_s)
    return missed


@pytest.mark.parametrize("per_s", [1, 5, 80, 240, 450])
def test_what_a_desk_asks_at_most_is_never_dropped(per_s: float) -> None:
    """Sixteen floors held and 300 presses a minute are 240 a second."""
    assert dropped(Share(QUICK, 0.0), per_s, 120, random.Random(per_s)) == 0


def test_a_desk_that_comes_up_asks_for_all_its_keys_at_once() -> None:
    share = Share(QUICK, 0.0)
    assert share.grant(0.0) >= 1_024


def test_who_asks_without_end_is_seen_after_a_while_and_until_it_rests() -> None:
    share, now_s = Share(SLOW, 0.0), 0.0
    seen_s = 0.0
    while now_s < 10 * SHORT_S:
        share.grant(now_s)
        while share.granted:
            share.come()
            share.answered()
        if share.is_exceeded(now_s) and not seen_s:
            seen_s = now_s
        now_s += LOOK_S
    assert SHORT_S <= seen_s < 2 * SHORT_S
    share.grant(now_s)
    share.grant(now_s + LOOK_S)
    share.grant(now_s + 1.0)
    share.grant(now_s + 1.0 + LOOK_S)
    assert not share.is_exceeded(now_s + 2.0)


def test_a_flood_is_told_once_and_again_after_ten_minutes() -> None:
    floods = Floods()
    for number in range(100):
        floods.note("mad", "floor", float(number))
        floods.note("mad", "keys", float(number))
    assert floods.take() == [Flood("mad", "floor")]
    assert floods.take() == []
    floods.note("other", "floor", 100.0)
    floods.note("mad", "keys", AGAIN_S + 1.0)
    assert floods.take() == [Flood("other", "floor"), Flood("mad", "keys")]


def test_who_floods_everybody_is_told_of_also_when_it_floods_a_service() -> None:
    floods = Floods()
    floods.note("mad", "floor", 0.0)
    floods.note("mad", TO_ALL, 1.0)
    floods.note("mad", TO_ALL, 2.0)
    assert floods.take() == [Flood("mad", "floor"), Flood("mad", TO_ALL)]
