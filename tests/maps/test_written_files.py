"""An MBTiles file that somebody else writes, or has left half written: its newest whole state is
read, and neither is in the other's way."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.maps.faults import MapError
from console.maps.files import FileMap, facts_of
from tests.maps import makers

KEY, OTHER, LATE = (6, 33, 18), (6, 34, 18), (6, 35, 18)
MAGIC = b"\x89PNG\r\n\x1a\n"


def tile(number: int) -> bytes:
    """Larger than several of the file's pages."""
    return MAGIC + b"%08d" % number + bytes(20_000)


def number(found: bytes | None) -> int:
    assert found is not None and len(found) == 20_016
    return int(found[8:16])


def row(key: makers.Key) -> tuple[int, int, int]:
    return key[0], key[1], 2 ** key[0] - 1 - key[2]


def put(database: sqlite3.Connection, key: makers.Key, data: bytes) -> None:
    database.execute("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)", (*row(key), data))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """One in WAL mode, whose writer has ended well."""
    made = makers.write_mbtiles(tmp_path / "a map? #1.mbtiles", {KEY: tile(1), OTHER: tile(1)})
    database = sqlite3.connect(made)
    assert database.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    database.close()
    return made


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """It keeps all in its log."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA wal_autocheckpoint = 0")
    yield database
    database.close()


def beside(path: Path) -> list[str]:
    return sorted(one.name.removeprefix(path.name) for one in path.parent.iterdir())


def opened(path: Path) -> FileMap:
    made = FileMap(path)
    made.open(lambda: None)
    return made


def test_a_file_whose_writer_has_ended_is_read_without_a_trace(path: Path) -> None:
    made = opened(path)
    assert number(made.tile(*KEY)) == 1
    assert beside(path) == [""]
    made.close()


def test_what_a_writer_has_committed_is_read_and_no_more(
    path: Path, writer: sqlite3.Connection
) -> None:
    """Also what it does after the map has been opened."""
    made = opened(path)
    for n in (2, 3):
        put(writer, KEY, tile(n))
        put(writer, LATE, tile(n))
        assert number(made.tile(*KEY)) == n - 1
        writer.commit()
        assert number(made.tile(*KEY)) == n
        assert number(made.tile(*LATE)) == n
    assert beside(path) == ["", "-shm", "-wal"]
    assert number(opened(path).tile(*KEY)) == 3


def test_a_map_that_is_all_in_the_writers_log_is_no_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "new.mbtiles"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    database.execute(
        "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER,"
        " tile_data BLOB, UNIQUE (zoom_level, tile_column, tile_row))"
    )
    put(database, KEY, tile(1))
    database.commit()
    assert facts_of(path).least == 6
    assert number(opened(path).tile(*KEY)) == 1
    database.close()


def test_the_writer_can_put_its_log_into_the_file_while_the_map_is_shown(path: Path) -> None:
    database = sqlite3.connect(path)
    put(database, KEY, tile(2))
    database.commit()
    made = opened(path)
    assert number(made.tile(*KEY)) == 2
    database.close()
    assert beside(path) == [""], "the writer has ended as if nobody read"
    assert number(made.tile(*KEY)) == 2
    made.close()
    assert beside(path) == [""]


@pytest.mark.parametrize("is_writable", [True, False])
def test_a_log_that_was_left_behind_is_read_and_nothing_changed(
    path: Path, writer: sqlite3.Connection, tmp_path: Path, is_writable: bool
) -> None:
    """Copied while it was written, or its writer's machine went down: there is no index of it."""
    put(writer, KEY, tile(2))
    writer.commit()
    there = tmp_path / "copied"
    there.mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", there)
    there.chmod(0o777 if is_writable else 0o555)
    copy = there / path.name
    before = [Path(f"{copy}{end}").read_bytes() for end in ("", "-wal")]
    made = opened(copy)
    assert number(made.tile(*KEY)) == 2
    made.close()
    there.chmod(0o777)
    assert [Path(f"{copy}{end}").read_bytes() for end in ("", "-wal")] == before


