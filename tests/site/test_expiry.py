"""What has expired is gone on a real server: from every read at once, and from the disk.

The store is kept plain here, so that what lies in its files can be looked for.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from console.site.log.logstore import stream_config
from console.site.log.retention import Retention
from console.site.log.subjects import MESSAGES, STREAMS, LogStream
from console.site.node.storekey import environment, jetstream_lines, store_keys
from console.site.services.erasure import erase_expired, erase_older

from .bare_server import on_disk, running

pytestmark = pytest.mark.system

OLD, NEW = b"gammel beskjed (fiktiv)", b"ny beskjed (fiktiv)"
SUBJECT = "vb.log.message.lv1"
SHORT_S = 2


async def make(js: JetStreamContext, stream: LogStream, **changes: object) -> None:
    config = stream_config(stream)
    await js.add_stream(config.evolve(allow_direct=True, deny_delete=False, **changes))


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


def test_what_lies_beside_newer_events_is_overwritten(tmp_path: Path) -> None:
    """In one block of the store, which stays."""

    async def work(url: str) -> None:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            await make(js, MESSAGES)
            await say(js, OLD, 50)
            last = await js.get_msg(MESSAGES.name, 50)
            await asyncio.sleep(0.05)
            await say(js, NEW, 5)
            assert last.time is not None
            cut_s = last.time.timestamp() + 0.001
            assert await erase_older(js, MESSAGES, cut_s, at_most=20) == 20
            assert await erase_older(js, MESSAGES, cut_s) == 30
            assert await erase_older(js, MESSAGES, cut_s) == 0
            assert OLD not in on_disk(tmp_path)
            assert on_disk(tmp_path).count(NEW) == 5
            assert [await direct(nc, seq) for seq in (50, 51)] == [None, NEW + b" 0."]

    async def again(url: str) -> None:
        async with await nats.connect(url) as nc:
            state = (await nc.jetstream().stream_info(MESSAGES.name)).state
            assert (state.messages, state.first_seq, state.last_seq) == (5, 51, 55)

    with running(tmp_path) as url:
        asyncio.run(work(url))
    with running(tmp_path) as url:
        asyncio.run(again(url))
    assert OLD not in on_disk(tmp_path)


def test_all_streams_are_looked_through_each_in_its_own_time(tmp_path: Path) -> None:
    async def work(url: str) -> dict[str, int]:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            for stream in STREAMS:
                await make(js, stream)
                await js.publish(f"vb.log.{stream.token}.x", b"{}")
            assert set((await erase_expired(js, Retention())).values()) == {0}
            await asyncio.sleep(0.05)
            return await erase_expired(js, Retention({"message": 0}))

    with running(tmp_path) as url:
        erased = asyncio.run(work(url))
    assert erased == {stream.name: int(stream is MESSAGES) for stream in STREAMS}


def test_in_an_encrypted_store_it_is_overwritten_too(tmp_path: Path) -> None:
    """What is sealed can't be looked for; but its place in the block must hold something else."""
    blocks: list[bytes] = []

    async def work(url: str) -> None:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            await make(js, MESSAGES)
            await say(js, OLD, 20)
            blocks.append(block(tmp_path))
            assert await erase_older(js, MESSAGES, time.time() + 60, at_most=10) == 10
            blocks.append(block(tmp_path))
            assert await direct(nc, 11) == OLD + b" 10."

    keys = store_keys(tmp_path)
    with running(tmp_path, jetstream_lines(keys), environment(keys)) as url:
        asyncio.run(work(url))
    before, after = blocks
    record = len(before) // 20
    same = [n for n in range(20) if middle(before, n, record) == middle(after, n, record)]
    assert same == list(range(10, 20))


def block(folder: Path) -> bytes:
    (file,) = (folder / "store").rglob("*.blk")
    return file.read_bytes()


def middle(data: bytes, n: int, record: int) -> bytes:
    """Some bytes of the n-th record's text."""
    return data[(n + 1) * record - 24 : (n + 1) * record - 12]
