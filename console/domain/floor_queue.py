"""Who comes before whom on a floor. Pure; of one floor and one claim at a time."""

from __future__ import annotations

from typing import Final

import msgspec

from console.domain.authors import member_of
from console.domain.floor_state import LEVELS, Claim, Floor, Holder

MAX_QUEUE: Final = 16
"""Claims that wait for one floor; one more is denied."""
MAX_OF_MEMBER: Final = 2
"""Of them one member's; it may have several programs, but not the whole queue."""
EMERGENCY_ROOM: Final = 4
"""So many more may wait in an emergency."""
PRE_EMPTS: Final = LEVELS["pre-emptive"]


def is_free_for(floor: Floor, claim: Claim) -> bool:
    """Whether nobody talks there, or it may take the floor from them."""
    own = LEVELS[claim.level]
    if floor.holder is not None:
        return own >= PRE_EMPTS and own > LEVELS[floor.holder.claim.level]
    return not floor.outside or own >= PRE_EMPTS


def passes_all(floor: Floor, claim: Claim) -> bool:
    """Whether it would be served before all who wait."""
    return all(LEVELS[claim.level] > one.rank for one in floor.queue)


def is_full_for(floor: Floor, claim: Claim) -> bool:
    """A member's programs share a few places, so that none keeps the others out."""
    most = MAX_QUEUE + (EMERGENCY_ROOM if claim.level == "emergency" else 0)
    own = sum(member_of(one.author) == member_of(claim.author) for one in floor.queue)
    return len(floor.queue) >= most or own >= MAX_OF_MEMBER


def joined(queue: tuple[Claim, ...], claim: Claim) -> tuple[Claim, ...]:
    """After all that are as high: first come, first served within a rank."""
    at = sum(one.rank >= claim.rank for one in queue)
    return (*queue[:at], claim, *queue[at:])


def passed_over(queue: tuple[Claim, ...], granted: Claim) -> tuple[Claim, ...]:
    """The queue once ``granted`` has gone before those who had asked earlier."""
    counted = [
        msgspec.structs.replace(one, overtaken=one.overtaken + 1)
        if one.asked_s < granted.asked_s and granted.level != "emergency"
        else one
        for one in queue
    ]
    return tuple(sorted(counted, key=lambda one: -one.rank))  # stable: who came first stays first


def order_of_rivals(rivals: list[Holder]) -> list[Holder]:
    """Of those who talk on what has become one floor: the highest, of equals who has spoken
    longest."""
    return sorted(rivals, key=lambda one: (-LEVELS[one.claim.level], one.since_s))
