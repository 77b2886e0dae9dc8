"""The maps for the window: what can be chosen, what was, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from widgets.contracts.maps import MapFacts, MapRow, OwnMap

if TYPE_CHECKING:
    from console.maps.faults import MapError
    from console.maps.shelf import Found, Shelf

FILE, SERVER = "file:", "server:"  # as console.maps.shelf has them
MAX_PICKED: Final = 16
FOLDER: Final = "maps"


class MapModel(QObject):
    """Implements widgets.contracts.maps.MapSource. Files and networks are for other threads."""

    changed = Signal()
    chosen_changed = Signal(str, tuple)  # key, picked files
    _found = Signal(tuple)
    _stated = Signal(str, object, int)  # key, MapError or None, failures

    def __init__(
        self, home: Path, chosen: str, picked: Sequence[str], parent: QObject | None = None
    ) -> None:
        """``chosen``, ``picked``: what is remembered."""
        super().__init__(parent)
        self._folder = home / FOLDER
        self._chosen = chosen
        self._picked = tuple(picked)[:MAX_PICKED]
        self._shelf: Shelf | None = None
        self._rows: tuple[MapRow, ...] = ()
        self._states: dict[str, tuple[MapError | None, int]] = {}  # of what was opened
        self._found.connect(self._take)
        self._stated.connect(self._state)

    def stop(self) -> None:
        if self._shelf is not None:
            self._shelf.stop()

    # -- what the widgets ask -----------------------------------------------------------------

    def rows(self) -> Sequence[MapRow]:
        return tuple(self._with_state(row) for row in self._all())

    def chosen(self) -> str:
        return self._chosen

    def folder(self) -> str:
        return str(self._folder)

    def own(self) -> OwnMap | None:
        key = self._chosen
        if key.startswith(FILE):
            return _Watched(lambda: _file(Path(key.removeprefix(FILE))), key, self._say)
        if key.startswith(SERVER):
            return _Watched(lambda: self._server(key), key, self._say)
        return None

    def _server(self, key: str) -> OwnMap:
        """On the map's thread, as the file below: what they load, Qt's must not wait for."""
        from console.maps.tile_server import TileServer  # noqa: PLC0415

        return TileServer(
            self._folder,
            key.removeprefix(SERVER),
            lambda fault, failed: self._say(key, fault, failed),
        )

    def _say(self, key: str, fault: MapError | None, failed: int) -> None:
        """Any thread."""
        self._stated.emit(key, fault, failed)

    def look(self) -> None:
        if self._shelf is None:
            from console.maps.shelf import Shelf  # noqa: PLC0415  # when somebody asks

            self._shelf = Shelf(self._folder, self._found.emit)
        self._shelf.look(self._picked)

    def choose(self, key: str) -> None:
        self._chosen = key
        self._tell()

    def add(self, path: str) -> None:
        there = str(self._folder / Path(path).name)
        if path != there:
            others = [one for one in self._picked if one != path]
            self._picked = (path, *others)[:MAX_PICKED]
        self.choose(f"{FILE}{path}")
        self.look()

    def forget(self, key: str) -> None:
        self._picked = tuple(one for one in self._picked if f"{FILE}{one}" != key)
        self._rows = tuple(row for row in self._rows if row.key != key)
        if self._chosen == key:
            self._chosen = ""
        self._tell()

    # -- what the threads tell ------------------------------------------------------------------

    def _tell(self) -> None:
        self.chosen_changed.emit(self._chosen, self._picked)
        self.changed.emit()

    def _all(self) -> Sequence[MapRow]:
        """What is chosen stands there also before anybody has looked, and when it has gone."""
        key = self._chosen
        if not key or any(row.key == key for row in self._rows):
            return self._rows
        is_server = key.startswith(SERVER)
        where = key.removeprefix(SERVER if is_server else FILE)
        name = where if is_server else Path(where).name
        return (*self._rows, MapRow(key, name, where, is_server, where in self._picked))

    def _with_state(self, row: MapRow) -> MapRow:
        """What its opening told is newer than what looking through the folder did."""
        state = self._states.get(row.key)
        if state is None:
            return row
        fault, failed = state
        return replace(_with_fault(row, fault), failed=failed)

    def _take(self, found: tuple[Found, ...]) -> None:
        self._rows = tuple(self._row(one) for one in found if self._is_listed(one))
        self.changed.emit()

    def _is_listed(self, found: Found) -> bool:
        """Not what was taken off the list while somebody looked."""
        is_server = found.key.startswith(SERVER)
        return is_server or found.where in self._picked or Path(found.where).parent == self._folder

    def _row(self, found: Found) -> MapRow:
        row = MapRow(
            found.key,
            found.name,
            found.where,
            is_server=found.key.startswith(SERVER),
            is_picked=found.where in self._picked,
            kind=found.kind,
        )
        return _with_fault(row, found.fault)

    def _state(self, key: str, fault: MapError | None, failed: int) -> None:
        self._states[key] = fault, failed
        self.changed.emit()


def _with_fault(row: MapRow, fault: MapError | None) -> MapRow:
    if fault is None:
        return replace(row, problem="", why="", about="")
    return replace(row, problem=fault.code, why=fault.why, about=fault.about)


def _file(path: Path) -> OwnMap:
    from console.maps.files import FileMap  # noqa: PLC0415

    return FileMap(path)


class _Watched:
    """A map whose opening is told of. Called by the map's thread."""

    def __init__(
        self,
        make: Callable[[], OwnMap],
        key: str,
        tell: Callable[[str, MapError | None, int], None],
    ) -> None:
        self._make, self._key, self._tell = make, key, tell
        self._own: OwnMap | None = None

    def open(self, told: Callable[[], None]) -> MapFacts:
        from console.maps.faults import MapError  # noqa: PLC0415

        try:
            self._own = self._make()
            facts = self._own.open(told)
        except MapError as fault:
            self._tell(self._key, fault, 0)
            raise
        self._tell(self._key, None, 0)
        return facts

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        return None if self._own is None else self._own.tile(z, x, y)

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
