"""Which places water parts: by land that is drawn here, and by the base map."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

import resources
from widgets.map.basemap import BaseMapError
from widgets.map.water import CELLS, UNREACHED, flooded, parted

BASE = resources.path("map/base.vmap")
MIDDLE = CELLS // 2
HORTEN = (59.417, 10.483)


def test_the_land_is_flooded_round_the_water_and_not_over_it() -> None:
    """A wall of water with a way round its northern end, and an island."""
    land = np.ones((CELLS, CELLS), bool)
    land[MIDDLE - 100 :, MIDDLE + 10 : MIDDLE + 14] = False
    land[MIDDLE - 20 : MIDDLE + 20, MIDDLE - 60 : MIDDLE - 56] = False
    land[MIDDLE - 20 : MIDDLE + 20, MIDDLE - 80 : MIDDLE - 76] = False
    land[[MIDDLE - 20, MIDDLE + 19], MIDDLE - 80 : MIDDLE - 56] = False
    steps = flooded(land)
    assert steps[MIDDLE, MIDDLE] == 0
    assert steps[MIDDLE, MIDDLE - 40] == pytest.approx(40, abs=1)
    diagonal = steps[MIDDLE + 40, MIDDLE - 40]
    assert diagonal == pytest.approx(40 * 2**0.5, rel=0.07), "a circle is nearly one"
    assert steps[MIDDLE, MIDDLE + 20] > 190, "round the end"
    assert steps[MIDDLE, MIDDLE - 68] == UNREACHED, "an island"
    assert (steps[~land] == UNREACHED).all()


def test_from_out_at_sea_nothing_is_reached() -> None:
    assert (flooded(np.zeros((CELLS, CELLS), bool)) == UNREACHED).all()


def test_fjords_of_the_base_map(qapp: QApplication) -> None:
    """Moss and Hurum's end lie across the Oslofjord; the road to the others hardly notices it."""
    places = {
        "Moss": (59.434, 10.66), "Tofte": (59.54, 10.56), "Tønsberg": (59.267, 10.408),
        "Drammen": (59.744, 10.204), "beside it": (59.420, 10.480), "Bodø": (67.28, 14.40),
    }  # fmt: skip
    assert parted(BASE, HORTEN, places) == {"Moss", "Tofte"}
    from_voss = {"Granvin": (60.55, 6.72), "Odda": (60.07, 6.55)}
    assert parted(BASE, (60.63, 6.42), from_voss) == set()
    tromso = {"Kvaløya": (69.70, 18.70), "the same island": (69.67, 18.93)}
    assert parted(BASE, (69.649, 18.956), tromso) == {"Kvaløya"}, "a bridge is not known of"


def test_bad_places_and_maps(qapp: QApplication, tmp_path: Path) -> None:
    assert parted(BASE, (float("nan"), 10.0), {"a": (59.0, 10.0)}) == set()
    assert parted(BASE, HORTEN, {"a": (float("nan"), 10.0), "b": (95.0, 500.0)}) == set()
    assert parted(BASE, HORTEN, {}) == set()
    with pytest.raises(OSError, match="none"):
        parted(tmp_path / "none", HORTEN, {"a": (59.0, 10.0)})
    (tmp_path / "bad").write_bytes(b"nothing")
    with pytest.raises(BaseMapError):
        parted(tmp_path / "bad", HORTEN, {"a": (59.0, 10.0)})


def test_two_thousand_units_take_less_than_some_seconds_of_this_thread(
    qapp: QApplication,
) -> None:
    chance = np.random.default_rng(3)
    many = {
        str(n): (59.4 + float(lat), 10.4 + float(lon))
        for n, (lat, lon) in enumerate(chance.normal(0, 0.5, (2_000, 2)))
    }
    began_s = time.thread_time()
    assert 0 < len(parted(BASE, HORTEN, many)) < 2_000
    assert time.thread_time() - began_s < 2.0
