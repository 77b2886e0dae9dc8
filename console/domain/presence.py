"""Who is here right now: each program of a member says so every second; who is silent is away.

Pure: a table, a word heard, a time. A desk that dies says no goodbye; it is shown away 2.5 s after
its last word. Who hears nobody at all any more, itself included, is cut off, and says of no one
that they are away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.events import Id, Name, UnixMs
from console.domain.state import State

SAY_S: Final = 1.0
AWAY_S: Final = 2.5
DEAF_S: Final = AWAY_S - SAY_S - 0.1
"""So much later others must have been heard: who is here speaks every second, with some slack."""
REJOIN_S: Final = 5.0
"""After a loss of the site, so much longer for the others to find it again, too."""
MAX_PRESENT: Final = 1_000
"""Programs of all members together; a new one beyond it is not shown."""
MAX_HERE_BYTES: Final = 2_048
MAX_HEARD: Final = 64
"""Talkgroups; who hears more names the first of them."""


Front = Annotated[str, Meta(pattern=r"\A([A-Za-z0-9_-]{1,40})?\Z")]


class Sitting(msgspec.Struct, frozen=True):
    """What of a desk may change while it runs: what it is called, who sits there, the talkgroup
    that is in front ("" = none), and others that are heard."""

    label: Name
    person: Annotated[str, Meta(max_length=64)] = ""
    front: Front = ""
    hears: Annotated[tuple[Id, ...], Meta(max_length=MAX_HEARD)] = ()


class Here(msgspec.Struct, frozen=True):
    """What a program says: a :class:`Sitting`, and since when it runs."""

    author: Id
    label: Name
    person: Annotated[str, Meta(max_length=64)] = ""
    since_ms: UnixMs = 0
    front: Front = ""
    hears: Annotated[tuple[Id, ...], Meta(max_length=MAX_HEARD)] = ()
    v: Literal[1] = 1


class Seen(msgspec.Struct, frozen=True):
    here: Here
    heard_s: float  # on the listener's clock: the sender's may be wrong


Presence = Mapping[str, Seen]
"""By author."""


def here_of(author: str, since_ms: int, sitting: Sitting) -> Here:
    """What is said of it: no more talkgroups than fit into one word."""
    most = MAX_HEARD
    while True:
        here = Here(
            author, sitting.label, sitting.person, since_ms, sitting.front, sitting.hears[:most]
        )
        if not most or len(msgspec.json.encode(here)) <= MAX_HERE_BYTES:
            return here
        most //= 2


def heard(presence: Presence, here: Here, now_s: float) -> Presence:
    if here.author not in presence and len(presence) >= MAX_PRESENT:
        return presence
    return {**presence, here.author: Seen(here, now_s)}


def still_here(presence: Presence, now_s: float) -> Presence:
    """Without those who have been silent while others were heard; the same object when nobody
    has."""
    newest_s = min(max((seen.heard_s for seen in presence.values()), default=now_s), now_s)
    left = {
        key: seen
        for key, seen in presence.items()
        if now_s - seen.heard_s <= AWAY_S or newest_s - seen.heard_s <= DEAF_S
    }
    return presence if len(left) == len(presence) else left


def at_site_again(presence: Presence, now_s: float) -> Presence:
    """After a loss: those who were here have some time to say that they still are."""
    return {key: Seen(seen.here, now_s + REJOIN_S) for key, seen in presence.items()}


def same_words(presence: Presence, other: Presence) -> bool:
    """Whether the same is known of the same, whenever it was heard."""
    return presence.keys() == other.keys() and all(
        seen.here == other[key].here for key, seen in presence.items()
    )


def with_presence(state: State, presence: Presence) -> State:
    """Desks that have left, or that nobody hears any more, are not present."""
    desks = {
        key: msgspec.structs.replace(desk, present=desk.present and key in presence)
        for key, desk in state.desks.items()
    }
    return msgspec.structs.replace(state, desks=desks)


def away(before: Presence, now: Presence, left: Iterable[str]) -> tuple[Here, ...]:
    """Who was here and is no more, without having said goodbye (``left``)."""
    goodbyes = set(left)
    gone = (seen.here for key, seen in before.items() if key not in now)
    return tuple(here for here in gone if here.author not in goodbyes)
