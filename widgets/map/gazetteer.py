"""The places that a site's own map names: each once, though tiles of several zooms have it, and
none that the program names itself.

The finer a tile, the better it knows where a place is: one of zoom 5 is some 300 m off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from widgets.folding import loose
from widgets.map.mvt import Spot
from widgets.map.names import MapPlace, PlaceIndex
from widgets.map.projection import ground_m, inverse_point

SAME_M: Final = 4_000.0  # two of one name so near to each other are one place
MOST: Final = 20_000  # a night's travels over a whole country name fewer
Key = tuple[int, int, int]  # z, x, y
_Stand = tuple[float, float, int | None]  # in the world; which of what was found, None: ours


class Gazetteer:
    """What has been told of the map that is shown."""

    def __init__(self, ours: PlaceIndex) -> None:
        self._ours = ours
        self.clear()

    def clear(self) -> None:
        """Another map is shown."""
        self.index = self._ours
        self._found: list[MapPlace] = []
        self._zooms: list[int] = []  # of the tiles that told of them
        self._at: dict[str, list[_Stand]] = {}
        self._told: set[Key] = set()
        spots = zip(self._ours.x.tolist(), self._ours.y.tolist(), strict=True)
        for place, spot in zip(self._ours.places, spots, strict=True):
            self._at.setdefault(loose(place.name), []).append((*spot, None))

    def take(self, key: Key, spots: Sequence[Spot]) -> bool:
        """Of one tile. Whether it says something new: then :meth:`renew` shows it."""
        if key in self._told or len(self._found) >= MOST:
            return False
        self._told.add(key)
        is_news, side, (zoom, column, row) = False, 2.0 ** -key[0], key
        for spot in spots:
            x, y = (column + spot.x) * side, (row + spot.y) * side
            is_news = self._note(MapPlace(spot.name, x, y, spot.kind), zoom) or is_news
        return is_news

    def renew(self) -> None:
        self.index = self._ours.with_more(self._found)

    def _note(self, place: MapPlace, zoom: int) -> bool:
        """Whether it is new, or was not known so well."""
        stands = self._at.setdefault(loose(place.name), [])
        metre = ground_m(inverse_point(place.x, place.y)[0]) if stands else 0.0
        for x, y, n in stands:
            if math.dist((place.x, place.y), (x, y)) * metre <= SAME_M:
                if n is None or zoom <= self._zooms[n]:
                    return False
                self._found[n], self._zooms[n] = place, zoom
                return True
        stands.append((place.x, place.y, len(self._found)))
        self._found.append(place)
        self._zooms.append(zoom)
        return True
