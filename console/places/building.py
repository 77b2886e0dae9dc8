"""Puts rows into the two parts of a register: names, and addresses by street and house.

Positions come in whatever zone a file is in and are turned into degrees some thousands at a time.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from console.places.folding import shown
from console.places.index import OTHER, Array, Builder, Index, farm_code
from console.places.kinds import NUMBER, WEIGHT
from console.places.rows import AddressRow, BadRow, NameRow
from console.places.utm import from_utm

BATCH: Final = 20_000
MAX_AREAS: Final = 60_000
SOUTH, NORTH, WEST, EAST = 53.0, 84.0, -12.0, 42.0
"""No place in Norway, Svalbard or Jan Mayen lies outside."""
ZONES: Final = {25831: 31, 25832: 32, 25833: 33, 25834: 34, 25835: 35, 25836: 36,
                32632: 32, 32633: 33, 32635: 35}  # fmt: skip
DEGREES: Final = frozenset({4258, 4326, 4937})
MAX_REASONS: Final = 20
LEAST_SHARE: Final = 0.5
"""Of what is known of a municipality: a file that has less of it is likely to be cut off."""


@dataclass(slots=True)
class Tally:
    """``bad``: by reason, how many and an example of one; ``cut``: that a file ends in the midst
    of a row, and which."""

    names: int = 0
    addresses: int = 0
    bad: dict[str, tuple[int, str]] = field(default_factory=dict)
    cut: str = ""

    def note(self, bad: BadRow) -> None:
        if bad.is_cut:
            self.cut = self.cut or bad.why
        why = bad.why if bad.why in self.bad or len(self.bad) < MAX_REASONS else "other reasons"
        count, example = self.bad.get(why, (0, bad.example))
        self.bad[why] = (count + 1, example or bad.example)

    @property
    def bad_rows(self) -> int:
        return sum(count for count, _ in self.bad.values())


@dataclass(frozen=True, slots=True)
class Thin:
    """A municipality of which much would be lost."""

    code: str
    name: str
    read: int
    known: int

    def __str__(self) -> str:
        return f"{self.name} {self.code}: {self.read}, where {self.known} are known".strip()


class Areas:
    """Municipalities by number and name; the first is none."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {("", ""): 0}

    def number(self, code: str, name: str) -> int:
        at = self._known.get((code, name))
        if at is None:
            if len(self._known) >= MAX_AREAS:
                return 0
            at = self._known[(code, name)] = len(self._known)
        return at

    def listed(self) -> list[tuple[str, str]]:
        return [(shown(code), shown(name)) for code, name in self._known]

    def codes(self) -> set[str]:
        return {code for code, _ in self._known if code}


