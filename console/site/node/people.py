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
from console.site.security.lockout import SignInGuard
from console.site.security.persons import Person, Persons

FILE: Final = "persons.json"
MAX_HEARD: Final = 4_096
"""Tries of other nodes that are remembered, as each comes at several servers."""
TryId = Annotated[str, Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Position = Annotated[str, Meta(max_length=40)]
TriedName = Annotated[str, Meta(max_length=64)]


class Tried(msgspec.Struct, frozen=True):
    """A PIN was tried for a name at a position."""

    id: TryId
    position: Position
    name: TriedName
    right: bool


class People:
    """Any thread. ``on_change`` is called when somebody was added, changed or removed here, and
    ``on_tried`` when a PIN was tried here."""

    def __init__(self, folder: Path) -> None:
        """Raises SiteError for a list that can't be read."""
        self._path = folder / FILE
        self._persons = Persons.load(self._path)
        self._guard = SignInGuard()
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

    def left_s(self, position: str, name: str, now_s: float) -> float:
        """How long the name still has to wait at the position, 0 = not at all."""
        with self._lock:
            return self._guard.left_s(position, name, now_s)

    def right(self, position: str, name: str) -> None:
        """The right PIN was given here."""
        self._tried(position, name, 0.0, right=True)

    def wrong(self, position: str, name: str, now_s: float) -> float:
        """A wrong PIN was given here. For how long the name is locked at the position, 0 = not at
        all."""
        return self._tried(position, name, now_s, right=False)

    def _tried(self, position: str, name: str, now_s: float, *, right: bool) -> float:
        tried = Tried(secrets.token_hex(8), position, name, right)
        with self._lock:
            lock_s = self._count(tried, now_s)
        self.on_tried(tried)
        return lock_s

    def heard(self, tried: Tried, now_s: float) -> None:
        """A PIN was tried at another node."""
        with self._lock:
            if tried.id in self._heard:
                return
            self._heard[tried.id] = None
            if len(self._heard) > MAX_HEARD:
                del self._heard[next(iter(self._heard))]
            self._count(tried, now_s)

    def _count(self, tried: Tried, now_s: float) -> float:
        if tried.right:
            self._guard.right(tried.position, tried.name)
            return 0.0
        return self._guard.wrong(tried.position, tried.name, now_s)
