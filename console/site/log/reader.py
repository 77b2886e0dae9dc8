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
from typing import Any, Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import StreamInfo

from console.site.log.clocks import instant_ms, is_id_ahead
from console.site.log.damage import reading_of
from console.site.log.rounds import Rounds
from console.site.log.subjects import NEWEST, NOW_NAME, TRACKS, LogStream

BATCH: Final = 500
BATCH_BYTES: Final = 1_000_000
ANSWER_S: Final = 3.0
FLUSH_S: Final = 3
LAG_S: Final = 0.05
MAX_LAGS: Final = 40
"""So often a message that must be there is looked for; then the stream's leader is asked whether it
still is."""
MAX_STUCK: Final = 3
"""So often the only server of a stream is waited for in vain to hand out what it says that it has:
then its disk has lost that."""
LOOK_BACK_S: Final = 0.5
"""A member can have old messages told again: they are not looked at more often than this."""
UNAVAILABLE_S: Final = 15.0
"""So long a log may give no answer, as when a cluster elects a leader (up to 10 s)."""
RETRY_S: Final = 0.3
OVERLAP: Final = 1_000
"""So many of the newest are read once more after "the newest of each subject", which the server
gathers a moment later than it stores."""
MAX_PENDING: Final = 20_000

Failure = (NatsError, OSError, TimeoutError)
OnPayload = Callable[[str, bytes, LogStream, int], None]
"""Subject in the log, event, stream, when it was stored (unix milliseconds; 0: not known)."""

IN_THE_LOG: Final = ("vb.log.", "vb.fill.")
"""The second is no event: it ends a block of the store (console.site.services.turnover)."""


@dataclass
class Cursor:
    """How far a stream has been read. ``epoch`` tells this stream from one made anew, ``newest_ms``
    is the latest that anything of what was read was stored, 0 = not known."""

    epoch: str = ""
    seq: int = 0
    newest_ms: int = 0


