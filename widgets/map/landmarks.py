"""Marked places on the map: the site's own, from a middle zoom on; pins are in ``pins``.

The site's places lie below the units and everything that is written of those: a place's name stands
only where no unit, label, town or button is. A pin is a drop whose tip is the place, a site's place
a square with an icon: no unit has such a shape, and no state has such a colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from widgets import icons
from widgets.contracts.landmarks import LandmarkRow
from widgets.landmark_words import ICONS
from widgets.look import font
from widgets.map.camera import Camera, View
from widgets.map.declutter import CELL_PX, MARGIN_PX, Boxes, Mask, Occupancy, within_reach
from widgets.map.layout import REACH_PX, Layout
from widgets.map.pins import PinRows, edge_of, paint_pin, shown_name
from widgets.map.projection import forward, forward_point, valid
from widgets.map.symbols import NO_PLATES, Atlas, Batch, Plates, Shift, Sprite, place_size
from widgets.map.symbols import sprites as made_sprites
from widgets.theme import Palette

PLACES_FROM: Final = 7.0  # zoom: farther out they would only hide the map
NAMES_FROM: Final = 9.0
SQUARE: Final = 20.0
ICON: Final = 15
HIT_PX: Final = 13.0
NAME_PX: Final = 12
MOST_NAMED: Final = 150  # of those in view: where there are more, none can be read
GAP, SHRUNK = 5.0, 4.0  # together more than a cell: a mark is not in its own name's way
UNIT_HALF: Final = 12.0  # of a unit's mark, with some room round it
HERE: Final = Shift(1.0, 0.0, 0.0)

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn of them with one layout, in its pixels. ``keys``: whose the marks are."""

    marks: Plates
    names: Plates
    keys: tuple[str, ...]


NOTHING: Final = Shown(NO_PLATES, NO_PLATES, ())


class Landmarks:
    """``rows`` in their source's order: what stands first is the more important."""

    def __init__(self) -> None:
        self.rows: tuple[LandmarkRow, ...] = ()
        self.preview: tuple[float, float] | None = None  # degrees
        self._x = self._y = np.empty(0)
        self.pins = PinRows()
        self._places: tuple[LandmarkRow, ...] = ()
        self._shown = NOTHING
        self._for: Layout | None = None  # for which that is good
        self._shown_for: Layout | None = None  # in whose pixels it is

    def set_rows(self, rows: Sequence[LandmarkRow]) -> None:
        """What lies outside of the map is left out."""
        inside = valid([row.lat for row in rows], [row.lon for row in rows]).tolist()
        self.rows = tuple(row for row, fine in zip(rows, inside, strict=True) if fine)
        self.pins = PinRows.of([row for row in self.rows if row.is_pin])
        places = self._places = tuple(row for row in self.rows if not row.is_pin)
        self._x, self._y = forward([row.lat for row in places], [row.lon for row in places])
        self._for = None

    def find(self, key: str) -> LandmarkRow | None:
        return next((row for row in self.rows if row.key == key), None)

    def after(self, key: str, step: int) -> LandmarkRow | None:
        """The next one in order, or the one before; None: there is none at all."""
        if not self.rows:
            return None
        keys = [row.key for row in self.rows]
        at = keys.index(key) + step if key in keys else 0 if step > 0 else -1
        return self.rows[at % len(keys)]

    def pins_at(self, x: float, y: float, reach: float) -> tuple[str, ...]:
        """Keys of the pins whose tips are so near to a point, all in the world's units."""
        far = np.hypot(self.pins.x - x, self.pins.y - y)
        return tuple(self.pins.rows[i].key for i in np.flatnonzero(far <= reach).tolist())

    # --- drawing ---

    def paint_preview(
        self, painter: QPainter, camera: Camera, corner: tuple[float, float], p: Palette
    ) -> None:
        """Where the one will stand that is being named."""
        if self.preview is None or not valid(*self.preview):
            return
        x, y = forward_point(*self.preview)
        tip = QPointF(x * camera.scale - corner[0], y * camera.scale - corner[1])
        painter.save()
        painter.setOpacity(0.75)
        paint_pin(painter, tip, p, exercise=True)
        painter.restore()

    def paint_carried(
        self,
        painter: QPainter,
        carried: tuple[LandmarkRow, tuple[float, float]] | None,
        view: View,
        p: Palette,
    ) -> None:
        """Where the one would stand that is in the hand; where it was it stands meanwhile."""
        if carried is None:
            return
        row, place = carried
        tip = QPointF(*view.point(*forward_point(*place)))
        if row.is_pin:
            paint_pin(painter, tip, p, row.exercise)
        else:
            rect = QRectF(0, 0, SQUARE, SQUARE)
            rect.moveCenter(tip)
            paint_place(painter, rect, row, p, ratio=painter.device().devicePixelRatioF())

    def paint(
        self, painter: QPainter, layout: Layout, shift: Shift, batch: Batch, no_go: Boxes
    ) -> None:
        shown = self._made(layout, no_go)
        for plates in (shown.marks, shown.names):
            batch.draw(painter, layout.atlas, plates.sprites, shift)

    def at(self, where: QPointF, view: View) -> str | None:
        """The key of the site's place whose mark is below a point of what is seen."""
        if not self._shown.keys or self._shown_for is None:
            return None
        shift = self._shown_for.shift_to(view)
        boxes = self._shown.marks.boxes(shift)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        far = np.hypot(*(middles - (where.x(), where.y())).T)
        nearest = int(far.argmin())
        return self._shown.keys[nearest] if far[nearest] <= HIT_PX else None

    @property
    def named(self) -> tuple[int, int]:
        """How many places' marks and names are drawn; for tests."""
        return len(self._shown.keys), len(self._shown.names.covers)

    def _made(self, layout: Layout, no_go: Boxes) -> Shown:
        """Once for each layout: they move together until the hand rests."""
        if self._for is not layout:
            self._for = self._shown_for = layout
            self._shown = self._make(layout, no_go)
        return self._shown

    def _make(self, layout: Layout, no_go: Boxes) -> Shown:
        camera, atlas = layout.camera, layout.atlas
        if not self._places or camera.zoom < PLACES_FROM:
            return NOTHING
        corner = np.array((layout.left, layout.top))
        everywhere = np.column_stack((self._x, self._y)) * camera.scale - corner
        rows = within_reach(everywhere, camera)
        if not len(rows):
            return NOTHING
        rows = rows[_apart(everywhere[rows], layout.pins.boxes(HERE), camera)]
        rows = rows[::-1]  # the most important last, so on top
        centres = everywhere[rows]
        marks = self._marks(rows, centres, atlas)
        names = self._names(layout, rows, centres, marks, no_go)
        return Shown(marks, names, tuple(self._places[i].key for i in rows.tolist()))

    def _marks(self, rows: Indices, centres: Floats, atlas: Atlas) -> Plates:
        found = [_mark(atlas, self._places[i]) for i in rows.tolist()]
        half = np.full((len(rows), 2), SQUARE / 2)
        return Plates(made_sprites(centres, found, atlas.ratio), np.hstack((-half, half)))

    def _names(
        self, layout: Layout, rows: Indices, centres: Floats, marks: Plates, no_go: Boxes
    ) -> Plates:
        """The most important first, each where it has room."""
        atlas, camera = layout.atlas, layout.camera
        is_bare = len(layout.units) and not len(layout.cards.covers)  # a jump: labels will come
        if is_bare or camera.zoom < NAMES_FROM:
            return NO_PLATES
        named = rows[::-1][:MOST_NAMED]
        room = _room(layout, no_go)
        room.block(marks.boxes(HERE) + np.array((SHRUNK, SHRUNK, -SHRUNK, -SHRUNK)))
        places = {int(row): n for n, row in enumerate(rows.tolist())}
        at = np.array([places[int(i)] for i in named.tolist()])
        words = [shown_name(self._places[i].name) for i in named.tolist()]
        used = font(NAME_PX, medium=True)
        sizes = np.array([place_size(one, used) for one in words])
        boxes, anchors = marks.boxes(HERE)[at], centres[at]
        found = np.full((len(named), 2), np.nan)
        for side in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            waiting = np.flatnonzero(np.isnan(found[:, 0]))
            middles = _beside(boxes[waiting], sizes[waiting], side)
            half = sizes[waiting] / 2 + 1
            chosen = room.choose(np.hstack((middles - half, middles + half)))
            found[waiting[chosen]] = (middles - anchors[waiting])[chosen]
        stands = np.flatnonzero(np.isfinite(found[:, 0]))
        drawn = [atlas.place(words[i], used, atlas.palette.text) for i in stands.tolist()]
        made = made_sprites(anchors[stands], drawn, atlas.ratio, offset=found[stands])
        half = sizes[stands] / 2
        return Plates(made, np.hstack((found[stands] - half, found[stands] + half)))


