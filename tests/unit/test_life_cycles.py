"""Each cell of each life cycle's table: what a step does in a state, and how it is counted."""

from __future__ import annotations

import itertools

import pytest

from console.domain import alarm, call, callout, group, patch
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmState,
    AlarmTaken,
    AlarmUnitsSent,
    AnyBody,
    CallAnswered,
    CallEnded,
    CallOffered,
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    FloorGranted,
    FloorReleased,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    PatchEnded,
    PatchMade,
)
from console.domain.state import Counts, State, apply, apply_all

from .test_state import event, in_turn, ulid

RAISED = AlarmRaised("A1", "u1")
ALARM_STEPS: dict[alarm.Step, AnyBody] = {
    "acknowledge": AlarmAcknowledged("A1"),
    "take": AlarmTaken("A1"),
    "note": AlarmNoted("A1", "sagt"),
    "send": AlarmUnitsSent("A1", ("u2", "p1")),
    "close": AlarmClosed("A1", "real"),
    "reopen": AlarmReopened("A1", (ulid(3),)),
}
ALARM_WAYS: dict[AlarmState, tuple[alarm.Step, ...]] = {
    "raised": (),
    "acknowledged": ("acknowledge",),
    "in-progress": ("take",),
    "closed": ("acknowledge", "close"),
}

SENT = CalloutSent("C1", ("u1", "u2"), "Ulykke")
CALLOUT_STEPS: dict[callout.Step, AnyBody] = {
    "answer": CalloutAnswered("C1", "u1", "yes"),
    "remind": CalloutReminded("C1", 1, ("u2",)),
    "end": CalloutEnded("C1", "done"),
}
FORMED = GroupFormed("g", "KOLS 68", ("u1",), lapses_ms=10**9)
GROUP_STEPS: dict[group.Step, AnyBody] = {
    "add": GroupMemberAdded("g", "u2"),
    "remove": GroupMemberRemoved("g", "u1"),
    "end": GroupEnded("g"),
}
OFFERED = CallOffered("I1", "lv1", "amb1")
CALL_STEPS: dict[call.Step, AnyBody] = {
    "answer": CallAnswered("I1"),
    "end": CallEnded("I1", "hung-up"),
}
CALL_WAYS: dict[call.CallState, tuple[call.Step, ...]] = {
    "ringing": (),
    "connected": ("answer",),
    "ended": ("end",),
}


def troubles(old: Counts, new: Counts) -> list[str]:
    names = ("late", "illegal", "duplicates")
    return [name for name in names if getattr(new, name) > getattr(old, name)]


def trouble(is_allowed: bool, is_late: bool, is_illegal: bool = False) -> list[str]:
    if is_allowed:
        return []
    return ["late"] if is_late else ["illegal"] if is_illegal else ["duplicates"]


@pytest.mark.parametrize(("state", "step"), [*itertools.product(ALARM_WAYS, ALARM_STEPS)])
def test_an_alarm(state: AlarmState, step: alarm.Step) -> None:
    before = apply_all(State(), in_turn(RAISED, *(ALARM_STEPS[s] for s in ALARM_WAYS[state])))
    assert before.alarms["A1"].state == state
    after = apply(before, event(99, ALARM_STEPS[step], person="Kari"))
    row = after.alarms["A1"]
    assert row.state == alarm.NEXT[state].get(step, state)
    is_illegal = (state, step) == ("raised", "close")
    expected = trouble(alarm.allowed(state, step), (state, step) in alarm.LATE, is_illegal)
    assert troubles(before.counts, after.counts) == expected
    if step == "take":
        assert row.taken is not None
        assert row.taken.who == "Kari", "the last taker owns it, also when it is handed over"
    if step == "note":
        assert [note.text for note in row.notes] == ["sagt"], "at any time"
    if step == "send":
        assert [sent.units for sent in row.sent] == [("u2", "p1")]


def test_an_alarm_that_was_closed_by_a_slip_is_where_it_was() -> None:
    way = in_turn(RAISED, AlarmTaken("A1"), AlarmClosed("A1", "test", "nei"))
    closed = apply_all(State(), way)
    assert closed.alarms["A1"].reason == "test"
    back = event(99, AlarmReopened("A1", closed.alarms["A1"].standing_closes), person="Kari")
    row = apply(closed, back).alarms["A1"]
    assert (row.state, row.reason, row.closed) == ("in-progress", "", None)
    assert [mark.reason for mark in row.closes] == ["test"], "the log keeps both"
    assert [mark.who for mark in row.reopened] == ["Kari"]
    again = apply(apply(closed, back), event(120, AlarmClosed("A1", "real"))).alarms["A1"]
    assert (again.state, again.reason) == ("closed", "real"), "and it can be closed once more"


