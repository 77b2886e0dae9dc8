"""One safety alarm: who, where, how long, and the answers to it."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton, on_alarm, strong
from widgets.contracts.rows import AlarmRow
from widgets.look import Look, font
from widgets.tips import tip

Reason = Literal["real", "false-press", "test"]
REASONS: Final[tuple[Reason, ...]] = ("real", "false-press", "test")
OLD_FIX_S: Final = 30.0  # a position that is younger is simply where the unit is


class AlarmCard(QWidget):
    """Signals carry the alarm's key."""

    acknowledged = Signal(str)
    taken = Signal(str)
    shown = Signal(str)
    help_wanted = Signal(str)
    closed = Signal(str, str)
    chosen = Signal(str)
    measure_wanted = Signal(str)

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
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._make_buttons()
        self._lay_out()
        self.retranslate()

    def _make_buttons(self) -> None:
        self.acknowledge = FlatButton(self._look, icon_name="check", skin=strong)
        self.take = FlatButton(self._look, icon_name="user-check", skin=on_alarm)
        self.show_place = FlatButton(self._look, icon_name="map-pin", skin=on_alarm)
        self.help = FlatButton(self._look, icon_name="users", skin=on_alarm)
        self.close_it = FlatButton(self._look, icon_name="circle-check", skin=on_alarm)
        self.reasons = {reason: FlatButton(self._look, skin=on_alarm) for reason in REASONS}
        self.back = FlatButton(self._look, icon_name="x", skin=on_alarm)
        self.acknowledge.clicked.connect(lambda: self.acknowledged.emit(self._row.key))
        self.take.clicked.connect(lambda: self.taken.emit(self._row.key))
        self.show_place.clicked.connect(lambda: self.shown.emit(self._row.key))
        self.help.clicked.connect(lambda: self.help_wanted.emit(self._row.key))
        self.close_it.clicked.connect(self.ask_reason)
        self.back.clicked.connect(self._keep_open)
        for reason, button in self.reasons.items():
            button.clicked.connect(lambda _=False, why=reason: self._close(why))

    def _lay_out(self) -> None:
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        for button in self._all_buttons():
            self._buttons.addWidget(button, 0 if button is self.back else 1)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addLayout(self._buttons)
        self._set_sizes()

    def _all_buttons(self) -> tuple[FlatButton, ...]:
        answers = (self.acknowledge, self.take, self.show_place, self.help, self.close_it)
        return (*answers, *self.reasons.values(), self.back)

    def _set_sizes(self) -> None:
        m = self._look.metrics
        pad = 9 if m.compact else 12
        self._column.setContentsMargins(pad, 0, pad, pad)
        self.setFixedHeight(self._words_height() + m.control + pad + 6)
        for button in self._all_buttons():
            button.set_look(self._look)

    def _header_height(self) -> int:
        return self._look.metrics.body + 15

    def _words_height(self) -> int:
        m = self._look.metrics
        lines = len(self._lines())
        return self._header_height() + m.title + 14 + lines * (m.small + 6)

    # --- what it is told ---

    @property
    def row(self) -> AlarmRow:
        return self._row

    def show_row(self, row: AlarmRow, now_s: float) -> None:
        self._now_s = now_s
        if row == self._row:
            return
        self._row = row
        if row.state not in {"acknowledged", "in-progress"} or row.pending:
            self._closing = False
        self._show_controls()

    def tick(self, now_s: float) -> None:
        """Once a second: how long it has lasted, how old its place is."""
        self._now_s = now_s
        self.update()

    def set_lit(self, lit: bool) -> None:
        """The flash; only an alarm that nobody has acknowledged is ever dark."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def set_current(self, current: bool) -> None:
        """Whether the keys answer this one: then, and only then, they are written on it."""
        self._current = current
        self.acknowledge.set_key("F1" if current else "")
        self.take.set_key("F2" if current else "")
        self.show_place.set_key("F3" if current else "")
        self.help.set_key("F5" if current else "")
        self.close_it.set_key("F4" if current else "")
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._set_sizes()
        self.update()

    def retranslate(self) -> None:
        who = self._row.call_sign
        self.acknowledge.set_words(
            self.tr("Acknowledge"), self.tr("Acknowledge the alarm of {0}").format(who)
        )
        self.take.set_words(self.tr("Take over"), self.tr("Take over the alarm of {0}").format(who))
        self.help.set_words(
            self.tr("Help"), self.tr("Send help to {0}, or note something").format(who)
        )
        self.close_it.set_words(self.tr("Close"), self.tr("Close the alarm of {0}").format(who))
        self.reasons["real"].set_words(self.tr("Was real"))
        self.reasons["false-press"].set_words(self.tr("False press"))
        self.reasons["test"].set_words(self.tr("Test"))
        self.back.set_words("", self.tr("Back, don't close it"))
        self._show_controls()

    # --- answers ---

    def may_acknowledge(self) -> bool:
        return self._row.state == "raised" and not self._row.pending

    def may_take(self) -> bool:
        """Also from another position that has it."""
        row = self._row
        is_open = row.state in {"raised", "acknowledged"}
        return (is_open or (row.state == "in-progress" and not row.mine)) and not row.pending

    def may_close(self) -> bool:
        return self._row.state in {"acknowledged", "in-progress"} and not self._row.pending

    def ask_reason(self) -> None:
        """An alarm is closed with a reason: the first has the focus, Tab goes on to the next."""
        self._closing = True
        self._show_controls()
        self.reasons["real"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_open(self) -> None:
        self._closing = False
        self._show_controls()
        self.close_it.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self, reason: Reason) -> None:
        self._closing = False
        self.closed.emit(self._row.key, reason)
        self._show_controls()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.chosen.emit(self._row.key)

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        """How far the units are from here, at once: a menu would lie on the alarm."""
        self.measure_wanted.emit(self._row.key)

    def _show_controls(self) -> None:
        row, ask = self._row, self._closing
        self.acknowledge.setVisible(row.state == "raised" and not ask)
        self.acknowledge.setEnabled(self.may_acknowledge())
        self.take.setVisible(not (row.mine and row.state == "in-progress") and not ask)
        self.take.setEnabled(self.may_take())
        self.show_place.setVisible(not ask)
        words = "" if self._is_crowded() else self.tr("Show")
        self.show_place.set_words(words, self.tr("Show {0} on the map").format(row.call_sign))
        self.help.setVisible(row.state in {"acknowledged", "in-progress"} and not ask)
        self.show_place.setEnabled(row.lat is not None)
        self.close_it.setVisible(row.state in {"acknowledged", "in-progress"} and not ask)
        self.close_it.setEnabled(self.may_close())
        for button in (*self.reasons.values(), self.back):
            button.setVisible(ask)
        self.setAccessibleName(
            f"{self.headline()}: {row.call_sign}, {row.place}. {self.state()}. {self._doubt()}"
        )
        self.setToolTip(tip("\n".join((row.call_sign, *self._lines()))))
        self._set_sizes()
        self.update()

    def _is_crowded(self) -> bool:
        """Four buttons in a row: the one that a picture says best is a picture alone."""
        row = self._row
        return row.state == "acknowledged" or (row.state == "in-progress" and not row.mine)

    # --- words ---

    def headline(self) -> str:
        if self._row.exercise:
            return self.tr("EXERCISE – SAFETY ALARM")
        return self.tr("SAFETY ALARM")

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
        }
        return words.get(self._row.pending, self.tr("no answer yet"))

    def _lines(self) -> tuple[str, ...]:
        """Where, who is in doubt, what was said, who is sent, the last note."""
        row = self._row
        where = " · ".join(part for part in (row.talkgroup, row.place, self._fix()) if part)
        sent = self.tr("Sent: {0}").format(row.sent) if row.sent else ""
        note = self.tr("Note: {0}").format(row.note) if row.note else ""
        return tuple(line for line in (where, self._doubt(), row.text, sent, note) if line)

    def _doubt(self) -> str:
        """On a line of its own: beside the name it would be cut."""
        row = self._row
        if not row.unconfirmed or row.state not in {"acknowledged", "in-progress"}:
            return ""
        who = row.owner if row.state == "in-progress" else row.acknowledged_by
        return self.tr("{0} is not confirmed").format(who)

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
        paint.box(painter, self.rect(), ground, p.alarm, 3 if raised else 1.5)
        head = QRect(0, 0, self.width(), self._header_height())
        if loud:
            paint.box(painter, head, p.alarm, None)
        self._paint_header(painter, head, loud)
        self._paint_words(painter, raised)
        painter.end()

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
        y, width = self._header_height() + 5, self.width() - 2 * pad
        sign = QRect(pad, y, width, m.title + 8)
        paint.text(painter, sign, self._row.call_sign, ink, font(m.title + 2, bold=True))
        y += m.title + 9
        for words in self._lines():
            line = QRect(pad, y, width, m.small + 5)
            paint.text(painter, line, words, ink, font(m.small, medium=True))
            y += m.small + 6
