"""From what is typed to places: coordinates, an address, a name, or a name and where it is.

"storgata 12b lillehammer" may be a name in three ways; each way that makes sense is asked for, and
the best of all stand first. Knows no Qt and no thread; a question takes milliseconds.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from console.places import register
from console.places.bundled import bundled
from console.places.coordinates import Doubt, Point, read, write_utm, zoneless
from console.places.folding import words_of
from console.places.index import (
    BEGINS,
    EXACT,
    Array,
    Hit,
    Index,
    Near,
    Typed,
    allowed_of,
    edits_of,
    farm_code,
)
from console.places.kinds import KINDS, NUMBER
from console.places.own import OwnHit, OwnPlaces
from console.places.readings import FARM, POSTCODE, Way, tidied, ways_of
from console.places.whole import DAMAGED
from resources.map.geodesy import distance_km
from resources.map.places import nearest_place

log = logging.getLogger(__name__)

MOST: Final = 20
MAX_TYPED: Final = 120
MOST_HITS: Final = 25  # of one part; of streets more, where a house is looked for
MOST_ARRANGED: Final = 80
FIRST_FIVE: Final = 5
KEPT_FREE: Final = 2  # of the first five, for towns and the like
TOWNS: Final = frozenset({"municipality", "town", "village", "county"})
SETTLED: Final = TOWNS | {"hamlet", "district", "housing"}
ABOUT_KM: Final = 40.0  # from a municipality's middle to its towns
FARMS: Final = 0.1
SAME_KM: Final = 8.0  # two registers' points of one town are not farther apart
NORWAY_KM: Final = (60.0, 250.0)
"""No farther from a Norwegian town is what is in Norway; else what is in its waters or Svalbard."""
MOST_OF_A_FARM: Final = 10  # addresses on one holding, the nearest of them


@dataclass(frozen=True, slots=True)
class Found:
    """One answer. ``known_as``: the spelling that fitted, where it is not the name shown;
    ``lacking``: a house number that was asked for and is not in the register; ``own``: the key of a
    place that somebody at the site has marked."""

    name: str
    kind: str
    lat: float
    lon: float
    municipality: str = ""
    km: float = 0.0  # from the map's middle
    known_as: str = ""
    lacking: str = ""
    beside: str = ""  # the nearest town, where nothing else tells one row from the next
    score: float = 0.0
    edits: float = 0.0
    own: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``doubt``: the text looks like coordinates and is no point."""

    rows: tuple[Found, ...] = ()
    doubt: Doubt = ""


