"""Others' words where Qt would make something else of them than text."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from typing import Final

PICTURES: Final = "\u2600"
"""From here on the symbols are pictures; arrows and technical signs come before."""
JOINERS: Final = frozenset("\u200d\u20e3\ufe0e\ufe0f")
"""Zero width joiner, enclosing key cap, variation selectors."""
WIDEST: Final = 90
"""Characters of a tooltip's line."""
NO_BREAK: Final = frozenset("\u00a0\u202f")
"""Between the thousands of a figure: Python does not call them printable."""


def plain(words: str) -> str:
    """Without what can't be printed: line ends, control characters, marks that turn the line round.

    Call signs, groups' names and persons come from the network.
    """
    if words.isprintable() and max(words, default="") < PICTURES:
        return words
    kept = _without_pictures(words)
    return "".join(c if c.isprintable() or c in NO_BREAK else " " for c in kept)


def escaped(words: str) -> str:
    """:func:`plain`, as it stands in a menu: an & is no shortcut."""
    return plain(words).replace("&", "&&")


def _broken(line: str) -> list[str]:
    """Qt breaks none that is plain text."""
    return [line] if len(line) <= WIDEST else textwrap.wrap(line, WIDEST)


def _without_pictures(words: str) -> str:
    """A name that is nothing but pictures is still somebody's: it becomes a question mark."""
    kept = "".join(c for c in words if not _is_picture(c))
    if len(kept) == len(words):
        return words
    return " ".join(kept.split()) or "?"


def _is_picture(character: str) -> bool:
    """Emoji and what joins or colours them: without a font for them they are boxes."""
    if character in JOINERS:
        return True
    return character >= PICTURES and unicodedata.category(character) in ("So", "Sk", "Co", "Cn")


def tip(words: str) -> str:
    """As a tooltip, one line per line; one that is too long for a screen is broken. A name like
    ``<img src=…>`` would be shown as a page."""
    lines = [part for line in words.split("\n") for part in _broken(plain(line))]
    joined = "\n".join(lines)
    if "<" not in joined:
        return joined
    return "<qt>" + "<br>".join(map(html.escape, lines)) + "</qt>"
