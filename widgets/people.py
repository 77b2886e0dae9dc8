"""The page for people: choose who, then write to them, call them out, or put them in a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QWidget

from widgets.buttons import FlatButton, picked, plain
from widgets.contracts.actions import Posting
from widgets.contracts.rows import Answer, PostKind, PostRow, ReceiverRow, StandardText
from widgets.contracts.sources import PeopleSource
from widgets.emptiness import ListNote
from widgets.form_chips import FormChips, blank_in, fill_grid, standard
from widgets.heading import Heading
from widgets.labels import Words
from widgets.look import Look, font
from widgets.page import FreshPage
from widgets.people_rows import (
    ANSWERS,
    POST_ICONS,
    PostDelegate,
    ReceiverDelegate,
    answer_words,
    kind_words,
    not_kept_words,
    post_words,
    said_post,
    said_receiver,
)
from widgets.rows import RowList, RowModel
from widgets.search import SearchField
from widgets.text_field import TextField
from widgets.twice import TwiceButton
from widgets.typing_guard import COMMANDS
from widgets.unit_order import has_words

MAX_RECEIVERS: Final = 64
MAX_TEXT: Final = 1_000
MAX_GROUP_NAME: Final = 12
"""Names on radios have at most 12 characters."""
KINDS: Final[tuple[PostKind, ...]] = ("message", "callout", "status", "group", "patch")
WORDLESS: Final[tuple[PostKind, ...]] = ("status", "patch")
PATCHED: Final = (2, 4)  # talkgroups
FEWER_KINDS: Final = 3
LEAST_ROWS: Final = 2
NARROW: Final = 46  # times the small font: fewer stand beside each other


class PeoplePage(FreshPage):
    """``refused``: what was said could not be kept; ``called_out`` carries a call-out's key and who
    was called."""

    GATHER_MS = 60
    refused = Signal()
    called_out = Signal(str, str)

    def __init__(
        self, look: Look, source: PeopleSource, posting: Posting, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._posting = posting
        self._kind: PostKind = "message"
        self._words_kind: PostKind = "message"  # what was being written before a group's name
        self._put_aside = {False: "", True: ""}  # by whether it is a group's name
        self._begun_by = ""  # who has left words here that were not sent
        self._who = ""
        self._picked: dict[str, ReceiverRow] = {}
        self._known: tuple[ReceiverRow, ...] = ()
        self._told = ""  # what was done last, until something is typed
        self._status = ""  # that was picked, to be sent
        self._by_phone = ""  # who is wanted in a conference, and has no radio
        self._is_offered = False  # Enter takes who is marked in the list: nothing was typed yet
        self._was_interrupted = False  # while words were written that are still there
        self._make_parts(look)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.search = SearchField(look, "Ctrl+N", self)
        is_picked = self._picked.__contains__
        self.who = RowList(ReceiverDelegate(look, is_picked, self), self, least_rows=LEAST_ROWS)
        self.receiver_model: RowModel[ReceiverRow] = RowModel(
            lambda row: said_receiver(row, row.key in self._picked), self
        )
        self.who.setModel(self.receiver_model)
        self._nobody = ListNote(look, "users", self.who)
        self.to = Words(look, bold=True, icon_name="users", ink="muted")
        self.clear = FlatButton(look)
        self.kinds = {kind: FlatButton(look, icon_name=POST_ICONS[kind]) for kind in KINDS}
        self.confer_button = FlatButton(look, icon_name="users", key="Ctrl+J")
        self.chips = FormChips(look, self)
        self.text = TextField(MAX_TEXT)
        self.keep = FlatButton(look)
        self.send = FlatButton(look, key="Ctrl+Enter", once=True)
        self.note = Words(look, ink="muted", icon_name="message-circle")
        self.heading = Heading(look)
        self.detail = Words(look, ink="muted", icon_name="users")
        self.posts = RowList(PostDelegate(look, self), self, least_rows=LEAST_ROWS)
        self.post_model: RowModel[PostRow] = RowModel(said_post, self)
        self.posts.setModel(self.post_model)
        self._nothing = ListNote(look, "message-circle", self.posts)
        self.answers = {answer: FlatButton(look) for answer in ANSWERS}
        self.read = FlatButton(look, icon_name="check")
        self.end = TwiceButton(look, icon_name="x")

    def _lay_out(self) -> None:
        self._lines = [QHBoxLayout() for _ in range(3)]
        self._kinds_grid = QGridLayout()
        chosen, say, posts = self._lines
        chosen.addWidget(self.to, 1)
        chosen.addWidget(self.clear)
        self._set_narrow(False)
        say.addWidget(self.text, 1)
        say.addWidget(self.keep)
        say.addStretch(0)
        say.addWidget(self.send)
        posts.addWidget(self.heading, 1)
        for button in (*self.answers.values(), self.read, self.end):
            posts.addWidget(button)
        self.column.addWidget(self.search)
        self.column.addWidget(self.who, 4)
        self.column.addLayout(self._kinds_grid)
        self.column.addWidget(self.chips)
        self.column.addLayout(chosen)
        self.column.addLayout(say)
        self.column.addWidget(self.note)
        self.column.addLayout(posts)
        self.column.addWidget(self.posts, 5)
        self.column.addWidget(self.detail)

    def _set_narrow(self, narrow: bool) -> None:
        kinds = (*self.kinds.values(), self.confer_button)
        fill_grid(self._kinds_grid, kinds, FEWER_KINDS if narrow else len(kinds))
        self.chips.set_narrow(narrow)

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
        self.text.bounded.connect(self._show_kind)
        self.text.returnPressed.connect(self._enter)
        self.text.escaped.connect(self.search.setFocus)
        self.send.clicked.connect(self.say_it)
        at_once = QShortcut(QKeySequence("Ctrl+Return"), self)
        at_once.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        at_once.setAutoRepeat(False)
        at_once.activated.connect(self.say_it)
        self.keep.clicked.connect(self._keep_or_forget)
        self.confer_button.clicked.connect(lambda: self.confer(self._only_unit()))
        self.chips.text_chosen.connect(self._fill)
        self.chips.status_chosen.connect(self._pick_status)
        self.posts.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())
        self.posts.selectionModel().currentChanged.connect(lambda *_: self.end.calm())
        self.posts.activated.connect(lambda _index: self._read())
        for answer, button in self.answers.items():
            button.clicked.connect(lambda _=False, answer=answer: self._answer(answer))
        self.read.clicked.connect(self._read)
        self.end.confirmed.connect(self._end)
        self._source.changed.connect(self._changed)

    def stops(self) -> tuple[QWidget, ...]:
        return (
            self.search,
            self.who,
            *self.kinds.values(),
            self.confer_button,
            *self.chips.chips,
            self.clear,
            self.text,
            self.keep,
            self.send,
            self.posts,
            *self.answers.values(),
            self.read,
            self.end,
        )

    def open(self) -> None:
        """To whom; or back to the words, at their end, from which an alarm has taken the hand."""
        self._is_offered = False
        self._begin_as_message()
        is_theirs = not self.text.isHidden() and self.text.text() and not self._begun_by
        if self._was_interrupted and is_theirs:
            self.text.deselect()
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._was_interrupted = False

    def _begin_as_message(self) -> None:
        """Unless something is begun: who called out half an hour ago, and wants to write now, is
        not to send cars by it, nor to form a talkgroup that is named as the words."""
        is_begun = self._picked or self._status or self.text.text().strip()
        if not is_begun and self._kind != "message":
            self._turn_to(self._words_kind if self._put_aside[False] else "message")
            self._show_kind()

    def interrupt(self) -> None:
        """An alarm has closed the page under who was writing."""
        self._was_interrupted = True

    # --- a letter, wherever the keyboard is on the page ---

    def event(self, event: QEvent) -> bool:
        """It begins a search; as a key of the desk it would mute or select a talkgroup."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_letter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_letter(event):
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            QApplication.sendEvent(self.search, event)
        else:
            super().keyPressEvent(event)

    def write_to(self, key: str, kind: PostKind = "message") -> None:
        """Somebody was chosen elsewhere: only the words are missing."""
        self.write_to_all((key,), kind)

    def write_to_all(self, keys: Sequence[str], kind: PostKind) -> None:
        """As :meth:`write_to`; those who can't be sent anything are left out."""
        wanted = set(keys)
        rows = [one for one in self._source.candidates() if one.key in wanted]
        if rows:
            self._picked.clear()
            self._picked.update({row.key: row for row in rows})
            self._turn_to(kind)
            self._told, self._is_offered = "", False
            self._show_picked()
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- a conference ---

    def confer(self, unit: str) -> None:
        """The doctor on duty and this unit (empty: none yet) are in it. Enter takes who is marked
        in the list, or whom one has typed; Ctrl+Enter forms the group."""
        wanted = self._source.conference(unit)
        self._known = tuple(self._source.candidates())
        by_key = {row.key: row for row in self._known}
        self.search.clear()
        self._picked.clear()
        self._picked.update({key: by_key[key] for key in wanted.chosen if key in by_key})
        self._turn_to("group")
        self._told, self._by_phone = "", wanted.by_phone
        self.text.setText(wanted.name)
        self._show_receivers()
        rows = range(self.receiver_model.rowCount())
        others = (n for n in rows if self.receiver_model.row(n).key not in self._picked)
        self.who.setCurrentIndex(self.receiver_model.index(next(others, 0)))
        self._is_offered = True
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _only_unit(self) -> str:
        units = [row.key for row in self._picked.values() if row.kind == "unit"]
        return units[0] if len(units) == 1 else ""

    # --- who ---

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
        return self.receiver_model.at(self.who.currentIndex())

    def _into_list(self) -> None:
        if self.receiver_model.rowCount():
            if not self.who.currentIndex().isValid():
                self.who.setCurrentIndex(self.receiver_model.index(0))
            self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick_first(self) -> None:
        """Enter takes the first that was found, and the next can be typed at once. With nothing
        typed it takes who is offered, else one goes on to the words."""
        offered = self._current_receiver() if self._is_offered else None
        if not self.search.text() and offered is not None:
            self._pick(offered)
        elif not self.search.text():
            to = self.send if self._kind in WORDLESS else self.text
            to.setFocus(Qt.FocusReason.OtherFocusReason)
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
        self._told, self._is_offered = "", False
        self._show_picked()

    def _pick_nobody(self) -> None:
        self._picked.clear()
        self._show_picked()

    def _show_picked(self) -> None:
        names = ", ".join(row.name for row in self._picked.values())
        words = self.tr("To: {0}").format(names) if names else self.tr("Nobody is chosen yet")
        if any(row.exercise for row in self._picked.values()):
            words = self.tr("EXERCISE · {0}").format(words)
        self.to.say(words, ink="text" if names else "muted")
        self.clear.setVisible(bool(names))
        self.who.viewport().update()
        self._show_kind()

    # --- what ---

    def _turn_to(self, kind: PostKind) -> None:
        """A group's name is another text than a message: neither is cut to be the other, sent as
        it, or lost for it."""
        is_name, was_name = kind == "group", self._kind == "group"
        if is_name and not was_name:
            self._words_kind = self._kind
        self._kind = kind
        if is_name != was_name:
            self._put_aside[was_name] = self.text.text()
            self.text.setText("")  # before it may hold less
            self.text.set_most(MAX_GROUP_NAME if is_name else MAX_TEXT)
            self.text.setText(self._put_aside[is_name])
            self._put_aside[is_name] = ""

    def _waits(self, kind: PostKind) -> bool:
        """Whether words for it were put aside."""
        is_name = kind == "group"
        return bool(self._put_aside[is_name]) and (is_name or kind == self._words_kind)

    def choose(self, kind: PostKind) -> None:
        self._turn_to(kind)
        self._told = self._by_phone = ""
        self._is_offered = False
        self._show_kind()
        to = self.search if kind in WORDLESS else self.text
        to.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, text: str) -> None:
        """The first blank is selected, so that what is typed stands in its place."""
        self._told = ""
        self.text.setText(text)
        self._show_kind()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._to_blank()

    def _to_blank(self) -> bool:
        blank = blank_in(self.text.text())
        if blank is not None:
            self.text.setSelection(*blank)
        return blank is not None

    def _enter(self) -> None:
        """To the next blank; without any it is said."""
        if not self._to_blank():
            self.say_it()

    def _pick_status(self, key: str) -> None:
        self._status, self._told = key, ""
        self._show_kind()

    def _texts(self) -> list[StandardText]:
        """The site's own ones first: somebody there has thought of them."""
        if self._kind not in ("message", "callout"):
            return []
        own = list(self._source.stored()) if self._kind == "message" else []
        return [*own, *standard(self._kind)]

    def _kept_text(self) -> StandardText | None:
        """The site's own text that stands in the form."""
        typed = self.text.text().strip()
        return next((one for one in self._source.stored() if one.text == typed), None)

    def _keep_or_forget(self) -> None:
        known, typed = self._kept_text(), self.text.text().strip()
        if self._must_look():
            return
        if known is not None:
            is_done = self._posting.remove_text(known.key)
            self._told = self.tr("Taken out of the standard texts")
        else:
            is_done = self._posting.store_text(typed)
            self._told = self.tr("Kept as a standard text for all at this site")
        if not is_done:
            self._told = ""
            self._say_not_kept()
            return
        self._show_kind()

    def _show_chips(self) -> None:
        if self._kind == "status":
            self.chips.show_statuses(self._source.statuses(), self._status)
        else:
            self.chips.show_texts(self._texts())
        typed = self.text.text().strip()
        known = self._kept_text()
        is_standard = any(one.text == typed for one in self._texts() if not one.key)
        self.keep.setVisible(self._kind == "message" and bool(typed) and not is_standard)
        if known is None:
            self.keep.set_words(self.tr("Keep text"), self.tr("Keep it as a standard text"))
        else:
            self.keep.set_words(self.tr("Forget text"), self.tr("No standard text any more"))

    def _typed(self) -> None:
        self._told = self._begun_by = ""
        self._show_kind()

    def _show_kind(self) -> None:
        for kind, button in self.kinds.items():
            button.set_skin(picked if kind == self._kind else plain)
            said = self.tr("chosen") if kind == self._kind else ""
            begun = self.tr("begun, not sent") if self._waits(kind) else ""
            name = kind_words(kind)
            spoken = ", ".join(filter(None, (name, said, begun)))
            button.set_words(f"{name} …" if begun else name, spoken)
        self.text.setVisible(self._kind not in WORDLESS)
        self._show_chips()
        hints = {
            "status": "",
            "patch": "",
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
            "status": self.tr("Send the status"),
            "patch": self.tr("Join them"),
        }
        self.send.set_words(words[self._kind])
        self.send.setEnabled(not self._why_not())
        self._show_note()

    def _why_not(self) -> str:
        """Why it can't be said now, "" = it can."""
        if not self._picked:
            return self.tr("Choose who first: type a name and press Enter, or click.")
        if why_none := self._source.why_not(tuple(self._picked)):
            return why_none
        why: dict[PostKind, Callable[[], str]] = {
            "group": self._why_no_group,
            "patch": self._why_no_patch,
            "status": self._why_no_status,
        }
        return why.get(self._kind, self._why_no_words)()

    def _why_no_group(self) -> str:
        if any(row.kind == "group" for row in self._picked.values()):
            return self.tr("A talkgroup can't be in another: choose units and desks.")
        return self._why_no_words() or self._source.why_no_group(self.text.text().strip())

    def _why_no_status(self) -> str:
        hint = self.tr("Choose a status: click it, or Alt and its figure.")
        return "" if self._status else hint

    def _why_no_words(self) -> str:
        if not self.text.text().strip():
            return self._what_happens()
        if blank_in(self.text.text()) is not None:
            return self.tr("Write over what stands in ⟨brackets⟩: Enter goes to the next.")
        return ""

    def _why_no_patch(self) -> str:
        least, most = PATCHED
        rows = self._picked.values()
        if any(row.kind != "group" for row in rows) or not least <= len(rows) <= most:
            return self.tr("Choose two to four talkgroups: what is said in one is heard in all.")
        return self._source.why_no_patch(tuple(self._picked))

    def _what_happens(self) -> str:
        words = {
            "message": self.tr("Everybody who is chosen gets it. Who has read it shows below."),
            "callout": self.tr(
                "They answer yes, no or delayed; after 2 minutes they are reminded."
            ),
            "group": self.tr("They and this desk are in it for 4 hours, or until you end it."),
            "status": self.tr("It comes as a status message, on radios as well."),
            "patch": self.tr("All hear each other for 4 hours, or until somebody ends it."),
        }
        if self._kind == "group" and (same := self._source.same_group(tuple(self._picked))):
            return self.tr("{0} has the same people already: you can talk there.").format(same)
        if self._kind == "group" and self._by_phone:
            return self.tr("By telephone alone: {0}").format(self._by_phone)
        return words[self._kind]

    def show_who(self, person: str) -> None:
        """Who sits here now. Words that somebody else has left are not theirs unasked."""
        before, self._who = self._who, person
        has_words = bool(self.text.text().strip() or any(self._put_aside.values()))
        if person != before and has_words:
            self._begun_by = "" if person == self._begun_by else self._begun_by or before
            self._show_note()

    def _show_note(self) -> None:
        icon = POST_ICONS[self._kind]
        cut = "" if self.text.isHidden() else self.text.cut_words()
        begun = self._begun_by if self.text.text() and not self.text.isHidden() else ""
        if cut:
            self.note.say(cut, ink="warning", icon_name="alert-circle")
        elif begun:
            words = self.tr("{0} began this and has not sent it. It goes in your name.")
            self.note.say(words.format(begun), ink="warning", icon_name="user")
        elif self._told:
            self.note.say(self._told, ink="good", icon_name="circle-check")
        elif len(self._picked) >= MAX_RECEIVERS:
            self.note.say(self.tr("No more than 64 at a time."), ink="warning", icon_name=icon)
        else:
            self.note.say(self._why_not() or self._what_happens(), ink="muted", icon_name=icon)

    def say_it(self) -> None:
        if self._why_not() or self._must_look():
            self._show_note()
            return
        to, text = tuple(self._picked), self.text.text().strip()
        do: dict[PostKind, Callable[[], bool | str]] = {
            "message": lambda: self._posting.send_message(to, text),
            "callout": lambda: self._posting.call_out(to, text),
            "group": lambda: self._posting.form_group(text, to),
            "status": lambda: self._posting.send_status(to, self._status),
            "patch": lambda: self._posting.patch(to),
        }
        kept = do[self._kind]()
        if not kept:
            self._say_not_kept()
            return
        if isinstance(kept, str):
            self.called_out.emit(kept, self.to_names())
        done = self.tr("{0}: {1}") if self._kind == "patch" else self.tr("{0} to {1}")
        self._told = done.format(post_words(self._kind), self.to_names())
        for field in (self.text, self.search):
            field.setText("")  # with nothing left in it to undo: Ctrl+Z takes back what was said
        self._picked.clear()
        self._status = self._by_phone = self._begun_by = ""
        if self._kind == "group" and self._put_aside[False]:
            self._turn_to(self._words_kind)  # what the group has interrupted
        self._show_picked()
        self._show_sent()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _must_look(self) -> bool:
        """Words that were cut are not sent before somebody has seen what is left of them."""
        return not self.text.isHidden() and self.text.must_look()

    def _say_not_kept(self) -> None:
        self.note.say(not_kept_words(), ink="warning", icon_name="alert-circle")
        self.refused.emit()

    def to_names(self) -> str:
        return ", ".join(row.name for row in self._picked.values())

    # --- what became of it ---

    def _show_posts(self) -> None:
        rows = self._source.posts()
        before = self._current_post()
        self.post_model.take(rows)
        if rows:
            self.posts.setCurrentIndex(self.post_model.index(_place_of(before, rows)))
        self._nothing.setVisible(not rows)
        self.heading.set_count(len(rows), len(rows))
        self._show_buttons()

    def _show_sent(self) -> None:
        """What was said just now is in the list, chosen and in sight, wherever that stands."""
        known = {self.post_model.row(n).key for n in range(self.post_model.rowCount())}
        self._show_posts()
        rows = range(self.post_model.rowCount())
        new = next((n for n in rows if self.post_model.row(n).key not in known), None)
        if new is not None:
            self.posts.setCurrentIndex(self.post_model.index(new))

    def show_post(self, key: str) -> None:
        """Somebody wants to see what became of this one."""
        rows = [self.post_model.row(n).key for n in range(self.post_model.rowCount())]
        if key in rows:
            self.posts.setCurrentIndex(self.post_model.index(rows.index(key)))
            self.posts.setFocus(Qt.FocusReason.OtherFocusReason)

    def _current_post(self) -> PostRow | None:
        return self.post_model.at(self.posts.currentIndex())

    def _show_buttons(self) -> None:
        row = self._current_post()
        wanted = row.wanted if row is not None else ()
        for answer, button in self.answers.items():
            button.setVisible(answer in wanted)
        self.read.setVisible(row is not None and row.waits and row.kind == "message")
        self.end.setVisible(row is not None and row.can_end)
        more = " · ".join(row.more.splitlines()) if row is not None else ""
        self.detail.say(more)
        self.detail.setVisible(bool(more))

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
        for line in (*self._lines, self._kinds_grid):
            line.setSpacing(look.metrics.gap)
        for part in (
            self.chips,
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
        self.title.say(self.tr("People: message, call-out, status, groups"))
        self.setAccessibleName(self.title.text())
        self.search.set_hint(self.tr("Who: name, status, duty"))
        self.who.setAccessibleName(self.tr("Who can be chosen; Enter chooses"))
        self.clear.set_words(self.tr("Clear"), self.tr("Choose nobody"))
        self.confer_button.set_words(
            self.tr("Conference"),
            self.tr("The doctor on duty, a unit and whom you choose, in a group"),
        )
        self.heading.set_words(self.tr("Sent and received"))
        self.posts.setAccessibleName(self.tr("Sent and received, what waits for you first"))
        for answer, button in self.answers.items():
            button.set_words(answer_words(answer))
        self.read.set_words(self.tr("Read"), self.tr("Say that you have read it"))
        words = self.tr("End what is chosen")
        self.end.set_usual(self.tr("End"), words)
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
        self._set_narrow(self.width() < NARROW * self._look.metrics.small)


def _place_of(row: PostRow | None, rows: Sequence[PostRow]) -> int:
    """Where it stands now. The site has given one that was leaving its own key: it is the newest
    that says the same."""
    if row is None:
        return 0
    keys = [one.key for one in rows]
    if row.key in keys:
        return keys.index(row.key)
    same = (n for n, one in enumerate(rows) if _says_the_same(one, row))
    return next(same, 0) if row.leaving else 0


def _says_the_same(one: PostRow, other: PostRow) -> bool:
    return (one.kind, one.to, one.text) == (other.kind, other.to, other.text)


def _is_letter(event: QEvent) -> bool:
    """Or a figure: what names begin with."""
    if not isinstance(event, QKeyEvent) or event.modifiers() & COMMANDS:
        return False
    return event.text().isalnum()