def test_two_desks_that_close_at_once_and_one_that_knows_of_the_first_alone() -> None:
    """What nobody has taken back stands, whatever the order."""
    closes = [event(5, AlarmClosed("A1", "real")), event(6, AlarmClosed("A1", "test"))]
    begun = apply_all(State(), in_turn(RAISED, AlarmTaken("A1")))
    one = event(7, AlarmReopened("A1", (ulid(5),)))
    for order in itertools.permutations([*closes, one]):
        row = apply_all(begun, order).alarms["A1"]
        assert (row.state, row.reason) == ("closed", "test")
        assert row.standing_closes == (ulid(6),)


@pytest.mark.parametrize(("state", "step"), [*itertools.product(callout.NEXT, CALLOUT_STEPS)])
def test_a_callout(state: callout.CalloutState, step: callout.Step) -> None:
    way = () if state == "open" else (CalloutEnded("C1", "cancelled"),)
    before = apply_all(State(), in_turn(SENT, *way))
    assert before.callouts["C1"].state == state
    after = apply(before, event(99, CALLOUT_STEPS[step]))
    row = after.callouts["C1"]
    assert row.state == callout.NEXT[state].get(step, state)
    expected = trouble(callout.allowed(state, step), (state, step) in callout.LATE)
    assert troubles(before.counts, after.counts) == expected
    assert row.reason == {"open": "done" if step == "end" else "", "ended": "cancelled"}[state]
    assert bool(row.answers) == (step == "answer"), "an answer that comes late is seen all the same"


def test_speech_never_ends_a_callout() -> None:
    sent = apply_all(State(), in_turn(SENT, CalloutAnswered("C1", "u1", "yes")))
    spoken = apply_all(
        sent,
        in_turn(
            FloorGranted("u1", "u2"), FloorReleased("u1", "u2"),
            FloorGranted("C1", "u1", emergency=True), AlarmRaised("A1", "u1"),
            CallOffered("I1", "u1", "u2"), CallAnswered("I1"), first=10,
        ),
    )  # fmt: skip
    assert spoken.callouts is sent.callouts


@pytest.mark.parametrize(("state", "step"), [*itertools.product(group.NEXT, GROUP_STEPS)])
def test_a_group(state: group.GroupState, step: group.Step) -> None:
    way = () if state == "active" else (GroupEnded("g", "lapsed"),)
    before = apply_all(State(), in_turn(FORMED, *way))
    assert before.groups["g"].state == state
    after = apply(before, event(99, GROUP_STEPS[step]))
    row = after.groups["g"]
    assert row.state == group.NEXT[state].get(step, state)
    assert troubles(before.counts, after.counts) == trouble(
        group.allowed(state, step), is_late=step != "end"
    )
    assert ("g" in after.talkgroups) == (row.state == "active"), "its tile comes and goes with it"
    assert ("u2" in row.members, "u1" in row.members) == (step == "add", step != "remove")


@pytest.mark.parametrize("state", patch.NEXT)
def test_a_patch(state: patch.PatchState) -> None:
    older = () if state != "refused" else (PatchMade("P0", ("a", "x"), 10**9),)
    way = (PatchEnded("P1"),) if state == "ended" else ()
    before = apply_all(State(), in_turn(*older, PatchMade("P1", ("a", "b"), 10**9), *way))
    assert before.patches["P1"].state == state
    after = apply(before, event(99, PatchEnded("P1", "lapsed")))
    assert after.patches["P1"].state == patch.NEXT[state].get("end", state)
    expected = trouble(patch.allowed(state, "end"), is_late=False)
    assert troubles(before.counts, after.counts) == expected


@pytest.mark.parametrize(("state", "step"), [*itertools.product(CALL_WAYS, CALL_STEPS)])
def test_a_call(state: call.CallState, step: call.Step) -> None:
    before = apply_all(State(), in_turn(OFFERED, *(CALL_STEPS[s] for s in CALL_WAYS[state])))
    assert before.calls["I1"].state == state
    after = apply(before, event(99, CALL_STEPS[step]))
    assert after.calls["I1"].state == call.NEXT[state].get(step, state)
    expected = trouble(call.allowed(state, step), (state, step) in call.LATE)
    assert troubles(before.counts, after.counts) == expected


def test_the_tables_know_every_state_and_step() -> None:
    assert set(alarm.NEXT) == set(ALARM_WAYS)
    assert set(alarm.STEPS.values()) == set(ALARM_STEPS)
    assert set(call.NEXT) == set(CALL_WAYS)
    for table in (alarm.NEXT, callout.NEXT, group.NEXT, patch.NEXT, call.NEXT):
        for following in table.values():
            assert set(following.values()) <= set(table)