def _apart(centres: Floats, pins: Boxes, camera: Camera) -> Mask:
    """Those that neither a pin nor another place hides, until one comes closer."""
    out = float(MARGIN_PX + SQUARE)
    room = Occupancy(-out, -out, camera.width + 2 * out, camera.height + 2 * out)
    half = np.array((SQUARE, SQUARE)) / 2 - CELL_PX / 2
    boxes = np.hstack((centres - half, centres + half))
    room.block(pins + np.array((SHRUNK, SHRUNK, -SHRUNK, -SHRUNK)))
    return room.choose(boxes)


def _room(layout: Layout, no_go: Boxes) -> Occupancy:
    """Without what is more important than a place's name."""
    camera, out = layout.camera, float(MARGIN_PX + REACH_PX)
    room = Occupancy(-out, -out, camera.width + 2 * out, camera.height + 2 * out)
    units = layout.centres[layout.seen]
    room.block(np.hstack((units - UNIT_HALF, units + UNIT_HALF)))
    for plates in (layout.cards, layout.places, layout.pins):
        room.block(plates.boxes(HERE))
    room.block(no_go)
    return room


def _beside(boxes: Boxes, sizes: Floats, side: tuple[int, int]) -> Floats:
    """The middle of a name beside a mark."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    reach = (boxes[:, 2:] - boxes[:, :2] + sizes) / 2 + GAP
    return np.asarray(middles + reach * np.array(side))


def _mark(atlas: Atlas, row: LandmarkRow) -> Sprite:
    p = atlas.palette
    return atlas.sprite(
        ("landmark", row.kind, row.exercise),
        SQUARE,
        SQUARE,
        lambda painter, r: paint_place(painter, r, row, p, ratio=atlas.ratio),
    )


def paint_place(
    painter: QPainter, rect: QRectF, row: LandmarkRow, p: Palette, *, ratio: float
) -> None:
    painter.setPen(edge_of(p.muted, row.exercise))
    painter.setBrush(QColor(p.card))
    painter.drawRoundedRect(rect.adjusted(0.8, 0.8, -0.8, -0.8), 4, 4)
    pixmap = icons.pixmap(ICONS[row.kind], p.text, ICON, ratio)
    painter.drawPixmap(rect.center() - QPointF(ICON / 2, ICON / 2), pixmap)
