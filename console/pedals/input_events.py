"""``struct input_event`` of <linux/input.h>, out of a device's bytes."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

EVENT: Final = struct.Struct("@llHHi")
"""Time, type, code, value; a long is eight bytes or four, as the kernel's is."""
EV_SYN: Final = 0
EV_KEY: Final = 1
SYN_DROPPED: Final = 3
UP: Final = 0
DOWN: Final = 1
REPEATED: Final = 2


class KeyMoved(NamedTuple):
    code: int
    down: bool


class Dropped(NamedTuple):
    """The kernel's buffer ran over: how the keys stand is to be asked."""


class InputEvents:
    """Bytes in, moves of keys out. ``unread`` counts key events whose value means nothing."""

    def __init__(self) -> None:
        self._rest = b""
        self.unread = 0

    def feed(self, raw: bytes) -> list[KeyMoved | Dropped]:
        """A piece may end anywhere in an event."""
        raw = self._rest + raw
        whole = len(raw) - len(raw) % EVENT.size
        self._rest = raw[whole:]
        found: list[KeyMoved | Dropped] = []
        for _s, _us, kind, code, value in EVENT.iter_unpack(raw[:whole]):
            if kind == EV_SYN and code == SYN_DROPPED:
                found.append(Dropped())
            elif kind == EV_KEY and value in (UP, DOWN):
                found.append(KeyMoved(code, value == DOWN))
            elif kind == EV_KEY and value != REPEATED:
                self.unread += 1
        return found


def codes_in(bits: bytes) -> frozenset[int]:
    """Of a bit field as EVIOCGKEY fills it: the codes whose bit is set."""
    return frozenset(
        8 * at + bit for at, one in enumerate(bits) for bit in range(8) if one >> bit & 1
    )


def codes_in_words(text: str) -> frozenset[int]:
    """Of sysfs' ``capabilities/key``: hexadecimal words, the most significant first. What is no
    such word says nothing."""
    try:
        words = [int(word, 16) for word in text.split()]
    except ValueError:
        return frozenset()
    size = struct.calcsize("@l") * 8
    return frozenset(
        n * size + bit
        for n, word in enumerate(reversed(words))
        for bit in range(size)
        if word >> bit & 1
    )