def test_nobody_who_may_only_read_needs_more(path: Path, writer: sqlite3.Connection) -> None:
    """Another user's folder: with a writer, with what one has left, and with neither."""
    if os.geteuid() != 0:
        pytest.skip("only root may become somebody else")
    put(writer, KEY, tile(2))
    writer.commit()
    folders = {"written": ("", "-wal", "-shm"), "left": ("", "-wal"), "whole": ("",)}
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        for name, ends in folders.items():
            Path(top, name).mkdir(mode=0o755)
            for end in ends:
                shutil.copy(f"{path}{end}", Path(top, name))
        seen = _as_nobody([Path(top, name, path.name) for name in folders])
    assert seen == "2 2 1"


def _as_nobody(paths: list[Path]) -> str:
    """What another user's process reads; a fork, as all that it needs is loaded here."""
    opened(paths[-1]).close()
    into, out = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65_534)
            os.setuid(65_534)
            said = " ".join(str(number(opened(one).tile(*KEY))) for one in paths)
        except BaseException as error:  # it must end here whatever happens
            said = repr(error)
        os.write(out, said.encode())
        os._exit(0)
    os.close(out)
    os.waitpid(child, 0)
    with os.fdopen(into) as file:
        return file.read()


BUSY_WRITER = """
import sqlite3, sys
path, end = sys.argv[1], int(sys.argv[2])
n = 1
while n < end:
    database = sqlite3.connect(path, timeout=20)
    database.execute("PRAGMA wal_autocheckpoint = 4")
    for _ in range(5):
        n += 1
        data = b"\\x89PNG\\r\\n\\x1a\\n%08d" % n + bytes(20_000)
        with database:
            for row in ((6, 33, 45), (6, 34, 45)):
                database.execute("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)", (*row, data))
    database.close()
"""


@pytest.mark.parametrize("mode", ["wal", "delete", "truncate", "persist"])
def test_beside_a_writer_that_comes_and_goes_no_tile_fails_or_is_half(
    path: Path, mode: str
) -> None:
    """Both tiles are always of one number, the second of the later question. Who keeps a journal
    locks all others out for moments: then the tile is asked for again."""
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA journal_mode = {mode}")
    database.close()
    made = opened(path)
    program = [sys.executable, "-c", textwrap.dedent(BUSY_WRITER), str(path), "600"]
    last, asked = 0, 0
    with subprocess.Popen(program) as process:
        while process.poll() is None:
            try:
                first, second = number(made.tile(*KEY)), number(made.tile(*OTHER))
            except BlockingIOError:
                assert mode != "wal"
                continue
            assert last <= first <= second
            last, asked = second, asked + 1
    assert process.returncode == 0
    assert asked > 3
    assert number(made.tile(*KEY)) == number(made.tile(*OTHER)) >= 600
    made.close()


def test_a_file_that_is_being_written_is_told_of_as_busy_and_read_later(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = DELETE")
    made = opened(path)
    database.execute("PRAGMA cache_size = 1")  # what it writes goes into the file at once
    database.execute("BEGIN EXCLUSIVE")
    for n in range(40):
        put(database, (9, n, n), tile(2))
    put(database, KEY, tile(2))
    began = time.monotonic()
    with pytest.raises(BlockingIOError):
        made.tile(*KEY)
    with pytest.raises(MapError) as told:
        facts_of(path)
    assert told.value.code == "busy"
    assert time.monotonic() - began < 2.0
    database.rollback()
    assert number(made.tile(*KEY)) == 1
    assert facts_of(path).most == 6
    database.close()


def test_a_half_written_file_whose_writer_is_gone_is_told_of(path: Path, tmp_path: Path) -> None:
    """Its journal says that it is half, and mending it would be to write into it."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = DELETE")
    database.execute("PRAGMA cache_size = 1")
    for n in range(40):
        put(database, (9, n, n), tile(2))
    there = tmp_path / "copied"
    there.mkdir()
    for end in ("", "-journal"):
        shutil.copy(f"{path}{end}", there)
    database.close()
    before = (there / path.name).read_bytes()
    with pytest.raises(MapError) as told:
        facts_of(there / path.name)
    assert told.value.code == "damaged"
    assert (there / path.name).read_bytes() == before


def test_a_file_that_is_exchanged_while_it_is_shown_is_read_on_as_it_was(
    path: Path, tmp_path: Path
) -> None:
    made = opened(path)
    other = makers.write_mbtiles(tmp_path / "other", {KEY: tile(7)})
    other.replace(path)
    assert number(made.tile(*KEY)) == 1
    path.unlink()
    assert number(made.tile(*OTHER)) == 1
    made.close()
