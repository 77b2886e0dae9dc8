"""What ``publish`` and ``talk`` share: a talkgroup stream of one's own, announced."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from audio import protocol
from console.commands.options import port
from console.site.log.ids import is_call, is_formed
from console.streams.addresses import group_of
from console.streams.announce import Offer
from console.streams.announcement import GroupError, check_group
from console.streams.group_session import host_of_group, session_group
from console.streams.keys import KeysError, StreamKey, StreamKeys

DEFAULT_PORT: Final = 5_004
RED_TYPE: Final = 112
ANNOUNCE_S: Final = 5.0
MAX_NAME: Final = 64


def add_station_options(parser: argparse.ArgumentParser, *, is_needed: bool = True) -> None:
    """Which talkgroup, where, and how it is secured."""
    parser.add_argument(
        "--talkgroup", required=is_needed, metavar="NAME", help="the talkgroup's id"
    )
    parser.add_argument("--name", help="the name shown (default: the talkgroup's id)")
    parser.add_argument(
        "--group",
        type=group,
        metavar="ADDR",
        help="multicast group (default: one of 239.77.0.0/16, or of ff15:77::/32 on an IPv6 "
        "interface, by the talkgroup's id; of a talkgroup that was formed, its session's)",
    )
    parser.add_argument(
        "--formed",
        action="store_true",
        help="the talkgroup was formed (vaktbord group): send in its own session, where its "
        "members hear each other (by itself for ids such as G-64SRY9ZZ)",
    )
    parser.add_argument("--port", type=port, default=DEFAULT_PORT, metavar="N")
    parser.add_argument("--srtp-keys", type=Path, metavar="FILE", help="secure it with its key")
    parser.add_argument(
        "--red",
        action="store_const",
        const=RED_TYPE,
        help="while receivers report loss, send copies of earlier packets along (RFC 2198); a "
        "program that neither understands them nor sends RTCP reports would then hear nothing",
    )


def add_site_key_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site-key",
        action="store_true",
        help="secure it with the talkgroup's (or call's) key, from the site where this --home has "
        "enrolled",
    )


def group(text: str) -> str:
    """An argparse type: a multicast group that may be used."""
    try:
        return check_group(text)
    except GroupError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("grp=")) from None


class Station:
    """One stream as it is announced and as the engine is told of it. Raises KeysError."""

    def __init__(self, options: argparse.Namespace, keys: StreamKeys | None) -> None:
        if keys is None and not options.site_key and is_call(options.talkgroup):
            raise KeysError(
                f"{options.talkgroup} is a call between two, which is never sent in the clear: "
                "secure it with --site-key"
            )
        formed = options.formed or is_formed(options.talkgroup)
        if formed and not options.site_key:
            raise KeysError(
                f"{options.talkgroup} was formed for its members, and is sent under its own keys "
                "alone: secure it with --site-key"
            )
        self._options = options
        self.host = host_of_group(options.talkgroup) if formed else None
        """Of its announcement; None: the machine's own."""
        by_id = session_group if formed else group_of
        self.group: str = options.group or by_id(options.talkgroup, options.interface)
        self.port: int = options.port
        self.name: str = (options.name or options.talkgroup)[:MAX_NAME]
        self._kid, self._key = _key(options.talkgroup, keys)

    def offer(self) -> Offer:
        return Offer(
            name=self._options.name or self._options.talkgroup,
            talkgroup=self._options.talkgroup,
            port=self.port,
            group=self.group,
            srtp=self._key.profile if self._key else None,
            kid=self._kid,
            red=self._options.red,
        )

    def publish(self, publication: str, *, own: bool) -> protocol.Publish:
        return protocol.Publish(
            publication=publication,
            address=self.group,
            port=self.port,
            name=self.name,
            interface=self._options.interface,
            srtp=self._key.profile if self._key else None,
            key=self._key.key if self._key else None,
            red=self._options.red,
            own=own,
        )


def _key(talkgroup: str, keys: StreamKeys | None) -> tuple[str | None, StreamKey | None]:
    """Asked to secure, a stream is never sent in the clear."""
    if keys is None:
        return None, None
    kid = keys.kid_for(talkgroup)
    key = keys.find(kid, talkgroup)
    if key is None or kid is None:
        raise KeysError(f"the key file has no key with a kid for talkgroup {talkgroup}; add one")
    return kid, key
