"""Kartverket's files into the register: each form, what is bad in them, and what may go wrong."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.cli import main
from console.places import register
from console.places.index import Near
from console.places.rows import PlacesError, SuspectError
from console.places.searching import Places
from resources.map.geodesy import distance_km
from tests.places import lab
from tests.places.lab import HOUSES, MIDDLE, STEDER, House, Sted

BAD = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


def found(home: Path, text: str, near: Near = MIDDLE) -> list[tuple[str, str, str]]:
    rows = Places(home).search(text, near).rows
    return [(row.name, row.kind, row.municipality) for row in rows]


def at(home: Path, text: str) -> tuple[float, float]:
    row = Places(home).search(text, MIDDLE).rows[0]
    return row.lat, row.lon


# --- names ---


def test_gml_names_types_municipalities_and_every_geometry(tmp_path: Path) -> None:
    done = register.import_files(tmp_path, [lab.put(tmp_path / "names.gml", lab.gml())])
    assert (done.tally.names, done.tally.bad) == (len(STEDER), {})
    for sted in STEDER:
        rows = Places(tmp_path).search(f"{sted.name}, {sted.municipality}", MIDDLE).rows
        assert rows[0].name == sted.name
        assert rows[0].municipality == sted.municipality
        assert distance_km(rows[0].lat, rows[0].lon, sted.lat, sted.lon) < 0.02, sted
    assert found(tmp_path, "Storfiktiven")[0][1] == "town"
    assert found(tmp_path, "Skjærvågen")[0][1] == "bay"
    assert found(tmp_path, "Tusenvatnet")[0][1] == "lake"


def test_other_spellings_and_languages_are_found_and_the_first_language_is_shown(
    tmp_path: Path,
) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "names.gml", lab.gml())])
    rows = Places(tmp_path).search("Gåvdosjokk", MIDDLE).rows
    assert (rows[0].name, rows[0].known_as) == ("Guovddášjohka", "Gåvdosjokk")
    assert found(tmp_path, "guovddasjohka")[0][0] == "Guovddášjohka"
    assert found(tmp_path, "Storfiktivn")[0][0] == "Storfiktiven"


def test_refused_spellings_are_not_names(tmp_path: Path) -> None:
    steder = [
        Sted("Gyldighaugen", 60.9, 10.7),
        Sted("Avslagshaugen", 60.9, 10.7, status="feilført"),
    ]
    done = register.import_files(tmp_path, [lab.put(tmp_path / "names.gml", lab.gml(steder))])
    assert done.tally.names == 1
    assert done.tally.bad["it has no name in use"][0] == 1


@pytest.mark.parametrize("epsg", [25832, 25833, 25835, 4258])
def test_addresses_in_each_system(tmp_path: Path, epsg: int) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "a.csv", lab.addresses(epsg=epsg))])
    rows = Places(tmp_path).search("Storgata 12B Fiktivdal", MIDDLE).rows
    assert rows[0].name == "Storgata 12B"
    assert distance_km(rows[0].lat, rows[0].lon, 60.9125, 10.71) < 0.005


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_addresses_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    houses = [House("Blåbærstien", 3)]
    text = lab.addresses(houses)
    register.import_files(tmp_path, [lab.put(tmp_path / "a.csv", text, encoding)])
    assert found(tmp_path, "Blåbærstien 3")[0][0] == "Blåbærstien 3"


def test_names_as_geojson_and_csv(tmp_path: Path) -> None:
    old = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"enh_snavn": "Gammelfiktjern", "enh_navntype": 32,
             "enh_komm": 9902, "skr_snskrstat": "G", "enh_snspraak": "NO"},
             "geometry": {"type": "Point", "coordinates": [9.68, 59.65]}},
        ],
    }  # fmt: skip
    asked = {
        "metadata": {"totaltAntallTreff": 1},
        "navn": [
            {"skrivemåte": "Nyfiktberget", "navneobjekttype": "Fjell", "språk": "Norsk",
             "kommuner": [{"kommunenummer": "9901", "kommunenavn": "Fiktivdal"}],
             "representasjonspunkt": {"nord": 60.5, "øst": 10.5, "koordsys": 4258}},
        ],
    }  # fmt: skip
    table = "skrivemåte;navneobjekttype;kommunenummer;kommunenavn;EPSG-kode;Nord;Øst\n" \
        "Tabellnes;nesISjø;9903;Oppspinn;4258;69.2;19.4\n"  # fmt: skip
    files = [
        lab.put(tmp_path / "old.geojson", json.dumps(old, indent=1)),
        lab.put(tmp_path / "api.json", json.dumps(asked, ensure_ascii=False)),
        lab.put(tmp_path / "names.csv", table),
    ]
    done = register.import_files(tmp_path, files)
    assert (done.tally.names, done.tally.bad) == (3, {})
    assert found(tmp_path, "Gammelfiktjern")[0][1] == "lake"
    assert found(tmp_path, "Nyfiktberget")[0] == ("Nyfiktberget", "mountain", "Fiktivdal")
    assert found(tmp_path, "Tabellnes")[0] == ("Tabellnes", "headland", "Oppspinn")
    assert distance_km(*at(tmp_path, "Nyfiktberget"), 60.5, 10.5) < 0.01


def test_zips_of_several_files(tmp_path: Path) -> None:
    members = {
        "Basisdata_9901_Fiktivdal_25833_Stedsnavn_GML.gml": lab.gml().encode(),
        "adresser/a.csv": lab.addresses().encode(),
        "LESMEG.pdf": b"%PDF",
    }
    done = register.import_files(tmp_path, [lab.zipped(tmp_path / "both.zip", members)])
    assert (done.tally.names, done.tally.addresses) == (len(STEDER), len(HOUSES))


# --- what is bad ---


def test_bad_rows_are_counted_with_an_example_and_lose_nothing_else(tmp_path: Path) -> None:
    text = lab.addresses()
    good = text.count("\n") - 1
    text += House("Storgata", 1).line().replace(";1;;12;3", ";;;12;3") + "\n"  # no number
    text += "for;få;felt\n"
    text += House("Langtborte", 1, lat=10.0).line(4258) + "\n"
    text += House("Ukjentvegen", 1).line().replace(";25833;", ";99999;") + "\n"
    done = register.import_files(tmp_path, [lab.put(tmp_path / "a.csv", text)])
    assert done.tally.addresses == good
    assert done.tally.bad_rows == 4
    why = done.tally.bad
    assert why["it has too few columns"][1] == "for;få;felt"
    assert why["its position is not in Norway"][0] == 2
    assert "Langtborte" in why["its position is not in Norway"][1]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.gml", b"", "is empty"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\0JFIF\n\0", "neither GML, GeoJSON nor CSV"),
        ("page.html", b"<!DOCTYPE html><html></html>", "document type"),
        ("other.xml", b"<kart><vei/></kart>", "without any Sted"),
        ("cut.gml", lab.gml().encode()[:3000], "not whole XML"),
        ("other.json", b'{"a": 1}', "without a list of places"),
        ("cut.json", b'{"features": [{"properties": {', "ends, or is damaged"),
        ("none.json", b'{"features": []}', "without any place"),
        ("people.csv", b"fornavn;etternavn\nOla;Fiktiv\n", "no columns Nord and"),
        ("points.csv", "Nord;Øst;farge\n1;2;rød\n".encode(), "neither addresses nor names"),
        ("cut.zip", b"PK\x03\x04" + b"\0" * 60, "neither GML"),
    ],
)
def test_a_wrong_file_is_told_of_and_changes_nothing(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "names.gml", lab.gml())])
    before = register.current(tmp_path)
    wrong = tmp_path / name
    wrong.write_bytes(data)
    good = lab.put(tmp_path / "a.csv", lab.addresses())
    with pytest.raises(PlacesError, match=told):
        register.import_files(tmp_path, [good, wrong])
    assert register.current(tmp_path) == before
    assert found(tmp_path, "Storfiktiven")[0][0] == "Storfiktiven"


def test_entities_are_refused(tmp_path: Path) -> None:
    head = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>\n'
    file = lab.put(tmp_path / "laughs.gml", lab.gml(head=head))
    with pytest.raises(PlacesError, match="entities"):
        register.import_files(tmp_path, [file])


def test_zip_bombs_are_refused(tmp_path: Path) -> None:
    grown = lab.addresses().encode() + b";" * 80_000_000
    with pytest.raises(PlacesError, match="would grow to"):
        register.import_files(tmp_path, [lab.zipped(tmp_path / "bomb.zip", {"a.csv": grown})])
    inner = gzip.compress(b"x")
    with pytest.raises(PlacesError, match="holds no GML"):
        register.import_files(tmp_path, [lab.zipped(tmp_path / "in.zip", {"a.gz": inner})])


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = lab.gml([STEDER[0]] * 3_000).encode()
    file = lab.zipped(tmp_path / "lies.zip", {"a.gml": data})
    raw = bytearray(file.read_bytes())
    central = raw.rindex(b"PK\x01\x02")
    raw[central + 24 : central + 28] = (9_000).to_bytes(4, "little")
    file.write_bytes(raw)
    with pytest.raises(PlacesError):
        register.import_files(tmp_path, [file])


def test_deep_and_endless_elements_are_refused(tmp_path: Path) -> None:
    deep = "<a>" * 300 + "</a>" * 300
    with pytest.raises(PlacesError, match="nested deeper"):
        register.import_files(tmp_path, [lab.put(tmp_path / "deep.gml", deep)])
    nested = '{"features": [' + '{"a":' * 100_000
    with pytest.raises(PlacesError):
        register.import_files(tmp_path, [lab.put(tmp_path / "deep.json", nested)])


# --- what is kept ---


def test_municipalities_that_no_file_names_stay(tmp_path: Path) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml()),
                                     lab.put(tmp_path / "a.csv", lab.addresses())])  # fmt: skip
    fresh = [Sted("Nyfiktiven", 60.9, 10.7)]
    file = lab.put(tmp_path / "n2.gml", lab.gml(fresh))
    done = register.import_files(tmp_path, [file], is_forced=True)
    kept = [one for one in STEDER if one.number != "9901"]
    assert done.kept_names == len(kept)
    assert found(tmp_path, "Nyfiktiven")[0][0] == "Nyfiktiven"
    assert not [row for row in found(tmp_path, "Skjærvågen") if row[0] == "Skjærvågen"]
    assert found(tmp_path, "Gåvdosjokk")[0][0] == "Guovddášjohka"  # with its other spelling
    assert found(tmp_path, "Storgata 12B, Fiktivdal")[0][0] == "Storgata 12B"
    houses = [House("Nyvegen", 4)]
    file = lab.put(tmp_path / "a2.csv", lab.addresses(houses))
    done = register.import_files(tmp_path, [file], is_forced=True)
    assert done.kept_addresses == 20
    assert found(tmp_path, "Storgata 12, 9872")[0][2].startswith("9872 DIKTEBYEN")
    assert found(tmp_path, "Nyvegen 4")[0][0] == "Nyvegen 4"
    done = register.import_files(tmp_path, [file], is_fresh=True)
    assert done.kept_addresses == 0


@pytest.mark.parametrize("share", [0.2, 0.7])
@pytest.mark.parametrize("is_zipped", [False, True])
def test_a_file_that_ends_in_the_midst_of_a_row_replaces_nothing(
    tmp_path: Path, share: float, is_zipped: bool
) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "a.csv", lab.addresses())])
    before = register.current(tmp_path)
    whole = lab.addresses()
    cut = whole[: int(len(whole) * share)].rpartition(";")[0]
    file = lab.put(tmp_path / "cut.csv", cut)
    if is_zipped:
        file = lab.zipped(tmp_path / "cut.zip", {"a.csv": cut.encode()})
    with pytest.raises(SuspectError, match=f"{file.name} ends in the midst of a row: .* again"):
        register.import_files(tmp_path, [file])
    assert register.current(tmp_path) == before
    assert found(tmp_path, "17. mai gate 4")[0][0] == "17. mai gate 4"
    done = register.import_files(tmp_path, [file], is_forced=True)
    assert done.tally.bad_rows == 1
    assert done.tally.addresses == cut.count("\n") - 1


def test_the_last_row_needs_no_line_end(tmp_path: Path) -> None:
    file = lab.put(tmp_path / "a.csv", lab.addresses().rstrip("\n"))
    assert register.import_files(tmp_path, [file]).tally.addresses == len(HOUSES)


def test_far_less_of_a_municipality_than_is_known_replaces_nothing(tmp_path: Path) -> None:
    """A file that was cut between two rows looks whole."""
    files = [lab.put(tmp_path / "n.gml", lab.gml()), lab.put(tmp_path / "a.csv", lab.addresses())]
    register.import_files(tmp_path, files)
    before = register.current(tmp_path)
    here = [house for house in HOUSES if house.code == "9901"]
    half = [*here[: len(here) // 2 - 1], House("Nyvegen", 1, municipality="Oppspinn", code="9903")]
    file = lab.put(tmp_path / "half.csv", lab.addresses(half))
    told = f"addresses of Fiktivdal 9901: {len(half) - 1}, where {len(here)} are known"
    for is_fresh in (False, True):
        with pytest.raises(SuspectError, match=told):
            register.import_files(tmp_path, [file], is_fresh=is_fresh)
    few = lab.put(tmp_path / "few.gml", lab.gml([STEDER[0]]))
    with pytest.raises(SuspectError, match="names of Fiktivdal 9901: 1, where"):
        register.import_files(tmp_path, [few])
    assert register.current(tmp_path) == before
    some = [*here[: len(here) // 2 + 1]]
    register.import_files(tmp_path, [lab.put(tmp_path / "some.csv", lab.addresses(some))])
    assert register.import_files(tmp_path, [few], is_forced=True).tally.names == 1


def test_a_killed_import_leaves_the_old_register_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    register.import_files(home, [lab.put(tmp_path / "n.gml", lab.gml())])
    before = register.current(home)
    many = (Sted(f"Fiktiv{n}haugen", 60.9, 10.7) for n in range(20_000))
    file = lab.put(tmp_path / "many.gml", lab.gml(many))
    command = [sys.executable, "-m", "console.cli", "places", "import", str(file)]
    killed = 0
    for wait_s in (0.5, 1.0, 1.5):
        running = subprocess.Popen([*command, "--home", str(home)], stderr=subprocess.DEVNULL)
        time.sleep(wait_s)
        running.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        was_killed = running.wait() != 0
        if register.current(home) == before:
            killed += was_killed
            assert found(home, "Storfiktiven")[0][0] == "Storfiktiven"
        else:  # it had done all before it was killed, or ended: then nothing of it is missing
            assert found(home, "Fiktiv19999haugen")[0][0] == "Fiktiv19999haugen"
            break
    assert killed
    done = register.import_files(home, [file], is_fresh=True)
    assert done.tally.names == 20_000
    left = [one.name for one in (home / "places").iterdir() if one.is_dir()]
    assert len(left) == 1, left


def test_two_imports_at_once_wait_for_each_other(tmp_path: Path) -> None:
    folder = register.folder_of(tmp_path)
    folder.mkdir()
    file = lab.put(tmp_path / "n.gml", lab.gml())
    with register.alone(folder), pytest.raises(PlacesError, match="another import"):
        register.import_files(tmp_path, [file])
    register.import_files(tmp_path, [file])


@pytest.mark.parametrize("part", ["key_bytes.npy", "meta.json", "post_item.npy", "sums.json"])
def test_a_damaged_part_is_told_of_and_the_others_go_on(
    tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    files = [lab.put(tmp_path / "n.gml", lab.gml()), lab.put(tmp_path / "a.csv", lab.addresses())]
    register.import_files(tmp_path, files)
    (register.current(tmp_path)["names"] / part).write_bytes(b"\x93NUMPY rubbish")
    places = Places(tmp_path)
    assert places.search("Lillehamar", MIDDLE).rows[0].name == "Lillehammer"
    assert places.search("storgt 12b fiktivdal", MIDDLE).rows[0].name == "Storgata 12B"
    (words,) = places.damaged.values()
    assert part in words
    assert "import their files again" in words
    home = ["--home", str(tmp_path)]
    assert main(["places", "list", *home]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("addresses: ")
    assert "the imported names are damaged" in told.err
    assert "import their files again" in told.err
    assert main(["places", "list", "--json", *home]) == 1
    assert set(json.loads(capsys.readouterr().out)["names"]) == {"damaged"}
    assert main(["places", "search", "Lillehamar", *home]) == 0
    assert "the imported names are damaged" in capsys.readouterr().err
    assert main(["places", "import", str(files[0]), *home]) == 0
    assert "Nothing is kept from before: the imported names" in capsys.readouterr().err
    assert main(["places", "list", *home]) == 0
    assert "rubbish" not in caplog.text.lower()


@pytest.mark.parametrize("file", ["item_lat.npy", "house_post.npy", "post_item.npy"])
def test_one_flipped_bit_is_no_place_elsewhere(tmp_path: Path, file: str) -> None:
    """A coordinate that is wrong by a bit would send an ambulance somewhere else."""
    files = [lab.put(tmp_path / "n.gml", lab.gml()), lab.put(tmp_path / "a.csv", lab.addresses())]
    register.import_files(tmp_path, files)
    damaged = register.current(tmp_path)["addresses"] / file
    data = bytearray(damaged.read_bytes())
    data[-2] ^= 16
    damaged.write_bytes(data)
    places = Places(tmp_path)
    assert places.search("storgt 12b fiktivdal", MIDDLE).rows == ()
    assert set(places.damaged) == {"addresses"}


@pytest.mark.parametrize("words", ["{", "", "[]", '{"names": 3}'])
def test_what_points_to_the_register_is_damaged_and_the_newest_is_taken(
    tmp_path: Path, words: str
) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml())])
    (register.folder_of(tmp_path) / register.CURRENT).write_text(words)
    assert found(tmp_path, "Storfiktivn")[0][0] == "Storfiktiven"
    file = lab.put(tmp_path / "a.csv", lab.addresses())
    register.import_files(tmp_path, [file])  # nor is it tidied away
    assert found(tmp_path, "Storfiktivn")[0][0] == "Storfiktiven"
    assert register.remove(tmp_path)
    assert not register.current(tmp_path)


# --- fuzz ---


def _takes(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with contextlib.suppress(PlacesError):
        register.import_files(tmp_path / "home", [file])


@BAD
@given(st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    _takes(tmp_path, "any", data)


@BAD
@given(st.data())
def test_damaged_files(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([
        lab.gml().encode(), lab.addresses().encode(),
        json.dumps({"features": [{"properties": {"enh_snavn": "Fikt", "enh_komm": 9901},
                    "geometry": {"coordinates": [10, 60]}}] * 4}).encode(),
        _zip_of({"a.gml": lab.gml().encode()}),
    ]))  # fmt: skip
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    _takes(tmp_path, "damaged", bytes(damaged))


@BAD
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["properties", "geometry", "coordinates", "navn",
                                         "skrivemåte", "kommuner", "enh_komm", "stedsnavn",
                                         "representasjonspunkt", "nord", "øst", "koordsys"]),
                        inner, max_size=4), max_leaves=12))  # fmt: skip
def test_any_json_object(tmp_path: Path, value: object) -> None:
    _takes(tmp_path, "x.json", json.dumps({"features": [value]}).encode())


@BAD
@given(st.lists(st.lists(st.text(max_size=12), max_size=26), max_size=5))
def test_any_table(tmp_path: Path, table: list[list[str]]) -> None:
    text = "\n".join(";".join(row) for row in table)
    _takes(tmp_path, "x.csv", f"{lab.CSV_HEAD}\n{text}".encode())


def _zip_of(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


# --- the command ---


def test_the_command_imports_lists_searches_and_removes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    assert main(["places", "list", *home]) == 0
    assert "Nothing has been imported" in capsys.readouterr().out
    assert main(["places", "list", "--json", *home]) == 0
    assert json.loads(capsys.readouterr().out) == {}
    text = lab.addresses() + "for;få;felt\n"
    files = [str(lab.put(tmp_path / "n.gml", lab.gml())), str(lab.put(tmp_path / "a.csv", text))]
    assert main(["places", "import", *files, *home]) == 0
    out = capsys.readouterr()
    assert f"Imported {len(STEDER)} names and {len(HOUSES)} addresses" in out.out
    assert "Left out, 1: it has too few columns, for example 'for;få;felt'" in out.out
    assert "Reading n.gml" in out.err
    assert main(["places", "list", "--json", *home]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["names"]["count"] == len(STEDER)
    assert listed["addresses"]["municipalities"] == 2
    assert main(["places", "search", "storgt", "12b,", "9871", *home]) == 0
    assert capsys.readouterr().out.startswith(
        "Storgata 12B (address, 9871 STORFIKTIVEN, Fiktivdal)"
    )
    assert main(["places", "search", "xyzzyxyzzy", *home]) == 3
    assert main(["places", "search", "nes", "--near", "nowhere", *home]) == 2
    assert main(["places", "import", str(tmp_path / "none.gml"), *home]) == 1
    told = capsys.readouterr().err
    assert "none.gml: there is no such file or folder." in told
    assert "Errno" not in told
    assert "Nothing has been changed" in told
    assert main(["places", "import", str(tmp_path), *home]) == 1
    assert "this is a folder; a file is wanted" in capsys.readouterr().err
    cut = str(lab.put(tmp_path / "cut.csv", lab.addresses()[:2_000]))
    assert main(["places", "import", cut, *home]) == 1
    assert "Fetch it again, or take it all the same with --force." in capsys.readouterr().err
    assert main(["places", "import", cut, "--force", *home]) == 0
    capsys.readouterr()
    assert main(["places", "remove", *home]) == 0
    assert main(["places", "remove", *home]) == 3
