"""What stands above and below a list of alarms that is too long: how many are out of sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import times
from widgets.buttons import FlatButton, plain, strong
from widgets.contracts.rows import AlarmRow
from widgets.labels import Words
from widgets.look import Look


@dataclass(frozen=True, slots=True)
class Hidden:
    """Alarms on one side of what is seen. ``newest`` is of those that nobody has acknowledged, or
    of all when each has been."""

    count: int = 0
    unacknowledged: int = 0
    newest: str = ""
    newest_s: float = 0.0


def hidden(rows: Sequence[AlarmRow]) -> Hidden:
    if not rows:
        return Hidden()
    raised = [row for row in rows if row.state == "raised"]
    newest = max(raised or rows, key=lambda row: row.raised_s)
    return Hidden(len(rows), len(raised), newest.key, newest.raised_s)


class Edge(QWidget):
    """A line of its own, so that it covers no alarm: a button that leads to the newest of those
    that are out of sight on this side, or else quiet words. ``wanted`` carries that alarm's key."""

    wanted = Signal(str)

    def __init__(self, look: Look, arrow: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrow = arrow
        self._hidden = Hidden()
        self._quiet = ""
        self.button = FlatButton(look)
        self.words = Words(look, bold=True, icon_name="alert-circle")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.button)
        line.addWidget(self.words)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(lambda: self.wanted.emit(self._hidden.newest))
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        self.button.set_look(look)
        self.words.set_look(look)
        self.setFixedHeight(self.button.sizeHint().height())

    def show_hidden(self, hidden: Hidden, quiet: str) -> None:
        """``quiet``: what stands here when nothing is hidden on this side."""
        self._hidden, self._quiet = hidden, quiet
        self.retranslate()

    def retranslate(self) -> None:
        is_any = self._hidden.count > 0
        if not is_any and self.button.hasFocus():
            self.button.clearFocus()  # to no other button: Enter is still down
        self.button.setVisible(is_any)
        self.words.setVisible(not is_any and bool(self._quiet))
        self.words.say(self._quiet)
        self.button.set_skin(strong if self._hidden.unacknowledged else plain)
        self.button.set_words(f"{self._arrow} {self._said()}", self._said())

    def _said(self) -> str:
        one = self._hidden
        newest = times.clock_short(one.newest_s)
        if 0 < one.unacknowledged < one.count:
            words = self.tr("{0} more, {1} unacknowledged, newest {2}")
            return words.format(one.count, one.unacknowledged, newest)
        if one.unacknowledged == 1:
            return self.tr("1 unacknowledged more, newest {0}").format(newest)
        if one.unacknowledged:
            return self.tr("{0} unacknowledged more, newest {1}").format(one.count, newest)
        return self.tr("{0} more, newest {1}").format(one.count, newest)
