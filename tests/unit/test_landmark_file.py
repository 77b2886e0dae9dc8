"""Places from a file: what is right is taken, what is wrong is named, and nothing breaks it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.commands.landmark_file import FileError, landmark_id, places_in, read_places
from console.domain.events import Event, LandmarkDefined

COMMA = """name,kind,lat,lon,note,id
Fiktivheim,nursing-home,59.27,10.41,Bakdør etter 22,heim-1
Fiktiv sykehus,hospital,59.28,10.42,,
"""
SEMICOLON = "\ufeffNavn;Type;Breddegrad;Lengdegrad\r\nFiktivheim;nursing home;59,27;10,41\r\n"
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 7,
            "geometry": {"type": "Point", "coordinates": [10.41, 59.27, 3.0]},
            "properties": {"name": "Fiktiv landingsplass", "kind": "heliport", "lat": "no"},
        },
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": []}},
        {"type": "Feature", "geometry": None, "properties": {"name": "Nowhere"}},
        "nothing",
    ],
}


def test_csv_as_programs_write_it() -> None:
    home, hospital = places_in(COMMA.encode()).places
    assert home == LandmarkDefined(
        landmark="heim-1", name="Fiktivheim", landmark_kind="nursing-home", lat=59.27, lon=10.41,
        note="Bakdør etter 22",
    )  # fmt: skip
    assert hospital.landmark == landmark_id("Fiktiv sykehus", "hospital")


def test_csv_as_a_norwegian_spreadsheet_writes_it() -> None:
    read = places_in(SEMICOLON.encode())
    assert read.wrong == ()
    (home,) = read.places
    assert (home.name, home.landmark_kind, home.lat) == ("Fiktivheim", "nursing-home", 59.27)


def test_the_same_place_has_the_same_id_again() -> None:
    assert landmark_id(" Fiktiv  Heim", "other") == landmark_id("fiktiv heim", "other")
    assert landmark_id("Fiktiv Heim", "hospital") != landmark_id("Fiktiv Heim", "other")


def test_geojson_and_what_of_it_is_no_place() -> None:
    read = places_in(json.dumps(GEOJSON).encode())
    (place,) = read.places
    assert (place.landmark, place.landmark_kind, place.lat, place.lon) == (
        "7", "heliport", 59.27, 10.41,
    )  # fmt: skip
    assert len(read.wrong) == 3
    assert all(line.startswith(f"feature {n}:") for n, line in enumerate(read.wrong, 2))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",other,59,10", "line 2: it has no name"),
        ("X,castle,59,10", "line 2: kind castle: use one of hospital,"),
        ("X,other,,10", "line 2: lat is to be degrees"),
        ("X,other,91,10", "line 2: lat is to lie between -90 and 90"),
        ("X,other,nan,10", "line 2: lat is to lie between"),
        ("X,other,59,inf", "line 2: lon is to lie between"),
        (f"{'X' * 65},other,59,10", "line 2: name has at most 64"),
        ("X,other,59,10\nX,other,60,11", "line 3: X stands there twice"),
        ("X\x1b[31m,other,59,10", "line 2: name has letters that can't be shown"),
    ],
)
def test_a_line_that_is_wrong_costs_itself_alone(line: str, told: str) -> None:
    read = places_in(f"name,kind,lat,lon\n{line}\nGood,other,59,10\n".encode())
    assert [one.name for one in read.places][-1] == "Good"
    assert len(read.wrong) == 1
    assert read.wrong[0].startswith(told)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "the first line has no name, lat, lon"),
        (b"kind,note\n", "it names the columns"),
        (b"\xff\xfe\x00", "save it as CSV UTF-8"),
        (b"{", "this is no GeoJSON"),
        (b"{}", "a FeatureCollection"),
        (b"name,lat,lon\n" + b"x" * 4_000_000, "at most 4 MB"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_says_what_to_do(raw: bytes, told: str) -> None:
    with pytest.raises(FileError, match=told):
        places_in(raw)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="can't be read: there is no such file"):
        read_places(tmp_path / "none.csv")


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ("type", "features", "geometry", "coordinates", "properties", "name", "kind", "id")
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    | st.text(max_size=200).map(
        lambda text: b"name,lat,lon,kind,note,id\n" + text.encode("utf-8", "replace")
    )
    | JSONS.map(lambda inner: json.dumps({"features": [inner]}).encode())
    | JSONS.map(lambda inner: json.dumps(inner).encode())
)
@example(b'{"features": [{"properties": {"name": "\\ud800"}, "geometry": null}]}')
@example(b"name,lat,lon\n\x00,1,1\n")
@example(b'name,lat,lon\n"' + b"x" * 200_000 + b'",1,1\n')
def test_no_file_breaks_it_and_what_comes_out_is_an_event(raw: bytes) -> None:
    try:
        read = places_in(raw)
    except FileError as error:
        assert str(error)
        return
    for place in read.places:
        event = Event("0" * 26, 1, "x", 1, place)
        assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
