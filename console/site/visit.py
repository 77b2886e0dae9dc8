"""A short visit to a site: read all there is, say something and hear that it arrived, leave."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from console.domain.events import AnyBody, Event
from console.domain.exercise_rule import marked
from console.domain.presence import SAY_S, Presence, with_presence
from console.domain.roles import is_exercise, may_read
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress, SiteError
from console.site.contact import ASK_S, PAUSE_S, SERVICES_S, WITNESS, disk_problem
from console.site.log import damage
from console.site.log.link import Replay, SiteLink
from console.site.log.outbox import SpoolError, has_pending
from console.site.log.subjects import MEMBERS, STREAMS, LogStream
from console.site.node.lock import FolderLock

COME_IN_S: Final = 5.0
DELIVER_S: Final = 5.0
READ_S: Final = 60.0
GRACE_S: Final = 0.3
POLL_S: Final = 0.02
LOCK_S: Final = 2.0
LOCK_FILE: Final = "outbox.lock"


class Visit:
    """Made by :func:`visit`. ``state`` grows with what is read."""

    def __init__(
        self,
        on_events: Callable[[Sequence[Event]], None] | None,
        on_state: Callable[[LinkState, str], None] | None,
    ) -> None:
        self.state = State()
        self.presence: Presence = {}
        self._told = on_events
        self._told_state = on_state
        self._sentence = ""
        self._is_up = False
        self._delivered: set[str] = set()
        self.unkept = ""  # why nothing can be kept here
        self.sent_late = 0  # events of earlier commands that have arrived now
        self._news = threading.Condition()

    def attach(self, link: SiteLink, address: SiteAddress, kept: Path | None) -> None:
        """``kept``: the outbox's file."""
        self._link = link
        self._address = address
        self._kept = kept
        self._trains = is_exercise(address.identity.role)

    def read_all(self) -> State:
        """Until the log's end. Raises SiteError."""
        with self._news:
            self._news.wait_for(lambda: self._is_up or self._link.shut_out, COME_IN_S)
        self._raise_if_shut_out()
        if not self._is_up:
            raise SiteError(self._sentence or "the site does not answer")
        if not self._link.wait_caught_up(READ_S):
            raise SiteError(f"the site's log could not be read within {READ_S:.0f} s")
        self._send_kept()
        return self.state

    def _send_kept(self) -> None:
        """What an earlier command could not deliver; it is read back, too."""
        if self._kept is None or not has_pending(self._kept):
            return
        deadline_s = time.monotonic() + DELIVER_S
        while has_pending(self._kept) and time.monotonic() < deadline_s:
            time.sleep(POLL_S)
        time.sleep(GRACE_S)
        with self._news:
            self.sent_late = len(self._delivered)

    def _raise_if_shut_out(self) -> None:
        if self._link.shut_out is not None:
            raise self._link.shut_out

    @property
    def is_shut_out(self) -> bool:
        """For good: the site takes this position no more."""
        return self._link.shut_out is not None

    def see_who_is_here(self) -> State:
        """Listen for as long as everybody who is here needs to say so; a visit with ``live``."""
        time.sleep(SAY_S + GRACE_S)
        self.state = with_presence(self.state, self.presence)
        return self.state

    @property
    def is_served(self) -> bool:
        """Whether the site's services answer: without them nothing escalates. Blocks for
        :data:`SERVICES_S` when they don't."""
        deadline_s = time.monotonic() + SERVICES_S
        while time.monotonic() < deadline_s:
            try:
                self._link.ask(WITNESS, "all", b"", ASK_S).result()
            except SiteError:
                time.sleep(PAUSE_S)
            else:
                return True
        return False

    @property
    def damage(self) -> str:
        """What was lost of the log that is read here, in a sentence; "" = nothing, by all that is
        known."""
        return damage.sentence(self._link.damaged, self._link.streams)

    def on_presence(self, presence: Presence) -> None:
        self.presence = presence

    def deliver(self, body: AnyBody, *, cause: str | None = None) -> str:
        """Returns the event's id once the site has it; what a trainer says is marked as an
        exercise's. Raises SiteError when the site has it not, ShutOutError when it takes nothing
        from us."""
        if self._trains:
            body = marked(body)
        event_id = self._link.publish(body, cause=cause)
        with self._news:
            self._news.wait_for(
                lambda: event_id in self._delivered or self._link.shut_out, DELIVER_S
            )
            if event_id not in self._delivered:
                self._raise_if_shut_out()
        if event_id not in self._delivered:
            raise SiteError(self._why_not_taken())
        return event_id

    def _why_not_taken(self) -> str:
        """What becomes of it is told by the outbox itself, and not as it would be."""
        problem = disk_problem(self._address)
        if self.unkept or self._link.unstored or self._link.complaint:
            kept = "It is NOT kept here, and lost with this command: use your voice"
        else:
            kept = "It is kept here and goes out with the next command or desk of this home that"
            kept += " finds the site writing" if problem else " reaches the site"
            kept += "; until then nobody sees it: use your voice"
        what = "the site has not taken it yet"
        return f"{what}: {problem}. {kept}" if problem else f"{what}. {kept}"

    def keep(self, body: AnyBody) -> str:
        """Into the outbox, for a site that is out of reach; on disk when this returns the event's
        id. Raises SiteError when that takes it not."""
        if self.unkept:
            raise SiteError(f"it could not be kept on disk: {self.unkept}")
        event_id = self._link.publish(marked(body) if self._trains else body)
        deadline_s = time.monotonic() + DELIVER_S
        while self._link.unstored and time.monotonic() < deadline_s:
            time.sleep(POLL_S)
        if self._link.unstored or self._link.complaint:
            raise SiteError(f"it could not be kept on disk: {self._link.complaint or 'too slow'}")
        return event_id

    def wait_until(self, condition: Callable[[State], bool]) -> bool:
        """Until what has been said is read back, for :data:`DELIVER_S` at most."""
        with self._news:
            return self._news.wait_for(lambda: condition(self.state), DELIVER_S)

    def on_events(self, events: Sequence[Event]) -> None:
        with self._news:
            self.state = apply_all(self.state, events)
            self._news.notify_all()
        if self._told is not None:
            self._told(events)

    def on_state(self, state: LinkState, sentence: str) -> None:
        with self._news:
            self._sentence, self._is_up = sentence, self._is_up or state == "up"
            self._news.notify_all()
        if self._told_state is not None:
            self._told_state(state, sentence)

    def on_delivered(self, event_id: str) -> None:
        with self._news:
            self._delivered.add(event_id)
            self._news.notify_all()


