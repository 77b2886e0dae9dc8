"""Events of clocks that are wrong: none is lost, an alarm least of all, and none is believed."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, Final

import msgspec
import pytest
from ulid import ULID

from console.domain.alarm import Alarm
from console.domain.events import AlarmRaised, Event, StatusChanged, UnitRemoved
from console.domain.mark import id_ms
from console.site.address import SiteAddress
from console.site.log.client import close_client, come_in
from console.site.log.clocks import LONGEST_WAY_MS, instant_ms, with_order, with_times
from console.site.log.ids import EventIds
from console.site.log.logstore import ensure_streams
from console.site.log.subjects import NOW_NAME

from .conftest import Ear, NewEar, Server, wait_for

SKEW_MS: Final = 300_000
HOUR_MS: Final = 3_600_000
Y1970, Y2100 = 86_400_000, 4_102_444_800_000
NANOSECONDS: Final = 1_800_000_000_000_000_000


def alarm(number: int, **fields: Any) -> dict[str, Any]:
    """As a foreign station may write one."""
    body = {"kind": "alarm-raised", "alarm": f"A-{number}", "unit": f"u{number}"}
    event = {"id": str(ULID()), "time_ms": now_ms(), "author": "gw", "seq": number, "body": body}
    return {**event, **fields}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def say(address: SiteAddress, *events: dict[str, Any]) -> None:
    async def work() -> None:
        nc = await come_in(address.place.urls, address.identity, "test")
        try:
            for event in events:
                key = f"alarm-raised.{event['body']['alarm']}"
                subject = f"vb.log.alarm.gateway.gw.{key}"
                await nc.jetstream().publish(subject, json.dumps(event).encode())
        finally:
            await close_client(nc)

    asyncio.run(work())


def raised(ear: Ear, count: int) -> dict[str, Alarm]:
    wait_for(lambda: len(ear.state.alarms) == count, f"{count} alarms")
    return dict(ear.state.alarms)


@pytest.mark.system
def test_an_alarm_of_a_wrong_clock_is_heard_as_of_when_it_came(
    server: Server, new_ear: NewEar
) -> None:
    gateway = server.as_member("gw", "gateway")
    ear = new_ear("lv1")
    ear.wait_up()
    begun = now_ms()
    far = str(ULID.from_timestamp(Y2100 / 1_000))
    say(
        gateway,
        alarm(1),
        alarm(2, time_ms=Y1970),
        alarm(3, time_ms=Y2100, id=far),
        alarm(4, time_ms=begun - 2 * HOUR_MS),
        alarm(5, time_ms=begun + 2 * HOUR_MS),
        alarm(6, time_ms=NANOSECONDS),
        alarm(7, time_ms="soon"),
    )
    late = new_ear("lv2")
    for one in (ear, late):  # told as it came, and read later
        found = raised(one, 7)
        assert found["A-1"].raised.received_ms == 0
        assert found["A-4"].raised.time_ms == begun - 2 * HOUR_MS
        assert begun <= found["A-4"].raised.received_ms <= now_ms()
        for wrong in ("A-2", "A-3", "A-5", "A-6", "A-7"):
            mark = found[wrong].raised
            assert begun <= mark.time_ms == mark.received_ms <= now_ms()
        assert one.link.odd_times == 5
        assert one.link.counts.skipped == 0
    assert {key: one.raised for key, one in raised(ear, 7).items()} == {
        key: one.raised for key, one in raised(late, 7).items()
    }


def of_2100() -> str:
    return str(ULID.from_timestamp(Y2100 / 1_000))


def say_status(address: SiteAddress, unit: str, status: str, event_id: str) -> None:
    """As somebody whose clock is wrong, or who wants to have the last word."""
    me = address.identity
    body = {"kind": "status-changed", "unit": unit, "status": status}
    told = {"id": event_id, "time_ms": now_ms(), "author": me.name, "seq": 1, "body": body}

    async def work() -> None:
        nc = await come_in(address.place.urls, me, "test")
        try:
            subject = f"vb.log.status.{me.role}.{me.name}.status-changed.{unit}"
            await nc.jetstream().publish(subject, json.dumps(told).encode())
        finally:
            await close_client(nc)

    asyncio.run(work())


def status_of(ear: Ear, unit: str) -> str | None:
    known = ear.state.units.get(unit)
    return known.status if known is not None else None


@pytest.mark.system
def test_a_status_of_the_year_2100_gives_way_to_a_true_one(server: Server, new_ear: NewEar) -> None:
    """At all desks alike: told as it came, read from the log, and from the newest of each unit."""
    ear = new_ear("lv1")
    ear.wait_up()
    rogue = server.as_member("lv3")
    say_status(rogue, "u1", "free", of_2100())
    say_status(rogue, "u2", "free", of_2100())
    wait_for(lambda: status_of(ear, "u2") == "free", "what was said first")
    said = [ear.publish(StatusChanged("u1", "busy"))]
    ear.wait_ids(said)
    ear.wait_ids([ear.publish(UnitRemoved("u2"))])
    late, reader = new_ear("lv2"), new_ear("lv4", replay="all")
    for one in (ear, late, reader):
        wait_for(lambda one=one: status_of(one, "u1") == "busy", "the true word")  # type: ignore[misc]  # a default binds the loop's ear
        wait_for(lambda one=one: one.link.is_caught_up, "it to be caught up")  # type: ignore[misc]  # and here
        assert "u2" not in one.state.units
    assert ear.state.units["u1"] == late.state.units["u1"] == reader.state.units["u1"]


@pytest.mark.system
def test_the_newest_of_each_unit_that_is_gathered_anew_makes_no_old_word_new(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("lv1")
    ear.wait_up()
    say_status(server.as_member("lv3"), "u1", "free", of_2100())
    wait_for(lambda: status_of(ear, "u1") == "free", "what was said first")
    ear.wait_ids([ear.publish(StatusChanged("u1", "busy"))])

    async def gather_anew() -> None:
        nc = await come_in(server.address.place.urls, server.address.identity, "test")
        try:
            await nc.jetstream().delete_stream(NOW_NAME)
        finally:
            await close_client(nc)
        await ensure_streams(server.address)

    asyncio.run(gather_anew())
    time.sleep(1.0)
    late = new_ear("lv2")
    wait_for(lambda: late.link.is_caught_up, "it to be caught up")
    assert status_of(late, "u1") == "busy"


def test_an_id_that_is_ahead_becomes_one_of_when_it_was_stored() -> None:
    stored_ms = 1_800_000_000_000
    for ahead_ms in (-LONGEST_WAY_MS, -SKEW_MS, 0, SKEW_MS, 2 * SKEW_MS):
        one = said_at(stored_ms + ahead_ms)
        assert with_order(one, stored_ms) is one
    far, further = said_at(stored_ms + 2 * SKEW_MS + 1), said_at(Y2100)
    moved = with_order(far, stored_ms)
    assert id_ms(moved.id) == stored_ms
    assert moved.id[10:] == far.id[10:]
    assert with_order(further, stored_ms + 1).id > moved.id
    assert with_order(further, 0) is further  # not known
    answer = msgspec.structs.replace(said_at(stored_ms), cause=further.id)
    assert with_order(answer, stored_ms).cause is None, "nobody knows that one"


def said_at(when_ms: int) -> Event:
    return Event(
        str(ULID.from_timestamp(when_ms / 1_000)), when_ms, "lv1", 1, StatusChanged("u1", "x")
    )


def test_an_author_whose_clock_is_set_right_speaks_of_now() -> None:
    ids = EventIds(of_2100())
    now = now_ms()
    first = ids.next(now)
    assert id_ms(first) == now
    assert ids.next(now - SKEW_MS) > first, "what is less than that is no wrong clock"


def event(told_ms: int, received_ms: int = 0) -> Event:
    body = AlarmRaised("A-1", "u1")
    return Event(str(ULID()), told_ms, "gw", 1, body, received_ms=received_ms)


@pytest.mark.parametrize(
    ("told_ms", "time_ms", "received_ms"),
    [
        (0, 0, 0),
        (-300_000, -300_000, 0),
        (300_000, 300_000, 0),
        (-700_000, -700_000, 1),
        (700_000, 0, 1),
        (-LONGEST_WAY_MS, -LONGEST_WAY_MS, 1),
        (-LONGEST_WAY_MS - 1, 0, 1),
    ],
)
def test_by_how_much_a_clock_may_be_off(told_ms: int, time_ms: int, received_ms: int) -> None:
    stored_ms = 1_800_000_000_000
    seen = with_times(event(stored_ms + told_ms), stored_ms)
    assert seen.time_ms == stored_ms + time_ms
    assert seen.received_ms == (stored_ms if received_ms else 0)


def test_what_an_author_says_of_when_it_came_counts_for_nothing() -> None:
    stored_ms = 1_800_000_000_000
    assert with_times(event(stored_ms, received_ms=stored_ms - 1), stored_ms).received_ms == 0
    assert with_times(event(5, received_ms=5), stored_ms).time_ms == stored_ms
    assert with_times(event(5), 0).time_ms == 5  # not known


def test_a_servers_time_is_read_to_the_nanosecond() -> None:
    assert instant_ms("2026-11-27T13:11:17.596952123Z") == 1_795_785_077_596
    assert instant_ms("2026-11-27T13:11:17Z") == 1_795_785_077_000
    assert instant_ms("nonsense") == instant_ms("") == 0
