"""Keeps the timeline: reads the site's log to its end and as it grows, and forgets in time.

The link's thread hands batches to this one, which writes them: many at once while there is a past
to be read, what there is every quarter of a second afterwards.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from console.domain.events import Event
from console.domain.roles import may_read
from console.site.address import LinkState, SiteAddress, SiteError
from console.site.find import EnrolmentOver, find_site
from console.site.log.link import SiteLink
from console.site.log.reader import Cursor
from console.site.log.subjects import GROUPS, MEMBERS, PEOPLE, RESOURCES, LogStream
from console.timeline import database
from console.timeline.database import TimelineError
from console.timeline.entries import STREAMS_READ
from console.timeline.folder import folder_of
from console.timeline.store import TimelineStore

log = logging.getLogger(__name__)

NAMES_FIRST: Final = (RESOURCES, GROUPS, PEOPLE, MEMBERS)
"""Rows are found by what units and groups are called: that is to be known before them."""
NAMES_S: Final = 60.0
MAX_WAITING: Final = 20
"""Batches of a thousand events at most between the two threads; then the link waits."""
GATHER_S: Final = 0.25
MAX_AT_ONCE: Final = 2_000
"""Written at once: the link, which waits for room meanwhile, must not miss the server's pings."""
FORGET_S: Final = 600.0
RETRY_S: Final = 3.0
AUTHOR: Final = "timeline"
REFUSED: Final = "authorization violation"
SHUT_OUT_S: Final = 60.0
"""A node that has not heard of a new member yet refuses it too, for a moment."""

Batch = tuple[Sequence[Event], Mapping[str, Cursor]]


