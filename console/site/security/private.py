"""Files that this user alone may read: written whole or not at all, not read when others can."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

from console.site.address import SiteError


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, readable by this user alone. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_private(path: Path, most: int) -> bytes:
    """Raises OSError, and SiteError when others can read the file or it is longer."""
    with path.open("rb") as file:
        if sys.platform != "win32" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise SiteError(f"{path} can be read by others; run: chmod 600 {path}")
        raw = file.read(most + 1)
    if len(raw) > most:
        raise SiteError(f"{path} is longer than {most} bytes")
    return raw
