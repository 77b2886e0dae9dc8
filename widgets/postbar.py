"""What somebody wants of this desk: a message to be read, or a call-out to be answered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from widgets.buttons import FlatButton
from widgets.contracts.actions import Posting
from widgets.contracts.rows import Answer, PostRow
from widgets.contracts.sources import PeopleSource
from widgets.look import Look
from widgets.people_rows import ANSWERS, answer_words, exercise_word
from widgets.question import QuestionBar


class PostBar(QuestionBar):
    """Stands until it has been read or answered, one at a time, call-outs first. ``wanted``: all
    of them are to be seen."""

    wanted = Signal()

    def __init__(
        self, look: Look, source: PeopleSource, posting: Posting, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "message-circle", parent)
        self._source = source
        self._posting = posting
        self._row: PostRow | None = None
        self.all = FlatButton(look, key="Ctrl+N")
        self.read = FlatButton(look, icon_name="check", key="F7")
        self.answers = {answer: FlatButton(look) for answer in ANSWERS}
        self.all.clicked.connect(self.wanted)
        self.read.clicked.connect(self.read_it)
        for answer, button in self.answers.items():
            button.clicked.connect(lambda _=False, answer=answer: self._answer(answer))
        self._lay_out(self.all, *self.answers.values(), self.read)
        source.changed.connect(self.show_next)
        self.retranslate()

    def show_next(self) -> None:
        self._row = row = self._source.waiting()
        self.setVisible(row is not None)
        if row is None:
            return
        said = self._words_of(row).format(row.who, row.text)
        self.say(f"{exercise_word()} · {said}" if row.exercise else said)
        self.read.setVisible(row.kind == "message" or row.called_off)
        for answer, button in self.answers.items():
            button.setVisible(answer in row.wanted)

    def _words_of(self, row: PostRow) -> str:
        if row.called_off:
            return self.tr("{0} has called off the call-out: {1}")
        if row.kind == "callout":
            return self.tr("{0} calls out: {1}")
        return self.tr("{0} writes: {1}")

    def read_it(self) -> None:
        if self._row is not None and self._row.called_off:
            self._source.know(self._row.key)
        elif self._row is not None and self._row.kind == "message":
            self._posting.read_message(self._row.key)

    def _answer(self, answer: Answer) -> None:
        if self._row is not None and answer in self._row.wanted:
            self._posting.answer_callout(self._row.key, answer)

    def retranslate(self) -> None:
        self.all.set_words(self.tr("All"), self.tr("Show all messages and call-outs"))
        self.read.set_words(self.tr("Read"), self.tr("Say that you have read it"))
        for answer, button in self.answers.items():
            button.set_words(answer_words(answer))
        self.show_next()
