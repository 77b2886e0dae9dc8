"""Place names as GeoJSON, feature by feature: the older files by municipality and county, and what
Kartverket's place name API answers (``navn`` with ``representasjonspunkt``)."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import Any, Final

from console.places.formats.naming import Naming, Spelling, chosen
from console.places.kinds import kind_of, weight_of
from console.places.rows import BadRow, NameRow, PlacesError, Row

CHUNK: Final = 1 << 18
MAX_OBJECT: Final = 8 << 20  # characters
MAX_HEAD: Final = 1 << 20
MAX_NAMES: Final = 200  # of one place
MAX_METRES: Final = 1e9  # an integer may be too large to be a float
LISTS: Final = ('"features"', '"navn"')
_STATUS: Final = {"A": "avslått", "H": "historisk", "F": "foreslått", "U": "uvurdert"}
_LANGUAGE: Final = {"NO": "norsk", "SN": "nordsamisk", "SL": "lulesamisk", "SS": "sørsamisk",
                    "FI": "kvensk"}  # fmt: skip


def rows(stream: BufferedReader[Any], name: str) -> Iterator[Row]:
    """Raises PlacesError for a file that is no such list, or ends in the middle."""
    for found in _objects(stream, name):
        yield _row(found)


def _objects(stream: BufferedReader[Any], name: str) -> Iterator[Any]:
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    decoder = json.JSONDecoder()
    text, at = _list_start(stream, name, decode)
    count = 0
    while True:
        at = _skip(text, at, " \t\r\n,")
        if at < len(text) and text[at] == "]":
            break
        try:
            found, end = decoder.raw_decode(text, at)
        except RecursionError:
            raise PlacesError(f"{name} is nested too deep: it is refused") from None
        except json.JSONDecodeError:
            more = stream.read(CHUNK)
            if not more or len(text) - at > MAX_OBJECT:
                raise PlacesError(
                    f"{name} ends, or is damaged, after {count} places: fetch it again"
                ) from None
            text, at = text[at:] + decode(more), 0
            continue
        except ValueError:  # a number of thousands of figures
            raise PlacesError(f"{name} has a number that is none: it is refused") from None
        yield found
        count += 1
        at = end
        if at > CHUNK:
            text, at = text[at:], 0
    if not count:
        raise PlacesError(f"{name} is a list without any place in it")


def _list_start(stream: BufferedReader[Any], name: str, decode: Any) -> tuple[str, int]:
    """The text so far, and where the first place is."""
    text = ""
    while len(text) <= MAX_HEAD:
        more = stream.read(CHUNK)
        text += decode(more)
        if text.lstrip()[:1] == "[":
            return text, text.index("[") + 1
        starts = [(text.index(one), one) for one in LISTS if one in text]
        if starts:
            at, key = min(starts)
            at = _skip(text, at + len(key), " \t\r\n:")
            if at < len(text):
                if text[at] != "[":
                    break
                return text, at + 1
        if not more:
            break
    raise PlacesError(
        f"{name} is JSON without a list of places: a GeoJSON file of place names is wanted"
    )


def _skip(text: str, at: int, what: str) -> int:
    while at < len(text) and text[at] in what:
        at += 1
    return at


def _row(found: Any) -> Row:
    if not isinstance(found, Mapping):
        return BadRow("it is no object", str(found)[:60])
    inner = found.get("properties")
    facts: Mapping[str, Any] = inner if isinstance(inner, Mapping) else found
    name, others = chosen(_namings(facts), _text(facts, "språkprioritering"))
    if not name:
        return BadRow("it has no name in use", str(dict(facts))[:60])
    at = _point(found, facts)
    if at is None:
        return BadRow("it has no position", name)
    kind = kind_of(
        _text(facts, "navneobjekttype", "enh_navntype"), _text(facts, "navneobjekthovedgruppe")
    )
    number, municipality = _municipality(facts)
    weight = weight_of(kind, _text(facts, "sortering"))
    return NameRow(name, *at, kind, weight, number, municipality, others)


def _namings(facts: Mapping[str, Any]) -> list[Naming]:
    many = facts.get("stedsnavn")
    inner = many if isinstance(many, list) else []
    namings = [_naming(one) for one in inner[:MAX_NAMES] if isinstance(one, Mapping)]
    return namings or [_naming(facts)]


def _naming(facts: Mapping[str, Any]) -> Naming:
    text = _text(facts, "skrivemåte", "komplettskrivemåte", "enh_snavn", "for_snavn", "stedsnavn",
                 "navn")  # fmt: skip
    status = _text(facts, "skrivemåtestatus", "skr_snskrstat")
    language = _text(facts, "språk", "enh_snspraak")
    return Naming(
        _text(facts, "navnestatus"),
        _LANGUAGE.get(language, language),
        [Spelling(text, _STATUS.get(status, status))],
    )


def _text(facts: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = facts.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _municipality(facts: Mapping[str, Any]) -> tuple[str, str]:
    many = facts.get("kommuner")
    if isinstance(many, list) and many and isinstance(many[0], Mapping):
        facts = many[0]
    number = _text(facts, "kommunenummer", "enh_komm")
    return (number.zfill(4) if number else ""), _text(facts, "kommunenavn")


def _point(found: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[float, float, int] | None:
    """x, y and EPSG."""
    shown = facts.get("representasjonspunkt")
    if isinstance(shown, Mapping):
        pair = [shown.get("øst", shown.get("lon")), shown.get("nord", shown.get("lat"))]
        epsg = _text(shown, "koordsys", "epsg").rpartition(":")[2]
        return _pair(pair, int(epsg) if epsg.isdecimal() and len(epsg) <= 5 else 4258)
    geometry = found.get("geometry")
    if not isinstance(geometry, Mapping):
        return None
    inner = geometry.get("coordinates")
    while isinstance(inner, list) and inner and isinstance(inner[0], list):
        inner = inner[0]
    return _pair(inner, 4258)


def _pair(pair: Any, epsg: int) -> tuple[float, float, int] | None:
    if not isinstance(pair, list) or len(pair) < 2:
        return None
    x, y = pair[:2]
    fits = all(
        isinstance(one, (int, float)) and not isinstance(one, bool) and abs(one) < MAX_METRES
        for one in (x, y)
    )
    return (float(x), float(y), epsg) if fits else None
