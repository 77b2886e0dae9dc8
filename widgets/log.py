"""The event log: what happened last, newest on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton, ghost
from widgets.contracts.rows import LogRow
from widgets.contracts.sources import LogSource
from widgets.emptiness import ListNote
from widgets.heading import Heading
from widgets.knowledge import Doubt
from widgets.look import Look, font
from widgets.rows import RowDelegate, RowList, RowModel

MAX_ROWS: Final = 500  # shown; the site's log has them all

ICONS: Final = {
    "floor-granted": "volume",
    "floor-released": "volume",
    "talking": "volume",
    "unit-moved": "map-pin",
    "status-changed": "activity",
    "message-sent": "message-circle",
    "position-joined": "login",
    "position-left": "logout",
    "person-signed-in": "login",
    "person-signed-out": "logout",
    "handover-read": "user-check",
    "unit-defined": "users",
    "unit-removed": "users",
    "talkgroup-defined": "antenna",
    "talkgroup-removed": "broadcast-off",
    "alarm-acknowledged": "check",
    "alarm-taken": "user-check",
    "alarm-closed": "circle-check",
    "alarm-reopened": "history",
    "exported": "history",
    "landmark-defined": "map-pin",
    "landmark-removed": "map-pin",
    "pin-set": "map-pin",
    "pin-removed": "map-pin",
}
OTHER_ICON: Final = "alert-circle"


def unconfirmed_words() -> str:
    return QCoreApplication.translate("LogPanel", "(not confirmed)")


class LogDelegate(RowDelegate):
    """Time, icon, who, what, how long."""

    def paint_row(self, painter: QPainter, rect: QRect, row: LogRow) -> None:
        m, p = self.look.metrics, self.look.palette
        figures = QFontMetrics(font(m.small))
        x = rect.left() + 9
        width = figures.horizontalAdvance("00:00:00") + 2
        when = QRect(x, rect.top(), width, rect.height())
        paint.text(painter, when, times.clock(row.time_s), p.muted, font(m.small))
        x += width + 8
        name = ICONS.get(row.kind, OTHER_ICON)
        ink = p.tag_red if row.urgent else p.muted
        x += paint.icon(painter, x, rect.center().y() + 1, name, ink, size=m.icon - 1) + 7
        right = self._duration(painter, rect, row)
        share = 0.62 if row.unconfirmed else 0.45
        who = QRect(x, rect.top(), min(round((right - x) * share), 250), rect.height())
        x += self._who(painter, who, row) + 8
        words = QRect(x, rect.top(), right - x, rect.height())
        paint.text(painter, words, _what(row), p.text if row.urgent else p.muted, font(m.small))

    def _who(self, painter: QPainter, place: QRect, row: LogRow) -> int:
        """A long name gives way to the mark that nobody has confirmed it. Returns the width."""
        m, p = self.look.metrics, self.look.palette
        if not row.unconfirmed:
            return paint.text(painter, place, row.who, p.text, font(m.small, bold=True))
        mark, used = unconfirmed_words(), font(m.small)
        room = QFontMetrics(used).horizontalAdvance(mark) + 5
        name = place.adjusted(0, 0, -room, 0)
        width = paint.text(painter, name, row.who, p.text, font(m.small, bold=True)) + 5
        rest = place.adjusted(width, 0, 0, 0)
        return width + paint.text(painter, rest, mark, p.warning, used)

    def _duration(self, painter: QPainter, rect: QRect, row: LogRow) -> int:
        """Right-aligned; returns where the words must end."""
        right = rect.right() - 9
        if row.seconds is None:
            return right
        m, p = self.look.metrics, self.look.palette
        line = QRect(right - 60, rect.top(), 60, rect.height())
        words = times.duration(row.seconds)
        return (
            right - 8 - paint.text(painter, line, words, p.muted, font(m.small), align=paint.RIGHT)
        )


class LogPanel(QWidget):
    """``unit_chosen`` carries the unit that a clicked row is about."""

    unit_chosen = Signal(str)

    def __init__(self, look: Look, source: LogSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._doubt = Doubt()
        self._heading = Heading(look, self)
        self.list = RowList(LogDelegate(look, self), self)
        self.model: RowModel[LogRow] = RowModel(_said, self)
        self.list.setModel(self.model)
        self._empty = ListNote(look, "activity", self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self.list, 1)
        self.list.clicked.connect(self._chosen)
        self.list.activated.connect(self._chosen)
        source.appended.connect(self._appended)
        source.reset.connect(self.reload)
        self.retranslate()
        self.reload()

    def reload(self) -> None:
        self.model.take(list(reversed(self._source.rows()))[:MAX_ROWS])
        self._tell_emptiness()

    def _appended(self, rows: Sequence[LogRow]) -> None:
        if rows:
            self.model.prepend(list(reversed(rows))[:MAX_ROWS], MAX_ROWS)
            self._tell_emptiness()

    def show_doubt(self, doubt: Doubt) -> None:
        """What was known before stays, and as of when is said above it."""
        self._doubt = doubt
        self._tell_emptiness()

    def _tell_emptiness(self) -> None:
        is_empty = self.model.rowCount() == 0
        self._empty.setVisible(is_empty)
        self._heading.set_as_of("" if is_empty else self._doubt.as_of)
        if self._doubt:
            self._empty.set_words(self.tr("What has happened is unknown"), self._doubt.why)
        else:
            self._empty.set_words(
                self.tr("Nothing has happened yet"),
                self.tr("Alarms, statuses and conversations are noted here, newest on top."),
            )

    def _chosen(self, index: QModelIndex) -> None:
        unit = self.model.row(index.row()).unit
        if unit:
            self.unit_chosen.emit(unit)

    def go(self) -> None:
        """Put the keyboard into the list, at the newest."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))

    def set_look(self, look: Look) -> None:
        for part in (self._heading, self._empty, self.list):
            part.set_look(look)

    def retranslate(self) -> None:
        self._heading.set_words(self.tr("Log"), "Ctrl+L")
        self.list.setAccessibleName(self.tr("Log, newest first"))
        self._tell_emptiness()
        self.list.viewport().update()


def _what(row: LogRow) -> str:
    return " · ".join(part for part in (row.text, row.talkgroup) if part)


def _said(row: LogRow) -> str:
    who = f"{row.who} {unconfirmed_words()}" if row.unconfirmed else row.who
    return f"{times.clock(row.time_s)} {who}: {_what(row)}"


class LogAway(FlatButton):
    """In the log's place where it is short of room: says so, and leads to log and search."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, icon_name="history", key="Ctrl+F", skin=ghost, parent=parent)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        words, where = self.tr("No room for the log here"), self.tr("Log and search")
        self.set_words(words, f"{words}. {where} (Ctrl+F)")
        self.setToolTip(self.accessibleName())
