"""Units as the list and the map are given them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from console.domain.alarm import Alarm
from console.domain.records import Unit
from console.models.statuses import unit_status
from console.models.store import SiteStore
from widgets.contracts.rows import AlarmState, UnitRow


class UnitModel(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, store: SiteStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._alarm_of: dict[str, AlarmState] = {}
        self._rows: dict[str, UnitRow] = {}
        store.units_changed.connect(self._changed)
        store.alarms_changed.connect(self._alarms_changed)
        store.talkgroups_changed.connect(self._talkgroups_changed)

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

    def _make(self, unit: Unit) -> UnitRow:
        at = unit.position
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
            fixed_s=(at.fixed_ms or unit.moved_ms) / 1000 if at else None,
            talkgroup=self._store.talkgroup_name(unit.talkgroup) if unit.talkgroup else "",
            alarm=self._alarm_of.get(unit.key),
            speaking=bool(unit.speaking),
            exercise=unit.exercise,
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
