"""How much of each the picture of a site holds, and what happens at the bound."""

from __future__ import annotations

from typing import Final

MAX_TALKGROUPS: Final = 5_000
MAX_UNITS: Final = 20_000
MAX_FLOORS: Final = 5_000
MAX_DESKS: Final = 1_000
MAX_STORED: Final = 500
MAX_LAYOUTS: Final = 1_000
MAX_FLOODS: Final = 1_000
"""At these bounds a new key is refused and counted; what is known goes on changing."""
MAX_LANDMARKS: Final = 2_000
MAX_PINS: Final = 500
"""At these bounds an exercise's go, the oldest first; with none left a new one is refused."""
MAX_ALARMS: Final = 5_000
"""At the bound the oldest closed ones go; open ones never do, then a new one is refused."""
MAX_CALLOUTS: Final = 1_000
MAX_GROUPS: Final = 500
MAX_PATCHES: Final = 200
MAX_CALLS: Final = 1_000
"""At these bounds those that have ended go, the oldest first; with none left a new one is
refused."""
MAX_DUTIES: Final = 2_000
"""At the bound those that ended first go."""
ENDED_DROPPED: Final = 100
"""So many ended rows go at once, or all there are."""
MAX_MESSAGES: Final = 1_000
"""The newest stay."""
MAX_RECEIVED: Final = 2_000
"""Messages whose receipts are kept: those of the newest."""
MAX_REMOVED: Final = 5_000
"""Removals remembered, so that an older event brings nothing back; the oldest are forgotten."""
MAX_SEEN: Final = 20_000
"""Ids of durable events remembered; the longest known are forgotten."""
MAX_WAITING: Final = 1_000
"""Events held back; at the bound the longest held is applied without its cause."""
