"""The link against a real nats-server: replay, follow, loss, return."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import msgspec
import pytest

from console.domain.events import (
    AlarmAcknowledged,
    AlarmRaised,
    AnyBody,
    Event,
    FloorGranted,
    FloorReleased,
    MessageSent,
    Position,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
    UnitMoved,
)
from console.site.log.session import Session
from console.site.log.subjects import live_subject, log_subject
from console.site.log.wire import EventError

from .conftest import Ear, EarAt, NewEar, Server, elsewhere, wait_for

pytestmark = pytest.mark.system

RAISED = AlarmRaised(alarm="A1", unit="u1")


def moved(unit: str = "u1", lat: float = 60.0) -> UnitMoved:
    return UnitMoved(unit=unit, position=Position(lat, 10.0))


def message(text: str) -> MessageSent:
    return MessageSent(to="lv1", text=text)


# -- telling and being told ---------------------------------------------------------------


def test_two_links_are_told_the_same(server: Server, new_ear: NewEar) -> None:
    one, two = new_ear("one"), new_ear("two")
    one.wait_up()
    two.wait_up()
    raised = one.publish(RAISED)
    two.wait_ids([raised])
    answer = two.publish(AlarmAcknowledged(alarm="A1"), cause=raised)
    live = one.publish(moved())
    for ear in (one, two):
        ear.wait_ids([raised, answer, live])
    assert one.state.picture() == two.state.picture()
    assert one.state.alarms["A1"].state == "acknowledged"
    wait_for(lambda: one.link.undelivered == 0, "an answered alarm to count as delivered")
    assert one.delivered == [raised]


def test_no_control_character_of_what_is_said_reaches_another(
    server: Server, new_ear: NewEar
) -> None:
    one, two = new_ear("one"), new_ear("two")
    one.wait_up()
    two.wait_up()
    said = one.publish(message("Ring\x07 Kari\r\nnå\t\x1b[31m"))
    two.wait_ids([said])
    (event,) = two.events
    assert isinstance(event.body, MessageSent)
    assert event.body.text == "Ring  Kari\nnå\t [31m"


def test_an_alarm_counts_as_undelivered_until_an_operator_has_answered(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("one")
    raised = ear.publish(RAISED)
    wait_for(lambda: ear.delivered == [raised], "JetStream to have it")
    ear.wait_ids([raised])
    assert ear.link.undelivered == 1


def test_a_late_desk_catches_up_with_everything(server: Server, new_ear: NewEar) -> None:
    one = new_ear("one", "gateway")
    bodies: list[AnyBody] = [
        TalkgroupDefined(talkgroup="lv1", name="Bygda-LV"),
        UnitDefined(unit="u1", call_sign="Ambulanse 1", unit_kind="ambulance"),
        StatusChanged(unit="u1", status="ledig"),
        FloorGranted(talkgroup="lv1", unit="u1"),
        FloorReleased(talkgroup="lv1", unit="u1", spoke_ms=2_000),
        RAISED,
        *(message(f"melding {i}") for i in range(50)),
    ]
    one.wait_up()
    ids = [one.publish(body) for body in bodies]
    ids.append(one.publish(moved()))
    one.wait_ids(ids)
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    assert sorted(late.ids()) == sorted(ids)
    assert late.state.picture() == one.state.picture()


def test_the_log_gets_one_position_per_unit_and_ten_seconds(
    server: Server, new_ear: NewEar
) -> None:
    one, two = new_ear("one"), new_ear("two")
    one.wait_up()
    two.wait_up()
    ids = [one.publish(moved(f"u{n % 5}", 60 + n / 100)) for n in range(50)]
    two.wait_ids(ids)
    late = new_ear("late", replay="all")
    assert late.link.wait_caught_up(10)
    assert late.ids() == ids[:5]


def test_floor_and_alarm_do_not_wait_for_a_batch(server: Server, new_ear: NewEar) -> None:
    one = new_ear("one", "gateway")
    assert one.link.wait_caught_up(10)
    ids = [one.publish(FloorGranted(talkgroup="lv1", unit=f"u{n}")) for n in range(3)]
    one.wait_ids(ids)
    assert one.ids() == ids, "told live and logged, and yet told once"


def test_an_answer_follows_what_it_answers_with_clocks_five_minutes_apart(
    server: Server, new_ear: NewEar, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = new_ear("one"), new_ear("two")
    two.wait_up()
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 300 * 10**9)
    raised = one.publish(RAISED)
    two.wait_ids([raised])
    monkeypatch.setattr(time, "time_ns", lambda: real() - 300 * 10**9)
    answer = two.publish(AlarmAcknowledged(alarm="A1"), cause=raised)
    assert answer > raised
    one.wait_ids([answer])
    assert one.state.alarms["A1"].state == "acknowledged"


def test_a_callback_that_fails_costs_nothing_else(server: Server, new_ear: NewEar) -> None:
    ear = new_ear("one")
    ear.wait_up()
    ear.mistake = ValueError("a mistake in the desk")
    ear.publish(message("lost on this desk"))
    wait_for(lambda: ear.link.counts.callback_errors == 1, "the failure to be counted")
    ear.mistake = None
    ear.wait_ids([ear.publish(message("heard"))])


def test_what_nobody_would_accept_is_refused_at_once(server: Server, new_ear: NewEar) -> None:
    ear = new_ear("one")
    with pytest.raises(EventError):
        ear.publish(AlarmRaised(alarm="no such id!", unit="u1"))
    with pytest.raises(EventError):
        ear.publish(moved(lat=91.0))
    with pytest.raises(EventError):
        ear.publish(message("\ud800"))


# -- losing the site and finding it again -------------------------------------------------


def test_killed_in_the_middle_of_300_every_event_is_there_once(
    server: Server, new_ear: NewEar
) -> None:
    one, two = new_ear("one"), new_ear("two")
    one.wait_up()
    two.wait_up()
    ids = []
    for n in range(300):
        body = AlarmRaised(alarm=f"A{n}", unit="u1") if n % 2 else message(str(n))
        ids.append((one if n % 3 else two).publish(body))
        if n == 150:
            wait_for(lambda: one.delivered, "some to have arrived")
            server.kill()
    one.wait_down()
    assert one.link.undelivered > 0
    server.start()
    for ear in (one, two):
        ear.wait_ids(ids)
        assert sorted(ear.ids()) == sorted(ids)
    assert one.state.picture() == two.state.picture()
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    assert sorted(late.ids()) == sorted(ids), "the log itself has each once"


def test_a_fault_in_a_session_costs_no_more_than_that_session(
    server: Server, new_ear: NewEar, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = new_ear("one")
    ear.wait_up()

    async def fails(_session: object) -> None:
        raise AttributeError("'NoneType' object has no attribute '_abort'")

    with monkeypatch.context() as patched:
        patched.setattr(Session, "close", fails)
        server.kill()
        wait_for(lambda: ear.link.counts.session_faults > 0, "the fault")
    told = ear.publish(AlarmRaised(alarm="A1", unit="u1"))
    server.start()
    ear.wait_ids([told])


def test_an_empty_disk_is_filled_again_from_the_spools(server: Server, new_ear: NewEar) -> None:
    one, two = new_ear("one"), new_ear("two")
    one.wait_up()
    two.wait_up()
    ids = [one.publish(AlarmRaised(alarm=f"A{n}", unit="u1")) for n in range(40)]
    two.wait_ids(ids)
    ids += [two.publish(AlarmAcknowledged(alarm=f"A{n}"), cause=ids[n]) for n in range(20)]
    ids += [two.publish(message(str(n))) for n in range(20)]
    one.wait_ids(ids)
    wait_for(lambda: two.link.undelivered == 0, "all of it to be delivered")
    before = one.state.picture()
    server.kill()
    server.wipe()
    server.start()
    for ear in (one, two):
        wait_for(lambda e=ear: e.states[-1][0] == "up" and e.link.is_caught_up, "the return")  # type: ignore[misc]  # a default binds the loop's ear
    wait_for(lambda: one.link.undelivered == 20, "the unanswered alarms to be all that is left")
    late = new_ear("late")
    late.wait_ids(ids)
    assert sorted(late.ids()) == sorted(ids)
    assert late.state.picture() == before
    assert sorted(one.ids()) == sorted(ids), "nobody is told again what was told before"


def test_a_spool_is_sent_by_the_author_of_another_day(
    server: Server, new_ear: NewEar, tmp_path: Path
) -> None:
    """Published with the site away, stopped, started again: it arrives."""
    server.kill()
    first = Ear(server.as_member("one"), tmp_path / "spool", "one").start()
    raised = first.publish(RAISED)
    first.wait_down()
    first.link.stop()
    server.start()
    again = new_ear("one")
    assert again.link.undelivered == 1
    again.wait_ids([raised])
    wait_for(lambda: again.delivered == [raised], "the site to have it")
    assert [event.id for event in again.link.waiting] == [raised], "what waited when it started"
    second = again.publish(message("next"))
    again.wait_ids([second])
    seqs = [event.seq for event in again.events]
    assert seqs == [1, 2], "numbers that were not used are given back"


def test_a_server_that_stops_answering_is_noticed_within_three_seconds(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("one")
    ear.wait_up()
    pid = server.nats.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        wait_for(lambda: ear.states[-1][0] == "down", "the link to notice", 3.5)
        kept = ear.publish(message("while it hangs"))
    finally:
        os.kill(pid, signal.SIGCONT)
    ear.wait_ids([kept])


def test_a_site_that_is_not_there_is_told_within_three_seconds(
    server: Server, ear_at: EarAt
) -> None:
    address = server.as_member("one")
    for url in ("tls://127.0.0.1:1", "tls://192.0.2.1:4222"):
        ear = ear_at(elsewhere(address, url))
        wait_for(lambda e=ear: e.states[-1][0] == "down", "the bad news", 3.0)  # type: ignore[misc]  # a default binds the loop's ear
        ear.publish(message("kept"))
        wait_for(lambda e=ear: e.link.undelivered == 1, "it to be counted")  # type: ignore[misc]  # a default binds the loop's ear
        assert "Nowhere" in ear.states[-1][1]
        ear.link.stop()
        (ear.link._spool._path or Path()).unlink()


def test_live_events_are_dropped_and_counted_with_the_site_away(
    server: Server, ear_at: EarAt
) -> None:
    ear = ear_at(elsewhere(server.as_member("one"), "tls://127.0.0.1:1"))
    ear.wait_down()
    ear.publish(moved())
    wait_for(lambda: ear.link.counts.dropped == 1, "the position to be dropped")
    assert ear.link.undelivered == 0


def test_a_new_address_is_asked_for_after_a_failure(server: Server, ear_at: EarAt) -> None:
    address = server.as_member("one")
    ear = ear_at(elsewhere(address, "tls://127.0.0.1:1"), refresh=lambda: address)
    ear.wait_up()


def test_every_kind_of_event_has_its_subject() -> None:
    event = Event(id="0" * 26, time_ms=0, author="x", seq=1, body=moved("u7"))
    assert log_subject(event, "gateway") == "vb.log.move.gateway.x.unit-moved.u7"
    assert live_subject(event, "gateway") == "vb.live.move.gateway.x.u7"
    alarm = msgspec.structs.replace(event, author="lv1_cli-3f", body=RAISED)
    assert log_subject(alarm, "operator") == "vb.log.alarm.operator.lv1.alarm-raised.A1"
    assert live_subject(alarm, "operator") is None
