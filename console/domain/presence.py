"""Who is here right now: each program of a member says so every second; who is silent is away.

Pure: a table, a word heard, a time. A desk that dies says no goodbye; it is shown away 2.5 s after
its last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.events import Id, Name, UnixMs

SAY_S: Final = 1.0
AWAY_S: Final = 2.5
MAX_PRESENT: Final = 1_000
"""Programs of all members together; a new one beyond it is not shown."""
MAX_HERE_BYTES: Final = 1_024


class Here(msgspec.Struct, frozen=True):
    """What a program says: what it is called, who sits there, since when it runs."""

    author: Id
    label: Name
    person: Annotated[str, Meta(max_length=64)] = ""
    since_ms: UnixMs = 0
    v: Literal[1] = 1


class Seen(msgspec.Struct, frozen=True):
    here: Here
    heard_s: float  # on the listener's clock: the sender's may be wrong


Presence = Mapping[str, Seen]
"""By author."""


def heard(presence: Presence, here: Here, now_s: float) -> Presence:
    if here.author not in presence and len(presence) >= MAX_PRESENT:
        return presence
    return {**presence, here.author: Seen(here, now_s)}


def still_here(presence: Presence, now_s: float) -> Presence:
    """Without those who have been silent for too long; the same object when nobody has."""
    if all(now_s - seen.heard_s <= AWAY_S for seen in presence.values()):
        return presence
    return {key: seen for key, seen in presence.items() if now_s - seen.heard_s <= AWAY_S}
