"""Search of places over the whole country, key by key, beside LIKE '%…%' in SQLite.

A fictional register of the whole country's size (1,000,000 names, 2,500,000 addresses, made by
rules; nothing in it is a real address) is built as an import builds it. Then words are typed key by
key, right and misspelt, as the desk asks; the control holds the same names and streets in one
table of plain SQLite. How often a misspelt name is among the first five is counted besides.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.misspellings import BY_HAND, by_rules
from console.places import register
from console.places.building import AddressesPart, NamesPart, Tally
from console.places.bundled import bundled
from console.places.index import Index, Near
from console.places.kinds import KINDS, weight_of
from console.places.rows import AddressRow, NameRow
from console.places.searching import TOWNS, Places

NAME: Final = "places"
NAMES, ADDRESSES = 1_000_000, 2_500_000
QUICK: Final = 20  # a twentieth of it
NEAR: Final = Near(60.8, 10.7)
TYPED: Final = (
    "Lillehammer", "Trondhiem", "Kristiansnad", "Mo i rana", "nes ringsaker", "Haugen", "st olavs",
    "Storgata 12 Lillehammer", "storgt 12b, 2609", "Fjellvegen 7 Tromso", "Kjirkenes",
    "Lillehamar", "Øvre Bjørkhaugen", "59.9139, 10.7522", "32V NM 97423 43460", "Xylofonstrasse 9",
)  # fmt: skip
PATIENCE: Final = 40  # control: words of the control's typing; LIKE takes long

_HEADS: Final = (
    "Nord", "Sør", "Øst", "Vest", "Stor", "Litle", "Lang", "Brei", "Djup", "Kvit", "Svart", "Rød",
    "Grøn", "Høg", "Låg", "Gammel", "Ny", "Inn", "Ut", "Fram", "Bak", "Mid", "Tver", "Bjørn", "Ulv",
    "Rev", "Elg", "Rein", "Hest", "Ku", "Geit", "Sau", "Svin", "Ørn", "Ravn", "Kråke", "Måke",
    "Torsk", "Laks", "Ørret", "Gjedde", "Bjørk", "Furu", "Gran", "Osp", "Rogn", "Selje", "Hegg",
    "Lind", "Eik", "Ask", "Alm", "Hassel", "Stein", "Berg", "Fjell", "Sand", "Leir", "Myr", "Vann",
    "Elv", "Bekk", "Foss", "Is", "Snø", "Vind", "Sol", "Måne", "Kirke", "Prest", "Bisp", "Kong",
    "Ola", "Per", "Pål", "Kari", "Anne", "Gunnar", "Harald", "Håkon", "Olav", "Sigurd", "Trond",
    "Torstein", "Arne", "Bjarne", "Einar", "Kjell", "Skjær", "Sjø", "Gjerd", "Hval", "Kvern",
)  # fmt: skip
_TAILS: Final = (
    "nes", "vik", "dal", "fjell", "berg", "haug", "haugen", "åsen", "bakken", "lia", "moen", "rud",
    "stad", "heim", "land", "set", "seter", "støl", "vatnet", "tjern", "tjernet", "elva", "bekken",
    "fossen", "myra", "holmen", "øya", "skjer", "skjæret", "sund", "fjorden", "vågen", "bukta",
    "havna", "odden", "tangen", "neset", "viken", "dalen", "hogda", "kollen", "nuten", "tind",
    "hammeren", "kleiva", "hytta", "gard", "plassen", "eng", "enga", "jordet", "åkeren", "teigen",
    "løkka", "rønningen", "brenna", "kroken", "sletta", "flata", "bygda", "grenda", "by",
)  # fmt: skip
_ONSETS: Final = (
    "b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "sk", "st", "br",
    "dr", "fr", "gr", "kr", "tr", "bl", "fl", "gl", "kl", "sl", "gj", "kj", "sj",
)  # fmt: skip
_RIMES: Final = (
    "a", "e", "i", "o", "u", "y", "å", "ø", "al", "el", "il", "ol", "ul", "an", "en", "in", "on",
    "ar", "er", "ir", "or", "ur", "as", "es", "is", "os",
)  # fmt: skip
_ROADS: Final = ("vegen", "veien", "gata", "gate", "stien", "bakken", "svingen", "lia", "haugen")
_KINDS: Final = (
    ("farm", 0.34), ("mountain", 0.16), ("bay", 0.1), ("headland", 0.08), ("lake", 0.09),
    ("river", 0.06), ("island", 0.05), ("bog", 0.05), ("hamlet", 0.04), ("terrain", 0.03),
)  # fmt: skip


def run(quick: bool) -> dict[str, Any]:
    """Milliseconds, shares, seconds, bytes, by what was measured."""
    share = QUICK if quick else 1
    with tempfile.TemporaryDirectory(prefix="vaktbord-places-") as folder:
        return _measured(Path(folder), NAMES // share, ADDRESSES // share)


def fill(home: Path, names: int, addresses: int, seed: int = 1) -> None:
    """Put a made-up register below ``home``, as an import does."""
    tally = Tally()
    part, houses = NamesPart(tally), AddressesPart(tally)
    for name in made_up_names(names, seed):
        part.put(name)
    for address in made_up_addresses(addresses, seed):
        houses.put(address)
    made: dict[register.Part, register.Made] = {
        "names": (part.end(), names),
        "addresses": (houses.end(), addresses),
    }
    register.write(home, made, ["fictional"])


def _measured(folder: Path, names: int, addresses: int) -> dict[str, Any]:
    begun_s = time.perf_counter()
    fill(folder, names, addresses)
    built_s = time.perf_counter() - begun_s
    before = _resident()
    places = Places(folder)
    places.load()
    control = _control(folder / "control.db", places.parts)
    try:
        ours = [_typed(places, text) for text in TYPED]
        slow = [_liked(control, text) for text in TYPED[:PATIENCE]]
    finally:
        control.close()
    files = list((folder / "places").rglob("*.npy"))
    towns = _towns(places.parts["bundled"])
    rare = _rare(places.parts["names"])
    return {
        "names": names,
        "addresses": addresses,
        "spellings": {part: index.spellings for part, index in places.parts.items()},
        "built_s": built_s,
        "bytes": sum(one.stat().st_size for one in files),
        "resident_mb": {"before": before, "after": _resident()},
        "key_ms": {
            "ours": _spread([[clock for clock, _ in some] for some in ours]),
            "processor": _spread([[spent for _, spent in some] for some in ours]),
            "control": _spread(slow),
        },
        "found": {
            "by hand": _rate(places, BY_HAND),
            "towns by rules": _rate(places, by_rules(towns, 400)),
            "any name by rules": _rate(places, by_rules(rare, 200), is_any=True),
            "towns half typed": _rate(places, [(name[: max(4, len(name) * 2 // 3)], name)
                                               for name in towns[:200]]),
        },
    }  # fmt: skip


def _typed(places: Places, text: str) -> list[tuple[float, float]]:
    """By the clock and by the processor, milliseconds."""
    taken = []
    for end in range(1, len(text) + 1):
        begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
        places.search(text[:end], NEAR)
        spent_s = time.process_time() - begun_cpu_s
        taken.append(((time.perf_counter() - begun_s) * 1e3, spent_s * 1e3))
        places.rest()  # as the desk's thread does after each answer
    return taken


def _control(file: Path, parts: dict[str, Index]) -> sqlite3.Connection:
    """Every name and street in one table."""
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("CREATE TABLE place (name TEXT, lat REAL, lon REAL)")
    db.execute("BEGIN")
    for index in parts.values():
        rows = ((index.name_of(n), *index.point_of(n)) for n in range(len(index)))
        db.executemany("INSERT INTO place VALUES (?, ?, ?)", rows)
    db.execute("COMMIT")
    return db


def _liked(db: sqlite3.Connection, text: str) -> list[float]:
    taken = []
    for end in range(1, len(text) + 1):
        begun_s = time.perf_counter()
        db.execute(
            "SELECT name, lat, lon FROM place WHERE name LIKE ? ORDER BY length(name) LIMIT 20",
            (f"%{text[:end]}%",),
        ).fetchall()
        taken.append((time.perf_counter() - begun_s) * 1e3)
    return taken


def _spread(taken: Iterable[list[float]]) -> dict[str, float]:
    every = [one for some in taken for one in some]
    return {
        "keys": float(len(every)),
        "median": statistics.median(every),
        "p99": float(np.percentile(every, 99)),
        "worst": max(every),
    }


def _rate(
    places: Places, pairs: Iterable[tuple[str, str]], *, is_any: bool = False
) -> dict[str, Any]:
    """The share whose name is among the first five, and some that are not."""
    found, missed = 0, []
    for typed, meant in pairs:
        rows = places.search(typed, NEAR).rows[:5]
        if any(row.name == meant and (is_any or row.kind in TOWNS) for row in rows):
            found += 1
        else:
            missed.append(f"{typed} for {meant}")
    return {"share": found / (found + len(missed)), "missed": missed}


def _towns(index: Index) -> list[str]:
    is_town = [n for n in range(len(index)) if KINDS[int(index.kind[n])] in TOWNS]
    return [index.name_of(n) for n in is_town]


def _rare(index: Index) -> list[str]:
    """Names that only one place has, of six letters and more."""
    dice = random.Random(4)
    count = np.bincount(index.name)
    once = [n for n in dice.sample(range(len(index)), min(len(index), 20_000))
            if count[index.name[n]] == 1]  # fmt: skip
    return [name for n in once if len(name := index.name_of(n)) >= 6][:1_000]


def _resident() -> float:
    """The most so far, MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def _areas() -> list[tuple[str, float, float]]:
    index = bundled()
    return [
        (index.name_of(n), *index.point_of(n))
        for n in range(len(index))
        if KINDS[int(index.kind[n])] == "municipality"
    ]


