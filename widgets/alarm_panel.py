"""The alarms: unacknowledged ones flash, answered ones stand still. Nothing ever covers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.alarm_card import AlarmCard
from widgets.alarm_choice import Choice, follow, settled
from widgets.contracts import Actions, AlarmRow, AlarmSource, Clock
from widgets.labels import Words
from widgets.look import Look, font

FLASH_HALF_MS: Final = 250  # 2 Hz, half lit: within IEC 60601-1-8's 1.4–2.8 Hz and 20–60 %
SUMMARY_GAP: Final = 4
TICK_MS: Final = 1_000
MAX_CARDS: Final = 50  # drawn; the count above them has them all


class AlarmPanel(QWidget):
    """``count_changed`` carries how many nobody has acknowledged; ``place_wanted`` an alarm."""

    count_changed = Signal(int)
    place_wanted = Signal(str)
    help_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        source: AlarmSource,
        clock: Clock,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._source = source
        self._clock = clock
        self._actions = actions
        self._cards: dict[str, AlarmCard] = {}
        self._choice = Choice()
        self._lit = True
        self._unacknowledged = 0
        self._total = 0
        self._quiet = _NoAlarms(look, self)
        self._summary = Words(look, bold=True, icon_name="alert-circle", parent=self)
        self._make_list()
        self._flash = self._timer(FLASH_HALF_MS, self.flash)
        self._tick = self._timer(TICK_MS, self._tell_time)
        source.changed.connect(self._changed)
        source.reset.connect(self.reload)
        self.reload()

    def _make_list(self) -> None:
        self._inner = QWidget()
        self._inner.setObjectName("alarms")
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self._inner)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SUMMARY_GAP)
        outer.addWidget(self._quiet)
        outer.addWidget(self._summary)
        outer.addWidget(self._scroll)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _timer(self, interval_ms: int, call: object) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(interval_ms)
        timer.timeout.connect(call)
        return timer

    # --- reading ---

    @property
    def unacknowledged(self) -> int:
        return self._unacknowledged

    @property
    def current(self) -> str:
        """The alarm that F1–F4 answer."""
        return self._choice.key

    def card(self, key: str) -> AlarmCard:
        return self._cards[key]

    def reload(self) -> None:
        self._changed(())

    def _changed(self, _keys: Sequence[str]) -> None:
        now_s, before = self._clock.now_s(), self._stand()
        rows = [self._source.row(key) for key in tuple(self._source.keys())]
        shown = rows[:MAX_CARDS]
        self._drop_all_but({row.key for row in shown})
        for n, row in enumerate(shown):
            self._show(n, row, now_s)
        self._choose(follow(self._choice, shown, now_s))
        self._count(rows)
        self._fit()
        if self._stand() != before:
            QTimer.singleShot(0, self, self._show_chosen)  # once the cards have their places

    def _stand(self) -> tuple[str, int]:
        """Which card the keys answer, and where it stands."""
        card = self._cards.get(self._choice.key)
        return self._choice.key, -1 if card is None else self._column.indexOf(card)

    def _show_chosen(self) -> None:
        """What the keys answer must be seen."""
        card = self._cards.get(self._choice.key)
        if card is not None:
            self._scroll.ensureWidgetVisible(card, 0, 0)

    def _is_in_view(self, card: AlarmCard) -> bool:
        top = self._scroll.verticalScrollBar().value()
        middle = card.geometry().center().y()
        return top <= middle <= top + self._scroll.viewport().height()

    def _drop_all_but(self, kept: set[str]) -> None:
        for key in set(self._cards) - kept:
            card = self._cards.pop(key)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _show(self, n: int, row: AlarmRow, now_s: float) -> None:
        card = self._cards.get(row.key)
        if card is None:
            card = self._cards[row.key] = self._new_card(row, now_s)
        card.show_row(row, now_s)
        card.set_lit(self._lit or row.state != "raised")
        if self._column.indexOf(card) != n:
            self._column.insertWidget(n, card)

    def _new_card(self, row: AlarmRow, now_s: float) -> AlarmCard:
        card = AlarmCard(self._look, row, now_s, self._inner)
        card.acknowledged.connect(self._actions.acknowledge)
        card.taken.connect(self._actions.take)
        card.closed.connect(self._actions.close_alarm)
        card.shown.connect(self.place_wanted)
        card.help_wanted.connect(self.help_wanted)
        card.chosen.connect(self.choose)
        return card

    def _count(self, rows: Sequence[AlarmRow]) -> None:
        count = sum(row.state == "raised" for row in rows)
        self._total = len(rows)
        self._quiet.setVisible(not rows)
        self._scroll.setVisible(bool(rows))
        _run(self._flash, count > 0)
        _run(self._tick, bool(rows))
        if count == 0:
            self._lit = True
        if count != self._unacknowledged:
            self._unacknowledged = count
            self.count_changed.emit(count)

    # --- answering ---

    def choose(self, key: str) -> None:
        """A hand chose this one: the keys answer it at once."""
        if key in self._cards:
            self._choose(Choice(key))

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        for key, card in self._cards.items():
            card.set_current(key == choice.key)

    def acknowledge_current(self) -> None:
        card = self._answerable()
        if card is not None and card.may_acknowledge():
            self._actions.acknowledge(card.row.key)

    def take_current(self) -> None:
        card = self._answerable()
        if card is not None and card.may_take():
            self._actions.take(card.row.key)

    def show_current(self) -> None:
        if self._choice.key:
            self.place_wanted.emit(self._choice.key)

    def help_current(self) -> None:
        if self._choice.key:
            self.help_wanted.emit(self._choice.key)

    def close_current(self) -> None:
        card = self._answerable()
        if card is not None and card.may_close():
            card.ask_reason()

    def _answerable(self) -> AlarmCard | None:
        """None also for one that has been scrolled away: the first press brings it back."""
        card = self._cards.get(self._choice.key)
        if card is None or not settled(self._choice, self._clock.now_s()):
            return None
        if not self._is_in_view(card):
            self._show_chosen()
            return None
        return card

    # --- time ---

    def flash(self) -> None:
        """Every quarter of a second while an alarm is unacknowledged."""
        self._lit = not self._lit
        for card in self._cards.values():
            card.set_lit(self._lit or card.row.state != "raised")

    def _tell_time(self) -> None:
        now_s = self._clock.now_s()
        for card in self._cards.values():
            card.tick(now_s)

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        self._quiet.set_look(look)
        self._summary.set_look(look)
        for card in self._cards.values():
            card.set_look(look)
        self._fit()

    def retranslate(self) -> None:
        self._quiet.retranslate()
        for card in self._cards.values():
            card.retranslate()
        self._fit()

    def set_room(self, height: int) -> None:
        """At most this high; more alarms scroll."""
        self._room = height
        self._fit()

    _room = 400

    def _fit(self) -> None:
        self._column.setSpacing(self._look.metrics.gap)
        if not self._cards:
            self._summary.hide()
            self.setFixedHeight(self._quiet.sizeHint().height())
            return
        gaps = self._look.metrics.gap * (len(self._cards) - 1)
        wanted = sum(card.height() for card in self._cards.values()) + gaps
        room = max(self._room, 120)
        crowded = wanted > room
        self._summary.setVisible(crowded)
        if crowded:
            words = self.tr("{0} alarms, {1} unacknowledged")
            self._summary.say(words.format(self._total, self._unacknowledged))
        self.setFixedHeight(min(wanted, room))


def _run(timer: QTimer, running: bool) -> None:
    if running and not timer.isActive():
        timer.start()
    elif not running:
        timer.stop()


class _NoAlarms(QWidget):
    """One calm line."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("No safety alarms"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.row + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.line)
        x = 11 + paint.icon(painter, 11, self.height() // 2, "circle-check", p.good, size=m.icon)
        rest = self.rect().adjusted(x + 8, 0, -8, 0)
        paint.text(painter, rest, self.accessibleName(), p.text, font(m.small, medium=True))
        painter.end()