def unreadable(address: SiteAddress, streams: Sequence[LogStream]) -> str:
    """What of these our role may not read, in a sentence; "" = nothing."""
    me = address.identity
    hidden = [stream.token for stream in streams if not may_read(me.role, stream.token)]
    if not hidden:
        return ""
    return (
        f"this position is enrolled as {me.name}, {me.role}: that role may not read "
        f"{', '.join(hidden)}"
    )


@contextmanager
def visit(
    address: SiteAddress,
    *,
    spool: Path | None = None,
    person: str = "",
    replay: Replay = "desk",
    streams: Sequence[LogStream] = STREAMS,
    live: bool = False,
    on_events: Callable[[Sequence[Event]], None] | None = None,
    on_state: Callable[[LinkState, str], None] | None = None,
) -> Iterator[Visit]:
    """``spool`` is needed by who says something: there it lies until it has arrived. Where nothing
    can be written (a full disk) it is said all the same, from memory: ``unkept`` tells why."""
    guest = Visit(on_events, on_state)

    def begun(spool: Path | None) -> SiteLink:
        author = _author(address.identity.name, spool)
        link = SiteLink(
            address,
            author=author,
            person=person,
            spool=spool,
            on_events=guest.on_events,
            on_state=guest.on_state,
            on_delivered=guest.on_delivered,
            on_presence=guest.on_presence,
            replay=replay,
            streams=streams,
            live=live,
        )
        guest.attach(link, address, spool and spool / f"{author}.db")
        link.start()
        return link

    try:
        link = begun(spool)
    except (SpoolError, sqlite3.Error) as error:
        if spool is None:
            raise
        guest.unkept = str(error)
        link = begun(None)
    try:
        yield guest
    finally:
        link.stop()


def spool_of(home: Path) -> Path:
    """Where the commands of a home keep what they say."""
    return home / "site" / "cli"


def left_over(home: Path, address: SiteAddress) -> Path | None:
    """The commands' spool, if something of this member waits there to be sent: for who only reads,
    and for the desk."""
    spool = spool_of(home)
    known = _outboxes(address.identity.name, spool)
    return spool if any(has_pending(one) for one in known) else None


def send_left_over(home: Path, address: SiteAddress) -> int:
    """What the commands of this home could not deliver; how many events have gone. Blocks for some
    seconds. Raises SiteError, SpoolError."""
    spool = left_over(home, address)
    if spool is None:
        return 0
    with visit(address, spool=spool, streams=(MEMBERS,)) as guest:
        guest.read_all()
        return guest.sent_late


def _author(member: str, spool: Path | None) -> str:
    """Beside the desk of this member, whose sequence numbers are its own. The same for ever for
    one spool, so that what lies there is found again; where it has several all the same, one in
    which something waits comes first."""
    fresh = f"{member}_cli-{secrets.token_hex(4)}"
    if spool is None:
        return fresh
    known = _outboxes(member, spool) or _founded(member, spool, fresh)
    waiting = (one for one in known if has_pending(one))
    return next(waiting, known[0]).stem if known else fresh


def _outboxes(member: str, spool: Path) -> list[Path]:
    return sorted(spool.glob(f"{member}_cli-*.db"))


def _founded(member: str, spool: Path, fresh: str) -> list[Path]:
    """The first outbox there, made by one of the commands that are the first at the same time. None
    where nothing can be written, which is for who opens it to tell."""
    lock = FolderLock(spool / LOCK_FILE)
    try:
        until_s = time.monotonic() + LOCK_S
        while not lock.take() and time.monotonic() < until_s:
            time.sleep(POLL_S)
        if not _outboxes(member, spool):
            (spool / f"{fresh}.db").touch(mode=0o600, exist_ok=False)
        return _outboxes(member, spool)
    except OSError:
        return []
    finally:
        lock.release()
