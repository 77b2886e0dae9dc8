"""Units as the list and the map are given them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from console.domain.alarm import Alarm
from console.domain.bounds import MAX_UNITS
from console.domain.events import Event, FloorReleased
from console.domain.expiry import KeepMs
from console.domain.records import Unit
from console.models.statuses import unit_status
from console.models.store import SiteStore
from resources.statuses import is_free
from widgets.contracts.rows import AlarmState, UnitRow


class UnitModel(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, store: SiteStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._alarm_of: dict[str, AlarmState] = {}
        self._rows: dict[str, UnitRow] = {}
        self._heard: dict[str, tuple[int, str]] = {}  # when, and in which talkgroup
        store.units_changed.connect(self._changed)
        store.alarms_changed.connect(self._alarms_changed)
        store.talkgroups_changed.connect(self._talkgroups_changed)
        store.applied.connect(self._note_heard)
        store.expired.connect(self._forget_heard)

    def keys(self) -> Sequence[str]:
        return tuple(self._store.state.units)

    def row(self, key: str) -> UnitRow:
        """Raises KeyError for a unit that is not (or no longer) known."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._make(self._store.state.units[key])
        return row

    def retranslate(self) -> None:
        """Say it all again, in the language that the screen has now."""
        self._rows.clear()
        self.reset.emit()

    def _changed(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._rows.pop(key, None)
        if all(key in self._store.state.units for key in keys):
            self.changed.emit(keys)
        else:  # a unit has left: it has no row to be told of
            self.reset.emit()

    def _alarms_changed(self, _keys: tuple[str, ...]) -> None:
        now = worst_alarms(self._store.state.alarms.values())
        differing = tuple(
            unit for unit in {**self._alarm_of, **now} if self._alarm_of.get(unit) != now.get(unit)
        )
        self._alarm_of = now
        known = tuple(unit for unit in differing if unit in self._store.state.units)
        if known:
            self._changed(known)

    def _talkgroups_changed(self, keys: tuple[str, ...]) -> None:
        named = set(keys)
        units = self._store.state.units.values()
        touched = tuple(unit.key for unit in units if unit.talkgroup in named)
        if touched:
            self._changed(touched)

    def _note_heard(self, events: tuple[Event, ...]) -> None:
        """The newest burst of each unit, in whatever order they are told."""
        changed = set()
        for event in events:
            if isinstance(event.body, FloorReleased):
                said = (event.time_ms, event.body.talkgroup)
                if said > self._heard.get(event.body.unit, (0, "")):
                    self._heard[event.body.unit] = said
                    changed.add(event.body.unit)
        self._bound_heard()
        known = tuple(unit for unit in changed if unit in self._store.state.units)
        if known:
            self._changed(known)

    def _bound_heard(self) -> None:
        """Who speaks may be a desk, or a unit that has gone: so many, the newest."""
        if len(self._heard) > 2 * MAX_UNITS:
            newest = sorted(self._heard.items(), key=lambda one: one[1])[-MAX_UNITS:]
            self._heard = dict(newest)

    def _forget_heard(self, now_ms: int, keep_ms: KeepMs) -> None:
        """As the site's log forgets."""
        oldest_ms = now_ms - keep_ms.get(FloorReleased, now_ms)
        left = {unit: said for unit, said in self._heard.items() if said[0] >= oldest_ms}
        if len(left) != len(self._heard):
            self._heard = left
            self.retranslate()

    def _make(self, unit: Unit) -> UnitRow:
        at = unit.position
        heard_ms, heard_in = self._heard.get(unit.key, (0, ""))
        return UnitRow(
            key=unit.key,
            call_sign=unit.call_sign,
            kind=unit.unit_kind,
            agency=unit.agency,
            status=unit.status,
            status_text=unit_status(unit),
            urgency=unit.urgency,
            since_s=unit.status_ms / 1000 if unit.status_ms else None,
            lat=at.lat if at else None,
            lon=at.lon if at else None,
            accuracy_m=at.accuracy_m if at else 0.0,
            heading_deg=at.heading_deg if at else None,
            speed_mps=at.speed_mps if at else None,
            fixed_s=self._store.fixed_s(unit.key),
            talkgroup=self._store.talkgroup_name(unit.talkgroup) if unit.talkgroup else "",
            alarm=self._alarm_of.get(unit.key),
            speaking=bool(unit.speaking),
            exercise=unit.exercise,
            free=is_free(unit.status),
            crew=unit.crew,
            issi=unit.issi or "",
            heard_s=heard_ms / 1000 if heard_ms else None,
            heard_in=self._store.talkgroup_name(heard_in) if heard_in else "",
            battery_percent=at.battery_percent if at else None,
            battery_low=at.battery_low if at else False,
            coverage=(at.coverage or "") if at else "",
        )


def worst_alarms(alarms: Iterable[Alarm]) -> dict[str, AlarmState]:
    """Each unit's open alarm; one that nobody has acknowledged counts above the others."""
    order: tuple[AlarmState, ...] = ("in-progress", "acknowledged", "raised")
    worst: dict[str, AlarmState] = {}
    for alarm in alarms:
        if alarm.state == "closed":
            continue
        old = worst.get(alarm.unit)
        if old is None or order.index(alarm.state) > order.index(old):
            worst[alarm.unit] = alarm.state
    return worst
