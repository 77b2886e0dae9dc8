"""Writes the timeline: batches of events with how far the log has been read, and what goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from console.domain.events import Event
from console.site.log.reader import Cursor
from console.site.log.subjects import STREAM_OF
from console.site.log.transaction import transaction
from console.timeline import database
from console.timeline.database import TimelineError
from console.timeline.entries import (
    APART,
    STREAMS_READ,
    Entry,
    Named,
    entry_of,
    first_n,
    ids_in,
    key_of_id,
    ms_of,
    n_of,
    names_in,
    thing_in,
)

MAX_EVENTS: Final = 3_000_000
"""Beyond it the oldest go; some two gigabytes."""
PURGE_AT_ONCE: Final = 2_000
ASKED_AT_ONCE: Final = 500
MAX_THINGS: Final = 20_000
"""Alarms, call-outs, calls and groups whose units are known by heart; others are looked up."""
MAX_ABOUT: Final = 64
MAX_NAMES: Final = 100_000
"""Further ones are not learnt: their rows are found by what they say and by their ids."""
MAX_RENAMED: Final = 10_000
"""So many rows of the time before a name are found by it, the newest."""
FUTURE_MS: Final = 86_400_000
"""An id further ahead of this machine's clock counts as of now: else it would never expire."""


class Places:
    """Where the rows of one batch stand. Ids of an author whose clock is behind differ in their
    last bit alone, thousands of them: who finds a place taken stands behind all of its millisecond.
    """

    def __init__(self, taken: set[int], greatest: Callable[[int], int]) -> None:
        """``taken``: of the places that will be asked for; ``greatest``: by the millisecond."""
        self._taken = taken
        self._greatest = greatest
        self._last: dict[int, int] = {}  # of a millisecond that was full: its greatest place

    def of(self, n: int) -> int:
        if n in self._taken:
            n = self._behind(ms_of(n))
        self._taken.add(n)
        ms = ms_of(n)
        if ms in self._last:
            self._last[ms] = max(self._last[ms], n)
        return n

    def _behind(self, ms: int) -> int:
        """All of this millisecond, and of the next one where this is full."""
        n = self._last_of(ms) + 1
        later = ms_of(n)
        return n if later == ms or self._last_of(later) < n else self._behind(later)

    def _last_of(self, ms: int) -> int:
        if ms not in self._last:
            here = (n for n in self._taken if ms_of(n) == ms)
            self._last[ms] = max(self._greatest(ms), *here, -1)
        return self._last[ms]


