"""Who did one step, and when: what stays of an event in the row that it changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec

from console.domain.events import Event

ULID_TIME: Final = 10
"""A ULID's first characters are unix milliseconds, five bits each."""
DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_AS_INT: Final = str.maketrans(DIGITS, "0123456789ABCDEFGHIJKLMNOPQRSTUV")  # the digits of ``int``


class Mark(msgspec.Struct, frozen=True):
    """``time_ms`` is by that author's clock; ``text`` what was said with it; ``received_ms`` as
    the event's."""

    id: str
    time_ms: int
    author: str
    person: str = ""
    text: str = ""
    unconfirmed: bool = False  # that it was this person
    received_ms: int = 0

    @property
    def who(self) -> str:
        return self.person or self.author


M = TypeVar("M", bound=Mark)


def mark_of(event: Event, text: str = "") -> Mark:
    return Mark(
        event.id,
        event.time_ms,
        event.author,
        event.person,
        text,
        event.unconfirmed,
        event.received_ms,
    )


def first(old: M | None, new: M | None) -> M | None:
    """The one with the smaller id, which stands."""
    known = [mark for mark in (old, new) if mark is not None]
    return min(known, key=lambda m: m.id, default=None)


def last(old: M | None, new: M | None) -> M | None:
    known = [mark for mark in (old, new) if mark is not None]
    return max(known, key=lambda m: m.id, default=None)


def together(old: Iterable[M], new: Iterable[M], most: int) -> tuple[M, ...]:
    """Each once, oldest first, the newest ``most`` of them."""
    known = {mark.id: mark for mark in (*old, *new)}
    return tuple(known[key] for key in sorted(known)[-most:])


def id_ms(event_id: str) -> int:
    """The time in an event's id. It follows the clocks of all whom its author has heard, and so
    orders better than ``time_ms``, which is one clock alone."""
    return int(event_id[:ULID_TIME].translate(_AS_INT), len(DIGITS))
