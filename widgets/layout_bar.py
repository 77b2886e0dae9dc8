"""Says what was done to the tiles' layout, and takes it back while there is time."""

from __future__ import annotations

import math
import time
from typing import Final

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint, times
from widgets.buttons import FlatButton
from widgets.contracts.rows import LayoutDeed, LayoutDone
from widgets.contracts.sources import Clock, LayoutSource
from widgets.layout_menu import role_words
from widgets.look import Look, font
from widgets.question import QuestionBar
from widgets.theme import Palette
from widgets.tips import tip

TICK_MS: Final = 250
MOST_NAMES: Final = 3


class LayoutBar(QuestionBar):
    """``undone``: take it back."""

    undone = Signal()

    def __init__(
        self, look: Look, source: LayoutSource, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "layout-grid", parent)
        self._source = source
        self._clock = clock
        self._done: LayoutDone | None = None
        self.offered_s = 0.0  # monotonic
        self._more = ""
        self.undo = FlatButton(look, icon_name="arrow-back-up", key="Ctrl+Z")
        self.undo.clicked.connect(self.undone)
        self._lay_out(self.undo)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._tell)
        source.changed.connect(self.show_done)
        self.retranslate()

    def ink(self, p: Palette) -> str:
        """Amber where something is heard less now, or was to be, or a key selects another group."""
        done = self._done
        heeded = done is not None and bool(done.kept or done.softer or done.numbers)
        return p.warning if heeded else p.muted

    def show_done(self) -> None:
        done = self._source.done()
        if done == self._done:
            return
        self._done = done
        self.offered_s = time.monotonic()
        self.setVisible(done is not None)
        if done is None:
            self._tick.stop()
            return
        self._tick.start()
        self._tell()

    def _tell(self) -> None:
        done = self._done
        if done is None:
            return
        left_s = max(0, math.ceil(done.until_s - self._clock.now_s()))
        self.undo.set_words(self.tr("Undo ({0} s)").format(left_s), self.tr("Undo"))
        self._more = self._meaning(done)
        self.say(self._deed(done))
        self.setAccessibleName(f"{self._words} {self._more}".strip())
        self.setToolTip(tip("\n".join(part for part in (self._words, *self._names(done)) if part)))

    def _meaning(self, done: LayoutDone) -> str:
        """For what is heard, what is heard less first."""
        more = []
        if done.softer:
            more.append(self.tr("Heard less: {0}.").format(_some(done.softer)))
        if done.kept:
            more.append(self.tr("In use, left as it is: {0}.").format(_some(done.kept)))
        if done.lacking:
            more.append(self.tr("{0} streams did not fit.").format(done.lacking))
        if done.numbers:
            more.append(self.tr("Number keys now: {0}.").format(_numbered(done)))
        return " ".join(more)

    def _names(self, done: LayoutDone) -> tuple[str, ...]:
        """All of them, where the line has no room."""
        heads = (self.tr("Heard less: {0}."), self.tr("In use, left as it is: {0}."))
        both = zip(heads, (done.softer, done.kept), strict=True)
        told = [head.format(", ".join(names)) for head, names in both if names]
        if done.numbers:
            told.append(self.tr("Number keys now: {0}.").format(_numbered(done)))
        return tuple(told)

    def takes_one_line(self) -> bool:
        """But where what is heard less needs the other."""
        return not self._more and super().takes_one_line()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        left = 21 + m.icon
        line = QRect(left, self.undo.y(), self.undo.x() - left - 10, self.undo.height())
        paint.text(painter, line, self._more, p.warning, font(m.small))
        painter.end()

    def _deed(self, done: LayoutDone) -> str:
        words: dict[LayoutDeed, str] = {
            "page-made": self.tr("The page {0} is made."),
            "page-renamed": self.tr("The page {0} is called {1} now."),
            "page-deleted": self.tr("The page {0} is deleted; its talkgroups are among all."),
            "page-moved": self.tr("The page {0} is moved."),
            "on-page": self.tr("{0} is on the page {1} now."),
            "off-page": self.tr("{0} is taken from the page {1}."),
            "favourite": self.tr("{0} is a favourite: first on each page."),
            "no-favourite": self.tr("{0} is no favourite any more."),
            "moved": self.tr("{0} is moved."),
            "placed": self.tr("{0} sounds from another place."),
            "standard-saved": self.tr("This layout is the standard of {0} now."),
            "came": self.tr("The layout of {0} is here, saved {2}."),
            "standard-came": self.tr("The standard layout of {0} is here, saved {2}."),
        }
        is_role = done.deed in ("standard-saved", "standard-came")
        what = role_words(done.what) if is_role else done.what
        when = times.last_heard(done.saved_s, self._clock.now_s()) if done.saved_s else ""
        return words[done.deed].format(what, done.where, when)

    def retranslate(self) -> None:
        self._words = ""
        self._tell()


def _numbered(done: LayoutDone) -> str:
    return ", ".join(f"{number} {name}" for number, name in done.numbers)


def _some(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
