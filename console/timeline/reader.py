"""Reads the timeline: a page of what fits a question, newest first. Blocks: not on Qt's thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from console.domain.events import Event
from console.timeline import database
from console.timeline.entries import event_of
from console.timeline.query import Question, expression, span

PAGE: Final = 100


class Standing(msgspec.Struct, frozen=True):
    """How the timeline stands."""

    events: int = 0
    is_behind: bool = True  # there is more at the site


class Found(msgspec.Struct, frozen=True):
    """``rows``: place and event, newest first; ``damaged`` ones could not be read and are left
    out."""

    rows: tuple[tuple[int, Event], ...] = ()
    is_more: bool = False
    damaged: int = 0


class TimelineReader:
    """One thread's, but for :meth:`interrupt`."""

    def __init__(self, db: database.Connection) -> None:
        self._db = db
        self._version = -1

    @classmethod
    def open(cls, folder: Path) -> TimelineReader:
        """Raises TimelineError while there is nothing to read."""
        return cls(database.open_to_read(folder))

    def close(self) -> None:
        self._db.close()

    def interrupt(self) -> None:
        """From any thread: what is being looked for is wanted no more."""
        with contextlib.suppress(database.Error):  # it is being closed
            self._db.interrupt()

    def has_changed(self) -> bool:
        """Since this was asked last."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        was, self._version = self._version, version
        return version != was

    def standing(self) -> Standing:
        known = dict(self._db.execute("SELECT key, value FROM meta"))
        return Standing(int(known.get("count", "0")), bool(known.get("behind", "1")))

    def page(self, question: Question, before: int | None = None, limit: int = PAGE) -> Found:
        """Raises database.Error."""
        rows = self._rows(question, before, limit + 1)
        shown = [made for n, payload in rows[:limit] if (made := _made(n, payload))]
        return Found(
            tuple(shown),
            is_more=len(rows) > limit,
            damaged=min(len(rows), limit) - len(shown),
        )

    def all(self, question: Question, most: int) -> Iterator[Event]:
        """The newest ``most``."""
        before: int | None = None
        while most > 0:
            found = self.page(question, before, min(most, 1_000))
            yield from (event for _, event in found.rows)
            if not found.is_more or not found.rows:
                return
            before, most = found.rows[-1][0], most - len(found.rows)

    def _rows(self, question: Question, before: int | None, limit: int) -> list[tuple[int, bytes]]:
        match = expression(question)
        least, below = span(question, before)
        if not match:
            sql = "SELECT n, payload FROM events WHERE n >= ? AND n < ? ORDER BY n DESC LIMIT ?"
            return list(self._db.execute(sql, (least, below, limit)))
        sql = (
            "SELECT e.n, e.payload FROM (SELECT rowid AS n FROM found WHERE found MATCH ?"
            " AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?) AS f"
            " CROSS JOIN events AS e ON e.n = f.n ORDER BY e.n DESC"
        )
        return list(self._db.execute(sql, (match, least, below, limit)))


def _made(n: int, payload: bytes) -> tuple[int, Event] | None:
    try:
        return n, event_of(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
