"""One stream of the event log read in order: from where the reader stopped, then as it grows.

What is stored from now on the server tells on ``vb.told.…`` (RePublish); what was before, and what
a told message shows to be missing, is fetched by batched Direct Get (NATS ADR-31). No consumer is
made: a member that could make one could have stored messages delivered where it may not publish.

A message counts only when the headers that the server sets itself agree with where it came: a
member can make Direct Get answer onto a subject of its choice, but not change those headers.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import StreamInfo

from console.site.log.subjects import NEWEST, NOW_NAME, LogStream

BATCH: Final = 500
BATCH_BYTES: Final = 1_000_000
ANSWER_S: Final = 3.0
FLUSH_S: Final = 3
LOOK_S: Final = 2.0
"""A stream of which nothing was heard for so long is asked whether there is more: the last word of
a server that dies may have been stored and never told."""
LAG_S: Final = 0.05
MAX_LAGS: Final = 40
"""How often a told message is looked for that a replica has not got yet; then it was deleted."""
OVERLAP: Final = 1_000
"""So many of the newest are read once more after "the newest of each subject", which the server
gathers a moment later than it stores."""
MAX_PENDING: Final = 20_000

OnPayload = Callable[[str, bytes, LogStream], None]
"""Subject in the log, event."""


@dataclass
class Cursor:
    """How far a stream has been read. ``epoch`` tells this stream from one made anew."""

    epoch: str = ""
    seq: int = 0


def epoch_of(info: StreamInfo) -> str:
    return info.created.isoformat() if info.created is not None else ""


class LogReader:
    """All on the link's loop. ``rejected`` counts messages that were not the server's word."""

    def __init__(
        self,
        stream: LogStream,
        cursor: Cursor,
        *,
        everything: bool,
        on_payload: OnPayload,
        on_caught_up: Callable[[], None],
        on_broken: Callable[[str], None],
    ) -> None:
        self._stream = stream
        self._cursor = cursor
        self._everything = everything
        self._on_payload = on_payload
        self._on_caught_up = on_caught_up
        self._on_broken = on_broken
        self._target = 0  # the greatest sequence number that is known to be there
        self._wanted = asyncio.Event()
        self._filling = False
        self._heard_s = time.monotonic()
        self.caught_up = False
        self.rejected = 0

    async def start(self, nc: Client, info: StreamInfo) -> None:
        """Then :meth:`run` is to be made a task."""
        self._fetch = Fetch(nc)
        await self._fetch.start()
        await nc.subscribe(self._stream.told, cb=self._on_told, pending_msgs_limit=MAX_PENDING)
        await nc.flush(FLUSH_S)  # told from here on: what was before is in the log
        self._place(info)

    async def run(self) -> None:
        """Read what is there, then whatever turns out to be missing."""
        try:
            await self._read_newest_of_each()
            while True:
                await self._fill()
                self._mark_caught_up()
                self._wanted.clear()
                await self._until_wanted()
        except TimeoutError:
            self._on_broken(f"{self._stream.name} does not answer")

    async def _until_wanted(self) -> None:
        while not self._wanted.is_set():
            left_s = self._heard_s + LOOK_S - time.monotonic()
            if left_s <= 0:
                return
            try:
                await asyncio.wait_for(self._wanted.wait(), left_s)
            except TimeoutError:
                continue

    def _place(self, info: StreamInfo) -> None:
        """Where to begin."""
        cursor, epoch = self._cursor, epoch_of(info)
        last = info.state.last_seq
        self._target = last
        if cursor.epoch == epoch and 0 < cursor.seq <= last:
            return
        cursor.epoch, cursor.seq = epoch, 0
        if self._everything or self._stream.replay == "all":
            return
        back = NEWEST if self._stream.replay == "newest" else OVERLAP
        cursor.seq = max(0, last - back)

    @property
    def _is_from_start(self) -> bool:
        return not self.caught_up and not self._everything

    async def _read_newest_of_each(self) -> None:
        if self._stream.replay != "last-per-key" or not self._is_from_start:
            return
        seq = 1
        while True:
            batch = await self._fetch.batch(NOW_NAME, seq)
            for one in batch.messages:
                if one.subject.startswith(self._stream.subjects.removesuffix(">")):
                    self._on_payload(one.subject, one.data, self._stream)
                seq = one.seq + 1
            if batch.is_last:
                return

    async def _fill(self) -> None:
        """Fetch until nothing is known to be missing."""
        self._filling = True
        lags = 0
        try:
            while True:
                before = self._cursor.seq
                batch = await self._fetch.batch(self._stream.name, before + 1)
                self._heard_s = time.monotonic()
                for one in batch.messages:
                    self._deliver(one.seq, one.subject, one.data)
                if not batch.is_last:
                    continue
                if self._cursor.seq >= self._target:
                    return
                lags = lags + 1 if self._cursor.seq == before else 0
                if lags >= MAX_LAGS:  # deleted meanwhile, by age or by newer ones of its subject
                    self._cursor.seq = self._target
                    return
                await asyncio.sleep(LAG_S)
        finally:
            self._filling = False

    def _deliver(self, seq: int, subject: str, data: bytes) -> None:
        if seq <= self._cursor.seq:
            return
        self._cursor.seq = seq
        self._on_payload(subject, data, self._stream)

    async def _on_told(self, msg: Msg) -> None:
        told = stored(msg, self._stream.name)
        if told is None or told.subject != "vb.log." + msg.subject.removeprefix("vb.told."):
            self.rejected += 1
            return
        if told.seq <= self._cursor.seq:
            return
        self._target = max(self._target, told.seq)
        if self.caught_up and not self._filling and told.seq == self._cursor.seq + 1:
            self._heard_s = time.monotonic()
            self._deliver(told.seq, told.subject, told.data)
        else:
            self._wanted.set()

    def _mark_caught_up(self) -> None:
        if not self.caught_up:
            self.caught_up = True
            self._on_caught_up()


@dataclass(frozen=True, slots=True)
class Stored:
    """A message of the log as the server says it is."""

    seq: int
    subject: str
    data: bytes


def stored(msg: Msg, stream: str) -> Stored | None:
    """None for what is not the server's word on a message of this stream. Of a header that comes
    twice the last counts, which is the server's (tested against the server)."""
    headers = msg.headers or {}
    seq = headers.get("Nats-Sequence", "")
    if headers.get("Nats-Stream") != stream or not seq.isdecimal():
        return None
    subject = headers.get("Nats-Subject", "")
    return Stored(int(seq), subject, msg.data) if subject.startswith("vb.log.") else None


