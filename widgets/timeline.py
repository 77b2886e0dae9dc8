"""Log and search: all that has happened, found by words, kinds, groups and times."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QDate, QLocale, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from widgets.buttons import SMALLEST_TARGET, FlatButton, picked
from widgets.contracts.actions import Actions
from widgets.contracts.rows import TimelineAsked, TimelineRow
from widgets.contracts.sources import Clock, TimelineSource
from widgets.detail import Detail
from widgets.emptiness import ListNote
from widgets.fields import Field
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import Page
from widgets.save import ListDialog
from widgets.search import SearchField
from widgets.timeline_table import (
    ICONS,
    KINDS,
    TimelineTable,
    TimelineView,
    kind_word,
    length,
    what,
)
from widgets.toggle import Toggle

TYPED_MS: Final = 120
"""After the last letter it is asked for."""
COPIED_MS: Final = 3_000
HOUR_S: Final = 3_600.0
COLUMNS: Final = 5
DETAIL_LINES: Final = 4
DIALOG_PX: Final = 720
DIALOG_HIGH_PX: Final = 440

Span = Literal["all", "hour", "shift", "day"]
SPANS: Final[tuple[Span, ...]] = ("all", "hour", "shift", "day")
_DATE: Final = re.compile(r"\s*(\d{1,2})[.\-/ ]+(\d{1,2})(?:[.\-/ ]+(\d{2}|\d{4}))?\.?\s*")
CENTURY: Final = 2_000


def day_meant(words: str, now_s: float) -> tuple[float, float] | None:
    """From and until, unix seconds, of ``24.11.``, ``24.11.26`` or ``24.11.2026``; a day without a
    year is the last one that has begun. None: no date."""
    match = _DATE.fullmatch(words)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    this_year = time.localtime(now_s).tm_year
    year = int(match[3]) if match[3] else this_year
    year += CENTURY if match[3] and len(match[3]) == 2 else 0
    found = _day(year, month, day)
    if found is not None and not match[3] and found[0] > now_s:
        return _day(year - 1, month, day)
    return found


def _day(year: int, month: int, day: int) -> tuple[float, float] | None:
    """Also the days of 23 and of 25 hours."""
    try:
        from_s = time.mktime((year, month, day, 0, 0, 0, 0, 0, -1))
        until_s = time.mktime((year, month, day + 1, 0, 0, 0, 0, 0, -1))
    except (ValueError, OverflowError):
        return None
    then = time.localtime(from_s)
    return (from_s, until_s) if (then.tm_mon, then.tm_mday) == (month, day) else None


def _date_of(time_s: float) -> QDate:
    local = time.localtime(time_s)
    return QDate(local.tm_year, local.tm_mon, local.tm_mday)


class TimelinePage(Page):
    """``unit_chosen``: show it on the map."""

    unit_chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        source: TimelineSource,
        actions: Actions,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._actions = actions
        self._clock = clock
        self._span: Span = "all"
        self._about: tuple[str, str] | None = None  # an id and what it is called
        self._who = ""
        self._folder: Path | None = None
        self._note = ""  # that something was copied, or why not
        self._has_asked = False
        self.dialog: ListDialog | None = None
        self._make_parts(look)
        self._lay_out()
        self._make_timers()
        self._connect()
        self.set_look(look)
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.field = SearchField(look, "Ctrl+F")
        self.day = Field()
        self.day.setMaxLength(12)
        self.kinds = {kind: Toggle(look, icon_name=ICONS[kind]) for kind in KINDS}
        self.spans = {span: Toggle(look, icon_name="clock") for span in SPANS}
        self.about = FlatButton(look, icon_name="x", skin=picked)
        self.note = Words(look, ink="muted", icon_name="history")
        self.newer = FlatButton(look)
        self.model = TimelineTable(self._clock, self._may_ask_more, self)
        self.table = TimelineView(look, self.model, self)
        self.detail = Detail(DETAIL_LINES)
        self.play = FlatButton(look, icon_name="volume", key="Enter")
        self.only_group = FlatButton(look, icon_name="search")
        self.only_unit = FlatButton(look, icon_name="search")
        self.only_person = FlatButton(look, icon_name="user")
        self.place = FlatButton(look, icon_name="map-pin")
        self.copy = FlatButton(look, key="Ctrl+C")
        self.export = FlatButton(look)
        self._empty = ListNote(look, "search", self.table)

    def _lay_out(self) -> None:
        self.head.insertWidget(1, self.newer)
        self.head.insertWidget(2, self.export)
        self._grid = QGridLayout()
        for n, span in enumerate(SPANS):
            self._grid.addWidget(self.spans[span], 0, n)
        self._grid.addWidget(self.day, 0, COLUMNS - 1)
        for n, kind in enumerate(KINDS):
            self._grid.addWidget(self.kinds[kind], 1 + n // COLUMNS, n % COLUMNS)
        self._grid.addWidget(self.about, 2, COLUMNS - 1)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._below = QHBoxLayout()
        for button in self._row_buttons():
            self._below.addWidget(button)
        self._below.addStretch(1)
        self.column.addWidget(self.field)
        self.column.addLayout(self._grid)
        self.column.addWidget(self.note)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.detail)
        self.column.addLayout(self._below)
        for part in (self.field, self.day):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _row_buttons(self) -> tuple[FlatButton, ...]:
        only = (self.only_group, self.only_unit, self.only_person)
        return self.play, *only, self.place, self.copy

    def _make_timers(self) -> None:
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED_MS)
        self._typed.timeout.connect(self.ask)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(COPIED_MS)
        self._calm.timeout.connect(self._be_calm)

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self._typed.start())
        self.field.returnPressed.connect(self._to_table)
        self.field.down_pressed.connect(self._to_table)
        for toggle in self.kinds.values():
            toggle.toggled.connect(lambda _on: self.ask())
        for span, toggle in self.spans.items():
            toggle.clicked.connect(lambda _on=False, span=span: self._choose_span(span))
        self.day.returnPressed.connect(lambda: self._choose_span("day"))
        self.day.escaped.connect(lambda: self._choose_span("all"))
        self.about.clicked.connect(lambda: self._only(None))
        self.table.activated.connect(lambda _index: self.play_row())
        self.table.doubleClicked.connect(lambda _index: self.play_row())
        self.table.selectionModel().currentRowChanged.connect(self._show_detail)
        self.table.copy_wanted.connect(self.copy_rows)
        self.table.held.connect(self._show_held)
        self.newer.clicked.connect(self.table.follow)
        self.play.clicked.connect(self.play_row)
        self.only_group.clicked.connect(self._only_group)
        self.only_unit.clicked.connect(self._only_unit)
        self.only_person.clicked.connect(self._only_person)
        self.place.clicked.connect(self._show_unit)
        self.copy.clicked.connect(self.copy_rows)
        self.export.clicked.connect(self.choose_file)
        self.model.wanted.connect(self._source.more)
        self._source.replaced.connect(self._replaced)
        self._source.added.connect(self._added)
        self._source.changed.connect(self._show_state)

    def stops(self) -> tuple[QWidget, ...]:
        return (
            self.field,
            *self.spans.values(),
            self.day,
            *self.kinds.values(),
            self.about,
            self.newer,
            self.table,
            self.detail,
            *self._row_buttons(),
            self.export,
        )

    def open(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @property
    def has_keyboard(self) -> bool:
        return super().has_keyboard or self.dialog is not None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._source.watch(True)
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        self._source.watch(False)
        self.drop_dialog()
        super().hideEvent(event)

    # --- what is asked ---

    def ask(self) -> None:
        self._typed.stop()
        if not self.isVisible():
            return
        from_s, until_s = self._times()
        self._source.ask(
            TimelineAsked(
                self.field.text(),
                tuple(kind for kind, toggle in self.kinds.items() if toggle.isChecked()),
                (self._about[0],) if self._about is not None else (),
                from_s,
                until_s,
            )
        )

    def _times(self) -> tuple[float | None, float | None]:
        if self._span == "hour":
            return self._clock.now_s() - HOUR_S, None
        if self._span == "shift":
            return self._source.shift_s(), None
        day = day_meant(self.day.text(), self._clock.now_s()) if self._span == "day" else None
        return day or (None, None)

    def _choose_span(self, span: Span) -> None:
        self._span = span
        for one, toggle in self.spans.items():
            toggle.setChecked(one == span)
        self.day.setVisible(span == "day")
        if span == "day" and not self.day.hasFocus():
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            self.day.selectAll()
        self._show_state()
        self.ask()

    @property
    def _is_no_day(self) -> bool:
        typed = self.day.text().strip()
        is_day = day_meant(typed, self._clock.now_s()) is not None
        return self._span == "day" and bool(typed) and not is_day

    def show_only(self, key: str, name: str) -> None:
        """What names this unit or group, whatever was typed before."""
        self.field.clear()
        self._only((key, name))

    def _only(self, about: tuple[str, str] | None) -> None:
        """What names this unit or group; the words stay."""
        if self._about is not None and about is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._about = about
        self._show_about()
        self.ask()

    def _only_group(self) -> None:
        row = self._current()
        if row is not None and row.talkgroup:
            self._only((row.talkgroup, row.group or row.talkgroup))

    def _only_unit(self) -> None:
        row = self._current()
        if row is not None and row.unit:
            self._only((row.unit, row.who))

    def _only_person(self) -> None:
        """A name is words: it stands in the field, and goes as they do."""
        row = self._current()
        if row is not None and row.person:
            self.field.setText('"{}"'.format(row.person.replace('"', " ")))
            self.ask()

    def _may_ask_more(self) -> bool:
        return self._source.is_more and not self._source.is_asking

    # --- what it shows ---

    def _replaced(self) -> None:
        self.model.replace(self._source.rows())
        self._show_detail()

    def _added(self, rows: Sequence[TimelineRow]) -> None:
        self.model.add(rows)

    def _current(self) -> TimelineRow | None:
        index = self.table.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    def _to_table(self) -> None:
        if self._typed.isActive():
            self.ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_detail(self, *_: QModelIndex) -> None:
        row = self._current()
        self.detail.setPlainText("" if row is None else self._told(row))
        self.detail.setVisible(row is not None)
        for button in self._row_buttons():
            button.setVisible(row is not None)
        if row is None:
            return
        self.play.setVisible(row.category == "voice")
        self.only_group.setVisible(bool(row.talkgroup))
        self.only_group.set_words(self.tr("Only {0}").format(row.group or row.talkgroup))
        self.only_unit.setVisible(bool(row.unit))
        self.only_unit.set_words(self.tr("Only {0}").format(row.who))
        self.only_person.setVisible(bool(row.person))
        self.only_person.set_words(self.tr("Only {0}").format(row.person))
        self.place.setVisible(bool(row.unit))

    def _told(self, row: TimelineRow) -> str:
        """All of it, however long."""
        day = QLocale().toString(_date_of(row.time_s), QLocale.FormatType.LongFormat)
        at = time.strftime("%H:%M:%S", time.localtime(row.time_s))
        exercise = self.tr("exercise") if row.exercise else ""
        by = self.tr("told by {0}").format(row.by) if row.by and row.by != row.who else ""
        first = (f"{day} {at}", kind_word(row.category), length(row), by, exercise)
        second = (row.who, row.group)
        lines = (" · ".join(part for part in line if part) for line in (first, second))
        return "\n".join((*lines, row.text))

    def _show_held(self, count: int) -> None:
        self.newer.setVisible(count > 0)
        self.newer.set_words(self.tr("{0} newer").format(count), self.tr("Show the newest"))

    def _show_about(self) -> None:
        about = self._about
        self.about.setVisible(about is not None)
        name = about[1] if about is not None else ""
        self.about.set_words(name, self.tr("Only {0}; press to see all again").format(name))

    def show_who(self, who: str) -> None:
        """Who is noted for what is taken out."""
        if who != self._who:
            self._who = who
            self._show_state()

    def _show_state(self) -> None:
        standing, rows = self._source.standing, self.model.rowCount()
        self.export.setEnabled(bool(rows and self._who))
        self.copy.setEnabled(bool(self._who))
        self._empty.setVisible(not rows and not self._source.is_asking and standing.is_there)
        self._name_emptiness()
        saving = self._source.saving
        if self._is_no_day:
            words = self.tr("Write a day as 24.11. or 24.11.2026")
            self.note.say(words, ink="warning", icon_name="alert-circle")
        elif self._note:
            self.note.say(self._note, ink="muted", icon_name="check")
        elif saving is not None:
            self._show_saving(saving.state, saving.path, saving.why)
        elif standing.trouble:
            words = self.tr("Nothing new is kept here: {0}").format(standing.trouble)
            self.note.say(words, ink="warning", icon_name="alert-circle")
        elif not standing.is_there:
            self.note.say(self.tr("The log is being fetched …"), ink="muted", icon_name="clock")
        elif standing.is_behind:
            count = QLocale().toString(standing.events)
            words = self.tr("The log is still being read: {0} events so far").format(count)
            self.note.say(words, ink="warning", icon_name="clock")
        elif not self._who:
            words = self.tr("Give your name above first: whoever copies or saves is noted.")
            self.note.say(words, ink="warning", icon_name="user")
        else:
            self.note.say(self._standing_words(), ink="muted", icon_name="history")

    def _standing_words(self) -> str:
        count = QLocale().toString(self._source.standing.events)
        if self._source.is_cut:
            shown = QLocale().toString(self.model.rowCount())
            return self.tr("The newest {0}; search more narrowly for older ones").format(shown)
        return self.tr("{0} events are kept. A word finds what begins with it.").format(count)

    def _show_saving(self, state: str, path: str, why: str) -> None:
        name = Path(path).name
        if state == "done":
            self.note.say(self.tr("Saved: {0}").format(path), ink="good", icon_name="circle-check")
        elif state == "failed":
            words = self.tr("{0} was not saved: {1}").format(name, why)
            self.note.say(words, ink="warning", icon_name="alert-circle", more=path)
        else:
            self.note.say(self.tr("Saving {0} …").format(name), ink="muted", icon_name="clock")

    # --- hands ---

    def play_row(self) -> None:
        row = self._current()
        if row is not None and row.category == "voice" and row.seconds is not None:
            self._actions.play_spoken(row.talkgroup, row.time_s - row.seconds, row.time_s)

    def _show_unit(self) -> None:
        row = self._current()
        if row is not None and row.unit:
            self.unit_chosen.emit(row.unit)

    def copy_rows(self) -> None:
        """The chosen ones, oldest first, as they are read out; noted first."""
        rows = self.table.chosen()
        if not rows or not self._who:
            return
        if self._actions.note_copy(rows):
            QApplication.clipboard().setText("\n".join(self._line(row) for row in reversed(rows)))
            self._note = self.tr("Copied, and noted: {0}").format(self._who)
        else:
            self._note = self.tr("Not copied: it could not be noted")
        self._calm.start()
        self._show_state()

    def _line(self, row: TimelineRow) -> str:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row.time_s))
        parts = (kind_word(row.category), row.who, what(row), length(row))
        return "\t".join((at, *(" ".join(part.split()) for part in parts)))

    def _be_calm(self) -> None:
        self._note = ""
        self._show_state()

    def choose_file(self) -> None:
        if self.dialog is not None or not self._who or not self.model.rowCount():
            return
        self.dialog = ListDialog(self._clock.now_s(), self._folder, self)
        self.dialog.decided.connect(self._decided)
        self.dialog.finished.connect(self._dialog_left)
        self.dialog.resize(min(self.width(), DIALOG_PX), min(self.height(), DIALOG_HIGH_PX))
        self.dialog.move(self.table.mapToGlobal(QPoint(0, 0)))  # not before tiles or alarms
        self.dialog.show()

    def _decided(self, path: str, _form: str) -> None:
        self._folder = Path(path).parent
        self._actions.save_timeline(path)

    def _dialog_left(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.window().activateWindow()
        if self.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_dialog(self) -> None:
        """Something matters more."""
        if self.dialog is not None:
            self.dialog.reject()

    # --- look ---

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        m = look.metrics
        for part in (self.field, self.table, self.detail, self._empty):
            part.set_look(look)
        for line in (self._grid, self._below):
            line.setSpacing(m.gap)
        self.day.setFont(font(m.small))
        self.day.setFixedHeight(max(m.control, SMALLEST_TARGET))

    def retranslate(self) -> None:
        super().retranslate()
        self.setAccessibleName(self.tr("Log and search"))
        self.title.say(self.tr("Log and search"))
        self.field.set_hint(self.tr("Words, call signs, names"))
        self.table.setAccessibleName(self.tr("What has happened, newest first"))
        self.detail.setAccessibleName(self.tr("All of the chosen row"))
        for kind, toggle in self.kinds.items():
            toggle.set_words(kind_word(kind))
        self._name_spans()
        self.day.setPlaceholderText(self.tr("24.11."))
        self.day.setAccessibleName(self.tr("Day, as 24.11. or 24.11.2026"))
        self.play.set_words(self.tr("Play"), self.tr("Hear again what was said"))
        self.place.set_words(self.tr("On the map"), self.tr("Show the unit on the map"))
        self.copy.set_words(self.tr("Copy"), self.tr("Copy the chosen rows; it is noted"))
        self.export.set_words(
            self.tr("Save list …"), self.tr("Save all that was found as a file; it is noted")
        )
        self._show_held(0)
        self._choose_words()

    def _name_emptiness(self) -> None:
        if self._source.standing.is_behind:
            self._empty.set_words(
                self.tr("Nothing was found so far"), self.tr("The log is still being read.")
            )
        else:
            self._empty.set_words(
                self.tr("Nothing was found"),
                self.tr("Fewer words or kinds, or a longer time, find more."),
            )

    def _name_spans(self) -> None:
        words: dict[Span, tuple[str, str]] = {
            "all": (self.tr("Any time"), self.tr("However old")),
            "hour": (self.tr("Last hour"), self.tr("Of the last hour")),
            "shift": (
                self.tr("This shift"),
                self.tr("Since you signed in here; without a name, the last eight hours"),
            ),
            "day": (self.tr("Day"), self.tr("Of one day")),
        }
        for span, (word, more) in words.items():
            self.spans[span].set_words(word, more)
            self.spans[span].setToolTip(more)

    def _choose_words(self) -> None:
        for span, toggle in self.spans.items():
            toggle.setChecked(span == self._span)
        self.day.setVisible(self._span == "day")
        self._show_about()
        self._show_detail()
        self._show_state()
