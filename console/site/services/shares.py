"""How much a member may ask a service: its own share, which nobody else can use up. Pure."""

from __future__ import annotations

from typing import Final

import msgspec


class Quota(msgspec.Struct, frozen=True):
    """``burst``: so many asks at once after a rest; ``per_s``: so many for as long as one likes."""

    burst: int
    per_s: float


QUICK: Final = Quota(burst=1_200, per_s=500.0)
"""Of what is answered within a fraction of a millisecond. A desk that comes up asks for the keys of
all its talkgroups at once, 1,024 at most; one that holds its key in sixteen groups and presses
300 times a minute asks for floors 240 times a second."""
SLOW: Final = Quota(burst=40, per_s=5.0)
"""Of what takes a processor, such as a PIN, and is done by hand or once in weeks."""
SHORT_S: Final = 2.0
"""Who has used up its share for so long asks more than any program of ours does."""


class Share:
    """A token bucket. Its tokens are granted to the server beforehand, which lets so many asks of
    the member through and drops the next; ``granted`` are there still, ``waiting`` are asks that
    have come and are not answered yet, so that no more of them than ``burst`` ever wait."""

    def __init__(self, quota: Quota, now_s: float) -> None:
        self._quota = quota
        self._tokens = float(quota.burst)
        self._looked_s = now_s
        self._short_since_s: float | None = None
        self.granted = 0
        self.waiting = 0

    def grant(self, now_s: float) -> int:
        """How many more the server is to let through from now on; 0: it has enough."""
        self._short_since_s = self._since_when_short(now_s)
        passed_s, self._looked_s = now_s - self._looked_s, now_s
        room = self._quota.burst - self.granted - self.waiting
        self._tokens = min(float(room), self._tokens + passed_s * self._quota.per_s)
        more = int(self._tokens) if self.granted <= self._quota.burst // 2 else 0
        self._tokens -= more
        self.granted += more
        if self.is_whole:
            self._short_since_s = None
        return more

    def _since_when_short(self, now_s: float) -> float | None:
        """None while the server has some left, and before the first grant."""
        if self.granted or self.is_whole:
            return None
        return now_s if self._short_since_s is None else self._short_since_s

    def come(self) -> None:
        """An ask was let through."""
        self.granted -= 1
        self.waiting += 1

    def answered(self) -> None:
        self.waiting -= 1

    @property
    def is_whole(self) -> bool:
        """Nothing of it is used, so that time changes nothing."""
        return self.waiting == 0 and self.granted + self._tokens >= self._quota.burst

    def is_exceeded(self, now_s: float) -> bool:
        """Whether the member has asked for more than its share for some time."""
        return self._short_since_s is not None and now_s - self._short_since_s >= SHORT_S
