"""``vaktbord alarm``: raise, acknowledge, take, close and list safety alarms from a shell."""

from __future__ import annotations

import argparse
import getpass
import re
import secrets
import sys
from collections.abc import Callable
from typing import Final

import msgspec

from console.commands.options import without_defaults
from console.commands.state import local_time, table
from console.domain.alarm import Alarm, Step, allowed
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    Position,
)
from console.domain.state import State
from console.site.address import SiteAddress, SiteError
from console.site.find import find_site
from console.site.log.outbox import SpoolError
from console.site.log.subjects import ALARMS
from console.site.log.wire import EventError
from console.site.visit import Visit, visit

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read out on the radio
ID_LENGTH: Final = 8
DONE: Final[dict[Step, str]] = {
    "acknowledge": "acknowledged",
    "take": "taken",
    "close": "closed",
}

Action = Callable[[argparse.Namespace, Visit, State], int]


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command, its own commands and their options."""
    parser = subparsers.add_parser(
        "alarm",
        parents=[common],
        help="raise, acknowledge, take, close or list safety alarms",
        description="Safety alarms. Each command ends when the site has what it said. Exit code 1: "
        "refused or not delivered; 3: no site was found.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    common = without_defaults(common)
    _add_raise(actions, common)
    for name, text in (("ack", "acknowledge: seen"), ("take", "handle it: in progress")):
        action = _add_action(actions, common, name, text)
        action.add_argument("alarm", metavar="ID")
    _add_close(actions, common)
    listing = _add_action(actions, common, "list", "list the alarms that are not closed")
    listing.add_argument("--all", action="store_true", help="closed ones too")


def _add_action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    name: str,
    text: str,
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, parents=[common], help=text, description=text)
    action.add_argument("--person", type=_words(64), metavar="NAME", help="who says it")
    action.add_argument("--json", action="store_true", help="print one JSON document")
    action.set_defaults(func=run)
    return action


def _add_raise(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    action = _add_action(actions, common, "raise", "raise an alarm on behalf of a unit")
    action.add_argument("--unit", required=True, type=_key, metavar="U")
    action.add_argument("--talkgroup", type=_key, metavar="TG")
    action.add_argument("--lat", type=_degrees(90), metavar="DEG")
    action.add_argument("--lon", type=_degrees(180), metavar="DEG")
    action.add_argument("--text", type=_words(1_000), default="")


def _add_close(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    action = _add_action(actions, common, "close", "close an alarm that has been answered")
    action.add_argument("alarm", metavar="ID")
    action.add_argument("--reason", required=True, choices=("real", "false-press", "test"))
    action.add_argument("--note", type=_words(1_000), default="")


def _key(text: str) -> str:
    """An argparse type: the id of a unit or talkgroup, as the domain has it."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text):
        raise argparse.ArgumentTypeError("1 to 40 of A-Z, a-z, 0-9, - and _")
    return text


def _words(most: int) -> Callable[[str], str]:
    """An argparse type."""

    def words(text: str) -> str:
        if len(text) > most:
            raise argparse.ArgumentTypeError(f"{most} characters at most")
        return text

    return words


def _degrees(most: float) -> Callable[[str], float]:
    """An argparse type: WGS 84, and not "nan"."""

    def degrees(text: str) -> float:
        value = float(text)
        if not -most <= value <= most:
            raise argparse.ArgumentTypeError(f"degrees from -{most:.0f} to {most:.0f}")
        return value

    return degrees


def run(options: argparse.Namespace) -> int:
    """0 done, 1 refused or not delivered, 2 usage, 3 no site."""
    if options.action == "raise" and (options.lat is None) != (options.lon is None):
        print("vaktbord alarm: --lat and --lon belong together", file=sys.stderr)
        return 2
    try:
        address = find_site(options.home, interface=options.interface)
    except SiteError as error:
        return _fail(error, 3)
    return _visit(options, address)


