"""A calm bar that asks what a pin or a place on the map is called. Never modal."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from widgets import times
from widgets.buttons import FlatButton, ghost
from widgets.contracts.landmarks import (
    KINDS,
    MAX_NAME,
    MAX_NOTE,
    LandmarkForm,
    LandmarkKind,
    LandmarkRow,
)
from widgets.contracts.sources import Clock
from widgets.landmark_words import ICONS, kind_words
from widgets.look import Look, font
from widgets.question import QuestionBar
from widgets.text_field import TextField
from widgets.theme import Palette
from widgets.tips import tip

PLACES: Final[tuple[LandmarkKind, ...]] = (
    "other",
    *(kind for kind in KINDS if kind not in ("incident", "other")),
)
"""The first one says nothing that somebody has not chosen."""
FIELDS_GAP_PX: Final = 4


class NameField(TextField):
    """Up and Down choose another kind."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class LandmarkBar(QuestionBar):
    """``given`` carries a LandmarkForm. Enter gives it, Escape drops it; ``left``: the keyboard is
    free again. ``closed``: nothing is asked any more."""

    closed = Signal()
    given = Signal(object)
    left = Signal()

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, "map-pin-plus", parent)
        self._clock = clock
        self._form = LandmarkForm("incident", "", 0.0, 0.0)
        self._near = ""
        self.name, self.note = NameField(MAX_NAME), TextField(MAX_NOTE)
        self.kind = FlatButton(look, key="↑↓", skin=ghost)
        self.no = FlatButton(look, key="Esc")
        self.ok = FlatButton(look, icon_name="check", key="⏎")
        for field in (self.name, self.note):
            field.setMinimumWidth(90)
            field.returnPressed.connect(self._give)
            field.escaped.connect(self.drop)
            field.textChanged.connect(self._mind)
            field.bounded.connect(self._tell)
        self.name.stepped.connect(self.step_kind)
        self.kind.clicked.connect(lambda: self.step_kind(1))
        self.no.clicked.connect(self.drop)
        self.ok.clicked.connect(self._give)
        column, head, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(12, 0, 8, 5)
        column.setSpacing(FIELDS_GAP_PX)
        column.addStretch(1)
        for line, parts, field in (
            (head, (self.kind, self.name), self.name),
            (foot, (self.note, self.no, self.ok), self.note),
        ):
            column.addLayout(line)
            line.setSpacing(6)
            for part in parts:
                line.addWidget(part, 1 if part is field else 0)
        self.retranslate()

    def ink(self, p: Palette) -> str:
        return p.selected

    def sizeHint(self) -> QSize:
        """The sentence, the name, the note: a name is read whole while it is typed."""
        line = max(part.sizeHint().height() for part in (self.name, self.note, self.ok))
        return QSize(200, self._look.metrics.row + 2 * line + FIELDS_GAP_PX + 8)

    @property
    def is_asking(self) -> bool:
        return not self.isHidden()

    @property
    def place(self) -> tuple[float, float]:
        """Where it is about, degrees."""
        return self._form.lat, self._form.lon

    def ask_pin(self, lat: float, lon: float, near: str) -> None:
        """A name is there already, so that Enter is enough. ``near``: where that is, in words."""
        when = times.clock_short(self._clock.now_s())
        name = self.tr("Incident {0}").format(when)
        self._ask(LandmarkForm("incident", name, lat, lon), near)

    def ask_place(self, lat: float, lon: float, near: str) -> None:
        self._ask(LandmarkForm(PLACES[0], "", lat, lon), near)

    def ask_change(self, row: LandmarkRow) -> None:
        form = LandmarkForm(row.kind, row.name, row.lat, row.lon, row.note, row.key)
        self._ask(form, "")

    def _ask(self, form: LandmarkForm, near: str) -> None:
        self._form, self._near = form, near
        for field in (self.name, self.note):
            field.setFont(font(self._look.metrics.small))  # one not shown yet may have lost it
        self._set_kind(form.kind)
        self.name.setText(form.name)
        self.note.setText(form.note)
        self._mind()
        self.show()
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_kind(self, by: int) -> None:
        """Of a site's place; a pin stays a pin."""
        if self._form.kind != "incident":
            at = PLACES.index(self._form.kind)
            self._set_kind(PLACES[(at + by) % len(PLACES)])

    def _set_kind(self, kind: LandmarkKind) -> None:
        f = self._form
        self._form = LandmarkForm(kind, f.name, f.lat, f.lon, f.note, f.key)
        self._icon = ICONS[kind]
        self.kind.setVisible(kind != "incident")
        words = kind_words(kind)
        self.kind.set_icon_name(ICONS[kind])
        self.kind.set_words(words, self.tr("{0}; press for another kind").format(words))
        self.kind.setToolTip(tip(self.kind.accessibleName()))
        self._tell()
        self.update()

    def _mind(self) -> None:
        self.ok.setEnabled(bool(self.name.text().strip()))

    def drop(self) -> None:
        """Nothing is kept of it."""
        if self.isHidden():
            return
        holder = QApplication.focusWidget()
        had_keyboard = holder is not None and self.isAncestorOf(holder)
        for field in (self.name, self.note):
            field.clear()
        self.hide()
        self.closed.emit()
        if had_keyboard:
            self.left.emit()

    def _give(self) -> None:
        name, f = " ".join(self.name.text().split()), self._form
        note = " ".join(self.note.text().split())
        if any(field.must_look() for field in (self.name, self.note)):
            return
        if name:
            self.drop()
            self.given.emit(LandmarkForm(f.kind, name, f.lat, f.lon, note, f.key))

    def _tell(self) -> None:
        f, cut = self._form, self.name.cut_words() or self.note.cut_words()
        if cut:
            self.say(cut)
            return
        if f.key:
            words = self.tr("Change: {0}").format(f.name)
        elif f.kind == "incident":
            words = self.tr("Incident pin, seen at all desks for a day")
        else:
            words = self.tr("Place of the site, seen at all desks until it is removed")
        self.say(" · ".join(part for part in (words, self._near) if part))

    def set_look(self, look: Look) -> None:
        for field in (self.name, self.note):
            field.setFont(font(look.metrics.small))
            field.setFixedHeight(look.metrics.control)
        super().set_look(look)

    def retranslate(self) -> None:
        self.no.set_words(self.tr("Not now"))
        self.ok.set_words(self.tr("OK"))
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("Name of the pin or place"))
        self.note.setPlaceholderText(self.tr("Note, without a patient's name"))
        self.note.setAccessibleName(self.note.placeholderText())
        self._set_kind(self._form.kind)
