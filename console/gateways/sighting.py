"""What a gateway's input says: where somebody is, by whose word; or why it is of no use."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from console.domain.events import Position, UnitKind

Why = Literal[
    "unreadable", "checksum", "malformed", "no-fix", "not-measured", "ahead", "old",
    "week-rollover", "older", "stale", "stranger", "ambiguous", "second-sender", "overrun",
]  # fmt: skip
"""Why something received is not sent on."""
IN_WORDS: Final[dict[Why, str]] = {
    "unreadable": "not readable",
    "checksum": "with a wrong or no checksum",
    "malformed": "with impossible figures",
    "no-fix": "without a fix",
    "not-measured": "not measured (entered by hand, or simulated)",
    "ahead": "from the future (is a clock wrong?)",
    "old": "more than a day old (is a clock wrong?)",
    "week-rollover": "of a receiver whose date is 1024 weeks behind (replace or update it)",
    "older": "older than what was known",
    "stale": "stale by their sender's own word",
    "stranger": "of senders that are no unit here",
    "ambiguous": "of senders that could be several units",
    "second-sender": "of a second sender for one unit",
    "overrun": "that came faster than they could be read",
}

MAX_SPEED_MPS: Final = 200.0
MAX_ACCURACY_M: Final = 100_000.0
NUMBER: Final = re.compile(r"[+-]?([0-9]{1,12})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?")


class Refused(Exception):  # noqa: N818  # an answer rather than an error
    """Something received that is no position to be sent on."""

    def __init__(self, why: Why) -> None:
        super().__init__(IN_WORDS[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Sender:
    """All that is known of who says where he is; empty: it does not tell.

    ``origin`` is what nobody else can have at the same time: a source address, a device, a uid.
    """

    origin: str
    address: str = ""
    device: str = ""
    talker: str = ""
    uid: str = ""
    callsign: str = ""

    def __str__(self) -> str:
        names = ("address", "device", "talker", "uid", "callsign")
        told = [f"{name} {getattr(self, name)}" for name in names if getattr(self, name)]
        return printable(", ".join(told) or self.origin)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sender's place. ``stale_ms``: not to be sent on from then, 0 = it does not say."""

    sender: Sender
    position: Position
    stale_ms: int = 0
    kind: UnitKind | None = None


def printable(text: str) -> str:
    """No control character of somebody's text reaches a terminal or a log."""
    return "".join(c if c.isprintable() else "?" for c in text)[:120]


def number(text: str) -> float:
    """A plain decimal number. Raises Refused for all else: Python would take ``nan``, ``1_0`` and
    figures of other scripts as well."""
    if not text.isascii() or NUMBER.fullmatch(text) is None:
        raise Refused("malformed")
    value = float(text)
    if not math.isfinite(value):
        raise Refused("malformed")
    return value


def speed_of(mps: float | None) -> float | None:
    """None where none is told, or none that anything moves at."""
    return mps if mps is not None and 0 <= mps <= MAX_SPEED_MPS else None


def heading_of(degrees: float | None) -> float | None:
    if degrees is None or not 0 <= degrees <= 360:
        return None
    return degrees % 360


def accuracy_of(metres: float | None) -> float:
    """0 where none is told."""
    return min(metres, MAX_ACCURACY_M) if metres is not None and metres > 0 else 0.0