class LogReader:
    """All on the link's loop. ``rejected`` counts messages that were not the server's word,
    ``lags`` how often a replica had not got for long what the log's leader had."""

    def __init__(
        self,
        stream: LogStream,
        cursor: Cursor,
        rounds: Rounds,
        *,
        everything: bool,
        on_payload: OnPayload,
        on_caught_up: Callable[[], None],
        on_broken: Callable[[str], None],
        on_unreadable: Callable[[LogStream], None],
    ) -> None:
        self._stream = stream
        self._cursor = cursor
        self._rounds = rounds
        self._everything = everything
        self._on_payload = on_payload
        self._on_caught_up = on_caught_up
        self._on_broken = on_broken
        self._on_unreadable = on_unreadable
        self._target = 0  # the greatest sequence number that is known to be there
        self._wanted = asyncio.Event()
        self._last: Stored | None = None
        self._is_told_before = self._is_told_anew = False
        self._look_back_s = 0.0
        self._filling = False
        self._heard_s = _now_s()
        self.caught_up = False
        self.rejected = 0
        self.lags = 0

    async def start(self, nc: Client, info: StreamInfo) -> None:
        """Then :meth:`run` is to be made a task."""
        self._fetch = Fetch(nc)
        self._js = nc.jetstream(timeout=ANSWER_S)
        await self._fetch.start()
        if not self._is_told_live:
            await nc.subscribe(self._stream.told, cb=self._on_told, pending_msgs_limit=MAX_PENDING)
            await nc.flush(FLUSH_S)  # told from here on: what was before is in the log
        self._place(info)

    async def run(self) -> None:
        """Read what is there, then whatever turns out to be missing."""
        try:
            await self._read_newest_of_each()
            while True:
                await self._look_back()
                await self._fill()
                self._mark_caught_up()
                if self._is_told_live:
                    return
                self._wanted.clear()
                await self._until_wanted()
        except Failure:
            self._on_broken(f"{self._stream.name} does not answer")

    async def _until_wanted(self) -> None:
        """More is known to be there, or it is time to ask."""
        while not self._wanted.is_set():
            try:
                async with asyncio.timeout_at(self._rounds.next_s(_now_s())):
                    await self._wanted.wait()
            except TimeoutError:
                if self._rounds.is_quiet(self._heard_s, _now_s()):
                    return

    async def _look_back(self) -> None:
        """What is told under a number that has been read is a repetition, or the server has found
        its last block damaged, let go of it and counts on from before: then nothing that is told
        from now on would be news here. Raises Failure."""
        if self._is_told_anew:
            self._begin_again()
            return
        if not self._is_told_before or time.monotonic() < self._look_back_s:
            return
        self._is_told_before = False
        self._look_back_s = time.monotonic() + LOOK_BACK_S
        info = await self._info()
        if info.state.last_seq >= self._cursor.seq and not await self._is_another_there():
            return
        self._begin_again()

    def _begin_again(self) -> None:
        self._is_told_anew = False
        self._cursor.seq = 0
        self._on_unreadable(self._stream)
        self._on_broken(f"{self._stream.name} counts on from before")

    async def _is_another_there(self) -> bool:
        """Whether under the last number that was read another message stands now."""
        last = self._last
        if last is None or last.seq != self._cursor.seq:
            return False
        batch = await self._fetch.batch(self._stream.name, last.seq)
        there = batch.messages[0] if batch.messages else last
        return there.seq == last.seq and there != last

    async def _info(self) -> StreamInfo:
        return await self._js.stream_info(self._stream.name)

    def _place(self, info: StreamInfo) -> None:
        """Where to begin."""
        cursor, epoch = self._cursor, reading_of(info)
        last = info.state.last_seq
        self._target = last
        if cursor.epoch == epoch and 0 < cursor.seq <= last and not self._is_told_live:
            return
        cursor.epoch, cursor.seq, cursor.newest_ms = epoch, 0, 0
        if self._everything or self._stream.replay == "all":
            return
        back = NEWEST if self._stream.replay == "newest" else OVERLAP
        cursor.seq = max(0, last - back)

    @property
    def _is_told_live(self) -> bool:
        """Positions come live, thousands a second; of their log a desk wants what was before."""
        return not self._everything and self._stream is TRACKS

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
                    stored_ms = await self._stored_ms(one)
                    self._on_payload(one.subject, one.data, self._stream, stored_ms)
                seq = one.seq + 1
            if batch.is_last:
                return

    async def _stored_ms(self, newest: Stored) -> int:
        """When the stream itself took it: "the newest of each subject" may have been gathered anew
        since. It matters for an id that is of no time yet, and is replaced by one of then."""
        if not is_id_ahead(newest.data, newest.stored_ms):
            return newest.stored_ms
        there = await self._fetch.last(self._stream.name, newest.subject)
        return there.stored_ms if there is not None else newest.stored_ms

    async def _fill(self) -> None:
        """Fetch until nothing is known to be missing."""
        self._filling = True
        lags = stuck = 0
        try:
            while True:
                before = self._cursor.seq
                batch = await self._fetch.batch(self._stream.name, before + 1)
                self._heard_s = _now_s()
                for one in batch.messages:
                    self._deliver(one)
                if not batch.is_last:
                    continue
                if self._cursor.seq >= self._target:
                    return
                if self._cursor.seq != before:
                    lags = stuck = 0
                lags += 1
                if lags > MAX_LAGS:
                    info = await self._info()
                    self._pass_over(info)
                    lags, stuck = 0, stuck + 1
                    if stuck >= MAX_STUCK and (info.config.num_replicas or 1) == 1:
                        await self._leave_unreadable()
                await asyncio.sleep(LAG_S)
        finally:
            self._filling = False

    def _pass_over(self, info: StreamInfo) -> None:
        """What nobody can fetch any more. The newest message of a stream goes by its age alone, and
        then all before it have gone: as long as the stream's leader has it, a replica lags."""
        self.lags += 1
        gone = info.state.last_seq if not info.state.messages else info.state.first_seq - 1
        self._cursor.seq = max(self._cursor.seq, min(gone, self._target))

    async def _leave_unreadable(self) -> None:
        """On to the next that can be read: an alarm that comes now must not wait for what never
        comes. A server hands out nothing from a damaged place on, and all from the next block."""
        low, high = self._cursor.seq + 1, self._target + 1
        while low < high:
            middle = (low + high) // 2
            if (await self._fetch.batch(self._stream.name, middle)).messages:
                high = middle
            else:
                low = middle + 1
        self._cursor.seq = max(self._cursor.seq, high - 1)
        self._on_unreadable(self._stream)

    def _deliver(self, one: Stored) -> None:
        if one.seq <= self._cursor.seq:
            return
        self._cursor.seq = one.seq
        self._cursor.newest_ms = max(self._cursor.newest_ms, one.stored_ms)
        self._last = one
        if one.subject != self._stream.fill:
            self._on_payload(one.subject, one.data, self._stream, one.stored_ms)

    async def _on_told(self, msg: Msg) -> None:
        told = stored(msg, self._stream.name)
        if told is None or told.subject != "vb.log." + msg.subject.removeprefix("vb.told."):
            self.rejected += 1
            return
        if told.seq <= self._cursor.seq:
            self._is_told_before = True
            # What is told again was stored before the newest that was read: this was not.
            self._is_told_anew |= 0 < self._cursor.newest_ms < told.stored_ms
            self._wanted.set()
            return
        if self._is_told_anew:
            return  # of a stream that counts on from before, and is read from its beginning
        self._target = max(self._target, told.seq)
        if self.caught_up and not self._filling and told.seq == self._cursor.seq + 1:
            self._heard_s = _now_s()
            self._deliver(told)
        else:
            self._wanted.set()

    def _mark_caught_up(self) -> None:
        if not self.caught_up:
            self.caught_up = True
            self._on_caught_up()


