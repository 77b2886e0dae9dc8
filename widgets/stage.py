"""A small stage: where each talkgroup sounds between left and right, to be dragged or moved by
arrows. Where it is put automatically is the usual place, and can be chosen again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton, focus_ring, ghost
from widgets.contracts.rows import TalkgroupRow
from widgets.contracts.sources import TalkgroupSource
from widgets.labels import Words
from widgets.look import Look, font
from widgets.places import STEPS, place_words, rounded
from widgets.tips import plain, tip

LANES: Final = 4
"""Names beside each other at one place; further ones are ticks, and names when they are chosen."""
PAD: Final = 8
MAX_NAME_PX: Final = 130
ROOMY_PX: Final = 480


class Stage(QWidget):
    """``moved``: a group is heard from there now; ``settled``: a hand has let it go, so that all of
    the way is one thing to undo. ``chosen``: another one has the arrows."""

    moved = Signal(str, float)
    settled = Signal(str, float)
    automatic = Signal(str)
    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: dict[str, TalkgroupRow] = {}
        self._current = ""
        self._held = ""
        self._at: dict[str, float] = {}  # where a hand holds one
        self._chips: dict[str, QRect] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[TalkgroupRow]) -> None:
        self._rows = {row.key: row for row in rows}
        if self._current not in self._rows:
            self._current = next(iter(self._rows), "")
        self._arrange()

    @property
    def current(self) -> str:
        return self._current

    def choose(self, key: str) -> None:
        if key in self._rows and key != self._current:
            self._current = key
            self._arrange()
            self.chosen.emit(key)

    def _pan(self, key: str) -> float:
        return self._at.get(key, self._rows[key].pan)

    # --- by keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = Qt.Key(event.key()), list(self._rows)
        side = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        other = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        if not self._current or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif side is not None:
            pan = rounded(self._rows[self._current].pan + side / STEPS)
            self.settled.emit(self._current, pan)
        elif other is not None:
            self.choose(keys[(keys.index(self._current) + other) % len(keys)])
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_A):
            self.automatic.emit(self._current)
        else:
            super().keyPressEvent(event)

    # --- by the mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        key = self._chip_at(spot)
        if event.button() == Qt.MouseButton.LeftButton and key:
            self.choose(key)
            self._held = key

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._held:
            hand = Qt.CursorShape.OpenHandCursor
            is_on = self._chip_at(event.position().toPoint())
            self.setCursor(hand if is_on else Qt.CursorShape.ArrowCursor)
            return
        pan = self._pan_at(event.position().x())
        if pan != self._pan(self._held):
            self._at[self._held] = pan
            self._arrange()
            self.moved.emit(self._held, pan)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        held, self._held = self._held, ""
        pan = self._at.pop(held, None)
        if pan is not None:
            self.settled.emit(held, pan)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self._chip_at(event.position().toPoint())
        if key:
            self.automatic.emit(key)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def _chip_at(self, spot: QPoint) -> str:
        on = [key for key, chip in self._chips.items() if chip.contains(spot)]
        return self._current if self._current in on else next(iter(on), "")

    # --- geometry ---

    def sizeHint(self) -> QSize:
        return QSize(300, (LANES + 1) * self._lane() + 2 * PAD)

    def _lane(self) -> int:
        return self._look.metrics.small + 10

    def _span(self) -> tuple[int, int]:
        half = MAX_NAME_PX // 2
        return PAD + half, self.width() - PAD - half

    def _x_of(self, pan: float) -> int:
        left, right = self._span()
        return round(left + (right - left) * (pan + 1) / 2)

    def _pan_at(self, x: float) -> float:
        left, right = self._span()
        return rounded(2 * (x - left) / max(1, right - left) - 1)

    def _arrange(self) -> None:
        """Who has the arrows first, then from the left: each into the lowest lane with room."""
        used = QFontMetrics(font(self._look.metrics.small, bold=True))
        keys = sorted(self._rows, key=lambda key: (key != self._current, self._pan(key)))
        lanes: list[list[QRect]] = [[] for _ in range(LANES)]
        self._chips = {}
        for key in keys:
            wide = min(MAX_NAME_PX, used.horizontalAdvance(plain(self._rows[key].name)) + 30)
            chip = QRect(self._x_of(self._pan(key)) - wide // 2, 0, wide, self._lane() - 4)
            for n, lane in enumerate(lanes):
                chip.moveTop(self._floor() - (n + 1) * self._lane())
                if not any(chip.adjusted(-4, 0, 4, 0).intersects(other) for other in lane):
                    lane.append(QRect(chip))
                    self._chips[key] = QRect(chip)
                    break
        self._say()
        self.update()

    def _floor(self) -> int:
        return self.height() - PAD - self._lane() + 4

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._arrange()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self._arrange()

    def retranslate(self) -> None:
        self._say()
        self.update()

    def _say(self) -> None:
        row = self._rows.get(self._current)
        said = [self.tr("Places in the sound")]
        if row is not None:
            how = self.tr("by hand") if row.placed else self.tr("automatic")
            said += [row.name, place_words(self._pan(row.key)), how]
        self.setAccessibleName(", ".join(said))

    # --- painting ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        floor, (left, right) = self._floor(), self._span()
        painter.fillRect(QRect(left, floor, right - left, 2), p.line)
        for pan in (-1.0, -0.5, 0.0, 0.5, 1.0):
            painter.fillRect(QRect(self._x_of(pan) - 1, floor - 3, 2, 8), p.line)
        below = QRect(PAD, floor + 4, self.width() - 2 * PAD, self._lane() - 6)
        used = font(m.small)
        paint.text(painter, below, self.tr("left"), p.muted, used)
        paint.text(painter, below, self.tr("right"), p.muted, used, align=paint.RIGHT)
        side = m.icon
        middle = below.center().y() + 1
        head = self._x_of(0.0) - side // 2
        paint.icon(painter, head, middle, "headphones", p.muted, size=side)
        for key in self._rows:
            x = self._x_of(self._pan(key))
            painter.fillRect(QRect(x - 2, floor - 4, 4, 6), p.muted)
        for key in reversed(self._chips):
            self._paint_chip(painter, key)
        painter.end()

    def _paint_chip(self, painter: QPainter, key: str) -> None:
        m, p = self._look.metrics, self._look.palette
        row, chip, is_current = self._rows[key], self._chips[key], key == self._current
        line = p.selected if is_current else p.receiving if row.speaker else p.line
        fill = p.receiving_ground if row.speaker else p.raised
        paint.box(painter, chip, fill, line, 2.0 if is_current else 1.0)
        name = chip.adjusted(8, 0, -6, 0)
        icon = "volume" if row.speaker else "map-pin" if row.placed else ""
        if icon:
            ink = p.receiving if row.speaker else p.muted
            size = m.icon - 3
            name.setLeft(
                name.left() + paint.icon(painter, name.left(), chip.center().y() + 1, icon, ink,
                                         size=size) + 4
            )  # fmt: skip
        paint.text(painter, name, row.name, p.text, font(m.small, bold=True))
        if is_current and self.hasFocus():
            focus_ring(painter, chip.adjusted(-5, -5, 5, 5), p.text)


class StageBar(QWidget):
    """Over the map while it is wanted. ``placed``: streams and where they are to be heard, None =
    automatically; ``closed``."""

    placed = Signal(dict)
    heard_at = Signal(str, float)
    closed = Signal()

    def __init__(
        self,
        look: Look,
        source: TalkgroupSource,
        shown: Callable[[], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        """``shown``: the streams whose tiles are shown."""
        super().__init__(parent)
        self._look = look
        self._source = source
        self._shown = shown
        self.what = Words(look, bold=True, icon_name="headphones", ink="muted")
        self.one = FlatButton(look, key="A")
        self.all = FlatButton(look)
        self.close_button = FlatButton(look, icon_name="x", skin=ghost)
        self.stage = Stage(look)
        self._lay_out()
        self._connect()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retranslate()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 4)
        column.setSpacing(2)
        self._line = QHBoxLayout()
        self._line.addWidget(self.what, 1)
        for button in (self.one, self.all, self.close_button):
            self._line.addWidget(button)
        column.addLayout(self._line)
        column.addWidget(self.stage)

    def _connect(self) -> None:
        self._source.changed.connect(self._show)  # no lambda: it would outlive the window
        self._source.reset.connect(self._show)
        self.stage.moved.connect(self.heard_at)
        self.stage.settled.connect(lambda key, pan: self.placed.emit({key: pan}))
        self.stage.automatic.connect(lambda key: self.placed.emit({key: None}))
        self.stage.chosen.connect(lambda _key: self._say())
        self.one.clicked.connect(lambda: self.placed.emit({self.stage.current: None}))
        self.all.clicked.connect(self._all_automatic)
        self.close_button.clicked.connect(self.closed)

    def open_for(self, key: str) -> None:
        """The keyboard is on the stage, and the arrows move this one."""
        self.show()
        self._show()
        self.stage.choose(key)
        self._say()
        self.stage.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _heard(self) -> list[TalkgroupRow]:
        """What is off sounds nowhere."""
        known = set(self._source.keys())
        rows = [self._source.row(key) for key in self._shown() if key in known]
        return [row for row in rows if row.attention != "off"]

    def _show(self, _keys: object = ()) -> None:
        if self.isVisible():
            self.stage.show_rows(self._heard())
            self._say()

    def _all_automatic(self) -> None:
        placed = [row.key for row in self._heard() if row.placed]
        if placed:
            self.placed.emit(dict.fromkeys(placed))

    def _say(self) -> None:
        rows = {row.key: row for row in self._heard()}
        row = rows.get(self.stage.current)
        hint = self.tr("Drag, or use the arrows: ← → move, ↑ ↓ choose another one")
        words = self.tr("No talkgroup of this page is heard")
        if row is not None:
            automatic = self.tr("automatic")
            how = "" if row.placed else f" ({automatic})"
            words = f"{place_words(row.pan)}{how} · {plain(row.name)}"
        self.what.say(words, more=hint)
        self.stage.setToolTip(tip(hint))
        self.one.setEnabled(row is not None and row.placed)
        self.all.setEnabled(any(one.placed for one in rows.values()))

    def set_look(self, look: Look) -> None:
        self._look = look
        for part in (self.what, self.one, self.all, self.close_button, self.stage):
            part.set_look(look)
        self._line.setSpacing(look.metrics.gap)
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        self.one.set_words(self.tr("Automatic"), self.tr("Put this one where it is by itself"))
        self.all.set_words(
            self.tr("All automatic"), self.tr("Put all where they are by themselves")
        )
        close = self.tr("Close the stage")
        self.close_button.set_words("", close)
        self.close_button.setToolTip(f"{close} (Esc)")
        self.one.setToolTip(tip(self.one.accessibleName()))
        self.all.setToolTip(tip(self.all.accessibleName()))
        self.stage.retranslate()
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the words need the room."""
        super().resizeEvent(event)
        self.one.set_key("A" if self.width() > ROOMY_PX else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.panel, p.line)
        painter.end()
