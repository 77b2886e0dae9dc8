"""Brings the log that one node held alone over into the cluster's: nothing lost, each event once.

The old store is served by a server of its own on loopback, read from first to last, and published
under each event's own id, which the cluster stores once however often this is begun anew. When all
of it has been acknowledged the old store is deleted: no second copy of patient data is left. The
age of what was moved counts from the move.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.js import JetStreamContext

from console.site.address import SiteAddress
from console.site.log.client import come_in
from console.site.log.reader import Fetch, Stored
from console.site.log.subjects import STREAMS
from console.site.log.wire import EventError, decode
from console.site.node.server import NatsServer, ServerConfig, free_port, new_name, url_of
from console.site.node.storekey import STORE
from console.site.security.identity import Identity

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
READING: Final = "moving"
AT_ONCE: Final = 64
ANSWER_S: Final = 10.0


def move_log(folder: Path, config: ServerConfig, identity: Identity, to: SiteAddress) -> int:
    """How many events were moved. Raises SiteError, OSError, nats errors, TimeoutError; may then
    be called again."""
    if config.cluster is None or not (folder / STORE).exists():
        return 0
    port = free_port(LOOPBACK)
    aside = folder / READING  # its configuration, its log; the store stays where it is
    aside.mkdir(mode=0o700, exist_ok=True)
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
            return await _copy(old, new.jetstream(timeout=ANSWER_S))
        finally:
            await new.close()
    finally:
        await old.close()


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
