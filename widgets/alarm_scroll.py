"""The alarms' cards, one below the other, each seen whole or not at all.

What is out of sight is counted above and below (``alarm_edges``), so that nothing need peep out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from widgets.scrolled import WholeArea


def whole(heights: Sequence[int], gap: int, room: int) -> int:
    """How much of ``room`` whole cards take, whichever is the first that is seen; all of it where
    one is too high for it."""
    if any(height > room for height in heights):
        return room
    return max((_run(heights[n:], gap, room) for n in range(len(heights))), default=0)


def _run(heights: Sequence[int], gap: int, room: int) -> int:
    """What the first of them take, as far as they fit."""
    taken = 0
    for height in heights:
        more = height + (gap if taken else 0)
        if taken + more > room:
            break
        taken += more
    return taken


class AlarmScroll(WholeArea):
    """Stands still only with a card's head at its upper edge."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.inner.setObjectName("alarms")
        for blank in self._blanks:
            blank.setObjectName("desk")
        self._cards: tuple[QWidget, ...] = ()
        self._bar = self.verticalScrollBar()
        self._bar.actionTriggered.connect(self._by_hand)

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """As they stand, from the top."""
        self._cards = tuple(cards)

    def places(self) -> Iterable[QRect]:
        return [card.geometry() for card in self._cards]

    def wanted_height(self, gap: int) -> int:
        heights = [card.height() for card in self._cards]
        return sum(heights) + gap * max(0, len(heights) - 1)

    def fit(self, gap: int, room: int) -> int:
        """Takes of this room what whole cards need. The last ones can be brought to the top too,
        where they alone do not fill it."""
        heights = [card.height() for card in self._cards]
        high = min(whole(heights, gap, room), self.wanted_height(gap))
        last = _run(heights[::-1], gap, high)
        self.column.setSpacing(gap)
        self.column.setContentsMargins(0, 0, 0, high - last if last else 0)
        return high

    def settle(self) -> None:
        """To the card that is nearest: others have come or gone."""
        tops = self._tops()
        if tops:
            now = self._bar.value()
            self._bar.setValue(min(tops, key=lambda top: abs(top - now)))
        self.hide_cut()

    def _tops(self) -> list[int]:
        """Where it may stand; of a card that is too high for it, also with its end in sight."""
        cards, room = tuple(self.places()), self.viewport().height()
        ends = (card.bottom() + 1 - room for card in cards if card.height() > room)
        return sorted({*(card.top() for card in cards), *ends})

    def _by_hand(self, _action: int) -> None:
        """A wheel or a key goes on to the next card; a bar that is drawn to the nearest one."""
        tops, now, wanted = self._tops(), self._bar.value(), self._bar.sliderPosition()
        if not tops:
            return
        if self._bar.isSliderDown():
            wanted = min(tops, key=lambda top: abs(top - wanted))
        elif wanted > now:
            wanted = next((top for top in tops if top >= wanted), tops[-1])
        elif wanted < now:
            wanted = next((top for top in reversed(tops) if top <= wanted), tops[0])
        self._bar.setSliderPosition(wanted)
