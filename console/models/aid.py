"""Who could be sent to an alarm: free or not, and how far away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from console.domain.events import Position
from console.domain.helping import sent_to
from console.domain.records import Unit
from console.models.alarms import alarm_position
from console.models.statuses import unit_status
from console.models.store import SiteStore
from resources.map.geodesy import distance_km
from resources.statuses import is_free
from widgets.contracts.rows import AidRow

MAX_ROWS: Final = 200
"""The nearest; nobody reads on."""


translate = QCoreApplication.translate


class AidModel(QObject):
    changed = Signal()

    def __init__(self, store: SiteStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        for signal in (store.units_changed, store.alarms_changed, store.callouts_changed):
            signal.connect(lambda _keys: self.changed.emit())

    def nearest(self, alarm: str) -> Sequence[AidRow]:
        """Who is in need of help is none. Units of an exercise help in an exercise, and only
        there."""
        state = self._store.state
        known = state.alarms.get(alarm)
        if known is None:
            return ()
        at = alarm_position(state, known)
        sent = sent_to(state, known)
        in_need = {one.unit for one in state.alarms.values() if one.state != "closed"}
        rows = [
            _row(unit, at, sent=unit.key in sent, fixed_s=self._store.fixed_s(unit.key))
            for unit in state.units.values()
            if unit.exercise == known.exercise and unit.key not in {known.unit, *in_need}
        ]
        rows.sort(key=_order)
        return rows[:MAX_ROWS]

    def why_nobody(self, alarm: str) -> str:
        state = self._store.state
        known = state.alarms.get(alarm)
        others = [one for one in state.units.values() if known and one.key != known.unit]
        if known is None or not others:
            return ""
        if all(one.exercise != known.exercise for one in others):
            if known.exercise:
                return translate("Aid", "Only real units are known, and this alarm is an exercise.")
            return translate("Aid", "Only an exercise's units are known, and this alarm is real.")
        return translate("Aid", "All others have an alarm of their own.")


def _row(unit: Unit, at: Position | None, *, sent: bool, fixed_s: float | None) -> AidRow:
    here = unit.position
    far = distance_km(at.lat, at.lon, here.lat, here.lon) if at and here else None
    name = unit_status(unit)
    return AidRow(
        key=unit.key,
        call_sign=unit.call_sign,
        kind=unit.unit_kind,
        status_text=name,
        free=is_free(unit.status),
        sent=sent,
        distance_km=far,
        fixed_s=fixed_s,
    )


def _order(row: AidRow) -> tuple[bool, bool, bool, bool, float, str]:
    """Who is sent already stays in sight, on top; a control room, say, is below all crews."""
    far, is_other = row.distance_km, row.kind == "other"
    is_far = far is None
    return (not row.sent, is_other, not row.free, is_far, far or 0.0, row.call_sign.casefold())
