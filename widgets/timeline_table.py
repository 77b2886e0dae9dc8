"""The timeline's rows as a table: loads older ones as one scrolls, and holds still under news."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets import paint, times
from widgets.buttons import ENTER
from widgets.contracts.rows import TimelineKind, TimelineRow
from widgets.contracts.sources import Clock
from widgets.look import Look, font
from widgets.rows import NOWHERE, Index
from widgets.tips import tip

WHEN, WHO, WHAT, LONG = range(4)
COLUMNS: Final = 4
ICONS: Final[dict[TimelineKind, str]] = {
    "voice": "volume",
    "message": "message-circle",
    "alarm": "alert-circle",
    "status": "activity",
    "callout": "user-check",
    "group": "users",
    "call": "headphones",
    "duty": "clock",
    "person": "user",
    "place": "map-pin",
}
KINDS: Final = tuple(ICONS)
WHO_SHARE: Final = 0.32  # of what time and length leave
WHO_NARROW: Final = 0.42  # so that call signs can still be told from each other
NARROW: Final = 28  # times the small font
PAD: Final = 8


def kind_word(kind: TimelineKind) -> str:
    translate = QCoreApplication.translate
    words: dict[TimelineKind, str] = {
        "voice": translate("Timeline", "Voice"),
        "message": translate("Timeline", "Messages"),
        "alarm": translate("Timeline", "Alarms"),
        "status": translate("Timeline", "Statuses"),
        "callout": translate("Timeline", "Call-outs"),
        "group": translate("Timeline", "Groups"),
        "call": translate("Timeline", "Calls"),
        "duty": translate("Timeline", "Duty"),
        "person": translate("Timeline", "Persons"),
        "place": translate("Timeline", "Places"),
    }
    return words[kind]


def headings() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("Timeline", "Time"),
        translate("Timeline", "Who"),
        translate("Timeline", "What"),
        translate("Timeline", "Length"),
    )


def what(row: TimelineRow) -> str:
    return " · ".join(part for part in (row.text, row.group) if part)


def length(row: TimelineRow) -> str:
    return "" if row.seconds is None else times.duration(row.seconds)


class TimelineTable(QAbstractTableModel):
    """``wanted``: older rows, please."""

    wanted = Signal()

    def __init__(self, clock: Clock, is_more: Callable[[], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._clock = clock
        self._is_more = is_more
        self._rows: list[TimelineRow] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._is_more()

    def fetchMore(self, _parent: Index) -> None:
        self.wanted.emit()

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self.said(row))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(row, index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return headings()[section]
        return None

    def cell(self, row: TimelineRow, column: int) -> str:
        if column == WHEN:
            return times.when(row.time_s, self._clock.now_s())
        return (row.who, what(row), length(row))[column - 1]

    def said(self, row: TimelineRow) -> str:
        """A row in words, as a screen reader and the clipboard have it."""
        parts = (self.cell(row, WHEN), kind_word(row.category), row.who, what(row), length(row))
        return ", ".join(part for part in parts if part)

    def row(self, n: int) -> TimelineRow:
        return self._rows[n]

    def replace(self, rows: Sequence[TimelineRow]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def add(self, rows: Sequence[TimelineRow]) -> None:
        """Each in its place; those that follow one another at once."""
        fresh = sorted(rows, key=lambda row: -row.place)
        while fresh:
            at = bisect_left(self._rows, -fresh[0].place, key=lambda row: -row.place)
            above = self._rows[at].place if at < len(self._rows) else -1
            together = [row for row in fresh if row.place > above]
            self.beginInsertRows(QModelIndex(), at, at + len(together) - 1)
            self._rows[at:at] = together
            self.endInsertRows()
            fresh = fresh[len(together) :]


class TimelineDelegate(QStyledItemDelegate):
    """Paints one cell; the chosen row has a mark at its left edge and a lighter ground."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(40, self.look.metrics.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TimelineRow = index.data(Qt.ItemDataRole.UserRole)
        p = self.look.palette
        painter.save()
        painter.fillRect(option.rect, p.panel)  # the view's own mark of what is chosen
        rect = option.rect.adjusted(0, 0, 0, -2)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_here = bool(option.state & QStyle.StateFlag.State_MouseOver)
        paint.box(painter, rect, p.raised if is_chosen or is_here else p.card, None, radius=0)
        if is_chosen and index.column() == WHEN:
            paint.box(painter, QRect(rect.left(), rect.top(), 3, rect.height()), p.text, None)
        if is_chosen and option.widget is not None and option.widget.hasFocus():
            for y in (rect.top(), rect.bottom() - 1):
                painter.fillRect(QRect(rect.left(), y, rect.width(), 2), p.text)
        inner = rect.adjusted(PAD, 0, -4, 0)
        self._paint_cell(painter, inner, index, row)
        painter.restore()

    def _paint_cell(self, painter: QPainter, rect: QRect, index: Index, row: TimelineRow) -> None:
        m, p = self.look.metrics, self.look.palette
        column, words = index.column(), str(index.data())
        if column == WHO:
            ink = p.tag_red if row.urgent else p.muted
            name = ICONS[row.category]
            paint.icon(painter, rect.left(), rect.center().y() + 1, name, ink, size=m.icon - 1)
            rect = rect.adjusted(m.icon + 6, 0, 0, 0)
            paint.text(painter, rect, words, p.text, font(m.small, bold=True))
        elif column == WHAT:
            ink = p.text if row.urgent or row.category == "message" else p.muted
            paint.text(painter, rect, words, ink, font(m.small))
        else:
            paint.text(painter, rect, words, p.muted, font(m.small), align=paint.RIGHT)