class _Batches:
    """Rows whose positions are turned into degrees together. ``taken``: how many of each
    municipality, by its number."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.areas = Areas()
        self.taken: Counter[str] = Counter()
        self._waiting: list[Any] = []

    def put(self, row: NameRow | AddressRow) -> None:
        self._waiting.append(row)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        x = np.array([row.x for row in rows], np.float64)
        y = np.array([row.y for row in rows], np.float64)
        lat, lon = degrees(x, y, np.array([row.epsg for row in rows], np.int64))
        fits = (lat >= SOUTH) & (lat <= NORTH) & (lon >= WEST) & (lon <= EAST)
        for row, a, b, fit in zip(rows, lat.tolist(), lon.tolist(), fits.tolist(), strict=True):
            if fit:
                self.taken[row.number] += 1
                self.take(row, a, b)
            else:
                self.tally.note(BadRow("its position is not in Norway", _told(row)))

    def take(self, row: Any, lat: float, lon: float) -> None:
        raise NotImplementedError

    def thin(self, old: Index, counts: Array) -> list[Thin]:
        """Municipalities of which far less was read than is known, the worst first. ``counts``: of
        each item of the old register how much it is."""
        known: Counter[str] = Counter()
        for area, count in enumerate(np.bincount(old.area, counts).tolist()):
            known[old.areas[area][0]] += round(count)
        names = {code: name for code, name, *_ in old.areas}
        found = [
            Thin(code, names[code], self.taken[code], count)
            for code, count in known.items()
            if code in self.areas.codes() and self.taken[code] < count * LEAST_SHARE
        ]
        return sorted(found, key=lambda one: one.read - one.known)


def _told(row: NameRow | AddressRow) -> str:
    name = row.name if isinstance(row, NameRow) else f"{row.street} {row.house}"
    return f"{name} at {row.x:g}, {row.y:g} (EPSG {row.epsg or 'not said'})"


def degrees(x: Array, y: Array, epsg: Array) -> tuple[Array, Array]:
    """Latitudes and longitudes; not-a-number where the system is none that is known. Files differ
    in which axis comes first; in Norway the larger figure is always the northern one."""
    north, east = np.maximum(x, y), np.minimum(x, y)
    lat, lon = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for code in np.unique(epsg).tolist():
        chosen = epsg == code
        if code == 0:
            chosen = chosen & (north <= 90.0)
        if code in ZONES:
            far = (np.abs(east) < 2e6) & (north > 5e6) & (north < 1e7)
            chosen = chosen & far
            lat[chosen], lon[chosen] = from_utm(east[chosen], north[chosen], ZONES[code])
        elif code in DEGREES or code == 0:
            lat[chosen], lon[chosen] = north[chosen], east[chosen]
    return lat, lon


class NamesPart(_Batches):
    """Built from name rows."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally)
        self.builder = Builder()

    def take(self, row: NameRow, lat: float, lon: float) -> None:
        self.tally.names += 1
        self.builder.add(
            row.name,
            lat,
            lon,
            kind=NUMBER[row.kind],
            weight=row.weight,
            area=self.areas.number(row.number, row.municipality),
            others=row.others,
        )

    def keep(self, old: Index) -> int:
        """What an older register has of other municipalities; how many."""
        codes = self.areas.codes()
        stays = np.array([code not in codes for code, *_ in old.areas], bool)
        items = np.flatnonzero(stays[old.area]) if len(old) else np.zeros(0, np.int64)
        others = _others(old)
        for item in items.tolist():
            code, name = old.areas[int(old.area[item])][:2]
            self.builder.add(
                old.name_of(item),
                *old.point_of(item),
                kind=int(old.kind[item]),
                weight=int(old.array("item_weight")[item]),
                area=self.areas.number(code, name),
                others=[old.text(one) for one in others.get(item, ())],
            )
        return len(items)

    def end(self) -> Builder:
        self.flush()
        self.builder.areas = self.areas.listed()
        return self.builder


def _others(old: Index) -> Mapping[int, list[int]]:
    """Of each item the numbers of its other spellings."""
    chosen = np.flatnonzero(old.array("post_how") == OTHER)
    made: dict[int, list[int]] = {}
    items, texts = old.array("post_item")[chosen], old.array("post_text")[chosen]
    for item, text in zip(items.tolist(), texts.tolist(), strict=True):
        made.setdefault(item, []).append(text)
    return made


