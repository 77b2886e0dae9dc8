"""The one surface that draws the whole map, from cached tiles and finished rows."""

from __future__ import annotations

import math
import time
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QPinchGesture, QWidget

from widgets.contracts.landmarks import KEY_PREFIX
from widgets.contracts.rows import UnitRow
from widgets.contracts.sources import Clock
from widgets.map import overlay
from widgets.map.camera import STEPS, Camera
from widgets.map.declutter import Boxes, Mask
from widgets.map.furniture import Furniture
from widgets.map.landmarks import Landmarks
from widgets.map.layout import Layout, Scene, Steps, bare, building, finished, line_at
from widgets.map.measuring import Measuring
from widgets.map.names import PlaceIndex
from widgets.map.placemark import PlaceMark
from widgets.map.projection import forward, inverse_point
from widgets.map.symbols import Atlas, Batch, Shift
from widgets.map.table import RAISED, UnitTable
from widgets.map.tiles import SIDE, TileKey, TileStore
from widgets.map.trails import Trails
from widgets.theme import Palette

PULSE_MS: Final = 60
PULSE_HZ: Final = 1.5  # calm, and below the 2 Hz of the alarm panel's flash
PULSE_REACH: Final = 46  # pixels round an alarm's mark
HIT_PX: Final = 16.0
ALMOST: Final = 0.99  # of a step of the zoom
CLICK_PX: Final = 5  # a hand that has moved less has clicked
WHEEL_STEP: Final = 60  # of angleDelta for a quarter of a zoom: a notch is half a zoom
PAN_PX: Final = 120
HOLD_MS: Final = 60  # tiles are asked for when a zooming hand pauses so long: half-way ones not
SLICE_S: Final = 0.004  # of a layout's making at a time
HAND_SLICE_S: Final = 0.0015  # while a hand moves the map
FEW: Final = 400  # units that are laid out at once, within a frame
SHARE: Final = 0.2  # of the time goes into layouts when nothing presses
SETTLE_MS: Final = 120  # after the hand's last move everything finds its final place
FIT_PX: Final = (64, 50, 72, 84)  # left, top, right, bottom: labels, buttons and the legend
SOUTH_NORWAY: Final = (57.9, 62.2, 4.8, 12.4)


