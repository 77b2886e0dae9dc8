"""What a tile server has sent, on disk: bounded in bytes and age, and never needed.

One SQLite file a server. A cache that is damaged, full or locked is thrown away or gone without;
the map only asks more often then.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

FOLDER: Final = "cache"
PAGE: Final = 4_096  # bytes
AT_ONCE: Final = 64  # tiles that go when there is no more room
TOUCH_S: Final = 86_400  # that a tile was used is noted so often
TABLE: Final = """CREATE TABLE IF NOT EXISTS tiles (
  z INTEGER, x INTEGER, y INTEGER, body BLOB, etag TEXT, modified TEXT,
  checked REAL, until REAL, used REAL, PRIMARY KEY (z, x, y))"""
INDEX: Final = "CREATE INDEX IF NOT EXISTS by_use ON tiles (used)"
WEIGHT: Final = 200  # bytes a row takes besides its body
Key = tuple[int, int, int]  # z, x, y


@dataclass(frozen=True, slots=True)
class Kept:
    """``body`` is empty where the server has no tile. Times are unix seconds."""

    body: bytes
    etag: str = ""
    modified: str = ""
    checked_s: float = 0.0  # when the server last said that it is so
    until_s: float = 0.0  # as long as it need not be asked again


def file_of(folder: Path, address: str) -> Path:
    """Another address, another file: no map shows another's tiles."""
    return folder / FOLDER / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}.sqlite"


def prune(folder: Path, addresses: set[str]) -> None:
    """Throw away what belongs to no server that is set up."""
    known = {file_of(folder, address).stem for address in addresses}
    for path in (folder / FOLDER).glob("*.sqlite*"):
        if path.name.partition(".")[0] not in known:
            with contextlib.suppress(OSError):
                path.unlink()


class TileCache:
    """From any thread. Nothing here raises: what can't be kept is counted in ``failed``."""

    def __init__(self, path: Path, most_bytes: int, most_s: float) -> None:
        self._path, self._most, self._most_s = path, most_bytes, most_s
        self._lock = threading.Lock()
        self._bytes = 0
        self.failed = 0
        self._database = self._open()

    @property
    def held(self) -> int:
        """Bytes of tiles."""
        return self._bytes

    def get(self, key: Key) -> Kept | None:
        """None where there is none, or none young enough."""
        now_s = time.time()
        with self._guarded() as database:
            if database is None:
                return None
            row = database.execute(
                "SELECT body, etag, modified, checked, until, used FROM tiles"
                " WHERE z = ? AND x = ? AND y = ?",
                key,
            ).fetchone()
            if row is None or not 0 <= now_s - row[3] <= self._most_s:
                return None
            if now_s - row[5] > TOUCH_S:
                database.execute(
                    "UPDATE tiles SET used = ? WHERE z = ? AND x = ? AND y = ?", (now_s, *key)
                )
            return Kept(bytes(row[0]), str(row[1]), str(row[2]), row[3], row[4])
        return None

    def put(self, key: Key, kept: Kept) -> None:
        with self._guarded() as database:
            if database is None:
                return
            self._drop(database, "z = ? AND x = ? AND y = ?", key)
            row = (*key, kept.body, kept.etag, kept.modified, kept.checked_s, kept.until_s)
            database.execute(
                "INSERT INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, time.time())
            )
            self._bytes += len(kept.body) + WEIGHT
            while self._bytes > self._most:
                oldest = f"rowid IN (SELECT rowid FROM tiles ORDER BY used LIMIT {AT_ONCE})"
                if not self._drop(database, oldest, ()):
                    break

    def close(self) -> None:
        with self._lock:
            database, self._database = self._database, None
            if database is not None:
                with contextlib.suppress(sqlite3.Error):
                    database.close()

    def _drop(self, database: sqlite3.Connection, which: str, values: tuple[float, ...]) -> int:
        """How many went. ``which`` is ours, never a stranger's."""
        gone = f"SELECT coalesce(sum(length(body) + {WEIGHT}), 0) FROM tiles WHERE {which}"
        self._bytes -= database.execute(gone, values).fetchone()[0]
        return database.execute(f"DELETE FROM tiles WHERE {which}", values).rowcount

    def _open(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                return self._made()
            except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
                log.warning("the kept tiles in %s can't be used: %s", self._path, error)
                self.failed += 1
                self._remove()
        return None

    def _made(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        database = sqlite3.connect(
            self._path, check_same_thread=False, isolation_level=None, timeout=0.5
        )
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("PRAGMA cache_size = -1000")
            database.execute(f"PRAGMA max_page_count = {int(self._most * 1.3) // PAGE + 512}")
            database.execute(TABLE)
            database.execute(INDEX)
            self._drop(database, "checked < ? OR checked > ?", self._ages())
            whole = f"SELECT coalesce(sum(length(body) + {WEIGHT}), 0) FROM tiles"
            self._bytes = database.execute(whole).fetchone()[0]
        except BaseException:
            database.close()
            raise
        return database

    def _ages(self) -> tuple[float, float]:
        """Older ones, and those from a clock that was wrong, go."""
        now_s = time.time()
        return now_s - self._most_s, now_s + TOUCH_S

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + end).unlink()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection | None]:
        """What fails here is gone without; a damaged file is made anew."""
        with self._lock:
            try:
                yield self._database
            except (sqlite3.Error, ValueError, TypeError) as error:
                self.failed += 1
                if self.failed == 1:
                    log.warning("tiles can't be kept in %s: %s", self._path, error)
                if isinstance(error, sqlite3.DatabaseError) and "malformed" in str(error):
                    self._start_anew()

    def _start_anew(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
        self._remove()
        self._bytes = 0
        self._database = self._open()
