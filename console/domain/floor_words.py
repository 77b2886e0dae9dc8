"""What happens to floors, and what follows from it: the words between an arbiter's rules
(:mod:`console.domain.floor_control`) and who carries them out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from console.domain.floor_state import Claim, OverEnd, Verdict, Why

# --- what happens -----------------------------------------------------------------------------


class Request(msgspec.Struct, frozen=True):
    """A key went down. The same press again is the same request."""

    claim: Claim


class Renew(msgspec.Struct, frozen=True):
    """The key is still down. Where nobody else talks or waits, or it may take the floor from them,
    its word is taken for it: an arbiter may be new, or have missed it for a moment."""

    claim: Claim
    held: bool = False  # it had been granted


class Release(msgspec.Struct, frozen=True):
    talkgroup: str
    author: str
    press: str


class Gone(msgspec.Struct, frozen=True):
    """A member has left or was taken out: with it all that its programs claim."""

    author: str


class Heard(msgspec.Struct, frozen=True):
    """The log tells of a talker who asked nobody, ``on`` or no more."""

    talkgroup: str
    unit: str
    ssrc: int = 0
    on: bool = True


class Patched(msgspec.Struct, frozen=True):
    """All patches that there are now, each with its talkgroups."""

    patches: Mapping[str, tuple[str, ...]]


class Stood(msgspec.Struct, frozen=True):
    """The arbiter itself has stood still for so long (a busy machine), and heard nobody: what was
    said meanwhile comes after this, and nobody has died of it."""

    seconds: float


class Tick(msgspec.Struct, frozen=True):
    """Only time has passed."""


Happened = Request | Renew | Release | Gone | Heard | Patched | Stood | Tick

# --- what follows -----------------------------------------------------------------------------


class Answer(msgspec.Struct, frozen=True):
    """How a press stands now, for who made it. ``place`` in the queue counts from 1; ``who``
    talks, or has taken the floor; ``left_s`` of the over."""

    author: str
    talkgroup: str
    press: str
    verdict: Verdict
    ssrc: int = 0
    place: int = 0
    who: str = ""
    why: Why = ""
    left_s: float = 0.0


class Began(msgspec.Struct, frozen=True):
    """An over, for the log."""

    claim: Claim


class Over(msgspec.Struct, frozen=True):
    """An over has ended, for the log."""

    claim: Claim
    spoken_s: float
    end: OverEnd


class Changed(msgspec.Struct, frozen=True):
    """Another may talk in these talkgroups now, or nobody does: told to all."""

    talkgroups: tuple[str, ...]


class Warned(msgspec.Struct, frozen=True):
    """The time is soon out."""

    claim: Claim
    left_s: float


Effect = Answer | Began | Over | Changed | Warned
