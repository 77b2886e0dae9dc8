"""Whatever is typed, imported or found on the disk: places, or the search's own words."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from console.places import register
from console.places.building import AddressesPart, NamesPart, Tally, sorted_rows
from console.places.coordinates import Point, read, zoneless
from console.places.formats import delimited, geojson, gml, opening
from console.places.index import Typed
from console.places.rows import PlacesError
from console.places.searching import Places
from tests.places import lab
from tests.places.lab import HOUSES, MIDDLE

some = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
few = settings(some, max_examples=10)


# --- what is typed ---


PIECES: Final = st.sampled_from([
    "59", "75", "10", "45", "°", "'", '"', " ", ", ", ".", ";", "/", "-", "N", "E", "Ø", "S", "32",
    "33V", "utm", " sone ", "6643119", "597980", "NM", "mgrs", " min ", "nord", "øst", "=", "(",
    "storgata", " b ", " 12", "B", " fiktivdal", "9871", " gnr ", " bnr ", "12/3", " leil ", ")",
    "H0201", "2. etg", " nr. ", "#", "²", "٣", "½", "\u2007", "\x00", "9" * 40, " " * 30,
    "1," * 20, "a " * 20,
])  # fmt: skip


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Places:
    home = tmp_path_factory.mktemp("valley")
    files = [lab.put(home / "n.gml", lab.gml()), lab.put(home / "a.csv", lab.addresses())]
    register.import_files(home, files)
    return Places(home)


@some
@given(text=st.lists(PIECES, max_size=14).map("".join))
@example(text="45" * 58 + "zona")  # each figure of it could begin another number
@example(text="12/3 " + "a " * 50)
def test_whatever_is_typed_is_searched(valley: Places, text: str) -> None:
    found = read(text)
    assert isinstance(found, Point | str)
    assert (found == "no-zone") >= bool(zoneless(text)) or isinstance(found, Point)
    answer = valley.search(text, MIDDLE)
    assert len(answer.rows) <= 20
    assert not valley.damaged
    for row in answer.rows:
        assert 53.0 <= row.lat <= 84.0


# --- what is imported ---


ODD: Final = st.sampled_from([
    "", "59", "nan", "-inf", "1e400", "1_0", "²", "٣", "9" * 6_000, "25833", "4258", "EPSG::25833",
    "Nes", "\x1b[31m", "\ud800", "ß", "viktighetß", "viktighetA", "12", "9901", "٠١٢٣", "\x00",
    "\ufffd", "a|b|" * 50, '"', "\n", "0", "-5", "65536",
])  # fmt: skip
ODD_JSON: Final = st.recursive(
    ODD | st.none() | st.booleans() | st.floats() | st.sampled_from([10**400, 10**20, 59.9, 4258]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "properties", "geometry", "coordinates", "navn", "skrivemåte", "kommuner", "enh_komm",
        "stedsnavn", "representasjonspunkt", "nord", "øst", "koordsys", "enh_navntype", "sortering",
        "kommunenavn", "enh_snavn", "navneobjekttype"]), inner, max_size=5),
    max_leaves=14,
)  # fmt: skip


def taken(folder: Path, data: bytes) -> None:
    """As an import takes it, without the disk."""
    file = folder / "fuzzed"
    file.write_bytes(data)
    tally = Tally()
    parts = NamesPart(tally), AddressesPart(tally)
    try:
        for _ in sorted_rows(opening.read(file, opening.Progress()), *parts, tally):
            pass
    except PlacesError as error:
        assert str(error)
        return
    for part in parts:
        index = part.end().index()
        index.find(Typed.of("nes"), MIDDLE)
        json.dumps([index.areas, index.meta], ensure_ascii=False).encode()
        for item in range(len(index)):
            assert index.name_of(item).isprintable()
            lat, lon = index.point_of(item)
            assert 53.0 <= lat <= 84.0 and -12.0 <= lon <= 42.0


@some
@given(value=ODD_JSON, at=ODD_JSON | st.just([10.5, 60.5]), name=ODD)
@example(value={}, at=[10**400, 60], name="Nes")
def test_any_place_of_geojson(tmp_path: Path, value: Any, at: Any, name: str) -> None:
    facts = {"enh_snavn": name, "kommunenavn": name, "enh_komm": name, "sortering": name}
    rows = [{"properties": facts | {"enh_navntype": name}, "geometry": {"coordinates": at}}, value]
    text = json.dumps({"features": rows}, ensure_ascii=False)
    taken(tmp_path, text.encode("utf-8", "surrogatepass"))
    taken(tmp_path, json.dumps({"features": rows}).encode())


@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 5_000, "1e999", "NaN"])
def test_numbers_that_are_none_in_geojson(tmp_path: Path, number: str) -> None:
    facts = '"properties": {"enh_snavn": "Nes"}'
    text = f'{{"features": [{{{facts}, "geometry": {{"coordinates": [{number}, 60]}}}}]}}'
    taken(tmp_path, text.encode())


@some
@given(
    st.lists(st.tuples(st.sampled_from(HOUSES), st.integers(0, 24), ODD), max_size=4), st.booleans()
)
def test_any_address(tmp_path: Path, rows: list[tuple[lab.House, int, str]], has_end: bool) -> None:
    lines = [lab.CSV_HEAD]
    for house, at, odd in rows:
        fields = house.line().split(";")
        fields[at] = odd
        lines.append(";".join(fields))
    text = "\n".join(lines) + ("\n" if has_end else "")
    taken(tmp_path, text.encode("utf-8", "surrogatepass"))


@some
@given(st.lists(ODD, min_size=8, max_size=8))
def test_any_named_row(tmp_path: Path, fields: list[str]) -> None:
    head = "skrivemåte;navneobjekttype;kommunenummer;kommunenavn;sortering;andreskrivemåter;" \
        "navneobjekthovedgruppe;EPSG-kode;Nord;Øst\n"  # fmt: skip
    text = head + ";".join([*fields, "60.5", "10.5"]) + "\n"
    taken(tmp_path, text.encode("utf-8", "surrogatepass"))


@some
@given(st.data())
def test_any_place_of_gml(tmp_path: Path, data: st.DataObject) -> None:
    text = lab.gml(lab.STEDER[:2])
    for old in ("viktighetH", "<gml:pos>", "9901", "Fiktivdal", "25833", 'srsDimension="2"'):
        if data.draw(st.booleans()):
            text = text.replace(old, old[:5] + data.draw(ODD), 1)
    taken(tmp_path, text.encode("utf-8", "surrogatepass"))


@some
@given(st.data())
def test_any_zip(tmp_path: Path, data: st.DataObject) -> None:
    made = io.BytesIO()
    kind = data.draw(st.sampled_from([0, 8, 12, 14]))
    with zipfile.ZipFile(made, "w", kind) as archive:
        archive.writestr("a.gml", lab.gml(lab.STEDER[:2]))
    damaged = bytearray(made.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(-200, 60))] = data.draw(st.integers(0, 255))
    taken(tmp_path, bytes(damaged))


class Endless(io.RawIOBase):
    """``head``, then the same bytes for ever; counts what was read."""

    def __init__(self, head: bytes, more: bytes) -> None:
        super().__init__()
        self._next, self._more, self.given = head, more * (1 << 16), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece, self._next = self._next[: len(buffer)], self._more
        buffer[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)


def table(stream: Any, name: str) -> Iterator[Any]:
    return delimited.rows(stream, name, b"a;")


@pytest.mark.parametrize(
    ("head", "more", "rows"),
    [
        (b'<a><Sted b="', b"x", gml.rows), (b"<a><Sted><pos>", b"1 ", gml.rows),
        (b"<a><!-- ", b"x", gml.rows), (b"<a><", b"x", gml.rows), (b"<a>", b"<b>", gml.rows),
        (b'{"features": [{"a": "', b"x", geojson.rows), (b'{"features": [', b"9", geojson.rows),
        (b'{"a": "', b"x", geojson.rows), (b'{"features": [', b"[", geojson.rows),
        (b"", b"a", table), (b"Nord;navn;", b"a;", table),
        ("Nord;Øst;navn\n".encode(), b"1;", table),
    ],
)  # fmt: skip
def test_what_never_ends_is_refused_before_it_is_kept(
    head: bytes, more: bytes, rows: Callable[[Any, str], Iterator[Any]]
) -> None:
    stream = Endless(head, more)
    with pytest.raises(PlacesError):
        for _ in rows(io.BufferedReader(stream, 1 << 20), "endless"):
            pass
    assert stream.given < 24 << 20


# --- what is on the disk ---


@few
@given(data=st.data(), has_sums=st.booleans())
def test_any_damage_of_the_register_leaves_the_rest(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, has_sums: bool
) -> None:
    home = tmp_path_factory.mktemp("damaged")
    files = [lab.put(home / "n.gml", lab.gml()), lab.put(home / "a.csv", lab.addresses())]
    register.import_files(home, files)
    if not has_sums:
        for one in (home / "places").rglob("sums.json"):
            one.unlink()
    kept = sorted(one for one in (home / "places").rglob("*.*") if one.stat().st_size)
    for _ in range(data.draw(st.integers(1, 3))):
        file = data.draw(st.sampled_from(kept))
        raw = bytearray(file.read_bytes())
        at = data.draw(st.integers(0, len(raw) - 1)) if raw else 0
        if raw and data.draw(st.booleans()):
            raw[at] ^= data.draw(st.integers(1, 255))
        else:
            raw = raw[:at]
        file.write_bytes(raw)
    places = Places(home)
    for text in ("nes diktemark", "storgt 12b, 9871", "44/17", "haugstua", "9872", "12 storgata"):
        places.search(text, MIDDLE)
    assert places.search("Lillehamar", MIDDLE).rows[0].name == "Lillehammer"
    assert all("import their files again" in words for words in places.damaged.values())
    if has_sums and not places.damaged:  # what points to the parts was damaged, or nothing was
        assert places.search("storgt 12b, 9871", MIDDLE).rows[0].name == "Storgata 12B"
