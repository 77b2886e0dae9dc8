"""Event ids: ULIDs that never go backwards at one author, and follow what that author has seen.
(But for an author whose clock was wrong by more than clocks may be, once it is right.)

A hybrid logical clock (Kulkarni et al. 2014): the id of an answer is greater than the id of what it
answers even when this machine's clock is minutes behind. So "the newest id wins" means "the one
who knew most wins". ``time_ms`` of an event is the plain clock.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Final

from ulid import ULID

MAX_AHEAD_MS: Final = 600_000
"""Ids further in the future than this are not followed: somebody's clock is broken."""
RANDOM_BITS: Final = 80
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read out on the radio
KEY_LENGTH: Final = 8
CALL: Final = "I"  # the prefix of an individual call's
FORMED: Final = "G"  # that of a talkgroup's that was formed
_CALL: Final = re.compile(f"{CALL}-[{ALPHABET}]{{{KEY_LENGTH}}}")
_FORMED: Final = re.compile(f"{FORMED}-[{ALPHABET}]{{{KEY_LENGTH}}}")


def is_call(talkgroup: str) -> bool:
    """Whether an id looks as those of calls do that are made here."""
    return _CALL.fullmatch(talkgroup) is not None


def is_formed(talkgroup: str) -> bool:
    """Whether an id looks as those of formed groups (DGNA) do that are made here."""
    return _FORMED.fullmatch(talkgroup) is not None


def new_id(prefix: str) -> str:
    """The id of a new alarm, call-out, call …: ``A-64SRY9ZZ``."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH))


def far_ahead(now_ms: int) -> str:
    """Ids from this one on are so far in the future that somebody's clock is broken."""
    return str(ULID.from_int((now_ms + MAX_AHEAD_MS) << RANDOM_BITS))


def moved_to(event_id: str, at_ms: int) -> str:
    """The same id at another time."""
    chance = int(ULID.from_str(event_id)) & ((1 << RANDOM_BITS) - 1)
    return str(ULID.from_int((at_ms << RANDOM_BITS) | chance))


class EventIds:
    """Not thread-safe: its owner holds a lock."""

    def __init__(self, last: str = "") -> None:
        self._last = int(ULID.from_str(last)) if last else 0

    def next(self, now_ms: int) -> str:
        if self._last >> RANDOM_BITS > now_ms + MAX_AHEAD_MS:
            self._last = 0  # this machine's own clock was wrong, and has been set right
        fresh = (now_ms << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)
        self._last = max(fresh, self._last + 1)
        return str(ULID.from_int(self._last))

    def observe(self, ids: Iterable[str], now_ms: int) -> None:
        """Follow the greatest of these ids that is not absurdly far ahead."""
        limit = far_ahead(now_ms)
        seen = max((i for i in ids if i < limit), default="")
        if seen:
            self._last = max(self._last, int(ULID.from_str(seen)))
