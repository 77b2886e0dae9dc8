"""Looks after which maps there are: the folder's files, those that were picked, the servers.

By a thread of its own: a folder may lie on a share that answers late. The newest question counts.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from console.maps import cache, servers
from console.maps.facts import Facts, Kind
from console.maps.faults import MapError
from console.maps.files import ENDS, facts_of

log = logging.getLogger(__name__)

MAX_FILES: Final = 64
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
        self._known: dict[Path, tuple[tuple[int, int], Facts]] = {}  # by size and time
        self._thread: threading.Thread | None = None

    def look(self, picked: Sequence[str]) -> None:
        """``picked``: paths of files that lie elsewhere."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="map-shelf", daemon=True)
            self._thread.start()
        self._jobs.put(tuple(picked))

    def stop(self) -> None:
        """Does not wait for a share that doesn't answer."""
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(timeout=0.5)

    def _run(self) -> None:
        while (picked := self._jobs.get()) is not None:
            if not self._jobs.empty():
                continue  # a newer question waits
            try:
                found = self.found(picked)
            except Exception:
                log.exception("the maps could not be looked through")
                found = ()
            self._on_found(found)

    def found(self, picked: Sequence[str]) -> tuple[Found, ...]:
        """Blocks. Files by name, then servers in their file's order."""
        with contextlib.suppress(OSError):
            servers.write_example(self._folder)
        paths = dict.fromkeys([*self._in_folder(), *(Path(one) for one in picked)])
        files = sorted((self._file(path) for path in paths), key=lambda one: one.name.casefold())
        entries = servers.read(self._folder)
        self._prune(entries)
        return (*files, *(_server(entry) for entry in entries))

    def _in_folder(self) -> list[Path]:
        try:
            there = [p for p in self._folder.iterdir() if p.suffix.lower() in ENDS]
        except OSError:
            return []
        if len(there) > MAX_FILES:
            log.warning("%s holds %d maps; %d are shown", self._folder, len(there), MAX_FILES)
        return sorted(there)[:MAX_FILES]

    def _file(self, path: Path) -> Found:
        key = f"{FILE}{path}"
        try:
            facts = self._facts(path)
        except MapError as fault:
            return Found(key, path.name, str(path), fault=fault)
        return Found(key, facts.name, str(path), facts.kind)

    def _facts(self, path: Path) -> Facts:
        """Raises MapError. A file that has not changed is not read again."""
        stamp = (0, 0)
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            status = path.stat()
            stamp = (status.st_size, status.st_mtime_ns)
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        facts = facts_of(path)
        if len(self._known) > 2 * MAX_FILES:
            self._known.clear()
        self._known[path] = (stamp, facts)
        return facts

    def _prune(self, entries: Sequence[servers.Entry]) -> None:
        """Only where all could be read: a slip of a key must not cost what has been fetched."""
        known = [entry.server for entry in entries if entry.server is not None]
        if len(known) == len(entries):
            cache.prune(self._folder, {server.source for server in known})


def _server(entry: servers.Entry) -> Found:
    if entry.server is None:
        return Found(f"{SERVER}{entry.name}", entry.name, servers.FILE, fault=entry.fault)
    return Found(f"{SERVER}{entry.name}", entry.name, entry.server.host, entry.server.kind)
