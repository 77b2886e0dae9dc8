"""How long each part of the log is kept: today's values, or what the site's policy says.

``<home>/site/policy.toml`` may hold a table ``[retention]`` of whole days by a stream's token::

    [retention]
    message = 14
    alarm = 365
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from console.site.address import SiteError
from console.site.log.subjects import DAY_S, STREAM_OF, STREAMS, LogStream

POLICY_FILE: Final = "policy.toml"
MAX_POLICY_BYTES: Final = 65_536
BOUNDS_DAYS: Final[Mapping[str, tuple[int, int]]] = {
    "alarm": (30, 3_650),
    "message": (1, 365),
    "resource": (30, 3_650),
    "callout": (1, 365),
    "group": (7, 365),
    "people": (7, 3_650),
    "call": (1, 90),
    "status": (1, 90),
    "floor": (1, 90),
    "move": (1, 30),
    "audit": (365, 3_650),
    "member": (30, 3_650),
    "layout": (30, 3_650),
    "landmark": (365, 3_650),
    "pin": (1, 7),
}
"""Least and most. Alarms and who has listened must be there when somebody asks weeks later."""
OTHER_BOUNDS_DAYS: Final = (1, 3_650)


class Retention(msgspec.Struct, frozen=True):
    """``days`` by token, of those streams that are not kept as long as usual."""

    days: Mapping[str, int] = msgspec.field(default_factory=dict)

    def max_age_s(self, stream: LogStream) -> int:
        """For the stream's configuration: then its events go."""
        days = self.days.get(stream.token)
        return stream.max_age_s if days is None else days * DAY_S


TODAYS: Final = Retention()
"""As the streams say."""


def keep_ms(kept_s: Mapping[str, int]) -> dict[type, int]:
    """How long a desk shows each kind of event. ``kept_s``: by stream, as the site's log says it,
    0 = for ever; a stream that is not named is kept as usual."""
    of_stream = {stream: kept_s.get(stream.name, stream.max_age_s) for stream in STREAMS}
    return {
        kind: of_stream[stream] * 1_000 for kind, stream in STREAM_OF.items() if of_stream[stream]
    }


def read_retention(folder: Path) -> Retention:
    """Of the site in this folder. Raises SiteError for a policy that can't be meant."""
    path = folder / POLICY_FILE
    try:
        with path.open("rb") as file:
            return retention_of(file.read(MAX_POLICY_BYTES + 1))
    except FileNotFoundError:
        return Retention()
    except OSError as error:
        raise SiteError(f"{path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise SiteError(f"{path}: {error}") from error


def retention_of(policy: bytes) -> Retention:
    """Other tables of the file are others' business. Raises ValueError with what to do."""
    if len(policy) > MAX_POLICY_BYTES:
        raise ValueError(f"a policy has at most {MAX_POLICY_BYTES} bytes")
    try:
        days = tomllib.loads(policy.decode()).get("retention", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"this is no TOML: {error}") from error
    if not isinstance(days, dict):
        raise ValueError("[retention] takes whole days by parts of the log")  # noqa: TRY004  # of a file, not of a caller
    for token, count in days.items():
        _check(token, count)
    return Retention(days)


def _check(token: str, days: object) -> None:
    known = [stream.token for stream in STREAMS]
    if token not in known:
        raise ValueError(f"[retention] {token}: no such part of the log; use {', '.join(known)}")
    least, most = BOUNDS_DAYS.get(token, OTHER_BOUNDS_DAYS)
    if not isinstance(days, int) or isinstance(days, bool):
        told = f"[retention] {token} takes whole days, from {least} to {most}: {days!r}"
        raise ValueError(told)  # noqa: TRY004  # of a file, not of a caller
    if not least <= days <= most:
        raise ValueError(f"[retention] {token} = {days}: from {least} to {most} days")
