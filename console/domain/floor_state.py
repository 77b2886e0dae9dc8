"""Who has a floor and who waits for it: what an arbiter knows.

A *floor* is a talkgroup's, or that of all talkgroups of one patch together. A *claim* is one press
of one program's key in one talkgroup. Times are the arbiter's clock, in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

MAX_OVERTAKEN: Final = 4
"""Times that a waiting claim may be passed over by higher ones; then only emergency passes it."""

MAX_PATCHED: Final = 4
"""Talkgroups of one patch."""

Level = Literal["normal", "high", "pre-emptive", "emergency"]
"""``high`` goes first in the queue; ``pre-emptive`` and ``emergency`` take the floor from lower
ones (3GPP TS 24.380 section 4.1.1.4: pre-emption and queueing by priority)."""
LEVELS: Final[Mapping[Level, int]] = {"normal": 0, "high": 1, "pre-emptive": 2, "emergency": 3}
OVERTAKEN: Final = 2.5  # the rank of who has been passed over often enough

Verdict = Literal[
    "granted", "queued", "settling", "denied", "pre-empted", "timed-out", "released", "unknown"
]
"""How a press stands. ``settling``: the arbiter is new and first hears who holds what (ask again,
or wait to be told); ``unknown``: this press holds nothing here, so its gate must close."""
Why = Literal["", "queue-full", "too-many-floors", "no-such-group", "may-not-talk"]
OverEnd = Literal["released", "pre-empted", "timed-out", "dead", "patched"]

PressId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,40}\Z")]
Ssrc = Annotated[int, Meta(ge=0, lt=2**32)]
Press = tuple[str, str, str]
"""Who made it, its id, and where: one key may ask in several talkgroups."""


class Policy(msgspec.Struct, frozen=True):
    """Seconds. ``dead_s``: after so long without a word of it a claim is gone."""

    most_s: float = 60.0
    warning_s: float = 10.0
    dead_s: float = 0.6
    settle_s: float = 0.3
    outside_s: float = 60.0


class Claim(msgspec.Struct, frozen=True):
    """One press. ``author`` is the program (a member's, as in the log); ``talkgroup`` where it
    talks. Times are the arbiter's clock; ``heard_s`` the last word of it."""

    press: str
    author: str
    talkgroup: str
    ssrc: int
    level: Level = "normal"
    also: tuple[int, ...] = ()  # its SSRCs in the groups that its own desk patches
    spoken_s: float = 0.0  # before this arbiter knew of it
    asked_s: float = 0.0
    heard_s: float = 0.0
    overtaken: int = 0

    @property
    def rank(self) -> float:
        """Where it stands in the queue, for who has waited longest may not wait for ever."""
        own = float(LEVELS[self.level])
        return max(own, OVERTAKEN) if self.overtaken >= MAX_OVERTAKEN else own


class Holder(msgspec.Struct, frozen=True):
    claim: Claim
    since_s: float
    warned: bool = False

    def spoken_s(self, now_s: float) -> float:
        return self.claim.spoken_s + now_s - self.since_s


class Outside(msgspec.Struct, frozen=True):
    """Somebody who talks on the floor and asked nobody, as the log tells."""

    talkgroup: str
    unit: str
    ssrc: int
    since_s: float


class Floor(msgspec.Struct, frozen=True):
    """``queue`` in the order in which it will be served."""

    holder: Holder | None = None
    queue: tuple[Claim, ...] = ()
    outside: tuple[Outside, ...] = ()

    @property
    def is_idle(self) -> bool:
        return self.holder is None and not self.queue and not self.outside


class Ended(msgspec.Struct, frozen=True):
    verdict: Verdict
    who: str = ""
    why: Why = ""
    spoken_s: float = 0.0  # as this arbiter has counted it


class Floors(msgspec.Struct, frozen=True):
    """All floors of a site. Those not in ``floors`` are free; ``floor_of`` names the floor of a
    talkgroup that is in a patch."""

    started_s: float = 0.0
    settled: bool = False
    floors: Mapping[str, Floor] = msgspec.field(default_factory=dict)
    floor_of: Mapping[str, str] = msgspec.field(default_factory=dict)
    ended: Mapping[Press, Ended] = msgspec.field(default_factory=dict)

    def key(self, talkgroup: str) -> str:
        return self.floor_of.get(talkgroup, talkgroup)

    def at(self, talkgroup: str) -> Floor:
        return self.floors.get(self.key(talkgroup), Floor())


def speakers(floor: Floor) -> tuple[tuple[str, int], ...]:
    """Who may be heard on a floor, with their SSRCs; the holder first."""
    outside = tuple((one.unit, one.ssrc) for one in floor.outside)
    if floor.holder is None:
        return outside
    claim = floor.holder.claim
    return (*((claim.author, ssrc) for ssrc in (claim.ssrc, *claim.also)), *outside)


def press_of(claim: Claim) -> Press:
    return claim.author, claim.press, claim.talkgroup
