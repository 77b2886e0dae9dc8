"""Which of a map's places are named besides those that come with the program."""

from __future__ import annotations

import pytest

from resources.map.places import Place, load_places
from widgets.map.gazetteer import MOST, Gazetteer
from widgets.map.mvt import Spot
from widgets.map.names import FROM_ZOOM, PlaceIndex
from widgets.map.projection import forward_point
from widgets.map.roads import PLACES

LAT, LON = 59.3, 10.3
OURS = PlaceIndex([Place("Nøtterøy", LAT, LON, 20_000, "town")])


def spot(
    name: str, lat: float, lon: float, z: int, kind: str = "village"
) -> tuple[tuple[int, int, int], Spot]:
    x, y = (one * 2**z for one in forward_point(lat, lon))
    return (z, int(x), int(y)), Spot(kind, name, x - int(x), y - int(y))


def names(gazetteer: Gazetteer) -> list[str]:
    gazetteer.renew()
    return [place.name for place in gazetteer.index.places]


def test_one_place_in_tiles_of_several_zooms_is_named_once_where_it_is() -> None:
    gazetteer = Gazetteer(OURS)
    for z in (6, 9, 13):
        key, one = spot("Bygda", LAT + 0.2, LON, z)
        assert gazetteer.take(key, (one,)), "each knows better where it is"
    key, one = spot("Bygda", LAT + 0.201, LON, 11)
    assert not gazetteer.take(key, (one,))
    assert names(gazetteer) == ["Nøtterøy", "Bygda"]
    place = gazetteer.index.places[1]
    assert (place.lat, place.lon) == pytest.approx((LAT + 0.2, LON), abs=1e-6)
    assert (gazetteer.index.x[1], gazetteer.index.y[1]) == pytest.approx(
        forward_point(LAT + 0.2, LON)
    )


def test_what_the_program_names_is_not_named_again_also_otherwise_spelt() -> None:
    gazetteer = Gazetteer(OURS)
    for name in ("Nøtterøy", "NØTTERØY", "Notteroy"):
        key, one = spot(name, LAT + 0.005, LON, 12)
        gazetteer.take(key, (one,))
    assert names(gazetteer) == ["Nøtterøy"]
    key, one = spot("Nøtterøy", LAT + 1.0, LON, 12)
    gazetteer.take(key, (one,))
    assert names(gazetteer) == ["Nøtterøy", "Nøtterøy"], "another one, a hundred kilometres off"


def test_smaller_ones_come_later_and_none_before_a_unit() -> None:
    gazetteer = Gazetteer(OURS)
    for n, kind in enumerate(FROM_ZOOM):
        key, one = spot(kind, LAT, LON + 1 + n, 10, kind)
        gazetteer.take(key, (one,))
    gazetteer.renew()
    for zoom in (4.0, 9.0, 11.0, 14.0):
        seen = gazetteer.index.at_zoom(zoom)
        shown = {p.name for p, is_seen in zip(gazetteer.index.places, seen, strict=True) if is_seen}
        assert shown - {"Nøtterøy"} == {k for k, least in FROM_ZOOM.items() if zoom >= least}
    assert not gazetteer.index.major(4.0)[1:].any()


def test_another_map_begins_anew() -> None:
    gazetteer = Gazetteer(OURS)
    key, one = spot("Bygda", LAT, LON + 1, 10)
    gazetteer.take(key, (one,))
    gazetteer.renew()
    gazetteer.clear()
    assert gazetteer.index is OURS
    assert gazetteer.take(key, (one,)), "its tiles count anew"


def test_a_map_of_endless_names_is_bounded() -> None:
    gazetteer = Gazetteer(PlaceIndex(load_places()))
    for n in range(2 * MOST // 2_000):
        spots = tuple(Spot("farm", f"Gard {n} {m}", m / 2_000, 0.5) for m in range(2_000))
        gazetteer.take((12, n, 1_000), spots)
    assert len(names(gazetteer)) <= len(load_places()) + MOST + 2_000


def test_every_kind_of_place_has_its_zoom() -> None:
    assert set(PLACES.values()) == set(FROM_ZOOM)
