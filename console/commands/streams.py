"""``vaktbord streams``: what is announced on the network, and whether it can be heard here."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from console.commands.hearing import add_hearing_options, read_keys
from console.commands.options import NOTHING_FOUND, print_as_json, seconds
from console.commands.site_voice import CommandVoice, site_voice
from console.site.address import SiteError
from console.site.log.outbox import SpoolError
from console.streams.announcement import Announcement
from console.streams.browse import Browser
from console.streams.keys import KeysError, StreamKeys
from console.streams.listed import ListedStreams
from console.streams.plan import NOBODY, SiteVoice, plan


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "streams",
        parents=[common],
        help="list the talkgroup streams on the network",
        description="List the talkgroup streams announced on the network (DNS-SD, _rtp._udp) "
        "or listed by the site's policy, and which can be heard: with this home's site, under its "
        "keys and its policy. "
        "Exit code 3: none were found.",
    )
    parser.add_argument(
        "--seconds", type=seconds, default=2.0, metavar="N", help="how long to look (default: 2)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    add_hearing_options(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0, 1 when keys or network are not usable, 3 when nothing is announced."""
    try:
        keys = read_keys(options)
    except KeysError as error:
        print(error, file=sys.stderr)
        return 1
    ports = dict(options.unicast_port)
    try:
        with site_voice(options.home) as site:
            browser, listed = browse(options, site)
            rows = [
                row(one, options.interface, keys, ports, site.voice)
                for one in (*browser.streams(), *listed.streams())
            ]
    except (SiteError, SpoolError) as error:
        print(error, file=sys.stderr)
        return 1
    if browser.problem:
        print(browser.problem, file=sys.stderr)
        return 1
    rows.sort(key=lambda one: (one["name"].casefold(), one["stream"]))
    if options.json:
        print_as_json(as_document(rows, browser, listed))
    else:
        print_table(rows, browser, listed)
    return 0 if rows else NOTHING_FOUND


def browse(options: argparse.Namespace, site: CommandVoice) -> tuple[Browser, ListedStreams]:
    """For as long as it was asked for; the site is asked for the keys of what is found."""

    def found(changed: tuple[Announcement, ...], _gone: tuple[str, ...]) -> None:
        for one in changed:
            if one.kid is not None and site.ring is not None:
                site.ring.want(one.talkgroup, one.kid)

    browser = Browser(options.interface, found)
    listed = site.listed(found)
    browser.start()
    listed.start()
    try:
        time.sleep(options.seconds)
    finally:
        listed.stop()
        browser.stop()
    return browser, listed


def row(
    found: Announcement,
    interface: str | None,
    keys: StreamKeys | None,
    ports: Mapping[str, int],
    site: SiteVoice = NOBODY,
) -> dict[str, Any]:
    """One stream as it is printed."""
    planned = plan(found, interface=interface, keys=keys, unicast_ports=ports, site=site)
    return {
        "name": found.name,
        "talkgroup": found.talkgroup,
        "codec": codec_name(found),
        "payload_type": found.payload_type,
        "group": found.group,
        "port": found.port,
        "station": found.host,
        "addresses": list(found.addresses),
        "secured": found.srtp is not None,
        "srtp": found.srtp,
        "kid": found.kid,
        "sdp": found.sdp,
        "red": found.red,
        "receivable": not isinstance(planned, str),
        "why_not": planned if isinstance(planned, str) else "",
        "stream": found.stream,
    }


def codec_name(found: Announcement) -> str:
    """``opus/48000/2``, as in an rtpmap."""
    channels = f"/{found.channels}" if found.channels > 1 else ""
    return f"{found.encoding}/{found.clock_rate}{channels}"


def as_document(
    rows: list[dict[str, Any]], browser: Browser, listed: ListedStreams
) -> dict[str, Any]:
    """The streams, what is not understood or handed out, and the counts of refusals."""
    return {
        "streams": rows,
        "not_understood": [msgspec.structs.asdict(one) for one in browser.refusals()],
        "refused": browser.counts(),
        "not_fetched": list(listed.trouble),
    }


def print_table(rows: list[dict[str, Any]], browser: Browser, listed: ListedStreams) -> None:
    """Columns as wide as what is in them."""
    heads = ("NAME", "TALKGROUP", "CODEC", "ADDRESS", "STATION", "SECURED", "RECEIVABLE")
    lines = [heads, *(cells(one) for one in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    if rows:
        for line in lines:
            print(
                "  ".join(
                    cell.ljust(width) for cell, width in zip(line, widths, strict=True)
                ).rstrip()
            )
    else:
        print("No talkgroup stream is announced on this network.", file=sys.stderr)
    for refusal in browser.refusals():
        print(f"not understood: {refusal.name}: {refusal.detail}", file=sys.stderr)
    for why in listed.trouble:
        print(f"listed, but {why}", file=sys.stderr)


def cells(one: Mapping[str, Any]) -> tuple[str, ...]:
    """A row of the table."""
    where = one["group"] or "unicast"
    address = f"[{where}]:{one['port']}" if ":" in where else f"{where}:{one['port']}"
    secured = "NOT SECURED"
    if one["secured"]:
        secured = f"{one['srtp']} key {one['kid']}" if one["kid"] else f"{one['srtp']} by its SDP"
    receivable = "yes" if one["receivable"] else f"no: {one['why_not']}"
    return (
        one["name"],
        one["talkgroup"],
        one["codec"],
        address,
        one["station"],
        secured,
        receivable,
    )
