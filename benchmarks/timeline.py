"""Log and search over a million events, encrypted, beside plain SQLite FTS5 that is not.

Made-up events of a busy region go through the timeline's own store; then each question is asked
again and again, as the window asks it: the first page, newest first. The control holds the same
rows in the same tables of the standard library's SQLite and answers the same SQL.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from console.domain import events as e
from console.domain.mark import DIGITS
from console.site.log.reader import Cursor
from console.timeline import database
from console.timeline.entries import CATEGORIES, STREAMS_READ
from console.timeline.query import Question
from console.timeline.reader import TimelineReader
from console.timeline.store import TimelineStore

NAME: Final = "timeline"
EVENTS: Final = 1_000_000
QUICK_EVENTS: Final = 50_000
BATCH: Final = 5_000
ROUNDS: Final = 30
DAYS: Final = 30
NOW_MS: Final = 1_795_554_007_000
UNITS: Final = 2_000
GROUPS: Final = 200
WORDS: Final = (
    "pasient", "brystsmerter", "pust", "ås", "vei", "skole", "trapp", "heis", "fall", "hofte",
    "feber", "krampe", "barn", "mann", "kvinne", "politi", "brann", "røyk", "bil", "sykkel",
    "bro", "havn", "hytte", "fjell", "båt", "bevisst", "våken", "kald", "varm", "medisin",
    "sukker", "blod", "sår", "bein", "arm", "hode", "rygg", "mage", "fødsel", "uro", "vold",
    "rus", "psykiatri", "transport", "hjem", "sykehus", "mottak",
)  # fmt: skip
QUESTIONS: Final[dict[str, Question]] = {
    "nothing typed": Question(),
    "messages alone": Question(categories=("message",)),
    "all kinds but voice": Question(categories=CATEGORIES[1:]),
    "one unit": Question(about=("u17",)),
    "one unit's voice in an hour": Question(
        categories=("voice",), about=("u17",), from_ms=NOW_MS - 3_600_000
    ),
    "a frequent word": Question(text="pasient"),
    "one letter": Question(text="p"),
    "a call sign": Question(text="AMB 17-1"),
    "the beginnings of two words": Question(text="bryst sykeh"),
    "three words": Question(text="mann brystsmerter trapp"),
    "a rare word": Question(text="kolonoskopi"),
    "a word that is not there": Question(text="xylofon"),
    "a word on one day": Question(
        text="røyk", from_ms=NOW_MS - 9 * 86_400_000, until_ms=NOW_MS - 8 * 86_400_000
    ),
}


def run(quick: bool) -> dict[str, Any]:
    """Seconds, milliseconds, bytes and events per second, by what was measured."""
    count = QUICK_EVENTS if quick else EVENTS
    with tempfile.TemporaryDirectory(prefix="vaktbord-timeline-") as folder:
        return _measured(Path(folder), count)


def _measured(folder: Path, count: int) -> dict[str, Any]:
    begun_s = time.perf_counter()
    _fill(folder / "ours", count)
    ours_s = time.perf_counter() - begun_s
    begun_s = time.perf_counter()
    control = _control(folder)
    control_s = time.perf_counter() - begun_s
    ours = database.open_to_read(folder / "ours")
    try:
        return {
            "events": count,
            "indexing": {"ours_per_s": count / ours_s, "control_per_s": count / control_s},
            "bytes": {
                "ours": (folder / "ours" / database.FILE).stat().st_size,
                "control": (folder / "control.db").stat().st_size,
            },
            "first_page_ms": {
                what: {"ours": _asked(ours, asked), "control": _asked(control, asked)}
                for what, asked in QUESTIONS.items()
            },
        }
    finally:
        ours.close()
        control.close()


def _asked(db: database.Connection, asked: Question) -> dict[str, float]:
    reader = TimelineReader(db)
    taken = []
    for _ in range(ROUNDS):
        begun_s = time.perf_counter()
        rows = len(reader.page(asked).rows)
        taken.append((time.perf_counter() - begun_s) * 1e3)
    return {
        "first": taken[0],
        "median": statistics.median(taken),
        "worst": max(taken),
        "rows": float(rows),
    }


def _fill(folder: Path, count: int) -> None:
    store = TimelineStore(folder, "bench")
    cursors = {stream.name: Cursor("epoch", 1) for stream in STREAMS_READ}
    try:
        batch: list[e.Event] = []
        for event in made_up(count):
            batch.append(event)
            if len(batch) == BATCH:
                store.add(batch, cursors, NOW_MS)
                batch = []
        store.add(batch, cursors, NOW_MS)
        store.set_reading(is_behind=False)
    finally:
        store.close()


def _control(folder: Path) -> sqlite3.Connection:
    """The same rows in the same tables, in plain SQLite."""
    source = database.open_to_read(folder / "ours")
    db = sqlite3.connect(folder / "control.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA cache_size = -{database.READER_CACHE_KB}")
    db.executescript(database.SCHEMA)
    try:
        rows = source.execute("SELECT * FROM events ORDER BY n")
        while some := rows.fetchmany(BATCH):
            _copy(db, some)
    finally:
        source.close()
    return db


def _copy(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    db.execute("BEGIN")
    db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute(
        "INSERT INTO found (rowid, words, keys) SELECT n, words, keys FROM events"
        " WHERE n BETWEEN ? AND ?",
        (rows[0][0], rows[-1][0]),
    )
    db.execute("COMMIT")


def made_up(count: int) -> Iterator[e.Event]:
    """In the order of time: six in ten voice, two statuses, the rest words and their answers."""
    chance = random.Random(4)
    start_ms = NOW_MS - DAYS * 86_400_000
    step_ms = DAYS * 86_400_000 / (count - UNITS - GROUPS)
    ids = _Ids(chance)
    for n in range(UNITS):
        yield _event(ids, start_ms, e.UnitDefined(f"u{n}", f"AMB {n}-1", "ambulance"))
    for n in range(GROUPS):
        yield _event(ids, start_ms, e.TalkgroupDefined(f"g{n}", f"Gruppe-{n}"))
    for n in range(count - UNITS - GROUPS):
        yield _event(ids, round(start_ms + n * step_ms), _body(chance, n))


def _body(chance: random.Random, n: int) -> e.AnyBody:
    unit = f"u{min(int(chance.expovariate(1 / 200)), UNITS - 1)}"
    group = f"g{min(int(chance.expovariate(1 / 20)), GROUPS - 1)}"
    of = chance.random()
    if of < 0.6:
        return e.FloorReleased(group, unit, chance.randrange(500, 20_000))
    if of < 0.8:
        return e.StatusChanged(unit, f"s{chance.randrange(12)}")
    if of < 0.93:
        return e.MessageSent(unit, _text(chance, n))
    if of < 0.96:
        return e.CalloutSent(f"c{n}", (unit,), _text(chance, n))
    if of < 0.98:
        return e.AlarmRaised(f"a{n}", unit, group)
    return e.AlarmNoted(f"a{n}", _text(chance, n))


def _text(chance: random.Random, n: int) -> str:
    rare = ["kolonoskopi"] if n % 10_007 == 0 else []
    return " ".join([*chance.choices(WORDS, k=chance.randrange(4, 25)), str(n), *rare])


class _Ids:
    """ULIDs in order."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._n = 0

    def next(self, ms: int) -> str:
        self._n += 1
        return _digits(ms, 10) + _digits(self._n, 8) + _digits(self._chance.getrandbits(40), 8)


