"""The same alarm by two ways (a gateway at the radio net and one over IP) is one alarm.

A function of the set of events, so that every desk agrees: of the alarms of one unit, in the
order of their ids, each joins the oldest one that

- began at most :data:`WINDOW_MS` before it, by the times in the two ids,
- was not closed before it was raised (also if that was taken back later), and
- has not been told by its author yet: who raises two alarms means two,

and is in an exercise if it is. The older one is the alarm. What is said of the other counts for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

import msgspec

from console.domain.alarm import (
    MAX_CLOSES,
    MAX_NOTES,
    MAX_SENT,
    MAX_VOICES,
    Alarm,
    with_state,
)
from console.domain.mark import first, id_ms, last, together

WINDOW_MS: Final = 60_000
MAX_COMPARED: Final = 8
"""So many of a unit's alarms before an alarm are asked whether they are the same."""


@dataclass(slots=True)
class Told:
    """One alarm in the making: how it was told, by whom, and what decides whether it is over."""

    reports: list[Alarm]
    ways: set[str]
    begun_ms: int
    is_answered: bool = False
    closed: str = ""  # the id of the first close

    def add(self, report: Alarm) -> None:
        self.reports.append(report)
        self.ways.add(report.raised.author)
        self.is_answered |= report.answered is not None
        for close in report.closes:
            self.closed = min(self.closed or close.id, close.id)

    def is_told_again_by(self, report: Alarm, report_ms: int) -> bool:
        if report.raised.author in self.ways or report_ms - self.begun_ms > WINDOW_MS:
            return False
        is_over = self.is_answered and self.closed and self.closed < report.raised.id
        return not is_over and report.exercise == self.reports[0].exercise


def gathered(reports: Iterable[Alarm]) -> list[list[Alarm]]:
    """The reports of one unit's alarms, those of the same alarm together, the oldest first."""
    alarms: list[Told] = []
    for report in sorted(reports, key=lambda a: a.raised.id):
        at_ms = id_ms(report.raised.id)
        recent = alarms[-MAX_COMPARED:]
        same = next((told for told in recent if told.is_told_again_by(report, at_ms)), None)
        if same is None:
            same = Told([], set(), at_ms)
            alarms.append(same)
        same.add(report)
    return [told.reports for told in alarms]


def merged(reports: Iterable[Alarm]) -> Alarm:
    """What :func:`gathered` put together as the one alarm that it is."""
    return reduce(_merged, reports)


def unanswered_aliases(alarm: Alarm, reports: Mapping[str, Alarm]) -> tuple[str, ...]:
    """The ids whose senders still wait to hear what was answered under another one."""
    if alarm.answered is None:
        return ()
    known = (alarm.key, *alarm.aliases)
    return tuple(key for key in known if key in reports and reports[key].answered is None)


def _merged(alarm: Alarm, other: Alarm) -> Alarm:
    """``alarm`` is the older. What it doesn't know is taken from the other."""
    escalated = first(alarm.escalated, other.escalated)
    merged = msgspec.structs.replace(
        alarm,
        talkgroup=alarm.talkgroup or other.talkgroup,
        position=alarm.position or other.position,
        text=alarm.text or other.text,
        acknowledged=first(alarm.acknowledged, other.acknowledged),
        taken=last(alarm.taken, other.taken),
        closes=together(alarm.closes, other.closes, MAX_CLOSES),
        reopened=together(alarm.reopened, other.reopened, MAX_CLOSES),
        escalated=escalated,
        escalated_after_s=(alarm if escalated is alarm.escalated else other).escalated_after_s,
        notes=together(alarm.notes, other.notes, MAX_NOTES),
        sent=together(alarm.sent, other.sent, MAX_SENT),
        voices=together(alarm.voices, other.voices, MAX_VOICES),
        ways=(*alarm.ways, *other.ways),
        aliases=(*alarm.aliases, other.key),
    )
    return with_state(merged)
