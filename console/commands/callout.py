"""``vaktbord callout``: call people out, answer, see who has answered what, end it."""

from __future__ import annotations

import argparse
from typing import Any, get_args

import msgspec

from console.commands.options import Receivers, key, number, words
from console.commands.saying import (
    Actions,
    Refused,
    Subparsers,
    add_anyway,
    add_command,
    print_json,
    printable,
    reaches_exercise,
    refuse_unknown,
    say,
    show,
)
from console.commands.state import local_time, table
from console.domain.callout import Asked, Callout, Step, allowed, overview
from console.domain.events import Answer, CalloutAnswered, CalloutEnded, CalloutReason, CalloutSent
from console.domain.membership import called_out
from console.domain.state import State
from console.site.log.ids import new_id
from console.site.log.subjects import CALLOUTS, GROUPS, RESOURCES
from console.site.visit import Visit

ANSWERS: tuple[Answer, ...] = get_args(Answer)


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "send a call-out, answer it, show who has answered, end it"
    actions = add_command(subparsers, common, "callout", text, (CALLOUTS, RESOURCES, GROUPS))
    _add_send(actions)
    answer = actions.add("answer", "answer for one who was called out", _answer)
    answer.add_argument("callout", metavar="ID")
    answer.add_argument("answer", choices=ANSWERS)
    answer.add_argument("--as", dest="by", type=key, required=True, metavar="WHO")
    add_anyway(answer)
    answer.add_argument("--minutes", type=number(0, 240), default=0, help="of delay")
    end = actions.add("end", "end a call-out: done with, or called off", _end)
    end.add_argument("callout", metavar="ID")
    end.add_argument("--reason", choices=get_args(CalloutReason), default="done")
    end.add_argument("--text", type=words(1_000), default="")
    listing = actions.add("list", "list the call-outs that are open", _list, says=False)
    listing.add_argument("--all", action="store_true", help="ended ones too")
    one = actions.add("show", "show who has answered a call-out and who has not", _show, says=False)
    one.add_argument("callout", metavar="ID")


def _add_send(actions: Actions) -> None:
    action = actions.add("send", "call units, desks and groups out", _send)
    add_anyway(action)
    action.add_argument("--to", action=Receivers, type=key, nargs="+", required=True, metavar="ID")
    action.add_argument("--text", type=words(1_000, 1), required=True)
    action.add_argument(
        "--answers", choices=ANSWERS, nargs="+", default=list(ANSWERS), metavar="A",
        help="which are wanted (default: %(default)s)",
    )  # fmt: skip
    action.add_argument(
        "--remind-after", type=number(0, 3_600), default=60, metavar="S",
        help="remind those who have not answered every so many seconds; 0: don't "
        "(default: %(default)s)",
    )  # fmt: skip
    action.add_argument(
        "--reminders", type=number(0, 10), default=3, metavar="N",
        help="at most so many (default: %(default)s)",
    )  # fmt: skip


def _send(options: argparse.Namespace, guest: Visit, state: State) -> None:
    refuse_unknown(options, options.to, state.units, state.talkgroups, state.desks)
    callout = new_id("C")
    exercise = reaches_exercise(state, options.to)
    body = CalloutSent(
        callout=callout,
        to=tuple(options.to),
        text=options.text,
        answers=tuple(options.answers),
        reminder_s=options.remind_after,
        reminders=options.reminders,
        exercise=exercise,
    )
    say(options, guest, body, done="sent", key=callout)


def _answer(options: argparse.Namespace, guest: Visit, state: State) -> None:
    callout = _find(options, state, "answer")
    if options.answer not in callout.wanted:
        raise Refused(f"{callout.key} asks for {' or '.join(callout.wanted)}")
    asked = overview(callout, called_out(state, callout.to))
    if not options.anyway and all(line.who != options.by for line in asked):
        raise Refused(
            f"{options.by} was not called out by {callout.key}: `vaktbord callout show "
            f"{callout.key}` shows who was; with --anyway it is noted all the same"
        )
    body = CalloutAnswered(
        callout=callout.key, by=options.by, answer=options.answer, delay_min=options.minutes
    )
    say(options, guest, body, done="answered", key=callout.key, cause=callout.sent.id)


def _end(options: argparse.Namespace, guest: Visit, state: State) -> None:
    callout = _find(options, state, "end")
    body = CalloutEnded(callout=callout.key, reason=options.reason, text=options.text)
    say(options, guest, body, done="ended", key=callout.key, cause=callout.sent.id)


def _find(options: argparse.Namespace, state: State, step: Step | None = None) -> Callout:
    callout = state.callouts.get(options.callout)
    if callout is None:
        raise Refused(
            f"there is no call-out {options.callout}; `vaktbord callout list` shows those there are"
        )
    if step is not None and not allowed(callout.state, step):
        by = f" (by {callout.ended.who})" if callout.ended is not None else ""
        raise Refused(f"call-out {callout.key} is ended already{by}: {callout.reason}")
    return callout


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    rows = sorted(state.callouts.values(), key=lambda c: c.sent.id, reverse=True)
    if not options.all:
        rows = [callout for callout in rows if callout.state == "open"]
    show(options, [_document(row, state) for row in rows], (_cells(row, state) for row in rows))


def _show(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    callout = _find(options, state)
    if options.json:
        print_json(_document(callout, state))
        return
    print("\n".join(table([_cells(callout, state)])))
    lines = [(asked.who, asked.via or "-", _said(asked)) for asked in _overview(callout, state)]
    print("\n".join(printable(line) for line in table(lines)))


def _overview(callout: Callout, state: State) -> tuple[Asked, ...]:
    return overview(callout, called_out(state, callout.to))


def _document(callout: Callout, state: State) -> dict[str, Any]:
    return {
        **msgspec.to_builtins(callout),
        "state": callout.state,
        "overview": msgspec.to_builtins(_overview(callout, state)),
    }


def _cells(callout: Callout, state: State) -> tuple[str, ...]:
    lines = _overview(callout, state)
    answered = sum(line.answer is not None for line in lines)
    return (
        callout.key,
        callout.state if callout.ended is None else callout.reason,
        local_time(callout.sent.time_ms),
        f"{answered} of {len(lines)} answered",
        f"{len(callout.reminded)} reminders",
        callout.text,
    )


def _said(asked: Asked) -> str:
    given = asked.answer
    if given is None:
        return "no answer yet"
    minutes = f" {given.delay_min} min" if given.delay_min else ""
    return f"{given.answer}{minutes} at {local_time(given.time_ms)}"
