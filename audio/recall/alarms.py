"""What is kept with an alarm: windows of time on a stream; every burst that reaches into one.

Which bursts those are follows from the windows alone, so nothing has to be written beside a burst,
and one that a crash has left whole is bound again by the next start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from audio.private import write_private
from audio.protocol import UNREADABLE, AlarmId, StreamId
from audio.recall.burst import Facts

KEEP_MS: Final = 90 * 24 * 3_600_000  # after a window's end, as the log keeps the alarm itself
MAX_WINDOWS: Final = 512  # then an alarm has to be released first
MAX_FILE: Final = 1 << 20  # bytes

Millis = Annotated[int, Meta(ge=0, le=10**14)]


class Window(msgspec.Struct, frozen=True):
    """Unix milliseconds, both included."""

    alarm: AlarmId
    stream: StreamId
    from_ms: Millis
    until_ms: Millis

    def reaches(self, facts: Facts) -> bool:
        end_ms = facts.start_ms + facts.length_ms
        return facts.start_ms <= self.until_ms and end_ms >= self.from_ms


class TooManyError(ValueError):
    """One sentence for a person."""


class Windows:
    """``change`` and ``expire`` by one thread. What can't be read is counted as none, and is put
    aside rather than written over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[tuple[str, str], Window] = {}
        for one in _read(path):
            self._all[one.alarm, one.stream] = one

    def of(self, facts: Facts) -> tuple[str, ...]:
        """The alarms with which a burst is kept."""
        found = (one for one in self._all.values() if one.stream == facts.stream)
        return tuple(one.alarm for one in found if one.reaches(facts))

    def keep(self, wish: Window) -> None:
        """One for each alarm and stream, and longer if said again. Raises TooManyError, and
        OSError when it can't be noted: it holds all the same, until the engine ends."""
        known = self._all.get((wish.alarm, wish.stream))
        if known is not None:
            wish = msgspec.structs.replace(
                wish,
                from_ms=min(wish.from_ms, known.from_ms),
                until_ms=max(wish.until_ms, known.until_ms),
            )
        elif len(self._all) >= MAX_WINDOWS:
            raise TooManyError(f"sound is kept with {MAX_WINDOWS} alarms already; release one")
        self._all[wish.alarm, wish.stream] = wish
        self._save()

    def release(self, alarm: str) -> None:
        """Raises OSError as :meth:`keep` does."""
        self._all = {key: one for key, one in self._all.items() if one.alarm != alarm}
        self._save()

    def expire(self, now_ms: float) -> bool:
        """Whether there were any whose time is over. Raises OSError as :meth:`keep` does."""
        old = [key for key, one in self._all.items() if one.until_ms + KEEP_MS < now_ms]
        for key in old:
            del self._all[key]
        if old:
            self._save()
        return bool(old)

    def _save(self) -> None:
        write_private(self._path, msgspec.json.encode(list(self._all.values())))


def _read(path: Path) -> list[Window]:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE), type=list[Window])[:MAX_WINDOWS]
    except FileNotFoundError:
        return []
    except UNREADABLE:
        path.replace(path.with_suffix(".broken"))
        return []
