"""Which member stands for a unit: the gateway, or the exercise, that has told the site of it. Pure.

A radio is no member of the site; who carries its voice has to have its keys and its floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from console.domain.bounds import MAX_UNITS
from console.domain.events import Event, UnitDefined, UnitRemoved
from console.domain.roles import Role

MAY_KEEP: Final = frozenset[Role]({"gateway", "trainer"})


class Keepers:
    """The newest word on each unit, up to :data:`MAX_UNITS`."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, str]] = {}  # the event's id, and who said it; "" = removed

    def take(self, event: Event, member: str) -> None:
        """``member``: whose program the event's author is."""
        body = event.body
        if not isinstance(body, UnitDefined | UnitRemoved):
            return
        known = self._told.get(body.unit)
        if known is None and len(self._told) >= MAX_UNITS:
            return
        if known is None or known[0] < event.id:
            self._told[body.unit] = event.id, member if isinstance(body, UnitDefined) else ""

    def stands_for(self, member: str, role: Role, whom: Iterable[str]) -> bool:
        """Any of them. ``whom``: units alone; nobody stands for another member."""
        return role in MAY_KEEP and any(
            known[1] == member for one in whom if (known := self._told.get(one)) is not None
        )
