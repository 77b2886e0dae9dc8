"""Safety alarms as the panel is given them, with our own answers shown while they travel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from console.domain import fixes
from console.domain.alarm import Alarm, Step
from console.domain.events import Position
from console.domain.helping import sent_to
from console.domain.mark import Mark, id_ms
from console.domain.state import State
from console.models.store import SiteStore
from resources.map.places import NearestPlace, nearest_place
from widgets.compass import compass_words
from widgets.contracts.rows import AlarmRow

MAX_PLACES: Final = 4_096
KEPT_BEFORE_S: Final = 30.0
KEPT_S: Final = 60.0
"""Around an alarm, in which what its unit's open microphone says is kept with it."""
UNDO_S: Final = 60.0
"""So long after a close that was made here it is taken back by one key."""

DONE_BY: Final[dict[Step, str]] = {
    "acknowledge": "acknowledged",
    "take": "taken",
    "close": "closed",
    "reopen": "reopened",
}


def sounds_here(alarm: Alarm, member: str) -> bool:
    """Nobody has answered. Who has raised it at this very desk may not want to be heard to; what
    others have left unanswered for long is heard here all the same."""
    is_silent = is_own(alarm, member) and alarm.escalated is None
    return alarm.state == "raised" and not is_silent


def is_own(alarm: Alarm, member: str) -> bool:
    """Whether it is this desk's own: of a unit that happens to be called like it, it is not."""
    return bool(member) and member == alarm.unit and member in alarm.ways