def _name(dice: random.Random) -> str:
    draw = dice.random()
    if draw < 0.45:
        core = "".join(
            dice.choice(_ONSETS) + dice.choice(_RIMES) for _ in range(dice.randint(1, 3))
        )
        return core.capitalize() + dice.choice(_TAILS)
    made = dice.choice(_HEADS) + dice.choice(_TAILS)
    if draw < 0.65:
        made = dice.choice(("Store", "Litle", "Nordre", "Søre", "Øvre", "Nedre")) + " " + made
    elif draw < 0.7:
        made = dice.choice(_TAILS).capitalize()
    return made


def made_up_names(count: int, seed: int) -> Iterator[NameRow]:
    dice = random.Random(seed)
    areas = _areas()
    kinds, shares = [kind for kind, _ in _KINDS], [share for _, share in _KINDS]
    for n in range(count):
        at = int(dice.random() * len(areas))
        area, lat, lon = areas[at]
        kind = dice.choices(kinds, shares)[0]
        yield NameRow(
            _name(dice), lon + dice.gauss(0, 0.2), lat + dice.gauss(0, 0.1), 4258, kind,
            weight_of(kind, f"viktighet{'HIJKLM'[n % 6]}"), f"{9000 + at % 1000}", area,
        )  # fmt: skip


