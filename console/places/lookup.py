"""The desk's search of places on a thread of its own: the newest question alone is answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audio.ready import make_ready

if TYPE_CHECKING:
    from console.places.own import OwnPlace
    from console.places.searching import Answer, Places

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """To question ``number``. ``has_names``, ``has_addresses``: what an import has brought;
    ``damaged``: how many parts of it can't be used; ``answer`` is None when the search failed."""

    number: int
    answer: Answer | None
    has_names: bool = False
    has_addresses: bool = False
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class _Question:
    number: int
    text: str
    lat: float
    lon: float
    own: tuple[OwnPlace, ...]


class PlaceLookup:
    """``on_answer`` is called on the thread. Everything else: from any one."""

    def __init__(self, home: Path | None, on_answer: Callable[[Answered], None]) -> None:
        self._home = home
        self._places: Places | None = None
        self._on_answer = on_answer
        self._wake = threading.Condition()
        self._question: _Question | None = None
        self._number = 0
        self._is_ended = False
        self._thread = threading.Thread(target=self._run, name="place-lookup", daemon=True)
        self.failed = 0
        self._damaged: dict[str, str] = {}  # as it was told of last
        self.dropped = 0  # questions that a newer one overtook

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._is_ended = True
            self._number += 1
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout=5.0)

    def ask(self, text: str, lat: float, lon: float, own: Sequence[OwnPlace] = ()) -> int:
        """``lat``, ``lon``: what is near there stands first; ``own``: what somebody at the site has
        marked. Returns the question's number; of older ones none is answered any more."""
        with self._wake:
            self._number += 1
            self.dropped += self._question is not None
            self._question = _Question(self._number, text, lat, lon, tuple(own))
            self._wake.notify()
            return self._number

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._question is None and not self._is_ended:
                    self._wake.wait()
                if self._is_ended:
                    return
                question, self._question = self._question, None
            if question is not None:
                self._answer(question)

    def _answer(self, question: _Question) -> None:
        number = question.number
        try:
            answer = self._search(question)
        except Exception:
            self.failed += 1
            log.exception("places could not be searched")
            self._on_answer(Answered(number, None))
            return
        if number != self._number:
            self.dropped += 1
            return
        parts = self._places.parts if self._places is not None else {}
        damaged = dict(self._places.damaged) if self._places is not None else {}
        for part in damaged.keys() - self._damaged.keys():
            log.warning("%s", damaged[part])
        self._damaged = damaged
        has = "names" in parts, "addresses" in parts
        self._on_answer(Answered(number, answer, *has, len(damaged)))

    def _search(self, asked: _Question) -> Answer:
        # Half a second of libraries where the disk is slow: not on the asker's thread.
        from console.places.index import Near  # noqa: PLC0415
        from console.places.searching import Places  # noqa: PLC0415

        if self._places is None:
            self._places = Places(self._home)
        self._places.own.take(asked.own)
        try:
            return self._places.search(
                asked.text,
                Near(asked.lat, asked.lon),
                is_dropped=lambda: asked.number != self._number,
            )
        finally:
            self._places.rest()