class TimelineStore:
    """One thread's. ``site`` is the id of the site whose log it is: of another nothing stays. ""
    leaves open which it is."""

    def __init__(self, folder: Path, site: str) -> None:
        """Raises TimelineError."""
        self._folder = folder
        self._db = database.open_to_write(folder)
        if site and self._meta("site") not in ("", site):
            database.begin_anew(self._db)
        if site:
            self._set_meta("site", site)
        self._about: dict[str, tuple[str, ...]] = {}
        self._names = self._known_names()
        self._kept_s = self._known_kept()
        self.count = int(self._meta("count") or 0)

    def close(self) -> None:
        self._db.close()

    def cursors(self) -> dict[str, Cursor]:
        """How far each stream has been read."""
        known = {
            stream: Cursor(epoch, seq)
            for stream, epoch, seq in self._db.execute("SELECT stream, epoch, seq FROM cursors")
        }
        return {stream.name: known.get(stream.name, Cursor()) for stream in STREAMS_READ}

    def add(self, events: Sequence[Event], cursors: Mapping[str, Cursor], now_ms: int) -> None:
        """Both or neither: after a crash it goes on where this ended, and nothing is there twice.
        FTS5 writes what comes in the order of its places many times faster."""
        with transaction(self._db):
            self._learn(events)
            entries = [made for event in events if (made := self._entry(event, now_ms))]
            self._insert(sorted(entries, key=lambda entry: entry.n))
            self._db.executemany(
                "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)",
                [(name, cursor.epoch, cursor.seq) for name, cursor in cursors.items()],
            )
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('count', ?)", (str(self.count),))

    def set_reading(self, *, is_behind: bool) -> None:
        """Whether there is more at the site than here."""
        self._set_meta("behind", "1" if is_behind else "")

    def set_kept(self, kept_s: Mapping[str, float]) -> None:
        """How long the site keeps each stream, as it says itself; 0 = for ever."""
        if kept_s and dict(kept_s) != self._kept_s:
            self._kept_s = dict(kept_s)
            self._set_meta("kept", msgspec.json.encode(self._kept_s).decode())

    # -- what goes ------------------------------------------------------------------------

    def forget(self, now_ms: int) -> int:
        """What is past its stream's time, as the site said last, and the oldest beyond MAX_EVENTS.
        Returns how many rows went."""
        gone, longest_ms = 0, 0
        for stream in STREAMS_READ:
            kept_ms = round(self._kept_s.get(stream.name, stream.max_age_s) * 1_000)
            longest_ms = max(longest_ms, kept_ms)
            cut = first_n(now_ms - kept_ms) if kept_ms else 0
            gone += self._drop("stream = ? AND n < ?", (stream.name, cut))
        self._drop_names(first_n(now_ms - longest_ms))
        while self.count > MAX_EVENTS:
            gone += self._drop_some("1", (), min(PURGE_AT_ONCE, self.count - MAX_EVENTS))
        if gone:
            self._settle()
        return gone

    def keep_only(self, streams: Iterable[str]) -> int:
        """What this position may read no more goes, with how far it had been read."""
        allowed = set(streams)
        known = {row[0] for row in self._db.execute("SELECT DISTINCT stream FROM events")}
        known |= {row[0] for row in self._db.execute("SELECT stream FROM cursors")}
        gone = 0
        for stream in known - allowed:
            gone += self._drop("stream = ?", (stream,))
            self._db.execute("DELETE FROM cursors WHERE stream = ?", (stream,))
        if gone:
            self._settle()
        return gone

    def _drop(self, where: str, values: tuple[object, ...]) -> int:
        gone = 0
        while some := self._drop_some(where, values, PURGE_AT_ONCE):
            gone += some
        return gone

    def _drop_some(self, where: str, values: tuple[object, ...], most: int) -> int:
        with transaction(self._db):
            rows = self._db.execute(
                f"SELECT n, words, keys FROM events WHERE {where} ORDER BY n LIMIT ?",
                (*values, most),
            ).fetchall()
            self._db.executemany(
                "INSERT INTO found (found, rowid, words, keys) VALUES ('delete', ?, ?, ?)", rows
            )
            self._db.executemany("DELETE FROM events WHERE n = ?", [(row[0],) for row in rows])
            self.count -= len(rows)
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('count', ?)", (str(self.count),))
        return len(rows)

    def _drop_names(self, before_n: int) -> None:
        with transaction(self._db):
            self._db.execute("DELETE FROM names WHERE n < ?", (before_n,))
            self._db.execute("DELETE FROM about WHERE n < ?", (before_n,))
        self._names = self._known_names()

    def _settle(self) -> None:
        """The write-ahead log holds pages as they were."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    # -- what comes -----------------------------------------------------------------------

    def _entry(self, event: Event, now_ms: int) -> Entry | None:
        thing = thing_in(event.body)
        about = self._about_of(thing) if thing else ()
        entry = entry_of(event, STREAM_OF[type(event.body)].name, about, self._called)
        if entry is not None and entry.n >= first_n(now_ms + FUTURE_MS):
            return _moved(entry, first_n(now_ms))
        return entry

    def _insert(self, entries: Sequence[Entry]) -> None:
        """Those that are new, each in its place."""
        known = self._taken("id", [entry.id for entry in entries])
        fresh = {entry.id: entry for entry in entries if entry.id not in known}
        places = Places(self._taken("n", [one.n for one in fresh.values()]), self._greatest)
        rows = [(places.of(entry.n), entry) for entry in fresh.values()]
        rows.sort(key=lambda row: row[0])
        self._db.executemany(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)",
            [(n, e.id, e.stream, e.keys, e.words, e.payload) for n, e in rows],
        )
        self._db.executemany(
            "INSERT INTO found (rowid, words, keys) VALUES (?, ?, ?)",
            [(n, e.words, e.keys) for n, e in rows],
        )
        self.count += len(rows)

    def _taken(self, column: str, values: Sequence[object]) -> set[Any]:
        """Which of them are there."""
        found: set[Any] = set()
        for start in range(0, len(values), ASKED_AT_ONCE):
            some = values[start : start + ASKED_AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT {column} FROM events WHERE {column} IN ({marks})"
            found.update(row[0] for row in self._db.execute(sql, some))
        return found

    def _greatest(self, ms: int) -> int:
        """The greatest place of that millisecond, -1 = none is taken."""
        span = (first_n(ms), first_n(ms + 1))
        sql = "SELECT max(n) FROM events WHERE n >= ? AND n < ?"
        greatest = self._db.execute(sql, span).fetchone()[0]
        return -1 if greatest is None else int(greatest)

    def _learn(self, events: Sequence[Event]) -> None:
        for event in events:
            for named in names_in(event):
                self._name(named)
            thing = thing_in(event.body)
            ids = [one for one in ids_in(event) if one not in (thing, event.author)]
            if thing and ids and not set(ids) <= set(self._about_of(thing)):
                self._bind(thing, ids, n_of(event.id))

    def _name(self, named: Named) -> None:
        """The newest name counts. What was told of it before it had any is found by it too."""
        known = self._names.get(named.id)
        if known is not None and known.n >= named.n:
            return
        if known is None and len(self._names) >= MAX_NAMES:
            return
        self._names[named.id] = named
        self._db.execute(
            "INSERT OR REPLACE INTO names VALUES (?, ?, ?)", (named.id, named.words, named.n)
        )
        if known is None:
            self._name_earlier(named)

    def _name_earlier(self, named: Named) -> None:
        rows = self._db.execute(
            "SELECT n, words, keys FROM events WHERE n IN (SELECT rowid FROM found"
            " WHERE found MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY n",
            (f'keys : "{key_of_id(named.id)}"', MAX_RENAMED),
        ).fetchall()
        for n, words, keys in rows:
            self._db.execute(
                "INSERT INTO found (found, rowid, words, keys) VALUES ('delete', ?, ?, ?)",
                (n, words, keys),
            )
            more = f"{words}{APART}{named.words}"
            self._db.execute("UPDATE events SET words = ? WHERE n = ?", (more, n))
            self._db.execute(
                "INSERT INTO found (rowid, words, keys) VALUES (?, ?, ?)", (n, more, keys)
            )

    def _known_kept(self) -> dict[str, float]:
        try:
            return msgspec.json.decode(self._meta("kept") or "{}", type=dict[str, float])
        except msgspec.DecodeError:
            return {}

    def _known_names(self) -> dict[str, Named]:
        return {row[0]: Named(*row) for row in self._db.execute("SELECT id, words, n FROM names")}

    def _called(self, an_id: str) -> str:
        known = self._names.get(an_id)
        return "" if known is None else known.words

    def _about_of(self, thing: str) -> tuple[str, ...]:
        known = self._about.get(thing)
        if known is not None:
            return known
        row = self._db.execute("SELECT ids FROM about WHERE thing = ?", (thing,)).fetchone()
        return self._by_heart(thing, tuple(row[0].split()) if row is not None else ())

    def _bind(self, thing: str, ids: Iterable[str], n: int) -> None:
        """Ids hold no spaces. What was said of it before they were known is not written again."""
        all_of_them = tuple(dict.fromkeys((*self._about_of(thing), *ids)))[:MAX_ABOUT]
        self._by_heart(thing, all_of_them)
        self._db.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?, ?)", (thing, " ".join(all_of_them), n)
        )

    def _by_heart(self, thing: str, ids: tuple[str, ...]) -> tuple[str, ...]:
        self._about[thing] = ids
        if len(self._about) > MAX_THINGS:
            del self._about[next(iter(self._about))]
        return ids

    def _meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _moved(entry: Entry, n: int) -> Entry:
    return Entry(n, entry.id, entry.stream, entry.keys, entry.words, entry.payload)


__all__ = ["TimelineError", "TimelineStore"]
