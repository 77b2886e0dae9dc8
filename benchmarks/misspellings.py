"""What people type instead of a place's name: a list by hand, and one by rules.

The list by hand was made before the search was, from how names are heard, spelt in other times and
mistyped. The other is made anew from any names by the rules below; nothing is tuned on it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

BY_HAND: Final[tuple[tuple[str, str], ...]] = (
    ("Tromso", "Tromsø"), ("Tromsoe", "Tromsø"), ("Aalesund", "Ålesund"), ("Alesund", "Ålesund"),
    ("Lillehamar", "Lillehammer"), ("Lilehammer", "Lillehammer"), ("Kristiansnad", "Kristiansand"),
    ("Christiansand", "Kristiansand"), ("Krisitansund", "Kristiansund"), ("Bodoe", "Bodø"),
    ("Bodo", "Bodø"), ("Hønefos", "Hønefoss"), ("Honefoss", "Hønefoss"), ("Trondhiem", "Trondheim"),
    ("Trondhjem", "Trondheim"), ("Tronheim", "Trondheim"), ("Gjovik", "Gjøvik"),
    ("Jøvik", "Gjøvik"), ("Mo i rana", "Mo i Rana"), ("Moirana", "Mo i Rana"),
    ("Kirkeness", "Kirkenes"), ("Kjirkenes", "Kirkenes"), ("Hammerfesst", "Hammerfest"),
    ("Hamerfest", "Hammerfest"), ("Fredriksatd", "Fredrikstad"), ("Fredrikstat", "Fredrikstad"),
    ("Sarsborg", "Sarpsborg"), ("Sarpsbrog", "Sarpsborg"), ("Haugesunn", "Haugesund"),
    ("Haugsund", "Haugesund"), ("Stavangr", "Stavanger"), ("Stavnager", "Stavanger"),
    ("Bærgen", "Bergen"), ("Begren", "Bergen"), ("Drammn", "Drammen"), ("Dramen", "Drammen"),
    ("Tonsberg", "Tønsberg"), ("Tønsbærg", "Tønsberg"), ("Larvk", "Larvik"), ("Lavrik", "Larvik"),
    ("Sandefjor", "Sandefjord"), ("Sandefjrod", "Sandefjord"), ("Skein", "Skien"),
    ("Sjien", "Skien"), ("Prosgrunn", "Porsgrunn"), ("Porsgrund", "Porsgrunn"),
    ("Arendahl", "Arendal"), ("Ardenal", "Arendal"), ("Grimstat", "Grimstad"),
    ("Grimsad", "Grimstad"), ("Mandahl", "Mandal"), ("Flekefjord", "Flekkefjord"),
    ("Flekkefjor", "Flekkefjord"), ("Egersunn", "Egersund"), ("Ekersund", "Egersund"),
    ("Sannes", "Sandnes"), ("Sandens", "Sandnes"), ("Forde", "Førde"),
    ("Foerde", "Førde"), ("Mlode", "Molde"), ("Steinskjer", "Steinkjer"),
    ("Stenkjær", "Steinkjer"), ("Namssos", "Namsos"), ("Nasmos", "Namsos"), ("Levangr", "Levanger"),
    ("Levnager", "Levanger"), ("Stjordal", "Stjørdal"), ("Narvk", "Narvik"),
    ("Navrik", "Narvik"), ("Harstat", "Harstad"), ("Hartsad", "Harstad"), ("Svolver", "Svolvær"),
    ("Svolvaer", "Svolvær"), ("Leknæs", "Leknes"), ("Sortlann", "Sortland"),
    ("Finnsness", "Finnsnes"),
    ("Finsnes", "Finnsnes"), ("Vadso", "Vadsø"), ("Vadsoe", "Vadsø"),
    ("Vardo", "Vardø"), ("Hønningsvåg", "Honningsvåg"), ("Honningsvag", "Honningsvåg"),
    ("Kautokeno", "Kautokeino"), ("Karasjåk", "Karasjok"), ("Longyearbin", "Longyearbyen"),
    ("Longyerbyen", "Longyearbyen"), ("Elverom", "Elverum"), ("Elvreum", "Elverum"),
    ("Kongsvinnger", "Kongsvinger"), ("Kongsvigner", "Kongsvinger"), ("Hammar", "Hamar"),
    ("Ottta", "Otta"), ("Fagerness", "Fagernes"), ("Fagerens", "Fagernes"), ("Notoden", "Notodden"),
    ("Nottoden", "Notodden"), ("Kongsbreg", "Kongsberg"), ("Kongsbærg", "Kongsberg"),
    ("Askær", "Asker"), ("Mos", "Moss"), ("Haldn", "Halden"), ("Hladen", "Halden"),
    ("Lilestrøm", "Lillestrøm"), ("Lillestrom", "Lillestrøm"), ("Jesheim", "Jessheim"),
    ("Jessheime", "Jessheim"), ("Brumunddahl", "Brumunddal"), ("Raufos", "Raufoss"),
    ("Sogndahl", "Sogndal"), ("Vos", "Voss"), ("Oddda", "Odda"),
)  # fmt: skip

_BESIDE: Final = {
    "a": "sqz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gju",
    "i": "uok", "j": "hku", "k": "jli", "l": "køo", "m": "njk", "n": "bmh", "o": "ipl", "p": "oåø",
    "r": "etf", "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "y": "tuh", "z": "xas",
    "ø": "læp", "æ": "øå", "å": "pæ",
}  # fmt: skip
Rule = Callable[[str, random.Random], str]


def swapped(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def missing(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name))
    return name[:at] + name[at + 1 :]


def doubled(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name))
    return name[:at] + name[at] + name[at:]


def neighbour_key(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name))
    return name[:at] + dice.choice(_BESIDE.get(name[at].lower(), "e")) + name[at + 1 :]


def without_keys(name: str, dice: random.Random) -> str:
    """æøå on another keyboard."""
    ways = ({"æ": "ae", "ø": "oe", "å": "aa"}, {"æ": "a", "ø": "o", "å": "a"},
            {"æ": "e", "ø": "o", "å": "aa"})  # fmt: skip
    for letter, typed in dice.choice(ways).items():
        name = name.replace(letter, typed).replace(letter.upper(), typed.capitalize())
    return name


def _exchanged(name: str, dice: random.Random, pairs: Sequence[tuple[str, str]]) -> str:
    fitting = [(a, b) for a, b in pairs if a in name.lower()]
    if not fitting:
        return name
    old, new = dice.choice(fitting)
    at = name.lower().index(old)
    return name[:at] + new + name[at + len(old) :]


def by_sound(name: str, dice: random.Random) -> str:
    """kj, skj and sj alike, and letters that nobody hears."""
    return _exchanged(
        name,
        dice,
        (("skj", "sj"), ("kj", "skj"), ("sj", "skj"), ("gj", "j"), ("hj", "j"), ("hv", "v"),
         ("nd", "nn"), ("ld", "ll"), ("rd", "r"), ("th", "t"), ("gt", "kt"), ("dt", "t"),
         ("kk", "k"), ("ss", "s"), ("ei", "æi"), ("eg", "ei"), ("øy", "øi"), ("v", "w"),
         ("ks", "x"), ("heim", "hjem"), ("stad", "sta"), ("e", "æ"), ("o", "å"), ("y", "i")),
    )  # fmt: skip


def other_end(name: str, dice: random.Random) -> str:
    return _exchanged(
        name,
        dice,
        (("vika", "viken"), ("viken", "vika"), ("lia", "lien"), ("dalen", "dal"), ("bygda", "bygd"),
         ("elva", "elven"), ("gata", "gaten"), ("veien", "vegen"), ("vegen", "veien"),
         ("osen", "os"), ("anger", "angr"), ("vatn", "vann"), ("stein", "sten"), ("øy", "ø"),
         ("nes", "næs"), ("vik", "vig"), ("sund", "sunn"), ("berg", "bærg"), ("dal", "dahl")),
    )  # fmt: skip


def other_gaps(name: str, dice: random.Random) -> str:
    if " " in name or "-" in name:
        return name.replace(" ", "").replace("-", dice.choice((" ", "")))
    if len(name) < 8:
        return name
    at = dice.randrange(3, len(name) - 3)
    return name[:at] + dice.choice((" ", "-")) + name[at:]


RULES: Final[tuple[Rule, ...]] = (
    swapped, missing, doubled, neighbour_key, without_keys, by_sound, other_end, other_gaps,
)  # fmt: skip


def by_rules(names: Sequence[str], count: int, seed: int = 20) -> list[tuple[str, str]]:
    """So many pairs of what is typed and what is meant; names of four letters and more."""
    dice = random.Random(seed)
    usable = sorted({name for name in names if len(name) >= 4})
    made: list[tuple[str, str]] = []
    while len(made) < count:
        name = dice.choice(usable)
        typed = dice.choice(RULES)(name, dice)
        if typed.casefold() != name.casefold():
            made.append((typed, name))
    return made
