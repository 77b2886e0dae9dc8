"""Tables under change: copied at the first change, shared with the state before until then."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Generic, TypeVar

from console.domain.message import Message

Row = TypeVar("Row")


class Table(Generic[Row]):
    """A mapping that is copied at its first change."""

    __slots__ = ("_copied", "_rows")

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows: Mapping[str, Row] = rows
        self._copied: dict[str, Row] | None = None

    def get(self, key: str) -> Row | None:
        return self._rows.get(key)

    def set(self, key: str, row: Row) -> None:
        """The same row again is no change."""
        if self._rows.get(key) is not row:
            self.own()[key] = row

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def own(self) -> dict[str, Row]:
        if self._copied is None:
            self._copied = dict(self._rows)
            self._rows = self._copied
        return self._copied

    @property
    def is_changed(self) -> bool:
        return self._copied is not None

    def done(self) -> Mapping[str, Row]:
        return self._rows


class Messages:
    """The newest messages in the order of their ids."""

    __slots__ = ("_copied", "_most", "_rows")

    def __init__(self, rows: tuple[Message, ...], most: int) -> None:
        self._rows = rows
        self._most = most
        self._copied: list[Message] | None = None

    def add(self, message: Message) -> None:
        if self._copied is None:
            self._copied = list(self._rows)
        rows = self._copied
        at = bisect_left(rows, message.key, key=lambda m: m.key)
        if at < len(rows) and rows[at].key == message.key:
            return
        rows.insert(at, message)
        if len(rows) > 2 * self._most:
            del rows[: -self._most]

    @property
    def is_changed(self) -> bool:
        return self._copied is not None

    def done(self) -> tuple[Message, ...]:
        return self._rows if self._copied is None else tuple(self._copied[-self._most :])
