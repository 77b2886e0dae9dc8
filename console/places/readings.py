"""What a text may be: an address, a farm's numbers, a name, or a name and where it is. Pure.

"storgata 12b lillehammer" may be read in three ways; which words are a municipality's, a postal
town's or a postcode is asked of ``knows``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Knows = Callable[[str], bool]
"""Whether these words say where something is."""

MOST_WORDS: Final = 6  # of a municipality's or a postal town's name, and one
NUMBER_FIRST: Final = 0.3  # how much less likely a house number is before its street's name
_LETTER: Final = r"(?:(?:\s|\.\s?|-|,\s?(?=[a-zA-Z]))?(?P<letter>[a-zA-ZæøåÆØÅ])(?=$|[\s,]))?"
_NUMBER: Final = re.compile(
    r"^(?P<street>.*?[^\W\d_].*?)[\s,]+(?:(?:nr|no|nummer)\.?\s*|#\s?)?(?P<number>\d{1,4})"
    rf"(?P<more>\s?[-–/]\s?\d{{1,4}}[a-zA-Z]?(?=$|[\s,]))?{_LETTER}(?=$|[\s,])(?P<rest>.*)$"
)  # "more": from one number to another
_NUMBER_FIRST: Final = re.compile(
    r"^(?P<number>\d{1,4})(?:\s?(?P<letter>[a-zA-Z])(?=[\s,]))?[\s,]+"
    r"(?P<street>(?:\d{1,2}\.\s?)?[^\W\d_]{3}.*)$"
)  # "12 B Storgata"; "17. mai gate" is no house, "32V NM" the beginning of MGRS
_WITHIN: Final = re.compile(
    r"[\s,]+(?:[HULKhulk]\d{4}|(?:leil|leilighet|leilegheit|oppg|oppgang|inng|inngang|etg|etasje)\b\.?"
    r"\s?(?:nr\.?\s?)?(?:\d{1,4}|[a-zA-Z])|\d{1,2}\.?\s?(?:etg|etasje)\b\.?)(?=$|[\s,])"
)  # where in a house, which no register here has
FARM: Final = re.compile(r"(?<!\d)\d{1,5}\s?/\s?\d{1,5}(?:/\d{1,5})?(?!\d)")  # and lease numbers
_GNR_BNR: Final = re.compile(
    r"\b(?:g\.?\s?nr|g[åa]rdsn(?:r|ummer))[.:]?\s?(\d{1,5})[\s,/]*(?:og\s+)?"
    r"(?:b\.?\s?nr|bruksn(?:r|ummer))[.:]?\s?(\d{1,5})",
    re.IGNORECASE,
)
_FARM_WORDS: Final = re.compile(
    r"\b(?:g\.?\s?nr\.?\s?/\s?b\.?\s?nr|g\.?b?\.?nr|g[åa]rdsn(?:r|ummer))\b[.:]?", re.IGNORECASE
)
_GLUED: Final = re.compile(r"([^\W\d_]{3,})(\d{1,4}[a-zA-Z]?)(?=$|[\s,])")
POSTCODE: Final = re.compile(r"\b(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Way:
    """One reading of what is typed. ``cost``: how much less likely than others; ``is_farm``: the
    name is a farm's and a holding's numbers, in this ``street`` alone if there is one."""

    name: str
    where: str = ""
    number: int = 0
    letter: str = ""
    cost: float = 0.0
    misspelt: bool = True
    is_farm: bool = False
    street: str = ""


def tidied(text: str) -> str:
    """Numbers apart from words, farm and holding with a stroke, and nothing of flats and floors."""
    return _GLUED.sub(r"\1 \2", _WITHIN.sub(" ", _GNR_BNR.sub(r"\1/\2", text)))


def ways_of(text: str, knows: Knows) -> list[Way]:
    """What the text may be, the likeliest first."""
    ways, is_farm = _farm_ways(text, knows)
    numbered = _NUMBER.match(text)
    if numbered is not None and numbered["more"] and is_farm:
        numbered = None
    if numbered is None or len(numbered["number"]) == 4:
        ways += _number_first(text, knows)
    if numbered is not None:
        letter = (numbered["letter"] or "").upper()
        rest = numbered["rest"].strip(" ,")
        street = numbered["street"].strip(" ,")
        ways.append(Way(street, rest, int(numbered["number"]), letter))
        head, _, last = street.rpartition(",")
        if head:  # "Lillehammer, Storgata 12"
            ways.append(Way(last, head, int(numbered["number"]), letter, 0.1))
        elif not rest:
            ways += [
                Way(a, b, int(numbered["number"]), letter, 0.1)
                for a, b in _split(street, knows, is_first=True)
            ]
        if len(numbered["number"]) == 4:  # "Storgata 2609": a postcode
            ways.insert(0, Way(street, f"{numbered['number']} {rest}".strip()))
    before, comma, after = text.partition(",")
    if comma and numbered is None and before.strip() and after.strip():
        ways.append(Way(before, after))
        ways.append(Way(after, before, cost=0.3))
    ways.append(Way(text, misspelt=numbered is None))
    if not comma and numbered is None:
        ways += [Way(a, b, cost=0.05) for a, b in _split(text, knows)]
    return ways


def _farm_ways(text: str, knows: Knows) -> tuple[list[Way], bool]:
    """Of "12/3 lom" or "12/3 storgata"; whether it can be nothing but a farm's numbers."""
    typed = FARM.search(text)
    if typed is None:
        return [], False
    number = typed[0].replace(" ", "")
    rest = _FARM_WORDS.sub(" ", text[: typed.start()] + " " + text[typed.end() :]).strip(" ,")
    if not rest or knows(rest):
        return [Way(number, rest, is_farm=True)], True
    street, _, where = (part.strip(" ,") for part in rest.partition(","))
    parts = [(street, where)] if where else [(rest, ""), *_split(rest, knows)]
    return [Way(number, b, street=a, is_farm=True) for a, b in parts], False


def _number_first(text: str, knows: Knows) -> list[Way]:
    found = _NUMBER_FIRST.match(text)
    if found is None:
        return []
    number, letter = int(found["number"]), (found["letter"] or "").upper()
    street, comma, where = (part.strip(" ,") for part in found["street"].partition(","))
    code = POSTCODE.search(street)
    if code is not None and not comma:
        street, where = street[: code.start()].strip(), street[code.start() :]
    ways = [Way(street, where, number, letter, NUMBER_FIRST)]
    if not where:
        ways += [Way(a, b, number, letter, NUMBER_FIRST) for a, b in _split(street, knows)]
    return ways


def _split(text: str, knows: Knows, *, is_first: bool = False) -> list[tuple[str, str]]:
    """ "nes ringsaker" as a name and where it is, where the end (or the beginning) is known."""
    words = text.split()
    made = []
    for n in range(len(words) - 1, max(0, len(words) - MOST_WORDS), -1):
        name, where = " ".join(words[:n]), " ".join(words[n:])
        if len(where) >= 3 and knows(where):
            made.append((name, where))
    for n in range(1, min(len(words), MOST_WORDS)) if is_first else ():
        where, name = " ".join(words[:n]), " ".join(words[n:])
        if len(where) >= 3 and knows(where):
            made.append((name, where))
    return made[:2]
