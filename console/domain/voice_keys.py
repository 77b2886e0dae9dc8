"""Which SRTP keys a talkgroup has, who holds them, and when the next takes over. Pure.

The next key is handed out early and takes over at a moment that everybody was told beforehand, as
seconds from then because clocks are wrong; so voice survives a site that is dead by that moment.
When somebody is taken out, a key that he never got takes over at once, and what he holds opens
nothing any more a second later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

Profile = Literal["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"]
Kid = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_.:-]{1,32}\Z")]
Talkgroup = Annotated[str, Meta(min_length=1, max_length=40)]

HURRY_MS: Final = 400
"""From a rekey because somebody was taken out until senders use the new key: those left have to
ask for it in that time."""
MAX_HURRY_MS: Final = 700
"""The same when others are taken out meanwhile, from the first of them on."""
HURRY_OVERLAP_MS: Final = 600
"""So long receivers still take the key that somebody taken out holds."""
MAX_FORMER: Final = 2
MAX_FOREIGN: Final = 4


class VoiceKey(msgspec.Struct, frozen=True):
    """A master key and salt (RFC 3711 section 8.2) with its name."""

    kid: Kid
    profile: Profile
    key: Annotated[bytes, Meta(min_length=28, max_length=44)]

    def __repr__(self) -> str:
        return f"VoiceKey({self.kid!r}, {self.profile!r}, …)"


class Times(msgspec.Struct, frozen=True):
    """``early_ms`` before a key's life is over the next one is handed out; ``overlap_ms`` after it
    receivers still take the old one."""

    life_ms: Annotated[int, Meta(ge=1)] = 24 * 3_600_000
    early_ms: Annotated[int, Meta(ge=1)] = 3_600_000
    overlap_ms: Annotated[int, Meta(ge=1)] = 600_000


class Former(msgspec.Struct, frozen=True):
    """A key that senders use no more, and until when receivers take it."""

    key: VoiceKey
    until_ms: int


class GroupKeys(msgspec.Struct, frozen=True):
    """What the site knows of one talkgroup's keys. ``holders`` are the members who were given
    one of those in use, ``asked``: somebody has asked since this key took over. ``hurried_ms``:
    since when somebody who was taken out holds the current one. Times are the site's clock."""

    talkgroup: Talkgroup
    current: VoiceKey
    turn_ms: int
    next: VoiceKey | None = None
    former: tuple[Former, ...] = ()
    holders: frozenset[str] = frozenset()
    asked: bool = True
    hurried_ms: int | None = None


Fresh = Callable[[], VoiceKey]
"""A new key whose name no other key of the talkgroup has."""


def begun(talkgroup: str, fresh: Fresh, now_ms: int, times: Times) -> GroupKeys:
    return GroupKeys(talkgroup, fresh(), now_ms + times.life_ms)


def given(group: GroupKeys, member: str) -> GroupKeys:
    """``member`` holds the keys from now on."""
    if member in group.holders and group.asked:
        return group
    return msgspec.structs.replace(group, holders=group.holders | {member}, asked=True)


def without(group: GroupKeys, gone: frozenset[str], now_ms: int, fresh: Fresh) -> GroupKeys:
    """These have been taken out. Who never held a key changes nothing."""
    if not group.holders & gone:
        return group
    since_ms = now_ms if group.hurried_ms is None else group.hurried_ms
    return msgspec.structs.replace(
        group,
        next=fresh(),  # also when there is one: they may have got that
        turn_ms=max(now_ms, min(now_ms + HURRY_MS, since_ms + MAX_HURRY_MS)),
        holders=group.holders - gone,
        hurried_ms=since_ms,
    )


def passed(group: GroupKeys, now_ms: int, fresh: Fresh, times: Times) -> GroupKeys | None:
    """As it is now; the same object when nothing has changed. None: nobody has asked for its keys
    during a whole life of one, and it is forgotten."""
    group = _sane(group, now_ms, times)
    if group.next is not None and now_ms >= group.turn_ms:
        if not group.asked and group.hurried_ms is None:
            return None
        group = _turned(group, now_ms, times)
    elif group.next is None and now_ms >= group.turn_ms - times.early_ms:
        # Never sooner than told: a site that slept gives everybody the whole time.
        turn_ms = max(group.turn_ms, now_ms + times.early_ms)
        group = msgspec.structs.replace(group, next=fresh(), turn_ms=turn_ms)
    former = tuple(one for one in group.former if one.until_ms > now_ms)
    if len(former) < len(group.former):
        group = msgspec.structs.replace(group, former=former)
    return group


