"""Somebody else's voice on a stream of ours: its numbers and times become those of an SSRC of ours.

Losses, order and pauses stay as they were, so that whoever listens hears them as they are.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

BACK: Final = 0x100  # numbers that may come before the first one, out of order
LEAP: Final = 3_000  # numbers (RFC 3550 A.1 MAX_DROPOUT); further off the sender began anew
LEAP_TIME: Final = 48_000 * 60  # timestamps in a burst: a minute
PAUSE_S: Final = 0.5  # without a packet the burst is over
MAX_RELAYED: Final = 64  # sources of one publication; the one silent for longest gives way


@dataclass(slots=True)
class Relayed:
    """One source on one publication. ``of``: what its SSRC was made for, a key and a block."""

    ssrc: int
    of: tuple[str, int]
    sequence: int  # of the last packet, as it came
    timestamp: int
    name: str
    start: int = field(default_factory=lambda: BACK + secrets.randbelow(0x4000))
    count: int = 0  # of numbers from the first to the last packet
    offset: int = field(default_factory=lambda: secrets.randbits(32))
    packets: int = 0
    octets: int = 0
    sent_s: float = float("-inf")
    reported_s: float = float("-inf")
    is_on: bool = False

    def step(self, sequence: int, timestamp: int) -> int | None:
        """Numbers since the last packet; None when these are another beginning."""
        step = ((sequence - self.sequence + 0x8000) & 0xFFFF) - 0x8000
        time = ((timestamp - self.timestamp + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        is_near = -BACK < step <= LEAP and abs(time) <= LEAP_TIME
        return step if is_near and self.count + step > -BACK else None

    def place(self, step: int, timestamp: int, sequence: int) -> tuple[int, int]:
        """The number, which never wraps (:data:`audio.sending.publication.MAX_OF_SSRC`), and the
        time under which it goes out."""
        number = self.start + self.count + step
        if step > 0:
            self.count, self.sequence, self.timestamp = self.count + step, sequence, timestamp
        return number, (timestamp + self.offset) & 0xFFFFFFFF
