"""``vaktbord pin``: pins of incidents on the map, for all of the site's desks, for a day."""

from __future__ import annotations

import argparse
import time

import msgspec

from console.commands.landmark import add_place
from console.commands.options import key, one_line
from console.commands.saying import Refused, Subparsers, add_command, say, show
from console.commands.state import local_time
from console.domain.bounds import MAX_PINS
from console.domain.events import PinRemoved, PinSet
from console.domain.landmark import Pin
from console.domain.state import State
from console.site.log.ids import new_id
from console.site.log.subjects import PINS
from console.site.visit import Visit


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "set, list and remove pins of incidents on the map"
    actions = add_command(subparsers, common, "pin", text, (PINS,))
    one = actions.add("set", "put a pin on the map, or change it; it goes after a day", _set)
    one.add_argument("name", type=one_line(64), metavar="NAME")
    add_place(one)
    one.add_argument("--pin", type=key, metavar="ID", help="one to change (default: a new one)")
    remove = actions.add("remove", "take a pin off the map", _remove)
    remove.add_argument("pin", type=key, metavar="ID")
    actions.add("list", "list the pins", _list, says=False)


def _set(options: argparse.Namespace, guest: Visit, state: State) -> None:
    old = state.pins.get(options.pin or "")
    if old is None and len(state.pins) >= MAX_PINS:
        raise Refused(f"a site has at most {MAX_PINS} pins; remove one first")
    body = PinSet(
        pin=options.pin or new_id("Q"),
        name=options.name,
        lat=options.lat,
        lon=options.lon,
        since_ms=old.since_ms if old else time.time_ns() // 1_000_000,
        note=options.note,
    )
    say(options, guest, body, done="set", key=body.pin)


def _remove(options: argparse.Namespace, guest: Visit, state: State) -> None:
    pin = state.pins.get(options.pin)
    if pin is None:
        raise Refused(f"there is no {options.pin}; `vaktbord pin list` shows the ids")
    say(options, guest, PinRemoved(pin.key, pin.name), done="removed", key=pin.key)


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    rows = sorted(state.pins.values(), key=lambda p: (p.since_ms, p.key))
    show(options, [msgspec.to_builtins(row) for row in rows], map(_cells, rows))


def _cells(pin: Pin) -> tuple[str, ...]:
    where = f"{pin.lat:.5f} {pin.lon:.5f}"
    marks = "exercise" if pin.exercise else ""
    return pin.key, local_time(pin.since_ms), pin.name, where, pin.set.who, pin.note, marks
