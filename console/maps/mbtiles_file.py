"""MBTiles 1.3: tiles in an SQLite file, counted from the south. Read by one thread.

A stranger's database is a stranger's program: a "table" may be a view that never ends. Every
question has a time after which it is broken off, and nothing is ever written.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from console.maps.facts import (
    MAX_ATTRIBUTION,
    MAX_LAYERS,
    MAX_NAME,
    Facts,
    Kind,
    bounds_of,
    is_tile,
    one_line,
    zooms_of,
)
from console.maps.faults import Fault, MapError
from console.maps.unpacking import MAX_PACKED, checked, is_picture

MAGIC: Final = b"SQLite format 3\0"
OPEN_S: Final = 3.0
TILE_S: Final = 1.0
OPCODES: Final = 2_000  # of SQLite's machine between two looks at the clock
MAX_ROWS: Final = 100  # of its metadata
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
        self._database: sqlite3.Connection | None = None
        self._until = 0.0
        self._kind: Kind = "raster"

    def open(self) -> Facts:
        """Raises MapError."""
        try:
            return self._open()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self.close()
            raise MapError(_code(error), _words(error)) from error
        except MapError:
            self.close()
            raise

    def close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            with contextlib.suppress(sqlite3.Error):
                database.close()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Unpacked; None where there is none. Raises MapError."""
        if not is_tile(z, x, y):
            return None
        try:
            found = self._ask(ONE_TILE, (z, x, (1 << z) - 1 - y), TILE_S)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise MapError("tile", _words(error)) from error
        if not found or not isinstance(found[0][0], bytes) or not found[0][0]:
            return None
        return checked(found[0][0], self._kind)

    def _open(self) -> Facts:
        address = self._path.absolute().as_uri() + "?mode=ro&immutable=1"
        self._database = database = sqlite3.connect(
            address, uri=True, check_same_thread=False, cached_statements=8
        )
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_PACKED)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        database.set_progress_handler(self._is_late, OPCODES)
        for word in ("trusted_schema = OFF", "query_only = ON", "cache_size = -2000"):
            self._ask(f"PRAGMA {word}", (), OPEN_S)
        said = self._metadata()
        first = self._ask("SELECT zoom_level, tile_data FROM tiles LIMIT 1", (), OPEN_S)
        if not first or not isinstance(first[0][1], bytes):
            raise MapError("empty", "there is no tile in it")
        self._kind = _kind(said.get("format", ""), first[0][1])
        zooms = zooms_of(said.get("minzoom"), said.get("maxzoom")) or self._zooms()
        return Facts(
            name=one_line(said.get("name", ""), MAX_NAME) or self._path.stem[:MAX_NAME],
            kind=self._kind,
            attribution=one_line(said.get("attribution", ""), MAX_ATTRIBUTION),
            bounds=bounds_of(said.get("bounds", "").split(",")),
            least=zooms[0],
            most=zooms[1],
            layers=_layers(said.get("json", "")),
        )

    def _metadata(self) -> dict[str, str]:
        """Empty where there is none: it says nothing that can't be done without."""
        try:
            rows = self._ask(f"SELECT name, value FROM metadata LIMIT {MAX_ROWS}", (), OPEN_S)
        except sqlite3.OperationalError as error:
            if "no such" in str(error):
                return {}
            raise
        return {_said(name): _said(value) for name, value in rows}

    def _zooms(self) -> tuple[int, int]:
        """Each by a question of its own, which an index answers; both in one read all of it."""
        ends = (
            self._ask(f"SELECT zoom_level FROM tiles ORDER BY zoom_level {way} LIMIT 1", (), OPEN_S)
            for way in ("ASC", "DESC")
        )
        zooms = zooms_of(*(rows[0][0] if rows else None for rows in ends))
        if zooms is None:
            raise MapError("damaged", "its zoom levels make no sense")
        return zooms

    def _ask(self, sql: str, values: Sequence[int], patience_s: float) -> list[Any]:
        if self._database is None:
            raise MapError("tile", "the file has been closed")
        self._until = time.monotonic() + patience_s
        return self._database.execute(sql, values).fetchmany(MAX_ROWS)

    def _is_late(self) -> bool:
        return time.monotonic() > self._until


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
