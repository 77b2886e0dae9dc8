"""``vaktbord site``: a site without a desk, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from typing import Final

import msgspec

from console.commands.enrol import ask_node, own_site
from console.commands.joining import NoSiteError, add_joining_options, door_of, read_code
from console.commands.options import NOTHING_FOUND, print_as_json
from console.commands.state import table
from console.site.address import SiteAddress, SiteError
from console.site.find import no_site_here
from console.site.log.store_state import size_words
from console.site.node.joining import check_free, join_site
from console.site.node.keyfiles import key_problems, seal_problem
from console.site.node.nodes import KnownNode
from console.site.node.options import add_site_options, log_to_file, site_options
from console.site.node.process import read_site_file, site_folder, stop_orphan, stop_site
from console.site.node.report import forget_damage, report
from console.site.node.service import AlreadyRunning, SiteService
from console.site.node.storekey import rotate
from console.site.security.codes import typed
from console.site.services.enrolment import KnownNodes, TakeOut

REMOVE_S: Final = 30.0
ONE_NODE: Final = "This site has one node, and no others are expected."


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "site",
        parents=[common],
        help="run a site without a desk",
        description="Run a site (event log and escalation) until Ctrl-C. Who has no certificate "
        "of it is not let in. With --join this machine becomes one of a site's nodes, by a code "
        "that is asked for. Exit code 1: it can't run, one runs already in this --home, or "
        "refused, or --status finds something wrong; 3: there is none to --stop, to --join, or to "
        "ask.",
    )
    add_site_options(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--stop", action="store_true", help="end the site of this --home instead")
    what.add_argument(
        "--join",
        action="store_true",
        help="become a node of a site that runs, by a code from `vaktbord enrol --role node` there",
    )
    what.add_argument("--status", action="store_true", help="say how the site of this --home does")
    what.add_argument(
        "--damage-seen",
        action="store_true",
        help="everybody knows that part of the log was lost: tell it no more",
    )
    what.add_argument("--nodes", action="store_true", help="show the nodes of the site that runs")
    what.add_argument(
        "--remove-node", metavar="NAME", help="take a node that is dead out of the site for good"
    )
    add_joining_options(parser)
    parser.add_argument(
        "--new-store-key",
        action="store_true",
        help="keep the event log under a new key from now on",
    )
    parser.add_argument(
        "--json", action="store_true", help="with --nodes and --status: one JSON document"
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    instead = _instead_of_running(options)
    if instead is not None:
        return instead(options)
    if options.join:
        code = _join(options)
        if code:
            return code
    log_to_file(options.home, options.log_level)
    try:
        if options.new_store_key:
            rotate(site_folder(options.home))
        if options.external:
            print(f"Start nats-server with {site_folder(options.home)}/nats.conf now.", flush=True)
        service = SiteService(site_options(options))
        _end_on_signals(service)
        address = service.start()
    except AlreadyRunning:
        return _tell_running(options)
    except SiteError as error:
        print(f"vaktbord site: {error}", file=sys.stderr)
        return 1
    try:
        _tell(address)
        if wrong := seal_problem(site_folder(options.home)):
            print(f"vaktbord site: WRONG: {wrong}.", file=sys.stderr, flush=True)
        service.run()
    finally:
        service.close()
    return 0


def _instead_of_running(
    options: argparse.Namespace,
) -> Callable[[argparse.Namespace], int] | None:
    if options.nodes or options.remove_node is not None:
        return _about_nodes
    asked = {
        _stop: options.stop,
        _show_status: options.status,
        _forget_damage: options.damage_seen,
    }
    return next((do for do, is_asked in asked.items() if is_asked), None)


def _join(options: argparse.Namespace) -> int:
    """0 when this home is a node now, to be started as any site is."""
    folder = site_folder(options.home)
    try:
        check_free(folder)
        door = door_of(options)
        given = join_site(folder, door, typed(read_code(options)))
    except NoSiteError as error:
        return _fail(str(error), NOTHING_FOUND)
    except (SiteError, OSError) as error:
        return _fail(str(error), 1)
    print(f"This machine is {given.me.name}, a node of {given.site}, now.", flush=True)
    return 0


def _about_nodes(options: argparse.Namespace) -> int:
    try:
        if options.nodes:
            return _show_nodes(options)
        name = msgspec.convert({"name": options.remove_node}, TakeOut)
        ask_node(options.home, "remove-node", msgspec.json.encode(name), REMOVE_S)
    except NoSiteError as error:
        return _fail(str(error), NOTHING_FOUND)
    except (SiteError, msgspec.ValidationError) as error:
        return _fail(str(error), 1)
    print(f"{options.remove_node} is out: it is let in no more, and holds nothing of the log.")
    print("Another machine can take its place: `vaktbord enrol --role node` makes a code.")
    return 0


def _show_nodes(options: argparse.Namespace) -> int:
    known = msgspec.json.decode(ask_node(options.home, "nodes", b"{}"), type=KnownNodes).nodes
    if options.json:
        print_as_json({"nodes": [msgspec.to_builtins(one) for one in known]})
        return 0
    print("\n".join(table([(one.name, one.url, _state(one)) for one in known])) or ONE_NODE)
    return 0


def _show_status(options: argparse.Namespace) -> int:
    found = report(options.home)
    if found is None:
        for sentence in key_problems(site_folder(options.home)):
            print(f"WRONG: {sentence}.")
        return _fail(no_site_here(options.home), NOTHING_FOUND)
    if options.json:
        print_as_json(msgspec.to_builtins(found))
        return int(bool(found.wrong))
    print(f"{found.name} runs at {found.url} (process {found.pid}).")
    if found.store is not None:
        print(f"Disk: {size_words(found.store.free)} free of {size_words(found.store.size)}.")
    for sentence in found.wrong:
        print(f"WRONG: {sentence}.")
    if not found.wrong:
        print("All is well: its event log is written, and its services answer.")
    return int(bool(found.wrong))


def _forget_damage(options: argparse.Namespace) -> int:
    try:
        streams = forget_damage(options.home, own_site(options.home))
    except NoSiteError as error:
        return _fail(str(error), NOTHING_FOUND)
    except SiteError as error:
        return _fail(str(error), 1)
    print(f"Told no more: {', '.join(streams)}." if streams else "Nothing was told of as lost.")
    return 0


def _state(node: KnownNode) -> str:
    if node.removed:
        return "taken out"
    if node.me:
        return "this one"
    if not node.url:
        return "has not come up yet"
    return "runs" if node.answers else "silent"


def _fail(sentence: str, code: int) -> int:
    print(f"vaktbord site: {sentence}", file=sys.stderr)
    return code


def _end_on_signals(service: SiteService) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop.set())


def _tell(address: SiteAddress) -> None:
    print(f"{address.name} answers at {address.url}. Ctrl-C ends it.", flush=True)


def _tell_running(options: argparse.Namespace) -> int:
    running = read_site_file(options.home)
    where = f": {running.place.name} at {running.place.url}" if running is not None else ""
    print(f"vaktbord site: a site is running already in {options.home}{where}", file=sys.stderr)
    return 1


def _stop(options: argparse.Namespace) -> int:
    try:
        stopped = stop_site(options.home)
        orphaned = stop_orphan(options.home)
    except SiteError as error:
        print(f"vaktbord site: {error}", file=sys.stderr)
        return 1
    if not stopped and orphaned:
        print("The site's process had been killed; its server, which went on alone, has ended.")
        return 0
    if not stopped:
        return _fail(no_site_here(options.home), NOTHING_FOUND)
    print("The site has ended.")
    return 0
