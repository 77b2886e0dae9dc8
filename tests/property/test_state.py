"""What holds for every history: order and repetition change nothing, no alarm leaves its table."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.alarm import NEXT, Alarm
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmRaised,
    AlarmState,
    AlarmTaken,
    AnyBody,
    Event,
    FloorGranted,
    FloorReleased,
    MessageSent,
    Position,
    PositionJoined,
    PositionLeft,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.state import State, apply, apply_all

from ..unit.test_state import ulid

KEYS = st.sampled_from(("a", "b", "c"))
GROUPS = st.sampled_from(("g1", "g2"))
POSITIONS = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))
WORDS = st.sampled_from(("", "ja", "nei"))

BODIES: st.SearchStrategy[AnyBody] = st.one_of(
    st.builds(AlarmRaised, alarm=KEYS, unit=KEYS, text=WORDS),
    st.builds(AlarmAcknowledged, alarm=KEYS),
    st.builds(AlarmTaken, alarm=KEYS, note=WORDS),
    st.builds(AlarmClosed, alarm=KEYS, reason=st.sampled_from(("real", "test")), note=WORDS),
    st.builds(AlarmEscalated, alarm=KEYS, after_s=st.integers(1, 9)),
    st.builds(UnitDefined, unit=KEYS, call_sign=KEYS, unit_kind=st.just("ambulance")),
    st.builds(UnitMoved, unit=KEYS, position=POSITIONS),
    st.builds(UnitRemoved, unit=KEYS),
    st.builds(StatusChanged, unit=KEYS, status=KEYS, text=WORDS),
    st.builds(FloorGranted, talkgroup=GROUPS, unit=KEYS),
    st.builds(FloorReleased, talkgroup=GROUPS, unit=KEYS),
    st.builds(TalkgroupDefined, talkgroup=GROUPS, name=KEYS),
    st.builds(TalkgroupRemoved, talkgroup=GROUPS),
    st.builds(MessageSent, to=GROUPS, text=WORDS),
    st.builds(PositionJoined, label=KEYS),
    st.builds(PositionLeft, label=KEYS),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events of three authors with clocks that disagree. A cause is any earlier event's id, and
    always one that is not merely told live."""
    count = draw(st.integers(1, 25))
    numbers = draw(st.lists(st.integers(0, 10**6), min_size=count, max_size=count, unique=True))
    events: list[Event] = []
    for seq, number in enumerate(numbers, 1):
        body = draw(BODIES)
        causes = [
            e.id for e in events if not isinstance(e.body, UnitMoved | FloorGranted | FloorReleased)
        ]
        cause = draw(st.sampled_from([None, *causes]))
        events.append(
            Event(
                id=ulid(number),
                time_ms=draw(st.integers(0, 10**6)),
                author=draw(st.sampled_from(("x", "y", "z"))),
                seq=seq,
                body=body,
                cause=cause,
            )
        )
    return events


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    events = draw(histories())
    again = draw(st.lists(st.sampled_from(events), max_size=10))
    return events, draw(st.permutations([*events, *again]))


def in_batches(events: Sequence[Event], size: int) -> State:
    state = State()
    for start in range(0, len(events), size):
        state = apply_all(state, events[start : start + size])
    return state


@settings(max_examples=400, deadline=None)
@given(shuffled(), st.integers(1, 7))
def test_any_order_with_any_repetition_in_any_batches_gives_the_same_picture(
    both: tuple[list[Event], list[Event]], size: int
) -> None:
    events, other = both
    assert apply_all(State(), events).picture() == in_batches(other, size).picture()


@settings(max_examples=200, deadline=None)
@given(histories())
def test_applying_again_changes_nothing(events: list[Event]) -> None:
    once = apply_all(State(), events)
    assert apply_all(once, events).picture() == once.picture()
    assert apply_all(State(), events) == once, "two replays, counts and all"


@settings(max_examples=300, deadline=None)
@given(histories())
def test_an_alarm_only_goes_where_its_table_lets_it(events: list[Event]) -> None:
    state = State()
    for event in events:
        new = apply(state, event)
        for key, alarm in new.alarms.items():
            assert is_legal(alarm)
            old = state.alarms.get(key)
            assert alarm.state in reachable(old.state if old is not None else "raised")
        state = new


@settings(max_examples=200, deadline=None)
@given(histories())
def test_no_state_is_changed_in_place(events: list[Event]) -> None:
    half = len(events) // 2
    before = apply_all(State(), events[:half])
    kept = apply_all(State(), events[:half])
    apply_all(before, events[half:])
    assert before == kept


def reachable(state: AlarmState) -> set[AlarmState]:
    found: set[AlarmState] = {state}
    for following in NEXT[state].values():
        found |= reachable(following)
    return found


def is_legal(alarm: Alarm) -> bool:
    """Whoever is past ``raised`` has somebody's name for it."""
    match alarm.state:
        case "raised":
            return alarm.answered is None
        case "acknowledged":
            return alarm.acknowledged is not None and alarm.taken is None
        case "in-progress":
            return alarm.taken is not None and alarm.closed is None
        case "closed":
            return alarm.answered is not None and alarm.closed is not None
