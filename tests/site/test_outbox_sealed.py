"""Nothing that was said stands in an outbox's files in plain text, and what has gone is gone."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.events import AlarmRaised
from console.site.log import outbox as outbox_module
from console.site.log.outbox import KEEP_BROKEN_MS, KEEP_MS, KEY_FILE, Outbox
from console.site.log.sealed import Seal, SealError, key_of, new_key, new_salt
from console.site.log.spool import Spool

from .test_outbox import ack, message, pair, pending, raised

SAID = "brystsmerter, mann 61 (fiktiv)"
PLAIN_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE events (
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, stream TEXT NOT NULL,
  subject TEXT NOT NULL, payload BLOB NOT NULL, stored_ms INTEGER NOT NULL, alarm TEXT,
  answered INTEGER NOT NULL DEFAULT 0, acked INTEGER NOT NULL DEFAULT 0, epoch TEXT, seq INTEGER
);
CREATE INDEX pending ON events (n) WHERE acked = 0;
CREATE INDEX unanswered ON events (alarm) WHERE alarm IS NOT NULL AND answered = 0;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "one.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    box = Outbox(path)
    yield box
    box.close()


def on_disk(path: Path) -> bytes:
    """All bytes of all files of the folder."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def sealed_of(outbox: Outbox, event_id: str) -> bytes:
    row = outbox._db.execute("SELECT sealed FROM events WHERE id = ?", (event_id,)).fetchone()
    return bytes(row[0])


def test_what_is_said_and_to_whom_is_not_in_the_files(outbox: Outbox, path: Path) -> None:
    outbox.add([message(SAID), pair(AlarmRaised(alarm="A1", unit="amb31", text=SAID))], 0)
    found = on_disk(path)
    for plain in (SAID.encode(), b"amb31", b"lv1", b"message-sent", b"alarm-raised"):
        assert plain not in found
    assert [b"brystsmerter" in row.payload for row in outbox.pending(9)] == [True, True]
    assert oct(path.with_name(KEY_FILE).stat().st_mode & 0o777) == "0o600"


def test_what_is_dropped_after_72_hours_is_in_no_file_any_more(outbox: Outbox, path: Path) -> None:
    """The sealed bytes are looked for: the text itself never was there."""
    old, new = [message(f"{SAID} {n}") for n in range(50)], message()
    outbox.add([*old, new], 0)
    sealed = [sealed_of(outbox, event.id) for event, _ in old]
    ack(outbox, *old)
    outbox.prune(KEEP_MS)
    assert all(one in on_disk(path) for one in sealed), "kept for 72 h"
    outbox.prune(KEEP_MS + 1)
    assert not [one for one in sealed if one in on_disk(path)]
    assert pending(outbox) == [new[0].id]


