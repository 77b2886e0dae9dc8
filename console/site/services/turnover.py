"""Once a day the server's store is made to begin new blocks, so that what expires leaves the disk.

A stream's ``max_age`` takes an event out of every read at once, but nats-server (2.15) lets go of
its bytes only with the block of 8 MB that they lie in, so after months in a quiet stream; and in an
encrypted store it overwrites nothing. So once a day each stream is filled up to its block's end
with messages that nobody is told of and that live for a second (NATS ADR-43): from then on the
block grows no more, and goes when its last event has expired, at most a day after its first.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Final, Literal

import msgspec
from nats.js import JetStreamContext

from console.domain.events import MAX_EVENT_BYTES
from console.site.log.sealed import keep_instead
from console.site.log.subjects import DAY_S, STREAMS, LogStream

BLOCK_BYTES: Final = 8 * 1024 * 1024
"""The most that a block of the store holds."""
AT_ONCE: Final = 32
TURNED_FILE: Final = "turned.json"
MAX_FILE_BYTES: Final = 16_384


class Turned(msgspec.Struct, frozen=True):
    """When it was done last, and where each stream stood then."""

    time_s: float
    last_seq: dict[str, int] = msgspec.field(default_factory=dict)
    v: Literal[1] = 1


def fill_subject(stream: LogStream) -> str:
    """One more subject of the stream's; outside of what is published again (RePublish)."""
    return f"vb.fill.{stream.token}"


async def turn_due(js: JetStreamContext, folder: Path, now_s: float | None = None) -> list[str]:
    """Of the site in this folder, once a day; a new site's day begins now. Returns which streams
    were turned: a stream that nothing has come to is left. Raises nats errors, OSError."""
    now_s = time.time() if now_s is None else now_s
    known = _read(folder / TURNED_FILE) or Turned(now_s)
    is_due = not 0 <= now_s - known.time_s < DAY_S  # a clock that was set back too
    turned = []
    for stream in STREAMS if is_due else ():
        last_seq = (await js.stream_info(stream.name)).state.last_seq
        if last_seq != known.last_seq.get(stream.name, 0):
            known.last_seq[stream.name] = await fill_block(js, stream)
            turned.append(stream.name)
    fresh = msgspec.structs.replace(known, time_s=now_s if is_due else known.time_s)
    keep_instead(folder / TURNED_FILE, msgspec.json.encode(fresh))
    return turned


async def fill_block(js: JetStreamContext, stream: LogStream) -> int:
    """The stream's last sequence number then."""
    last = 0
    filler = os.urandom(MAX_EVENT_BYTES)
    count = BLOCK_BYTES // MAX_EVENT_BYTES + 1
    for begun in range(0, count, AT_ONCE):
        acks = await asyncio.gather(
            *(
                js.publish(fill_subject(stream), filler, stream=stream.name, msg_ttl=1)
                for _ in range(min(AT_ONCE, count - begun))
            )
        )
        last = max(last, *(ack.seq for ack in acks))
    return last


def _read(path: Path) -> Turned | None:
    """None when there is none, or none that makes sense: then a new day begins."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE_BYTES), type=Turned)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