def _digits(number: int, width: int) -> str:
    return "".join(DIGITS[number >> (5 * at) & 31] for at in reversed(range(width)))


def _event(ids: _Ids, ms: int, body: e.AnyBody) -> e.Event:
    return e.Event(ids.next(ms), ms, "lv1", 1, body, "Kari Nordmann")


def report(result: dict[str, Any]) -> str:
    speed, size = result["indexing"], result["bytes"]
    lines = [
        f"{result['events']:,} events. Indexing: {speed['ours_per_s']:,.0f} events/s encrypted "
        f"(reading them from their bodies included), {speed['control_per_s']:,.0f} rows/s copied "
        "into plain SQLite.",
        f"On disk: {size['ours'] / 1e6:,.0f} MB, plain {size['control'] / 1e6:,.0f} MB.",
        "",
        f"{'first page, ms':32} {'rows':>5} {'first':>8} {'median':>8} {'worst':>8}   "
        f"{'plain: first':>12} {'median':>8} {'worst':>8}",
    ]
    for what, both in result["first_page_ms"].items():
        ours, control = both["ours"], both["control"]
        lines.append(
            f"{what:32} {ours['rows']:5.0f} {ours['first']:8.1f} {ours['median']:8.1f} "
            f"{ours['worst']:8.1f}   {control['first']:12.1f} {control['median']:8.1f} "
            f"{control['worst']:8.1f}"
        )
    return "\n".join(lines)
