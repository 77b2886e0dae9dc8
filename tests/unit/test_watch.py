"""What the site says by itself: when, once, and the same whichever node says it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.call import RING_S
from console.domain.events import (
    AlarmAcknowledged,
    AlarmEscalated,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    CallAnswered,
    CallEnded,
    CallOffered,
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    Event,
    GroupEnded,
    GroupFormed,
    PatchEnded,
    PatchMade,
)
from console.domain.state import State, apply_all
from console.site.services.watch import Saying, Watcher

from .test_state import event, in_turn

CALLOUT = CalloutSent("C1", ("u1", "u2"), "Ulykke", reminder_s=30, reminders=2)


class Node:
    """A watcher with its state and a clock that is turned by hand."""

    def __init__(self, name: str = "site", escalate_s: int = 60) -> None:
        self.name = name
        self.state = State()
        self.now_s = 1_000.0
        self._watcher = Watcher(escalate_s)

    def hear(self, events: Sequence[Event], now_ms: int | None = None) -> None:
        old, self.state = self.state, apply_all(self.state, events)
        self._watcher.observe(old, self.state, self.now_s, now_ms)

    def due(self, after_s: float = 0.0, now_ms: int = 0) -> list[Saying]:
        self.now_s += after_s
        return self._watcher.due(self.state, self.now_s, now_ms)

    def bodies(self, after_s: float = 0.0, now_ms: int = 0) -> list[AnyBody]:
        return [saying.body for saying in self.due(after_s, now_ms)]


def test_those_who_have_not_answered_are_reminded_as_often_as_was_asked_for() -> None:
    node = Node()
    node.hear(in_turn(CALLOUT))
    assert node.bodies(29) == []
    first = CalloutReminded("C1", 1, ("u1", "u2"))
    assert node.bodies(1) == [first]
    assert node.bodies(60) == [], "each once"
    node.hear([event(2, first), event(3, CalloutAnswered("C1", "u1", "yes"))])
    second = CalloutReminded("C1", 2, ("u2",))
    assert node.bodies(30) == [second]
    node.hear([event(4, second)])
    assert node.bodies(999) == []


def test_nobody_is_reminded_once_all_have_answered_or_it_has_ended() -> None:
    answers = [CalloutAnswered("C1", who, "no") for who in ("u1", "u2")]
    for more in (answers, [CalloutEnded("C1", "cancelled")]):
        node = Node()
        node.hear(in_turn(CALLOUT))
        node.hear(in_turn(*more, first=5))
        assert node.bodies(99) == []


def test_what_another_node_has_said_is_not_said_again() -> None:
    one, other = Node("a"), Node("b")
    alarm = AlarmRaised("A1", "u1")
    for node in (one, other):
        node.hear(in_turn(CALLOUT, alarm, CallOffered("I1", "x", "y")))
    said = one.bodies(60)
    assert {type(body) for body in said} == {CalloutReminded, AlarmEscalated, CallEnded}
    other.hear(in_turn(*said, first=10))
    assert other.bodies(29) == []


def test_both_at_the_same_moment_come_to_the_same() -> None:
    nodes = [Node("a"), Node("b")]
    past = in_turn(CALLOUT, AlarmRaised("A1", "u1"), CallOffered("I1", "x", "y"))
    for node in nodes:
        node.hear(past)
    said = [(node.name, body) for node in nodes for body in node.bodies(60)]
    events = [event(n, body, author=name) for n, (name, body) in enumerate(said, 10)]
    once = apply_all(apply_all(State(), past), events[: len(said) // 2])
    twice = apply_all(apply_all(State(), past), events)
    assert twice.picture() == once.picture()


def test_a_call_rings_for_its_time() -> None:
    node = Node()
    node.hear(in_turn(CallOffered("I1", "x", "y"), CallOffered("I2", "x", "y"), CallAnswered("I2")))
    assert node.bodies(RING_S - 1) == []
    assert node.bodies(1) == [CallEnded("I1", "no-answer")]


def test_groups_and_patches_lapse_by_the_clock() -> None:
    node = Node()
    node.hear(
        in_turn(GroupFormed("g", "KOLS 68", ("a",), 5_000), PatchMade("P1", ("a", "b"), 6_000))
    )
    assert node.bodies(now_ms=4_999) == []
    assert node.bodies(now_ms=5_000) == [GroupEnded("g", "lapsed")]
    assert node.bodies(now_ms=6_000) == [PatchEnded("P1", "lapsed")], "and the group only once"
    node.hear([event(9, GroupFormed("g", "KOLS 68", ("a",), 9_000))])
    assert node.bodies(now_ms=8_000) == [], "it was prolonged"
    assert node.bodies(now_ms=9_000) == [GroupEnded("g", "lapsed")]


def test_who_told_an_answered_alarm_by_another_way_hears_who_answered_it() -> None:
    node = Node()
    node.hear(
        [
            event(1, AlarmRaised("R1", "u1"), author="gw-radio"),
            event(2, AlarmTaken("R1"), author="lv1", person="Kari"),
        ]
    )
    assert node.due() == []
    node.hear([event(3, AlarmRaised("I1", "u1"), author="gw-ip")])
    (saying,) = node.due()
    assert saying.body == AlarmAcknowledged("I1")
    assert saying.person == "Kari"
    node.hear([event(4, saying.body, cause=3, author="site", person=saying.person)])
    assert node.due() == []
    assert node.state.alarms["R1"].state == "in-progress"


def test_what_is_from_before_the_start_has_used_part_of_its_time() -> None:
    node = Node()
    node.hear([event(1, CALLOUT, time_ms=0)], now_ms=20_000)
    assert node.bodies(9) == []
    assert len(node.bodies(1)) == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                CALLOUT,
                CalloutAnswered("C1", "u1", "yes"),
                CalloutAnswered("C1", "u2", "no"),
                CalloutEnded("C1", "done"),
                None,
            )
        ),
        st.sampled_from((0.0, 1.0, 31.0, 100.0)),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_happens_reminders_are_few_numbered_and_only_for_an_open_callout(
    steps: list[tuple[AnyBody | None, float, bool]],
) -> None:
    """Two nodes, each of which reads what it and the other said sooner or later."""
    nodes = [Node("a"), Node("b")]
    log: list[Event] = []
    read = [0, 0]
    for body, wait_s, both in steps:
        if body is not None:
            log.append(event(len(log) + 1, body))
        for n, node in enumerate(nodes):
            if n == 0 or both:
                node.hear(log[read[n] :])
                read[n] = len(log)
            for said in node.bodies(wait_s):
                assert isinstance(said, CalloutReminded)
                assert node.state.callouts["C1"].state == "open"
                log.append(event(len(log) + 1, said, author=node.name))
    told = {e.body.number for e in log if isinstance(e.body, CalloutReminded)}
    assert told <= {1, 2}
    state = apply_all(State(), log)
    assert [n for c in state.callouts.values() for n, _ in c.reminded] == sorted(told)
