"""MBTiles 1.3: tiles in an SQLite file, counted from the south where they are as prescribed. Read
by one thread.

A stranger's database is a stranger's program: a "table" may be a view that never ends. Every
question has a time after which it is broken off, and nothing is ever written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from console.maps.database import Ask, Database
from console.maps.facts import (
    MAX_ATTRIBUTION,
    MAX_LAYERS,
    MAX_NAME,
    MAX_ZOOM,
    Bounds,
    Facts,
    Kind,
    bounds_of,
    is_tile,
    one_line,
    touches,
    zooms_of,
)
from console.maps.faults import Fault, MapError
from console.maps.unpacking import MAX_PACKED, checked, is_picture

MAGIC: Final = b"SQLite format 3\0"
OPEN_S: Final = 3.0
TILE_S: Final = 1.0
ONE_END: Final = (
    "SELECT zoom_level, tile_column, tile_row FROM tiles"
    f" WHERE zoom_level BETWEEN 0 AND {MAX_ZOOM} ORDER BY zoom_level {{}} LIMIT 1"
)
RASTER: Final = {"png", "jpg", "jpeg", "webp"}
ONE_TILE: Final = (
    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1"
)


class _Layer(msgspec.Struct):
    id: str


class _Json(msgspec.Struct):
    vector_layers: list[_Layer] = []


class MbtilesFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: Database | None = None
        self._kind: Kind = "raster"
        self._is_from_top = False  # whether its rows are counted from the north

    def open(self) -> Facts:
        """Raises MapError."""
        self._database = database = Database(self._path, MAX_PACKED)
        try:
            return database.answer(self._facts)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self.close()
            raise MapError(_code(error), _words(error)) from error
        except BlockingIOError as error:
            self.close()
            raise MapError("busy", str(error)) from error
        except MapError:
            self.close()
            raise

    def close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Unpacked; None where there is none. Raises MapError, and BlockingIOError while somebody
        writes it."""
        if not is_tile(z, x, y):
            return None
        if self._database is None:
            raise MapError("tile", "the file has been closed")
        place = (z, x, y if self._is_from_top else (1 << z) - 1 - y)
        try:
            found = self._database.answer(lambda ask: ask(ONE_TILE, place, TILE_S))
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise MapError("tile", _words(error)) from error
        if not found or not isinstance(found[0][0], bytes) or not found[0][0]:
            return None
        return checked(found[0][0], self._kind)

    def _facts(self, ask: Ask) -> Facts:
        said = _metadata(ask)
        first = ask("SELECT tile_data FROM tiles LIMIT 1", (), OPEN_S)
        if not first or not isinstance(first[0][0], bytes):
            raise MapError("empty", "there is no tile in it")
        self._kind = _kind(said.get("format", ""), first[0][0])
        bounds = bounds_of(said.get("bounds", "").split(","))
        ends = _ends(ask)
        self._is_from_top = _is_from_top(said.get("scheme", ""), bounds, ends)
        zooms = zooms_of(ends[0][0], ends[1][0]) if ends else None
        zooms = zooms or zooms_of(said.get("minzoom"), said.get("maxzoom"))
        if zooms is None:
            raise MapError("damaged", "its zoom levels make no sense")
        return Facts(
            name=one_line(said.get("name", ""), MAX_NAME) or self._path.stem[:MAX_NAME],
            kind=self._kind,
            attribution=one_line(said.get("attribution", ""), MAX_ATTRIBUTION),
            bounds=bounds,
            least=zooms[0],
            most=zooms[1],
            layers=_layers(said.get("json", "")),
        )


def _metadata(ask: Ask) -> dict[str, str]:
    """Empty where there is none: it says nothing that can't be done without."""
    try:
        rows = ask("SELECT name, value FROM metadata", (), OPEN_S)
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            return {}
        raise
    return {_said(name): _said(value) for name, value in rows}


def _ends(ask: Ask) -> list[tuple[int, int, int]]:
    """Zoom, column and row of a tile of the lowest and of the highest zoom; empty where that can't
    be told in time. Each by a question of its own, which an index answers; both in one read all."""
    try:
        found = [ask(ONE_END.format(way), (), OPEN_S) for way in ("ASC", "DESC")]
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return []
        raise
    ends = [rows[0] for rows in found if rows]
    return ends if all(type(one) is int for end in ends for one in end) else []


def _is_from_top(scheme: str, bounds: Bounds, ends: Sequence[tuple[int, int, int]]) -> bool:
    """The form prescribes rows from the south, some writers count from the north; some say ``xyz``
    of either. Where the file's own bounds show where its tiles are, they are believed."""
    if ends and is_tile(*ends[1]):
        z, x, row = ends[1]
        north, south = (touches(bounds, z, x, y) for y in (row, (1 << z) - 1 - row))
        if north != south:
            return north
    return scheme.strip().lower() == "xyz"


def _said(value: object) -> str:
    """Of a database anything may stand anywhere."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _kind(form: str, tile: bytes) -> Kind:
    form = form.strip().lower()
    if form in RASTER or is_picture(tile):
        return "raster"
    if form in {"pbf", "mvt", ""}:
        return "vector"
    words = one_line(form, MAX_NAME)
    raise MapError("unsupported", f"its tiles are {words}", "tiles-of", words)


def _layers(given: str) -> tuple[str, ...]:
    try:
        said = msgspec.json.decode(given.encode("utf-8", "replace"), type=_Json)
    except (msgspec.DecodeError, RecursionError):
        return ()
    return tuple(one.id[:MAX_NAME] for one in said.vector_layers[:MAX_LAYERS])


def _words(error: sqlite3.Error | UnicodeDecodeError) -> str:
    """SQLite tells of a damaged schema in that schema's own bytes, which may be no UTF-8: then
    Python can't make its error, and raises another in its place."""
    if isinstance(error, UnicodeDecodeError):
        return error.object.decode("utf-8", "replace")
    return str(error)


def _code(error: sqlite3.Error | UnicodeDecodeError) -> Fault:
    said = _words(error)
    if "interrupted" in said:
        return "slow"
    if "not a database" in said or "no such table" in said or "no such column" in said:
        return "not-a-map"
    if "unable to open" in said:
        return "no-access"
    return "damaged"
