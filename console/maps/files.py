"""A map file of either form, known by its first bytes and not by its name."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from console.maps import mbtiles_file, pmtiles_file
from console.maps.facts import Facts
from console.maps.faults import MapError
from console.maps.mbtiles_file import MbtilesFile
from console.maps.pmtiles_file import PmtilesFile

ENDS: Final = (".mbtiles", ".pmtiles")


class FileMap:
    """Nothing is touched before :meth:`open`. All calls block; one thread makes them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: MbtilesFile | PmtilesFile | None = None

    def open(self, _told: Callable[[], None]) -> Facts:
        """Raises MapError. A file has nothing to tell later."""
        self._file = _opened(self._path)
        return self._file.open()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Unpacked; None where there is none. Raises MapError."""
        return None if self._file is None else self._file.tile(z, x, y)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def facts_of(path: Path) -> Facts:
    """Opened and closed again. Raises MapError."""
    file = _opened(path)
    try:
        return file.open()
    finally:
        file.close()


def _opened(path: Path) -> MbtilesFile | PmtilesFile:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never answer
            raise MapError("not-a-file", "it is a folder or a device")
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError as error:
        raise MapError("missing", str(error)) from error
    except (OSError, ValueError, RuntimeError) as error:  # links that go round; a zero in its name
        if isinstance(error, MapError):
            raise
        raise MapError("no-access", str(error)) from error
    if head.startswith(mbtiles_file.MAGIC):
        return MbtilesFile(path)
    if head.startswith(pmtiles_file.MAGIC):
        return PmtilesFile(path)
    raise MapError("not-a-map", "it is neither MBTiles nor PMTiles")
