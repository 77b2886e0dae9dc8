"""What a desk hears of the site's floors, and what its engine is to know of them. Pure."""

from __future__ import annotations

from typing import Final

from audio import protocol
from console.domain import floor_messages as fm
from console.domain.floor_messages import FloorSpeaker, FloorState

FRESH_S: Final = 1.2
"""Without a beat of the arbiter for so long nobody controls the floor: listen before talk."""
FENCE_S: Final = 2.0
"""A lower epoch counts again when the higher one was not heard for so long (a wiped disk)."""
MAX_KNOWN: Final = 1_024
FREE: Final = FloorState("free")


class FloorBoard:
    """The newest word on each talkgroup; one that nobody has spoken of is free."""

    def __init__(self) -> None:
        self._states: dict[str, FloorState] = {}
        self._heard_s = float("-inf")
        self.epoch = 0
        self.unread = 0

    def take(self, subject: str, payload: bytes, now_s: float) -> frozenset[str] | None:
        """The talkgroups that it is about, None for what says nothing of floors. Only the site
        itself may say it."""
        tokens = subject.split(".")
        if tokens[:2] != ["vb", "live"] or len(tokens) < 6 or tokens[3] != "site":
            return None
        if tokens[2] == fm.BEAT:
            return self._take_beat(fm.decode(payload, fm.FloorBeat), now_s)
        if tokens[2] == fm.STATE:
            return self._take_change(fm.decode(payload, fm.FloorChange), now_s)
        return None

    def stood(self, seconds: float, now_s: float) -> None:
        """The desk itself has heard nobody for so long, but what it has read since."""
        self._heard_s = min(self._heard_s + seconds, now_s)

    def is_fresh(self, now_s: float) -> bool:
        """Whether an arbiter is there."""
        return now_s - self._heard_s < FRESH_S

    def state(self, talkgroup: str) -> FloorState:
        return self._states.get(talkgroup, FREE)

    def speakers(self, talkgroup: str) -> tuple[FloorSpeaker, ...]:
        return self.state(talkgroup).speakers

    def for_engine(self, stream: str, talkgroup: str) -> protocol.Floor:
        """Of a stream whose senders ask the arbiter."""
        ssrcs = tuple(one.ssrc for one in self.speakers(talkgroup))[: protocol.MAX_FLOORS]
        return protocol.Floor(stream, controlled=True, ssrcs=ssrcs, epoch=self.epoch)

    def _take_beat(self, beat: fm.FloorBeat | None, now_s: float) -> frozenset[str]:
        if beat is None:
            self.unread += 1
            return frozenset()
        if not self._is_current(beat.epoch, now_s):
            return frozenset()
        self._heard_s = now_s
        states = {one.talkgroup: one for one in beat.floors}
        changed = {
            group
            for group in {*states, *self._states}
            if states.get(group, FREE) != self._states.get(group, FREE)
        }
        self._states = states
        return frozenset(changed)

    def _take_change(self, change: fm.FloorChange | None, now_s: float) -> frozenset[str]:
        if change is None:
            self.unread += 1
            return frozenset()
        if not self._is_current(change.epoch, now_s):
            return frozenset()
        state = change.state
        if state.talkgroup not in self._states and len(self._states) >= MAX_KNOWN:
            return frozenset()
        self._states[state.talkgroup] = state
        return frozenset({state.talkgroup})

    def _is_current(self, epoch: int, now_s: float) -> bool:
        if epoch < self.epoch and now_s - self._heard_s < FENCE_S:
            return False
        self.epoch = epoch
        return True
