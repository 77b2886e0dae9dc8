"""A program's link to its site: events in, events out, on a thread of its own, for ever.

``publish`` gives an event its id at once; durable kinds go to the outbox on disk and from there
to the log, positions and floor changes go out live. What comes in is validated, told once, and
handed on in batches.

Here its parts are put together: ``publishing`` and ``handing_over`` (out), ``taking_in`` (in),
``presence``, and ``sessions``, which keep the ``line`` to the site that all of them use.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from audio.ready import make_ready
from console.domain.events import AnyBody, Event
from console.domain.fixes import Refusal
from console.domain.presence import Presence, Sitting
from console.site.address import LinkState, ShutOutError, SiteAddress
from console.site.log.callbacks import Callbacks, OnSaid
from console.site.log.counts import LinkCounts
from console.site.log.handing_over import HandingOver
from console.site.log.here import TOKEN as HERE
from console.site.log.line import Line
from console.site.log.presence import Attendance
from console.site.log.publishing import Publishing
from console.site.log.reader import Cursor
from console.site.log.session import Session, end_tasks
from console.site.log.sessions import Sessions, Steps
from console.site.log.spool import Spool
from console.site.log.subjects import STREAMS, LogStream
from console.site.log.taking_in import LIVE_TOKENS, TakingIn

Replay = Literal["desk", "all"]
Answer = TypeVar("Answer")


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
        self.author: Final = author
        self.counts = counts = LinkCounts()
        self.kept_s: Mapping[str, int] = {}
        """By stream, as the site's log last said; 0 = for ever."""
        self.damaged: Mapping[str, int] = {}
        """By stream, when it was found that part of it is lost (console.site.log.damage)."""
        self._replay = replay
        self._live = live
        known = cursors or {}
        self._cursors = {one.name: replace(known.get(one.name, Cursor())) for one in streams}
        self._tell = tell = Callbacks(
            counts, on_events, on_state, on_delivered, on_said, on_presence
        )
        self._spool = Spool(None if spool is None else spool / f"{author}.db", author)
        self._line = line = Line(address, counts)
        self._published = Publishing(line, author, person, self._spool, counts)
        self._out = HandingOver(line, self._published, self._spool, counts)
        self._in = TakingIn(self._hand_on, counts)
        self._here = Attendance(
            line,
            author,
            Sitting(label, person) if label else None,
            before=presence or {},
            tell=tell.presence,
            counts=counts,
        )
        self._sessions = Sessions(line, self._steps(refresh), counts)
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()

    # -- for any thread -------------------------------------------------------------------

    def start(self) -> None:
        """Open the outbox and begin to connect. Raises SpoolError."""
        self._published.open()
        self._thread = threading.Thread(
            target=self._run, name=f"site-link-{self.author}", daemon=True
        )
        make_ready()
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Hand over what is queued, for a short while, then close."""
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._sessions.stop)
        self._thread.join()
        self._thread = None
        self._published.close()

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
        self._must_run()
        event_id, wakes = self._published.publish(body, cause, person, unconfirmed=unconfirmed)
        if wakes:
            self._loop.call_soon_threadsafe(self._out.wake)
        return event_id

    def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        """A service of the site, at once and by core NATS: the future's exception is a SiteError
        when the site is out of reach or silent."""
        self._must_run()
        return self._soon(self._line.ask(service, key, payload, timeout_s))

    def say(self, token: str, key: str, payload: bytes) -> None:
        """Something live that is no event; lost while the site is out of reach."""
        self._must_run()
        self._soon(self._line.say(token, key, payload))

    def measure(self) -> None:
        """Ask how long it takes to the site and back; the answer is ``round_trip_s`` soon."""
        if self._thread is not None:
            self._soon(self._line.measure())

    def _must_run(self) -> None:
        if self._thread is None:
            raise RuntimeError("the link is not started")

    def _soon(self, work: Coroutine[Any, Any, Answer]) -> Future[Answer]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def set_person(self, person: str) -> None:
        """Who sits here from now on."""
        self._published.set_person(person)

    def sit(self, sitting: Sitting) -> None:
        """What is said of who is here, from the next word on."""
        self._here.sitting = sitting

    @property
    def presence(self) -> Presence:
        """Who is here now, and when each was heard last, by ``time.monotonic``."""
        return self._here.now

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    # -- how it stands --------------------------------------------------------------------

    def wait_caught_up(self, timeout_s: float) -> bool:
        """Whether all that the log held when the link came up has been handed on."""
        return self._in.caught_up.wait(timeout_s)

    @property
    def is_caught_up(self) -> bool:
        """False while the log's past is being told, and while the site is out of reach."""
        return self._in.caught_up.is_set()

    def cursors(self) -> dict[str, Cursor]:
        """How far each stream has been read. Asked by ``on_events`` itself it is exactly what has
        been handed on: who keeps both together goes on there, and nothing comes twice."""
        return {name: replace(cursor) for name, cursor in self._cursors.items()}

    @property
    def streams(self) -> Sequence[str]:
        """Those that are read here, by name."""
        return tuple(self._cursors)

    @property
    def shut_out(self) -> ShutOutError | None:
        """Why no session comes up any more."""
        return self._sessions.shut_out

    @property
    def round_trip_s(self) -> float | None:
        """None: not known, or the site is out of reach."""
        return self._line.round_trip_s

    @property
    def undelivered(self) -> int:
        """Durable events that the site has not got, and own alarms that nobody answered."""
        return self._spool.undelivered + self.unstored

    @property
    def waiting(self) -> Sequence[Event]:
        """What earlier links of this author have said and the site had not got at ``start``; read
        when it is asked for, and the same whenever that is. Blocks; while the link runs."""
        return self._spool.waiting()

    @property
    def unstored(self) -> int:
        """Durable events that are not in the outbox yet."""
        return self._published.unstored

    @property
    def complaint(self) -> str:
        """What is wrong with the outbox, "" = nothing."""
        return self._spool.complaint

    @property
    def refused_positions(self) -> Counter[Refusal]:
        """By reason."""
        return self._in.door.refused

    @property
    def odd_times(self) -> int:
        """Events that were said to be from when they can't be."""
        return self._in.door.odd_times

    @property
    def unreadable_positions(self) -> int:
        """Those among ``counts.skipped``."""
        return self._in.door.unreadable

    # -- the link's thread ----------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        beside = (
            asyncio.create_task(self._out.run(), name="site-hand-over"),
            asyncio.create_task(self._here.run(), name="site-here"),
        )
        await self._sessions.run()
        await end_tasks(beside)
        await self._out.hand_over()
        self._in.flush()
        await self._spool.settle()

    def _steps(self, refresh: Callable[[], SiteAddress | None] | None) -> Steps:
        return Steps(
            new=self._new_session,
            on_up=self._is_up,
            on_lost=self._in.caught_up.clear,
            drain=self._out.drain,
            on_state=self._tell.state,
            refresh=refresh,
        )

    def _new_session(self, address: SiteAddress) -> Session:
        return Session(
            address,
            author=self.author,
            spool=self._spool,
            counts=self.counts,
            cursors=self._cursors,
            everything=self._replay == "all",
            live=self._live,
            on_logged=self._in.take_logged,
            on_live=self._take_live,
            on_caught_up=self._in.has_caught_up,
            on_delivered=self._tell.delivered,
            on_kept=self._kept,
            on_damaged=self._is_damaged,
        )

    def _is_up(self) -> None:
        self._out.log_all_anew()
        self._here.at_site_again()

    def _kept(self, kept_s: Mapping[str, int]) -> None:
        self.kept_s = kept_s

    def _is_damaged(self, damaged: Mapping[str, int]) -> None:
        self.damaged = damaged

    def _take_live(self, subject: str, payload: bytes) -> None:
        if subject.startswith(HERE):
            self._here.hear(subject, payload)
        elif subject.startswith(LIVE_TOKENS):
            self._in.take_live(subject, payload)
        else:
            self._tell.said(subject, payload)

    def _hand_on(self, batch: Sequence[Event]) -> None:
        self._published.observe(batch)
        self._tell.events(batch)
        self._spool.note_answers(batch)
