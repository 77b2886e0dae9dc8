"""What nats-server complains of, taken over into the site's own log: a few of each kind a minute.

The server writes a line of each thing that a member says where it may not, as fast as it says it,
and can't be told to write fewer: within a second or two all else has gone from ``nats.log``. Who it
was, and what else happened, is to be found all the same.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from console.site.worker import Worker

log = logging.getLogger(__name__)

FILE: Final = "nats.log"
LOOK_S: Final = 0.2
CHUNK: Final = 16_000_000
"""At most so much is read at once: more than the server writes meanwhile."""
MINUTE_S: Final = 60.0
MOST_ALIKE: Final = 3
MOST_KINDS: Final = 30
"""With how often each is told, fewer than a log takes of one place in the code."""
MOST_SHOWN: Final = 300
_LINE: Final = re.compile(r"\A\[\d+\] \S+ \S+ \[(ERR|WRN|FTL)\] (.*)\Z", re.DOTALL)
_FORBIDDEN: Final = re.compile(
    r'user:([a-z0-9-]+\.[a-z]+)\.\S*" - (Publish|Subscription) Violation - Subject "([^"]*)"'
)
_QUOTED: Final = re.compile(r'".*"')
"""From the first to the last: what a client says of itself stands between."""
_FIGURES: Final = re.compile(r"[0-9a-f]*\d[0-9a-f]*")
_LEVELS: Final = {"ERR": logging.ERROR, "FTL": logging.CRITICAL, "WRN": logging.WARNING}
ROUTINE: Final = "found in connect proto, but user required from cert"
"""Of every connection of ours: it goes by the certificate alone, as is right."""
OTHER: Final = "other lines of nats-server"


class Collator:
    """Of what the server's lines say, that which is to be written; the caller has the clock."""

    def __init__(self) -> None:
        self._begun_s = 0.0
        self._counts: dict[str, int] = {}
        self._last: dict[str, tuple[int, str]] = {}

    def take(self, lines: Iterable[str], now_s: float) -> list[tuple[int, str]]:
        """Levels and messages."""
        told = self._minute_over() if now_s - self._begun_s >= MINUTE_S else []
        if not self._counts:
            self._begun_s = now_s
        for line in lines:
            found = _LINE.match(line)
            if found is not None and ROUTINE not in line:
                told += self._one(_LEVELS[found[1]], found[2])
        return told

    def _one(self, level: int, text: str) -> list[tuple[int, str]]:
        kind, said = _kind_of(text)
        if kind not in self._counts and len(self._counts) >= MOST_KINDS:
            kind, said = OTHER, OTHER
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        self._last[kind] = (level, said)
        return [self._last[kind]] if count <= MOST_ALIKE and kind != OTHER else []

    def _minute_over(self) -> list[tuple[int, str]]:
        more = {kind: n - MOST_ALIKE for kind, n in self._counts.items() if n > MOST_ALIKE}
        told = [
            (self._last[kind][0], f"{count} more of these within a minute: {self._last[kind][1]}")
            for kind, count in more.items()
        ]
        self._counts, self._last = {}, {}
        return told


def _kind_of(text: str) -> tuple[str, str]:
    """What is alike, and how it is said: without what somebody else has put into it."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        who, what, subject = forbidden.groups()
        return f"{who} {what}", f"{what} violation of {who}: {subject[:MOST_SHOWN]}"
    said = _QUOTED.sub('"…"', text)[:MOST_SHOWN]
    return _FIGURES.sub("#", said), said


class Tail:
    """A file that grows and is renamed when it is long; what was there before is passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._rest = b""
        with contextlib.suppress(OSError):
            self._file = path.open("rb")
            self._file.seek(0, os.SEEK_END)

    def lines(self) -> list[str]:
        """The new ones; of a file that is gone just now, as it is renamed, those that it had."""
        with contextlib.suppress(OSError):
            self._read()
            if self._is_another():
                self._read()
                self.close()
                self._file = self._path.open("rb")
                self._read()
        whole, _, self._rest = self._rest.rpartition(b"\n")
        return whole.decode(errors="replace").split("\n") if whole else []

    def _read(self) -> None:
        if self._file is not None:
            self._rest += self._file.read(CHUNK)

    def _is_another(self) -> bool:
        there = self._path.stat()
        if self._file is None:
            return True
        ours = os.fstat(self._file.fileno())
        return (there.st_ino, there.st_dev) != (ours.st_ino, ours.st_dev)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class ServerLog(Worker):
    """``folder`` is ``<home>/site``."""

    THREAD = "site-server-log"
    END_S = 2.0

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._tail = Tail(folder / FILE)
        self._collator = Collator()

    def _work(self) -> None:
        while not self._stopping.wait(LOOK_S):
            try:
                self._look()
            except Exception:
                log.exception("the server's log can't be followed")
        self._look()
        self._tail.close()

    def _look(self) -> None:
        for level, said in self._collator.take(self._tail.lines(), time.monotonic()):
            log.log(level, "nats-server: %s", said)
