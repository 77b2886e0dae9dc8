"""How a text is written before it is compared: the same for what is kept and what is typed. Pure.

å, æ and ø are letters of their own ("ås" is not "as"), and every Norwegian keyboard has them; ä and
ö are how others write æ and ø. All other marks go, those of Sámi letters too (č, đ, ŋ, š, ŧ, ž):
who has no key for them must find Kárášjohka all the same. "aa" stays: as å, "isa" would not find
Isaac.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

OWN: Final = frozenset("åæø")
_TOLD_APART: Final = str.maketrans(
    {"ä": "æ", "ö": "ø", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "þ": "th", "ł": "l", "\0": " "}
)
WORD: Final = re.compile(r"[^\W_]+")
"""What FTS5's tokenizer takes for one word: letters and figures of any script."""


def folded(text: str) -> str:
    """In small letters, without the marks that don't matter."""
    if text.isascii():
        return text.replace("\0", " ").lower()
    composed = unicodedata.normalize("NFC", text).casefold().translate(_TOLD_APART)
    return "".join(c if c in OWN else _bare(c) for c in composed)


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter
    parts = unicodedata.normalize("NFKD", letter).translate(_TOLD_APART)
    return "".join(c for c in parts if not unicodedata.combining(c))


def words_of(text: str) -> tuple[str, ...]:
    """Its words, folded, in order."""
    return tuple(WORD.findall(folded(text)))
