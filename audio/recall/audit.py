"""Who listened to kept bursts and who took them out: one JSON document a line, bounded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from audio.protocol import BurstInfo

MAX_BYTES: Final = 1_000_000  # then the file becomes the older one of two; the oldest goes


DeedKind = Literal["export", "recall", "catch-up", "release-alarm"]


class Deed(msgspec.Struct, frozen=True):
    """``time_ms``: unix. ``path``: where an export went."""

    time_ms: int
    who: str
    what: DeedKind
    bursts: tuple[str, ...]
    streams: tuple[str, ...]
    path: str = ""
    v: int = 1


class Audit:
    """Raises OSError when it can't be written; then what was to be noted must not be done."""

    def __init__(self, path: Path, wall_ms: Callable[[], float]) -> None:
        self._path = path
        self._wall_ms = wall_ms

    def note(
        self,
        who: str,
        what: DeedKind,
        bursts: tuple[BurstInfo, ...],
        path: str = "",
    ) -> None:
        streams = tuple(dict.fromkeys(one.stream for one in bursts))
        names = tuple(one.burst for one in bursts)
        deed = Deed(int(self._wall_ms()), who, what, names, streams, path)
        line = msgspec.json.encode(deed) + b"\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "ab") as file:  # noqa: PTH123 - of a descriptor
            is_full = file.tell() + len(line) > MAX_BYTES
            if not is_full:
                file.write(line)
        if is_full:
            self._path.replace(self._path.with_suffix(".log.1"))
            self.note(who, what, bursts, path)
