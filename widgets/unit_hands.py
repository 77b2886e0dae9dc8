"""What a hand does with a unit, whether it is in the list, on the map or in its strip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from resources.map.places import nearest_place
from widgets.contracts.rows import PostRow, UnitRow
from widgets.contracts.sources import Sources
from widgets.map_hands import MapHands
from widgets.pages import DeskPages
from widgets.parts import DeskParts
from widgets.unit_menu import Deed, PlaceMenu, UnitMenu
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
        self._pointed = (0.0, 0.0)  # on the map, in degrees
        self.menu = UnitMenu(self._posts, parent)
        self.place_menu = PlaceMenu(parent)
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
        self.place_menu.measure_wanted.connect(self._measure_from_pointed)

    def _posts(self) -> Sequence[PostRow]:
        return self._sources.people.posts()

    def close_menus(self) -> None:
        """A menu keeps keys to itself that an alarm needs."""
        self.menu.close()
        self.place_menu.close()

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
        self._pointed = (lat, lon)
        if self._row(key) is not None:
            self.open_menu(key, at)
        else:
            self.place_menu.open_at(at)

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
        }
        deeds[deed]()

    def _show_on_map(self, key: str) -> None:
        self._parts.units.select(key)
        self._pages.show_unit(key)

    def _add_to_group(self, unit: str, group: str) -> None:
        """At once, and it can be taken back."""
        posting, row = self._sources.posting, self._row(unit)
        named = next((one for one in self._sources.people.posts() if one.key == group), None)
        if row is None or named is None:
            return
        if not posting.add_to_group(group, unit):
            words = self.tr("{0} could not be added to {1}: it can't be kept. Say it by voice.")
            self._parts.done_bar.show_done(words.format(row.call_sign, named.text), None)
            return
        words = self.tr("{0} is in {1} now").format(row.call_sign, named.text)
        self._parts.done_bar.show_done(words, lambda: posting.remove_from_group(group, unit))

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

    def _measure_from_pointed(self) -> None:
        lat, lon = self._pointed
        near = nearest_place(lat, lon)
        name = self.tr("near {0}").format(near.name) if near else self.tr("the chosen place")
        self._parts.units.measure_from(Reference(name, lat, lon))
