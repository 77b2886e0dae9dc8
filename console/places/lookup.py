"""The desk's search of places on a thread of its own: the newest question alone is answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.places.index import Near
from console.places.searching import Answer, Places

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """To question ``number``. ``has_names``, ``has_addresses``: what an import has brought;
    ``answer`` is None when the search failed."""

    number: int
    answer: Answer | None
    has_names: bool = False
    has_addresses: bool = False


class PlaceLookup:
    """``on_answer`` is called on the thread. Everything else: from any one."""

    def __init__(self, home: Path | None, on_answer: Callable[[Answered], None]) -> None:
        self._places = Places(home)
        self._on_answer = on_answer
        self._wake = threading.Condition()
        self._question: tuple[int, str, Near] | None = None
        self._number = 0
        self._is_ended = False
        self._thread = threading.Thread(target=self._run, name="place-lookup", daemon=True)
        self.failed = 0
        self.dropped = 0  # questions that a newer one overtook

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._is_ended = True
            self._number += 1
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout=5.0)

    def ask(self, text: str, near: Near) -> int:
        """Returns its number; of older questions none is answered any more."""
        with self._wake:
            self._number += 1
            self.dropped += self._question is not None
            self._question = (self._number, text, near)
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
                self._answer(*question)
                self._places.rest()

    def _answer(self, number: int, text: str, near: Near) -> None:
        try:
            answer = self._places.search(text, near, is_dropped=lambda: number != self._number)
        except Exception:
            self.failed += 1
            log.exception("places could not be searched")
            self._on_answer(Answered(number, None))
            return
        if number != self._number:
            self.dropped += 1
            return
        parts = self._places.parts
        self._on_answer(Answered(number, answer, "names" in parts, "addresses" in parts))
