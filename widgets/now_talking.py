"""Who is talking now, in large."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.rows import Following, TalkgroupRow
from widgets.contracts.sources import Clock, TalkgroupSource
from widgets.look import Look, font
from widgets.meter import lit_segments, paint_meter
from widgets.speakers import Speaking, most_important
from widgets.tips import tip

SEGMENTS: Final = 40
NARROW_PX: Final = 420  # of what is being said: a name needs the room more than a button's words


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


def _run(timer: QTimer, running: bool) -> None:
    if running and not timer.isActive():
        timer.start()
    elif not running:
        timer.stop()
