"""A write to a database that is all there or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol


class Database(Protocol):
    """A connection of sqlite3, or of sqlcipher3, which has no types."""

    def execute(self, sql: str, /) -> Any: ...


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
