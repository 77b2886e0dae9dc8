"""Once a day the server's store is made to begin new blocks, so that what expires leaves the disk.

A stream's ``max_age`` takes an event out of every read at once, but nats-server (2.15) lets go of
its bytes only with the block of 8 MB that they lie in, so after months in a quiet stream; and in an
encrypted store it overwrites nothing. So once a day each stream is filled up to its block's end
with messages that nobody is told of, which are purged at once: from then on the block grows no
more, and goes when its last event has expired, at most a day after its first. (Messages with a
life of their own would do, but a stream that takes those takes them from every member, whose own
alarm could then be gone a second later.)
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from typing import Final

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from console.domain.events import MAX_EVENT_BYTES
from console.site.log.client import close_client, come_in
from console.site.log.subjects import DAY_S, STREAMS, LogStream
from console.site.services.service import NodeContext
from console.site.worker import Worker

log = logging.getLogger(__name__)

LOOK_S: Final = 600.0
ANSWER_S: Final = 10.0
FAILURES: Final = (NatsError, JetStreamError, OSError, TimeoutError)
BLOCK_BYTES: Final = 8 * 1024 * 1024
"""The most that a block of the store holds."""
AT_ONCE: Final = 32


class TurnoverService(Worker):
    """On one node at a time: what it does reaches every node's copy of the log."""

    name = "turnover"
    THREAD = "site-turnover"
    END_S = 5.0

    def __init__(self, context: NodeContext) -> None:
        super().__init__()
        self._address = context.address

    def tick(self) -> None:
        """It has a thread of its own, as a turn takes seconds."""

    def on_members_changed(self) -> None:
        """Blocks are the store's."""

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                turned = asyncio.run(self._turn())
            except FAILURES as error:
                log.warning("the log's blocks can't be turned: %s", type(error).__name__)
            else:
                log.info("%d streams have begun a new block", len(turned))
            self._stopping.wait(LOOK_S)

    async def _turn(self) -> list[str]:
        address = self._address
        nc = await come_in(address.place.urls, address.identity, "site turnover")
        try:
            return await turn_due(nc.jetstream(timeout=ANSWER_S))
        finally:
            await close_client(nc)


async def turn_due(js: JetStreamContext, now_s: float | None = None) -> list[str]:
    """Returns which streams were turned: those whose last turn, or making, was a day ago and that
    something has come to since. Raises nats errors, OSError or TimeoutError."""
    now_s = time.time() if now_s is None else now_s
    turned = []
    for stream in STREAMS:
        if await _is_due(js, stream, now_s):
            await fill_block(js, stream)
            turned.append(stream.name)
    return turned


async def _is_due(js: JetStreamContext, stream: LogStream, now_s: float) -> bool:
    """The stream itself tells when it was turned last, whichever node did it."""
    info = await js.stream_info(stream.name)
    since, seq = info.created, 0
    with contextlib.suppress(NotFoundError):
        last = await js.get_last_msg(stream.name, stream.fill)
        since, seq = last.time, last.seq or 0
    is_old = since is None or now_s - since.timestamp() >= DAY_S
    return is_old and info.state.last_seq != seq


async def fill_block(js: JetStreamContext, stream: LogStream) -> int:
    """The stream's last sequence number then: that of an empty message that stays, as readers take
    it that a stream's newest message goes by its age alone."""
    filler = os.urandom(MAX_EVENT_BYTES)
    count = BLOCK_BYTES // MAX_EVENT_BYTES + 1
    for begun in range(0, count, AT_ONCE):
        await asyncio.gather(
            *(
                js.publish(stream.fill, filler, stream=stream.name)
                for _ in range(min(AT_ONCE, count - begun))
            )
        )
    await js.purge_stream(stream.name, subject=stream.fill)
    return (await js.publish(stream.fill, b"", stream=stream.name)).seq
