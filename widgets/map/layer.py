"""The one surface that draws the whole map, from cached tiles and finished rows."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from widgets.contracts.rows import UnitRow
from widgets.contracts.sources import Clock
from widgets.map import canvas, overlay
from widgets.map.alarm_boxes import alarm_boxes
from widgets.map.camera import Camera, View
from widgets.map.canvas import Canvas, Picture, Stamp
from widgets.map.declutter import Boxes
from widgets.map.furniture import Furniture
from widgets.map.hands import Hands
from widgets.map.layout import NO_BOXES, Layout, Scene, bare, building, extended, line_at
from widgets.map.making import Making
from widgets.map.names import PlaceIndex
from widgets.map.pace import Pace, Steps, finished
from widgets.map.placemark import PlaceMark
from widgets.map.projection import forward, inverse_point
from widgets.map.scenery import Scenery
from widgets.map.symbols import Atlas, Shift
from widgets.map.table import RAISED, UnitTable
from widgets.map.tiles import TileStore
from widgets.theme import Palette

PULSE_MS: Final = 60
PULSE_HZ: Final = 1.5  # calm, and below the 2 Hz of the alarm panel's flash
PULSE_REACH: Final = 46  # pixels round an alarm's mark
HIT_PX: Final = 16.0
MARK_PX: Final = 11.0  # of a unit's mark itself: beyond it a pin is meant, if one is there
HOLD_MS: Final = 60  # tiles are asked for when a zooming hand pauses so long: half-way ones not
FEW: Final = 400  # units that are laid out at once, within a frame, and drawn each time
DRAW_RANK: Final = 0  # of pictures among the map's work: in turn with news
SOON_MS: Final = 20  # a hand that moves makes a frame within this
SETTLE_MS: Final = 120  # after the hand's last move everything finds its final place
FIT_PX: Final = (64, 50, 72, 84)  # left, top, right, bottom: labels, buttons and the legend
SOUTH_NORWAY: Final = (57.9, 62.2, 4.8, 12.4)


class MapLayer(Hands):
    """Paints, pans, zooms. What the units are is told to it."""

    def __init__(
        self,
        store: TileStore,
        places: PlaceIndex,
        clock: Clock,
        palette: Palette,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._store, self.places, self._clock, self._palette = store, places, clock, palette
        self.table = UnitTable()
        self.scenery = Scenery(store)
        self.landmarks, self.trails = self.scenery.landmarks, self.scenery.trails
        self.furniture = Furniture("", ())
        self.laid: list[QRectF] = []  # what lies on the map: buttons, cards, arrows
        self.blocked: list[QRectF] = []  # of that, where no label is to stand
        self._scale = 1.0  # how much larger everything is drawn: a map of fewer, larger pixels
        self._atlas = Atlas(palette, 1.0)
        self._layout: Layout | None = None
        self._next: Layout | None = None  # finished, shown as soon as its picture is
        self._canvas = Canvas()
        self._moved_s = 0.0
        self._seen_step = 0  # of the last frame
        self._drew = False  # the last frame without a picture
        self._mark: tuple[float, float] | None = None  # from where distances are measured
        self._place: PlaceMark | None = None  # that was looked for
        self._hold = self._rest_timer(HOLD_MS)
        self._hold.timeout.connect(self.update)
        self._settle = self._rest_timer(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._soon = self._rest_timer(SOON_MS)
        self._soon.timeout.connect(self.update)
        self.pace = Pace(self._is_moving, self)
        self.pace.add(self._draw_some, DRAW_RANK)
        self._making = Making(self._steps, self.pace, self)
        self._making.made.connect(self._made)
        self._pulse = QTimer(self)
        self._pulse.setInterval(PULSE_MS)
        self._pulse.timeout.connect(self._repaint_alarms)
        store.arrived.connect(self.update)
        self.show_box(SOUTH_NORWAY)

    def _rest_timer(self, wait_ms: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(wait_ms)
        return made

    # What is shown ---------------------------------------------------------------------------

    def set_palette(self, palette: Palette) -> None:
        self._palette = palette
        self._atlas = Atlas(palette, self._atlas.ratio)
        self._making.halt()
        self._next = None
        self.refresh(at_once=True)
        self.update()

    def show_same(self, other: MapLayer) -> None:
        """All that another one shows now, but for what a hand is at."""
        self.table = other.table.frozen()
        self.landmarks.set_rows(other.landmarks.rows)
        self.trails = self.scenery.trails = other.trails
        self._mark, self._place = other._mark, other._place
        self.measuring.show_same(other.measuring)

    def set_places(self, places: PlaceIndex) -> None:
        """Those that are named from now on."""
        self.places = places
        self.refresh()

    @property
    def scale(self) -> float:
        """How much larger than usual everything is drawn."""
        return self._scale

    def set_scale(self, scale: float) -> None:
        if scale != self._scale:
            self._scale = scale
            self.fit_camera()
            self.refresh(at_once=True)
            self.update()

    def fit_camera(self) -> None:
        """To the widget's size."""
        self.set_camera(self.camera.sized(*self.size_of_map))

    @property
    def size_of_map(self) -> tuple[int, int]:
        return math.ceil(self.width() / self._scale), math.ceil(self.height() / self._scale)

    def on_map(self, at: QPointF) -> QPointF:
        """A point of the widget."""
        return at / self._scale

    def refresh(self, *, at_once: bool = False, presses: bool = False) -> None:
        """The units have changed, or the hand has come to rest. ``presses``: somebody begins or
        ends to alarm or to speak."""
        self._settle.stop()
        self._making.is_stale = True
        if self._is_seen:
            self._making.refresh(at_once=at_once, presses=presses)

    @property
    def _is_seen(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def set_camera(self, camera: Camera) -> None:
        if camera == self.camera:
            return
        if camera.step != self.camera.step:
            if self.scenery.ground.has_been_whole:
                self._hold.start()
            self._take_next()
            self._canvas.leave()  # of no use any more
        self.camera, self._moved_s = camera, time.perf_counter()
        self._settle.start()
        self._look_ahead()
        self.update()
        self.camera_moved.emit()

    def _is_moving(self) -> bool:
        """Whether the next move of a hand is near."""
        return time.perf_counter() - self._moved_s < SETTLE_MS / 1_000

    def _look_ahead(self) -> None:
        """A layout takes its time: the next one is begun before a hand leaves what this covers."""
        layout = self._layout
        if layout is not None and layout.nearly_left(self.camera) and self._is_seen:
            self._making.refresh(at_once=True)

    def set_mark(self, place: tuple[float, float] | None) -> None:
        """From where distances are measured, in degrees."""
        self._mark = None
        if place is not None:
            x, y = forward(*place)
            self._mark = float(x), float(y)
        self.update()

    def set_place(self, place: PlaceMark | None) -> None:
        """That was looked for: named until it is taken away."""
        self._place = place
        self.refresh(at_once=True)
        self.update()

    @property
    def place(self) -> PlaceMark | None:
        return self._place

    def show_box(self, box: tuple[float, float, float, float], closest: int = 40) -> None:
        """(south, north, west, east) in degrees."""
        left, top = forward(box[1], box[2])
        right, bottom = forward(box[0], box[3])
        world = (float(left), float(top), float(right), float(bottom))
        self.set_camera(self.camera.fitted(world, FIT_PX, closest))

    @property
    def pulsing(self) -> bool:
        return self._pulse.isActive()

    @property
    def settled(self) -> bool:
        """Labels stand where they will stay."""
        rests = not (self._settle.isActive() or self._hold.isActive())
        busy = self._making.is_stale or self._making.is_busy or self._next is not None
        return rests and (not self._is_seen or not busy)

    def mark_at(self, where: QPointF) -> str | None:
        layout, shift = self._shown_with_shift()
        at = np.array((where.x(), where.y()))
        far = np.hypot(*(shift.points(layout.centres) - at).T)
        far[~layout.seen] = math.inf
        nearest = int(far.argmin()) if len(far) else -1
        if nearest < 0 or far[nearest] > HIT_PX:
            return None
        unit = int(layout.units[nearest])
        if far[nearest] > MARK_PX and layout.pins.at(where, shift) is not None:
            return None
        return layout.table.rows[unit].key if self._is_on_top(layout, unit, where) else None

    def line_at(self, where: QPointF) -> str | None:
        layout, shift = self._shown_with_shift()
        named = line_at(layout, shift, where.x(), where.y())
        if named is None or not self._is_on_top(layout, named, where):
            return None
        return layout.table.rows[named].key

    def _shown_with_shift(self) -> tuple[Layout, Shift]:
        layout = self._shown_layout()
        return layout, layout.shift(self.camera, self._atlas.ratio)

    def _is_on_top(self, layout: Layout, unit: int, where: QPointF) -> bool:
        """Pins lie above all units but those that alarm or speak."""
        shift = layout.shift(self.camera, self._atlas.ratio)
        presses = layout.table.columns["rank"][unit] <= 1
        return bool(presses) or layout.pins.at(where, shift) is None

    def units_in(self, box: QRectF) -> tuple[str, ...]:
        """All whose place is in a box of the map's pixels, also below another one's mark."""
        columns = self.table.columns
        x, y = self._view.points(np.column_stack((columns["x"], columns["y"]))).T
        with np.errstate(invalid="ignore"):
            inside = (x >= box.left()) & (x <= box.right()) & (y >= box.top()) & (y <= box.bottom())
        return tuple(self.table.rows[i].key for i in np.flatnonzero(inside).tolist())

    def landmark_at(self, where: QPointF) -> str | None:
        """The key of the pin or place below a point."""
        layout, shift = self._shown_with_shift()
        return layout.pins.at(where, shift) or self.landmarks.at(where, self._view)

    def pins_of(self, key: str) -> tuple[str, ...]:
        return self._shown_layout().pins.pile_of(key)

    def degrees_at(self, where: QPointF) -> tuple[float, float]:
        """Of a point of the map."""
        left, top = self.camera.origin(self._atlas.ratio)
        scale = self.camera.scale
        return inverse_point((where.x() + left) / scale, (where.y() + top) / scale)

    def spot_of(self, lat: float, lon: float) -> QPointF:
        x, y = forward(lat, lon)
        return QPointF(*self._view.point(float(x), float(y)))

    def pile_of(self, key: str) -> tuple[UnitRow, ...]:
        """All who stand below a unit's mark, itself first; the mark hides the others."""
        layout = self._shown_layout()
        at = layout.table.find(key)
        pile = () if at is None else layout.piles.get(at, (at,))
        return tuple(layout.table.rows[i] for i in pile)

    def place_of(self, key: str) -> QPointF | None:
        """Where a unit's mark stands in the widget."""
        at = self.table.find(key)
        if at is None or not math.isfinite(self.table.columns["x"][at]):
            return None
        row = self.table.columns[at]
        return QPointF(*self._view.point(float(row["x"]), float(row["y"])))

    # Painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self.pace.frame_begins()
        self._follow_ratio()
        layout, view = self._shown_layout(), self._view
        around = self._around(view)
        self.scenery.ground.want(view, around, ask=not self._hold.isActive())
        picture = self._picture_of(layout, view)
        if picture is None and self._canvas_pays and self._may_finish(layout, view):
            layout, picture = self._finished_picture(view, around)
        self._drew = picture is None
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        if picture is not None:
            picture.blit(painter, view, self._scale)
        painter.scale(self._scale, self._scale)
        if picture is None:
            finished(self._draw(layout, painter, view))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_place(painter, view)
        self._paint_hands(painter, layout, view)
        self.furniture.paint(painter, self.camera, self._palette, self._atlas.ratio)
        self._paint_urgent(painter, layout, view)
        painter.end()
        if event.rect().contains(self.rect()):
            self._soon.stop()
        if self._hold.isActive() and self.camera.step != self._seen_step:
            self._hold.start()  # counted from when the hand sees where it is
        self._seen_step = self.camera.step
        self._mind_canvas(view, around)
        self._mind_pulse()
        self.pace.frame_ends()

    def _follow_ratio(self) -> None:
        ratio = self.devicePixelRatioF() * self._scale
        self._store.set_look(self._palette, ratio)
        if ratio != self._atlas.ratio:
            self._atlas = Atlas(self._palette, ratio)
            self._layout = self._next = None

    def _paint_place(self, painter: QPainter, view: View) -> None:
        """What was looked for."""
        if self._place is not None:
            corner = QPointF(view.left, view.top)
            self._place.paint(painter, view.camera.scale, corner, self._palette)

    def _paint_urgent(self, painter: QPainter, layout: Layout, view: View) -> None:
        """Who speaks or alarms, last: nothing is drawn over an alarm."""
        p, shift = self._palette, layout.shift_to(view)
        overlay.paint_speakers(painter, layout, shift, p)
        overlay.paint_alarms(painter, layout, shift, p, (self._clock.now_s() * PULSE_HZ) % 1.0)
        self.scenery.batch.draw(painter, layout.atlas, layout.urgent, shift)

    def _paint_hands(self, painter: QPainter, layout: Layout, view: View) -> None:
        """What a hand is at."""
        p, corner = self._palette, (view.left, view.top)
        if self._mark is not None:
            overlay.paint_mark(painter, QPointF(*view.point(*self._mark)), p)
        if self._band is not None:
            overlay.paint_band(painter, self._band, p)
        self.landmarks.paint_preview(painter, self.camera, corner, p)
        self.landmarks.paint_carried(painter, self.carrying.carried, view, p)
        if self.measuring.is_on:
            shift = layout.shift_to(view)
            self.measuring.paint(
                painter,
                self.camera,
                corner,
                p,
                laid=edges_of([*self.furniture.rects(self.camera), *self.laid]),
                marks=np.vstack(
                    (alarm_boxes(layout, shift), layout.pins.boxes(shift), self._placed())
                ),
                labels=layout.cards.boxes(shift),
            )
        if self._by_keys and self.hasFocus():
            overlay.paint_middle(painter, QPointF(*self.size_of_map) / 2, p)

    # The picture of what a hand moves as one ---------------------------------------------------

    @property
    def _canvas_pays(self) -> bool:
        return len(self.table.rows) > FEW and canvas.pays(self.camera, self._atlas.ratio)

    def _around(self, view: View) -> View:
        """What of the world's picture is drawn: while a hand zooms no more than is seen."""
        if not self._canvas_pays or self._hold.isActive():
            return view
        return view.grown(canvas.MARGIN_PX, self._atlas.ratio)

    @property
    def _look(self) -> tuple[object, ...]:
        return (self._palette, self._atlas.ratio, *self.scenery.stamp)

    def _draw(self, layout: Layout, painter: QPainter, view: View) -> Steps[None]:
        return self.scenery.paint(painter, layout, view, self._no_go(), self._palette)

    def _picture_of(self, layout: Layout, view: View) -> Picture | None:
        """Where it is as good as what would be drawn now."""
        picture = self._canvas.picture
        if picture is None or picture.layout is not layout or not picture.covers(view, self._look):
            return None
        drawn, now = picture.stamp.tiles, self.scenery.ground.stamps(view)
        return picture if all(drawn.get(key) == tile for key, tile in now.items()) else None

    def _may_finish(self, layout: Layout, view: View) -> bool:
        """Rather than to draw all of it for this frame alone: if it is nearly there, or was not the
        last time either. While a hand zooms each step wants another picture."""
        canvas = self._canvas
        if canvas.is_half_done and canvas.suits(self._next or layout, view, self._look):
            return True
        return self._drew and (not self._hold.isActive() or canvas.is_half_done)

    def _finished_picture(self, view: View, around: View) -> tuple[Layout, Picture | None]:
        """Where there is no time between frames: better one that waits than each drawn anew."""
        self._take_next()
        layout = self._shown_layout()
        if not self._canvas.suits(layout, view, self._look):
            self._begin_picture(layout, around)
        self._canvas.finish()
        return layout, self._picture_of(layout, view)

    def _mind_canvas(self, view: View, around: View) -> None:
        """Another picture is begun when this one is not up to date, or ends near to the view."""
        if not self._canvas_pays:
            self._take_next()
            self._canvas.drop()
            return
        if self._canvas.is_busy or self._layout is None:
            return
        layout, picture, stamps = self._layout, self._canvas.picture, self.scenery.ground.stamps
        if not layout.reaches(self.camera, canvas.MARGIN_PX) and layout.touches(self.camera):
            layout = self._next = self._extended(layout)
            self._making.refresh(at_once=True)
        if (
            picture is None
            or picture.layout is not layout
            or not picture.covers(view, self._look)
            or picture.view.spare(view) < min(canvas.NEAR_PX, around.spare(view))
            or picture.stamp.tiles != stamps(picture.view)
        ):
            self._begin_picture(layout, around)

    def _begin_picture(self, layout: Layout, around: View) -> None:
        ratios = self._atlas.ratio, self.devicePixelRatioF()
        stamp = Stamp(self.scenery.ground.stamps(around), self._look)
        self._canvas.begin(
            layout, around, ratios, stamp, lambda painter: self._draw(layout, painter, around)
        )
        self.pace.wake(self._draw_some)

    def _draw_some(self) -> bool:
        if self._canvas.some():
            return True
        picture = self._canvas.picture
        if picture is not None and picture.layout is self._next:
            self._take_next()
        self._show_soon()
        return False

    def _show_soon(self) -> None:
        """With a hand's next frame, when it moves: an extra one would make that late."""
        if self._is_moving():
            self._soon.start()
        else:
            self.update()

    # The layout --------------------------------------------------------------------------------

    def _shown_layout(self) -> Layout:
        """The last one, until another is ready; after a wide jump one without labels meanwhile."""
        layout = self._layout
        if layout is not None and layout.will_do(self.camera):
            return layout
        if layout is None or len(self.table.rows) <= FEW:
            return self._fresh_layout()
        if layout.touches(self.camera):
            self._layout = self._extended(layout)
        else:
            now_s, pins = self._clock.now_s(), self.landmarks.pins
            scene = Scene(self.table.frozen(), self.camera, self._atlas, now_s, pins)
            self._layout = bare(scene, layout.shown)
        self.refresh(at_once=True)
        return self._layout

    def _extended(self, layout: Layout) -> Layout:
        return extended(layout, self.camera, self._clock.now_s(), self.landmarks.pins)

    def _fresh_layout(self) -> Layout:
        """Of what is there now, at once: only where nothing can be shown before it is made."""
        stands = self._layout is not None and self._layout.covers(self.camera)
        if self._making.is_stale or self._making.is_busy or not stands:
            self._next = None
            self._take(self._making.now())
        assert self._layout is not None
        return self._layout

    def _steps(self) -> Steps[Layout]:
        if self._atlas.is_full:
            self._atlas = Atlas(self._palette, self._atlas.ratio)
        return building(
            self.table.frozen(),
            self.places,
            self.camera,
            self._atlas,
            now_s=self._clock.now_s(),
            shown=self._layout.shown if self._layout is not None else frozenset(),
            no_go=self._no_go(),
            pins=self.landmarks.pins,
            placed=self._placed(),
        )

    def _placed(self) -> Boxes:
        """What the mark of what was looked for covers: pins and names leave it free."""
        if self._place is None:
            return NO_BOXES
        corner = QPointF(*self.camera.origin(self._atlas.ratio))
        return self._place.boxes(self.camera.scale, corner)

    def _made(self, layout: Layout) -> None:
        """It is shown together with its picture, so that no frame has to draw it; but what presses
        waits for none."""
        presses = self._making.presses or self._making.pressed
        before = self._layout is not None and layout.touches(self.camera)
        if presses or not (self._canvas_pays and before):
            self._take(layout)
            return
        if not layout.reaches(self.camera, canvas.MARGIN_PX):
            layout = self._extended(layout)
            self._making.is_stale = True
        self._next = layout
        self._begin_picture(layout, self._around(self._view))

    def _take_next(self) -> None:
        layout, self._next = self._next, None
        if layout is not None:
            self._take(layout)

    def _take(self, layout: Layout) -> None:
        if self._layout is None or self._layout.atlas is not layout.atlas:
            layout.atlas.keep_all()
        self._layout, self._next = layout, None
        self._show_soon()
        if self._making.is_stale or not layout.covers(self.camera):
            self.refresh()

    @property
    def _view(self) -> View:
        return View.of(self.camera, self._atlas.ratio)

    def _no_go(self) -> Boxes:
        return edges_of([*self.furniture.rects(self.camera), *self.blocked])

    # The pulse ---------------------------------------------------------------------------------

    def _alarm_spots(self) -> list[QRect]:
        """Round every unacknowledged alarm in view, on the widget."""
        layout = self._shown_layout()
        states = layout.table.columns["alarm"][layout.units]
        shift = layout.shift(self.camera, self._atlas.ratio)
        centres = shift.points(layout.centres[states == RAISED])
        reach, scale = math.ceil(PULSE_REACH * self._scale), self._scale
        spots = [
            QRect(int(x * scale) - reach, int(y * scale) - reach, 2 * reach, 2 * reach)
            for x, y in centres.tolist()
        ]
        return [spot for spot in spots if spot.intersects(self.rect())]

    def _mind_pulse(self) -> None:
        wanted = self.isVisible() and bool(self._alarm_spots())
        if wanted and not self._pulse.isActive():
            self._pulse.start()
        elif not wanted:
            self._pulse.stop()

    def _repaint_alarms(self) -> None:
        spots = self._alarm_spots()
        for spot in spots:
            self.update(spot)
        if not spots:
            self._pulse.stop()

    def showEvent(self, event: QShowEvent) -> None:
        if self._making.is_stale:
            self.refresh(at_once=True)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Who is seen by nobody needs neither layouts nor the memory of pictures."""
        self.carrying.drop()
        self._pulse.stop()
        self._making.halt()
        self._take_next()
        self._canvas.drop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_camera()


def edges_of(rects: Sequence[QRectF]) -> Boxes:
    edges = [(r.left(), r.top(), r.right(), r.bottom()) for r in rects]
    return np.array(edges, np.float64).reshape(-1, 4)
