"""The list of units: who can be sent, how far away, and what is known of each; a search field and
chips above."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.buttons import FlatButton, ghost, picked, plain
from widgets.contracts.rows import UnitRow
from widgets.contracts.sources import Clock, UnitSource
from widgets.driving import Estimate
from widgets.emptiness import ListNote
from widgets.heading import Heading
from widgets.knowledge import Doubt
from widgets.labels import Words
from widgets.look import Look
from widgets.rows import RowList, RowModel
from widgets.search import SearchField
from widgets.tips import tip
from widgets.unit_order import (
    FILTERS,
    SORTS,
    Filter,
    Reference,
    Sort,
    UnitTable,
    Wanted,
    has_alarm,
)
from widgets.unit_rows import KindChip, UnitDelegate
from widgets.unit_words import distance_words, estimate_told, estimate_words, sort_words, told
from widgets.unit_words import said as said_of

GATHER_MS: Final = 100  # changes are sorted in at most this often
AGES_MS: Final = 1_000
LEAST_PLACE_PX: Final = 96
MOST_PLACE_PX: Final = 190
HEADING_PX: Final = 126
LOW_LINE_ROWS: Final = 8  # the panel is so high, in rows, or has no line of words above the list


class UnitList(RowList):
    """``menu_wanted``: of the row that is chosen or pointed at, and where on the screen."""

    menu_wanted = Signal(QModelIndex, QPoint)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            self._menu_of_current()
            return
        index = self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(index, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+F10 and the Menu key, where the system makes no menu of them by itself."""
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and shifted):
            self._menu_of_current()
        else:
            super().keyPressEvent(event)

    def _menu_of_current(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            below = self.visualRect(index).bottomLeft() + QPoint(24, -4)
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(below))


