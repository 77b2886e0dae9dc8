"""What is typed finds its place: misspelt, half typed, with a house number, or where it is."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from benchmarks.misspellings import BY_HAND, by_rules
from benchmarks.places import fill
from console.places import register
from console.places.folding import plain, sound, words_of
from console.places.kinds import KINDS, kind_of
from console.places.lookup import Answered, PlaceLookup
from console.places.searching import TOWNS, Found, Places
from tests.places import lab
from tests.places.lab import MIDDLE, House, Sted
from widgets.contracts.rows import PlaceKind

Search = Callable[[str], tuple[Found, ...]]
NAMES, ADDRESSES = 30_000, 60_000
HERE = (MIDDLE.lat, MIDDLE.lon)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The program's own names among many fictional ones."""
    home = tmp_path_factory.mktemp("crowd")
    fill(home, NAMES, ADDRESSES)
    places = Places(home)
    places.load()
    yield places


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """The small register of the lab's files."""
    home = tmp_path_factory.mktemp("valley")
    files = [lab.put(home / "n.gml", lab.gml()), lab.put(home / "a.csv", lab.addresses())]
    register.import_files(home, files)
    places = Places(home)
    return lambda text: places.search(text, MIDDLE).rows


def share(places: Places, pairs: list[tuple[str, str]]) -> tuple[float, list[str]]:
    missed = [
        f"{typed} for {meant}"
        for typed, meant in pairs
        if not any(
            row.name == meant and row.kind in TOWNS for row in places.search(typed, MIDDLE).rows[:5]
        )
    ]
    return 1 - len(missed) / len(pairs), missed


def towns() -> list[str]:
    rows = json.loads(resources.path("map/names.json").read_text("utf-8"))
    return sorted({row[0] for row in rows})


# --- misspelt ---


def test_a_hundred_common_misspellings_are_among_the_first_five(crowd: Places) -> None:
    assert len(BY_HAND) >= 100
    found, missed = share(crowd, list(BY_HAND))
    assert found >= 0.98, missed


def test_misspellings_by_rules_are_among_the_first_five(crowd: Places) -> None:
    found, missed = share(crowd, by_rules(towns(), 300))
    assert found >= 0.95, missed


def test_towns_are_found_while_they_are_typed(crowd: Places) -> None:
    for name in ("Lillehammer", "Trondheim", "Kristiansand", "Haugesund", "Longyearbyen"):
        for end in range(5, len(name) + 1):
            rows = crowd.search(name[:end], MIDDLE).rows[:5]
            assert any(row.name == name for row in rows), name[:end]


@settings(deadline=None)  # the first loads the program's names
@given(st.text(max_size=140))
def test_any_text_is_searched_without_a_crash(text: str) -> None:
    rows = BUNDLED.search(text, MIDDLE).rows
    assert len(rows) <= 20


BUNDLED = Places(None)


# --- ranking ---


def test_exact_stands_before_what_begins_so_and_that_before_misspelt(tmp_path: Path) -> None:
    far = [Sted("Tretoppen", 60.9, 10.7), Sted("Tretopp", 62.5, 6.0), Sted("Tretup", 60.9, 10.7)]
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml(far))])
    rows = Places(tmp_path).search("tretopp", MIDDLE).rows
    assert [row.name for row in rows[:3]] == ["Tretopp", "Tretoppen", "Tretup"]


def test_towns_stand_before_farms_and_near_before_far(valley: Search, tmp_path: Path) -> None:
    nes = [row for row in valley("nes") if row.name == "Nes"]
    assert [row.municipality for row in nes] == ["Nes", "Fiktivdal", "Diktemark", "Oppspinn"]
    assert nes[0].kind == "municipality"
    both = [Sted("Tvilling", 60.9, 10.7), Sted("Tvilling", 69.0, 19.0, "by")]
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml(both))])
    rows = Places(tmp_path).search("tvilling", MIDDLE).rows
    assert [row.kind for row in rows[:2]] == ["town", "farm"]


def test_a_misspelt_town_has_room_among_many_farms_of_that_name(tmp_path: Path) -> None:
    """ "Hamr" is nobody's town; a hundred farms of that name must not hide Hamar."""
    farms = [Sted("Hamr", 60.0 + n / 100, 10.7) for n in range(100)]
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml(farms))])
    rows = Places(tmp_path).search("hamr", MIDDLE).rows
    assert rows[0].name == "Hamr"
    assert "Hamar" in [row.name for row in rows[:5]]