class AddressesPart(_Batches):
    """Built from address rows: an item for each street of a municipality, with its houses."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally)
        self._streets: dict[tuple[int, str], int] = {}
        self._named: list[tuple[str, float, float, int]] = []
        self._street, self._house, self._letter = array("L"), array("H"), array("B")
        self._lat, self._lon, self._post = array("l"), array("l"), array("H")
        self._farm = array("L")
        self._towns: dict[int, str] = {}
        self._post_areas: dict[int, set[int]] = {}

    def take(self, row: AddressRow, lat: float, lon: float) -> None:
        self.tally.addresses += 1
        area = self.areas.number(row.number, row.municipality)
        post = int(row.postcode) if row.postcode else 0
        if post:
            self._towns.setdefault(post, row.town)
            self._post_areas.setdefault(post, set()).add(area)
        if row.extra:
            self._named.append((row.extra, lat, lon, area))
        street = self._streets.setdefault((area, row.street), len(self._streets))
        letter = ord(row.letter) - 64 if "A" <= row.letter <= "Z" else 0
        where = round(lat * 1e7), round(lon * 1e7)
        farm = farm_code(row.farm, row.holding)
        self._add(street, (max(0, row.house), letter, *where, post, farm))

    def _add(self, street: int, house_is: tuple[int, int, int, int, int, int]) -> None:
        """Number, letter, latitude, longitude, postcode, farm."""
        house, letter, lat, lon, post, farm = house_is
        self._street.append(street)
        self._house.append(min(house, 65_535))
        self._letter.append(letter)
        self._lat.append(lat)
        self._lon.append(lon)
        self._post.append(post)
        self._farm.append(farm)

    def keep(self, old: Index) -> int:
        """As of names; how many addresses."""
        codes = self.areas.codes()
        kept = 0
        towns = {int(code): town for code, town, *_ in old.meta["posts"]}
        start = old.array("house_at")
        columns = [old.array(f"house_{n}") for n in ("number", "letter", "lat", "lon", "post")]
        columns.append(old.farms())
        for item in range(len(old)):
            code, name = old.areas[int(old.area[item])][:2]
            if code in codes or old.kind[item] == NUMBER["postal-area"]:
                continue
            area = self.areas.number(code, name)
            first, end = int(start[item]), int(start[item + 1])
            if first == end:
                self._named.append((old.name_of(item), *old.point_of(item), area))
                continue
            street = self._streets.setdefault((area, old.name_of(item)), len(self._streets))
            for house in zip(*(column[first:end].tolist() for column in columns), strict=True):
                self._add(street, house)
                if post := house[4]:
                    self._towns.setdefault(post, towns.get(post, ""))
                    self._post_areas.setdefault(post, set()).add(area)
            kept += end - first
        return kept

    def end(self) -> Builder:
        self.flush()
        builder = Builder()
        street = np.array(self._street, np.int64)
        columns = {
            "number": np.array(self._house, "<u2"), "letter": np.array(self._letter, "u1"),
            "lat": np.array(self._lat, "<i4"), "lon": np.array(self._lon, "<i4"),
            "post": np.array(self._post, "<u2"), "farm": np.array(self._farm, "<u4"),
        }  # fmt: skip
        order = np.lexsort((columns["letter"], columns["number"], street))
        columns = {name: values[order] for name, values in columns.items()}
        at = np.searchsorted(street[order], np.arange(len(self._streets) + 1))
        middle = ((at[:-1] + at[1:]) // 2).tolist()
        lat, lon = columns["lat"], columns["lon"]
        for (area, name), one in zip(self._streets, middle, strict=True):
            kind = "address" if name[:1].isdigit() and "/" in name else "street"
            builder.add(
                name, int(lat[one]) / 1e7, int(lon[one]) / 1e7,
                kind=NUMBER[kind], weight=WEIGHT[kind] if kind == "street" else 5, area=area,
            )  # fmt: skip
        self._add_named(builder)
        self._add_posts(builder, columns)
        ends = np.full(len(builder) + 1, len(street), np.int64)
        ends[: len(at)] = at
        builder.more = {"house_at": ends.astype("<u4")}
        builder.more |= {f"house_{name}": values for name, values in columns.items()}
        builder.areas = self.areas.listed()
        builder.meta["posts"] = [
            (f"{post:04d}", shown(town), sorted(self._post_areas[post]))
            for post, town in sorted(self._towns.items())
        ]
        return builder

    def _add_named(self, builder: Builder) -> None:
        """Names of single addresses; one for all that stand close together."""
        seen: set[tuple[str, int, int, int]] = set()
        for name, lat, lon, area in self._named:
            close = (name, area, round(lat * 200), round(lon * 100))
            if close not in seen:
                seen.add(close)
                kind = "address-name"
                builder.add(
                    name, lat, lon, kind=NUMBER[kind], weight=WEIGHT["address-name"], area=area
                )

    def _add_posts(self, builder: Builder, columns: Mapping[str, Any]) -> None:
        """A point in the midst of each postcode: of the house that is nearest to the middle."""
        order = np.argsort(columns["post"], kind="stable")
        posts = columns["post"][order]
        for post, town in sorted(self._towns.items()):
            first, end = np.searchsorted(posts, [post, post + 1])
            lat, lon = columns["lat"][order[first:end]], columns["lon"][order[first:end]]
            far = np.abs(lat - np.median(lat)) + np.abs(lon - np.median(lon)) / 2
            at = int(far.argmin())
            areas = self._post_areas[post]
            builder.add(
                f"{post:04d} {town}".strip(), int(lat[at]) / 1e7, int(lon[at]) / 1e7,
                kind=NUMBER["postal-area"], weight=WEIGHT["postal-area"],
                area=next(iter(areas)) if len(areas) == 1 else 0,
            )  # fmt: skip


def sorted_rows(
    rows: Iterable[NameRow | AddressRow | BadRow],
    names: NamesPart,
    addresses: AddressesPart,
    tally: Tally,
) -> Iterable[int]:
    """Each to its part; yields how many have been seen, now and then."""
    seen = 0
    for row in rows:
        seen += 1
        if isinstance(row, NameRow):
            names.put(row)
        elif isinstance(row, AddressRow):
            addresses.put(row)
        else:
            tally.note(row)
        if seen % 5_000 == 0:
            yield seen
    yield seen
