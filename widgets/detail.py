"""All of a chosen row, to be read and copied: some lines of it, the rest is scrolled to.

A word that is longer than a line is broken: a label would be cut at its edge.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit

from widgets.look import Look, font

EDGE_PX: Final = 3  # its frame and padding, in the style sheet


class Detail(QPlainTextEdit):
    """``lines``: how many can be seen; the list above it keeps its height whatever it says."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def set_look(self, look: Look) -> None:
        used = font(look.metrics.small)
        self.setFont(used)
        edges = 2 * (EDGE_PX + round(self.document().documentMargin()))
        self.setFixedHeight(self._lines * QFontMetrics(used).lineSpacing() + edges)
