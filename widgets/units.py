"""The list of units: kind, call sign, status, urgency, how long; a search field above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import paint, times
from widgets.contracts.rows import UnitRow, Urgency
from widgets.contracts.sources import Clock, UnitSource
from widgets.emptiness import EmptyNote
from widgets.heading import Heading
from widgets.knowledge import Doubt
from widgets.look import Look, font
from widgets.rows import RowDelegate, RowList, RowModel
from widgets.search import SearchField
from widgets.symbols import colour, paint_symbol
from widgets.unit_order import has_alarm, listed

GATHER_MS: Final = 100  # changes are sorted in at most this often
AGES_MS: Final = 1_000


def urgency_words(urgency: Urgency) -> str:
    """Letter and colour of Norsk legevaktindeks, as on the tag."""
    translate = QCoreApplication.translate
    words: dict[Urgency, str] = {
        "red": translate("urgency", "A · RED"),
        "yellow": translate("urgency", "H · YELLOW"),
        "green": translate("urgency", "V · GREEN"),
        "none": "",
    }
    return words[urgency]


def tag_words(urgency: Urgency, look: Look) -> str:
    """The letter alone in the compact form: filled or outlined, it still says which."""
    words = urgency_words(urgency)
    return words.split(" ")[0] if look.metrics.compact else words


def alarm_words() -> str:
    return QCoreApplication.translate("urgency", "Safety alarm")


class UnitDelegate(RowDelegate):
    """Columns line up from row to row."""

    def __init__(self, look: Look, clock: Clock, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._clock = clock

    def ground(self, row: UnitRow) -> str:
        p = self.look.palette
        return p.alarm_ground if has_alarm(row) else p.card

    def paint_row(self, painter: QPainter, rect: QRect, row: UnitRow) -> None:
        m, p = self.look.metrics, self.look.palette
        ink = p.alarm_text if has_alarm(row) and p.name == "night" else p.text
        self._symbol(painter, rect, row)
        tag, age = self._tag_width(), self._age_width()
        right = rect.right() - 8
        self._age(painter, QRect(right - age, rect.top(), age, rect.height()), row, ink)
        tag_left = right - age - 8 - tag
        if row.urgency != "none":
            height = m.small + 8
            top = rect.center().y() - height // 2 + 1
            self._tag(painter, QRect(tag_left, top, tag, height), row.urgency)
        left = rect.left() + m.icon + 22
        name = QRect(left, rect.top(), round((tag_left - left) * 0.44), rect.height())
        paint.text(painter, name, row.call_sign, ink, font(m.small, bold=True))
        start = name.right() + 8
        status = QRect(start, rect.top(), tag_left - 6 - start, rect.height())
        if row.urgency == "none":
            status.setRight(right - age - 6)
        words = alarm_words() if has_alarm(row) else row.status_text
        quiet = ink if has_alarm(row) else p.muted
        paint.text(painter, status, words, quiet, font(m.small))

    def _symbol(self, painter: QPainter, rect: QRect, row: UnitRow) -> None:
        m, p = self.look.metrics, self.look.palette
        fill = colour(row, p)
        side = m.icon
        place = QRectF(rect.left() + 11, rect.center().y() - side / 2 + 1, side, side)
        paint_symbol(painter, place, row.kind, fill, "#ffffff" if fill == p.alarm else p.ink)

    def _tag_width(self) -> int:
        used = QFontMetrics(font(self.look.metrics.small - 2, bold=True))
        urgencies: tuple[Urgency, ...] = ("red", "yellow", "green")
        return max(used.horizontalAdvance(tag_words(u, self.look)) for u in urgencies) + 14

    def _age_width(self) -> int:
        return QFontMetrics(font(self.look.metrics.small)).horizontalAdvance("00 min") + 2

    def _tag(self, painter: QPainter, rect: QRect, urgency: Urgency) -> None:
        """Red is filled, the others outlined: told apart without colour too."""
        p = self.look.palette
        used = font(self.look.metrics.small - 2, bold=True)
        if urgency == "red":
            paint.box(painter, rect, p.tag_red, None, radius=3)
            paint.text(
                painter,
                rect,
                tag_words(urgency, self.look),
                p.tag_red_ink,
                used,
                align=paint.CENTRE,
            )
            return
        ink = p.warning if urgency == "yellow" else p.good
        paint.box(painter, rect, p.card, ink, 1.5, radius=3)
        paint.text(painter, rect, tag_words(urgency, self.look), ink, used, align=paint.CENTRE)

    def _age(self, painter: QPainter, rect: QRect, row: UnitRow, ink: str) -> None:
        if row.since_s is None:
            return
        quiet = ink if has_alarm(row) else self.look.palette.muted
        words = times.age(self._clock.now_s() - row.since_s)
        paint.text(painter, rect, words, quiet, font(self.look.metrics.small), align=paint.RIGHT)


class UnitPanel(QWidget):
    """``unit_chosen`` carries the key of the unit to be shown on the map."""

    unit_chosen = Signal(str)

    def __init__(
        self, look: Look, source: UnitSource, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._rows: dict[str, UnitRow] = {}
        self._doubt = Doubt()
        self._heading = Heading(look, self)
        self._search = SearchField(look, "Ctrl+K", self)
        self._delegate = UnitDelegate(look, clock, self)
        self.list = RowList(self._delegate, self)
        self.model: RowModel[UnitRow] = RowModel(_said, self)
        self.list.setModel(self.model)
        self._empty = EmptyNote(look, "map-pin", self.list)
        self._lay_out()
        self._gather = _timer(self, GATHER_MS, self._sort_in)
        self._gather.setSingleShot(True)
        self._ages = _timer(self, AGES_MS, self.list.viewport().update)
        self._search.textChanged.connect(self._sort_in)
        self._search.down_pressed.connect(self._into_list)
        self._search.returnPressed.connect(self._choose_first)
        self.list.clicked.connect(self._chosen)
        self.list.activated.connect(self._chosen)
        source.changed.connect(self._changed)
        source.reset.connect(self.reload)
        self.retranslate()
        self.reload()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self._search)
        column.addWidget(self.list, 1)

    @property
    def heading(self) -> Heading:
        return self._heading

    # --- reading ---

    def reload(self) -> None:
        self._rows = {key: self._source.row(key) for key in tuple(self._source.keys())}
        self._sort_in()

    def _changed(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._rows[key] = self._source.row(key)
        if not self._gather.isActive():
            self._gather.start()

    def _sort_in(self) -> None:
        chosen = self.chosen()
        shown = listed(map(_without_place, self._rows.values()), self._search.text())
        self.model.take(shown)
        self._select(chosen)
        self._heading.set_count(len(self._rows), len(shown))
        self._heading.set_as_of(self._doubt.as_of if self._rows else "")
        self._tell_emptiness(bool(shown))

    def chosen(self) -> str:
        """The selected unit's key, or ''."""
        index = self.list.currentIndex()
        return self.model.row(index.row()).key if index.isValid() else ""

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
        self._heading.set_as_of(doubt.as_of if self._rows else "")
        self._tell_emptiness(self.model.rowCount() > 0)

    # --- hands ---

    def search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def select(self, key: str) -> None:
        """Show where in the list this unit is (it was clicked on the map)."""
        self._search.clear()
        self._select(key)
        self.list.scrollTo(self.list.currentIndex())

    def _chosen(self, index: QModelIndex) -> None:
        self.unit_chosen.emit(self.model.row(index.row()).key)

    def _into_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.rowCount() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))

    def _choose_first(self) -> None:
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))
            self._chosen(self.model.index(0))

    # --- look ---

    def set_look(self, look: Look) -> None:
        for part in (self._heading, self._search, self._empty, self.list):
            part.set_look(look)

    def retranslate(self) -> None:
        self._heading.set_words(self.tr("Units"))
        self._search.set_hint(self.tr("Search unit, status or talkgroup"))
        self.list.setAccessibleName(self.tr("Units, alarms first"))
        self._tell_emptiness(self.model.rowCount() > 0)
        self.list.viewport().update()

    def _tell_emptiness(self, any_shown: bool) -> None:
        self._empty.setVisible(not any_shown)
        if self._rows:
            self._empty.set_words(
                self.tr("No unit fits the search"), self.tr("Press Esc to see all units again.")
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
        self._empty.setGeometry(self.list.rect())


def _without_place(row: UnitRow) -> UnitRow:
    """A unit that moves is the same row in the list: only what is drawn here may differ."""
    return UnitRow(
        key=row.key,
        call_sign=row.call_sign,
        kind=row.kind,
        agency=row.agency,
        status=row.status,
        status_text=row.status_text,
        urgency=row.urgency,
        since_s=row.since_s,
        talkgroup=row.talkgroup,
        alarm=row.alarm,
        exercise=row.exercise,
    )


def _said(row: UnitRow) -> str:
    status = alarm_words() if has_alarm(row) else row.status_text
    parts = (row.call_sign, status, urgency_words(row.urgency), row.talkgroup)
    return ", ".join(part for part in parts if part)


def _timer(parent: QWidget, interval_ms: int, call: Callable[[], object]) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(interval_ms)
    timer.timeout.connect(call)
    return timer
