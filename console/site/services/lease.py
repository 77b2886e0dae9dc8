"""Which node of a site runs its services: a lease in the log's key-value store, taken and renewed.

Pure. A node that has not seen the lease renewed for ``TAKE_S`` on its own clock takes it by
compare-and-set; the holder stops believing in it ``HOLD_S`` after it last *asked* for a renewal
that came through, which is earlier than any other node can take it. Clocks are only ever compared
with themselves, so a wrong one changes nothing.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

RENEW_S: Final = 0.2
LOOK_S: Final = 0.1
HOLD_S: Final = 0.6
TAKE_S: Final = 0.85

Step = Literal["renew", "take", "look"]


class LeaseValue(msgspec.Struct, frozen=True):
    """``holder`` empty: given back. ``epoch`` fences: what a service says bears it, and whoever has
    heard a greater one takes no notice of a smaller."""

    holder: Annotated[str, Meta(max_length=64)]
    epoch: Annotated[int, Meta(ge=0, lt=2**53)]
    v: Literal[1] = 1


class Lease:
    """One node's knowledge of it. ``revision`` is what a compare-and-set has to name."""

    def __init__(self, me: str) -> None:
        self._me = me
        self.revision = 0
        self._epoch_seen = 0
        self._since_s: float | None = None  # this revision has been the newest since
        self._free = False
        self._mine_until_s = float("-inf")
        self.epoch = 0

    def seen(self, revision: int, value: LeaseValue, now_s: float) -> None:
        """What is in the store now. Revision 0 and no holder: nothing."""
        if revision != self.revision or self._since_s is None:
            self.revision, self._since_s = revision, now_s
        self._epoch_seen = max(self._epoch_seen, value.epoch)
        self._free = not value.holder
        if value.holder != self._me:
            self._mine_until_s = float("-inf")

    def step(self, now_s: float) -> Step:
        if self.is_held(now_s):
            return "renew"
        waited = self._since_s is not None and now_s - self._since_s >= TAKE_S
        return "take" if self._since_s is not None and (self._free or waited) else "look"

    def wish(self, step: Step, now_ms: int) -> LeaseValue:
        """What to write. A new holder's epoch is greater than any seen, and follows the clock, so
        that it also is after the store was wiped."""
        epoch = self.epoch if step == "renew" else max(self._epoch_seen + 1, now_ms)
        return LeaseValue(self._me, epoch)

    def written(self, revision: int, value: LeaseValue, asked_s: float) -> None:
        """The compare-and-set came through."""
        self.revision, self._since_s, self._free = revision, asked_s, False
        self.epoch = self._epoch_seen = value.epoch
        self._mine_until_s = asked_s + HOLD_S

    def is_held(self, now_s: float) -> bool:
        return now_s < self._mine_until_s
