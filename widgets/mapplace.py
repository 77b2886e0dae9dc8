"""Where the map stands. It is loaded after the first paint: its libraries take half a second."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import PlaceFound
from widgets.contracts.sources import Sources
from widgets.emptiness import EmptyNote
from widgets.look import Look
from widgets.placefinder import PlaceFinder
from widgets.taborder import stops_in
from widgets.unit_order import Reference

if TYPE_CHECKING:
    from widgets.map.view import MapView

log = logging.getLogger(__name__)

CLOSE_STEP: Final = 54  # zoom 13.5: from how near a house or a farm is looked at
WIDE: Final = frozenset({"municipality", "county", "town", "village", "fjord", "postal-area"})
"""Kinds of places that are seen from farther off."""


class MapPlace(QWidget):
    """Says that the map is being loaded until it is; what is asked of it meanwhile waits."""

    unit_clicked = Signal(str)
    menu_wanted = Signal(str, float, float, QPoint)
    landmark_clicked = Signal(str, QPoint)
    landmark_moved = Signal(object, float, float)  # as Hands'
    detach_wanted = Signal()
    units_boxed = Signal(tuple, QPoint)  # as MapView's
    more_wanted = Signal(QPoint)

    def __init__(self, look: Look, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sources = sources
        self._asked_unit = ""
        self._mark: Reference | None = None
        self._failure = ""
        self._is_out = False
        self.map: MapView | None = None
        self._note = EmptyNote(look, "map-pin", self)
        self.finder = PlaceFinder(look, sources.places, self._middle, self._buttons_left, self)
        self.finder.chosen.connect(self._show_place)
        self.finder.unmarked.connect(self._unmark)
        self.finder.left.connect(self._take_keyboard)
        self.finder.moved.connect(self._mind_finder)
        self.retranslate()

    def load(self) -> None:
        """Import and build the map. Without it everything else on the desk works on."""
        if self.map is not None:
            return
        try:
            from widgets.map.view import MapView  # noqa: PLC0415 (after the first paint)
        except ImportError as error:
            log.warning("the map can't be shown: %s", error)
            self._failure = str(error)
            self.retranslate()
            return
        s = self._sources
        self.map = MapView(s.units, s.alarms, s.clock, self._look.palette, maps=s.maps)
        self.map.setParent(self)
        self.map.unit_clicked.connect(self.unit_clicked)
        self.map.menu_wanted.connect(self.menu_wanted)
        self.map.detach_wanted.connect(self.detach_wanted)
        self.map.units_boxed.connect(self.units_boxed)
        self.map.more_wanted.connect(self.more_wanted)
        self.map.landmark_clicked.connect(self.landmark_clicked)
        self.map.layer.landmark_moved.connect(self.landmark_moved)
        self.map.follow_landmarks(s.landmarks)
        self.map.find_wanted.connect(self.finder.open)
        self.map.buttons_moved.connect(self.finder.place)
        self.map.set_out(self._is_out)
        self.set_mark(self._mark)
        self.map.setGeometry(self.rect())
        self.map.set_scale(self._look.metrics.scale)
        self.map.show()
        self.finder.raise_()
        self._note.hide()
        if self._asked_unit:
            self.map.show_unit(self._asked_unit)

    def set_out(self, is_out: bool) -> None:
        """Whether it has a window of its own."""
        self._is_out = is_out
        if self.map is not None:
            self.map.set_out(is_out)

    def show_unit(self, key: str) -> None:
        self._asked_unit = key
        if self.map is not None:
            self.map.show_unit(key)

    def show_point(self, lat: float, lon: float) -> None:
        if self.map is not None:
            self.map.show_point(lat, lon)

    def make_way(self) -> None:
        """An alarm has come: no hand opens a menu over it, no dialog hides it."""
        if self.map is not None:
            self.map.layer.drop_band()
            if self.map.own is not None:
                self.map.own.close_dialog()

    def tab_stops(self) -> tuple[QWidget, ...]:
        """The map, then what is searched and found, then the map's own buttons."""
        layer = () if self.map is None else (self.map.layer,)
        return (*layer, *stops_in(self.finder))

    # --- places ---

    def pointed(self) -> tuple[float, float] | None:
        """Where the hand is on the map, degrees; None: there is none yet."""
        return None if self.map is None else self.map.layer.pointed()

    def preview(self, place: tuple[float, float] | None) -> None:
        """Where a pin or a place is being named."""
        if self.map is not None:
            self.map.layer.landmarks.preview = place
            self.map.layer.update()

    @property
    def is_measuring(self) -> bool:
        return self.map is not None and self.map.layer.measuring.is_on

    def begin_measuring(self, lat: float, lon: float) -> None:
        """A line from here; the keyboard is the map's."""
        if self.map is not None:
            self.map.layer.carrying.drop()
            self.map.layer.measuring.begin(lat, lon)
            self.map.layer.setFocus(Qt.FocusReason.OtherFocusReason)

    def end_measuring(self) -> None:
        if self.map is not None:
            self.map.layer.measuring.end()

    @property
    def is_carrying(self) -> bool:
        """A pin or a place, to where it is to stand."""
        return self.map is not None and self.map.layer.carrying.is_on

    def begin_carrying(self, row: LandmarkRow) -> None:
        """The keyboard is the map's."""
        if self.map is not None:
            self.map.layer.carry(row)
            self.map.layer.setFocus(Qt.FocusReason.OtherFocusReason)

    def end_carrying(self) -> None:
        if self.map is not None:
            self.map.layer.carrying.drop()

    def set_mark(self, reference: Reference | None) -> None:
        """From where distances are measured."""
        self._mark = reference
        if self.map is not None:
            place = None if reference is None else (reference.lat, reference.lon)
            self.map.layer.set_mark(place)

    def _middle(self) -> tuple[float, float]:
        """Of the map, or of southern Norway while there is none."""
        return (60.5, 9.5) if self.map is None else self.map.middle()

    def _buttons_left(self) -> int:
        return self.width() if self.map is None else self.map.buttons_left

    def _mind_finder(self) -> None:
        """Nothing that is to be read stands below it."""
        if self.map is not None:
            self.map.set_covered([] if self.finder.isHidden() else [self.finder.geometry()])

    def _show_place(self, place: PlaceFound) -> None:
        if self.map is not None:
            from widgets.map.placemark import PlaceMark  # noqa: PLC0415 (as the map)

            # What is marked there already needs no second mark, which would lie on it.
            self.map.layer.set_place(None if place.landmark else PlaceMark.of(place))
            self.map.show_point(place.lat, place.lon)
            closer = 0 if place.kind in WIDE else CLOSE_STEP - self.map.layer.camera.step
            if closer > 0:
                self.map.layer.zoom_by(closer)

    def _take_keyboard(self) -> None:
        if self.map is not None:
            self.map.layer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _unmark(self) -> None:
        if self.map is not None:
            self.map.layer.set_place(None)

    def set_look(self, look: Look) -> None:
        self._look = look
        self._note.set_look(look)
        self.finder.set_look(look)
        if self.map is not None:
            self.map.set_palette(look.palette)
            self.map.set_scale(look.metrics.scale)

    def retranslate(self) -> None:
        self.finder.retranslate()
        if self._failure:
            self._note.set_words(self.tr("The map can't be shown"), self._failure)
        else:
            self._note.set_words(self.tr("The map is being loaded"))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._note.setGeometry(self.rect())
        if self.map is not None:
            self.map.setGeometry(self.rect())
        self.finder.place()


class MapAway(QWidget):
    """What stands in the map's place while it has a window of its own."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = EmptyNote(look, "external-link", self)
        self.retranslate()
        self.hide()

    def set_look(self, look: Look) -> None:
        self._note.set_look(look)

    def retranslate(self) -> None:
        self._note.set_words(
            self.tr("The map has a window of its own"), self.tr("Ctrl+E brings it back.")
        )

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._note.setGeometry(self.rect())
