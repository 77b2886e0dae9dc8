"""Points are drawn where they are: against PROJ, and never where they are not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from widgets.map.camera import MAX_STEP, Camera
from widgets.map.projection import (
    WORLD_M,
    forward,
    forward_point,
    ground_m,
    inverse,
    inverse_point,
    valid,
)

pyproj = pytest.importorskip("pyproj")


def norway(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Norway, Svalbard and Jan Mayen."""
    chance = np.random.default_rng(3)
    return chance.uniform(57.5, 81.0, number), chance.uniform(-9.5, 34.0, number)


def test_it_agrees_with_proj_to_a_hundredth_of_a_pixel_at_the_closest_zoom() -> None:
    lat, lon = norway(10_000)
    x, y = forward(lat, lon)
    proj = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    east, north = proj.transform(lon, lat)
    scale = 256 * 2 ** (MAX_STEP / 4)
    assert np.abs((x - 0.5) - east / WORLD_M).max() * scale < 0.01
    assert np.abs((0.5 - y) - north / WORLD_M).max() * scale < 0.01


def test_inverse_undoes_forward() -> None:
    lat, lon = norway(1_000)
    back = inverse(*forward(lat, lon))
    assert np.abs(back[0] - lat).max() < 1e-10
    assert np.abs(back[1] - lon).max() < 1e-10


def test_one_point_goes_where_many_go() -> None:
    lat, lon = norway(200)
    many = np.column_stack(forward(lat, lon))
    one = np.array(
        [forward_point(*point) for point in zip(lat.tolist(), lon.tolist(), strict=True)]
    )
    assert np.abs(many - one).max() < 1e-14


def test_the_scale_is_that_of_the_ellipsoid() -> None:
    geod = pyproj.Geod(ellps="WGS84")
    for lat in (58.0, 65.0, 71.0, 79.0):
        _, _, metres = geod.inv(10.0, lat, 10.001, lat)
        assert ground_m(lat) == pytest.approx(metres * 360_000, rel=1e-6)


@pytest.mark.parametrize("bad", [(math.nan, 10), (60, math.inf), (91, 10), (60, 181), (-86, 0)])
def test_what_is_no_position_has_no_place(bad: tuple[float, float]) -> None:
    assert not valid(*bad)
    assert all(np.isnan(axis) for axis in forward(*bad))


def test_the_ground_below_the_cursor_stays_when_zooming() -> None:
    x, y = forward(60.0, 10.0)
    camera = Camera(float(x), float(y), 30, 1_000, 800)
    before = camera.world_at(200, 700)
    after = camera.zoomed(5, 200, 700).world_at(200, 700)
    assert before == pytest.approx(after, abs=1e-12)


@pytest.mark.parametrize("lat", [-85.0, 0.0, 58.0, 71.2, 81.0, 85.0])
def test_a_single_point_is_undone_alike(lat: float) -> None:
    x, y = forward_point(lat, 10.75)
    one, many = inverse_point(x, y), inverse(x, y)
    assert one == pytest.approx((lat, 10.75), abs=1e-9)
    assert one == pytest.approx((float(many[0]), float(many[1])), abs=1e-12)
