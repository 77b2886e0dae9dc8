"""The same alarm by two ways is one: when, for whom, and whatever comes first."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import msgspec
import pytest

from console.domain import bounds
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    AnyBody,
    Event,
    Position,
)
from console.domain.mark import id_ms
from console.domain.same_alarm import WINDOW_MS
from console.domain.state import State, apply_all
from console.site.log.ids import EventIds

from .test_state import event

BURST = "1795532122076-0badcafe"


def at(ms: int, body: AnyBody, author: str) -> Event:
    """An event whose id says that time."""
    return event(ms << 80, body, author=author, time_ms=ms)


def radio(ms: int, key: str = "R1", unit: str = "u1") -> Event:
    return at(ms, AlarmRaised(key, unit), "gw-radio")


def ip(ms: int, key: str = "I1", unit: str = "u1") -> Event:
    return at(ms, AlarmRaised(key, unit, "lv1", Position(60, 10, accuracy_m=12), "hjelp"), "gw-ip")


def everywhere(events: Sequence[Event]) -> State:
    """What every desk sees, whatever came first there."""
    states = [apply_all(State(), order) for order in itertools.permutations(events)]
    pictures = [state.picture() for state in states]
    assert all(picture == pictures[0] for picture in pictures)
    return states[0]


def keys(state: State) -> list[str]:
    return sorted(state.alarms)


def test_the_time_in_an_id() -> None:
    assert id_ms(radio(1_795_532_122_076).id) == 1_795_532_122_076


def test_two_ways_make_one_alarm_under_the_older_id_with_all_that_either_knew() -> None:
    state = everywhere([radio(1_000), ip(3_000)])
    (alarm,) = state.alarms.values()
    assert (alarm.key, alarm.aliases, alarm.ways) == ("R1", ("I1",), ("gw-radio", "gw-ip"))
    assert (alarm.talkgroup, alarm.text) == ("lv1", "hjelp")
    assert alarm.position == Position(60, 10, accuracy_m=12)
    assert alarm.raised.time_ms == 1_000


def test_what_is_said_of_either_id_counts_for_the_one() -> None:
    said: list[AnyBody] = [
        AlarmTaken("I1", "reiser"),
        AlarmNoted("I1", "politi varslet"),
        AlarmUnitsSent("R1", ("u2",)),
        AlarmVoiceKept("I1", "lv1@gw", (BURST,)),
    ]
    events = [radio(1_000), ip(2_000)]
    events += [at(5_000 + n, body, "lv1") for n, body in enumerate(said)]
    (alarm,) = everywhere(events).alarms.values()
    assert (alarm.state, alarm.note) == ("in-progress", "reiser")
    assert [note.text for note in alarm.notes] == ["politi varslet"]
    assert [sent.units for sent in alarm.sent] == [("u2",)]
    assert [(v.author, v.stream, v.bursts) for v in alarm.voices] == [("lv1", "lv1@gw", (BURST,))]


def test_answered_under_one_id_and_closed_under_the_other() -> None:
    events = [
        radio(1_000),
        ip(2_000),
        at(3_000, AlarmAcknowledged("R1"), "lv1"),
        at(4_000, AlarmClosed("I1", "false-press", "satt på den"), "lv2"),
        at(5_000, AlarmEscalated("I1", 60), "site"),
    ]
    (alarm,) = everywhere(events).alarms.values()
    assert (alarm.state, alarm.reason, alarm.note) == ("closed", "false-press", "satt på den")
    assert alarm.escalated is not None
    assert alarm.escalated_after_s == 60


def test_after_the_window_it_is_another() -> None:
    assert keys(everywhere([radio(0), ip(WINDOW_MS)])) == ["R1"]
    assert keys(everywhere([radio(0), ip(WINDOW_MS + 1)])) == ["I1", "R1"]


def test_another_unit_or_an_exercise_is_another() -> None:
    exercise = at(2, AlarmRaised("E1", "u1", exercise=True), "trainer")
    assert keys(everywhere([radio(1), ip(3, unit="u2"), exercise])) == ["E1", "I1", "R1"]


def test_who_raises_two_means_two_and_each_finds_its_own() -> None:
    state = everywhere([radio(1), radio(2, "R2"), ip(3), ip(4, "I2")])
    assert {key: alarm.aliases for key, alarm in state.alarms.items()} == {
        "R1": ("I1",),
        "R2": ("I2",),
    }


def test_what_is_raised_after_the_first_was_closed_is_a_new_alarm() -> None:
    ended = [at(2_000, AlarmTaken("R1"), "lv1"), at(3_000, AlarmClosed("R1", "test"), "lv1")]
    state = everywhere([radio(1_000), *ended, ip(4_000)])
    assert {key: alarm.state for key, alarm in state.alarms.items()} == {
        "R1": "closed",
        "I1": "raised",
    }
    before = everywhere([radio(1_000), *ended, ip(2_500)])
    assert keys(before) == ["R1"], "it was told before the close, and is closed with it"
    assert before.alarms["R1"].state == "closed"


@pytest.mark.parametrize("slow_first", [True, False])
def test_clocks_five_minutes_apart_make_no_two_of_it(slow_first: bool) -> None:
    """Ids follow the fastest clock that was heard of: half a minute ago is recent enough."""
    now_ms, skew_ms = 1_795_532_122_076, 300_000
    fast, slow = EventIds(), EventIds()
    slow.observe([fast.next(now_ms - 30_000 + skew_ms)], now_ms)
    ids = {"gw-ip": fast.next(now_ms + skew_ms), "gw-radio": slow.next(now_ms)}
    bodies = {"gw-ip": AlarmRaised("I1", "u1"), "gw-radio": AlarmRaised("R1", "u1")}
    events = [
        msgspec.structs.replace(event(1, body, author=author), id=ids[author])
        for author, body in bodies.items()
    ]
    state = apply_all(State(), reversed(events) if slow_first else events)
    assert keys(state) == ["R1"]
    assert state.alarms["R1"].aliases == ("I1",)


def test_a_third_way_and_an_older_one_that_comes_late() -> None:
    third = at(4_000, AlarmRaised("T1", "u1"), "gw-third")
    state = everywhere([radio(1_000), ip(2_000), third])
    assert state.alarms["R1"].aliases == ("I1", "T1")
    late = apply_all(state, [at(500, AlarmRaised("T0", "u1"), "gw-third")])
    assert late.alarms["T0"].aliases == ("R1", "I1")
    assert "T1" in late.alarms, "the third told of two"


def closed(keys: Iterable[str], first_ms: int) -> list[Event]:
    events = []
    for n, key in enumerate(keys):
        ms = first_ms + 100_000 * n
        events += [
            at(ms, AlarmRaised(key, "u1"), "gw-radio"),
            at(ms + 1, AlarmRaised(f"{key}-ip", "u1"), "gw-ip"),
            at(ms + 2, AlarmTaken(key), "lv1"),
            at(ms + 3, AlarmClosed(key, "real"), "lv1"),
        ]
    return events


def test_a_full_table_lets_closed_alarms_go_with_all_their_ids_and_never_an_open_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "MAX_ALARMS", 6)
    state = apply_all(State(), closed(["A", "B"], 1))
    fresh = [at(10**6 + n, AlarmRaised(f"N{n}", f"x{n}"), "gw-radio") for n in range(8)]
    state = apply_all(state, fresh)
    assert keys(state) == [f"N{n}" for n in range(6)]
    assert {alarm.state for alarm in state.alarms.values()} == {"raised"}
    assert state.counts.refused == 2
