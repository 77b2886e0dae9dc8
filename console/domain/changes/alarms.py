"""Safety alarms: what is said of each id, and which ids are one alarm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from console.domain import alarm, bounds
from console.domain.alarm import Alarm
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    Event,
)
from console.domain.same_alarm import gathered, merged

if TYPE_CHECKING:
    from console.domain.draft import Draft


def alarm_raised(draft: Draft, event: Event, body: AlarmRaised) -> None:
    old = draft.reports.get(body.alarm)
    if old is not None:
        _raised_again(draft, old, event, body)
    elif _has_room(draft):
        _set(draft, alarm.from_raised(event, body))


def alarm_answered(draft: Draft, event: Event, body: alarm.Answer) -> None:
    old = draft.reports.get(body.alarm)
    if old is None:
        draft.count("orphaned")
        return
    _count_step(draft, old, alarm.STEPS[type(body)])
    _set(draft, alarm.answer(old, event, body))


def alarm_escalated(draft: Draft, event: Event, body: AlarmEscalated) -> None:
    old = draft.reports.get(body.alarm)
    if old is None:
        draft.count("orphaned")
        return
    if old.state != "raised":
        draft.count("late")
    elif old.escalated is not None:
        draft.count("duplicates")
    _set(draft, alarm.escalate(old, event, body))


def voice_kept(draft: Draft, event: Event, body: AlarmVoiceKept) -> None:
    old = draft.reports.get(body.alarm)
    if old is None:
        draft.count("orphaned")
        return
    _set(draft, alarm.keep_voice(old, event, body))


def join_alarms(draft: Draft) -> None:
    """Once for a batch: the alarms there are, made of what was told of the units in question."""
    if not draft.alarmed:
        return
    told: defaultdict[str, list[Alarm]] = defaultdict(list)
    for report in draft.reports.done().values():
        if report.unit in draft.alarmed:
            told[report.unit].append(report)
    left = {row.key for row in draft.alarms.done().values() if row.unit in draft.alarmed}
    for unit, reports in told.items():
        for same in gathered(reports):
            key = same[0].key
            left.discard(key)
            if not _is_known(draft.alarms.get(key), same, draft.alarmed[unit]):
                draft.alarms.set(key, merged(same))
    draft.drop(draft.alarms, left)
    draft.alarmed.clear()


def _is_known(row: Alarm | None, same: list[Alarm], changed: set[str]) -> bool:
    """Nothing was said of any of them since the row was made of the same ones."""
    keys = [report.key for report in same]
    return row is not None and [row.key, *row.aliases] == keys and changed.isdisjoint(keys)


def _set(draft: Draft, report: Alarm) -> None:
    draft.reports.set(report.key, report)
    draft.alarmed[report.unit].add(report.key)


def _raised_again(draft: Draft, old: Alarm, event: Event, body: AlarmRaised) -> None:
    """Two raised under one alarm id: the older one says what it is, the answers stay."""
    draft.count("duplicates")
    if event.id < old.raised.id:
        new = alarm.from_raised(event, body)
        draft.alarmed[old.unit].add(old.key)
        _set(
            draft,
            msgspec.structs.replace(
                old,
                unit=new.unit,
                raised=new.raised,
                talkgroup=new.talkgroup,
                position=new.position,
                text=new.text,
                exercise=new.exercise,
                ways=new.ways,
            ),
        )


def _has_room(draft: Draft) -> bool:
    """An alarm goes with all its ids: one of them alone would look as if it was raised now."""
    if len(draft.reports) >= bounds.MAX_ALARMS:
        join_alarms(draft)
        closed = [a for a in draft.alarms.done().values() if a.state == "closed"]
        closed.sort(key=lambda a: a.raised.id)
        for old in closed[: bounds.ENDED_DROPPED]:
            draft.drop(draft.reports, (old.key, *old.aliases))
            draft.drop(draft.alarms, (old.key,))
    return not draft.is_full(draft.reports, bounds.MAX_ALARMS)


def _count_step(draft: Draft, old: Alarm, step: alarm.Step) -> None:
    if alarm.allowed(old.state, step):
        return
    if (old.state, step) in alarm.LATE:
        draft.count("late")
    elif (old.state, step) == ("raised", "close"):
        draft.count("illegal")
    else:
        draft.count("duplicates")


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    AlarmRaised: alarm_raised,
    AlarmAcknowledged: alarm_answered,
    AlarmTaken: alarm_answered,
    AlarmNoted: alarm_answered,
    AlarmUnitsSent: alarm_answered,
    AlarmClosed: alarm_answered,
    AlarmReopened: alarm_answered,
    AlarmEscalated: alarm_escalated,
    AlarmVoiceKept: voice_kept,
}
