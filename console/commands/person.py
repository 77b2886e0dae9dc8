"""``vaktbord person``: who may sign in at a site's positions, and their PINs."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Final

import msgspec

from console.commands.enrol import own_site
from console.commands.joining import NoSiteError
from console.commands.options import NOTHING_FOUND, one_line, print_as_json, without_defaults
from console.site.address import SiteError
from console.site.security.persons import check_pin
from console.site.services import persons
from console.site.services.asked import ask
from console.site.services.persons import Names, Remove, SetPin

ACTIONS: Final = {
    "add": "a person, whose PIN is asked for",
    "pin": "give a person another PIN",
    "remove": "a person may sign in no more",
    "list": "their names",
}
MAX_PIN_LINE: Final = 32


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "person",
        parents=[common],
        help="who may sign in at a site's positions",
        description="On the site's machine: the persons who may sign in at its positions, each "
        "with a PIN of 4 to 8 figures. Without any, a name is enough. Exit code 1: refused; "
        "3: no site runs here.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, text in ACTIONS.items():
        one = actions.add_parser(name, parents=[without_defaults(common)], help=text)
        if name != "list":
            one.add_argument("name", type=one_line(), metavar="NAME")
        one.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    try:
        said = ask(own_site(options.home), persons.SERVICE, *_question(options))
        names = msgspec.json.decode(said, type=Names).names
    except NoSiteError as error:
        return _fail(str(error), NOTHING_FOUND)
    except (SiteError, msgspec.ValidationError) as error:
        return _fail(str(error), 1)
    if options.json:
        print_as_json({"persons": list(names)})
    elif options.action == "list":
        print("\n".join(names) if names else "Nobody: a name without a PIN is enough here.")
    else:
        many = "1 person" if len(names) == 1 else f"{len(names)} persons"
        print(f"Done. {many} may sign in.")
    return 0


def _question(options: argparse.Namespace) -> tuple[str, bytes]:
    """Key and payload. Raises SiteError, msgspec.ValidationError."""
    if options.action == "list":
        return "names", b"{}"
    if options.action == "remove":
        return "remove", msgspec.json.encode(msgspec.convert({"name": options.name}, Remove))
    pin = _read_pin()
    wanted = {"name": options.name, "pin": pin, "new": options.action == "add"}
    return "pin", msgspec.json.encode(msgspec.convert(wanted, SetPin))


def _read_pin() -> str:
    """Never from an argument: those can be read by others. Raises SiteError."""
    if not sys.stdin.isatty():
        pin = sys.stdin.readline(MAX_PIN_LINE).strip()
        check_pin(pin)
        return pin
    pin = getpass.getpass("PIN: ")
    check_pin(pin)
    if getpass.getpass("Once more: ") != pin:
        raise SiteError("the two are not the same")
    return pin


def _fail(sentence: str, code: int) -> int:
    print(f"vaktbord person: {sentence}", file=sys.stderr)
    return code
