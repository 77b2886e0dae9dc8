"""A log of which part was lost: how its streams say so, in their metadata, to all who read them.

``vaktbord-anew`` makes a stream another one than before, though it was made when it was: authors
then send again what they have kept of it (72 hours), and readers read it from its beginning.
``vaktbord-damaged`` is for people, and ends. ``vaktbord-reread``: nothing is lost, but one node of
several had a damaged copy, and who asked it was told less than there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from nats.js.api import StreamInfo

from console.domain.mark import id_ms

ANEW: Final = "vaktbord-anew"
DAMAGED: Final = "vaktbord-damaged"
REREAD: Final = "vaktbord-reread"
TOLD_MS: Final = 72 * 3_600_000
"""So long authors keep what they have said: what has not come back by then never will."""


def marked(metadata: Mapping[str, str] | None, stamp: str) -> dict[str, str]:
    """``stamp``: a ULID, of when it was found."""
    return {**(metadata or {}), ANEW: stamp, DAMAGED: stamp}


def unmarked(metadata: Mapping[str, str] | None) -> dict[str, str]:
    """Somebody has seen it; the stream stays the one that it is."""
    return {key: value for key, value in (metadata or {}).items() if key != DAMAGED}


def to_be_reread(metadata: Mapping[str, str] | None, stamp: str) -> dict[str, str]:
    """By all readers, from its beginning."""
    return {**(metadata or {}), REREAD: stamp}


def kept(metadata: Mapping[str, str] | None) -> dict[str, str]:
    """What another configuration of the stream must not forget."""
    return {key: value for key, value in (metadata or {}).items() if key in (ANEW, DAMAGED, REREAD)}


def sentence(damaged: Mapping[str, int], streams: Iterable[str]) -> str:
    """Of those of ``streams`` that are damaged, "" = none is."""
    found = {name: damaged[name] for name in streams if name in damaged}
    if not found:
        return ""
    at = datetime.fromtimestamp(max(found.values()) / 1_000)
    return (
        f"part of the site's log was lost on its disk ({', '.join(sorted(found))}, found "
        f"{at:%Y-%m-%d %H:%M}): this may not be all. What those who said it still keep comes back "
        "when they are here again"
    )


def epoch_of(info: StreamInfo) -> str:
    """Which stream it is: to another one authors send again what they keep."""
    created = info.created.isoformat() if info.created is not None else ""
    anew = (info.config.metadata or {}).get(ANEW, "")
    return f"{created} {anew}" if anew else created


def reading_of(info: StreamInfo) -> str:
    """Which stream it is to its readers: another one than before is read from its beginning."""
    reread = (info.config.metadata or {}).get(REREAD, "")
    return f"{epoch_of(info)} {reread}" if reread else epoch_of(info)


def damaged_ms(info: StreamInfo, now_ms: int) -> int | None:
    """When it was found that part of it is lost; None: nothing is, or it is long ago."""
    stamp = (info.config.metadata or {}).get(DAMAGED, "")
    try:
        found_ms = id_ms(stamp)
    except ValueError:
        return None
    return found_ms if now_ms - found_ms < TOLD_MS else None
