"""An author's durable events on disk: sent again until they have arrived, kept for re-seeding.

SQLite (write-ahead log, synchronous FULL) does the crash safety. An event stays pending until
JetStream has it; after that it is kept 72 h, and becomes pending again when its stream is another
one (a wiped disk) or ends before it (a lost tail). An alarm is kept until an operator answered it.
Used by one thread at a time.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from console.domain.events import AlarmRaised, Event
from console.site.log.subjects import CALLS, STREAM_OF, tail

log = logging.getLogger(__name__)

KEEP_MS: Final = 72 * 3_600_000
MAX_EVENTS: Final = 100_000
"""At the bound the oldest delivered ones go early; with none left, new ones are refused."""
ALARM_RESERVE: Final = 10_000
"""Room beyond the bound that only alarms and the answers to them may use."""
BUSY_TIMEOUT_S: Final = 5.0

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  tail TEXT NOT NULL,
  payload BLOB NOT NULL,
  stored_ms INTEGER NOT NULL,
  alarm TEXT,
  answered INTEGER NOT NULL DEFAULT 0,
  acked INTEGER NOT NULL DEFAULT 0,
  epoch TEXT,
  seq INTEGER
);
CREATE INDEX IF NOT EXISTS pending ON events (n) WHERE acked = 0;
CREATE INDEX IF NOT EXISTS unanswered ON events (alarm) WHERE alarm IS NOT NULL AND answered = 0;
"""


class SpoolError(Exception):
    """The outbox can't be opened or is full; one sentence."""


class Outgoing(msgspec.Struct, frozen=True):
    """An event that JetStream has not got yet."""

    id: str
    stream: str
    tail: str  # of its subject, below role and member
    payload: bytes


