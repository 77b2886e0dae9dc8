"""The page of one alarm: who can be sent, the nearest that are free first, and what to remember."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.rows import AidRow, AlarmRow
from widgets.contracts.sources import Clock, Sources
from widgets.emptiness import ListNote
from widgets.knowledge import Doubt
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import FreshPage
from widgets.rows import RowDelegate, RowList, RowModel
from widgets.symbols import paint_symbol
from widgets.text_field import TextField

MAX_SENT: Final = 64
MAX_TEXT: Final = 1_000
NARROW: Final = 46  # times the small font
OLD_FIX_S: Final = 120.0  # a distance from a place that is older says how old it is

translate = QCoreApplication.translate


def distance_words(row: AidRow, now_s: float) -> str:
    """``3,4 km``; how old it is where that matters; that nobody knows."""
    if row.distance_km is None:
        return translate("AidPage", "place not known")
    words = translate("AidPage", "{0} km").format(
        QLocale().toString(row.distance_km, "f", 1 if row.distance_km < 20 else 0)
    )
    if row.fixed_s is not None and now_s - row.fixed_s >= OLD_FIX_S:
        words = f"{words} · {times.age(now_s - row.fixed_s)}"
    return words


class AidDelegate(RowDelegate):
    """A box, the mark, call sign, status, whether it is sent, distance."""

    def __init__(
        self, look: Look, clock: Clock, is_chosen: Callable[[str], bool], parent: QWidget
    ) -> None:
        super().__init__(look, parent)
        self._clock = clock
        self._is_chosen = is_chosen

    def paint_row(self, painter: QPainter, rect: QRect, row: AidRow) -> None:
        m, p = self.look.metrics, self.look.palette
        x, middle = rect.left() + 10, rect.center().y() + 1
        x = paint.tick(painter, x, middle, m.icon, p, ticked=self._is_chosen(row.key)) + 10
        fill = p.good if row.free else p.muted
        place = QRectF(x, middle - m.icon / 2, m.icon, m.icon)
        paint_symbol(painter, place, row.kind, fill, p.ink if row.free else p.card)
        x += m.icon + 10
        right = rect.right() - 10
        far = QFontMetrics(font(m.small)).horizontalAdvance("000,0 km · 00 min") + 2
        line = QRect(right - far, rect.top(), far, rect.height())
        words = distance_words(row, self._clock.now_s())
        paint.text(painter, line, words, p.text, font(m.small), align=paint.RIGHT)
        right -= far + 10
        name = QRect(x, rect.top(), round((right - x) * 0.45), rect.height())
        paint.text(painter, name, row.call_sign, p.text, font(m.small, bold=True))
        status = QRect(name.right() + 10, rect.top(), right - name.right() - 10, rect.height())
        said = sent_word() if row.sent else row.status_text
        ink = p.good if row.free or row.sent else p.muted
        paint.text(painter, status, said, ink, font(m.small, bold=row.sent))


def sent_word() -> str:
    return translate("AidPage", "SENT")


class AidPage(FreshPage):
    """``place_wanted`` carries the alarm whose place is to be shown on the map."""

    GATHER_MS = 500
    place_wanted = Signal(str)
    conference_wanted = Signal(str)  # with the unit in need
    called_out = Signal(str, str)  # the call-out's key, and who was called

    def __init__(self, look: Look, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._source = sources.aid
        self._alarms = sources.alarms
        self._posting = sources.posting
        self._clock = sources.clock
        self._key = ""
        self._doubt = Doubt()
        self._chosen: dict[str, str] = {}  # call signs by key
        self._written: dict[str, str] = {}  # by alarm, what has not been sent or noted
        self._told = ""
        self._make_parts(look)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.where = Words(look, icon_name="map-pin", ink="muted")
        self.show_place = FlatButton(look, icon_name="map-pin", key="F3")
        self.confer = FlatButton(look, icon_name="users", key="Ctrl+J")
        delegate = AidDelegate(look, self._clock, self._chosen.__contains__, self)
        self.list = RowList(delegate, self)
        self.model: RowModel[AidRow] = RowModel(self._said, self)
        self.list.setModel(self.model)
        self._nobody = ListNote(look, "users", self.list)
        self.to = Words(look, bold=True, icon_name="users", ink="muted")
        self.text = TextField(MAX_TEXT)
        self.send = FlatButton(look, icon_name="users", key="Ctrl+Enter", once=True)
        self.note = FlatButton(look, icon_name="message-circle", once=True)
        self.answer = Words(look, icon_name="circle-check", ink="muted")

    def _lay_out(self) -> None:
        self._first, say = QGridLayout(), QHBoxLayout()
        self._lines = self._first, say
        self._first.setColumnStretch(0, 1)
        say.addWidget(self.text, 1)
        say.addWidget(self.note)
        say.addWidget(self.send)
        self.column.addLayout(self._first)
        self._set_narrow(False)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.to)
        self.column.addLayout(say)
        self.column.addWidget(self.answer)

    def _set_narrow(self, narrow: bool) -> None:
        """Where it is has a line of its own rather than an ellipsis."""
        self._first.addWidget(self.where, 0, 0, 1, 3 if narrow else 1)
        for n, button in enumerate((self.confer, self.show_place), start=1):
            self._first.addWidget(button, int(narrow), n)

    def _connect(self) -> None:
        self.show_place.clicked.connect(lambda: self.place_wanted.emit(self._key))
        self.confer.clicked.connect(self._confer)
        self.list.clicked.connect(self._choose_at)
        self.list.activated.connect(self._choose_at)
        self.text.textEdited.connect(self._typed)
        self.text.bounded.connect(self._show_buttons)
        self.text.returnPressed.connect(self._enter)
        self.text.escaped.connect(self.list.setFocus)
        self.send.clicked.connect(self.send_help)
        at_once = QShortcut(QKeySequence("Ctrl+Return"), self)
        at_once.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        at_once.setAutoRepeat(False)
        at_once.activated.connect(self.send_help)
        self.note.clicked.connect(self.note_it)
        self._source.changed.connect(self._changed)
        self._alarms.changed.connect(self._changed)

    def stops(self) -> tuple[QWidget, ...]:
        return self.confer, self.show_place, self.list, self.text, self.note, self.send

    def open(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what it shows ---

    def show_alarm(self, key: str) -> None:
        """From now on it is about this one; who was chosen for another is forgotten, but what was
        written for it waits until that one is shown again."""
        is_begun = key != self._key or self.isHidden()
        if key != self._key:
            self._put_aside()
            self._key = key
            self._chosen.clear()
            self._told = ""
            self.text.setText(self._written.pop(key, ""))
        self.reload()
        if is_begun:
            self._mark_next()

    def _put_aside(self) -> None:
        """For as long as there is that alarm."""
        known = set(self._alarms.keys())
        self._written = {key: text for key, text in self._written.items() if key in known}
        if self._key in known and self.text.text():
            self._written[self._key] = self.text.text()

    def _row(self) -> AlarmRow | None:
        return self._alarms.row(self._key) if self._key in tuple(self._alarms.keys()) else None

    def reload(self) -> None:
        alarm = self._row()
        if alarm is None:
            self.title.say(self.tr("The alarm is closed"))
            self.where.say("")
            self.model.take(())
            self._show_buttons()
            return
        self.title.say(self.tr("Help to {0}").format(alarm.call_sign))
        where = alarm.place or self.tr("Nobody knows where it is")
        self.where.say(" · ".join(part for part in (where, alarm.talkgroup) if part))
        self._show_rows(self._source.nearest(self._key))

    def _show_rows(self, rows: Sequence[AidRow]) -> None:
        index = self.list.currentIndex()
        before = self.model.row(index.row()).key if index.isValid() else ""
        self.model.take(rows)
        keys = [row.key for row in rows]
        if keys:
            at = keys.index(before) if before in keys else 0
            self.list.setCurrentIndex(self.model.index(at))
        self._nobody.setVisible(not keys)
        self._say_why_nobody()
        self._show_buttons()

    def _mark_next(self, *, but: Collection[str] = ()) -> None:
        """Enter takes the nearest whom nobody has sent: those that are sent stand above."""
        rows = [self.model.row(n) for n in range(self.model.rowCount())]
        free = (n for n, row in enumerate(rows) if not row.sent and row.key not in but)
        self.list.setCurrentIndex(self.model.index(next(free, 0)))

    # --- hands ---

    def _choose_at(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row.key in self._chosen:
            del self._chosen[row.key]
        elif len(self._chosen) < MAX_SENT:
            self._chosen[row.key] = row.call_sign
        self._told = ""
        self._show_buttons()

    def _typed(self) -> None:
        self._told = ""
        self._show_buttons()

    def _enter(self) -> None:
        """Enter sends where somebody is chosen, else it is a note."""
        if self._chosen:
            self.send_help()
        else:
            self.note_it()

    def send_help(self) -> None:
        alarm = self._row()
        if alarm is None or not self._chosen or self.text.must_look():
            return
        names = ", ".join(self._chosen.values())
        text = self.text.text().strip() or self._order(alarm)
        callout = self._posting.send_help(self._key, tuple(self._chosen), text)
        if self._did(bool(callout)):
            self._told = self.tr("Called out: {0}").format(names)
            self._mark_next(but=self._chosen)
            self._chosen.clear()
            self.text.setText("")  # with nothing left in it to undo
            self.called_out.emit(callout, names)
            self._show_buttons()

    def _order(self, alarm: AlarmRow) -> str:
        """What those who are sent are told, when nothing was typed."""
        words = self.tr("Safety alarm {0}, {1}: go there and help")
        return words.format(alarm.call_sign, alarm.place or self.tr("place not known"))

    def _confer(self) -> None:
        alarm = self._row()
        if alarm is not None:
            self.conference_wanted.emit(alarm.unit)

    def note_it(self) -> None:
        text = self.text.text().strip()
        if self._row() is None or not text or self.text.must_look():
            return
        if self._did(self._posting.note_alarm(self._key, text)):
            self._told = self.tr("Noted")
            self.text.clear()
            self._show_buttons()

    def _did(self, kept: bool) -> bool:
        if not kept:
            self.answer.say(
                self.tr(
                    "This could not be kept, not even on this machine's disk. Say it by voice."
                ),
                ink="warning",
                icon_name="alert-circle",
            )
        return kept

    def _show_buttons(self) -> None:
        alarm = self._row()
        names = ", ".join(self._chosen.values())
        words = self.tr("To be sent: {0}").format(names) if names else self.tr("Nobody is chosen")
        self.to.say(words, ink="text" if names else "muted")
        self.send.setEnabled(alarm is not None and bool(names))
        self.note.setEnabled(alarm is not None and bool(self.text.text().strip()))
        self.show_place.setEnabled(alarm is not None)
        self.confer.setEnabled(alarm is not None)
        self.list.viewport().update()
        if cut := self.text.cut_words():
            self.answer.say(cut, ink="warning", icon_name="alert-circle")
        elif self._told:
            self.answer.say(self._told, ink="good", icon_name="circle-check")
        else:
            hint = self.tr("Who is sent is called out, and is noted with the alarm.")
            self.answer.say(hint, ink="muted", icon_name="alert-circle")

    # --- look ---

    def _said(self, row: AidRow) -> str:
        chosen = self.tr("chosen") if row.key in self._chosen else ""
        sent = sent_word().lower() if row.sent else ""
        far = distance_words(row, self._clock.now_s())
        return ", ".join(
            part for part in (row.call_sign, row.status_text, sent, far, chosen) if part
        )

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.text.setFont(font(look.metrics.small))
        self.text.setFixedHeight(look.metrics.control + 4)
        for line in self._lines:
            line.setSpacing(look.metrics.gap)
        for part in (self.list, self._nobody):
            part.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.setAccessibleName(self.tr("Help to an alarm"))
        self.show_place.set_words(self.tr("On the map"), self.tr("Show the alarm on the map"))
        self.confer.set_words(
            self.tr("Conference"), self.tr("The doctor on duty and this unit, in a group")
        )
        self.list.setAccessibleName(self.tr("Who can be sent, the nearest that are free first"))
        hint = self.tr("Where to go, where to hold; or what to remember")
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(hint)
        self.send.set_words(self.tr("Send help"))
        self.note.set_words(self.tr("Note"), self.tr("Note it with the alarm"))
        self.show_doubt(self._doubt)
        self.reload()

    def show_doubt(self, doubt: Doubt) -> None:
        self._doubt = doubt
        self._say_why_nobody()

    def _say_why_nobody(self) -> None:
        if self._doubt:
            self._nobody.set_words(self.tr("Units unknown"), self._doubt.why)
            return
        why = self._source.why_nobody(self._key)
        advice = why or self.tr("Units appear here when the site tells of them.")
        self._nobody.set_words(self.tr("No units to send"), advice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_narrow(self.width() < NARROW * self._look.metrics.small)
