"""What the readers of place names share: which spelling is the name, and which others there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

REFUSED: Final = frozenset({"avslått", "avslåttnavnevalg", "feilført", "avslåttpåklaget"})
OLD: Final = frozenset({"historisk", "foreslått", "foreslåttpåklaget", "uvurdert"})
MAX_OTHERS: Final = 24


@dataclass(slots=True)
class Spelling:
    text: str
    status: str = ""
    is_side: bool = False  # annenSkrivemåte


@dataclass(slots=True)
class Naming:
    """One of a place's names, in its spellings."""

    status: str = ""
    language: str = ""
    spellings: list[Spelling] = field(default_factory=list)


def chosen(namings: Iterable[Naming], priority: str = "") -> tuple[str, tuple[str, ...]]:
    """The name in the first language of ``priority`` ("nordsamisk-norsk"), and all others; "" where
    there is none. What was refused is left out, what is old is found and not shown."""
    order = priority.casefold().split("-") if priority else ["norsk"]
    ranked: list[tuple[tuple[int, int, int], str]] = []
    for naming in namings:
        if _bare(naming.status) in REFUSED:
            continue
        language = naming.language.casefold()
        place = order.index(language) if language in order else len(order)
        side = 0 if _bare(naming.status) in {"", "hovednavn"} else 1
        for spelling in naming.spellings:
            status = _bare(spelling.status)
            if spelling.text and status not in REFUSED:
                old = 1 if spelling.is_side or status in OLD else 0
                ranked.append(((old + 2 * side, place, len(ranked)), spelling.text))
    names = _distinct([text for _, text in sorted(ranked)])
    return (names[0], tuple(names[1 : MAX_OTHERS + 1])) if names else ("", ())


def _bare(status: str) -> str:
    return "".join(c for c in status.casefold() if c.isalpha())


def _distinct(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
