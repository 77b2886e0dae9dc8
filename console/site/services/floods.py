"""Members that ask the site's services far more than their share: who is told of, and when."""

from __future__ import annotations

import threading
from typing import Final

import msgspec

from console.domain.events import TO_ALL
from console.site.security.members import MAX_MEMBERS

AGAIN_S: Final = 600.0
"""While it goes on it is told again so often."""


class Flood(msgspec.Struct, frozen=True):
    member: str
    service: str


class Floods:
    """What a node's services notice, for the one that tells. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told_s: dict[tuple[str, bool], float] = {}  # the one told of longest ago first
        self._untold: list[Flood] = []

    def note(self, member: str, service: str, now_s: float) -> None:
        """This member floods this service now, or everybody (:data:`TO_ALL`), which is worse and
        told of beside it. Said as often as one likes."""
        key = (member, service == TO_ALL)
        with self._lock:
            told_s = self._told_s.get(key)
            if told_s is not None and now_s - told_s < AGAIN_S:
                return
            self._told_s.pop(key, None)
            self._told_s[key] = now_s
            if len(self._told_s) > 2 * MAX_MEMBERS:
                del self._told_s[next(iter(self._told_s))]
            self._untold.append(Flood(member, service))

    def take(self) -> list[Flood]:
        """Those that are to be told of now, each once."""
        with self._lock:
            taken, self._untold = self._untold, []
        return taken
