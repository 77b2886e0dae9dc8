"""Text and status messages (TETRA SDS), their receipts, stored texts, and call-outs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from console.domain.events.base import (
    MAX_RECEIVERS,
    Body,
    BodyError,
    Id,
    Name,
    Receivers,
    StatusNumber,
    Text,
    Ulid,
    each_once,
)

Answer = Literal["yes", "no", "delayed"]
CalloutReason = Literal["done", "cancelled"]
MoreReceivers = Annotated[tuple[Id, ...], Meta(max_length=MAX_RECEIVERS - 1)]
MAX_REMINDERS = 10
MAX_DELAY_MIN = 240
FilledText = Annotated[str, Meta(min_length=1, max_length=1_000)]


class MessageSent(Body, frozen=True, tag="message-sent"):
    """A text message from the author, or from the unit ``sender``, to a unit, a desk or a
    talkgroup, and to each of ``also``. The event's id is the message's."""

    to: Id
    text: Text
    sender: Id | None = None
    also: MoreReceivers = ()

    def __post_init__(self) -> None:
        each_once((self.to, *self.also), "receivers")


class StatusMessageSent(Body, frozen=True, tag="status-message-sent"):
    """A pre-coded message: a number, and what resources/status.toml calls it ("" = unknown)."""

    to: Id
    number: StatusNumber
    status: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,40}\Z")] = ""
    sender: Id | None = None
    also: MoreReceivers = ()

    def __post_init__(self) -> None:
        each_once((self.to, *self.also), "receivers")


class MessageDelivered(Body, frozen=True, tag="message-delivered"):
    """The receiver's radio or desk has it. Told by the desk itself, or by the gateway."""

    message: Ulid
    receiver: Id


class MessageRead(Body, frozen=True, tag="message-read"):
    """A person at the receiver's has opened it."""

    message: Ulid
    receiver: Id


class StoredMessageDefined(Body, frozen=True, tag="stored-message-defined"):
    """A text to send again and again; the same ``stored`` id replaces it."""

    stored: Id
    title: Name
    text: FilledText


class StoredMessageRemoved(Body, frozen=True, tag="stored-message-removed"):
    stored: Id


class CalloutSent(Body, frozen=True, tag="callout-sent"):
    """A message that asks each receiver for an answer. ``reminder_s`` after it, and as long after
    each reminder, those who have not answered are reminded, ``reminders`` times at most."""

    callout: Id
    to: Receivers
    text: FilledText
    answers: Annotated[tuple[Answer, ...], Meta(min_length=1, max_length=3)] = (
        "yes",
        "no",
        "delayed",
    )
    reminder_s: Annotated[int, Meta(ge=0, le=3_600)] = 0  # 0 = nobody is reminded
    reminders: Annotated[int, Meta(ge=0, le=MAX_REMINDERS)] = 3
    exercise: bool = False

    def __post_init__(self) -> None:
        each_once(self.to, "receivers")
        each_once(self.answers, "answers")


class CalloutAnswered(Body, frozen=True, tag="callout-answered"):
    """``by`` may be a receiver or a member of a talkgroup that is one; the last answer stands."""

    callout: Id
    by: Id
    answer: Answer
    delay_min: Annotated[int, Meta(ge=0, le=MAX_DELAY_MIN)] = 0

    def __post_init__(self) -> None:
        if self.delay_min and self.answer != "delayed":
            raise BodyError("minutes of delay belong to the answer `delayed` alone")


class CalloutReminded(Body, frozen=True, tag="callout-reminded"):
    """The site's reminder ``number`` (from 1) to those who had not answered."""

    callout: Id
    number: Annotated[int, Meta(ge=1, le=MAX_REMINDERS)]
    to: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=512)]


class CalloutEnded(Body, frozen=True, tag="callout-ended"):
    """By a person. Nothing else ends a call-out: speech never does."""

    callout: Id
    reason: CalloutReason
    text: Text = ""