def test_the_register_and_the_bundled_list_do_not_show_a_town_twice(tmp_path: Path) -> None:
    sted = Sted("Lillehammer", 61.115, 10.467, "by", "Lillehammer", "3405")
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml([sted]))])
    rows = Places(tmp_path).search("lillehammer", MIDDLE).rows
    assert [row.kind for row in rows if row.name == "Lillehammer"] == ["town", "municipality"]
    assert rows[0].municipality == "Lillehammer"


def test_a_street_that_both_registers_have_is_shown_once(tmp_path: Path) -> None:
    sted = Sted("Storgata", 60.93, 10.73, "adressenavn")
    files = [lab.put(tmp_path / "n.gml", lab.gml([sted])),
             lab.put(tmp_path / "a.csv", lab.addresses())]  # fmt: skip
    register.import_files(tmp_path, files)
    rows = Places(tmp_path).search("storgata", MIDDLE).rows
    assert [row.municipality for row in rows if row.name == "Storgata"] == [
        "Fiktivdal", "Diktemark",
    ]  # fmt: skip


# --- where it is ---


@pytest.mark.parametrize(
    ("typed", "municipality"),
    [
        ("nes diktemark", "Diktemark"), ("nes, diktemark", "Diktemark"),
        ("Nes Oppspinn", "Oppspinn"),
        ("nes diktemrk", "Diktemark"), ("nes fiktiv", "Fiktivdal"), ("oppspinn, nes", "Oppspinn"),
    ],
)  # fmt: skip
def test_a_name_and_its_municipality(valley: Search, typed: str, municipality: str) -> None:
    rows = valley(typed)
    assert (rows[0].name, rows[0].municipality) == ("Nes", municipality)


@pytest.mark.parametrize(
    "typed",
    [
        "storgata 12b fiktivdal", "Storgata 12 B, Fiktivdal", "storgt 12b, 9871",
        "storgt. 12b 9871",
        "storgaten 12b storfiktiven", "Storgata 12B 9871 Storfiktiven", "strogata 12b fiktivdal",
        "storgata12b fiktivdal", "storgate nr 12 b fiktivdal", "Fiktivdal, Storgata 12b",
        "fiktivdal storgata 12b", "STORGATA 12B, 9871 STORFIKTIVEN", "12B Storgata, Fiktivdal",
        "12 b storgata fiktivdal", "12b storgt 9871", "Storgata 12, B, Fiktivdal",
        "storgata 12.b fiktivdal", "storgata nummer 12 b fiktivdal", "storgata #12b fiktivdal",
        "Storgata 12 B, H0201, 9871 Storfiktiven", "Storgata 12 B, leil. 3, Fiktivdal",
        "storgata 12b oppgang c fiktivdal", "Storgata 12B, 2. etg, Fiktivdal",
    ],
)  # fmt: skip
def test_an_address_as_people_type_it(valley: Search, typed: str) -> None:
    row = valley(typed)[0]
    assert (row.name, row.kind, row.lacking) == ("Storgata 12B", "address", "")
    assert row.municipality == "9871 STORFIKTIVEN, Fiktivdal"
    assert abs(row.lat - 60.9125) < 1e-5


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Storgata 12B", "Storgata 12B"), ("Storgata 12 b", "Storgata 12B"),
        ("12 Storgata", "Storgata 12"), ("12 Stogata", "Storgata 12"),
        ("Storgt 12", "Storgata 12"), ("Storgata 12, Fiktivdal", "Storgata 12"),
        ("storgata 12-14", "Storgata 12"), ("storgata 12/14", "Storgata 12"),
        ("17. mai gate 4", "17. mai gate 4"), ("17 mai gt 4", "17. mai gate 4"),
        ("4 17. mai gate", "17. mai gate 4"), ("17. mai gate", "17. mai gate"),
        ("17 mai gate", "17. mai gate"),
    ],
)  # fmt: skip
def test_an_address_without_where_it_is(valley: Search, typed: str, name: str) -> None:
    assert (valley(typed)[0].name, valley(typed)[0].lacking) == (name, "")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("44/17", ["Bryggeveien 3D", "Bryggeveien 9"]),
        ("44/17 fiktivdal", ["Bryggeveien 3D"]), ("44/17, 9872", ["Bryggeveien 9"]),
        ("Diktemark 44/17", ["Bryggeveien 9"]), ("gnr 44 bnr 17 diktemark", ["Bryggeveien 9"]),
        ("gnr44 bnr17, Diktemark", ["Bryggeveien 9"]), ("gbnr 44/17 9872", ["Bryggeveien 9"]),
        ("gnr/bnr 44/17 fiktivdal", ["Bryggeveien 3D"]),
        ("44/17 bryggevegen", ["Bryggeveien 3D", "Bryggeveien 9"]),
        ("44/17 bryggeveien, diktemark", ["Bryggeveien 9"]), ("44/17 storgata", []),
        ("44/18", []), ("70000/1", []),
    ],
)  # fmt: skip
def test_the_addresses_on_a_farm_and_holding(valley: Search, typed: str, names: list[str]) -> None:
    rows = valley(typed)
    assert [row.name for row in rows] == names
    assert all(row.known_as == "44/17" for row in rows)


