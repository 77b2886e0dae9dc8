"""What the site itself says in the log.

That an alarm escalates, that those called out are reminded, that a group has lapsed, that a call
has rung in vain, that an alarm which was told twice has been answered.

Several nodes may do it at once: each of these events says the same whoever tells it, the first one
stands, and a node that has read it says it no more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from console.domain import group as groups
from console.domain import patch as patches
from console.domain.authors import SUFFIX
from console.domain.callout import missing
from console.domain.events import (
    AlarmAcknowledged,
    AlarmEscalated,
    AnyBody,
    CallEnded,
    CalloutReminded,
    Event,
    GroupEnded,
    PatchEnded,
)
from console.domain.mark import Mark
from console.domain.membership import called_out
from console.domain.same_alarm import unanswered_aliases
from console.domain.state import State, apply_all, changed_keys
from console.site.address import LinkState
from console.site.log.link import SiteLink
from console.site.services.escalation import Escalator
from console.site.services.reminders import Reminders, Ringing
from console.site.services.service import NodeContext

PROGRAM: Final = "watch"
MAX_TOLD: Final = 10_000
"""What this node has said and not read back yet; beyond it, it may say a thing again."""

Row = TypeVar("Row")


class Saying(msgspec.Struct, frozen=True):
    """``cause`` names the event that it follows from; ``person`` on whose behalf it is said."""

    body: AnyBody
    cause: str
    person: str = ""


class Watcher:
    """Pure: states and times in, what is to be said out, each once."""

    def __init__(self, escalate_s: int) -> None:
        self._escalate_s = escalate_s
        self._escalator = Escalator(escalate_s)
        self._reminders = Reminders()
        self._ringing = Ringing()
        self._told: dict[tuple[str, str], None] = {}

    def observe(self, old: State, new: State, now_s: float, now_ms: int | None) -> None:
        """``now_ms`` is None for what happens now: it counts from here, not by a sender's clock;
        only for what is from before the site's start the sender's clock has to do."""

        def aged(mark: Mark) -> float:
            return 0.0 if now_ms is None else (now_ms - mark.time_ms) / 1_000

        alarms = _changed(old.alarms, new.alarms)
        self._escalator.observe(((a, aged(a.raised)) for a in alarms), now_s)
        callouts = _changed(old.callouts, new.callouts)
        told = ((c, aged(c.reminded[-1][1] if c.reminded else c.sent)) for c in callouts)
        self._reminders.observe(told, now_s)
        calls = _changed(old.calls, new.calls)
        self._ringing.observe(((c, aged(c.offered)) for c in calls), now_s)

    def due(self, state: State, now_s: float, now_ms: int) -> list[Saying]:
        every = (
            *self._escalations(now_s),
            *self._remindings(state, now_s),
            *self._rung_out(state, now_s),
            *lapsed(state, now_ms),
            *answered_elsewhere(state),
        )
        return [saying for saying in every if self._is_new(saying)]

    def _escalations(self, now_s: float) -> Iterator[Saying]:
        for alarm in self._escalator.take_due(now_s):
            yield Saying(AlarmEscalated(alarm.key, self._escalate_s), alarm.raised.id)

    def _remindings(self, state: State, now_s: float) -> Iterator[Saying]:
        for reminder in self._reminders.take_due(now_s):
            callout = state.callouts.get(reminder.callout)
            if callout is None or callout.state != "open":
                continue
            to = missing(callout, called_out(state, callout.to))
            if to:
                body = CalloutReminded(callout.key, reminder.number, to)
                yield Saying(body, callout.sent.id)

    def _rung_out(self, state: State, now_s: float) -> Iterator[Saying]:
        for key in self._ringing.take_due(now_s):
            call = state.calls.get(key)
            if call is not None and call.state == "ringing":
                yield Saying(CallEnded(key, "no-answer"), call.offered.id)

    def _is_new(self, saying: Saying) -> bool:
        """Until it is read back the state asks for the same thing again and again."""
        key = (type(saying.body).__name__ + _number(saying.body), saying.cause)
        if key in self._told:
            return False
        self._told[key] = None
        if len(self._told) > MAX_TOLD:
            del self._told[next(iter(self._told))]
        return True


def lapsed(state: State, now_ms: int) -> Iterator[Saying]:
    """Groups and patches whose time is over."""
    for group in state.groups.values():
        if groups.has_lapsed(group, now_ms):
            yield Saying(GroupEnded(group.key, "lapsed"), group.formed.id)
    for patch in state.patches.values():
        if patches.has_lapsed(patch, now_ms):
            yield Saying(PatchEnded(patch.key, "lapsed"), patch.made.id)


def answered_elsewhere(state: State) -> Iterator[Saying]:
    """Alarms that are the same as an answered one. Whoever raised one of them waits for an answer
    to his own, and is told whose it was."""
    for alarm in state.alarms.values():
        if not alarm.aliases or alarm.answered is None:
            continue
        for key in unanswered_aliases(alarm, state.reports):
            cause = state.reports[key].raised.id
            yield Saying(AlarmAcknowledged(key), cause, person=alarm.answered.who)


class SiteWatch:
    """The watcher at work on the site's own log. ``tick`` is called by the site's main loop."""

    name = "watch"

    def __init__(self, context: NodeContext, escalate_s: int) -> None:
        self._watcher = Watcher(escalate_s)
        self._lock = threading.Lock()
        self._state = State()
        self._link = SiteLink(
            context.address,
            author=f"{context.address.identity.name}{SUFFIX}{PROGRAM}",
            spool=context.folder / "spool",
            on_events=self._on_events,
            on_state=self._on_state,
            live=False,
        )

    def start(self) -> None:
        """Raises SpoolError."""
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def tick(self) -> None:
        if not self._link.is_caught_up:
            return
        with self._lock:
            due = self._watcher.due(self._state, time.monotonic(), _now_ms())
        for saying in due:
            self._link.publish(saying.body, cause=saying.cause, person=saying.person)

    def on_members_changed(self) -> None:
        """An alarm escalates whoever is enrolled."""

    def _on_events(self, events: Sequence[Event]) -> None:
        now_ms = None if self._link.is_caught_up else _now_ms()
        with self._lock:
            old, self._state = self._state, apply_all(self._state, events)
            self._watcher.observe(old, self._state, time.monotonic(), now_ms)

    def _on_state(self, state: LinkState, sentence: str) -> None:
        """The supervisor sees for itself when the server is gone."""


def _changed(old: Mapping[str, Row], new: Mapping[str, Row]) -> Iterable[Row]:
    return [new[key] for key in changed_keys(old, new) if key in new]


def _number(body: AnyBody) -> str:
    return str(body.number) if isinstance(body, CalloutReminded) else ""


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
