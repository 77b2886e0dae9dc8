"""One connection to a site, from the handshake until it is lost: readers, live subjects, sending.

All on the link's event loop. The link makes a new session after each loss.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Final

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoServersError
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import APIError, NotFoundError

from console.domain.events import Event
from console.domain.roles import may_read
from console.site.address import SiteAddress, SiteError
from console.site.log.client import CONNECT_S, Failure, ask_site, close_client, come_in, why_not_in
from console.site.log.clocks import supersedes
from console.site.log.counts import LinkCounts
from console.site.log.damage import damaged_ms, epoch_of, reading_of
from console.site.log.outbox import Outgoing
from console.site.log.reader import LAG_S, Cursor, Fetch, LogReader, OnPayload
from console.site.log.rounds import Rounds
from console.site.log.spoken import SPOKEN, is_spoken
from console.site.log.spool import Spool
from console.site.log.subjects import STREAM_NAMED, STREAMS, LogStream, asks_of, log_subject

log = logging.getLogger(__name__)

PING_S: Final = 0.9
MAX_PINGS: Final = 2
"""A cable that is pulled shows after at most three ping intervals, so in less than 3 s."""
ANSWER_S: Final = 3.0
"""How long JetStream may take to answer one request."""
GRACE_S: Final = 0.5
CANCEL_S: Final = 0.2
SEND_AT_ONCE: Final = 64
RETRY_S: Final = 0.5
WATCH_S: Final = 0.1
PRUNE_S: Final = 600.0
_CHANCE: Final = random.SystemRandom()
FIRST_LOOK_S: Final = 5.0
KEPT_LOOK_S: Final = 15.0
"""So often it is asked anew how long the log is kept, whether it is whole, and the one that was
read: a node's copy that was damaged has told its readers less than there is."""
MAX_REFUSED: Final = 10_000
_FORBIDDEN: Final = re.compile(r'permissions violation for publish to "([^"]+)"')
MAX_OWN_IDS: Final = 1_000
MAX_URL: Final = 200
LOOKS: Final = 20
NEWEST_S: Final = 1.0
"""So long it may take to hear what the newest word on a thing is, before ours is sent."""
UNASKED_S: Final = 10.0
"""After it was not heard, it is not asked."""
MAX_LIVE_WAITING: Final = 20_000
"""Live messages between the socket and the link; more are dropped, and counted."""