def test_what_an_older_program_imported_is_searched_and_kept(tmp_path: Path) -> None:
    """It has no farms of streets' addresses, and no sums."""
    register.import_files(tmp_path, [lab.put(tmp_path / "a.csv", lab.addresses())])
    for name in ("house_farm.npy", "sums.json"):
        (register.current(tmp_path)["addresses"] / name).unlink()
    places = Places(tmp_path)
    assert places.search("44/17", MIDDLE).rows == ()
    assert places.search("bryggeveien 3d", MIDDLE).rows[0].name == "Bryggeveien 3D"
    new = [House("Nyvegen", 4, municipality="Oppspinn", code="9903")]
    register.import_files(tmp_path, [lab.put(tmp_path / "b.csv", lab.addresses(new))])
    assert places.search("bryggeveien 3d", MIDDLE).rows[0].name == "Bryggeveien 3D"
    assert places.search("12/3 oppspinn", MIDDLE).rows[0].name == "Nyvegen 4"


def test_the_nearest_of_streets_of_one_name_stands_first_and_says_where_it_is(
    valley: Search,
) -> None:
    rows = [row for row in valley("storgata 12") if row.kind == "address"]
    assert [row.municipality for row in rows] == [
        "9871 STORFIKTIVEN, Fiktivdal", "9872 DIKTEBYEN, Diktemark",
    ]  # fmt: skip


def test_a_house_that_is_not_there_is_never_shown_as_if_it_were(valley: Search) -> None:
    row = valley("storgata 99 fiktivdal")[0]
    assert (row.name, row.kind, row.lacking) == ("Storgata", "street", "99")
    row = valley("storgata 13c fiktivdal")[0]
    assert (row.name, row.lacking) == ("Storgata 13", "13C")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kong fiktivs vei 7", "Kong Fiktivs veg 7"), ("kong fiktivsvn 7", "Kong Fiktivs veg 7"),
        ("fiktivs veg", "Kong Fiktivs veg"), ("12/3 fiktivdal", "12/3"), ("haugstua", "Haugstua"),
        ("9872", "9872 DIKTEBYEN"), ("diktebyen", "9872 DIKTEBYEN"),
    ],
)  # fmt: skip
def test_streets_farm_numbers_and_postcodes(valley: Search, typed: str, name: str) -> None:
    assert name in [row.name for row in valley(typed)[:3]]


@pytest.mark.parametrize("typed", ["13/3", "12/4", "13/3 fiktivdal", "12/4 fiktivdal"])
def test_another_farm_is_never_shown_for_the_one_that_is_meant(valley: Search, typed: str) -> None:
    """Its number is no name that could be misspelt."""
    assert "12/3" in [row.name for row in valley("12/3 fiktivdal")]
    meant = typed.split(maxsplit=1)[0]
    assert [row.name for row in valley(typed) if "/" in row.name and row.name != meant] == []


def test_coordinates_are_a_place_of_their_own(valley: Search) -> None:
    row = valley("32V NM 97979 43118")[0]
    assert (row.kind, row.name) == ("coordinates", "32V NM 97979 43118")
    answer = BUNDLED.search("59.91, 210.75", MIDDLE)
    assert (answer.rows, answer.doubt) == ((), "order")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("597980 6643119", [("32V 597980 6643119", "Oslo")]),
        ("N 6649444 Ø 262560", [("33V 262560 6649444", "Oslo"),
                                ("32V 262560 6649444", "Svortland")]),
        ("514814 8683004", [("33X 514814 8683004", "Longyearbyen")]),
        ("500000 6100000", []),  # Denmark, the Baltic
    ],
)  # fmt: skip
def test_utm_without_its_zone_is_each_place_in_norway_that_it_may_be(
    typed: str, shown: list[tuple[str, str]]
) -> None:
    answer = BUNDLED.search(typed, MIDDLE)
    assert answer.doubt == "no-zone"
    assert [(row.name, row.beside) for row in answer.rows] == shown


# --- folding, kinds ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tromsø", "tromso"), ("Bodø", "BODOE"), ("Ålesund", "Aalesund"), ("Værøy", "vaeroey"),
        ("Kárášjohka", "karasjohka"), ("Kjølsdal", "Skjølsdal"), ("Hvaler", "Valer"),
        ("Mo i Rana", "moirana"), ("St. Olavs", "sankt olavs"), ("Christiania", "Kristiania"),
        ("Solveien", "Solvegen"), ("Lillestrøm", "Lilestrøm"), ("Øystese", "Øistese"),
    ],
)  # fmt: skip
def test_what_sounds_alike_is_alike(one: str, other: str) -> None:
    assert sound(plain(words_of(one))) == sound(plain(words_of(other)))


