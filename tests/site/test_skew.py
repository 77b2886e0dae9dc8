"""Clocks five minutes apart change no order of an author's and no alarm's life."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    Event,
)
from console.domain.state import State, apply_all
from console.site.log.ids import EventIds

from .authors import Author
from .conftest import NewEar, Server, wait_for
from .test_cut import in_order

SKEW_MS = 300_000
STEPS = (AlarmAcknowledged("A1"), AlarmTaken("A1"), AlarmClosed("A1", "real"))


class Desk:
    """Event ids of a desk whose clock is wrong by so much."""

    def __init__(self, name: str, skew_ms: int) -> None:
        self.name = name
        self._skew_ms = skew_ms
        self._ids = EventIds()
        self._seq = 0

    def say(self, body: AnyBody, now_ms: int, cause: str | None) -> Event:
        self._seq += 1
        event_id = self._ids.next(now_ms + self._skew_ms)
        return Event(event_id, now_ms + self._skew_ms, self.name, self._seq, body, cause=cause)

    def hear(self, event: Event, now_ms: int) -> None:
        self._ids.observe((event.id,), now_ms + self._skew_ms)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-SKEW_MS, SKEW_MS), min_size=2, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 9_000)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_same_life_with_right_clocks_and_wrong_ones(
    skews: list[int], steps: list[tuple[int, int, int]], chance: random.Random
) -> None:
    """One desk after another answers what it has heard; told to all in any order."""

    def life(skewed: list[int]) -> list[Event]:
        desks = [Desk(f"d{n}", skew) for n, skew in enumerate(skewed)]
        now_ms = 2_000_000_000
        events = [desks[0].say(AlarmRaised(alarm="A1", unit="u1"), now_ms, None)]
        for who, step, after_ms in steps:
            for desk in desks:
                desk.hear(events[-1], now_ms)
            now_ms += after_ms
            speaker = desks[who % len(desks)]
            events.append(speaker.say(STEPS[step], now_ms, events[-1].id))
        return events

    right, wrong = life([0] * len(skews)), life(skews)
    assert [event.id for event in wrong] == sorted(event.id for event in wrong)
    shuffled = list(wrong)
    chance.shuffle(shuffled)
    states = [apply_all(State(), events).alarms["A1"] for events in (right, wrong, shuffled)]
    assert {state.state for state in states} == {states[0].state}
    assert [type(one.body) for one in right] == [type(one.body) for one in wrong]


@pytest.mark.system
def test_real_desks_whose_clocks_are_ten_minutes_apart(
    server: Server, new_ear: NewEar, tmp_path: Path
) -> None:
    desks = [new_ear("one"), new_ear("two")]
    for desk in desks:
        desk.wait_up()
    authors = [
        Author(server.as_member(f"author-{n}"), tmp_path / "authors", offset_s=offset_s)
        for n, offset_s in enumerate((-300.0, 300.0))
    ]
    try:
        for number, author in enumerate(authors):
            author.speak(100, number)
        for author in authors:
            author.wait_spoken()
        ids = [event_id for author in authors for event_id in author.raised]
        assert len(ids) == 200
        for desk in desks:
            desk.wait_ids(ids)
            assert sorted(desk.ids()) == sorted(ids)
            assert in_order(desk.events)
        raised = next(e for e in desks[0].events if isinstance(e.body, AlarmRaised))
        assert isinstance(raised.body, AlarmRaised)
        close = AlarmClosed(alarm=raised.body.alarm, reason="test")
        desks[1].wait_ids([desks[0].publish(close, cause=raised.id)])
        for desk in desks:
            wait_for(lambda desk=desk: is_closed(desk.state, close.alarm), "it to be closed")  # type: ignore[misc]  # a default binds the loop's desk
        assert desks[0].state.picture() == desks[1].state.picture()
    finally:
        for author in authors:
            author.stop()


def is_closed(state: State, alarm: str) -> bool:
    return state.alarms[alarm].state == "closed"