def made_up_addresses(count: int, seed: int) -> Iterator[AddressRow]:
    dice = random.Random(seed + 1)
    areas = _areas()
    common = [dice.choice(_HEADS) + dice.choice(_ROADS) for _ in range(800)]
    common[:3] = ["Storgata", "Fjellvegen", "Kirkegata"]
    left = count
    while left > 0:
        at = int(dice.random() * len(areas))
        area, lat, lon = areas[at]
        is_common = dice.random() < 0.6
        street = dice.choice(common) if is_common else _name(dice) + dice.choice(_ROADS)
        y, x = lat + dice.gauss(0, 0.08), lon + dice.gauss(0, 0.16)
        post = f"{1000 + at * 20 + dice.randrange(12):04d}"
        for house in range(1, min(left, dice.randint(4, 40)) + 1):
            letter = dice.choice("ABC") if dice.random() < 0.15 else ""
            yield AddressRow(street, house, letter, x + house * 2e-4, y + house * 1e-4, 4258,
                             f"{9000 + at % 1000}", area, post, area.upper())  # fmt: skip
            left -= 1


def report(result: dict[str, Any]) -> str:
    key, found = result["key_ms"], result["found"]
    lines = [
        f"{result['names']} fictional names, {result['addresses']} addresses, "
        f"{sum(result['spellings'].values())} spellings; built in {result['built_s']:.0f} s, "
        f"{result['bytes'] / 1e6:.0f} MB on disk, {result['resident_mb']['before']:.0f} MB of "
        "memory at most",
        "",
        f"{'ms per key stroke':24} {'keys':>6} {'median':>8} {'p99':>8} {'worst':>8}",
    ]
    shown = (("ours", "Vaktbord"), ("processor", "  of it the processor's"),
             ("control", "control: LIKE '%…%'"))  # fmt: skip
    for who, name in shown:
        one = key[who]
        lines.append(
            f"{name:24} {one['keys']:6.0f} {one['median']:8.1f} {one['p99']:8.1f} "
            f"{one['worst']:8.1f}"
        )
    lines += ["", "the right place among the first five:"]
    for what, rate in found.items():
        some = "; ".join(rate["missed"][:6])
        lines.append(f"  {what:20} {rate['share']:6.1%}" + (f"  not: {some}" if some else ""))
    return "\n".join(lines)
