"""What a gateway has received, sent on and refused, in plain words."""

from __future__ import annotations

from collections import Counter
from typing import Final

from console.gateways.sighting import IN_WORDS, Sender, Why

MAX_TOLD: Final = 200
"""Senders that are no unit here and were told of; more are counted alone."""


class Tally:
    """``sent`` counts positions said to a site in reach, ``units`` those that were in them."""

    def __init__(self) -> None:
        self.received = 0
        self.ignored = 0  # good, and nobody's place
        self.positions = 0
        self.sent = 0
        self.units: set[str] = set()
        self.refused: Counter[Why] = Counter()
        self._told: set[tuple[Why, str]] = set()

    def is_news(self, why: Why, sender: Sender) -> bool:
        """Whether this sender has not been told of yet for that."""
        key = why, str(sender)
        if key in self._told or len(self._told) >= MAX_TOLD:
            return False
        self._told.add(key)
        return True

    def in_words(self) -> str:
        """``120 received, 40 positions sent on (2 units), 60 without position; 3 refused: …``"""
        parts = [
            f"{self.received} received",
            f"{self.sent} positions sent on ({_count(len(self.units), 'unit')})",
        ]
        if self.ignored:
            parts.append(f"{self.ignored} without a position in them")
        refused = [f"{count} {IN_WORDS[why]}" for why, count in self.refused.most_common() if count]
        told = f"{sum(self.refused.values())} refused"
        return ", ".join(parts) + "; " + (f"{told}: {', '.join(refused)}" if refused else told)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
