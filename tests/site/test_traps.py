"""What a member with a valid certificate might try beyond its role: each trap at a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from console.domain.events import (
    AlarmAcknowledged,
    AlarmRaised,
    AnyBody,
    Event,
    Position,
    UnitMoved,
)
from console.site.address import SiteAddress
from console.site.log.client import close_client
from console.site.log.spoken import SPOKEN
from console.site.log.subjects import asks_of
from console.site.log.wire import encode
from console.site.services import enrolment
from console.site.services.asked import connected
from console.site.services.enrolment import TakeOut

from .conftest import EarAt, wait_for
from .enrolling import Site, running

pytestmark = pytest.mark.system

PURGE = "$JS.API.STREAM.PURGE.VB_ALARMS"
ULID = "01M870VSYWX5JXH7Z4NEH3Z6{:02d}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


@pytest.fixture(scope="module")
def rogue(site: Site, tmp_path_factory: pytest.TempPathFactory) -> SiteAddress:
    """A gateway: enrolled, and up to no good."""
    return site.enrol(tmp_path_factory.mktemp("rogue"), "rogue", "gateway")


@pytest.fixture(scope="module")
def victim(site: Site, tmp_path_factory: pytest.TempPathFactory) -> SiteAddress:
    return site.enrol(tmp_path_factory.mktemp("victim"), "victim")


class Rogue:
    """Its bare connection, and what the server refused it."""

    def __init__(self, address: SiteAddress) -> None:
        self._address = address
        self.refusals: list[str] = []

    async def __aenter__(self) -> Rogue:
        self.nc: Client = await connected(self._address, "trap", error_cb=self._on_error)
        return self

    async def __aexit__(self, *_: object) -> None:
        await close_client(self.nc)

    async def _on_error(self, error: Exception) -> None:
        self.refusals.append(str(error))

    async def ask(self, subject: str, body: object = b"", **headers: str) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.nc.request(subject, raw, timeout=2, headers=headers or None)
        found: dict[str, Any] = json.loads(answer.data)
        return found

    async def store(self, body: bytes, key: str = "a1", **headers: str) -> dict[str, Any]:
        """Any bytes, where it may log."""
        return await self.ask(f"vb.log.alarm.gateway.rogue.alarm-raised.{key}", body, **headers)

    async def repeat(self, seq: int, onto: str, *, bare: bool) -> None:
        """Has the server say again what was stored, somewhere else."""
        ask = json.dumps({"seq": seq, "no_hdr": bare}).encode()
        await self.nc.publish("$JS.API.DIRECT.GET.VB_ALARMS", ask, reply=onto)
        await self.nc.flush()


def event(body: AnyBody, author: str, number: int) -> bytes:
    return encode(Event(ULID.format(number), 0, author, 1, body))


# -- consumers ------------------------------------------------------------------------------


def test_a_member_makes_no_consumer_and_has_nothing_delivered(
    site: Site, rogue: SiteAddress
) -> None:
    config = {"deliver_subject": "vb.told.alarm.operator.victim.x", "ack_policy": "none"}
    ask = {"stream_name": "VB_ALARMS", "config": config}

    async def attempt() -> tuple[list[str], int]:
        async with Rogue(rogue) as one:
            for subject in (
                "$JS.API.CONSUMER.CREATE.VB_ALARMS",
                "$JS.API.CONSUMER.CREATE.VB_ALARMS.c",
                "$JS.API.CONSUMER.DURABLE.CREATE.VB_ALARMS.c",
            ):
                with pytest.raises(TimeoutError):
                    await one.nc.request(subject, json.dumps(ask).encode(), timeout=0.2)
            refusals = one.refusals
        nc = await connected(site.node, "trap", error_cb=_passed_over)
        info = await nc.jetstream().stream_info("VB_ALARMS")
        await close_client(nc)
        return refusals, info.state.consumer_count

    refusals, consumers = asyncio.run(attempt())
    assert len(refusals) == 3
    assert consumers == 0


async def _passed_over(_error: Exception) -> None:
    """What counts is what came of it."""


# -- the server made to repeat --------------------------------------------------------------


@pytest.mark.parametrize("bare", [True, False])
def test_nothing_that_the_server_repeats_is_taken_for_told_or_spoken(
    site: Site, rogue: SiteAddress, victim: SiteAddress, ear_at: EarAt, bare: bool
) -> None:
    said: list[tuple[str, bytes]] = []
    ear = ear_at(victim, on_said=lambda subject, payload: said.append((subject, payload)))
    ear.wait_up()
    assert ear.link.wait_caught_up(10)
    number = 10 + bare
    moved = UnitMoved("u1", Position(60, 10))
    forged = {
        f"vb.told.alarm.operator.victim.alarm-acknowledged.b{number}": event(
            AlarmAcknowledged(f"b{number}"), "victim", number
        ),
        "vb.live.move.operator.victim.u1": event(moved, "victim", number + 10),
        "vb.live.floor.site.node-1.lv1": b'{"forged": 1}',
        "vb.to.victim.key": b'{"forged": 2}',
    }

    async def attempt() -> None:
        async with Rogue(rogue) as one:
            for onto, payload in forged.items():
                stored = await one.store(payload, **SPOKEN)
                await one.repeat(stored["seq"], onto, bare=bare)
            assert not one.refusals

    asyncio.run(attempt())
    mark = ear.publish(AlarmRaised(alarm=f"mark-{number}", unit="u1"))
    ear.wait_ids([mark])
    told = [one for one in ear.events if one.author == "victim" and one.id.startswith(ULID[:24])]
    assert not told
    assert not [payload for _, payload in said if b"forged" in payload]


def test_no_question_is_asked_in_another_name_by_what_the_server_repeats(
    site: Site, rogue: SiteAddress, victim: SiteAddress
) -> None:
    node = site.node.identity.name
    wish = msgspec.json.encode(TakeOut("victim"))

    async def attempt() -> None:
        async with Rogue(rogue) as one:
            stored = await one.store(wish, **SPOKEN)
            for bare in (True, False):
                onto = f"{asks_of(enrolment.at_node(node), site.node.identity.named)}.revoke"
                await one.repeat(stored["seq"], onto, bare=bare)
            assert not one.refusals

    asyncio.run(attempt())
    site.open_code("after")  # answered after those, by the same thread
    assert "victim" in [one.name for one in site.service._membership.present()]


def test_the_site_answers_nowhere_but_at_the_asker(site: Site, rogue: SiteAddress) -> None:
    """Else a member would have it speak onto subjects that are the site's own."""
    ask = f"{asks_of(enrolment.SERVICE, rogue.identity.named)}.renew"
    heard: list[Msg] = []

    async def attempt() -> None:
        async def hear(msg: Msg) -> None:
            if not msg.subject.startswith("vb.live.floor-beat.site."):  # said by the clock
                heard.append(msg)

        nc = await connected(site.node, "trap", error_cb=_passed_over)
        for subject in (
            "vb.live.>",
            "vb.to.>",
            "vb.log.>",
            "_INBOX_victim.>",
            "$JS.API.STREAM.PURGE.>",
        ):
            await nc.subscribe(subject, cb=hear)
        await nc.flush()
        async with Rogue(rogue) as one:
            for reply in (
                "vb.live.floor.site.node-1.g1",
                "vb.to.victim.x",
                "vb.log.alarm.site.node-1.alarm-escalated.a1",
                "_INBOX_victim.x",
                "_INBOX_rogue",
                PURGE,
            ):
                await one.nc.publish(ask, b"{}", reply=reply, headers=SPOKEN)
            answer = await one.ask(ask, b"{}", **SPOKEN)
            assert "error" in answer
        await nc.flush()
        await close_client(nc)

    asyncio.run(attempt())
    assert not heard


