"""Messages with their receipts, stored texts, and what a position has not read. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from console.domain.events import (
    Event,
    MessageDelivered,
    MessageRead,
    MessageSent,
    StatusMessageSent,
    StoredMessageDefined,
)
from console.domain.mark import Mark, first, mark_of

MAX_RECEIPTS: Final = 512
"""Receivers of one message whose receipts are kept; later ones are not."""


class Message(msgspec.Struct, frozen=True):
    """A text, or a status message: then ``number`` is not 0 and ``text`` is empty."""

    key: str  # the event's id
    time_ms: int
    author: str
    person: str
    to: str
    text: str
    sender: str | None = None
    also: tuple[str, ...] = ()
    number: int = 0
    status: str = ""
    unconfirmed: bool = False  # that it was this person

    @property
    def receivers(self) -> tuple[str, ...]:
        return (self.to, *self.also)


class Receipt(msgspec.Struct, frozen=True):
    """What one receiver has told of a message. The first of each stands."""

    receiver: str
    delivered: Mark | None = None
    read: Mark | None = None

    @property
    def state(self) -> str:
        """Who has read it has got it, whether or not the radio said so."""
        return "read" if self.read else "delivered" if self.delivered else "sent"


class StoredMessage(msgspec.Struct, frozen=True):
    key: str
    title: str
    text: str
    defined_by: str


def message_of(event: Event, body: MessageSent | StatusMessageSent) -> Message:
    message = Message(
        key=event.id,
        time_ms=event.time_ms,
        author=event.author,
        person=event.person,
        to=body.to,
        text=body.text if isinstance(body, MessageSent) else "",
        sender=body.sender,
        also=body.also,
        unconfirmed=event.unconfirmed,
    )
    if isinstance(body, MessageSent):
        return message
    return msgspec.structs.replace(message, number=body.number, status=body.status)


def stored_of(event: Event, body: StoredMessageDefined) -> StoredMessage:
    return StoredMessage(body.stored, body.title, body.text, event.id)


def receive(
    receipts: tuple[Receipt, ...], event: Event, body: MessageDelivered | MessageRead
) -> tuple[Receipt, ...]:
    """Note one receipt; the same tuple when it changes nothing. In the order of the receivers."""
    known = {receipt.receiver: receipt for receipt in receipts}
    old = known.get(body.receiver, Receipt(body.receiver))
    if isinstance(body, MessageRead):
        new = msgspec.structs.replace(old, read=first(old.read, mark_of(event)))
    else:
        new = msgspec.structs.replace(old, delivered=first(old.delivered, mark_of(event)))
    if new == old or (body.receiver not in known and len(known) >= MAX_RECEIPTS):
        return receipts
    known[body.receiver] = new
    return tuple(known[key] for key in sorted(known))


def is_for(message: Message, desk: str, groups: Collection[str] = ()) -> bool:
    """Whether it was sent to this position, or to a group that it reads; never its own."""
    if message.author == desk and message.sender is None:
        return False
    return any(to == desk or to in groups for to in message.receivers)


def unread(
    messages: Iterable[Message],
    receipts: Mapping[str, tuple[Receipt, ...]],
    desk: str,
    groups: Collection[str] = (),
) -> tuple[Message, ...]:
    """What a position has been sent and has not read, oldest first."""
    return tuple(
        message
        for message in messages
        if is_for(message, desk, groups) and not _has_read(receipts.get(message.key, ()), desk)
    )


def receipt_of_each(
    message: Message, receipts: Mapping[str, tuple[Receipt, ...]]
) -> tuple[Receipt, ...]:
    """One per receiver as they were named, then the others who told (members of a group)."""
    known = {receipt.receiver: receipt for receipt in receipts.get(message.key, ())}
    named = [known.pop(to, Receipt(to)) for to in message.receivers]
    return (*named, *known.values())


def _has_read(receipts: tuple[Receipt, ...], desk: str) -> bool:
    return any(receipt.receiver == desk and receipt.read is not None for receipt in receipts)
