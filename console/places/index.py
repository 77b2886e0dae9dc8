"""Names to places: the arrays of one part of the register, in memory or mapped from files.

A key is the ``sound`` of a name (console.places.folding), or of its end from one of its inner words
on. Keys are sorted, so that what begins with the typed text is one range, and so are the postings,
which say for which item a key stands. Misspelt names are found among all keys at once: a 64-bit
mask of each key's pairs of letters leaves a few hundred that can be near, and only those are
compared letter by letter. An array of a million masks is gone through in a few milliseconds, and
files that are mapped are the system's to keep or drop.
"""

from __future__ import annotations

import itertools
import json
import logging
import math
import mmap
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from console.places.folding import plain, shown, sound, words_of
from console.places.rows import DamagedError
from console.places.whole import SUMS, check_bounds, check_sums, mapped, write_sums

Array = NDArray[Any]

log = logging.getLogger(__name__)

FORM: Final = 1  # of the files
MAX_NAME: Final = 120  # characters; longer ones are cut
MAX_KEY: Final = 60
IMPORTANT: Final = 45  # the least weight of what is also found by a misspelt beginning
MAX_CLOSE: Final = 1_500  # keys of a block that are compared letter by letter
MAX_REFINED: Final = 60  # postings of one way to fit whose text is read
MANY: Final = 5  # places of exactly this name: then only towns and the like may be misspelt
LACKING: Final = (0, 3, 4, 5)  # pairs of letters that so many wrong letters take away
MAIN, OTHER, INNER = 0, 1, 2  # how a posting's text stands to its item's name
EXACT, ALIKE, VARIED, BEGINS, MISSPELT = 0.0, 0.3, 0.7, 1.2, 2.0
"""What each way to fit costs; being more important takes away up to 1.6, being far adds up to 1."""
ENDINGS: Final = ("", "a", "e", "en", "et", "ene", "an", "n", "er", "s")
SHORT: Final[Mapping[str, tuple[str, ...]]] = {
    "gt": ("gata", "gaten", "gate"),
    "g": ("gata", "gaten", "gate"),
    "vn": ("veien", "vei"),
    "v": ("veien", "vei"),
    "pl": ("plas", "plasen"),
    "al": ("ale", "aleen"),
}
"""Ends that are written short in addresses, as :func:`sound` gives them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """``score``: lower is better; ``text``: the spelling that fitted; ``edits``: of letters."""

    score: float
    item: int
    text: str
    edits: float = 0.0


@dataclass(frozen=True, slots=True)
class Near:
    """Where the map's middle is, degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Typed:
    """A name as it is typed, folded."""

    plain: str
    sound: str

    @classmethod
    def of(cls, text: str) -> Typed:
        run = plain(words_of(text[:MAX_NAME]))
        return cls(run, sound(run))


