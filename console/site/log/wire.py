"""Events as bytes: JSON in one NATS message, validated on entry."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from console.domain.events import LIVE, MAX_EVENT_BYTES, Event
from console.domain.exercise_rule import is_marked
from console.domain.roles import Role, is_exercise, may_say
from console.site.log.subjects import STREAM_OF, LogStream, live_subject, log_subject, role_in

_QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*\"""")
"""What was sent, in an error's text: it may be a patient's, and errors go to the logs."""
_DECODER: Final = msgspec.json.Decoder(Event)


class EventError(ValueError):
    """Not an event, or not one that belongs here. The text says why."""


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


def decode_live(subject: str, payload: bytes) -> Event:
    event = decode(payload)
    if not isinstance(event.body, LIVE):
        raise EventError(f"{type(event.body).__name__} is not told live")
    role = _role(subject, event)
    if live_subject(event, role) != subject:
        raise EventError(f"{type(event.body).__name__} came where another speaks")
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
