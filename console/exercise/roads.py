"""Roads as a graph, the way along them from one point to another, and where on it one is. Pure."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""

METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6,371 km
NEAR_NODES: Final = 4  # where a vehicle beside the road may come onto it
DETOUR: Final = 1.5  # a metre beside the road counts for so many on it
BESIDE_M: Final = 600.0  # so near, nobody goes round by the road that is known here


def distance_m(a: Point, b: Point) -> float:
    """On a plane; within 0.1 % of the sphere's at the distances of one county."""
    east, north = _step(a, b)
    return math.hypot(east, north)


def heading_deg(a: Point, b: Point) -> float:
    """From a to b, clockwise from north, 0 ≤ h < 360."""
    east, north = _step(a, b)
    return math.degrees(math.atan2(east, north)) % 360.0 % 360.0  # -1e-20 % 360 is 360.0


def _step(a: Point, b: Point) -> tuple[float, float]:
    east = (b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return east * METRES_PER_DEGREE, (b[0] - a[0]) * METRES_PER_DEGREE


class Way(msgspec.Struct, frozen=True):
    """A line to travel along, with the metres from its start to each of its points."""

    points: tuple[Point, ...]
    metres: tuple[float, ...]

    @property
    def length_m(self) -> float:
        return self.metres[-1]

    def at(self, metres: float) -> tuple[Point, float]:
        """The point so far from the start, and the heading there in degrees."""
        pairs = itertools.pairwise(range(len(self.points)))
        n, m = next(
            ((n, m) for n, m in pairs if self.metres[m] > metres),
            (max(len(self.points) - 2, 0), len(self.points) - 1),
        )
        a, b = self.points[n], self.points[m]
        whole = self.metres[m] - self.metres[n]
        part = min(max((metres - self.metres[n]) / whole, 0.0), 1.0) if whole else 1.0
        point = (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
        return point, heading_deg(a, b)


def way_through(points: Iterable[Point]) -> Way:
    """Points that lie on one another are one."""
    kept = tuple(point for point, _ in itertools.groupby(points))
    lengths = (distance_m(a, b) for a, b in itertools.pairwise(kept))
    return Way(kept, tuple(itertools.accumulate(lengths, initial=0.0)))


class Roads:
    """Made of lines; where two lines have the same point, they meet."""

    def __init__(self, lines: Iterable[Sequence[Point]]) -> None:
        self._next: dict[Point, dict[Point, float]] = {}
        for a, b in itertools.chain.from_iterable(map(itertools.pairwise, lines)):
            length_m = distance_m(a, b)
            self._next.setdefault(a, {})[b] = length_m
            self._next.setdefault(b, {})[a] = length_m

    def way(self, start: Point, end: Point) -> Way:
        """Along the roads, straight to them and from them; all straight where there are none."""
        if distance_m(start, end) < BESIDE_M:
            return way_through((start, end))
        goals = self._near(end)
        metres, before = self._reach(self._near(start))
        reached = [node for node in goals if node in metres]
        if not reached:
            return way_through((start, end))
        last = min(reached, key=lambda node: metres[node] + goals[node])
        along = [last]
        while (node := before.get(along[-1])) is not None:
            along.append(node)
        return way_through((start, *reversed(along), end))

    @staticmethod
    def straight(start: Point, end: Point) -> Way:
        return way_through((start, end))

    def _near(self, point: Point) -> dict[Point, float]:
        """Nodes near a point and what it costs to get there; a node's nearest is itself alone."""
        if point in self._next:
            return {point: 0.0}
        near = heapq.nsmallest(NEAR_NODES, self._next, key=lambda node: distance_m(point, node))
        return {node: DETOUR * distance_m(point, node) for node in near}

    def _reach(
        self, starts: Mapping[Point, float]
    ) -> tuple[dict[Point, float], dict[Point, Point]]:
        """Dijkstra's: the cost to every node that can be reached, and the node before it."""
        cost = dict(starts)
        before: dict[Point, Point] = {}
        waiting = [(metres, node) for node, metres in starts.items()]
        heapq.heapify(waiting)
        while waiting:
            metres, node = heapq.heappop(waiting)
            if metres > cost[node]:
                continue
            for other, length_m in self._next[node].items():
                if metres + length_m < cost.get(other, math.inf):
                    cost[other] = metres + length_m
                    before[other] = node
                    heapq.heappush(waiting, (cost[other], other))
        return cost, before
