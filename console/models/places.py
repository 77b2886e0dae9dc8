"""Places for the window: what was typed, and the answer to the newest of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import PlaceDoubt, PlaceForms, PlaceFound

if TYPE_CHECKING:
    from console.places.lookup import Answered, PlaceLookup
    from console.places.searching import Found


class PlaceModel(QObject):
    """Implements widgets.contracts.sources.PlaceSource."""

    changed = Signal()
    _answered = Signal(object)

    def __init__(
        self,
        home: Path,
        marked: Callable[[], Sequence[LandmarkRow]] = tuple,
        parent: QObject | None = None,
    ) -> None:
        """``marked``: the site's own places and pins, which are found by their names as well."""
        super().__init__(parent)
        self._home = home
        self._marked = marked
        self._asked_of: dict[str, LandmarkRow] = {}  # as they were when it was asked
        self._lookup: PlaceLookup | None = None
        self._number = 0
        self._is_asking = False
        self._rows: tuple[PlaceFound, ...] = ()
        self._doubt: PlaceDoubt = ""
        self._register: tuple[bool, bool] = (False, False)
        self._has_failed = self._is_damaged = False
        self._answered.connect(self._take)

    def stop(self) -> None:
        if self._lookup is not None:
            self._lookup.stop()

    @property
    def is_asking(self) -> bool:
        return self._is_asking

    @property
    def doubt(self) -> PlaceDoubt:
        return self._doubt

    @property
    def has_names(self) -> bool:
        return self._register[0]

    @property
    def has_addresses(self) -> bool:
        return self._register[1]

    @property
    def is_damaged(self) -> bool:
        return self._is_damaged

    @property
    def has_failed(self) -> bool:
        return self._has_failed

    def rows(self) -> Sequence[PlaceFound]:
        return self._rows

    def ask(self, text: str, lat: float, lon: float) -> None:
        from console.places.lookup import PlaceLookup  # noqa: PLC0415  # when somebody searches
        from console.places.own import OwnPlace  # noqa: PLC0415  # with it

        if self._lookup is None:
            self._lookup = PlaceLookup(self._home, self._answered.emit)
            self._lookup.start()
        self._is_asking = True
        self._asked_of = {row.key: row for row in self._marked()}
        own = [OwnPlace(row.key, row.name, row.lat, row.lon) for row in self._asked_of.values()]
        self._number = self._lookup.ask(text, lat, lon, own)

    def written(self, lat: float, lon: float) -> PlaceForms:
        from console.places.coordinates import write  # noqa: PLC0415  # numpy

        made = write(lat, lon)
        return PlaceForms(made.degrees, made.minutes, made.utm, made.utm33, made.mgrs)

    def _take(self, answered: Answered) -> None:
        if answered.number != self._number:
            return
        self._is_asking = False
        self._has_failed = answered.answer is None
        if answered.answer is None:
            self._rows, self._doubt = (), ""
        else:
            rows = answered.answer.rows
            self._rows = tuple(row_of(one, self._asked_of.get(one.own)) for one in rows)
            self._doubt = answered.answer.doubt
            self._register = (answered.has_names, answered.has_addresses)
            self._is_damaged = answered.damaged > 0
        self.changed.emit()


def row_of(found: Found, marked: LandmarkRow | None = None) -> PlaceFound:
    """``marked``: the pin or the site's place that it is."""
    return PlaceFound(
        name=found.name,
        kind=found.kind,  # type: ignore[arg-type]  # tests hold the two lists together
        lat=found.lat,
        lon=found.lon,
        municipality=found.municipality,
        far_km=found.km,
        known_as=found.known_as,
        lacking=found.lacking,
        beside=found.beside,
        landmark="" if marked is None else marked.key,
        landmark_kind="" if marked is None else marked.kind,
        exercise=marked is not None and marked.exercise,
    )
