"""The hand-over of a shift: what is open, in one list that the next person reads and says so."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeySequence,
    QPainter,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStyleOptionViewItem, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.actions import Actions
from widgets.contracts.rows import HandoverKind, HandoverRow
from widgets.contracts.sources import Clock, HandoverSource
from widgets.detail import Detail
from widgets.emptiness import ListNote
from widgets.knowledge import Doubt
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import FreshPage
from widgets.people_rows import not_kept_words
from widgets.rows import Index, RowDelegate, RowList, RowModel
from widgets.save import documents, free

ICONS: Final[dict[HandoverKind, str]] = {
    "alarm": "alert-circle",
    "muted": "volume-off",
    "pin": "map-pin",
    "callout": "user-check",
    "message": "message-circle",
    "group": "users",
    "patch": "antenna",
    "duty": "user",
    "missed": "phone-incoming",
    "signed-out": "logout",
}

DETAIL_LINES: Final = 3

translate = QCoreApplication.translate


def kind_words(kind: HandoverKind) -> str:
    words: dict[HandoverKind, str] = {
        "alarm": translate("Handover", "Alarm"),
        "muted": translate("Handover", "Muted"),
        "pin": translate("Handover", "Pin"),
        "callout": translate("Handover", "Call-out"),
        "message": translate("Handover", "Unread"),
        "group": translate("Handover", "Talkgroup"),
        "patch": translate("Handover", "Joined"),
        "duty": translate("Handover", "On duty"),
        "missed": translate("Handover", "Missed"),
        "signed-out": translate("Handover", "Signed out"),
    }
    return words[kind]


def said(row: HandoverRow) -> str:
    """In one line, as a screen reader, a copy and a printed sheet have it."""
    exercise = translate("Handover", "EXERCISE") if row.exercise else ""
    at = times.clock_short(row.time_s) if row.time_s is not None else ""
    parts = (kind_words(row.kind), exercise, at, row.who, row.text, row.detail)
    return " · ".join(" ".join(part.split()) for part in parts if part)


class HandoverDelegate(RowDelegate):
    """Two lines: what it is, since when, who; how it stands."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, 2 * (self.look.metrics.small + 7) + 8)

    def ground(self, row: HandoverRow) -> str:
        p = self.look.palette
        return p.alarm_ground if row.urgent else p.card

    def paint_row(self, painter: QPainter, rect: QRect, row: HandoverRow) -> None:
        m, p = self.look.metrics, self.look.palette
        loud = row.urgent and p.name == "night"
        ink, quiet = (p.alarm_text, p.alarm_text) if loud else (p.text, p.muted)
        height = (rect.height() - 4) // 2
        top = QRect(rect.left() + 10, rect.top() + 2, rect.width() - 20, height)
        mark = p.warning if row.exercise else quiet
        middle = top.center().y() + 1
        paint.icon(painter, top.left(), middle, ICONS[row.kind], mark, size=m.icon)
        top.setLeft(top.left() + m.icon + 9)
        kind = QRect(top)
        kind.setWidth(self._kind_width())
        used = font(m.small, bold=True)
        paint.text(painter, kind, kind_words(row.kind), quiet, used)
        at = times.clock_short(row.time_s) if row.time_s is not None else ""
        when = QRect(kind.right() + 10, top.top(), self._time_width(), height)
        paint.text(painter, when, at, quiet, font(m.small))
        line = QRect(when.right() + 10, top.top(), top.right() - when.right() - 10, height)
        low = line.translated(0, height)
        exercise = translate("Handover", "EXERCISE")
        who = f"{row.who} ({exercise})" if row.exercise else row.who
        width = paint.text(painter, line, who, ink, used)
        line.setLeft(line.left() + width + 10)
        paint.text(painter, line, row.text, quiet, font(m.small))
        paint.text(painter, low, row.detail, ink, font(m.small, bold=row.urgent))

    def _kind_width(self) -> int:
        used = QFontMetrics(font(self.look.metrics.small, bold=True))
        return max(used.horizontalAdvance(kind_words(kind)) for kind in ICONS) + 2

    def _time_width(self) -> int:
        return QFontMetrics(font(self.look.metrics.small)).horizontalAdvance("00:00") + 2


