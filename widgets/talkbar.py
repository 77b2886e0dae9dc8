"""The bottom: the place to talk, who is talking now in large, and the master volume."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton, HoldButton, focus_ring
from widgets.contracts.rows import Following, TalkgroupRow, Transmit
from widgets.contracts.sources import Clock, TalkgroupSource
from widgets.look import Look, font
from widgets.meter import lit_segments, paint_meter
from widgets.slider import VolumeSlider
from widgets.speakers import Speaking, most_important
from widgets.talk_words import COUNTED_S, Tone, Words, is_counted, spoken
from widgets.tips import tip

COUNT_MS: Final = 250
REFUSAL_MS: Final = 6_000  # how long a refusal stands in amber
SEGMENTS: Final = 40
NARROW_PX: Final = 420  # of what is being said: a name needs the room more than a button's words


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
        self._latch = self._is_latched = self._has_pedal = False
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(REFUSAL_MS)
        self._calm.timeout.connect(self._calm_down)
        self._second = QTimer(self)
        self._second.setInterval(COUNT_MS)
        self._second.timeout.connect(self._describe)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_state(self, group: str, note: str, now: Transmit) -> None:
        """``group``: the groups that the key would talk in; ``note``: why nothing can be sent."""
        self._group, self._note, self._now = group, note, now
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
        self._words = spoken(self._now, left_s, latched=self._is_latched)
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


class NowTalking(QWidget):
    """Who is talking, where, for how long; the others in one line. While a conversation is followed
    it is that one that stands here, also while nobody talks in it, and until when; only an alarm
    comes before it."""

    follow_wanted = Signal()  # or no more

    def __init__(
        self, look: Look, source: TalkgroupSource, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._source = source
        self._clock = clock
        self._speaking = Speaking(())
        self._following: Following | None = None
        self._is_narrow = False
        self._lit = 0
        self.follow = FlatButton(look, icon_name="pinned", key="Shift+F", parent=self)
        self.follow.clicked.connect(self.follow_wanted)
        self._second = QTimer(self)
        self._second.setInterval(250)
        self._second.timeout.connect(self._tell_time)
        self._shown_time = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        source.changed.connect(self._changed)
        source.reset.connect(self._changed)
        self.retranslate()
        self._changed()

    # --- reading ---

    def show_following(self, following: Following | None) -> None:
        if following != self._following:
            self._following = following
            self._changed()
            self.retranslate()

    @property
    def speaking(self) -> Speaking:
        return self._speaking

    @property
    def slot(self) -> int:
        row = self._row()
        return row.slot if row is not None else -1

    def set_level(self, peak_dbfs: float) -> None:
        lit = lit_segments(peak_dbfs, SEGMENTS)
        if lit != self._lit:
            self._lit = lit
            self.update(self._meter())

    def _row(self) -> TalkgroupRow | None:
        """Who stands in large: nobody while there is a pause in what is followed."""
        row = self._speaking.rows[0] if self._speaking.rows else None
        is_pause = self._following is not None and row is not None and row.follow != "followed"
        return None if is_pause and row is not None and not row.alarm else row

    @property
    def _is_followed(self) -> bool:
        """Whether what is followed stands in large."""
        row = self._row()
        return self._following is not None and not (row is not None and row.alarm)

    def _changed(self, _keys: object = ()) -> None:
        rows = [self._source.row(key) for key in tuple(self._source.keys())]
        speaking = most_important(rows, self._speaking, self._clock.now_s())
        if speaking != self._speaking:
            self._speaking = speaking
            self._lit = 0
            self._describe()
        self._place_button()
        _run(self._second, bool(speaking.rows) or self._following is not None)

    def _describe(self) -> None:
        row = self._row()
        said = f"{row.speaker}, {row.name}" if row else self.tr("Nobody is talking")
        if self._following is not None:
            said = ", ".join((self.tr("Following {0}").format(self._following.name), said))
        self.setAccessibleName(said)
        self.setToolTip(tip("\n".join(f"{r.name}: {r.speaker}" for r in self._speaking.rows)))
        self.update()

    def _tell_time(self) -> None:
        words = self._time_words()
        if words != self._shown_time:
            self.update(self.width() - 160, 0, 160, self.height() // 2)

    def _time_words(self) -> str:
        """How long somebody has talked; in a pause of what is followed, how long it is still."""
        row = self._row()
        ends_s = self._following.ends_s if self._following is not None else None
        if row is None and ends_s is not None:
            left_s = math.ceil(max(0.0, ends_s - self._clock.now_s()))
            return self.tr("{0} s left").format(left_s)
        since = self._speaking.since_s.get(row.key) if row else None
        return "" if since is None else times.duration(self._clock.now_s() - since)

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        self.follow.set_look(look)
        self._place_button()
        self.update()

    def retranslate(self) -> None:
        is_on = self._following is not None
        words = self.tr("Stop following") if is_on else self.tr("Follow")
        self._is_narrow = self.width() < NARROW_PX
        self.follow.set_key("" if self._is_narrow else "Shift+F")
        self.follow.set_icon_name("x" if is_on and self._is_narrow else "pinned")
        said = (
            self.tr("All are heard as before")
            if is_on
            else self.tr(
                "Follow this conversation: the others become faint, and are kept to be caught up on"
            )
        )
        self.follow.set_words("" if self._is_narrow else words, f"{words}. {said}")
        self.follow.setToolTip(tip(f"{words} (Shift+F)\n{said}"))
        self._place_button()
        self._describe()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        if self._is_narrow is not (self.width() < NARROW_PX):
            self.retranslate()
        self._place_button()

    def _place_button(self) -> None:
        """At the right of the large line; there while there is something to follow, or to end."""
        self.follow.setVisible(self._following is not None or self._row() is not None)
        size = self.follow.sizeHint()
        room = self._meter().top() - self._line_height()
        y = self._line_height() + (room - size.height()) // 2
        self.follow.setGeometry(
            self.width() - self._pad() - size.width(), y, size.width(), size.height()
        )

    def _line_height(self) -> int:
        return (6 if self._look.metrics.compact else 10) + self._look.metrics.body + 8

    def _pad(self) -> int:
        return 12 if self._look.metrics.compact else 16

    def _meter(self) -> QRect:
        pad, height = self._pad(), 8 if self._look.metrics.compact else 12
        return QRect(pad, self.height() - height - 8, self.width() - 2 * pad, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        p, row = self._look.palette, self._row()
        painter = QPainter(self)
        if row is not None and self._meter().contains(event.rect()):
            self._paint_meter(painter)  # its words stand still 25 times a second
        elif row is None and self._following is not None:
            paint.box(painter, self.rect(), p.card, p.receiving, 3)
            self._paint_pause(painter, self._following)
        elif row is None:
            paint.box(painter, self.rect(), p.card, p.line)
            self._paint_quiet(painter)
        else:
            edge = p.alarm if row.alarm else p.receiving
            ground = p.alarm_ground if row.alarm else p.receiving_ground
            paint.box(painter, self.rect(), ground, edge, 3 if self._is_followed else 2)
            self._paint_speaker(painter, row)
        painter.end()

    def _paint_quiet(self, painter: QPainter) -> None:
        m, p = self._look.metrics, self._look.palette
        pad = self._pad()
        x = pad + paint.icon(painter, pad, self.height() // 2, "ear", p.muted, size=m.icon + 2) + 10
        rest = QRect(x, 0, self.width() - x - pad, self.height())
        paint.text(painter, rest, self.tr("Nobody is talking"), p.muted, font(m.title))

    def _paint_pause(self, painter: QPainter, following: Following) -> None:
        """Nobody talks in what is followed: until when it is, and who talks dimmed."""
        m, p = self._look.metrics, self._look.palette
        self._paint_line(painter, "pinned", self.tr("FOLLOWING"), following.name, p.receiving)
        large = self._large()
        paint.text(painter, large, self.tr("Pause in the conversation"), p.muted, font(m.title))

    def _large(self) -> QRect:
        """Below the first line, up to the button."""
        y = self._line_height()
        right = self.follow.x() - 10 if not self.follow.isHidden() else self.width() - self._pad()
        return QRect(self._pad(), y, right - self._pad(), self._meter().top() - y - 3)

    def _paint_speaker(self, painter: QPainter, row: TalkgroupRow) -> None:
        m, p = self._look.metrics, self._look.palette
        ink = p.text if row.alarm else p.receiving
        name = "alert-circle" if row.alarm else "pinned" if self._is_followed else "volume"
        followed = self.tr("FOLLOWING") if self._is_followed else self.tr("RECEIVING")
        word = self.tr("ALARM") if row.alarm else followed
        self._paint_line(painter, name, word, row.name, ink)
        paint.text(painter, self._large(), row.speaker, p.text, font(m.large, bold=True))
        self._paint_meter(painter)

    def _paint_meter(self, painter: QPainter) -> None:
        p = self._look.palette
        meter = self._meter()
        paint_meter(painter, meter, self._lit, SEGMENTS, on=p.receiving, off=p.meter_off)

    def _paint_line(self, painter: QPainter, name: str, word: str, group: str, ink: str) -> None:
        """Icon, state, group; at the right the time, and who else talks."""
        m, p = self._look.metrics, self._look.palette
        pad, top = self._pad(), 6 if m.compact else 10
        line = QRect(pad, top, self.width() - 2 * pad, m.body + 6)
        x = pad + paint.icon(painter, pad, line.center().y() + 1, name, ink, size=m.icon) + 7
        self._shown_time = self._time_words()
        figures = font(m.title + 2, bold=True)
        used = paint.text(painter, line, self._shown_time, p.text, figures, align=paint.RIGHT)
        line.setRight(line.right() - used - 12)
        line.setLeft(x)
        x += paint.text(painter, line, word, ink, font(m.small, bold=True)) + 9
        line.setLeft(x)
        x += paint.text(painter, line, group, p.text, font(m.body, medium=True)) + 16
        line.setLeft(x)
        paint.text(painter, line, self._others(), p.muted, font(m.small), align=paint.RIGHT)

    def _others(self) -> str:
        others = self._speaking.rows if self._row() is None else self._speaking.rows[1:]
        if not others:
            return ""
        named = ", ".join(f"{row.speaker} ({row.name})" for row in others)
        words = self.tr("In the background: {0}") if self._is_followed else self.tr("Also: {0}")
        return words.format(named)


class MasterVolume(QWidget):
    """One slider over everything that is heard; the alarm tone is not turned down by it."""

    gain_chosen = Signal(float)
    mute_chosen = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._gain_db = 0.0
        self._is_muted = False
        self.mute = FlatButton(look, icon_name="volume")
        self.mute.clicked.connect(self.mute_chosen)
        self.slider = VolumeSlider(look)
        self.slider.gain_chosen.connect(self._moved)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self.slider, 1, Qt.AlignmentFlag.AlignBottom)
        self._line.addWidget(self.mute, 0, Qt.AlignmentFlag.AlignBottom)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.retranslate()

    def _moved(self, gain_db: float) -> None:
        self._gain_db = gain_db
        self.update()
        self.gain_chosen.emit(gain_db)

    def set_muted(self, muted: bool) -> None:
        """All voices, for a while."""
        self._is_muted = muted
        self.slider.set_dimmed(muted)
        self.mute.set_icon_name("volume-off" if muted else "volume")
        self._name_mute()

    def _name_mute(self) -> None:
        mute, hear = self.tr("Mute all voices for 30 s"), self.tr("Hear voices again")
        words = hear if self._is_muted else mute
        self.mute.set_words("", words)
        self.mute.setToolTip(f"{words} (Ctrl+M)")

    def set_gain(self, gain_db: float) -> None:
        self._gain_db = gain_db
        self.slider.set_gain(gain_db)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.right, self._look.metrics.bottom_bar - 16)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.slider.set_look(look)
        self.mute.set_look(look)
        pad = 10 if look.metrics.compact else 14
        self._line.setContentsMargins(pad, 0, pad, pad)
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        self.slider.setAccessibleName(self.tr("Volume of everything"))
        self._name_mute()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.line)
        pad = 12 if m.compact else 16
        middle = (self.height() - self.slider.height()) // 2
        line = QRect(pad, middle - m.body, self.width() - 2 * pad, 2 * m.body)
        x = (
            pad
            + paint.icon(painter, pad, line.center().y() + 1, "headphones", p.muted, size=m.icon)
            + 9
        )
        words = f"{self._gain_db:+.0f} dB" if round(self._gain_db) else "0 dB"
        used = paint.text(painter, line, words, p.muted, font(m.body), align=paint.RIGHT)
        line.setLeft(x)
        line.setRight(line.right() - used - 8)
        paint.text(painter, line, self.tr("Volume"), p.text, font(m.body, bold=True))
        painter.end()


def _run(timer: QTimer, running: bool) -> None:
    if running and not timer.isActive():
        timer.start()
    elif not running:
        timer.stop()
