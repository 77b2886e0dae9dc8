"""What a member and the floor's arbiter say to each other: JSON, one struct a message.

Asked at ``vb.ask.floor.<role>.<member>.<generation>.<talkgroup>``, answered in the asker's inbox;
what changes later is told at ``vb.to.<member>.floor.<talkgroup>``. All hear ``vb.live.floor-state.
site.<node>.<talkgroup>`` at every change, and ``vb.live.floor-beat.site.<node>.all`` twice a
second.
"""

from __future__ import annotations

from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from console.domain.events import Id
from console.domain.floor_state import MAX_PATCHED, Level, PressId, Ssrc, Verdict, Why

FLOOR: Final = "floor"
STATE: Final = "floor-state"
BEAT: Final = "floor-beat"
BEAT_S: Final = 0.4
"""Between two beats; less than half of the second for which a floor state is believed."""
RENEW_S: Final = 0.2
"""Between two words of a key that is held; after 0.6 s without one the floor is free."""
MAX_TOLD: Final = 512
"""Floors in one beat that are not free."""
Epoch = Annotated[int, Meta(ge=0, lt=2**53)]


class _Asked(msgspec.Struct, frozen=True, tag_field="op"):
    """``press`` is drawn for each press of a key; ``author`` is the program, as in the log."""

    press: PressId
    author: Id


Also = Annotated[tuple[Ssrc, ...], Meta(max_length=MAX_PATCHED)]


class FloorRequest(_Asked, frozen=True, tag="request"):
    """``ssrc`` under which the over will be sent; ``also`` those in the other groups of a patch
    that this desk itself carries."""

    ssrc: Ssrc
    level: Level = "normal"
    also: Also = ()


class FloorRenew(_Asked, frozen=True, tag="renew"):
    """Every 0.2 s while the key is down, waiting or talking. ``held``: it had been granted, and
    so long has been spoken."""

    ssrc: Ssrc
    level: Level = "normal"
    also: Also = ()
    held: bool = False
    spoken_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0


class FloorRelease(_Asked, frozen=True, tag="release"):
    """The key is up."""


FloorAsk = FloorRequest | FloorRenew | FloorRelease


class FloorAnswer(msgspec.Struct, frozen=True):
    """How a press stands (:data:`console.domain.floor_control.Verdict`). ``epoch``: of the
    arbiter; a word of a lower one than the newest that was heard is no longer true."""

    press: PressId
    talkgroup: Id
    verdict: Verdict
    epoch: Epoch
    ssrc: Ssrc = 0
    place: Annotated[int, Meta(ge=0, le=64)] = 0  # in the queue, from 1
    who: Annotated[str, Meta(max_length=64)] = ""  # talks, or has taken the floor
    why: Why = ""
    left_s: Annotated[float, Meta(ge=0, le=3_600)] = 0.0  # of the over


class FloorSpeaker(msgspec.Struct, frozen=True):
    who: Annotated[str, Meta(max_length=64)]  # a member, or a unit that asked nobody
    ssrc: Ssrc = 0
    emergency: bool = False


class FloorState(msgspec.Struct, frozen=True):
    """Of one talkgroup. ``shared``: the other talkgroups of its patch, which have the same."""

    talkgroup: Id
    speakers: Annotated[tuple[FloorSpeaker, ...], Meta(max_length=16)] = ()
    waiting: Annotated[int, Meta(ge=0, le=64)] = 0
    shared: Annotated[tuple[Id, ...], Meta(max_length=8)] = ()


class FloorChange(msgspec.Struct, frozen=True):
    epoch: Epoch
    state: FloorState


class FloorBeat(msgspec.Struct, frozen=True):
    """The arbiter is there. Each talkgroup that is not in ``floors`` is free."""

    epoch: Epoch
    floors: Annotated[tuple[FloorState, ...], Meta(max_length=MAX_TOLD)] = ()


TASK: Final = "task"


class TaskOffer(msgspec.Struct, frozen=True):
    """A desk can carry a patch, or keep an alarm's voice (``vb.ask.task.….<kind>.<id>``), said
    every second; ``held``: it does so already."""

    author: Id
    held: bool = False


class TaskAnswer(msgspec.Struct, frozen=True):
    """Whether the desk that offered is the one that does it."""

    yours: bool
    epoch: Epoch


UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # msgspec raises all
encode: Final = msgspec.json.encode
_ask: Final = msgspec.json.Decoder(FloorAsk)
Told = TypeVar("Told", bound=msgspec.Struct)


def decode_ask(payload: bytes) -> FloorAsk | None:
    """None for what is no ask."""
    try:
        asked: FloorAsk = _ask.decode(payload)
    except UNREADABLE:
        return None
    return asked


def decode(payload: bytes, kind: type[Told]) -> Told | None:
    """None for what is not of this kind."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except UNREADABLE:
        return None
