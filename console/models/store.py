"""The desk's copy of the site's truth: batches of events in, what changed out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from console.domain.events import Event
from console.domain.expiry import KeepMs, expire
from console.domain.state import State, apply, apply_all, changed_keys

log = logging.getLogger(__name__)


class Done(Protocol):
    """Something that somebody did: an event, a mark, a message."""

    @property
    def person(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def unconfirmed(self) -> bool: ...


class SiteStore(QObject):
    """Lives on the Qt thread. Each signal carries the keys that differ."""

    talkgroups_changed = Signal(tuple)
    units_changed = Signal(tuple)
    alarms_changed = Signal(tuple)
    floors_changed = Signal(tuple)
    calls_changed = Signal(tuple)
    callouts_changed = Signal(tuple)
    groups_changed = Signal(tuple)  # those that were formed
    layouts_changed = Signal(tuple)
    landmarks_changed = Signal(tuple)
    pins_changed = Signal(tuple)
    applied = Signal(tuple)  # the events, for the log
    expired = Signal(object, object)  # now_ms, KeepMs: what is older is to be forgotten
    retold = Signal()  # the site's log is read once more, from its beginning

    def __init__(
        self, parent: QObject | None = None, *, wall_s: Callable[[], float] = time.time
    ) -> None:
        super().__init__(parent)
        self._wall_s = wall_s
        self._fixed: dict[str, tuple[str, float]] = {}  # by which event, and when at the latest
        self.state = State()
        self.failed = 0  # events that could not be applied

    def apply(self, events: Sequence[Event]) -> None:
        self._become(self._after(events))
        self.applied.emit(tuple(events))

    def expire(self, now_ms: int, keep_ms: KeepMs) -> None:
        """Forget what the site's log has let go of."""
        self._become(expire(self.state, now_ms, keep_ms))
        self.expired.emit(now_ms, keep_ms)

    def _become(self, new: State) -> None:
        old, self.state = self.state, new
        self._note_fixed(changed_keys(old.units, new.units))
        for before, after, signal in (
            (old.talkgroups, new.talkgroups, self.talkgroups_changed),
            (old.alarms, new.alarms, self.alarms_changed),
            (old.floors, new.floors, self.floors_changed),
            (old.calls, new.calls, self.calls_changed),
            (old.callouts, new.callouts, self.callouts_changed),
            (old.groups, new.groups, self.groups_changed),
            (old.layouts, new.layouts, self.layouts_changed),
            (old.landmarks, new.landmarks, self.landmarks_changed),
            (old.pins, new.pins, self.pins_changed),
            (old.units, new.units, self.units_changed),
        ):
            keys = changed_keys(before, after)
            if keys:
                signal.emit(keys)

    def _note_fixed(self, keys: Iterable[str]) -> None:
        """A fix is no later than its coming here, whatever another machine's clock says: its age
        is never below nothing, nor held at nothing until our clock has caught up with that one."""
        now_s = self._wall_s()
        for key in keys:
            unit = self.state.units.get(key)
            if unit is None or unit.position is None:
                self._fixed.pop(key, None)
            elif self._fixed.get(key, ("", 0.0))[0] != unit.moved_by:
                fixed_s = (unit.position.fixed_ms or unit.moved_ms) / 1_000
                self._fixed[key] = unit.moved_by, min(fixed_s, now_s)

    def fixed_s(self, unit: str) -> float | None:
        """When it was where it is said to be, by this machine's clock, unix seconds; None: it is
        nowhere."""
        known = self._fixed.get(unit)
        return None if known is None else known[1]

    def _after(self, events: Sequence[Event]) -> State:
        """One event that can't be applied must not take an alarm beside it along."""
        try:
            return apply_all(self.state, events)
        except Exception:
            log.exception("a batch of events could not be applied; trying them one by one")
        state = self.state
        for event in events:
            try:
                state = apply(state, event)
            except Exception:
                self.failed += 1
                log.exception("event %s was left out", event.id)
        return state

    def tell_again(self) -> None:
        """The log is about to be read from its beginning. What is known stays meanwhile: an event
        that comes again changes nothing, and an alarm must not go out while it is read."""
        self.retold.emit()

    def call_sign(self, unit: str) -> str:
        """Of a desk that has the floor, or an alarm of its own: what it is called."""
        known, desk = self.state.units.get(unit), self.state.desks.get(unit)
        return known.call_sign if known else desk.label if desk else unit

    def name(self, key: str) -> str:
        """A talkgroup, desk or unit as people call it."""
        if key in self.state.talkgroups:
            return self.talkgroup_name(key)
        desk = self.state.desks.get(key)
        return desk.label if desk else self.call_sign(key)

    def names(self, keys: Iterable[str]) -> str:
        return ", ".join(map(self.name, keys))

    def talkgroup_name(self, talkgroup: str) -> str:
        known = self.state.talkgroups.get(talkgroup)
        return known.name if known else talkgroup

    def who(self, done: Done) -> str:
        """Who did something: the person, else the desk's name, else its id."""
        return done.person or self.desk_name(done.author)

    def marked(self, done: Done) -> str:
        """The same, and that nobody has confirmed who it was."""
        if not done.unconfirmed:
            return self.who(done)
        return QCoreApplication.translate("Store", "{0} (not confirmed)").format(self.who(done))

    def desk_name(self, author: str) -> str:
        desk = self.state.desks.get(author)
        if desk is not None:
            return desk.label
        if author.startswith("node-"):  # what it says by itself: reminders, escalation, lapsing
            return QCoreApplication.translate("Store", "The site")
        if author.startswith("exercise-"):
            return QCoreApplication.translate("Store", "The exercise")
        return author