class AlarmModel(QObject):
    """Open alarms."""

    changed = Signal(tuple)
    reset = Signal()

    def __init__(
        self,
        store: SiteStore,
        parent: QObject | None = None,
        *,
        member: Callable[[], str] = lambda: "",
    ) -> None:
        """``member``: as whom this desk is at its site."""
        super().__init__(parent)
        self._store = store
        self._member = member
        self._pending: dict[str, tuple[Step, str]] = {}  # and the mark there was before
        store.alarms_changed.connect(self._changed)
        store.units_changed.connect(self._units_changed)
        store.callouts_changed.connect(self._callouts_changed)

    @property
    def unacknowledged(self) -> int:
        """Those that sound here."""
        alarms = self._store.state.alarms.values()
        return sum(sounds_here(one, self._member()) for one in alarms)

    def keys(self) -> Sequence[str]:
        """Unacknowledged first, then newest first."""
        open_ones = [a for a in self._store.state.alarms.values() if a.state != "closed"]
        open_ones.sort(key=lambda a: _when(a.raised), reverse=True)
        open_ones.sort(key=lambda a: a.state != "raised")
        return tuple(a.key for a in open_ones)

    def row(self, key: str) -> AlarmRow:
        """Raises KeyError for an unknown alarm."""
        alarm = self._store.state.alarms[key]
        answered, closed, store = alarm.answered, alarm.closed, self._store
        back = alarm.reopened[-1] if alarm.reopened else None
        at = alarm_position(store.state, alarm)
        return AlarmRow(
            key=key,
            unit=alarm.unit,
            call_sign=store.call_sign(alarm.unit),
            talkgroup=store.talkgroup_name(alarm.talkgroup) if alarm.talkgroup else "",
            state=alarm.state,
            raised_s=alarm.raised.time_ms / 1000,
            came_s=alarm.raised.received_ms / 1_000 or None,
            clock_wrong=_is_clock_wrong(alarm.raised),
            acknowledged_by=(store.who(answered) if answered else ""),
            acknowledged_s=answered.time_ms / 1000 if answered else None,
            owner=store.who(alarm.taken) if alarm.taken else "",
            place=place_in_words(at.lat, at.lon) if at else "",
            lat=at.lat if at else None,
            lon=at.lon if at else None,
            accuracy_m=at.accuracy_m if at else 0.0,
            fixed_s=self._fixed_s(alarm, at),
            text=alarm.text,
            sent=", ".join(self._sent(alarm)),
            note=alarm.notes[-1].text if alarm.notes else "",
            unconfirmed=_is_doubtful(alarm),
            own=is_own(alarm, self._member()),
            mine=alarm.taken is not None and alarm.taken.author == self._member(),
            pending=self._pending[key][0] if key in self._pending else "",
            escalated=alarm.escalated is not None and alarm.state == "raised",
            exercise=alarm.exercise,
            voice=self._voice(alarm),
            voice_at=store.desk_name(alarm.voices[-1].author) if alarm.voices else "",
            recorded_until_s=alarm.raised.time_ms / 1_000 + KEPT_S if alarm.talkgroup else None,
            closed_s=closed.time_ms / 1_000 if closed else None,
            reason=alarm.reason,
            reopened_by=store.who(back) if back else "",
            reopened_s=back.time_ms / 1_000 if back else None,
        )

    def just_closed(self, now_s: float) -> AlarmRow | None:
        """The last that was closed at this desk, as long as that is easily taken back."""
        ours = [
            (alarm.closed.time_ms, alarm.key)
            for alarm in self._store.state.alarms.values()
            if alarm.state == "closed"
            and alarm.closed is not None
            and alarm.closed.author == self._member()
            and 0 <= now_s - alarm.closed.time_ms / 1_000 < UNDO_S
            and not self.is_pending(alarm.key)
        ]
        return self.row(max(ours)[1]) if ours else None

    def _fixed_s(self, alarm: Alarm, at: Position | None) -> float | None:
        """When it was there, and no later than it was told."""
        if at is None or not at.fixed_ms:
            return None
        unit = self._store.state.units.get(alarm.unit)
        if unit is not None and at is unit.position:
            return self._store.fixed_s(unit.key)
        return min(at.fixed_ms, alarm.raised.time_ms) / 1_000

    def _voice(self, alarm: Alarm) -> Literal["", "here", "elsewhere"]:
        if not alarm.voices:
            return ""
        is_here = any(voice.author == self._member() for voice in alarm.voices)
        return "here" if is_here else "elsewhere"

    def mark_pending(self, key: str, step: Step) -> None:
        """An answer of ours is on its way; shown until the site's own word is back."""
        self._pending[key] = (step, _mark_id(self._store.state.alarms.get(key), step))
        self.changed.emit((key,))

    def is_pending(self, key: str) -> bool:
        return key in self._pending

    def retranslate(self) -> None:
        """Places are told in the screen's language."""
        self.changed.emit(tuple(self.keys()))

    def _sent(self, alarm: Alarm) -> Iterator[str]:
        """Each once, in the order in which they were sent."""
        units = sent_to(self._store.state, alarm)
        return (self._store.call_sign(unit) for unit in units)

    def _changed(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._settle(key)
        self.changed.emit(keys)

    def _settle(self, key: str) -> None:
        """Our answer is no longer pending once the site has it (or an alarm has gone)."""
        if key not in self._pending:
            return
        step, before = self._pending[key]
        alarm = self._store.state.alarms.get(key)
        if alarm is None or _mark_id(alarm, step) != before:
            del self._pending[key]

    def _units_changed(self, keys: tuple[str, ...]) -> None:
        moved = set(keys)
        alarms = self._store.state.alarms.values()
        touched = tuple(a.key for a in alarms if a.state != "closed" and a.unit in moved)
        if touched:
            self.changed.emit(touched)

    def _callouts_changed(self, keys: tuple[str, ...]) -> None:
        """Help that is called off is not sent any more."""
        changed = set(keys)
        alarms = self._store.state.alarms.values()
        touched = tuple(a.key for a in alarms if any(one.callout in changed for one in a.sent))
        if touched:
            self.changed.emit(touched)


def alarm_position(state: State, alarm: Alarm) -> Position | None:
    """The unit's own, unless the alarm brought a newer one that may be believed: an alarm is let
    in whatever it says of its place."""
    unit, told = state.units.get(alarm.unit), alarm.position
    if told is not None and not fixes.is_believable(told, alarm.raised.time_ms):
        told = None
    at = unit.position if unit is not None else None
    if at is None or told is None:
        return at or told
    return told if told.fixed_ms > at.fixed_ms > 0 else at


def _is_doubtful(alarm: Alarm) -> bool:
    """Of the one whose name stands on it: who has taken it, else who has answered it."""
    mark = alarm.taken if alarm.state == "in-progress" else alarm.answered
    return mark is not None and mark.unconfirmed


def _mark_id(alarm: Alarm | None, step: Step) -> str:
    """The event that did the step last, "" = none has."""
    mark = getattr(alarm, DONE_BY[step], None)
    if isinstance(mark, tuple):
        mark = mark[-1] if mark else None
    return mark.id if mark is not None else ""


@lru_cache(MAX_PLACES)
def _nearest(lat: float, lon: float) -> NearestPlace | None:
    """The search goes through all of Norway, and rows are made anew at every change."""
    return nearest_place(lat, lon)


def place_in_words(lat: float, lon: float) -> str:
    """For example "2 km NE of Horten", in the screen's language."""
    place = _nearest(round(lat, 4), round(lon, 4))  # 11 m
    if place is None:
        return ""
    if place.distance_km < 1.0:
        return QCoreApplication.translate("Place", "in {0}").format(place.name)
    return QCoreApplication.translate("Place", "{0} km {1} of {2}").format(
        round(place.distance_km), compass_words(45.0 * place.bearing), place.name
    )


def _is_clock_wrong(mark: Mark) -> bool:
    return bool(mark.received_ms) and mark.received_ms == mark.time_ms


def _when(mark: Mark) -> tuple[int, str]:
    """By the id's time, which knows what came before it however clocks differ; by when it came
    where that can't be true."""
    return mark.time_ms if _is_clock_wrong(mark) else id_ms(mark.id), mark.id
