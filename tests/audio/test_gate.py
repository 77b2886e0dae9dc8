"""The microphone's gate: its table, and what holds whatever happens in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.microphone import gate as g

HERE, OTHER = 7, 8
BOTH = ("lv1@here", "amk@here")
OPENING = g.Gate("opening", HERE, BOTH, since_s=10.0, renewed_s=10.0)
OPEN = g.Gate("open", HERE, BOTH, since_s=10.0, renewed_s=10.0, from_s=10.0)
CLOSING = replace(OPEN, state="closing", until_s=10.5)
SHORT = replace(OPEN, most_s=20.0, renewed_s=24.5)
PRESS = g.Pressed(HERE, BOTH)
CALL = g.Pressed(HERE, ("call@here",), is_line=True)
LINE = replace(OPEN, publications=CALL.publications, is_line=True)
HANG_UP = g.Released(HERE, is_line=True)

Row = tuple[str, g.Gate, g.Event, float, str, str | None]
TABLE: list[Row] = [  # what, gate, event, time, state and tone that come of it
    ("a press asks for the permit tone", g.Gate(), PRESS, 10.0, "opening", "permit"),
    ("the tone's end opens", OPENING, g.Permitted(10.2), 10.2, "open", None),
    ("not before it is heard", OPENING, g.Permitted(10.3), 10.2, "opening", None),
    ("let go before the permit", OPENING, g.Released(HERE), 10.1, "idle", None),
    ("no permit tone", OPENING, g.Passed(), 12.1, "idle", "deny"),
    ("a dead microphone", OPENING, g.Failed("x"), 10.1, "idle", "deny"),
    ("a microphone that dies", OPEN, g.Failed("x"), 10.1, "idle", "deny"),
    ("another's key", OPEN, g.Pressed(OTHER, BOTH), 10.1, "open", "busy"),
    ("another lets go", OPEN, g.Released(OTHER), 10.1, "open", None),
    ("another goes", OPEN, g.Left(OTHER), 10.1, "open", None),
    ("another renews nothing", OPEN, g.Renewed(OTHER), 11.6, "idle", "deny"),
    ("the same press again", OPEN, PRESS, 10.1, "open", None),
    ("the key goes up", OPEN, g.Released(HERE), 10.4, "closing", None),
    ("who talks goes", OPEN, g.Left(HERE), 10.4, "idle", None),
    ("one group is lost", OPEN, g.Unsent(BOTH[0], "x"), 10.4, "open", "deny"),
    ("the only group is lost", replace(OPEN, publications=BOTH[:1]), g.Unsent(BOTH[0], "x"), 10.4,
     "idle", "deny"),
    ("a group that is not talked to", OPEN, g.Unsent("x@y", "x"), 10.4, "open", None),
    ("the lease runs out", OPEN, g.Passed(), 11.5, "idle", "deny"),
    ("it still runs", OPEN, g.Passed(), 11.4, "open", None),
    ("a minute", replace(OPEN, renewed_s=70.0), g.Renewed(HERE), 70.0, "idle", "deny"),
    ("the time will soon be out", SHORT, g.Renewed(HERE), 25.0, "open", "timeout-warning"),
    ("that is said once", replace(SHORT, is_warned=True), g.Renewed(HERE), 25.0, "open", None),
    ("not long before", SHORT, g.Renewed(HERE), 24.9, "open", None),
    ("the time is out", replace(SHORT, is_warned=True, renewed_s=29.5), g.Renewed(HERE), 30.0,
     "idle", "deny"),
    ("pre-empted", OPEN, g.Preempted(BOTH, "AMK"), 10.1, "idle", "preempted"),
    ("of one group", OPEN, g.Preempted(BOTH[:1], "AMK"), 10.1, "open", "preempted"),
    ("of another's", OPEN, g.Preempted(("x@y",), "AMK"), 10.1, "open", None),
    ("before the permit", OPENING, g.Preempted(BOTH, ""), 10.1, "idle", "preempted"),
    ("before all is said", CLOSING, g.Preempted(BOTH, ""), 10.5, "idle", "preempted"),
    ("with nobody talking", g.Gate(), g.Preempted(BOTH, ""), 1.0, "idle", None),
    ("all is said", CLOSING, g.Drained(), 10.6, "idle", None),
    ("pressed again meanwhile", CLOSING, PRESS, 10.5, "closing", None),
    ("and then", replace(CLOSING, again=PRESS), g.Drained(), 10.6, "opening", "permit"),
    ("pressed and let go meanwhile", replace(CLOSING, again=PRESS), g.Released(HERE), 10.5,
     "closing", None),
    ("a device that gives the rest never", CLOSING, g.Passed(), 11.0, "idle", None),
    ("another's key while closing", CLOSING, g.Pressed(OTHER, BOTH), 10.5, "closing", "busy"),
    ("drained, but open", OPEN, g.Drained(), 10.1, "open", None),
    ("a key that was never pressed", g.Gate(), g.Released(0), 1.0, "idle", None),
    ("a renewal of nothing", g.Gate(), g.Renewed(0), 1.0, "idle", None),
    ("a call's line opens without a tone", g.Gate(), CALL, 10.0, "open", None),
    ("and has no time-out", replace(LINE, renewed_s=9_999.0), g.Renewed(HERE), 10_000.0, "open",
     None),
    ("but the same lease", LINE, g.Passed(), 11.5, "idle", "deny"),
    ("its client goes", LINE, g.Left(HERE), 10.4, "idle", None),
    ("hung up, at once", LINE, HANG_UP, 10.4, "idle", None),
    ("another hangs up", LINE, g.Released(OTHER, is_line=True), 10.4, "open", None),
    ("a key that goes up leaves it", LINE, g.Released(HERE), 10.4, "open", None),
    ("an over takes the microphone from it", LINE, PRESS, 10.4, "opening", "permit"),
    ("a hang-up leaves an over alone", OPEN, HANG_UP, 10.4, "open", None),
    ("a call cuts nobody off", OPEN, CALL, 10.4, "open", None),
    ("nor another's", LINE, g.Pressed(OTHER, BOTH), 10.4, "open", "busy"),
    ("it waits for the last word of an over", CLOSING, CALL, 10.5, "closing", None),
    ("and then", replace(CLOSING, again=CALL), g.Drained(), 10.6, "open", None),
    ("unless it is hung up meanwhile", replace(CLOSING, again=CALL), HANG_UP, 10.5, "closing",
     None),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_what_becomes_of_the_gate(row: Row) -> None:
    what, gate, event, now_s, state, tone = row
    after = g.step(gate, event, now_s)
    assert (after.gate.state, after.tone) == (state, tone), what
    assert after.busy == (tone == "busy")
    if gate.is_line and state == "idle":
        assert after.gate.is_line, "that it was a line is told"


def test_a_gate_that_closes_by_itself_says_why() -> None:
    for what, gate, event, now_s, state, tone in TABLE:
        if state == "idle" and tone == "deny":
            assert g.step(gate, event, now_s).gate.why, what


def test_what_closes_it_is_told_to_programs_too() -> None:
    causes = {what: g.step(gate, event, now_s).gate.cause for what, gate, event, now_s, *_ in TABLE}
    assert causes["the time is out"] == causes["a minute"] == "timeout"
    assert causes["pre-empted"] == causes["of one group"] == "preempted"
    assert causes["the lease runs out"] == "lease"
    assert causes["a microphone that dies"] == causes["a dead microphone"] == "failed"
    assert causes["one group is lost"] == "unsent"
    assert causes["who talks goes"] == "gone"
    assert causes["the key goes up"] == causes["all is said"] == ""


@given(st.floats(1.0, 60.0), st.lists(st.floats(0.0, 1.4), min_size=80, max_size=80))
def test_a_warning_comes_in_time_and_once(most_s: float, pauses: list[float]) -> None:
    gate, now_s, warned_s = g.Gate(), 10.0, []
    gate = g.step(gate, g.Pressed(HERE, BOTH, most_s), now_s).gate
    gate = g.step(gate, g.Permitted(now_s), now_s).gate
    for pause_s in pauses:
        now_s += pause_s
        after = g.step(gate, g.Renewed(HERE), now_s)
        gate = after.gate
        if after.tone == "timeout-warning":
            warned_s.append(now_s - 10.0)
        assert (gate.state == "open") == (now_s - 10.0 < most_s) or gate.state == "idle"
    assert len(warned_s) <= 1
    assert all(most_s - min(g.WARN_S, most_s / 2) <= one < most_s for one in warned_s)


def test_what_was_said_before_the_key_went_up_goes_out_and_no_more() -> None:
    closing = g.step(OPEN, g.Released(HERE), 10.4).gate
    assert g.takes(closing, 10.39, 10.40)
    assert g.takes(closing, 10.4 + g.TAIL_S - 0.001, 10.4 + g.TAIL_S + 0.009)
    assert not g.takes(closing, 10.4 + g.TAIL_S, 10.4 + g.TAIL_S + 0.01)


def test_what_a_call_was_waiting_with_is_gone_once_it_is_hung_up() -> None:
    waits = g.step(replace(CLOSING, again=CALL), HANG_UP, 10.5).gate
    assert g.step(waits, g.Drained(), 10.6).gate.state == "idle"
    kept = g.step(replace(CLOSING, again=CALL), g.Released(HERE), 10.5).gate
    assert g.step(kept, g.Drained(), 10.6).gate.is_line, "a key that goes up ends no call"


def test_another_client_s_call_is_refused_without_a_tone() -> None:
    after = g.step(OPEN, replace(CALL, client=OTHER), 10.1)
    assert (after.busy, after.tone, after.gate) == (True, None, OPEN)


def test_the_permit_tone_is_not_sent() -> None:
    opening = g.step(OPENING, g.Permitted(10.3), 10.2).gate
    assert not g.takes(opening, 10.1, 10.11)
    now_open = g.step(opening, g.Passed(), 10.3).gate
    assert not g.takes(now_open, 10.28, 10.29)
    assert g.takes(now_open, 10.3, 10.31)


CLIENTS = st.sampled_from((HERE, OTHER))
EVENTS = st.one_of(
    st.builds(g.Pressed, CLIENTS, st.sampled_from((BOTH, BOTH[:1])), st.sampled_from((5.0, 60.0))),
    st.builds(g.Pressed, CLIENTS, st.just(BOTH[:1]), st.just(60.0), st.just(True)),
    st.builds(g.Preempted, st.sampled_from((BOTH, BOTH[:1], ("x@y",))), st.just("AMK")),
    st.builds(g.Renewed, CLIENTS),
    st.builds(g.Released, CLIENTS, st.booleans()),
    st.builds(g.Left, CLIENTS),
    st.builds(g.Permitted, st.floats(0, 100)),
    st.builds(g.Failed, st.just("why")),
    st.builds(g.Unsent, st.sampled_from((*BOTH, "x@y")), st.just("why")),
    st.just(g.Drained()),
    st.just(g.Passed()),
)


@given(st.lists(st.tuples(EVENTS, st.floats(0.0, 2.0)), max_size=60))
def test_whatever_happens_the_gate_is_never_left_open(
    events: list[tuple[g.Event, float]],
) -> None:
    gate, now_s, renewed_s, opened_s = g.Gate(), 0.0, 0.0, 0.0
    for event, pause_s in events:
        now_s += pause_s
        before, gate = gate, g.step(gate, event, now_s).gate
        if isinstance(event, g.Pressed | g.Renewed) and event.client == gate.client:
            renewed_s = now_s
        if gate.state == "open" and before.state != "open":
            opened_s = now_s
        if gate.state == "open":
            assert now_s - renewed_s < g.LEASE_S
            assert gate.is_line or now_s - opened_s < gate.most_s <= g.MOST_S
            assert now_s >= gate.from_s
            no_tone = "nothing but a call opens without the permit"
            assert gate.is_line or before.state in ("opening", "open"), no_tone
            assert before.state != "open" or before.is_line == gate.is_line, no_tone
        if gate.state == "closing":
            assert now_s < gate.until_s + g.DRAIN_S
        assert bool(gate.publications) == (gate.state != "idle")
        if isinstance(event, g.Preempted):
            assert (
                not set(event.publications).intersection(gate.publications) or gate.since_s == now_s
            )
        if isinstance(event, g.Left):
            assert gate.state == "idle" or gate.client != event.client
    for _ in range(3):
        now_s += g.MOST_S
        gate = g.step(gate, g.Passed(), now_s).gate
    assert gate.state == "idle"
