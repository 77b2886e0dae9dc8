"""What this desk has said to people and the site has not told back yet: shown all the same, as what
it is, from the moment that it was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from console.domain import events as e
from console.domain.state import State, apply
from console.domain.texts import plain_body

SHOWN: Final = (
    e.MessageSent,
    e.StatusMessageSent,
    e.CalloutSent,
    e.GroupFormed,
    e.PatchMade,
)
MOST: Final = 50
"""The newest; with the site away for long the outbox has them all."""


@dataclass(frozen=True, slots=True)
class Said:
    """``state`` has this one alone, so that it is put into words as what the site has is."""

    body: e.AnyBody
    state: State


class Leaving:
    """``me`` is as whom this desk speaks, ``person`` who sits here."""

    def __init__(
        self, me: Callable[[], str], person: Callable[[], str], now_s: Callable[[], float]
    ) -> None:
        self._me = me
        self._person = person
        self._now_s = now_s
        self._said: list[Said] = []
        self._numbers = count(1)

    def add(self, body: e.AnyBody) -> bool:
        """Whether it is of a kind that is shown."""
        if not isinstance(body, SHOWN):
            return False
        said = plain_body(body)  # as it is in the log
        event = e.Event(
            id=f"leaving-{next(self._numbers)}",
            time_ms=round(self._now_s() * 1_000),
            author=self._me(),
            seq=0,
            body=said,
            person=self._person(),
            exercise=getattr(said, "exercise", False),
        )
        self._said = [*self._said, Said(said, apply(State(), event))][-MOST:]
        return True

    def told(self, events: Sequence[e.Event]) -> None:
        """The site has these: of what is said twice, the first one goes first."""
        for event in events:
            if isinstance(event.body, SHOWN) and event.author == self._me():
                bodies = [one.body for one in self._said]
                if event.body in bodies:
                    del self._said[bodies.index(event.body)]

    def states(self) -> tuple[State, ...]:
        return tuple(one.state for one in self._said)
