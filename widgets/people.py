"""The page for people: choose who, then write to them, call them out, or put them in a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.buttons import FlatButton, Skin, plain
from widgets.contracts.actions import Posting
from widgets.contracts.rows import Answer, PostKind, PostRow, ReceiverRow
from widgets.contracts.sources import PeopleSource
from widgets.emptiness import EmptyNote
from widgets.fields import Field
from widgets.heading import Heading
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import Page
from widgets.people_rows import (
    ANSWERS,
    POST_ICONS,
    PostDelegate,
    ReceiverDelegate,
    answer_words,
    kind_words,
    said_post,
    said_receiver,
)
from widgets.rows import RowList, RowModel
from widgets.search import SearchField
from widgets.theme import Palette
from widgets.twice import TwiceButton
from widgets.unit_order import has_words

MAX_RECEIVERS: Final = 64
MAX_TEXT: Final = 1_000
MAX_GROUP_NAME: Final = 12
"""Names on radios have at most 12 characters."""
KINDS: Final[tuple[PostKind, ...]] = ("message", "callout", "group")
GATHER_MS: Final = 60


def picked(p: Palette) -> Skin:
    """The one of several that is chosen: a white frame, as the selected tile has."""
    return Skin(p.raised, p.line, p.text, p.selected)


class PeoplePage(Page):
    """``refused``: what was said could not be kept."""

    refused = Signal()

    def __init__(
        self, look: Look, source: PeopleSource, posting: Posting, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._posting = posting
        self._kind: PostKind = "message"
        self._picked: dict[str, ReceiverRow] = {}
        self._known: tuple[ReceiverRow, ...] = ()
        self._told = ""  # what was done last, until something is typed
        self._make_parts(look)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.search = SearchField(look, "Ctrl+N", self)
        self.who = RowList(ReceiverDelegate(look, self._picked.__contains__, self), self)
        self.receiver_model: RowModel[ReceiverRow] = RowModel(
            lambda row: said_receiver(row, row.key in self._picked), self
        )
        self.who.setModel(self.receiver_model)
        self._nobody = EmptyNote(look, "users", self.who)
        self.to = Words(look, bold=True, icon_name="users", ink="muted")
        self.clear = FlatButton(look)
        self.kinds = {kind: FlatButton(look, icon_name=POST_ICONS[kind]) for kind in KINDS}
        self.text = Field()
        self.send = FlatButton(look, key="Enter")
        self.note = Words(look, ink="muted", icon_name="message-circle")
        self.heading = Heading(look)
        self.posts = RowList(PostDelegate(look, self), self)
        self.post_model: RowModel[PostRow] = RowModel(said_post, self)
        self.posts.setModel(self.post_model)
        self._nothing = EmptyNote(look, "message-circle", self.posts)
        self.answers = {answer: FlatButton(look) for answer in ANSWERS}
        self.read = FlatButton(look, icon_name="check")
        self.end = TwiceButton(look, icon_name="x")
        self._gather = QTimer(self)
        self._gather.setInterval(GATHER_MS)
        self._gather.setSingleShot(True)

    def _lay_out(self) -> None:
        self._lines = [QHBoxLayout() for _ in range(4)]
        chosen, kinds, say, posts = self._lines
        chosen.addWidget(self.to, 1)
        chosen.addWidget(self.clear)
        for button in self.kinds.values():
            kinds.addWidget(button)
        kinds.addStretch(1)
        say.addWidget(self.text, 1)
        say.addWidget(self.send)
        posts.addWidget(self.heading, 1)
        for button in (*self.answers.values(), self.read, self.end):
            posts.addWidget(button)
        self.column.addWidget(self.search)
        self.column.addWidget(self.who, 4)
        for line in (chosen, kinds, say):
            self.column.addLayout(line)
        self.column.addWidget(self.note)
        self.column.addLayout(posts)
        self.column.addWidget(self.posts, 5)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show_receivers)
        self.search.down_pressed.connect(self._into_list)
        self.search.returnPressed.connect(self._pick_first)
        self.who.clicked.connect(self._pick_at)
        self.who.activated.connect(self._pick_at)
        self.clear.clicked.connect(self._pick_nobody)
        for kind, button in self.kinds.items():
            button.clicked.connect(lambda _=False, kind=kind: self.choose(kind))
        self.text.textEdited.connect(self._typed)
        self.text.returnPressed.connect(self.say_it)
        self.text.escaped.connect(self.search.setFocus)
        self.send.clicked.connect(self.say_it)
        self.posts.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())
        self.posts.selectionModel().currentChanged.connect(lambda *_: self.end.calm())
        self.posts.activated.connect(lambda _index: self._read())
        for answer, button in self.answers.items():
            button.clicked.connect(lambda _=False, answer=answer: self._answer(answer))
        self.read.clicked.connect(self._read)
        self.end.confirmed.connect(self._end)
        self._source.changed.connect(self._changed)
        self._gather.timeout.connect(self.reload)

    def stops(self) -> tuple[QWidget, ...]:
        return (
            self.search,
            self.who,
            self.clear,
            *self.kinds.values(),
            self.text,
            self.send,
            self.posts,
            *self.answers.values(),
            self.read,
            self.end,
        )

    def open(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def write_to(self, key: str) -> None:
        """Somebody was chosen elsewhere: only the words are missing."""
        row = next((one for one in self._source.candidates() if one.key == key), None)
        if row is not None:
            self._picked.clear()
            self._picked[key] = row
            self._show_picked()
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- who ---

    def _changed(self) -> None:
        if self.isVisible() and not self._gather.isActive():
            self._gather.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        self._gather.stop()
        super().hideEvent(event)

    def reload(self) -> None:
        self._known = tuple(self._source.candidates())
        self._show_receivers()
        self._show_posts()

    def _show_receivers(self) -> None:
        rows = [
            row for row in self._known if has_words(f"{row.name} {row.detail}", self.search.text())
        ]
        before = self._current_receiver()
        self.receiver_model.take(rows)
        keys = [row.key for row in rows]
        if before is not None and before.key in keys:
            self.who.setCurrentIndex(self.receiver_model.index(keys.index(before.key)))
        self._nobody.setVisible(not rows)
        self._show_picked()

    def _current_receiver(self) -> ReceiverRow | None:
        index = self.who.currentIndex()
        return self.receiver_model.row(index.row()) if index.isValid() else None

    def _into_list(self) -> None:
        if self.receiver_model.rowCount():
            if not self.who.currentIndex().isValid():
                self.who.setCurrentIndex(self.receiver_model.index(0))
            self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick_first(self) -> None:
        """Enter takes the first that was found, and the next can be typed at once. With nothing
        typed one goes on to the words."""
        if not self.search.text():
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.receiver_model.rowCount():
            self._pick(self.receiver_model.row(0))
            self.search.clear()

    def _pick_at(self, index: QModelIndex) -> None:
        self._pick(self.receiver_model.row(index.row()))

    def _pick(self, row: ReceiverRow) -> None:
        if row.key in self._picked:
            del self._picked[row.key]
        elif len(self._picked) < MAX_RECEIVERS:
            self._picked[row.key] = row
        self._told = ""
        self._show_picked()

    def _pick_nobody(self) -> None:
        self._picked.clear()
        self._show_picked()

    def _show_picked(self) -> None:
        names = ", ".join(row.name for row in self._picked.values())
        words = self.tr("To: {0}").format(names) if names else self.tr("Nobody is chosen yet")
        self.to.say(words, ink="text" if names else "muted")
        self.clear.setVisible(bool(names))
        self.who.viewport().update()
        self._show_kind()

    # --- what ---

    def choose(self, kind: PostKind) -> None:
        self._kind = kind
        self._told = ""
        self._show_kind()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        self._told = ""
        self._show_kind()

    def _show_kind(self) -> None:
        for kind, button in self.kinds.items():
            button.set_skin(picked if kind == self._kind else plain)
            said = self.tr("chosen") if kind == self._kind else ""
            button.set_words(kind_words(kind), ", ".join(filter(None, (kind_words(kind), said))))
        most = MAX_GROUP_NAME if self._kind == "group" else MAX_TEXT
        with QSignalBlocker(self.text):
            self.text.setMaxLength(most)
        hints = {
            "message": self.tr("What the message says"),
            "callout": self.tr("Where they are to go, and what for"),
            "group": self.tr("The talkgroup's name, 12 characters at most"),
        }
        self.text.setPlaceholderText(hints[self._kind])
        self.text.setAccessibleName(hints[self._kind])
        words = {
            "message": self.tr("Send"),
            "callout": self.tr("Call out"),
            "group": self.tr("Form the group"),
        }
        self.send.set_words(words[self._kind])
        self.send.setEnabled(not self._why_not())
        self._show_note()

    def _why_not(self) -> str:
        """Why it can't be said now, "" = it can."""
        if not self._picked:
            return self.tr("Choose who first: type a name and press Enter, or click.")
        if self._kind == "group" and any(row.kind == "group" for row in self._picked.values()):
            return self.tr("A talkgroup can't be in another: choose units and desks.")
        if not self.text.text().strip():
            return self._what_happens()
        return ""

    def _what_happens(self) -> str:
        words = {
            "message": self.tr("Everybody who is chosen gets it. Who has read it shows below."),
            "callout": self.tr(
                "They answer yes, no or delayed; after 2 minutes they are reminded."
            ),
            "group": self.tr("They and this desk are in it for 4 hours, or until you end it."),
        }
        return words[self._kind]

    def _show_note(self) -> None:
        icon = POST_ICONS[self._kind]
        if self._told:
            self.note.say(self._told, ink="good", icon_name="circle-check")
        elif len(self._picked) >= MAX_RECEIVERS:
            self.note.say(self.tr("No more than 64 at a time."), ink="warning", icon_name=icon)
        else:
            self.note.say(self._why_not() or self._what_happens(), ink="muted", icon_name=icon)

    def say_it(self) -> None:
        if self._why_not():
            self._show_note()
            return
        to, text = tuple(self._picked), self.text.text().strip()
        do: dict[PostKind, Callable[[], bool]] = {
            "message": lambda: self._posting.send_message(to, text),
            "callout": lambda: self._posting.call_out(to, text),
            "group": lambda: self._posting.form_group(text, to),
        }
        if not do[self._kind]():
            self.note.say(
                self.tr(
                    "This could not be kept, not even on this machine's disk. Say it by voice."
                ),
                ink="warning",
                icon_name="alert-circle",
            )
            self.refused.emit()
            return
        self._told = self.tr("{0} to {1}").format(kind_words(self._kind), self.to_names())
        self.text.clear()
        self._picked.clear()
        self._show_picked()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def to_names(self) -> str:
        return ", ".join(row.name for row in self._picked.values())

    # --- what became of it ---

    def _show_posts(self) -> None:
        rows = self._source.posts()
        before = self._current_post()
        self.post_model.take(rows)
        keys = [row.key for row in rows]
        if keys:
            at = keys.index(before.key) if before is not None and before.key in keys else 0
            self.posts.setCurrentIndex(self.post_model.index(at))
        self._nothing.setVisible(not rows)
        self.heading.set_count(len(rows), len(rows))
        self._show_buttons()

    def _current_post(self) -> PostRow | None:
        index = self.posts.currentIndex()
        return self.post_model.row(index.row()) if index.isValid() else None

    def _show_buttons(self) -> None:
        row = self._current_post()
        wanted = row.wanted if row is not None else ()
        for answer, button in self.answers.items():
            button.setVisible(answer in wanted)
        self.read.setVisible(row is not None and row.waits and row.kind == "message")
        self.end.setVisible(row is not None and row.can_end)

    def _read(self) -> None:
        row = self._current_post()
        if row is not None and row.kind == "message" and row.waits:
            self._posting.read_message(row.key)

    def _answer(self, answer: Answer) -> None:
        row = self._current_post()
        if row is not None and answer in row.wanted:
            self._posting.answer_callout(row.key, answer)

    def _end(self) -> None:
        row = self._current_post()
        if row is not None and row.can_end:
            self._posting.end_post(row.key)

    # --- look ---

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.text.setFont(font(look.metrics.small))
        self.text.setFixedHeight(look.metrics.control + 4)
        for line in self._lines:
            line.setSpacing(look.metrics.gap)
        for part in (
            self.search,
            self.who,
            self.posts,
            self.heading,
            self._nobody,
            self._nothing,
        ):
            part.set_look(look)

    def retranslate(self) -> None:
        super().retranslate()
        self.title.say(self.tr("People: message, call-out, talkgroup"))
        self.setAccessibleName(self.title.text())
        self.search.set_hint(self.tr("Who: name, status, duty"))
        self.who.setAccessibleName(self.tr("Who can be chosen; Enter chooses"))
        self.clear.set_words(self.tr("Clear"), self.tr("Choose nobody"))
        self.heading.set_words(self.tr("Sent and received"))
        self.posts.setAccessibleName(self.tr("Sent and received, what waits for you first"))
        for answer, button in self.answers.items():
            button.set_words(answer_words(answer))
        self.read.set_words(self.tr("Read"), self.tr("Say that you have read it"))
        self.end.set_usual(self.tr("End"), self.tr("End the call-out or the talkgroup"))
        self._nobody.set_words(
            self.tr("Nobody fits the search"), self.tr("Press Esc to see everybody again.")
        )
        self._nothing.set_words(
            self.tr("Nothing has been sent yet"),
            self.tr("Messages, call-outs and talkgroups appear here, with who has answered."),
        )
        self._show_picked()
        if self.isVisible():
            self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._nobody.setGeometry(self.who.rect())
        self._nothing.setGeometry(self.posts.rect())
