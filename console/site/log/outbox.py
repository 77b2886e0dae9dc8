"""An author's durable events on disk: sent again until they have arrived, kept for re-seeding.

SQLite (write-ahead log, synchronous FULL) does the crash safety. An event stays pending until
JetStream has it; after that it is kept 72 h, and becomes pending again when its stream is another
one (a wiped disk) or ends before it (a lost tail). An alarm is kept until an operator answered it.
What is said in an event, and on which subject, is sealed; plain are its id (which tells when), its
stream, its alarm's id and how far it has come, because those are what the rows are searched by.
What goes is overwritten. Used by one thread at a time.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from console.domain.events import AlarmRaised, Event
from console.site.log.sealed import Seal, SealError, key_of, new_key, new_salt
from console.site.log.subjects import ALARMS, CALLS, STREAM_OF, tail
from console.site.log.transaction import transaction
from console.site.log.wire import EventError, decode

log = logging.getLogger(__name__)

KEEP_MS: Final = 72 * 3_600_000
MAX_EVENTS: Final = 100_000
"""At the bound the oldest delivered ones go early; with none left, new ones are refused."""
ALARM_RESERVE: Final = 10_000
"""Room beyond the bound that only alarms and the answers to them may use."""
AT_ONCE: Final = 500
BUSY_TIMEOUT_S: Final = 5.0
PURPOSE: Final = "vaktbord outbox 1"
KEY_FILE: Final = "outbox.key"
"""Beside the outboxes of one folder, which share it."""
KEEP_BROKEN_MS: Final = 30 * 86_400_000
"""A file that was set aside goes then."""
GIVEN_UP: Final = 2
"""In the place of ``acked``: the site will never take it from us, or it can't be read any more."""
SEALED: Final = 1
"""``PRAGMA user_version``: what is in the file; 0 was plain."""

_META: Final = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS events (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  sealed BLOB NOT NULL,
  stored_ms INTEGER NOT NULL,
  alarm TEXT,
  answered INTEGER NOT NULL DEFAULT 0,
  acked INTEGER NOT NULL DEFAULT 0,
  epoch TEXT,
  seq INTEGER
);
CREATE INDEX IF NOT EXISTS pending ON events (n) WHERE acked = 0;
CREATE INDEX IF NOT EXISTS pending_of ON events (stream, n) WHERE acked = 0;
CREATE INDEX IF NOT EXISTS unanswered ON events (alarm) WHERE alarm IS NOT NULL AND answered = 0;
"""
_KEPT: Final = "n, id, stream, stored_ms, alarm, answered, acked, epoch, seq"
_PLAIN_TO_SEALED: Final = f"""
DROP INDEX IF EXISTS pending;
DROP INDEX IF EXISTS unanswered;
ALTER TABLE events RENAME TO plain;
{_SCHEMA}
INSERT INTO events ({_KEPT}, sealed)
  SELECT {_KEPT}, seal(payload) FROM plain WHERE seal(payload) IS NOT NULL;
DROP TABLE plain;
"""


class SpoolError(Exception):
    """The outbox can't be opened or is full; one sentence."""


class Outgoing(msgspec.Struct, frozen=True):
    """An event that JetStream has not got yet."""

    id: str
    stream: str
    tail: str  # of its subject, below role and member
    payload: bytes


DAMAGED: Final = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What SQLite says of a damaged file. It quotes from it, which may be no text at all."""


def has_pending(path: Path) -> bool:
    """Whether something in that file waits to be sent; a look from outside, which changes nothing.
    What can't be read is for who opens it to complain of."""
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1.0)
    except sqlite3.Error:
        return False
    try:
        return db.execute("SELECT 1 FROM events WHERE acked = 0 LIMIT 1").fetchone() is not None
    except DAMAGED:
        return False
    finally:
        db.close()


