"""A state under change: in which order events take effect, which wait, which are known already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from console.domain import bounds, exercise_rule
from console.domain.changes import CHANGES
from console.domain.changes.alarms import join_alarms
from console.domain.events import (
    LIVE,
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    CallAnswered,
    CallEnded,
    CallOffered,
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    DutyEnded,
    DutySet,
    Event,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    PatchEnded,
    PatchMade,
)
from console.domain.tables import Messages, Row, Table

if TYPE_CHECKING:
    from console.domain.state import State

MAKES: Final[Mapping[type, str]] = {
    AlarmRaised: "alarm",
    CalloutSent: "callout",
    GroupFormed: "group",
    PatchMade: "patch",
    CallOffered: "call",
    DutySet: "duty",
}
"""Kinds that begin something, and the field that names it."""

NEEDS: Final[Mapping[type, str]] = {
    **dict.fromkeys(
        (
            AlarmAcknowledged,
            AlarmTaken,
            AlarmNoted,
            AlarmUnitsSent,
            AlarmClosed,
            AlarmReopened,
            AlarmEscalated,
            AlarmVoiceKept,
        ),
        "alarm",
    ),
    **dict.fromkeys((CalloutAnswered, CalloutReminded, CalloutEnded), "callout"),
    **dict.fromkeys((GroupMemberAdded, GroupMemberRemoved, GroupEnded), "group"),
    PatchEnded: "patch",
    **dict.fromkeys((CallAnswered, CallEnded), "call"),
    DutyEnded: "duty",
}
"""Kinds that wait for what they are about, and the field that names it."""


class Draft:
    """Private to one call of :func:`console.domain.state.apply_all`; changed by the functions of
    :mod:`console.domain.changes`."""

    def __init__(self, state: State) -> None:
        self.talkgroups = Table(state.talkgroups)
        self.units = Table(state.units)
        self.alarms = Table(state.alarms)
        self.reports = Table(state.reports)
        self.floors = Table(state.floors)
        self.messages = Messages(state.messages, bounds.MAX_MESSAGES)
        self.receipts = Table(state.receipts)
        self.stored = Table(state.stored)
        self.callouts = Table(state.callouts)
        self.groups = Table(state.groups)
        self.patches = Table(state.patches)
        self.calls = Table(state.calls)
        self.duties = Table(state.duties)
        self.desks = Table(state.desks)
        self.layouts = Table(state.layouts)
        self.landmarks = Table(state.landmarks)
        self.pins = Table(state.pins)
        self.floods = Table(state.floods)
        self.removed = Table(state.removed)
        self.alarmed: defaultdict[str, set[str]] = defaultdict(set)
        """Units whose alarms are to be joined anew, and which of them have changed."""
        self._seen = Table(state.seen)
        self._waiting = Table(state.waiting)
        self._waiting_count = state.waiting_count
        self._forgotten = state.forgotten
        self._counts: Counter[str] = Counter()
        self._begun: Mapping[str, Table[Any]] = {
            "alarm": self.reports,
            "callout": self.callouts,
            "group": self.groups,
            "patch": self.patches,
            "call": self.calls,
            "duty": self.duties,
        }

    def done(self) -> tuple[dict[str, object], Mapping[str, int]]:
        """What has changed, by its name in the state, and what was counted."""
        join_alarms(self)
        changes: dict[str, object] = {
            name: table.done() for name, table in self._tables() if table.is_changed
        }
        changes["forgotten"] = self._forgotten
        return changes, self._counts

    def _tables(self) -> Iterator[tuple[str, Table[Any] | Messages]]:
        yield from ((name, getattr(self, name)) for name in _TABLES)
        yield from (("seen", self._seen), ("waiting", self._waiting))

    def take(self, event: Event) -> None:
        """Apply one event, and then whatever had waited for it."""
        if isinstance(event.body, LIVE):
            self._change(event)
            return
        ready = [event]
        while ready:
            ready.extend(self._take_durable(ready.pop()))

    # -- for those who change it ----------------------------------------------------------

    def count(self, what: str) -> None:
        """``what`` is a field of Counts."""
        self._counts[what] += 1

    def is_full(self, table: Table[Any], bound: int) -> bool:
        if len(table) < bound:
            return False
        self.count("refused")
        return True

    def make_room(
        self, table: Table[Row], bound: int, is_over: Callable[[Row], bool], age: str
    ) -> bool:
        """Let rows go that are over, the oldest first. False: there are none, and it is full.
        ``age`` names the attribute that orders them."""
        if len(table) >= bound:
            over = [(key, row) for key, row in table.done().items() if is_over(row)]
            over.sort(key=lambda item: attrgetter(age)(item[1]))
            self.drop(table, (key for key, _ in over[: bounds.ENDED_DROPPED]))
        return not self.is_full(table, bound)

    def drop(self, table: Table[Any], keys: Iterable[str]) -> None:
        for key in tuple(keys):
            table.own().pop(key, None)

    def is_removed(self, what: str, key: str, event_id: str) -> bool:
        return len(self.removed) > 0 and (self.removed.get(f"{what}:{key}") or "") >= event_id

    def note_removed(self, what: str, key: str, event_id: str) -> None:
        name = f"{what}:{key}"
        if (self.removed.get(name) or "") >= event_id:
            return
        removed = self.removed.own()
        removed[name] = event_id
        if len(removed) > bounds.MAX_REMOVED:
            del removed[min(removed, key=removed.__getitem__)]

    # -- in what order --------------------------------------------------------------------

    def _change(self, event: Event) -> None:
        if event.exercise:
            self._change_exercise(event)
            return
        CHANGES[type(event.body)](self, event, event.body)
        self.count("applied")

    def _change_exercise(self, event: Event) -> None:
        if exercise_rule.touches_real(self, event.body):
            self.count("refused")
            return
        CHANGES[type(event.body)](self, exercise_rule.behind(event), event.body)
        exercise_rule.mark_made(self, event.body)
        self.count("applied")

    def _take_durable(self, event: Event) -> tuple[Event, ...]:
        if event.id in self._seen:
            self.count("duplicates")
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
        what = NEEDS.get(type(body))
        if what is None or getattr(body, what) in self._begun[what]:
            return None
        return f"{what}:{getattr(body, what)}"

    def _arrived(self, cause: str) -> bool:
        return cause in self._seen or cause <= self._forgotten

    def _hold(self, awaited: str, event: Event) -> None:
        held = self._waiting.get(awaited) or ()
        if any(e.id == event.id for e in held):
            self.count("duplicates")
            return
        if self._waiting_count >= bounds.MAX_WAITING:
            self._apply_longest_held()
            held = self._waiting.get(awaited) or ()
        self._waiting.own()[awaited] = (*held, event)
        self._waiting_count += 1
        self.count("held")

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
        self.count("overdue")
        self._change(held[0])

    def _freed(self, event: Event) -> tuple[Event, ...]:
        freed = self._let_go(event.id)
        what = MAKES.get(type(event.body))
        if what is not None:
            freed += self._let_go(f"{what}:{getattr(event.body, what)}")
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
        if len(seen) > bounds.MAX_SEEN:
            oldest = next(iter(seen))
            del seen[oldest]
            self._forgotten = max(self._forgotten, oldest)


_TABLES: Final = (
    "talkgroups", "units", "alarms", "reports", "floors", "messages", "receipts", "stored",
    "callouts", "groups", "patches", "calls", "duties", "desks", "layouts",
    "landmarks", "pins", "floods", "removed",
)  # fmt: skip
