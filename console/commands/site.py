"""``vaktbord site``: a site without a desk, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys

from console.site.address import SiteAddress, SiteError
from console.site.node.options import add_site_options, log_to_file, site_options
from console.site.node.process import read_site_file, site_folder, stop_orphan, stop_site
from console.site.node.service import AlreadyRunning, SiteService
from console.site.node.storekey import rotate


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
        "of it is not let in. Exit code 1: it can't run, or one runs already "
        "in this --home; 3: there is none to --stop.",
    )
    add_site_options(parser)
    parser.add_argument("--stop", action="store_true", help="end the site of this --home instead")
    parser.add_argument(
        "--new-store-key",
        action="store_true",
        help="keep the event log under a new key from now on",
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    if options.stop:
        return _stop(options)
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
        service.run()
    finally:
        service.close()
    return 0


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
        print(f"vaktbord site: no site runs in {options.home}", file=sys.stderr)
        return 3
    print("The site has ended.")
    return 0
