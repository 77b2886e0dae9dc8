"""The same alarm by two ways (a gateway at the radio net and one over IP) is one alarm.

A function of the set of events, so that every desk agrees: of the alarms of one unit, in the
order of their ids, each joins the oldest one that

- began at most :data:`WINDOW_MS` before it, by the times in the two ids,
- was not closed before it was raised, and
- has not been told by its author yet: who raises two alarms means two,

and is in an exercise if it is. The older one is the alarm. What is said of the other counts for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from console.domain.alarm import MAX_NOTES, MAX_SENT, MAX_VOICES, Alarm, with_state
from console.domain.mark import first, id_ms, last, together

WINDOW_MS: Final = 60_000
MAX_COMPARED: Final = 32
"""So many of a unit's alarms before an alarm are asked whether they are the same."""


def joined(reports: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """The alarms of one unit, each as it was told, made into those there are."""
    in_order = sorted(reports, key=lambda a: a.raised.id)
    if len({report.raised.author for report in in_order}) <= 1:
        return tuple(in_order)
    alarms: list[Alarm] = []
    for report in in_order:
        start = max(0, len(alarms) - MAX_COMPARED)
        same = [n for n in range(start, len(alarms)) if _is_same(alarms[n], report)]
        if same:
            alarms[same[0]] = _merged(alarms[same[0]], report)
        else:
            alarms.append(report)
    return tuple(alarms)


def unanswered_aliases(alarm: Alarm, reports: Mapping[str, Alarm]) -> tuple[str, ...]:
    """The ids whose senders still wait to hear what was answered under another one."""
    if alarm.answered is None:
        return ()
    known = (alarm.key, *alarm.aliases)
    return tuple(key for key in known if key in reports and reports[key].answered is None)


def _is_same(alarm: Alarm, report: Alarm) -> bool:
    if report.raised.author in alarm.ways or report.exercise != alarm.exercise:
        return False
    if alarm.state == "closed" and alarm.closed and alarm.closed.id < report.raised.id:
        return False
    return id_ms(report.raised.id) - id_ms(alarm.raised.id) <= WINDOW_MS


def _merged(alarm: Alarm, other: Alarm) -> Alarm:
    """``alarm`` is the older. What it doesn't know is taken from the other."""
    closed = first(alarm.closed, other.closed)
    escalated = first(alarm.escalated, other.escalated)
    merged = msgspec.structs.replace(
        alarm,
        talkgroup=alarm.talkgroup or other.talkgroup,
        position=alarm.position or other.position,
        text=alarm.text or other.text,
        acknowledged=first(alarm.acknowledged, other.acknowledged),
        taken=last(alarm.taken, other.taken),
        closed=closed,
        reason=alarm.reason if closed is alarm.closed else other.reason,
        escalated=escalated,
        escalated_after_s=(alarm if escalated is alarm.escalated else other).escalated_after_s,
        notes=together(alarm.notes, other.notes, MAX_NOTES),
        sent=together(alarm.sent, other.sent, MAX_SENT),
        voices=together(alarm.voices, other.voices, MAX_VOICES),
        ways=(*alarm.ways, *other.ways),
        aliases=(*alarm.aliases, other.key),
    )
    return with_state(merged)
