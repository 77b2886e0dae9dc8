"""The desk's reader of the timeline: a thread that answers the newest question. Knows no Qt.

A question that is still being answered when another comes is broken off. While somebody looks, the
first page is read again whenever the database has changed.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from audio.ready import make_ready
from console.domain.events import Event
from console.timeline import database
from console.timeline.database import TimelineError
from console.timeline.query import ALL_OF_IT, Question
from console.timeline.reader import Found, Standing, TimelineReader

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
Kind = Literal["first", "more", "news", "standing"]


class Answer(msgspec.Struct, frozen=True):
    """To question ``number``. ``found`` is None when nothing could be read (yet)."""

    number: int
    kind: Kind
    found: Found | None = None
    standing: Standing | None = None


class Lookup:
    """``on_answer`` is called on the thread. Everything else: from any one."""

    def __init__(self, folder: Path, on_answer: Callable[[Answer], None]) -> None:
        self._folder = folder
        self._on_answer = on_answer
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._number = 0
        self._question = ALL_OF_IT
        self._is_watched = False
        self._has_answered = False  # the newest question
        self._reader: TimelineReader | None = None
        self._file = 0  # its inode
        self._thread = threading.Thread(target=self._run, name="timeline-lookup", daemon=True)
        self.failed = 0

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        self._jobs.put(None)
        self._break_off()
        if self._thread.ident is not None:
            self._thread.join(timeout=5.0)

    def ask(self, question: Question) -> int:
        """Returns its number; the answer is the first page."""
        with self._lock:
            self._number += 1
            self._question = question
            number = self._number
        self._jobs.put(lambda: self._first(number, question))
        self._break_off()
        return number

    def more(self, number: int, before: int) -> None:
        question = self._question
        self._jobs.put(lambda: self._more(number, question, before))

    def watch(self, is_watched: bool) -> None:
        self._is_watched = is_watched
        self._jobs.put(lambda: None)

    def gather(self, question: Question, most: int, done: Callable[[list[Event]], None]) -> None:
        """All that fits, the newest ``most`` of it; ``done`` is called on the thread."""
        self._jobs.put(lambda: done(self._gathered(question, most)))

    def aside(self, job: Callable[[], None]) -> None:
        """Something else that takes a while, on this thread."""
        self._jobs.put(job)

    # -- its thread -----------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=LOOK_S if self._is_watched else None)
            except queue.Empty:
                job = self._look
            if job is None:
                break
            try:
                job()
            except Exception:
                self.failed += 1
                log.exception("the timeline could not be asked")
        self._close()

    def _break_off(self) -> None:
        reader = self._reader
        if reader is not None:
            reader.interrupt()

    def _first(self, number: int, question: Question) -> None:
        if number == self._number:
            self._has_answered = self._answer(number, "first", question)

    def _more(self, number: int, question: Question, before: int) -> None:
        if number == self._number:
            self._answer(number, "more", question, before)

    def _look(self) -> None:
        with self._lock:
            number, question = self._number, self._question
        if not number:
            return
        if not self._has_answered:
            self._first(number, question)
            return
        reader = self._open()
        if reader is None:
            return
        try:
            has_changed = reader.has_changed()
        except database.Error:
            self._close()
            return
        if has_changed:
            self._answer(number, "news", question)

    def _answer(
        self, number: int, kind: Kind, question: Question, before: int | None = None
    ) -> bool:
        """Whether it could be answered."""
        reader = self._open()
        if reader is None:
            self._on_answer(Answer(number, kind))
            return False
        try:
            found, standing = reader.page(question, before), reader.standing()
        except database.Error as error:
            if number == self._number:  # not broken off by a newer one
                self.failed += 1
                log.warning("the timeline could not be read: %s", type(error).__name__)
                self._close()
                self._on_answer(Answer(number, kind))
            return False
        self._on_answer(Answer(number, kind, found, standing))
        return True

    def _gathered(self, question: Question, most: int) -> list[Event]:
        """Not broken off by another question: with a reader of its own."""
        try:
            reader = TimelineReader.open(self._folder)
        except TimelineError:
            return []
        try:
            return list(reader.all(question, most))
        finally:
            reader.close()

    def _open(self) -> TimelineReader | None:
        """None while there is nothing to read. A file that was put aside is left."""
        try:
            inode = (self._folder / database.FILE).stat().st_ino
        except OSError:
            self._close()
            return None
        if self._reader is not None and inode == self._file:
            return self._reader
        self._close()
        try:
            self._reader = TimelineReader.open(self._folder)
        except TimelineError:
            return None
        self._file = inode
        return self._reader

    def _close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
