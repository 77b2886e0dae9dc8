"""What a place is: the kinds that the window knows, and how much each weighs in a search.

SSR (Sentralt stadnamnregister) tells some 200 types of named things apart, in main groups. The
window needs what helps one to choose the right "Nes", so a type is brought to one of these kinds,
by its own name or else by its main group.
"""

from __future__ import annotations

import math
import re
from typing import Final

WEIGHT: Final[dict[str, int]] = {
    "municipality": 90, "town": 120, "village": 85, "hamlet": 60, "district": 60, "county": 80,
    "hospital": 75, "airport": 60, "station": 45, "school": 30, "church": 30, "cabin": 35,
    "harbour": 30, "building": 20, "street": 28, "address": 28, "postal-area": 50, "farm": 12,
    "housing": 45, "road": 30, "island": 28, "mountain": 25, "lake": 25, "river": 22, "fjord": 30,
    "valley": 22, "glacier": 28, "forest": 12, "bog": 8, "headland": 14, "bay": 14, "strait": 20,
    "skerry": 10, "waterfall": 14, "terrain": 8, "water": 8, "sea": 8, "address-name": 6,
    "other": 5,
}  # fmt: skip
"""Every kind, with hundredths of what one misspelt letter costs."""
KINDS: Final = tuple(WEIGHT)
NUMBER: Final[dict[str, int]] = {kind: n for n, kind in enumerate(KINDS)}

_IMPORTANCE: Final = re.compile(r"viktighet[A-Oa-o]")
_TYPES: Final[dict[str, str]] = {
    "by": "town", "tettsted": "village", "tettbebyggelse": "village", "tettstedbebyggelse":
    "village", "bygdelagbygd": "village", "bygd": "village", "grend": "hamlet",
    "bydel": "district", "tettsteddel": "district", "kommune": "municipality", "fylke": "county",
    "boligfelt": "housing", "borettslag": "housing", "hyttefelt": "housing",
    "industriområde": "housing", "boligblokk": "housing",
    "bruk": "farm", "gard": "farm", "gård": "farm", "navnegard": "farm",
    "enebolig": "farm", "seter": "farm", "seterstøl": "farm", "fritidsbolig": "farm",
    "sykehus": "hospital", "sjukehus": "hospital", "helseinstitusjon": "hospital",
    "skole": "school", "barnehage": "school", "universitethøgskole": "school", "kirke": "church",
    "kapell": "church", "turisthytte": "cabin", "fjellstue": "cabin", "hotell": "cabin",
    "serveringssted": "cabin", "campingplass": "cabin", "flyplass": "airport", "lufthavn":
    "airport", "landingsplass": "airport", "stasjon": "station", "jernbanestasjon": "station",
    "holdeplass": "station", "stoppeplass": "station", "tbanestasjon": "station",
    "havn": "harbour", "kai": "harbour", "brygge": "harbour", "fergekai": "harbour", "båthavn":
    "harbour", "ferjestrekning": "road", "adressenavn": "street", "adressenavnveggate": "street",
    "veg": "road", "vegstrekning": "road", "bru": "road", "tunnel": "road", "vegkryss": "road",
    "vegsving": "road", "sti": "road", "traktorveg": "road", "klopp": "road",
    "fjell": "mountain", "topp": "mountain", "tind": "mountain", "fjelltopp": "mountain",
    "fjellområde": "mountain", "ås": "mountain", "haug": "mountain", "høyde": "mountain",
    "nut": "mountain", "rygg": "mountain", "egg": "mountain", "vidde": "mountain",
    "dal": "valley", "dalføre": "valley", "skar": "valley", "juv": "valley", "botn": "valley",
    "skog": "forest", "skogområde": "forest", "myr": "bog", "isbre": "glacier", "fonn": "glacier",
    "innsjø": "lake", "vann": "lake", "vatn": "lake", "tjern": "lake", "gruppeavvann": "lake",
    "gruppeavtjern": "lake", "kunstigsjø": "lake", "elv": "river", "bekk": "river", "å": "river",
    "foss": "waterfall", "stryk": "waterfall", "øy": "island", "holme": "island", "øyisjø":
    "island", "holmeisjø": "island", "øygruppe": "island", "øygruppeisjø": "island",
    "skjær": "skerry", "skjærisjø": "skerry", "båe": "skerry", "båeisjø": "skerry", "grunne":
    "skerry", "grunneisjø": "skerry", "fjord": "fjord", "sund": "strait", "sundisjø": "strait",
    "vik": "bay", "vikisjø": "bay", "våg": "bay", "bukt": "bay", "poll": "bay", "nes": "headland",
    "nesisjø": "headland", "nesvedelv": "headland", "halvøy": "headland", "halvøyisjø": "headland",
    "odde": "headland",
}  # fmt: skip
_GROUPS: Final[dict[str, str]] = {
    "bebyggelse": "farm", "ferskvann": "water", "sjø": "sea", "terreng": "terrain", "markslag":
    "terrain", "infrastruktur": "road", "kultur": "building", "offentligadministrasjon": "other",
}  # fmt: skip
_CODES: Final[dict[int, str]] = {
    32: "tjern", 102: "tettstedbebyggelse", 103: "bygd", 104: "grend", 105: "boligfelt",
    106: "borettslag", 107: "industriområde", 123: "kirke", 140: "adressenavn", 228: "hyttefelt",
}  # fmt: skip
"""Of the older GeoJSON files (``enh_navntype``), as far as public descriptions of them go."""


def kind_of(name: str, group: str = "") -> str:
    """Of an SSR type, in the form of the files ("nesISjø") or as people read it ("Nes i sjø")."""
    if name.isdecimal():
        name = _CODES.get(int(name[:6]), "")
    bare = "".join(c for c in name.casefold() if c.isalnum())
    found = _TYPES.get(bare)
    if found is None:
        main = "".join(c for c in group.casefold() if c.isalnum())
        found = _GROUPS.get(main, "other")
    return found


def weight_of(kind: str, importance: str = "", population: int = 0) -> int:
    """``importance``: SSR's own, "viktighetA" (most) to "viktighetO", for places of one kind."""
    if population > 0 and kind in {"town", "village"}:
        return 50 + round(25 * max(0.0, min(4.4, math.log10(population / 200))))
    weight = WEIGHT[kind]
    if _IMPORTANCE.fullmatch(importance):
        weight += 2 * max(0, ord("J") - ord(importance[-1].upper()))
    return min(160, weight)
