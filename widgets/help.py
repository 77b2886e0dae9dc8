"""The keys, over the map: never in front of the tiles or the alarms, never modal.

It takes no keyboard when it opens: the talk key goes on talking. Ctrl+F goes to its search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.keys import Keys, described
from widgets.labels import Words
from widgets.look import Look, font
from widgets.scrolled import ScrolledArea
from widgets.search import SearchField
from widgets.when_seen import MadeWhenSeen

TWO_COLUMNS_FROM: Final = 40  # times the height of a letter
MOST_PX: Final = 920  # wider is harder to read across
KEYS_GAP: Final = 6
KEYS_WIDTH: Final = 7.5  # times the height of a letter
WRAP: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class _Line:
    """A key and what it does, or (without a key) a group's name."""

    key: str
    words: str
    where: QRect


class HelpList(MadeWhenSeen):
    """The groups, in two columns where there is room, each line as high as its words need."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setObjectName("keys")
        self._searched = ""
        self._lines: list[_Line] = []

    def search(self, words: str) -> None:
        """Only what has all of them, in its keys, its words or its group's name."""
        self._searched = words
        self.renew()

    @property
    def shown(self) -> list[str]:
        """What can be read, from the top; for tests and a screen reader."""
        return [f"{line.key}  {line.words}".strip() for line in self._lines]

    def lay_out(self) -> None:
        m, gap = self._look.metrics, 3 * self._look.metrics.gap
        groups = [g for g in (_fitting(one, self._searched) for one in described()) if g.lines]
        columns = 2 if self.width() >= TWO_COLUMNS_FROM * m.small else 1
        width = (self.width() - (columns - 1) * gap) // columns
        heights = [self._put(group, QPoint(0, 0), width)[1] for group in groups]
        first = _balanced(heights) if columns == 2 else len(groups)
        self._lines, low = [], 0
        for n, part in enumerate((groups[:first], groups[first:])):
            y = 0
            for group in part:
                lines, y = self._put(group, QPoint(n * (width + gap), y), width)
                self._lines += lines
            low = max(low, y)
        self.setFixedHeight(max(low, m.row))
        self.setAccessibleName("; ".join(self.shown))
        self.update()

    def _put(self, group: Keys, at: QPoint, width: int) -> tuple[list[_Line], int]:
        """Its lines, and where they end."""
        m, y = self._look.metrics, at.y() + self._look.metrics.gap
        figures, indent = QFontMetrics(font(m.small)), round(KEYS_WIDTH * m.small)
        bold = QFontMetrics(font(m.small, bold=True))
        lines = [_Line("", group.name, QRect(at.x(), y, width, m.body + 6))]
        y += m.body + 10
        for keys, words in group.lines:
            room = QRect(at.x() + indent, y, width - indent, 10_000)
            left = QRect(at.x(), y, indent - KEYS_GAP, 10_000)
            high = figures.boundingRect(room, WRAP, words).height()
            high = max(high, bold.boundingRect(left, WRAP, _broken(keys)).height())
            lines.append(_Line(keys, words, QRect(at.x(), y, width, high)))
            y += high + m.px(3)
        return lines, y + m.gap

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.renew()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        indent = round(KEYS_WIDTH * m.small)
        for line in self._lines:
            if not line.key:
                paint.text(painter, line.where, line.words, p.muted, font(m.small, bold=True))
                continue
            painter.setPen(QColor(p.text))
            painter.setFont(font(m.small, bold=True))
            left = QRect(line.where.topLeft(), line.where.size())
            left.setWidth(indent - KEYS_GAP)
            painter.drawText(left, WRAP, _broken(line.key))
            painter.setFont(font(m.small))
            painter.drawText(line.where.adjusted(indent, 0, 0, 0), WRAP, line.words)
        painter.end()


def _broken(keys: str) -> str:
    """May go on below after a plus."""
    return keys.replace("+", "+\u200b")


def _fitting(group: Keys, searched: str) -> Keys:
    parts = searched.casefold().split()
    fits = [
        (keys, words)
        for keys, words in group.lines
        if all(part in f"{group.name} {keys} {words}".casefold() for part in parts)
    ]
    return Keys(group.name, tuple(fits))


def _balanced(heights: Sequence[int]) -> int:
    """How many stand in the first column, so that the higher one is as low as can be."""
    splits = range(len(heights) + 1)
    return min(splits, key=lambda n: (max(sum(heights[:n]), sum(heights[n:])), -n))


class HelpPanel(QWidget):
    closed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.title = Words(look, size="title", bold=True)
        self.field = SearchField(look, "Ctrl+F")
        self.close_button = FlatButton(look, icon_name="x", key="Esc")
        self.list = HelpList(look)
        self.area = ScrolledArea()
        self.area.setWidget(self.list)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.field, 1)
        self._head.addWidget(self.close_button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self.area, 1)
        self.field.textChanged.connect(self.list.search)
        self.field.down_pressed.connect(self.area.setFocus)
        self.close_button.clicked.connect(self.closed)
        self.set_look(look)
        self.retranslate()
        self.hide()

    def search(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def has_keyboard(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def set_look(self, look: Look) -> None:
        self._look = look
        m = look.metrics
        self._column.setContentsMargins(m.px(16), m.gap + 4, m.px(12), m.gap + 4)
        self._column.setSpacing(m.gap)
        self._head.setSpacing(2 * m.gap)
        for part in (self.title, self.field, self.close_button, self.list):
            part.set_look(look)
        self.update()

    def retranslate(self) -> None:
        self.title.say(self.tr("Keys"))
        self.setAccessibleName(self.tr("Keys"))
        self.area.setAccessibleName(self.tr("Keys"))
        self.field.set_hint(self.tr("Find a key, or what it does"))
        self.close_button.set_words("", self.tr("Close the help"))
        self.list.renew()

    def place_in(self, area: QRect) -> None:
        """Over the map, as large as it needs to be and is good to read."""
        m = self._look.metrics
        width = min(area.width() - 8, m.px(MOST_PX))
        self.resize(width, area.height() - 8)
        self._column.activate()
        self.list.ready()
        head = self.height() - self.area.viewport().height()
        height = min(area.height() - 8, head + self.list.height())
        self.setGeometry(QRect(0, 0, width, height))
        self.move(area.center() - self.rect().center())
        self.raise_()

    def hideEvent(self, _event: QEvent) -> None:
        self.field.clear()

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.panel, p.muted, 1.5, radius=8)
        painter.end()
