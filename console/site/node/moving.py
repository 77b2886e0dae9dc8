"""Brings the log that one node held alone over into the cluster's, and the voice keys: nothing
lost, each event once, no talkgroup rekeyed.

The old store is served by a server of its own on loopback, read from first to last, and published
under each event's own id, which the cluster stores once however often this is begun anew. When all
of it has been acknowledged the old store is deleted: no second copy of patient data is left. The
age of what was moved counts from the move.

The other nodes' services wait for that: on half a log they would take what is missing for what
never was, and make new keys. That it is done stands beside the lease, for all of them to see.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from pathlib import Path
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import (
    BucketNotFoundError,
    KeyNotFoundError,
    KeyWrongLastSequenceError,
    NoKeysError,
)

from console.site.address import SiteAddress
from console.site.log.client import close_client, come_in
from console.site.log.logstore import LEASES, VOICE_KEYS
from console.site.log.reader import Fetch, Stored
from console.site.log.subjects import STREAMS
from console.site.log.wire import EventError, decode
from console.site.node.server import (
    NatsServer,
    ServerConfig,
    end_orphan,
    free_port,
    new_name,
    url_of,
)
from console.site.node.storekey import STORE
from console.site.security.identity import Identity

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
READING: Final = "moving"
AT_ONCE: Final = 64
MOVED: Final = "log.moved"
"""Beside the lease: the cluster has what one node held alone."""
MOVED_FILE: Final = "moved"
"""In a node's folder: it has seen that, and waits for it no more."""
ANSWER_S: Final = 10.0


def move_log(folder: Path, config: ServerConfig, identity: Identity, to: SiteAddress) -> int:
    """How many events were moved. Raises SiteError, OSError, nats errors, TimeoutError; may then
    be called again."""
    if config.cluster is None or not (folder / STORE).exists():
        return 0
    port = free_port(LOOPBACK)
    aside = folder / READING  # its configuration, its log; the store stays where it is
    aside.mkdir(mode=0o700, exist_ok=True)
    end_orphan(aside)  # of a move that was killed
    old = msgspec.structs.replace(
        config,
        folder=aside,
        host=LOOPBACK,
        port=port,
        name=new_name(),
        cluster=None,
        members=(),
        region=None,
        keys=folder,
        store=str(folder / STORE),
    )
    server = NatsServer(old, identity)
    server.start()
    try:
        moved = asyncio.run(_move(url_of(LOOPBACK, port), identity, to))
    finally:
        server.stop()
    shutil.rmtree(folder / STORE)
    shutil.rmtree(aside)
    log.info("%d events were moved into the cluster's log", moved)
    return moved


async def _move(old_url: str, identity: Identity, to: SiteAddress) -> int:
    old = await come_in((old_url,), identity, "site move")
    try:
        new = await come_in(to.place.urls, identity, "site move")
        try:
            js = new.jetstream(timeout=ANSWER_S)
            await _copy_keys(old.jetstream(timeout=ANSWER_S), js)
            return await _copy(old, js)
        finally:
            await close_client(new)
    finally:
        await close_client(old)


async def _copy_keys(old: JetStreamContext, new: JetStreamContext) -> None:
    """As they are sealed. What the cluster has already is newer."""
    try:
        source = await old.key_value(VOICE_KEYS)
        names = await source.keys()
    except (BucketNotFoundError, NoKeysError):
        return
    target = await new.key_value(VOICE_KEYS)
    for name in names:
        with contextlib.suppress(KeyNotFoundError, KeyWrongLastSequenceError):
            entry = await source.get(name)
            await target.update(name, entry.value or b"", last=0)
    log.info("%d voice keys and blocks were moved", len(names))


async def _copy(old: Client, new: JetStreamContext) -> int:
    fetch = Fetch(old, most=AT_ONCE)
    await fetch.start()
    moved = 0
    for stream in STREAMS:
        seq = 1
        while True:
            batch = await fetch.batch(stream.name, seq)
            events = [one for one in batch.messages if one.subject != stream.fill]
            await asyncio.gather(*(_publish(new, one) for one in events))
            moved += len(events)
            if batch.messages:
                seq = batch.messages[-1].seq + 1
            if batch.is_last:
                break
    return moved


async def _publish(new: JetStreamContext, one: Stored) -> None:
    """What is no event is moved too: it is not for us to judge."""
    try:
        msg_id = decode(one.data).id
    except EventError:
        msg_id = f"moved-{one.seq}"
    await new.publish(one.subject, one.data, headers={"Nats-Msg-Id": msg_id})


def mark_moved(at: SiteAddress) -> None:
    """By the node that held the log alone. Raises nats errors, OSError, TimeoutError, SiteError."""
    asyncio.run(_mark(at))


async def _mark(at: SiteAddress) -> None:
    nc = await come_in(at.place.urls, at.identity, "site move")
    try:
        store = await nc.jetstream(timeout=ANSWER_S).key_value(LEASES)
        await store.put(MOVED, b"")
    finally:
        await close_client(nc)


def is_moved(at: SiteAddress) -> bool:
    """Raises nats errors, OSError, TimeoutError, SiteError."""
    return asyncio.run(_is_marked(at))


async def _is_marked(at: SiteAddress) -> bool:
    nc = await come_in(at.place.urls, at.identity, "site move")
    try:
        store = await nc.jetstream(timeout=ANSWER_S).key_value(LEASES)
        with contextlib.suppress(KeyNotFoundError):
            await store.get(MOVED)
            return True
        return False
    finally:
        await close_client(nc)
