"""The desk's copy of the site's truth: batches of events in, what changed out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from console.domain.events import Event
from console.domain.state import State, apply_all, changed_keys


class SiteStore(QObject):
    """Lives on the Qt thread. Each signal carries the keys that differ."""

    talkgroups_changed = Signal(tuple)
    units_changed = Signal(tuple)
    alarms_changed = Signal(tuple)
    floors_changed = Signal(tuple)
    applied = Signal(tuple)  # the events, for the log
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State()

    def apply(self, events: Sequence[Event]) -> None:
        old, self.state = self.state, apply_all(self.state, events)
        new = self.state
        for before, after, signal in (
            (old.talkgroups, new.talkgroups, self.talkgroups_changed),
            (old.alarms, new.alarms, self.alarms_changed),
            (old.floors, new.floors, self.floors_changed),
            (old.units, new.units, self.units_changed),
        ):
            keys = changed_keys(before, after)
            if keys:
                signal.emit(keys)
        self.applied.emit(tuple(events))

    def clear(self) -> None:
        """Start over: the log is read again from its beginning."""
        self.state = State()
        self.cleared.emit()

    def call_sign(self, unit: str) -> str:
        known = self.state.units.get(unit)
        return known.call_sign if known else unit

    def talkgroup_name(self, talkgroup: str) -> str:
        known = self.state.talkgroups.get(talkgroup)
        return known.name if known else talkgroup

    def person_or_desk(self, person: str, author: str) -> str:
        """Who did something: the person, else the desk's name, else its id."""
        desk = self.state.desks.get(author)
        return person or (desk.label if desk else author)
