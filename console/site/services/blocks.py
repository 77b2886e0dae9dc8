"""Which SSRCs a station may send: blocks of 65,536, none given to two. Pure but for its numbers.

An SSRC that came twice under one key would encrypt two packets alike (RFC 7714 section 8.1). A
block is free again when every key that was there while it was in use has gone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Final

import msgspec

from console.domain.voice_keys import Times
from console.site.services.key_store import Block

FIRST: Final = 1
LAST: Final = 0x7FFF  # those above an engine draws for itself
MAX_PER_MEMBER: Final = 64
REFRESH_MS: Final = 3_600_000
"""So often, at most, it is written down that a block is in use."""


class Blocks:
    def __init__(self, known: Iterable[Block]) -> None:
        self._by_number = {one.number: one for one in known}
        self._by_station = {(one.member, one.station): one for one in known}

    def take(
        self, member: str, station: str, now_ms: int, times: Times
    ) -> tuple[Block | None, bool]:
        """The station's block, and whether it has to be written. None: the member has had too many,
        or all are in use; then an engine draws one by chance."""
        known = self._by_station.get((member, station))
        if known is not None:
            if now_ms - known.used_ms < REFRESH_MS:
                return known, False
            return self._keep(msgspec.structs.replace(known, used_ms=now_ms)), True
        number = self._free(member, now_ms - free_after_ms(times))
        if number is None:
            return None, False
        return self._keep(Block(number, member, station, now_ms)), True

    def _keep(self, block: Block) -> Block:
        old = self._by_number.get(block.number)
        if old is not None:
            self._by_station.pop((old.member, old.station), None)
        self._by_number[block.number] = block
        self._by_station[block.member, block.station] = block
        return block

    def _free(self, member: str, before_ms: int) -> int | None:
        own = [one for one in self._by_number.values() if one.member == member]
        stale = [one.number for one in own if one.used_ms < before_ms]
        if stale:
            return stale[0]
        if len(own) >= MAX_PER_MEMBER:
            return None
        for _ in range(64):
            number = random.SystemRandom().randint(FIRST, LAST)
            if number not in self._by_number:
                return number
        stale = [one.number for one in self._by_number.values() if one.used_ms < before_ms]
        return stale[0] if stale else None


def free_after_ms(times: Times) -> int:
    """The longest that a key lives which was there when a block was last asked for: it may have
    been the next one, which is used for a whole life more. The rest is for clocks."""
    return 3 * (times.life_ms + times.early_ms + times.overlap_ms)