def _now_s() -> float:
    return asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class Stored:
    """A message of the log as the server says it is."""

    seq: int
    subject: str
    data: bytes
    stored_ms: int = 0


def stored(msg: Msg, stream: str) -> Stored | None:
    """None for what is not the server's word on a message of this stream. Read by
    :mod:`console.site.log.client`, so these headers are the server's and not the publisher's."""
    headers = msg.headers or {}
    seq = headers.get("Nats-Sequence", "")
    if headers.get("Nats-Stream") != stream or not seq.isdecimal():
        return None
    subject = headers.get("Nats-Subject", "")
    if not subject.startswith(IN_THE_LOG):
        return None
    return Stored(int(seq), subject, msg.data, instant_ms(headers.get("Nats-Time-Stamp", "")))


@dataclass(frozen=True, slots=True)
class Batch:
    messages: list[Stored]
    is_last: bool  # nothing comes after these


class Fetch:
    """Batched Direct Get, one request at a time, answered in an inbox that nobody can guess."""

    def __init__(self, nc: Client, most: int = BATCH) -> None:
        self._nc = nc
        self._most = most
        self._inbox = nc.new_inbox()
        self._number = 0
        self._stream = ""
        self._messages: list[Stored] = []
        self._done: asyncio.Future[bool] | None = None

    async def start(self) -> None:
        await self._nc.subscribe(f"{self._inbox}.*", cb=self._on_msg)

    async def batch(self, stream: str, seq: int) -> Batch:
        """Raises TimeoutError when there has been no answer for long."""
        ask = {"seq": seq, "batch": self._most, "max_bytes": BATCH_BYTES}
        return await self._answer(stream, ask)

    async def last(self, stream: str, subject: str) -> Stored | None:
        """The newest of a subject. Raises as :meth:`batch`."""
        found = await self._answer(stream, {"multi_last": [subject], "batch": 1})
        return found.messages[-1] if found.messages else None

    async def _answer(self, stream: str, ask: dict[str, Any]) -> Batch:
        deadline = time.monotonic() + UNAVAILABLE_S
        while True:
            try:
                return await self._ask(stream, ask)
            except (TimeoutError, _UnavailableError):
                if time.monotonic() > deadline:
                    raise TimeoutError from None
                await asyncio.sleep(RETRY_S)

    async def _ask(self, stream: str, ask: dict[str, Any]) -> Batch:
        self._number += 1
        self._stream, self._messages = stream, []
        self._done = asyncio.get_running_loop().create_future()
        await self._nc.publish(
            f"$JS.API.DIRECT.GET.{stream}",
            json.dumps(ask).encode(),
            reply=f"{self._inbox}.{self._number}",
        )
        try:
            async with asyncio.timeout(ANSWER_S):
                is_last = await self._done
        finally:
            self._done = None
        return Batch(self._messages, is_last)

    async def _on_msg(self, msg: Msg) -> None:
        done = self._done
        if done is None or done.done() or not msg.subject.endswith(f".{self._number}"):
            return
        one = stored(msg, self._stream)
        if one is not None:
            self._messages.append(one)
            return
        headers = msg.headers or {}
        status = headers.get("Status")
        if status == "404":  # nothing from there on
            done.set_result(True)
        elif status == "204":  # end of batch
            done.set_result(headers.get("Nats-Num-Pending", "0") == "0")
        elif status is not None:  # 503: nobody has the stream just now
            done.set_exception(_UnavailableError(status))


class _UnavailableError(Exception):
    """Nobody answers for the stream at this moment."""
