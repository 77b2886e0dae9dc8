"""Individual calls on the screen: one that rings, the one that is talked in, and whom to call.

Calm bars above the map, never modal and never over an alarm.
"""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton, HoldButton, Skin, plain, sending
from widgets.contracts.rows import Callee, CallReason, LiveCall
from widgets.contracts.sources import CalleeSource, Clock
from widgets.fields import Field
from widgets.look import Look, font
from widgets.question import QuestionBar
from widgets.theme import Palette
from widgets.tips import tip

TICK_MS: Final = 250
LATE_S: Final = 1.5
MAX_TYPED: Final = 40
FIELD_PX: Final = 150  # wide
PAD: Final = 12


def answering(p: Palette) -> Skin:
    """The one answer that is wanted now; a call is no alarm, so not its colour."""
    return Skin(p.receiving, p.text, p.background, p.receiving)


def duplex_words(call: LiveCall) -> str:
    """How one talks in it: by words of the hand, not of the radio."""
    translate = QCoreApplication.translate
    return (
        translate("calls", "as a telephone")
        if call.full
        else translate("calls", "with the talk key")
    )


def ending_words(reason: CallReason) -> str:
    """How a call has ended, for who was in it."""
    translate = QCoreApplication.translate
    words: dict[CallReason, str] = {
        "hung-up": translate("calls", "The call is over."),
        "rejected": translate("calls", "The call was rejected."),
        "busy": translate("calls", "Busy: call again later."),
        "no-answer": translate("calls", "Nobody answered."),
        "cancelled": translate("calls", "The caller has given up."),
        "lost": translate("calls", "Lost: the other end can't be reached any more."),
        "": "",
    }
    return words[reason]


