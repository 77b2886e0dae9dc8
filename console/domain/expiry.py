"""What a picture forgets with time, so that a desk left on knows no more than one that comes anew.

A value is told by one event; when that event is older than its kind is kept, the value goes, as the
site's log has let go of the event too. An alarm that is not closed never goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from console.domain import fixes
from console.domain.alarm import Alarm
from console.domain.changes.resources import _DEFINED, _STATUS
from console.domain.events import (
    AlarmRaised,
    CallOffered,
    CalloutSent,
    DutySet,
    Event,
    FloorGranted,
    FloorReleased,
    GroupFormed,
    HandoverRead,
    LandmarkDefined,
    LayoutSaved,
    MemberFlooded,
    MessageSent,
    PatchMade,
    PersonSignedIn,
    PinSet,
    PositionJoined,
    StatusChanged,
    StoredMessageDefined,
    TalkgroupDefined,
    UnitDefined,
    UnitMoved,
)
from console.domain.exercise_rule import BEHIND
from console.domain.floor import Floor
from console.domain.mark import id_ms
from console.domain.message import Message
from console.domain.records import Desk, Unit, blank_desk, blank_unit
from console.domain.state import State

KeepMs = Mapping[type, int]
"""How long each kind of event's body is kept; a kind that is not named is kept for ever."""

Row = TypeVar("Row")


def expire(state: State, now_ms: int, keep_ms: KeepMs) -> State:
    """The picture without what is too old. Returns ``state`` itself when nothing is."""
    cuts = Cuts(now_ms, keep_ms)
    changed = {
        **_alarms(state, cuts),
        **_speech(state, cuts),
        "messages": _messages(state, cuts),
        "receipts": _told(state.receipts, MessageSent, lambda key, _: key, cuts),
        "stored": _told(state.stored, StoredMessageDefined, lambda _, r: r.defined_by, cuts),
        "talkgroups": _told(state.talkgroups, TalkgroupDefined, lambda _, r: r.defined_by, cuts),
        "callouts": _told(state.callouts, CalloutSent, lambda _, r: r.sent.id, cuts),
        "groups": _told(state.groups, GroupFormed, lambda _, r: r.formed.id, cuts),
        "patches": _told(state.patches, PatchMade, lambda _, r: r.made.id, cuts),
        "calls": _told(state.calls, CallOffered, lambda _, r: r.offered.id, cuts),
        "duties": _told(state.duties, DutySet, lambda _, r: r.set.id, cuts),
        "layouts": _told(state.layouts, LayoutSaved, lambda _, r: r.saved.id, cuts),
        "landmarks": _told(state.landmarks, LandmarkDefined, lambda _, r: r.set.id, cuts),
        "floods": _told(state.floods, MemberFlooded, lambda _, r: r.id, cuts),
        "pins": _told(state.pins, PinSet, lambda _, r: r.set.id, cuts),
        "desks": _left(state.desks, lambda _, desk: cuts.desk(desk)),
        "waiting": _left(state.waiting, lambda _, held: cuts.waiting(held)),
    }
    differing = {name: new for name, new in changed.items() if new is not getattr(state, name)}
    return msgspec.structs.replace(state, **differing) if differing else state


def is_expired(event: Event, now_ms: int, keep_ms: KeepMs) -> bool:
    return Cuts(now_ms, keep_ms).is_over(type(event.body), event.id)