class Outbox:
    """``path`` None keeps everything in memory, for a caller that only asks and leaves."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.set_aside: Path | None = None  # a broken file, put away
        self.complaint = ""  # what is wrong with the file, in one sentence
        self._db = self._open()

    def close(self) -> None:
        self._db.close()

    # -- sequence numbers -----------------------------------------------------------------

    def reserve(self, count: int) -> int:
        """The first of ``count`` sequence numbers that nobody else will ever get."""
        with transaction(self._db):
            first = int(self._meta("next_seq") or self._first_seq())
            self._set_meta("next_seq", str(first + count))
        return first

    def give_back(self, next_seq: int, end: int) -> None:
        """Numbers from ``next_seq`` on were not used; nobody has reserved beyond ``end``."""
        with transaction(self._db):
            if self._meta("next_seq") == str(end):
                self._set_meta("next_seq", str(next_seq))

    def last_id(self) -> str:
        row = self._db.execute("SELECT max(id) FROM events").fetchone()
        return str(row[0] or "")

    # -- events in and out ----------------------------------------------------------------

    def add(self, events: Sequence[tuple[Event, bytes]], now_ms: int) -> None:
        """On disk when this returns. Raises SpoolError when there is no room or no disk."""
        rows = [self._row(event, payload, now_ms) for event, payload in events]
        self._make_room(rows)
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR IGNORE INTO events (id, stream, sealed, stored_ms, alarm)"
                " VALUES (?, ?, ?, ?, ?)",
                rows,
            )

    def pending(self, limit: int) -> list[Outgoing]:
        """The oldest, what is said of alarms first: that waits for no other stream, which may take
        nothing just now. A row that is damaged is passed over from now on, and complained of."""
        rows = self._pending("=", limit)
        rows += self._pending("!=", limit - len(rows))
        opened = [self._opened(*row) for row in rows]
        whole = [row for row in opened if row is not None]
        return whole if whole or not rows else self.pending(limit)

    def _pending(self, how: Literal["=", "!="], limit: int) -> list[tuple[str, str, bytes]]:
        """In, or not in, the stream of alarms."""
        return self._db.execute(
            f"SELECT id, stream, sealed FROM events WHERE acked = 0 AND stream {how} ?"
            " ORDER BY n LIMIT ?",
            (ALARMS.name, limit),
        ).fetchall()

    def pending_ids(self, limit: int) -> list[str]:
        """As :meth:`pending`, with nothing opened."""
        rows = self._db.execute(
            "SELECT id FROM events WHERE acked = 0 ORDER BY stream != ?, n LIMIT ?",
            (ALARMS.name, limit),
        )
        return [str(row[0]) for row in rows]

    def of(self, ids: Sequence[str]) -> list[Outgoing]:
        """Those of them that are kept still, delivered or not, in their order."""
        found: dict[str, Outgoing] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(
                f"SELECT id, stream, sealed FROM events WHERE id IN ({marks})", some
            ).fetchall()
            opened = (self._opened(*row) for row in rows)
            found.update({one.id: one for one in opened if one is not None})
        return [found[one] for one in ids if one in found]

    def acked(self, events: Iterable[tuple[str, str, int]]) -> None:
        """JetStream has (id, the stream's epoch, its sequence number there)."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE events SET acked = 1, epoch = ?2, seq = ?3 WHERE id = ?1", list(events)
            )

    def refused(self, ids: Iterable[str]) -> None:
        """The site will never take these from us: kept for who looks, but sent no more."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE events SET acked = ? WHERE id = ? AND acked = 0",
                [(GIVEN_UP, i) for i in ids],
            )

    def answered(self, alarms: Iterable[str]) -> None:
        """An operator has seen these alarms."""
        with transaction(self._db):
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
        with transaction(self._db):
            cursor = self._db.execute(
                "UPDATE events SET acked = 0, epoch = NULL, seq = NULL"
                " WHERE stream = ? AND acked = 1 AND (epoch IS NOT ? OR seq > ?)",
                (stream, epoch, last_seq),
            )
        return cursor.rowcount

    def prune(self, now_ms: int) -> None:
        """Drop what was delivered long ago."""
        with transaction(self._db):
            self._db.execute(
                "DELETE FROM events WHERE acked > 0 AND stored_ms < ?"
                " AND (alarm IS NULL OR answered = 1 OR acked = ?)",
                (now_ms - KEEP_MS, GIVEN_UP),
            )
        self._empty_wal()
        self._forget_broken(now_ms)

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

    # -- sealing --------------------------------------------------------------------------

    def _row(self, event: Event, payload: bytes, now_ms: int) -> _Row:
        alarm = event.body.alarm if isinstance(event.body, AlarmRaised) else None
        stream = STREAM_OF[type(event.body)].name
        return (
            event.id,
            stream,
            self._sealed(event.id, tail(event), payload),
            now_ms,
            alarm,
        )

    def _sealed(self, event_id: str, its_tail: str, payload: bytes) -> bytes:
        return self._seal.close(event_id, its_tail.encode() + b"\n" + payload)

    def _sealed_from_plain(self, payload: bytes) -> bytes | None:
        """None for what is no event: nobody would take it."""
        try:
            event = decode(payload)
        except EventError:
            return None
        return self._sealed(event.id, tail(event), payload)

    def _opened(self, event_id: str, stream: str, sealed: bytes) -> Outgoing | None:
        try:
            its_tail, _, payload = self._seal.open(event_id, sealed).partition(b"\n")
            return Outgoing(event_id, stream, its_tail.decode(), payload)
        except ValueError:  # SealError, or no text
            self._note_damaged(event_id)
            return None

    def _note_damaged(self, event_id: str) -> None:
        self.complaint = f"event {event_id} in the outbox {self._path} is damaged and can't be sent"
        log.error("%s", self.complaint)
        self._db.execute("UPDATE events SET acked = ? WHERE id = ?", (GIVEN_UP, event_id))

    # -- the file -------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            raise SpoolError(f"the outbox {self._path} can't be opened: {error}") from error
        except DAMAGED as error:
            self._put_aside(f"is damaged ({error})")
        except (ValueError, KeyError):  # SealError, or no seal of ours
            self._put_aside(f"can't be read: its key, {KEY_FILE}, is lost or another's")
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        name = ":memory:" if self._path is None else str(self._path)
        key = self._key()
        db = sqlite3.connect(
            name, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")
            db.executescript(_META)
            self._seal = _seal_of(db, key)
            self._seal_plain(db)
            db.executescript(_SCHEMA)
            db.execute("SELECT count(*) FROM events WHERE acked = 0").fetchone()
        except BaseException:
            db.close()
            raise
        return db

    def _key(self) -> bytes:
        """Of this folder; of this moment when nothing is written to disk."""
        if self._path is None:
            return new_key()
        _make_private(self._path)
        path = self._path.with_name(KEY_FILE)
        try:
            return key_of(path)
        except SealError:
            path.replace(_aside(path))
            return key_of(path)
        except OSError as error:
            raise SpoolError(f"the outbox's key {path} can't be read: {error}") from error

    def _seal_plain(self, db: sqlite3.Connection) -> None:
        """A file from before there was sealing; nothing of it stays in free pages either."""
        columns = {row[1] for row in db.execute("PRAGMA table_info(events)")}
        if db.execute("PRAGMA user_version").fetchone()[0] == SEALED:
            return
        if "payload" in columns:
            db.create_function("seal", 1, self._sealed_from_plain)
            db.executescript(f"BEGIN IMMEDIATE; {_PLAIN_TO_SEALED} COMMIT;")
        if columns:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute(f"PRAGMA user_version = {SEALED}")

    def _empty_wal(self) -> None:
        """The write-ahead log holds pages as they were; what was deleted is to go from there too.
        Another program that has the file open puts it off to the next time."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _put_aside(self, what: str) -> None:
        assert self._path is not None
        aside = _aside(self._path)
        self.complaint = f"the outbox {self._path} {what}; it is kept as {aside.name}"
        log.error("%s", self.complaint)
        self._path.rename(aside)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self._path.with_name(self._path.name + suffix).rename(str(aside) + suffix)
        self.set_aside = aside

    def _forget_broken(self, now_ms: int) -> None:
        """Nobody came for it in all that time, and it may hold patient data."""
        if self._path is None:
            return
        for aside in self._path.parent.glob(f"{self._path.name}.broken-*"):
            with contextlib.suppress(OSError):
                if aside.stat().st_mtime * 1_000 < now_ms - KEEP_BROKEN_MS:
                    aside.unlink()

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def _first_seq(self) -> int:
        """1, but after a damaged file a number that the lost one can't have reached."""
        return 1 if self.set_aside is None else int(time.time() * 1_000)

    def _make_room(self, rows: Sequence[_Row]) -> None:
        have = int(self._db.execute("SELECT count(*) FROM events").fetchone()[0])
        excess = have + len(rows) - MAX_EVENTS
        if excess <= 0:
            return
        with transaction(self._db):
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


_Row: TypeAlias = tuple[str, str, bytes, int, str | None]
"""id, stream, sealed, stored_ms, alarm"""


def _seal_of(db: sqlite3.Connection, key: bytes) -> Seal:
    """Of this file. Raises SealError when the file was made under another key."""
    with transaction(db):
        rows = dict(db.execute("SELECT key, value FROM meta WHERE key IN ('salt', 'proof')"))
        if rows:
            seal = Seal(key, bytes.fromhex(rows["salt"]), PURPOSE)
            seal.open("proof", bytes.fromhex(rows["proof"]))
            return seal
        salt = new_salt()
        seal = Seal(key, salt, PURPOSE)
        made = [("salt", salt.hex()), ("proof", seal.close("proof", b"").hex())]
        db.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", made)
    return seal


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.broken-{time.time_ns()}")


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise SpoolError(f"the outbox {path} can't be written: {error}") from error
