"""A list of painted rows over a keyed model: what the unit list and the log have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from widgets import paint
from widgets.buttons import ENTER, focus_ring
from widgets.look import Look
from widgets.tips import tip

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
MANY: Final = 50  # rows that differ are told of one by one up to here, then as a range
Row = TypeVar("Row")


class RowModel(QAbstractListModel, Generic[Row]):
    """Rows in the order in which they are shown."""

    def __init__(
        self,
        said: Callable[[Row], str],
        parent: QWidget,
        *,
        told: Callable[[Row], str] | None = None,
    ) -> None:
        """``told``: the tooltip, where that is more than what is ``said``."""
        super().__init__(parent)
        self._said = said
        self._told = told or said
        self._rows: list[Row] = []

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        spoken = (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        )
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._told(row))
        return self._said(row) if role in spoken else None

    def row(self, n: int) -> Row:
        return self._rows[n]

    def at(self, index: Index) -> Row | None:
        """None where nothing is chosen."""
        return self._rows[index.row()] if index.isValid() else None

    def take(self, rows: Sequence[Row]) -> None:
        """Show these: repaint the ones that differ, or start over when their number does."""
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        old = self._rows
        differing = [n for n, row in enumerate(rows) if row is not old[n] and row != old[n]]
        self._rows = list(rows)
        if len(differing) > MANY:
            self.dataChanged.emit(self.index(differing[0]), self.index(differing[-1]))
            return
        for n in differing:
            self.dataChanged.emit(self.index(n), self.index(n))

    def prepend(self, rows: Sequence[Row], most: int) -> None:
        """Newest on top; the list keeps ``most``."""
        self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
        self._rows[:0] = rows
        self.endInsertRows()
        if len(self._rows) > most:
            self.beginRemoveRows(QModelIndex(), most, len(self._rows) - 1)
            del self._rows[most:]
            self.endRemoveRows()


class RowDelegate(QStyledItemDelegate):
    """Draws a row's ground and focus; a subclass draws what is in it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, self.look.metrics.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, p = index.data(Qt.ItemDataRole.UserRole), self.look.palette
        painter.save()
        rect = option.rect.adjusted(0, 0, 0, -3)
        state = option.state
        here = bool(state & QStyle.StateFlag.State_MouseOver)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        ground = self.ground(row)
        paint.box(painter, rect, p.raised if here and ground == p.card else ground, None)
        if chosen:
            paint.box(painter, rect, None, p.muted, 1.5)
        self.paint_row(painter, rect, row)
        if focused:
            focus_ring(painter, rect, p.text)
        painter.restore()

    def ground(self, _row: Any) -> str:
        return self.look.palette.card

    def paint_row(self, painter: QPainter, rect: Any, row: Any) -> None:
        raise NotImplementedError


class RowList(QListView):
    """Keyboard: arrows, Home, End; Enter or a click activates. No row is cut by an edge: it scrolls
    by whole ones, and what is left of its height below them stays empty."""

    def __init__(
        self, delegate: RowDelegate, parent: QWidget | None = None, *, least_rows: int = 1
    ) -> None:
        """``least_rows``: how many can be seen however little room there is."""
        super().__init__(parent)
        self._delegate = delegate
        self._least_rows = least_rows
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar is the talk key; letters are not a search here."""
        if event.text() and event.text().isprintable():
            event.ignore()
        elif event.key() in ENTER and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def row_px(self) -> int:
        return self._delegate.sizeHint(QStyleOptionViewItem(), QModelIndex()).height()

    def minimumSizeHint(self) -> QSize:
        """Whole rows: where alarms need the room, lists scroll."""
        return QSize(super().minimumSizeHint().width(), self._least_rows * self.row_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_whole()

    def _keep_whole(self) -> None:
        row, height = self.row_px(), self.height()
        left = height % row if height > row else 0
        if self.viewportMargins().bottom() != left:
            self.setViewportMargins(0, 0, 0, left)

    def set_look(self, look: Look) -> None:
        self._delegate.look = look
        self._keep_whole()
        self.updateGeometry()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
