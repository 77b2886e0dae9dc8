"""Others' words where Qt would make something else of them than text."""

from __future__ import annotations

import html


def plain(words: str) -> str:
    """Without what can't be printed: line ends, control characters, marks that turn the line round.

    Call signs, groups' names and persons come from the network.
    """
    if words.isprintable():
        return words
    return "".join(c if c.isprintable() else " " for c in words)


def tip(words: str) -> str:
    """As a tooltip, one line per line. A name like ``<img src=…>`` would be shown as a page."""
    lines = [plain(line) for line in words.split("\n")]
    joined = "\n".join(lines)
    if "<" not in joined:
        return joined
    return "<qt>" + "<br>".join(map(html.escape, lines)) + "</qt>"
