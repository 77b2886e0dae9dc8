"""A lock that the operating system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class TakenError(Exception):
    """Somebody else holds the lock."""


class Exclusive:
    """Holds ``path`` locked from construction to :meth:`release`. Raises TakenError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch(mode=0o600)
        self._file = path.open("r+b")
        try:
            _lock(self._file.fileno())
        except OSError as error:
            self._file.close()
            raise TakenError(str(path)) from error

    def is_there(self) -> bool:
        """False when somebody has deleted the file: then it keeps nobody out any more."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file.fileno()))
        except OSError:
            return False

    def release(self) -> None:
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(fileno: int) -> None:
        msvcrt.locking(fileno, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(fileno: int) -> None:
        fcntl.flock(fileno, fcntl.LOCK_EX | fcntl.LOCK_NB)
