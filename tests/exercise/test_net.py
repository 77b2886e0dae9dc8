"""The simulated net: the same for the same seed, and true to how a radio net works."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import (
    AlarmRaised,
    FloorGranted,
    FloorReleased,
    StatusChanged,
    UnitDefined,
    UnitMoved,
)
from console.exercise.floors import Floors
from console.exercise.net import APART_MS, Action, Talk, Tell, actions
from console.exercise.roads import Point, Roads, distance_m, heading_deg, way_through
from console.exercise.scenario import load, names
from console.exercise.travel import Trip

SCENARIOS = {name: load(name) for name in names()}
SECONDS = 900
plays = st.tuples(
    st.sampled_from(names()),
    st.integers(0, 2**32),
    st.one_of(st.none(), st.floats(0, 600)),
)


def first(name: str, seed: int, alarm_after_s: float | None = None) -> list[Action]:
    all_of_them = actions(SCENARIOS[name], seed, alarm_after_s=alarm_after_s)
    return list(takewhile(lambda one: one.at_ms < SECONDS * 1_000, all_of_them))


@pytest.mark.long
@given(plays)
@settings(max_examples=20, deadline=None)
def test_the_same_seed_plays_the_same(play: tuple[str, int, float | None]) -> None:
    assert first(*play) == first(*play)


def test_another_seed_plays_another() -> None:
    assert first("night", 1) != first("night", 2)


@given(plays)
@settings(max_examples=40, deadline=None)
def test_a_radio_net_s_rules(play: tuple[str, int, float | None]) -> None:
    done = first(*play)
    assert all(a.at_ms <= b.at_ms for a, b in pairwise(done))
    talks = [one for one in done if isinstance(one, Talk)]
    for key in ("talkgroup", "unit"):  # one speaker a group, one group a speaker
        groups: dict[str, list[Talk]] = defaultdict(list)
        for talk in talks:
            groups[getattr(talk, key)].append(talk)
        for one in groups.values():
            assert all(a.end_ms + APART_MS <= b.at_ms for a, b in pairwise(one))
    for talk in talks:
        phrase = SCENARIOS[play[0]].phrases[talk.phrase]
        assert SCENARIOS[play[0]].units[talk.unit].voice == phrase.speaker


@given(plays)
@settings(max_examples=40, deadline=None)
def test_an_alarm_is_heard_at_once(play: tuple[str, int, float | None]) -> None:
    name, _, alarm_after_s = play
    done = first(*play)
    told = [one for one in done if isinstance(one, Tell) and isinstance(one.body, AlarmRaised)]
    first_s = SCENARIOS[name].alarms[0].after_s if alarm_after_s is None else alarm_after_s
    assert told[0].at_ms == round(first_s * 1_000)
    for tell in told:
        body = tell.body
        assert isinstance(body, AlarmRaised)
        heard = next(one for one in done if isinstance(one, Talk) and one.at_ms >= tell.at_ms
                     and one.talkgroup == body.talkgroup)  # fmt: skip
        assert (heard.at_ms, heard.unit, heard.emergency) == (tell.at_ms, body.unit, True)
    emergencies = [one for one in done if isinstance(one, Talk) and one.emergency]
    assert len(emergencies) == len(told)


@pytest.mark.parametrize("name", names())
def test_the_first_voice_is_heard_at_once_and_several_before_long(name: str) -> None:
    talks = [one for one in first(name, 1) if isinstance(one, Talk)]
    assert talks[0].at_ms == 0
    together = max(
        sum(one.at_ms <= at_ms < one.end_ms for one in talks) for at_ms in range(0, 60_000, 250)
    )
    assert together >= 2
    silent = sum(not any(one.at_ms <= s * 1_000 < one.end_ms for one in talks) for s in range(900))
    assert 50 < silent < 600  # there are pauses, and not only pauses


@pytest.mark.parametrize("name", names())
def test_everything_is_marked_as_an_exercise_and_known_before_it_moves(name: str) -> None:
    defined: set[str] = set()
    for one in first(name, 1):
        body = one.body if isinstance(one, Tell) else None
        if isinstance(body, UnitDefined):
            defined.add(body.unit)
        if isinstance(body, UnitMoved | StatusChanged):
            assert body.unit in defined
        assert getattr(body, "exercise", True) is True


@pytest.mark.parametrize("name", names())
def test_nobody_jumps(name: str) -> None:
    last: dict[str, tuple[int, Point]] = {}
    for one in first(name, 3):
        if not isinstance(one, Tell) or not isinstance(one.body, UnitMoved):
            continue
        here = (one.body.position.lat, one.body.position.lon)
        at_ms, there = last.get(one.body.unit, (one.at_ms, here))
        fastest_mps = 300 / 3.6
        assert distance_m(here, there) <= fastest_mps * (one.at_ms - at_ms) / 1_000 + 1
        last[one.body.unit] = (one.at_ms, here)
    assert len(last) == len(SCENARIOS[name].units)


def test_units_that_move_tell_it_every_five_seconds() -> None:
    moves: dict[str, list[int]] = defaultdict(list)
    for one in first("night", 1):
        if (
            isinstance(one, Tell)
            and isinstance(one.body, UnitMoved)
            and one.body.position.speed_mps
        ):
            moves[one.body.unit].append(one.at_ms)
    assert len(moves) > 20
    gaps = [b - a for times in moves.values() for a, b in pairwise(times)]
    assert sum(gap <= 5_000 for gap in gaps) > 0.9 * len(gaps)


# --- floors ---------------------------------------------------------------------------------------

GROUPS = st.sampled_from(["lv1", "lv2"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["expect", "refused", "begun", "ended", "lost"]), GROUPS),
    max_size=60,
)


@given(STEPS)
def test_every_granted_floor_is_released_whatever_the_engine_does(
    steps: list[tuple[str, str]],
) -> None:
    floors = Floors()
    told: list[FloorGranted | FloorReleased] = []
    for number, (step, group) in enumerate(steps):
        match step:
            case "expect":
                floors.expect(Talk(number, group, f"u{number}", "x", 1_000))
            case "refused":
                floors.refused(group)
            case "begun":
                told += floors.begun(group, 7, number)
            case "ended":
                told += floors.ended(group, number)
            case _:
                told += floors.all_ended(number)
    told += floors.all_ended(len(steps))
    holding: dict[str, str] = {}
    for body in told:
        if isinstance(body, FloorGranted):
            assert body.talkgroup not in holding
            holding[body.talkgroup] = body.unit
        else:
            assert holding.pop(body.talkgroup) == body.unit
    assert not holding


def test_a_grant_bears_the_burst_s_ssrc_and_the_release_its_length() -> None:
    floors = Floors()
    floors.expect(Talk(0, "lv1", "a11", "x", 1_000, emergency=True))
    assert floors.begun("lv1", 77, 100) == [FloorGranted("lv1", "a11", 77, emergency=True)]
    assert floors.ended("lv1", 1_350) == [FloorReleased("lv1", "a11", 1_250)]
    assert floors.begun("lv1", 78, 2_000) == []  # a burst that nobody asked for


# --- roads ----------------------------------------------------------------------------------------

NORTH, MIDDLE, SOUTH, EAST = (59.2, 10.0), (59.1, 10.0), (59.0, 10.0), (59.1, 10.3)


def test_the_way_is_along_the_roads() -> None:
    roads = Roads([(NORTH, MIDDLE, SOUTH), (MIDDLE, EAST)])
    assert roads.way(NORTH, EAST).points == (NORTH, MIDDLE, EAST)
    assert roads.way(EAST, SOUTH).points == (EAST, MIDDLE, SOUTH)
    beside = (59.2001, 10.02)
    assert roads.way(beside, EAST).points[0] == beside
    assert roads.way(NORTH, (59.2005, 10.0)).points == (NORTH, (59.2005, 10.0))


def test_where_no_road_leads_the_way_is_straight() -> None:
    assert Roads([]).way(NORTH, EAST).points == (NORTH, EAST)
    island = Roads([(NORTH, MIDDLE), (SOUTH, EAST)])
    assert island.way(NORTH, EAST).points == (NORTH, EAST)


@given(st.integers(-1_000, 10_000_000))
def test_a_trip_stays_on_its_way(at_ms: int) -> None:
    trip = Trip(way_through((NORTH, MIDDLE, EAST)), 1_000, 20.0)
    position = trip.position(at_ms)
    assert 59.1 <= position.lat <= 59.2
    assert 10.0 <= position.lon <= 10.3
    assert (position.speed_mps == 0.0) == (at_ms >= trip.arrives_ms)


def test_headings_are_clockwise_from_north() -> None:
    assert heading_deg(SOUTH, NORTH) == pytest.approx(0)
    assert heading_deg(MIDDLE, EAST) == pytest.approx(90, abs=0.2)
    assert heading_deg(NORTH, SOUTH) == pytest.approx(180)
    assert distance_m(NORTH, SOUTH) == pytest.approx(22_240, rel=0.01)
