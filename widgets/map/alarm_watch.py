"""Sees to it that no alarm is overlooked: the legend makes way for its mark, nothing drives its
label away, and an arrow shows where it is when the map doesn't."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRect, QRectF
from PySide6.QtWidgets import QWidget

from widgets.map.beyond import Beyond, FarAlarm
from widgets.map.declutter import Boxes
from widgets.map.layer import MapLayer, edges_of
from widgets.map.table import CALM, RAISED
from widgets.theme import Palette

NOWHERE: Boxes = np.empty((0, 2))


class AlarmWatch(QObject):
    """``arrows.wanted`` tells what a hand wants to see."""

    def __init__(self, layer: MapLayer, palette: Palette, view: QWidget) -> None:
        super().__init__(view)
        self._layer, self._palette, self._scale = layer, palette, 1.0
        self._places = NOWHERE  # of all alarms, in the world
        self._buttons: list[QRectF] = []  # in the map's pixels, as what follows
        self._cards: list[QRectF] = []
        self._edges = edges_of(())  # of both
        self.arrows = Beyond(view)
        layer.camera_moved.connect(self.mind)

    @property
    def has_any(self) -> bool:
        """An alarm with a place, acknowledged or not."""
        return bool(len(self._places))

    def find(self, pressing: Sequence[str]) -> None:
        """The units have changed. ``pressing``: keys of who alarms, the most pressing first."""
        columns, rows = self._layer.table.columns, self._layer.table.rows
        alarming = np.flatnonzero((columns["alarm"] != CALM) & np.isfinite(columns["x"]))
        self._places = np.column_stack((columns["x"][alarming], columns["y"][alarming]))
        found = zip(alarming.tolist(), self._places.tolist(), strict=True)
        known = [
            FarAlarm(rows[i].key, rows[i].call_sign, x, y, bool(columns["alarm"][i] == RAISED))
            for i, (x, y) in found
        ]
        order = {key: n for n, key in enumerate(pressing)}
        known.sort(key=lambda one: (not one.is_waiting, order.get(one.key, len(order))))
        self.arrows.set_alarms(known)
        self.mind()

    def set_lying(self, buttons: Iterable[QRect], cards: Iterable[QRect], scale: float) -> None:
        """What lies on the map, in the widget's pixels."""
        self._scale = scale
        self._buttons, self._cards = self._on_map(buttons), self._on_map(cards)
        self._edges = edges_of([*self._buttons, *self._cards])
        self._keep_free()
        self.mind()

    def set_palette(self, palette: Palette) -> None:
        self._palette = palette
        self.mind()

    def mind(self) -> None:
        """The map has moved, or something on it has changed."""
        layer = self._layer
        if self.arrows.is_idle and not self.has_any and not layer.furniture.is_away:
            return
        if layer.furniture.make_way(self._spots(), layer.camera):
            layer.refresh(at_once=True)
            layer.update()
        taken = edges_of(layer.furniture.rects(layer.camera))
        self.arrows.show_for(layer.camera, self._edges, taken, self._palette, self._scale)
        self._keep_free()

    def _keep_free(self) -> None:
        """No label stands below buttons and cards; but a card that an alarm's mark is below does
        not drive its label away from it, nor do arrows, which move with the hand."""
        spots = self._spots() if self._cards else []
        free = [card for card in self._cards if not any(card.contains(at) for at in spots)]
        arrows = self._on_map(chip.geometry() for chip in self.arrows.shown)
        self._layer.blocked = [*self._buttons, *free]
        self._layer.laid = [*self._buttons, *self._cards, *arrows]

    def _spots(self) -> Sequence[QPointF]:
        """Where the alarms are on the map."""
        camera = self._layer.camera
        spots = self._places * camera.scale - camera.origin()
        return [QPointF(x, y) for x, y in spots.tolist()]

    def _on_map(self, parts: Iterable[QRect]) -> list[QRectF]:
        """In its pixels, with some room round them."""
        places = (QRectF(part).adjusted(-4, -4, 4, 4) for part in parts)
        return [QRectF(r.topLeft() / self._scale, r.size() / self._scale) for r in places]
