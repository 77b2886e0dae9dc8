"""What the desk and the process that reads pedals say to each other: a JSON object a line.

The desk says what it wishes as a whole, each time anew. Times are seconds of ``time.monotonic``,
which both processes read from the same clock.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

MAX_LINE: Final = 65_536
MAX_BINDINGS: Final = 8
MAX_DEVICES: Final = 64
ALIVE_S: Final = 0.2
"""So often the reader says that it lives. Silence for :data:`SILENT_S` is a dead one's."""
SILENT_S: Final = 1.0

Name = Annotated[str, Meta(max_length=256)]
Stand = Literal["ready", "absent", "no-permission", "taken", "held", "chattering"]
"""``taken``: another program has the device for itself; ``held``: down for longer than anybody
talks, or already when it was plugged in; ``chattering``: its contact bounces."""
Kind = Literal["pedal", "pad", "keyboard", "other", "any-keyboard"]
Refusal = Literal["", "typed", "mouse", "system"]
"""Why a control is not taken: it is typed with, clicked with, or the machine's own (power)."""


class Control(msgspec.Struct, frozen=True):
    """A button. ``device`` is the same after it is plugged in anew, in whatever socket."""

    device: Name
    control: Name


class Wish(msgspec.Struct, frozen=True, tag="wish"):
    """``controls`` are watched; ``learning``: any press of any device is told, as learned."""

    controls: Annotated[tuple[Control, ...], Meta(max_length=MAX_BINDINGS)] = ()
    learning: bool = False


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """``unread``: lines, reports or events that made no sense, since the start."""

    unread: Annotated[int, Meta(ge=0)] = 0


class Device(msgspec.Struct, frozen=True):
    """``rule``: on Linux the line of a udev rule that would let this user read it."""

    device: Name
    name: Name
    kind: Kind = "other"
    stand: Stand = "ready"
    rule: Annotated[str, Meta(max_length=512)] = ""


class Devices(msgspec.Struct, frozen=True, tag="devices"):
    """Those that could be learned from, while learning."""

    devices: Annotated[tuple[Device, ...], Meta(max_length=MAX_DEVICES)] = ()


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    control: Control
    down: bool
    at_s: float


class Standing(msgspec.Struct, frozen=True, tag="standing"):
    """How a watched control stands; told when it changes, and after each wish."""

    control: Control
    stand: Stand
    name: Name = ""
    rule: Annotated[str, Meta(max_length=512)] = ""


class Learned(msgspec.Struct, frozen=True, tag="learned"):
    """Pressed and let go. ``label``: device and button, for people."""

    control: Control
    label: Name
    refusal: Refusal = ""


Told = Alive | Devices | Moved | Standing | Learned


def encode(message: Wish | Told) -> bytes:
    return msgspec.json.encode(message) + b"\n"


def wish_of(line: bytes) -> Wish:
    """Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError for what is none."""
    return msgspec.json.decode(line, type=Wish)


def told_in(line: bytes) -> Told:
    """Raises as :func:`wish_of`."""
    told: Told = msgspec.json.decode(line, type=Told)
    return told
