"""The persons at a node, the same at every node of the site: who they are, and wrong PINs.

A change is saved, then told to the other nodes; so is every try, because else each node would allow
as many wrong PINs as one.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from console.site.node.papers import new_change
from console.site.security.lockout import Lockout
from console.site.security.persons import Person, Persons

FILE: Final = "persons.json"
MAX_HEARD: Final = 4_096
"""Tries of other nodes that are remembered, as each comes at several servers."""
TryId = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
TryKey = Annotated[str, Meta(max_length=200)]


class Tried(msgspec.Struct, frozen=True):
    """A PIN was tried for the name, and at the position, that ``keys`` name."""

    id: TryId
    keys: Annotated[tuple[TryKey, ...], Meta(max_length=2)]
    right: bool


class People:
    """Any thread. ``on_change`` is called when somebody was added, changed or removed here, and
    ``on_tried`` when a PIN was tried here."""

    def __init__(self, folder: Path) -> None:
        """Raises SiteError for a list that can't be read."""
        self._path = folder / FILE
        self._persons = Persons.load(self._path)
        self._lockout = Lockout()
        self._lock = threading.Lock()
        self._heard: dict[str, None] = {}
        self.on_change: Callable[[], None] = lambda: None
        self.on_tried: Callable[[Tried], None] = lambda _tried: None

    def names(self) -> tuple[str, ...]:
        with self._lock:
            return self._persons.names()

    def find(self, name: str) -> Person | None:
        with self._lock:
            return self._persons.find(name)

    def everybody(self) -> tuple[Person, ...]:
        """Also those who were removed."""
        with self._lock:
            return self._persons.all

    def set_pin(self, name: str, pin: str) -> None:
        """On disk when this returns. Raises SiteError, OSError."""
        with self._lock:
            self._persons.set_pin(name, pin, new_change())
            self._persons.save(self._path)
        self.on_change()

    def remove(self, name: str) -> None:
        """On disk when this returns. Raises SiteError, OSError."""
        with self._lock:
            self._persons.remove(name, new_change())
            self._persons.save(self._path)
        self.on_change()

    def merge(self, persons: Iterable[Person]) -> bool:
        """What another node knows; on disk when this returns. True when something was new. Raises
        SiteError, OSError."""
        with self._lock:
            if not self._persons.merge(persons):
                return False
            self._persons.save(self._path)
            return True

    # -- wrong PINs ---------------------------------------------------------------------------

    def left_s(self, keys: tuple[str, ...], now_s: float) -> float:
        """How long they still have to wait, 0 = not at all."""
        with self._lock:
            return max(self._lockout.left_s(key, now_s) for key in keys)

    def tried(self, keys: tuple[str, ...], now_s: float, *, right: bool) -> bool:
        """A PIN was tried here. True when a name or a position is locked from now on."""
        tried = Tried(secrets.token_hex(8), keys, right)
        with self._lock:
            locked = self._count(tried, now_s)
        self.on_tried(tried)
        return locked

    def heard(self, tried: Tried, now_s: float) -> None:
        """A PIN was tried at another node."""
        with self._lock:
            if tried.id in self._heard:
                return
            self._heard[tried.id] = None
            if len(self._heard) > MAX_HEARD:
                del self._heard[next(iter(self._heard))]
            self._count(tried, now_s)

    def _count(self, tried: Tried, now_s: float) -> bool:
        if tried.right:
            for key in tried.keys:
                self._lockout.right(key)
            return False
        locked = [self._lockout.wrong(key, now_s) for key in tried.keys]  # each is counted
        return any(locked)
