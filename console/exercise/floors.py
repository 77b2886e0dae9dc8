"""Who has the floor, by what the engine says it sends: an over asked for is no over heard. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import msgspec

from console.domain.events import FloorGranted, FloorReleased
from console.exercise.net import Talk

MAX_EXPECTED: Final = 8  # overs asked for in one group and not begun; the oldest is forgotten


class _Over(msgspec.Struct, frozen=True):
    talk: Talk
    begun_ms: int


@dataclass(slots=True)
class Floors:
    """Times are any clock's that goes on evenly. Every grant that is returned has its release."""

    expected: dict[str, deque[Talk]] = field(default_factory=dict)
    current: dict[str, _Over] = field(default_factory=dict)

    def expect(self, talk: Talk) -> None:
        """The engine has been asked to send it."""
        waiting = self.expected.setdefault(talk.talkgroup, deque(maxlen=MAX_EXPECTED))
        waiting.append(talk)

    def refused(self, talkgroup: str) -> None:
        """The engine won't send what it was asked for last."""
        if self.expected.get(talkgroup):
            self.expected[talkgroup].pop()

    def begun(self, talkgroup: str, ssrc: int, now_ms: int) -> list[FloorGranted | FloorReleased]:
        waiting = self.expected.get(talkgroup)
        if not waiting:
            return []
        talk = waiting.popleft()
        told: list[FloorGranted | FloorReleased] = list(self.ended(talkgroup, now_ms))
        self.current[talkgroup] = _Over(talk, now_ms)
        return [*told, FloorGranted(talkgroup, talk.unit, ssrc, talk.emergency)]

    def ended(self, talkgroup: str, now_ms: int) -> list[FloorReleased]:
        over = self.current.pop(talkgroup, None)
        if over is None:
            return []
        return [FloorReleased(talkgroup, over.talk.unit, max(now_ms - over.begun_ms, 0))]

    def all_ended(self, now_ms: int) -> list[FloorReleased]:
        """The engine has gone: nobody speaks, and nothing that was asked for will be sent."""
        self.expected.clear()
        return [one for group in list(self.current) for one in self.ended(group, now_ms)]