class MapLayer(QWidget):
    """Paints, pans, zooms. What the units are is told to it."""

    unit_pressed = Signal(str)
    pile_pressed = Signal(tuple, QPoint)  # keys of the units below one mark, where on the screen
    band_drawn = Signal(QRectF, QPoint)  # in pixels of the map, where on the screen it ended
    moved_by_hand = Signal()  # not by the wheel: that keeps what is in the middle, if it is asked
    landmark_pressed = Signal(str, QPoint)  # its key, where on the screen
    fit_wanted = Signal()
    menu_wanted = Signal(str, float, float, QPoint)  # a unit or "", degrees, where on the screen

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
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._store, self._places, self._clock, self._palette = store, places, clock, palette
        self.table = UnitTable()
        self.trails = Trails()
        self.furniture = Furniture("", ())
        self.blocked: list[QRectF] = []  # below the buttons
        self._scale = 1.0  # how much larger everything is drawn: a map of fewer, larger pixels
        self._atlas = Atlas(palette, 1.0)
        self._batch = Batch()
        self._layout: Layout | None = None
        self._work: Steps[Layout] | None = None
        self._is_stale = True  # the units or the camera have changed since the work began
        self._spent_s = self._ended_s = 0.0  # of the last work
        self._whole_step = 0  # the last zoom of which every tile in view was there
        self._wheel = 0
        self._pinched = 0.0  # steps of zoom that have not come to a whole one
        self._grip: QPointF | None = None
        self._pressed_at: QPointF | None = None
        self._band: QRectF | None = None  # drawn by the hand, to choose all units in it
        self._mark: tuple[float, float] | None = None  # from where distances are measured
        self.landmarks = Landmarks()
        self.measuring = Measuring(self)
        self.measuring.changed.connect(self.update)
        self._by_keys = False  # the hand that moved the map last
        self._gone_to = ""  # the landmark that the keyboard went to last
        self._place: PlaceMark | None = None  # that was looked for
        self.camera = Camera(0.5, 0.5, 0, 1, 1)
        self._hold = self._rest_timer(HOLD_MS)
        self._hold.timeout.connect(self.update)
        self._settle = self._rest_timer(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._turn = self._rest_timer(0)
        self._turn.timeout.connect(self._work_some)
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
        self._end_work()
        self.refresh(at_once=True)
        self.update()

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

    def refresh(self, *, at_once: bool = False) -> None:
        """The units have changed, or the hand has come to rest. A layout that does not press waits
        so long after the last one that they take but a share of the time."""
        self._settle.stop()
        self._is_stale = True
        if self._work is None and self.isVisible():
            due_s = 0.0 if at_once else self._ended_s + self._spent_s / SHARE
            wait_ms = max(0, round(1_000 * (due_s - time.monotonic())))
            if not self._turn.isActive() or self._turn.remainingTime() > wait_ms:
                self._turn.start(wait_ms)

    def set_camera(self, camera: Camera) -> None:
        if camera != self.camera:
            if camera.step != self.camera.step and self._whole_step:
                self._hold.start()
            self.camera = camera
            self._settle.start()
            self.update()

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
        return rests and (not self.isVisible() or not (self._is_stale or self._work is not None))

    def unit_at(self, where: QPointF) -> str | None:
        """The key of the mark below a point, the top one; else of the line of a label there."""
        return self.mark_at(where) or self._line_at(where)

    def mark_at(self, where: QPointF) -> str | None:
        layout = self._shown_layout()
        shift = layout.shift(self.camera, self._atlas.ratio)
        at = np.array((where.x(), where.y()))
        far = np.hypot(*(shift.points(layout.centres) - at).T)
        far[~layout.seen] = math.inf
        if not len(far) or far.min() > HIT_PX:
            return None
        return layout.table.rows[int(layout.units[int(far.argmin())])].key

    def _line_at(self, where: QPointF) -> str | None:
        layout = self._shown_layout()
        shift = layout.shift(self.camera, self._atlas.ratio)
        named = line_at(layout, shift, where.x(), where.y())
        return None if named is None else layout.table.rows[named].key

    def units_in(self, box: QRectF) -> tuple[str, ...]:
        """All whose place is in a box of the map's pixels, also below another one's mark."""
        left, top = self.camera.origin(self._atlas.ratio)
        columns, scale = self.table.columns, self.camera.scale
        x, y = columns["x"] * scale - left, columns["y"] * scale - top
        with np.errstate(invalid="ignore"):
            inside = (x >= box.left()) & (x <= box.right()) & (y >= box.top()) & (y <= box.bottom())
        return tuple(self.table.rows[i].key for i in np.flatnonzero(inside).tolist())

    def landmark_at(self, where: QPointF) -> str | None:
        """The key of the pin or place below a point."""
        layout = self._shown_layout()
        return self.landmarks.at(where, layout.shift(self.camera, self._atlas.ratio))

    def degrees_at(self, where: QPointF) -> tuple[float, float]:
        """Of a point of the map."""
        left, top = self.camera.origin(self._atlas.ratio)
        scale = self.camera.scale
        return inverse_point((where.x() + left) / scale, (where.y() + top) / scale)

    def pointed(self) -> tuple[float, float]:
        """Where the hand is: the mouse, if it is over the map and moved last; else the middle."""
        if self.underMouse() and not self._by_keys:
            return self._meant_at(self.on_map(QPointF(self.mapFromGlobal(QCursor.pos()))))
        return self._meant_at(QPointF(*self.size_of_map) / 2)

    def _meant_at(self, where: QPointF) -> tuple[float, float]:
        """A unit or a landmark that is pointed at, by its own place."""
        unit, landmark = self.unit_at(where), self.landmark_at(where)
        row = self.table.get(unit) if unit is not None else None
        if row is not None and row.lat is not None and row.lon is not None:
            return row.lat, row.lon
        place = self.landmarks.find(landmark) if landmark is not None else None
        return self.degrees_at(where) if place is None else (place.lat, place.lon)

    def go_to_landmark(self, step: int) -> None:
        """The next pin or place into the middle, or the one before."""
        row = self.landmarks.after(self._gone_to, step)
        if row is not None:
            self._gone_to = row.key
            x, y = forward(row.lat, row.lon)
            self.set_camera(self.camera.centred(float(x), float(y)))
            self.setAccessibleDescription(row.name)

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
        left, top = self.camera.origin(self._atlas.ratio)
        row, scale = self.table.columns[at], self.camera.scale
        return QPointF(float(row["x"]) * scale - left, float(row["y"]) * scale - top)

    # Painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._follow_ratio()
        layout = self._shown_layout()
        left, top = self.camera.origin(self._atlas.ratio)
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.scale(self._scale, self._scale)
        self._paint_tiles(painter, event.rect(), left, top)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_units(painter, layout, layout.shift(self.camera, self._atlas.ratio))
        if self._mark is not None:
            overlay.paint_mark(painter, self._view.point(*self._mark), self._palette)
        if self._band is not None:
            overlay.paint_band(painter, self._band, self._palette)
        self.landmarks.paint_preview(painter, self.camera, (left, top), self._palette)
        self.measuring.paint(painter, self.camera, (left, top), self._palette)
        if self._by_keys and self.hasFocus():
            overlay.paint_middle(painter, QPointF(*self.size_of_map) / 2, self._palette)
        self.furniture.paint(painter, self.camera, self._palette, self._atlas.ratio)
        painter.end()
        self._mind_pulse()

    def _follow_ratio(self) -> None:
        ratio = self.devicePixelRatioF() * self._scale
        self._store.set_look(self._palette, ratio)
        if ratio != self._atlas.ratio:
            self._atlas = Atlas(self._palette, ratio)
            self._layout = None

    def _shown_layout(self) -> Layout:
        """The last one, until another is ready; after a wide jump one without labels meanwhile."""
        if self._layout is not None and self._layout.will_do(self.camera):
            return self._layout
        if self._layout is None or len(self.table.rows) <= FEW:
            return self._fresh_layout()
        scene = Scene(self.table.frozen(), self.camera, self._atlas, self._clock.now_s())
        self._layout = bare(scene, self._layout.shown)
        self.refresh(at_once=True)
        return self._layout

    def _fresh_layout(self) -> Layout:
        """Of what is there now, at once: only where nothing can be shown before it is made."""
        stands = self._layout is not None and self._layout.covers(self.camera)
        if self._is_stale or self._work is not None or not stands:
            self._end_work()
            self._begin()
            assert self._work is not None
            self._take(finished(self._work))
        assert self._layout is not None
        return self._layout

    def _begin(self) -> None:
        if self._atlas.is_full:
            self._atlas = Atlas(self._palette, self._atlas.ratio)
        self._is_stale, self._spent_s = False, 0.0
        self._work = building(
            self.table.frozen(),
            self._places,
            self.camera,
            self._atlas,
            now_s=self._clock.now_s(),
            shown=self._layout.shown if self._layout is not None else frozenset(),
            no_go=self._no_go(),
            pins=self.landmarks.pin_boxes(self.camera, self._atlas.ratio),
        )

    def _work_some(self) -> None:
        """So long that the window stays quick, then Qt has its turn."""
        if not self.isVisible():
            self._end_work()
            return
        if self._work is None:
            self._begin()
        began = time.perf_counter()
        slice_s = HAND_SLICE_S if self._settle.isActive() else SLICE_S
        try:
            while time.perf_counter() - began < slice_s:
                next(self._work)  # type: ignore[arg-type]  # it has just been begun
        except StopIteration as end:
            self._spent_s += time.perf_counter() - began
            self._take(end.value)
            return
        self._spent_s += time.perf_counter() - began
        self._turn.start(0)

    def _take(self, layout: Layout) -> None:
        self._layout, self._work = layout, None
        self._ended_s = time.monotonic()
        self.update()
        if self._is_stale or not layout.covers(self.camera):
            self.refresh()

    def _end_work(self) -> None:
        """What was begun is of no use any more."""
        self._turn.stop()
        self._is_stale = self._is_stale or self._work is not None
        self._work = None

    def _paint_tiles(self, painter: QPainter, part: QRect, left: float, top: float) -> None:
        wanted = self._tiles_in(self._whole().translated(left, top))
        self._store.want_only(wanted)
        look = self._store.peek if self._hold.isActive() else self._store.get
        found = {key: look(key) for key in wanted}
        missing = [key for key, pixmap in found.items() if pixmap is None]
        for key in missing:
            place = QRectF(key.x * SIDE - left, key.y * SIDE - top, SIDE, SIDE)
            painter.fillRect(place, QColor(self._palette.water))
        if missing and self._whole_step != self.camera.step:
            self._paint_fallback(painter, left, top)
        for key, pixmap in found.items():
            if pixmap is not None:
                painter.drawPixmap(QPointF(key.x * SIDE - left, key.y * SIDE - top), pixmap)
        if not missing:
            self._whole_step = self.camera.step

    def _tiles_in(self, world: QRectF) -> list[TileKey]:
        columns = range(int(world.left() // SIDE), int(world.right() // SIDE) + 1)
        rows = range(int(world.top() // SIDE), int(world.bottom() // SIDE) + 1)
        return [TileKey(self.camera.step, x, y) for y in rows for x in columns]

    def _paint_fallback(self, painter: QPainter, left: float, top: float) -> None:
        """An older zoom's tiles, stretched, until the right ones are drawn."""
        times = 2.0 ** ((self.camera.step - self._whole_step) / STEPS)
        side, view = SIDE * times, self._whole()
        for key, pixmap in self._store.kept(self._whole_step):
            target = QRectF(key.x * side - left, key.y * side - top, side, side)
            if target.intersects(view):
                painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    def _whole(self) -> QRectF:
        return QRectF(0, 0, *self.size_of_map)

    def _paint_units(self, painter: QPainter, layout: Layout, shift: Shift) -> None:
        no_go, atlas, p = self._no_go(), layout.atlas, self._palette
        names = layout.places.sprites.picked(_free(layout.places.boxes(shift), no_go))
        self._batch.draw(painter, atlas, names, shift)
        self.landmarks.paint(painter, layout, shift, self._batch, no_go)
        overlay.paint_trails(painter, self.trails, self._view, layout, p)
        overlay.paint_rings(painter, layout, self._view, p)
        for rows in (layout.ticks, layout.marks):
            self._batch.draw(painter, atlas, rows, shift)
        labels = layout.labels.sprites.picked(_free(layout.labels.boxes(shift), no_go))
        self._batch.draw(painter, atlas, labels, shift)
        self._batch.draw(painter, atlas, layout.badges, shift)
        if self._place is not None:  # what was looked for, below who alarms or speaks there
            corner = QPointF(*self.camera.origin(self._atlas.ratio))
            self._place.paint(painter, self.camera.scale, corner, p)
        overlay.paint_speakers(painter, layout, shift, p)
        overlay.paint_alarms(painter, layout, shift, p, (self._clock.now_s() * PULSE_HZ) % 1.0)
        self._batch.draw(painter, atlas, layout.urgent, shift)

    @property
    def _view(self) -> overlay.View:
        return overlay.View(self.camera, self._atlas.ratio)

    def _no_go(self) -> Boxes:
        rects = [*self.furniture.rects(self.camera), *self.blocked]
        edges = [(r.left(), r.top(), r.right(), r.bottom()) for r in rects]
        return np.array(edges, np.float64).reshape(-1, 4)

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
        if self._is_stale:
            self.refresh(at_once=True)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self._pulse.stop()

    # Hands ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_camera()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the keyboard it is about the middle."""
        is_pointed = event.reason() == QContextMenuEvent.Reason.Mouse
        where = event.pos() if is_pointed else self.rect().center()
        at = self.on_map(QPointF(where))
        lat, lon = self.degrees_at(at)
        landmark = self.landmark_at(at)
        key = self.unit_at(at) or ("" if landmark is None else KEY_PREFIX + landmark)
        self.menu_wanted.emit(key, lat, lon, self.mapToGlobal(where))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        at = self.on_map(event.position())
        self.set_camera(self.camera.zoomed(steps, at.x(), at.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._by_keys = False
        self._pressed_at = self.on_map(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._band = QRectF(self._pressed_at, self._pressed_at)
        else:
            self._grip = self._pressed_at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.on_map(event.position())
        if self._band is not None and self._pressed_at is not None:
            self._band = QRectF(self._pressed_at, at).normalized()
            self.update()
        elif self._grip is not None:
            step, self._grip = at - self._grip, at
            self.set_camera(self.camera.moved(step.x(), step.y()))
            if self._has_moved(at):
                self.moved_by_hand.emit()
        else:
            self._hover(at)

    def _has_moved(self, at: QPointF) -> bool:
        return self._pressed_at is None or (at - self._pressed_at).manhattanLength() > CLICK_PX

    def _hover(self, at: QPointF) -> None:
        self._by_keys = False
        if self.measuring.is_on:
            self.measuring.point_at(*self._meant_at(at))
            self.setCursor(Qt.CursorShape.CrossCursor)
            return
        over = self.unit_at(at) is not None or self.landmark_at(at) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self.on_map(event.position())
        band, was_click = self._band, self._pressed_at is not None and not self._has_moved(at)
        self._grip = self._pressed_at = self._band = None
        if band is not None:
            self.update()
        if was_click:
            self._click(at, event.globalPosition().toPoint())
        elif band is not None:
            self.band_drawn.emit(band, event.globalPosition().toPoint())

    def _click(self, at: QPointF, where: QPoint) -> None:
        """A mark that hides others opens; a line of a label is the unit's that it names. While a
        line is measured, it goes on to here."""
        if self.measuring.is_on:
            self.measuring.add(*self._meant_at(at))
            return
        key = self.mark_at(at)
        pile = () if key is None else self.pile_of(key)
        if len(pile) > 1:
            self.pile_pressed.emit(tuple(row.key for row in pile), where)
            return
        key, landmark = key or self._line_at(at), self.landmark_at(at)
        if key is not None:
            self.unit_pressed.emit(key)
        elif landmark is not None:
            self.landmark_pressed.emit(landmark, where)

    def drop_band(self) -> bool:
        """Whether there was one."""
        was_there, self._band = self._band is not None, None
        if was_there:
            self._pressed_at = None
            self.update()
        return was_there

    def event(self, event: QEvent) -> bool:
        """Two fingers on a touch pad or a screen that can be touched."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._pinch(1.0 + event.value(), self.on_map(event.position()))
                return True
        elif event.type() == QEvent.Type.Gesture:
            pinch = event.gesture(Qt.GestureType.PinchGesture)  # type: ignore[attr-defined]
            if isinstance(pinch, QPinchGesture):
                middle = self.on_map(QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())))
                self._pinch(pinch.scaleFactor(), middle)
                return True
        return super().event(event)

    def _pinch(self, times: float, at: QPointF) -> None:
        """So many times as large. Gathered until it comes to a step of the zoom; the ground between
        the fingers stays there."""
        self._pinched += STEPS * math.log2(min(max(times, 0.1), 10.0))
        steps = round(self._pinched) if abs(self._pinched) >= ALMOST else 0
        self._pinched -= steps
        self.set_camera(self.camera.zoomed(steps, at.x(), at.y()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.measuring.is_on:
            return  # the second click of a leg's end
        at = self.on_map(event.position())
        self.set_camera(self.camera.zoomed(4, at.x(), at.y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − zoom, 0 shows all units, arrows pan, Page Up and Down go to pins and places;
        while a line is measured Enter ends a leg, Backspace takes it back. Every other key is the
        window's."""
        moves = {
            Qt.Key.Key_Left: (PAN_PX, 0),
            Qt.Key.Key_Right: (-PAN_PX, 0),
            Qt.Key.Key_Up: (0, PAN_PX),
            Qt.Key.Key_Down: (0, -PAN_PX),
        }
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_by(2)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(-2)
        elif key == Qt.Key.Key_0:
            self.fit_wanted.emit()
        elif key in moves:
            self._by_keys = True
            self.set_camera(self.camera.moved(*moves[key]))
            self.moved_by_hand.emit()
            self._follow_middle()
        elif key in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            self._by_keys = True
            self.go_to_landmark(1 if key == Qt.Key.Key_PageDown else -1)
            self._follow_middle()
        elif self.measuring.is_on and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.measuring.add(*self._meant_at(QPointF(*self.size_of_map) / 2))
        elif self.measuring.is_on and key == Qt.Key.Key_Backspace:
            self.measuring.take_back()
        else:
            event.ignore()

    def _follow_middle(self) -> None:
        """A line's last leg follows the keyboard's hand, too."""
        if self.measuring.is_on:
            self.measuring.point_at(*self._meant_at(QPointF(*self.size_of_map) / 2))

    def zoom_by(self, steps: int) -> None:
        width, height = self.size_of_map
        self.set_camera(self.camera.zoomed(steps, width / 2, height / 2))


def _free(boxes: Boxes, no_go: Boxes) -> Mask:
    """Which boxes touch none of the forbidden ones."""
    free = np.ones(len(boxes), bool)
    for left, top, right, bottom in no_go:
        free &= (
            (boxes[:, 2] <= left)
            | (boxes[:, 0] >= right)
            | (boxes[:, 3] <= top)
            | (boxes[:, 1] >= bottom)
        )
    return free
