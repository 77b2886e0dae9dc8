"""Distances and bearings against PROJ's geodesics."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from resources.map.geodesy import bearing_deg, distance_km

WGS_84 = Geod(ellps="WGS84")
NORDIC = st.tuples(st.floats(55, 82), st.floats(-12, 37))
ANYWHERE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def geodesic(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Kilometres, and degrees from north."""
    azimuth, _, metres = WGS_84.inv(a[1], a[0], b[1], b[0])
    return metres / 1_000, azimuth % 360


@settings(max_examples=300, deadline=None)
@given(NORDIC, NORDIC)
def test_over_norway_and_its_seas_a_distance_is_true_to_a_thousandth(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    km, azimuth = geodesic(a, b)
    assert distance_km(*a, *b) == pytest.approx(km, rel=1e-4, abs=1e-6)
    if km > 0.01 and max(a[0], b[0]) < 81.5:
        off = (bearing_deg(*a, *b) - azimuth + 180) % 360 - 180
        assert abs(off) < 0.3


@settings(max_examples=300, deadline=None)
@given(ANYWHERE, ANYWHERE)
def test_anywhere_it_is_a_distance(a: tuple[float, float], b: tuple[float, float]) -> None:
    km, _ = geodesic(a, b)
    assert distance_km(*a, *b) == pytest.approx(km, rel=6e-3, abs=1e-6)
    assert distance_km(*a, *b) == pytest.approx(distance_km(*b, *a), rel=1e-9, abs=1e-9)
    assert 0 <= bearing_deg(*a, *b) < 360


def test_a_known_line() -> None:
    """Tønsberg to Horten."""
    assert distance_km(59.267, 10.408, 59.417, 10.483) == pytest.approx(17.24, abs=0.02)
    assert bearing_deg(59.0, 10.0, 60.0, 10.0) == pytest.approx(0.0, abs=1e-9)
    assert bearing_deg(59.0, 10.0, 58.0, 10.0) == pytest.approx(180.0)
    assert distance_km(59.0, 10.0, 59.0, 10.0) == 0.0
