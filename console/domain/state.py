"""The picture of a site, and how one event changes it: pure, idempotent, the same at every desk.

No value depends on the order in which events of different authors arrive: the newest event id
wins a field, an alarm's state follows from the steps that have been taken, and an event that
answers another waits until that one is here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec

from console.domain import alarm as alarms
from console.domain import floor as floors
from console.domain.alarm import Alarm
from console.domain.events import (
    LIVE,
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmRaised,
    AlarmTaken,
    Body,
    CodeVoided,
    Event,
    FloorGranted,
    FloorReleased,
    MemberEnrolled,
    MemberRevoked,
    MessageSent,
    PositionJoined,
    PositionLeft,
    SignInLocked,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.floor import Floor
from console.domain.records import Desk, Message, Talkgroup, Unit, blank_unit

MAX_TALKGROUPS: Final = 5_000
MAX_UNITS: Final = 20_000
MAX_FLOORS: Final = 5_000
MAX_DESKS: Final = 1_000
"""At these bounds a new key is refused and counted; what is known goes on changing."""
MAX_ALARMS: Final = 5_000
"""At the bound the oldest closed ones go; open ones never do, then a new one is refused."""
CLOSED_DROPPED: Final = 100
MAX_MESSAGES: Final = 1_000
"""The newest stay."""
MAX_REMOVED: Final = 5_000
"""Removals remembered, so that an older event brings nothing back; the oldest are forgotten."""
MAX_SEEN: Final = 20_000
"""Ids of durable events remembered; the longest known are forgotten."""
MAX_WAITING: Final = 1_000
"""Events held back; at the bound the longest held is applied without its cause."""


class Counts(msgspec.Struct, frozen=True):
    """What happened to the events; for the diagnostics, no part of the picture."""

    applied: int = 0
    duplicates: int = 0
    late: int = 0
    illegal: int = 0
    held: int = 0
    overdue: int = 0
    orphaned: int = 0
    refused: int = 0


class State(msgspec.Struct, frozen=True):
    """Never change a table in place: an unchanged one is shared with the state before."""

    talkgroups: Mapping[str, Talkgroup] = msgspec.field(default_factory=dict)
    units: Mapping[str, Unit] = msgspec.field(default_factory=dict)
    alarms: Mapping[str, Alarm] = msgspec.field(default_factory=dict)
    floors: Mapping[str, Floor] = msgspec.field(default_factory=dict)
    messages: tuple[Message, ...] = ()  # oldest first
    desks: Mapping[str, Desk] = msgspec.field(default_factory=dict)
    removed: Mapping[str, str] = msgspec.field(default_factory=dict)  # "unit:ID" -> event id
    seen: Mapping[str, None] = msgspec.field(default_factory=dict)
    forgotten: str = ""  # the newest id that ``seen`` has dropped
    waiting: Mapping[str, tuple[Event, ...]] = msgspec.field(default_factory=dict)
    counts: Counts = Counts()

    def picture(self) -> tuple[object, ...]:
        """What two desks must agree on."""
        return (self.talkgroups, self.units, self.alarms, self.floors, self.messages, self.desks)

    @property
    def waiting_count(self) -> int:
        return sum(len(events) for events in self.waiting.values())


def apply(state: State, event: Event) -> State:
    return apply_all(state, (event,))


def apply_all(state: State, events: Iterable[Event]) -> State:
    """Apply a batch. Each table that changes is copied once for the whole batch."""
    draft = _Draft(state)
    for event in events:
        draft.take(event)
    return draft.done()


def changed_keys(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """Which rows of a table were added, changed or removed between two states."""
    if old is new:
        return ()
    changed = [key for key, row in new.items() if old.get(key) is not row]
    changed += [key for key in old if key not in new]
    return tuple(changed)


Row = TypeVar("Row")


class _Table(Generic[Row]):
    """A mapping that is copied at its first change."""

    __slots__ = ("_copied", "_rows")

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows: Mapping[str, Row] = rows
        self._copied: dict[str, Row] | None = None

    def get(self, key: str) -> Row | None:
        return self._rows.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def own(self) -> dict[str, Row]:
        if self._copied is None:
            self._copied = dict(self._rows)
            self._rows = self._copied
        return self._copied

    def done(self) -> Mapping[str, Row]:
        return self._rows


class _Draft:
    """A state under change, private to one call of :func:`apply_all`."""

    def __init__(self, state: State) -> None:
        self._talkgroups = _Table(state.talkgroups)
        self._units = _Table(state.units)
        self._alarms = _Table(state.alarms)
        self._floors = _Table(state.floors)
        self._desks = _Table(state.desks)
        self._removed = _Table(state.removed)
        self._seen = _Table(state.seen)
        self._waiting = _Table(state.waiting)
        self._waiting_count = state.waiting_count
        self._messages = state.messages
        self._own_messages: list[Message] | None = None
        self._forgotten = state.forgotten
        self._old_counts = state.counts
        self._applied = 0
        self._counts: dict[str, int] = {}

    def done(self) -> State:
        if self._own_messages is not None:
            self._messages = tuple(self._own_messages[-MAX_MESSAGES:])
        return State(
            talkgroups=self._talkgroups.done(),
            units=self._units.done(),
            alarms=self._alarms.done(),
            floors=self._floors.done(),
            messages=self._messages,
            desks=self._desks.done(),
            removed=self._removed.done(),
            seen=self._seen.done(),
            forgotten=self._forgotten,
            waiting=self._waiting.done(),
            counts=self._new_counts(),
        )

    def _new_counts(self) -> Counts:
        old = self._old_counts
        changes = {name: getattr(old, name) + n for name, n in self._counts.items()}
        return msgspec.structs.replace(old, applied=old.applied + self._applied, **changes)

    def _count(self, what: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + 1

    # -- in what order --------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Apply one event, and then whatever had waited for it."""
        if isinstance(event.body, LIVE):
            self._change(event)
            return
        ready = [event]
        while ready:
            ready.extend(self._take_durable(ready.pop()))

    def _take_durable(self, event: Event) -> tuple[Event, ...]:
        if event.id in self._seen:
            self._count("duplicates")
            return ()
        awaited = self._awaited(event)
        if awaited is not None:
            self._hold(awaited, event)
            return ()
        self._change(event)
        self._remember(event.id)
        return self._freed(event)

    def _awaited(self, event: Event) -> str | None:
        """What the event has to wait for. An alarm waits for nothing."""
        body = event.body
        if isinstance(body, AlarmRaised):
            return None
        if event.cause is not None and not self._arrived(event.cause):
            return event.cause
        if (
            isinstance(body, AlarmAcknowledged | AlarmTaken | AlarmClosed | AlarmEscalated)
            and body.alarm not in self._alarms
        ):
            return f"alarm:{body.alarm}"
        return None

    def _arrived(self, cause: str) -> bool:
        return cause in self._seen or cause <= self._forgotten

    def _hold(self, awaited: str, event: Event) -> None:
        held = self._waiting.get(awaited) or ()
        if any(e.id == event.id for e in held):
            self._count("duplicates")
            return
        if self._waiting_count >= MAX_WAITING:
            self._apply_longest_held()
            held = self._waiting.get(awaited) or ()
        self._waiting.own()[awaited] = (*held, event)
        self._waiting_count += 1
        self._count("held")

    def _apply_longest_held(self) -> None:
        """Better without its cause than never. An answer to an unknown alarm is dropped: the
        alarm, should it come, is then shown as raised, which is the safe way to be wrong."""
        rows = self._waiting.own()
        awaited, held = next(iter(rows.items()))
        if len(held) == 1:
            del rows[awaited]
        else:
            rows[awaited] = held[1:]
        self._waiting_count -= 1
        self._count("overdue")
        self._change(held[0])

    def _freed(self, event: Event) -> tuple[Event, ...]:
        freed = self._let_go(event.id)
        if isinstance(event.body, AlarmRaised):
            freed += self._let_go(f"alarm:{event.body.alarm}")
        return freed

    def _let_go(self, awaited: str) -> tuple[Event, ...]:
        if awaited not in self._waiting:
            return ()
        held = self._waiting.own().pop(awaited)
        self._waiting_count -= len(held)
        return held

    def _remember(self, event_id: str) -> None:
        seen = self._seen.own()
        seen[event_id] = None
        if len(seen) > MAX_SEEN:
            oldest = next(iter(seen))
            del seen[oldest]
            self._forgotten = max(self._forgotten, oldest)

    # -- what changes ---------------------------------------------------------------------

    def _change(self, event: Event) -> None:
        _CHANGES[type(event.body)](self, event, event.body)
        self._applied += 1

    def unit_moved(self, event: Event, body: UnitMoved) -> None:
        unit = self._units.get(body.unit)
        if unit is None:
            unit = self._new_unit(body.unit, event.id)
            if unit is None:
                return
        if event.id <= unit.moved_by or self._is_removed("unit", body.unit, event.id):
            return
        self._units.own()[body.unit] = msgspec.structs.replace(
            unit, position=body.position, moved_ms=event.time_ms, moved_by=event.id
        )

    def status_changed(self, event: Event, body: StatusChanged) -> None:
        unit = self._units.get(body.unit) or self._new_unit(body.unit, event.id)
        if unit is None or event.id <= unit.status_by:
            return
        if self._is_removed("unit", body.unit, event.id):
            return
        self._units.own()[body.unit] = msgspec.structs.replace(
            unit,
            status=body.status,
            status_text=body.text,
            urgency=body.urgency,
            status_ms=event.time_ms,
            status_by=event.id,
        )

    def unit_defined(self, event: Event, body: UnitDefined) -> None:
        unit = self._units.get(body.unit) or self._new_unit(body.unit, event.id)
        if unit is None or event.id <= unit.defined_by:
            return
        if self._is_removed("unit", body.unit, event.id):
            return
        self._units.own()[body.unit] = msgspec.structs.replace(
            unit,
            call_sign=body.call_sign,
            unit_kind=body.unit_kind,
            agency=body.agency,
            issi=body.issi,
            talkgroup=body.talkgroup,
            exercise=body.exercise,
            defined_by=event.id,
        )

    def unit_removed(self, event: Event, body: UnitRemoved) -> None:
        """Take away all that is older than the removal; what is newer stands."""
        self._note_removed("unit", body.unit, event.id)
        unit = self._units.get(body.unit)
        if unit is None:
            return
        left = _newer_than(event.id, unit)
        if left is None:
            del self._units.own()[body.unit]
        elif left is not unit:
            self._units.own()[body.unit] = left

    def talkgroup_defined(self, event: Event, body: TalkgroupDefined) -> None:
        key = body.talkgroup
        old = self._talkgroups.get(key)
        if old is None and self._is_full(self._talkgroups, MAX_TALKGROUPS):
            return
        if old is not None and event.id <= old.defined_by:
            return
        if self._is_removed("talkgroup", key, event.id):
            return
        self._talkgroups.own()[key] = Talkgroup(
            key, body.name, body.group_kind, body.purpose, body.exercise, event.id
        )

    def talkgroup_removed(self, event: Event, body: TalkgroupRemoved) -> None:
        self._note_removed("talkgroup", body.talkgroup, event.id)
        old = self._talkgroups.get(body.talkgroup)
        if old is not None and old.defined_by < event.id:
            del self._talkgroups.own()[body.talkgroup]

    def floor_granted(self, event: Event, body: FloorGranted) -> None:
        floor = self._floor(body.talkgroup)
        if floor is not None:
            self._set_floor(floor, floors.grant(floor, event, body))

    def floor_released(self, event: Event, body: FloorReleased) -> None:
        floor = self._floor(body.talkgroup)
        if floor is not None:
            self._set_floor(floor, floors.release(floor, event, body))

    def alarm_raised(self, event: Event, body: AlarmRaised) -> None:
        old = self._alarms.get(body.alarm)
        if old is not None:
            self._raised_again(old, event, body)
        elif self._has_room_for_alarm():
            self._alarms.own()[body.alarm] = alarms.from_raised(event, body)

    def alarm_answered(
        self, event: Event, body: AlarmAcknowledged | AlarmTaken | AlarmClosed
    ) -> None:
        old = self._alarms.get(body.alarm)
        if old is None:
            self._count("orphaned")
            return
        self._count_step(old, alarms.STEPS[type(body)])
        self._alarms.own()[body.alarm] = alarms.answer(old, event, body)

    def alarm_escalated(self, event: Event, body: AlarmEscalated) -> None:
        old = self._alarms.get(body.alarm)
        if old is None:
            self._count("orphaned")
            return
        if old.state != "raised":
            self._count("late")
        self._alarms.own()[body.alarm] = alarms.escalate(old, event, body)

    def message_sent(self, event: Event, body: MessageSent) -> None:
        if self._own_messages is None:
            self._own_messages = list(self._messages)
        rows = self._own_messages
        at = bisect_left(rows, event.id, key=lambda m: m.key)
        if at < len(rows) and rows[at].key == event.id:
            return
        rows.insert(
            at,
            Message(
                event.id, event.time_ms, event.author, event.person, body.to, body.text, body.sender
            ),
        )
        if len(rows) > 2 * MAX_MESSAGES:
            del rows[:-MAX_MESSAGES]

    def position_told(self, event: Event, body: PositionJoined | PositionLeft) -> None:
        old = self._desks.get(event.author)
        if old is None and self._is_full(self._desks, MAX_DESKS):
            return
        if old is not None and event.id <= old.told_by:
            return
        self._desks.own()[event.author] = Desk(
            key=event.author,
            label=body.label,
            person=event.person,
            present=isinstance(body, PositionJoined),
            since_ms=event.time_ms,
            told_by=event.id,
        )

    # -- helpers --------------------------------------------------------------------------

    def _is_full(self, table: _Table[Any], bound: int) -> bool:
        if len(table) < bound:
            return False
        self._count("refused")
        return True

    def _new_unit(self, key: str, event_id: str) -> Unit | None:
        """A unit seen for the first time, not yet in the table."""
        if self._is_removed("unit", key, event_id) or self._is_full(self._units, MAX_UNITS):
            return None
        speaking = sorted(g for g, floor in self._floors.done().items() if floor.speaker == key)
        return msgspec.structs.replace(blank_unit(key), speaking=tuple(speaking))

    def _is_removed(self, what: str, key: str, event_id: str) -> bool:
        return len(self._removed) > 0 and (self._removed.get(f"{what}:{key}") or "") >= event_id

    def _note_removed(self, what: str, key: str, event_id: str) -> None:
        name = f"{what}:{key}"
        if (self._removed.get(name) or "") >= event_id:
            return
        removed = self._removed.own()
        removed[name] = event_id
        if len(removed) > MAX_REMOVED:
            del removed[min(removed, key=removed.__getitem__)]

    def _floor(self, talkgroup: str) -> Floor | None:
        floor = self._floors.get(talkgroup)
        if floor is not None:
            return floor
        return None if self._is_full(self._floors, MAX_FLOORS) else Floor(talkgroup)

    def _set_floor(self, old: Floor, new: Floor) -> None:
        if new is old:
            return
        self._floors.own()[new.talkgroup] = new
        for unit in {old.speaker, new.speaker} - {""}:
            self._set_speaking(unit, new.talkgroup, speaks=unit == new.speaker)

    def _set_speaking(self, key: str, talkgroup: str, *, speaks: bool) -> None:
        unit = self._units.get(key)
        if unit is None or (talkgroup in unit.speaking) == speaks:
            return
        now = {*unit.speaking, talkgroup} if speaks else {*unit.speaking} - {talkgroup}
        self._units.own()[key] = msgspec.structs.replace(unit, speaking=tuple(sorted(now)))

    def told_alone(self, _event: Event, _body: Body) -> None:
        """It stands in the log, and is no part of the picture."""

    def _raised_again(self, old: Alarm, event: Event, body: AlarmRaised) -> None:
        """Two raised under one alarm id: the older one says what it is, the answers stay."""
        self._count("duplicates")
        if event.id < old.raised.id:
            new = alarms.from_raised(event, body)
            self._alarms.own()[old.key] = msgspec.structs.replace(
                old,
                unit=new.unit,
                raised=new.raised,
                talkgroup=new.talkgroup,
                position=new.position,
                text=new.text,
                exercise=new.exercise,
            )

    def _has_room_for_alarm(self) -> bool:
        if len(self._alarms) < MAX_ALARMS:
            return True
        closed = sorted(
            (a for a in self._alarms.done().values() if a.state == "closed"),
            key=lambda a: a.raised.id,
        )
        for old in closed[:CLOSED_DROPPED]:
            del self._alarms.own()[old.key]
        return not self._is_full(self._alarms, MAX_ALARMS)

    def _count_step(self, old: Alarm, step: alarms.Step) -> None:
        if alarms.allowed(old.state, step):
            return
        if (old.state, step) in alarms.LATE:
            self._count("late")
        elif (old.state, step) == ("raised", "close"):
            self._count("illegal")
        else:
            self._count("duplicates")


