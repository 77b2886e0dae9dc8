"""The floor over a real server: asked by real links, answered by the arbiter."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from console.commands.talk_floor import LET_GO, FloorKey
from console.domain import floor_messages as fm
from console.domain.events import (
    AlarmRaised,
    CallEnded,
    CallOffered,
    FloorGranted,
    FloorReleased,
    PatchMade,
    TalkgroupDefined,
    UnitDefined,
)
from console.domain.floor_state import Level
from console.domain.roles import MemberRole
from console.site.log.client import ask_site, close_client, come_in
from console.site.log.subjects import asks_of
from console.site.services.floor import FloorService
from tests.site.conftest import NewEar, Server, wait_for
from tests.site.floor_lab import Holding, Key, arbiter, keys_of, wait_verdict
from tests.site.test_reader import HOSTILE_HEADERS

DESKS = 30


@pytest.fixture
def floor(server: Server, new_ear: NewEar) -> Iterator[FloorService]:
    """Two talkgroups, an exercise, and the arbiter; all that it needs to know it knows."""
    gateway = new_ear("gw1", "gateway")
    gateway.wait_up()
    for group in ("lv1", "lv2"):
        gateway.publish(TalkgroupDefined(group, group))
    gateway.publish(TalkgroupDefined("ov1", "ov1", exercise=True))
    wait_for(lambda: len(gateway.state.talkgroups) == 3, "the talkgroups")
    service = arbiter(server)
    service.start()
    try:
        wait_for(lambda: service._world.is_known, "the arbiter to know the site")
        wait_for(lambda: service._floors.settled, "the arbiter to settle")
        yield service
    finally:
        service.stop()


@contextlib.contextmanager
def desks(server: Server, *names: str) -> Iterator[list[Key]]:
    keys = keys_of(server, list(names))
    try:
        yield keys
    finally:
        for key in keys:
            key.link.stop()


def test_thirty_at_once_have_one_winner_each_time_and_the_others_know_their_place(
    server: Server, floor: FloorService
) -> None:
    names = [f"d{number}" for number in range(DESKS)]
    with desks(server, *names) as keys, ThreadPoolExecutor(DESKS) as hands:
        for number in range(3):
            answers = list(hands.map(lambda key, n=number: key.press("lv1", n), keys))
            verdicts = [one.verdict for one in answers]
            assert verdicts.count("granted") == 1
            places = sorted(one.place for one in answers if one.verdict == "queued")
            assert places == list(range(1, 17)), "as many as may wait"
            assert verdicts.count("denied") == DESKS - 17
            [winner] = [one.press for one in answers if one.verdict == "granted"]
            waits = [one for one in answers if one.verdict == "queued"]
            assert {one.who for one in waits} == {winner.partition("-")[0]}
            list(hands.map(lambda key, n=number: key.release("lv1", n), keys))
            wait_for(lambda: floor._floors.at("lv1").is_idle, "silence")


def test_who_waits_is_told_when_it_is_his_turn_and_all_hear_who_talks(
    server: Server, floor: FloorService, new_ear: NewEar
) -> None:
    log = new_ear("lv9")
    with desks(server, "lv1", "lv2") as (first, second):
        first.press("lv1")
        second.press("lv1")
        with Holding("lv1", first, second) as holding:
            wait_for(lambda: first.beats, "a beat")
            holding.keys.remove(first)
            first.release("lv1")
            wait_verdict(second, "granted")
            wait_for(lambda: _speakers(first) == ["lv2"], "the state told to all")
            wait_for(
                lambda: any(
                    one.speakers and one.speakers[0].who == "lv2"
                    for beat in first.beats
                    for one in beat.floors
                ),
                "late entry: who comes now hears it as well",
            )
        second.release("lv1")
    wait_for(lambda: len(_log(log)) >= 4, "the log")
    assert _log(log) == [("lv1", "lv1"), ("lv1", ""), ("lv2", "lv1"), ("lv2", "")]


def test_an_emergency_takes_the_floor_and_the_other_is_told_by_whom(
    server: Server, floor: FloorService
) -> None:
    with desks(server, "lv1", "lv2") as (talks, needs), Holding("lv1", talks, needs) as holding:
        talks.press("lv1")
        assert needs.press("lv1", level="emergency").verdict == "granted"
        holding.keys.remove(talks)
        wait_for(
            lambda: any((one.verdict, one.who) == ("pre-empted", "lv2") for one in talks.told),
            "the one who talked is told",
        )
        assert talks.renew("lv1").verdict == "pre-empted"
        wait_for(lambda: talks.changes[-1].state.speakers[0].emergency, "all know why")


def test_a_unit_with_an_open_alarm_is_in_an_emergency_whatever_it_asks(
    server: Server, floor: FloorService, new_ear: NewEar
) -> None:
    with desks(server, "lv1", "lv2") as (talks, needs), Holding("lv1", talks, needs):
        new_ear("gw1_alarm").publish(AlarmRaised("al1", "lv2"))
        wait_for(lambda: floor._world.has_alarm("lv2"), "the alarm")
        talks.press("lv1")
        assert needs.press("lv1").verdict == "granted"


def test_a_dead_talker_loses_the_floor_to_who_waits(server: Server, floor: FloorService) -> None:
    with desks(server, "dead", "next") as (dead, waits):
        dead.press("lv1")
        waits.press("lv1")
        with Holding("lv1", waits):
            dead.link.stop()
            wait_verdict(waits, "granted")


@pytest.mark.parametrize(
    ("role", "group", "why"),
    [
        ("observer", "lv1", "may-not-talk"),
        ("trainer", "lv1", "may-not-talk"),
        ("trainer", "ov1", ""),
        ("reception", "lv1", ""),
        ("gateway", "lv1", ""),
        ("operator", "nowhere", "no-such-group"),
    ],
)
def test_who_may_talk_where(
    server: Server, floor: FloorService, role: MemberRole, group: str, why: str
) -> None:
    key = Key(server.as_member("somebody", role)).start()
    try:
        key.wait_up()
        answer = key.press(group)
        assert (answer.verdict, answer.why) == ("denied" if why else "granted", why)
    finally:
        key.link.stop()


def test_nobody_asks_in_anothers_name_or_sends_nonsense(
    server: Server, floor: FloorService
) -> None:
    with desks(server, "lv1") as [key]:
        for payload in (
            b"",
            b"null",
            b"[" * 5_000,
            b'{"op":"request"}',
            b'{"op":"other","press":"12345678","author":"lv1"}',
            fm.encode(fm.FloorRequest("12345678", "lv2", 1)),
        ):
            answer = fm.decode(key.link.ask(fm.FLOOR, "lv1", payload, 5.0).result(), fm.FloorAnswer)
            assert answer is not None
            assert answer.verdict == "denied"
        assert floor.refused == 6
        assert key.press("lv1").verdict == "granted", "nothing is lost by it"


def test_no_headers_end_the_arbiters_connection(server: Server, floor: FloorService) -> None:
    rogue = server.as_member("two")
    subject = f"{asks_of(fm.FLOOR, rogue.identity.named)}.lv1"

    async def ask_site_once() -> None:
        """It is listened to from then on."""
        nc = await come_in(rogue.place.urls, rogue.identity, "rogue")
        await ask_site(nc, subject, b"", 5.0, nobody_s=5.0)
        await close_client(nc)

    async def send() -> None:
        nc = await come_in(rogue.place.urls, rogue.identity, "rogue")
        for headers in HOSTILE_HEADERS:
            size = len(headers)
            command = f"HPUB {subject} _INBOX_two.x {size} {size}\r\n"
            await nc._send_command(command.encode() + headers + b"\r\n")
        await nc.flush()
        await close_client(nc)

    began_s = floor._floors.started_s
    asyncio.run(ask_site_once())
    asyncio.run(send())
    with desks(server, "lv1") as [key]:
        assert key.press("lv1").verdict == "granted"
    assert floor._floors.started_s == began_s, "it has not begun anew"


def test_a_member_taken_out_while_it_talks_loses_the_floor(
    server: Server, floor: FloorService
) -> None:
    with desks(server, "out", "next") as (out, waits):
        out.press("lv1")
        waits.press("lv1")
        known = server.papers.members.all["out"]
        from msgspec.structs import replace  # noqa: PLC0415

        server.papers.change(replace(known, revoked=True, changed="7" + "Z" * 25))
        with Holding("lv1", out, waits):
            floor.on_members_changed()
            wait_verdict(waits, "granted")


def test_a_radio_net_that_asks_nobody_is_waited_for(
    server: Server, floor: FloorService, new_ear: NewEar
) -> None:
    net = new_ear("gw1_net", "gateway")
    net.wait_up()
    with desks(server, "lv1") as [key], Holding("lv1", key):
        net.publish(FloorGranted("lv1", "a13", 99))
        wait_for(lambda: _speakers(key) == ["a13"], "all hear who talks")
        answer = key.press("lv1")
        assert (answer.verdict, answer.who) == ("queued", "a13")
        net.publish(FloorReleased("lv1", "a13"))
        wait_verdict(key, "granted")


def test_another_arbiter_takes_over_in_the_middle_of_an_over(
    server: Server, floor: FloorService
) -> None:
    """No two talkers; the new epoch is greater, the time-out timer goes on."""
    with desks(server, "talks", "waits") as (talks, waits), Holding("lv1", talks) as holding:
        talks.press("lv1")
        floor.stop()
        new = arbiter(server, epoch=2)
        try:
            new.start()
            holding.keys.append(waits)
            wait_for(lambda: talks.epoch == 2, "the new arbiter's beat")
            waits.press("lv1")
            wait_verdict(waits, "queued")
            assert talks.renew("lv1", spoken_ms=1_000).verdict == "granted"
            assert talks.told[-1].epoch == 2
            holding.keys.remove(talks)
            talks.release("lv1")
            wait_verdict(waits, "granted")
        finally:
            new.stop()


def test_one_desk_of_several_does_what_only_one_may(server: Server, floor: FloorService) -> None:
    def offer(key: Key, held: bool = False) -> bool:
        payload = fm.encode(fm.TaskOffer(key.author, held))
        answer = key.link.ask(fm.TASK, "patch.p1", payload, 5.0).result()
        told = fm.decode(answer, fm.TaskAnswer)
        assert told is not None
        return told.yours

    with desks(server, "lv1", "lv2") as (first, second):
        wait_for(lambda: offer(first), "the new arbiter has settled")
        assert not offer(second)
        wait_for(lambda: offer(second), "who offers no more has it no more")
        assert not offer(first)


def _speakers(key: Key) -> list[str]:
    return [one.who for one in key.changes[-1].state.speakers] if key.changes else []


def _log(ear: object) -> list[tuple[str, str]]:
    """Who was granted what, or ("" =) released."""
    bodies = [one.body for one in ear.events]  # type: ignore[attr-defined]
    return [
        (one.unit, one.talkgroup if isinstance(one, FloorGranted) else "")
        for one in bodies
        if isinstance(one, FloorGranted | FloorReleased)
    ]


def test_a_terminal_asks_waits_and_is_taken_off(
    server: Server, floor: FloorService, new_ear: NewEar
) -> None:
    told: list[str] = []
    levels: tuple[tuple[str, Level], ...] = (
        ("one", "normal"), ("two", "normal"), ("three", "emergency"),
    )  # fmt: skip
    keys = [FloorKey(server.as_member(name), "lv1", level, told.append) for name, level in levels]
    for key in keys:
        key.start()
    one, two, three = keys
    try:
        assert one.request(7, lambda: False) == ""
        assert two.request(8, lambda: bool(told)) == LET_GO, "the key went up in the queue"
        assert told[0].startswith("waiting: number 1, one_talk")
        assert one.renew(7) == ""
        assert three.request(9, lambda: False) == ""
        wait_for(lambda: "has taken the floor" in one.renew(7), "who talked is told")
        three.release()
        assert two.request(8, lambda: False) == ""
        two.release()
    finally:
        for key in keys:
            key.stop()


def test_patched_groups_have_one_floor_over_the_wire(
    server: Server, floor: FloorService, new_ear: NewEar
) -> None:
    operator = new_ear("lv9")
    operator.publish(
        PatchMade("p1", ("lv1", "lv2"), lapses_ms=time.time_ns() // 1_000_000 + 60_000)
    )
    wait_for(lambda: floor._floors.floor_of, "the arbiter knows the patch")
    with desks(server, "one", "two") as (first, second), Holding("lv1", first):
        assert first.press("lv1").verdict == "granted"
        answer = second.press("lv2")
        assert (answer.verdict, answer.who) == ("queued", "one")
        wait_for(
            lambda: {one.state.talkgroup for one in second.changes} >= {"lv1", "lv2"},
            "both groups' state is told",
        )
        assert second.changes[-1].state.speakers[0].who == "one"


def test_an_arbiter_that_stood_still_takes_the_floor_from_nobody(
    server: Server, floor: FloorService
) -> None:
    with desks(server, "one", "two") as (first, second), Holding("lv1", first, second):
        assert first.press("lv1").verdict == "granted"
        assert second.press("lv1").verdict == "queued"
        loop = floor._loop
        assert loop is not None
        loop.call_soon_threadsafe(time.sleep, 3 * floor._policy.dead_s)  # a machine too busy for it
        began_s = time.monotonic()
        first.renew("lv1")  # answered when it is awake
        assert time.monotonic() - began_s > floor._policy.dead_s, "it has stood still"
        wait_for(lambda: second.verdict() == "queued", "the queue")
        assert first.verdict() == "granted"
        assert {one.verdict for one in first.told} == {"granted"}
        assert {one.verdict for one in second.told} == {"queued"}


def test_an_arbiter_that_knows_nothing_yet_believes_no_one_who_may_never_talk(
    server: Server, floor: FloorService, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Key(server.as_member("wall", "observer"))
    trainer = Key(server.as_member("school", "trainer"))
    for key in (watcher, trainer):
        key.start().wait_up()
    try:
        monkeypatch.setattr(type(floor._world), "is_known", False)
        asked = fm.FloorRenew(watcher.id(1), watcher.author, 77, held=True)
        assert watcher.ask("lv1", asked).why == "may-not-talk"
        asked = fm.FloorRenew(trainer.id(1), trainer.author, 77, held=True)
        assert trainer.ask("lv1", asked).verdict == "settling"
        assert floor._floors.at("lv1").is_idle
    finally:
        for key in (watcher, trainer):
            key.link.stop()


def test_a_call_is_for_its_two_and_who_spoke_in_it_stands_in_no_log(
    floor: FloorService, server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("gw1", "gateway")
    ear.wait_up()
    with desks(server, "d1", "d2", "d3") as (caller, callee, outside):
        ear.publish(UnitDefined("amb1", "AMB 1-1", "ambulance"))
        for call, who in (("I-1", "d2"), ("I-2", "amb1")):
            ear.publish(CallOffered(call, "d1", who))
        wait_for(lambda: caller.press("I-1").verdict == "granted", "the caller's floor")
        assert callee.press("I-1").verdict == "queued", "they take turns"
        assert outside.press("I-1").why == "no-such-group", "nobody learns that it is there"
        carrier = Key(server.as_member("gw1", "gateway"), "radio").start()
        try:
            carrier.wait_up()
            assert carrier.press("I-2").verdict == "granted", "in the place of its unit"
            carrier.release("I-2")
        finally:
            carrier.link.stop()
        for key in (caller, callee):
            key.release("I-1")
        assert outside.press("lv1").verdict == "granted"
        outside.release("lv1")
        wait_for(lambda: "lv1" in ear.state.floors and ear.state.floors["lv1"].releases, "an over")
        assert set(ear.state.floors) == {"lv1"}, "a call's is not"
        ear.publish(CallEnded("I-1", "hung-up"))
        wait_for(lambda: caller.press("I-1", 2).why == "no-such-group", "it is over")