class Session:
    """``lost`` is set, with the reason, when the connection is of no more use."""

    def __init__(
        self,
        address: SiteAddress,
        *,
        author: str,
        spool: Spool,
        counts: LinkCounts,
        cursors: Mapping[str, Cursor],
        everything: bool,
        live: bool,
        on_logged: OnPayload,
        on_live: Callable[[str, bytes], None],
        on_caught_up: Callable[[], None],
        on_delivered: Callable[[str], None],
        on_kept: Callable[[Mapping[str, int]], None],
        on_damaged: Callable[[Mapping[str, int]], None],
    ) -> None:
        self._address = address
        self._author = author
        self._spool = spool
        self._counts = counts
        self._cursors = cursors
        self._everything = everything
        self._live = live
        self._on_logged = on_logged
        self._on_live = on_live
        self._on_caught_up = on_caught_up
        self._on_delivered = on_delivered
        self._on_kept = on_kept
        self._on_damaged = on_damaged
        self._readers: list[LogReader] = []
        self._rounds = Rounds()
        self._tasks: list[asyncio.Task[None]] = []
        self._marking: asyncio.Task[None] | None = None
        self._epochs: dict[str, str] = {}
        self._reading: dict[str, str] = {}
        self._to_send = asyncio.Event()
        self._idle = asyncio.Event()
        self._last_error = ""
        self._damaged: dict[str, int] = {}  # by stream, when it was found
        self._unreadable: dict[str, int] = {}
        self._refused: set[str] = set()  # subjects in lower case, as nats-py tells them
        self.reason = ""
        self.lost = asyncio.Event()
        self._own_ids: dict[str, str] = {}
        self._looking = asyncio.Lock()
        self._unasked_until_s = 0.0

    async def open(self) -> None:
        """Raises SiteError, whatever it is that answers at the address."""
        try:
            self._nc = await self._connect()
        except Exception as error:
            raise self._why(error) from error
        try:
            await self._begin()
        except Exception as error:
            await self.close()
            raise self._why(error) from error

    async def close(self) -> None:
        await end_tasks(self._tasks)
        if self._marking is not None:
            await asyncio.wait([self._marking])
        await close_client(self._nc)

    @property
    def servers(self) -> tuple[str, ...]:
        """The site's other servers, as this one tells them."""
        found = (f"tls://{uri.netloc}" for uri in self._nc.discovered_servers)
        return tuple(url for url in found if len(url) <= MAX_URL)

    async def tell_live(self, subject: str, payload: bytes) -> None:
        await self._nc.publish(subject, payload, headers=SPOKEN)

    async def log_loosely(self, event: Event, payload: bytes) -> None:
        """Into the log without waiting to hear that it got there (positions)."""
        subject = log_subject(event, self._address.identity.role)
        await self._nc.publish(subject, payload, headers={"Nats-Msg-Id": event.id})

    async def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> bytes:
        """What a service of the site answers. Raises Failure."""
        subject = f"{asks_of(service, self._address.identity.named)}.{key}"
        return await ask_site(self._nc, subject, payload, timeout_s)

    def send(self) -> None:
        """There is something new in the outbox."""
        self._idle.clear()
        self._to_send.set()

    async def sent_all(self) -> None:
        await self._idle.wait()

    async def flush(self) -> None:
        await self._nc.flush(timeout=1)

    async def round_trip_s(self) -> float:
        """To the server and back, behind what waits to be sent. Raises Failure."""
        begun = time.monotonic()
        await self.flush()
        return time.monotonic() - begun

    # -- connecting -----------------------------------------------------------------------

    async def _connect(self) -> Client:
        place, identity = self._address.place, self._address.identity
        async with asyncio.timeout(CONNECT_S + GRACE_S):
            return await come_in(
                place.urls,
                identity,
                self._author,
                dont_randomize=False,
                ping_interval=PING_S,
                max_outstanding_pings=MAX_PINGS,
                error_cb=self._on_error,
                disconnected_cb=self._on_disconnected,
                closed_cb=self._on_disconnected,
            )

    async def _begin(self) -> None:
        js = self._nc.jetstream(timeout=ANSWER_S)
        self._look = Fetch(self._nc, most=1)
        await self._look.start()
        infos = {stream: await self._info(js, stream) for stream in self._readable}
        for stream, info in infos.items():
            self._epochs[stream.name] = epoch_of(info)
            self._reading[stream.name] = reading_of(info)
            await self._spool.seen_stream(stream.name, epoch_of(info), info.state.last_seq)
        self._tell_of_log(infos)
        if self._live:
            for subject in ("vb.live.>", f"vb.to.{self._address.identity.name}.>"):
                await self._nc.subscribe(
                    subject, cb=self._on_live_msg, pending_msgs_limit=MAX_LIVE_WAITING
                )
        read = [stream for stream in self._readable if stream.name in self._cursors]
        self._readers = [self._reader(stream) for stream in read]
        for stream, reader in zip(read, self._readers, strict=True):
            await reader.start(self._nc, infos[stream])
            self._begin_task(reader.run(), f"site-read-{stream.token}")
        self._to_send.set()
        self._begin_task(self._send_forever(js), "site-send")
        self._begin_task(self._watch_forever(), "site-watch")
        self._begin_task(self._look_at_log_forever(js), "site-kept")

    def _begin_task(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._task_ended)
        self._tasks.append(task)

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
            self._lose(str(error) or type(error).__name__)

    @property
    def _readable(self) -> list[LogStream]:
        role = self._address.identity.role
        return [stream for stream in STREAMS if may_read(role, stream.token)]

    async def _info(self, js: JetStreamContext, stream: LogStream) -> nats.js.api.StreamInfo:
        try:
            return await js.stream_info(stream.name)
        except NotFoundError as error:
            raise SiteError(f"{self._address.name} has no event log yet") from error

    def _tell_of_log(self, infos: Mapping[LogStream, nats.js.api.StreamInfo]) -> None:
        """The log itself is asked, not a policy's file: this is what its server goes by."""
        self._on_kept(
            {stream.name: round(info.config.max_age or 0) for stream, info in infos.items()}
        )
        now_ms = time.time_ns() // 1_000_000
        found = {stream.name: damaged_ms(info, now_ms) for stream, info in infos.items()}
        self._damaged = {name: at for name, at in found.items() if at is not None}
        self._tell_damage()

    def _is_unreadable(self, stream: LogStream) -> None:
        """Found out here, before the site has: it looks when its server starts."""
        log.error("part of %s can't be read: it is passed over", stream.name)
        self._unreadable[stream.name] = time.time_ns() // 1_000_000
        self._tell_damage()

    def _tell_damage(self) -> None:
        self._on_damaged({**self._damaged, **self._unreadable})

    async def _look_at_log_forever(self, js: JetStreamContext) -> None:
        """A cluster's log may get another policy while this connection lasts; and of a server that
        was just started the site finds out in a moment whether its log is whole."""
        look_s = FIRST_LOOK_S
        while True:
            await asyncio.sleep(look_s * _CHANCE.uniform(0.8, 1.2))
            look_s = KEPT_LOOK_S
            try:
                infos = {stream: await self._info(js, stream) for stream in self._readable}
            except (*Failure, APIError, SiteError) as error:
                log.info("how long the log is kept is not known anew: %s", error)
                continue
            self._tell_of_log(infos)
            if any(reading_of(info) != self._reading[one.name] for one, info in infos.items()):
                self._lose("its log is another one than before")

    def _reader(self, stream: LogStream) -> LogReader:
        return LogReader(
            stream,
            self._cursors[stream.name],
            self._rounds,
            everything=self._everything,
            on_payload=self._on_logged,
            on_caught_up=self._one_caught_up,
            on_broken=self._lose,
            on_unreadable=self._is_unreadable,
        )

    def _one_caught_up(self) -> None:
        if self._readers and all(reader.caught_up for reader in self._readers):
            self._on_caught_up()

    # -- while it lasts -------------------------------------------------------------------

    async def _on_live_msg(self, msg: Msg) -> None:
        if is_spoken(msg):
            self._on_live(msg.subject, msg.data)
        else:
            self._counts.forged += 1

    async def _send_forever(self, js: JetStreamContext) -> None:
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            while rows := await self._spool.pending(SEND_AT_ONCE):
                if not await self._send_rows(js, rows):
                    await asyncio.sleep(RETRY_S)
            if not self._to_send.is_set():
                self._idle.set()

    async def _send_rows(self, js: JetStreamContext, rows: list[Outgoing]) -> bool:
        """All at once, in their order. True when every one has arrived, or never will."""
        answers = await asyncio.gather(*(self._send_one(js, row) for row in rows))
        arrived = [
            (row.id, self._epochs.get(row.stream, ""), seq)
            for row, seq in zip(rows, answers, strict=True)
            if seq is not None
        ]
        # The connection may end while the disk is written: what is marked there must be told.
        self._marking = asyncio.create_task(self._mark(arrived))
        await asyncio.shield(self._marking)
        refused = [row.id for row in rows if self._subject(row).lower() in self._refused]
        await self._spool.refused(refused)
        return len(arrived) + len(refused) >= len(rows)

    async def _mark(self, arrived: Sequence[tuple[str, str, int]]) -> None:
        await self._spool.acked(arrived)
        for event_id, _, _ in arrived:
            self._on_delivered(event_id)

    def _subject(self, row: Outgoing) -> str:
        me = self._address.identity
        return f"vb.log.{STREAM_NAMED[row.stream].token}.{me.role}.{me.name}.{row.tail}"

    async def _send_one(self, js: JetStreamContext, row: Outgoing) -> int | None:
        """The sequence number that JetStream gave it, None = not this time."""
        try:
            if (newer := await self._is_superseded(row)) is not None:
                return newer
            ack = await self._publish(js, row, row.id)
            if ack.duplicate and not await self._is_ours(row, ack.seq):
                self._counts.usurped += 1
                log.warning("another event was stored under the id of %s", row.id)
                own = self._own_ids.setdefault(row.id, f"{row.id}.{secrets.token_hex(8)}")
                ack = await self._publish(js, row, own)
                if len(self._own_ids) > MAX_OWN_IDS:
                    del self._own_ids[next(iter(self._own_ids))]
        except (*Failure, APIError) as error:
            log.info("event %s has not arrived yet: %s", row.id, error or type(error).__name__)
            return None
        return ack.seq

    async def _is_superseded(self, row: Outgoing) -> int | None:
        """Where a newer word of ours on the same thing is stored, or this very one, in a stream
        that keeps few of each: another program may have said it, and this one, sent late or again,
        would push it out."""
        if STREAM_NAMED[row.stream].max_per_key < 0 or time.monotonic() < self._unasked_until_s:
            return None
        try:
            async with asyncio.timeout(NEWEST_S), self._looking:
                there = await self._look.last(row.stream, self._subject(row))
        except (*Failure, APIError):  # an alarm that comes after it is not to wait
            self._unasked_until_s = time.monotonic() + UNASKED_S
            return None
        if there is None or not supersedes(there.data, there.stored_ms, row.id):
            return None
        return there.seq

    async def _publish(self, js: JetStreamContext, row: Outgoing, msg_id: str) -> PubAck:
        return await js.publish(
            self._subject(row),
            row.payload,
            stream=STREAM_NAMED[row.stream].name,
            headers={"Nats-Msg-Id": msg_id},
        )

    async def _is_ours(self, row: Outgoing, seq: int) -> bool:
        """Whether what is stored there, which the server takes for this, is this: anybody can
        publish something of its own under our event's id. When it can't be told, no: what is
        stored twice is still told once."""
        async with self._looking:
            for _ in range(LOOKS):
                batch = await self._look.batch(row.stream, seq)
                if batch.messages:
                    first = batch.messages[0]
                    what = (first.seq, first.subject, first.data)
                    return what == (seq, self._subject(row), row.payload)
                await asyncio.sleep(LAG_S)  # a replica that has not got it yet
            return False

    async def _watch_forever(self) -> None:
        pruned = -PRUNE_S
        while True:
            now = time.monotonic()
            if self._nc.is_closed:  # nats-py tells it only when TLS has been taken leave of
                self._lose(self._last_error or "no answer")
            if now - pruned > PRUNE_S:
                pruned = now
                await self._spool.prune(time.time_ns() // 1_000_000)
            await asyncio.sleep(WATCH_S)

    # -- losing it ------------------------------------------------------------------------

    async def _on_error(self, error: Exception) -> None:
        if isinstance(error, nats.errors.SlowConsumerError):
            self._counts.overruns += 1
            return
        forbidden = _FORBIDDEN.search(str(error))
        if forbidden is not None and len(self._refused) < MAX_REFUSED:
            self._refused.add(forbidden[1])
        self._last_error = str(error) or type(error).__name__

    async def _on_disconnected(self) -> None:
        self._lose(self._last_error or "the connection was closed")

    def _lose(self, reason: str) -> None:
        if not self.lost.is_set():
            self.reason = f"The connection to {self._address.name} is lost: {reason}"
            self.lost.set()

    def _why(self, error: Exception) -> SiteError:
        if isinstance(error, SiteError):
            return error
        said = str(error) or type(error).__name__
        if isinstance(error, NoServersError | TimeoutError):
            said = self._last_error or "no answer"
        return why_not_in(self._address, said)


async def end_tasks(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """``asyncio.wait_for``, which nats-py uses, swallows a cancellation that comes as what it waits
    for is done (bpo-37658): once may not be enough."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_S)
