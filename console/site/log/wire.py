"""Events as bytes: JSON in one NATS message, validated on entry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from console.domain.authors import member_of
from console.domain.events import LIVE, MAX_EVENT_BYTES, AlarmRaised, Event, UnitMoved
from console.domain.exercise_rule import is_marked
from console.domain.roles import Role, is_exercise, may_say
from console.site.log.subjects import (
    STREAM_OF,
    LogStream,
    live_subject,
    log_subject,
    member_in,
    role_in,
)

MAX_TOGETHER: Final = 200
MAX_TOGETHER_BYTES: Final = 60_000
"""Below the server's limit of 64 KiB, with room for an envelope."""
_APART: Final = msgspec.json.Decoder(Annotated[list[msgspec.Raw], Meta(max_length=MAX_TOGETHER)])
MAX_TIME_MS: Final = 2**53
ALARM: Final = str(AlarmRaised.__struct_config__.tag)
_QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*\"""")
"""What was sent, in an error's text: it may be a patient's, and errors go to the logs."""
_DECODER: Final = msgspec.json.Decoder(Event)
_MANY: Final = msgspec.json.Decoder(Annotated[list[Event], Meta(max_length=MAX_TOGETHER)])


class EventError(ValueError):
    """Not an event, or not one that belongs here. The text says why."""


class MayNotSayError(EventError):
    """It is a good event, and not for this position's role to say."""


def encode(event: Event) -> bytes:
    """Raises :class:`EventError` for what no reader would accept."""
    try:
        payload = msgspec.json.encode(event)
    except ValueError as error:  # a lone surrogate in a text
        raise EventError(str(error)) from error
    if decode(payload) != event:
        raise EventError("the event does not survive being written and read")
    return payload


def decode(payload: bytes) -> Event:
    if len(payload) > MAX_EVENT_BYTES:
        raise EventError(f"{len(payload)} bytes; an event has at most {MAX_EVENT_BYTES}")
    try:
        return _DECODER.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EventError(_QUOTED.sub("…", str(error))) from error


def without_place(payload: bytes) -> bytes | None:
    """What tells of an alarm, less where it says that it is; None for what is no alarm with a
    place. Nobody in need is to go unheard because a radio's position is nonsense."""
    if len(payload) > MAX_EVENT_BYTES:
        return None
    try:
        document = json.loads(payload)  # which takes figures that no other parser does
        body = document["body"]
        if body["kind"] != ALARM or body.pop("position", None) is None:
            return None
        return msgspec.json.encode(document)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None


def with_readable_time(payload: bytes) -> bytes | None:
    """What tells of an alarm, its time taken for 1970 where it is none that can be read (as one in
    nanoseconds); None for what is no alarm, or has such a time."""
    if len(payload) > MAX_EVENT_BYTES:
        return None
    try:
        document = json.loads(payload)
        told = document.get("time_ms")
        is_time = isinstance(told, int) and not isinstance(told, bool) and 0 <= told < MAX_TIME_MS
        if document["body"]["kind"] != ALARM or is_time:
            return None
        return msgspec.json.encode({**document, "time_ms": 0})
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None


def decode_live(subject: str, payload: bytes) -> Event:
    event = decode(payload)
    if not isinstance(event.body, LIVE):
        raise EventError(f"{type(event.body).__name__} is not told live")
    role = _role(subject, event)
    if live_subject(event, role) != subject:
        raise EventError(f"{type(event.body).__name__} came where another speaks")
    return event


def together(payloads: Sequence[bytes]) -> Iterator[bytes]:
    """Positions put together into as few messages as may be."""
    some: list[bytes] = []
    size = 0
    for payload in payloads:
        if some and (len(some) >= MAX_TOGETHER or size + len(payload) > MAX_TOGETHER_BYTES):
            yield b"[%b]" % b",".join(some)
            some, size = [], 0
        some.append(payload)
        size += len(payload) + 1
    if some:
        yield b"[%b]" % b",".join(some)


def apart(payload: bytes) -> list[msgspec.Raw]:
    """Of :func:`together`. Raises EventError for what is no list, or too long."""
    if len(payload) > MAX_TOGETHER_BYTES + 2:
        raise EventError(f"{len(payload)} bytes of positions")
    try:
        moves: list[msgspec.Raw] = _APART.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EventError(str(error)) from error
    return moves


def decode_moves(subject: str, payload: bytes) -> tuple[list[Event], list[str]]:
    """Those of a message that are positions of who speaks there, and why the others are not.
    Raises EventError for what is no list. In the usual case all are read at once: desks read
    thousands a second."""
    try:
        events = _MANY.decode(payload) if len(payload) <= MAX_TOGETHER_BYTES + 2 else []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        events = []
    role, member = role_in(subject), member_in(subject)
    if events and role is not None and may_say(role, UnitMoved):
        must_be_marked = is_exercise(role)
        if all(_is_move_of(event, member, must_be_marked) for event in events):
            return events, []
    return _one_by_one(subject, payload)


def _is_move_of(event: Event, member: str, must_be_marked: bool) -> bool:
    return (
        type(event.body) is UnitMoved
        and member_of(event.author) == member
        and (event.exercise or not must_be_marked)
    )


def _one_by_one(subject: str, payload: bytes) -> tuple[list[Event], list[str]]:
    events, complaints = [], []
    for move in apart(payload):
        try:
            events.append(decode_move(subject, move))
        except EventError as error:
            complaints.append(str(error))
    return events, complaints


def decode_move(subject: str, payload: msgspec.Raw | bytes) -> Event:
    """One of the positions of a message whose subject this is."""
    event = decode(bytes(payload))
    if not isinstance(event.body, UnitMoved):
        raise EventError(f"{type(event.body).__name__} is no position")
    if member_of(event.author) != member_in(subject):
        raise EventError("a position came where another speaks")
    _role(subject, event)
    return event


def decode_logged(subject: str, payload: bytes, stream: LogStream) -> Event:
    """The subject is where it was published, which the server lets only its member do."""
    event = decode(payload)
    if STREAM_OF[type(event.body)] is not stream:
        raise EventError(f"{type(event.body).__name__} does not belong in {stream.name}")
    role = _role(subject, event)
    if log_subject(event, role) != subject:
        raise EventError(f"{type(event.body).__name__} came where another speaks")
    return event


def _role(subject: str, event: Event) -> Role:
    role = role_in(subject)
    if role is None or not may_say(role, type(event.body)):
        raise EventError(f"{type(event.body).__name__} is not for {role or 'nobody'} to say")
    if not is_marked(event) or (is_exercise(role) and not event.exercise):
        raise EventError(f"{type(event.body).__name__} of an exercise does not say so")
    return role
