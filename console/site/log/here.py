"""Presence on the wire: ``vb.live.here.<role>.<member>.<program>``."""

from __future__ import annotations

from typing import Final

import msgspec

from console.domain.authors import SUFFIX, member_of
from console.domain.presence import MAX_HERE_BYTES, Here
from console.site.address import SiteAddress
from console.site.log.subjects import MEMBER_AT
from console.site.log.wire import EventError

TOKEN: Final = "vb.live.here."
DESK: Final = "desk"
"""The program of a member that has no suffix of its own."""


def here_subject(address: SiteAddress, author: str) -> str:
    me = address.identity
    program = author.partition(SUFFIX)[2] or DESK
    return f"{TOKEN}{me.role}.{me.name}.{program}"


def decode_here(subject: str, payload: bytes) -> Here:
    """Raises EventError for what is none, or not its sender's to say."""
    if len(payload) > MAX_HERE_BYTES:
        raise EventError(f"{len(payload)} bytes of presence")
    try:
        here = msgspec.json.decode(payload, type=Here)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EventError(str(error)) from error
    tokens = subject.split(".")
    program = here.author.partition(SUFFIX)[2] or DESK
    if tokens[MEMBER_AT:] != [member_of(here.author), program]:
        raise EventError("somebody else's presence")
    return here
