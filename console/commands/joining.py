"""What a new machine's commands share: the code it is asked for, and the site's door."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from typing import Final

from console.site.address import SiteError

RENAMED: Final = r"( \([0-9a-f]{1,6}\))?"
SEARCH_S: Final = 3.0
MAX_CODE: Final = 64


class NoSiteError(SiteError):
    """None was found."""


def add_joining_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", metavar="NAME", help="with --join: which of several sites")
    parser.add_argument("--door", metavar="URL", help="with --join: https://host:port of the site")
    parser.add_argument(
        "--code-file",
        type=argparse.FileType("r"),
        metavar="FILE",
        help="with --join: read the code here ('-' is standard input)",
    )


def read_code(options: argparse.Namespace) -> str:
    """Never from an argument: those can be read by others."""
    if options.code_file is not None:
        with options.code_file as file:
            return str(file.read(MAX_CODE))
    if not sys.stdin.isatty():
        return sys.stdin.read(MAX_CODE)
    return getpass.getpass("Code: ")


def door_of(options: argparse.Namespace) -> str:
    """The one named, else the one that is announced. Raises SiteError."""
    if options.door:
        return str(options.door)
    from console.streams.browse import find_sites  # noqa: PLC0415  # zeroconf, only when needed

    announced = find_sites(options.interface, SEARCH_S, all_of_them=True)
    found = [one for one in announced if one.door_url]
    if options.site is not None:
        found = [one for one in found if is_called(one.site, options.site)]
    if not found:
        raise NoSiteError("no site that one can enrol at was found; give its --door https://…")
    if len({one.fingerprint for one in found}) > 1:
        doors = sorted(f"{one.site} at {one.door_url}" for one in found)
        raise SiteError(
            f"{len({one.fingerprint for one in found})} sites were found: {', '.join(doors)}. Say "
            "which by the door that its code was shown with: --door URL"
            + ("" if options.site is not None else ", or --site NAME")
        )
    print(f"Enrolling at {found[0].site}, {found[0].door_url}", file=sys.stderr)
    return found[0].door_url


def is_called(announced: str, name: str) -> bool:
    """Whether a site is announced by this name, or was before another had it: mDNS makes the second
    of two ``Name (2)``, which is as likely to be the one that is meant."""
    return re.fullmatch(re.escape(name) + RENAMED, announced) is not None
