"""The map as a widget: units and alarms from their sources, buttons, tooltips, keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

import resources
from widgets.contracts.landmarks import LandmarkSource
from widgets.contracts.maps import MapSource
from widgets.contracts.rows import AlarmRow, MapViewRow, UnitKind, UnitRow
from widgets.contracts.sources import AlarmSource, Clock, UnitSource
from widgets.map.alarm_watch import AlarmWatch
from widgets.map.button import MapButton
from widgets.map.camera import Camera
from widgets.map.chooser import OwnMaps
from widgets.map.following import FollowChip
from widgets.map.furniture import Furniture
from widgets.map.layer import FIT_PX, SOUTH_NORWAY, MapLayer
from widgets.map.layout import FADE_FROM_S, FADE_TO_S
from widgets.map.names import bundled
from widgets.map.picture import Caption, Sheet
from widgets.map.projection import forward, ground_m, inverse_point, valid
from widgets.map.spots import Spots
from widgets.map.table import CALM, alarm_code
from widgets.map.tiles import TileStore
from widgets.map.told import age_words, landmark_words, pile_words
from widgets.theme import DAY, Palette
from widgets.tips import tip

AT_FIRST: Final = 300  # rows read at once when there are none yet
AT_ONCE: Final = 30  # rows read in one go: less than a millisecond
READ_RANK: Final = 0  # of this among the map's work: before layouts, since it brings the alarms
READ_MS: Final = 60  # changes are gathered for so long, so that a busy net draws no more often
LANDMARKS_MS: Final = 100
OPENING_MS: Final = 15_000  # units that come so soon after the first still widen the first view
FADE_MS: Final = 15_000
CLOSE_STEP: Final = 48  # zoom 12: what "show this unit" comes to
FIT_STEP: Final = 46
GLYPHS: Final = ("+", "-", "fit", "alert-circle", "search", "external-link", "dots")  # from the top
EDGE_PX: Final = 10
GAP_PX, ZOOM_GAP_PX = 6, 14  # between two buttons; below those that zoom
FOOT_PX: Final = 22  # the line that says where the map is from
MAX_TOLD: Final = 12  # lines of a tooltip; more are counted
LONE_ALARM: Final = "alarm:"  # key of an alarm whose unit has no position of its own


class MapView(QWidget):
    """Shows every unit that has a position. Its thread ends with it, or at :meth:`close_map`."""

    unit_clicked = Signal(str)
    units_boxed = Signal(tuple, QPoint)  # keys of the units that a hand drew a box round, where
    menu_wanted = Signal(str, float, float, QPoint)  # as MapLayer's
    landmark_clicked = Signal(str, QPoint)  # as MapLayer's
    detach_wanted = Signal()  # to a window of its own, or back
    more_wanted = Signal(QPoint)  # the map's own menu, where on the screen
    find_wanted = Signal()  # a place
    buttons_moved = Signal()  # to one column more or less, or aside

    def __init__(
        self,
        units: UnitSource,
        alarms: AlarmSource,
        clock: Clock,
        palette: Palette,
        parent: QWidget | None = None,
        *,
        maps: MapSource | None = None,
    ) -> None:
        super().__init__(parent)
        self._units, self._alarms, self._clock = units, alarms, clock
        self._palette = palette
        self._sheets: list[TileStore] = []  # of pictures for paper: each ends with its picture
        self._store = self._new_store(palette)
        self.destroyed.connect(self._store.stop)
        self._places = bundled()
        self.layer = MapLayer(self._store, self._places, clock, palette, self)
        self.layer.unit_pressed.connect(self._pressed)
        self.layer.band_drawn.connect(self._boxed)
        self.layer.fit_wanted.connect(self.fit_all)
        self.layer.menu_wanted.connect(self._menu_wanted)
        self.layer.landmark_pressed.connect(self.landmark_clicked)
        self.layer.measuring.changed.connect(self._tell_line)
        self.setFocusProxy(self.layer)
        self._landmarks: LandmarkSource | None = None
        self.own = None if maps is None else OwnMaps(maps, self._store, self._places)
        if self.own is not None:
            self.destroyed.connect(self.own.stop)
            self.own.names_changed.connect(self._name_places)
        self._lone: set[str] = set()
        self._pressing: list[str] = []  # keys of rows that alarm, in the alarms' order
        self._pending: dict[str, None] = {}  # bounded by the number of units
        self._scale = 1.0
        self._is_out = False
        self._opening: Camera | None = None  # the first view, while nobody has moved it
        self._started = False  # a view has been chosen
        self.missed_rows = 0  # keys that were told of but had no row any more
        self._make_spots()
        self.following = FollowChip(palette, self)
        self.layer.moved_by_hand.connect(self.following.let_go)
        self.following.left.connect(self._place_buttons)
        self._buttons_left = 0
        self._covered: tuple[QRect, ...] = ()
        self.watch = AlarmWatch(self.layer, palette, self)
        self.watch.arrows.wanted.connect(self.show_units)
        self._make_buttons(palette)
        self._make_timers()
        self.retranslate()
        if self.own is not None:
            self.own.changed.connect(self.retranslate)
        units.changed.connect(self._units_changed)
        units.reset.connect(self._reset)
        alarms.changed.connect(self._alarms_changed)
        alarms.reset.connect(self._alarms_changed)
        self._reset()

    def _new_store(self, palette: Palette) -> TileStore:
        store = TileStore(resources.path("map/base.vmap"), palette)
        store.start()
        return store

    def _make_buttons(self, palette: Palette) -> None:
        made = [MapButton(g, palette, self) for g in GLYPHS]
        self._zoom_in, self._zoom_out, self._fit, self._alarm = made[:4]
        self.find_button, self.detach_button, self.more = made[4:]
        self.find_button.clicked.connect(self.find_wanted)
        self.more.clicked.connect(self._more)
        self.detach_button.clicked.connect(self.detach_wanted)
        self._zoom_in.clicked.connect(lambda: self.layer.zoom_by(2))
        self._zoom_out.clicked.connect(lambda: self.layer.zoom_by(-2))
        self._fit.clicked.connect(self.fit_all)
        self._alarm.clicked.connect(self.show_alarm)
        self.maps_button = None if self.own is None else self.own.button(palette, self)
        if self.maps_button is not None:
            made.append(self.maps_button)
        self._buttons = made

    def _make_spots(self) -> None:
        self.spots = Spots(self.layer, self)
        self.spots.unit_chosen.connect(self._pressed)
        self.spots.units_wanted.connect(self.show_units)
        self.spots.view_wanted.connect(self._look_at)
        self.spots.menu_wanted.connect(
            lambda key, at: self._menu_wanted(key, *self.middle(), at)  # where the choice was
        )

    def _make_timers(self) -> None:
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_MS)
        self._reading.timeout.connect(lambda: self.layer.pace.wake(self._read_some))
        self.layer.pace.add(self._read_some, READ_RANK)
        self._marking = QTimer(self)
        self._marking.setSingleShot(True)
        self._marking.setInterval(LANDMARKS_MS)
        self._marking.timeout.connect(self._read_landmarks)
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.setInterval(FADE_MS)
        self._fading.timeout.connect(self._refresh)

    def follow_landmarks(self, source: LandmarkSource) -> None:
        """Pins and places, from now on."""
        self._landmarks = source
        source.changed.connect(self._gather_landmarks)
        self._read_landmarks()

    def _gather_landmarks(self) -> None:
        """A file of places that is taken in comes as a thousand changes."""
        if not self._marking.isActive():
            self._marking.start()

    def _read_landmarks(self) -> None:
        if self._landmarks is not None:
            self.layer.landmarks.set_rows(self._landmarks.rows())
            self.layer.refresh(at_once=True)
            self.layer.update()

    def _tell_line(self) -> None:
        """For a screen reader."""
        self.layer.setAccessibleDescription(self.layer.measuring.words)

    # What the window asks for ----------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Nothing is still to be read or drawn: a picture taken now is complete."""
        return self._store.settled and self.layer.settled and not self._pending

    @property
    def refused_positions(self) -> int:
        return self.layer.table.refused

    def show_unit(self, key: str) -> None:
        """Centre a unit; one without a position changes nothing."""
        if key != self.following.key:
            self.following.let_go()
        at = self.layer.table.find(key)
        if at is None:
            return
        row = self.layer.table.columns[at]
        if np.isfinite(row["x"]):
            self._show_world(float(row["x"]), float(row["y"]))

    def show_point(self, lat: float, lon: float) -> None:
        if valid(lat, lon):
            self.following.let_go()
            x, y = forward(lat, lon)
            self._show_world(float(x), float(y))

    def fit_all(self) -> None:
        """Every unit in view; without any, southern Norway."""
        if not self._fit_columns(self.layer.table.columns, FIT_STEP):
            self.layer.show_box(SOUTH_NORWAY)

    def show_units(self, keys: Iterable[str], closest: int = FIT_STEP) -> bool:
        """These in view; False where none of them has a place."""
        self._leave_opening()
        table = self.layer.table
        found = [at for key in keys if (at := table.find(key)) is not None]
        return self._fit_columns(table.columns[found], closest)

    def show_group(self, talkgroup: str) -> bool:
        """All units whose radio is on a talkgroup, by its name; False where none has a place."""
        rows = self.layer.table.rows
        return self.show_units(row.key for row in rows if row.talkgroup == talkgroup)

    def _fit_columns(self, columns: NDArray[np.void], closest: int) -> bool:
        seen = columns[np.isfinite(columns["x"])]
        if not len(seen):
            return False
        self.following.let_go()
        x, y = seen["x"], seen["y"]
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        self.layer.set_camera(self.layer.camera.fitted(box, FIT_PX, closest))
        return True

    def units_in_view(self) -> tuple[str, ...]:
        """Those with a place in what is seen, but for alarms without a unit."""
        return self._real(self.layer.units_in(QRectF(0, 0, *self.layer.size_of_map)))

    def follow(self, key: str) -> None:
        """Keep a unit in the middle until a hand moves the map, or Escape."""
        row = self.layer.table.get(key)
        if row is None:
            return
        self.show_unit(key)
        self.following.follow(key, row.call_sign)
        self._place_buttons()
        self._mind_followed()

    def toggle_trail(self, key: str) -> bool:
        """Draw where a unit has been, or no more; whether it is drawn now."""
        self.layer.update()
        return self.layer.trails.toggle(key)

    def _mind_followed(self) -> None:
        """Where it has gone, or how old that is by now."""
        key = self.following.key
        at = self.layer.table.find(key) if key else None
        if at is None:
            self.following.let_go()
            return
        column, row = self.layer.table.columns[at], self.layer.table.rows[at]
        if not np.isfinite(column["x"]):
            self.following.set_note(self.tr("no position"))
            return
        age_s = 0.0 if row.fixed_s is None else self._clock.now_s() - row.fixed_s
        self.following.set_note(age_words(age_s) if age_s >= FADE_FROM_S else "")
        camera = self.layer.camera
        self.layer.set_camera(camera.centred(float(column["x"]), float(column["y"])))

    def show_alarm(self) -> None:
        """The most pressing alarm that has a place."""
        for key in self._alarms.keys():  # noqa: SIM118 (a source, not a dict)
            alarm = self._alarm_row(key)
            for unit in () if alarm is None else (alarm.unit, LONE_ALARM + key):
                if self.layer.place_of(unit) is not None:
                    self.show_unit(unit)
                    return

    def picture(self, caption: Caption) -> Sheet:
        """As it is seen, in the colours of the day; ``ready`` tells when it is drawn."""
        made = self._new_sheet(caption)
        made.draw_alike(self.layer)
        return made

    def sheet(self, caption: Caption) -> Sheet:
        """The same part of the world for paper."""
        made = self._new_sheet(caption)
        made.draw(self.layer)
        return made

    def _new_sheet(self, caption: Caption) -> Sheet:
        store = self._new_store(DAY)
        layer = MapLayer(store, self.layer.places, self._clock, DAY, self)
        made = Sheet(layer, store, caption, self)
        if self.own is not None:
            self.own.draw_for(store, made.ready)
        self.destroyed.connect(store.stop)
        self._sheets.append(store)
        made.ready.connect(lambda _picture: self._sheets.remove(store))
        return made

    def has_exercise(self) -> bool:
        """Whether something in view is an exercise's: a unit, a pin, a place."""
        table, marked = self.layer.table, self.layer.landmarks
        units = (table.get(key) for key in self.units_in_view())
        if any(row is not None and row.exercise for row in units):
            return True
        seen = QRectF(0, 0, *self.layer.size_of_map)
        exercises = (row for row in marked.rows if row.exercise)
        return any(seen.contains(self.layer.spot_of(row.lat, row.lon)) for row in exercises)

    def _name_places(self) -> None:
        if self.own is not None:
            self.layer.set_places(self.own.gazetteer.index)

    def middle(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return inverse_point(self.layer.camera.x, self.layer.camera.y)

    def reach_km(self) -> int:
        """From side to side, on the ground in the middle."""
        camera = self.layer.camera
        return max(1, round(camera.width / camera.scale * ground_m(self.middle()[0]) / 1_000))

    def kept_view(self, name: str) -> MapViewRow:
        """What is shown now."""
        return MapViewRow(name, *self.middle(), self.layer.camera.step)

    def show_view(self, view: MapViewRow) -> None:
        if valid(view.lat, view.lon):
            x, y = forward(view.lat, view.lon)
            camera = self.layer.camera.at_step(view.step)
            self._look_at(camera.centred(float(x), float(y)))

    def close_map(self) -> None:
        """End the drawing threads; also done when the widget is destroyed."""
        if self.own is not None:
            self.own.stop()
        for store in (self._store, *self._sheets):
            store.stop()

    @property
    def _painted_buttons(self) -> tuple[MapButton | FollowChip, ...]:
        return (*self._buttons, self.following)

    def set_palette(self, palette: Palette) -> None:
        self._palette = palette
        for button in self._painted_buttons:
            button.palette_ = palette
            button.update()
        self.layer.set_palette(palette)
        self.watch.set_palette(palette)

    def set_out(self, is_out: bool) -> None:
        """Whether it has a window of its own."""
        self._is_out = is_out
        self.detach_button.set_glyph("arrow-back-up" if is_out else "external-link")
        self.retranslate()

    def set_scale(self, scale: float) -> None:
        """How much larger than usual marks, words and buttons are."""
        if scale == self._scale:
            return
        self._scale = scale
        for button in self._painted_buttons:
            button.set_scale(scale)
        self.layer.set_scale(scale)
        self._place_buttons()

    def retranslate(self) -> None:
        self._zoom_in.set_words(self.tr("Zoom in (+)"))
        self._zoom_out.set_words(self.tr("Zoom out (−)"))
        self._fit.set_words(self.tr("Show all units (Home)"))
        self._alarm.set_words(self.tr("Show the alarm"))
        self.find_button.set_words(self.tr("Find a place or an address (Ctrl+O)"))
        out, back = self.tr("To a window of its own"), self.tr("Back into the desk's window")
        words, what = back if self._is_out else out, self.tr("Map")
        self.detach_button.set_words(f"{words}: {what} (Ctrl+E)")
        self.more.set_words(self.tr("Views, pictures, units in view (V)"))
        self.layer.setAccessibleName(self.tr("Map"))
        source = self.tr(
            "Map: GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0) · without roads"
        )
        legend: tuple[tuple[UnitKind, str], ...] = (
            ("ambulance", self.tr("Ambulance")),
            ("doctor", self.tr("Doctor")),
            ("first-responder", self.tr("First responder")),
            ("fire", self.tr("Fire")),
            ("police", self.tr("Police")),
            ("helicopter", self.tr("Helicopter")),
        )
        note = self.tr("The base map can't be read") if self._store.problem else source
        if self.own is not None:
            note = self.own.attribution() or note
            self.own.retranslate()
        self.layer.furniture = Furniture(note, legend)
        self.watch.mind()
        self.layer.update()

    def _more(self) -> None:
        self.more_wanted.emit(self.more.mapToGlobal(QPoint(0, self.more.height())))

    # The sources -----------------------------------------------------------------------------

    def _unit_row(self, key: str) -> UnitRow | None:
        """None for a key whose row has gone since it was told of; counted."""
        try:
            return self._units.row(key)
        except KeyError:
            self.missed_rows += 1
            return None

    def _alarm_row(self, key: str) -> AlarmRow | None:
        """As :meth:`_unit_row`."""
        try:
            return self._alarms.row(key)
        except KeyError:
            self.missed_rows += 1
            return None

    def _reset(self) -> None:
        """Who is still there stays meanwhile: a source says so whenever one unit leaves."""
        self._pending = dict.fromkeys(self._units.keys())
        for key in [row.key for row in self.layer.table.rows if row.key not in self._pending]:
            self.layer.table.remove(key)
        self._lone.clear()
        self.layer.trails.keep_only(self._pending)
        self._read(AT_FIRST)
        self._has_read()
        if self._pending:
            self.layer.pace.wake(self._read_some)

    def _units_changed(self, keys: tuple[str, ...]) -> None:
        self._pending.update(dict.fromkeys(keys))
        if not self._reading.isActive():
            self._reading.start(READ_MS)

    def _read_some(self) -> bool:
        """A piece of what is new; the rest when its turn comes."""
        presses = self._read(AT_ONCE)
        if presses or not self._pending:
            self._has_read(presses=presses)
        return bool(self._pending)

    def _read(self, most: int) -> bool:
        """So many rows. Whether one of them presses."""
        presses = False
        for key in list(islice(self._pending, most)):
            del self._pending[key]
            row = self._unit_row(key)
            presses = self._presses(key, row) or presses
            if row is None:
                self.layer.table.remove(key)
                self.layer.trails.forget(key)
            else:
                self.layer.table.put(row)
                self._note_trail(key, row)
        return presses

    def _has_read(self, *, presses: bool = False) -> None:
        self._place_alarms()
        self._open()
        if self.following.key:
            self._mind_followed()
        self._refresh(at_once=presses)

    def _note_trail(self, key: str, row: UnitRow) -> None:
        at = self.layer.table.find(key)
        if at is not None:
            column = self.layer.table.columns[at]
            seen_s = self._clock.now_s() if row.fixed_s is None else row.fixed_s
            self.layer.trails.note(key, float(column["x"]), float(column["y"]), seen_s)

    def _presses(self, key: str, row: UnitRow | None) -> bool:
        """Who begins or ends to speak, or to alarm, is shown so at once."""
        before = self.layer.table.get(key)
        return _loud(before) != _loud(row)

    def _open(self) -> None:
        """The first view holds all who have come, until it has been moved or time is up."""
        placed = np.isfinite(self.layer.table.columns["x"]).any()
        if not self._started and placed:
            self._started = True
            QTimer.singleShot(OPENING_MS, self, self._end_opening)
        elif not self._unmoved():
            self._opening = None
            return
        self._fit_opening()

    def _fit_opening(self) -> None:
        self.fit_all()
        self._opening = self.layer.camera.sized(1, 1)

    def _unmoved(self) -> bool:
        """The first view stands as it was chosen; the window may have grown since."""
        return self._opening == self.layer.camera.sized(1, 1)

    def _end_opening(self) -> None:
        self._opening = None

    def _leave_opening(self) -> None:
        """Another view has been chosen."""
        self._started, self._opening = True, None

    def _alarms_changed(self, _: tuple[str, ...] = ()) -> None:
        self._place_alarms()
        self._refresh(at_once=True)

    def _place_alarms(self) -> None:
        """An alarm whose unit isn't on the map is drawn where it was raised."""
        alarms = {key: self._alarm_row(key) for key in self._alarms.keys()}  # noqa: SIM118 (a source, not a dict)
        self._pressing = [
            row_key
            for key, alarm in alarms.items()
            if alarm is not None
            for row_key in (alarm.unit, LONE_ALARM + key)
        ]
        rows = [self._lone_row(key, alarm) for key, alarm in alarms.items()]
        lone = {row.key: row for row in rows if row is not None}
        for key in self._lone - lone.keys():
            self.layer.table.remove(key)
        for row in lone.values():
            self.layer.table.put(row)
        self._lone = set(lone)

    def _lone_row(self, key: str, alarm: AlarmRow | None) -> UnitRow | None:
        if alarm is None or alarm.state == "closed" or alarm.lat is None or alarm.lon is None:
            return None
        if self.layer.place_of(alarm.unit) is not None:
            return None
        row_key = LONE_ALARM + key
        return UnitRow(row_key, alarm.call_sign, lat=alarm.lat, lon=alarm.lon, alarm=alarm.state)

    def _refresh(self, *, at_once: bool = False) -> None:
        columns = self.layer.table.columns
        seen = columns[np.isfinite(columns["x"])]
        self.watch.find(self._pressing)
        self._alarm.setEnabled(self.watch.has_any)
        age = self._clock.now_s() - seen["fixed"]
        fading = ((age < FADE_TO_S) & (age > FADE_FROM_S - FADE_MS / 1000)).any()
        if fading:
            self._fading.start()
        self.layer.refresh(presses=at_once)

    # Qt's events -----------------------------------------------------------------------------

    def _pressed(self, key: str) -> None:
        if key.startswith(LONE_ALARM):
            alarm = self._alarm_row(key.removeprefix(LONE_ALARM))
            key = "" if alarm is None else alarm.unit
        if key:
            self.unit_clicked.emit(key)

    def _boxed(self, band: QRectF, at: QPoint) -> None:
        keys = self._real(self.layer.units_in(band))
        if keys:
            self.units_boxed.emit(keys, at)

    def _real(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(key for key in keys if not key.startswith(LONE_ALARM))

    def _menu_wanted(self, key: str, lat: float, lon: float, at: QPoint) -> None:
        """An alarm whose unit has no place of its own is its unit's."""
        if key.startswith(LONE_ALARM):
            alarm = self._alarm_row(key.removeprefix(LONE_ALARM))
            key = "" if alarm is None else alarm.unit
        self.menu_wanted.emit(key, lat, lon, at)

    def _look_at(self, camera: Camera) -> None:
        self._leave_opening()
        self.following.let_go()
        self.layer.set_camera(camera)

    def _show_world(self, x: float, y: float) -> None:
        self._leave_opening()
        camera = self.layer.camera
        near = camera.zoomed(max(0, CLOSE_STEP - 8 - camera.step), 0, 0)
        self.layer.set_camera(near.centred(x, y))

    def resizeEvent(self, event: QResizeEvent) -> None:
        opening = self._unmoved()
        self.layer.setGeometry(self.rect())
        self.layer.fit_camera()
        self._place_buttons()
        if opening:
            self._fit_opening()
        elif not event.oldSize().isValid() or event.oldSize().width() < 200:
            self.fit_all()

    def _place_buttons(self) -> None:
        """From the upper right; where the map is low, on in a second column beside the first."""
        side, edge, scale = self._zoom_in.width(), round(EDGE_PX * self._scale), self._scale
        self.following.move(edge, edge)
        x, y = self.width() - side - edge, edge
        low = self.height() - round(FOOT_PX * scale)
        for button in self._buttons:
            if y > edge and y + side > low:
                x, y = x - side - round(GAP_PX * scale), edge
            button.move(x, y)
            button.raise_()
            y += side + round(scale * (ZOOM_GAP_PX if button is self._zoom_out else GAP_PX))
        seen = [b.geometry() for b in (*self._buttons, self.following) if not b.isHidden()]
        self.watch.set_lying(seen, self._covered, self._scale)
        if x != self._buttons_left:
            self._buttons_left = x
            self.buttons_moved.emit()

    def set_covered(self, parts: Sequence[QRect]) -> None:
        """What somebody else has laid on the map: names, hints and arrows stay clear of it."""
        if tuple(parts) != self._covered:
            self._covered = tuple(parts)
            self._place_buttons()
            self.layer.refresh()
            self.layer.update()

    @property
    def buttons_left(self) -> int:
        """Where the buttons begin, from the left."""
        return self._buttons_left

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._tell(event)
            return True
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().event(event)

    def _tell(self, event: QHelpEvent) -> None:
        words = self._words_at(self.layer.on_map(QPointF(event.pos())))
        if not words:
            QToolTip.hideText()
            return
        spot = QRect(event.pos().x() - 12, event.pos().y() - 12, 24, 24)
        QToolTip.showText(event.globalPos(), words, self, spot)

    def _words_at(self, at: QPointF) -> str:
        """Of the unit there, else of the pin or place; "" = of none."""
        key, now_s = self.layer.unit_at(at), self._clock.now_s()
        if key is not None and self.layer.table.find(key) is not None:
            return pile_words(self.layer.pile_of(key), now_s)
        landmark = self.layer.landmark_at(at)
        row = self.layer.landmarks.find(landmark) if landmark is not None else None
        if row is None:
            return ""
        together = self.spots.landmark_rows(self.layer.pins_of(row.key))
        return tip(landmark_words(together if len(together) > 1 else [row], now_s))


def _loud(row: UnitRow | None) -> tuple[int, bool]:
    return (CALM, False) if row is None else (alarm_code(row), row.speaking)