class UnitPanel(QWidget):
    """``unit_chosen`` carries the key of the unit to be shown on the map, ``menu_wanted`` that of
    one with which something is to be done, and where on the screen; ``measured`` the place from
    which distances are measured, None = none."""

    unit_chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)
    measured = Signal(object)

    def __init__(
        self, look: Look, source: UnitSource, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._source = source
        self._clock = clock
        self._table = UnitTable()
        self._from: Reference | None = None
        self._sort: Sort = "urgency"
        self._sort_before: Sort = "urgency"  # while distances are measured
        self._alarmed: frozenset[str] = frozenset()
        self._doubt = Doubt()
        self._heading = Heading(look, self)
        self._search = SearchField(look, "Ctrl+K", self)
        self._make_choices(look)
        self._delegate = UnitDelegate(
            look,
            clock,
            self._table.far_km,
            lambda: self._from is not None,
            self,
            estimate=self.estimate_of,
        )
        self.list = UnitList(self._delegate, self)
        self.model: RowModel[UnitRow] = RowModel(self._said, self, told=self._told)
        self.list.setModel(self.model)
        self._empty = ListNote(look, "map-pin", self.list)
        self._lay_out()
        self._gather = _timer(self, GATHER_MS, self._sort_in)
        self._gather.setSingleShot(True)
        self._ages = _timer(self, AGES_MS, self.list.viewport().update)
        self._search.textChanged.connect(self._sort_in)
        self._search.down_pressed.connect(self._into_list)
        self._search.returnPressed.connect(self._choose_first)
        self.list.clicked.connect(self._chosen)
        self.list.activated.connect(self._chosen)
        self.list.menu_wanted.connect(self._menu_of)
        source.changed.connect(self._changed)
        source.reset.connect(self.reload)
        self.retranslate()
        self.reload()

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._top, self._middle = QHBoxLayout(), QHBoxLayout()
        self._heading.setMinimumWidth(HEADING_PX)  # the count is never cut
        self._top.addWidget(self._heading, 1)
        self._top.addWidget(self.measure)
        self._top.addWidget(self.sort)
        self._middle.addWidget(self._search, 1)
        for chip in self.chips.values():
            self._middle.addWidget(chip)
        self._low = QHBoxLayout()
        self._low.addWidget(self.free_first)
        self._low.addWidget(self.caution, 1)
        for line in (self._top, self._middle, self._low):
            line.setSpacing(3)
            column.addLayout(line)
        column.addWidget(self.list, 1)

    def _make_choices(self, look: Look) -> None:
        self.sort = FlatButton(look, skin=ghost)
        self.sort.clicked.connect(self.next_sort)
        self.chips = {one: KindChip(look, one, f"Ctrl+{n}") for n, one in enumerate(FILTERS, 1)}
        for chip in self.chips.values():
            chip.toggled.connect(self._sort_in)
        self.measure = FlatButton(look, icon_name="ruler-measure")
        self.measure.clicked.connect(lambda: self.measure_from(None))
        self.measure.setMinimumWidth(LEAST_PLACE_PX)  # a long name is cut; the tip has it whole
        self.measure.setMaximumWidth(MOST_PLACE_PX)
        self.measure.hide()
        self.free_first = FlatButton(look)
        self.free_first.setCheckable(True)
        self.free_first.toggled.connect(self._first_chosen)
        self.caution = Words(look, ink="muted")
        self.free_first.hide()
        self.caution.hide()

    @property
    def heading(self) -> Heading:
        return self._heading

    # --- reading ---

    def reload(self) -> None:
        self._table.set_rows(self._source.row(key) for key in tuple(self._source.keys()))
        self._follow_reference()
        self._sort_in()

    def _changed(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._table.put(self._source.row(key))
        if self._from is not None and self._from.unit in keys:
            self._follow_reference()
        if not self._gather.isActive():
            self._gather.start()

    def _sort_in(self) -> None:
        chosen = self.chosen()
        shown = self._table.listed(self.wanted())
        self.model.take(shown)
        self._select(chosen)
        self._show_new_alarm(shown)
        if self._from is not None:  # how far each is may differ, also of the same row
            self.list.viewport().update()
        self._heading.set_count(len(self._table), len(shown))
        self._heading.set_as_of(self._doubt.as_of if len(self._table) else "")
        self._tell_emptiness(bool(shown))

    def _show_new_alarm(self, shown: Sequence[UnitRow]) -> None:
        """The list goes to a unit whose alarm is new, wherever it was scrolled to; what is chosen,
        and the keyboard, stay where they are."""
        before = self._alarmed
        self._alarmed = frozenset(row.key for row in shown if has_alarm(row))
        first = next((n for n, row in enumerate(shown) if row.key in self._alarmed - before), None)
        if first is not None:
            self.list.scrollToTop()
            self.list.scrollTo(self.model.index(first))

    def wanted(self) -> Wanted:
        chosen = frozenset(one for one, chip in self.chips.items() if chip.isChecked())
        return Wanted(self._search.text(), chosen, self._sort, self.free_first.isChecked())

    def chosen(self) -> str:
        """The selected unit's key, or ''."""
        row = self.model.at(self.list.currentIndex())
        return row.key if row is not None else ""

    def _select(self, key: str) -> None:
        if not key or key == self.chosen():
            return
        for n in range(self.model.rowCount()):
            if self.model.row(n).key == key:
                self.list.setCurrentIndex(self.model.index(n))
                return
        self.list.setCurrentIndex(QModelIndex())

    def set_running(self, running: bool) -> None:
        if running and not self._ages.isActive():
            self._ages.start()
        elif not running:
            self._ages.stop()

    def show_doubt(self, doubt: Doubt) -> None:
        """What was known before stays, and as of when is said above it."""
        self._doubt = doubt
        self._heading.set_as_of(doubt.as_of if len(self._table) else "")
        self._tell_emptiness(self.model.rowCount() > 0)

    # --- hands ---

    def search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def select(self, key: str) -> None:
        """Show where in the list this unit is (it was clicked on the map)."""
        self._search.clear()
        if not any(self.model.row(n).key == key for n in range(self.model.rowCount())):
            self.clear_filters()
        self._select(key)
        self.list.scrollTo(self.list.currentIndex())

    def toggle(self, which: Filter) -> None:
        self.chips[which].toggle()

    def clear_filters(self) -> None:
        for chip in self.chips.values():
            chip.setChecked(False)

    def next_sort(self) -> None:
        """By distance only once there is a place to measure from."""
        there = [one for one in SORTS if one != "distance" or self._from is not None]
        self._set_sort(there[(there.index(self._sort) + 1) % len(there)])

    def toggle_free_first(self) -> None:
        """While distances are measured: who is free stands first."""
        if self._from is not None:
            self.free_first.toggle()

    def _first_chosen(self) -> None:
        """It is an order by distance."""
        if self._from is not None:
            self._set_sort("distance")

    def _set_sort(self, sort: Sort) -> None:
        self._sort = sort
        self._name_choices()
        self._sort_in()

    # --- distances ---

    def measure_from(self, reference: Reference | None) -> None:
        """From now on; the nearest stand first. None: as it was before."""
        if reference is not None and self._from is None:
            self._sort_before = self._sort
        self._from = reference
        self._table.set_parted(frozenset())
        self._table.measure_from(reference)
        self._set_sort("distance" if reference is not None else self._sort_before)
        self.measured.emit(reference)

    def _follow_reference(self) -> None:
        """The place of a unit is where that is now; without a word of it, where it was."""
        here = self._from
        if here is None or not here.unit or here.unit not in tuple(self._source.keys()):
            return
        row = self._source.row(here.unit)
        if row.lat is None or row.lon is None or (row.lat, row.lon) == (here.lat, here.lon):
            return
        self._from = Reference(here.label, row.lat, row.lon, here.unit)
        self._table.measure_from(self._from)
        self.measured.emit(self._from)

    def set_parted(self, reference: Reference, keys: Collection[str]) -> None:
        """Units that water may part from the place that is measured from, if that is still this."""
        if reference == self._from:
            self._table.set_parted(keys)
            self.list.viewport().update()

    def places(self) -> dict[str, tuple[float, float]]:
        """Where each unit is, degrees."""
        return self._table.places()

    def estimate_of(self, key: str) -> Estimate | None:
        """How long a unit may need to the place that is measured from."""
        return self._table.estimate(key, self._clock.now_s())

    def way_words(self, key: str) -> str:
        """The same in full; "" = nothing is measured, or the unit is the place itself."""
        if self._from is None or key == self._from.unit or self._table.far_km(key) is None:
            return ""
        return estimate_told(self.estimate_of(key))

    def far_words(self, key: str) -> str:
        """How far a unit is, and from where; "" = nothing is measured."""
        words = distance_words(self._table.far_km(key))
        if self._from is None or not words:
            return ""
        return self.tr("{0} from {1}").format(words, self._from.label)

    # --- one unit ---

    def _said(self, row: UnitRow) -> str:
        way = estimate_words(self.estimate_of(row.key))
        return said_of(row, self._clock.now_s(), self._table.far_km(row.key), way)

    def _told(self, row: UnitRow) -> str:
        """As it is now: where a row's unit is may be older than the row says."""
        now = self._source.row(row.key) if row.key in tuple(self._source.keys()) else row
        return told(now, self._clock.now_s(), self.far_words(row.key), self.way_words(row.key))

    def _menu_of(self, index: QModelIndex, at: QPoint) -> None:
        self.menu_wanted.emit(self.model.row(index.row()).key, at)

    def _chosen(self, index: QModelIndex) -> None:
        self.unit_chosen.emit(self.model.row(index.row()).key)

    def _into_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.rowCount() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))

    def _choose_first(self) -> None:
        """Found: what was typed has done its work, and all are listed again."""
        if self.model.rowCount():
            self.select(self.model.row(0).key)
            self._chosen(self.list.currentIndex())

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        self._column.setSpacing(min(6, look.metrics.gap - 1))  # a row more on 768
        for part in (self._heading, self._search, self._empty, self.list, self.caution):
            part.set_look(look)
        for button in (self.sort, self.measure, self.free_first, *self.chips.values()):
            button.set_look(look)

    def _name_choices(self) -> None:
        words = sort_words(self._sort)
        said = self.tr("Sorted by: {0}. Press for another").format(words)
        self.sort.set_words(f"{words} ▾", said)
        self.sort.setToolTip(tip(f"{self.sort.accessibleName()} (Ctrl+9)"))
        self.measure.setVisible(self._from is not None)
        self._show_caution()
        self._name_freedom()
        if self._from is not None:
            words = self.tr("From {0}").format(self._from.label)
            self.measure.set_words(f"× {words}", self.tr("{0}; press to end").format(words))
            self.measure.setToolTip(tip(self.measure.accessibleName()))

    def _show_caution(self) -> None:
        """Only where it leaves room for some units; rows and their tips say it as well."""
        fits = self.height() >= LOW_LINE_ROWS * self._look.metrics.row
        for part in (self.free_first, self.caution):
            part.setVisible(self._from is not None and fits)

    def _name_freedom(self) -> None:
        is_on = self.free_first.isChecked()
        words = self.tr("Free first")
        self.free_first.set_icon_name("check" if is_on else "")
        self.free_first.set_skin(picked if is_on else plain)
        chosen = self.tr("chosen")
        self.free_first.set_words(words, f"{words}, {chosen}" if is_on else words)
        self.free_first.setToolTip(tip(f"{words} (Ctrl+Shift+F)"))
        self.caution.say(
            self.tr("~ at best–typically, without roads"),
            more=self.tr(
                "Minutes are a guess from the straight line: the program has no roads. Ferries, "
                "fjords, winter and traffic come on top."
            ),
        )

    def retranslate(self) -> None:
        self._heading.set_words(self.tr("Units"))
        self._search.set_hint(self.tr("Search"), self.tr("Search unit, status, crew or talkgroup"))
        for chip in self.chips.values():
            chip.retranslate()
        self._name_choices()
        self.list.setAccessibleName(self.tr("Units, alarms first"))
        self._tell_emptiness(self.model.rowCount() > 0)
        self.list.viewport().update()

    def _tell_emptiness(self, any_shown: bool) -> None:
        self._empty.setVisible(not any_shown)
        if len(self._table):
            self._empty.set_words(
                self.tr("No unit fits the search"),
                self.tr("Esc clears the search, Ctrl+8 the chosen kinds."),
            )
        elif self._doubt:
            self._empty.set_words(self.tr("Units unknown"), self._doubt.why)
        else:
            self._empty.set_words(
                self.tr("No units yet"),
                self.tr("They appear here when the site tells of them, with their last status."),
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_caution()


def _timer(parent: QWidget, interval_ms: int, call: Callable[[], object]) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(interval_ms)
    timer.timeout.connect(call)
    return timer
