"""What an event says of its time beside when the site's log took it, by the two times alone, so
that every reader of the log comes to the same: for people, and for what is newer than what."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from console.domain.events import Event, Ulid, UnitMoved
from console.domain.mark import id_ms
from console.site.log.ids import MAX_AHEAD_MS, moved_to

APART_MS: Final = 600_000
"""Clocks of two machines may each be five minutes off."""
LONGEST_WAY_MS: Final = 90 * 86_400_000
"""An outbox may have kept it for days, an alarm for as long as the site keeps alarms."""


def instant_ms(text: str) -> int:
    """Of a server's time (RFC 3339), unix milliseconds; 0 for what is none."""
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1_000)
    except (ValueError, OverflowError, OSError):
        return 0


def is_absurd(told_ms: int, stored_ms: int) -> bool:
    """Whether no event that was stored then can have been said at that time."""
    return not stored_ms - LONGEST_WAY_MS <= told_ms <= stored_ms + MAX_AHEAD_MS


def with_times(event: Event, stored_ms: int) -> Event:
    """The event with when it was received, where that is not about when it says that it was said.
    A time that can't be true is replaced by it. ``stored_ms`` 0: not known."""
    told_ms = event.time_ms
    if not stored_ms or abs(stored_ms - told_ms) <= APART_MS:
        return msgspec.structs.replace(event, received_ms=0) if event.received_ms else event
    time_ms = stored_ms if is_absurd(told_ms, stored_ms) else told_ms
    return msgspec.structs.replace(event, time_ms=time_ms, received_ms=stored_ms)


def with_order(event: Event, stored_ms: int) -> Event:
    """The event with an id of when it was stored, where its own is further ahead than clocks may
    be: "the newest id wins" would let it win over all that is true, for years. What it names as its
    cause then is no event that anybody knows. Positions are refused instead
    (:class:`console.site.log.door.Door`). ``stored_ms`` 0: not known."""
    if not stored_ms or isinstance(event.body, UnitMoved):
        return event
    if event.cause is not None and _is_ahead(event.cause, stored_ms):
        event = msgspec.structs.replace(event, cause=None)
    if _is_ahead(event.id, stored_ms):
        event = msgspec.structs.replace(event, id=moved_to(event.id, stored_ms))
    return event


class _Named(msgspec.Struct):
    id: Ulid


_NAMED: Final = msgspec.json.Decoder(_Named)


def is_id_ahead(payload: bytes, stored_ms: int) -> bool:
    """Of an event that nobody has decoded yet."""
    event_id = _id_in(payload)
    return event_id != "" and _is_ahead(event_id, stored_ms)


def supersedes(payload: bytes, stored_ms: int, event_id: str) -> bool:
    """Whether the event that was stored then is that one, or a newer one."""
    there = _id_in(payload)
    if there and stored_ms and _is_ahead(there, stored_ms):
        there = moved_to(there, stored_ms)  # as readers take it
    return there >= event_id


def _is_ahead(event_id: str, stored_ms: int) -> bool:
    """By more than clocks may be."""
    return id_ms(event_id) > stored_ms + MAX_AHEAD_MS


def _id_in(payload: bytes) -> str:
    try:
        return _NAMED.decode(payload).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