class CallStrip(QWidget):
    """Two lines of words, the first in bold, and buttons at the right. Hidden at first."""

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._icon = "phone"
        self._lines = ("", "")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, PAD - 4, 0)
        self._line.setSpacing(6)
        self._line.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._tell)
        self.hide()

    def _tell(self) -> None:
        """Say what is true now."""
        raise NotImplementedError

    def colours(self) -> tuple[str, str, str]:
        """Ground, edge, and the ink of icon and second line."""
        raise NotImplementedError

    def _show(self, shown: bool) -> None:
        if shown:
            self._tell()
            self._tick.start()
        else:
            self._tick.stop()
        self.setVisible(shown)

    def say(self, headline: str, subline: str) -> None:
        if (headline, subline) != self._lines:
            self._lines = headline, subline
            self.setAccessibleName(f"{headline}. {subline}")
            self.setToolTip(tip(f"{headline}\n{subline}"))
            self.update()

    @property
    def words(self) -> tuple[str, str]:
        return self._lines

    def set_look(self, look: Look) -> None:
        self._look = look
        for button in self.findChildren(FlatButton):
            button.set_look(look)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        return QSize(200, m.title + m.small + 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        ground, edge, ink = self.colours()
        paint.box(painter, self.rect(), ground, edge, 2)
        size = m.large
        x = PAD + paint.icon(painter, PAD, self.height() // 2, self._icon, ink, size=size) + PAD
        buttons = [one for one in self.findChildren(FlatButton) if not one.isHidden()]
        right = min((one.x() for one in buttons), default=self.width()) - PAD
        top = (self.height() - m.title - m.small - 14) // 2
        first = QRect(x, top, right - x, m.title + 8)
        paint.text(painter, first, self._lines[0], p.text, font(m.title, bold=True))
        second = QRect(x, first.bottom() + 1, right - x, m.small + 6)
        paint.text(painter, second, self._lines[1], ink, font(m.small, medium=True))
        painter.end()


class RingBar(CallStrip):
    """The call that rings here longest. ``answered`` and ``rejected`` carry it."""

    answered = Signal(str)
    rejected = Signal(str)

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, clock, parent)
        self._ended_s = float("-inf")  # when it stopped ringing by itself
        self._is_answered = False  # by a hand here, also with no
        self._icon = "phone-incoming"
        self._ringing: tuple[LiveCall, ...] = ()
        self._other: LiveCall | None = None
        self.no = FlatButton(look, key="F11")
        self.yes = FlatButton(look, icon_name="phone", key="F10", skin=answering)
        self._line.addWidget(self.no)
        self._line.addWidget(self.yes)
        self.yes.clicked.connect(self.answer)
        self.no.clicked.connect(self.reject)
        self.retranslate()

    @property
    def is_ringing(self) -> bool:
        return bool(self._ringing)

    @property
    def has_just_ended(self) -> bool:
        """A hand on its way to reject what rang may come too late."""
        return not self._ringing and time.monotonic() - self._ended_s < LATE_S

    def show_ringing(self, ringing: tuple[LiveCall, ...], other: LiveCall | None) -> None:
        """``other``: the call that this desk is in."""
        if self._ringing and not ringing and not self._is_answered:
            self._ended_s = time.monotonic()
        self._is_answered = self._is_answered and bool(ringing)
        in_one = other is not None and other.stand in ("connected", "calling")
        self._ringing, self._other = ringing, other if in_one else None
        self._show(bool(ringing))

    def answer(self) -> None:
        if self._ringing:
            self._is_answered = True
            self.answered.emit(self._ringing[0].key)

    def reject(self) -> None:
        if self._ringing:
            self._is_answered = True
            self.rejected.emit(self._ringing[0].key)

    def _tell(self) -> None:
        if not self._ringing:
            return
        call = self._ringing[0]
        said = [duplex_words(call), times.duration(self._clock.now_s() - call.since_s)]
        if call.exercise:
            said.insert(0, self.tr("EXERCISE"))
        if call.answered:
            said.append(self.tr("answered: waiting for the site"))
        elif self._other is not None:
            said.append(self.tr("ends the call with {0}").format(self._other.who))
        headline = self.tr("{0} calls").format(call.who)
        if len(self._ringing) > 1:
            headline = self.tr("{0} (+{1})").format(headline, len(self._ringing) - 1)
        self.say(headline, " · ".join(said))

    def colours(self) -> tuple[str, str, str]:
        p = self._look.palette
        return p.receiving_ground, p.receiving, p.receiving if p.name == "night" else p.text

    def retranslate(self) -> None:
        self.yes.set_words(self.tr("Answer"))
        self.no.set_words(self.tr("Reject"))
        self._tell()


class CallBar(CallStrip):
    """The call that this desk is in: who, how long, and whether one is heard there."""

    hung_up = Signal()
    muted = Signal(bool)
    talk_pressed = Signal()
    talk_released = Signal()

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, clock, parent)
        self._call: LiveCall | None = None
        self.mute = FlatButton(look, icon_name="microphone-off", key="⇧F11")
        self.talk = HoldButton(look, icon_name="microphone", skin=sending)
        self.end = FlatButton(look, icon_name="x", key="F11")
        for button in (self.mute, self.talk, self.end):
            self._line.addWidget(button)
        self.mute.clicked.connect(self.toggle_mute)
        self.talk.pressed.connect(self.talk_pressed)
        self.talk.released.connect(self.talk_released)
        self.end.clicked.connect(self.hung_up)
        self.retranslate()

    @property
    def call(self) -> LiveCall | None:
        return self._call

    def show_call(self, call: LiveCall | None, *, is_ringing: bool) -> None:
        """``is_ringing``: F11 is another call's now."""
        self._call = call
        is_on = call is not None and call.stand == "connected"
        is_full = call is not None and call.full
        self.mute.setVisible(is_on and is_full)
        self.talk.setVisible(is_on and not is_full)
        self.end.setVisible(call is not None and call.stand in ("connected", "calling"))
        self.end.set_key("" if is_ringing else "F11")
        if call is not None:
            self._name_buttons(call)
        self._show(call is not None)
        self.update()

    def toggle_mute(self) -> None:
        call = self._call
        if call is not None and call.stand == "connected" and call.full:
            self.muted.emit(not call.muted)

    def _tell(self) -> None:
        call = self._call
        if call is None:
            return
        if call.stand == "over":
            self.say(call.who, ending_words(call.reason))
            return
        said = [self._standing(call), duplex_words(call)]
        said.append(times.duration(self._clock.now_s() - call.since_s))
        if call.exercise:
            said.insert(0, self.tr("EXERCISE"))
        self.say(call.who, " · ".join(said))

    def _standing(self, call: LiveCall) -> str:
        if call.stand == "calling":
            return self.tr("It rings there")
        if not call.full:
            return self.tr("The other end talks") if call.heard else self.tr("In a call")
        if call.muted:
            return self.tr("You are muted")
        if call.note:
            return self.tr("You are not heard: {0}").format(call.note)
        return self.tr("You are heard") if call.is_open else self.tr("Opening the microphone …")

    @property
    def is_sending(self) -> bool:
        return self._call is not None and self._call.is_open

    def colours(self) -> tuple[str, str, str]:
        """Only who is heard by others has the colour of sending."""
        p, call = self._look.palette, self._call
        if call is None or call.stand == "over":
            worried = call is not None and call.reason == "lost"
            return p.card, p.warning if worried else p.line, p.warning if worried else p.muted
        if call.is_open:
            return p.sending_ground, p.sending, p.sending
        if call.stand == "connected" and (call.muted or call.note):
            return p.card, p.warning, p.warning
        if call.heard:
            return p.receiving_ground, p.receiving, p.receiving if p.name == "night" else p.text
        return p.card, p.line, p.muted

    def _name_buttons(self, call: LiveCall) -> None:
        self.mute.set_words(self.tr("Unmute") if call.muted else self.tr("Mute"))
        self.mute.set_icon_name("microphone" if call.muted else "microphone-off")
        self.talk.set_words(self.tr("Hold to talk"))
        is_ours = call.stand == "calling"
        self.end.set_words(self.tr("Give up") if is_ours else self.tr("Hang up"))

    def retranslate(self) -> None:
        if self._call is not None:
            self._name_buttons(self._call)
        self._tell()


