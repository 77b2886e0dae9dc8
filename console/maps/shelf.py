"""Looks after which maps there are: the folder's files, those that were picked, the servers.

By a thread of its own: a folder may lie on a share that answers late. The newest question counts.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.ready import make_ready
from console.maps.facts import Kind
from console.maps.faults import MapError

log = logging.getLogger(__name__)

FILE, SERVER = "file:", "server:"  # what keys begin with


@dataclass(frozen=True, slots=True)
class Found:
    """One map. ``where``: a file's path, or a server's host."""

    key: str
    name: str
    where: str
    kind: Kind = "raster"
    fault: MapError | None = None


class Shelf:
    """``on_found`` is called on the thread. Everything else: from any one."""

    def __init__(self, folder: Path, on_found: Callable[[tuple[Found, ...]], None]) -> None:
        """``folder``: ``<home>/maps``."""
        self._folder, self._on_found = folder, on_found
        self._jobs: queue.SimpleQueue[Sequence[str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def look(self, picked: Sequence[str]) -> None:
        """``picked``: paths of files that lie elsewhere."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="map-shelf", daemon=True)
            make_ready()
            self._thread.start()
        self._jobs.put(tuple(picked))

    def stop(self) -> None:
        """Does not wait for a share that doesn't answer."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(timeout=0.5)

    def _run(self) -> None:
        # Here and not above: they load SQLite and more, which Qt's thread must not wait for.
        from console.maps.looking import Looking  # noqa: PLC0415

        looking = Looking(self._folder)
        while (picked := self._jobs.get()) is not None:
            if not self._jobs.empty():
                continue  # a newer question waits
            try:
                found = looking.found(picked)
            except Exception:
                log.exception("the maps could not be looked through")
                found = ()
            self._on_found(found)
