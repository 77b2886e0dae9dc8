"""Who may be heard in a floor-controlled stream: as the arbiter has told it just now. Pure.

Who holds the key of a talkgroup could talk without having been given the floor. While it is known
who has it, such a one is held back, because his grant may be on its way still, and then not heard.
When that is not known any more, everybody is heard, and marked: a dead arbiter silences nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from audio.network.rtp import Packet
from audio.protocol import Floor, FloorMark

HOLD_MS: Final = 200.0  # a grant may come so long after the first packet; the floor be left so long
OVER_MS: Final = 1_000.0  # of silence: what follows is another over
MAX_HELD: Final = 100  # packets of one sender held back: 2.5 ms each are 80
MAX_WAITING: Final = 16  # senders; the one silent for longest gives way
OCCUPIED_MS: Final = 300.0  # after the last packet somebody may go on

Verdict = Literal["pass", "hold", "drop"]


@dataclass(slots=True)
class _Waiting:
    """A sender without the floor. ``held``: his packets with their arrival."""

    since_ms: float
    last_ms: float
    held: list[tuple[Packet, float]] = field(default_factory=list)


class FloorGate:
    """Of one stream. With nothing told the floor is not controlled, and everybody passes."""

    def __init__(self, original_of: Callable[[int], int | None] = lambda _ssrc: None) -> None:
        """``original_of``: the SSRC that a patch has a voice from. It is that one's floor: the
        groups of a patch have one together."""
        self.original_of = original_of
        self._told = Floor("-", controlled=False)
        self._until_ms = float("-inf")  # believed
        self._waiting: dict[int, _Waiting] = {}
        self._lost_ms: dict[int, float] = {}  # when who is heard was first seen without the floor
        self.dropped = 0  # packets

    def tell(self, wish: Floor, now_ms: float) -> bool:
        """False: of an arbiter whose lease has gone to another one."""
        if now_ms < self._until_ms and wish.epoch < self._told.epoch:
            return False
        self._told, self._until_ms = wish, now_ms + wish.fresh_s * 1_000
        return True

    @property
    def is_controlled(self) -> bool:
        return self._told.controlled

    def mark(self, ssrc: int, now_ms: float) -> FloorMark:
        if not self._told.controlled:
            return ""
        if now_ms >= self._until_ms:
            return "unknown"
        original = self.original_of(ssrc)
        speaks = ssrc if original is None else original
        return "held" if speaks in self._told.ssrcs else "none"

    def judge(self, packet: Packet, now_ms: float) -> Verdict:
        """A packet of somebody who is not heard yet. Held ones come back by :meth:`granted`."""
        if self.mark(packet.ssrc, now_ms) != "none":
            return "pass"
        one = self._waiting.pop(packet.ssrc, None)
        if one is None or now_ms - one.last_ms >= OVER_MS:
            self.dropped += len(one.held) if one is not None else 0
            one = _Waiting(now_ms, now_ms)
        self._waiting[packet.ssrc] = one
        if len(self._waiting) > MAX_WAITING:
            self.dropped += len(self._waiting.pop(next(iter(self._waiting))).held)
        one.last_ms = now_ms
        if now_ms - one.since_ms < HOLD_MS and len(one.held) < MAX_HELD:
            one.held.append((packet, now_ms))
            return "hold"
        self.dropped += 1 + len(one.held)
        one.held.clear()
        return "drop"

    def granted(self, now_ms: float) -> list[tuple[Packet, float]]:
        """What was held back of those who may be heard now, each with its arrival."""
        found: list[tuple[Packet, float]] = []
        for ssrc, one in list(self._waiting.items()):
            if self.mark(ssrc, now_ms) != "none":
                found += one.held
                del self._waiting[ssrc]
            elif now_ms - one.last_ms >= OVER_MS:
                self.dropped += len(one.held)
                del self._waiting[ssrc]
        return found

    def is_lost(self, ssrc: int, now_ms: float) -> bool:
        """Whether who is heard now has been without the floor for longer than his last packets
        may be on their way."""
        if self.mark(ssrc, now_ms) != "none":
            self._lost_ms.pop(ssrc, None)
            return False
        if now_ms - self._lost_ms.setdefault(ssrc, now_ms) < HOLD_MS:
            return False
        del self._lost_ms[ssrc]
        self._waiting[ssrc] = _Waiting(now_ms - HOLD_MS, now_ms)
        return True

    def is_anybody_waiting(self, now_ms: float) -> bool:
        """Somebody sends, and is not heard."""
        return any(now_ms - one.last_ms < OCCUPIED_MS for one in self._waiting.values())
