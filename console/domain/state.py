"""The picture of a site, and how one event changes it: pure, idempotent, the same at every desk.

No value depends on the order in which events of different authors arrive: the newest event id
wins a field, the state of an alarm, a call-out or a call follows from the steps that have been
taken, and an event that answers another waits until that one is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from console.domain.alarm import Alarm
from console.domain.call import Call
from console.domain.callout import Callout
from console.domain.draft import Draft
from console.domain.duty import Duty
from console.domain.events import Event
from console.domain.floor import Floor
from console.domain.group import Group
from console.domain.landmark import Landmark, Pin
from console.domain.layout import SavedLayout
from console.domain.mark import Mark
from console.domain.message import Message, Receipt, StoredMessage
from console.domain.patch import Patch
from console.domain.records import Desk, Talkgroup, Unit


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
    malformed_positions: int = 0
    older_fixes: int = 0  # in newer events


class State(msgspec.Struct, frozen=True):
    """Never change a table in place: an unchanged one is shared with the state before."""

    talkgroups: Mapping[str, Talkgroup] = msgspec.field(default_factory=dict)
    units: Mapping[str, Unit] = msgspec.field(default_factory=dict)
    alarms: Mapping[str, Alarm] = msgspec.field(default_factory=dict)
    reports: Mapping[str, Alarm] = msgspec.field(default_factory=dict)
    """Alarms as each was told, those that are the same as an older one among them."""
    floors: Mapping[str, Floor] = msgspec.field(default_factory=dict)
    messages: tuple[Message, ...] = ()  # oldest first
    receipts: Mapping[str, tuple[Receipt, ...]] = msgspec.field(default_factory=dict)
    stored: Mapping[str, StoredMessage] = msgspec.field(default_factory=dict)
    callouts: Mapping[str, Callout] = msgspec.field(default_factory=dict)
    groups: Mapping[str, Group] = msgspec.field(default_factory=dict)
    patches: Mapping[str, Patch] = msgspec.field(default_factory=dict)
    calls: Mapping[str, Call] = msgspec.field(default_factory=dict)
    duties: Mapping[str, Duty] = msgspec.field(default_factory=dict)
    desks: Mapping[str, Desk] = msgspec.field(default_factory=dict)
    layouts: Mapping[str, SavedLayout] = msgspec.field(default_factory=dict)
    landmarks: Mapping[str, Landmark] = msgspec.field(default_factory=dict)
    pins: Mapping[str, Pin] = msgspec.field(default_factory=dict)
    floods: Mapping[str, Mark] = msgspec.field(default_factory=dict)
    """By member: when the site last said that it asks too much, and of which service; for the
    diagnostics, no part of the picture."""
    removed: Mapping[str, str] = msgspec.field(default_factory=dict)  # "unit:ID" -> event id
    seen: Mapping[str, None] = msgspec.field(default_factory=dict)
    forgotten: str = ""  # the newest id that ``seen`` has dropped
    waiting: Mapping[str, tuple[Event, ...]] = msgspec.field(default_factory=dict)
    counts: Counts = Counts()

    def picture(self) -> tuple[object, ...]:
        """What two desks must agree on."""
        return (
            self.talkgroups, self.units, self.alarms, self.floors, self.messages, self.receipts,
            self.stored, self.callouts, self.groups, self.patches, self.calls, self.duties,
            self.desks, self.layouts, self.landmarks, self.pins,
        )  # fmt: skip

    @property
    def waiting_count(self) -> int:
        return sum(len(events) for events in self.waiting.values())


def apply(state: State, event: Event) -> State:
    return apply_all(state, (event,))


def apply_all(state: State, events: Iterable[Event]) -> State:
    """Apply a batch. Each table that changes is copied once for the whole batch."""
    draft = Draft(state)
    for event in events:
        draft.take(event)
    changes, counted = draft.done()
    old = state.counts
    counts = {name: getattr(old, name) + more for name, more in counted.items()}
    return msgspec.structs.replace(state, counts=msgspec.structs.replace(old, **counts), **changes)


def changed_keys(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """Which rows of a table were added, changed or removed between two states."""
    if old is new:
        return ()
    changed = [key for key, row in new.items() if old.get(key) is not row]
    changed += [key for key in old if key not in new]
    return tuple(changed)
