"""Whatever an exercise says, what is real stays as if it had said nothing, in any order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import (
    AlarmRaised,
    AnyBody,
    Event,
    FloorGranted,
    LandmarkDefined,
    LandmarkRemoved,
    MessageSent,
    PinRemoved,
    PinSet,
    Position,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.state import State, apply_all
from console.site.log.subjects import ALARMS, STATUS
from console.site.log.wire import EventError, decode_logged, encode

KEYS = st.sampled_from(["k1", "k2"])


def landmark(key: str, name: str, exercise: bool) -> LandmarkDefined:
    return LandmarkDefined(landmark=key, name=name, lat=60, lon=10, exercise=exercise)


def pin(key: str, name: str, exercise: bool) -> PinSet:
    return PinSet(pin=key, name=name, lat=60, lon=10, since_ms=5, exercise=exercise)


def bodies(exercise: bool) -> st.SearchStrategy[AnyBody]:
    position = st.builds(
        Position, st.integers(58, 62), st.integers(5, 12), fixed_ms=st.integers(0, 3)
    )
    return st.one_of(
        st.builds(
            UnitDefined, KEYS, st.sampled_from("ab"), st.just("doctor"), exercise=st.just(exercise)
        ),
        st.builds(TalkgroupDefined, KEYS, st.sampled_from("ab"), exercise=st.just(exercise)),
        st.builds(landmark, KEYS, st.sampled_from("ab"), st.just(exercise)),
        st.builds(pin, KEYS, st.sampled_from("ab"), st.just(exercise)),
        st.builds(UnitMoved, KEYS, position),
        st.builds(StatusChanged, KEYS, st.sampled_from("ab")),
    )


def history(exercise: bool) -> st.SearchStrategy[list[AnyBody]]:
    made = bodies(exercise)
    if exercise:
        made |= st.builds(UnitRemoved, KEYS) | st.builds(TalkgroupRemoved, KEYS)
        made |= st.builds(LandmarkRemoved, KEYS) | st.builds(PinRemoved, KEYS)
    return st.lists(made, max_size=6)


@settings(max_examples=150, deadline=None)
@given(history(False), history(True), st.randoms(use_true_random=False))
def test_what_is_defined_as_real_is_as_if_there_were_no_exercise(
    real: list[AnyBody], played: list[AnyBody], chance: Any
) -> None:
    numbers = chance.sample(range(100), len(real) + len(played))
    events = [
        Event(f"01M870VSYWX5JXH7Z4NEH3{number:04d}", number, author, 1, body, exercise=exercise)
        for number, (author, body, exercise) in zip(
            numbers,
            [*(("real", b, False) for b in real), *(("play", b, True) for b in played)],
            strict=True,
        )
    ]
    alone = apply_all(State(), [one for one in events if not one.exercise])
    chance.shuffle(events)
    mixed = apply_all(State(), events)
    for key, unit in alone.units.items():
        if unit.defined_by:
            assert mixed.units[key] == unit
    for key, group in alone.talkgroups.items():
        assert mixed.talkgroups[key] == group
    for key, place in alone.landmarks.items():
        assert mixed.landmarks[key] == place
    for key, marked in alone.pins.items():
        assert mixed.pins[key] == marked


REAL = [
    Event("0" * 25 + "1", 1, "real", 1, UnitDefined("u1", "One", "doctor")),
    Event("0" * 25 + "2", 1, "real", 2, TalkgroupDefined("g1", "Group")),
    Event("0" * 25 + "3", 1, "real", 3, AlarmRaised("a1", "u1")),
    Event("0" * 25 + "4", 1, "real", 4, landmark("m1", "Hospital", False)),
    Event("0" * 25 + "5", 1, "real", 5, pin("p1", "Incident", False)),
]


@pytest.mark.parametrize(
    "body",
    [
        UnitMoved("u1", Position(60, 10)),
        UnitRemoved("u1"),
        StatusChanged("u1", "free"),
        TalkgroupRemoved("g1"),
        LandmarkRemoved("m1"),
        landmark("m1", "Taken over", True),
        PinRemoved("p1"),
        pin("p1", "Moved", True),
        FloorGranted("g1", "u9"),
        FloorGranted("g9", "u1"),
        AlarmRaised("a1", "u9", exercise=True),
        AlarmRaised("a9", "u1", exercise=True),
        MessageSent("u1", "come"),
        MessageSent("u9", "come", also=("g1",)),
        MessageSent("u9", "come", sender="u1"),
    ],
)
def test_no_real_row_is_touched_and_that_is_counted(body: AnyBody) -> None:
    before = apply_all(State(), REAL)
    after = apply_all(before, [Event("0" * 25 + "9", 1, "play", 1, body, exercise=True)])
    assert after.picture() == before.picture()
    assert after.counts.refused == before.counts.refused + 1


def test_an_exercise_makes_and_changes_its_own() -> None:
    played: list[AnyBody] = [
        StatusChanged("x1", "free"),
        UnitDefined("x1", "Ex", "ambulance", exercise=True),
        UnitMoved("x1", Position(60, 10)),
        TalkgroupDefined("y1", "Ex", exercise=True),
        landmark("m2", "Ex", True),
        pin("p2", "Ex", True),
        FloorGranted("y1", "x1"),
        AlarmRaised("z1", "x1", exercise=True),
        MessageSent("y1", "come", sender="x1"),
    ]
    events = [
        Event(f"1{number:025d}", 1, "play", number, body, exercise=True)
        for number, body in enumerate(played)
    ]
    state = apply_all(State(), [*REAL, *events])
    unit = state.units["x1"]
    assert (unit.call_sign, unit.status, unit.exercise) == ("Ex", "free", True)
    assert unit.position == Position(60, 10)
    assert state.floors["y1"].speaker == "x1"
    assert (state.landmarks["m2"].exercise, state.pins["p2"].exercise) == (True, True)
    assert state.alarms["z1"].exercise
    assert [one.text for one in state.messages] == ["come"]
    gone = apply_all(state, [Event("2" + "0" * 25, 1, "p", 9, UnitRemoved("x1"), exercise=True)])
    assert "x1" not in gone.units


def test_an_exercise_says_that_it_is_one() -> None:
    """Else no reader takes it, and the trainer's own link does not send it."""
    status = Event("0" * 26, 1, "play", 1, StatusChanged("x1", "free"))
    alarm = Event("0" * 26, 1, "play", 1, AlarmRaised("a1", "u1"), exercise=True)
    for event, stream, subject in (
        (status, STATUS, "vb.log.status.trainer.play.status-changed.x1"),
        (alarm, ALARMS, "vb.log.alarm.trainer.play.alarm-raised.a1"),
    ):
        with pytest.raises(EventError, match="does not say so"):
            decode_logged(subject, encode(event), stream)