class HandoverPage(FreshPage):
    """``row_wanted``: a hand wants to see to this one; ``unmute_wanted`` carries a stream."""

    GATHER_MS = 500
    row_wanted = Signal(object)
    unmute_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        source: HandoverSource,
        actions: Actions,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._actions = actions
        self._clock = clock
        self._who = ""
        self._told = ""  # what was done last, until the list changes
        self._warned = ""
        self._doubt = Doubt()
        self._make_parts(look)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.last = Words(look, ink="muted", icon_name="user-check")
        self.list = RowList(HandoverDelegate(look, self), self)
        self.model: RowModel[HandoverRow] = RowModel(said, self)
        self.list.setModel(self.model)
        self._nothing = ListNote(look, "circle-check", self.list)
        self.whole = Detail(DETAIL_LINES)
        self.answer = Words(look, ink="muted", icon_name="alert-circle")
        self.unmute = FlatButton(look, icon_name="volume")
        self.copy = FlatButton(look, key="Ctrl+C")
        self.save = FlatButton(look)
        self.read = FlatButton(look, icon_name="user-check", key="Ctrl+Enter")

    def _lay_out(self) -> None:
        self._below = QHBoxLayout()
        self._below.addWidget(self.unmute)
        self._below.addStretch(1)
        for button in (self.copy, self.save, self.read):
            self._below.addWidget(button)
        self.column.addWidget(self.last)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.whole)
        self.column.addWidget(self.answer)
        self.column.addLayout(self._below)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_whole())
        self.list.activated.connect(self._wanted)
        self.list.doubleClicked.connect(self._wanted)
        self.unmute.clicked.connect(self.unmute_all)
        self.copy.clicked.connect(self.copy_text)
        self.save.clicked.connect(self.save_text)
        self.read.clicked.connect(self.say_read)
        for keys, call in (("Ctrl+C", self.copy_text), ("Ctrl+Return", self.say_read)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        self._source.changed.connect(self._changed)

    def stops(self) -> tuple[QWidget, ...]:
        return self.list, self.whole, self.unmute, self.copy, self.save, self.read

    def open(self) -> None:
        self._told = self._warned = ""
        self._show_answer()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_who(self, who: str) -> None:
        self._who = who
        self._show_answer()

    # --- what it shows ---

    def reload(self) -> None:
        index = self.list.currentIndex()
        before = self.model.row(index.row()).key if index.isValid() else ""
        rows = tuple(self._source.rows())
        self.model.take(rows)
        keys = [row.key for row in rows]
        if keys:
            self.list.setCurrentIndex(self.model.index(keys.index(before) if before in keys else 0))
        self._nothing.setVisible(not rows)
        self._offer_to_unmute(rows)
        self._show_whole()
        self._show_last()
        self._show_answer()

    def _offer_to_unmute(self, rows: Sequence[HandoverRow]) -> None:
        is_any = any(row.kind == "muted" for row in rows)
        if not is_any and self.unmute.hasFocus():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.unmute.setVisible(is_any)

    def _show_whole(self) -> None:
        """All that is known of the chosen one: notes are longer than a line."""
        row = self.model.at(self.list.currentIndex())
        self.whole.setPlainText("" if row is None else said(row))
        self.whole.setVisible(row is not None)

    def _show_last(self) -> None:
        read = self._source.last_read()
        if read is None:
            self.last.say(self.tr("Nobody has said yet that this was read."))
            return
        at = time.strftime("%d.%m. %H:%M", time.localtime(read.time_s))
        words = self.tr("Read last by {0}, {1}, at {2}")
        self.last.say(words.format(read.person, at, read.desk))

    def _show_answer(self) -> None:
        self.read.setEnabled(bool(self._who))
        if self._warned:
            self.answer.say(self._warned, ink="warning", icon_name="alert-circle")
        elif self._told:
            self.answer.say(self._told, ink="good", icon_name="circle-check")
        elif self._doubt:
            self.answer.say(self._doubt.why, ink="warning", icon_name="cloud-off")
        else:
            hint = self.tr("Who takes over reads it, signs in (F9) and says so here.")
            self.answer.say(hint, ink="muted", icon_name="alert-circle")

    def text(self) -> str:
        """The whole list, with a head that says where, when and by whom."""
        now = time.strftime("%Y-%m-%d %H:%M", time.localtime(self._clock.now_s()))
        head = self.tr("Hand-over {0}, made by {1}").format(now, self._who or "–")
        rows = [f"- {said(row)}" for row in self._shown()]
        doubt = [self._doubt.why] if self._doubt else []
        return "\n".join([head, *doubt, *(rows or [self.tr("Nothing is open")])]) + "\n"

    def _shown(self) -> Sequence[HandoverRow]:
        return [self.model.row(n) for n in range(self.model.rowCount())]

    # --- hands ---

    def _wanted(self, index: QModelIndex) -> None:
        self.row_wanted.emit(self.model.row(index.row()))

    def unmute_all(self) -> None:
        """The talkgroups in the list that somebody has muted."""
        for row in self._shown():
            if row.kind == "muted":
                self.unmute_wanted.emit(row.key)

    def say_read(self) -> None:
        """An event with the name of who sits here, and the time."""
        if not self._who:
            return
        if self._actions.read_handover(self._shown()):
            self._done(self.tr("Noted: {0} has read it").format(self._who))
        else:
            self._fail(not_kept_words())

    def copy_text(self) -> None:
        if self._actions.note_handover(self._shown()):
            QApplication.clipboard().setText(self.text())
            self._done(self.tr("Copied, and noted: {0}").format(self._who))
        else:
            self._fail(self.tr("Not copied: it could not be noted"))

    def save_text(self) -> None:
        """A text file in the person's documents, which any machine prints. Noted first."""
        if not self._actions.note_handover(self._shown()):
            self._fail(self.tr("Not saved: it could not be noted"))
            return
        stem = self.tr("hand-over")
        at = time.strftime("%Y-%m-%d_%H-%M", time.localtime(self._clock.now_s()))
        folder = documents()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / free(folder, f"{stem}_{at}", ".txt")
            _write_new(path, self.text())
        except OSError as error:
            self._fail(self.tr("Not saved: {0}").format(error.strerror))
            return
        self._done(self.tr("Saved, and noted: {0}").format(path))

    def _done(self, words: str) -> None:
        self._told, self._warned = words, ""
        self._show_answer()

    def _fail(self, words: str) -> None:
        self._told, self._warned = "", words
        self._show_answer()

    # --- look ---

    def show_doubt(self, doubt: Doubt) -> None:
        self._doubt = doubt
        self._show_answer()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._below.setSpacing(look.metrics.gap)
        for part in (self.list, self.whole, self._nothing):
            part.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.title.say(self.tr("Hand-over: what is open"))
        self.setAccessibleName(self.title.text())
        self.list.setAccessibleName(self.tr("What is open; Enter leads there"))
        self.whole.setAccessibleName(self.tr("All of the chosen row"))
        self.unmute.set_words(self.tr("Hear again"), self.tr("Hear the muted talkgroups again"))
        self.copy.set_words(self.tr("Copy"), self.tr("Copy it as text; it is noted"))
        self.save.set_words(self.tr("Save"), self.tr("Save it as a text file; it is noted"))
        self.read.set_words(self.tr("I have read this"))
        self._nothing.set_words(
            self.tr("Nothing is open"), self.tr("No alarm, call-out, message or group.")
        )
        if self.isVisible():
            self.reload()


def _write_new(path: Path, text: str) -> None:
    """Never over another file, and for this user alone. Raises OSError."""
    with path.open("x", encoding="utf-8") as file:
        path.chmod(0o600)
        file.write(text)