class Places:
    """The registers that are there, looked at anew when an import has changed them. ``damaged``: of
    each part that can't be used what is wrong with it, and what to do; the others go on."""

    def __init__(self, home: Path | None) -> None:
        """``home``: None = what is bundled alone."""
        self._home = home
        self._bundled: Index | None = None
        self._parts: dict[str, Index] = {}
        self._qualifiers: dict[str, _Qualifiers] = {}
        self._stamp: tuple[int, int] | None = None
        self.damaged: dict[str, str] = {}
        self.own = OwnPlaces()

    def load(self) -> None:
        """Open what is new. Raises OSError, ValueError when the program's own list is damaged."""
        if self._bundled is None:
            self._bundled = bundled()
        now = register.stamp(self._home) if self._home is not None else (0, 0)
        if now != self._stamp:
            self._stamp = now
            found = register.Opened() if self._home is None else register.opened(self._home)
            self._parts, self._qualifiers = {}, {}
            self.damaged = {}
            for part, words in found.damaged.items():
                self._leave_out(part, words)
            self._take("bundled", self._bundled)
            for part, index in found.parts.items():
                self._take(part, index)

    def _take(self, part: str, index: Index) -> None:
        try:
            self._qualifiers[part] = _Qualifiers(index)
            self._parts[part] = index
        except DAMAGED as error:
            self._found_damaged(part, error)

    def _found_damaged(self, part: str, error: Exception) -> None:
        """What sums would have told: older programs wrote none. Raises it for the program's own."""
        if part == "bundled":
            raise error
        log.debug("%s", part, exc_info=error)
        self._leave_out(part, register.damage_in_words(part, "found while it was searched"))

    def _leave_out(self, part: str, words: str) -> None:
        self._parts.pop(part, None)
        self._qualifiers.pop(part, None)
        self.damaged[part] = words

    def rest(self) -> None:
        """Between two questions: see :meth:`Index.rest`."""
        for index in self._parts.values():
            index.rest()

    @property
    def parts(self) -> dict[str, Index]:
        return self._parts

    def search(
        self,
        text: str,
        near: Near,
        most: int = MOST,
        is_dropped: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """``is_dropped``: asked between steps whether nobody wants the answer any more."""
        self.load()
        text = text[:MAX_TYPED].strip()
        point = read(text)
        if point == "no-zone":
            return Answer(tuple(_in_each_zone(text, near)), point)
        rows: list[Found] = []
        if isinstance(point, Point):
            rows.append(_at_point(point, text, near))
        doubt: Doubt = "" if isinstance(point, Point) else point
        if FARM.fullmatch(text):
            doubt = ""
        looks_exact = isinstance(point, Point) and (point.form != "degrees" or "." in text)
        if text and not looks_exact:
            rows += self._with_own(self._named(text, near, is_dropped), text, near)
            del rows[most:]
        return Answer(tuple(rows), doubt if not rows or rows[0].score > 1.0 else "")

    def _named(self, text: str, near: Near, is_dropped: Callable[[], bool]) -> list[Found]:
        found: list[Found] = []
        text = tidied(text)
        for number, way in enumerate(ways_of(text, self._knows)):
            if is_dropped():
                return []
            rows = self._ask(way, near)
            found += [replace(row, score=row.score + way.cost) for row in rows]
            is_enough = number >= 1 and any(row.score < 0.6 for row in found)
            if is_enough or number >= 4:
                break
        return _arranged(_of_that_farm(found, text), Typed.of(text))

    def _with_own(self, named: list[Found], text: str, near: Near) -> list[Found]:
        """The site's own places first; where another is spelt just as it is typed, those that are
        misspelt after the others."""
        own = self.own.find(tidied(text), near)
        is_exact = any(row.edits == 0 and row.score < BEGINS for row in named[:1])
        first = [_found_own(hit) for hit in own if hit.is_spelt or not is_exact]
        return first + named + [_found_own(hit) for hit in own if is_exact and not hit.is_spelt]

    def _knows(self, where: str) -> bool:
        return any(one.knows(where) for one in self._qualifiers.values())

    def _ask(self, way: Way, near: Near) -> list[Found]:
        typed = Typed.of(way.name)
        found: list[Found] = []
        for part in tuple(self._parts):
            if (way.number or way.is_farm) and part != "addresses":
                continue
            try:
                found += self._of_part(part, way, typed, near)
            except DAMAGED as error:
                self._found_damaged(part, error)
        return found

    def _of_part(self, part: str, way: Way, typed: Typed, near: Near) -> list[Found]:
        index, qualifiers = self._parts[part], self._qualifiers[part]
        allowed, posts = None, frozenset[int]()
        if way.where:
            known = qualifiers.meant(way.where)
            if known is None:
                return []
            allowed, posts = known
        if part == "bundled" and allowed is not None:
            return self._about(index, typed, near, allowed)
        seen = _Seen(index, way, posts, near, qualifiers.towns)
        on_farm = _on_farm(seen, allowed) if way.is_farm else []
        if way.street:
            return on_farm
        hits = index.find(typed, near, allowed, misspelt=way.misspelt and not way.is_farm)
        if part == "addresses":
            return on_farm + self._addresses(hits if way.number else hits[:MOST_HITS], seen)
        return [_found(index, hit, near) for hit in hits[:MOST_HITS]]

    def _about(self, index: Index, typed: Typed, near: Near, allowed: Array) -> list[Found]:
        """Of the bundled towns not every one's municipality is known: those that are near it."""
        is_area = index.kind == NUMBER["municipality"]
        meant = np.flatnonzero(is_area & allowed[index.area])
        middles = [index.point_of(n) for n in meant.tolist()]
        allowed = allowed.copy()
        allowed[0] = True
        rows = [_found(index, hit, near) for hit in index.find(typed, near, allowed)]
        return [
            row
            for row in rows
            if row.municipality
            or any(distance_km(row.lat, row.lon, *at) <= ABOUT_KM for at in middles)
        ]

    def _addresses(self, hits: Sequence[Hit], seen: _Seen) -> list[Found]:
        made = [self._address(hit, seen) for hit in hits]
        return [row for row in made if row is not None]

    def _address(self, hit: Hit, seen: _Seen) -> Found | None:
        """The house of a street, or the street; None where it has no house there."""
        index, way = seen.index, seen.way
        start = index.array("house_at")
        first, end = int(start[hit.item]), int(start[hit.item + 1])
        row = _found(index, hit, seen.near)
        if first == end or int(index.kind[hit.item]) != NUMBER["street"]:
            return None if way.number else row
        chosen = np.arange(first, end)
        if seen.posts:
            inside = np.isin(index.array("house_post")[first:end], list(seen.posts))
            chosen = chosen[inside]
            if not len(chosen):
                return None
        if way.number:
            fits = chosen[index.array("house_number")[chosen] == way.number]
            row = _house(seen, row, fits) if len(fits) else _without(row, way)
        elif seen.posts:
            row = _moved(index, row, int(chosen[len(chosen) // 2]))
        return _far(row, seen.near)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What addresses are looked at for. ``posts``: only in these postcodes; none = in any."""

    index: Index
    way: Way
    posts: frozenset[int]
    near: Near
    towns: Mapping[int, str]


class _Qualifiers:
    """Municipalities, postal towns and postcodes of one part, by what people type of them."""

    def __init__(self, index: Index) -> None:
        self._count = len(index.areas)
        self._names: list[str] = []
        self._areas: list[tuple[int, ...]] = []
        self._posts_of: list[int] = []
        self._by_code: dict[str, tuple[int, tuple[int, ...]]] = {}
        for number, (_, name, *_more) in enumerate(index.areas):
            if name:
                for part in {name, *name.split(" - ")}:
                    self._put(part, (number,), 0)
        self.towns: dict[int, str] = {}
        for code, town, areas in index.meta.get("posts", ()):
            self.towns[int(code)] = town
            self._by_code[code] = (int(code), tuple(areas))
            if town:
                self._put(town, tuple(areas), int(code))

    def _put(self, name: str, areas: tuple[int, ...], post: int) -> None:
        if not all(0 <= one < self._count for one in areas):
            raise IndexError("an area that is none")
        self._names.append(Typed.of(name).sound)
        self._areas.append(areas)
        self._posts_of.append(post)

    def knows(self, text: str) -> bool:
        return self.meant(text) is not None

    def meant(self, text: str) -> tuple[Array, frozenset[int]] | None:
        """The areas that may be meant, and the postcodes; None for nowhere that is known."""
        code = POSTCODE.search(text)
        if code is not None:
            if code[1] not in self._by_code:
                return None
            post, areas = self._by_code[code[1]]
            return allowed_of(self._count, areas), frozenset({post})
        key = Typed.of(" ".join(words_of(text))).sound
        if not key or not self._names:
            return None
        chosen = [n for n, name in enumerate(self._names) if name == key]
        if not chosen and len(key) >= 3:
            chosen = [n for n, name in enumerate(self._names) if name.startswith(key)]
        if not chosen and len(key) >= 4:
            most = 1 if len(key) < 7 else 2
            far = process.cdist([key], self._names, scorer=OSA.distance, score_cutoff=most,
                                dtype=np.uint8)[0]  # fmt: skip
            least = int(far.min())
            chosen = np.flatnonzero(far == least).tolist() if least <= most else []
        if not chosen:
            return None
        areas_of = {area for n in chosen for area in self._areas[n]}
        in_area = {area for n in chosen if not self._posts_of[n] for area in self._areas[n]}
        posts = {self._posts_of[n] for n in chosen if self._posts_of[n]}
        return allowed_of(self._count, areas_of), frozenset(() if in_area else posts)


def _found(index: Index, hit: Hit, near: Near) -> Found:
    lat, lon = index.point_of(hit.item)
    name = index.name_of(hit.item)
    return Found(
        name,
        KINDS[int(index.kind[hit.item])],
        lat,
        lon,
        str(index.areas[int(index.area[hit.item])][1]),
        distance_km(near.lat, near.lon, lat, lon),
        "" if hit.text == name else hit.text,
        score=hit.score,
        edits=hit.edits,
    )


def _found_own(hit: OwnHit) -> Found:
    place = hit.place
    return Found(
        place.name, "other", place.lat, place.lon, km=hit.km, score=hit.score, own=place.key
    )


def _on_farm(seen: _Seen, allowed: Array | None) -> list[Found]:
    """The addresses of streets on this farm and holding, the nearest of them."""
    index, near = seen.index, seen.near
    farm, holding = (int(one) for one in seen.way.name.split("/")[:2])
    code = farm_code(farm, holding)
    houses = np.flatnonzero(index.farms() == code) if code else np.zeros(0, np.int64)
    items = np.searchsorted(index.array("house_at"), houses, side="right") - 1
    fits = np.ones(len(houses), bool) if allowed is None else allowed[index.area[items]]
    if seen.posts:
        fits &= np.isin(index.array("house_post")[houses], list(seen.posts))
    rows = []
    for house, item in zip(houses[fits].tolist(), items[fits].tolist(), strict=True):
        name = index.name_of(item)
        if _is_street(name, seen.way.street):
            hit = Hit(EXACT, item, f"{farm}/{holding}")
            rows.append(_at_house(seen, _found(index, hit, near), house))
    rows.sort(key=lambda row: row.km)
    return [replace(row, score=FARMS + 0.22 * math.log10(1.0 + row.km / 5.0))
            for row in rows[:MOST_OF_A_FARM]]  # fmt: skip


def _is_street(name: str, typed: str) -> bool:
    """Whether this street may be meant; any is where none is typed."""
    ours, theirs = Typed.of(name).sound, Typed.of(typed).sound
    return ours.startswith(theirs) or OSA.distance(ours, theirs) <= edits_of(len(theirs))


def _far(row: Found, near: Near) -> Found:
    """Where the row lies has changed."""
    return replace(row, km=distance_km(near.lat, near.lon, row.lat, row.lon))


def _moved(index: Index, row: Found, house: int) -> Found:
    lat, lon = (int(index.array(f"house_{n}")[house]) / 1e7 for n in ("lat", "lon"))
    return replace(row, lat=lat, lon=lon)


def _house(seen: _Seen, row: Found, fits: Array) -> Found:
    """The house itself; where only its letter is not there, another of the same number."""
    index, way = seen.index, seen.way
    letters = index.array("house_letter")[fits]
    wanted = ord(way.letter) - 64 if "A" <= way.letter <= "Z" else 0
    exact = fits[letters == wanted]
    house = int(exact[0]) if len(exact) else int(fits[0])
    lacking = "" if len(exact) or not way.letter else f"{way.number}{way.letter}"
    score = row.score - 0.3 + (0.2 if lacking else 0.0)
    return replace(_at_house(seen, row, house), lacking=lacking, score=score)


def _at_house(seen: _Seen, row: Found, house: int) -> Found:
    """Of a street's row this house's."""
    index = seen.index
    letter, post = (int(index.array(f"house_{one}")[house]) for one in ("letter", "post"))
    number = f"{int(index.array('house_number')[house])}{chr(64 + letter) if letter else ''}"
    where = f"{post:04d} {seen.towns.get(post, '')}".strip() if post else ""
    municipality = ", ".join(dict.fromkeys(one for one in (where, row.municipality) if one))
    moved = _far(_moved(index, row, house), seen.near)
    return replace(moved, name=f"{row.name} {number}", kind="address", municipality=municipality)


def _of_that_farm(found: list[Found], text: str) -> list[Found]:
    """Farm and holding numbers are meant as they are typed: no other farm is like the one."""
    typed = FARM.search(text)
    if typed is None:
        return found
    meant = typed[0].replace(" ", "")
    return [row for row in found if not FARM.fullmatch(row.name) or row.name == meant]


def _without(row: Found, way: Way) -> Found:
    """The street, and that it has no such house."""
    return replace(row, lacking=f"{way.number}{way.letter}", score=row.score + 0.8)


def _at_point(point: Point, text: str, near: Near) -> Found:
    name = " ".join(text.split()).upper() if point.form == "mgrs" else " ".join(text.split())
    row = Found(name, "coordinates", point.lat, point.lon, score=-9.0)
    return _far(row, near)


def _in_each_zone(text: str, near: Near) -> list[Found]:
    """The places in Norway that UTM without its zone may be, the nearest first."""
    rows = []
    for zone, point in zoneless(text):
        town = nearest_place(point.lat, point.lon)
        if town is not None:
            row = Found(write_utm(point.lat, point.lon, zone), "coordinates", point.lat, point.lon,
                        beside=town.name)  # fmt: skip
            rows.append((town.distance_km, _far(row, near)))
    for most_km in NORWAY_KM:
        inside = [row for far_km, row in rows if far_km <= most_km]
        if inside:
            return sorted(inside, key=lambda row: row.km)
    return []


def _arranged(found: list[Found], typed: Typed) -> list[Found]:
    """One row for each place, the best first, with room for towns that are misspelt."""
    best: list[Found] = []
    seen: dict[tuple[str, str], list[int]] = {}
    for row in sorted(found, key=lambda row: row.score)[:MOST_ARRANGED]:
        group = "settled" if row.kind in SETTLED and row.kind != "municipality" else row.kind
        alike = seen.setdefault((row.name.casefold(), group), [])
        same = next((n for n in alike if _is_same(best[n], row)), None)
        if same is None:
            alike.append(len(best))
            best.append(row)
        elif not best[same].municipality and row.municipality:
            best[same] = replace(best[same], municipality=row.municipality)
    return _with_towns(best, typed)


def _with_towns(rows: list[Found], typed: Typed) -> list[Found]:
    """Of the first five some are kept free for towns that may be meant, where fewer are there: a
    hundred farms of the very name that is typed must not hide the town next to it."""
    first = rows[:FIRST_FIVE]
    is_exact = bool(first) and first[0].edits == 0 and first[0].score < BEGINS
    most = 1.0 if is_exact else max(1.0, len(typed.plain) / 4)
    others = [row for row in rows[FIRST_FIVE:] if row.kind in TOWNS and row.edits <= most]
    put = others[: max(0, KEPT_FREE - sum(row.kind in TOWNS for row in first))]
    rest = [row for row in rows if row not in put]
    at = FIRST_FIVE - len(put)
    return rest[:at] + put + rest[at:]


def _is_same(a: Found, b: Found) -> bool:
    near_km = SAME_KM if a.kind in SETTLED else 0.15
    if a.kind == "street" and a.municipality == b.municipality:
        return True  # both registers have it
    if a.kind == "municipality":
        near_km = 60.0  # each register has its own middle of one
    if abs(a.lat - b.lat) * 111.0 > near_km:
        return False
    return distance_km(a.lat, a.lon, b.lat, b.lon) <= near_km
