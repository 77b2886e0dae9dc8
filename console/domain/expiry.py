"""What a picture forgets with time, so that a desk left on knows no more than one that comes anew.

A value is told by one event; when that event is older than its kind is kept, the value goes, as the
site's log has let go of the event too. An alarm that is not closed never goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import msgspec

from console.domain.alarm import Alarm
from console.domain.events import (
    AlarmRaised,
    Event,
    FloorGranted,
    FloorReleased,
    MessageSent,
    PositionJoined,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
    UnitMoved,
)
from console.domain.floor import Floor
from console.domain.records import Desk, Message, Talkgroup, Unit, blank_unit
from console.domain.state import _DEFINED, _MOVED, _STATUS, State

KeepMs = Mapping[type, int]
"""How long each kind of event's body is kept; a kind that is not named is kept for ever."""

_ULID_DIGITS: Final = {digit: n for n, digit in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}
_TIME_DIGITS: Final = 10

Row = TypeVar("Row")


def told_ms(event_id: str) -> int:
    """When its author made an event, from its id (a ULID: 48 bits of unix milliseconds)."""
    time_ms = 0
    for digit in event_id[:_TIME_DIGITS]:
        time_ms = time_ms * 32 + _ULID_DIGITS[digit]
    return time_ms


def is_expired(event: Event, now_ms: int, keep_ms: KeepMs) -> bool:
    return event.time_ms < now_ms - keep_ms.get(type(event.body), now_ms)


def expire(state: State, now_ms: int, keep_ms: KeepMs) -> State:
    """The picture without what is too old. Returns ``state`` itself when nothing is."""
    cuts = _Cuts(now_ms, keep_ms)
    floors = _changed(state.floors, cuts.floor)
    silent = _silent_now(state.floors, floors)
    changed = {
        "messages": _messages(state, cuts),
        "alarms": _changed(state.alarms, cuts.alarm),
        "units": _changed(state.units, lambda unit: cuts.unit(_without(unit, silent))),
        "talkgroups": _changed(state.talkgroups, cuts.talkgroup),
        "desks": _changed(state.desks, cuts.desk),
        "floors": floors,
        "waiting": _changed(state.waiting, cuts.waiting),
    }
    differing = {name: new for name, new in changed.items() if new is not getattr(state, name)}
    return msgspec.structs.replace(state, **differing) if differing else state


class _Cuts:
    """What is left of each row: itself, less of it, or None."""

    def __init__(self, now_ms: int, keep_ms: KeepMs) -> None:
        self._now_ms = now_ms
        self._keep_ms = keep_ms

    def is_over(self, kind: type, event_id: str) -> bool:
        """Whether what this event told has expired; "" was told by none."""
        keep_ms = self._keep_ms.get(kind)
        if keep_ms is None or not event_id:
            return False
        return told_ms(event_id) < self._now_ms - keep_ms

    def alarm(self, alarm: Alarm) -> Alarm | None:
        is_over = alarm.state == "closed" and self.is_over(AlarmRaised, alarm.raised.id)
        return None if is_over else alarm

    def talkgroup(self, talkgroup: Talkgroup) -> Talkgroup | None:
        return None if self.is_over(TalkgroupDefined, talkgroup.defined_by) else talkgroup

    def desk(self, desk: Desk) -> Desk | None:
        return None if self.is_over(PositionJoined, desk.told_by) else desk

    def waiting(self, held: tuple[Event, ...]) -> tuple[Event, ...] | None:
        """Events held back for something that will not come any more."""
        left = tuple(e for e in held if not is_expired(e, self._now_ms, self._keep_ms))
        return held if len(left) == len(held) else left or None

    def floor(self, floor: Floor) -> Floor | None:
        releases = tuple(r for r in floor.releases if not self.is_over(FloorReleased, r.id))
        is_over = self.is_over(FloorGranted, floor.granted)
        if not is_over and len(releases) == len(floor.releases):
            return floor
        if is_over:
            floor = Floor(floor.talkgroup)
        left = msgspec.structs.replace(floor, releases=releases)
        return left if left.granted or left.releases else None

    def unit(self, unit: Unit) -> Unit | None:
        parts = (
            (UnitDefined, unit.defined_by, _DEFINED),
            (UnitMoved, unit.moved_by, _MOVED),
            (StatusChanged, unit.status_by, _STATUS),
        )
        over = [names for kind, told_by, names in parts if self.is_over(kind, told_by)]
        if not over:
            return unit
        blank = blank_unit(unit.key)
        fields = {name: getattr(blank, name) for names in over for name in names}
        left = msgspec.structs.replace(unit, **fields)
        return left if left.defined_by or left.moved_by or left.status_by else None


def _changed(rows: Mapping[str, Row], left_of: Callable[[Row], Row | None]) -> Mapping[str, Row]:
    """The same table when each row is left as it is."""
    left = {key: left_of(row) for key, row in rows.items()}
    if all(left[key] is row for key, row in rows.items()):
        return rows
    return {key: row for key, row in left.items() if row is not None}


def _messages(state: State, cuts: _Cuts) -> tuple[Message, ...]:
    left = tuple(one for one in state.messages if not cuts.is_over(MessageSent, one.key))
    return state.messages if len(left) == len(state.messages) else left


def _silent_now(old: Mapping[str, Floor], new: Mapping[str, Floor]) -> frozenset[tuple[str, str]]:
    """(unit, talkgroup) of who spoke by a grant that has expired: nobody has released it."""
    gone = [floor for key, floor in old.items() if new.get(key) is not floor and floor.speaker]
    return frozenset((floor.speaker, floor.talkgroup) for floor in gone if _ended(floor, new))


def _ended(floor: Floor, new: Mapping[str, Floor]) -> bool:
    left = new.get(floor.talkgroup)
    return left is None or left.speaker != floor.speaker


def _without(unit: Unit, silent: frozenset[tuple[str, str]]) -> Unit:
    left = tuple(group for group in unit.speaking if (unit.key, group) not in silent)
    return unit if left == unit.speaking else msgspec.structs.replace(unit, speaking=left)
