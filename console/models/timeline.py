"""The timeline for the window: what was asked, its rows in words, and how taking them out goes."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from console.domain.events import Event, LogExported
from console.models.log import log_row
from console.models.statuses import status_name
from console.models.store import SiteStore
from console.timeline.entries import CATEGORY_OF, Category
from console.timeline.folding import words_of
from console.timeline.query import Question, terms
from resources.statuses import statuses
from widgets.contracts.rows import Saving, TimelineAsked, TimelineRow, TimelineStanding

if TYPE_CHECKING:
    from console.timeline.lookup import Answer, Lookup

MAX_ROWS: Final = 20_000
"""Shown of one question; who wants to see older ones asks more narrowly."""
MAX_EXPORTED: Final = 50_000
LEAST_OF_KIND: Final = 4  # letters: "per" is a name before it is "persons"
SHIFT_S: Final = 8 * 3_600.0
"""Where nobody has signed in; and nobody's shift is longer than twice that."""

translate = QCoreApplication.translate


class TimelineModel(QObject):
    """Implements widgets.contracts.sources.TimelineSource."""

    replaced = Signal()
    added = Signal(tuple)
    changed = Signal()
    _answered = Signal(object)
    _gathered = Signal(object)
    _written = Signal(str)

    def __init__(
        self,
        store: SiteStore,
        folder: Path,
        *,
        note: Callable[[LogExported], bool],
        since_s: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """``note``: tell the site's audit, False when it can't be kept. ``since_s``: when whoever
        sits here signed in, 0 = nobody has."""
        super().__init__(parent)
        self._store = store
        self._note = note
        self._since_s = since_s
        self._folder = folder
        self._lookup: Lookup | None = None
        self._asked = TimelineAsked()
        self._number = 0
        self._rows: dict[int, TimelineRow] = {}  # by their place
        self._is_more = False
        self._is_asking = False
        self._is_watched = False
        self._standing = TimelineStanding()
        self._saving: Saving | None = None
        self._answered.connect(self._take)
        self._gathered.connect(self._note_and_write)
        self._written.connect(self._has_written)
        store.expired.connect(lambda *_: self._ask_again())

    def start(self) -> None:
        """Once the window has been painted."""
        from console.timeline.lookup import Lookup  # noqa: PLC0415  # SQLCipher and its OpenSSL

        self._lookup = Lookup(self._folder, self._answered.emit)
        self._lookup.start()
        self._lookup.watch(self._is_watched)
        if self._is_asking:
            self.ask(self._asked)

    def stop(self) -> None:
        if self._lookup is not None:
            self._lookup.stop()

    # -- what the widgets ask -----------------------------------------------------------------

    @property
    def is_more(self) -> bool:
        return self._is_more and len(self._rows) < MAX_ROWS

    @property
    def is_asking(self) -> bool:
        return self._is_asking

    @property
    def is_cut(self) -> bool:
        return self._is_more and len(self._rows) >= MAX_ROWS

    @property
    def standing(self) -> TimelineStanding:
        return self._standing

    @property
    def saving(self) -> Saving | None:
        return self._saving

    def rows(self) -> Sequence[TimelineRow]:
        return tuple(self._rows[place] for place in sorted(self._rows, reverse=True))

    def shift_s(self) -> float:
        now_s = time.time()
        since_s = self._since_s()
        return since_s if since_s > now_s - 2 * SHIFT_S else now_s - SHIFT_S

    def ask(self, asked: TimelineAsked) -> None:
        is_told = self._saving is not None and self._saving.state != "under-way"
        if asked != self._asked and is_told:
            self._saving = None
        self._asked = asked
        self._is_asking = True
        if self._lookup is not None:
            self._number = self._lookup.ask(question_of(asked))
        self.changed.emit()

    def more(self) -> None:
        if self._lookup is not None and self.is_more and not self._is_asking:
            self._is_asking = True
            self._lookup.more(self._number, min(self._rows))

    def watch(self, is_watched: bool) -> None:
        self._is_watched = is_watched
        if self._lookup is not None:
            self._lookup.watch(is_watched)

    def tell_trouble(self, why: str) -> None:
        """Why nothing can be kept, "" = it can."""
        if why != self._standing.trouble:
            self._standing = dataclasses.replace(self._standing, trouble=why)
            self.changed.emit()

    def retranslate(self) -> None:
        self._ask_again()

    # -- answers ------------------------------------------------------------------------------

    def _ask_again(self) -> None:
        if self._number:
            self.ask(self._asked)

    def _take(self, answer: Answer) -> None:
        if answer.number != self._number:
            return
        if answer.kind != "news":
            self._is_asking = False
        found, standing = answer.found, answer.standing
        if found is None or standing is None:
            self._standing = TimelineStanding(trouble=self._standing.trouble)
        else:
            stands = (True, standing.is_behind, standing.events, self._standing.trouble)
            self._standing = TimelineStanding(*stands)
            rows = {place: self._row(place, event) for place, event in found.rows}
            if answer.kind == "first":
                self._rows, self._is_more = rows, found.is_more
                self.replaced.emit()
            else:
                self._add(rows, answer.kind == "more", found.is_more)
        self.changed.emit()

    def _add(self, rows: dict[int, TimelineRow], is_older: bool, is_more: bool) -> None:
        """Of the first page, read again, only what is new."""
        if is_older or not self._is_more:
            self._is_more = is_more
        fresh = {place: row for place, row in rows.items() if place not in self._rows}
        if fresh:
            self._rows.update(fresh)
            self.added.emit(tuple(fresh.values()))

    def _row(self, place: int, event: Event) -> TimelineRow:
        return timeline_row(self._store, place, event)

    # -- taking out ---------------------------------------------------------------------------

    def save(self, path: str) -> None:
        """All that fits the question, as CSV, in a new file."""
        is_saving = self._saving is not None and self._saving.state == "under-way"
        if is_saving or self._lookup is None:
            return
        self._save_is(Saving("under-way", path))
        question = question_of(self._asked)
        self._lookup.gather(question, MAX_EXPORTED, lambda found: self._worded(path, found))

    def _worded(self, path: str, found: list[Event]) -> None:
        """On the lookup's thread; the store's tables are never changed in place."""
        rows = [timeline_row(self._store, 0, event) for event in found]
        times = [event.time_ms for event in found] or [0]
        body = LogExported(len(found), min(times), max(times), form="csv")
        self._gathered.emit((path, as_csv(rows), body))

    def _note_and_write(self, gathered: tuple[str, bytes, LogExported]) -> None:
        """Not noted, not done."""
        path, data, body = gathered
        if not self._note(body):
            why = translate("Timeline", "it could not be noted who takes it out")
            self._save_is(Saving("failed", path, why))
            return
        assert self._lookup is not None
        self._lookup.aside(lambda: self._written.emit(write_new(Path(path), data)))

    def _has_written(self, why: str) -> None:
        assert self._saving is not None
        path = self._saving.path
        self._save_is(Saving("failed", path, why) if why else Saving("done", path))

    def _save_is(self, saving: Saving) -> None:
        self._saving = saving
        self.changed.emit()


def question_of(asked: TimelineAsked) -> Question:
    return Question(
        asked.text,
        asked.categories,
        asked.about,
        round((asked.from_s or 0) * 1_000),
        round((asked.until_s or 0) * 1_000),
        statuses_called(asked.text),
        kinds_called(asked.text),
    )


def statuses_called(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The statuses that a typed word begins, as this screen calls them: events hold their keys."""
    found: dict[str, tuple[str, ...]] = {}
    for term in terms(text):
        plain = " ".join(term.words)
        keys = [
            status.key
            for status in statuses()
            if any(word.startswith(plain) for word in words_of(status_name(status.key)))
        ]
        if keys:
            found[plain] = tuple(keys)
    return tuple(found.items())


def kinds_called(text: str) -> tuple[tuple[str, tuple[Category, ...]], ...]:
    """The kinds that a typed word begins: an alarm's event has no word for what it is. A name may
    begin like one of them, so a word of three letters is none."""
    called = {kind: words_of(words) for kind, words in _kind_words().items()}
    plain = {" ".join(term.words) for term in terms(text) if term.is_begun}
    found = {
        one: tuple(kind for kind, words in called.items() if any(w.startswith(one) for w in words))
        for one in sorted(plain)
        if len(one) >= LEAST_OF_KIND
    }
    return tuple((one, kinds) for one, kinds in found.items() if kinds)


def _kind_words() -> dict[Category, str]:
    """What a person types who looks for them, one word after the other."""
    return {
        "voice": translate("Timeline", "voice spoke"),
        "message": translate("Timeline", "messages"),
        "alarm": translate("Timeline", "alarms safety-alarm"),
        "status": translate("Timeline", "statuses"),
        "callout": translate("Timeline", "callouts"),
        "group": translate("Timeline", "talkgroups groups"),
        "call": translate("Timeline", "calls"),
        "duty": translate("Timeline", "duty"),
        "person": translate("Timeline", "persons"),
        "place": translate("Timeline", "places pins"),
    }


def timeline_row(store: SiteStore, place: int, event: Event) -> TimelineRow:
    row = log_row(store, event)
    body = event.body
    return TimelineRow(
        key=event.id,
        place=place,
        time_s=row.time_s,
        category=CATEGORY_OF[type(body)],
        kind=row.kind,
        who=row.who,
        text=row.text,
        group=row.talkgroup,
        unit=row.unit,
        talkgroup=getattr(body, "talkgroup", "") or "",
        seconds=row.seconds,
        urgent=row.urgent,
        person=event.person,
        by=store.marked(event),
        exercise=event.exercise or bool(getattr(body, "exercise", False)),
    )


def as_csv(rows: Iterable[TimelineRow]) -> bytes:
    """With a byte order mark, without which spreadsheets read æ, ø and å wrongly; semicolons, as
    they expect them where a comma is in numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        (
            translate("Timeline", "Time"),
            translate("Timeline", "Kind"),
            translate("Timeline", "Who"),
            translate("Timeline", "Group"),
            translate("Timeline", "What"),
            translate("Timeline", "Seconds"),
            translate("Timeline", "By"),
            translate("Timeline", "Exercise"),
            "id",
        )
    )
    for row in rows:
        seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
        cells = (row.kind, row.who, row.group, row.text, seconds, row.by)
        exercise = "x" if row.exercise else ""
        writer.writerow((when(row.time_s), *map(harmless, cells), exercise, row.key))
    return out.getvalue().encode("utf-8-sig")


def when(time_s: float) -> str:
    """Local time with its offset, ISO 8601."""
    return time.strftime("%Y-%m-%d %H:%M:%S%z", time.localtime(time_s))


def harmless(cell: str) -> str:
    """A spreadsheet takes what begins so for a formula; somebody on the radio may have written it
    (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def write_new(path: Path, data: bytes) -> str:
    """Whole, for this user alone, over no other file. Why not, "" = it is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        return error.strerror or type(error).__name__
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        return error.strerror or type(error).__name__
    return ""
