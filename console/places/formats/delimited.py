"""CSV: Matrikkelen's addresses as Geonorge gives them out (semicolons, one row an address), and
place names in a table of the same making. Columns are known by their names, in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader
from typing import Any, Final

from console.places.kinds import kind_of, weight_of
from console.places.rows import AddressRow, BadRow, NameRow, PlacesError, Row

MAX_FIELD: Final = 10_000
MAX_LINE: Final = 1 << 20  # characters
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "street": ("adressenavn",),
    "house": ("nummer", "husnummer"),
    "letter": ("bokstav",),
    "farm": ("gardsnummer", "gårdsnummer"),
    "holding": ("bruksnummer",),
    "extra": ("adressetilleggsnavn",),
    "name": ("komplettskrivemåte", "skrivemåte", "stedsnavn", "enh_snavn", "navn"),
    "others": ("andreskrivemåter", "annenskrivemåte"),
    "kind": ("navneobjekttype", "navnetype", "enh_navntype"),
    "group": ("navneobjekthovedgruppe",),
    "sorting": ("sortering",),
    "number": ("kommunenummer", "enh_komm"),
    "municipality": ("kommunenavn",),
    "epsg": ("epsg-kode", "epsgkode", "epsg", "koordsys"),
    "north": ("nord", "lat", "latitude", "breddegrad"),
    "east": ("øst", "aust", "lon", "longitude", "lengdegrad"),
    "postcode": ("postnummer",),
    "town": ("poststed",),
}


def rows(stream: BufferedReader[Any], name: str, head: bytes) -> Iterator[Row]:
    """Raises PlacesError for a file without the columns that are needed."""
    if b"\0" in head:
        raise PlacesError(
            f"{name} is neither GML, GeoJSON nor CSV: fetch place names or addresses from Geonorge"
        )
    text = io.TextIOWrapper(stream, _encoding(head), errors="replace", newline="")
    csv.field_size_limit(MAX_FIELD)
    line = head.split(b"\n", 1)[0].decode("latin-1")
    lines = _Lines(text, name)
    reader = csv.reader(lines, delimiter=max(";,\t", key=line.count))
    try:
        header = next(reader, [])
        columns = _columns(header)
    except csv.Error as error:
        raise PlacesError(f"{name} is no table ({error})") from error
    if "north" not in columns or "east" not in columns:
        raise PlacesError(f"{name} has no columns Nord and Øst: {_wanted()}")
    make: Callable[[_Fields], Row]
    if "street" in columns and "house" in columns:
        make = _address
    elif "name" in columns:
        make = _name
    else:
        raise PlacesError(f"{name} has neither addresses nor names in its columns: {_wanted()}")
    for fields in _each(reader):
        if isinstance(fields, BadRow):
            yield fields
        elif lines.is_cut and len(fields) < len(header):
            yield BadRow(f"{name} ends in the midst of a row", _example(fields), is_cut=True)
        elif len(fields) <= max(columns.values()):
            yield BadRow("it has too few columns", _example(fields))
        else:
            yield make(_Fields(fields, columns))


class _Lines:
    """A text's lines, none of them endless; ``is_cut``: the last that was read has no end."""

    def __init__(self, text: io.TextIOBase, name: str) -> None:
        self._text, self._name = text, name
        self.is_cut = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.is_cut = line[-1] not in "\r\n"
        if self.is_cut and len(line) >= MAX_LINE:
            raise PlacesError(f"{self._name} has a line of more than {MAX_LINE} characters")
        return line


def _wanted() -> str:
    return (
        "of Geonorge's «Matrikkelen - Adresse» the format CSV is wanted, of «Stedsnavn» GML, "
        "GeoJSON or CSV with kommunenummer, Nord, Øst"
    )


def _encoding(head: bytes) -> str:
    """UTF-8, or what older files have. A letter may be cut where the head ends."""
    for cut in range(4):
        try:
            head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        return "utf-8-sig"
    return "cp1252"


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [one.strip().casefold() for one in header]
    found: dict[str, int] = {}
    for wanted, known in COLUMNS.items():
        at = next((names.index(one) for one in known if one in names), None)
        if at is not None:
            found[wanted] = at
    return found


def _each(reader: Iterator[list[str]]) -> Iterator[list[str] | BadRow]:
    """The rows that are not empty."""
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(f"it can't be read ({error})")
            continue
        if fields:
            yield fields


def _example(fields: Sequence[str]) -> str:
    return ";".join(fields)[:80]


class _Fields:
    __slots__ = ("_columns", "_fields")

    def __init__(self, fields: list[str], columns: dict[str, int]) -> None:
        self._fields, self._columns = fields, columns

    def get(self, name: str) -> str:
        at = self._columns.get(name)
        return self._fields[at].strip() if at is not None else ""

    def example(self) -> str:
        return _example(self._fields)

    def point(self) -> tuple[float, float, int] | None:
        try:
            x = float(self.get("east").replace(",", "."))
            y = float(self.get("north").replace(",", "."))
        except ValueError:
            return None
        epsg = self.get("epsg").rpartition(":")[2]
        return x, y, int(epsg) if epsg.isdecimal() and len(epsg) <= 5 else 0


def _address(row: _Fields) -> Row:
    at = row.point()
    if at is None:
        return BadRow("it has no position", row.example())
    street, house = row.get("street"), row.get("house")
    number = 0
    if street:
        if not house.isdecimal() or len(house) > 5:
            return BadRow("it has no house number", row.example())
        number = int(house)
    elif row.get("farm").isdecimal() and row.get("holding").isdecimal():
        street = ""
    else:
        return BadRow("it has neither a street nor farm and holding numbers", row.example())
    farm = f"{row.get('farm')}/{row.get('holding')}" if not street else ""
    return AddressRow(
        street or farm,
        number if street else -1,
        row.get("letter").upper()[:1],
        *at,
        _four(row.get("number")),
        row.get("municipality"),
        _four(row.get("postcode")),
        row.get("town"),
        row.get("extra"),
        *(_figures(row.get(one)) if street else 0 for one in ("farm", "holding")),
    )


def _figures(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 5 else 0


def _four(figures: str) -> str:
    """Spreadsheets drop zeros in front."""
    return figures.zfill(4) if figures.isdecimal() and len(figures) <= 4 else ""


def _name(row: _Fields) -> Row:
    at = row.point()
    name = " ".join(row.get("name").split())
    if not name or "\ufffd" in name:
        return BadRow("it has no name that can be read", row.example())
    if at is None:
        return BadRow("it has no position", row.example())
    kind = kind_of(row.get("kind"), row.get("group"))
    others = tuple(one.strip() for one in row.get("others").split("|") if one.strip())
    weight = weight_of(kind, row.get("sorting"))
    number = _four(row.get("number"))
    return NameRow(name, *at, kind, weight, number, row.get("municipality"), others)
