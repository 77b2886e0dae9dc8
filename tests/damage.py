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
        whole = path.read_bytes()
    assert whole.count(b"CREATE TABLE") == 1
    return whole.replace(b"CREATE TABLE", b"CREATE T\xcf\xcfLE")
