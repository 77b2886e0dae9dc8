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
AGAIN: Final = (
    "start the nats-server again where it is started (`systemctl restart …`): until then it writes "
    "nothing, also with room on its disk; nothing is lost by it"
)
ENOUGH: Final = 2
"""Times what counts as full: so much must be free before it is tried again to write."""

Condition = Literal["well", "low", "full", "failed"]
"""``failed``: there is room, and the log can't be written all the same."""
Count = Annotated[int, Meta(ge=0)]
Names = Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=64)]


class StoreState(msgspec.Struct, frozen=True):
    """``failed`` names streams that the server writes no more, until it is started again;
    ``lacks`` those of which this node, one of several, lacks what not all others have either.
    ``by_hand``: by whoever starts it, for the site can't (``--external``)."""

    condition: Condition
    free: Count
    size: Count
    failed: Names = ()
    lacks: Names = ()
    by_hand: bool = False
    v: Literal[1] = 1

    @property
    def has_room(self) -> bool:
        return self.free >= ENOUGH * _full_below(self.size)

    @property
    def takes_nothing(self) -> bool:
        """Of what is new: all of it, or some."""
        return self.condition in ("full", "failed")


def state_of(free: int, size: int, failed: tuple[str, ...], *, by_hand: bool = False) -> StoreState:
    """Of a disk, and of the streams on it that could not be written."""
    state = StoreState("well", free, size, failed, by_hand=by_hand)
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


def sentence_of(state: StoreState) -> str:
    """What is wrong with it, and what to do; for a command's lines."""
    free, streams = size_words(state.free), ", ".join(state.failed)
    if state.condition == "full":
        then = "the site then goes on by itself"
        if state.by_hand:
            then = (
                f"then {AGAIN}"
                if state.failed
                else f"if `vaktbord site --status` then names streams, {AGAIN}"
            )
        return (
            f"the disk of its event log is full ({free} left): nothing new is kept or told, and "
            f"waits where it was said. Make room; {then}"
        )
    if state.condition == "failed":
        then = AGAIN if state.by_hand else "The site tries again by itself every half minute"
        return (
            f"its event log can't be written ({streams}), though {free} are free. "
            f"{then[0].upper()}{then[1:]}. If that does not help look at the disk, and at "
            "site/nats.log"
        )
    return f"the disk of its event log is nearly full: {free} left of {size_words(state.size)}"
