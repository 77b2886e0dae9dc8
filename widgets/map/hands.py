"""What each move of a hand on the map means: mouse, wheel, two fingers, keys.

It moves the camera and tells what is pressed; what stands where is for whoever draws the map.
"""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QPinchGesture, QWidget

from widgets.contracts.landmarks import KEY_PREFIX, LandmarkRow
from widgets.contracts.rows import UnitRow
from widgets.map.camera import STEPS, Camera
from widgets.map.carrying import Carrying
from widgets.map.landmarks import Landmarks
from widgets.map.measuring import Measuring
from widgets.map.projection import forward
from widgets.map.table import UnitTable

ALMOST: Final = 0.99  # of a step of the zoom
CLICK_PX: Final = 5  # a hand that has moved less has clicked
WHEEL_STEP: Final = 60  # of angleDelta for a quarter of a zoom: a notch is half a zoom
PAN_PX: Final = 120
MIDDLE_PX: Final = 8  # what is so near to the map's middle the keyboard's menu is about
LIFT_MS: Final = 250
"""A pin is held so long before it comes along: a hand that pans begins on one by chance."""
ZOOM_KEYS: Final = (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus)
NO_COMMAND: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class Hands(QWidget):
    """A map under a hand. Where a point is asked for, it is one of the map's own pixels."""

    unit_pressed = Signal(str)
    pile_pressed = Signal(tuple, QPoint)  # keys of the units below one mark, where on the screen
    band_drawn = Signal(QRectF, QPoint)  # in pixels of the map, where on the screen it ended
    camera_moved = Signal()
    moved_by_hand = Signal()  # not by the wheel: that keeps what is in the middle, if it is asked
    landmark_pressed = Signal(str, QPoint)  # its key, where on the screen
    pins_pressed = Signal(tuple, QPoint)  # keys of those that one head counts
    landmark_moved = Signal(object, float, float)  # its row, where it is to stand, degrees
    fit_wanted = Signal()
    menu_wanted = Signal(str, float, float, QPoint)  # a unit or "", degrees, where on the screen

    choice_wanted = Signal(tuple, tuple, QPoint)  # keys of units, of pins and places in one spot

    table: UnitTable
    landmarks: Landmarks

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.camera = Camera(0.5, 0.5, 0, 1, 1)
        self.measuring = Measuring(self)
        self.measuring.changed.connect(self.update)
        self.carrying = Carrying(self)
        self.carrying.changed.connect(self.update)
        self._lift = QTimer(self)
        self._lift.setSingleShot(True)
        self._lift.setInterval(LIFT_MS)
        self._lift.timeout.connect(self._lift_pin)
        self._from_tip = QPointF()  # of a pin that is held to the hand that holds it
        self._wheel = 0
        self._pinched = 0.0  # steps of zoom that have not come to a whole one
        self._grip: QPointF | None = None
        self._pressed_at: QPointF | None = None
        self._band: QRectF | None = None  # drawn by the hand, to choose all units in it
        self._by_keys = False  # the hand that moved the map last
        self._gone_to = ""  # the landmark that the keyboard went to last

    # For whoever draws the map -----------------------------------------------------------------

    def set_camera(self, camera: Camera) -> None:
        raise NotImplementedError

    @property
    def size_of_map(self) -> tuple[int, int]:
        raise NotImplementedError

    def on_map(self, at: QPointF) -> QPointF:
        """A point of the widget."""
        raise NotImplementedError

    def degrees_at(self, where: QPointF) -> tuple[float, float]:
        raise NotImplementedError

    def spot_of(self, lat: float, lon: float) -> QPointF:
        """Where a place is on the map."""
        raise NotImplementedError

    def mark_at(self, where: QPointF) -> str | None:
        """The key of the unit whose mark is there."""
        raise NotImplementedError

    def line_at(self, where: QPointF) -> str | None:
        """The key of the unit that a line of a label there names."""
        raise NotImplementedError

    def landmark_at(self, where: QPointF) -> str | None:
        """The key of the pin or place there."""
        raise NotImplementedError

    def pins_of(self, key: str) -> tuple[str, ...]:
        """All that a pin's head counts, itself first; of any other landmark itself."""
        raise NotImplementedError

    def pile_of(self, key: str) -> tuple[UnitRow, ...]:
        """All who stand below a unit's mark, itself first."""
        raise NotImplementedError

    # What is meant -------------------------------------------------------------------------------

    def unit_at(self, where: QPointF) -> str | None:
        """The key of the mark below a point, the top one; else of the line of a label there."""
        return self.mark_at(where) or self.line_at(where)

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

    # A pin that is moved ----------------------------------------------------------------------

    def carry(self, row: LandmarkRow) -> None:
        """It goes with the hand until a click, or Enter for the map's middle, sets it down."""
        self.measuring.end()
        self.carrying.take(row)

    def _pin_at(self, where: QPointF) -> LandmarkRow | None:
        """One that the hand may move: nothing else is meant there."""
        if self.measuring.is_on or self.carrying.is_on or self.unit_at(where) is not None:
            return None
        key = self.landmark_at(where)
        is_one = key is not None and len(self.pins_of(key)) == 1
        row = self.landmarks.find(key) if key is not None and is_one else None
        return row if row is not None and row.is_pin and row.may_change else None

    def _lift_pin(self) -> None:
        held = self._pressed_at
        row = None if held is None else self._pin_at(held)
        if held is not None and row is not None:
            self._grip = None
            self._from_tip = held - self.spot_of(row.lat, row.lon)
            self.carrying.take(row, held=True)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _carry_to(self, hand: QPointF) -> None:
        self.carrying.point_at(*self.degrees_at(hand - self._from_tip))

    def _set_down(self) -> None:
        carried = self.carrying.carried
        self.carrying.drop()
        if carried is not None:
            row, (lat, lon) = carried
            self.landmark_moved.emit(row, lat, lon)

    def zoom_by(self, steps: int) -> None:
        width, height = self.size_of_map
        self.set_camera(self.camera.zoomed(steps, width / 2, height / 2))

    def drop_band(self) -> bool:
        """Whether there was one."""
        was_there, self._band = self._band is not None, None
        if was_there:
            self._pressed_at = None
            self.update()
        return was_there

    # Qt's events -----------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the keyboard it is about the middle."""
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            self._open_in_middle()
            return
        at = self.on_map(QPointF(event.pos()))
        unit, landmark = self.unit_at(at), self.landmark_at(at)
        pins = () if unit is not None or landmark is None else self.pins_of(landmark)
        if len(pins) > 1:
            self.choice_wanted.emit((), pins, self.mapToGlobal(event.pos()))
            return
        key = unit or ("" if landmark is None else KEY_PREFIX + landmark)
        self.menu_wanted.emit(key, *self.degrees_at(at), self.mapToGlobal(event.pos()))

    def _open_in_middle(self) -> None:
        """Of the pin or place there, or of the unit; where both are it is asked which."""
        where = self.rect().center()
        at, globally = self.on_map(QPointF(where)), self.mapToGlobal(where)
        landmarks, unit = self._landmarks_in_middle(at), self.mark_at(at)
        units = () if unit is None else tuple(row.key for row in self.pile_of(unit))
        if landmarks and len(landmarks) + len(units) > 1:
            self.choice_wanted.emit(units, landmarks, globally)
            return
        key = KEY_PREFIX + landmarks[0] if landmarks else self.unit_at(at) or ""
        self.menu_wanted.emit(key, *self.degrees_at(at), globally)

    def _landmarks_in_middle(self, at: QPointF) -> tuple[str, ...]:
        """The one that the keyboard went to, while it is there; else the pins that stand there, or
        whose mark is there."""
        camera, reach = self.camera, MIDDLE_PX / self.camera.scale
        gone_to = self.landmarks.find(self._gone_to)
        if gone_to is not None:
            x, y = forward(gone_to.lat, gone_to.lon)
            if math.hypot(float(x) - camera.x, float(y) - camera.y) <= reach:
                return (gone_to.key,)
        pointed = self.landmark_at(at)
        shown = () if pointed is None else self.pins_of(pointed)
        found = (*self.landmarks.pins_at(camera.x, camera.y, reach), *shown)
        return tuple(dict.fromkeys(found))

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
            if self._pin_at(self._pressed_at) is not None:
                self._lift.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.on_map(event.position())
        if self._band is not None and self._pressed_at is not None:
            self._band = QRectF(self._pressed_at, at).normalized()
            self.update()
        elif self.carrying.is_held:
            self._carry_to(at)
        elif self._grip is not None:
            if self._has_moved(at):
                self._lift.stop()
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
        if self.carrying.is_on:
            self._from_tip = QPointF()
            self._carry_to(at)
            self.setCursor(Qt.CursorShape.CrossCursor)
            return
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
        self._lift.stop()
        if band is not None:
            self.update()
        if self.carrying.is_held:
            self._let_go(at, is_moved=not was_click)
        if was_click:
            self._click(at, event.globalPosition().toPoint())
        elif band is not None:
            self.band_drawn.emit(band, event.globalPosition().toPoint())

    def _let_go(self, at: QPointF, *, is_moved: bool) -> None:
        """Of a pin that was held."""
        if is_moved:
            self._carry_to(at)
            self._set_down()
        else:
            self.carrying.drop()
        self._hover(at)

    def _click(self, at: QPointF, where: QPoint) -> None:
        """A mark that hides others opens; a line of a label is the unit's that it names. While a
        line is measured, it goes on to here; a pin that is carried stands here."""
        if self.carrying.is_on:
            self._from_tip = QPointF()
            self._carry_to(at)
            self._set_down()
            return
        if self.measuring.is_on:
            self.measuring.add(*self._meant_at(at))
            return
        key = self.mark_at(at)
        pile = () if key is None else self.pile_of(key)
        if len(pile) > 1:
            self.pile_pressed.emit(tuple(row.key for row in pile), where)
            return
        key, landmark = key or self.line_at(at), self.landmark_at(at)
        if key is not None:
            self.unit_pressed.emit(key)
        elif landmark is not None:
            pins = self.pins_of(landmark)
            if len(pins) > 1:
                self.pins_pressed.emit(pins, where)
            else:
                self.landmark_pressed.emit(landmark, where)

    def event(self, event: QEvent) -> bool:
        """Two fingers on a touch pad or a screen that can be touched; and + and −, which elsewhere
        are a talkgroup's volume, are the map's while it has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in ZOOM_KEYS and not event.modifiers() & ~NO_COMMAND:
                event.accept()
                return True
        elif isinstance(event, QNativeGestureEvent):
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
        self._lift.stop()
        at = self.on_map(event.position())
        self.set_camera(self.camera.zoomed(4, at.x(), at.y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − zoom, Home shows all units, arrows pan, Page Up and Down go to pins and places;
        while a line is measured Enter ends a leg, Backspace takes it back; a pin that is carried is
        set down by Enter in the map's middle. Shift+F10 and the Menu key open what is in the
        middle, where the system makes no menu of them by itself. Every other key is the
        window's."""
        moves = {
            Qt.Key.Key_Left: (PAN_PX, 0),
            Qt.Key.Key_Right: (-PAN_PX, 0),
            Qt.Key.Key_Up: (0, PAN_PX),
            Qt.Key.Key_Down: (0, -PAN_PX),
        }
        key = Qt.Key(event.key())
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_by(2)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(-2)
        elif key == Qt.Key.Key_Home:
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
        elif self.carrying.is_on and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.carrying.point_at(*self.degrees_at(QPointF(*self.size_of_map) / 2))
            self._set_down()
        elif self.measuring.is_on and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.measuring.add(*self._meant_at(QPointF(*self.size_of_map) / 2))
        elif self.measuring.is_on and key == Qt.Key.Key_Backspace:
            self.measuring.take_back()
        elif key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and shifted):
            self._open_in_middle()
        else:
            event.ignore()

    def _follow_middle(self) -> None:
        """A line's last leg, and a pin that is carried, follow the keyboard's hand, too."""
        if self.carrying.is_on:
            self.carrying.point_at(*self.degrees_at(QPointF(*self.size_of_map) / 2))
        if self.measuring.is_on:
            self.measuring.point_at(*self._meant_at(QPointF(*self.size_of_map) / 2))