class TimelineView(QTableView):
    """Keyboard: arrows, pages, Home, End; Enter or a double click activates, Ctrl+C copies.

    At the top with nothing chosen it follows the news; else what is seen stays where it is, and
    ``held`` carries how many are above it that nobody has seen."""

    held = Signal(int)
    copy_wanted = Signal()

    def __init__(self, look: Look, table: TimelineTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = TimelineDelegate(look, self)
        self._table = table
        self._unseen = 0
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for head in (self.verticalHeader(), self.horizontalHeader()):
            head.hide()
            head.setMinimumSectionSize(1)
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.rowsInserted.connect(self._inserted)
        table.modelReset.connect(self._start_over)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.set_look(look)

    @property
    def is_following(self) -> bool:
        return self.verticalScrollBar().value() == 0 and not self.currentIndex().isValid()

    def follow(self) -> None:
        """To the newest, and on with them."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        self.scrollToTop()
        self._see_all()

    def choose(self, n: int) -> None:
        """This row alone, whatever keys are held meanwhile."""
        how = QItemSelectionModel.SelectionFlag
        index = self._table.index(n, 0)
        self.selectionModel().setCurrentIndex(index, how.ClearAndSelect | how.Rows)

    def chosen(self) -> list[TimelineRow]:
        """Newest first."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.row(n) for n in numbers]

    def _inserted(self, _parent: Index, first: int, last: int) -> None:
        """Rows above what is seen push it down: scroll on by as much."""
        bar = self.verticalScrollBar()
        high = self.verticalHeader().defaultSectionSize()
        count = last - first + 1
        if self.is_following or first * high > bar.value():
            return
        self.updateGeometries()  # the bar's range, before its value
        self._unseen += count
        bar.setValue(bar.value() + count * high)
        self.held.emit(self._unseen)

    def _scrolled(self, value: int) -> None:
        if value == 0:
            self._see_all()

    def _see_all(self) -> None:
        if self._unseen:
            self._unseen = 0
            self.held.emit(0)

    def _start_over(self) -> None:
        self.scrollToTop()
        self._see_all()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """With the keyboard on it a row is chosen: Qt alone makes it current, and selects none."""
        super().focusInEvent(event)
        if self._table.rowCount() and not self.selectionModel().hasSelection():
            self.choose(max(self.currentIndex().row(), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar is the talk key; letters are not a search here."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in ENTER and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def set_look(self, look: Look) -> None:
        self._delegate.look = look
        self.verticalHeader().setDefaultSectionSize(look.metrics.row)
        self.verticalScrollBar().setSingleStep(look.metrics.row)
        self._keep_whole()
        self._share()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_whole()
        self._share()

    def _keep_whole(self) -> None:
        """No row is cut by the lower edge."""
        row, height = self.verticalHeader().defaultSectionSize(), self.height()
        left = height % row if height > row else 0
        if self.viewportMargins().bottom() != left:
            self.setViewportMargins(0, 0, 0, left)

    def _share(self) -> None:
        """Time and length as they need, the rest between who and what."""
        small = self._delegate.look.metrics.small
        figures = QFontMetrics(font(small))
        wide_time = figures.horizontalAdvance("00.00. 00:00:00") + PAD + 8
        wide_length = figures.horizontalAdvance("00:00") + PAD + 12
        rest = max(self.viewport().width() - wide_time - wide_length, 2)
        who = round(rest * (WHO_SHARE if rest > NARROW * small else WHO_NARROW))
        for column, width in enumerate((wide_time, who, rest - who, wide_length)):
            self.setColumnWidth(column, width)
