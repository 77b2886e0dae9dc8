"""Files that are damaged in ways that have once been too much."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path


def schema_of_no_text() -> bytes:
    """A database whose damage SQLite quotes in what it says, so that Python can't read that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letters.db"
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE letters (a TEXT)")
        database.close()
        return with_no_text(path.read_bytes(), "letters")


def with_no_text(database: bytes, table: str) -> bytes:
    """The same, with that damage where a table is told of."""
    told = f"CREATE TABLE {table}".encode()
    assert database.count(told) == 1
    return database.replace(told, told.replace(b" TABLE", b"\xffTABLE"))
