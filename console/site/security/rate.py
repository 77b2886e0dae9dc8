"""How often an address may knock in a minute, and all of them together. Pure; bounded."""

from __future__ import annotations

import ipaddress
from collections import deque
from typing import Final

WINDOW_S: Final = 60.0
MAX_ADDRESSES: Final = 1_024
"""At the bound the one that has not knocked for longest is forgotten."""


class Rate:
    def __init__(self, each: int, together: int) -> None:
        self._each = each
        self._together = together
        self._times: dict[str, deque[float]] = {}
        self._all: deque[tuple[str, float]] = deque()

    def allows(self, key: str, now_s: float) -> bool:
        """True counts; False counts nothing, so that who waits a minute comes in."""
        mine = self._times.pop(key, deque())
        self._times[key] = mine
        if len(self._times) > MAX_ADDRESSES:
            del self._times[next(iter(self._times))]
        while mine and mine[0] <= now_s - WINDOW_S:
            mine.popleft()
        while self._all and self._all[0][1] <= now_s - WINDOW_S:
            self._all.popleft()
        if len(mine) >= self._each or len(self._all) >= self._together:
            return False
        mine.append(now_s)
        self._all.append((key, now_s))
        return True

    def forgive(self, key: str) -> None:
        """It knew the code: whatever it knocked before counts no more."""
        self._times.pop(key, None)
        self._all = deque(one for one in self._all if one[0] != key)


def host_of(address: str) -> str:
    """What one machine can't change at will: the address, of IPv6 its network."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))