class Cuts:
    """What is left of a row: itself, less of it, or None."""

    def __init__(self, now_ms: int, keep_ms: KeepMs) -> None:
        self._now_ms = now_ms
        self._keep_ms = keep_ms

    def is_over(self, kind: type, event_id: str) -> bool:
        """Whether what this event told has expired; "" was told by none."""
        keep_ms = self._keep_ms.get(kind)
        if keep_ms is None or not event_id:
            return False
        return id_ms(event_id.removeprefix(BEHIND)) < self._now_ms - keep_ms

    def is_past(self, alarm: Alarm) -> bool:
        return alarm.state == "closed" and self.is_over(AlarmRaised, alarm.raised.id)

    def desk(self, desk: Desk) -> Desk | None:
        blank = blank_desk(desk.key)
        left = desk
        if self.is_over(PositionJoined, desk.told_by):
            left = _blanked(left, blank, ("label", "present", "since_ms", "told_by"))
        if self.is_over(PersonSignedIn, desk.person_by):
            left = _blanked(left, blank, ("person", "person_ms", "person_by"))
        if self.is_over(HandoverRead, desk.handover_by):
            names = ("handover_person", "handover_ms", "handover_by")
            left = _blanked(left, blank, names)
        is_told = left.told_by or left.person_by or left.handover_by
        return left if left is desk or is_told else None

    def waiting(self, held: tuple[Event, ...]) -> tuple[Event, ...] | None:
        """Events held back for something that will not come any more."""
        left = tuple(e for e in held if not self.is_over(type(e.body), e.id))
        return held if len(left) == len(held) else left or None

    def floor(self, floor: Floor) -> Floor | None:
        releases = tuple(r for r in floor.releases if not self.is_over(FloorReleased, r.id))
        is_over = self.is_over(FloorGranted, floor.granted)
        if not is_over and len(releases) == len(floor.releases):
            return floor
        base = Floor(floor.talkgroup) if is_over else floor
        left = msgspec.structs.replace(base, releases=releases)
        return left if left.granted or left.releases else None

    def unit(self, unit: Unit) -> Unit | None:
        blank = blank_unit(unit.key)
        left = unit
        for kind, told_by, names in (
            (UnitDefined, unit.defined_by, _DEFINED),
            (StatusChanged, unit.status_by, _STATUS),
        ):
            if self.is_over(kind, told_by):
                left = _blanked(left, blank, names)
        moves = fixes.moves_of(unit)
        if any(self.is_over(UnitMoved, move.id) for move in moves):
            left = fixes.with_moves(
                left, [move for move in moves if not self.is_over(UnitMoved, move.id)]
            )
        return left if left is unit or left.defined_by or left.moved_by or left.status_by else None


def _left(rows: Mapping[str, Row], left_of: Callable[[str, Row], Row | None]) -> Mapping[str, Row]:
    """The same table when each row is left as it is."""
    left = {key: left_of(key, row) for key, row in rows.items()}
    if all(left[key] is row for key, row in rows.items()):
        return rows
    return {key: row for key, row in left.items() if row is not None}


def _told(
    rows: Mapping[str, Row], kind: type, told_by: Callable[[str, Row], str], cuts: Cuts
) -> Mapping[str, Row]:
    """Rows that are whole or gone."""
    return _left(rows, lambda key, row: None if cuts.is_over(kind, told_by(key, row)) else row)


def _blanked(row: Row, blank: Row, names: tuple[str, ...]) -> Row:
    fields = {name: getattr(blank, name) for name in names}
    return msgspec.structs.replace(row, **fields)  # type: ignore[type-var]  # rows are structs


def _messages(state: State, cuts: Cuts) -> tuple[Message, ...]:
    left = tuple(one for one in state.messages if not cuts.is_over(MessageSent, one.key))
    return state.messages if len(left) == len(state.messages) else left


def _alarms(state: State, cuts: Cuts) -> dict[str, object]:
    """With an alarm go all the reports that it is made of."""
    past = [alarm for alarm in state.alarms.values() if cuts.is_past(alarm)]
    gone = {key for alarm in past for key in (alarm.key, *alarm.aliases)}
    return {
        "alarms": _left(state.alarms, lambda key, row: None if key in gone else row),
        "reports": _left(state.reports, lambda key, row: None if key in gone else row),
    }


def _speech(state: State, cuts: Cuts) -> dict[str, object]:
    """Floors, and units with whether they speak by a grant that has expired."""
    floors = _left(state.floors, lambda _, floor: cuts.floor(floor))
    silent = {
        (floor.speaker, key)
        for key, floor in state.floors.items()
        if floor.speaker and _speaker(floors.get(key)) != floor.speaker
    }
    units = _left(state.units, lambda _, unit: cuts.unit(_silenced(unit, silent)))
    return {"floors": floors, "units": units}


def _speaker(floor: Floor | None) -> str:
    return "" if floor is None else floor.speaker


def _silenced(unit: Unit, silent: set[tuple[str, str]]) -> Unit:
    left = tuple(group for group in unit.speaking if (unit.key, group) not in silent)
    return unit if left == unit.speaking else msgspec.structs.replace(unit, speaking=left)
