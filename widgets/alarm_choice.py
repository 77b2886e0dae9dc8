"""Which alarm the keys F1–F4 answer. Pure: a press must never answer one that wasn't seen.

The choice stays where it is while the list around it changes; it moves by itself only when its
alarm needs nothing more, and for :data:`SETTLE_S` after that a press is taken to have been meant
for what was there before: another alarm, or the help that F1 is without alarms (a hand needs about
0.2 s to react to what it sees).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from widgets.contracts.rows import AlarmRow

SETTLE_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Choice:
    """``key`` is the chosen alarm, "" without alarms; ``moved_s`` when it jumped by itself, also to
    the first alarm."""

    key: str = ""
    moved_s: float = float("-inf")


def _waiting(row: AlarmRow) -> bool:
    return row.state == "raised" and not row.pending


def follow(choice: Choice, rows: Sequence[AlarmRow], now_s: float) -> Choice:
    """The choice after the list has changed. ``rows`` as :meth:`AlarmSource.keys` orders them."""
    by_key = {row.key: row for row in rows}
    waiting = [row for row in rows if _waiting(row)]
    held = by_key.get(choice.key)
    if held is not None and (_waiting(held) or not waiting):
        return choice
    following = waiting[-1] if waiting else rows[0] if rows else None  # the longest waiting
    if following is None:
        return Choice()
    return Choice(following.key, now_s)


def settled(choice: Choice, now_s: float) -> bool:
    """May a key answer the chosen alarm now?"""
    return bool(choice.key) and not 0 <= now_s - choice.moved_s < SETTLE_S  # a clock may be set
