"""The page of the talk key: held or latched, and the pedals and buttons outside the window."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from widgets import paint
from widgets.button_words import device_words, learning_words, purpose_words, row_words
from widgets.buttons import FlatButton
from widgets.contracts.rows import ButtonPurpose, ButtonRow, Buttons, DeskStatus
from widgets.labels import Ink, Words
from widgets.look import Look, font
from widgets.page import Page
from widgets.toggle import Toggle

PURPOSES: Final[tuple[ButtonPurpose, ...]] = ("talk", "call", "replay")
MAX_DEVICES: Final = 6
WELL: Final = ("ready", "starting", "unset")


class TalkPage(Page):
    latch_chosen = Signal(bool)
    learning_wanted = Signal(str)  # a ButtonPurpose
    learning_dropped = Signal()
    forget_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._buttons = Buttons()
        self._rule = ""
        self.hold, self.latch = Toggle(look), Toggle(look)
        self.how = _paragraph()
        self.outside = Words(look, size="body", bold=True)
        self.lines = {purpose: _Line(look, purpose) for purpose in PURPOSES}
        self.note = _paragraph()
        self.learning = _Learning(look)
        self.devices = [Words(look) for _ in range(MAX_DEVICES)]
        self.copy_rule = FlatButton(look)
        self._lay_out()
        self.hold.clicked.connect(lambda: self._chosen(False))
        self.latch.clicked.connect(lambda: self._chosen(True))
        self.learning.stop.clicked.connect(self.learning_dropped)
        self.copy_rule.clicked.connect(self._copy)
        for line in self.lines.values():
            line.learn.clicked.connect(lambda _on=False, p=line.purpose: self._learn(p))
            line.forget.clicked.connect(lambda _on=False, p=line.purpose: self._forget(p))
        self.closed.connect(self._left)
        self.retranslate()

    def _lay_out(self) -> None:
        choice = QHBoxLayout()
        choice.addWidget(self.hold)
        choice.addWidget(self.latch)
        choice.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for n, line in enumerate(self.lines.values()):
            for at, part in enumerate((line.what, line.which, line.learn, line.forget)):
                grid.addWidget(part, n, at)
        self.column.addLayout(choice)
        for part in (self.how, self.outside):
            self.column.addWidget(part)
        self.column.addLayout(grid)
        for part in (self.learning, self.note, *self.devices):
            self.column.addWidget(part)
        self.column.addWidget(self.copy_rule, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    def stops(self) -> tuple[QWidget, ...]:
        buttons = [one for line in self.lines.values() for one in (line.learn, line.forget)]
        return (self.hold, self.latch, *buttons, self.learning.stop, self.copy_rule)

    def open(self) -> None:
        (self.latch if self.latch.isChecked() else self.hold).setFocus(
            Qt.FocusReason.ShortcutFocusReason
        )

    # --- what it is told ---

    def show_status(self, status: DeskStatus) -> None:
        self._show_choice(status.latch)
        if status.buttons != self._buttons:
            self._buttons = status.buttons
            self._show_buttons()

    def _show_choice(self, latch: bool) -> None:
        self.hold.setChecked(not latch)
        self.latch.setChecked(latch)
        held = self.tr("The microphone is open while the key, the button or the pedal is down.")
        latched = self.tr(
            "Pressed once, the microphone stays open until the next press, Esc, a minute, "
            "a safety alarm, or another window. It is marked LOCKED OPEN all the while. "
            "A pedal that is pressed while another window is in front must be held."
        )
        self.how.setText(latched if latch else held)

    def _show_buttons(self) -> None:
        now = self._buttons
        for line in self.lines.values():
            line.show_row(now.row(line.purpose), is_learning=now.learning is not None)
        words = learning_words(now)
        self.learning.setVisible(bool(words))
        if now.learning is not None:
            self.learning.say(f"{purpose_words(now.learning)}: {words}", is_news=bool(now.note))
        self.note.setVisible(now.learning is None)
        for n, words_of in enumerate(self.devices):
            words_of.setVisible(n < len(now.devices))
            if n < len(now.devices):
                device = now.devices[n]
                words_of.say(device_words(device), ink=_ink(device.stand), more=device.rule)
        stands = [(one.stand, one.rule) for one in now.rows]
        stands += [(one.stand, one.rule) for one in now.devices]
        rules = [rule for stand, rule in stands if stand == "no-permission"]
        self._rule = "\n".join(dict.fromkeys(filter(None, rules)))
        self.copy_rule.setVisible(bool(self._rule))
        self.copy_rule.setToolTip(self._rule)

    # --- hands ---

    def _chosen(self, latch: bool) -> None:
        self._show_choice(latch)
        self.latch_chosen.emit(latch)

    def _learn(self, purpose: ButtonPurpose) -> None:
        if self._buttons.learning == purpose:
            self.learning_dropped.emit()
        else:
            self.learning_wanted.emit(purpose)

    def _forget(self, purpose: ButtonPurpose) -> None:
        self.forget_wanted.emit(purpose)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._rule)

    def _left(self) -> None:
        if self._buttons.learning is not None:
            self.learning_dropped.emit()

    def hideEvent(self, event: object) -> None:
        """However it is left, nothing is learned behind it."""
        self._left()

    # --- look ---

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        for words in (self.how, self.note):
            words.setFont(font(look.metrics.small))
        self.learning.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.title.say(self.tr("Talk key"))
        self.setAccessibleName(self.title.text())
        self.hold.set_words(self.tr("Hold to talk"))
        self.latch.set_words(self.tr("Press to open, press to close"))
        self._show_choice(self.latch.isChecked())
        self.outside.say(self.tr("Foot pedal, pad, or a key of its own"))
        self.note.setText(
            self.tr(
                "They work while another window is in front, too. Unplugged or broken, a pedal "
                "closes the microphone at once."
            )
        )
        for line in self.lines.values():
            line.retranslate()
        self.learning.retranslate()
        self.copy_rule.set_words(self.tr("Copy the rule for the system's administrator"))
        self._show_buttons()


class _Line:
    """One task that a button can have."""

    def __init__(self, look: Look, purpose: ButtonPurpose) -> None:
        self.purpose = purpose
        self.what = Words(look, bold=True)
        self.which = Words(look)
        self.which.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.learn = FlatButton(look)
        self.forget = FlatButton(look)

    def show_row(self, row: ButtonRow, *, is_learning: bool) -> None:
        self.which.say(row_words(row), ink=_ink(row.stand), more=row.rule)
        self.forget.setEnabled(row.stand != "unset" and not is_learning)
        self.learn.setEnabled(not is_learning)

    def retranslate(self) -> None:
        name = purpose_words(self.purpose)
        self.what.say(name)
        translate = QGuiApplication.translate
        learn, forget = translate("buttons", "Choose …"), translate("buttons", "Remove")
        choose = translate("buttons", "Choose a button for: {0}")
        self.learn.set_words(learn, choose.format(name))
        self.forget.set_words(forget, f"{forget}: {name}")


class _Learning(QWidget):
    """Says what to do, in amber, until a button has been pressed."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._is_news = False
        self.words = _paragraph()
        self.stop = FlatButton(look)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 8)
        line.addWidget(self.words, 1)
        line.addWidget(self.stop)
        self.hide()

    def say(self, words: str, *, is_news: bool) -> None:
        self._is_news = is_news
        self.words.setText(words)
        self.setAccessibleName(words)
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.words.setFont(font(look.metrics.body, bold=True))
        self.stop.set_look(look)

    def retranslate(self) -> None:
        self.stop.set_words(QGuiApplication.translate("buttons", "Stop"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.warning, 3 if self._is_news else 2)
        painter.end()


def _paragraph() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _ink(stand: str) -> Ink:
    if stand == "unset":
        return "muted"
    return "text" if stand in WELL else "warning"
