"""The list of statuses in status.toml: keys, numbers on the radio, names on the screen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

import resources


@dataclass(frozen=True, slots=True)
class Status:
    key: str
    number: int  # as a TETRA status message has it, 32768–65535
    nb: str
    nn: str
    en: str
    free: bool  # can be sent somewhere


@cache
def statuses() -> tuple[Status, ...]:
    rows = tomllib.loads(resources.path("status.toml").read_text("utf-8"))["status"]
    return tuple(
        Status(row["key"], row["number"], row["nb"], row["nn"], row["en"], row.get("free", False))
        for row in rows
    )


def is_free(key: str) -> bool:
    """Whether who has this status can be sent somewhere; False for one that is not in the list."""
    return any(status.free for status in statuses() if status.key == key)


def status_of(number: int) -> str:
    """The key of a status message's number, "" = not in the list."""
    return next((status.key for status in statuses() if status.number == number), "")
