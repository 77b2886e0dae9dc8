"""Place names as Geonorge gives them out: GML of "StedsnavnForVanligBruk" (SSR), as a stream.

A ``Sted`` has a position (a point, points, a line or an area), one or more ``Stedsnavn`` with their
``Skrivemåte``, its type, and its municipality. Element names are taken without their prefix, so
that another version's namespace does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from typing import Any, Final
from xml.parsers import expat

from console.places.formats.naming import Naming, Spelling, chosen
from console.places.kinds import kind_of, weight_of
from console.places.rows import BadRow, NameRow, PlacesError, Row

CHUNK: Final = 1 << 20
MAX_DEPTH: Final = 100
MAX_TEXT: Final = 8 << 20  # characters of one element: a long coastline
MAX_NAMES: Final = 200  # of one place
MAX_NAME: Final = 1_000  # characters
_LEAVES: Final = frozenset({
    "komplettskrivemåte", "skrivemåtestatus", "navnestatus", "språk", "navneobjekttype",
    "navneobjekthovedgruppe", "sortering", "språkprioritering", "kommunenummer", "kommunenavn",
    "pos", "posList", "langnavn",
})  # fmt: skip
_FIGURES: Final = frozenset({"pos", "posList"})
_PLACE: Final = "Sted"


def rows(stream: BufferedReader[Any], name: str) -> Iterator[Row]:
    """Raises PlacesError for a file that is no XML, no place names, or has entities."""
    reader = _Reader(name)
    while data := stream.read(CHUNK):
        reader.feed(data)
        yield from reader.taken()
    reader.feed(b"", is_last=True)
    yield from reader.taken()
    if not reader.places:
        raise PlacesError(
            f"{name} is XML without any {_PLACE} in it: of Geonorge's «Stedsnavn» the format GML "
            "is wanted"
        )


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = 1 << 16
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._local: dict[str, str] = {}
        self._depth = self._fed = 0
        self._text: list[str] = []
        self._length = 0
        self._place: _Place | None = None
        self._default_epsg = 0
        self._made: list[Row] = []
        self.places = 0

    def feed(self, data: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(data, is_last)
            self._fed += len(data)
            if self._fed - max(0, self._parser.CurrentByteIndex) > MAX_TEXT:
                raise PlacesError(f"{self._name} has a tag of more than {MAX_TEXT} bytes")
        except expat.ExpatError as error:
            raise PlacesError(
                f"{self._name} is not whole XML ({error}): fetch it again from Geonorge"
            ) from error

    def taken(self) -> list[Row]:
        made, self._made = self._made, []
        return made

    def _refuse(self, *_: Any) -> None:
        raise PlacesError(
            f"{self._name} declares a document type or entities, as no file of Kartverket's does: "
            "it is refused"
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PlacesError(f"{self._name} is nested deeper than {MAX_DEPTH}: it is refused")
        local = self._local.get(tag)
        if local is None:
            local = tag.rpartition(":")[2]
            if len(self._local) < 1_000:
                self._local[tag] = local
        place = self._place
        if "srsName" in attributes:
            epsg = _epsg(attributes["srsName"])
            if place is not None:
                place.epsg = epsg
            else:
                self._default_epsg = epsg
        if local == _PLACE:
            self._place = _Place(self._default_epsg)
        elif place is None:
            return
        elif local in _LEAVES:
            self._text, self._length = [], 0
            self._parser.CharacterDataHandler = self._characters
            if attributes.get("srsDimension") == "3":
                place.dimension = 3
        else:
            place.open(local, attributes)

    def _characters(self, data: str) -> None:
        self._length += len(data)
        if self._length > MAX_TEXT:
            raise PlacesError(f"{self._name} has an element of more than {MAX_TEXT} characters")
        self._text.append(data)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        place = self._place
        if place is None:
            return
        local = self._local.get(tag) or tag.rpartition(":")[2]
        if local in _LEAVES:
            self._parser.CharacterDataHandler = None
            text = "".join(self._text).strip()
            place.leaf(local, text if local in _FIGURES else text[:MAX_NAME])
            self._text = []
        elif local == _PLACE:
            self._place = None
            self.places += 1
            self._made.append(place.row())


class _Place:
    """What is known of a ``Sted`` so far."""

    __slots__ = ("_first", "_is_area", "_is_side", "_list", "_namings", "_texts", "dimension",
                 "epsg")  # fmt: skip

    def __init__(self, epsg: int) -> None:
        self.epsg, self.dimension = epsg, 2
        self._texts: dict[str, str] = {}
        self._namings: list[Naming] = []
        self._first = self._list = ""
        self._is_area = self._is_side = False

    def open(self, local: str, attributes: dict[str, str]) -> None:
        if local == "Stedsnavn":
            if len(self._namings) < MAX_NAMES:
                self._namings.append(Naming())
        elif local == "annenSkrivemåte":
            self._is_side = True
        elif local == "skrivemåte":
            self._is_side = False
        elif local == "LinearRing":
            self._is_area = True
        if attributes.get("srsDimension") == "3":
            self.dimension = 3

    def leaf(self, local: str, text: str) -> None:
        if local == "pos":
            self._first = self._first or text
        elif local == "posList":
            self._list = self._list or text
        elif local in {"komplettskrivemåte", "langnavn"}:
            if self._namings and len(self._namings[-1].spellings) < MAX_NAMES:
                self._namings[-1].spellings.append(Spelling(text, "", self._is_side))
        elif local == "skrivemåtestatus":
            if self._namings and self._namings[-1].spellings:
                self._namings[-1].spellings[-1].status = text
        elif local == "navnestatus":
            if self._namings:
                self._namings[-1].status = text
        elif local == "språk":
            if self._namings:
                self._namings[-1].language = text
        else:
            self._texts.setdefault(local, text)

    def row(self) -> Row:
        texts = self._texts
        name, others = chosen(self._namings, texts.get("språkprioritering", ""))
        if not name:
            return BadRow("it has no name in use", texts.get("navneobjekttype", ""))
        at = self._point()
        if at is None:
            return BadRow("it has no position", name)
        kind = kind_of(texts.get("navneobjekttype", ""), texts.get("navneobjekthovedgruppe", ""))
        return NameRow(
            name,
            *at,
            self.epsg,
            kind,
            weight_of(kind, texts.get("sortering", "")),
            texts.get("kommunenummer", ""),
            texts.get("kommunenavn", ""),
            others,
        )

    def _point(self) -> tuple[float, float] | None:
        """The first of points, the middle one of a line, the mean of an area's edge."""
        try:
            figures = [float(one) for one in (self._first or self._list).split()]
        except ValueError:
            return None
        step = self.dimension
        if len(figures) < 2 or (not self._first and len(figures) % step):
            return None
        count = len(figures) // step if not self._first else 1
        if self._is_area and count > 1:
            return (sum(figures[::step]) / count, sum(figures[1::step]) / count)
        middle = count // 2 * step
        return figures[middle], figures[middle + 1]


def _epsg(name: str) -> int:
    """Of "urn:ogc:def:crs:EPSG::25833", 0 where it can't be told."""
    figures = name.rpartition(":")[2].rpartition("/")[2]
    return int(figures) if figures.isdecimal() and len(figures) <= 5 else 0
