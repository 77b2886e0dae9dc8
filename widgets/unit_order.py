"""Which units are listed, and in which order. Pure.

What decides is worked out when a unit changes, not when the list is asked for: two thousand units
are filtered and sorted within a frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from resources.map.geodesy import distance_km
from widgets.contracts.rows import UnitRow, Urgency
from widgets.driving import Estimate, Seen, estimate

RANK: Final[dict[Urgency, int]] = {"red": 0, "yellow": 1, "green": 2, "none": 3}
Filter = Literal["free", "ambulance", "doctor", "first-responder", "police", "fire", "helicopter"]
FILTERS: Final[tuple[Filter, ...]] = get_args(Filter)
Sort = Literal["urgency", "distance", "name"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
_NUMBER: Final = re.compile(r"\d+")
NUMBER_DIGITS: Final = 8  # an ISSI has seven
FAR_KM: Final = 1e6  # of whom nobody knows where it is


@dataclass(frozen=True, slots=True)
class Reference:
    """A chosen place, from which distances are measured: that of a unit, while it has one."""

    label: str
    lat: float
    lon: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be listed: those who have every word typed, and, of the kinds that are chosen,
    any; none chosen = all. ``free_first``: by distance, those that are free before all others."""

    text: str = ""
    filters: frozenset[Filter] = frozenset()
    sort: Sort = "urgency"
    free_first: bool = False


def has_alarm(row: UnitRow) -> bool:
    return row.alarm is not None and row.alarm != "closed"


def natural(name: str) -> str:
    """To be sorted by: AMB 3-9 before AMB 3-10."""
    return _NUMBER.sub(lambda found: found.group().zfill(NUMBER_DIGITS), name.casefold())


def order(row: UnitRow) -> tuple[bool, bool, int, str]:
    """Alarms first, unanswered ones before all; then urgency, then name; never who speaks."""
    return (
        row.alarm != "raised",
        not has_alarm(row),
        RANK[row.urgency],
        natural(row.call_sign),
    )


def has_words(text: str, search: str) -> bool:
    """Every word typed stands in it."""
    folded = text.casefold()
    return all(word in folded for word in search.casefold().split())


def searched(row: UnitRow) -> str:
    """What is searched: its call sign, status, talkgroup, crew and number."""
    return " ".join((row.call_sign, row.status_text, row.talkgroup, *row.crew, row.issi)).casefold()


class _Entry:
    """A unit as it is listed, and what decides where."""

    __slots__ = ("always", "by_name", "by_urgency", "far_km", "place", "row", "told", "words")

    def __init__(self, row: UnitRow, far_km: float) -> None:
        self.row, self.far_km = row, far_km
        self.told = row  # with the place as it was told last
        self.words = searched(row)
        self.always = has_alarm(row)
        self.place = _place(row)
        first = (row.alarm != "raised", not self.always)
        name = natural(row.call_sign)
        self.by_name = (*first, name)
        self.by_urgency = (*first, RANK[row.urgency], name)

    def by_distance(self) -> tuple[bool, bool, float, str]:
        raised, alarm, name = self.by_name
        return raised, alarm, self.far_km, name

    def by_freedom(self) -> tuple[bool, bool, bool, float, str]:
        raised, alarm, name = self.by_name
        return raised, alarm, not self.row.free, self.far_km, name


def _place(row: UnitRow) -> tuple[float, float] | None:
    return None if row.lat is None or row.lon is None else (row.lat, row.lon)


def _drawn(row: UnitRow) -> tuple[object, ...]:
    """All but where it is: a unit that only moves is the same row in the list."""
    return (
        row.call_sign, row.kind, row.status, row.status_text, row.urgency, row.since_s,
        row.talkgroup, row.alarm, row.speaking, row.exercise, row.free, row.crew, row.issi,
        row.heard_s, row.heard_in, row.battery_percent, row.battery_low, row.coverage,
    )  # fmt: skip


class UnitTable:
    """All units, kept so that they can be listed at once."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._from: Reference | None = None
        self._parted: Collection[str] = frozenset()

    def __len__(self) -> int:
        return len(self._entries)

    def set_rows(self, rows: Iterable[UnitRow]) -> None:
        self._entries.clear()
        for row in rows:
            self.put(row)

    def put(self, row: UnitRow) -> None:
        old = self._entries.get(row.key)
        if old is not None and _drawn(old.row) == _drawn(row):
            old.told = row
            old.place = _place(row)
            old.far_km = self._far_km(old.place)
        else:
            self._entries[row.key] = _Entry(row, self._far_km(_place(row)))

    def measure_from(self, reference: Reference | None) -> None:
        self._from = reference
        for entry in self._entries.values():
            entry.far_km = self._far_km(entry.place)

    def far_km(self, key: str) -> float | None:
        """Of one unit from the chosen place; None: nobody knows, or none is chosen."""
        entry = self._entries.get(key)
        return None if entry is None or entry.far_km == FAR_KM else entry.far_km

    def set_parted(self, keys: Collection[str]) -> None:
        """Those that water may part from the chosen place."""
        self._parted = keys

    def places(self) -> dict[str, tuple[float, float]]:
        """Where each unit is, degrees; without those of whom nobody knows."""
        found = ((key, entry.place) for key, entry in self._entries.items())
        return {key: place for key, place in found if place is not None}

    def estimate(self, key: str, now_s: float) -> Estimate | None:
        """How long one unit may need to the chosen place; None: that can't be said."""
        far_km, entry = self.far_km(key), self._entries.get(key)
        if entry is None or far_km is None:
            return None
        row = entry.told
        age_s = None if row.fixed_s is None else now_s - row.fixed_s
        seen = Seen(far_km, age_s, row.accuracy_m / 1_000, key in self._parted)
        return estimate(row.kind, seen)

    def _far_km(self, place: tuple[float, float] | None) -> float:
        here = self._from
        return FAR_KM if here is None or place is None else distance_km(here.lat, here.lon, *place)

    def listed(self, wanted: Wanted) -> list[UnitRow]:
        """An open alarm is hidden by no filter, only by words that were typed."""
        words = wanted.text.casefold().split()
        kinds = wanted.filters - {"free"}
        only_free = "free" in wanted.filters
        found = [
            entry
            for entry in self._entries.values()
            if (
                entry.always
                or ((not kinds or entry.row.kind in kinds) and (entry.row.free or not only_free))
            )
            and all(word in entry.words for word in words)
        ]
        if wanted.sort == "distance":
            by = _Entry.by_freedom if wanted.free_first else _Entry.by_distance
            found.sort(key=by)
        elif wanted.sort == "name":
            found.sort(key=lambda entry: entry.by_name)
        else:
            found.sort(key=lambda entry: entry.by_urgency)
        return [entry.row for entry in found]