def _newer_than(event_id: str, unit: Unit) -> Unit | None:
    """What a removal leaves of a unit, None = nothing."""
    if max(unit.defined_by, unit.moved_by, unit.status_by) <= event_id:
        return None
    blank = msgspec.structs.replace(blank_unit(unit.key), speaking=unit.speaking)
    parts = (
        (unit.defined_by, _DEFINED),
        (unit.moved_by, _MOVED),
        (unit.status_by, _STATUS),
    )
    kept = [name for told_by, names in parts if told_by > event_id for name in names]
    return msgspec.structs.replace(blank, **{name: getattr(unit, name) for name in kept})


_DEFINED: Final = (
    "call_sign", "unit_kind", "agency", "issi", "talkgroup", "exercise", "defined_by",
)  # fmt: skip
_MOVED: Final = ("position", "moved_ms", "moved_by")
_STATUS: Final = ("status", "status_text", "urgency", "status_ms", "status_by")

_CHANGES: Final[Mapping[type, Callable[[_Draft, Event, Any], None]]] = {
    UnitMoved: _Draft.unit_moved,
    StatusChanged: _Draft.status_changed,
    UnitDefined: _Draft.unit_defined,
    UnitRemoved: _Draft.unit_removed,
    TalkgroupDefined: _Draft.talkgroup_defined,
    TalkgroupRemoved: _Draft.talkgroup_removed,
    FloorGranted: _Draft.floor_granted,
    FloorReleased: _Draft.floor_released,
    AlarmRaised: _Draft.alarm_raised,
    AlarmAcknowledged: _Draft.alarm_answered,
    AlarmTaken: _Draft.alarm_answered,
    AlarmClosed: _Draft.alarm_answered,
    AlarmEscalated: _Draft.alarm_escalated,
    MessageSent: _Draft.message_sent,
    PositionJoined: _Draft.position_told,
    PositionLeft: _Draft.position_told,
    MemberEnrolled: _Draft.told_alone,
    MemberRevoked: _Draft.told_alone,
    CodeVoided: _Draft.told_alone,
    SignInLocked: _Draft.told_alone,
}
