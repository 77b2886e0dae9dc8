"""One talkgroup: a cached face, a meter that alone is repainted, and real buttons on top.

Repainting whole tiles at 25 Hz costs some ten times as much (benchmarks/desk.py): a new level
updates the meter's rectangle, and the paint event copies that part of the face and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from widgets import paint, times
from widgets.buttons import (
    PAD,
    SMALLEST_TARGET,
    TIGHT_PAD,
    FlatButton,
    HoldButton,
    Skin,
    focus_ring,
    ghost,
    plain,
    sending,
)
from widgets.contracts.rows import TalkgroupRow
from widgets.look import Look, font
from widgets.meter import lit_segments, paint_meter
from widgets.places import place_words
from widgets.slider import VolumeSlider
from widgets.symbols import agency_colour, paint_symbol
from widgets.theme import Palette
from widgets.tile_menu import priority_words
from widgets.tile_state import (
    ICONS,
    Face,
    face,
    faint_word,
    is_faint,
    is_open,
    open_word,
    state_of,
    word,
)
from widgets.tips import tip

SEGMENTS: Final = 24
METER_PX: Final = 8
COMPACT_METER_PX: Final = 6
REDATE_S: Final = 60.0
DRAG_PX: Final = 16
"""A press that goes on further than this moves the tile; a hand that shakes still selects."""
MOST_DESKS: Final = 6  # by name in the tip
MOST_MISSED: Final = 99  # as a figure on the button; the tip says how many it is


def _no_send(p: Palette) -> Skin:
    return Skin(None, p.raised, p.muted, p.line)


class Tile(QWidget):
    """Signals carry the talkgroup's key. ``pressed``/``released`` are of the SEND button."""

    chosen = Signal(str)
    talk_pressed = Signal(str)
    talk_released = Signal()
    mute_chosen = Signal(str, bool)
    gain_chosen = Signal(str, float)
    catch_up_wanted = Signal(str)
    focused = Signal(str)
    menu_wanted = Signal(str, QPoint)  # where on the screen
    dragged = Signal(str, QPoint)
    dropped = Signal(str, QPoint)

    def __init__(
        self,
        look: Look,
        row: TalkgroupRow,
        figures: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        """``figures``: how its stream comes in, in a line for the tooltip."""
        super().__init__(parent)
        self._look = look
        self._figures = figures
        self._row = row
        self._key_number = ""
        self._can_send = True
        self._now_s = 0.0
        self._lit = 0
        self._face: QPixmap | None = None
        self._pressed_at: QPoint | None = None
        self._is_dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._make_controls()
        self.retranslate()
        self.set_look(look)

    def _make_controls(self) -> None:
        self.send = HoldButton(self._look, skin=plain, parent=self)
        self.mute = FlatButton(self._look, icon_name="volume", skin=ghost, parent=self)
        self.mute.setCheckable(True)
        self.volume = VolumeSlider(self._look, self)
        self.missed = FlatButton(self._look, icon_name="history", parent=self)
        self.missed.clicked.connect(self._catch_up)
        self.send.pressed.connect(self._talk)
        self.send.released.connect(self.talk_released)
        self.mute.clicked.connect(self._mute_clicked)
        self.volume.gain_chosen.connect(self._gain_moved)
        for child in self._controls():
            child.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _controls(self) -> tuple[QWidget, ...]:
        return self.send, self.mute, self.missed, self.volume

    # --- what it is told ---

    @property
    def row(self) -> TalkgroupRow:
        return self._row

    @property
    def slot(self) -> int:
        """Its row in the meters."""
        return self._row.slot

    def show_row(self, row: TalkgroupRow, now_s: float) -> None:
        """Repaint what differs (and once a minute a time of day that may have become an age)."""
        if row == self._row and now_s - self._now_s < REDATE_S:
            return
        self._now_s = now_s
        self._row = row
        self._show_controls()
        self._forget_face()

    def set_key_number(self, number: str) -> None:
        """``"1"``…``"9"``, ``"0"``: the key that selects it; ``""`` for none."""
        self._key_number = number
        self._forget_face()

    def set_can_send(self, can: bool) -> None:
        """SEND stays pressable: it then says why not."""
        self._can_send = can
        self.send.set_skin(plain if can else _no_send)

    def set_roving(self, current: bool) -> None:
        """Only the current tile and its controls are Tab stops; arrows move between tiles."""
        policy = Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus
        for widget in (self, *self._controls()):
            widget.setFocusPolicy(policy)

    def set_level(self, peak_dbfs: float) -> None:
        """Called 25 times a second; most calls light no other segment and do nothing."""
        lit = lit_segments(peak_dbfs, SEGMENTS)
        if lit != self._lit:
            self._lit = lit
            self.update(self._meter)

    def turn(self, step_db: float) -> None:
        """Volume by a key."""
        self.volume.setValue(self.volume.value() + round(step_db))

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedHeight(look.metrics.tile_height)
        for child in (self.send, self.mute, self.missed, self.volume):
            child.set_look(look)
        self._lay_out()
        self._forget_face()

    def retranslate(self) -> None:
        self.send.set_words(self.tr("SEND"))
        self._show_controls()
        self._lay_out()
        self._forget_face()

    # --- controls ---

    def _show_controls(self) -> None:
        row = self._row
        self.send.setAccessibleName(self.tr("Hold to talk in {0}").format(row.name))
        self.send.set_skin(sending if row.transmitting else plain if self._can_send else _no_send)
        self.mute.setChecked(row.muted)
        self.mute.set_icon_name("volume-off" if row.muted else "volume")
        said = self.tr("Unmute {0}") if row.muted else self.tr("Mute {0}")
        self.mute.setAccessibleName(said.format(row.name))
        self.mute.setToolTip(tip(said.format(row.name)))
        self.volume.setAccessibleName(self.tr("Volume of {0}").format(row.name))
        self.volume.set_gain(row.gain_db)
        self.volume.set_dimmed(row.muted)
        self._show_missed()
        self._describe()

    def _show_missed(self) -> None:
        """The button is there only while there is something to catch up on."""
        row = self._row
        said = self.tr("Missed in {0}: {1}. Catch up").format(row.name, row.missed)
        self.missed.set_words(str(min(row.missed, MOST_MISSED)), said)
        self.missed.setToolTip(tip(said))
        if self.missed.isHidden() is bool(row.missed):
            self.missed.setVisible(bool(row.missed))
        self._lay_out()

    def _describe(self) -> None:
        row = self._row
        state = word(state_of(row))
        words = [row.name, state, open_word() if is_open(row) else "", row.speaker]
        words += [self._priority_words(), faint_word() if is_faint(row) else ""]
        self.setAccessibleName(", ".join(word for word in words if word))
        lines = [row.name, row.purpose, state, row.note, row.speaker or self._last_words()]
        lines.append(self._priority_words())
        if row.in_front_at:
            lines.append(self.tr("In front at: {0}").format(_names(row.in_front_at)))
        if row.heard_at:
            lines.append(self.tr("Heard at: {0}").format(_names(row.heard_at)))
        if row.along:
            lines.append(self.tr("The talk key talks here as well."))
        if row.favourite:
            lines.append(self.tr("A favourite: it stands first on each page."))
        if row.placed:
            lines.append(self.tr("In the sound: {0}").format(place_words(row.pan)))
        if is_faint(row):
            lines.append(self.tr("Faint while another is followed; kept to be caught up on."))
        if row.on_speaker:
            lines.append(self.tr("Heard from the loudspeaker."))
        if row.exercise:
            lines.append(self.tr("EXERCISE"))
        if not row.secured:
            lines.append(self.tr("Not encrypted: anybody on this network can hear it."))
        lines.append(self.tr("Station: {0}").format(row.station) if row.station else "")
        lines.append(self._figures(row.key))
        self.setToolTip(tip("\n".join(line for line in lines if line)))

    def _priority_words(self) -> str:
        """Nothing for the usual one."""
        is_usual = self._row.priority == "normal" or self._row.exercise
        return "" if is_usual else priority_words(self._row.priority)

    def event(self, event: QEvent) -> bool:
        """The tooltip's figures are read when it is about to be shown."""
        if event.type() == QEvent.Type.ToolTip:
            self._describe()
        return super().event(event)

    def _talk(self) -> None:
        self.talk_pressed.emit(self._row.key)

    def _mute_clicked(self, checked: bool) -> None:
        self.mute_chosen.emit(self._row.key, checked)

    def _catch_up(self) -> None:
        self.catch_up_wanted.emit(self._row.key)

    def _gain_moved(self, gain_db: float) -> None:
        self.gain_chosen.emit(self._row.key, gain_db)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        way = event.position().toPoint() - self._pressed_at
        if not self._is_dragged and way.manhattanLength() >= DRAG_PX:
            self._is_dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_dragged:
            self.dragged.emit(self._row.key, event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is selected when the button comes up where it went down: then it can be dragged."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        if self.drop_drag():
            self.dropped.emit(self._row.key, event.globalPosition().toPoint())
        elif self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._row.key)

    def drop_drag(self) -> bool:
        """It stays where it is. Whether it was held."""
        was_dragged = self._is_dragged
        self._pressed_at, self._is_dragged = None, False
        if was_dragged:
            self.unsetCursor()
        return was_dragged

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.menu_wanted.emit(self._row.key, event.globalPos())
        else:
            self.open_menu()

    def open_menu(self) -> None:
        """By a key: below the name."""
        below = QPoint(self._meter.left(), self._look.metrics.title + 12)
        self.menu_wanted.emit(self._row.key, self.mapToGlobal(below))

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.focused.emit(self._row.key)
        self._forget_face()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self._forget_face()

    # --- geometry ---

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._lay_out()
        self._forget_face()

    def _lay_out(self) -> None:
        m, width = self._look.metrics, self.width()
        pad = m.px(9 if m.compact else 11)
        top = self.height() - m.control - m.px(4 if m.compact else 5)
        meter_px = m.px(COMPACT_METER_PX if m.compact else METER_PX)
        last_px = m.small + m.px(6 if m.compact else 8)
        self._meter = QRect(pad, top - last_px - meter_px, width - 2 * pad, meter_px)
        send_width = self.send.sizeHint().width() + (0 if m.compact else 14)
        self.send.setGeometry(pad, top, send_width, m.control)
        self.mute.setGeometry(pad + send_width + 4, top, m.control, m.control)
        left = pad + send_width + m.control + 6
        self.volume.setGeometry(left, top, width - left - pad + 4, m.control)
        self._place_missed()

    def _place_missed(self) -> None:
        """At the right end of the state's line, between the key's number and the meter."""
        m = self._look.metrics
        width, high = self.missed.sizeHint().width() - 2 * (PAD - TIGHT_PAD), m.px(SMALLEST_TARGET)
        bottom = self._meter.top() + (1 if m.compact else -2)
        left = self._meter.right() + 1 - width
        self.missed.setGeometry(left, bottom - high, width, high)

    # --- painting ---

    def _forget_face(self) -> None:
        self._face = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        part = event.rect()
        drawn = self._face or self._draw_face()
        ratio = drawn.devicePixelRatio()
        source = QRectF(
            part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio
        )
        painter.drawPixmap(QRectF(part), drawn, source)
        if part.intersects(self._meter) and self._lit:
            p = self._look.palette
            on = (
                p.muted if self._row.muted else p.sending if self._row.transmitting else p.receiving
            )
            paint_meter(painter, self._meter, self._lit, SEGMENTS, on=on, off=p.meter_off)
        painter.end()

    def _draw_face(self) -> QPixmap:
        """Everything that stands still between two events."""
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        drawn.setDevicePixelRatio(ratio)
        p = self._look.palette
        drawn.fill(p.panel)
        look = face(self._row, p)
        painter = QPainter(drawn)
        paint.box(painter, self.rect(), look.ground, look.frame, look.frame_px)
        self._draw_words(painter, look)
        paint_meter(painter, self._meter, 0, SEGMENTS, on=p.receiving, off=p.meter_off)
        if self.hasFocus():
            focus_ring(painter, self.rect(), look.name)
        painter.end()
        self._face = drawn
        return drawn

    def _draw_words(self, painter: QPainter, look: Face) -> None:
        m, row = self._look.metrics, self._row
        left, y = self._meter.left(), m.px(3 if m.compact else 5)
        right = self._draw_marks(painter, look, y)
        height = m.title + 5
        name = QRect(left, y, right - left - 3, height)
        paint.text(painter, name, row.name, look.name, font(m.title, bold=True))
        y += height
        if not m.compact:
            line = QRect(left, y, self._meter.width(), m.small + 4)
            if not self.missed.isHidden():  # which reaches into this line
                line.setRight(self.missed.x() - 5)
            if row.exercise:  # not beside the name, which needs its line
                line.setRight(self._draw_exercise(painter, line.right() + 5, y) - 4)
            paint.text(painter, line, row.purpose, look.quiet, font(m.small))
        high = m.small + 6
        state = QRect(left, self._meter.top() - high - 2, self._meter.width(), high)
        if not self.missed.isHidden():
            state.setRight(self.missed.x() - 5)
        self._draw_state(painter, look, state)
        self._draw_last(painter, look)

    def _draw_last(self, painter: QPainter, look: Face) -> None:
        """Who speaks, on a line of its own that nothing crowds: never another name beside the
        word RECEIVING. Else who spoke last, and at the right edge when: a long name never takes
        the time away."""
        m, row, used = self._look.metrics, self._row, font(self._look.metrics.small)
        line = QRect(self._meter.left(), self._meter.bottom() + 3, self._meter.width(), m.small + 4)
        if row.speaker:
            line.setLeft(self._draw_agency(painter, line))
            paint.text(painter, line, row.speaker, look.name, font(m.small, bold=True))
            return
        if row.note or row.last_s is None:
            words = self.tr("Point here to see why") if row.note else self._last_words()
            paint.text(painter, line, words, look.quiet, used)
            return
        width = paint.text(
            painter, line, self._when(row.last_s), look.quiet, used, align=paint.RIGHT
        )
        line.setRight(line.right() - width - 6)
        paint.text(painter, line, row.last_speaker, look.quiet, used)

    def _draw_agency(self, painter: QPainter, line: QRect) -> int:
        """Kind and agency of who speaks, where they are known. Returns where the name begins."""
        row, p = self._row, self._look.palette
        if not row.speaker_kind:
            return line.left()
        side = self._look.metrics.small
        place = QRectF(line.left() + 1, line.center().y() - side / 2 + 1, side, side)
        fill = agency_colour(row.speaker_agency, p)
        paint_symbol(painter, place, row.speaker_kind, fill, p.ink)
        return line.left() + side + 6

    def _draw_elsewhere(self, painter: QPainter, look: Face, line: QRect) -> int:
        """How many other desks have it in front, at the right edge. Returns where it begins."""
        m, count = self._look.metrics, len(self._row.in_front_at)
        if not count:
            return line.right()
        width = paint.text(painter, line, str(count), look.quiet, font(m.small), align=paint.RIGHT)
        x = line.right() - width - m.icon - 1
        paint.icon(painter, x, line.center().y() + 1, "users", look.quiet, size=m.icon - 2)
        return x - 4

    def _draw_state(self, painter: QPainter, look: Face, line: QRect) -> None:
        m, row = self._look.metrics, self._row
        line.setRight(self._draw_elsewhere(painter, look, line))
        state = state_of(row)
        size, middle = m.icon - 1, line.center().y() + 1
        x = line.left() + paint.icon(
            painter, line.left(), middle, ICONS[state], look.state, size=size
        )
        rest = QRect(x + 5, line.top(), line.right() - x - 4, line.height())
        used = font(m.small, bold=True)
        width = paint.text(painter, rest, word(state), look.state, used)
        rest.setLeft(rest.left() + width + 6)
        if is_open(row) and _fits(open_word(), rest, used):  # the open lock says it anyway
            width = paint.text(painter, rest, open_word(), self._look.palette.warning, used)
            rest.setLeft(rest.left() + width + 6)
        if is_faint(row) and _fits(faint_word(), rest, font(m.small)):
            paint.text(painter, rest, faint_word(), look.quiet, font(m.small))

    def _draw_marks(self, painter: QPainter, look: Face, y: int) -> int:
        """Key number and the marks, from the right. Returns where they begin."""
        m = self._look.metrics
        x, size = self._meter.right() + 1, m.small + 6
        if self._key_number:
            x -= size
            cap = QRect(x, y, size, size)
            paint.key_cap(painter, cap, self._key_number, look.quiet, look.quiet, px=m.small - 1)
        if self._row.favourite:
            x -= m.icon + (0 if m.compact else 4)
            paint.icon(painter, x, y + size // 2, "star", look.quiet, size=m.icon - 2)
        if not self._row.secured:
            x -= m.icon + (0 if m.compact else 4)
            warned = self._look.palette.warning if is_open(self._row) else look.quiet
            paint.icon(painter, x, y + size // 2, "lock-open", warned, size=m.icon - 2)
        if self._priority_words():
            x -= size - 3
            arrow = QRect(x, y, size - 3, size)
            words = "↑" if self._row.priority == "high" else "↓"
            paint.text(painter, arrow, words, look.name, font(m.small, bold=True))
        if self._row.along:
            x -= m.icon + 2
            mark = self._look.palette.sending
            paint.icon(painter, x, y + size // 2, "microphone", mark, size=m.icon - 2)
        if self._row.exercise and m.compact:  # the word stands in the top bar and in the tip
            x -= m.icon - 1
            warn = self._look.palette.warning
            paint.icon(painter, x, y + size // 2, "school", warn, size=m.icon - 2)
        return x

    def _draw_exercise(self, painter: QPainter, right: int, y: int) -> int:
        """The mark, ending at ``right``; returns where it begins."""
        m, warn = self._look.metrics, self._look.palette.warning
        words, used = self.tr("EXERCISE"), font(m.small - 2, bold=True)
        width = QFontMetrics(used).horizontalAdvance(words) + 10
        mark = QRect(right - width - 4, y + 1, width, m.small + 4)
        paint.box(painter, mark, None, warn, 1.0, radius=3.0)
        paint.text(painter, mark, words, warn, used, align=paint.CENTRE)
        return mark.left()

    def _last_words(self) -> str:
        row = self._row
        if row.last_s is None:
            return self.tr("Nothing heard yet")
        words = self.tr("Last: {0}, {1}")
        return words.format(row.last_speaker or "–", self._when(row.last_s))

    def _when(self, last_s: float) -> str:
        return times.last_heard(last_s, self._now_s or last_s)


def _fits(words: str, line: QRect, used: QFont) -> bool:
    return line.width() >= QFontMetrics(used).horizontalAdvance(words)


def _names(desks: Sequence[str]) -> str:
    more = f" +{len(desks) - MOST_DESKS}" if len(desks) > MOST_DESKS else ""
    return ", ".join(desks[:MOST_DESKS]) + more
