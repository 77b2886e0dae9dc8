"""What is too old is overwritten in the server's store, event by event.

A stream's ``max_age`` alone takes an event out of reach at once, but nats-server (2.15) lets go of
its bytes only with the block that they lie in: up to 2 MB, so months of a quiet stream. Deleting
one message by the API overwrites it. For that a stream must not be made with ``deny_delete``;
nobody but the site may use that API.
"""

from __future__ import annotations

import time
from typing import Final

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from console.site.log.retention import Retention
from console.site.log.subjects import STREAMS, LogStream

EVERY_S: Final = 600.0
AT_MOST: Final = 20_000
"""Events of one stream in one go. A stream that has more in that time fills its blocks within
hours, and they go with its ``max_age``."""


async def erase_expired(js: JetStreamContext, retention: Retention) -> dict[str, int]:
    """How many were erased, by stream. Raises nats errors, OSError or TimeoutError."""
    now_s = time.time()
    return {
        stream.name: await erase_older(js, stream, now_s - retention.keep_s(stream))
        for stream in STREAMS
    }


async def erase_older(
    js: JetStreamContext, stream: LogStream, before_s: float, at_most: int = AT_MOST
) -> int:
    """Those that the server stored before this unix time, oldest first."""
    erased = 0
    oldest = await _next(js, stream, 1)
    while oldest is not None and erased < at_most and _stored_s(oldest) < before_s:
        seq = oldest.seq or 1
        await js.delete_msg(stream.name, seq)
        erased += 1
        oldest = await _next(js, stream, seq + 1)
    return erased


async def _next(js: JetStreamContext, stream: LogStream, seq: int) -> RawStreamMsg | None:
    try:
        return await js.get_msg(stream.name, seq, subject=stream.subjects, next=True)
    except NotFoundError:
        return None


def _stored_s(message: RawStreamMsg) -> float:
    return message.time.timestamp() if message.time is not None else 0.0
