"""What a hand does with places on the map: pins, the site's own places, lines, nearest units."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from widgets.contracts.landmarks import KEY_PREFIX, LandmarkForm, LandmarkRow
from widgets.contracts.rows import PlaceFound
from widgets.contracts.sources import Sources
from widgets.landmark_words import kind_words, near_words
from widgets.parts import DeskParts
from widgets.place_menu import PlaceDeed, PlaceMenu


class LandmarkHands(QObject):
    """``nearest``: shows how far the units are from a place that has a name; ``show_map``: brings
    the map to where it is seen."""

    def __init__(
        self,
        parts: DeskParts,
        sources: Sources,
        nearest: Callable[[float, float, str], None],
        show_map: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._parts, self._sources = parts, sources
        self._nearest, self._show_map = nearest, show_map
        self._pointed = (0.0, 0.0)  # degrees
        self._row: LandmarkRow | None = None
        self._called = ""  # a found place
        self.menu = PlaceMenu(parent)
        self.menu.wanted.connect(self.do)
        parts.landmark_bar.given.connect(self._given)
        parts.landmark_bar.closed.connect(lambda: parts.map_place.preview(None))
        parts.landmark_bar.left.connect(parts.tiles.focus_current)
        parts.map_place.landmark_clicked.connect(self.open_of)
        parts.map_place.landmark_moved.connect(self._moved)
        parts.map_place.finder.menu_wanted.connect(self.open_found)

    # --- which ---

    def find(self, key: str) -> LandmarkRow | None:
        rows = self._sources.landmarks.rows()
        return next((row for row in rows if row.key == key), None)

    def open_menu(self, key: str, lat: float, lon: float, at: QPoint) -> None:
        """``key`` with ``KEY_PREFIX``: a pin's or a place's; else the point itself is meant."""
        self._row = self.find(key.removeprefix(KEY_PREFIX)) if key.startswith(KEY_PREFIX) else None
        self._called = ""
        self._pointed = (lat, lon) if self._row is None else (self._row.lat, self._row.lon)
        self._open(at)

    def open_found(self, place: PlaceFound, at: QPoint) -> None:
        """What a search has found, by its own name; a pin or a place of the site as itself."""
        if place.landmark and self.find(place.landmark) is not None:
            self.open_of(place.landmark, at)
            return
        self._row, self._called = None, place.name
        self._pointed = (place.lat, place.lon)
        self._open(at)

    def _open(self, at: QPoint) -> None:
        forms = self._sources.places.written(*self._pointed)
        may_mark = self._sources.landmarks.may_mark()
        self.menu.open_at(at, row=self._row, may_mark=may_mark, forms=forms)

    def open_of(self, key: str, at: QPoint) -> None:
        self.open_menu(KEY_PREFIX + key, 0.0, 0.0, at)

    # --- what ---

    def do(self, deed: PlaceDeed) -> None:
        lat, lon = self._pointed
        deeds: dict[PlaceDeed, Callable[[], object]] = {
            "measure": lambda: self._nearest(lat, lon, self._name()),
            "line": lambda: self.measure_line(lat, lon),
            "pin": lambda: self.ask_pin(lat, lon),
            "place": lambda: self.ask_place(lat, lon),
            "edit": self._change,
            "move": self._take_up,
            "remove": self._remove,
        }
        deeds[deed]()

    def _name(self) -> str:
        if self._row is not None:
            return self._row.name
        return self._called or near_words(*self._pointed) or self.tr("the chosen place")

    def ask_pin(self, lat: float, lon: float) -> None:
        self._parts.landmark_bar.ask_pin(lat, lon, near_words(lat, lon))
        self._preview()

    def ask_place(self, lat: float, lon: float) -> None:
        self._parts.landmark_bar.ask_place(lat, lon, near_words(lat, lon))
        self._preview()

    def pin_here(self) -> None:
        """Where the hand points on the map, else in its middle."""
        if not self._sources.landmarks.may_mark():
            self._parts.say_done(self.tr("This desk may mark no places on the map."))
            return
        self._show_map()
        if (at := self._parts.map_place.pointed()) is not None:
            self.ask_pin(*at)

    def _preview(self) -> None:
        self._parts.map_place.preview(self._parts.landmark_bar.place)

    def _change(self) -> None:
        if self._row is not None:
            self._parts.landmark_bar.ask_change(self._row)
            self._preview()

    def _take_up(self) -> None:
        """A click sets it down, or arrows and Enter."""
        if self._row is None:
            return
        self._show_map()
        self._parts.map_place.begin_carrying(self._row)
        words = self.tr("Move {0}: click where it is, or arrows and Enter. Esc: it stays.")
        self._parts.say_done(words.format(self._row.name))

    def _moved(self, carried: LandmarkRow, lat: float, lon: float) -> None:
        """Whatever else has been said of it meanwhile stays; and it can be taken back."""
        marking, before = self._sources.marking, self.find(carried.key)
        if before is None:
            words = self.tr("{0} has been removed meanwhile.")
            self._parts.say_done(words.format(carried.name))
            return
        form = LandmarkForm(before.kind, before.name, lat, lon, before.note, before.key)
        if not marking.set_landmark(form):
            words = self.tr("{0} could not be moved: it can't be kept. Say it by voice.")
            self._parts.say_done(words.format(before.name))
            return
        near, words = near_words(lat, lon), self.tr("Moved: {0}")
        said = " · ".join(part for part in (words.format(before.name), near) if part)
        self._parts.say_done(said, lambda: marking.restore_landmark(before))

    def drop_form(self) -> None:
        self._parts.landmark_bar.drop()

    def _given(self, form: LandmarkForm) -> None:
        """At once, and it can be taken back."""
        marking, before = self._sources.marking, self.find(form.key)
        key = marking.set_landmark(form)
        if not key:
            words = self.tr("{0} could not be set: it can't be kept. Say it by voice.")
            self._parts.say_done(words.format(form.name))
            return
        words = self.tr("Changed: {0}") if before else self.tr("On the map: {0}")
        undo = (
            (lambda: marking.restore_landmark(before))
            if before
            else (lambda: marking.remove_landmark(key))
        )
        self._parts.say_done(words.format(form.name), undo)

    def _remove(self) -> None:
        row, marking = self._row, self._sources.marking
        if row is None:
            return
        if not marking.remove_landmark(row.key):
            self._parts.say_done(
                self.tr("{0} could not be removed: it can't be kept.").format(row.name)
            )
            return
        words = self.tr("Removed: {0} ({1})").format(row.name, kind_words(row.kind))
        self._parts.say_done(words, lambda: marking.restore_landmark(row))

    # --- lines ---

    def measure_line(self, lat: float, lon: float) -> None:
        self._show_map()
        self._parts.map_place.begin_measuring(lat, lon)

    def toggle_line(self) -> None:
        """From where the hand points on the map, else from its middle; once more, and it ends."""
        place = self._parts.map_place
        if place.is_measuring:
            place.end_measuring()
            return
        self._show_map()
        if (at := place.pointed()) is not None:
            place.begin_measuring(*at)
