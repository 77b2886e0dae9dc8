"""Places that somebody at the site has marked, found by the same rules as all other names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from console.places.index import Builder, Index, Near, Typed
from console.places.kinds import NUMBER
from resources.map.geodesy import distance_km

WEIGHT: Final = 100  # so much that a misspelt beginning finds them, too


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """``key``: by which its source knows it."""

    key: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class OwnHit:
    """``is_spelt``: as it is typed, or it begins so; ``score``: lower is better."""

    place: OwnPlace
    km: float
    score: float
    is_spelt: bool


class OwnPlaces:
    """Their index, made anew when they are others than before."""

    def __init__(self) -> None:
        self._places: tuple[OwnPlace, ...] = ()
        self._index: Index | None = None

    def take(self, places: Sequence[OwnPlace]) -> None:
        if tuple(places) == self._places:
            return
        self._places, builder = tuple(places), Builder()
        for one in self._places:
            builder.add(one.name, one.lat, one.lon, kind=NUMBER["other"], weight=WEIGHT, area=0)
        builder.areas = [("", "")]
        self._index = builder.index() if self._places else None

    def find(self, text: str, near: Near) -> list[OwnHit]:
        """The best first, those that are misspelt last."""
        if self._index is None:
            return []
        found = []
        for hit in self._index.find(Typed.of(text), near):
            place = self._places[hit.item]
            km = distance_km(near.lat, near.lon, place.lat, place.lon)
            found.append(OwnHit(place, km, hit.score, hit.edits == 0))
        return sorted(found, key=lambda hit: (not hit.is_spelt, hit.score))
