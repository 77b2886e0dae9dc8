"""Says which talkgroups were muted before somebody signed in, and unmutes them by one press."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from widgets.buttons import FlatButton
from widgets.contracts.rows import TalkgroupRow
from widgets.contracts.sources import TalkgroupSource
from widgets.look import Look
from widgets.question import QuestionBar
from widgets.tips import tip

MOST_NAMES: Final = 3


def muted_rows(source: TalkgroupSource) -> list[TalkgroupRow]:
    """Those that would be heard if nobody had muted them."""
    rows = map(source.row, tuple(source.keys()))
    return [row for row in rows if row.muted and row.attention != "off"]


class LeftMutedBar(QuestionBar):
    """A mute is of a desk and of a moment, so it stays when the person changes; who comes is told.
    ``unmute_wanted`` carries a stream."""

    unmute_wanted = Signal(str)

    def __init__(self, look: Look, source: TalkgroupSource, parent: QWidget | None = None) -> None:
        super().__init__(look, "volume-off", parent)
        self._source = source
        self._person: str | None = None  # None: nobody has been told of yet
        self._left: frozenset[str] = frozenset()  # muted ever since that person came
        self.hear = FlatButton(look, icon_name="volume")
        self.keep = FlatButton(look)
        self._lay_out(self.keep, self.hear)
        self.hear.clicked.connect(self._unmute)
        self.keep.clicked.connect(self._forget)
        source.changed.connect(self._look_again)  # no lambda: it would outlive the window
        source.reset.connect(self._look_again)
        self.retranslate()

    def show_person(self, person: str) -> None:
        """Who the desk was opened with is no change."""
        before, self._person = self._person, person
        if before is None or before == person:
            return
        rows = muted_rows(self._source) if person else []
        self._left = frozenset(row.key for row in rows)
        self._tell(rows)

    def _look_again(self, _keys: object = ()) -> None:
        """Who unmutes one by hand knows of it, also when it is muted again."""
        if self._left:
            rows = [row for row in muted_rows(self._source) if row.key in self._left]
            self._left = frozenset(row.key for row in rows)
            self._tell(rows)

    def _tell(self, rows: Iterable[TalkgroupRow]) -> None:
        names = tuple(dict.fromkeys(row.name for row in rows))
        self.setVisible(bool(names))
        if names:
            more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
            words = self.tr("Muted since before you came: {0}.")
            self.say(words.format(", ".join(names[:MOST_NAMES]) + more))
            self.setToolTip(tip(words.format(", ".join(names))))

    def _unmute(self) -> None:
        for key in sorted(self._left):
            self.unmute_wanted.emit(key)

    def _forget(self) -> None:
        self._left = frozenset()
        self.hide()

    def retranslate(self) -> None:
        self.hear.set_words(self.tr("Hear again"), self.tr("Hear the muted talkgroups again"))
        self.keep.set_words(self.tr("Leave muted"))
        self._words = ""
        self._look_again()
