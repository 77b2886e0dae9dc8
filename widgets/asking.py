"""A calm bar that asks for one secret: a desk's enrolment code, or a person's PIN. Never modal, and
never over an alarm."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from widgets.buttons import FlatButton
from widgets.contracts.rows import DeskStatus
from widgets.fields import Field
from widgets.look import Look, font
from widgets.question import QuestionBar

MAX_SECRET: Final = 16
FIELD_PX: Final = 160  # wide: a code of eight letters with room to spare


class AskBar(QuestionBar):
    """``given`` carries what was typed. Enter gives it, Escape drops the question."""

    given = Signal(str)
    dropped = Signal()
    left = Signal()  # and the keyboard is to go elsewhere

    def __init__(self, look: Look, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(look, icon, parent)
        self.field = Field()
        self.field.setMaxLength(MAX_SECRET)
        self.field.returnPressed.connect(self._give)
        self.field.escaped.connect(self.drop)
        self.ok = FlatButton(look)
        self.no = FlatButton(look, key="Esc")
        self.ok.clicked.connect(self._give)
        self.no.clicked.connect(self.drop)
        self._lay_out(self.field, self.no, self.ok)
        self.retranslate()

    @property
    def is_asking(self) -> bool:
        return not self.isHidden()

    def ask(self) -> None:
        """The keyboard goes to the field, once."""
        if self.isHidden():
            self.field.clear()
            self.show()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_keyboard(self) -> bool:
        holder = QApplication.focusWidget()
        return holder is not None and self.isAncestorOf(holder)

    def go(self) -> None:
        """Put the keyboard into a question that came by itself."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def drop(self) -> None:
        """What was typed is forgotten."""
        if not self.isHidden():
            self._leave()
            self.dropped.emit()

    def done(self) -> None:
        """It was right, or is wanted no more."""
        if not self.isHidden():
            self._leave()

    def _leave(self) -> None:
        self.field.clear()
        if self.has_keyboard:
            self.left.emit()
        self.hide()

    def _give(self) -> None:
        typed = self.field.text().strip()
        self.field.clear()
        if typed:
            self.given.emit(typed)

    def say(self, words: str) -> None:
        super().say(words)
        self.field.setAccessibleName(words)

    def retranslate(self) -> None:
        self.ok.set_words(self.tr("OK"))
        self.no.set_words(self.tr("Not now"))

    def set_look(self, look: Look) -> None:
        m = look.metrics
        self.field.setFont(font(m.small))
        self.field.setFixedSize(m.px(FIELD_PX), m.control)
        super().set_look(look)


class CodeBar(AskBar):
    """For the code that the site shows."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "antenna", parent)

    def show_status(self, status: DeskStatus) -> None:
        if not status.enrol_offer:
            self.done()
        site = status.enrol_offer
        not_ours = self.tr("That code was not for a desk. Another one:")
        notes = {
            "": self.tr("The code that {0} shows for this desk:").format(site),
            "working": self.tr("Asking {0} …").format(site),
            "wrong-code": self.tr("{0} did not take that code. Another try:").format(site),
            "no-code": self.tr("No code is open at {0}: have one made there.").format(site),
            "other-kind": not_ours,
            "slow-down": self.tr("Too many tries: wait a minute."),
            "malformed": self.tr("A code has eight letters and figures, none of 0, O, 1, I:"),
        }
        self.say(notes.get(status.enrol_note, self.tr("That did not work. Another try:")))


class PinBar(AskBar):
    """For the PIN of who wants to sign in."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "user", parent)
        self.field.setEchoMode(Field.EchoMode.Password)

    def show_status(self, status: DeskStatus) -> None:
        if not status.sign_in:
            self.done()
            return
        who = status.sign_in
        notes = {
            "": self.tr("{0}'s PIN:").format(who)
            if status.sign_in_wanted
            else self.tr("{0}'s PIN, or F9 twice for another name:").format(who),
            "working": self.tr("Asking the site …"),
            "wrong": self.tr("Name and PIN don't fit. {0}'s PIN:").format(who),
            "locked": self.tr(
                "Too many wrong PINs for {0}: wait {1} min. Others may sign in (F9)."
            ).format(who, math.ceil(status.sign_in_wait_s / 60)),
        }
        self.say(notes[status.sign_in_note])
        if status.sign_in_wanted:
            self.ask()
        elif self.isHidden():
            self.field.clear()
            self.show()
