"""Radio procedure one key away: what fits the moment on top, in the map's place, never modal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from resources.radio_rules import Moment, RuleCard, RuleLine, ordered
from widgets import languages, paint
from widgets.contracts.rows import DeskStatus
from widgets.contracts.sources import AlarmSource, PeopleSource
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import Page
from widgets.scrolled import ScrolledArea
from widgets.when_seen import MadeWhenSeen

BUSY = frozenset({"queued", "denied", "pre-empted", "timed-out"})


def moment_of(status: DeskStatus, alarms: AlarmSource, people: PeopleSource) -> Moment:
    """What goes on at this desk; an alarm before everything else."""
    if tuple(alarms.keys()):
        return "alarm"
    if status.site_link == "down":
        return "cut-off"
    if any(target.state in BUSY for target in status.transmit.targets):
        return "busy"
    if status.transmit.is_open:
        return "talking"
    if any(row.kind == "callout" and row.can_end for row in people.posts()):
        return "callout"
    return "call"


def in_language(row: RuleCard | RuleLine) -> str:
    words: str = getattr(row, languages.shown())
    return words


class _Card(QWidget):
    """One card: its name, then phrases in a column with what they mean beside them."""

    def __init__(self, card: RuleCard, look: Look, *, now: bool, source: str) -> None:
        super().__init__()
        self._look = look
        self._now = now
        m = look.metrics
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 9, 12, 10)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        self._put(grid, 0, 0, in_language(card), m.body, bold=True, wide=True)
        for n, line in enumerate(card.lines, start=1):
            words = in_language(line)
            if line.phrase:
                self._put(grid, n, 0, line.phrase, m.small, bold=True)
                self._put(grid, n, 1, words, m.small)
            else:
                self._put(grid, n, 0, words, m.small, wide=True)
        if source:
            end = self._put(grid, len(card.lines) + 1, 0, source, m.small - 1, wide=True)
            end.setStyleSheet(f"color: {look.palette.muted};")

    def _put(
        self, grid: QGridLayout, n: int, at: int, words: str, px: int, *,
        bold: bool = False, wide: bool = False,
    ) -> QLabel:  # fmt: skip
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(font(px, bold=bold))
        label.setWordWrap(wide or at == 1)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label, n, at, 1, 2 if wide else 1)
        return label

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        width = 1.5 if self._now else 1.0
        paint.box(painter, self.rect(), p.card, p.text if self._now else p.line, width)
        painter.end()


class RuleCards(MadeWhenSeen):
    """What fits the moment first. Made anew for each: what was on top a minute ago may not fit any
    more."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setObjectName("rules")
        self._moment: Moment = "call"
        self.cards: list[_Card] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.addStretch(1)

    def show_moment(self, moment: Moment) -> None:
        self._moment = moment
        self.renew()

    def lay_out(self) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._column.setSpacing(self._look.metrics.gap)
        self.cards = [self._card(one) for one in ordered(self._moment)]
        for n, card in enumerate(self.cards):
            self._column.insertWidget(n, card)

    def _card(self, card: RuleCard) -> _Card:
        words = self.tr("National guide to Nødnett in the health service, section {0}")
        source = words.format(card.source) if card.source else ""
        return _Card(card, self._look, now=card.when == self._moment, source=source)


class RulesPage(Page):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.note = Words(look, ink="muted", icon_name="school")
        self.list = RuleCards(look)
        self.area = ScrolledArea()
        self.area.setWidget(self.list)
        self.column.addWidget(self.note)
        self.column.addWidget(self.area, 1)
        self.retranslate()

    def show_moment(self, moment: Moment) -> None:
        self.list.show_moment(moment)

    def stops(self) -> tuple[QWidget, ...]:
        return (self.area,)

    def open(self) -> None:
        self.area.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.area.verticalScrollBar().setValue(0)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.list.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.title.say(self.tr("Radio procedure"))
        self.setAccessibleName(self.title.text())
        self.area.setAccessibleName(self.tr("Phrases and rules, what fits now first"))
        self.note.say(self.tr("What fits now stands first. The phrases are said as they stand."))
        self.list.renew()
