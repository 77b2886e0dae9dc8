"""How a name is written before it is looked for: also by who has no æ, ø or å. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

_AS: Final = str.maketrans({"æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "å": "a", "đ": "d", "ŋ": "n",
                            "ŧ": "t", "ł": "l"})  # fmt: skip


def loose(text: str) -> str:
    """Small letters without marks; "oe" and "aa" as ø and å are. A few tiles too many are better
    than the one that is looked for not among them."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_AS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return bare.replace("oe", "o").replace("aa", "a")


def fits(text: str, typed: str) -> bool:
    """Every word typed stands in it."""
    there = loose(text)
    return all(word in there for word in loose(typed).split())
