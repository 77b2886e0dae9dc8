"""What the operating system refuses, as a person would say it."""

from __future__ import annotations

import errno
from typing import Final

PLAIN: Final[dict[int, str]] = {
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "this user may not read or write it",
    errno.EPERM: "this user may not read or write it",
    errno.EISDIR: "this is a folder; a file is wanted",
    errno.ENOTDIR: "something on the way there is no folder",
    errno.ENOSPC: "there is no room left on the disk",
    errno.EROFS: "nothing can be written there",
    errno.ENAMETOOLONG: "the name is too long",
}


def why(error: OSError) -> str:
    """Without the file; the system's own words for what is rare."""
    known = PLAIN.get(error.errno) if error.errno is not None else None
    return known or error.strerror or str(error) or type(error).__name__


def os_words(error: OSError) -> str:
    """Which file, and why."""
    return f"{error.filename}: {why(error)}" if error.filename else why(error)