@dataclass(frozen=True, slots=True)
class Batch:
    messages: list[Stored]
    is_last: bool  # nothing comes after these


class Fetch:
    """Batched Direct Get, one request at a time, answered in an inbox that nobody can guess."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self._inbox = nc.new_inbox()
        self._number = 0
        self._stream = ""
        self._messages: list[Stored] = []
        self._done: asyncio.Future[bool] | None = None

    async def start(self) -> None:
        await self._nc.subscribe(f"{self._inbox}.*", cb=self._on_msg)

    async def batch(self, stream: str, seq: int) -> Batch:
        """Raises TimeoutError."""
        self._number += 1
        self._stream, self._messages = stream, []
        self._done = asyncio.get_running_loop().create_future()
        ask = {"seq": seq, "batch": BATCH, "max_bytes": BATCH_BYTES}
        await self._nc.publish(
            f"$JS.API.DIRECT.GET.{stream}",
            json.dumps(ask).encode(),
            reply=f"{self._inbox}.{self._number}",
        )
        try:
            is_last = await asyncio.wait_for(self._done, ANSWER_S)
        finally:
            self._done = None
        return Batch(self._messages, is_last)

    async def _on_msg(self, msg: Msg) -> None:
        if self._done is None or self._done.done() or not msg.subject.endswith(f".{self._number}"):
            return
        one = stored(msg, self._stream)
        if one is not None:
            self._messages.append(one)
            return
        headers = msg.headers or {}
        if headers.get("Status") == "404":  # nothing from there on
            self._done.set_result(True)
        elif headers.get("Status") == "204":  # end of batch
            self._done.set_result(headers.get("Nats-Num-Pending", "0") == "0")