class Builder:
    """Takes items one by one; :meth:`arrays` gives what an :class:`Index` is made of.

    An item is a name at a point. Of a street, houses follow it."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._name, self._area = array("L"), array("H")
        self._lat, self._lon = array("l"), array("l")
        self._kind, self._weight = array("B"), array("B")
        self._p_key, self._p_item, self._p_text = array("L"), array("L"), array("L")
        self._p_how = array("B")
        self.areas: Sequence[Sequence[str]] = []
        self.meta: dict[str, Any] = {}
        self.more: dict[str, Array] = {}

    def __len__(self) -> int:
        return len(self._name)

    def add(
        self,
        name: str,
        lat: float,
        lon: float,
        *,
        kind: int,
        weight: int,
        area: int,
        others: Iterable[str] = (),
    ) -> int:
        """Returns the item's number. A name without any letter or figure is kept under no key."""
        item = len(self._name)
        self._name.append(self._text(name))
        self._lat.append(round(lat * 1e7))
        self._lon.append(round(lon * 1e7))
        self._kind.append(kind)
        self._weight.append(max(0, min(200, weight)))
        self._area.append(area)
        seen: set[str] = set()
        for how, spelling in [(MAIN, name), *((OTHER, one) for one in others)]:
            self._spell(item, how, spelling[:MAX_NAME], seen)
        return item

    def _spell(self, item: int, how: int, spelling: str, seen: set[str]) -> None:
        words = words_of(spelling)
        key = sound(plain(words))[:MAX_KEY]
        if key and key not in seen:
            seen.add(key)
            self._post(key, item, how, spelling)
        for n in range(1, min(len(words), 6)):
            if len(words[n]) < 3:
                continue
            inner = sound(plain(words[n:]))[:MAX_KEY]
            if len(inner) >= 3 and inner not in seen:
                seen.add(inner)
                self._post(inner, item, INNER, spelling)

    def _post(self, key: str, item: int, how: int, spelling: str) -> None:
        self._p_key.append(self._keys.setdefault(key, len(self._keys)))
        self._p_item.append(item)
        self._p_how.append(how)
        self._p_text.append(self._text(spelling))

    def _text(self, text: str) -> int:
        return self._texts.setdefault(shown(text[:MAX_NAME]), len(self._texts))

    def arrays(self) -> dict[str, Array]:
        """Ends the building: what was gathered is given away."""
        made: dict[str, Array] = {
            "item_name": np.array(self._name, "<u4"),
            "item_lat": np.array(self._lat, "<i4"),
            "item_lon": np.array(self._lon, "<i4"),
            "item_kind": np.array(self._kind, "u1"),
            "item_area": np.array(self._area, "<u2"),
            "item_weight": np.array(self._weight, "u1"),
        }
        weight = made["item_weight"]
        made["text_bytes"], made["text_at"] = _packed(self._texts)
        self._texts = {}
        order = sorted(self._keys)
        numbers = np.fromiter((self._keys[key] for key in order), np.int64, len(order))
        self._keys = {}
        rank = np.empty(len(order), np.int64)
        rank[numbers] = np.arange(len(order))
        made["key_bytes"], made["key_at"] = _packed(order)
        p_key = rank[np.array(self._p_key, np.int64)] if order else np.zeros(0, np.int64)
        p_item = np.array(self._p_item, "<u4")
        by_key = np.lexsort((-weight[p_item].astype(np.int16), p_key))
        made["post_at"] = np.searchsorted(p_key[by_key], np.arange(len(order) + 1)).astype("<u4")
        made["post_item"] = p_item[by_key]
        made["post_how"] = np.array(self._p_how, "u1")[by_key]
        made["post_text"] = np.array(self._p_text, "<u4")[by_key]
        made["post_weight"] = weight[made["post_item"]]
        made.update(_masks(made))
        made.update(self.more)
        return made

    def save(self, folder: Path) -> None:
        """Into an empty folder. Raises OSError."""
        for name, values in self.arrays().items():
            np.save(folder / f"{name}.npy", values, allow_pickle=False)
        meta = {"form": FORM, "areas": self.areas, **self.meta}
        (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
        write_sums(folder)

    def index(self) -> Index:
        return Index(self.arrays(), {"form": FORM, "areas": self.areas, **self.meta})


def _packed(texts: Iterable[str]) -> tuple[Array, Array]:
    """Their bytes in one row, and where each begins."""
    coded = [one.encode("utf-8", "replace") for one in texts]
    ends = np.cumsum([0, *map(len, coded)], dtype=np.int64)
    return np.frombuffer(b"".join(coded), "u1"), ends.astype("<u4")


_BIT: Final = np.zeros(256, np.uint64)
for _n, _c in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789/"):
    _BIT[_c] = 1 << _n
_PAIR: Final = np.uint64(1) << (
    ((np.arange(256)[:, None] * 31 + np.arange(256)) * 0x9E37 >> 7) & 63
).astype(np.uint64)


def _masks(made: Mapping[str, Array]) -> dict[str, Array]:
    """Keys in two blocks, the important ones first, each by length, with their masks."""
    letters, at = made["key_bytes"], made["key_at"].astype(np.int64)
    count = len(at) - 1
    if not count:
        none: dict[str, Array] = {
            "near_key": np.zeros(0, "<u4"),
            "near_at": np.zeros(2 * (MAX_KEY + 1) + 1, "<u4"),
        }
        return {**none, "near_pairs": np.zeros(0, "<u8"), "near_letters": np.zeros(0, "<u8")}
    before = np.roll(letters, 1)
    before[at[:-1]] = 0
    pairs = np.bitwise_or.reduceat(_PAIR[before, letters], at[:-1])
    single = np.bitwise_or.reduceat(_BIT[letters], at[:-1])
    length = np.minimum(np.diff(at), MAX_KEY)
    best = np.maximum.reduceat(made["post_weight"], made["post_at"][:-1].astype(np.int64))
    block = (best < IMPORTANT).astype(np.int64)
    order = np.lexsort((length, block))
    place = (block * (MAX_KEY + 1) + length)[order]
    near_at = np.searchsorted(place, np.arange(2 * (MAX_KEY + 1) + 1))
    return {
        "near_key": order.astype("<u4"),
        "near_at": near_at.astype("<u4"),
        "near_pairs": pairs[order].astype("<u8"),
        "near_letters": single[order].astype("<u8"),
    }


def _mask_of(text: str) -> tuple[np.uint64, np.uint64, int]:
    """Pairs, letters, and how many pairs."""
    codes = np.frombuffer(text.encode("ascii"), "u1")
    pairs = np.bitwise_or.reduce(_PAIR[np.concatenate(([0], codes[:-1])), codes])
    return np.uint64(pairs), np.uint64(np.bitwise_or.reduce(_BIT[codes])), len(codes)


def edits_of(length: int) -> int:
    """So many letters may be wrong in a name of so many."""
    return (0, 0, 0, 1, 1, 2, 2, 2)[length] if length < 8 else 3


class Index:
    """Read-only. Raises DamagedError for arrays of another form."""

    def __init__(self, arrays: Mapping[str, Array], meta: Mapping[str, Any]) -> None:
        if meta.get("form") != FORM:
            raise DamagedError("another version of the program made it")
        self.meta = meta
        self._maps: list[mmap.mmap] = []
        self.areas: Sequence[Sequence[str]] = meta["areas"]
        self._a = arrays
        self.name, self.lat, self.lon = (arrays[f"item_{n}"] for n in ("name", "lat", "lon"))
        self.kind, self.area = arrays["item_kind"], arrays["item_area"]
        self._key_at, self._post_at = arrays["key_at"], arrays["post_at"]
        self._keys = memoryview(np.ascontiguousarray(arrays["key_bytes"]).data)
        self._texts = memoryview(np.ascontiguousarray(arrays["text_bytes"]).data)
        self._text_at = arrays["text_at"]

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Maps its files, once they are known to be as they were written. Raises DamagedError."""
        file = folder / SUMS
        try:
            has_sums = check_sums(folder)
            file = folder / "meta.json"
            meta = json.loads(file.read_text("utf-8"))
            maps: list[mmap.mmap] = []
            arrays: dict[str, Array] = {}
            for file in sorted(folder.glob("*.npy")):
                arrays[file.stem] = mapped(file, maps)
            made = cls(arrays, meta)
            if not has_sums:
                check_bounds(arrays, len(made.areas))
        except Exception as error:  # numpy reads headers with Python's parser, and lets all through
            log.debug("%s", folder, exc_info=True)
            words = str(error) if isinstance(error, DamagedError) else f"{file.name} is damaged"
            raise DamagedError(words) from error
        made._maps = maps
        return made

    def rest(self) -> None:
        """Let go of the memory that the last search went through: the system's cache, which the
        next one finds again within a millisecond or two, but which counts as this process's."""
        advice: int | None = getattr(mmap, "MADV_DONTNEED", None)  # Windows has none
        if advice is not None:
            for one in self._maps:
                one.madvise(advice)

    def __len__(self) -> int:
        return len(self.name)

    @property
    def spellings(self) -> int:
        return len(self._key_at) - 1

    def array(self, name: str) -> Array:
        """One that the builder was given besides. Raises KeyError."""
        return self._a[name]

    def farms(self) -> Array:
        """Of each house :func:`farm_code`; nothing but 0 in what older programs have made."""
        made = self._a.get("house_farm")
        return np.zeros(len(self._a["house_post"]), "<u4") if made is None else made

    def text(self, number: int) -> str:
        start, end = int(self._text_at[number]), int(self._text_at[number + 1])
        return str(self._texts[start:end], "utf-8", "replace")

    def name_of(self, item: int) -> str:
        return self.text(int(self.name[item]))

    def point_of(self, item: int) -> tuple[float, float]:
        return int(self.lat[item]) / 1e7, int(self.lon[item]) / 1e7

    # --- finding ---

    def find(
        self, typed: Typed, near: Near, allowed: Array | None = None, *, misspelt: bool = True
    ) -> list[Hit]:
        """The best first, at most ``MAX_REFINED``. ``allowed``: a truth value for each area."""
        key = typed.sound[:MAX_KEY]
        if not key:
            return []
        at, end = self._range(key)
        spots: list[tuple[Array, Array]] = []
        exact = at < end and self._key(at) == key
        if exact:
            spots.append(self._postings(np.array([at]), np.array([ALIKE])))
        first = at + 1 if exact else at
        if first < end:
            spots.append(self._beginning(first, end))
        varied = self._varied(key)
        if len(varied):
            spots.append(self._postings(varied, np.full(len(varied), VARIED)))
        if misspelt:
            is_common = exact and int(self._post_at[at + 1]) - int(self._post_at[at]) >= MANY
            keys, costs = self._misspelt(key, towns_alone=is_common)
            spots.append(self._postings(keys, costs))
        found = [self._scored(posts, costs, near, allowed) for posts, costs in spots if len(posts)]
        return self._refined(typed, found)

    def _key(self, number: int) -> str:
        start, end = int(self._key_at[number]), int(self._key_at[number + 1])
        return str(self._keys[start:end], "ascii")

    def _keys_of(self, numbers: Array) -> list[str]:
        """As :meth:`_key`, for thousands at once."""
        starts, ends = self._key_at[numbers].tolist(), self._key_at[numbers + 1].tolist()
        data = self._keys
        return [str(data[a:b], "ascii") for a, b in zip(starts, ends, strict=True)]

    def _range(self, key: str) -> tuple[int, int]:
        """Of the keys that begin with it."""
        count = self.spellings
        start = bisect_left(range(count), key, key=self._key)
        return start, bisect_left(range(count), f"{key}\x7f", lo=start, key=self._key)

    def _exactly(self, key: str) -> int | None:
        at = bisect_left(range(self.spellings), key, key=self._key)
        return at if at < self.spellings and self._key(at) == key else None

    def _postings(self, keys: Array, costs: Array) -> tuple[Array, Array]:
        """Those of all these keys, with the cost of each."""
        if not len(keys):
            return np.zeros(0, np.int64), np.zeros(0)
        start = self._post_at[keys].astype(np.int64)
        count = self._post_at[keys + 1].astype(np.int64) - start
        total = int(count.sum())
        inside = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(start, count) + inside, np.repeat(costs, count)

    def _beginning(self, first: int, end: int) -> tuple[Array, Array]:
        posts = np.arange(int(self._post_at[first]), int(self._post_at[end]))
        if len(posts) > 30_000:  # far too many to be told apart by where they are
            weight = self._a["post_weight"][posts[0] : posts[-1] + 1]
            least = np.partition(weight, len(weight) - 10_000)[-10_000]
            posts = posts[weight >= max(1, int(least))][:30_000]
        return posts, np.full(len(posts), BEGINS)

    def _varied(self, key: str) -> Array:
        """Other grammatical ends, and ends that are written short."""
        stems = {key}
        for end in ENDINGS:
            if end and len(key) - len(end) >= 4 and key.endswith(end):
                stems.add(key[: -len(end)])
        tried = {stem + end for stem in stems for end in ENDINGS}
        for short, full in SHORT.items():
            if len(key) - len(short) >= 3 and key.endswith(short):
                tried |= {key[: -len(short)] + end for end in full}
                tried |= {f"{key[: -len(short)]}s{end}" for end in full}
        found = (self._exactly(one) for one in tried if one != key)
        return np.array(sorted(one for one in found if one is not None), np.int64)

    def _misspelt(self, key: str, *, towns_alone: bool) -> tuple[Array, Array]:
        """Keys that are a few letters from this one, and important ones that begin so."""
        edits = edits_of(len(key))
        if not edits:
            return np.zeros(0, np.int64), np.zeros(0)
        low, high = max(1, len(key) - edits), min(MAX_KEY, len(key) + edits)
        width = MAX_KEY + 1
        blocks = [(low, high, 0)]
        if not towns_alone:
            blocks.append((width + low, width + high, 0))
        if 5 <= len(key) < MAX_KEY:
            blocks.append((len(key) + 1, MAX_KEY, len(key)))
        keys, costs = [], []
        for begin, until, cut in blocks:
            near = self._close(key, begin, until, edits if not cut else min(2, edits - 1))
            if len(near):
                names = self._keys_of(near)
                far = _distances(key, names, edits) if not cut else _begun(key, names)
                fits = far <= edits
                keys.append(near[fits])
                costs.append(MISSPELT + far[fits] + (0.4 if cut else 0.0))
        if not keys:
            return np.zeros(0, np.int64), np.zeros(0)
        return np.concatenate(keys), np.concatenate(costs)

    def _close(self, key: str, begin: int, until: int, edits: int) -> Array:
        """Of the keys of these lengths those that lack few of the typed pairs and letters."""
        at = self._a["near_at"]
        start, end = int(at[begin]), int(at[until + 1])
        if start == end or edits < 1:
            return np.zeros(0, np.int64)
        pairs, letters, count = _mask_of(key)
        lacking = np.bitwise_count(pairs & ~self._a["near_pairs"][start:end])
        most = min(LACKING[edits], count - 1 if count < 5 else count - 2)
        few = np.flatnonzero(lacking <= most)
        other = np.bitwise_count(letters & ~self._a["near_letters"][start + few])
        few = few[other <= edits]
        if len(few) > MAX_CLOSE:
            few = few[np.argpartition(lacking[few], MAX_CLOSE)[:MAX_CLOSE]]
        return np.asarray(self._a["near_key"][start + few], np.int64)

    def _scored(
        self, posts: Array, costs: Array, near: Near, allowed: Array | None
    ) -> tuple[Array, Array]:
        items = self._a["post_item"][posts]
        if allowed is not None:
            inside = allowed[self.area[items]]
            posts, costs, items = posts[inside], costs[inside], items[inside]
        how = self._a["post_how"][posts]
        score = costs - self._a["post_weight"][posts] / 100.0
        score += np.where(how == OTHER, 0.15, np.where(how == INNER, 0.6, 0.0))
        score += 0.22 * np.log10(1.0 + self._km(items, near) / 5.0)
        if len(score) > MAX_REFINED:
            best = np.argpartition(score, MAX_REFINED)[:MAX_REFINED]
            posts, score = posts[best], score[best]
        return posts, score

    def _km(self, items: Array, near: Near) -> Array:
        """Flat, and near enough to rank by."""
        north = self.lat[items] / 1e7 - near.lat
        east = (self.lon[items] / 1e7 - near.lon) * math.cos(math.radians(near.lat))
        return np.asarray(np.hypot(north, east) * 111.2)

    def _refined(self, typed: Typed, found: list[tuple[Array, Array]]) -> list[Hit]:
        """With the letters as they are written; the best of each item."""
        best: dict[int, Hit] = {}
        for posts, scores in found:
            for post, score in zip(posts.tolist(), scores.tolist(), strict=True):
                item = int(self._a["post_item"][post])
                hit = self._hit(typed, post, item, score)
                if item not in best or hit.score < best[item].score:
                    best[item] = hit
        return sorted(best.values(), key=lambda hit: hit.score)[:MAX_REFINED]

    def _hit(self, typed: Typed, post: int, item: int, score: float) -> Hit:
        text = self.text(int(self._a["post_text"][post]))
        words = words_of(text)
        is_inner = self._a["post_how"][post] == INNER
        run = _inner_run(words, typed.plain) if is_inner else plain(words)
        if run == typed.plain:
            return Hit(score - (ALIKE - EXACT), item, text)
        if run.startswith(typed.plain):
            return Hit(score + 0.3 * (1.0 - len(typed.plain) / len(run)), item, text)
        edits = float(OSA.distance(run, typed.plain))
        short = min(edits, float(OSA.distance(run[: len(typed.plain)], typed.plain)) + 0.5)
        first = 0.3 if run[:1] != typed.plain[:1] else 0.0
        return Hit(score + 0.25 * min(short, 4.0) + first, item, text, short)


def _inner_run(words: Sequence[str], typed: str) -> str:
    """From the inner word on that is meant."""
    runs = [plain(tuple(words[n:])) for n in range(1, len(words))]
    return min(runs, key=lambda run: OSA.distance(run[: len(typed) + 2], typed), default="")


def _distances(key: str, names: list[str], edits: int) -> Array:
    found = process.cdist([key], names, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8)
    return np.asarray(found[0], np.float64)


def _begun(key: str, names: list[str]) -> Array:
    """The least distance to a beginning of each."""
    cuts = (len(key) - 1, len(key), len(key) + 1)
    every = [_distances(key, [name[:cut] for name in names], 3) for cut in cuts]
    return np.asarray(np.minimum.reduce(every))


def farm_code(farm: int, holding: int) -> int:
    """Both numbers in one of 32 bits; 0 for what finds no room in it, or is not told."""
    fits = 0 < farm < 65_536 and 0 < holding < 65_536
    return farm << 16 | holding if fits else 0


def allowed_of(count: int, numbers: Iterable[int]) -> Array:
    """Which areas may be meant."""
    made = np.zeros(max(1, count), bool)
    for one in itertools.islice(numbers, count):
        made[one] = True
    return made
