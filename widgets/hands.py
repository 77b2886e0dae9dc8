"""What each key does: the one table of them, and what it is about at the moment it is pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from widgets.contracts.rows import LiveCall
from widgets.contracts.sources import Sources
from widgets.keys import bind
from widgets.pages import DeskPages
from widgets.parts import DeskParts
from widgets.ptt import Hand, PttGate
from widgets.tiles import NUMBER_KEYS
from widgets.typing_guard import TypingGuard

VOLUME_STEP_DB: Final = 3.0


class DeskHands(QObject):
    """``chosen``: the talk key is another group's, or the call's, now. ``scale_wanted``: larger
    (1), smaller (-1), as usual (0)."""

    chosen = Signal()
    scale_wanted = Signal(int)
    detach_wanted = Signal()  # what has the keyboard, to a window of its own or back

    def __init__(
        self, parts: DeskParts, sources: Sources, room: Callable[[], QRect], parent: QObject
    ) -> None:
        """``room``: where the map and the pages are, in the window."""
        super().__init__(parent)
        self._parts = parts
        self._sources = sources
        self._is_call_chosen = False  # the talk key is the call's, not the selected group's
        self.gate = PttGate(sources.actions, self.why_not_send, self)
        self.typing = TypingGuard(self)
        self.pages = DeskPages(parts, sources, self.focused, room, self)

    def table(self) -> dict[str, Callable[[], object]]:
        """Key sequences as Qt writes them."""
        actions, parts, pages = self._sources.actions, self._parts, self.pages
        return {
            "F1": self.acknowledge_or_help,
            "F2": parts.alarms.take_current,
            "F3": parts.alarms.show_current,
            "F4": parts.alarms.close_current,
            "F5": parts.alarms.help_current,
            "F6": parts.alarm_sound.toggle,
            "F7": parts.post_bar.read_it,
            "F8": pages.toggle_rules,
            "F9": self.change_person,
            "F10": self.answer_call,
            "F11": self.end_call,
            "Shift+F11": parts.call_bar.toggle_mute,
            "F12": pages.toggle_help,
            "?": pages.toggle_help,
            "Ctrl+D": pages.toggle_diagnostics,
            "Ctrl+E": self.detach_wanted.emit,
            "Ctrl+F": pages.find,
            "Ctrl+I": self.dial,
            "Ctrl+K": parts.units.search,
            "Ctrl+L": self.go_to_log,
            "Ctrl+M": self.mute_all,
            "Ctrl+N": pages.toggle_people,
            "Ctrl+R": pages.toggle_calls,
            "Ctrl++": lambda: self.scale_wanted.emit(1),
            "Ctrl+=": lambda: self.scale_wanted.emit(1),
            "Ctrl+-": lambda: self.scale_wanted.emit(-1),
            "Ctrl+0": lambda: self.scale_wanted.emit(0),
            "M": self.mute_target,
            "P": self.open_tile_menu,
            "H": self.other_output,
            "T": self.talk_along,
            "R": lambda: actions.recall(self.focused()),
            "Shift+R": lambda: actions.recall(""),
            "C": lambda: actions.catch_up(self.focused()),
            "Shift+C": lambda: actions.catch_up(""),
            "+": lambda: self.turn_target(VOLUME_STEP_DB),
            "-": lambda: self.turn_target(-VOLUME_STEP_DB),
            "Esc": self.escape,
            **{n: lambda n=n: self.select_number(n) for n in NUMBER_KEYS},  # type: ignore[misc]
        }

    def bind(self, window: QWidget) -> None:
        bind(window, self.table(), self.typing)
        self.typing.follow(window)

    def bind_panel(self, window: QWidget) -> None:
        """The same keys in a window that a panel has for itself. Where one of them puts the
        keyboard into a field, or the like, of the desk's window, the keyboard goes there."""
        bind(window, {key: self._followed(call) for key, call in self.table().items()}, self.typing)

    def _followed(self, call: Callable[[], object]) -> Callable[[], object]:
        desk = self._parts.tiles.window()

        def act() -> None:
            before = desk.focusWidget()
            call()
            now = desk.focusWidget()
            if now is not None and now is not before and not self._parts.tiles.isAncestorOf(now):
                desk.activateWindow()

        return act

    # --- which talkgroup is meant ---

    def select(self, key: str) -> None:
        """The talk key is this group's now, also in the middle of a call."""
        self._is_call_chosen = False
        self._sources.actions.select(key)
        self._parts.tiles.focus_key(key)
        self.chosen.emit()

    def select_number(self, number: str) -> None:
        key = self._parts.tiles.key_of_number(number)
        if key is not None:
            self.select(key)

    def selected(self) -> str:
        source = self._sources.talkgroups
        chosen = (key for key in tuple(source.keys()) if source.row(key).attention == "selected")
        return next(chosen, "")

    def target(self) -> str:
        """What M, + and − are about: the tile with the focus, else the selected one."""
        return self.focused() or self.selected()

    def focused(self) -> str:
        """What R and C are about: the tile with the focus; empty: any."""
        tiles = self._parts.tiles
        return tiles.current if tiles.has_focus() else ""

    # --- talkgroups ---

    def mute_target(self) -> None:
        key = self.target()
        if key:
            self._sources.actions.set_muted(key, not self._sources.talkgroups.row(key).muted)

    def open_tile_menu(self) -> None:
        key = self.target()
        if key:
            self._parts.tiles.tile(key).open_menu()

    def other_output(self) -> None:
        key = self.target()
        if key and self._sources.status.status().second_chosen:
            self._sources.actions.change_output(key)

    def mute_all(self) -> None:
        is_muted = self._sources.status.status().muted_until_s is not None
        self._sources.actions.mute_all(not is_muted)

    def turn_target(self, step_db: float) -> None:
        key = self.target()
        if key:
            self._parts.tiles.tile(key).turn(step_db)

    # --- alarms ---

    def acknowledge_or_help(self) -> None:
        """The keys' overview, as other programs have it there, only while no alarm waits."""
        if self._parts.alarms.unacknowledged:
            self._parts.alarms.acknowledge_current()
        else:
            self.pages.toggle_help()

    # --- people ---

    def change_person(self) -> None:
        """Who sits here now; at a desk that is not enrolled, its code comes first, and a PIN that
        is asked for already comes before another name."""
        parts = self._parts
        if self._sources.status.status().enrol_offer:
            parts.code_bar.ask()
        elif parts.pin_bar.is_asking and not parts.pin_bar.has_keyboard:
            parts.pin_bar.go()
        else:
            parts.top.edit_name()

    def dial(self) -> None:
        """Whom to call; the unit that is chosen in the list is there already."""
        chosen = self._parts.units.chosen()
        name = self._sources.units.row(chosen).call_sign if chosen else ""
        self._parts.dial_bar.ask(name)

    def answer_call(self) -> None:
        """With nothing that rings, the talk key is the call's again."""
        if self._parts.ring_bar.is_ringing:
            self._parts.ring_bar.answer()
        else:
            self.choose_call()

    def end_call(self) -> None:
        """What rings is rejected first; it can be answered no more then. A hand that was about to
        reject what has just stopped ringing does not hang up on somebody else."""
        if self._parts.ring_bar.is_ringing:
            self._parts.ring_bar.reject()
        elif self._parts.ring_bar.has_just_ended:
            words = self.tr("That call has ended. F11 again hangs up the one you are in.")
            self._parts.talk_place.show_refusal(words)
        elif self._parts.call_bar.call is not None:
            self._sources.actions.hang_up()

    def go_to_log(self) -> None:
        """Where there is no room for it beside the alarms, log and search has it all."""
        if self._parts.log.isHidden():
            self.pages.show_page(self._parts.timeline)
        else:
            self._parts.log.go()

    # --- leaving ---

    def escape(self) -> None:
        """One thing at a time: first what is heard."""
        parts = self._parts
        if parts.replay.is_playing:
            self._sources.actions.stop_replay()
        elif parts.tour.is_on:
            parts.tour.end()
        elif parts.retention.is_asking:
            parts.retention.drop()
        elif parts.dial_bar.is_asking:
            parts.dial_bar.drop()
        elif parts.pin_bar.is_asking:
            parts.pin_bar.drop()
        elif self._is_away():
            self.pages.go_home()
        else:
            self.pages.close_help()
            self.pages.close_page()
            parts.tiles.focus_current()

    def _is_away(self) -> bool:
        """Whether the keyboard is in a window that a panel has for itself."""
        active = QApplication.activeWindow()
        return active is not None and active is not self._parts.tiles.window()

    def free_keyboard(self) -> None:
        """A field that Qt goes on to by itself would keep the talk key from working."""
        self._parts.tiles.focus_current()
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit):
            focused.clearFocus()

    # --- talking ---

    def choose_call(self) -> None:
        self._is_call_chosen = True
        self.chosen.emit()

    def call_in_front(self) -> LiveCall | None:
        """The half duplex call that the talk key talks in."""
        call = self._parts.call_bar.call
        is_half = call is not None and call.stand == "connected" and not call.full
        return call if is_half and self._is_call_chosen and call and call.stream else None

    def why_not_send(self, key: str) -> str:
        note = self._sources.status.status().transmit_note
        if note:
            return note
        return "" if key else self.tr("Select a talkgroup first: click it or press its number.")

    def press_selected(self, hand: Hand, *, break_in: bool = False) -> None:
        call = self.call_in_front()
        if call is not None:
            self.gate.press(call.stream, hand, alone=True)
        else:
            self.gate.press(self.selected(), hand, break_in=break_in)

    def press_in_call(self) -> None:
        call = self._parts.call_bar.call
        if call is not None and call.stream:
            self.gate.press(call.stream, "call")

    def typed_on(self) -> None:
        words = self.tr("You were typing: that key did nothing. Press Esc first.")
        self._parts.talk_place.show_refusal(words)

    def talk_along(self) -> None:
        key = self.target()
        if key:
            along = self._sources.talkgroups.row(key).along
            self._sources.actions.set_along(key, not along)
