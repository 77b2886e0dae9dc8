"""What has expired is gone on a real server: from every read at once, and from the disk."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import RePublish
from nats.js.errors import NotFoundError

from console.domain.events import MessageSent
from console.site.address import SiteAddress
from console.site.log.client import inbox_of, tls_options
from console.site.log.logstore import stream_config
from console.site.log.subjects import MESSAGES, STREAMS, LogStream
from console.site.node.storekey import environment, jetstream_lines, store_keys
from console.site.services import turnover
from console.site.services.service import NodeContext
from console.site.services.turnover import TurnoverService, fill_block, turn_due
from console.site.visit import visit

from .bare_server import on_disk, running
from .conftest import Server, wait_for

pytestmark = pytest.mark.system

OLD, NEW = b"gammel beskjed (fiktiv)", b"ny beskjed (fiktiv)"
SUBJECT = "vb.log.message.lv1"
SHORT_S = 2


async def make(js: JetStreamContext, stream: LogStream, **changes: object) -> None:
    config = stream_config(stream)
    await js.add_stream(config.evolve(**changes))


async def say(js: JetStreamContext, text: bytes, count: int) -> None:
    for n in range(count):
        await js.publish(SUBJECT, b"%b %d." % (text, n))


async def direct(nc: Client, seq: int) -> bytes | None:
    """As a member reads it."""
    answer = await nc.request(
        f"$JS.API.DIRECT.GET.{MESSAGES.name}", json.dumps({"seq": seq}).encode()
    )
    status = (answer.headers or {}).get("Status", "200")
    assert status in {"200", "404"}
    return answer.data if status == "200" else None


async def until_gone(nc: Client, seq: int) -> None:
    async with asyncio.timeout(30):
        while await direct(nc, seq) is not None:
            await asyncio.sleep(0.1)


def test_past_its_age_an_event_can_not_be_read_nor_found_on_the_disk(tmp_path: Path) -> None:
    """The store is kept plain here, so that the text can be looked for in its files."""

    async def work(url: str) -> None:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            await make(js, MESSAGES, max_age=SHORT_S, duplicate_window=1)
            await say(js, OLD, 20)
            assert await direct(nc, 20) == OLD + b" 19."
            assert on_disk(tmp_path).count(OLD) == 20
            await until_gone(nc, 20)
            for seq in range(1, 21):
                assert await direct(nc, seq) is None
                with pytest.raises(NotFoundError):
                    await js.get_msg(MESSAGES.name, seq)
            async with asyncio.timeout(30):
                while OLD in on_disk(tmp_path):
                    await asyncio.sleep(0.1)
            await say(js, NEW, 1)
            assert await direct(nc, 21) == NEW + b" 0.", "its number was not used again"

    with running(tmp_path) as url:
        asyncio.run(work(url))


def test_a_stream_that_goes_on_lets_go_of_what_has_expired(tmp_path: Path) -> None:
    """In an encrypted store, where what is sealed is looked for by its sealed bytes: events of
    before the day's turn are gone from the disk when they have expired, though newer ones come."""
    folder = tmp_path / "site"
    keys = store_keys(folder)

    async def work(url: str) -> None:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            for stream in STREAMS:
                await make(js, stream, max_age=SHORT_S, duplicate_window=1)
            now_s = time.time()
            assert await turn_due(js, now_s) == [], "a new site's day begins"
            await say(js, OLD, 50)
            sealed = (folder / "store").rglob("1.blk")
            old = next(file for file in sealed if MESSAGES.name in str(file)).read_bytes()
            parts = [old[n : n + 32] for n in range(0, len(old) - 32, 200)]
            assert all(part in on_disk(folder) for part in parts)
            assert await turn_due(js, now_s + 86_300) == []
            assert await turn_due(js, now_s + 86_400) == [MESSAGES.name]
            assert await turn_due(js, now_s + 2 * 86_400) == [], "nothing has come since"
            async with asyncio.timeout(60):
                while any(part in on_disk(folder) for part in parts):
                    await say(js, NEW, 3)
                    await asyncio.sleep(0.3)
            last = (await js.stream_info(MESSAGES.name)).state.last_seq
            await say(js, NEW, 1)
            assert await direct(nc, last + 1) == NEW + b" 0."

    with running(folder, jetstream_lines(keys), environment(keys)) as url:
        asyncio.run(work(url))


def test_nobody_is_told_of_what_fills_a_block(tmp_path: Path) -> None:
    async def work(url: str) -> list[str]:
        told: list[str] = []

        async def hear(message: Msg) -> None:
            told.append(message.subject)

        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            republish = RePublish(src="vb.log.message.>", dest="vb.told.message.>")
            await make(js, MESSAGES, republish=republish)
            await nc.subscribe("vb.told.>", cb=hear)
            await fill_block(js, MESSAGES)
            await say(js, NEW, 1)
            async with asyncio.timeout(30):
                while not told or (await js.stream_info(MESSAGES.name)).state.messages > 2:
                    await asyncio.sleep(0.1)
        return told

    with running(tmp_path) as url:
        assert asyncio.run(work(url)) == ["vb.told.message.lv1"]


def test_a_site_turns_its_log_over(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service as a node runs it, on the site's own streams, with a day that has passed."""
    folder = server.folder
    ear = SiteAddress(server.place, server.papers.node)
    monkeypatch.setattr(turnover, "DAY_S", 0)
    member = server.as_member("lv1")
    with visit(member, spool=folder.parent / "spool") as guest:
        guest.deliver(MessageSent(to="lv1", text="x"))
    context = NodeContext(ear, folder, lambda: (), lambda _member: None)
    service = TurnoverService(context)
    service.start()
    try:
        wait_for(lambda: asyncio.run(has_turned(server.address)), "the end of a block")
    finally:
        service.stop()
    with visit(member) as guest:
        assert [one.text for one in guest.read_all().messages] == ["x"]


async def has_turned(site: SiteAddress) -> bool:
    async with await nats.connect(
        site.url, inbox_prefix=inbox_of(site.identity), **tls_options(site.identity)
    ) as nc:
        with contextlib.suppress(NotFoundError):
            last = await nc.jetstream().get_last_msg(MESSAGES.name, MESSAGES.fill)
            return not last.data
        return False