class Keeper:
    """``run`` until ``ended`` is set. ``on_trouble``: why nothing can be kept, "" = it can."""

    def __init__(
        self,
        home: Path,
        *,
        interface: str | None,
        ended: threading.Event,
        on_trouble: Callable[[str], None] = lambda _why: None,
    ) -> None:
        self._home = home
        self._folder = folder_of(home)
        self._interface = interface
        self._ended = ended
        self._on_trouble = on_trouble
        self._waiting: queue.Queue[Batch] = queue.Queue(MAX_WAITING)
        self._address: SiteAddress | None = None
        self._alone_due_s = float("-inf")
        self._refused_s: float | None = None  # since when the site does not let us in
        self._is_other = threading.Event()  # another site, or another role there
        self._closing = threading.Event()  # the link that there is now

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                self._keep(self._found())
            except EnrolmentOver:
                log.warning("the timeline is emptied: this position is let in no more")
                self._alone(lambda store: store.keep_only(()))
            except SiteError as error:
                self._wait_without(error)
            except (TimelineError, OSError, database.Error) as error:
                self._on_trouble(str(error) or type(error).__name__)
                self._wait_without(error)
            self._ended.wait(RETRY_S)

    def _wait_without(self, error: Exception) -> None:
        """What is past its time goes all the same, and why nothing comes is said now and then."""
        if time.monotonic() < self._alone_due_s:
            return
        self._alone_due_s = time.monotonic() + FORGET_S
        log.warning("the timeline waits: %s", type(error).__name__)
        self._alone(self._forget)

    def _found(self) -> SiteAddress:
        """Raises SiteError."""
        return find_site(self._home, interface=self._interface)

    def _alone(self, work: Callable[[TimelineStore], object]) -> None:
        """Of whatever site it is."""
        if not (self._folder / database.FILE).exists():
            return
        try:
            store = TimelineStore(self._folder, "")
            try:
                work(store)
            finally:
                store.close()
        except (TimelineError, database.Error) as error:
            log.warning("the timeline can't be tidied: %s", type(error).__name__)

    def _keep(self, address: SiteAddress) -> None:
        self._address = address
        self._is_other.clear()
        store = TimelineStore(self._folder, address.place.site)
        try:
            readable = [s for s in STREAMS_READ if may_read(address.identity.role, s.token)]
            store.keep_only(stream.name for stream in readable)
            self._forget(store)
            if not store.cursors()[RESOURCES.name].seq:
                self._read(address, store, [s for s in readable if s in NAMES_FIRST], NAMES_S)
            self._read(address, store, readable, None)
            if self._is_shut_out():
                log.warning("the timeline is emptied: the site lets this position in no more")
                store.keep_only(())
        finally:
            store.close()

    def _forget(self, store: TimelineStore) -> None:
        gone = store.forget(time.time_ns() // 1_000_000)
        if gone:
            log.info("%d rows were past their time", gone)

    def _read(
        self,
        address: SiteAddress,
        store: TimelineStore,
        streams: Sequence[LogStream],
        most_s: float | None,
    ) -> None:
        """With ``most_s`` until their end, or so long. What the link has handed on and is not
        written when it ends, the next one reads again: with it goes how far had been read."""
        self._waiting, self._closing = queue.Queue(MAX_WAITING), threading.Event()
        link = SiteLink(
            address,
            author=f"{address.identity.name}_{AUTHOR}",
            spool=None,
            on_events=lambda events: self._take(events, link.cursors()),
            on_state=self._told,
            replay="all",
            live=False,
            streams=streams,
            cursors=store.cursors(),
            refresh=self._refreshed,
        )
        link.start()
        try:
            self._write(link, store, most_s)
        finally:
            self._closing.set()
            link.stop()

    def _take(self, events: Sequence[Event], cursors: Mapping[str, Cursor]) -> None:
        """On the link's thread."""
        while not self._closing.is_set():
            try:
                self._waiting.put((events, cursors), timeout=GATHER_S)
            except queue.Full:
                continue
            return

    def _told(self, state: LinkState, sentence: str) -> None:
        """On the link's thread."""
        log.info("the link of the timeline is %s", state)
        if state == "up":
            self._refused_s = None
        elif REFUSED in sentence.lower() and self._refused_s is None:
            self._refused_s = time.monotonic()

    def _is_shut_out(self) -> bool:
        """A position that was taken out may read nothing any more. The site has it all: should it
        be let in again, it is read again."""
        since_s = self._refused_s
        return since_s is not None and time.monotonic() - since_s >= SHUT_OUT_S

    def _refreshed(self) -> SiteAddress | None:
        """On the link's thread, after a failure."""
        try:
            address = self._found()
        except EnrolmentOver:
            self._is_other.set()
            return None
        except SiteError:
            return None
        if self._address is not None and _who(address) != _who(self._address):
            self._is_other.set()
            return None
        return address

    def _write(self, link: SiteLink, store: TimelineStore, most_s: float | None) -> None:
        begun_s = time.monotonic()
        forget_s = begun_s + FORGET_S
        is_behind = True
        store.set_reading(is_behind=True)
        self._on_trouble("")
        while not (self._ended.is_set() or self._is_other.is_set()):
            if most_s is None and self._is_shut_out():
                return
            is_done = link.is_caught_up and self._waiting.empty()
            batches = self._gathered()
            if batches:
                store.add(
                    [event for events, _ in batches for event in events],
                    batches[-1][1],
                    time.time_ns() // 1_000_000,
                )
            elif is_done and most_s is not None:
                return
            if is_behind == (is_done and most_s is None):
                is_behind = not is_behind
                store.set_reading(is_behind=is_behind)
            store.set_kept(link.kept_s)
            if time.monotonic() >= forget_s:
                forget_s = time.monotonic() + FORGET_S
                self._forget(store)
            if most_s is not None and time.monotonic() - begun_s > most_s:
                return

    def _gathered(self) -> list[Batch]:
        """All that waits, but not too much at once; waits itself for a while if there is none."""
        found: list[Batch] = []
        count = 0
        until_s = time.monotonic() + GATHER_S
        while count < MAX_AT_ONCE:
            left_s = until_s - time.monotonic()
            try:
                batch = self._waiting.get(timeout=left_s) if left_s > 0 else None
            except queue.Empty:
                break
            if batch is None:
                break
            found.append(batch)
            count += len(batch[0])
        return found


def _who(address: SiteAddress) -> tuple[str, str, str]:
    return address.place.site, address.identity.role, address.identity.name
