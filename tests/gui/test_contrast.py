"""What is really drawn on what: every word of the window's main states, measured on its ground.

The words are left out when the picture is made, so that what lies below them can be seen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.pictures import BY_DAY_TOO, STATES
from tests.gui.test_theme import TEXT, contrast
from widgets import paint
from widgets.window import DeskWindow

SAMPLES = 9  # along a word


@dataclass(frozen=True, slots=True)
class Written:
    words: str
    ink: str
    place: QRect  # in the window


class Pen:
    """Notes what would be written, and writes nothing."""

    def __init__(self) -> None:
        self.window: DeskWindow | None = None
        self.notes: list[Written] = []
        self.real = paint.text

    def __call__(
        self,
        painter: QPainter,
        rect: QRect,
        words: str,
        colour: str,
        used: QFont,
        *,
        align: Qt.AlignmentFlag = paint.LEFT,
    ) -> int:
        if not words or rect.width() <= 0:
            return 0
        figures = QFontMetrics(used)
        shown = figures.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        widget = self._widget(painter)
        if widget is not None and self.window is not None and widget.window() is self.window:
            lies = figures.boundingRect(rect, int(align), shown).intersected(rect)
            lies = painter.worldTransform().mapRect(lies)
            at = widget.mapTo(self.window, QPoint(0, 0))
            visible = widget.visibleRegion().boundingRect()
            if visible.contains(lies.center()):
                self.notes.append(Written(shown, colour, lies.translated(at)))
        return figures.horizontalAdvance(shown)

    def _widget(self, painter: QPainter) -> QWidget | None:
        """On which it is written; a tile writes on a picture of its own first."""
        device: Any = painter.device()
        if isinstance(device, QWidget):
            return device
        frame: Any = sys._getframe(2)
        while frame is not None:
            owner = frame.f_locals.get("self")
            if isinstance(owner, QWidget):
                return owner
            frame = frame.f_back
        return None


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pen]:
    made = Pen()
    monkeypatch.setattr(paint, "text", made)
    yield made


def ground(image: QImage, place: QRect) -> str:
    """The colour that lies below most of it."""
    xs = [place.left() + (2 * n + 1) * place.width() // (2 * SAMPLES) for n in range(SAMPLES)]
    ys = (place.center().y() - 2, place.center().y() + 2)
    inside = [(x, y) for x in xs for y in ys if image.rect().contains(x, y)]
    found = [image.pixelColor(x, y).name() for x, y in inside]
    return max(set(found), key=found.count) if found else ""


def labels(window: DeskWindow) -> list[Written]:
    """What Qt writes itself: its ground is that of its widget's parent, seen beside the words."""
    kinds = (QLabel, QLineEdit)
    found = []
    for widget in (w for kind in kinds for w in window.findChildren(kind)):
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            ink = widget.palette().color(widget.foregroundRole()).name()
            edge = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(4, 4, -4, -4)
            edge.setHeight(1)
            found.append(Written(widget.accessibleName() or "label", ink, edge))
    return found


ALWAYS: Final = (*BY_DAY_TOO, "talking-in-four", "hand-over", "escalated-alarm", "pages")


@pytest.mark.parametrize(
    ("state", "theme"),
    [
        pytest.param(state, theme, marks=() if state in seen else pytest.mark.long)
        for theme, seen in (("night", ALWAYS), ("day", BY_DAY_TOO))
        for state in STATES
    ],
)
def test_every_word_can_be_read_where_it_stands(
    open_desk: Open, pen: Pen, state: str, theme: str
) -> None:
    make, show = STATES[state]
    window, desk = open_desk(make(), size=(1_366, 768), theme=theme)
    pen.window = window
    show(window, desk)
    QTest.qWait(60)
    window._apply_look()  # pictures of tiles are made anew, without words
    pen.notes.clear()
    image = window.grab().toImage()
    assert len(pen.notes) > 60, "nearly all words of the window"
    bad = {}
    for one in (*pen.notes, *labels(window)):
        below = ground(image, one.place)
        if below and contrast(QColor(one.ink).name(), below) < TEXT:
            bad[one.words] = (one.ink, below, round(contrast(QColor(one.ink).name(), below), 2))
    assert bad == {}


def test_it_would_be_seen_if_one_could_not(open_desk: Open, pen: Pen) -> None:
    """The measure itself: words in nearly their ground's colour are found."""
    window, _ = open_desk(fakes.make(), size=(1_366, 768))
    pen.window = window
    window.grab()
    image = window.grab().toImage()
    heading = next(one for one in pen.notes if one.words == "Enheter")
    below = ground(image, heading.place)
    assert below == window._look.palette.background
    assert contrast("#2f3e4a", below) < TEXT < contrast(heading.ink, below)
