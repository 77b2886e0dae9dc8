"""A desk that was left on forgets what the site's log has let go of, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ulid import ULID

from console.domain.alarm import Alarm
from console.domain.events import (
    AlarmClosed,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    Event,
    FloorGranted,
    MessageSent,
    Position,
    StatusChanged,
    UnitDefined,
    UnitMoved,
)
from console.domain.expiry import expire, is_expired
from console.domain.mark import id_ms
from console.domain.state import State, apply_all

from ..property.test_state import BODIES

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
NOW_MS: Final = 1_790_000_000_000
ALL_ALIKE: Final[Mapping[type, int]] = dict.fromkeys(get_args(AnyBody), DAY_MS)


def event(body: AnyBody, age_ms: int, n: int = 0) -> Event:
    time_ms = NOW_MS - age_ms
    random = n.to_bytes(10, "big")
    return Event(
        id=str(ULID.from_bytes(time_ms.to_bytes(6, "big") + random)),
        time_ms=time_ms,
        author="one",
        seq=n,
        body=body,
    )


def picture_of(*events: Event) -> State:
    return apply_all(State(), events)


def test_each_kind_goes_in_its_own_time() -> None:
    state = picture_of(
        event(UnitDefined(unit="u1", call_sign="AMB", unit_kind="ambulance"), 30 * HOUR_MS),
        event(UnitMoved(unit="u1", position=Position(lat=60, lon=10)), 3 * HOUR_MS),
        event(StatusChanged(unit="u1", status="free", text="fiktiv"), 3 * HOUR_MS, 1),
        event(MessageSent(to="u1", text="fiktiv"), 3 * HOUR_MS, 2),
        event(MessageSent(to="u1", text="ny"), 1 * HOUR_MS, 3),
    )
    keep: Mapping[type, int] = {
        UnitMoved: 2 * HOUR_MS,
        StatusChanged: 4 * HOUR_MS,
        MessageSent: 2 * HOUR_MS,
    }
    left = expire(state, NOW_MS, keep)
    unit = left.units["u1"]
    assert (unit.call_sign, unit.position, unit.status_text) == ("AMB", None, "fiktiv")
    assert [one.text for one in left.messages] == ["ny"]
    later = expire(left, NOW_MS + 2 * HOUR_MS, keep)
    assert (later.units["u1"].status, later.units["u1"].status_text) == ("", "")
    assert later.messages == ()
    assert expire(later, NOW_MS, keep) is later, "nothing more is too old: the same object"


def test_a_unit_of_which_nothing_is_left_goes() -> None:
    state = picture_of(event(UnitMoved(unit="u1", position=Position(lat=60, lon=10)), DAY_MS))
    assert expire(state, NOW_MS, {UnitMoved: HOUR_MS}).units == {}


def test_an_alarm_goes_only_when_it_is_closed() -> None:
    state = picture_of(
        event(AlarmRaised(alarm="open", unit="u1", text="fiktiv"), 900 * DAY_MS),
        event(AlarmRaised(alarm="closed", unit="u2", text="fiktiv"), 900 * DAY_MS, 1),
        event(AlarmTaken(alarm="closed"), 899 * DAY_MS, 2),
        event(AlarmClosed(alarm="closed", reason="real"), 899 * DAY_MS, 3),
    )
    keep: Mapping[type, int] = {AlarmRaised: 90 * DAY_MS}
    left = expire(state, NOW_MS, keep)
    assert list(left.alarms) == ["open"]


def test_an_answer_held_back_for_an_alarm_that_never_came_goes() -> None:
    state = picture_of(event(AlarmTaken(alarm="x", note="fiktiv"), 2 * DAY_MS))
    assert state.waiting_count == 1
    assert expire(state, NOW_MS, ALL_ALIKE).waiting_count == 0


def test_who_has_spoken_for_days_speaks_no_more() -> None:
    state = picture_of(
        event(UnitDefined(unit="u1", call_sign="AMB", unit_kind="ambulance"), 0),
        event(FloorGranted(talkgroup="g1", unit="u1"), 2 * DAY_MS),
    )
    assert state.units["u1"].speaking == ("g1",)
    left = expire(state, NOW_MS, ALL_ALIKE)
    assert left.units["u1"].speaking == ()
    assert left.floors == {}


BEGINNINGS: Final = {
    "callouts": "sent", "groups": "formed", "patches": "made", "calls": "offered", "duties": "set",
}  # fmt: skip
HISTORIES = st.lists(st.tuples(BODIES, st.integers(0, 48)), max_size=40)


@settings(max_examples=300)
@given(HISTORIES)
def test_what_is_left_is_what_a_desk_that_comes_anew_reads(
    history: list[tuple[AnyBody, int]],
) -> None:
    """In the order of their time, as the log has them. But for open alarms, which stay."""
    events = [
        event(body, hours * HOUR_MS, n)
        for n, (body, hours) in enumerate(sorted(history, key=lambda pair: -pair[1]))
    ]
    old = picture_of(*events)
    left = expire(old, NOW_MS, ALL_ALIKE)
    fresh = picture_of(*(e for e in events if not is_expired(e, NOW_MS, ALL_ALIKE)))
    for table in ("talkgroups", "units", "floors", "desks", "messages", "stored"):
        assert getattr(left, table) == getattr(fresh, table), table
    for alarm in old.alarms.values():
        assert (alarm.key in left.alarms) is stays(alarm)
    assert {key for one in left.alarms.values() for key in (one.key, *one.aliases)} == set(
        left.reports
    )
    for table, field in BEGINNINGS.items():
        for key, row in getattr(old, table).items():
            is_old = id_ms(getattr(row, field).id) < NOW_MS - DAY_MS
            assert (key in getattr(left, table)) is not is_old
    assert all(id_ms(key) >= NOW_MS - DAY_MS for key in left.receipts)
    assert expire(left, NOW_MS, ALL_ALIKE) is left


def stays(alarm: Alarm) -> bool:
    return alarm.state != "closed" or alarm.raised.time_ms >= NOW_MS - DAY_MS


@pytest.mark.parametrize("keep", [{}, dict.fromkeys(get_args(AnyBody), 2**52)])
def test_without_a_time_nothing_goes(keep: Mapping[type, int]) -> None:
    state = picture_of(event(MessageSent(to="g", text="x"), 900 * DAY_MS))
    assert expire(state, NOW_MS, keep) is state


def test_what_an_exercise_set_goes_in_its_time_too() -> None:
    """Its ids bear a mark, so that they count as older than whatever is real."""

    def picture(age_ms: int) -> State:
        bodies: tuple[AnyBody, ...] = (
            UnitDefined("ov1", "ØV 1", "ambulance", exercise=True),
            StatusChanged("ov1", "available"),
        )
        told = [event(body, age_ms, n) for n, body in enumerate(bodies)]
        return picture_of(*(msgspec.structs.replace(one, exercise=True) for one in told))

    young = picture(HOUR_MS)
    assert young.units["ov1"].status == "available"
    assert expire(young, NOW_MS, ALL_ALIKE) is young
    assert not expire(picture(2 * DAY_MS), NOW_MS, ALL_ALIKE).units
