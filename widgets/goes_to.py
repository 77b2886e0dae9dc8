"""Where the voice goes when the talk key talks in more than one group: each by name and state.

A click takes one off the list, *Alone* all but the selected one, *Undo* brings back what was taken.
While a key is down it shows how each group stands, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import PAD, TIGHT_PAD, FlatButton, Skin, plain, sending
from widgets.contracts.rows import TalkgroupRow
from widgets.contracts.sources import TalkgroupSource
from widgets.labels import Words
from widgets.look import Look, font
from widgets.talk_words import state_words
from widgets.theme import Palette
from widgets.tips import tip

UNDO_MS: Final = 10_000
COLUMNS: Final = 2
ROWS: Final = {True: 2, False: 3}
"""Of groups, in the compact form and in the regular one."""
STATE_ICONS: Final = {
    "sending": "microphone", "unasked": "microphone", "asking": "clock", "queued": "clock",
}  # fmt: skip


def waiting(p: Palette) -> Skin:
    return Skin(p.card, p.raised, p.text, p.warning)


def refused(p: Palette) -> Skin:
    return Skin(p.card, p.raised, p.muted, p.line)


class GroupChip(FlatButton):
    """One group; its name is cut where it must be, its state never."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._state = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_row(self, row: TalkgroupRow, *, is_selected: bool, held: bool) -> None:
        state = state_words(row.talk, row.place)
        icon = "x" if not is_selected else "target"
        skin = plain
        if row.talk:
            icon = STATE_ICONS.get(row.talk, "microphone-off")
            skin = {"microphone": sending, "clock": waiting}.get(icon, refused)
        elif held:
            icon = "clock"
        self._state = "" if icon == "microphone" else state  # the title says it of those
        self.set_icon_name(icon)
        self.set_skin(skin)
        self.setEnabled(not held and not is_selected)
        what = self.tr("Don't talk there") if self.isEnabled() else ""
        self.set_words(row.name, ", ".join(filter(None, (row.name, state, what))))
        self.setToolTip(tip("\n".join(filter(None, (row.name, state, what)))))
        self.update()

    @property
    def state(self) -> str:
        return self._state

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        skin = self._skin(p)
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        paint.box(painter, self.rect(), skin.hover if over else skin.fill, skin.line)
        middle = self.height() // 2
        size = m.icon - 2
        pad = TIGHT_PAD if m.compact else PAD
        x = pad + paint.icon(painter, pad, middle, self._icon_name, skin.ink, size=size) + 5
        rest = QRect(x, 0, self.width() - x - pad, self.height())
        if self._state:
            used = paint.text(
                painter, rest, self._state, skin.ink, font(m.small), align=paint.RIGHT
            )
            rest.setRight(rest.right() - used - 5)
        paint.text(painter, rest, self.text(), skin.ink, font(m.small, bold=True))
        if self.hasFocus():
            paint.box(painter, self.rect().adjusted(3, 3, -3, -3), None, skin.ink, 1.5, radius=3)
        painter.end()


