"""Asks before kept calls are deleted, and for a while takes the answer back. Never modal."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from widgets.buttons import FlatButton
from widgets.contracts.sources import Clock
from widgets.look import Look
from widgets.question import QuestionBar

GRACE_S: Final = 10.0  # chosen: to read the sentence again and press a key
TICK_MS: Final = 200
CHOICES: Final = (0.0, 8.0, 24.0, 72.0, 168.0)  # hours; 168 is the engine's most


def hours_words(hours: float) -> str:
    translate = QCoreApplication.translate
    if not hours:
        return translate("retention", "not at all")
    return translate("retention", "{0} h").format(QLocale().toString(hours, "g"))


class RetentionBar(QuestionBar):
    """``decided`` carries the hours, once there is no way back any more."""

    decided = Signal(float)

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, "history", parent)
        self._clock = clock
        self._hours: float | None = None  # None: nothing is asked
        self._until_s: float | None = None  # then it is done; None: not answered yet
        self.yes = FlatButton(look)
        self.no = FlatButton(look, key="Esc")
        self.yes.clicked.connect(self._answered)
        self.no.clicked.connect(self.drop)
        self._lay_out(self.no, self.yes)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._look_at_clock)
        self.retranslate()

    @property
    def is_asking(self) -> bool:
        return self._hours is not None

    def ask(self, hours: float) -> None:
        """Whether calls are to be kept for so much shorter. The way back has the keyboard."""
        self._hours, self._until_s = hours, None
        self._tick.stop()
        self.yes.show()
        self._tell()
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop(self) -> None:
        """Nothing is deleted."""
        self._hours = self._until_s = None
        self._tick.stop()
        self.hide()

    def _answered(self) -> None:
        self._until_s = self._clock.now_s() + GRACE_S
        self.yes.hide()
        self._tick.start()
        self._tell()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_at_clock(self) -> None:
        hours = self._hours
        if hours is not None and self._left_s() <= 0.0:
            self.drop()
            self.decided.emit(hours)
            return
        self._tell()

    def _left_s(self) -> float:
        """A clock that is set back begins it anew."""
        now_s = self._clock.now_s()
        if self._until_s is None:
            return 0.0
        self._until_s = min(self._until_s, now_s + GRACE_S)
        return self._until_s - now_s

    def _tell(self) -> None:
        self.yes.set_words(
            self.tr("Delete older calls") if self._hours else self.tr("Delete all calls")
        )
        self.no.set_words(self.tr("Undo") if self._until_s is not None else self.tr("Keep them"))
        self.say(self._sentence())

    def _sentence(self) -> str:
        if self._hours is None:
            return ""
        if self._until_s is not None:
            left = math.ceil(max(0.0, self._left_s()))
            if not self._hours:
                return self.tr("All kept calls are deleted in {0} s.").format(left)
            return self.tr("Calls older than {0} are deleted in {1} s.").format(
                hours_words(self._hours), left
            )
        if not self._hours:
            return self.tr("Keep no calls? All that are kept are deleted for good.")
        return self.tr("Keep calls for {0}? Older ones are deleted for good.").format(
            hours_words(self._hours)
        )

    def retranslate(self) -> None:
        self._words = ""
        self._tell()
