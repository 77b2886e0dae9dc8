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
        self._seen: frozenset[str] = frozenset()  # streams that had a row since then
        self._has_come = False  # somebody, after another
        self.hear = FlatButton(look, icon_name="volume")
        self.keep = FlatButton(look)
        self._lay_out(self.keep, self.hear)
        self.hear.clicked.connect(self._unmute)
        self.keep.clicked.connect(self._forget)
        source.changed.connect(self._look_again)  # no lambda: it would outlive the window
        source.reset.connect(self._look_again)
        self.retranslate()

    def show_person(self, person: str) -> None:
        """Who the desk was opened with is a change only after :meth:`sat_before`."""
        before, self._person = self._person, person
        if before is not None and before != person:
            self._came(person)

    def sat_before(self, person: str) -> None:
        """Who sat here when the desk was closed: what they had muted is known with its streams."""
        if self._person and self._person != person:
            self._came(self._person)

    def _came(self, person: str) -> None:
        self._left, self._seen, self._has_come = frozenset(), frozenset(), bool(person)
        self._tell(())
        self._look_again()

    def _look_again(self, _keys: object = ()) -> None:
        """A stream that is muted when it is first seen was muted by somebody before. Who unmutes
        one by hand knows of it, also when it is muted again."""
        if not self._has_come:
            return
        rows, known = muted_rows(self._source), frozenset(self._source.keys())
        left = [row for row in rows if row.key in self._left or row.key not in self._seen]
        if known <= self._seen and not self._left:
            return
        self._left, self._seen = frozenset(row.key for row in left), self._seen | known
        self._tell(left)

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
