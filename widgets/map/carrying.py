"""A pin or a place of the site in the hand, on its way to where it is to stand."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from widgets.contracts.landmarks import LandmarkRow
from widgets.map.projection import valid

Point = tuple[float, float]  # degrees


class Carrying(QObject):
    """Held by the mouse until it is let go, or taken up from its menu until a click or Enter sets
    it down. ``changed``: what is carried, or where it is."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row: LandmarkRow | None = None
        self._at: Point = (0.0, 0.0)
        self._is_held = False

    @property
    def is_on(self) -> bool:
        return self._row is not None

    @property
    def is_held(self) -> bool:
        """By the mouse's button."""
        return self._is_held

    @property
    def carried(self) -> tuple[LandmarkRow, Point] | None:
        """What it is, and where it would stand now."""
        return None if self._row is None else (self._row, self._at)

    def take(self, row: LandmarkRow, *, held: bool = False) -> None:
        self._row, self._at, self._is_held = row, (row.lat, row.lon), held
        self.changed.emit()

    def point_at(self, lat: float, lon: float) -> None:
        if self._row is not None and valid(lat, lon):
            self._at = (lat, lon)
            self.changed.emit()

    def drop(self) -> None:
        """It stays where it was."""
        if self._row is None:
            return
        self._row, self._is_held = None, False
        self.changed.emit()
