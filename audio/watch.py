"""What the engine makes of its desk: gone, hung, back; and when it may end. Pure.

A *desk* is a client with that role. While one is connected its window sends a heartbeat; tools
(`mix`, an exercise) send none and are not missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

HUNG_S: Final = 1.5  # without a heartbeat: the window hangs
REMIND_S: Final = 10.0  # between two "desk gone" tones
LINGER_S: Final = 600.0  # that the engine waits for a desk to come back
TOOL_LINGER_S: Final = 30.0  # for a tool; and at the start for anybody

Sound = Literal["desk-gone", "desk-back"]


@dataclass(frozen=True, slots=True)
class Verdict:
    sound: Sound | None = None
    should_end: bool = False


class Watch:
    """Told what happens, asked once a tick or so. Times in seconds of any steady clock."""

    def __init__(self, now_s: float) -> None:
        self._desks = 0
        self._clients = 0
        self._stays_until_s = float("-inf")  # for those who have gone
        self._wanted_by_s = now_s + TOOL_LINGER_S  # somebody has to come at all
        self._beat_s = now_s
        self._is_missed = False  # a desk was here and is not now
        self._told_s = float("-inf")

    @property
    def is_missing(self) -> bool:
        return self._is_missed

    @property
    def is_alone(self) -> bool:
        """No desk is connected, whether it said goodbye or not."""
        return self._desks == 0

    def joined(self, *, is_desk: bool, now_s: float) -> None:
        self._clients += 1
        self._wanted_by_s = float("-inf")
        if is_desk:
            self._desks += 1
            self._beat_s = now_s

    def left(
        self, *, is_desk: bool, said_goodbye: bool, now_s: float, linger_s: float | None = None
    ) -> None:
        """``linger_s``: how long it is waited for, if it has said so."""
        self._clients -= 1
        usual_s = LINGER_S if is_desk else TOOL_LINGER_S
        until_s = now_s + (usual_s if linger_s is None else linger_s)
        self._stays_until_s = max(self._stays_until_s, until_s)
        if is_desk:
            self._desks -= 1
            if self._desks == 0:
                self._is_missed = not said_goodbye
                self._told_s = float("-inf")

    def beat(self, now_s: float) -> None:
        self._beat_s = now_s

    def look(self, now_s: float) -> Verdict:
        if self._clients == 0 and now_s >= max(self._stays_until_s, self._wanted_by_s):
            return Verdict(should_end=True)
        is_here = self._desks > 0 and now_s - self._beat_s < HUNG_S
        if is_here and self._is_missed:
            self._is_missed = False
            is_told = self._told_s > float("-inf")
            self._told_s = float("-inf")
            return Verdict("desk-back" if is_told else None)
        if self._desks > 0 and not is_here:
            self._is_missed = True
        if self._is_missed and now_s - self._told_s >= REMIND_S:
            self._told_s = now_s
            return Verdict("desk-gone")
        return Verdict()
