"""What fills a form with one press: standard texts, the site's own ones, statuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QWidget

from resources.standard_texts import Words, standard_texts
from widgets import languages
from widgets.buttons import FlatButton, picked, plain
from widgets.contracts.rows import PostKind, StandardText, StatusChoice
from widgets.look import Look
from widgets.tips import tip

COLUMNS: Final = 4
FEWER: Final = 2  # where there is little room
FEWER_SHORT: Final = 3  # of statuses, which have short names
MOST: Final = 16
KEYS: Final = 9  # Alt+1 to Alt+9
BLANK: Final = ("⟨", "⟩")
"""Around what is to be written over in a standard text."""


def blank_in(text: str) -> tuple[int, int] | None:
    """Where the first one begins, and how long it is with its brackets."""
    begin = text.find(BLANK[0])
    end = text.find(BLANK[1], begin)
    return (begin, end + 1 - begin) if 0 <= begin < end else None


def said(words: Words) -> str:
    return str(getattr(words, languages.shown()))


def standard(kind: PostKind) -> list[StandardText]:
    """Those that come with the program, in the screen's language."""
    return [
        StandardText(said(one.title), said(one.text))
        for one in standard_texts()
        if one.kind == kind
    ]


def fill_grid(grid: QGridLayout, widgets: Sequence[QWidget], columns: int) -> None:
    """Row by row, each column as wide as another."""
    for n, widget in enumerate(widgets):
        grid.addWidget(widget, n // columns, n % columns)
    for column in range(grid.columnCount()):
        grid.setColumnStretch(column, 1 if column < columns else 0)


class FormChips(QWidget):
    """``text_chosen`` carries words for the form, ``status_chosen`` a status's key."""

    text_chosen = Signal(str)
    status_chosen = Signal(str)

    def __init__(self, look: Look, page: QWidget) -> None:
        """Alt and a figure press them wherever the keyboard is on ``page``."""
        super().__init__(page)
        self._texts: list[StandardText] = []
        self._statuses: list[StatusChoice] = []
        self._narrow = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.chips = [FlatButton(look, key=str(n + 1) if n < KEYS else "") for n in range(MOST)]
        for n, chip in enumerate(self.chips):
            chip.clicked.connect(lambda _=False, n=n: self._press(n))
        fill_grid(self._grid, self.chips, COLUMNS)
        for n in range(KEYS):
            keys = QShortcut(QKeySequence(f"Alt+{n + 1}"), page)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.setAutoRepeat(False)
            keys.activated.connect(lambda n=n: self._press(n))

    def set_narrow(self, narrow: bool) -> None:
        """Fewer beside each other, so that no word is cut."""
        self._narrow = narrow
        self._place()

    def _place(self) -> None:
        fewer = FEWER_SHORT if self._statuses else FEWER
        fill_grid(self._grid, self.chips, fewer if self._narrow else COLUMNS)

    def show_texts(self, texts: Sequence[StandardText]) -> None:
        self._texts, self._statuses = list(texts[:MOST]), []
        self._show([(one.title, one.text) for one in self._texts])

    def show_statuses(self, statuses: Sequence[StatusChoice], chosen: str) -> None:
        self._texts, self._statuses = [], list(statuses[:MOST])
        self._show([(one.name, one.name) for one in self._statuses])
        for one, chip in zip(self._statuses, self.chips, strict=False):
            chip.set_skin(picked if one.key == chosen else plain)

    def _show(self, words: Sequence[tuple[str, str]]) -> None:
        self._place()
        for n, chip in enumerate(self.chips):
            chip.setVisible(n < len(words))
            chip.set_skin(plain)
            if n < len(words):
                title, text = words[n]
                chip.set_words(title, text)
                chip.setToolTip(tip(text))
        self.setVisible(bool(words))

    def _press(self, n: int) -> None:
        if n < len(self._texts):
            self.text_chosen.emit(self._texts[n].text)
        elif n < len(self._statuses):
            self.status_chosen.emit(self._statuses[n].key)

    def set_look(self, look: Look) -> None:
        self._grid.setSpacing(look.metrics.gap)
        for chip in self.chips:
            chip.set_look(look)
