"""``vaktbord keys``: which voice keys this home's site has, and keys for foreign senders."""

from __future__ import annotations

import argparse
import base64
import binascii
import re
import secrets
import sys
from pathlib import Path
from typing import Any, Final, get_args

from console.commands.options import NOTHING_FOUND, print_as_json, without_defaults
from console.domain.voice_keys import GroupKeys, Profile, VoiceKey
from console.site.address import SiteError
from console.site.key_desk import add_foreign, list_keys, remove_foreign
from console.site.security.private import read_private
from console.streams.keys import KEY_BYTES

MAX_KEY_FILE: Final = 256
DEFAULT_PROFILE: Final[Profile] = "AES_CM_128_HMAC_SHA1_80"
"""What old gateways and ffmpeg understand."""


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command, its own commands and their options."""
    parser = subparsers.add_parser(
        "keys",
        parents=[common],
        help="list the site's voice keys, and give foreign senders one",
        description="The voice keys of the site of this --home. No key is ever shown but one that "
        "is made here for a foreign sender, once. Exit code 1: refused, or no site runs here; "
        "3: there is no such key.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    common = without_defaults(common)
    listing = actions.add_parser("list", parents=[common], help="list them, without the keys")
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    adding = actions.add_parser(
        "add-foreign",
        parents=[common],
        help="a static key for senders that are no members, outside rekeying",
    )
    adding.add_argument("--talkgroup", required=True, type=_talkgroup, metavar="TG")
    adding.add_argument("--kid", type=_kid, metavar="ID", help="default: made up")
    adding.add_argument("--profile", choices=get_args(Profile), default=DEFAULT_PROFILE)
    adding.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="base64, 0600; - for standard input; without it one is made and shown this once",
    )
    removing = actions.add_parser("remove-foreign", parents=[common], help="take one away")
    removing.add_argument("--talkgroup", required=True, type=_talkgroup, metavar="TG")
    removing.add_argument("--kid", required=True, type=_kid, metavar="ID")
    for action in (listing, adding, removing):
        action.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    do = {"list": _list, "add-foreign": _add, "remove-foreign": _remove}[options.action]
    try:
        return do(options)
    except (SiteError, OSError) as error:
        print(f"vaktbord keys: {error}", file=sys.stderr)
        return 1


def _list(options: argparse.Namespace) -> int:
    groups, foreign = list_keys(options.home)
    rows = [_row(one) for one in sorted(groups, key=lambda one: one.talkgroup)]
    others = [
        {"talkgroup": one.talkgroup, "kid": one.key.kid, "profile": one.key.profile}
        for one in foreign
    ]
    if options.json:
        print_as_json({"talkgroups": rows, "foreign": others})
        return 0
    for row in rows:
        coming = f", next {row['next']}" if row["next"] else ""
        print(f"{row['talkgroup']}: key {row['kid']} ({row['profile']}){coming}")
        print(f"  held by {', '.join(row['holders']) or 'nobody'}")
    for other in others:
        print(f"{other['talkgroup']}: foreign key {other['kid']} ({other['profile']})")
    return 0


def _row(group: GroupKeys) -> dict[str, Any]:
    return {
        "talkgroup": group.talkgroup,
        "kid": group.current.kid,
        "profile": group.current.profile,
        "next": group.next.kid if group.next is not None else None,
        "former": [one.key.kid for one in group.former],
        "holders": sorted(group.holders),
        "turn_ms": group.turn_ms,
    }


def _add(options: argparse.Namespace) -> int:
    wanted = KEY_BYTES[options.profile]
    is_made = options.key_file is None
    key = secrets.token_bytes(wanted) if is_made else _read_key(options.key_file)
    if len(key) != wanted:
        raise SiteError(f"the key has {len(key)} bytes; {options.profile} takes {wanted}")
    kid = options.kid or f"foreign-{secrets.token_hex(3)}"
    add_foreign(options.home, options.talkgroup, VoiceKey(kid, options.profile, key))
    print(f"{options.talkgroup}: announce it with srtp={options.profile} kid={kid}")
    if is_made:
        print(f"The key, which is not shown again: {base64.b64encode(key).decode()}")
    return 0


def _read_key(path: Path) -> bytes:
    """Raises SiteError, OSError."""
    is_input = str(path) == "-"
    raw = sys.stdin.buffer.read(MAX_KEY_FILE) if is_input else read_private(path, MAX_KEY_FILE)
    try:
        return base64.b64decode(raw.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise SiteError(f"{'standard input' if is_input else path} is not base64") from None


def _remove(options: argparse.Namespace) -> int:
    if remove_foreign(options.home, options.talkgroup, options.kid):
        print(f"{options.talkgroup}: key {options.kid} is gone.")
        return 0
    print(f"vaktbord keys: {options.talkgroup} has no key {options.kid}", file=sys.stderr)
    return NOTHING_FOUND


def _talkgroup(text: str) -> str:
    """An argparse type: a talkgroup's id, as an announcement has it."""
    if not re.fullmatch(r"[\w-]{1,40}", text):
        raise argparse.ArgumentTypeError("1 to 40 letters, digits, - and _")
    return text


def _kid(text: str) -> str:
    """An argparse type. One that is a number could be taken for the site's own."""
    if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,32}", text) or text.isdecimal():
        raise argparse.ArgumentTypeError("1 to 32 of A-Z, a-z, 0-9, _ . : and -, no mere number")
    return text