class DialField(Field):
    """Up and Down go through those that are meant; Shift+Enter is the other way to call."""

    stepped = Signal(int)
    given = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.given.emit(event.modifiers() == Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)


class DialBar(QuestionBar):
    """Whom to call, by call sign, position, person or ISSI. ``wanted`` carries whom, and whether in
    full duplex; ``left``: the keyboard is free again."""

    wanted = Signal(str, bool)
    left = Signal()

    def __init__(self, look: Look, source: CalleeSource, parent: QWidget | None = None) -> None:
        super().__init__(look, "phone", parent)
        self._source = source
        self._found: tuple[Callee, ...] = ()
        self._at = 0
        self.field = DialField()
        self.field.setMaxLength(MAX_TYPED)
        self.no = FlatButton(look, key="Esc")
        self.full = FlatButton(look, key="⇧⏎", skin=plain)
        self.half = FlatButton(look, icon_name="phone", key="⏎", skin=answering)
        self.field.textChanged.connect(self._typed)
        self.field.stepped.connect(self._step)
        self.field.escaped.connect(self.drop)
        self.field.given.connect(self._give)
        self.no.clicked.connect(self.drop)
        self.full.clicked.connect(lambda: self._give(True))
        self.half.clicked.connect(lambda: self._give(False))
        self._lay_out(self.field, self.no, self.full, self.half)
        self.retranslate()

    def ask(self, whom: str = "") -> None:
        """``whom`` is there already, to be typed over."""
        self.field.setText(whom)
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._typed()

    def ink(self, p: Palette) -> str:
        return p.receiving

    @property
    def is_asking(self) -> bool:
        return not self.isHidden()

    def drop(self) -> None:
        self.field.clear()
        self.hide()
        self.left.emit()

    def chosen(self) -> Callee | None:
        return self._found[self._at] if self._found else None

    def _typed(self) -> None:
        self._found, self._at = tuple(self._source.find(self.field.text())), 0
        self._tell()

    def _step(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._tell()

    def _give(self, full: bool) -> None:
        whom = self.chosen()
        if whom is not None:
            self.drop()
            self.wanted.emit(whom.key, full)

    def _tell(self) -> None:
        whom = self.chosen()
        for button in (self.half, self.full):
            button.setEnabled(whom is not None)
        if whom is not None:
            more = len(self._found) - 1
            words = self.tr("Call {0}").format(whom.name)
            if more:
                words += self.tr(" (↓: {0} more)").format(more)
            self.say(words)
        elif self.field.text().strip():
            self.say(self.tr("Nobody here is called so."))
        else:
            self.say(self.tr("Call whom? A call sign, a desk or a person."))

    def say(self, words: str) -> None:
        super().say(words)
        self.field.setAccessibleName(words)

    def set_look(self, look: Look) -> None:
        m = look.metrics
        self.field.setFont(font(m.small))
        self.field.setFixedSize(m.px(FIELD_PX), m.control)
        super().set_look(look)

    def retranslate(self) -> None:
        self.no.set_words(self.tr("Not now"))
        self.full.set_words(self.tr("As a telephone"))
        self.half.set_words(self.tr("With talk key"))
        self._tell()
