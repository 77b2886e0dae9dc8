"""The picture of a site: what each event does to it, and what none of them can do."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from console.domain import bounds
from console.domain.alarm import allowed
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
    MemberFlooded,
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
from console.domain.state import State, apply, apply_all, changed_keys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(number: int) -> str:
    digits = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits


def event(
    number: int,
    body: AnyBody,
    *,
    cause: int | None = None,
    author: str = "desk",
    person: str = "",
    time_ms: int | None = None,
) -> Event:
    """``number`` orders the ids."""
    return Event(
        id=ulid(number),
        time_ms=number if time_ms is None else time_ms,
        author=author,
        seq=number,
        body=body,
        person=person,
        cause=None if cause is None else ulid(cause),
    )


def moved(unit: str = "u1", lat: float = 60.0) -> UnitMoved:
    return UnitMoved(unit=unit, position=Position(lat, 10.0))


def in_turn(*bodies: AnyBody, first: int = 1) -> list[Event]:
    return [event(number, body) for number, body in enumerate(bodies, first)]


RAISED = AlarmRaised(alarm="A1", unit="u1", text="hjelp")
ACK = AlarmAcknowledged(alarm="A1")
TAKE = AlarmTaken(alarm="A1", note="reiser ut")
CLOSE = AlarmClosed(alarm="A1", reason="false-press", note="satte seg på den")


# -- units and talkgroups -----------------------------------------------------------------


def test_a_unit_is_defined_moves_and_changes_status() -> None:
    state = apply_all(
        State(),
        [
            event(1, UnitDefined(unit="u1", call_sign="Ambulanse 1", unit_kind="ambulance")),
            event(2, moved()),
            event(3, StatusChanged(unit="u1", status="ledig", urgency="red")),
        ],
    )
    unit = state.units["u1"]
    assert unit.call_sign == "Ambulanse 1"
    assert unit.position == Position(60.0, 10.0)
    assert (unit.status, unit.urgency, unit.status_ms) == ("ledig", "red", 3)


def test_a_unit_that_nobody_has_defined_is_shown_by_its_key() -> None:
    unit = apply(State(), event(1, moved("u9"))).units["u9"]
    assert unit.call_sign == "u9"
    assert unit.defined_by == ""


def test_an_older_position_does_not_move_a_unit_back() -> None:
    state = apply_all(State(), [event(2, moved(lat=61)), event(1, moved(lat=60))])
    assert state.units["u1"].position == Position(61, 10.0)


def test_a_removed_unit_is_not_brought_back_by_what_is_older() -> None:
    removed = apply_all(State(), [event(1, moved()), event(5, UnitRemoved(unit="u1"))])
    assert not removed.units
    assert not apply(removed, event(4, moved())).units
    assert apply(removed, event(6, moved())).units


def test_a_removal_leaves_what_is_newer() -> None:
    defined = event(1, UnitDefined(unit="u1", call_sign="Old", unit_kind="fire"))
    state = apply_all(State(), [defined, event(9, moved()), event(5, UnitRemoved(unit="u1"))])
    unit = state.units["u1"]
    assert unit.call_sign == "u1"
    assert unit.position is not None


def test_a_talkgroup_comes_and_goes() -> None:
    one = apply(State(), event(1, TalkgroupDefined(talkgroup="lv1", name="Bygda-LV")))
    assert one.talkgroups["lv1"].name == "Bygda-LV"
    gone = apply(one, event(2, TalkgroupRemoved(talkgroup="lv1")))
    assert not gone.talkgroups
    assert not apply(gone, event(1, TalkgroupDefined(talkgroup="lv1", name="x"))).talkgroups


def test_desks_come_and_leave() -> None:
    state = apply(State(), event(1, PositionJoined(label="Plass 1"), person="Kari"))
    assert state.desks["desk"].present
    assert state.desks["desk"].person == "Kari"
    assert not apply(state, event(2, PositionLeft(label="Plass 1"))).desks["desk"].present


# -- the floor ----------------------------------------------------------------------------


def test_who_speaks() -> None:
    state = apply_all(
        State(), [event(1, moved()), event(2, FloorGranted(talkgroup="g", unit="u1"))]
    )
    assert state.floors["g"].speaker == "u1"
    assert state.units["u1"].speaking == ("g",)
    ended = apply(state, event(3, FloorReleased(talkgroup="g", unit="u1", spoke_ms=9)))
    assert ended.floors["g"].speaker == ""
    assert ended.floors["g"].last_speaker == "u1"
    assert ended.floors["g"].ended_ms == 3
    assert ended.units["u1"].speaking == ()


def test_the_release_of_an_older_burst_does_not_silence_the_one_who_took_over() -> None:
    events = in_turn(
        FloorGranted(talkgroup="g", unit="u1"),
        FloorGranted(talkgroup="g", unit="u2", emergency=True),
        FloorReleased(talkgroup="g", unit="u1"),
    )
    for order in itertools.permutations(events):
        assert apply_all(State(), order).floors["g"].speaker == "u2"
    over = apply_all(State(), [*events, event(4, FloorReleased(talkgroup="g", unit="u2"))])
    assert over.floors["g"].speaker == ""


def test_nor_does_it_bring_back_the_one_who_took_over_and_has_ended() -> None:
    state = apply_all(
        State(),
        in_turn(
            FloorGranted(talkgroup="g", unit="u1"),
            FloorGranted(talkgroup="g", unit="u2"),
            FloorReleased(talkgroup="g", unit="u2"),
            FloorReleased(talkgroup="g", unit="u1"),
        ),
    )
    assert state.floors["g"].speaker == ""


def test_a_unit_first_seen_while_it_speaks_speaks() -> None:
    state = apply_all(
        State(), [event(1, FloorGranted(talkgroup="g", unit="u1")), event(2, moved())]
    )
    assert state.units["u1"].speaking == ("g",)


# -- alarms -------------------------------------------------------------------------------


def test_the_life_of_an_alarm() -> None:
    states: list[AlarmState] = []
    state = State()
    for told in in_turn(RAISED, ACK, TAKE, CLOSE):
        state = apply(state, msgspec.structs.replace(told, person=f"P{told.seq}"))
        states.append(state.alarms["A1"].state)
    assert states == ["raised", "acknowledged", "in-progress", "closed"]
    alarm = state.alarms["A1"]
    assert [m and m.who for m in (alarm.acknowledged, alarm.taken, alarm.closed)] == [
        "P2", "P3", "P4",
    ]  # fmt: skip
    assert (alarm.reason, alarm.note) == ("false-press", "satte seg på den")
    assert alarm.answered is alarm.acknowledged
    assert state.counts.applied == 4


def test_taking_an_alarm_says_that_it_has_been_seen() -> None:
    state = apply_all(State(), [event(1, RAISED), event(2, TAKE)])
    assert state.alarms["A1"].state == "in-progress"
    assert state.alarms["A1"].answered is state.alarms["A1"].taken


def test_an_alarm_that_nobody_has_answered_cannot_be_closed() -> None:
    state = apply_all(State(), [event(1, RAISED), event(2, CLOSE)])
    assert state.alarms["A1"].state == "raised"
    assert state.counts.illegal == 1
    assert not allowed("raised", "close")


def test_late_and_repeated_answers_are_counted_and_change_nothing() -> None:
    done = apply_all(State(), in_turn(RAISED, ACK, TAKE, CLOSE))
    more = apply_all(done, [event(5, ACK), event(6, TAKE), event(7, CLOSE)])
    assert more.alarms["A1"].state == "closed"
    assert more.alarms["A1"].acknowledged == done.alarms["A1"].acknowledged
    assert more.counts.late == 2
    assert more.counts.duplicates == 1


def test_the_first_to_acknowledge_stands_and_the_last_to_take_owns() -> None:
    both = [event(n, ACK, person=str(n)) for n in (2, 3)]
    taken = [event(n, TAKE, person=str(n)) for n in (4, 5)]
    for acks, takes in itertools.product(
        itertools.permutations(both), itertools.permutations(taken)
    ):
        alarm = apply_all(State(), [event(1, RAISED), *acks, *takes]).alarms["A1"]
        assert alarm.acknowledged is not None
        assert alarm.taken is not None
        assert (alarm.acknowledged.person, alarm.taken.person) == ("2", "5")


def test_an_answer_waits_for_its_alarm_with_or_without_a_cause() -> None:
    for cause in (1, None):
        waiting = apply(State(), event(2, ACK, cause=cause))
        assert not waiting.alarms
        assert waiting.waiting_count == 1
        assert apply(waiting, event(2, ACK, cause=cause)).waiting_count == 1
        state = apply(waiting, event(1, RAISED))
        assert state.alarms["A1"].state == "acknowledged"
        assert state.waiting_count == 0


def test_an_alarm_waits_for_nothing() -> None:
    assert apply(State(), event(2, RAISED, cause=1)).alarms["A1"].state == "raised"


def test_a_chain_of_causes_unwinds_in_one_go() -> None:
    events = [
        event(1, RAISED),
        event(2, ACK, cause=1),
        event(3, TAKE, cause=2),
        event(4, CLOSE, cause=3),
    ]
    state = apply_all(State(), reversed(events))
    assert state.alarms["A1"].state == "closed"
    assert state.waiting_count == 0
    assert state.counts.illegal == state.counts.late == 0


def test_an_escalation_is_shown_and_changes_no_life_cycle() -> None:
    told = event(2, AlarmEscalated(alarm="A1", after_s=60))
    state = apply_all(State(), [event(1, RAISED), told])
    assert state.alarms["A1"].escalated is not None
    assert state.alarms["A1"].state == "raised"
    late = apply_all(State(), [event(1, RAISED), event(3, ACK), told])
    assert late.alarms["A1"].state == "acknowledged"
    assert late.counts.late == 1


@pytest.mark.parametrize("skew_ms", [-300_000, 300_000])
def test_clocks_five_minutes_apart_change_no_life_cycle(skew_ms: int) -> None:
    """Ids as well as times from a clock that is wrong: the causes put the answers right."""
    base = 1_000_000
    events = [
        event(base, RAISED, author="amk"),
        event(base + skew_ms, ACK, cause=base, author="lv"),
        event(base + 1, TAKE, cause=base + skew_ms, author="amk"),
        event(base + skew_ms + 1, CLOSE, cause=base + 1, author="lv"),
    ]
    for order in itertools.permutations(events):
        assert apply_all(State(), order).alarms["A1"].state == "closed"


# -- messages, memory, bounds -------------------------------------------------------------


def test_messages_stand_in_the_order_of_their_ids_each_once() -> None:
    events = [event(n, MessageSent(to="lv1", text=str(n))) for n in (3, 1, 2, 1)]
    state = apply_all(State(), events)
    assert [m.text for m in state.messages] == ["1", "2", "3"]
    assert state.counts.duplicates == 1


def test_the_newest_messages_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_MESSAGES", 3)
    state = State()
    for n in (5, 1, 4, 2, 3, 6):
        state = apply(state, event(n, MessageSent(to="lv1", text=str(n))))
    assert [m.text for m in state.messages] == ["4", "5", "6"]


def test_what_is_held_back_is_bounded_and_the_oldest_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "MAX_WAITING", 2)
    state = State()
    for n in (10, 11, 12):
        state = apply(state, event(n, MessageSent(to="lv1", text=str(n)), cause=n + 100))
    assert [m.text for m in state.messages] == ["10"]
    assert state.waiting_count == 2
    assert state.counts.overdue == 1


def test_an_answer_pushed_out_of_the_waiting_room_leaves_its_alarm_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "MAX_WAITING", 1)
    other = AlarmAcknowledged(alarm="A2")
    state = apply_all(State(), [event(2, ACK), event(3, other), event(1, RAISED)])
    assert state.alarms["A1"].state == "raised"
    assert state.counts.orphaned == 1
    assert apply(state, event(2, ACK)).alarms["A1"].state == "acknowledged"


def test_a_cause_that_memory_has_dropped_counts_as_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_SEEN", 3)
    texts = [event(n, MessageSent(to="lv1", text=str(n))) for n in range(2, 8)]
    state = apply_all(State(), [event(1, RAISED), *texts])
    assert len(state.seen) == 3
    assert apply(state, event(9, ACK, cause=1)).alarms["A1"].state == "acknowledged"


def test_who_floods_the_site_is_known_by_the_newest_word_in_any_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [event(n, MemberFlooded("lv9", service)) for n, service in ((1, "keys"), (2, "floor"))]
    for order in itertools.permutations(told):
        state = apply_all(State(), order)
        assert state.floods["lv9"].text == "floor"
        assert state.picture() == State().picture()
    monkeypatch.setattr(bounds, "MAX_FLOODS", 1)
    full = apply(state, event(3, MemberFlooded("lv8", "floor")))
    assert (list(full.floods), full.counts.refused) == (["lv9"], 1)


def test_full_tables_refuse_what_is_new_and_go_on_with_what_they_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("MAX_UNITS", "MAX_TALKGROUPS", "MAX_FLOORS", "MAX_DESKS"):
        monkeypatch.setattr(bounds, name, 1)
    bodies: list[AnyBody] = []
    for key in ("a", "b"):
        bodies += [
            moved(key),
            TalkgroupDefined(talkgroup=key, name=key),
            FloorGranted(talkgroup=key, unit=key),
        ]
    state = apply_all(State(), [event(n, body) for n, body in enumerate(bodies, 1)])
    assert list(state.units) == list(state.talkgroups) == list(state.floors) == ["a"]
    assert state.counts.refused == 3
    assert apply(state, event(99, moved("a", 61))).units["a"].position == Position(61, 10.0)


def test_open_alarms_are_never_dropped_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_ALARMS", 2)
    closed = in_turn(RAISED, ACK, TAKE, CLOSE)
    more = [event(10 + n, AlarmRaised(alarm=f"B{n}", unit="u")) for n in range(3)]
    state = apply_all(State(), [*closed, *more])
    assert sorted(state.alarms) == ["B0", "B1"]
    assert state.counts.refused == 1


# -- sharing ------------------------------------------------------------------------------


def test_what_does_not_change_is_shared_and_what_changes_is_a_copy() -> None:
    one = apply_all(State(), [event(1, moved("a")), event(2, moved("b")), event(3, RAISED)])
    two = apply(one, event(4, moved("a", 61)))
    assert two.alarms is one.alarms
    assert two.units["b"] is one.units["b"]
    assert one.units["a"].position == Position(60.0, 10.0)
    assert changed_keys(one.units, two.units) == ("a",)
    assert changed_keys(one.alarms, two.alarms) == ()
    gone = apply(two, event(5, UnitRemoved(unit="b")))
    assert changed_keys(two.units, gone.units) == ("b",)
