"""Which position of a unit counts: never one that is malformed, never an older fix after a newer.

A unit's position is a function of the *set* of its events, as all else is. Of those whose fix time
is known the newest fix counts; one without a fix time counts by its event's id alone. Of what is
left the greatest id has it. Moves that don't count now, and could once another is taken away by a
removal or comes late, are kept beside the one that does: nearly always none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from console.domain.events import Event, Position
from console.domain.records import Move, Unit

AHEAD_MS: Final = 600_000
"""A fix may be so much later than the clocks of who tells it and of who reads it: clocks of two
machines may each be five minutes off, one early and one late."""
MAX_ASIDE: Final = 32
EXERCISE: Final = "!"
"""What an exercise's ids begin with here (:mod:`console.domain.exercise_rule`)."""

Refusal = Literal["malformed", "ahead"]


def is_place(at: Position) -> bool:
    """False for NaN, infinity and what lies outside of the world. Decoders see to it as well; this
    is for what never was bytes."""
    return (
        -90 <= at.lat <= 90
        and -180 <= at.lon <= 180
        and 0 <= at.accuracy_m < math.inf
        and (at.speed_mps is None or 0 <= at.speed_mps < math.inf)
        and (at.heading_deg is None or 0 <= at.heading_deg < 360)
        and at.fixed_ms >= 0
    )


def is_believable(at: Position, said_ms: int) -> bool:
    """Whether it can be true of what was said then, by the clock of who said it."""
    return is_place(at) and at.fixed_ms <= said_ms + AHEAD_MS


def is_ahead(event: Event, at: Position, now_ms: int) -> bool:
    """Whether it was fixed later than it was said, or than it is now, by more than clocks may be
    apart. Believed, it would be the newest fix until its time has come, and the unit stand still.
    """
    return at.fixed_ms > min(event.time_ms, now_ms) + AHEAD_MS


def is_newer(event_id: str, at: Position, unit: Unit) -> bool:
    """Whether it takes the place of all that is known of the unit's position: the usual case."""
    before, moved_by = unit.position, unit.moved_by
    if unit.aside or event_id <= moved_by:
        return False
    if before is None or (moved_by[0] == EXERCISE and event_id[0] != EXERCISE):
        return True
    before_ms, after_ms = before.fixed_ms, at.fixed_ms
    return after_ms >= before_ms and (before_ms > 0 or after_ms == 0)


def moves_of(unit: Unit) -> tuple[Move, ...]:
    """All that are remembered."""
    if unit.position is None:
        return unit.aside
    return (*unit.aside, Move(unit.moved_by, unit.moved_ms, unit.position))


def with_moves(unit: Unit, moves: Sequence[Move]) -> Unit:
    """The unit where those say that it is; nowhere, of none."""
    kept = _kept(moves)
    if not kept:
        return msgspec.structs.replace(unit, position=None, moved_ms=0, moved_by="", aside=())
    counts = _counting(kept)
    return msgspec.structs.replace(
        unit,
        position=counts.position,
        moved_ms=counts.time_ms,
        moved_by=counts.id,
        aside=tuple(move for move in kept if move is not counts),
    )


def _counting(moves: Sequence[Move]) -> Move:
    known = [move for move in moves if move.position.fixed_ms]
    candidates = [move for move in moves if not move.position.fixed_ms]
    if known:
        candidates.append(max(known, key=lambda move: (move.position.fixed_ms, move.id)))
    return max(candidates, key=lambda move: move.id)


def _kept(moves: Sequence[Move]) -> list[Move]:
    """Those that count or could: what is older by id *and* by fix never will. What is real leaves
    nothing of an exercise's."""
    kept: list[Move] = []
    newest_ms, has_unknown = 0, False
    for move in sorted({move.id: move for move in moves}.values(), key=_by_id, reverse=True):
        if kept and not _is_real(move.id) and _is_real(kept[0].id):
            break
        fixed_ms = move.position.fixed_ms
        if fixed_ms > newest_ms:
            newest_ms = fixed_ms
        elif fixed_ms or has_unknown:
            continue
        has_unknown = has_unknown or not fixed_ms
        kept.append(move)
    return kept if len(kept) <= MAX_ASIDE else [kept[0], *kept[1 - MAX_ASIDE :]]


def _by_id(move: Move) -> str:
    return move.id


def _is_real(event_id: str) -> bool:
    return not event_id.startswith(EXERCISE)
