"""Wrong PINs are few: who has tried too many in a row waits, and longer each time. Pure; bounded.

:class:`Lockout` counts for one key. :class:`SignInGuard` says whom it counts for, so that nobody's
wrong PINs keep a colleague from signing in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_WRONG: Final = 5
MAX_WRONG_TOGETHER: Final = 20
"""Of one name at all positions, or of all names at one position."""
LOCK_S: Final = 60.0
LONGEST_S: Final = 960.0
"""Twice as long each time, up to this."""
FORGET_S: Final = 3_600.0
"""After so long without a wrong one, it is as if there had been none."""
MAX_KEYS: Final = 4_096
"""At the bound the one whose last wrong PIN, or right one, is oldest is forgotten."""


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    locks: int = 0  # one after the other
    last_s: float = 0.0
    locked_until_s: float = 0.0


class Lockout:
    def __init__(self, most: int = MAX_WRONG, longest_s: float = LONGEST_S) -> None:
        self._most = most
        self._longest_s = longest_s
        self._tries: dict[str, _Tries] = {}

    def left_s(self, key: str, now_s: float) -> float:
        """How long it still has to wait, 0 = not at all."""
        known = self._tries.get(key)
        return max(0.0, known.locked_until_s - now_s) if known is not None else 0.0

    def wrong(self, key: str, now_s: float) -> float:
        """For how long it is locked from now on, 0 = not at all."""
        known = self._tries.pop(key, None)
        if known is None or now_s - max(known.last_s, known.locked_until_s) > FORGET_S:
            known = _Tries()
        self._tries[key] = known
        if len(self._tries) > MAX_KEYS:
            del self._tries[next(iter(self._tries))]
        known.wrong += 1
        known.last_s = now_s
        if known.wrong < self._most:
            return 0.0
        lock_s = min(LOCK_S * 2.0 ** min(known.locks, 16), self._longest_s)
        known.wrong, known.locks, known.locked_until_s = 0, known.locks + 1, now_s + lock_s
        return lock_s

    def right(self, key: str) -> None:
        self._tries.pop(key, None)


class SignInGuard:
    """A name at a position waits after :data:`MAX_WRONG`. Who tries many names at one position, or
    one name from many, is stopped later; but that never holds for a name at a position where it
    has signed in before."""

    def __init__(self) -> None:
        self._pairs = Lockout()
        self._together = Lockout(MAX_WRONG_TOGETHER, LOCK_S)
        self._at_home: dict[str, None] = {}  # pairs, the one that signed in longest ago first

    def left_s(self, member: str, name: str, now_s: float) -> float:
        pair, together = _keys(member, name)
        left_s = self._pairs.left_s(pair, now_s)
        if pair in self._at_home:
            return left_s
        return max(left_s, *(self._together.left_s(key, now_s) for key in together))

    def wrong(self, member: str, name: str, now_s: float) -> float:
        """For how long this name is locked at this position, 0 = not at all."""
        pair, together = _keys(member, name)
        lock_s = self._pairs.wrong(pair, now_s)
        locks_s = [self._together.wrong(key, now_s) for key in together]
        return lock_s if pair in self._at_home else max(lock_s, *locks_s)

    def right(self, member: str, name: str) -> None:
        """What was tried together goes on counting: a right PIN of one's own lets nobody guess on
        for others."""
        pair, _ = _keys(member, name)
        self._pairs.right(pair)
        self._at_home.pop(pair, None)
        self._at_home[pair] = None
        if len(self._at_home) > MAX_KEYS:
            del self._at_home[next(iter(self._at_home))]


def _keys(member: str, name: str) -> tuple[str, tuple[str, str]]:
    """Members' names have no spaces."""
    return f"{member} {name}", (f"position {member}", f"person {name}")
