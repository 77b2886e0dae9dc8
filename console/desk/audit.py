"""Which kept calls this desk has played or taken out, for the site's audit: pure.

An engine tells everybody what it plays and writes out; the desk notes what it has asked for itself.
Who asks from a shell notes it there.
"""

from __future__ import annotations

from typing import Final, Literal

from audio import protocol
from console.domain.events import AnyBody, RecordingExported, RecordingHeard

MAX_ASKED: Final = 64
"""Exports under way; the oldest is forgotten beyond it."""


class AuditTrail:
    def __init__(self) -> None:
        self._how: Literal["recall", "catch-up", ""] = ""  # what was asked for, until it is over
        self._burst = ""  # that was told last
        self._exports: dict[str, None] = {}  # paths

    def asked(self, command: protocol.Command) -> None:
        match command:
            case protocol.Recall():
                self._how, self._burst = "recall", ""
            case protocol.CatchUp():
                self._how, self._burst = "catch-up", ""
            case protocol.Export(path=path):
                self._exports[path] = None
                if len(self._exports) > MAX_ASKED:
                    del self._exports[next(iter(self._exports))]
            case _:
                pass

    def told(self, event: protocol.Event) -> AnyBody | None:
        """What is to be noted, if anything."""
        match event:
            case protocol.ReplayChanged(state="playing", kind=kind, burst=burst) if burst:
                return self._heard(kind, burst)
            case protocol.ReplayChanged(state="idle"):
                self._how, self._burst = "", ""
            case protocol.Refused(command="recall" | "catch-up"):
                self._how = ""
            case protocol.Exported(path=path) if path in self._exports:
                del self._exports[path]
                return exported(event)
            case _:
                pass
        return None

    def _heard(self, kind: protocol.ReplayKind, burst: protocol.BurstInfo) -> AnyBody | None:
        """Once per burst, though a replay that waited is told to play again."""
        if kind != self._how or burst.burst == self._burst:
            return None
        self._burst = burst.burst
        return heard(burst, kind)


def heard(burst: protocol.BurstInfo, how: protocol.ReplayKind) -> RecordingHeard:
    return RecordingHeard(burst.burst, burst.stream, burst.start_ms, burst.length_ms, how)


def exported(told: protocol.Exported) -> RecordingExported:
    burst = told.burst
    return RecordingExported(
        burst.burst, burst.stream, burst.start_ms, burst.length_ms, told.format
    )
