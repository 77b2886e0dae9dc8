"""``vaktbord call``: individual calls between desks and units, from ringing to their end."""

from __future__ import annotations

import argparse
from typing import get_args

import msgspec

from console.commands.options import key
from console.commands.saying import (
    Refused,
    Subparsers,
    add_anyway,
    add_command,
    refuse_unknown,
    say,
    show,
)
from console.commands.state import local_time
from console.domain.call import Call, Step, allowed
from console.domain.events import CallAnswered, CallEnded, CallOffered, CallReason
from console.domain.state import State
from console.site.log.ids import CALL, new_id
from console.site.log.subjects import PRIVATE, RESOURCES
from console.site.visit import Visit


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "offer, answer, end and list individual calls"
    actions = add_command(subparsers, common, "call", text, (PRIVATE, RESOURCES))
    offer = actions.add("offer", "ring at a desk or unit", _offer)
    offer.add_argument("callee", type=key, metavar="WHOM")
    offer.add_argument("--from", dest="caller", type=key, required=True, metavar="WHO")
    add_anyway(offer)
    offer.add_argument("--full", action="store_true", help="both may talk at once (full duplex)")
    answer = actions.add(
        "answer",
        "answer a call that rings; `vaktbord talk --talkgroup ID --site-key` speaks in it then",
        _answer,
    )
    answer.add_argument("call", metavar="ID")
    end = actions.add("end", "end a call, or refuse it", _end)
    end.add_argument("call", metavar="ID")
    end.add_argument("--reason", choices=get_args(CallReason), help="(default: as it is)")
    listing = actions.add("list", "list the calls that have not ended", _list, says=False)
    listing.add_argument("--all", action="store_true", help="ended ones too")


def _offer(options: argparse.Namespace, guest: Visit, state: State) -> None:
    refuse_unknown(options, [options.caller, options.callee], state.units, state.desks)
    call = new_id(CALL)
    body = CallOffered(
        call=call,
        caller=options.caller,
        callee=options.callee,
        duplex="full" if options.full else "half",
    )
    say(options, guest, body, done="ringing", key=call)


def _answer(options: argparse.Namespace, guest: Visit, state: State) -> None:
    call = _find(options, state, "answer")
    body = CallAnswered(call.key)
    say(options, guest, body, done="answered", key=call.key, cause=call.offered.id)


def _end(options: argparse.Namespace, guest: Visit, state: State) -> None:
    call = _find(options, state, "end")
    as_it_is: CallReason = "hung-up" if call.state == "connected" else "cancelled"
    body = CallEnded(call.key, options.reason or as_it_is)
    say(options, guest, body, done="ended", key=call.key, cause=call.offered.id)


def _find(options: argparse.Namespace, state: State, step: Step) -> Call:
    call = state.calls.get(options.call)
    if call is None:
        raise Refused(
            f"there is no call {options.call}; `vaktbord call list` shows those there are"
        )
    if not allowed(call.state, step):
        last = call.ended or call.answered
        by = f" (by {last.who})" if last is not None else ""
        raise Refused(f"call {call.key} is {call.state} already{by}")
    return call


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    rows = sorted(state.calls.values(), key=lambda c: c.offered.id, reverse=True)
    if not options.all:
        rows = [call for call in rows if call.state != "ended"]
    document = [{**msgspec.to_builtins(call), "state": call.state} for call in rows]
    show(options, document, (_cells(call) for call in rows))


def _cells(call: Call) -> tuple[str, ...]:
    return (
        call.key,
        call.state if call.ended is None else f"{call.state}: {call.reason}",
        local_time(call.offered.time_ms),
        f"{call.caller} to {call.callee}",
        f"{call.duplex} duplex",
    )
