"""What stands between the tiles and the alarms: the map, or one page in its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect

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
            page.closed.connect(self.close_page)

    # --- any page ---

    @property
    def shown(self) -> Page | None:
        return next((page for page in self._parts.all_pages() if not page.isHidden()), None)

    def toggle(self, page: Page) -> None:
        self.show_page(page if page.isHidden() else None)

    def close_page(self) -> None:
        self.show_page(None)

    def show_page(self, page: Page | None) -> None:
        """None: the map. A keyboard that was on a page that goes comes to the tiles."""
        shown = self.shown
        if page is shown:
            return
        had_focus = shown is not None and shown.has_keyboard
        for one in self._parts.all_pages():
            one.setVisible(one is page)
        self._parts.map_place.setVisible(page is None)
        self._parts.help.hide()
        if page is not None:
            page.open()
        elif had_focus:
            self._parts.tiles.focus_current()

    def toggle_help(self) -> None:
        self._parts.help.setVisible(self._parts.help.isHidden())
        self.place_help()

    def place_help(self) -> None:
        if not self._parts.help.isHidden():
            self._parts.help.place_in(self._room())

    # --- the map ---

    def show_alarm(self, key: str) -> None:
        """Put the alarm's place on the map: the unit's own mark if it has one."""
        if key not in tuple(self._sources.alarms.keys()):  # it has just been closed
            return
        row = self._sources.alarms.row(key)
        if row.lat is not None and row.lon is not None:
            self.close_page()
            self._parts.map_place.show_point(row.lat, row.lon)
        else:
            self.show_unit(row.unit)

    def show_unit(self, unit: str) -> None:
        self.close_page()
        self._parts.map_place.show_unit(unit)

    # --- one page each ---

    def find(self) -> None:
        """To the words that are searched for; once more, and the page goes."""
        timeline = self._parts.timeline
        if timeline.isVisible() and not timeline.field.hasFocus():
            timeline.open()
        else:
            self.toggle(timeline)

    def toggle_rules(self) -> None:
        """What fits what goes on at this moment."""
        s, rules = self._sources, self._parts.rules
        if rules.isHidden():
            rules.show_moment(moment_of(s.status.status(), s.alarms, s.people))
        self.toggle(rules)

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
        if self._parts.calls.isHidden():
            self.show_calls(self._focused())
        else:
            self.close_page()
