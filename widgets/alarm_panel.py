"""The alarms: unacknowledged ones flash, answered ones stand still. Nothing ever covers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.alarm_band import NOTHING, Waiting
from widgets.alarm_card import AlarmCard
from widgets.alarm_choice import Choice, follow, settled
from widgets.alarm_edges import Edge, hidden
from widgets.alarm_scroll import AlarmScroll
from widgets.alarm_undo import UndoBar
from widgets.contracts.actions import Actions
from widgets.contracts.rows import AlarmRow, Replay
from widgets.contracts.sources import AnsweredAlarmSource, Clock
from widgets.knowledge import Doubt
from widgets.look import Look, font
from widgets.tips import tip

FLASH_HALF_MS: Final = 250  # 2 Hz, half lit: within IEC 60601-1-8's 1.4–2.8 Hz and 20–60 %
SUMMARY_GAP: Final = 4
TICK_MS: Final = 1_000
LEAST_ROOM: Final = 120
MAX_CARDS: Final = 50  # drawn; the count above them has them all


class AlarmPanel(QWidget):
    """``count_changed`` carries how many nobody has acknowledged; ``place_wanted`` an alarm."""

    count_changed = Signal(int)
    place_wanted = Signal(str)
    help_wanted = Signal(str)
    measure_wanted = Signal(str)  # from where distances are to be told
    keyboard_left = Signal()
    waiting_changed = Signal(object)  # Waiting

    def __init__(
        self,
        look: Look,
        source: AnsweredAlarmSource,
        clock: Clock,
        actions: Actions,
        parent: QWidget | None = None,
        *,
        note: Callable[[str, str], bool],
    ) -> None:
        """``note``: keeps words about an alarm; False when it could not."""
        super().__init__(parent)
        self._keep_note = note
        self._replay: Replay | None = None
        self._look = look
        self._source = source
        self._clock = clock
        self._actions = actions
        self._cards: dict[str, AlarmCard] = {}
        self._choice = Choice()
        self._lit = True
        self._unacknowledged = 0
        self._waiting = NOTHING
        self._total = 0
        self._undrawn: list[AlarmRow] = []
        self._doubt = Doubt()
        self._quiet = _WhatIsKnown(look, self)
        self.above, self.below = Edge(look, "↑", self), Edge(look, "↓", self)
        self._keeps_seen = False  # whether what the keys answer was to be seen at the last change
        self.undo = UndoBar(look, self)
        self.undo.wanted.connect(self.reopen)
        self._make_list()
        self._flash = self._timer(FLASH_HALF_MS, self.flash)
        self._tick = self._timer(TICK_MS, self._tell_time)
        source.changed.connect(self._changed)
        source.reset.connect(self.reload)
        self.reload()

    def _make_list(self) -> None:
        self._scroll = AlarmScroll(self)
        self._inner, self._column = self._scroll.inner, self._scroll.column
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SUMMARY_GAP)
        outer.addWidget(self._quiet)
        outer.addWidget(self.above)
        outer.addWidget(self._scroll)
        outer.addWidget(self.below)
        outer.addWidget(self.undo)
        for edge in (self.above, self.below):
            edge.wanted.connect(self._go_to)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._grown)
        bar.valueChanged.connect(self._tell_hidden)
        bar.rangeChanged.connect(self._tell_hidden)
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

    @property
    def answers(self) -> bool:
        """Whether a press of F1 to F4 is taken to be meant for ``current``."""
        return settled(self._choice, self._clock.now_s())

    @property
    def told(self) -> str:
        """What stands above the cards or in their place; empty: nothing does."""
        return "" if self._quiet.isHidden() else self._quiet.accessibleName()

    def card(self, key: str) -> AlarmCard:
        return self._cards[key]

    def reload(self) -> None:
        self._changed(())

    def _changed(self, _keys: Sequence[str]) -> None:
        now_s, before, was_seen = self._clock.now_s(), self._stand(), self._is_chosen_seen()
        rows = [self._source.row(key) for key in tuple(self._source.keys())]
        shown, self._undrawn = rows[:MAX_CARDS], rows[MAX_CARDS:]
        self._drop_all_but({row.key for row in shown})
        for n, row in enumerate(shown):
            self._show(n, row, now_s)
        self._scroll.show_cards([self._cards[row.key] for row in shown])
        self._choose(follow(self._choice, shown, now_s))
        self._show_undo(now_s)
        self._count(rows)
        self._fit()
        QTimer.singleShot(0, self, self._settle)  # once the cards have their places
        self._keeps_seen = was_seen or self._stand() != before
        if self._keeps_seen:
            QTimer.singleShot(0, self, self._show_chosen)

    def _settle(self) -> None:
        self._scroll.settle()
        self._tell_hidden()

    def _stand(self) -> tuple[str, int]:
        """Which card the keys answer, and where it stands."""
        card = self._cards.get(self._choice.key)
        return self._choice.key, -1 if card is None else self._column.indexOf(card)

    def _show_chosen(self) -> None:
        """What the keys answer must be seen whole, and no card above it without its head: buttons
        without a name answer nobody knows what."""
        card = self._cards.get(self._choice.key)
        if card is None or self._is_chosen_seen():
            return
        box, height = card.geometry(), self._scroll.viewport().height()
        tops = sorted(one.geometry().top() for one in self._cards.values())
        fitting = (top for top in tops if box.bottom() - top < height)
        self._scroll.verticalScrollBar().setValue(next(fitting, box.top()))

    def _grown(self) -> None:
        """A card above it says more than it did."""
        if self._keeps_seen:
            QTimer.singleShot(0, self, self._show_chosen)

    def _is_chosen_seen(self) -> bool:
        """Whole."""
        card = self._cards.get(self._choice.key)
        return card is not None and self._is_whole(card)

    def _is_whole(self, card: AlarmCard) -> bool:
        top, box = self._scroll.verticalScrollBar().value(), card.geometry()
        return top <= box.top() and box.bottom() < top + self._scroll.viewport().height()

    def _is_in_view(self, card: AlarmCard) -> bool:
        """Whole; where it is too high for that, its middle."""
        top, room = self._scroll.verticalScrollBar().value(), self._scroll.viewport().height()
        if card.height() > room:
            return top <= card.geometry().center().y() <= top + room
        return self._is_whole(card)

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
        card.show_playing(self._is_heard(row.key))
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
        card.measure_wanted.connect(self.measure_wanted)
        card.listened.connect(self._listen)
        card.noted.connect(self._note)
        card.left.connect(self.keyboard_left)
        card.resized.connect(self._resized)
        card.chosen.connect(self.choose)
        return card

    def show_doubt(self, doubt: Doubt) -> None:
        """Without the site an empty list says nothing, and one with alarms may lack the next."""
        self._doubt = doubt
        self._quiet.show_state(self._total > 0, doubt)
        self._fit()

    def _count(self, rows: Sequence[AlarmRow]) -> None:
        count = sum(row.state == "raised" for row in rows)
        self._total = len(rows)
        self._quiet.show_state(bool(rows), self._doubt)
        self._scroll.setVisible(bool(rows))
        _run(self._flash, count > 0)
        _run(self._tick, bool(rows) or self.undo.is_offered)
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
        self._tell_waiting()

    @property
    def waiting(self) -> Waiting:
        """What is to be known of the alarms where they are not seen."""
        return self._waiting

    def _tell_waiting(self) -> None:
        """The one that the keys answer, while it waits; else the first that does."""
        cards = [card for card in self._cards.values() if card.row.state == "raised"]
        chosen = self._cards.get(self._choice.key)
        card = chosen if chosen in cards else next(iter(cards), None)
        now = NOTHING
        if card is not None:
            undrawn = sum(row.state == "raised" for row in self._undrawn)
            by_key = card is chosen and card.may_acknowledge()
            who = ", ".join(part for part in (card.row.call_sign, card.row.place) if part)
            now = Waiting(card.headline(), who, len(cards) + undrawn - 1, by_key)
        if now != self._waiting:
            self._waiting = now
            self.waiting_changed.emit(now)

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

    # --- the open microphone ---

    def show_replay(self, replay: Replay | None) -> None:
        """What is heard again at this desk, whatever it is."""
        self._replay = replay
        for key, card in self._cards.items():
            card.show_playing(self._is_heard(key))

    def _is_heard(self, key: str) -> bool:
        told = self._replay
        return told is not None and told.alarm == key and told.state != "nothing"

    def listen_current(self) -> None:
        card = self._cards.get(self._choice.key)
        if card is not None and card.may_listen():
            self._listen(card.row.key)

    def _listen(self, key: str) -> None:
        """The same key again stops it."""
        if self._is_heard(key):
            self._actions.stop_replay()
        else:
            self._actions.hear_alarm(key)

    # --- notes ---

    def note_current(self) -> None:
        card = self._cards.get(self._choice.key)
        if card is not None:
            self._show_chosen()
            card.ask_note()

    def _note(self, key: str, text: str) -> None:
        if self._keep_note(key, text):
            self._cards[key].note_kept()

    def _resized(self) -> None:
        self._fit()
        QTimer.singleShot(0, self, self._show_chosen)

    # --- a slip ---

    def _show_undo(self, now_s: float) -> None:
        """Stands for a minute after a close of this desk; not while the same unit calls again, who
        would be told below its own card that its alarm has ended."""
        closed = self._source.just_closed(now_s)
        open_units = {self._source.row(key).unit for key in tuple(self._source.keys())}
        self.undo.show_row(None if closed is not None and closed.unit in open_units else closed)

    def reopen(self) -> None:
        if self.undo.is_offered:
            self._actions.reopen_alarm(self.undo.key)

    def close_current(self) -> None:
        card = self._answerable()
        if card is not None and card.may_close():
            card.ask_reason()

    @property
    def is_asking(self) -> bool:
        """Whether a card asks why its alarm is closed."""
        return any(card.is_asking for card in self._cards.values())

    def keep_open(self) -> None:
        """None is closed after all."""
        for card in self._cards.values():
            if card.is_asking:
                card.keep_open()

    def _answerable(self) -> AlarmCard | None:
        """None also for one that has been scrolled away: the first press brings it back."""
        card = self._cards.get(self._choice.key)
        if card is None or not self.answers:
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
        if self.undo.is_offered:
            self._show_undo(now_s)
            _run(self._tick, bool(self._cards) or self.undo.is_offered)
            self._fit()

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        self._quiet.set_look(look)
        self.above.set_look(look)
        self.below.set_look(look)
        self.undo.set_look(look)
        for card in self._cards.values():
            card.set_look(look)
        self._fit()

    def retranslate(self) -> None:
        self._quiet.retranslate()
        self.undo.retranslate()
        self._tell_hidden()
        for card in self._cards.values():
            card.retranslate()
        self._tell_waiting()
        self._fit()

    def set_room(self, height: int) -> None:
        """At most this high; more alarms scroll."""
        self._room = height
        self._fit()

    _room = 400

    def _fit(self) -> None:
        """As high as its cards, or as whole ones in its room."""
        shown = (part for part in (self._quiet, self.undo) if not part.isHidden())
        heights = [part.sizeHint().height() for part in shown]
        head = sum(heights) + SUMMARY_GAP * max(0, len(heights) - 1)
        if not self._cards:
            self._set_crowded(False)
            self.setFixedHeight(head)
            return
        head += SUMMARY_GAP if head else 0
        gap, room = self._look.metrics.gap, max(self._room, LEAST_ROOM) - head
        self._set_most(room)
        crowded = len(self._cards) > 1 and self._scroll.wanted_height(gap) > room
        if crowded:
            edges = 2 * (self.above.height() + SUMMARY_GAP)
            self._set_most(room - edges)
            head, room = head + edges, room - edges
        high = self._scroll.fit(gap, room)
        self._set_crowded(crowded)
        self.setFixedHeight(head + high)

    def _set_most(self, height: int) -> None:
        for card in self._cards.values():
            card.set_most(height)

    def _set_crowded(self, crowded: bool) -> None:
        self.above.setVisible(crowded)
        self.below.setVisible(crowded)
        self._tell_hidden()

    def _tell_hidden(self) -> None:
        """How many are out of sight, on each side: the newest may be among them."""
        if self.above.isHidden():
            return
        top = self._scroll.verticalScrollBar().value()
        over: list[AlarmRow] = []
        under = list(self._undrawn)
        for card in self._cards.values():
            if not self._is_in_view(card):
                (over if card.geometry().center().y() < top else under).append(card.row)
        words = self.tr("{0} alarms, {1} unacknowledged")
        summary = words.format(self._total, self._unacknowledged)
        self.above.show_hidden(hidden(over), summary)
        self.below.show_hidden(hidden(under), summary if over else "")

    def _go_to(self, key: str) -> None:
        """A hand wants to see this one, so the keys answer it."""
        self.choose(key)
        self._show_chosen()


def _run(timer: QTimer, running: bool) -> None:
    if running and not timer.isActive():
        timer.start()
    elif not running:
        timer.stop()


class _WhatIsKnown(QWidget):
    """One calm line that there is no alarm; in amber, with the reason, that nobody knows."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._any = False
        self._doubt = Doubt()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def show_state(self, any_alarm: bool, doubt: Doubt) -> None:
        self._any, self._doubt = any_alarm, doubt
        self.setVisible(not any_alarm or bool(doubt))
        self.retranslate()

    def retranslate(self) -> None:
        words = (self._words(), self._doubt.why)
        self.setAccessibleName(". ".join(filter(None, words)))
        self.setToolTip(tip("\n".join(words)) if self._doubt else "")
        self.updateGeometry()
        self.update()

    def _words(self) -> str:
        if not self._doubt:
            return self.tr("No safety alarms")
        if self._any:
            return self.tr("There may be more alarms")
        return self.tr("Alarms unknown")

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        return QSize(200, m.row + 8 + (m.small + 6 if self._doubt else 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        edge, px = (p.warning, 1.5) if self._doubt else (p.line, 1.0)
        name, ink = ("cloud-off", p.warning) if self._doubt else ("circle-check", p.good)
        paint.box(painter, self.rect(), p.card, edge, px)
        x = 11 + paint.icon(painter, 11, self.height() // 2, name, ink, size=m.icon)
        line = self.rect().adjusted(x + 8, 0, -8, 0)
        if self._doubt:
            line.setBottom(self.height() // 2)
            used, below = font(m.small, bold=True), line.translated(0, self.height() // 2 - 2)
            paint.text(painter, line.translated(0, 2), self._words(), p.warning, used)
            paint.text(painter, below, self._doubt.why, p.text, font(m.small))
        else:
            paint.text(painter, line, self._words(), p.text, font(m.small, medium=True))
        painter.end()