# -- headers, authors -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Nats-TTL": "1s"},
        {"Nats-Rollup": "all"},
        {"Nats-Rollup": "sub"},
        {"Nats-Schedule": "@at 2030-01-01T00:00:00Z", "Nats-Schedule-Target": "vb.to.x"},
        {"Nats-Incr": "1"},
        {"Nats-Expected-Last-Sequence": "0"},
        {"Nats-Expected-Stream": "VB_MESSAGES"},
    ],
)
def test_no_header_deletes_delays_or_redirects(
    site: Site, rogue: SiteAddress, headers: dict[str, str]
) -> None:
    async def attempt() -> tuple[dict[str, Any], int, int]:
        async with Rogue(rogue) as one:
            await one.store(event(AlarmRaised("a1", "u1"), "rogue", 30), "kept")
            before = await one.ask("$JS.API.STREAM.INFO.VB_ALARMS")
            said = await one.store(event(AlarmRaised("a1", "u1"), "rogue", 31), **headers)
            after = await one.ask("$JS.API.STREAM.INFO.VB_ALARMS")
            return said, before["state"]["messages"], after["state"]["messages"]

    said, before, after = asyncio.run(attempt())
    assert "error" in said
    assert after == before


def test_who_speaks_in_anothers_name_is_skipped_and_counted(
    site: Site, rogue: SiteAddress, victim: SiteAddress, ear_at: EarAt
) -> None:
    ear = ear_at(victim)
    assert ear.link.wait_caught_up(10)
    skipped = ear.link.counts.skipped
    authors = ("victim", "victim_cli-1", "site", "node-1", "rogue2", "Rogue", "_rogue")

    async def attempt() -> None:
        async with Rogue(rogue) as one:
            for number, author in enumerate(authors, 40):
                await one.store(event(AlarmRaised("c1", "u1"), author, number), "c1")

    asyncio.run(attempt())
    wait_for(lambda: ear.link.counts.skipped - skipped == len(authors), "all to be counted")
    assert "c1" not in ear.state.alarms
    assert ear.states[-1][0] == "up"
