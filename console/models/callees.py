"""Whom this desk can call: units and other desks, by what they are called."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QObject

from console.models.store import SiteStore
from widgets.contracts.rows import Callee

MAX_FOUND: Final = 8


class CalleeModel(QObject):
    """Implements widgets.contracts.sources.CalleeSource."""

    def __init__(
        self, store: SiteStore, *, member: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._member = member

    def find(self, text: str) -> Sequence[Callee]:
        """The best first, :data:`MAX_FOUND` at most: those that are called so, then those whose
        name begins so, then those that have it in their name. Capitals and spaces don't count."""
        wanted = _plain(text)
        if not wanted:
            return ()
        ranked = [
            (rank, one.name.casefold(), one)
            for one, names in self._everybody()
            if (rank := _rank(wanted, names)) is not None
        ]
        ranked.sort(key=lambda row: row[:2])
        return tuple(one for _, _, one in ranked[:MAX_FOUND])

    def name(self, key: str) -> str:
        """What a unit or a desk is called, and who sits there."""
        state = self._store.state
        desk = state.desks.get(key)
        if desk is None:
            return self._store.call_sign(key)
        return f"{desk.label} ({desk.person})" if desk.person else desk.label

    def is_exercise(self, key: str) -> bool:
        unit = self._store.state.units.get(key)
        return unit is not None and unit.exercise

    def _everybody(self) -> Iterator[tuple[Callee, tuple[str, ...]]]:
        """With all that they may be found by."""
        state = self._store.state
        for desk in state.desks.values():
            if desk.key != self._member() and desk.present:
                found_by = (desk.label, desk.person, desk.key)
                yield Callee(desk.key, self.name(desk.key)), tuple(map(_plain, found_by))
        for unit in state.units.values():
            if unit.key != self._member() and unit.key not in state.desks:
                found_by = (unit.call_sign, unit.issi or "", unit.key)
                callee = Callee(unit.key, unit.call_sign, exercise=unit.exercise)
                yield callee, tuple(map(_plain, found_by))


def _rank(wanted: str, names: Sequence[str]) -> int | None:
    if wanted in names:
        return 0
    if any(one.startswith(wanted) for one in names):
        return 1
    return 2 if any(wanted in one for one in names) else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(one for one in folded if one.isalnum())
