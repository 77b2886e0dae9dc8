"""The place to talk: how the talk key stands, and what becomes of a press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import HoldButton, focus_ring
from widgets.contracts.rows import Transmit
from widgets.contracts.sources import Clock
from widgets.look import Look, font
from widgets.talk_words import COUNTED_S, Tone, Words, is_counted, spoken
from widgets.tips import tip

COUNT_MS: Final = 250
REFUSAL_MS: Final = 6_000  # how long a refusal stands in amber


class TalkPlace(HoldButton):
    """Hold to talk in the selected talkgroup; what becomes of it stands here, above all whether
    one is heard. When nothing can be sent, it says so before it is tried."""

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, parent=parent)
        self._clock = clock
        self._group = ""
        self._note = ""
        self._refusal = ""
        self._refused = ""  # its headline, if it has one of its own
        self._now = Transmit()
        self._words: Words | None = None
        self._left_s: float | None = None  # of the last seconds
        self._latch = self._is_latched = self._has_pedal = self._is_mute = False
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(REFUSAL_MS)
        self._calm.timeout.connect(self._calm_down)
        self._second = QTimer(self)
        self._second.setInterval(COUNT_MS)
        self._second.timeout.connect(self._describe)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_state(self, group: str, note: str, now: Transmit, *, mute: bool) -> None:
        """``group``: the groups that the key would talk in; ``note``: why nothing can be sent;
        ``mute``: the microphone gives no sound at all."""
        self._group, self._note, self._now, self._is_mute = group, note, now, mute
        if now.ends_s is None:
            self._second.stop()
        elif not self._second.isActive():
            self._second.start()
        self._describe()

    def show_hands(self, *, latch: bool, is_latched: bool, has_pedal: bool) -> None:
        """``latch``: a press opens; ``is_latched``: it has; ``has_pedal``: one can be pressed."""
        now = (latch, is_latched, has_pedal)
        if now != (self._latch, self._is_latched, self._has_pedal):
            self._latch, self._is_latched, self._has_pedal = now
            self._describe()

    def show_refusal(self, why: str, headline: str = "") -> None:
        """``headline``: where more has happened than that nothing is sent."""
        self._refusal, self._refused = why, headline
        self._calm.start()
        self._describe()

    def _calm_down(self) -> None:
        self._refusal = self._refused = ""
        self._describe()

    @property
    def refusal(self) -> str:
        return self._refusal

    @property
    def tone(self) -> Tone:
        if self._words is not None:
            return self._words.tone
        return "refused" if self._note or self._refusal else "ready"

    def headline(self) -> str:
        if self._words is not None:
            return self._words.headline
        if self._refused:
            return self._refused
        if self._note:
            return self.tr("CANNOT SEND")
        return self.tr("PRESS TO TALK") if self._latch else self.tr("HOLD TO TALK")

    def groups(self) -> str:
        return self._words.groups if self._words is not None else self._group

    def subline(self) -> str:
        if self._words is not None:
            return self._words.subline
        if self._now.listen_first and not (self._refusal or self._note):
            return self.tr("No floor control: listen before you talk")
        hand = self.tr("Space bar or pedal") if self._has_pedal else self.tr("Space bar")
        return self._refusal or self._note or hand

    def _describe(self) -> None:
        ends_s = self._now.ends_s
        left_s = None if ends_s is None else ends_s - self._clock.now_s()
        self._words = spoken(self._now, left_s, latched=self._is_latched, mute=self._is_mute)
        self._left_s = left_s if is_counted(self._now, left_s) else None
        said = f"{self.headline()}: {self.groups()}. {self.subline()}"
        if said != self.accessibleName():
            self.setAccessibleName(said)
            self.setToolTip(tip(f"{self.headline()}\n{self.groups()}\n{self.subline()}"))
        self.update()

    def retranslate(self) -> None:
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.left, self._look.metrics.bottom_bar - 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m = self._look.metrics
        painter = QPainter(self)
        colours = self._colours()
        paint.box(painter, self.rect(), colours.ground, colours.edge, colours.edge_px)
        if self._is_latched:  # a second frame: a shape, so that it is seen without colour too
            paint.box(painter, self.rect().adjusted(5, 5, -5, -5), None, colours.ink, 2, radius=3)
        size = m.large + (4 if m.compact else 14)
        can = self.tone != "refused"
        pad = 14 if m.compact else 20
        name = "microphone" if can else "microphone-off"
        name = "lock" if self._is_latched else name
        icon_x = pad + paint.icon(painter, pad, self.height() // 2, name, colours.mark, size=size)
        right = self._paint_count(painter, colours) if self._left_s is not None else self.width()
        self._paint_lines(painter, icon_x + pad, right, colours)
        if self.hasFocus():
            focus_ring(painter, self.rect(), colours.ink)
        painter.end()

    def _colours(self) -> Colours:
        """Only what is heard by others is filled with the colour of sending."""
        p = self._look.palette
        if self.tone == "sending" or (self.tone == "ready" and self.isDown()):
            return Colours(p.sending, p.sending, 2, p.ink, p.ink, p.ink)
        if self.tone == "waiting":
            return Colours(p.card, p.warning, 3, p.text, p.warning, p.text)
        if self.tone == "refused":
            is_news = bool(self._refusal) or self._words is not None
            edge, mark = (p.warning, p.warning) if is_news else (p.line, p.muted)
            return Colours(p.card, edge, 2, p.text, mark, p.text if is_news else p.muted)
        quiet = p.warning if self._now.listen_first else p.muted
        return Colours(p.sending_ground, p.sending, 2, p.text, p.sending, quiet)

    def _paint_count(self, painter: QPainter, colours: Colours) -> int:
        """The seconds that are left, as large as there is room, and a line that grows shorter.
        Returns where they begin."""
        left_s = min(max(self._left_s or 0.0, 0.0), COUNTED_S)
        high = self._count_height()
        edge = 11 if self._is_latched else 8
        line = self.rect().adjusted(edge, self.height() - high - edge, -edge, -edge)
        paint.box(painter, line, None, colours.ink, 1, radius=2)
        full = line.adjusted(0, 0, -round(line.width() * (1 - left_s / COUNTED_S)), 0)
        paint.box(painter, full, colours.ink, None, radius=2)
        px = round(self.height() * 0.5)
        room = QRect(0, 2, self.width() - 16, self.height() - high - 10)
        used = font(px, bold=True)
        figure = str(round(left_s))
        return room.right() - paint.text(
            painter, room, figure, colours.ink, used, align=paint.RIGHT
        )

    def _count_height(self) -> int:
        return max(6, self.height() // 14)

    def _paint_lines(self, painter: QPainter, x: int, right: int, colours: Colours) -> None:
        """The headline as large as there is room for, once there is something to say; where the
        seconds are counted the last line gives way."""
        m = self._look.metrics
        width, high = right - x - 10, self.height() - 8
        if self._left_s is not None:
            high -= self._count_height() + (12 if self._is_latched else 6)
        least = m.title + 1
        lines = [
            (m.body + 5, self.groups(), colours.mark, font(m.body, bold=True)),
            (m.small + 4, self.subline(), colours.quiet, font(m.small)),
        ]
        lines = [line for line in lines if line[1]]
        if sum(line[0] for line in lines) + least + 5 > high:
            lines = lines[:1]
        px = least
        if self._words is not None or self._is_latched:
            px = min(max(high - sum(line[0] for line in lines) - 5, least), m.large + 4)
        shown = [(px + 5, self.headline(), colours.ink, font(px, bold=True)), *lines]
        y = 4 + (high - sum(line[0] for line in shown)) // 2
        for height, words, colour, used in shown:
            paint.text(painter, QRect(x, y, width, height), words, colour, used)
            y += height


@dataclass(frozen=True, slots=True)
class Colours:
    """Of the talk place in one state."""

    ground: str
    edge: str
    edge_px: int
    ink: str
    mark: str
    quiet: str
