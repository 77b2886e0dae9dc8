"""What stands between the tiles and the alarms: the map, or one page in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from widgets.contracts.rows import HandoverRow, PostKind
from widgets.contracts.sources import Sources
from widgets.page import Page
from widgets.parts import DeskParts
from widgets.rules import moment_of


class DeskPages(QObject):
    """Shows pages, and on them what a hand chose elsewhere in the window."""

    def __init__(
        self,
        parts: DeskParts,
        sources: Sources,
        focused: Callable[[], str],
        room: Callable[[], QRect],
        parent: QObject,
    ) -> None:
        """``focused``: the talkgroup whose tile has the keyboard; empty: none has. ``room``: where
        the map and the pages are, in the window."""
        super().__init__(parent)
        self._parts = parts
        self._sources = sources
        self._focused = focused
        self._room = room
        for page in parts.all_pages():
            page.closed.connect(lambda page=page: self._left(page))

    # --- any page ---

    @property
    def shown(self) -> Page | None:
        """In the map's place; those in a window of their own are not meant."""
        return next((page for page in self.at_home() if not page.isHidden()), None)

    def _left(self, page: Page) -> None:
        """One that has a window of its own comes home by that alone."""
        if page is self.shown:
            self.close_page()

    def named(self, name: str) -> Page | None:
        """One that can be shown again as it was remembered; help to an alarm is for that alarm."""
        pages = (page for page in self._parts.all_pages() if page is not self._parts.aid)
        return next((page for page in pages if page.name == name), None)

    def fill(self, page: Page) -> None:
        """Before it is shown without a hand that asked for something on it."""
        if page is self._parts.calls:
            self._parts.calls.show_group("")
        elif page is self._parts.rules:
            self._show_moment()

    def at_home(self) -> tuple[Page, ...]:
        return tuple(page for page in self._parts.all_pages() if not self.is_out(page))

    def is_out(self, widget: QWidget) -> bool:
        """Whether it has a window of its own."""
        return widget.window() is not self._parts.tiles.window()

    def toggle(self, page: Page) -> None:
        """One that has a window of its own is gone to, and left again."""
        if self.is_out(page) and page.isActiveWindow():
            self.go_home()
        else:
            self.show_page(None if page is self.shown else page)

    def go_home(self) -> None:
        """The keyboard, from a window that a panel has for itself, to the tiles."""
        self._parts.tiles.window().activateWindow()
        self._parts.tiles.focus_current()

    def lift(self, widget: QWidget) -> None:
        """So that it is seen, where it has a window of its own."""
        if self.is_out(widget):
            widget.window().raise_()

    def close_page(self) -> None:
        self.show_page(None)

    def show_page(self, page: Page | None) -> None:
        """None: the map. A keyboard that was on a page that goes comes to the tiles."""
        shown = self.shown
        if page is not None and self.is_out(page):
            self.lift(page)
            page.window().activateWindow()
            page.open()
            return
        if page is shown:
            return
        had_focus = shown is not None and shown.has_keyboard
        for one in self.at_home():
            one.setVisible(one is page)
        self._show_map(page is None)
        self.close_help()
        if page is not None:
            page.open()
        elif had_focus:
            self._parts.tiles.focus_current()

    def _show_map(self, is_shown: bool) -> None:
        """Or, where it has a window of its own, what says so."""
        is_out = self.is_out(self._parts.map_place)
        if not is_out:
            self._parts.map_place.setVisible(is_shown)
        self._parts.map_away.setVisible(is_shown and is_out)

    def refill(self) -> None:
        """Something left the map's place, or came back."""
        self._show_map(self.shown is None)

    def toggle_help(self) -> None:
        if self._parts.help.isHidden():
            self._parts.help.show()
            self.place_help()
        else:
            self.close_help()

    def close_help(self) -> None:
        """A keyboard that was on it comes to the tiles."""
        if self._parts.help.has_keyboard:
            self._parts.tiles.focus_current()
        self._parts.help.hide()

    def place_help(self) -> None:
        if not self._parts.help.isHidden():
            self._parts.help.place_in(self._room())

    # --- the map ---

    def show_alarm(self, key: str) -> None:
        """Put the alarm's place on the map: the unit's own mark if it has one."""
        if key not in tuple(self._sources.alarms.keys()):  # it has just been closed
            return
        row = self._sources.alarms.row(key)
        self._parts.map_place.finder.drop()  # its list would lie over the alarm
        if row.lat is not None and row.lon is not None:
            self.clear_map()
            self._parts.map_place.show_point(row.lat, row.lon)
        else:
            self.show_unit(row.unit)

    def clear_map(self) -> None:
        """The map: it is to be seen: nothing in its place, or its own window on top."""
        if self.is_out(self._parts.map_place):
            self.lift(self._parts.map_place)
        else:
            self.close_page()

    def show_unit(self, unit: str) -> None:
        self.clear_map()
        self._parts.map_place.show_unit(unit)

    def show_landmark(self, key: str) -> None:
        """A pin, or a place of the site's, on the map."""
        rows = (row for row in self._sources.landmarks.rows() if row.key == key)
        if (row := next(rows, None)) is not None:
            self.clear_map()
            self._parts.map_place.show_point(row.lat, row.lon)

    def find_place(self) -> None:
        """To the line where a place is typed; once more, and it goes."""
        finder = self._parts.map_place.finder
        if finder.is_open and finder.has_keyboard:
            finder.drop()
            return
        self.clear_map()
        self.close_help()
        finder.window().activateWindow()
        finder.open()

    # --- one page each ---

    def find(self) -> None:
        """To the words that are searched for; once more, and the page goes."""
        timeline = self._parts.timeline
        if not self._parts.help.isHidden():
            self._parts.help.search()
        elif timeline.isVisible() and not timeline.field.hasFocus():
            self.lift(timeline)
            timeline.window().activateWindow()
            timeline.open()
        else:
            self.toggle(timeline)

    def toggle_rules(self) -> None:
        """What fits what goes on at this moment."""
        if self._parts.rules is not self.shown:
            self._show_moment()
        self.toggle(self._parts.rules)

    def _show_moment(self) -> None:
        s = self._sources
        self._parts.rules.show_moment(moment_of(s.status.status(), s.alarms, s.people))

    def toggle_talk(self) -> None:
        self.toggle(self._parts.talk_page)

    def toggle_people(self) -> None:
        self.toggle(self._parts.people)

    def toggle_duty(self) -> None:
        self.toggle(self._parts.duty_list)

    def toggle_handover(self) -> None:
        self.toggle(self._parts.handover)

    def confer_with(self, unit: str) -> None:
        """A group of the doctor on duty, this unit (empty: none yet) and whom one chooses."""
        self.show_page(self._parts.people)
        self._parts.people.confer(unit)

    def see_to(self, row: HandoverRow) -> None:
        """What stands in the hand-over, where something can be done about it."""
        parts = self._parts
        if row.kind == "alarm":
            parts.alarms.choose(row.key)
            self.show_help_for(row.key)
        elif row.kind == "muted":
            parts.tile_area.reveal(row.key)
            parts.tiles.focus_key(row.key)
        elif row.kind == "pin":
            self.show_landmark(row.key)
        elif row.kind == "duty":
            self.show_page(parts.duty_list)
        elif row.kind == "missed":
            is_group = row.key in tuple(self._sources.talkgroups.keys())
            self.show_calls(row.key if is_group else "")
        elif row.kind == "signed-out":
            self.show_page(parts.timeline)
        else:
            self.show_page(parts.people)
            parts.people.show_post(row.key)

    def toggle_diagnostics(self) -> None:
        self.toggle(self._parts.diagnostics)

    def write_to(self, key: str, kind: PostKind = "message") -> None:
        """To somebody who was chosen elsewhere in the window."""
        self.show_page(self._parts.people)
        self._parts.people.write_to(key, kind)

    def write_to_all(self, keys: Sequence[str], kind: PostKind) -> None:
        """To several units that were chosen together."""
        self.show_page(self._parts.people)
        self._parts.people.write_to_all(keys, kind)

    def show_in_log(self, unit: str, name: str) -> None:
        """All that the site's log has of a unit."""
        self.show_page(self._parts.timeline)
        self._parts.timeline.show_only(unit, name)

    def show_help_for(self, key: str) -> None:
        """Who can be sent to an alarm, and what is to be remembered of it."""
        self._parts.aid.show_alarm(key)
        self.show_page(self._parts.aid)

    def show_calls(self, key: str) -> None:
        """The kept calls of a group; empty: of all."""
        self._parts.calls.show_group(key)
        self.show_page(self._parts.calls)

    def toggle_calls(self) -> None:
        if self._parts.calls is self.shown:
            self.close_page()
        else:
            self.show_calls(self._focused())
