"""The thread that keeps bursts: writes, deletes the old, lists, exports, notes who did what.

Whoever hands a job over never waits. At the bound a burst is not kept, and counted; a question is
refused.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from audio.ready import make_ready
from audio.recall.audit import Audit
from audio.recall.burst import Facts, Piece
from audio.recall.store import Store
from audio.recall.vault import SealError

log = logging.getLogger(__name__)

MAX_PIECES: Final = 256  # waiting for the disk; then bursts are not kept, and counted
MAX_WAITING_BYTES: Final = 32 * 1_024 * 1_024  # of them
MAX_QUESTIONS: Final = 64
EXPIRE_EVERY_S: Final = 10.0
ENDING_S: Final = 5.0  # for what waits at the end

Question = Callable[["Archive"], None]


class Archive:
    """``complain(why)`` once when bursts can't be kept, from this thread. ``store`` is None until
    the folder has been read, and for good if it can't be."""

    def __init__(
        self,
        folder: Path,
        wall_ms: Callable[[], float],
        complain: Callable[[str], None],
        on_bound: Callable[[Facts, tuple[str, ...]], None] = lambda _facts, _alarms: None,
    ) -> None:
        """``on_bound``: a burst has been kept with these alarms."""
        self._on_bound = on_bound
        self._folder = folder
        self._wall_ms = wall_ms
        self._complain = complain
        self._is_told = False
        self._jobs: queue.SimpleQueue[Piece | Question | None] = queue.SimpleQueue()
        self._waiting = threading.Lock()  # of the two counts
        self._pieces = self._bytes = 0
        self.store: Store | None = None
        self.audit = Audit(folder / "audit.log", wall_ms)
        self.lost = 0  # bursts that the disk did not take
        self.note = ""  # why bursts are not kept, in one sentence
        self._thread = threading.Thread(target=self._run, name="recall-archive", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        """What has been handed over is still written."""
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join(timeout=ENDING_S)

    # -- any thread ---------------------------------------------------------------------------

    def keep(self, piece: Piece) -> bool:
        """Never blocks on a disk. False when there is no room."""
        with self._waiting:
            size = len(piece.body)
            if self._pieces >= MAX_PIECES or self._bytes + size > MAX_WAITING_BYTES:
                return False
            self._pieces += 1
            self._bytes += size
        self._jobs.put(piece)
        return True

    def ask(self, question: Question) -> bool:
        """Do it on the archive's thread. False when too many wait."""
        if self._jobs.qsize() >= MAX_PIECES + MAX_QUESTIONS:
            return False
        self._jobs.put(question)
        return True

    def keep_for(self, keep_ms: float) -> bool:
        """From now on, also what is there. False when too much waits."""
        return self.ask(lambda archive: archive._keep_for(keep_ms))

    def keep_mark(self, burst: str) -> None:
        """That somebody has listened, for the next engine. Where too much waits it is let go."""
        self.ask(lambda archive: archive._keep_mark(burst))

    # -- its own ------------------------------------------------------------------------------

    def _run(self) -> None:
        self._open()
        is_all = True
        while True:
            try:
                job = self._jobs.get(timeout=EXPIRE_EVERY_S if is_all else 0.01)
            except queue.Empty:
                job = _nothing
            if job is None:
                return
            try:
                self._do(job)
                is_all = self._expire()
            except Exception:  # one burst or question; the next ones must not be lost with it
                log.exception("the archive failed at a job")

    def _open(self) -> None:
        try:
            self.store = Store(self._folder, self._wall_ms)
        except (OSError, SealError) as error:
            self.complain_once(f"bursts can't be kept for recall: {error}")

    def _do(self, job: Piece | Question) -> None:
        if isinstance(job, Piece):
            with self._waiting:
                self._pieces -= 1
                self._bytes -= len(job.body)
            self._write(job)
        else:
            job(self)

    def _write(self, piece: Piece) -> None:
        if self.store is None or not self.store.is_wanted(piece.facts):
            self.lost += self.store is None
            return
        try:
            facts = self.store.add(piece)
        except OSError as error:
            self.lost += 1
            self.complain_once(f"bursts can't be kept for recall: {error.strerror or error}")
            return
        self._is_told, self.note = False, ""
        if alarms := self.store.alarms_of(facts.burst):
            self._on_bound(facts, alarms)

    def _keep_for(self, keep_ms: float) -> None:
        if self.store is None:
            return
        try:
            self.store.keep_for(keep_ms)
        except OSError as error:  # it holds all the same, until the engine ends
            self.complain_once(f"how long bursts are kept can't be noted: {error.strerror}")

    def _keep_mark(self, burst: str) -> None:
        if self.store is None:
            return
        try:
            self.store.keep_mark(burst)
        except (OSError, SealError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            self.complain_once(f"that a burst has been listened to can't be noted: {why}")

    def complain_once(self, why: str) -> None:
        """Told once, until one could be kept again."""
        self.note = why
        if not self._is_told:
            self._is_told = True
            log.warning("%s", why)
            self._complain(why)

    def _expire(self) -> bool:
        return self.store is None or self.store.expire()


def _nothing(_archive: Archive) -> None:
    """Time has passed."""
