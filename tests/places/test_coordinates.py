"""Coordinates: every way to write them comes to the place it means, or to a word why not."""

from __future__ import annotations

import math

import mgrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from console.places.coordinates import Point, read, write, write_utm, zoneless
from console.places.utm import from_utm, to_utm, zone_of

GEOD = Geod(ellps="GRS80")
NORWAY = st.tuples(st.floats(57.9, 71.3), st.floats(4.0, 31.5))
SVALBARD = st.tuples(st.floats(74.2, 81.0), st.floats(9.5, 34.0))
JAN_MAYEN = st.tuples(st.floats(70.7, 71.3), st.floats(-9.2, -7.8))
POINTS = st.one_of(NORWAY, SVALBARD, JAN_MAYEN)
OSLO = (59.9139, 10.7522)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(a[1], a[0], b[1], b[0])[2])


@pytest.mark.parametrize(
    "text",
    [
        "59.9139, 10.7522", "59.9139,10.7522", "59,9139 10,7522", "59,9139,10,7522",
        "59,9139, 10,7522", "59.9139 10.7522", "59.9139; 10.7522", "59.9139 / 10.7522",
        "59.9139N 10.7522E", "N59.9139 E10.7522", "59.9139° N, 10.7522° Ø", "10.7522E 59.9139N",
        "Ø 10,7522 N 59,9139", "+59.9139 +10.7522", "59.9139N, 10.7522", "lat 59.9139 lon 10.7522",
        "Posisjon: 59.9139 nord 10.7522 øst", "59°54.834' 10°45.132'",
        "59° 54,834' N 10° 45,132' Ø",
        "N59 54.834 E010 45.132", "59 54.834 10 45.132", "59°54'50.04\"N 10°45'7.92\"Ø",
        "59º54′50.04″N 10º45′7.92″E", "59 54 50.04 N, 10 45 7.92 E", "59-54-50.04 N 10-45-7.92 E",
        "595450.04N 0104507.92E", "5954.834N 01045.132E", "32V 597980 6643119",
        "32 V 597980 6643119", "UTM 32V 597980 6643119", "32V 6643119 597980", "32 597980 6643119",
        "32N 597980 6643119", "sone 32 Ø 597980 N 6643119", "32 N 6643119 Ø 597980",
        "32V 597980E 6643119N", "32V 597980 mE 6643119 mN", "33 262560 6649444",
        "33 N 6649444 Ø 262560", "32VNM9797943118", "32V NM 97979 43118", "mgrs 32vnm 97979 43118",
        "32VNM97974311", "utm33 262560 6649444", "EUREF89/UTM33 262560 6649444",
        "EU89 UTM 33 262560 6649444", "6649444 262560 UTM33", "6643119N 597980E (UTM 32V)",
        "N=6649444 Ø=262560 sone 33", "32 N: 6643119 Ø: 597980",
        "N595450.04 E0104507.92", "N5954.834E01045.132", "n 5954,834 ø 01045,132",
        "597980 6643119 32V", "597980 E 6643119 N, 32 V", "0597980 6643119 (32V)",
        "(59.9139, 10.7522)", "59.9139, 10.7522.", "[59.9139N 10.7522E]",
    ],
)  # fmt: skip
def test_one_point_in_many_forms(text: str) -> None:
    found = read(text)
    assert isinstance(found, Point), (text, found)
    assert metres((found.lat, found.lon), OSLO) < (12 if text == "32VNM97974311" else 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10.75, 59.91", "order"), ("59°61' 10°3'", "minutes"), ("59.91, 210.75", "order"),
        ("59 75 10 45", "minutes"), ("59 45 10 75", "minutes"), ("59 75.5 10 45", "minutes"),
        ("59 54 60 10 45 00", "minutes"), ("N59 75 E10 45", "minutes"),
        ("59 75 N 10 45 E", "minutes"), ("59-75 N 10-45 E", "minutes"),
        ("N5975 E01045", "minutes"), ("597980 6643119 32", ""), ("597980 6643119 32W", "band"),
        ("5975N 01045E", "minutes"), ("597510N 0104500E", "minutes"),
        ("12 34 56 78", ""), ("400 12 345", ""), ("911 22 333", ""),  # telephone numbers
        ("597980 6643119", "no-zone"), ("UTM Ø 597980, N 6643119", "no-zone"),
        ("nord 6643119 øst 597980", "no-zone"), ("6643119N 597980E", "no-zone"),
        ("N=6643119 Ø=597980", "no-zone"), ("-33.9, 18.4", "outside"),
        ("0, 0", "outside"), ("59.9S 10.7E", "outside"),
        ("33W 262000 6643460", "band"), ("40 597423 6643460", "zone"), ("32V 597423 66434", ""),
        ("34X 514814 8683004", "zone"), ("33S 262000 6643460", "hemisphere"),
        ("32VNM 974", "digits"), ("32VNM 974 4312", "digits"), ("32VNM", "digits"),
        ("33WXG00000000", "band"), ("32VNA9742343460", "band"), ("32CNM9742343460", "outside"),
        ("32V 597423 597423", ""), ("N59.9 N10.7", "order"), ("bad", ""), ("", ""),
        ("Storgata 12, 2609", ""), ("Nes", ""), ("17. mai gate 4", ""), ("E6", ""),
    ],
)  # fmt: skip
def test_what_is_no_point_is_none(text: str, why: str) -> None:
    assert read(text) == why