def test_a_program_that_starts_drops_what_is_old(path: Path) -> None:
    box, one = Outbox(path), message()
    box.add([one], time.time_ns() // 1_000_000 - KEEP_MS - 60_000)
    ack(box, one)
    sealed = sealed_of(box, one[0].id)
    box.close()
    assert sealed in on_disk(path)
    spool = Spool(path, "one")
    spool.open()
    assert sealed not in on_disk(path)
    spool.close(1, 1)


def test_what_waits_is_opened_when_it_is_asked_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk with thousands of events never asks, and is not to wait for them at its start."""
    box, said = Outbox(path), [message(str(n)) for n in range(1_200)]
    alarm = raised()
    box.add([*said, alarm], time.time_ns() // 1_000_000)
    box.close()
    opened: list[str] = []
    open_one = Seal.open

    def counted(seal: Seal, name: str, data: bytes) -> bytes:
        opened.append(name)
        return open_one(seal, name, data)

    monkeypatch.setattr(Seal, "open", counted)
    spool = Spool(path, "one")
    spool.open()
    assert opened == ["proof"], "the key's, and no event"
    ack(spool._outbox, said[0])
    assert [event.id for event in spool.waiting()] == [event.id for event, _ in (alarm, *said)], (
        "as it was, though something has gone out since"
    )
    spool.close(1, 1)


def make_plain(path: Path, count: int) -> list[str]:
    """An outbox as it was before there was sealing; half of it deleted the old way."""
    path.parent.mkdir(parents=True)
    db = sqlite3.connect(path)
    db.executescript(PLAIN_SCHEMA)
    rows = []
    for n in range(count):
        event, payload = pair(AlarmRaised(alarm=f"A{n}", unit="amb31", text=f"{SAID} {n}"))
        rows.append((event.id, "VB_ALARMS", "vb.log.alarm.amb31", payload, 5, f"A{n}"))
    db.executemany(
        "INSERT INTO events (id, stream, subject, payload, stored_ms, alarm) VALUES (?,?,?,?,?,?)",
        rows,
    )
    db.execute("INSERT INTO meta VALUES ('next_seq', '77')")
    db.commit()
    db.execute("DELETE FROM events WHERE n > ?", (count // 2,))
    db.commit()
    db.close()
    return [row[0] for row in rows[: count // 2]]


def test_plain_rows_of_before_are_sealed_when_the_file_is_opened(path: Path) -> None:
    ids = make_plain(path, 400)
    assert SAID.encode() in on_disk(path)
    box = Outbox(path)
    assert SAID.encode() not in on_disk(path), "nor in what had been deleted"
    assert [row.id for row in box.pending(999)] == ids
    assert [row.tail for row in box.pending(2)] == ["alarm-raised.A0", "alarm-raised.A1"]
    assert len(box.unanswered()) == 200
    assert box.reserve(1) == 77
    assert box.set_aside is None
    box.close()
    again = Outbox(path)
    assert [row.id for row in again.pending(999)] == ids
    again.close()


@pytest.mark.parametrize(
    "key",
    [None, b"", os.urandom(32), os.urandom(64)],
    ids=("gone", "empty", "another", "too-long"),
)
def test_a_lost_key_costs_the_file_and_says_so(path: Path, key: bytes | None) -> None:
    box = Outbox(path)
    box.add([message(SAID)], 0)
    box.close()
    kept = path.with_name(KEY_FILE)
    before = kept.read_bytes()
    if key is None:
        kept.unlink()
    else:
        kept.write_bytes(key)
    box = Outbox(path)
    assert box.set_aside is not None
    assert KEY_FILE in box.complaint
    assert box.set_aside.name in box.complaint
    assert pending(box) == []
    box.add([message("ny")], 0)
    assert len(pending(box)) == 1
    assert box.reserve(1) > 1_000_000, "no number of the lost file's"
    box.close()
    aside = box.set_aside
    path.unlink()
    kept.write_bytes(before)
    aside.rename(path)
    box = Outbox(path)
    assert SAID.encode() in box.pending(9)[0].payload, "with the key put back it is read again"
    box.close()


def test_a_row_that_was_changed_or_put_in_anothers_place_is_not_sent(outbox: Outbox) -> None:
    one, two, three = message("1"), message("2"), raised()
    outbox.add([one, two, three], 0)
    swapped = sealed_of(outbox, two[0].id)
    outbox._db.execute("UPDATE events SET sealed = ? WHERE id = ?", (swapped, one[0].id))
    assert pending(outbox) == [three[0].id, two[0].id], "an alarm goes first"
    assert one[0].id in outbox.complaint
    assert outbox.undelivered() == 2
    outbox.prune(KEEP_MS + 1)
    left = outbox._db.execute("SELECT count(*) FROM events").fetchone()[0]
    assert left == 2, "it goes like one that was delivered"


def test_damaged_rows_do_not_hide_those_behind_them(outbox: Outbox) -> None:
    events = [message(str(n)) for n in range(5)]
    outbox.add(events, 0)
    outbox._db.execute("UPDATE events SET sealed = x'00' WHERE n <= 4")
    assert [row.id for row in outbox.pending(2)] == [events[4][0].id]


def test_a_file_set_aside_goes_after_30_days(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 1_000)
    box = Outbox(path)
    assert box.set_aside is not None
    now_ms = time.time_ns() // 1_000_000
    box.prune(now_ms + KEEP_BROKEN_MS - 60_000)
    assert box.set_aside.exists()
    box.prune(now_ms + KEEP_BROKEN_MS + 60_000)
    assert not box.set_aside.exists()
    assert path.exists()
    box.close()


def test_two_programs_that_begin_at_once_have_one_key(tmp_path: Path) -> None:
    program = f"""
import sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from console.site.log.sealed import key_of
print(key_of(Path({str(tmp_path / "spool" / KEY_FILE)!r})).hex())
"""
    both = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(4)
    ]
    keys = {one.communicate(timeout=60)[0] for one in both}
    assert len(keys) == 1
    assert [one.name for one in (tmp_path / "spool").iterdir()] == [KEY_FILE]


def test_sealing_costs_little_beside_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same box with and without, in turns, the best of each; a bound with much room."""
    events = [message(f"{SAID} {n}") for n in range(1_000)]

    def round_of(name: str) -> float:
        box = Outbox(tmp_path / name / "one.db")
        begun = time.perf_counter()
        box.add(events, 0)
        assert len(box.pending(1_000)) == 1_000
        taken = time.perf_counter() - begun
        box.close()
        return taken

    class Open:
        def __init__(self, *_: object) -> None: ...
        def close(self, _name: str, plain: bytes) -> bytes:
            return plain

        def open(self, _name: str, plain: bytes) -> bytes:
            return plain

    sealed, plain = [], []
    for n in range(5):
        sealed.append(round_of(f"sealed{n}"))
        with monkeypatch.context() as patch:
            patch.setattr(outbox_module, "Seal", Open)
            plain.append(round_of(f"plain{n}"))
    print(f"sealed {min(sealed) * 1e3:.1f} ms, plain {min(plain) * 1e3:.1f} ms")
    assert min(sealed) < 3 * min(plain)


NAMES = st.text(max_size=30).filter(lambda t: t.isprintable())


@given(st.binary(max_size=300), NAMES, NAMES, st.binary(max_size=60))
def test_what_is_sealed_opens_under_its_name_and_no_other(
    plain: bytes, name: str, other: str, junk: bytes
) -> None:
    seal = Seal(KEY, SALT, "test")
    sealed = seal.close(name, plain)
    assert seal.open(name, sealed) == plain
    assert seal.close(name, plain) != sealed, "a nonce of its own"
    if other != name:
        with pytest.raises(SealError):
            seal.open(other, sealed)
    with pytest.raises(SealError):
        seal.open(name, junk)
    for another in (Seal(KEY, SALT, "other"), Seal(KEY, bytes(16), "test")):
        with pytest.raises(SealError):
            another.open(name, sealed)


KEY, SALT = new_key(), new_salt()


def test_a_key_is_made_once_and_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    assert key_of(path) == key_of(path)
    path.write_bytes(b"short")
    with pytest.raises(SealError, match="holds no key"):
        key_of(path)
