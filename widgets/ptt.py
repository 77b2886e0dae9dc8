"""The press-to-talk gate: one hand at a time, and never left open.

A key-up may never come (focus left, the window was deactivated, the machine slept): so the gate
also closes on those, and after :data:`MAX_TALK_MS` whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from widgets.contracts.actions import Actions

MAX_TALK_MS: Final = 60_000

Hand = Literal["key", "tile", "bar", "call"]


class PttGate(QObject):
    """``refused`` says in one sentence why nothing is sent; ``talking`` carries the talkgroup."""

    refused = Signal(str)
    talking = Signal(str)

    def __init__(
        self, actions: Actions, why_not: Callable[[str], str], parent: QObject | None = None
    ) -> None:
        """``why_not(talkgroup)``: the reason why this desk can't send there, "" if it can."""
        super().__init__(parent)
        self._actions = actions
        self._why_not = why_not
        self._hand: Hand | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(MAX_TALK_MS)
        self._limit.timeout.connect(self._too_long)

    @property
    def held(self) -> bool:
        return self._hand is not None

    def press(self, key: str, hand: Hand, *, break_in: bool = False, alone: bool = False) -> None:
        """Begin to talk, or say why not. A second hand while one is down is ignored. ``alone``:
        there and nowhere else, as always from a tile or in a call."""
        if self._hand is not None:
            return
        why = self._why_not(key)
        if why:
            self.refused.emit(why)
            return
        self._hand = hand
        self._limit.start()
        alone = alone or hand in ("tile", "call")
        self._actions.press_to_talk(key, alone=alone, break_in=break_in)
        self.talking.emit(key)

    def release(self, hand: Hand) -> None:
        """Only the hand that pressed can let go."""
        if hand == self._hand:
            self.let_go()

    def let_go(self) -> None:
        """Close the gate whoever holds it: focus out, deactivation, unplugging, site gone."""
        if self._hand is None:
            return
        self._hand = None
        self._limit.stop()
        self._actions.release_to_talk()
        self.talking.emit("")

    def _too_long(self) -> None:
        self.let_go()
        self.refused.emit(self.tr("Stopped after a minute: let go and press again."))
