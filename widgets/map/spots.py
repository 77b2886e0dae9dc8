"""What stands in one spot of the map, units below one mark or pins on one head, is opened: closer
where that parts it, else as a list to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from widgets.contracts.landmarks import LandmarkRow
from widgets.map.camera import Camera
from widgets.map.layer import FIT_PX, MapLayer
from widgets.map.pile_menu import HereMenu, PileMenu
from widgets.map.piles import NEAR_PX
from widgets.map.pins import CLOSE_PX
from widgets.map.projection import forward

PART_STEP: Final = 64  # zoom 16: who stands below one mark even there is told in a list


class Spots(QObject):
    """Units and landmarks go by their keys; ``at`` is where on the screen."""

    unit_chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)  # of what was chosen among units and landmarks
    units_wanted = Signal(tuple, int)  # in view, no closer than this step
    view_wanted = Signal(Camera)

    def __init__(self, layer: MapLayer, parent: QWidget) -> None:
        super().__init__(parent)
        self._layer = layer
        self._units: tuple[str, ...] = ()  # that the menu is about
        self._landmarks: tuple[str, ...] = ()
        self.pile_menu, self.here_menu = PileMenu(parent), HereMenu(parent)
        self.pile_menu.chosen.connect(self.unit_chosen)
        self.pile_menu.closer.connect(lambda: self.units_wanted.emit(self._units, PART_STEP))
        self.here_menu.chosen.connect(lambda key: self.menu_wanted.emit(key, self.here_menu.pos()))
        self.here_menu.closer.connect(self._part_here)
        self.here_menu.crowd.connect(lambda: self.open_units(self._units, self.here_menu.pos()))
        layer.pile_pressed.connect(self.open_units)
        layer.pins_pressed.connect(self.open_pins)
        layer.choice_wanted.connect(self.ask_which)

    def open_units(self, keys: tuple[str, ...], at: QPoint) -> None:
        self._units = keys
        table = self._layer.table
        found = [i for key in keys if (i := table.find(key)) is not None]
        columns = table.columns[found]
        far = float(max(np.ptp(columns["x"]), np.ptp(columns["y"]), 0.0)) if len(columns) else 0.0
        if far * self._closest.scale >= NEAR_PX:
            self.units_wanted.emit(keys, PART_STEP)
        elif found:
            self.pile_menu.open_for([table.rows[i] for i in found], at)

    def open_pins(self, keys: tuple[str, ...], at: QPoint) -> None:
        if not self._part(keys):
            self.ask_which((), keys, at)

    def ask_which(self, units: tuple[str, ...], landmarks: tuple[str, ...], at: QPoint) -> None:
        table, self._landmarks, self._units = self._layer.table, landmarks, units
        rows = [row for key in units if (row := table.get(key)) is not None]
        marks = self.landmark_rows(landmarks)
        if rows or marks:
            self.here_menu.open_for(marks, rows, at)

    def landmark_rows(self, keys: Iterable[str]) -> list[LandmarkRow]:
        """Of those that are still there."""
        found = map(self._layer.landmarks.find, keys)
        return [row for row in found if row is not None]

    def _part(self, pins: tuple[str, ...]) -> bool:
        """Closer; False where even that would part none of them."""
        rows = self.landmark_rows(pins)
        x, y = forward([row.lat for row in rows], [row.lon for row in rows])
        far = float(max(np.ptp(x), np.ptp(y))) if rows else 0.0
        if far * self._closest.scale < CLOSE_PX:
            return False
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        self.view_wanted.emit(self._layer.camera.fitted(box, FIT_PX, PART_STEP))
        return True

    def _part_here(self) -> None:
        """Those that the menu had no room for; what stands on one spot is listed all the same."""
        if not self._part(self._landmarks):
            marks = self.landmark_rows(self._landmarks)
            self.here_menu.open_for(marks, (), self.here_menu.pos(), most=len(marks))

    @property
    def _closest(self) -> Camera:
        return self._layer.camera.at_step(PART_STEP)
