"""Talkgroups, units, desks and the people at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from console.domain import bounds, fixes
from console.domain.events import (
    Event,
    HandoverRead,
    PersonSignedIn,
    PersonSignedOut,
    PositionJoined,
    PositionLeft,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.exercise_rule import ALL_BEHIND, BEHIND
from console.domain.records import Desk, Move, Talkgroup, Unit, blank_desk, blank_unit

if TYPE_CHECKING:
    from console.domain.draft import Draft


def unit_moved(draft: Draft, event: Event, body: UnitMoved) -> None:
    at = body.position
    if not fixes.is_place(at):
        draft.count("malformed_positions")
        return
    unit = draft.units.get(body.unit)
    if unit is None:
        unit = _new_unit(draft, body.unit, event.id)
        if unit is None:
            return
    if draft.is_removed("unit", body.unit, event.id):
        return
    if fixes.is_newer(event.id, at, unit):
        draft.units.own()[body.unit] = msgspec.structs.replace(
            unit, position=at, moved_ms=event.time_ms, moved_by=event.id
        )
        return
    _take_one_more(draft, unit, Move(event.id, event.time_ms, at))


def _take_one_more(draft: Draft, unit: Unit, move: Move) -> None:
    """A move that is not simply the next one."""
    known = fixes.moves_of(unit)
    if any(one.id == move.id for one in known):
        return
    left = fixes.with_moves(unit, (*known, move))
    if left.moved_by != move.id and move.id > unit.moved_by:
        draft.count("older_fixes")
    if left != unit:
        draft.units.own()[unit.key] = left


def status_changed(draft: Draft, event: Event, body: StatusChanged) -> None:
    unit = draft.units.get(body.unit) or _new_unit(draft, body.unit, event.id)
    if unit is None or event.id <= unit.status_by:
        return
    if draft.is_removed("unit", body.unit, event.id):
        return
    draft.units.own()[body.unit] = msgspec.structs.replace(
        unit,
        status=body.status,
        status_text=body.text,
        urgency=body.urgency,
        status_ms=event.time_ms,
        status_by=event.id,
    )


def unit_defined(draft: Draft, event: Event, body: UnitDefined) -> None:
    unit = draft.units.get(body.unit) or _new_unit(draft, body.unit, event.id)
    if unit is not None and not body.exercise:
        unit = _without_exercise(unit)
    if unit is None or event.id <= unit.defined_by:
        return
    if draft.is_removed("unit", body.unit, event.id):
        return
    draft.units.own()[body.unit] = msgspec.structs.replace(
        unit,
        call_sign=body.call_sign,
        unit_kind=body.unit_kind,
        agency=body.agency,
        issi=body.issi,
        talkgroup=body.talkgroup,
        exercise=body.exercise,
        crew=body.crew,
        defined_by=event.id,
    )


def unit_removed(draft: Draft, event: Event, body: UnitRemoved) -> None:
    """Take away all that is older than the removal; what is newer stands."""
    draft.note_removed("unit", body.unit, event.id)
    unit = draft.units.get(body.unit)
    if unit is None:
        return
    left = _newer_than(event.id, unit)
    if left is None:
        del draft.units.own()[body.unit]
    elif left is not unit:
        draft.units.own()[body.unit] = left


def talkgroup_defined(draft: Draft, event: Event, body: TalkgroupDefined) -> None:
    row = Talkgroup(
        body.talkgroup, body.name, body.group_kind, body.purpose, body.exercise, event.id
    )
    set_talkgroup(draft, row)


def talkgroup_removed(draft: Draft, event: Event, body: TalkgroupRemoved) -> None:
    remove_talkgroup(draft, body.talkgroup, event.id)


def set_talkgroup(draft: Draft, row: Talkgroup) -> None:
    """The newest definition that no newer removal has taken away."""
    old = draft.talkgroups.get(row.key)
    if old is None and draft.is_full(draft.talkgroups, bounds.MAX_TALKGROUPS):
        return
    if old is not None and row.defined_by <= old.defined_by:
        return
    if not draft.is_removed("talkgroup", row.key, row.defined_by):
        draft.talkgroups.own()[row.key] = row


def remove_talkgroup(draft: Draft, key: str, event_id: str) -> None:
    draft.note_removed("talkgroup", key, event_id)
    old = draft.talkgroups.get(key)
    if old is not None and old.defined_by < event_id:
        del draft.talkgroups.own()[key]


def position_told(draft: Draft, event: Event, body: PositionJoined | PositionLeft) -> None:
    desk = _desk(draft, event.author)
    if desk is None:
        return
    if event.id > desk.told_by:
        desk = msgspec.structs.replace(
            desk,
            label=body.label,
            present=isinstance(body, PositionJoined),
            since_ms=event.time_ms,
            told_by=event.id,
        )
    _seat(draft, desk, event, event.person)


def signed_in(draft: Draft, event: Event, body: PersonSignedIn) -> None:
    desk = _desk(draft, event.author)
    if desk is not None:
        _seat(draft, desk, event, body.name)


def signed_out(draft: Draft, event: Event, _body: PersonSignedOut) -> None:
    desk = _desk(draft, event.author)
    if desk is not None:
        _seat(draft, desk, event, "")


def handover_read(draft: Draft, event: Event, _body: HandoverRead) -> None:
    desk = _desk(draft, event.author)
    if desk is not None and event.id > desk.handover_by:
        desk = msgspec.structs.replace(
            desk,
            handover_person=event.person,
            handover_ms=event.time_ms,
            handover_by=event.id,
        )
        draft.desks.set(desk.key, desk)


def _desk(draft: Draft, author: str) -> Desk | None:
    known = draft.desks.get(author)
    if known is None and draft.is_full(draft.desks, bounds.MAX_DESKS):
        return None
    return known or blank_desk(author)


def _seat(draft: Draft, desk: Desk, event: Event, person: str) -> None:
    """The newest word on who sits there counts."""
    if event.id > desk.person_by:
        desk = msgspec.structs.replace(
            desk, person=person, person_ms=event.time_ms, person_by=event.id
        )
    draft.desks.set(desk.key, desk)


def _new_unit(draft: Draft, key: str, event_id: str) -> Unit | None:
    """A unit seen for the first time, not yet in the table."""
    if draft.is_removed("unit", key, event_id) or draft.is_full(draft.units, bounds.MAX_UNITS):
        return None
    speaking = sorted(g for g, floor in draft.floors.done().items() if floor.speaker == key)
    return msgspec.structs.replace(blank_unit(key), speaking=tuple(speaking))


def _without_exercise(unit: Unit) -> Unit:
    """What an exercise set of a unit that turns out to be real gives way."""
    if not any(by.startswith(BEHIND) for by in (unit.defined_by, unit.moved_by, unit.status_by)):
        return unit
    blank = msgspec.structs.replace(blank_unit(unit.key), speaking=unit.speaking)
    return _newer_than(BEHIND + ALL_BEHIND, unit) or blank


def _newer_than(event_id: str, unit: Unit) -> Unit | None:
    """What a removal leaves of a unit, None = nothing."""
    moves = [move for move in fixes.moves_of(unit) if move.id > event_id]
    if max(unit.defined_by, unit.status_by) <= event_id and not moves:
        return None
    blank = msgspec.structs.replace(blank_unit(unit.key), speaking=unit.speaking)
    parts = ((unit.defined_by, _DEFINED), (unit.status_by, _STATUS))
    kept = [name for told_by, names in parts if told_by > event_id for name in names]
    left = msgspec.structs.replace(blank, **{name: getattr(unit, name) for name in kept})
    return fixes.with_moves(left, moves)


_DEFINED: Final = (
    "call_sign", "unit_kind", "agency", "issi", "talkgroup", "exercise", "crew", "defined_by",
)  # fmt: skip
_STATUS: Final = ("status", "status_text", "urgency", "status_ms", "status_by")

CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    UnitMoved: unit_moved,
    StatusChanged: status_changed,
    UnitDefined: unit_defined,
    UnitRemoved: unit_removed,
    TalkgroupDefined: talkgroup_defined,
    TalkgroupRemoved: talkgroup_removed,
    PositionJoined: position_told,
    PositionLeft: position_told,
    PersonSignedIn: signed_in,
    HandoverRead: handover_read,
    PersonSignedOut: signed_out,
}