def _visit(options: argparse.Namespace, address: SiteAddress) -> int:
    spool = None if options.action == "list" else options.home / "site" / "cli"
    person = getpass.getuser() if options.person is None else options.person
    try:
        with visit(address, spool=spool, person=person, streams=(ALARMS,)) as guest:
            try:
                state = guest.read_all()
            except SiteError as error:
                return _fail(error, 3)
            return ACTIONS[options.action](options, guest, state)
    except EventError as error:
        return _fail(f"no desk would understand this: {error}", 1)
    except (SiteError, SpoolError) as error:
        return _fail(error, 1)


def _fail(error: object, code: int) -> int:
    print(f"vaktbord alarm: {error}", file=sys.stderr)
    return code


def _raise(options: argparse.Namespace, guest: Visit, state: State) -> int:
    if options.unit not in state.units:  # raised all the same: nobody may be turned away
        print(f"vaktbord alarm: the site knows no unit {options.unit}", file=sys.stderr)
    key = "A-" + "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
    position = None if options.lat is None else Position(options.lat, options.lon)
    event_id = guest.deliver(
        AlarmRaised(
            alarm=key,
            unit=options.unit,
            talkgroup=options.talkgroup,
            position=position,
            text=options.text,
        )
    )
    _say(options, key, "raised", event_id)
    return 0


def _acknowledge(options: argparse.Namespace, guest: Visit, state: State) -> int:
    return _answer(options, guest, state, "acknowledge", AlarmAcknowledged(alarm=options.alarm))


def _take(options: argparse.Namespace, guest: Visit, state: State) -> int:
    return _answer(options, guest, state, "take", AlarmTaken(alarm=options.alarm))


def _close(options: argparse.Namespace, guest: Visit, state: State) -> int:
    body = AlarmClosed(alarm=options.alarm, reason=options.reason, note=options.note)
    return _answer(options, guest, state, "close", body)


def _answer(
    options: argparse.Namespace, guest: Visit, state: State, step: Step, body: AnyBody
) -> int:
    alarm = state.alarms.get(options.alarm)
    if alarm is None:
        return _fail(
            f"there is no alarm {options.alarm}; `vaktbord alarm list` shows those there are", 1
        )
    if not allowed(alarm.state, step):
        return _fail(_why_not(alarm, step), 1)
    event_id = guest.deliver(body, cause=alarm.latest)
    _say(options, alarm.key, DONE[step], event_id)
    return 0


def _say(options: argparse.Namespace, alarm: str, done: str, event_id: str) -> None:
    """What has been done, once the site has it."""
    if options.json:
        document = {"alarm": alarm, "done": done, "event": event_id}
        print(msgspec.json.encode(document).decode())
    else:
        print(f"Alarm {alarm} is {done}; the site has it.")


def _why_not(alarm: Alarm, step: Step) -> str:
    if alarm.state == "raised":
        return f"alarm {alarm.key} is not acknowledged yet; that comes before it is {DONE[step]}"
    last = alarm.closed or alarm.taken or alarm.acknowledged
    by = f" (by {last.who})" if last is not None else ""
    return f"alarm {alarm.key} is {alarm.state} already{by}"


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> int:
    rows = sorted(state.alarms.values(), key=lambda a: a.raised.id, reverse=True)
    if not options.all:
        rows = [a for a in rows if a.state != "closed"]
    if options.json:
        print(msgspec.json.encode(rows).decode())
        return 0
    print("\n".join(table([_cells(a) for a in rows])) if rows else "No alarms.")
    return 0


def _cells(alarm: Alarm) -> tuple[str, ...]:
    answered = alarm.answered
    return (
        alarm.key,
        alarm.state + (" (escalated)" if alarm.escalated and alarm.state == "raised" else ""),
        alarm.unit,
        local_time(alarm.raised.time_ms),
        f"by {answered.who}" if answered is not None else "-",
        alarm.text,
    )


ACTIONS: Final[dict[str, Action]] = {
    "raise": _raise,
    "ack": _acknowledge,
    "take": _take,
    "close": _close,
    "list": _list,
}
