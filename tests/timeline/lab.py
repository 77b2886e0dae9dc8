"""Events as authors make them, and a timeline in a folder of the test's own."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ulid import ULID

from console.domain.events import AnyBody, Event
from console.site.log.reader import Cursor
from console.site.log.subjects import STREAM_OF
from console.timeline.query import Question
from console.timeline.reader import TimelineReader
from console.timeline.store import TimelineStore

NOW_MS = 1_795_554_007_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def said(body: AnyBody, ago_ms: int = 0, *, author: str = "lv1", person: str = "Kari") -> Event:
    at_ms = NOW_MS - ago_ms
    return Event(str(ULID.from_timestamp(at_ms / 1e3)), at_ms, author, 1, body, person)


@contextlib.contextmanager
def writing(folder: Path, site: str = "site") -> Iterator[TimelineStore]:
    store = TimelineStore(folder, site)
    try:
        yield store
    finally:
        store.close()


def keep(folder: Path, events: Sequence[Event], site: str = "site") -> None:
    with writing(folder, site) as store:
        store.add(events, {}, NOW_MS)


def cursor(body: AnyBody, seq: int) -> dict[str, Cursor]:
    return {STREAM_OF[type(body)].name: Cursor("epoch", seq)}


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[TimelineReader]:
    reader = TimelineReader.open(folder)
    try:
        yield reader
    finally:
        reader.close()


def found(folder: Path, text: str = "", **asked: object) -> list[Event]:
    with reading(folder) as reader:
        question = Question(text, **asked)  # type: ignore[arg-type]  # as the test says
        return [event for _, event in reader.page(question).rows]


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def wait_for(condition: object, what: str, timeout_s: float = 40.0) -> None:
    assert callable(condition)
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {timeout_s:.0f} s for {what}"
        time.sleep(0.02)
