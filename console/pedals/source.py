"""What reads devices, as the reader sees it: told what is wanted, it hands on what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from console.pedals.messages import Device

LOOK_S: Final = 0.25
"""So often a thread looks whether it is to end."""


@dataclass(frozen=True, slots=True)
class Pressed:
    device: str
    control: str
    down: bool
    at_s: float


@dataclass(frozen=True, slots=True)
class Opened:
    """``down``: controls that are held at this moment already."""

    device: str
    down: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lost:
    """Unplugged, or it can't be read any more."""

    device: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in it made no sense."""

    count: int = 1


Happening = Pressed | Opened | Lost | Unread
Sink = Callable[[Happening], None]


class Source(Protocol):
    """Called from one thread alone; what it hands on may come from any."""

    prefix: str
    """Its devices' ids begin so."""

    def scan(self, wanted: frozenset[str], learning: bool) -> list[Device]:
        """All that are there, however they stand. Those that are wanted, and while learning all of
        them, are open after it; no others are."""
        ...

    def describe(self, device: str, control: str) -> tuple[str, str]:
        """For people: what it is called, and why it is not to be taken (a Refusal)."""
        ...

    def close(self) -> None: ...