def due_ms(group: GroupKeys, times: Times) -> int:
    """When :func:`passed` has something to do."""
    turn_ms = group.turn_ms - (times.early_ms if group.next is None else 0)
    return min((turn_ms, *(one.until_ms for one in group.former)))


def _sane(group: GroupKeys, now_ms: int, times: Times) -> GroupKeys:
    """The site's clock may have been set back, or lives made shorter."""
    latest_ms = now_ms + times.life_ms
    if group.turn_ms <= latest_ms:
        return group
    return msgspec.structs.replace(group, turn_ms=latest_ms)


def _turned(group: GroupKeys, now_ms: int, times: Times) -> GroupKeys:
    assert group.next is not None
    is_hurried = group.hurried_ms is not None
    until_ms = now_ms + (HURRY_OVERLAP_MS if is_hurried else times.overlap_ms)
    older = tuple(Former(one.key, min(one.until_ms, until_ms)) for one in group.former)
    return msgspec.structs.replace(
        group,
        current=group.next,
        next=None,
        turn_ms=now_ms + times.life_ms,
        former=(Former(group.current, until_ms), *older)[:MAX_FORMER],
        asked=is_hurried and group.asked,
        hurried_ms=None,
    )


# -- what a member is told ----------------------------------------------------------------------


class Told(msgspec.Struct, frozen=True):
    """One key. ``s``: of the next one, in how many seconds it takes over; of a former one, for how
    many it is still taken; ``overlap_s``: of the next one, for how many the current one is taken
    after that. A ``foreign`` one is for senders that the site does not rekey."""

    kid: Kid
    profile: Profile
    key: Annotated[bytes, Meta(min_length=28, max_length=44)]
    use: Literal["current", "next", "former", "foreign"]
    s: Annotated[float, Meta(ge=0)] = 0.0
    overlap_s: Annotated[float, Meta(ge=0)] = 0.0

    def __repr__(self) -> str:
        return f"Told({self.kid!r}, {self.use!r}, …)"

    @property
    def voice_key(self) -> VoiceKey:
        return VoiceKey(self.kid, self.profile, self.key)


class Handout(msgspec.Struct, frozen=True):
    """The site's answer to one member. ``block``: the upper 16 bits of all SSRCs that this station
    sends under these keys, 0 where the site gives none. ``refused``: why there are no keys."""

    talkgroup: Talkgroup
    v: Literal[1]
    keys: Annotated[tuple[Told, ...], Meta(max_length=12)] = ()
    block: Annotated[int, Meta(ge=0, le=0x7FFF)] = 0
    refused: Annotated[str, Meta(max_length=300)] = ""


class KeyRequest(msgspec.Struct, frozen=True):
    """``sends``: keys are made where there are none; who only listens makes none, so that nobody
    on the network can fill the site's table by announcing talkgroups. ``station`` names the
    sender's engine for as long as that remembers which SSRCs it has sent, for a block of them."""

    v: Literal[1]
    station: Annotated[str, Meta(pattern=r"\A[0-9a-f]{0,32}\Z")] = ""
    sends: bool = False


class KeyTurn(msgspec.Struct, frozen=True):
    """The site's word to all that the next key takes over now."""

    v: Literal[1]
    kid: Kid


class KeyNews(msgspec.Struct, frozen=True):
    """The site's word to one member that it is to ask for these talkgroups' keys again."""

    v: Literal[1]
    talkgroups: Annotated[tuple[Talkgroup, ...], Meta(max_length=1_024)]


def handout(
    group: GroupKeys, foreign: tuple[VoiceKey, ...], block: int, now_ms: int, times: Times
) -> Handout:
    keys = [_told(group.current, "current")]
    if group.next is not None:
        overlap_ms = HURRY_OVERLAP_MS if group.hurried_ms is not None else times.overlap_ms
        keys.append(_told(group.next, "next", group.turn_ms - now_ms, overlap_ms))
    keys += [_told(one.key, "former", one.until_ms - now_ms) for one in group.former]
    keys += foreign_told(foreign)
    return Handout(group.talkgroup, 1, tuple(keys), block)


def foreign_told(keys: tuple[VoiceKey, ...]) -> tuple[Told, ...]:
    return tuple(_told(one, "foreign") for one in keys)


def _told(
    key: VoiceKey,
    use: Literal["current", "next", "former", "foreign"],
    ms: int = 0,
    overlap_ms: int = 0,
) -> Told:
    return Told(key.kid, key.profile, key.key, use, max(0, ms) / 1_000, overlap_ms / 1_000)
