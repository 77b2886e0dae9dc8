"""Moments of a start, written for ``vaktbord bench startup`` into the file VAKTBORD_MARKS names."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

FIRST_PAINT: Final = "first-paint"
FIRST_VOICE: Final = "first-voice"


class Marks:
    """Each mark is written once: a word and a monotonic time in seconds."""

    def __init__(self) -> None:
        named = os.environ.get("VAKTBORD_MARKS")
        self._file = Path(named) if named else None
        self._made: set[str] = set()

    def wants(self, mark: str) -> bool:
        return self._file is not None and mark not in self._made

    def make(self, mark: str) -> None:
        if self._file is None or mark in self._made:
            return
        self._made.add(mark)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{mark} {time.monotonic()}\n")