class Outbox:
    """``path`` None keeps everything in memory, for a caller that only asks and leaves."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.set_aside: Path | None = None  # a broken file, put away
        self._db = self._open()

    def close(self) -> None:
        self._db.close()

    # -- sequence numbers -----------------------------------------------------------------

    def reserve(self, count: int) -> int:
        """The first of ``count`` sequence numbers that nobody else will ever get."""
        with self._transaction():
            first = int(self._meta("next_seq") or self._first_seq())
            self._set_meta("next_seq", str(first + count))
        return first

    def give_back(self, next_seq: int, end: int) -> None:
        """Numbers from ``next_seq`` on were not used; nobody has reserved beyond ``end``."""
        with self._transaction():
            if self._meta("next_seq") == str(end):
                self._set_meta("next_seq", str(next_seq))

    def last_id(self) -> str:
        row = self._db.execute("SELECT max(id) FROM events").fetchone()
        return str(row[0] or "")

    # -- events in and out ----------------------------------------------------------------

    def add(self, events: Sequence[tuple[Event, bytes]], now_ms: int) -> None:
        """On disk when this returns. Raises SpoolError when there is no room or no disk."""
        rows = [_row(event, payload, now_ms) for event, payload in events]
        self._make_room(rows)
        with self._transaction():
            self._db.executemany(
                "INSERT OR IGNORE INTO events (id, stream, tail, payload, stored_ms, alarm)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )

    def pending(self, limit: int) -> list[Outgoing]:
        rows = self._db.execute(
            "SELECT id, stream, tail, payload FROM events WHERE acked = 0 ORDER BY n LIMIT ?",
            (limit,),
        )
        return [Outgoing(*row) for row in rows]

    def acked(self, events: Iterable[tuple[str, str, int]]) -> None:
        """JetStream has (id, the stream's epoch, its sequence number there)."""
        with self._transaction():
            self._db.executemany(
                "UPDATE events SET acked = 1, epoch = ?2, seq = ?3 WHERE id = ?1", list(events)
            )

    def refused(self, ids: Iterable[str]) -> None:
        """The site will never take these from us: kept for who looks, but sent no more."""
        with self._transaction():
            self._db.executemany(
                "UPDATE events SET acked = 2 WHERE id = ? AND acked = 0", [(i,) for i in ids]
            )

    def answered(self, alarms: Iterable[str]) -> None:
        """An operator has seen these alarms."""
        with self._transaction():
            self._db.executemany(
                "UPDATE events SET answered = 1 WHERE alarm = ? AND answered = 0",
                [(a,) for a in alarms],
            )

    def unanswered(self) -> set[str]:
        """Our alarms that no operator has answered."""
        rows = self._db.execute("SELECT alarm FROM events WHERE alarm IS NOT NULL AND answered = 0")
        return {str(row[0]) for row in rows}

    def seen_stream(self, stream: str, epoch: str, last_seq: int) -> int:
        """Compare with the stream as it is now; returns how many events must be sent again."""
        with self._transaction():
            cursor = self._db.execute(
                "UPDATE events SET acked = 0, epoch = NULL, seq = NULL"
                " WHERE stream = ? AND acked = 1 AND (epoch IS NOT ? OR seq > ?)",
                (stream, epoch, last_seq),
            )
        return cursor.rowcount

    def prune(self, now_ms: int) -> None:
        """Drop what was delivered long ago."""
        with self._transaction():
            self._db.execute(
                "DELETE FROM events WHERE acked > 0 AND stored_ms < ?"
                " AND (alarm IS NULL OR answered = 1)",
                (now_ms - KEEP_MS,),
            )

    def undelivered(self) -> int:
        """Not at the site, or an alarm nobody answered. Floor changes don't count: they are old
        news by the time they arrive."""
        row = self._db.execute(  # two counts, as each then has an index of its own
            "SELECT (SELECT count(*) FROM events WHERE acked = 0 AND stream != ?)"
            " + (SELECT count(*) FROM events"
            " WHERE acked = 1 AND alarm IS NOT NULL AND answered = 0)",
            (CALLS.name,),
        ).fetchone()
        return int(row[0])

    # -- the file -------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            raise SpoolError(f"the outbox {self._path} can't be opened: {error}") from error
        except sqlite3.DatabaseError as error:
            self._put_aside(error)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        name = ":memory:" if self._path is None else str(self._path)
        if self._path is not None:
            _make_private(self._path)
        db = sqlite3.connect(
            name, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.executescript(_SCHEMA)
            db.execute("SELECT count(*) FROM events WHERE acked = 0").fetchone()
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _put_aside(self, error: sqlite3.DatabaseError) -> None:
        assert self._path is not None
        aside = self._path.with_name(f"{self._path.name}.broken-{time.time_ns()}")
        log.error("the outbox %s is damaged (%s); it is kept as %s", self._path, error, aside.name)
        self._path.rename(aside)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).rename(str(aside) + suffix)
        self.set_aside = aside

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def _first_seq(self) -> int:
        """1, but after a damaged file a number that the lost one can't have reached."""
        return 1 if self.set_aside is None else int(time.time() * 1_000)

    def _make_room(self, rows: Sequence[tuple[str, str, str, bytes, int, str | None]]) -> None:
        have = int(self._db.execute("SELECT count(*) FROM events").fetchone()[0])
        excess = have + len(rows) - MAX_EVENTS
        if excess <= 0:
            return
        with self._transaction():
            freed = self._db.execute(
                "DELETE FROM events WHERE n IN (SELECT n FROM events WHERE acked > 0"
                " AND (alarm IS NULL OR answered = 1) ORDER BY n LIMIT ?)",
                (excess,),
            ).rowcount
        urgent = all(stream == "VB_ALARMS" for _, stream, *_ in rows)
        if excess - freed > (ALARM_RESERVE if urgent else 0):
            raise SpoolError(
                f"the outbox holds {have} events that the site has not got; no room for more"
            )


def _row(event: Event, payload: bytes, now_ms: int) -> tuple[str, str, str, bytes, int, str | None]:
    alarm = event.body.alarm if isinstance(event.body, AlarmRaised) else None
    stream = STREAM_OF[type(event.body)].name
    return (event.id, stream, tail(event), payload, now_ms, alarm)


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise SpoolError(f"the outbox {path} can't be written: {error}") from error
