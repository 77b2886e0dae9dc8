"""The strip of one unit: all that is known of it, and what can be done. Above the map, so that it
covers neither that nor the lists."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.contracts.rows import UnitRow
from widgets.contracts.sources import Clock, UnitSource
from widgets.look import Look, font
from widgets.question import QuestionBar
from widgets.symbols import colour, paint_symbol
from widgets.theme import Palette
from widgets.tips import tip
from widgets.unit_menu import Deed, deed_words
from widgets.unit_words import facts, told

REDATE_MS: Final = 1_000
PAD: Final = 12
COLUMN_GAP: Final = 18
BUTTONS: Final[tuple[tuple[Deed, str], ...]] = (
    ("call", "phone"),
    ("message", "message-circle"),
    ("callout", "users"),
    ("log", "history"),
)
UNDO_MS: Final = 10_000


class UnitBar(QWidget):
    """``wanted`` carries a :data:`Deed` and the unit; ``more_wanted`` the unit whose menu is to be
    opened below the button. ``far``: its distance and from where, in words; ``way``: how long it
    may need."""

    wanted = Signal(str, str)
    more_wanted = Signal(str)
    left = Signal()

    def __init__(
        self,
        look: Look,
        source: UnitSource,
        clock: Clock,
        far: Callable[[str], str],
        parent: QWidget | None = None,
        *,
        way: Callable[[str], str] = lambda _key: "",
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._source = source
        self._clock = clock
        self._far = far
        self._way = way
        self._row: UnitRow | None = None
        self._lines_shown = 0
        self.deeds = {deed: FlatButton(look, icon_name=icon, parent=self) for deed, icon in BUTTONS}
        for deed, button in self.deeds.items():
            button.clicked.connect(lambda _=False, deed=deed: self.wanted.emit(deed, self.key))
        self.more = FlatButton(look, icon_name="menu-2", parent=self)
        self.more.clicked.connect(lambda: self.more_wanted.emit(self.key))
        self.close_it = FlatButton(look, icon_name="x", key="Esc", parent=self)
        self.close_it.clicked.connect(self.left)
        self._tick = QTimer(self)
        self._tick.setInterval(REDATE_MS)
        self._tick.timeout.connect(self._redate)
        source.changed.connect(self._changed)
        source.reset.connect(self._read)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retranslate()
        self.hide()

    @property
    def key(self) -> str:
        return self._row.key if self._row is not None else ""

    @property
    def is_shown(self) -> bool:
        return self._row is not None

    def show_unit(self, key: str) -> None:
        """Empty, or one that is not known: none."""
        self._row = self._source.row(key) if key in tuple(self._source.keys()) else None
        self.setVisible(self._row is not None)
        if self._row is None:
            self._tick.stop()
        else:
            self._tick.start()
            self._describe()

    def drop(self) -> None:
        self.show_unit("")

    def _changed(self, keys: tuple[str, ...]) -> None:
        if self.key in keys:
            self._read()

    def _redate(self) -> None:
        """Ages grow; a screen reader is told of what is new alone."""
        if self._lines() != self._lines_shown:
            self.updateGeometry()
        self.update()

    def _read(self) -> None:
        if self._row is not None:
            self.show_unit(self.key)

    def _facts(self) -> list[tuple[str, str]]:
        row = self._row
        return (
            []
            if row is None
            else list(facts(row, self._clock.now_s(), self._far(row.key), self._way(row.key)))
        )

    def _describe(self) -> None:
        row = self._row
        if row is not None:
            words = told(row, self._clock.now_s(), self._far(row.key), self._way(row.key))
            self.setAccessibleName(words.replace("\n", ". "))
            self.setToolTip(tip(words))
        self.updateGeometry()
        self.update()

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        for button in (*self.deeds.values(), self.more, self.close_it):
            button.set_look(look)
        self._place_buttons()
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        for deed, button in self.deeds.items():
            button.set_words("", deed_words(deed))
            button.setToolTip(deed_words(deed))
        self.more.set_words("", self.tr("More that can be done with the unit"))
        self.more.setToolTip(self.more.accessibleName())
        self.close_it.set_words("", self.tr("Close"))
        self._place_buttons()
        self._describe()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place_buttons()
        self.updateGeometry()

    def _place_buttons(self) -> None:
        right = self.width() - 8
        for button in (self.close_it, self.more, *reversed(self.deeds.values())):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, 6, size.width(), size.height())
            right -= 4
        self._right = right

    def _line_px(self) -> int:
        return self._look.metrics.small + 7

    def _head_px(self) -> int:
        return self._look.metrics.control + 10

    def sizeHint(self) -> QSize:
        self._lines_shown = self._lines()
        return QSize(200, self._head_px() + self._lines_shown * self._line_px() + 8)

    def _lines(self) -> int:
        return 1 + max((line for line, *_ in self._laid_out()), default=0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _laid_out(self) -> list[tuple[int, int, str, str]]:
        """Line, left edge, name and words of each fact; one that is too long for its line begins
        the next."""
        used, bold = QFontMetrics(font(self._look.metrics.small)), self._look.metrics.small
        names = QFontMetrics(font(bold, bold=True))
        line, x, laid = 0, PAD, []
        for name, words in self._facts():
            width = names.horizontalAdvance(name) + 7 + used.horizontalAdvance(words)
            if x > PAD and x + width > self.width() - PAD:
                line, x = line + 1, PAD
            laid.append((line, x, name, words))
            x += width + COLUMN_GAP
        return laid

    def paintEvent(self, _event: QPaintEvent) -> None:
        row = self._row
        if row is None:
            return
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.line)
        fill, middle = colour(row, p), self._head_px() / 2 + 1
        place = QRectF(PAD, middle - m.icon / 2, m.icon, m.icon)
        paint_symbol(painter, place, row.kind, fill, "#ffffff" if fill == p.alarm else p.ink)
        left = PAD + m.icon + 10
        head = QRect(left, 1, self._right - left - 6, self._head_px())
        width = paint.text(painter, head, row.call_sign, p.text, font(m.title, bold=True))
        if row.exercise:
            head.setLeft(head.left() + width + 10)
            paint.text(painter, head, self.tr("EXERCISE"), p.warning, font(m.small, bold=True))
        self._paint_facts(painter, p)
        painter.end()

    def _paint_facts(self, painter: QPainter, p: Palette) -> None:
        m = self._look.metrics
        for line, x, name, words in self._laid_out():
            y = self._head_px() + line * self._line_px()
            place = QRect(x, y, self.width() - PAD - x, self._line_px())
            width = paint.text(painter, place, name, p.muted, font(m.small))
            place.setLeft(x + width + 7)
            paint.text(painter, place, words, p.text, font(m.small, bold=True))


class DoneBar(QuestionBar):
    """Says what was done by one press, and takes it back by another, for some seconds."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "circle-check", parent)
        self._undo: Callable[[], object] | None = None
        self.offered_s = 0.0  # monotonic
        self.undo = FlatButton(look, icon_name="history", key="Ctrl+Z")
        self.undo.clicked.connect(self.take_back)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(UNDO_MS)
        self._leave.timeout.connect(self.drop)
        self._lay_out(self.undo)
        self.retranslate()

    def ink(self, p: Palette) -> str:
        return p.good

    def show_done(self, words: str, undo: Callable[[], object] | None) -> None:
        """Without ``undo`` it only says so."""
        self._undo = undo
        self.offered_s = time.monotonic()
        self.say(words)
        self.undo.setVisible(undo is not None)
        self.updateGeometry()
        self._leave.start()
        self.show()

    def take_back(self) -> None:
        undo = self._undo
        self.drop()
        if undo is not None:
            undo()

    def drop(self) -> None:
        self._undo = None
        self._leave.stop()
        self.hide()

    def retranslate(self) -> None:
        self.undo.set_words(self.tr("Undo"))
