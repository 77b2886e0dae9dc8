"""``vaktbord duty``: who is on duty as what, and how to reach them."""

from __future__ import annotations

import argparse
import re
import time
from typing import Any

import msgspec

from console.commands.options import key, moment, words
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
from console.domain.duty import Duty, on_duty
from console.domain.events import DutyEnded, DutySet
from console.domain.state import State
from console.site.log.ids import new_id
from console.site.log.subjects import PEOPLE, RESOURCES
from console.site.visit import Visit


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "set, end and list who is on duty"
    actions = add_command(subparsers, common, "duty", text, (PEOPLE, RESOURCES))
    one = actions.add("set", "put somebody on the duty list, or change it", _set)
    one.add_argument("role", type=words(64, 1), metavar="ROLE", help="for example LV-lege")
    one.add_argument("--name", type=words(64, 1), required=True, help="whose duty it is")
    one.add_argument("--from", dest="begins", type=moment, default=None, metavar="T")
    one.add_argument("--until", type=moment, required=True, metavar="T", help="22:00, +8h, …")
    one.add_argument("--unit", type=key, metavar="U", help="whose radio reaches them")
    one.add_argument("--issi", type=_issi, metavar="N")
    one.add_argument("--phone", type=_phone, metavar="N")
    one.add_argument("--duty", type=key, metavar="ID", help="a line to change (default: a new one)")
    add_anyway(one)
    one.set_defaults(check=_makes_sense)
    end = actions.add("end", "end a duty before its time, or strike it off", _end)
    end.add_argument("duty", metavar="ID")
    end.add_argument("--at", type=moment, default=None, metavar="T", help="(default: now)")
    listing = actions.add("list", "list who is on duty", _list, says=False)
    listing.add_argument("--at", type=moment, default=None, metavar="T", help="(default: now)")
    listing.add_argument("--all", action="store_true", help="every line, past and to come")


def _issi(text: str) -> str:
    """An argparse type."""
    if not re.fullmatch("[0-9]{7}", text):
        raise argparse.ArgumentTypeError("an ISSI has 7 digits")
    return text


def _phone(text: str) -> str:
    """An argparse type."""
    if not re.fullmatch(r"\+?[0-9][0-9 ]{2,30}", text):
        raise argparse.ArgumentTypeError("digits and spaces, + in front if it is from abroad")
    return text


def _makes_sense(options: argparse.Namespace) -> str:
    if not (options.unit or options.issi or options.phone):
        return "say how to reach them: --unit, --issi or --phone"
    if options.until <= (options.begins or _now_ms()):
        return "--until is not after it begins"
    return ""


def _set(options: argparse.Namespace, guest: Visit, state: State) -> None:
    refuse_unknown(options, [options.unit] if options.unit else [], state.units)
    duty = options.duty or new_id("D")
    body = DutySet(
        duty=duty,
        role=options.role,
        name=options.name,
        from_ms=options.begins or _now_ms(),
        until_ms=options.until,
        unit=options.unit,
        issi=options.issi,
        phone=options.phone or "",
    )
    say(options, guest, body, done="set", key=duty)


def _end(options: argparse.Namespace, guest: Visit, state: State) -> None:
    duty = state.duties.get(options.duty)
    if duty is None:
        raise Refused(f"there is no duty {options.duty}; `vaktbord duty list --all` shows them")
    ended_ms = options.at or _now_ms()
    if duty.ends_ms <= ended_ms:
        raise Refused(f"duty {duty.key} ends at {local_time(duty.ends_ms)} already")
    body = DutyEnded(duty.key, ended_ms)
    say(options, guest, body, done="ended", key=duty.key, cause=duty.set.id)


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    if options.all:
        rows = sorted(state.duties.values(), key=lambda d: (d.from_ms, d.key))
    else:
        at_ms = options.at or _now_ms()
        rows = [d for role in on_duty(state.duties.values(), at_ms).values() for d in role]
    show(options, [_document(duty) for duty in rows], (_cells(duty) for duty in rows))


def _document(duty: Duty) -> dict[str, Any]:
    return {**msgspec.to_builtins(duty), "ends_ms": duty.ends_ms}


def _cells(duty: Duty) -> tuple[str, ...]:
    reached = [way for way in (duty.unit, duty.issi, duty.phone) if way]
    return (
        duty.key,
        duty.role,
        duty.name,
        f"{local_time(duty.from_ms)} to {local_time(duty.ends_ms)}",
        ", ".join(reached),
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
