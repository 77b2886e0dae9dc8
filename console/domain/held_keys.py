"""The keys of one talkgroup as a member holds them: what it sends under, and what it takes. Pure.

Times are the member's own monotonic clock in seconds; the site tells durations alone.
"""

from __future__ import annotations

from typing import Final

import msgspec

from console.domain.voice_keys import Handout, Told, VoiceKey

SELF_TURN_S: Final = 2.0
"""So long after the told moment the next key takes over by itself where the site has said nothing:
it is dead, and everybody else does the same. Receivers hold both keys all the while."""
MAX_OPENING: Final = 4  # keys that an engine takes for one stream


class Expiring(msgspec.Struct, frozen=True):
    key: VoiceKey
    until_s: float


class HeldKeys(msgspec.Struct, frozen=True):
    """``current``: None where only foreign senders have keys. ``turn_s``: when ``next`` takes over,
    ``overlap_s``: how long ``current`` is taken then."""

    current: VoiceKey | None = None
    next: VoiceKey | None = None
    turn_s: float = 0.0
    overlap_s: float = 0.0
    former: tuple[Expiring, ...] = ()
    foreign: tuple[VoiceKey, ...] = ()
    block: int = 0

    @property
    def opening(self) -> tuple[VoiceKey, ...]:
        """What our own are heard under: the current one first, then the next, then former ones."""
        ours = (self.current, self.next, *(one.key for one in self.former))
        return tuple(one for one in ours if one is not None)[:MAX_OPENING]

    def find(self, kid: str) -> VoiceKey | None:
        return next((one for one in (*self.opening, *self.foreign) if one.kid == kid), None)


def held(told: Handout, now_s: float, before: HeldKeys | None) -> HeldKeys | None:
    """None: the answer has no keys. ``before``: what was held until now."""
    if not told.keys:
        return None
    current = _of(told, "current")
    coming = _of(told, "next")
    found = HeldKeys(
        current=current[0].voice_key if current else None,
        next=coming[0].voice_key if coming else None,
        turn_s=now_s + coming[0].s if coming else 0.0,
        overlap_s=coming[0].overlap_s if coming else 0.0,
        former=tuple(Expiring(one.voice_key, now_s + one.s) for one in _of(told, "former")),
        foreign=tuple(one.voice_key for one in _of(told, "foreign")),
        block=told.block or (before.block if before is not None else 0),
    )
    has_turned = before is not None and found.next is not None and before.current == found.next
    return turned(found, now_s) if has_turned else found  # the answer was made before the turn


def turned(keys: HeldKeys, now_s: float) -> HeldKeys:
    """The next key takes over. Older ones are taken no longer than the one that gives way: if
    somebody was taken out, he knows them all."""
    if keys.next is None or keys.current is None:
        return keys
    until_s = now_s + keys.overlap_s
    older = (Expiring(one.key, min(one.until_s, until_s)) for one in keys.former)
    return msgspec.structs.replace(
        keys, current=keys.next, next=None, former=(Expiring(keys.current, until_s), *older)
    )


def told_to_turn(keys: HeldKeys, kid: str, now_s: float) -> HeldKeys:
    """The site's word to all. One that names another key than the next changes nothing."""
    return turned(keys, now_s) if keys.next is not None and keys.next.kid == kid else keys


def passed(keys: HeldKeys, now_s: float) -> HeldKeys:
    """As they are now; the same object when nothing has changed."""
    if keys.next is not None and now_s >= keys.turn_s + SELF_TURN_S:
        keys = turned(keys, now_s)
    former = tuple(one for one in keys.former if one.until_s > now_s)
    return keys if former == keys.former else msgspec.structs.replace(keys, former=former)


def _of(told: Handout, use: str) -> list[Told]:
    return [one for one in told.keys if one.use == use]
