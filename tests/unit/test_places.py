"""Where a point is, in words that can be translated."""

from __future__ import annotations

import math

import pytest

from resources.map.geodesy import distance_km
from resources.map.places import Place, compass_point, load_places, nearest_place


def test_two_kilometres_north_east_of_horten() -> None:
    horten = next(place for place in load_places() if place.name == "Horten")
    only = [horten]
    found = nearest_place(horten.lat + 0.0127, horten.lon + 0.0249, only)
    assert found is not None
    assert (found.name, round(found.distance_km), found.bearing) == ("Horten", 2, 1)


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [("Tønsberg", 59.27, 10.41), ("Bodø", 67.28, 14.4), ("Longyearbyen", 78.22, 15.64)],
)
def test_towns_are_found_where_they_lie(name: str, lat: float, lon: float) -> None:
    found = nearest_place(lat, lon)
    assert found is not None and found.name == name and found.distance_km < 3


@pytest.mark.parametrize("bad", [(math.nan, 10.0), (59.0, math.inf), (95.0, 10.0), (0.0, 0.0)])
def test_nowhere_has_no_words(bad: tuple[float, float]) -> None:
    assert nearest_place(*bad) is None


def test_every_bearing_is_one_of_eight() -> None:
    around = [(1, 0), (1, 2), (0, 2), (-1, 2), (-1, 0), (-1, -2), (0, -2), (1, -2)]
    found = [compass_point(60, 10, 60 + a / 100, 10 + o / 100) for a, o in around]
    assert found == list(range(8))


def test_only_norwegian_towns_answer() -> None:
    foreign = Place("Strømstad", 58.94, 11.17, 6_000, "foreign")
    assert nearest_place(58.94, 11.17, [foreign]) is None


def test_a_degree_of_latitude() -> None:
    assert distance_km(60, 10, 61, 10) == pytest.approx(111.2, abs=0.3)
