"""The timeline's database: SQLite with SQLCipher, so that no page of it lies readable on a disk.

The key lies beside it, for this account alone, as with the outbox. A file that is damaged or was
made under another key is put aside and made anew: all that was in it is at the site.
"""

from __future__ import annotations

import contextlib
import logging
import time
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from console.site.log.sealed import SealError, key_of

log = logging.getLogger(__name__)

Connection = Any  # sqlcipher3 has no types
Error: Final = sqlcipher.Error
FILE: Final = "timeline.db"
KEY_FILE: Final = "timeline.key"
VERSION: Final = 2
BUSY_S: Final = 10.0
KEEP_BROKEN_S: Final = 7 * 86_400
"""Not longer than the shortest kind in it is kept."""
WRITER_CACHE_KB: Final = 65_536
READER_CACHE_KB: Final = 65_536
_ENDS: Final = ("", "-wal", "-shm")

# ``secure_delete`` of both kinds: what has gone is overwritten, also in the index of words.
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  stream TEXT NOT NULL,
  keys TEXT NOT NULL,
  words TEXT NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS of_stream ON events (stream, n);
CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5 (
  words, keys, content='events', content_rowid='n', columnsize=0, prefix='1 2 3',
  tokenize='unicode61 remove_diacritics 0'
);
CREATE TABLE IF NOT EXISTS about (
  thing TEXT PRIMARY KEY, ids TEXT NOT NULL, n INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (
  id TEXT PRIMARY KEY, words TEXT NOT NULL, n INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (stream TEXT PRIMARY KEY, epoch TEXT, seq INTEGER) WITHOUT ROWID;
"""


class TimelineError(Exception):
    """The timeline can't be opened; says what to do."""


def open_to_write(folder: Path) -> Connection:
    """By the timeline's own process alone. Raises TimelineError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_broken(folder)
        return _whole(folder)
    except OSError as error:
        raise TimelineError(f"the timeline in {folder} can't be written: {error}") from error
    except sqlcipher.OperationalError as error:
        raise TimelineError(f"the timeline in {folder} can't be opened: {error}") from error


def open_to_read(folder: Path) -> Connection:
    """Raises TimelineError, also while there is none yet."""
    path = folder / FILE
    try:
        key = (folder / KEY_FILE).read_bytes()
        db = _keyed(f"{path.absolute().as_uri()}?mode=ro", key)
    except (OSError, sqlcipher.Error) as error:
        raise TimelineError(f"there is no timeline in {folder} yet: {error}") from error
    try:
        db.execute("PRAGMA query_only = ON")
        db.execute(f"PRAGMA cache_size = -{READER_CACHE_KB}")
        is_made = db.execute("SELECT value FROM meta WHERE key = 'site'").fetchone() is not None
    except sqlcipher.Error as error:
        db.close()
        raise TimelineError(f"the timeline in {folder} can't be read: {error}") from error
    if not is_made:
        db.close()
        raise TimelineError(f"the timeline in {folder} is being made")
    return db


def begin_anew(db: Connection) -> None:
    """Nothing of it stays. The file does: somebody may be reading it."""
    tables = ("found", "events", "about", "names", "cursors", "meta")
    db.executescript("".join(f"DROP TABLE IF EXISTS {table};" for table in tables))
    _make_tables(db)
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _make_tables(db: Connection) -> None:
    db.executescript(SCHEMA)
    db.execute("INSERT INTO found (found, rank) VALUES ('secure-delete', 1)")
    db.execute(f"PRAGMA user_version = {VERSION}")


def _whole(folder: Path) -> Connection:
    try:
        return _made(folder)
    except sqlcipher.OperationalError:
        raise
    except sqlcipher.DatabaseError as error:
        _put_aside(folder, f"is damaged, or its key is another's ({error})")
    except SealError as error:
        _put_aside(folder, f"can't be read: {error}")
        (folder / KEY_FILE).unlink()
    return _made(folder)


def _made(folder: Path) -> Connection:
    path = folder / FILE
    key = key_of(folder / KEY_FILE)
    path.touch(mode=0o600)
    db = _keyed(str(path), key)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is read again
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
        _check_version(db)
        _make_tables(db)
        db.execute("SELECT n FROM events LIMIT 1").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _check_version(db: Connection) -> None:
    """Raises DatabaseError: it is made anew then."""
    if db.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
        raise sqlcipher.DatabaseError("of another version")


def _keyed(name: str, key: bytes) -> Connection:
    """A raw key: there is no password to be stretched, and opening takes no time."""
    db = sqlcipher.connect(
        name, timeout=BUSY_S, isolation_level=None, check_same_thread=False, uri=":" in name
    )
    db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    db.execute("PRAGMA temp_store = MEMORY")  # its files would not be encrypted
    return db


def _put_aside(folder: Path, what: str) -> None:
    stamp = time.time_ns()
    for end in _ENDS:
        with contextlib.suppress(FileNotFoundError):
            (folder / (FILE + end)).rename(folder / f"{FILE}.broken-{stamp}{end}")
    log.error("the timeline in %s %s; it is made anew from the site's log", folder, what)


def _forget_broken(folder: Path) -> None:
    for aside in folder.glob(f"{FILE}.broken-*"):
        with contextlib.suppress(OSError):
            if aside.stat().st_mtime < time.time() - KEEP_BROKEN_S:
                aside.unlink()
