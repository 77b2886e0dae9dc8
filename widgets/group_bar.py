"""What became of a formed group that this desk is in: who made it, who is in it, and one press to
talk there; and that it is over."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.contracts.rows import GroupDeed, GroupNews, TalkgroupRow
from widgets.contracts.sources import GroupNewsSource, TalkgroupSource
from widgets.look import Look, font
from widgets.question import QuestionBar
from widgets.tips import tip

MOST_NAMES: Final = 3
BEGINS: Final[tuple[GroupDeed, ...]] = ("made", "joined")


class GroupBar(QuestionBar):
    """Stands until somebody talks there, or sends it away; one group at a time, the newest first.
    It moves the talk key by a press alone. ``talk_wanted`` carries the group and its stream,
    ``tile_wanted`` the stream, ``back_wanted`` the stream that was talked in before."""

    talk_wanted = Signal(str, str)
    tile_wanted = Signal(str)
    back_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        source: GroupNewsSource,
        talkgroups: TalkgroupSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "users", parent)
        self._source = source
        self._talkgroups = talkgroups
        self._row: GroupNews | None = None
        self._stream = ""  # whose tile it is, "" = it has none yet
        self._came_from: dict[str, str] = {}  # by group, the stream that was selected before
        self._more = ""
        self.talk = FlatButton(look, icon_name="microphone", key="Ctrl+Shift+J")
        self.tile = FlatButton(look, icon_name="target")
        self.back = FlatButton(look, icon_name="arrow-back-up")
        self.close_it = FlatButton(look, icon_name="x")
        self.talk.clicked.connect(self.talk_there)
        self.tile.clicked.connect(lambda: self.tile_wanted.emit(self._stream))
        self.back.clicked.connect(self._go_back)
        self.close_it.clicked.connect(self.drop)
        self._lay_out(self.talk, self.tile, self.back, self.close_it)
        source.changed.connect(self.show_newest)
        talkgroups.reset.connect(self.show_newest)
        talkgroups.changed.connect(self.show_newest)
        self.retranslate()

    # --- what it shows ---

    def show_newest(self, _keys: object = ()) -> None:
        """Who talks in one knows of it."""
        rows = list(self._source.rows())
        selected = self._selected() if rows else None
        if selected is not None and any(_is_talked_in(row, selected) for row in rows):
            self._source.drop(selected.talkgroup)  # which shows the next one
            return
        self._row = row = next(iter(rows), None)
        self.setVisible(row is not None)
        if row is not None:
            self._stream = self._stream_of(row.key)
            self._show(row)

    def _show(self, row: GroupNews) -> None:
        begins = row.deed in BEGINS
        before = self._name_of(self._came_from.get(row.key, ""))
        can_go_back = not begins and bool(before) and self._selected() is None
        self.talk.setVisible(begins)
        self.talk.setEnabled(bool(self._stream))
        self.tile.setVisible(begins and bool(self._stream))
        self.back.setVisible(can_go_back)
        self.back.set_words(self.tr("Talk in {0} again").format(before))
        self._more = self._what_now(begins=begins)
        said = self._deed_words(row)
        self.say(self.tr("EXERCISE: {0}").format(said) if row.exercise else said)
        self.setAccessibleName(f"{self._words} {self._more}".strip())
        in_all = self.tr("In it: {0}").format(", ".join(row.others)) if row.others else ""
        self.setToolTip(tip("\n".join(filter(None, (self._words, in_all)))))
        self.update()

    def _deed_words(self, row: GroupNews) -> str:
        made = self.tr("{0} has made the talkgroup {1}, with {2}.")
        words: dict[GroupDeed, str] = {
            "made": self.tr("The talkgroup {1} is made, with {2}.") if row.mine else made,
            "joined": self.tr("You are in the talkgroup {1} now, with {2}."),
            "ended": self.tr("The talkgroup {1} is over: ended by {0}."),
            "lapsed": self.tr("The talkgroup {1} is over: its time is out."),
            "left": self.tr("You are in the talkgroup {1} no more."),
        }
        others = _some(row.others) or self.tr("nobody else")
        return words[row.deed].format(row.who, row.name, others)

    def _what_now(self, *, begins: bool) -> str:
        if not begins:
            return ""
        if not self._stream:
            return self.tr("Its sound is on its way.")
        return self.tr("It is heard here. To talk in it:")

    # --- hands ---

    def talk_there(self) -> None:
        if self._row is not None and self.talk.isVisible() and self._stream:
            self.talk_wanted.emit(self._row.key, self._stream)

    def came_from(self, group: str, stream: str) -> None:
        """The way back, for when the group is over."""
        self._came_from = {group: stream}

    def _go_back(self) -> None:
        if self._row is not None:
            stream = self._came_from.get(self._row.key, "")
            self.drop()
            self.back_wanted.emit(stream)

    def drop(self) -> None:
        if self._row is not None:
            self._source.drop(self._row.key)

    # --- tiles ---

    def _rows(self) -> list[TalkgroupRow]:
        return [self._talkgroups.row(key) for key in tuple(self._talkgroups.keys())]

    def _stream_of(self, group: str) -> str:
        return next((row.key for row in self._rows() if row.talkgroup == group), "")

    def _name_of(self, stream: str) -> str:
        return next((row.name for row in self._rows() if row.key == stream), "")

    def _selected(self) -> TalkgroupRow | None:
        return next((row for row in self._rows() if row.attention == "selected"), None)

    # --- look ---

    def retranslate(self) -> None:
        self.talk.set_words(self.tr("Talk here now"), self.tr("The talk key talks in this group"))
        self.tile.set_words(self.tr("Show its tile"), self.tr("Go to the talkgroup's tile"))
        self.close_it.set_words("", self.tr("I know: take this away"))
        self._words = ""
        self.show_newest()

    def _more_place(self) -> QRect:
        """Beside the buttons."""
        m = self._look.metrics
        left, first = 21 + m.icon, self.close_it if self.talk.isHidden() else self.talk
        return QRect(left, first.y(), first.x() - left - 10, first.height())

    def takes_one_line(self) -> bool:
        """But where it has to say why one can't talk there yet."""
        return bool(not self._more or self._stream) and super().takes_one_line()

    def more_elides(self) -> bool:
        width = QFontMetrics(font(self._look.metrics.small)).horizontalAdvance(self._more)
        return width > self._more_place().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        if not self.takes_one_line() and not self.more_elides():
            paint.text(painter, self._more_place(), self._more, p.muted, font(m.small))
        painter.end()


def _is_talked_in(row: GroupNews, selected: TalkgroupRow) -> bool:
    return row.deed in BEGINS and row.key == selected.talkgroup


def _some(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
