"""Wrong PINs are few: after some in a row a name, or a position, waits. Pure; bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_WRONG: Final = 5
LOCK_S: Final = 60.0
MAX_KEYS: Final = 4_096
"""At the bound the one whose last wrong PIN is oldest is forgotten."""


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    locked_until_s: float = 0.0


class Lockout:
    def __init__(self) -> None:
        self._tries: dict[str, _Tries] = {}

    def left_s(self, key: str, now_s: float) -> float:
        """How long it still has to wait, 0 = not at all."""
        known = self._tries.get(key)
        return max(0.0, known.locked_until_s - now_s) if known is not None else 0.0

    def wrong(self, key: str, now_s: float) -> bool:
        """True when it is locked from now on."""
        known = self._tries.pop(key, _Tries())
        self._tries[key] = known
        if len(self._tries) > MAX_KEYS:
            del self._tries[next(iter(self._tries))]
        known.wrong += 1
        if known.wrong < MAX_WRONG:
            return False
        known.wrong, known.locked_until_s = 0, now_s + LOCK_S
        return True

    def right(self, key: str) -> None:
        self._tries.pop(key, None)
