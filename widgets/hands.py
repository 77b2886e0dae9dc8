"""What each key does: the one table of them, and what it is about at the moment it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from widgets.button_words import purpose_words
from widgets.contracts.rows import NUMBER_KEYS, ButtonPurpose, LiveCall, TalkgroupRow
from widgets.contracts.sources import Sources
from widgets.keys import OF_ALARMS, bind, bind_everywhere
from widgets.map_hands import MapHands
from widgets.menu_keys import MenuKeys
from widgets.pages import DeskPages
from widgets.parts import DeskParts
from widgets.ptt import Hand, PttGate
from widgets.typing_guard import TypingGuard
from widgets.unit_hands import UnitHands
from widgets.unit_order import FILTERS

VOLUME_STEP_DB: Final = 3.0


class Offer(Protocol):
    """Something that says what was done and can be taken back, since ``offered_s``."""

    offered_s: float  # monotonic

    def isVisible(self) -> bool: ...


class DeskHands(QObject):
    """``chosen``: the talk key is another group's, or the call's, now. ``scale_wanted``: larger
    (1), smaller (-1), as usual (0)."""

    chosen = Signal()
    scale_wanted = Signal(int)
    detach_wanted = Signal()  # what has the keyboard, to a window of its own or back

    def __init__(
        self, parts: DeskParts, sources: Sources, room: Callable[[], QRect], window: QWidget
    ) -> None:
        """``room``: where the map and the pages are, in the window."""
        super().__init__(window)
        self._parts = parts
        self._sources = sources
        self._is_call_chosen = False  # the talk key is the call's, not the selected group's
        self.gate = PttGate(sources.actions, self.why_not_send, self._is_in_front, self)
        self.typing = TypingGuard(self)
        self.menu_keys = MenuKeys(self)
        self.menu_keys.talk_pressed.connect(self.menu_was_open)
        self.pages = DeskPages(parts, sources, self.focused, room, self)
        self.map_hands = MapHands(parts, sources, self.pages, self.target, window)
        self.unit_hands = UnitHands(parts, sources, self.pages, self.map_hands, window)

    def table(self) -> dict[str, Callable[[], object]]:
        """Key sequences as Qt writes them."""
        actions, parts, pages = self._sources.actions, self._parts, self.pages
        return {
            "F1": self.acknowledge_or_help,
            "F2": parts.alarms.take_current,
            "F3": parts.alarms.show_current,
            "F4": parts.alarms.close_current,
            "F5": parts.alarms.help_current,
            "L": parts.alarms.listen_current,
            "N": parts.alarms.note_current,
            "F6": parts.alarm_sound.toggle,
            "F7": self.read_post,
            "F8": pages.toggle_rules,
            "F9": self.change_person,
            "F10": self.answer_call,
            "F11": self.end_call,
            "Shift+F11": parts.call_bar.toggle_mute,
            "F12": pages.toggle_help,
            "?": pages.toggle_help,
            "Shift+F3": self.unit_hands.measure_from_current_alarm,
            "Ctrl+Z": self.take_back,
            "D": self.unit_hands.places.toggle_line,
            "I": self.unit_hands.places.pin_here,
            "Ctrl+Shift+F": parts.units.toggle_free_first,
            "Ctrl+8": parts.units.clear_filters,
            "Ctrl+9": parts.units.next_sort,
            **{
                f"Ctrl+{n}": lambda one=one: parts.units.toggle(one)  # type: ignore[misc]
                for n, one in enumerate(FILTERS, 1)
            },
            "Ctrl+D": pages.toggle_diagnostics,
            "Ctrl+E": self.detach_wanted.emit,
            "Ctrl+F": pages.find,
            "Ctrl+G": parts.tile_area.search_for,
            "Ctrl+PgDown": lambda: parts.tile_area.turn(1),
            "Ctrl+PgUp": lambda: parts.tile_area.turn(-1),
            "Alt+Left": lambda: parts.tile_area.move_current("left"),
            "Alt+Right": lambda: parts.tile_area.move_current("right"),
            "Alt+Up": lambda: parts.tile_area.move_current("up"),
            "Alt+Down": lambda: parts.tile_area.move_current("down"),
            "Shift+P": parts.tile_area.open_menu,
            "S": self.toggle_stage,
            "Ctrl+J": self.confer,
            "Ctrl+Shift+J": self.talk_in_news,
            "Ctrl+H": pages.toggle_handover,
            "Ctrl+T": pages.toggle_duty,
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
            "Shift+T": parts.goes_to.alone_or_undo,
            "Ctrl+O": pages.find_place,
            "Ctrl+P": pages.toggle_talk,
            "R": lambda: actions.recall(self.focused()),
            "Shift+R": lambda: actions.recall(""),
            "F": self.follow,
            "Shift+F": self.follow_speaker,
            "G": self.map_hands.show_group,
            "U": lambda: self.map_hands.follow(parts.units.chosen()),
            "Shift+U": lambda: self.map_hands.toggle_trail(parts.units.chosen()),
            "V": self.map_hands.open_menu,
            "C": lambda: actions.catch_up(self.focused()),
            "Shift+C": lambda: actions.catch_up(""),
            "+": lambda: self.turn_target(VOLUME_STEP_DB),
            "-": lambda: self.turn_target(-VOLUME_STEP_DB),
            "Esc": self.escape,
            **{n: lambda n=n: self.select_number(n) for n in NUMBER_KEYS},  # type: ignore[misc]
        }

    def bind(self, window: QWidget) -> None:
        table = self.table()
        bind(window, _without(table, OF_ALARMS), self.typing)
        everywhere = {key: self._followed(table[key]) for key in sorted(OF_ALARMS)}
        bind_everywhere(window, everywhere, self.typing)
        self.typing.follow(window)
        self.menu_keys.follow(window)

    def bind_panel(self, window: QWidget) -> None:
        """The same keys in a window that a panel has for itself. Where one of them puts the
        keyboard into a field, or the like, of the desk's window, the keyboard goes there."""
        table = _without(self.table(), OF_ALARMS)
        bind(window, {key: self._followed(call) for key, call in table.items()}, self.typing)

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
        self._parts.tile_area.reveal(key)
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

    def show_tile(self, key: str) -> None:
        """Without a word to the talk key."""
        self._parts.tile_area.reveal(key)
        self._parts.tiles.focus_key(key)

    def read_post(self) -> None:
        """Nobody says of a message that stands folded away that they have read it."""
        parts = self._parts
        if parts.waiting.is_folded(parts.post_bar):
            parts.waiting.unfold()
        else:
            parts.post_bar.read_it()

    def talk_in_news(self) -> None:
        """As of a message: what the key does is seen first."""
        parts = self._parts
        if parts.waiting.is_folded(parts.group_bar):
            parts.waiting.unfold()
        else:
            parts.group_bar.talk_there()

    def talk_in_group(self, group: str, stream: str) -> None:
        """A group that was formed just now; never while a voice is on its way to another."""
        if self.gate.held:
            words = self.tr("You are talking: let the talk key go first.")
            self._parts.talk_place.show_refusal(words)
            return
        parts, source = self._parts, self._sources.talkgroups
        before = self.selected()
        parts.group_bar.came_from(group, before)
        self.typing.end()  # what follows is talk
        self.select(stream)
        words = self.tr("The talk key talks in {0} now.").format(source.row(stream).name)
        if before:
            words += " " + self.tr("Before: {0}.").format(source.row(before).name)
        parts.say_done(words, (lambda: self.select(before)) if before else None)

    # --- talkgroups ---

    def mute_target(self) -> None:
        key = self.target()
        if key:
            self._sources.actions.set_muted(key, not self._sources.talkgroups.row(key).muted)

    def open_tile_menu(self) -> None:
        key = self.target()
        if key:
            self._parts.tile_area.reveal(key)
            self._parts.tiles.tile(key).open_menu()

    def toggle_stage(self) -> None:
        if self._parts.stage_bar.isHidden():
            self.show_stage(self.target())
        else:
            self.close_stage()

    def show_stage(self, key: str) -> None:
        """Where the groups of the page sound; the arrows move this one."""
        self._parts.stage_bar.open_for(key)

    def close_stage(self) -> None:
        self._parts.stage_bar.hide()
        self._parts.tiles.focus_current()

    def other_output(self) -> None:
        key = self.target()
        if key and self._sources.status.status().second_chosen:
            self._sources.actions.change_output(key)

    def mute_all(self) -> None:
        is_muted = self._sources.status.status().muted_until_s is not None
        self._sources.actions.mute_all(not is_muted)

    def follow(self) -> None:
        """The tile's conversation; while one is followed, no more."""
        key = self.target()
        if self._sources.status.status().following is not None:
            self._sources.actions.follow("")
        elif key:
            self.begin_following(key)

    def follow_chosen(self, key: str) -> None:
        """By the menu; empty: no more."""
        if key:
            self.begin_following(key)
        else:
            self._sources.actions.follow("")

    def begin_following(self, key: str) -> None:
        """What the engine does not hear can't be followed, and that is said."""
        row = self._sources.talkgroups.row(key)
        if row.slot < 0 or row.presence == "unreachable":
            words = self.tr("{0} is not heard here, so it can't be followed.").format(row.name)
            self._parts.talk_place.show_refusal(words)
        else:
            self._sources.actions.follow(key)

    def follow_speaker(self) -> None:
        """Who is talking now is meant, wherever the keyboard is."""
        rows = self._parts.now.speaking.rows
        if self._sources.status.status().following is not None:
            self._sources.actions.follow("")
        elif rows:
            self.begin_following(rows[0].key)
        else:
            self._parts.talk_place.show_refusal(
                self.tr("Nobody is talking now: nothing to follow.")
            )

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

    def confer(self) -> None:
        """With the unit that is chosen in the list, else with the one whose alarm the keys answer;
        on the page of an alarm, with that one's."""
        parts = self._parts
        unit = parts.units.chosen()
        alarm = parts.alarms.current
        if alarm and (not unit or not parts.aid.isHidden()):
            unit = self._sources.alarms.row(alarm).unit
        self.pages.confer_with(unit)

    def called_out(self, key: str, names: str) -> None:
        """A slip sends cars: it can be called off by the key that undoes."""
        words = self.tr("Called out: {0}").format(names)
        self._parts.say_done(words, lambda: self._call_off(key, names))

    def _call_off(self, key: str, names: str) -> None:
        if self._sources.posting.call_off(key):
            words = self.tr("Called off: {0}")
        else:
            words = self.tr("{0} could not be called off: it can't be kept. Say it by voice.")
        self._parts.say_done(words.format(names))

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

    def take_back(self) -> None:
        """What was done last, of all that now offers to be undone; in a field it is the field's."""
        alarms = self._parts.alarms
        offers: tuple[tuple[Offer, Callable[[], object]], ...] = (
            (alarms.undo, alarms.reopen),
            (self._parts.done_bar, self._parts.done_bar.take_back),
            (self._parts.layout_bar, self._sources.arranging.undo),
        )
        shown = {bar.offered_s: undo for bar, undo in offers if bar.isVisible()}
        if shown:
            shown[max(shown)]()

    def go_to_log(self) -> None:
        """Where there is no room for it beside the alarms, log and search has it all."""
        if self._parts.log.isHidden():
            self.pages.show_page(self._parts.timeline)
        else:
            self._parts.log.go()

    # --- leaving ---

    def escape(self) -> None:
        """One thing at a time: first what others hear, then what is heard here."""
        if self._parts.tile_area.drop_drag():
            return
        for is_there, leave in self._layers():
            if is_there:
                leave()
                return
        self.pages.close_help()
        self.pages.close_page()
        self._parts.tiles.focus_current()

    def _layers(self) -> tuple[tuple[bool, Callable[[], object]], ...]:
        """What lies over the desk as it usually is, the uppermost first, and how each is left."""
        parts, status = self._parts, self._sources.status.status()
        is_bare = self.pages.shown is None and parts.help.isHidden()
        return (
            (self.gate.is_latched, self.gate.let_go),
            (parts.replay.is_playing, self._sources.actions.stop_replay),
            (parts.tour.is_on, parts.tour.end),
            (parts.alarms.is_asking, self._keep_alarm_open),
            (parts.retention.is_asking, parts.retention.drop),
            (parts.dial_bar.is_asking, parts.dial_bar.drop),
            (parts.landmark_bar.is_asking, parts.landmark_bar.drop),
            (parts.map_place.is_carrying, parts.map_place.end_carrying),
            (parts.map_place.is_measuring, parts.map_place.end_measuring),
            (parts.pin_bar.is_asking, parts.pin_bar.drop),
            (parts.tile_area.is_open, self._leave_tile_area),
            (not parts.stage_bar.isHidden(), self.close_stage),
            (status.following is not None, lambda: self._sources.actions.follow("")),
            (self.map_hands.is_following and is_bare, self.map_hands.let_go),
            (parts.map_place.finder.is_open and is_bare, parts.map_place.finder.drop),
            (self._is_away(), self.pages.go_home),
            (parts.unit_bar.is_shown and is_bare, self._leave_unit),
        )

    def _leave_tile_area(self) -> None:
        self._parts.tile_area.leave()
        self._parts.tiles.focus_current()

    def _keep_alarm_open(self) -> None:
        self._parts.alarms.keep_open()
        self._parts.tiles.focus_current()

    def _leave_unit(self) -> None:
        self._parts.unit_bar.drop()
        self._parts.tiles.focus_current()

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

    def _is_in_front(self) -> bool:
        window = self._parts.top.window()
        return window.isActiveWindow() and not window.isMinimized()

    def button(self, purpose: str, down: bool) -> None:
        """A pedal, or another button outside the window."""
        if not down:
            if purpose != "replay":
                self.gate.release("pedal")
        elif purpose == "replay":
            self._sources.actions.recall("")
        elif purpose == "talk":
            self.press_selected("pedal")
        else:
            self._press_call_alone()

    def _press_call_alone(self) -> None:
        call = self._parts.call_bar.call
        if call is not None and call.stream and call.stand == "connected" and not call.full:
            self.gate.press(call.stream, "pedal", alone=True)
        elif self.gate.is_latched:
            self.gate.let_go()
        else:
            words = self.tr("There is no call to talk in: this button talks in calls alone.")
            self._parts.talk_place.show_refusal(words)

    def forget_button(self, purpose: ButtonPurpose) -> None:
        row = self._sources.status.status().buttons.row(purpose)
        self._sources.actions.forget_button(purpose)
        words = self.tr("Removed: {0}, {1}").format(purpose_words(purpose), row.label)
        self._parts.say_done(words, lambda: self._sources.actions.restore_button(purpose))

    def button_lost(self, _purpose: str, why: str) -> None:
        """It was down when nobody could tell any more how it stands."""
        if self.gate.hand != "pedal":
            return
        self.gate.let_go()
        words = {
            "unplugged": self.tr("The pedal was unplugged. Talk with the space bar."),
            "removed": self.tr("The pedal is removed. Talk with the space bar."),
            "learning": self.tr("A button is being chosen: nothing is sent meanwhile."),
            "held": self.tr("The pedal is stuck: let it go. Talk with the space bar."),
        }
        other = self.tr("The pedal does not answer. Talk with the space bar.")
        self._parts.talk_place.show_refusal(words.get(why, other), self.tr("CLOSED"))

    def choose_call(self) -> None:
        self._is_call_chosen = True
        self.chosen.emit()

    def call_in_front(self) -> LiveCall | None:
        """The half duplex call that the talk key talks in."""
        call = self._parts.call_bar.call
        is_half = call is not None and call.stand == "connected" and not call.full
        return call if is_half and self._is_call_chosen and call and call.stream else None

    def why_not_send(self, key: str) -> str:
        status = self._sources.status.status()
        if status.transmit_note:
            return status.transmit_note
        if status.buttons.learning is not None:
            return self.tr("A button is being chosen: nothing is sent meanwhile.")
        return "" if key else self.tr("Select a talkgroup first: click it or press its number.")

    def why_unheard(self, rows: Sequence[TalkgroupRow]) -> str:
        """Said before a press, of the groups that it would talk in. The press is made all the
        same: who answers it knows best."""
        if not rows or any(row.presence != "unreachable" for row in rows):
            return ""
        return self.tr("{0} is not heard here: nothing can be sent there.").format(rows[0].name)

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

    def menu_was_open(self) -> None:
        words = self.tr("A menu was open, and nothing was sent. Press again to talk.")
        self._parts.talk_place.show_refusal(words)

    def typed_on(self) -> None:
        words = self.tr("You were typing: that key did nothing. Press Esc first.")
        self._parts.talk_place.show_refusal(words)

    def talk_along(self) -> None:
        """Not in the one that is selected: it would be seen nowhere, and stay behind as a second
        one when another is selected."""
        key = self.target()
        if not key:
            return
        row = self._sources.talkgroups.row(key)
        if row.attention == "selected" and not row.along:
            words = self.tr("{0} is selected: the talk key talks there already.")
            self._parts.talk_place.show_refusal(words.format(row.name))
        else:
            self._sources.actions.set_along(key, not row.along)


def _without(
    table: dict[str, Callable[[], object]], keys: Container[str]
) -> dict[str, Callable[[], object]]:
    return {key: call for key, call in table.items() if key not in keys}
