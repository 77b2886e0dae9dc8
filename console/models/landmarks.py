"""Places that are marked on the map, as the window is given them, and what a hand does to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.domain import events as e
from console.domain.landmark import Landmark, Pin
from console.domain.roles import MEMBER_ROLES, may_say
from console.models.actions import Publish
from console.models.store import SiteStore
from widgets.contracts.landmarks import LandmarkForm, LandmarkRow

PIN: Final = "Q"
LANDMARK: Final = "L"
"""How ids of these begin."""


class LandmarkModel(QObject):
    """Implements widgets.contracts.landmarks.LandmarkSource and Marking."""

    changed = Signal()

    def __init__(
        self,
        store: SiteStore,
        *,
        publish: Publish,
        new_id: Callable[[str], str],
        role: Callable[[], str],
        trains: Callable[[], bool],
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """``role``: this desk's at its site, "" = it is at none; ``trains``: what it says is an
        exercise's."""
        super().__init__(parent)
        self._store = store
        self._publish = publish
        self._new_id = new_id
        self._role = role
        self._trains = trains
        self._now_s = now_s
        store.pins_changed.connect(self._tell)
        store.landmarks_changed.connect(self._tell)

    def _tell(self, _keys: tuple[str, ...]) -> None:
        self.changed.emit()

    def rows(self) -> Sequence[LandmarkRow]:
        state = self._store.state
        pins = sorted(state.pins.values(), key=lambda p: (-p.since_ms, p.key))
        places = sorted(state.landmarks.values(), key=lambda p: (p.name.casefold(), p.key))
        return (*map(self._pin, pins), *map(self._place, places))

    def may_mark(self) -> bool:
        role = next((one for one in MEMBER_ROLES if one == self._role()), None)
        return role is not None and may_say(role, e.PinSet)

    def _pin(self, pin: Pin) -> LandmarkRow:
        return LandmarkRow(
            pin.key,
            "incident",
            pin.name,
            pin.lat,
            pin.lon,
            pin.note,
            self._store.marked(pin.set),
            pin.since_ms / 1_000,
            pin.exercise,
            self._may_change(pin.exercise),
        )

    def _place(self, place: Landmark) -> LandmarkRow:
        return LandmarkRow(
            place.key,
            place.landmark_kind,
            place.name,
            place.lat,
            place.lon,
            place.note,
            self._store.marked(place.set),
            place.set.time_ms / 1_000,
            place.exercise,
            self._may_change(place.exercise),
        )

    def _may_change(self, exercise: bool) -> bool:
        """An exercise touches nothing that is real."""
        return self.may_mark() and (exercise or not self._trains())

    # --- hands ---

    def set_landmark(self, form: LandmarkForm) -> str:
        if form.kind == "incident":
            return self._set_pin(form)
        key = form.key or self._new_id(LANDMARK)
        old = self._store.state.landmarks.get(key)
        body = e.LandmarkDefined(
            landmark=key,
            name=form.name,
            landmark_kind=form.kind,
            lat=form.lat,
            lon=form.lon,
            note=form.note,
            exercise=self._trains() or (old is not None and old.exercise),
        )
        return key if self._publish(body) else ""

    def _set_pin(self, form: LandmarkForm, since_ms: int = 0) -> str:
        """One that is there keeps the time at which it was first set."""
        key = form.key or self._new_id(PIN)
        old = self._store.state.pins.get(key)
        body = e.PinSet(
            pin=key,
            name=form.name,
            lat=form.lat,
            lon=form.lon,
            since_ms=old.since_ms if old else since_ms or round(self._now_s() * 1_000),
            note=form.note,
            exercise=self._trains() or (old is not None and old.exercise),
        )
        return key if self._publish(body) else ""

    def remove_landmark(self, key: str) -> bool:
        state = self._store.state
        pin, place = state.pins.get(key), state.landmarks.get(key)
        if pin is not None:
            return self._publish(e.PinRemoved(key, pin.name))
        return place is None or self._publish(e.LandmarkRemoved(key, place.name))

    def restore_landmark(self, row: LandmarkRow) -> bool:
        form = LandmarkForm(row.kind, row.name, row.lat, row.lon, row.note, row.key)
        if row.is_pin:
            return bool(self._set_pin(form, round(row.since_s * 1_000)))
        return bool(self.set_landmark(form))
