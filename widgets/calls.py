"""The kept calls: who, when, how long, which nobody has heard; and one written out as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.rows import CallRow, Saving
from widgets.contracts.sources import CallSource, Clock
from widgets.emptiness import ListNote
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import Page
from widgets.rows import RowDelegate, RowList, RowModel
from widgets.save import SaveDialog

DIALOG_PX: Final = 720
DIALOG_HIGH_PX: Final = 440
ASK_MS: Final = 2_000  # while it can be seen


class CallDelegate(RowDelegate):
    """When, who, where, whether it was missed, how long."""

    def __init__(self, look: Look, clock: Clock, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._clock = clock

    def paint_row(self, painter: QPainter, rect: QRect, row: CallRow) -> None:
        m, p = self.look.metrics, self.look.palette
        figures = QFontMetrics(font(m.small))
        x, height = rect.left() + 9, rect.height()
        wide = figures.horizontalAdvance("00.00. 00:00:00") + 2
        at = times.when(row.time_s, self._clock.now_s())
        paint.text(painter, QRect(x, rect.top(), wide, height), at, p.muted, font(m.small))
        x += wide + 10
        right = rect.right() - 9
        line = QRect(right - 60, rect.top(), 60, height)
        words = times.duration(row.seconds)
        used = paint.text(painter, line, words, p.muted, font(m.small), align=paint.RIGHT)
        right -= max(used, figures.horizontalAdvance("00:00")) + 14
        right = self._paint_missed(painter, rect, right, row.missed)
        who = QRect(x, rect.top(), round((right - x) * 0.55), height)
        paint.text(painter, who, row.who, p.text, font(m.small, bold=True))
        group = QRect(who.right() + 10, rect.top(), right - who.right() - 10, height)
        paint.text(painter, group, row.group, p.muted, font(m.small))

    def _paint_missed(self, painter: QPainter, rect: QRect, right: int, missed: bool) -> int:
        """The mark, if it was, ending at ``right``; returns where the words must end."""
        m, p = self.look.metrics, self.look.palette
        words, used = missed_word(), font(m.small - 1, bold=True)
        left = right - QFontMetrics(used).horizontalAdvance(words) - 2
        middle = rect.center().y() + 1
        line = QRect(left, rect.top(), right - left, rect.height())
        if missed:
            paint.text(painter, line, words, p.warning, used)
            x = left - m.icon - 5
            paint.icon(painter, x, middle, "history", p.warning, size=m.icon - 1)
        return left - m.icon - 15


def missed_word() -> str:
    return QCoreApplication.translate("CallsPage", "NOT HEARD")


class CallsPage(Page):
    """``wanted`` carries a group's key and the call before which more are wanted (or none);
    ``save_wanted`` a call's key, a path and the form."""

    wanted = Signal(str, str)
    save_wanted = Signal(str, str, str)

    def __init__(
        self, look: Look, source: CallSource, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._key = ""  # of the group
        self._before: list[str] = []  # the pages that lead here
        self._who = ""
        self._folder: Path | None = None
        self.dialog: SaveDialog | None = None
        self._make_parts(look, clock)
        self._lay_out()
        self._again = QTimer(self)
        self._again.setInterval(ASK_MS)
        self._again.timeout.connect(self._ask)
        source.changed.connect(self._changed)
        self.retranslate()

    def _make_parts(self, look: Look, clock: Clock) -> None:
        self.save = FlatButton(look, key="Enter")
        self.older, self.newer = FlatButton(look), FlatButton(look)
        self.note = Words(look, ink="muted", icon_name="history")
        self.list = RowList(CallDelegate(look, clock, self), self)
        self.model: RowModel[CallRow] = RowModel(self._said, self)
        self._clock = clock
        self.list.setModel(self.model)
        self._empty = ListNote(look, "history", self.list)
        self.save.clicked.connect(self.choose_file)
        self.list.activated.connect(self.choose_file)
        self.list.selectionModel().currentChanged.connect(self._show_buttons)
        self.older.clicked.connect(self.go_older)
        self.newer.clicked.connect(self.go_newer)

    def _lay_out(self) -> None:
        for place, button in enumerate((self.save, self.newer, self.older), start=1):
            self.head.insertWidget(place, button)
        self.column.addWidget(self.note)
        self.column.addWidget(self.list, 1)

    def stops(self) -> tuple[QWidget, ...]:
        return self.list, self.save, self.newer, self.older

    def open(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def has_keyboard(self) -> bool:
        return super().has_keyboard or self.dialog is not None

    # --- what is asked ---

    def show_group(self, key: str) -> None:
        """A group's calls, or (empty) those of all."""
        self._key = key
        self._before.clear()
        self._ask()

    def _ask(self) -> None:
        self.wanted.emit(self._key, self._before[-1] if self._before else "")

    def go_older(self) -> None:
        rows = self._source.rows()
        if rows and self._source.is_more:
            self._before.append(rows[-1].key)
            self._ask()

    def go_newer(self) -> None:
        if self._before:
            self._before.pop()
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._again.start()
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        self._again.stop()
        self.drop_dialog()
        super().hideEvent(event)

    # --- what it shows ---

    def show_who(self, who: str) -> None:
        """Who is noted for what is taken out."""
        if who != self._who:
            self._who = who
            self._changed()

    def _changed(self) -> None:
        if self.isVisible():
            self.reload()

    def reload(self) -> None:
        rows = self._source.rows()
        before = self._current()
        self.model.take(rows)
        self._empty.setVisible(not rows)
        self._choose([row.key for row in rows], before.key if before is not None else "")
        name = self._source.group
        self.title.say(
            self.tr("Kept calls in {0}").format(name) if name else self.tr("Kept calls, all groups")
        )
        self._show_note()
        self._show_buttons()

    def _choose(self, keys: list[str], key: str) -> None:
        """The one that was chosen, else the newest."""
        if keys:
            index = self.model.index(keys.index(key) if key in keys else 0)
            choose = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, choose)

    def _current(self) -> CallRow | None:
        return self.model.at(self.list.currentIndex())

    def _show_buttons(self) -> None:
        self.save.setEnabled(self._current() is not None and bool(self._who))
        self.newer.setVisible(bool(self._before))
        self.older.setVisible(self._source.is_more)

    def _show_note(self) -> None:
        saving = self._source.saving
        if saving is not None:
            self._show_saving(saving)
        elif not self._who:
            words = self.tr("Give your name above first: whoever takes a call out is noted.")
            self.note.say(words, ink="warning", icon_name="user")
        else:
            words = self.tr("Who saves a call as a file is noted: {0}.").format(self._who)
            self.note.say(words, ink="muted", icon_name="user")

    def _show_saving(self, saving: Saving) -> None:
        name = Path(saving.path).name
        if saving.state == "done":
            words = self.tr("Saved: {0}").format(saving.path)
            self.note.say(words, ink="good", icon_name="circle-check")
        elif saving.state == "failed":
            words = self.tr("{0} was not saved: {1}").format(name, saving.why)
            self.note.say(words, ink="warning", icon_name="alert-circle", more=saving.path)
        else:
            self.note.say(self.tr("Saving {0} …").format(name), ink="muted", icon_name="clock")

    # --- the file ---

    def choose_file(self) -> None:
        call = self._current()
        if call is None or not self._who or self.dialog is not None:
            return
        self.dialog = SaveDialog(call, self._folder, self)
        self.dialog.decided.connect(lambda path, form: self._decided(call, path, form))
        self.dialog.finished.connect(self._dialog_left)
        self.dialog.resize(min(self.width(), DIALOG_PX), min(self.height(), DIALOG_HIGH_PX))
        self.dialog.move(self.list.mapToGlobal(QPoint(0, 0)))  # not before tiles or alarms
        self.dialog.show()

    def _decided(self, call: CallRow, path: str, form: str) -> None:
        self._folder = Path(path).parent
        self.save_wanted.emit(call.key, path, form)

    def _dialog_left(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.window().activateWindow()
        if self.isVisible():
            self.open()

    def drop_dialog(self) -> None:
        """Something matters more."""
        if self.dialog is not None:
            self.dialog.reject()

    # --- look ---

    def _said(self, row: CallRow) -> str:
        missed = missed_word().lower() if row.missed else ""
        at = times.when(row.time_s, self._clock.now_s())
        parts = (at, row.who, row.group, times.duration(row.seconds), missed)
        return ", ".join(part for part in parts if part)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        for part in (self.list, self._empty):
            part.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.setAccessibleName(self.tr("Kept calls"))
        self.list.setAccessibleName(self.tr("Kept calls, newest first"))
        self.save.set_words(self.tr("Save as file …"), self.tr("Save the chosen call as a file"))
        self.older.set_words(self.tr("Older"), self.tr("Show older calls"))
        self.newer.set_words(self.tr("Newer"), self.tr("Show newer calls"))
        self._empty.set_words(
            self.tr("No calls are kept here"),
            self.tr("What is said is kept for as long as the menu says, then deleted."),
        )
        if self.isVisible():
            self.reload()
