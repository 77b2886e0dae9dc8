"""Messages and their receipts, stored texts, call-outs, and the duty list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain import bounds, callout, duty
from console.domain.callout import Callout
from console.domain.events import (
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    DutyEnded,
    DutySet,
    Event,
    MessageDelivered,
    MessageRead,
    MessageSent,
    StatusMessageSent,
    StoredMessageDefined,
    StoredMessageRemoved,
)
from console.domain.message import message_of, receive, stored_of

if TYPE_CHECKING:
    from console.domain.draft import Draft


def message_sent(draft: Draft, event: Event, body: MessageSent | StatusMessageSent) -> None:
    draft.messages.add(message_of(event, body))


def message_received(draft: Draft, event: Event, body: MessageDelivered | MessageRead) -> None:
    """Kept beside the message: a receipt needn't wait for one that is no longer read."""
    known = draft.receipts.get(body.message) or ()
    receipts = receive(known, event, body)
    if receipts is known:
        draft.count("duplicates")
        return
    table = draft.receipts.own()
    table[body.message] = receipts
    if len(table) > bounds.MAX_RECEIVED:
        del table[min(table)]


def stored_defined(draft: Draft, event: Event, body: StoredMessageDefined) -> None:
    old = draft.stored.get(body.stored)
    if old is None and draft.is_full(draft.stored, bounds.MAX_STORED):
        return
    if old is not None and event.id <= old.defined_by:
        return
    if not draft.is_removed("stored", body.stored, event.id):
        draft.stored.own()[body.stored] = stored_of(event, body)


def stored_removed(draft: Draft, event: Event, body: StoredMessageRemoved) -> None:
    draft.note_removed("stored", body.stored, event.id)
    old = draft.stored.get(body.stored)
    if old is not None and old.defined_by < event.id:
        del draft.stored.own()[body.stored]


def callout_sent(draft: Draft, event: Event, body: CalloutSent) -> None:
    old = draft.callouts.get(body.callout)
    if old is not None:
        draft.count("duplicates")
        draft.callouts.set(body.callout, callout.sent_again(old, event, body))
    elif draft.make_room(draft.callouts, bounds.MAX_CALLOUTS, _is_over, "sent.id"):
        draft.callouts.set(body.callout, callout.from_sent(event, body))


def callout_answered(draft: Draft, event: Event, body: CalloutAnswered) -> None:
    _step(draft, body.callout, "answer", lambda old: callout.answer(old, event, body))


def callout_reminded(draft: Draft, event: Event, body: CalloutReminded) -> None:
    _step(draft, body.callout, "remind", lambda old: callout.remind(old, event, body))


def callout_ended(draft: Draft, event: Event, body: CalloutEnded) -> None:
    _step(draft, body.callout, "end", lambda old: callout.end(old, event, body))


def duty_set(draft: Draft, event: Event, body: DutySet) -> None:
    old = draft.duties.get(body.duty)
    if old is not None:
        draft.duties.set(body.duty, duty.set_again(old, event, body))
    elif draft.make_room(draft.duties, bounds.MAX_DUTIES, lambda _row: True, "ends_ms"):
        draft.duties.set(body.duty, duty.from_set(event, body))


def duty_ended(draft: Draft, event: Event, body: DutyEnded) -> None:
    old = draft.duties.get(body.duty)
    if old is None:
        draft.count("orphaned")
        return
    draft.duties.set(body.duty, duty.end(old, event, body))


def _step(draft: Draft, key: str, step: callout.Step, change: Callable[[Callout], Callout]) -> None:
    old = draft.callouts.get(key)
    if old is None:
        draft.count("orphaned")
        return
    if not callout.allowed(old.state, step):
        draft.count("late" if (old.state, step) in callout.LATE else "duplicates")
    draft.callouts.set(key, change(old))


def _is_over(row: Callout) -> bool:
    return row.state == "ended"


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    MessageSent: message_sent,
    StatusMessageSent: message_sent,
    MessageDelivered: message_received,
    MessageRead: message_received,
    StoredMessageDefined: stored_defined,
    StoredMessageRemoved: stored_removed,
    CalloutSent: callout_sent,
    CalloutAnswered: callout_answered,
    CalloutReminded: callout_reminded,
    CalloutEnded: callout_ended,
    DutySet: duty_set,
    DutyEnded: duty_ended,
}
