"""How a place's name is written before it is compared. Pure.

Three forms, each vaguer than the one before: ``words_of`` (small letters without punctuation and
foreign marks), ``plain`` (also without spaces, and å, ø, æ as a keyboard without them writes them)
and ``sound`` (also as one who has only heard the name may write it). What is typed and what is
kept go through the same rules, so a rule can only bring together, never lose.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = str.maketrans(
    {"ä": "æ", "ö": "ø", "đ": "d", "ð": "d", "ŋ": "n", "ŧ": "t", "þ": "th", "ł": "l", "ı": "i",
     "œ": "ø", "'": "", "’": "", "´": "", "`": "", "ʹ": ""}
)  # fmt: skip
_OWN: Final = frozenset("æøå")
_WORD: Final = re.compile(r"[^\W_]+(?:/[0-9]+)*")
_PLAIN: Final = (("å", "a"), ("aa", "a"), ("ø", "o"), ("oe", "o"), ("æ", "e"), ("ae", "e"))
_SOUND: Final = (
    ("ch", "k"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("c", "k"),
    ("qu", "kv"), ("q", "k"), ("x", "ks"), ("z", "s"), ("w", "v"), ("ph", "f"),
    ("hjem", "heim"), ("jem", "heim"), ("th", "t"), ("dh", "d"), ("gh", "g"), ("kh", "k"),
    ("hv", "v"), ("hj", "j"), ("gj", "j"),
    ("skj", "s"), ("stj", "s"), ("sj", "s"), ("sh", "s"), ("kj", "s"), ("tj", "s"),
    ("veg", "vei"), ("ey", "ei"), ("ai", "ei"), ("oi", "oy"), ("oj", "oy"),
    ("ld", "l"), ("nd", "n"), ("rd", "r"), ("dt", "t"), ("vn", "mn"),
)  # fmt: skip
_DOUBLE: Final = re.compile(r"(.)\1+")
_NOT_KEY: Final = re.compile(r"[^a-z0-9/]+")


def shown(text: str) -> str:
    """Without control characters and halves of characters: a name is put on screens and
    terminals, and kept as UTF-8."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def words_of(text: str) -> tuple[str, ...]:
    """Its words in order, in small letters, without marks but those of å, æ and ø."""
    small = unicodedata.normalize("NFC", text).casefold().translate(_MARKS)
    if not small.isascii():
        small = "".join(c if c in _OWN else _bare(c) for c in small)
    return tuple(_WORD.findall(small))


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(c for c in parts if not unicodedata.combining(c))


def plain(words: tuple[str, ...]) -> str:
    """One run of letters; å as "a", ø as "o", æ as "e", and their old spellings alike."""
    run = "".join(words)
    for old, new in _PLAIN:
        if old in run:
            run = run.replace(old, new)
    return run


def sound(run: str) -> str:
    """Of what :func:`plain` gives: a to z, 0 to 9 and / alone; may be empty."""
    if not run.isascii():
        run = _NOT_KEY.sub("", run)
    for old, new in _SOUND:
        if old in run:
            run = run.replace(old, new)
    if run.startswith("sankt"):
        run = "st" + run[5:]
    return _DOUBLE.sub(r"\1", run)
