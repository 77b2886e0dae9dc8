"""``vaktbord state``: the picture of the site as text or JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from console.commands.options import exit_code
from console.domain.landmark import Landmark, Pin
from console.domain.records import Unit
from console.domain.state import State
from console.site.address import SiteAddress, SiteError
from console.site.contact import why_silent
from console.site.find import find_site
from console.site.log.subjects import AUDIT, STREAMS
from console.site.visit import left_over, unreadable, visit

Row = TypeVar("Row")


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "state",
        parents=[common],
        help="show the site's talkgroups, units and alarms",
        description="Show what every desk at the site sees now. Exit code 3: no site was found.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    try:
        address = find_site(options.home, interface=options.interface)
        if hidden := unreadable(address, [one for one in STREAMS if one is not AUDIT]):
            print(f"vaktbord state: left out: {hidden}", file=sys.stderr)
        with visit(address, spool=left_over(options.home, address), live=True) as guest:
            guest.read_all()
            state = guest.see_who_is_here()
            if told := guest.damage:
                print(f"vaktbord state: warning: {told}", file=sys.stderr)
            if not guest.is_served:
                print(
                    f"vaktbord state: warning: {address.name}: {why_silent(address)}",
                    file=sys.stderr,
                )
    except SiteError as error:
        print(f"vaktbord state: {error}", file=sys.stderr)
        return exit_code(error)
    if options.json:
        print(msgspec.json.encode(as_document(address, state)).decode())
    else:
        print("\n".join(as_text(address, state)))
    return 0


def as_document(address: SiteAddress, state: State) -> dict[str, Any]:
    """Lists of rows, each with its ``key``, sorted by it."""
    floors = [
        {**msgspec.to_builtins(f), "speaker": f.speaker, "last_speaker": f.last_speaker}
        for f in _sorted(state.floors)
    ]
    return {
        "site": address.name,
        "talkgroups": _sorted(state.talkgroups),
        "units": _sorted(state.units),
        "alarms": _sorted(state.alarms),
        "floors": floors,
        "desks": _sorted(state.desks),
        "messages": state.messages,
        "receipts": state.receipts,
        "stored": _sorted(state.stored),
        "callouts": _with_state(state.callouts),
        "groups": _with_state(state.groups),
        "patches": _with_state(state.patches),
        "calls": _with_state(state.calls),
        "duties": _sorted(state.duties),
        "layouts": _sorted(state.layouts),
        "landmarks": _sorted(state.landmarks),
        "pins": _sorted(state.pins),
        "diagnostics": state.counts,
    }


def _sorted(rows: Mapping[str, Row]) -> list[Row]:
    return [rows[key] for key in sorted(rows)]


def _with_state(rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of rows whose state follows from what is in them."""
    return [{**msgspec.to_builtins(row), "state": row.state} for row in _sorted(rows)]


def as_text(address: SiteAddress, state: State) -> list[str]:
    units = [state.units[key] for key in sorted(state.units)]
    open_alarms = [a for a in state.alarms.values() if a.state != "closed"]
    return [
        f"{address.name} at {address.url}",
        *_section(
            "Alarms",
            ((a.key, a.state, a.unit, local_time(a.raised.time_ms)) for a in open_alarms),
        ),
        *_section(
            "Talkgroups",
            (
                (g.key, g.name, f"{unit} speaks" if (unit := _speaker(state, key)) else "")
                for key, g in sorted(state.talkgroups.items())
            ),
        ),
        *_section("Call-outs", ((c.key, c.text) for c in _open(state.callouts, "open"))),
        *_section(
            "Patches", ((p.key, " + ".join(p.groups)) for p in _open(state.patches, "active"))
        ),
        *_section("Incident pins", ((p.key, p.name, _at(p), p.note) for p in _sorted(state.pins))),
        *_section(
            "Site places",
            ((m.key, m.landmark_kind, m.name, _at(m)) for m in _sorted(state.landmarks)),
        ),
        *_section("Units", ((u.key, u.call_sign, u.status or "-", _place(u)) for u in units)),
        *_section(
            "Desks",
            (
                (d.key, d.label, d.person, "present" if d.present else "away")
                for d in state.desks.values()
            ),
        ),
    ]


def _open(rows: Mapping[str, Any], wanted: str) -> list[Any]:
    return [row for row in _sorted(rows) if row.state == wanted]


def local_time(time_ms: int) -> str:
    try:
        return f"{datetime.fromtimestamp(time_ms / 1_000):%Y-%m-%d %H:%M:%S}"
    except (OverflowError, OSError, ValueError):  # a sender's clock can be anything
        return f"{time_ms} ms"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns that line up."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _section(title: str, rows: Iterable[Sequence[str]]) -> list[str]:
    lines = table(list(rows))
    return ["", f"{title} ({len(lines)})", *lines]


def _speaker(state: State, talkgroup: str) -> str:
    floor = state.floors.get(talkgroup)
    return floor.speaker if floor is not None else ""


def _at(row: Landmark | Pin) -> str:
    return f"{row.lat:.5f} {row.lon:.5f}"


def _place(unit: Unit) -> str:
    at = unit.position
    return f"{at.lat:.5f} {at.lon:.5f}" if at is not None else "-"
