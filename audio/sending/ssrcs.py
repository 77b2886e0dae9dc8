"""SSRCs of our own streams: none ever comes twice under one key, not even after ``kill -9``.

Two streams with one SSRC under one key give their contents away (RFC 3711 section 9.1). So an
SSRC is a block that belongs to this station, 16 bits, and a count, of which what may be used next
is on disk before it is.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from audio.private import write_private
from audio.protocol import MAX_BLOCK, UNREADABLE

log = logging.getLogger(__name__)

RESERVED: Final = 256  # noted at a time; a crash loses those left
LOW: Final = 128  # left, and more are noted
COUNTS: Final = 1 << 16  # SSRCs of a block
MAX_KEYS: Final = 1_024  # whose first count is remembered; the oldest has long been changed
MAX_FILE: Final = 262_144  # bytes

Count = Annotated[int, Meta(ge=0, le=2**62)]


class UsedUpError(ValueError):
    """Nothing may be sent under this key any more. One sentence for a person."""


class _Noted(msgspec.Struct):
    """On disk. ``next``: no count from it on has been used; ``keys``: fingerprint to the count at
    which it was first used."""

    block: Annotated[int, Meta(gt=MAX_BLOCK, lt=1 << 16)]
    next: Count
    keys: dict[str, Count]
    v: int = 1


class Ssrcs:
    """``take`` and ``refill`` from any thread. A disk that takes nothing silences nobody: then
    they are drawn by chance, which is noted in the log and by :attr:`note`."""

    def __init__(self, path: Path | None = None) -> None:
        """None: of a process that keeps nothing and has no key for long."""
        self._path = path
        self._lock = threading.Lock()
        self._noted = _read(path) or _Noted(_drawn_block(), secrets.randbits(40), {})
        self._next = self._noted.next
        self.note = ""
        self._reserve()

    def take(self, key: str, block: int = 0) -> int:
        """The next one under a key (its fingerprint; empty: none), of this block, or of our own.
        Raises UsedUpError."""
        with self._lock:
            is_new_key = bool(key) and key not in self._noted.keys
            if is_new_key:
                self._add_key(key)
            if is_new_key or self._next >= self._noted.next:
                self._reserve()
            if self.note and key:
                return _drawn_block() << 16 | secrets.randbits(16)
            if key and self._next - self._noted.keys[key] >= COUNTS:
                raise UsedUpError("all SSRCs under this key have been used; it needs a new key")
            count, self._next = self._next, self._next + 1
            return (block or self._noted.block) << 16 | count % COUNTS

    def _add_key(self, key: str) -> None:
        self._noted.keys[key] = self._next
        if len(self._noted.keys) > MAX_KEYS:
            del self._noted.keys[next(iter(self._noted.keys))]

    @property
    def is_low(self) -> bool:
        return self._noted.next - self._next < LOW

    def refill(self) -> None:
        """Before it must be waited for."""
        with self._lock:
            if self.is_low:
                self._reserve()

    def _reserve(self) -> None:
        self._noted.next = self._next + RESERVED
        if self._path is None:
            return
        try:
            _write(self._path, msgspec.json.encode(self._noted))
        except OSError as error:
            self.note = f"SSRCs can't be noted, and are drawn by chance: {error.strerror}"
            log.warning("%s", self.note)
        else:
            self.note = ""


def _drawn_block() -> int:
    """Of those that no site gives out."""
    return MAX_BLOCK + 1 + secrets.randbelow(COUNTS - MAX_BLOCK - 1)


def _read(path: Path | None) -> _Noted | None:
    """None: begin anew, in another block, where nothing has been used yet for all that is known."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE), type=_Noted)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as error:
        log.warning("the count of SSRCs can't be read, and is begun anew: %s", error)
        return None


def _write(path: Path, data: bytes) -> None:
    """On the disk under its name when it returns, whole or not at all."""
    write_private(path, data)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
