"""Who may ask for a talkgroup's floor, and how high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from console.domain.floor_state import LEVELS, Level, Why
from console.domain.roles import Role

HIGHEST: Final[Mapping[Role, Level]] = {
    "operator": "emergency",
    "gateway": "emergency",  # a radio's own
    "trainer": "pre-emptive",
    "reception": "normal",
}
"""Who is not here (a wall screen) may not talk."""
EXERCISES_ONLY: Final = frozenset[Role]({"trainer"})


def why_not(role: Role, talkgroup_known: bool, exercise: bool) -> Why:
    """Why a member gets no floor of a talkgroup, "" = it may ask."""
    if role not in HIGHEST:
        return "may-not-talk"
    if not talkgroup_known:
        return "no-such-group"
    if role in EXERCISES_ONLY and not exercise:
        return "may-not-talk"
    return ""


def why_not_yet(role: Role, *, held: bool) -> Why | None:
    """The same while the arbiter does not know the groups: "" = who says that it talks is believed,
    None = it is to ask again."""
    if role not in HIGHEST:
        return "may-not-talk"
    return "" if held and role not in EXERCISES_ONLY else None


def level(role: Role, wanted: Level, *, has_alarm: bool) -> Level:
    """What it asks at. A unit with an open alarm is in an emergency whatever it says."""
    if has_alarm:
        return "emergency"
    most = HIGHEST.get(role, "normal")
    return wanted if LEVELS[wanted] <= LEVELS[most] else most