@given(st.text(max_size=40))
def test_folding_ends_in_plain_letters_and_is_stable(text: str) -> None:
    key = sound(plain(words_of(text)))
    assert key.isascii()
    assert key == key.lower()


def test_the_windows_kinds_are_the_searchs() -> None:
    assert set(get_args(PlaceKind)) == {*KINDS, "coordinates"}
    assert kind_of("nesISjø") == kind_of("Nes i sjø") == "headland"
    assert kind_of("noeNytt", "ferskvann") == "water"
    assert kind_of("noeNytt") == "other"


def test_no_county_and_no_number_of_other_years_is_bundled() -> None:
    rows = json.loads(resources.path("map/names.json").read_text("utf-8"))
    areas = {row[0] for row in rows if row[4] == "municipality"}
    assert len(areas) >= 350
    assert not {"Viken", "Vestfold og Telemark", "Troms og Finnmark"} & areas
    assert all(len(row) == 7 for row in rows)
    assert [row[6][0] for row in rows if row[0] == "Karasjok"
                             and row[4] == "municipality"] == ["Kárášjohka"]  # fmt: skip


def test_no_other_languages_word_for_a_municipality_is_a_name() -> None:
    """As "Sola község" was, which a slip in another name would have shown."""
    rows = json.loads(resources.path("map/names.json").read_text("utf-8"))
    spelt = [name for row in rows if row[4] == "town" for name in row[6]]
    words = {word for name in spelt for word in name.casefold().split()}
    assert not {"vald", "község", "koezseg", "gmina", "suohkan"} & words
    found = Places(None).search("solakosek", MIDDLE).rows
    assert not [row for row in found if "koezseg" in row.known_as]


# --- the thread ---


def test_the_newest_key_stroke_wins(tmp_path: Path) -> None:
    answers: list[Answered] = []
    done = threading.Event()

    def take(answered: Answered) -> None:
        answers.append(answered)
        if answered.number == last:
            done.set()

    lookup = PlaceLookup(tmp_path, take)
    text = "Kristiansnad"
    for end in range(1, len(text)):
        lookup.ask(text[:end], *HERE)
    last = lookup.ask(text, *HERE)
    lookup.start()
    assert done.wait(10)
    lookup.stop()
    assert [one.number for one in answers] == [last]
    assert lookup.dropped == len(text) - 1
    assert answers[0].answer is not None
    assert "Kristiansand" in [row.name for row in answers[0].answer.rows]


def test_an_import_is_there_with_the_next_question(tmp_path: Path) -> None:
    answers: list[Answered] = []
    lookup = PlaceLookup(tmp_path, answers.append)
    lookup.start()
    lookup.ask("Skjærvågen", *HERE)
    _until(lambda: len(answers) == 1)
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml())])
    lookup.ask("Skjærvågen", *HERE)
    _until(lambda: len(answers) == 2)
    lookup.stop()
    assert not answers[0].has_names
    assert answers[1].has_names
    assert answers[1].answer is not None
    assert answers[1].answer.rows[0].name == "Skjærvågen"


def test_a_search_that_breaks_off_is_told_and_the_next_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Answered] = []
    lookup = PlaceLookup(tmp_path, answers.append)

    def broken(*_: object, **__: object) -> None:
        raise OSError("a test's")

    with monkeypatch.context() as patch:
        patch.setattr(Places, "search", broken)
        lookup.start()
        lookup.ask("Oslo", *HERE)
        _until(lambda: len(answers) == 1)
    lookup.ask("Oslo", 60.0, 10.0)
    _until(lambda: len(answers) == 2)
    lookup.stop()
    assert answers[0].answer is None
    assert answers[1].answer is not None
    assert answers[1].answer.rows[0].name == "Oslo"
    assert lookup.failed == 1


def _until(is_so: Callable[[], bool], most_s: float = 10.0) -> None:
    end_s = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def test_a_whole_street_of_one_number_each_is_bounded(tmp_path: Path) -> None:
    houses = [House("Langgata", n % 60 + 1, "", 60.9 + n * 1e-6) for n in range(5_000)]
    register.import_files(tmp_path, [lab.put(tmp_path / "a.csv", lab.addresses(houses))])
    rows = Places(tmp_path).search("langgata 7", MIDDLE).rows
    assert rows[0].name == "Langgata 7"
    assert len(rows) <= 20
