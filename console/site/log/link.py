"""A program's link to its site: events in, events out, on a thread of its own, for ever.

``publish`` gives an event its id at once; durable kinds go to the outbox on disk and from there
to the log, positions and floor changes go out live. What comes in is validated, told once, and
handed on in batches.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from console.domain.events import (
    LIVE,
    URGENT,
    AlarmAcknowledged,
    AlarmClosed,
    AlarmTaken,
    AnyBody,
    Event,
    UnitMoved,
)
from console.domain.exercise_rule import is_marked
from console.domain.fixes import Refusal
from console.domain.presence import (
    SAY_S,
    Presence,
    Sitting,
    at_site_again,
    heard,
    here_of,
    same_words,
    still_here,
)
from console.domain.roles import is_exercise, may_say, who_may_say
from console.site.address import LinkState, ShutOutError, SiteAddress, SiteError, at_servers
from console.site.log.client import Failure
from console.site.log.door import Door
from console.site.log.here import TOKEN as HERE
from console.site.log.here import decode_here, here_subject
from console.site.log.ids import EventIds
from console.site.log.outbox import SpoolError
from console.site.log.reader import Cursor
from console.site.log.session import Session, end_tasks
from console.site.log.spool import Spool
from console.site.log.subjects import (
    MANY,
    STREAMS,
    LogStream,
    kind_of,
    live_subject,
    moves_subject,
)
from console.site.log.wire import (
    EventError,
    MayNotSayError,
    decode_live,
    encode,
    together,
)

log = logging.getLogger(__name__)

BATCH_S: Final = 0.025
"""What comes in is handed on at once, but not more often than this: each time a picture's tables
are copied. An alarm is not kept waiting."""
GATHER_S: Final = 0.04
"""So long positions are gathered before they are told together: a message costs each of thirty
readers ten times what one more position in it does."""
MAX_BATCH: Final = 1_000
MAX_QUEUED: Final = 20_000
"""Published and not yet handed to disk or wire. Beyond it live events are dropped and counted, a
durable one is refused with SpoolError."""
MAX_KNOWN: Final = 50_000
"""Ids remembered per way in, so that an event that comes again is told once."""
MAX_TRACKED: Final = 20_000
"""Units whose last logged position is remembered; beyond it all start over."""
LOOK_S: Final = 0.2
"""How often it is looked whether somebody has fallen silent."""
LOG_MOVE_S: Final = 10.0
LOG_MOVE_SPREAD: Final = 1.2
"""At most one position per unit and this time goes to the log, and not those of all units at the
same moment: each of them is a write that the server syncs to disk."""
MAX_MOVES_LOGGED: Final = 250
"""In a second: two thousand new units must not keep the site's disk from an alarm. A unit beyond it
is logged with a later position."""
SEQ_BLOCK: Final = 100_000
BACKOFF_S: Final = (0.1, 0.2, 0.4, 0.8, 1.6, 2.0)
DRAIN_S: Final = 2.0
"""How long ``stop`` waits for the site to take what has been published."""
MAX_LOGGED_SKIPS: Final = 20

Replay = Literal["desk", "all"]
OnSaid = Callable[[str, bytes], None]
MANY_MOVES: Final = f".{MANY}"
MOVES: Final = "vb.live.move."
LIVE_TOKENS: Final = (MOVES, "vb.live.floor.")


class SiteLink:
    """Callbacks run on the link's thread and must be quick. ``spool`` is a folder; None keeps the
    outbox in memory. ``replay="all"`` reads the whole log, not only what a desk shows.
    ``live=False`` leaves out what is told on core NATS, ``streams`` are the parts of the log that
    are read, from where ``cursors`` (by a stream's name) say that an earlier link had come to.
    ``on_said`` gets subject and payload of what is said live and is no event (the floor, keys) or
    to this member alone. With a ``label`` the link says every second that it is here;
    ``on_presence`` gets who is, whenever somebody comes, goes or says otherwise; ``presence``: who
    was here by the link before this one. ``refresh`` may give a new address after a failure (it may
    block)."""

    def __init__(
        self,
        address: SiteAddress,
        *,
        author: str,
        person: str = "",
        spool: Path | None,
        on_events: Callable[[Sequence[Event]], None],
        on_state: Callable[[LinkState, str], None],
        on_delivered: Callable[[str], None] | None = None,
        on_said: OnSaid | None = None,
        label: str = "",
        on_presence: Callable[[Presence], None] | None = None,
        presence: Presence | None = None,
        replay: Replay = "desk",
        live: bool = True,
        streams: Sequence[LogStream] = STREAMS,
        cursors: Mapping[str, Cursor] | None = None,
        refresh: Callable[[], SiteAddress | None] | None = None,
    ) -> None:
        self._address = address
        self._author = author
        self._person = person
        self._on_events = on_events
        self._on_state = on_state
        self._on_delivered = on_delivered
        self._on_said = on_said
        self._sitting = Sitting(label, person) if label else None
        self._on_presence = on_presence
        self._presence: Presence = presence or {}
        self._since_ms = time.time_ns() // 1_000_000
        self._replay = replay
        self._live = live
        self._refresh = refresh
        self._spool = Spool(None if spool is None else spool / f"{author}.db", author)
        self._lock = threading.Lock()  # guards ids, sequence numbers and the queue
        self._ids = EventIds()
        self._seq = _Sequence(0, 0)
        self._queue: deque[tuple[Event, bytes]] = deque()
        self._durable_queued = 0
        self._woken = False
        self._pressing = False  # something other than positions is queued
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._caught_up = threading.Event()
        self._state: tuple[LinkState, str] | None = None
        self._batch: list[Event] = []
        self._flush: asyncio.Handle | None = None
        self._flushed_s = float("-inf")
        self._answering: set[asyncio.Task[None]] = set()
        self._known = _Known()
        self._known_live = _Known()
        self._moves_due: dict[str, float] = {}
        self._second_s = float("-inf")
        self._moves_logged = 0  # since then
        known = cursors or {}
        self._cursors = {
            stream.name: replace(known.get(stream.name, Cursor())) for stream in streams
        }
        self._session: Session | None = None
        self.shut_out: ShutOutError | None = None  # why no session comes up any more
        self._overruns = 0
        self.kept_s: Mapping[str, int] = {}
        """By stream, as the site's log last said; 0 = for ever."""
        self.round_trip_s: float | None = None  # None: not known, or the site is out of reach
        self._door = Door()
        self.skipped = 0  # ``unreadable_positions`` among them
        self.dropped = 0
        self.callback_errors = 0
        self.hand_over_errors = 0
        self.session_faults = 0

    # -- for any thread -------------------------------------------------------------------

    def start(self) -> None:
        """Open the outbox and begin to connect. Raises SpoolError."""
        self._spool.open()
        first = self._spool.reserve(SEQ_BLOCK)
        self._seq = _Sequence(first, first + SEQ_BLOCK)
        self._ids = EventIds(self._spool.last_id())
        self._thread = threading.Thread(
            target=self._run, name=f"site-link-{self._author}", daemon=True
        )
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Hand over what is queued, for a short while, then close."""
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = None
        self._spool.close(self._seq.next, self._seq.end)

    def publish(
        self,
        body: AnyBody,
        *,
        cause: str | None = None,
        person: str | None = None,
        unconfirmed: bool = False,
    ) -> str:
        """The event's id, at once. Raises EventError for a body that nobody would accept,
        MayNotSayError where our role may not say it, and SpoolError when too much is waiting."""
        if self._thread is None:
            raise RuntimeError("the link is not started")
        role = self._address.identity.role
        if not may_say(role, type(body)):
            raise MayNotSayError(self._may_not(type(body)))
        with self._lock:
            who = self._person if person is None else person
            event = self._new_event(body, cause, who, unconfirmed=unconfirmed)
            if not is_marked(event):
                raise EventError(f"{kind_of(type(body))} of an exercise does not say so")
            payload = encode(event)
            if not self._has_room(event):
                return event.id
            self._queue.append((event, payload))
            self._durable_queued += not isinstance(body, LIVE)
            pressing = not isinstance(body, UnitMoved)
            wake, self._woken = pressing or not self._woken, True
            self._pressing = self._pressing or pressing
        if wake:
            self._loop.call_soon_threadsafe(self._to_hand_over.set)
        return event.id

    def _may_not(self, kind: type) -> str:
        me = self._address.identity
        others = ", ".join(who_may_say(kind)) or "the site alone"
        return (
            f"this position is enrolled as {me.name}, {me.role}: {kind_of(kind)} is not for that "
            f"role to say; who may: {others}"
        )

    def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        """A service of the site, at once and by core NATS: the future's exception is a SiteError
        when the site is out of reach or silent."""
        if self._thread is None:
            raise RuntimeError("the link is not started")
        return asyncio.run_coroutine_threadsafe(
            self._ask(service, key, payload, timeout_s), self._loop
        )

    async def _ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> bytes:
        session = self._session
        if session is None:
            raise SiteError("the site is out of reach")
        try:
            return await session.ask(service, key, payload, timeout_s)
        except Failure as error:
            raise SiteError(f"the site does not answer: {error or type(error).__name__}") from error

    def say(self, token: str, key: str, payload: bytes) -> None:
        """Something live that is no event; lost while the site is out of reach."""
        if self._thread is None:
            raise RuntimeError("the link is not started")
        me = self._address.identity
        subject = f"vb.live.{token}.{me.role}.{me.name}.{key}"
        asyncio.run_coroutine_threadsafe(self._say(subject, payload), self._loop)

    async def _say(self, subject: str, payload: bytes) -> None:
        if self._session is None:
            self.dropped += 1
            return
        with contextlib.suppress(*Failure):
            await self._session.tell_live(subject, payload)

    def measure(self) -> None:
        """Ask how long it takes to the site and back; the answer is ``round_trip_s`` soon."""
        if self._thread is not None:
            asyncio.run_coroutine_threadsafe(self._measure(), self._loop)

    async def _measure(self) -> None:
        session, self.round_trip_s = self._session, None
        if session is not None:
            with contextlib.suppress(*Failure):
                self.round_trip_s = await session.round_trip_s()

    @property
    def presence(self) -> Presence:
        """Who is here now, and when each was heard last, by ``time.monotonic``."""
        return self._presence

    def set_person(self, person: str) -> None:
        """Who sits here from now on."""
        with self._lock:
            self._person = person

    def sit(self, sitting: Sitting) -> None:
        """What is said of who is here, from the next word on."""
        self._sitting = sitting

    def wait_caught_up(self, timeout_s: float) -> bool:
        """Whether all that the log held when the link came up has been handed on."""
        return self._caught_up.wait(timeout_s)

    def cursors(self) -> dict[str, Cursor]:
        """How far each stream has been read. Asked by ``on_events`` itself it is exactly what has
        been handed on: who keeps both together goes on there, and nothing comes twice."""
        return {name: replace(cursor) for name, cursor in self._cursors.items()}

    @property
    def is_caught_up(self) -> bool:
        """False while the log's past is being told, and while the site is out of reach."""
        return self._caught_up.is_set()

    @property
    def undelivered(self) -> int:
        """Durable events that the site has not got, and own alarms that nobody answered."""
        return self._spool.undelivered + self._durable_queued

    @property
    def unstored(self) -> int:
        """Durable events that are not in the outbox yet."""
        return self._durable_queued

    @property
    def overruns(self) -> int:
        """Live messages dropped because this program was too slow."""
        session = self._session
        return self._overruns + (session.overruns if session is not None else 0)

    @property
    def author(self) -> str:
        return self._author

    @property
    def refused_positions(self) -> Counter[Refusal]:
        """By reason."""
        return self._door.refused

    @property
    def unreadable_positions(self) -> int:
        """Those among ``skipped``."""
        return self._door.unreadable

    @property
    def complaint(self) -> str:
        """What is wrong with the outbox, "" = nothing."""
        return self._spool.complaint

    def _new_event(
        self, body: AnyBody, cause: str | None, person: str, *, unconfirmed: bool
    ) -> Event:
        now_ms = time.time_ns() // 1_000_000
        return Event(
            id=self._ids.next(now_ms),
            time_ms=now_ms,
            author=self._author,
            seq=self._seq.take(),
            body=body,
            person=person,
            cause=cause,
            exercise=is_exercise(self._address.identity.role),
            unconfirmed=unconfirmed and bool(person),
        )

    def _has_room(self, event: Event) -> bool:
        if len(self._queue) < MAX_QUEUED:
            return True
        if not isinstance(event.body, LIVE):
            raise SpoolError(f"{MAX_QUEUED} events are waiting already; this one was refused")
        self.dropped += 1
        return False

    # -- the link's thread ----------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._to_hand_over = asyncio.Event()
        self._ready.set()
        self._tell("connecting", f"Looking for {self._address.name}")
        beside = (
            asyncio.create_task(self._hand_over_forever(), name="site-hand-over"),
            asyncio.create_task(self._be_here_forever(), name="site-here"),
        )
        failures = 0
        while not self._stopping.is_set():
            was_up = await self._session_whatever_happens()
            failures = 0 if was_up else failures + 1
            await self._pause(failures)
        await end_tasks(beside)
        await self._hand_over()
        self._flush_batch()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _pause(self, failures: int) -> None:
        """Not all desks at the same moment."""
        pause = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)] * random.SystemRandom().uniform(
            0.8, 1.2
        )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._stopping.wait()

    async def _session_whatever_happens(self) -> bool:
        """A fault of ours costs a session, not the link: it is told, and the next one begins."""
        try:
            return await self._one_session()
        except Exception as error:
            self.session_faults += 1
            self._session = None
            log.exception("a session with %s has ended in a fault", self._address.name)
            self._tell(
                "down", f"The link to {self._address.name} has failed ({error!r}); it starts again"
            )
            return False

    async def _one_session(self) -> bool:
        """Until it is lost or the link stops. True when it was up at all."""
        if self._state is not None and self._state[0] == "down" and self._refresh is not None:
            fresh: SiteAddress | None = await asyncio.to_thread(self._refresh)
            self._address = fresh or self._address
        session = self._new_session()
        try:
            await session.open()
        except SiteError as error:
            if isinstance(error, ShutOutError):
                self.shut_out = error  # until it comes up: also while the site is out of reach
            self._tell("down", str(error))
            return False
        self._session, self.shut_out = session, None
        self._moves_due.clear()  # who comes back after us finds in the log where everybody is
        self._presence = at_site_again(self._presence, time.monotonic())
        self._tell("up", f"Connected to {self._address.name}")
        await self._until_lost(session)
        self._session = None
        self._address = at_servers(self._address, session.servers)
        self._overruns += session.overruns
        self._caught_up.clear()
        await session.close()
        if not self._stopping.is_set():
            self._tell("down", session.reason)
        return True

    def _new_session(self) -> Session:
        return Session(
            self._address,
            author=self._author,
            spool=self._spool,
            cursors=self._cursors,
            everything=self._replay == "all",
            live=self._live,
            on_logged=self._on_logged,
            on_live=self._on_live_payload,
            on_caught_up=self._on_caught_up,
            on_delivered=self._delivered,
            on_kept=self._kept,
        )

    def _kept(self, kept_s: Mapping[str, int]) -> None:
        self.kept_s = kept_s

    async def _until_lost(self, session: Session) -> None:
        waits: list[asyncio.Task[Any]] = [
            asyncio.create_task(session.lost.wait()),
            asyncio.create_task(self._stopping.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if self._stopping.is_set() and not session.lost.is_set():
            with contextlib.suppress(*Failure):  # it may be lost at this very moment
                async with asyncio.timeout(DRAIN_S):
                    await self._drain(session)
        await end_tasks(waits)

    async def _drain(self, session: Session) -> None:
        await self._hand_over()
        session.send()
        await session.sent_all()
        await session.flush()

    def _tell(self, state: LinkState, sentence: str) -> None:
        if self._state == (state, sentence):
            return
        self._state = (state, sentence)
        self._call(self._on_state, state, sentence)

    def _call(self, callback: Callable[..., None], *args: object) -> None:
        """A caller's mistake must not cost the link."""
        try:
            callback(*args)
        except Exception:
            self.callback_errors += 1
            log.exception("a callback of the site link failed")

    # -- presence -------------------------------------------------------------------------

    async def _be_here_forever(self) -> None:
        said_s, said = float("-inf"), self._sitting
        while True:
            now_s, sitting = time.monotonic(), self._sitting
            is_due = now_s - said_s >= SAY_S or said != sitting
            if is_due and self._session is not None and sitting is not None:
                said_s, said = now_s, sitting
                await self._say_here(self._session, sitting)
            if self._session is not None:  # without a site nobody's silence says a thing
                self._presence_is(still_here(self._presence, now_s))
            await asyncio.sleep(LOOK_S)

    async def _say_here(self, session: Session, sitting: Sitting) -> None:
        here = here_of(self._author, self._since_ms, sitting)
        with contextlib.suppress(*Failure):
            await session.tell_live(
                here_subject(self._address, self._author), msgspec.json.encode(here)
            )

    def _on_here(self, subject: str, payload: bytes) -> None:
        try:
            here = decode_here(subject, payload)
        except EventError as error:
            self._skip(f"presence: {error}")
            return
        self._presence_is(heard(self._presence, here, time.monotonic()))

    def _presence_is(self, presence: Presence) -> None:
        if presence is self._presence:
            return
        changed = not same_words(presence, self._presence)
        self._presence = presence
        if changed and self._on_presence is not None:
            self._call(self._on_presence, presence)

    # -- out ------------------------------------------------------------------------------

    async def _hand_over_forever(self) -> None:
        while True:
            await self._to_hand_over.wait()
            self._to_hand_over.clear()
            await self._gather_moves()
            try:
                await self._hand_over()
            except Exception:
                self.hand_over_errors += 1
                log.exception("events could not be handed over")

    async def _gather_moves(self) -> None:
        """Until there is something that does not wait for others."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                while not self._pressing:
                    await self._to_hand_over.wait()
                    self._to_hand_over.clear()

    async def _hand_over(self) -> None:
        with self._lock:
            events = tuple(self._queue)
            self._queue.clear()
            self._woken = self._pressing = False
        moves = [pair for pair in events if isinstance(pair[0].body, UnitMoved)]
        durable = [pair for pair in events if not isinstance(pair[0].body, UnitMoved)]
        for event, payload in durable:  # floor changes among them are told live as well
            await self._tell_live(event, payload)
        if durable:
            await self._store(durable)
        if moves:  # last: an alarm does not wait behind a thousand positions
            await self._tell_moves(moves)
        if self._seq.running_out:
            self._seq.refill(await self._spool.reserve_soon(SEQ_BLOCK), SEQ_BLOCK)

    async def _store(self, events: Sequence[tuple[Event, bytes]]) -> None:
        await self._spool.add(events, time.time_ns() // 1_000_000)
        with self._lock:
            self._durable_queued -= sum(not isinstance(e.body, LIVE) for e, _ in events)
        if self._session is not None:
            self._session.send()

    async def _tell_live(self, event: Event, payload: bytes) -> None:
        subject = live_subject(event, self._address.identity.role)
        if subject is None:
            return
        session = self._session
        if session is None:
            self.dropped += 1
            return
        try:
            await session.tell_live(subject, payload)
        except Failure as error:
            self.dropped += 1
            log.debug("a live event was lost with the connection: %s", error)

    async def _tell_moves(self, moves: Sequence[tuple[Event, bytes]]) -> None:
        """All of them in as few messages as may be: thirty desks read each of these."""
        session = self._session
        if session is None:
            self.dropped += len(moves)
            return
        me = self._address.identity
        subject = moves_subject(me.name, me.role)
        try:
            for payload in together([payload for _, payload in moves]):
                await session.tell_live(subject, payload)
            for event, payload in moves:
                if isinstance(event.body, UnitMoved) and self._is_due(event.body.unit):
                    await session.log_loosely(event, payload)
        except Failure as error:
            self.dropped += len(moves)
            log.debug("positions were lost with the connection: %s", error)

    def _is_due(self, unit: str) -> bool:
        now = time.monotonic()
        if now < self._moves_due.get(unit, 0.0):
            return False
        if now - self._second_s >= 1.0:
            self._second_s, self._moves_logged = now, 0
        if self._moves_logged >= MAX_MOVES_LOGGED:
            return False
        self._moves_logged += 1
        if len(self._moves_due) >= MAX_TRACKED:
            self._moves_due.clear()
        self._moves_due[unit] = now + LOG_MOVE_S * random.SystemRandom().uniform(
            1.0, LOG_MOVE_SPREAD
        )
        return True

    def _delivered(self, event_id: str) -> None:
        if self._on_delivered is not None:
            self._call(self._on_delivered, event_id)

    # -- in -------------------------------------------------------------------------------

    def _on_logged(self, subject: str, payload: bytes, stream: LogStream) -> None:
        try:
            event = self._door.read_logged(subject, payload, stream)
        except EventError as error:
            self._skip(f"{stream.name}: {error}")
            return
        known = self._known_live if isinstance(event.body, LIVE) else self._known
        self._receive(event, known)

    def _on_live_payload(self, subject: str, payload: bytes) -> None:
        if subject.startswith(HERE):
            self._on_here(subject, payload)
            return
        if not subject.startswith(LIVE_TOKENS):
            if self._on_said is not None:
                self._call(self._on_said, subject, payload)
            return
        if subject.endswith(MANY_MOVES):
            self._on_moves(subject, payload)
            return
        try:
            event = decode_live(subject, payload)
        except EventError as error:
            if subject.startswith(MOVES):
                self._door.note_unreadable()
            self._skip(f"live: {error}")
            return
        self._receive(event, self._known_live)

    def _on_moves(self, subject: str, payload: bytes) -> None:
        try:
            moves, complaints = self._door.read(subject, payload)
        except EventError as error:
            self._skip(f"live: {error}")
            return
        for why in complaints:
            self._skip(f"live: {why}")
        new = [event for event in moves if self._known_live.is_new(event.id)]
        self._batch += self._door.let_in(new)
        self._flush_in_time()

    def _skip(self, why: str) -> None:
        self.skipped += 1
        if self.skipped <= MAX_LOGGED_SKIPS:
            log.warning("a malformed event was skipped: %s", why)

    def _receive(self, event: Event, known: _Known) -> None:
        if not known.is_new(event.id):
            return
        if isinstance(event.body, UnitMoved) and not self._door.let_in((event,)):
            return
        self._batch.append(event)
        if isinstance(event.body, URGENT) and self._caught_up.is_set():
            self._flush_soon()
        else:
            self._flush_in_time()

    def _flush_in_time(self) -> None:
        """At once after a quiet while: what comes alone waits for nothing."""
        if len(self._batch) >= MAX_BATCH:
            self._flush_batch()
        elif self._flush is None and self._batch:
            self._flush = self._loop.call_at(self._flushed_s + BATCH_S, self._flush_batch)

    def _flush_soon(self) -> None:
        """At the end of this turn of the loop, with whatever else it brings."""
        if self._flush is not None:
            self._flush.cancel()
        self._flush = self._loop.call_soon(self._flush_batch, self._flushed_s)

    def _flush_batch(self, flushed_s: float | None = None) -> None:
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        if not self._batch:
            return
        batch, self._batch = tuple(self._batch), []
        self._flushed_s = self._loop.time() if flushed_s is None else flushed_s
        with self._lock:
            self._ids.observe((e.id for e in batch), time.time_ns() // 1_000_000)
        self._call(self._on_events, batch)
        self._note_answers(batch)

    def _note_answers(self, batch: Sequence[Event]) -> None:
        """Our own alarms need no more care from the outbox once an operator has answered."""
        answered = [
            event.body.alarm
            for event in batch
            if isinstance(event.body, AlarmAcknowledged | AlarmTaken | AlarmClosed)
        ]
        if not self._spool.unanswered.isdisjoint(answered):
            task = asyncio.create_task(self._spool.answered(answered), name="site-answered")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    def _on_caught_up(self) -> None:
        self._flush_batch()
        self._caught_up.set()


class _Known:
    """Ids met before, the last ``MAX_KNOWN`` of them."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._oldest: deque[str] = deque()  # first; a dict would look for it ever longer

    def is_new(self, event_id: str) -> bool:
        if event_id in self._ids:
            return False
        self._ids.add(event_id)
        self._oldest.append(event_id)
        if len(self._oldest) > MAX_KNOWN:
            self._ids.discard(self._oldest.popleft())
        return True


class _Sequence:
    """Sequence numbers from blocks that are on disk before they are used."""

    def __init__(self, first: int, end: int) -> None:
        self.next = first
        self.end = end
        self._spare: tuple[int, int] | None = None

    @property
    def running_out(self) -> bool:
        return self._spare is None and self.end - self.next < SEQ_BLOCK // 2

    def refill(self, first: int, count: int) -> None:
        self._spare = (first, first + count)

    def take(self) -> int:
        if self.next >= self.end:
            if self._spare is None:
                raise SpoolError("events are published faster than the disk can count them")
            (self.next, self.end), self._spare = self._spare, None
        self.next += 1
        return self.next - 1
