"""How the disk below a node's log does, and how everybody is told: by core NATS, on
``vb.live.store.site.<node>.all``, because a log whose disk is full can tell nothing itself."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

TOLD: Final = "vb.live.store.site."
LOW_BYTES: Final = 2 * 10**9
LOW_SHARE: Final = 10
"""Of the disk; of a small one the smaller counts, here and below."""
FULL_BYTES: Final = 50 * 10**6
FULL_SHARE: Final = 100
ENOUGH: Final = 2
"""Times what counts as full: so much must be free before it is tried again to write."""

Condition = Literal["well", "low", "full", "failed"]
"""``failed``: there is room, and the log can't be written all the same."""
Count = Annotated[int, Meta(ge=0)]
Names = Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=64)]


class StoreState(msgspec.Struct, frozen=True):
    """``failed`` names streams that the server writes no more, until it is started again;
    ``lacks`` those of which this node, one of several, lacks what not all others have either."""

    condition: Condition
    free: Count
    size: Count
    failed: Names = ()
    lacks: Names = ()
    v: Literal[1] = 1

    @property
    def has_room(self) -> bool:
        return self.free >= ENOUGH * _full_below(self.size)


def state_of(free: int, size: int, failed: tuple[str, ...]) -> StoreState:
    """Of a disk, and of the streams on it that could not be written."""
    state = StoreState("well", free, size, failed)
    condition: Condition = "well"
    if free < _full_below(size) or (failed and not state.has_room):
        condition = "full"
    elif failed:
        condition = "failed"
    elif free < min(LOW_BYTES, size // LOW_SHARE):
        condition = "low"
    return msgspec.structs.replace(state, condition=condition)


def _full_below(size: int) -> int:
    return min(FULL_BYTES, size // FULL_SHARE)


def subject_of(node: str) -> str:
    return f"{TOLD}{node}.all"


def heard(subject: str, payload: bytes) -> tuple[str, StoreState] | None:
    """Which node tells it, and what; None: it is something else, or can't be read."""
    if not subject.startswith(TOLD):
        return None
    try:
        state = msgspec.json.decode(payload, type=StoreState)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return subject.removeprefix(TOLD).partition(".")[0], state


def size_words(size: int) -> str:
    """For a command's lines."""
    return f"{size / 1e9:.1f} GB" if size >= 10**9 else f"{size / 1e6:.0f} MB"