@given(POINTS, st.sampled_from([31, 32, 33, 35, 37]))
def test_utm_is_that_of_proj(point: tuple[float, float], zone: int) -> None:
    proj = Transformer.from_crs(4258, 25800 + zone, always_xy=True)
    east, north = proj.transform(point[1], point[0])
    ours = to_utm(*point, zone)
    assert math.hypot(float(ours[0]) - east, float(ours[1]) - north) < 0.001
    back = from_utm(east, north, zone)
    assert metres((float(back[0]), float(back[1])), point) < 0.001


@given(POINTS)
@example((60.0, 3.0))
@example((55.99999, 9.0))
@example((72.0, 21.0))
@example((58.0, 6.5))  # in zone 33 its easting is -1,616 m
@example((58.0, 6.527))
@example((78.22, 9.0))
@example((63.9999999, 11.9999999))
def test_what_is_written_is_read_within_a_metre(point: tuple[float, float]) -> None:
    written = write(*point)
    forms = [written.degrees, written.minutes, written.utm, written.utm33, written.mgrs]
    for form in filter(None, forms):
        found = read(form)
        assert isinstance(found, Point), (form, found)
        # Three decimals of a minute, as they are spoken, are steps of 1.86 m of latitude.
        most_m = 1.06 if form == written.minutes else 1.0
        assert metres((found.lat, found.lon), point) < most_m, form


@given(POINTS)
def test_mgrs_is_that_of_geotrans(point: tuple[float, float]) -> None:
    """The peer rounds where MGRS cuts, so a figure may be one more."""
    ours = write(*point).mgrs.split()
    theirs = str(mgrs.MGRS().toMGRS(*point))
    assert ours[0] == theirs[:5] or {ours[1], ours[2]} & {"00000", "99999"}
    found = read(theirs)
    assert isinstance(found, Point)
    assert metres((found.lat, found.lon), point) < 2.2


@given(POINTS, st.sampled_from([32, 33, 35]))
def test_without_its_zone_the_right_place_is_among_those_of_norways_zones(
    point: tuple[float, float], zone: int
) -> None:
    text = write_utm(*point, zone).partition(" ")[2]
    assert read(text) in {"no-zone", "order"}  # far west of zone 35 its easting is below zero
    by_zone = dict(zoneless(text))
    if zone in by_zone:
        assert metres((by_zone[zone].lat, by_zone[zone].lon), point) < 1.0


def test_the_zones_exceptions() -> None:
    assert zone_of(60.39, 5.32) == 32  # Bergen, west of 6° E
    assert zone_of(58.0, 2.9) == 31
    assert zone_of(64.0, 5.0) == 31
    assert [zone_of(78.0, lon) for lon in (8.9, 9.0, 20.9, 21.0, 32.9, 33.0)] == [
        31, 33, 33, 35, 35, 37,
    ]  # fmt: skip


def test_minutes_never_come_to_sixty() -> None:
    assert write(59.99999999, 10.99999999).minutes == "N60° 00.000' E011° 00.000'"


@given(st.text(max_size=150))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    found = read(text)
    assert isinstance(found, (Point, str))


@given(st.text(alphabet="0123456789 .,-+°'\"NSEØWVnsXMGR/;", max_size=60))
def test_what_looks_like_figures_is_in_the_map_or_nowhere(text: str) -> None:
    found = read(text)
    if isinstance(found, Point):
        assert 53.0 <= found.lat <= 84.0
        assert -45.0 <= found.lon <= 75.0
