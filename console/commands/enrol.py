"""``vaktbord enrol``: let positions in at a site, take them out, list them, or be let in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from console.commands.joining import NoSiteError, add_joining_options, door_of, read_code
from console.commands.options import NOTHING_FOUND, member_name, one_line, print_as_json
from console.commands.saying import printable
from console.commands.state import table
from console.domain.roles import MEMBER_ROLES, NEWCOMERS, MemberRole
from console.settings import SettingsFile, clean_name
from console.site.address import ShutOutError, SiteAddress, SiteError
from console.site.contact import look_in
from console.site.find import enrolled_as, no_site_here
from console.site.node.process import find_node, site_folder
from console.site.security import identity
from console.site.security.codes import typed
from console.site.security.join import join
from console.site.security.members import Member, Members
from console.site.services import enrolment
from console.site.services.asked import ask
from console.site.services.enrolment import CodeMade, CodesOpen, NewCode, NewNode, TakeOut

ANSWER_S: Final = 10.0
Action = Callable[[argparse.Namespace], int]


class UsageError(Exception):
    """What was typed on the line can't be done; a sentence for a person."""


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "enrol",
        parents=[common],
        help="let positions in at a site, or be let in",
        description="On the site's machine: show a one-time code for a new position, list the "
        "members or the open codes, end a code, or take a member out. On a new machine: --join "
        "asks for the code. Who may read the site's folder may do all but the last. Exit code 1: "
        "refused; 3: no site was found.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--join", action="store_true", help="enrol this machine with a code")
    what.add_argument("--list", action="store_true", help="show who is enrolled")
    what.add_argument(
        "--revoke", type=member_name, metavar="NAME", help="take a member out, at once"
    )
    what.add_argument("--codes", action="store_true", help="show for whom codes are open")
    what.add_argument(
        "--cancel", type=member_name, metavar="NAME", help="end the code that is open for this name"
    )
    parser.add_argument(
        "--name", type=member_name, metavar="NAME", help="the new position's: a-z, 0-9 and -, to 24"
    )
    parser.add_argument(
        "--role",
        choices=NEWCOMERS,
        default="operator",
        help="(default: %(default)s); node: another machine that holds the site too",
    )
    parser.add_argument(
        "--label",
        type=one_line(64, 0),
        default="",
        metavar="TEXT",
        help="for people, e.g. 'Plass 1'",
    )
    add_joining_options(parser)
    parser.add_argument(
        "--replace",
        action="store_true",
        help="with --join: also where this machine is enrolled already, without asking",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    action = _action(options)
    try:
        return action(options)
    except NoSiteError as error:
        return _fail(str(error), NOTHING_FOUND)
    except UsageError as error:
        return _fail(str(error), 2)
    except (SiteError, msgspec.ValidationError) as error:
        return _fail(str(error), 1)


def _action(options: argparse.Namespace) -> Action:
    if options.join:
        return _join
    if options.list:
        return _list
    if options.codes:
        return _codes
    if options.cancel is not None:
        return _cancel
    return _revoke if options.revoke is not None else _open


def _fail(sentence: str, code: int) -> int:
    print(f"vaktbord enrol: {sentence}", file=sys.stderr)
    return code


def own_site(home: Path) -> SiteAddress:
    """As the site's node itself. Raises SiteError."""
    found = find_node(home)
    if found is None:
        raise NoSiteError(no_site_here(home))
    return found


def ask_node(home: Path, key: str, payload: bytes, timeout_s: float = ANSWER_S) -> bytes:
    """Of the node of this home, as that itself. Raises SiteError."""
    node = own_site(home)
    return ask(node, enrolment.at_node(node.identity.name), key, payload, timeout_s)


# -- on the site's machine ------------------------------------------------------------------


def _open(options: argparse.Namespace) -> int:
    is_node = options.role == "node"
    made = _opened_for_node(options) if is_node else _opened(options)
    if options.json:
        print_as_json(msgspec.to_builtins(made))
        return 0
    print(f"Code for {made.name} ({options.role}):  {made.code}")
    where = (
        "on the new machine with `vaktbord site --join`"
        if is_node
        else "at the new desk's window, or there with `vaktbord enrol --join`"
    )
    print(f"It can be used once, within {made.seconds / 60:.0f} minutes: {where}.")
    print(f"The site's door is port {made.door}.")
    if is_node:
        print("Who has used it is the site, with all its keys: give it to nobody else.")
    if made.again:
        print(f"{made.name} is enrolled: that certificate counts no more once the code is used.")
    return 0


def _opened(options: argparse.Namespace) -> CodeMade:
    if options.name is None:
        raise UsageError("give the new position a name: --name lv2 (or --join, --list, --revoke)")
    wanted = NewCode(options.name, options.role, options.label)
    payload = msgspec.json.encode(msgspec.convert(msgspec.to_builtins(wanted), NewCode))
    return msgspec.json.decode(ask_node(options.home, "open", payload), type=CodeMade)


def _opened_for_node(options: argparse.Namespace) -> CodeMade:
    if options.name is not None:
        raise SiteError("a node gets its name from the site: leave --name out (--label is for you)")
    wanted = msgspec.convert({"label": options.label}, NewNode)
    said = ask_node(options.home, "open-node", msgspec.json.encode(wanted))
    return msgspec.json.decode(said, type=CodeMade)


def _codes(options: argparse.Namespace) -> int:
    """The codes themselves are shown once, to who asked for them."""
    found = msgspec.json.decode(ask_node(options.home, "codes", b"{}"), type=CodesOpen)
    if options.json:
        print_as_json(msgspec.to_builtins(found))
        return 0
    cells = [
        (
            one.name,
            one.role,
            f"{one.seconds / 60:.0f} min left",
            f"{one.wrong} wrong tries",
            printable(one.label),
        )
        for one in found.codes
    ]
    print("\n".join(table(cells)) if cells else "No code is open.")
    return 0


def _cancel(options: argparse.Namespace) -> int:
    told = "The code for {0} is no good any more."
    return _ended(options, "cancel", options.cancel, "cancelled", told)


def _revoke(options: argparse.Namespace) -> int:
    told = "{0} is out: disconnected, and its certificate counts no more."
    return _ended(options, "revoke", options.revoke, "revoked", told)


def _ended(options: argparse.Namespace, how: str, name: str, done: str, told: str) -> int:
    """``how`` the node is asked to, ``done`` in JSON, ``told`` in words."""
    meant = msgspec.convert({"name": name}, TakeOut)
    ask_node(options.home, how, msgspec.json.encode(meant))
    if options.json:
        print_as_json({done: meant.name})
    else:
        print(told.format(meant.name))
    return 0


def _list(options: argparse.Namespace) -> int:
    """Also while the site does not run."""
    file = site_folder(options.home) / "members.json"
    if not file.exists():
        raise NoSiteError(no_site_here(options.home))
    members = sorted(Members.load(file).all.values(), key=lambda one: one.name)
    if options.json:
        print_as_json({"members": [_row(one) for one in members]})
        return 0
    cells = [
        (one.name, one.role, "out" if one.revoked else "in", printable(one.label))
        for one in members
    ]
    print("\n".join(table(cells)))
    return 0


def _row(member: Member) -> dict[str, object]:
    return {
        "name": member.name,
        "role": member.role,
        "label": member.label,
        "revoked": member.revoked,
    }


# -- on a new machine -----------------------------------------------------------------------


def _join(options: argparse.Namespace) -> int:
    was = identities(options.home)
    _ask_to_replace(options, [one for one in was if one.counts])
    door = door_of(options)
    code = typed(read_code(options))
    address, label = join(options.home, door, code)
    me = address.identity
    _call_this_desk(options.home, label)
    for one in was:
        if not one.counts and one.role != me.role:
            identity.set_aside(identity.folder_of(options.home, one.role))
    first = enrolled_as(options.home)
    if first is not None and first != me.role:
        print(
            f"vaktbord enrol: this machine is enrolled as {first} too, as which its desk and most "
            f"commands go on; {me.role} is used where the other may not be",
            file=sys.stderr,
        )
    if options.json:
        print_as_json({"name": me.name, "role": me.role, "site": address.name, "url": address.url})
    else:
        print(f"This machine is {me.name} ({me.role}) at {address.name} now.")
    return 0


def _call_this_desk(home: Path, label: str) -> None:
    """What the site calls it, unless somebody here has said otherwise."""
    if not label:
        return
    file = SettingsFile(home / "desk" / "settings.json")
    known = file.load()
    if known.position:
        return
    try:
        file.save(msgspec.structs.replace(known, position=clean_name(label)))
    except OSError as error:
        print(f"vaktbord enrol: {label} can't be noted as its name: {error}", file=sys.stderr)


class Standing(NamedTuple):
    """An identity of this home; ``counts``: as far as can be told, its site lets it in."""

    role: MemberRole
    who: str
    counts: bool


def identities(home: Path) -> list[Standing]:
    """Tried at their sites, which takes a moment: one that was taken out needs no second thought
    before another takes its place."""
    folders = {role: identity.folder_of(home, role) for role in MEMBER_ROLES}
    return [_standing(role, one) for role, one in folders.items() if identity.is_there(one)]


def _standing(role: MemberRole, folder: Path) -> Standing:
    who: str = role
    try:
        ours, place = identity.load(folder), identity.load_place(folder)
        if ours is None or place is None:
            return Standing(role, who, counts=False)
        who = f"{ours.name} ({role}) at {place.name}"
        look_in(SiteAddress(place, ours))
    except ShutOutError:
        return Standing(role, who, counts=False)
    except SiteError:
        pass  # out of reach: it may well count
    return Standing(role, who, counts=True)


def _ask_to_replace(options: argparse.Namespace, there: list[Standing]) -> None:
    """The code says of which role it is only when it is used up. Raises SiteError."""
    if not there or options.replace:
        return
    told = (
        f"this machine is enrolled as {', '.join(one.who for one in there)}; a code for the same "
        "role replaces that"
    )
    if not sys.stdin.isatty():
        raise SiteError(f"{told}. Add --replace to do it; nothing was done and no code used")
    print(f"vaktbord enrol: {told}.", file=sys.stderr)
    if input("Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise SiteError("nothing was done, and no code used")
