"""The press-to-talk gate: one hand at a time, and never left open.

A key-up may never come (focus left, the window was deactivated, the machine slept): so the gate
also closes on those, and after :data:`MAX_TALK_MS` whatever happens. With the latch a press opens
and the next one closes; all else closes it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from widgets.contracts.actions import Actions

MAX_TALK_MS: Final = 60_000

Hand = Literal["key", "tile", "bar", "call", "pedal"]


class PttGate(QObject):
    """``refused`` says in one sentence why nothing is sent; ``talking`` carries the talkgroup."""

    refused = Signal(str)
    talking = Signal(str)

    def __init__(
        self,
        actions: Actions,
        why_not: Callable[[str], str],
        in_front: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """``why_not(talkgroup)``: the reason why this desk can't send there, "" if it can;
        ``in_front``: whether the desk's window is the one that is looked at."""
        super().__init__(parent)
        self._actions = actions
        self._why_not = why_not
        self._in_front = in_front
        self._hand: Hand | None = None
        self._latch = False
        self._is_latched = False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(MAX_TALK_MS)
        self._limit.timeout.connect(self._too_long)

    @property
    def held(self) -> bool:
        return self._hand is not None

    @property
    def hand(self) -> Hand | None:
        """That holds it now."""
        return self._hand

    @property
    def is_latched(self) -> bool:
        """Open, or asking, without a hand that holds it."""
        return self._is_latched

    def set_latch(self, latch: bool) -> None:
        if latch != self._latch:
            self._latch = latch
            self.let_go()

    def press(self, key: str, hand: Hand, *, break_in: bool = False, alone: bool = False) -> None:
        """Begin to talk, or say why not. A second hand while one is down is ignored; where it is
        latched any hand closes it. ``alone``: there and nowhere else, as always from a tile or in
        a call."""
        if self._is_latched:
            self.let_go()
            return
        if self._hand is not None:
            return
        why = self._why_not(key)
        if why:
            self.refused.emit(why)
            return
        self._hand = hand
        # Nobody sees a window behind another: what is open there must be held.
        self._is_latched = self._latch and self._in_front()
        self._limit.start()
        alone = alone or hand in ("tile", "call")
        self._actions.press_to_talk(key, alone=alone, break_in=break_in)
        self.talking.emit(key)

    def release(self, hand: Hand) -> None:
        """Only the hand that pressed can let go."""
        if hand == self._hand and not self._is_latched:
            self.let_go()

    def leave(self) -> None:
        """The window is no more in front: a key that comes up is not seen, a pedal is."""
        if self._hand != "pedal" or self._is_latched:
            self.let_go()

    def let_go(self) -> None:
        """Close the gate whoever holds it: focus out, deactivation, unplugging, site gone."""
        if self._hand is None:
            return
        self._hand = None
        self._is_latched = False
        self._limit.stop()
        self._actions.release_to_talk()
        self.talking.emit("")

    def _too_long(self) -> None:
        self.let_go()
        self.refused.emit(self.tr("Stopped after a minute: let go and press again."))
