"""Every key of the desk, in one table; the talk key apart, because it is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from widgets.heldkey import HeldKey
from widgets.popups import close_popups
from widgets.ptt import PttGate
from widgets.typing_guard import TypingGuard

TALK_KEY: Final = Qt.Key.Key_Space
TALK_MODIFIERS: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


OF_ALARMS: Final = frozenset({"F1", "F2", "F3", "F4", "F5"})
"""They work past an open menu, which keeps all other keys to itself, and in every window."""


def bind(window: QWidget, calls: Mapping[str, Callable[[], object]], typing: TypingGuard) -> None:
    """Each key sequence to what it does, while this window has the keyboard; none of them repeats
    while held, but for volume."""
    for sequence, call in calls.items():
        _shortcut(window, sequence, _guarded(sequence, call, typing))


def bind_everywhere(
    window: QWidget, calls: Mapping[str, Callable[[], object]], typing: TypingGuard
) -> None:
    """The same, whatever of the program has the keyboard. A menu that is open goes first."""
    for sequence, call in calls.items():
        made = _shortcut(window, sequence, close_popups)
        made.setContext(Qt.ShortcutContext.ApplicationShortcut)
        made.activated.connect(_guarded(sequence, call, typing))


def _shortcut(window: QWidget, sequence: str, call: Callable[[], object]) -> QShortcut:
    made = QShortcut(QKeySequence(sequence), window)
    made.setAutoRepeat(sequence in {"+", "-"})
    made.activated.connect(call)
    return made


def _guarded(
    sequence: str, call: Callable[[], object], typing: TypingGuard
) -> Callable[[], object]:
    """A plain character may still be text that somebody types; any other key is meant."""

    def character() -> None:
        if not typing.takes_character():
            call()

    def other() -> None:
        typing.end()
        call()

    return character if len(sequence.removeprefix("Shift+")) == 1 else other


class TalkKey(QObject):
    """Sees the talk key before any widget does, wherever the focus is, except in a text field."""

    def __init__(
        self,
        gate: PttGate,
        pressed: Callable[[bool], None],
        typing: TypingGuard,
        parent: QObject,
    ) -> None:
        """``pressed(break_in)``: with Shift the floor is taken from who has it."""
        super().__init__(parent)
        self._typing = typing
        self._gate = gate
        self._pressed = pressed
        self.held = HeldKey(lambda: gate.release("key"), self)

    def watch(self, window: QWindow) -> None:
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            return False
        return isinstance(event, QKeyEvent) and (self._escape(event) or self._talk_key(event))

    def _escape(self, event: QKeyEvent) -> bool:
        """Also from a field that has a use of its own for it: an open microphone comes first."""
        is_meant = self._gate.is_latched and event.key() == Qt.Key.Key_Escape
        if is_meant and event.type() == QEvent.Type.KeyPress:
            self._gate.let_go()
            return True
        return False

    def _talk_key(self, event: QKeyEvent) -> bool:
        if event.key() != TALK_KEY or not self._is_ours(event):
            return False
        is_held = self._gate.hand == "key" and not self._gate.is_latched
        if isinstance(QApplication.focusWidget(), QLineEdit) and not is_held:
            return False  # also while it is latched: one types with both hands then
        if event.isAutoRepeat():
            return True
        is_press = event.type() == QEvent.Type.KeyPress
        if is_press and self.held.is_still_down():
            return True
        if is_press and not self._gate.is_latched and self._typing.takes_space():
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._pressed(event.modifiers() == Qt.KeyboardModifier.ShiftModifier)
        else:
            self.held.up()
        return True

    def _is_ours(self, event: QKeyEvent) -> bool:
        """A key that is down comes up whatever else is held by then."""
        return self._gate.held or event.modifiers() in TALK_MODIFIERS


@dataclass(frozen=True, slots=True)
class Keys:
    """Some that have to do with the same: each with what it does."""

    name: str
    lines: tuple[tuple[str, str], ...]


def described() -> tuple[Keys, ...]:
    """What the help shows."""
    translate = QCoreApplication.translate
    return (
        Keys(translate("keys", "Talk"), _to_talk()),
        Keys(translate("keys", "Talkgroups"), _of_talkgroups()),
        Keys(translate("keys", "Alarms"), _of_alarms()),
        Keys(translate("keys", "People"), _of_people()),
        Keys(translate("keys", "Map"), _of_map()),
        Keys(translate("keys", "Window"), _of_window()),
    )


def _to_talk() -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    return (
        (
            translate("keys", "Space bar"),
            translate("keys", "Hold, or press, to talk in the selected talkgroup"),
        ),
        (
            translate("keys", "Shift+Space bar"),
            translate("keys", "Take the floor from who talks there"),
        ),
        ("T", translate("keys", "Talk in the talkgroup as well as in the selected one")),
        ("Shift+T", translate("keys", "Talk in the selected talkgroup alone, or undo that")),
        ("Ctrl+P", translate("keys", "Talk key: hold or latch, foot pedal, other buttons")),
        ("F10", translate("keys", "Answer the call; in a call: talk in it again")),
        ("F11", translate("keys", "Reject the call, or hang up")),
        ("Shift+F11", translate("keys", "Mute yourself in a call")),
        ("Ctrl+I", translate("keys", "Call a unit or a desk; Shift+Enter: as a telephone")),
    )


def _of_talkgroups() -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    return (
        ("1 … 9, 0", translate("keys", "Select talkgroup 1 to 10 of all, on any page")),
        ("← ↑ → ↓", translate("keys", "Move between talkgroups, Enter selects")),
        ("Alt+← ↑ → ↓", translate("keys", "Move the talkgroup's tile")),
        ("Ctrl+PgUp  PgDn", translate("keys", "The page of talkgroups before, the next one")),
        ("Ctrl+G", translate("keys", "Search talkgroups, Enter selects the first")),
        ("Shift+P", translate("keys", "Make, rename and delete pages; the standard layout")),
        ("S", translate("keys", "Where each talkgroup sounds, from left to right")),
        ("M", translate("keys", "Mute or unmute the talkgroup")),
        ("Ctrl+M", translate("keys", "Mute all voices for 30 s, or hear them again")),
        ("+  −", translate("keys", "Volume of the talkgroup")),
        ("P", translate("keys", "Menu of the talkgroup, also by a right click")),
        ("H", translate("keys", "Hear the talkgroup from the loudspeaker, or in the headset")),
        ("R", translate("keys", "Hear the talkgroup's last call again; Shift+R: anybody's")),
        ("C", translate("keys", "Catch up on the talkgroup's missed calls; Shift+C: on all")),
        ("F", translate("keys", "Follow the talkgroup's conversation; Shift+F: who talks now")),
        ("Ctrl+R", translate("keys", "The talkgroup's kept calls, to be saved as files")),
    )


def _of_alarms() -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    return (
        ("F1", translate("keys", "Acknowledge the alarm; while none waits for it: this help")),
        ("F2", translate("keys", "Take over the alarm")),
        ("F3", translate("keys", "Show the alarm on the map")),
        ("F4", translate("keys", "Close the alarm, with a reason")),
        ("L", translate("keys", "Hear the alarm's open microphone again, or stop it")),
        ("N", translate("keys", "Note something with the alarm")),
        ("Shift+F3", translate("keys", "How far the units are from the alarm")),
        ("F5", translate("keys", "Send help to the alarm, or note something")),
        ("F6", translate("keys", "Pause the alarm sound for two minutes, or hear it again")),
        ("Ctrl+Shift+A", translate("keys", "Hold for 1 s: raise an alarm of this desk")),
    )


def _of_people() -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    return (
        ("F7", translate("keys", "Say that you have read the message")),
        ("F8", translate("keys", "Radio procedure: the phrases and rules that fit now")),
        ("F9", translate("keys", "Another person sits here now")),
        ("Ctrl+N", translate("keys", "Message, call-out, status, groups")),
        ("Ctrl+J", translate("keys", "Conference; Ctrl+Shift+J: talk in it")),
        ("Ctrl+T", translate("keys", "Duty list")),
        ("Ctrl+H", translate("keys", "Hand-over: what is open")),
        ("Ctrl+K", translate("keys", "Search units")),
        ("Ctrl+1 … 7", translate("keys", "Only units that are free, or of a kind; Ctrl+8: all")),
        ("Ctrl+9", translate("keys", "Sort units by urgency, name, or distance")),
        (
            "Ctrl+Shift+F",
            translate("keys", "While distances are measured: units that are free first"),
        ),
        (
            "Shift+F10",
            translate("keys", "With a unit: call, message, talkgroup, map, log, distances"),
        ),
    )


def _of_map() -> tuple[tuple[str, str], ...]:
    """The last two while the keyboard is on the map, the others from anywhere."""
    translate = QCoreApplication.translate
    return (
        ("Ctrl+O", translate("keys", "Find a place, an address or coordinates on the map")),
        ("V", translate("keys", "Kept views, units in view, picture, print")),
        ("G", translate("keys", "Show the talkgroup's units")),
        ("U", translate("keys", "Keep the chosen unit in the middle; Shift+U: its trail")),
        (
            translate("keys", "Shift+drag"),
            translate("keys", "Units in a box: message, call-out, talkgroup"),
        ),
        ("D", translate("keys", "Measure a line on the map; Enter or a click: next leg, Esc: end")),
        ("I", translate("keys", "Set an incident pin where the mouse is, or in the middle")),
        ("PgUp  PgDn", translate("keys", "To the next pin or place on the map, Menu key: more")),
        ("+  −", translate("keys", "Zoom; arrows move the map; Home: all units")),
    )


def _of_window() -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    return (
        ("Ctrl+Z", translate("keys", "Undo what was done last, as long as that is offered")),
        ("Ctrl+L", translate("keys", "To the log")),
        ("Ctrl+F", translate("keys", "Search all of the log, and hear what was said")),
        ("Ctrl+D", translate("keys", "How the sound engine and each stream do")),
        ("Ctrl+E", translate("keys", "Panel or page to a window of its own, or back")),
        ("Ctrl+ + − 0", translate("keys", "Everything larger, smaller, as usual")),
        ("Tab", translate("keys", "To the next control, Enter presses it")),
        ("F12  ?", translate("keys", "This help")),
        (
            "Esc",
            translate("keys", "Close a locked microphone, stop, undo, leave a field or page"),
        ),
    )
