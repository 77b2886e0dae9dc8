"""What a hand does with a unit, whether it is in the list, on the map or in its strip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from widgets.contracts.rows import PostRow, UnitRow
from widgets.contracts.sources import Sources
from widgets.landmark_hands import LandmarkHands
from widgets.map_hands import MapHands
from widgets.nearest import WaterBetween
from widgets.pages import DeskPages
from widgets.parts import DeskParts
from widgets.place_menu import PlaceMenu
from widgets.unit_menu import Deed, UnitMenu
from widgets.unit_order import Reference


class UnitHands(QObject):
    """Connects the parts that show units with what can be done with one."""

    def __init__(
        self,
        parts: DeskParts,
        sources: Sources,
        pages: DeskPages,
        map_hands: MapHands,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._map_hands = map_hands
        self._sources = sources
        self._pages = pages
        self.menu = UnitMenu(self._posts, parent)
        self.places = LandmarkHands(parts, sources, self.show_nearest, pages.clear_map, parent)
        self.water = WaterBetween(parts.units, self)
        self._connect()

    def _connect(self) -> None:
        parts = self._parts
        parts.units.unit_chosen.connect(self._chosen)
        parts.units.menu_wanted.connect(self.open_menu)
        parts.units.measured.connect(parts.map_place.set_mark)
        parts.map_place.unit_clicked.connect(self._clicked)
        parts.map_place.menu_wanted.connect(self._menu_on_map)
        parts.alarms.measure_wanted.connect(self.measure_from_alarm)
        parts.unit_bar.wanted.connect(self.do)
        parts.unit_bar.more_wanted.connect(self._menu_of_bar)
        parts.unit_bar.left.connect(parts.unit_bar.drop)
        self.menu.wanted.connect(self.do)
        self.menu.group_chosen.connect(self._add_to_group)
        self.places.menu.copy_wanted.connect(self._copy)
        parts.map_place.finder.copied.connect(self._copy)

    @property
    def place_menu(self) -> PlaceMenu:
        return self.places.menu

    def _posts(self) -> Sequence[PostRow]:
        return self._sources.people.posts()

    # --- which one ---

    def _row(self, key: str) -> UnitRow | None:
        source = self._sources.units
        return source.row(key) if key in tuple(source.keys()) else None

    def _chosen(self, key: str) -> None:
        self._parts.map_place.show_unit(key)
        self._parts.unit_bar.show_unit(key)

    def _clicked(self, key: str) -> None:
        self._parts.units.select(key)
        self._parts.unit_bar.show_unit(key)

    def open_menu(self, key: str, at: QPoint) -> None:
        row = self._row(key)
        if row is not None:
            self.menu.open_for(row, at)

    def _menu_of_bar(self, key: str) -> None:
        button = self._parts.unit_bar.more
        self.open_menu(key, button.mapToGlobal(QPoint(0, button.height())))

    def _menu_on_map(self, key: str, lat: float, lon: float, at: QPoint) -> None:
        if self._row(key) is not None:
            self.open_menu(key, at)
        else:
            self.places.open_menu(key, lat, lon, at)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._parts.say_done(self.tr("Copied: {0}").format(text))

    # --- what ---

    def do(self, deed: Deed, key: str) -> None:
        row = self._row(key)
        if row is None:  # it has left meanwhile
            return
        deeds: dict[Deed, Callable[[], object]] = {
            "call": lambda: self._parts.dial_bar.ask(row.call_sign),
            "message": lambda: self._pages.write_to(key, "message"),
            "callout": lambda: self._pages.write_to(key, "callout"),
            "new-group": lambda: self._pages.write_to(key, "group"),
            "map": lambda: self._show_on_map(key),
            "follow": lambda: self._map_hands.follow(key),
            "trail": lambda: self._map_hands.toggle_trail(key),
            "log": lambda: self._pages.show_in_log(key, row.call_sign),
            "measure": lambda: self.measure_from_unit(key),
            "line": lambda: self._line_from(row),
        }
        deeds[deed]()

    def _line_from(self, row: UnitRow) -> None:
        if row.lat is not None and row.lon is not None:
            self.places.measure_line(row.lat, row.lon)

    def _show_on_map(self, key: str) -> None:
        self._parts.units.select(key)
        self._pages.show_unit(key)

    def _add_to_group(self, unit: str, group: str) -> None:
        """At once, and it can be taken back."""
        posting, row = self._sources.posting, self._row(unit)
        named = next((one for one in self._sources.people.posts() if one.key == group), None)
        if row is None or named is None:
            return
        if why := self._sources.people.why_not((unit, group)):
            self._parts.say_done(why)
            return
        if not posting.add_to_group(group, unit):
            words = self.tr("{0} could not be added to {1}: it can't be kept. Say it by voice.")
            self._parts.say_done(words.format(row.call_sign, named.text))
            return
        words = self.tr("{0} is in {1} now").format(row.call_sign, named.text)
        self._parts.say_done(words, lambda: posting.remove_from_group(group, unit))

    # --- distances ---

    def measure_from_unit(self, key: str) -> None:
        row = self._row(key)
        if row is not None and row.lat is not None and row.lon is not None:
            place = Reference(row.call_sign, row.lat, row.lon, row.key)
            self._parts.units.measure_from(place)

    def measure_from_alarm(self, key: str) -> None:
        """Where it was raised; where that is not known, where its unit is."""
        source = self._sources.alarms
        if key not in tuple(source.keys()):  # it has just been closed
            return
        row = source.row(key)
        if row.lat is None or row.lon is None:
            self.measure_from_unit(row.unit)
            return
        name = self.tr("alarm {0}").format(row.call_sign)
        self._parts.units.measure_from(Reference(name, row.lat, row.lon))

    def measure_from_current_alarm(self) -> None:
        self.measure_from_alarm(self._parts.alarms.current)

    def show_nearest(self, lat: float, lon: float, name: str) -> None:
        """Which units are nearest to any place, by its name: a search's, a pin's, a point's."""
        self._parts.units.measure_from(Reference(name, lat, lon))
