"""In which order units are listed, and which a search finds. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from widgets.contracts.rows import UnitRow, Urgency

RANK: Final[dict[Urgency, int]] = {"red": 0, "yellow": 1, "green": 2, "none": 3}


def has_alarm(row: UnitRow) -> bool:
    return row.alarm is not None and row.alarm != "closed"


def order(row: UnitRow) -> tuple[bool, bool, int, str]:
    """Alarms first, unanswered ones before all; then urgency, then name; never who speaks."""
    return (row.alarm != "raised", not has_alarm(row), RANK[row.urgency], row.call_sign.casefold())


def has_words(text: str, search: str) -> bool:
    """Every word typed stands in it."""
    folded = text.casefold()
    return all(word in folded for word in search.casefold().split())


def found(row: UnitRow, search: str) -> bool:
    """By its call sign, status or talkgroup."""
    return has_words(f"{row.call_sign} {row.status_text} {row.talkgroup}", search)


def listed(rows: Iterable[UnitRow], search: str) -> list[UnitRow]:
    return sorted((row for row in rows if found(row, search)), key=order)
