"""Files that this user alone may read: written whole or not at all, not read when others can."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from pathlib import Path

from console.site.address import SiteError


class TooLongError(SiteError):
    """No file of ours."""


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, readable by this user alone. Raises OSError."""
    fresh_private(path, text.encode()).replace(path)


def fresh_private(path: Path, data: bytes) -> Path:
    """A file beside ``path``, on disk and to be given its name. Two processes that write the same
    at once don't meet. Raises OSError; nothing is left behind then."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        fresh.unlink()
        raise
    return fresh


def read_private(path: Path, most: int) -> bytes:
    """Raises OSError, and SiteError when others can read the file or it is longer."""
    with path.open("rb") as file:
        if sys.platform != "win32" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise SiteError(f"{path} can be read by others; run: chmod 600 {path}")
        raw = file.read(most + 1)
    if len(raw) > most:
        raise TooLongError(f"{path} is longer than {most} bytes")
    return raw
