"""The order of the tiles. A tile's place never changes once it has one, so that a number key always
means the same group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final

from console.models.group_facts import GroupFacts, group_of

SETTLE_S: Final = 2.5
"""After the first stream tiles are still sorted for this long: by the saved order, else by name."""
MAX_TILES: Final = 512
"""At the bound a tile whose station has gone makes room, else a new stream gets none."""


class TileOrder:
    """``shown`` are the tiles there are; ``saved`` has also those that are not there today."""

    def __init__(
        self, saved: Sequence[str], facts: GroupFacts, ticks_s: Callable[[], float]
    ) -> None:
        self.shown: list[str] = []
        self.saved: list[str] = []
        self._places: dict[str, int] = {}
        self._facts = facts
        self._ticks_s = ticks_s
        self._settle_until_s = 0.0
        self._counted: list[str] = []  # the order that ``_stations`` was counted from
        self._stations: Counter[str] = Counter()  # how many there are of each talkgroup
        self._save(list(saved))

    def _save(self, order: list[str]) -> None:
        self.saved = order
        self._places = {key: place for place, key in enumerate(order)}

    def place(self, new: Sequence[str]) -> None:
        """Sorted while settling, then at the end: a number key never comes to mean another."""
        if not self.shown:
            self._settle_until_s = self._ticks_s() + SETTLE_S
        if self._ticks_s() < self._settle_until_s:
            self.shown.extend(new)
            self.shown.sort(key=self._natural_place)
        else:
            self.shown = [*self._before_formed(new), *self._formed_last(new)]

    def _before_formed(self, new: Sequence[str]) -> list[str]:
        """Formed groups that stand last go on standing there."""
        lasting = len(self.shown) - self._formed_run()
        return [*self.shown[:lasting], *(key for key in new if not self._facts.is_formed(key))]

    def _formed_last(self, new: Sequence[str]) -> list[str]:
        lasting = len(self.shown) - self._formed_run()
        return [*self.shown[lasting:], *(key for key in new if self._facts.is_formed(key))]

    def _formed_run(self) -> int:
        """How many of them stand last; a hand may have put one further up."""
        return len(list(takewhile(self._facts.is_formed, reversed(self.shown))))

    def _natural_place(self, key: str) -> tuple[bool, int, int, str, str]:
        """Those that last before those that were formed; the saved order, then that in which the
        site defined its groups, then by name."""
        facts = self._facts
        saved = self._places.get(key, len(self._places))
        return facts.is_formed(key), saved, facts.rank(key), facts.name(key).casefold(), key

    def resettle(self) -> bool:
        """While settling, names from the site may still arrive and change the order."""
        if self._ticks_s() >= self._settle_until_s:
            return False
        order = sorted(self.shown, key=self._natural_place)
        if order == self.shown:
            return False
        self.shown = order
        return True

    def arrange(self, known: Sequence[str]) -> set[str]:
        """Of those that are not there, :data:`MAX_TILES` are remembered; the others are given."""
        here = set(self.shown)
        absent = [key for key in known if key not in here]
        surplus = set(absent[MAX_TILES:])
        self._save([key for key in known if key not in surplus])
        end = len(self.saved)
        self.shown.sort(key=lambda key: self._places.get(key, end))
        return surplus

    def all_known(self) -> tuple[str, ...]:
        """In the order of the tiles, those too that are not there today."""
        return tuple(dict.fromkeys((*self.saved, *self.shown)))

    def remembered(self) -> tuple[str, ...]:
        """:data:`MAX_TILES` of them. A saved place is kept for a station that came late today:
        tomorrow its number is the one that it has always had."""
        order = self.all_known()
        shown = set(self.shown)
        spare = [key for key in order if key not in shown][: max(0, MAX_TILES - len(shown))]
        kept = shown.union(spare)
        return tuple(key for key in order if key in kept)

    def remove(self, gone: set[str]) -> None:
        """Nothing is remembered of these."""
        self.shown = [key for key in self.shown if key not in gone]
        self.saved = [key for key in self.saved if key not in gone]
        for key in gone & self._places.keys():
            del self._places[key]

    def stations_of(self, talkgroup: str) -> int:
        if self._counted != self.shown:
            self._counted, self._stations = list(self.shown), Counter(map(group_of, self.shown))
        return self._stations[talkgroup]
