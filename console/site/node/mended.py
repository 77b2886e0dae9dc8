"""Which of this node's copies of the log were damaged, on disk: until readers have been told to
read anew, and for people, as the disk below them is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.log.damage import TOLD_MS
from console.site.node.storekey import CLUSTER_STORE
from console.site.security.private import read_private, write_private

FILE: Final = "copies-mended.json"
MAX_FILE_BYTES: Final = 16_384
Name = Annotated[str, Meta(max_length=64)]


class Mended(msgspec.Struct, frozen=True):
    """``found``: by stream, when its copy was found to be damaged (unix milliseconds). ``due``:
    streams whose readers don't know yet. ``unmendable``: what this node lacks just now, and not
    all others have whole."""

    found: dict[Name, int] = {}
    due: tuple[Name, ...] = ()
    unmendable: tuple[Name, ...] = ()
    v: Literal[1] = 1

    def with_found(self, streams: tuple[str, ...], now_ms: int) -> Mended:
        found = {**self.found, **dict.fromkeys(streams, now_ms)}
        return msgspec.structs.replace(self, found=found)

    def with_due(self, streams: tuple[str, ...]) -> Mended:
        due = tuple(dict.fromkeys((*self.due, *streams)))
        return msgspec.structs.replace(self, due=due)

    def without_due(self, streams: frozenset[str]) -> Mended:
        due = tuple(name for name in self.due if name not in streams)
        return msgspec.structs.replace(self, due=due)

    def seen(self) -> Mended:
        """Somebody knows of it."""
        return msgspec.structs.replace(self, found={})

    def told(self, now_ms: int) -> dict[str, int]:
        """Those of these days."""
        return {name: at for name, at in self.found.items() if now_ms - at < TOLD_MS}

    def save(self, folder: Path) -> None:
        """Raises OSError."""
        write_private(folder / FILE, msgspec.json.encode(self).decode())


def load(folder: Path) -> Mended:
    """Nothing of what can't be read: a copy that is damaged is found again."""
    try:
        return msgspec.json.decode(read_private(folder / FILE, MAX_FILE_BYTES), type=Mended)
    except (OSError, SiteError, msgspec.DecodeError, UnicodeDecodeError):
        return Mended()


def sentence(streams: Mapping[str, int], *, by_hand: bool) -> str:
    """Of :meth:`Mended.told`, "" = none was damaged. ``by_hand``: somebody else starts the server,
    which can't be begun anew with its own copy then."""
    if not streams:
        return ""
    at = datetime.fromtimestamp(max(streams.values()) / 1_000)
    then = "is made anew from the other nodes', which have all of it"
    if by_hand:
        then = (
            f"the other nodes have all of it: end this nats-server, move {CLUSTER_STORE} below "
            "site away and start it again, and it gets all from them"
        )
    return (
        f"this node's copy of the event log was damaged on its disk ({', '.join(sorted(streams))}, "
        f"found {at:%Y-%m-%d %H:%M}){';' if by_hand else ' and'} {then}: look at the disk"
    )


def unmendable_sentence(streams: Iterable[str]) -> str:
    """Of :attr:`Mended.unmendable`, "" = there is none."""
    names = ", ".join(streams)
    if not names:
        return ""
    return (
        f"this node's copy of the event log lacks some of {names}, and another node's is damaged, "
        "behind or away too, so none is made anew by itself. Start every node that is away; if "
        "this stays, docs/INSTALL.md tells what to do (Two damaged copies)"
    )
