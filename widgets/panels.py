"""Which parts of the window can have one of their own, and where each belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from widgets.detach import DetachButton, Detaching, Panel, PanelWindow
from widgets.log import LogPanel
from widgets.look import Look
from widgets.page import Page
from widgets.parts import DeskParts
from widgets.units import UnitPanel

LEAST_UNITS: Final = 4
LEAST_EVENTS: Final = 2
"""Rows of the unit list and of the log: the log gives way where there is no room for both."""
ROOM_TOLD: Final = (QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


@dataclass(frozen=True, slots=True)
class Columns:
    """Of the desk's window, between the tiles and its right edge."""

    map: QVBoxLayout
    right: QVBoxLayout


class DeskPanels(QObject):
    """Tiles and alarms are no panels: they never leave. ``resettled``: something left its place in
    the desk's window, or is back."""

    resettled = Signal()

    def __init__(
        self,
        parts: DeskParts,
        columns: Columns,
        look: Look,
        page_shown: Callable[[], Page | None],
        parent: QWidget,
    ) -> None:
        """``page_shown``: in the map's place."""
        super().__init__(parent)
        self._parts, self._columns, self._look = parts, columns, look
        self._page_shown = page_shown
        self._desk = parent
        self.units_button = DetachButton(look)
        self._name_units_button()
        parts.units.heading.hold(self.units_button)
        self.detaching = Detaching(self._panels(), self._room, look, self)
        self.detaching.opened.connect(lambda _window: self.resettled.emit())
        self.detaching.closing.connect(self._closing)
        self.detaching.alarms_wanted.connect(self._show_alarms)
        parts.alarms.waiting_changed.connect(self.detaching.show_waiting)
        parts.alarms.waiting_changed.connect(lambda _waiting: self._show_log())
        self.detaching.show_waiting(parts.alarms.waiting)
        self.units_button.clicked.connect(lambda: self.detaching.toggle("units"))
        parts.map_place.detach_wanted.connect(lambda: self.detaching.toggle("map"))
        for page in parts.all_pages():
            page.detach_wanted.connect(lambda name=page.name: self.detaching.toggle(name))
            page.closed.connect(lambda name=page.name: self.detaching.bring_back(name))
        self._lay_right()
        columns.right.addStretch(0)  # below what is left when units and log are out
        for part in self._above_units():
            part.installEventFilter(self)

    def _panels(self) -> list[Panel]:
        parts = self._parts
        pages = [
            Panel(page.name, ((page, 1),), _title(page), (page,), self._page_home(page))
            for page in parts.all_pages()
        ]
        place, units = parts.map_place, ((parts.units, 3), (parts.log, 2))
        return [
            Panel("map", ((place, 1),), lambda: self.tr("Map"), (place,), self._put_map_back),
            Panel(
                "units",
                units,
                lambda: self.tr("Units and log"),
                (self.units_button,),
                self._put_units_back,
            ),
            *pages,
        ]

    def _name_units_button(self) -> None:
        self.units_button.set_panel(self.tr("Units and log"))

    # --- back where they belong ---

    def _lay_right(self) -> None:
        """Those that have no window of their own, in their order."""
        home = [one for one in self._parts.right_column() if not self.is_out(one[0])]
        for n, (part, stretch) in enumerate(home):
            self._columns.right.removeWidget(part)
            self._columns.right.insertWidget(n, part, stretch)

    def _put_map_back(self) -> None:
        self._columns.map.insertWidget(len(self._parts.strips()), self._parts.map_place, 1)

    def _put_units_back(self) -> None:
        self._lay_right()
        self.set_look(self._look)

    def _page_home(self, page: Page) -> Callable[[], None]:
        def put_back() -> None:
            """To be opened by who wants it; what is in the map's place stays."""
            page.hide()
            self._columns.map.addWidget(page, 1)

        return put_back

    def _closing(self, window: QWidget) -> None:
        if window.isActiveWindow():
            self._desk.activateWindow()
        QTimer.singleShot(0, self, self.resettled.emit)  # once it is back

    # --- asking ---

    def is_out(self, part: QWidget) -> bool:
        return self.detaching.window_of(part) is not None

    def _room(self) -> QRect:
        """Where the map is, on the screen."""
        middle = self._parts.tile_area.parentWidget() or self._desk
        layout = middle.layout()
        if layout is not None:
            layout.activate()  # a new look has forgotten where things are until Qt's next turn
        room = self._columns.map.geometry()
        return QRect(middle.mapToGlobal(room.topLeft()), room.size())

    # --- hands ---

    def _show_alarms(self) -> None:
        self._desk.raise_()
        self._desk.activateWindow()

    def toggle_focused(self) -> None:
        """The panel that has the keyboard; else the page that is shown, or the map."""
        name = self.detaching.name_of(QApplication.focusWidget())
        active = QApplication.activeWindow()
        if not name and isinstance(active, PanelWindow):
            name = active.panel.name
        shown = self._page_shown()
        self.detaching.toggle(name or ("map" if shown is None else shown.name))

    # --- look ---

    def set_look(self, look: Look) -> None:
        """The log goes where it is short of room: log and search has all of it."""
        self._look = look
        m, parts = look.metrics, self._parts
        self.units_button.set_look(look)
        for part, _ in parts.right_column():
            if not self.is_out(part):
                part.setFixedWidth(m.right)
        self._show_log()
        self.detaching.set_look(look)

    def _show_log(self) -> None:
        """Or, while no alarm needs the room, what stands in its place."""
        parts = self._parts
        is_short, is_home = self._look.metrics.short, not self.is_out(parts.log)
        hidden = is_home and (is_short or not self._shared())
        is_away = hidden and not parts.alarms.waiting.who
        parts.log.setHidden(hidden)
        parts.log_away.setVisible(is_away and (is_short or self._has_room_for_away()))
        if is_home and not hidden:
            self._share_room()

    # --- room for the units ---

    def _above_units(self) -> tuple[QWidget, ...]:
        return self._parts.alarms, self._parts.alarm_sound, self._parts.duty

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another alarm, or one fewer: at once, so that nothing moves twice."""
        if event.type() in ROOM_TOLD:
            self._show_log()
        return super().eventFilter(watched, event)

    def room_changed(self) -> None:
        """The window is higher or lower than before."""
        self._show_log()

    def _least_of_units(self) -> int:
        return _height_of(self._parts.units, LEAST_UNITS)

    def _below_alarms(self) -> int:
        """What of the right column is left for units and log."""
        parts, gap = self._parts, self._columns.right.spacing()
        above = [one for one in self._above_units() if not one.isHidden()]
        lines = (one.minimumSizeHint().height() for one in above if one is not parts.alarms)
        used = parts.alarms.minimumHeight() + sum(lines) + len(above) * gap
        return self._column_height() - used

    def _shared(self) -> tuple[int, int] | tuple[()]:
        """How high units and log are, below each other; nothing where there is no room for both.
        Who is near and free is asked for in the midst of alarms; the log is a key away."""
        parts = self._parts
        room = self._below_alarms() - self._columns.right.spacing()
        shares = {part: share for part, share in parts.right_column() if share}
        units = max(room * shares[parts.units] // sum(shares.values()), self._least_of_units())
        is_enough = room - units >= _height_of(parts.log, LEAST_EVENTS)
        return (units, room - units) if is_enough else ()

    def _share_room(self) -> None:
        for part, high in zip((self._parts.units, self._parts.log), self._shared(), strict=True):
            self._columns.right.setStretchFactor(part, high)

    def _has_room_for_away(self) -> bool:
        away = self._parts.log_away.sizeHint().height() + self._columns.right.spacing()
        return self._below_alarms() - away >= self._least_of_units()

    def _column_height(self) -> int:
        """Of the right column, as it is or will be."""
        m = self._look.metrics
        return self._desk.height() - m.top_bar - m.bottom_bar - 3 * m.gap

    def retranslate(self) -> None:
        self._name_units_button()
        self.detaching.retranslate()


def _title(page: Page) -> Callable[[], str]:
    return lambda: page.title.text() or page.accessibleName()


def _height_of(part: LogPanel | UnitPanel, rows: int) -> int:
    """What it takes with so many rows in sight."""
    return part.minimumSizeHint().height() + (rows - 1) * part.list.row_px()
