"""Decides what stands where: marks, call signs and place names for one camera, with room around it.

Panning only moves the finished rows, so nothing jumps or flickers below the hand; they are made
anew when the zoom or the units have changed, or the camera has left the margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFont

from resources.map.places import Place
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.declutter import Boxes, Occupancy
from widgets.map.projection import forward
from widgets.map.symbols import LABEL_HEIGHT, Atlas, fragments, label_width, place_size
from widgets.map.table import UnitTable

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MARGIN_PX: Final = 160
REACH_PX: Final = 200  # a label may stand this far outside of the margin
SYMBOL_HALF: Final = 7.0  # of a mark's core; labels begin GAP_PX from its middle
GAP_PX: Final = 15.0
TICK_PX: Final = 17.0
FADE_FROM_S, FADE_TO_S, FADED = 90.0, 900.0, 0.45
LEAST_PEOPLE: Final = ((4.8, 40_000), (5.6, 12_000), (6.6, 4_000), (7.6, 1_200))  # below the zoom
AREAS_FROM: Final = 9.0  # zoom from which municipalities without a town of that name are named
PLACE_PAD: Final = 7.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows for :class:`Batch`; all in pixels from (``left``, ``top``) of the world's picture."""

    camera: Camera
    left: float
    top: float
    generation: int
    places: Floats
    place_boxes: Boxes
    marks: Floats
    labels: Floats
    label_boxes: Boxes
    urgent: Floats  # marks and labels of alarms, on top of everything
    shown: frozenset[int]  # units whose label stands
    units: Indices
    centres: Floats  # (n, 2) of ``units``

    def covers(self, camera: Camera) -> bool:
        same = (camera.step, camera.width, camera.height)
        if same != (self.camera.step, self.camera.width, self.camera.height):
            return False
        off = max(abs(camera.x - self.camera.x), abs(camera.y - self.camera.y)) * camera.scale
        return off <= MARGIN_PX


class PlaceIndex:
    """The names with their world coordinates, the largest first."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(places)
        self.x, self.y = forward([p.lat for p in places], [p.lon for p in places])
        self._people = np.array([p.population for p in places])
        self._area = np.array([p.kind == "municipality" for p in places], bool)

    def at_zoom(self, zoom: float) -> NDArray[np.bool_]:
        least = next((people for below, people in LEAST_PEOPLE if zoom < below), 0)
        fit = self._people >= least
        return np.where(self._area, zoom >= AREAS_FROM, fit)


def build(
    table: UnitTable,
    places: PlaceIndex,
    camera: Camera,
    atlas: Atlas,
    *,
    now_s: float,
    shown: frozenset[int],
) -> Layout:
    """``shown``: labels that stood before keep their place before new ones get one."""
    left, top = camera.origin(atlas.ratio)
    columns = table.columns
    all_centres = np.column_stack((columns["x"], columns["y"])) * camera.scale - (left, top)
    units = _inside(all_centres, camera)
    units = units[_order(columns[units], units, shown)]
    centres = all_centres[units]
    calm = columns["alarm"][units] == 0
    occupancy = Occupancy(
        -MARGIN_PX - REACH_PX,
        -MARGIN_PX - REACH_PX,
        camera.width + 2.0 * (MARGIN_PX + REACH_PX),
        camera.height + 2.0 * (MARGIN_PX + REACH_PX),
    )
    boxes = np.full((len(units), 4), np.nan)
    widths = np.array([label_width(table.rows[i].call_sign) for i in units.tolist()])
    _stand(occupancy, centres, widths, ~calm, boxes)
    lost = ~calm & np.isnan(boxes[:, 0])
    boxes[lost] = _sides(centres[lost], widths[lost])[0]
    occupancy.block(_around(centres[~calm], 2 * SYMBOL_HALF))
    occupancy.block(boxes[~calm])
    occupancy.block(_around(centres, SYMBOL_HALF))
    _stand(occupancy, centres, widths, calm, boxes)
    generation = atlas.generation
    place_rows, place_boxes = _places(places, camera, (left, top), atlas, occupancy)
    fade = _fade(columns[units], now_s)
    marks = _marks(table, units, centres, atlas, fade)
    stands = np.isfinite(boxes[:, 0])
    labels = _labels(table, units[stands], boxes[stands], atlas, np.maximum(fade[stands], 0.7))
    made = Layout(
        camera,
        left,
        top,
        atlas.generation,
        place_rows,
        place_boxes,
        marks[calm],
        labels[calm[stands]],
        boxes[stands][calm[stands]],
        np.concatenate((marks[~calm], labels[~calm[stands]])),
        frozenset(units[stands].tolist()),
        units,
        centres,
    )
    if atlas.generation != generation:  # the atlas ran over and began anew: draw the lot again
        return build(table, places, camera, atlas, now_s=now_s, shown=shown)
    return made


def ticks(table: UnitTable, layout: Layout, atlas: Atlas) -> Floats:
    """The way a moving unit heads, just outside of its mark."""
    heading = np.radians(table.columns["heading"][layout.units])
    moving = np.isfinite(heading)
    angle = heading[moving]
    out = np.column_stack((np.sin(angle), -np.cos(angle))) * TICK_PX
    sprites = [atlas.tick(table.rows[i]) for i in layout.units[moving].tolist()]
    return fragments(layout.centres[moving] + out, sprites, atlas.ratio, rotation=np.degrees(angle))


def _inside(centres: Floats, camera: Camera) -> Indices:
    limit = np.array((camera.width, camera.height)) + MARGIN_PX
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(((centres > -MARGIN_PX) & (centres < limit)).all(axis=1))


def _order(columns: NDArray[np.void], units: Indices, shown: frozenset[int]) -> Indices:
    before = ~np.isin(units, np.fromiter(shown, np.int64, len(shown)))
    return np.lexsort((units, before, columns["rank"]))


def _sides(centres: Floats, widths: Floats) -> list[Boxes]:
    """Where a label may stand, the best first: right, left, below, above."""
    x, y = centres[:, 0], centres[:, 1]
    high = LABEL_HEIGHT
    corners = (
        (x + GAP_PX, y - high / 2),
        (x - GAP_PX - widths, y - high / 2),
        (x - widths / 2, y + GAP_PX),
        (x - widths / 2, y - GAP_PX - high),
    )
    return [np.column_stack((a, b, a + widths, b + high)) for a, b in corners]


def _stand(
    occupancy: Occupancy,
    centres: Floats,
    widths: Floats,
    who: NDArray[np.bool_],
    boxes: Boxes,
) -> None:
    for side in _sides(centres, widths):
        waiting = np.flatnonzero(who & np.isnan(boxes[:, 0]))
        if not len(waiting):
            return
        chosen = waiting[occupancy.choose(side[waiting])]
        boxes[chosen] = side[chosen]


def _around(centres: Floats, half: float) -> Boxes:
    return np.hstack((centres - half, centres + half))


def _fade(columns: NDArray[np.void], now_s: float) -> Floats:
    """Old positions are paler; an alarm's never."""
    age = np.nan_to_num(now_s - columns["fixed"], nan=0.0)
    share = np.clip((age - FADE_FROM_S) / (FADE_TO_S - FADE_FROM_S), 0.0, 1.0)
    return np.where(columns["alarm"] > 0, 1.0, 1.0 - share * (1.0 - FADED))


