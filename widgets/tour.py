"""The first-run tour: five cards, each beside what it explains. Nothing waits for it.

A card stands in the map's place and points; it never lies on tiles or alarms, the space bar talks
on, and an alarm ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.labels import Words
from widgets.look import Look, font

WIDTH_PX: Final = 350
POINTER_PX: Final = 12
EDGE_PX: Final = 6
RING_PX: Final = 3

Side = Literal["left", "right", "top", "bottom"]


@dataclass(frozen=True, slots=True)
class Step:
    """``target`` is what is explained, ``side`` the edge of the map's place that it lies beyond."""

    title: str
    words: str
    target: QWidget
    side: Side


class Ring(QWidget):
    """A frame round what is explained: the card can't always stand next to it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, target: QRect) -> None:
        self.setGeometry(target.adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX))
        self.show()
        self.raise_()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(painter, self.rect(), None, self._look.palette.text, RING_PX, radius=6)
        painter.end()


class TourCard(QWidget):
    """``ended``: by a hand, by its last card, or by an alarm."""

    ended = Signal()

    def __init__(self, look: Look, room: Callable[[], QRect], parent: QWidget) -> None:
        """``room``: where the map is, in ``parent``."""
        super().__init__(parent)
        self._desk = parent
        self.hide()
        self._look = look
        self._room = room
        self._steps: tuple[Step, ...] = ()
        self._at = 0
        self.ring = Ring(look, parent)
        self.title = Words(look, size="title", bold=True)
        self.count = Words(look, ink="muted", align=paint.RIGHT)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.end_button = FlatButton(look, key="Esc")
        self.next_button = FlatButton(look, key="Enter")
        self.end_button.clicked.connect(self.end)
        self.next_button.clicked.connect(self.go_on)
        self._lay_out()
        self.set_look(look)
        self.retranslate()

    def _lay_out(self) -> None:
        self._column, self._head, self._foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self.count)
        self._foot.addWidget(self.end_button)
        self._foot.addStretch(1)
        self._foot.addWidget(self.next_button)
        self._column.addLayout(self._head)
        self._column.addWidget(self.text)
        self._column.addLayout(self._foot)

    # --- its course ---

    @property
    def is_on(self) -> bool:
        return not self.isHidden()

    @property
    def step(self) -> int:
        """From 1."""
        return self._at + 1

    def begin(self, steps: tuple[Step, ...]) -> None:
        self._steps, self._at = steps, 0
        self._tell()
        self.show()
        self.place()
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        if self._at + 1 >= len(self._steps):
            self.end()
            return
        self._at += 1
        self._tell()
        self.place()

    def end(self) -> None:
        if self.is_on:
            self.hide()
            self.ring.hide()
            self.ended.emit()

    def _tell(self) -> None:
        step, most = self._steps[self._at], len(self._steps)
        self.title.say(step.title)
        self.count.say(f"{self.step} / {most}")
        self.text.setText(step.words)
        self.setAccessibleName(f"{step.title}. {step.words}")
        is_last = self.step == most
        self.next_button.set_words(self.tr("Done") if is_last else self.tr("Next"))
        self.next_button.setAccessibleDescription(self.accessibleName())

    # --- where it stands ---

    def place(self) -> None:
        """As near to what it explains as the map's place goes."""
        if not self.is_on:
            return
        m, room = self._look.metrics, self._room()
        width = min(m.px(WIDTH_PX), room.width() - 2 * EDGE_PX)
        height = self._column.totalHeightForWidth(width)
        target = self._target().center()
        x = min(max(target.x() - width // 2, room.left() + EDGE_PX), room.right() - width - EDGE_PX)
        y = min(
            max(target.y() - height // 2, room.top() + EDGE_PX), room.bottom() - height - EDGE_PX
        )
        self.setGeometry(x, y, width, height)
        self.raise_()
        self._show_ring()
        self.update()

    def _show_ring(self) -> None:
        """Not round what has a window of its own."""
        if self._steps[self._at].target.window() is self.window():
            self.ring.surround(self._target())
        else:
            self.ring.hide()

    def _target(self) -> QRect:
        """In the parent, also when it has a window of its own."""
        target = self._steps[self._at].target
        at = self._desk.mapFromGlobal(target.mapToGlobal(QPoint(0, 0)))
        return QRect(at, target.size())

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        m = look.metrics
        pad = m.px(POINTER_PX) + m.gap + 4
        self._column.setContentsMargins(pad, pad, pad, pad)
        self._column.setSpacing(m.gap + 3)
        self.text.setFont(font(m.body))
        for part in (self.ring, self.title, self.count, self.end_button, self.next_button):
            part.set_look(look)
        self.place()

    def retranslate(self) -> None:
        """A tour that is on is in the words that it began with: it is made anew by its caller."""
        self.end_button.set_words(self.tr("End the tour"))
        self.next_button.set_words(self.tr("Next"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        p, tip = self._look.palette, self._look.metrics.px(POINTER_PX)
        painter = QPainter(self)
        body = self.rect().adjusted(tip, tip, -tip, -tip)
        paint.box(painter, body, p.raised, p.text, 2, radius=8)
        if self._steps:
            painter.setPen(QPen(QColor(p.text), 1))
            painter.setBrush(QColor(p.text))
            painter.drawPolygon(self._pointer(body, tip))
        painter.end()

    def _pointer(self, body: QRect, tip: int) -> QPolygonF:
        """A triangle at the edge that looks at the target, as near to its middle as it can; at the
        corner where the target lies beyond both."""
        at = self.mapFrom(self._desk, self._target().center())
        if self._steps[self._at].side == "top" and at.x() < body.left():
            return QPolygonF([QPointF(0, 0), QPointF(2 * tip, tip / 2), QPointF(tip / 2, 2 * tip)])
        side, room = self._steps[self._at].side, 2 * tip
        x = min(max(at.x(), body.left() + room), body.right() - room)
        y = min(max(at.y(), body.top() + room), body.bottom() - room)
        tips = {
            "left": (QPoint(0, y), QPoint(tip, y - tip), QPoint(tip, y + tip)),
            "right": (
                QPoint(self.width(), y),
                QPoint(self.width() - tip, y - tip),
                QPoint(self.width() - tip, y + tip),
            ),
            "top": (QPoint(x, 0), QPoint(x - tip, tip), QPoint(x + tip, tip)),
            "bottom": (
                QPoint(x, self.height()),
                QPoint(x - tip, self.height() - tip),
                QPoint(x + tip, self.height() - tip),
            ),
        }
        return QPolygonF([QPointF(point) for point in tips[side]])
