"""``--screenshot``: what the window shows, once the map stands still; then the end.

As pixels (.png), or as the rows that it is made from (.json), which a script can read.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer

from widgets.app import grab
from widgets.contracts.sources import Sources
from widgets.window import DeskWindow

LOOK_MS: Final = 50
PATIENCE_S: Final = 10.0


def rows(sources: Sources) -> dict[str, object]:
    """Everything that the window was given, by kind, in the order in which it is shown."""
    tiles, units, alarms = sources.talkgroups, sources.units, sources.alarms
    return {
        "status": sources.status.status(),
        "talkgroups": [tiles.row(key) for key in tiles.keys()],  # noqa: SIM118  # not a mapping
        "units": [units.row(key) for key in units.keys()],  # noqa: SIM118
        "alarms": [alarms.row(key) for key in alarms.keys()],  # noqa: SIM118
        "log": sources.log.rows(),
    }


class Picture(QObject):
    def __init__(
        self,
        window: DeskWindow,
        sources: Sources,
        path: Path,
        leave: Callable[[int], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._sources = sources
        self._path = path
        self._leave = leave
        self._until_s = 0.0

    def take_when_settled(self) -> None:
        if not self._until_s:
            self._until_s = time.monotonic() + PATIENCE_S
        if self._window.is_settled or time.monotonic() > self._until_s:
            self._take()
        else:
            QTimer.singleShot(LOOK_MS, self.take_when_settled)

    def _take(self) -> None:
        try:
            if self._path.suffix == ".json":
                self._path.write_bytes(msgspec.json.encode(rows(self._sources)))
            else:
                grab(self._window, self._path)
        except OSError as error:
            print(f"vaktbord: {error}", file=sys.stderr)
            self._leave(1)
            return
        print(f"vaktbord: saved {self._path}")
        self._leave(0)
