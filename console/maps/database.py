"""An SQLite file that a stranger has made and somebody may be writing: never changed, never seen
half written.

A file that nobody writes is opened as ``immutable``: no lock, no trace, also on a share or where
nothing can be written. Where SQLite's own files beside it tell of a writer its rules hold: what is
seen is the newest whole state. Then each question has a connection of its own: one that stays would
keep the writer, when it ends, from putting its log into the file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

MAX_ROWS: Final = 100
OPCODES: Final = 2_000  # of SQLite's machine between two looks at the clock
OPEN_S: Final = 3.0  # that the first words to it may take
PATIENCE_S: Final = 0.5  # with a writer that is in the way
AGAIN_S: Final = 0.003
LOCKED: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
COMING: Final = {*LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
"""What is met in the moment in which a writer makes its files or takes them away."""
PRAGMAS: Final = ("trusted_schema = OFF", "query_only = ON", "cache_size = -2000")

Ask = Callable[[str, Sequence[int], float], list[Any]]
"""SQL, its values, and after how many seconds it is broken off."""
Answer = TypeVar("Answer")


class Stamp(NamedTuple):
    """Of a file; all are 0 where there is none."""

    inode: int
    size: int
    time_ns: int


NOTHING: Final = Stamp(0, 0, 0)


class Way(Enum):
    """How the file is opened; the words are those of SQLite's addresses."""

    ALONE = "immutable=1"  # nobody writes
    SHARED = ""  # somebody does
    LEFT = f"vfs={'win32' if os.name == 'nt' else 'unix'}-none"
    """What was written last lies in a log beside it, and SQLite can't make its index of it there:
    it is held in memory. There are no locks then, so only where this user can't take the log away:
    SQLite does that when it believes to be the last, and a writer may just have come."""


@dataclass(frozen=True, slots=True)
class Stand:
    """As long as it is the same the file is the same, or SQLite sees to it (SHARED)."""

    way: Way
    file: Stamp = NOTHING
    log: Stamp = NOTHING


class Database:
    """Read by one thread. What goes wrong is SQLite's own error."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        """``most_bytes`` that one value may have."""
        self._path = Path(os.path.realpath(path))  # SQLite's own files lie where the file is
        self._most_bytes = most_bytes
        self._kept: tuple[Stand, sqlite3.Connection] | None = None
        self._until = 0.0

    def answer(self, question: Callable[[Ask], Answer]) -> Answer:
        """Of one state of the file. Raises sqlite3.Error, UnicodeDecodeError, and BlockingIOError
        while it is being written."""
        until = time.monotonic() + PATIENCE_S
        while True:
            stand = self._stand()
            error: Exception = BlockingIOError("somebody writes it")
            try:
                found = self._answer(stand, question)
                if stand == self._stand():
                    return found
            except (sqlite3.Error, UnicodeDecodeError) as told:
                if stand == self._stand() and not _may_pass(told, stand):
                    raise
                error = error if _code(told) in LOCKED else told
            if time.monotonic() > until:
                raise error
            time.sleep(AGAIN_S)

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            _close(kept[1])

    def _answer(self, stand: Stand, question: Callable[[Ask], Answer]) -> Answer:
        if stand.way is not Way.SHARED:
            return question(self._asking(self._keep(stand)))
        self.close()
        database = self._open(stand.way)
        try:
            database.execute("BEGIN")  # of several questions, all see one state
            return question(self._asking(database))
        finally:
            _close(database)

    def _keep(self, stand: Stand) -> sqlite3.Connection:
        if self._kept is None or self._kept[0] != stand:
            self.close()
            self._kept = stand, self._open(stand.way)
        return self._kept[1]

    def _open(self, way: Way) -> sqlite3.Connection:
        words = f"?mode=ro&{way.value}".rstrip("&")
        database = sqlite3.connect(
            self._path.as_uri() + words,
            timeout=PATIENCE_S / 4, isolation_level=None, uri=True, check_same_thread=False,
            cached_statements=8,
        )  # fmt: skip
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self._most_bytes)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._until = time.monotonic() + OPEN_S
        database.set_progress_handler(self._is_late, OPCODES)
        own_index = ("locking_mode = EXCLUSIVE",) if way is Way.LEFT else ()
        try:
            for word in (*own_index, *PRAGMAS):
                database.execute(f"PRAGMA {word}").fetchall()
        except sqlite3.Error:
            _close(database)
            raise
        return database

    def _asking(self, database: sqlite3.Connection) -> Ask:
        def ask(sql: str, values: Sequence[int], patience_s: float) -> list[Any]:
            self._until = time.monotonic() + patience_s
            return database.execute(sql, values).fetchmany(MAX_ROWS)

        return ask

    def _is_late(self) -> bool:
        return time.monotonic() > self._until

    def _stand(self) -> Stand:
        """One that has been taken away, or has another in its place, is read on as it was."""
        file = _stamp(self._path)
        if self._kept is not None and self._kept[0].file.inode != file.inode:
            return self._kept[0]
        log, index, journal = (
            _stamp(Path(f"{self._path}{end}")) for end in ("-wal", "-shm", "-journal")
        )
        if log.size and not index.inode and not self._may_be_written():
            return Stand(Way.LEFT, file, log)
        if log.size or (log.inode and index.inode) or journal.size:
            return Stand(Way.SHARED)
        return Stand(Way.ALONE, file)

    def _may_be_written(self) -> bool:
        """The log is made with the file's own rights."""
        return os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return NOTHING
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)


def _may_pass(error: Exception, stand: Stand) -> bool:
    return stand.way is not Way.ALONE and _code(error) in COMING


def _code(error: Exception) -> int:
    """SQLite's primary one."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _close(database: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        database.close()
