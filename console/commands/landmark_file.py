"""Places of a site's own from a file: CSV (a line of headings first) or GeoJSON (points)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from console.domain.bounds import MAX_LANDMARKS
from console.domain.events import LandmarkDefined, LandmarkKind
from console.domain.events.landmarks import MAX_NOTE
from console.oswords import why

MAX_BYTES: Final = 4_000_000
MAX_NAME: Final = 64
SOUTHERNMOST: Final = 50.0  # what lies farther south, and as far east, has its degrees exchanged
FIELDS: Final = ("name", "kind", "lat", "lon", "note", "id")
OTHER_NAMES: Final[Mapping[str, str]] = {
    "navn": "name", "namn": "name", "type": "kind", "latitude": "lat", "breddegrad": "lat",
    "breiddegrad": "lat", "longitude": "lon", "lng": "lon", "lengdegrad": "lon", "notat": "note",
    "merknad": "note",
}  # fmt: skip
"""Headings as people and spreadsheets write them."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class FileError(ValueError):
    """Nothing of the file can be used. The text says what to do."""


class Read(msgspec.Struct, frozen=True):
    """``wrong``: a sentence for each place that was left out."""

    places: tuple[LandmarkDefined, ...]
    wrong: tuple[str, ...]


def read_places(path: Path) -> Read:
    """Raises FileError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path} can't be read: {why(error)}") from error
    return places_in(raw)


def places_in(raw: bytes) -> Read:
    """Of a file's bytes. Raises FileError."""
    if len(raw) > MAX_BYTES:
        raise FileError(f"a file of places has at most {MAX_BYTES // 1_000_000} MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError("this is no text in UTF-8: save it as CSV UTF-8, or as GeoJSON") from None
    rows = _of_geojson(text) if text.lstrip().startswith("{") else _of_csv(text)
    places: dict[str, LandmarkDefined] = {}
    wrong: list[str] = []
    for where, row in rows:
        try:
            place = _place(row)
        except ValueError as error:
            wrong.append(f"{where}: {error}")
            continue
        if place.landmark in places:
            wrong.append(f"{where}: {place.name} stands there twice")
        elif len(places) >= MAX_LANDMARKS:
            wrong.append(f"{where}: a site has at most {MAX_LANDMARKS} places")
        else:
            places[place.landmark] = place
    return Read(tuple(places.values()), tuple(wrong))


def landmark_id(name: str, kind: str) -> str:
    """Of a place without one: the same again when the same file is taken in again."""
    told = f"{kind}\n{' '.join(name.casefold().split())}"
    return "L-" + hashlib.sha256(told.encode()).hexdigest()[:24]


def _of_csv(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        headings = [_field(one) for one in next(reader, [])]
        if missing := [one for one in ("name", "lat", "lon") if one not in headings]:
            raise FileError(
                f"the first line has no {', '.join(missing)}: it names the columns, "
                f"{', '.join(FIELDS)} (kind, note and id may be left out)"
            )
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(headings, (cell.strip() for cell in cells), strict=False))
                yield f"line {reader.line_num}", row
    except csv.Error as error:
        raise FileError(f"line {reader.line_num} is no CSV: {error}") from error


def _field(heading: str) -> str:
    known = heading.strip().casefold()
    return OTHER_NAMES.get(known, known)


def _of_geojson(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(f"this is no GeoJSON: {error}") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise FileError("a FeatureCollection of points is wanted, with its features")
    for n, feature in enumerate(features, 1):
        yield f"feature {n}", _row_of(feature)


def _row_of(feature: object) -> Mapping[str, object]:
    """Without a place where it has none that can be used."""
    if not isinstance(feature, dict):
        return {}
    told = feature.get("properties")
    row = {_field(str(k)): v for k, v in told.items()} if isinstance(told, dict) else {}
    geometry = feature.get("geometry")
    spot = geometry.get("coordinates") if isinstance(geometry, dict) else None
    is_point = isinstance(geometry, dict) and geometry.get("type") == "Point"
    for field in ("lat", "lon"):
        row.pop(field, None)
    if is_point and isinstance(spot, list) and len(spot) >= 2:
        row |= {"lon": spot[0], "lat": spot[1]}
    if "id" not in row and isinstance(feature.get("id"), str | int):
        row["id"] = feature["id"]
    return row


def _place(row: Mapping[str, Any]) -> LandmarkDefined:
    """Raises ValueError with a sentence."""
    name, note = _words(row, "name", MAX_NAME), _words(row, "note", MAX_NOTE)
    if not name:
        raise ValueError("it has no name")
    kind = _words(row, "kind", MAX_NAME).casefold().replace(" ", "-") or "other"
    kinds: Sequence[LandmarkKind] = get_args(LandmarkKind)
    known = next((one for one in kinds if one == kind), None)
    if known is None:
        raise ValueError(f"kind {kind}: use one of {', '.join(kinds)}")
    key = _words(row, "id", 64) or landmark_id(name, known)
    if not _ID.fullmatch(key):
        raise ValueError(f"id {key}: 1 to 40 of A-Z, a-z, 0-9, - and _")
    lat, lon = _degrees(row, "lat", 90), _degrees(row, "lon", 180)
    if lat < SOUTHERNMOST <= lon:
        raise ValueError(f"lat {lat}, lon {lon} is far from Norway: they seem to be exchanged")
    return LandmarkDefined(
        landmark=key,
        name=name,
        landmark_kind=known,
        lat=lat,
        lon=lon,
        note=note,
    )


def _words(row: Mapping[str, object], field: str, most: int) -> str:
    value = row.get(field)
    text = "" if value is None else str(value).strip()
    if len(text) > most:
        raise ValueError(f"{field} has at most {most} characters")
    if not text.isprintable():
        raise ValueError(f"{field} has letters that can't be shown on one line")
    return text


def _degrees(row: Mapping[str, object], field: str, most: float) -> float:
    """A decimal comma is one too."""
    try:
        number = float(str(row.get(field)).replace(",", "."))
    except ValueError:
        raise ValueError(f"{field} is to be degrees with decimals, for example 59.267") from None
    if not (math.isfinite(number) and abs(number) <= most):
        raise ValueError(f"{field} is to lie between -{most} and {most} degrees")
    return number
