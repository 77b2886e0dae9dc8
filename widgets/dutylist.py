"""The duty list: who is on duty now, and a form that puts somebody on duty or takes them off."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.actions import Posting
from widgets.contracts.rows import DutyForm, DutyRow
from widgets.contracts.sources import PeopleSource
from widgets.emptiness import ListNote
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import Page
from widgets.people_rows import not_kept_words
from widgets.rows import RowDelegate, RowList, RowModel
from widgets.text_field import TextField

HOURS: Final = 8
MOST_HOURS: Final = 72
HOURS_TYPED: Final = re.compile(r"[0-9]{1,2}(\.[0-9])?")
MAX_NAME: Final = 64
MAX_PHONE: Final = 32
MAX_HOURS: Final = 4
PHONE: Final = re.compile(r"\+?[0-9][0-9 ]{2,30}")

translate = QCoreApplication.translate


def said(row: DutyRow) -> str:
    until = times.clock_short(row.until_s)
    until = translate("DutyPage", "until {0}").format(until)
    parts = (row.role, row.name, row.call_sign, row.status_text, row.phone, until)
    return " · ".join(part for part in parts if part)


class DutyDelegate(RowDelegate):
    """Role, name, how to reach them, until when."""

    def paint_row(self, painter: QPainter, rect: QRect, row: DutyRow) -> None:
        m, p = self.look.metrics, self.look.palette
        x = rect.left() + 10
        x += paint.icon(painter, x, rect.center().y() + 1, "user-check", p.good, size=m.icon) + 9
        line = QRect(x, rect.top(), rect.right() - 10 - x, rect.height())
        until = translate("DutyPage", "until {0}").format(times.clock_short(row.until_s))
        used = paint.text(painter, line, until, p.muted, font(m.small), align=paint.RIGHT)
        line.setRight(line.right() - used - 12)
        left = QRect(line)
        left.setWidth(round(line.width() * 0.55))
        width = paint.text(painter, left, row.role, p.text, font(m.small, bold=True))
        left.setLeft(left.left() + width + 10)
        paint.text(painter, left, row.name, p.text, font(m.small))
        reach = " · ".join(part for part in (row.call_sign, row.status_text, row.phone) if part)
        line.setLeft(left.right() + 10)
        paint.text(painter, line, reach, p.muted, font(m.small))


class DutyPage(Page):
    """Enter on a line puts it into the form, to be changed; what was taken off stands there too,
    so that one press puts it back."""

    def __init__(
        self, look: Look, source: PeopleSource, posting: Posting, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._posting = posting
        self._key = ""  # of the line that is changed, "" = a new one
        self._person = ""
        self._told = self._warned = ""
        self._make_parts(look)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.list = RowList(DutyDelegate(look, self), self)
        self.model: RowModel[DutyRow] = RowModel(said, self)
        self.list.setModel(self.model)
        self._nobody = ListNote(look, "user-check", self.list)
        self.off = FlatButton(look, icon_name="logout")
        self.role, self.person, self.radio = (TextField(MAX_NAME) for _ in range(3))
        self.phone, self.hours = TextField(MAX_PHONE), TextField(MAX_HOURS)
        self.hours.setText(str(HOURS))
        self.labels = [Words(look, ink="muted") for _ in range(5)]
        self.fresh = FlatButton(look)
        self.on = FlatButton(look, icon_name="login", key="Enter")
        self.answer = Words(look, ink="muted", icon_name="alert-circle")

    def _fields(self) -> tuple[TextField, ...]:
        return self.role, self.person, self.radio, self.phone, self.hours

    def _lay_out(self) -> None:
        self._above, self._grid, self._below = QHBoxLayout(), QGridLayout(), QHBoxLayout()
        self._above.addStretch(1)
        self._above.addWidget(self.off)
        for n, (label, field) in enumerate(zip(self.labels, self._fields(), strict=True)):
            self._grid.addWidget(label, 0, n)
            self._grid.addWidget(field, 1, n)
            self._grid.setColumnStretch(n, 1 if field is self.hours else 3)
        self._below.addStretch(1)
        self._below.addWidget(self.fresh)
        self._below.addWidget(self.on)
        self.column.addWidget(self.list, 1)
        self.column.addLayout(self._above)
        self.column.addLayout(self._grid)
        self.column.addWidget(self.answer)
        self.column.addLayout(self._below)

    def _connect(self) -> None:
        self.list.activated.connect(self._change)
        self.list.clicked.connect(self._change)
        self.off.clicked.connect(self.take_off)
        self.on.clicked.connect(self.put_on)
        self.fresh.clicked.connect(self._start_anew)
        for field in self._fields():
            field.returnPressed.connect(self.put_on)
            field.textEdited.connect(self._typed)
            field.bounded.connect(self._show_buttons)
            field.escaped.connect(self.list.setFocus)
        self._source.changed.connect(self._changed)

    def stops(self) -> tuple[QWidget, ...]:
        return self.list, self.off, *self._fields(), self.fresh, self.on

    def open(self) -> None:
        self._told = self._warned = ""
        self._start_anew()

    def show_who(self, person: str) -> None:
        """Who sits here: the form offers that name."""
        self._person = person

    # --- what it shows ---

    def _changed(self) -> None:
        if self.isVisible():
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def reload(self) -> None:
        rows = tuple(self._source.on_duty())
        before = self._current()
        self.model.take(rows)
        keys = [row.key for row in rows]
        if keys:
            at = keys.index(before.key) if before is not None and before.key in keys else 0
            self.list.setCurrentIndex(self.model.index(at))
        self._nobody.setVisible(not rows)
        self._show_buttons()

    def _current(self) -> DutyRow | None:
        return self.model.at(self.list.currentIndex())

    def _show_buttons(self) -> None:
        self.off.setEnabled(self._current() is not None)
        why = self._why_not()
        self.on.setEnabled(not why)
        cut = next(filter(None, (field.cut_words() for field in self._fields())), "")
        if cut:
            self.answer.say(cut, ink="warning", icon_name="alert-circle")
        elif self._warned:
            self.answer.say(self._warned, ink="warning", icon_name="alert-circle")
        elif self._told:
            self.answer.say(self._told, ink="good", icon_name="circle-check")
        else:
            self.answer.say(why, ink="muted", icon_name="alert-circle")

    # --- the form ---

    def _typed(self) -> None:
        self._told = self._warned = ""
        self._show_buttons()

    def _start_anew(self) -> None:
        self._fill(DutyRow("", "", self._person))
        self._show_buttons()
        self.role.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, index: QModelIndex) -> None:
        self._told = self._warned = ""
        self._fill(self.model.row(index.row()))
        self._show_buttons()

    def _fill(self, row: DutyRow) -> None:
        self._key = row.key
        words = (row.role, row.name, row.call_sign, row.phone, str(HOURS))
        for field, text in zip(self._fields(), words, strict=True):
            field.setText(text)
            field.home(False)  # a long name is read from its beginning

    def _unit(self) -> str | None:
        """The radio that was typed; empty: none was; None: nobody is called so."""
        typed = self.radio.text().strip().casefold()
        if not typed:
            return ""
        rows = self._source.candidates()
        return next((r.key for r in rows if r.kind == "unit" and r.name.casefold() == typed), None)

    def _hours(self) -> float | None:
        """Also half ones, with either comma; None for what is no such number."""
        typed = self.hours.text().strip().replace(",", ".")
        if not HOURS_TYPED.fullmatch(typed):
            return None
        hours = float(typed)
        return hours if 1 <= hours <= MOST_HOURS else None

    def _why_not(self) -> str:
        """What is missing, "" = nothing is."""
        phone = self.phone.text().strip()
        if not self.role.text().strip() or not self.person.text().strip():
            return self.tr("Write what they are on duty as, and their name.")
        if self._unit() is None:
            return self.tr("No radio is called {0}.").format(self.radio.text().strip())
        if phone and not PHONE.fullmatch(phone):
            return self.tr("A telephone number has figures and spaces, and perhaps + before them.")
        if not phone and not self._unit():
            return self.tr("Write a radio's call sign or a telephone number.")
        if self._hours() is None:
            return self.tr("Write for how many hours, 1 to 72.")
        return ""

    # --- hands ---

    def put_on(self) -> None:
        if self._why_not() or any(field.must_look() for field in self._fields()):
            self._show_buttons()
            return
        role, name = self.role.text().strip(), self.person.text().strip()
        form = DutyForm(
            self._key,
            role,
            name,
            self._unit() or "",
            self.phone.text().strip(),
            self._hours() or HOURS,
        )
        if self._posting.set_duty(form):
            self._told = self.tr("On duty: {0}, {1}").format(role, name)
            self._start_anew()
        else:
            self._warned = not_kept_words()
            self._show_buttons()

    def take_off(self) -> None:
        """The form has the line then: Enter puts it back."""
        row = self._current()
        if row is None:
            return
        if self._posting.end_duty(row.key):
            self._fill(row)
            words = self.tr("Off duty: {0}, {1}. Enter puts it back.")
            self._told = words.format(row.role, row.name)
            self.role.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._warned = not_kept_words()
        self._show_buttons()

    # --- look ---

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        m = look.metrics
        for field in self._fields():
            field.setFont(font(m.small))
            field.setFixedHeight(m.control + 4)
        for line in (self._above, self._grid, self._below):
            line.setSpacing(m.gap)
        for part in (self.list, self._nobody):
            part.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.title.say(self.tr("Duty list"))
        self.setAccessibleName(self.title.text())
        self.list.setAccessibleName(self.tr("Who is on duty; Enter changes"))
        self.off.set_words(self.tr("Off duty"), self.tr("Take the chosen one off duty now"))
        self.fresh.set_words(self.tr("Another"), self.tr("Empty the form for somebody else"))
        self.on.set_words(self.tr("On duty"), self.tr("On duty from now on"))
        words = (
            self.tr("On duty as"),
            self.tr("Name"),
            self.tr("Radio"),
            self.tr("Telephone"),
            self.tr("Hours"),
        )
        for label, field, said_so in zip(self.labels, self._fields(), words, strict=True):
            label.say(said_so)
            field.setAccessibleName(said_so)
        self._nobody.set_words(
            self.tr("Nobody is listed as on duty"), self.tr("Fill in the form below.")
        )
        self._show_buttons()
