"""One safety alarm: who, where, how long; the answers to it, and what one looks at or notes."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from widgets import paint, times
from widgets.buttons import FlatButton, on_alarm, strong
from widgets.contracts.rows import AlarmRow
from widgets.labels import Words
from widgets.look import Look, font
from widgets.text_field import TextField
from widgets.tips import tip

Reason = Literal["real", "false-press", "test"]
REASONS: Final[tuple[Reason, ...]] = ("real", "false-press", "test")
OLD_FIX_S: Final = 30.0  # a position that is younger is simply where the unit is
MAX_NOTE: Final = 1_000
LONGEST_BURST_S: Final = 120.0
"""What is said without a pause is kept in pieces of this length at most."""
BETWEEN: Final = 6  # two rows of buttons


class AlarmCard(QWidget):
    """Signals carry the alarm's key; ``noted`` also what was typed."""

    acknowledged = Signal(str)
    taken = Signal(str)
    shown = Signal(str)
    help_wanted = Signal(str)
    closed = Signal(str, str)
    chosen = Signal(str)
    measure_wanted = Signal(str)
    listened = Signal(str)
    noted = Signal(str, str)
    left = Signal()  # the keyboard is needed here no more
    resized = Signal()

    def __init__(
        self, look: Look, row: AlarmRow, now_s: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._row = row
        self._now_s = now_s
        self._seen_s = now_s
        self._lit = True
        self._current = False
        self._closing = False
        self._came_from: QWidget | None = None  # the keyboard, before a reason was asked for
        self._playing = False
        self._most: int | None = None  # how high it may be
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._make_buttons()
        self._lay_out()
        self.retranslate()

    def _make_buttons(self) -> None:
        self.acknowledge = FlatButton(self._look, once=True, icon_name="check", skin=strong)
        self.take = FlatButton(self._look, once=True, icon_name="user-check", skin=on_alarm)
        self.show_place = FlatButton(self._look, once=True, icon_name="map-pin", skin=on_alarm)
        self.help = FlatButton(self._look, once=True, icon_name="users", skin=on_alarm)
        self.close_it = FlatButton(self._look, once=True, icon_name="circle-check", skin=on_alarm)
        self.listen = FlatButton(self._look, once=True, icon_name="ear", skin=on_alarm)
        self.note = FlatButton(self._look, once=True, icon_name="message-circle", skin=on_alarm)
        self.text = TextField(MAX_NOTE, self)
        self.text.hide()
        self.cut_note = Words(self._look, ink="warning", icon_name="alert-circle", parent=self)
        self.cut_note.hide()
        self.reasons = {
            reason: FlatButton(self._look, once=True, skin=on_alarm) for reason in REASONS
        }
        self.back = FlatButton(self._look, once=True, icon_name="x", skin=on_alarm)
        self.acknowledge.clicked.connect(lambda: self.acknowledged.emit(self._row.key))
        self.take.clicked.connect(lambda: self.taken.emit(self._row.key))
        self.show_place.clicked.connect(lambda: self.shown.emit(self._row.key))
        self.help.clicked.connect(lambda: self.help_wanted.emit(self._row.key))
        self.close_it.clicked.connect(self.ask_reason)
        self.back.clicked.connect(self.keep_open)
        self.listen.clicked.connect(lambda: self.listened.emit(self._row.key))
        self.note.clicked.connect(self.ask_note)
        self.text.returnPressed.connect(self._note)
        self.text.escaped.connect(self._drop_note)
        self.text.bounded.connect(self._show_cut)
        for reason, button in self.reasons.items():
            button.clicked.connect(lambda _=False, why=reason: self._close(why))

    def _lay_out(self) -> None:
        """Answers in one row, below it what changes nothing: no press of the one is the other.

        A row is filled once it is in the column: of one that is full when it is added PySide makes
        Python objects of all its items, which C++ ends with the card."""
        self._column = QVBoxLayout(self)
        self._column.setSpacing(BETWEEN)
        self._column.addStretch(1)
        for buttons in (self._answers(), self._looks()):
            line = QHBoxLayout()
            line.setSpacing(6)
            self._column.addLayout(line)
            for button in buttons:
                line.addWidget(button, 0 if button is self.back else 1)
        self._column.addWidget(self.text)
        self._column.addWidget(self.cut_note)
        self._set_sizes()

    def _answers(self) -> tuple[FlatButton, ...]:
        answers = (self.acknowledge, self.take, self.help, self.close_it)
        return (*answers, *self.reasons.values(), self.back)

    def _looks(self) -> tuple[FlatButton, ...]:
        return self.show_place, self.listen, self.note

    def _set_sizes(self) -> None:
        m = self._look.metrics
        pad = 9 if m.compact else 12
        self._column.setContentsMargins(pad, 0, pad, pad)
        self.setFixedHeight(self._words_height() + self._controls_height())
        self.text.setFont(font(m.small))
        self.text.setFixedHeight(m.control)
        self.cut_note.set_look(self._look)
        self.cut_note.setFixedHeight(self._line_height())
        for button in (*self._answers(), *self._looks()):
            button.set_look(self._look)

    def set_most(self, height: int) -> None:
        """Where that is less than all its lines need, the last of them stand in the tooltip alone:
        its buttons are never cut."""
        if height != self._most:
            self._most = height
            self._set_sizes()
            self.update()

    def _controls_height(self) -> int:
        m = self._look.metrics
        rows, pad = 3 if self.is_noting else 2, 9 if m.compact else 12
        cut = 0 if self.cut_note.isHidden() else self._line_height() + BETWEEN
        return rows * m.control + (rows - 1) * BETWEEN + cut + pad + 6

    def _header_height(self) -> int:
        return self._look.metrics.body + 15

    def _head_height(self) -> int:
        """Down to the first line."""
        return self._header_height() + self._band_height() + self._look.metrics.title + 14

    def _words_height(self) -> int:
        return self._head_height() + len(self._shown_lines()) * self._line_height()

    def _line_height(self) -> int:
        return self._look.metrics.small + 6

    def _shown_lines(self) -> tuple[str, ...]:
        """As many as there is room for; an ellipsis tells that there are more."""
        lines = self._lines()
        if self._most is None:
            return lines
        room = self._most - self._head_height() - self._controls_height()
        fitting = max(room, 0) // self._line_height()
        if fitting >= len(lines):
            return lines
        return (*lines[: fitting - 1], f"{lines[fitting - 1]} …") if fitting else ()

    def _band_height(self) -> int:
        """That nobody has answered in time: a bar of its own, that doesn't flash."""
        return self._look.metrics.small + 10 if self._is_escalated() else 0

    def _is_escalated(self) -> bool:
        return self._row.escalated and self._row.state == "raised"

    # --- what it is told ---

    @property
    def row(self) -> AlarmRow:
        return self._row

    def show_row(self, row: AlarmRow, now_s: float) -> None:
        self._now_s = now_s
        if row == self._row:
            return
        is_renamed = row.call_sign != self._row.call_sign
        self._row = row
        if row.state not in {"acknowledged", "in-progress"} or row.pending:
            self._closing = False
        if is_renamed:
            self.retranslate()
        else:
            self._show_controls()

    def tick(self, now_s: float) -> None:
        """Once a second: how long it has lasted, how old its place is, whether one can listen."""
        self._now_s = now_s
        self._show_listening()
        self.update()

    def show_playing(self, playing: bool) -> None:
        """Whether it is this one's recording that is heard here now."""
        if playing != self._playing:
            self._playing = playing
            self._show_listening()

    def set_lit(self, lit: bool) -> None:
        """The flash; only an alarm that nobody has acknowledged is ever dark."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def set_current(self, current: bool) -> None:
        """Whether the keys answer this one."""
        self._current = current
        self._show_keys()
        self._show_listening()
        self.update()

    def _show_keys(self) -> None:
        """Written only on what they answer, and only where they do something now."""
        keys = {
            "F1": self.acknowledge,
            "F2": self.take,
            "F3": self.show_place,
            "F4": self.close_it,
            "F5": self.help,
            "N": self.note,
        }
        for key, button in keys.items():
            button.set_key(key if self._current and button.isEnabled() else "")

    def set_look(self, look: Look) -> None:
        self._look = look
        self._set_sizes()
        self.update()

    def retranslate(self) -> None:
        who = self._row.call_sign
        self.take.set_words(self.tr("Take over"), self.tr("Take over the alarm of {0}").format(who))
        self.help.set_words(
            self.tr("Help"), self.tr("Send help to {0}, or note something").format(who)
        )
        self.close_it.set_words(self.tr("Close"), self.tr("Close the alarm of {0}").format(who))
        self.reasons["real"].set_words(self.tr("Was real"))
        self.reasons["false-press"].set_words(self.tr("False press"))
        self.reasons["test"].set_words(self.tr("Test"))
        self.back.set_words("", self.tr("Back, don't close it"))
        self.note.set_words(self.tr("Note"), self.tr("Note something about {0}").format(who))
        hint = self.tr("What to remember. Enter keeps it, Esc leaves it")
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(hint)
        self._show_controls()

    def _name_acknowledge(self) -> None:
        if self.is_for_others():
            self.acknowledge.set_words(self.tr("Others must answer"))
            return
        said = self.tr("Acknowledge the alarm of {0}").format(self._row.call_sign)
        self.acknowledge.set_words(self.tr("Acknowledge"), said)

    # --- answers ---

    def is_for_others(self) -> bool:
        """Who has called for help does not answer the call, so that nobody takes it to be seen;
        but where nobody else does, somebody must be able to end it."""
        return self._row.own and self._row.state == "raised" and not self._row.escalated

    def may_acknowledge(self) -> bool:
        return self._row.state == "raised" and not self._row.pending and not self.is_for_others()

    def may_take(self) -> bool:
        """Also from another position that has it."""
        row = self._row
        is_open = row.state in {"raised", "acknowledged"} and not self.is_for_others()
        return (is_open or (row.state == "in-progress" and not row.mine)) and not row.pending

    def may_close(self) -> bool:
        return self._row.state in {"acknowledged", "in-progress"} and not self._row.pending

    def ask_reason(self) -> None:
        """An alarm is closed with a reason: the first has the focus, Tab goes on to the next."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self._came_from = focused
        self._closing = True
        self._show_controls()
        self.reasons["real"].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_asking(self) -> bool:
        """Whether it stands there for which reason the alarm is closed."""
        return self._closing

    def keep_open(self) -> None:
        self._closing = False
        self._show_controls()
        self.close_it.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self, reason: Reason) -> None:
        self._closing = False
        self._give_keyboard_back()
        self.closed.emit(self._row.key, reason)
        self._show_controls()

    def _give_keyboard_back(self) -> None:
        """To where the hand was before it closed the alarm."""
        before, self._came_from = self._came_from, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    # --- a note ---

    @property
    def is_noting(self) -> bool:
        return not self.text.isHidden()

    def ask_note(self) -> None:
        """A line to type in; Enter keeps it, whoever owns the alarm."""
        self.text.show()
        self._show_cut()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _note(self) -> None:
        text = self.text.text().strip()
        if self.text.must_look():
            return
        if text:
            self.noted.emit(self._row.key, text)
        else:
            self._drop_note()

    def _show_cut(self) -> None:
        """How much of a note did not fit."""
        words = self.text.cut_words()
        self.cut_note.say(words)
        self.cut_note.setVisible(bool(words) and self.is_noting)
        self._set_sizes()
        self.resized.emit()

    def note_kept(self) -> None:
        """The desk has it, at least on its disk."""
        self.text.clear()
        self._drop_note()

    def _drop_note(self) -> None:
        """What was typed stands there still when one comes back."""
        had_keyboard = self.text.hasFocus()
        self.text.hide()
        self._show_cut()
        if had_keyboard:
            self.left.emit()

    # --- the open microphone ---

    def may_listen(self) -> bool:
        return self._playing or bool(self._row.voice)

    def _is_recording(self, more_s: float = 0.0) -> bool:
        """By how long it has lasted here: the clock of who raised it may be another."""
        until_s = self._row.recorded_until_s
        return until_s is not None and self._lasted_s() < until_s - self._row.raised_s + more_s

    def _show_listening(self) -> None:
        """What is kept, and where; that it may still come; that there is none."""
        row, who = self._row, self._row.call_sign
        if self._playing:
            words, said = self.tr("Stop"), self.tr("Stop the replay")
        elif row.voice:
            words = self.tr("Listen")
            said = self.tr("Hear what the open microphone of {0} said").format(who)
        elif self._is_recording():
            words = self.tr("Recording")
            said = self.tr("Nothing has been said yet; what {0} says is being kept").format(who)
        elif self._is_recording(LONGEST_BURST_S):
            words = self.tr("Not yet")
            said = self.tr("What somebody has begun to say is there when it has ended")
        else:
            words = self.tr("No recording")
            said = self.tr("Nothing that was said around the alarm of {0} is kept").format(who)
        self.listen.set_words(words, said)
        self.listen.setToolTip(tip("\n".join(filter(None, (said, self._voice_place())))))
        self.listen.set_icon_name("x" if self._playing else "ear")
        self.listen.setEnabled(self.may_listen())
        self.listen.set_key("L" if self._current and self.may_listen() else "")

    def _voice_place(self) -> str:
        row = self._row
        going_on = self.tr("More is being kept now") if self._is_recording() and row.voice else ""
        if row.voice == "elsewhere":
            words = self.tr("Recording at {0}; here is heard what this desk heard itself")
            return " · ".join(filter(None, (words.format(row.voice_at), going_on)))
        return going_on

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.chosen.emit(self._row.key)

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        """How far the units are from here, at once: a menu would lie on the alarm."""
        self.measure_wanted.emit(self._row.key)

    def _show_controls(self) -> None:
        row, ask = self._row, self._closing
        self.acknowledge.setVisible(row.state == "raised" and not ask)
        self.acknowledge.setEnabled(self.may_acknowledge())
        self._name_acknowledge()
        is_mine = row.mine and row.state == "in-progress"
        self.take.setVisible(not (is_mine or self.is_for_others() or ask))
        self.take.setEnabled(self.may_take())
        who = row.call_sign
        self.show_place.set_words(self.tr("Show"), self.tr("Show {0} on the map").format(who))
        self._show_listening()
        self.help.setVisible(row.state in {"acknowledged", "in-progress"} and not ask)
        self.show_place.setEnabled(row.lat is not None)
        self.close_it.setVisible(row.state in {"acknowledged", "in-progress"} and not ask)
        self.close_it.setEnabled(self.may_close())
        self._show_keys()
        for button in (*self.reasons.values(), self.back):
            button.setVisible(ask)
        self.setAccessibleName(
            f"{self.headline()}: {row.call_sign}, {row.place}. {self.state()}. {self._doubt()}"
            f" {self.band()}".rstrip()
        )
        self.setToolTip(tip("\n".join((row.call_sign, self.state(), *self._lines()))))
        self._set_sizes()
        self.update()

    # --- words ---

    def headline(self) -> str:
        if self._row.exercise:
            return self.tr("EXERCISE – SAFETY ALARM")
        return self.tr("SAFETY ALARM")

    def band(self) -> str:
        """On a bar of its own while nobody has answered in time; "" = no need of it."""
        if not self._is_escalated():
            return ""
        lasted = times.duration(self._lasted_s())
        return self.tr("ESCALATED – nobody has answered for {0}").format(lasted)

    def short_headline(self) -> str:
        """For a narrow card whose state, which matters more, would be cut."""
        if self._row.exercise:
            return self.tr("EXERCISE – ALARM")
        return self.tr("ALARM")

    def state(self) -> str:
        """What has been answered, and by whom; an answer on its way is said to be so."""
        row = self._row
        if row.pending:
            return self._pending_words()
        if row.state == "raised":
            lasted = times.duration(self._lasted_s())
            words = self.tr("escalated {0}") if row.escalated else self.tr("unacknowledged {0}")
            return words.format(lasted)
        if row.reopened_s is not None:
            back = self.tr("reopened {0} by {1}")
            return back.format(times.clock_short(row.reopened_s), row.reopened_by)
        when = times.clock_short(row.acknowledged_s or row.raised_s)
        if row.state == "in-progress":
            return self.tr("with {0}, {1}").format(row.owner, when)
        return self.tr("acknowledged {0} by {1}").format(when, row.acknowledged_by)

    def _lasted_s(self) -> float:
        """At least as long as it has been seen here: the clock of who raised it may be fast."""
        return self._now_s - min(self._row.raised_s, self._seen_s)

    def _pending_words(self) -> str:
        words = {
            "acknowledge": self.tr("acknowledging, no answer yet"),
            "take": self.tr("taking over, no answer yet"),
            "close": self.tr("closing, no answer yet"),
            "reopen": self.tr("reopening, no answer yet"),
        }
        return words.get(self._row.pending, self.tr("no answer yet"))

    def _lines(self) -> tuple[str, ...]:
        """Where, who is in doubt, what was said, who is sent, the last note."""
        row = self._row
        where = " · ".join(part for part in (row.talkgroup, row.place, self._fix()) if part)
        sent = self.tr("Sent: {0}").format(row.sent) if row.sent else ""
        note = self.tr("Note: {0}").format(row.note) if row.note else ""
        owner = self.tr("With {0}").format(row.owner) if row.owner and row.reopened_s else ""
        at = self.tr("Recording at {0}").format(row.voice_at)
        kept = at if row.voice == "elsewhere" else ""
        lines = (where, self._doubt(), self._came(), row.text, owner, sent, note, kept)
        return tuple(line for line in lines if line)

    def _doubt(self) -> str:
        """On a line of its own: beside the name it would be cut."""
        row = self._row
        if not row.unconfirmed or row.state not in {"acknowledged", "in-progress"}:
            return ""
        who = row.owner if row.state == "in-progress" else row.acknowledged_by
        return self.tr("{0} is not confirmed").format(who)

    def _came(self) -> str:
        """Where that is not about when it was raised: it has waited for a site, or a clock is
        wrong, and nobody here can tell which."""
        row = self._row
        if row.came_s is None:
            return ""
        came = times.moment(row.came_s, self._now_s)
        if row.clock_wrong:
            return self.tr("Came {0}. The sender's clock is wrong").format(came)
        return self.tr("Raised {0}, came {1}").format(times.moment(row.raised_s, self._now_s), came)

    def _fix(self) -> str:
        """How well and how long ago the place was known."""
        row = self._row
        parts = [f"±{row.accuracy_m:.0f} m"] if row.lat is not None and row.accuracy_m else []
        if row.fixed_s is not None and self._now_s - row.fixed_s >= OLD_FIX_S:
            old = times.age(self._now_s - row.fixed_s)
            parts.append(self.tr("position {0} old").format(old))
        return ", ".join(parts)

    # --- painting ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        p, raised = self._look.palette, self._row.state == "raised"
        painter = QPainter(self)
        loud = raised and self._lit
        ground = p.alarm_ground if raised else p.card
        edge_px = 5 if self._is_escalated() else 3 if raised else 1.5
        paint.box(painter, self.rect(), ground, p.alarm, edge_px)
        head = QRect(0, 0, self.width(), self._header_height())
        if loud:
            paint.box(painter, head, p.alarm, None)
        self._paint_header(painter, head, loud)
        if self._is_escalated():
            top, high = head.bottom() + 1, self._band_height()
            self._paint_band(painter, QRect(0, top, self.width(), high))
        self._paint_words(painter, raised)
        painter.end()

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        """The other way round than all else on the card: light, with the alarm's dark on it."""
        m, p = self._look.metrics, self._look.palette
        pad = 9 if m.compact else 12
        fill, ink = (p.alarm_text, p.alarm_ground) if p.name == "night" else (p.text, p.card)
        painter.fillRect(band.adjusted(3, 0, -3, 0), QColor(fill))
        middle = band.center().y() + 1
        x = pad + paint.icon(painter, pad, middle, "alert-circle", ink, size=m.icon) + 8
        line = band.adjusted(x, 0, -pad, 0)
        paint.text(painter, line, self.band(), ink, font(m.small, bold=True))

    def _paint_header(self, painter: QPainter, head: QRect, loud: bool) -> None:
        m, p = self._look.metrics, self._look.palette
        ink = p.alarm_text if loud else p.text
        pad = 9 if m.compact else 12
        x = pad + paint.icon(
            painter, pad, head.center().y() + 1, "alert-circle", ink, size=m.icon + 2
        )
        used, state = font(m.small, bold=True), self.state()
        wanted = QFontMetrics(used).horizontalAdvance(state) + 2
        left = max(x + 8, head.right() - pad - wanted)
        title_font = font(m.body, bold=True)
        figures, headline = QFontMetrics(title_font), self.headline()
        if x + 18 + figures.horizontalAdvance(headline) + wanted > head.right() - pad:
            headline = self.short_headline()
        title_width = figures.horizontalAdvance(headline)
        left = max(left, min(x + 8 + title_width + 10, head.right() - pad - 60))
        title = QRect(x + 8, 0, left - x - 16, head.height())
        paint.text(painter, title, headline, ink, title_font)
        right = QRect(left, 0, head.right() - pad - left + 1, head.height())
        paint.text(painter, right, state, ink, used, align=paint.RIGHT)

    def _paint_words(self, painter: QPainter, raised: bool) -> None:
        m, p = self._look.metrics, self._look.palette
        pad = 9 if m.compact else 12
        ink = p.alarm_text if raised and p.name == "night" else p.text
        y, width = self._header_height() + self._band_height() + 5, self.width() - 2 * pad
        sign = QRect(pad, y, width, m.title + 8)
        paint.text(painter, sign, self._row.call_sign, ink, font(m.title + 2, bold=True))
        y += m.title + 9
        for words in self._shown_lines():
            line = QRect(pad, y, width, m.small + 5)
            paint.text(painter, line, words, ink, font(m.small, medium=True))
            y += self._line_height()