class GoesTo(QWidget):
    """Hidden where there is one group, which the talk place names."""

    along_chosen = Signal(str, bool)
    shown = Signal()  # or hidden

    def __init__(self, look: Look, source: TalkgroupSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._source = source
        self._selected = ""
        self._held = False
        self._taken: tuple[str, ...] = ()  # off the list, and can be brought back
        self.title = Words(look, bold=True)
        self.alone = FlatButton(look, icon_name="user")
        self.undo = FlatButton(look, icon_name="arrow-back-up")
        self.more = FlatButton(look)
        self.menu = QMenu(self)
        self.alone.clicked.connect(self._alone)
        self.undo.clicked.connect(self._undo)
        self.more.clicked.connect(self._open_menu)
        self._chips = [GroupChip(look) for _ in range(COLUMNS * max(ROWS.values()))]
        self._shown: list[str] = []
        for n, chip in enumerate(self._chips):
            chip.clicked.connect(lambda _checked=False, n=n: self._take_off((self._shown[n],)))
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(UNDO_MS)
        self._forget.timeout.connect(self._forgotten)
        self._lay_out()
        self.hide()
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        head.addWidget(self.undo)
        head.addWidget(self.alone)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(4)
        column_box.addLayout(head)
        column_box.addLayout(self._grid)
        column_box.addStretch(1)
        for n, chip in enumerate((*self._chips, self.more)):  # now: some are moved later
            self._grid.addWidget(chip, n // COLUMNS, n % COLUMNS)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)

    # --- what it is told ---

    def show_groups(self, selected: str, *, held: bool) -> None:
        """``selected``: the group that the key talks in anyway, "" = none, or a call; ``held``: a
        key is down."""
        self._selected, self._held = selected, held
        keys = self.groups()
        has_list = bool(selected) and (len(keys) > 1 or bool(self._taken))
        if has_list:
            self._fill(keys)
        if has_list == self.isHidden():
            self.setVisible(has_list)
            self.shown.emit()

    def groups(self) -> tuple[str, ...]:
        """The selected one first."""
        along = [
            key
            for key in tuple(self._source.keys())
            if key != self._selected and self._source.row(key).along
        ]
        return tuple(filter(None, (self._selected, *along)))

    def _fill(self, keys: Sequence[str]) -> None:
        room = COLUMNS * ROWS[self._look.metrics.compact]
        self._shown = list(keys if len(keys) <= room else keys[: room - 1])
        for n, chip in enumerate(self._chips):
            chip.setVisible(n < len(self._shown))
            if n < len(self._shown):
                key = self._shown[n]
                chip.show_row(
                    self._source.row(key), is_selected=key == self._selected, held=self._held
                )
        rest = keys[len(self._shown) :]
        self.more.setVisible(bool(rest))
        if rest:
            self._grid.addWidget(self.more, (room - 1) // COLUMNS, (room - 1) % COLUMNS)
            self.more.set_words(self.tr("and {0} more …").format(len(rest)))
            names = [self._source.row(key).name for key in rest]
            self.more.setToolTip(tip("\n".join(names)))
        self._say_title(keys)
        self.alone.setVisible(len(keys) > 1)
        self.alone.setEnabled(not self._held)
        self.undo.setVisible(bool(self._taken))
        self.undo.setEnabled(not self._held)

    def _say_title(self, keys: Sequence[str]) -> None:
        rows = [self._source.row(key) for key in keys]
        sends = sum(STATE_ICONS.get(row.talk) == "microphone" for row in rows)
        if sends:
            words = self.tr("Sends to {0} of {1}").format(sends, len(rows))
        else:
            words = self.tr("Voice goes to {0}").format(len(rows))
        self.title.say(words, ink="sending" if sends else "text")

    # --- hands ---

    def alone_or_undo(self) -> None:
        """By one key: the selected group alone, and the others back again."""
        if self._held:
            return
        if len(self.groups()) > 1:
            self._alone()
        elif self._taken:
            self._undo()

    def _alone(self) -> None:
        self._take_off(self.groups()[1:])

    def _take_off(self, keys: Sequence[str]) -> None:
        self._taken = tuple(keys)
        self._forget.start()
        for key in keys:
            self.along_chosen.emit(key, False)

    def _undo(self) -> None:
        taken, self._taken = self._taken, ()
        there = tuple(self._source.keys())
        for key in taken:
            if key in there:
                self.along_chosen.emit(key, True)
        self.show_groups(self._selected, held=self._held)

    def _forgotten(self) -> None:
        self._taken = ()
        self.show_groups(self._selected, held=self._held)

    def _open_menu(self) -> None:
        """Those for which there is no room; a choice takes one off the list."""
        self.menu.clear()
        for key in self.groups()[len(self._shown) :]:
            action = self.menu.addAction(self._source.row(key).name.replace("&", "&&"))
            action.setEnabled(not self._held)
            action.triggered.connect(lambda _checked=False, key=key: self._take_off((key,)))
        self.menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        self.title.set_look(look)
        for part in (self.alone, self.undo, self.more, *self._chips):
            part.set_look(look)
        self.show_groups(self._selected, held=self._held)

    def retranslate(self) -> None:
        self.alone.set_words(self.tr("Alone"), self.tr("Talk in the selected talkgroup alone"))
        self.alone.setToolTip(self.tr("Talk in the selected talkgroup alone") + " (Shift+T)")
        self.undo.set_words(self.tr("Undo"), self.tr("Talk in those groups again"))
        self.undo.setToolTip(self.tr("Talk in those groups again"))
        self.setAccessibleName(self.tr("Where the voice goes"))
        self.show_groups(self._selected, held=self._held)

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.goes_to, self._look.metrics.bottom_bar - 16)
