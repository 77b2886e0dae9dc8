"""What this node last saw of its event log, on disk beside it, to tell what is missing later.

A nats-server (2.15) whose store is damaged passes over what it can't read and starts all the same:
its streams are shorter then, or empty, and nothing in them says so. So what was there is written
down every few seconds, and compared with what is there then. What turns out to be missing is
marked in the stream's own metadata, where everybody who reads the log finds it; the mark is also a
new epoch, so that every author sends again what it still has.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta
from nats.aio.client import Client
from nats.js.api import StreamConfig

from console.site.address import SiteError
from console.site.log.clocks import instant_ms
from console.site.log.damage import marked
from console.site.log.subjects import STREAMS, LogStream
from console.site.node.papers import new_change
from console.site.security.private import read_private, write_private

log = logging.getLogger(__name__)

FILE: Final = "log-seen.json"
MAX_FILE_BYTES: Final = 65_536
ANSWER_S: Final = 5.0
AGAIN_S: Final = 1.0
FULL_SHARE: Final = 0.9
"""A stream that holds so much of what it may lets go of its oldest."""
Count = Annotated[int, Meta(ge=0)]


class Seen(msgspec.Struct, frozen=True):
    """Of one stream. ``events``: those that nothing but age and size may take away; of a stream
    that keeps few of each subject, its subjects. Fillers are none."""

    created: str
    first: Count
    last: Count
    events: Count
    bytes: Count
    oldest_s: float = 0.0  # unix seconds, when its oldest message was stored

    def lacks(self, before: Seen, stream: LogStream, max_age_s: float, now_s: float) -> bool:
        """Whether something is missing that was there ``before``, and can't have gone by itself."""
        if self.created != before.created:
            return before.events > 0
        if self.last < before.last:
            return True
        missing = before.events - self.events
        if _may_have_gone(before, stream, max_age_s, now_s):
            return stream.max_per_key < 0 and missing > self.first - before.first
        return missing > 0


class _File(msgspec.Struct, frozen=True):
    streams: dict[str, Seen]
    v: Literal[1] = 1


class LogRecord:
    """Of a node that holds the log alone. ``folder`` is ``<home>/site``. On one event loop."""

    def __init__(self, folder: Path, nc: Client) -> None:
        self._file = folder / FILE
        self._nc = nc
        self._before = _read(self._file)

    async def look(self) -> tuple[str, ...]:
        """The streams that lack something since the last time, by name; they are marked, and what
        there is now is written down. Raises nats errors, TimeoutError, SiteError, OSError."""
        now, found = {}, []
        for stream in STREAMS:
            now[stream.name], is_whole = await self._seen(stream)
            if not is_whole:
                log.error("part of %s is missing: it is marked, authors send again", stream.name)
                await self._mark(stream)
                found.append(stream.name)
        if now != self._before:
            self._before = now
            write_private(self._file, msgspec.json.encode(_File(now)).decode())
        return tuple(found)

    async def _seen(self, stream: LogStream) -> tuple[Seen, bool]:
        """And whether nothing is missing. What seems to be is looked at once more: messages and
        fillers are not counted at the very same moment."""
        before = self._before.get(stream.name)
        for is_last in (False, True):
            info = await self._info(stream)
            seen = seen_in(info, stream)
            max_age_s = info["config"].get("max_age", 0) / 1e9
            if before is None or not seen.lacks(before, stream, max_age_s, time.time()):
                return seen, True
            if not is_last:
                await asyncio.sleep(AGAIN_S)
        return seen, False

    async def _mark(self, stream: LogStream) -> None:
        js = self._nc.jetstream(timeout=ANSWER_S)
        config: StreamConfig = (await js.stream_info(stream.name)).config
        await js.update_stream(config.evolve(metadata=marked(config.metadata, new_change())))

    async def _info(self, stream: LogStream) -> dict[str, Any]:
        """nats-py's own has no times."""
        ask = json.dumps({"subjects_filter": stream.fill}).encode()
        answer = await self._nc.request(f"$JS.API.STREAM.INFO.{stream.name}", ask, timeout=ANSWER_S)
        said: dict[str, Any] = json.loads(answer.data)
        if "error" in said:
            raise SiteError(f"{stream.name} can't be looked at: {said['error']}")
        return said


def seen_in(info: Mapping[str, Any], stream: LogStream) -> Seen:
    """Of a stream's information, with its fillers counted."""
    state = info["state"]
    fillers = sum((state.get("subjects") or {}).values())
    events = state["messages"] - fillers
    if stream.max_per_key > 0:
        events = state.get("num_subjects", 0) - bool(fillers)
    return Seen(
        info["created"],
        state["first_seq"],
        state["last_seq"],
        max(0, events),
        state["bytes"],
        instant_ms(state.get("first_ts", "")) / 1_000 if state["messages"] else 0.0,
    )


def _may_have_gone(before: Seen, stream: LogStream, max_age_s: float, now_s: float) -> bool:
    is_over = bool(max_age_s) and before.oldest_s + max_age_s <= now_s
    return is_over or before.bytes >= stream.max_bytes * FULL_SHARE


def _read(file: Path) -> Mapping[str, Seen]:
    """Nothing of what can't be read: the log is looked at from now on."""
    try:
        return msgspec.json.decode(read_private(file, MAX_FILE_BYTES), type=_File).streams
    except FileNotFoundError:
        return {}
    except (OSError, SiteError, msgspec.DecodeError, UnicodeDecodeError) as error:
        log.warning("what was seen of the log can't be read, it is written anew: %s", error)
        return {}
