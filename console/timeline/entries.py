"""What the timeline keeps of an event: its place in time, kind, whom it is about, words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal, get_args

import msgspec

from console.domain import events as e
from console.domain.mark import DIGITS, id_ms
from console.site.log.subjects import DESK_STREAMS, LAYOUTS, TRACKS, LogStream
from console.timeline.folding import folded

Category = Literal[
    "voice",
    "message",
    "alarm",
    "status",
    "callout",
    "group",
    "call",
    "duty",
    "person",
    "place",
]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)

STREAMS_READ: Final[tuple[LogStream, ...]] = tuple(
    s for s in DESK_STREAMS if s not in (TRACKS, LAYOUTS)
)
"""Neither positions, of which there are millions and which say no word, nor layouts, nor the audit,
which is for those who ask for it."""

CATEGORY_OF: Final[Mapping[type, Category]] = {
    e.FloorReleased: "voice",
    **dict.fromkeys((e.MessageSent, e.StatusMessageSent), "message"),
    **dict.fromkeys(
        (
            e.AlarmRaised,
            e.AlarmAcknowledged,
            e.AlarmTaken,
            e.AlarmNoted,
            e.AlarmUnitsSent,
            e.AlarmClosed,
            e.AlarmReopened,
            e.AlarmEscalated,
        ),
        "alarm",
    ),
    e.StatusChanged: "status",
    **dict.fromkeys(
        (e.CalloutSent, e.CalloutAnswered, e.CalloutReminded, e.CalloutEnded), "callout"
    ),
    **dict.fromkeys(
        (
            e.GroupFormed,
            e.GroupMemberAdded,
            e.GroupMemberRemoved,
            e.GroupEnded,
            e.PatchMade,
            e.PatchEnded,
        ),
        "group",
    ),
    **dict.fromkeys((e.CallOffered, e.CallAnswered, e.CallEnded), "call"),
    **dict.fromkeys((e.DutySet, e.DutyEnded), "duty"),
    **dict.fromkeys(
        (
            e.PersonSignedIn,
            e.PersonSignedOut,
            e.HandoverRead,
            e.PositionJoined,
            e.PositionLeft,
            e.MemberEnrolled,
            e.MemberRevoked,
            e.CodeTried,
            e.SignInLocked,
            e.MemberFlooded,
        ),
        "person",
    ),
    **dict.fromkeys((e.LandmarkDefined, e.LandmarkRemoved, e.PinSet, e.PinRemoved), "place"),
}
"""Kinds with a row of their own. A burst has one, when it has ended: then its length is known."""

NAMING: Final[Mapping[type, tuple[str, tuple[str, ...]]]] = {
    e.TalkgroupDefined: ("talkgroup", ("name", "purpose")),
    e.UnitDefined: ("unit", ("call_sign", "issi")),
    e.GroupFormed: ("group", ("name",)),
    e.MemberEnrolled: ("member", ("label",)),
    e.LandmarkDefined: ("landmark", ("name",)),
    e.PinSet: ("pin", ("name",)),
}
"""Kinds that say what something is called: the field with its id, and those with its names."""

THINGS: Final = ("alarm", "callout", "call", "group", "patch")
"""Fields by which an event names what an earlier one began: it is about the same units then."""
_ABOUT: Final = (
    "unit", "talkgroup", "to", "also", "sender", "members", "member", "groups", "caller", "callee",
    "by", "units", "duty", "landmark", "pin",
)  # fmt: skip
_NAMING_IDS: Final = (*THINGS, *_ABOUT)
_WORDS: Final = ("text", "note", "name", "role", "label", "phone", "who", "status", "number")

APART: Final = " \ue000 "
"""Between words of one thing and of the next. The index takes it for a word, of no script, that
nobody types: "3-3" is not found where a call sign ends with a 3 and the next one begins so."""

N_BITS: Final = 20
"""Below the milliseconds, of the id's chance: within one they stay in the id's order."""
MAX_MS: Final = 2**42
_MIX: Final = 4
_AS_INT: Final = str.maketrans(DIGITS, "0123456789ABCDEFGHIJKLMNOPQRSTUV")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A row. ``n`` orders by time; ``keys`` are tokens of the index, no words of anybody's."""

    n: int
    id: str
    stream: str
    keys: str
    words: str
    payload: bytes


class Named(msgspec.Struct, frozen=True, gc=False):
    """What a talkgroup, unit, group or desk is called from this event on, folded."""

    id: str
    words: str
    n: int


_PACK: Final = msgspec.msgpack.Encoder()
_UNPACK: Final = msgspec.msgpack.Decoder(e.Event)


def first_n(ms: int) -> int:
    """The smallest place of that millisecond."""
    return min(max(ms, 0), MAX_MS - 1) << N_BITS


def n_of(event_id: str) -> int:
    chance = int(event_id[10 : 10 + _MIX].translate(_AS_INT), 32)
    return first_n(id_ms(event_id)) | chance


def ms_of(n: int) -> int:
    """Unix milliseconds."""
    return n >> N_BITS


def key_of_id(an_id: str) -> str:
    """One token whatever is in the id: ids tell large letters from small, tokens don't."""
    return "i" + an_id.encode().hex()


def key_of_category(category: Category) -> str:
    return "k" + category


def entry_of(
    event: e.Event, stream: str, about: Iterable[str], called: Callable[[str], str]
) -> Entry | None:
    """None for a kind that has no row. ``about``: whom the thing it answers is about; ``called``:
    what an id is called, folded. A row is found by the names of its time."""
    category = CATEGORY_OF.get(type(event.body))
    if category is None:
        return None
    ids = dict.fromkeys((*ids_in(event), *about))
    names = (name for one in ids if (name := called(one)))
    return Entry(
        n_of(event.id),
        event.id,
        stream,
        " ".join((key_of_category(category), *map(key_of_id, ids))),
        APART.join((*map(folded, _said(event)), *names)),
        _PACK.encode(event),
    )


def event_of(payload: bytes) -> e.Event:
    """Raises msgspec.DecodeError."""
    return _UNPACK.decode(payload)


def ids_in(event: e.Event) -> list[str]:
    """Units, desks, groups and things that it names, and its author."""
    found = [event.author]
    for field in _fields(type(event.body), _NAMING_IDS):
        value = getattr(event.body, field)
        if isinstance(value, tuple):
            found += value
        elif value:
            found.append(value)
    return found


@cache
def _fields(kind: Hashable, among: tuple[str, ...]) -> tuple[str, ...]:
    """Those of them that the kind has."""
    return tuple(field for field in among if hasattr(kind, field))


def thing_in(body: e.AnyBody) -> str:
    """The id of what an event begins or answers, "" = of nothing."""
    return next((str(v) for f in _fields(type(body), THINGS) if (v := getattr(body, f))), "")


def names_in(event: e.Event) -> tuple[Named, ...]:
    body: Any = event.body
    if isinstance(body, e.PositionJoined):
        return (Named(event.author, folded(body.label), n_of(event.id)),)
    naming = NAMING.get(type(body))
    if naming is None:
        return ()
    of, fields = naming
    names = APART.join(folded(part) for field in fields if (part := getattr(body, field)))
    return (Named(getattr(body, of), names, n_of(event.id)),) if names else ()


def _said(event: e.Event) -> list[str]:
    body = event.body
    values = (event.person, *(getattr(body, field) for field in _fields(type(body), _WORDS)))
    return [str(value) for value in values if value]
