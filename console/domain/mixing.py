"""Whether what is said reaches an exercise or what is real: never both at once. Pure.

Desks take part in either. What reaches an exercise alone is an exercise's, whoever says it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from console.domain.state import State

Reach = Literal["", "real", "exercise", "both"]


def of_exercise(state: State, keys: Iterable[str]) -> dict[str, bool]:
    """Of those that are units or talkgroups, whether each is an exercise's."""
    rows = ((key, state.units.get(key) or state.talkgroups.get(key)) for key in keys)
    return {key: row.exercise for key, row in rows if row is not None}


def reach(state: State, keys: Iterable[str]) -> Reach:
    """ "" = desks alone, and what is not known."""
    found = set(of_exercise(state, keys).values())
    if len(found) > 1:
        return "both"
    return "" if not found else "exercise" if found.pop() else "real"