def _marks(table: UnitTable, units: Indices, centres: Floats, atlas: Atlas, fade: Floats) -> Floats:
    sprites = [atlas.symbol(table.rows[i]) for i in units.tolist()]
    return fragments(centres, sprites, atlas.ratio, opacity=fade)


def _labels(table: UnitTable, units: Indices, boxes: Boxes, atlas: Atlas, fade: Floats) -> Floats:
    sprites = [atlas.label(table.rows[i]) for i in units.tolist()]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    return fragments(middles, sprites, atlas.ratio, opacity=fade)


def _places(
    index: PlaceIndex,
    camera: Camera,
    corner: tuple[float, float],
    atlas: Atlas,
    occupancy: Occupancy,
) -> tuple[Floats, Boxes]:
    """Dots and names; the box of a dot is that of its name, so that they come and go together."""
    centres = np.column_stack((index.x, index.y)) * camera.scale - corner
    inside = _inside(centres, camera)
    inside = inside[index.at_zoom(camera.zoom)[inside]]
    looks = [_place_look(index.places[i], atlas) for i in inside.tolist()]
    sizes = np.array(
        [
            place_size(index.places[i].name, used)
            for i, (used, _) in zip(inside.tolist(), looks, strict=True)
        ]
    ).reshape(-1, 2)
    area = np.array([index.places[i].kind == "municipality" for i in inside.tolist()], bool)
    middles = centres[inside] - np.column_stack((np.zeros(len(inside)), sizes[:, 1] / 2 + 2))
    boxes = np.hstack((middles - sizes / 2, middles + sizes / 2))
    roomy = boxes + np.array((-PLACE_PAD, -PLACE_PAD / 2, PLACE_PAD, PLACE_PAD / 2 + 4))
    stands = np.flatnonzero(occupancy.choose(roomy))
    names = [atlas.place(index.places[inside[i]].name, *looks[i]) for i in stands.tolist()]
    dotted = stands[~area[stands]]
    dots = [atlas.dot(atlas.palette.map_label)] * len(dotted)
    rows = np.concatenate(
        (
            fragments(centres[inside][dotted], dots, atlas.ratio),
            fragments(middles[stands], names, atlas.ratio),
        )
    )
    return rows, np.concatenate((boxes[dotted], boxes[stands]))


def _place_look(place: Place, atlas: Atlas) -> tuple[QFont, str]:
    p = atlas.palette
    if place.kind == "town" and place.population >= 30_000:
        return font(15, medium=True), p.text
    if place.kind == "town" and place.population >= 6_000:
        return font(13, medium=True), p.map_label
    return font(12 if place.kind != "municipality" else 11), p.map_label
