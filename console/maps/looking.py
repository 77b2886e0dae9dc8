"""Which maps there are: the folder's files, those that were picked, the servers. Blocks."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from console.maps import cache, servers
from console.maps.facts import Facts
from console.maps.faults import MapError
from console.maps.files import ENDS, facts_of
from console.maps.shelf import FILE, SERVER, Found

log = logging.getLogger(__name__)

MAX_FILES: Final = 64


class Looking:
    """One thread's. Files that have not changed are not read again."""

    def __init__(self, folder: Path) -> None:
        """``folder``: ``<home>/maps``."""
        self._folder = folder
        self._known: dict[Path, tuple[tuple[int, int], Facts]] = {}  # by size and time

    def found(self, picked: Sequence[str]) -> tuple[Found, ...]:
        """Files by name, then servers in their file's order."""
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
        except Exception as error:  # a fault of ours: the other maps must still be found
            log.exception("a map file could not be looked at")
            damaged = MapError("damaged", type(error).__name__)
            return Found(key, path.name, str(path), fault=damaged)
        return Found(key, facts.name, str(path), facts.kind)

    def _facts(self, path: Path) -> Facts:
        """Raises MapError."""
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
