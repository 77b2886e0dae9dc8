"""Marks that would hide each other: which one is seen, and what its label says of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.map.pace import Clock, Steps

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

NEAR_PX: Final = 23.0  # marks whose middles are nearer than this touch
MAX_LISTED: Final = 5  # a pile of so many is told by name; of a larger one the count
MAX_URGENT: Final = 10  # those who alarm or speak are told by name, up to so many


@dataclass(frozen=True, slots=True)
class Listing:
    """Who is named on a pile's label, the most important first, and how many are not."""

    named: tuple[int, ...]
    more: int


def leaders(centres: Floats) -> Steps[Indices]:
    """For each mark (most important first) the one that is seen in its place, or itself; in
    pieces.

    Distances alone decide, not where a grid happens to lie, so that a pan changes nothing.
    """
    found = np.arange(len(centres), dtype=np.int64)
    cells: dict[tuple[int, int], list[int]] = {}
    points, clock = centres.tolist(), Clock()
    for i, (x, y) in enumerate(points):
        column, row = int(x // NEAR_PX), int(y // NEAR_PX)
        near = _nearest(points, cells, column, row, (x, y))
        if near is None:
            cells.setdefault((column, row), []).append(i)
        else:
            found[i] = near
        if clock.is_up():
            yield
    return found


def _nearest(
    points: Sequence[Sequence[float]],
    cells: dict[tuple[int, int], list[int]],
    column: int,
    row: int,
    at: tuple[float, float],
) -> int | None:
    best, best_2 = None, NEAR_PX * NEAR_PX
    for a in (column - 1, column, column + 1):
        for b in (row - 1, row, row + 1):
            for j in cells.get((a, b), ()):
                far_2 = (points[j][0] - at[0]) ** 2 + (points[j][1] - at[1]) ** 2
                if far_2 < best_2:
                    best, best_2 = j, far_2
    return best


def members(found: Indices) -> dict[int, list[int]]:
    """Who stands at each leader, itself first, in order of importance."""
    piles: dict[int, list[int]] = {}
    for i, leader in enumerate(found.tolist()):
        piles.setdefault(leader, []).append(i)
    return piles


def listing(pile: Sequence[int], urgent: int) -> Listing:
    """``urgent``: how many of the first in ``pile`` alarm or speak; they are named in any case."""
    if len(pile) <= MAX_LISTED:
        return Listing(tuple(pile), 0)
    named = tuple(pile[: max(1, min(urgent, MAX_URGENT))])
    return Listing(named, len(pile) - len(named))


def shortened(full: Listing, urgent: int) -> Listing:
    """The least that a label says: the first, or all the urgent ones, and how many more."""
    keep = max(1, min(urgent, len(full.named)))
    return Listing(full.named[:keep], full.more + len(full.named) - keep)
