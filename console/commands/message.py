"""``vaktbord message``: text and status messages, their receipts, and stored texts."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from console.commands.options import Receivers, key, number, words
from console.commands.saying import (
    Actions,
    Refused,
    Subparsers,
    add_anyway,
    add_command,
    reaches_exercise,
    refuse_unknown,
    say,
    show,
)
from console.commands.state import local_time
from console.domain.events import (
    AnyBody,
    MessageDelivered,
    MessageRead,
    MessageSent,
    StatusMessageSent,
    StoredMessageDefined,
    StoredMessageRemoved,
)
from console.domain.message import Message, receipt_of_each, unread
from console.domain.state import State
from console.site.log.subjects import GROUPS, MESSAGES, RESOURCES
from console.site.visit import Visit
from resources.statuses import status_of, statuses

DEFAULT_LAST = 50


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "send text and status messages, list them, and keep stored texts"
    actions = add_command(subparsers, common, "message", text, (MESSAGES, RESOURCES, GROUPS))
    _add_send(actions)
    for name, said, do in (
        ("delivered", "say that a receiver's radio or desk has a message", _delivered),
        ("read", "say that a receiver has read a message", _read),
    ):
        action = actions.add(name, said, do)
        action.add_argument("message", metavar="ID")
        action.add_argument("--as", dest="by", type=key, required=True, metavar="WHO")
        add_anyway(action)
    listing = actions.add("list", "list messages, newest last", _list, says=False)
    listing.add_argument("--unread", type=key, metavar="DESK", help="what that desk has not read")
    listing.add_argument("--group", type=key, nargs="+", default=[], help="groups the desk reads")
    listing.add_argument("--last", type=number(1, 1_000), default=DEFAULT_LAST, metavar="N")
    _add_stored(actions.group("stored", "texts to send again and again"))


def _add_send(actions: Actions) -> None:
    action = actions.add("send", "send a text or a status to units, desks and groups", _send)
    action.add_argument("--to", action=Receivers, type=key, nargs="+", required=True, metavar="ID")
    action.add_argument("--from", dest="sender", type=key, metavar="U", help="on a unit's behalf")
    add_anyway(action)
    what = action.add_mutually_exclusive_group(required=True)
    what.add_argument("--text", type=words(1_000, 1))
    what.add_argument("--stored", type=key, metavar="ID", help="a stored text")
    what.add_argument("--status", type=_status, metavar="S", help="a key of the list, or a number")


def _add_stored(actions: Actions) -> None:
    actions.add("list", "list the stored texts", _list_stored, says=False)
    define = actions.add("define", "keep a text, or change it", _define)
    define.add_argument("stored", type=key, metavar="ID")
    define.add_argument("--title", type=words(64, 1), required=True)
    define.add_argument("--text", type=words(1_000, 1), required=True)
    remove = actions.add("remove", "remove a stored text", _remove)
    remove.add_argument("stored", type=key, metavar="ID")


def _status(text: str) -> tuple[int, str]:
    """An argparse type: number and key of a status message."""
    known = {status.key: status.number for status in statuses()}
    if text in known:
        return known[text], text
    if text.isascii() and text.isdecimal() and 32_768 <= int(text) <= 65_535:
        return int(text), status_of(int(text))
    raise argparse.ArgumentTypeError(
        f"{text} is neither a number from 32768 to 65535 nor one of {', '.join(sorted(known))}"
    )


def _send(options: argparse.Namespace, guest: Visit, state: State) -> None:
    first, *others = options.to
    senders = [options.sender] if options.sender else []
    refuse_unknown(options, options.to, state.units, state.talkgroups, state.desks)
    refuse_unknown(options, senders, state.units, state.desks)
    reaches_exercise(state, options.to)  # a message has no mark: mixed ones are refused
    body: AnyBody
    if options.status is not None:
        code, status = options.status
        body = StatusMessageSent(
            to=first, number=code, status=status, sender=options.sender, also=tuple(others)
        )
    else:
        text = _stored_text(options, state) if options.stored else options.text
        body = MessageSent(to=first, text=text, sender=options.sender, also=tuple(others))
    say(options, guest, body, done="sent")


def _stored_text(options: argparse.Namespace, state: State) -> str:
    stored = state.stored.get(options.stored)
    if stored is None:
        raise Refused(
            f"there is no stored text {options.stored}; `vaktbord message stored list` shows them"
        )
    return stored.text


def _delivered(options: argparse.Namespace, guest: Visit, state: State) -> None:
    message = _find(options, state)
    refuse_unknown(options, [options.by], state.units, state.desks)
    body = MessageDelivered(message=message.key, receiver=options.by)
    say(options, guest, body, done="delivered", key=message.key, cause=message.key)


def _read(options: argparse.Namespace, guest: Visit, state: State) -> None:
    message = _find(options, state)
    refuse_unknown(options, [options.by], state.units, state.desks)
    body = MessageRead(message=message.key, receiver=options.by)
    say(options, guest, body, done="read", key=message.key, cause=message.key)


def _find(options: argparse.Namespace, state: State) -> Message:
    for message in state.messages:
        if message.key == options.message:
            return message
    raise Refused(
        f"there is no message {options.message}; `vaktbord message list` shows the newest"
    )


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    messages = state.messages
    if options.unread:
        messages = unread(messages, state.receipts, options.unread, frozenset(options.group))
    messages = messages[-options.last :]
    document = [_document(message, state) for message in messages]
    show(options, document, (_cells(message, state) for message in messages))


def _document(message: Message, state: State) -> dict[str, Any]:
    receipts = [
        {**msgspec.to_builtins(receipt), "state": receipt.state}
        for receipt in receipt_of_each(message, state.receipts)
    ]
    return {**msgspec.to_builtins(message), "receipts": receipts}


def _cells(message: Message, state: State) -> tuple[str, ...]:
    receipts = receipt_of_each(message, state.receipts)
    return (
        message.key,
        local_time(message.time_ms),
        message.sender or message.person or message.author,
        ", ".join(f"{receipt.receiver} ({receipt.state})" for receipt in receipts),
        message.text if not message.number else f"[{message.number} {message.status}]",
    )


def _list_stored(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    rows = [state.stored[stored] for stored in sorted(state.stored)]
    cells = ((row.key, row.title, row.text) for row in rows)
    show(options, rows, cells, what="stored texts")


def _define(options: argparse.Namespace, guest: Visit, _state: State) -> None:
    body = StoredMessageDefined(stored=options.stored, title=options.title, text=options.text)
    say(options, guest, body, done="kept", key=options.stored, what="stored")


def _remove(options: argparse.Namespace, guest: Visit, state: State) -> None:
    _stored_text(options, state)
    body = StoredMessageRemoved(stored=options.stored)
    say(options, guest, body, done="removed", key=options.stored, what="stored")
