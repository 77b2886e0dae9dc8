"""The timeline's database: whole after a crash, closed to others, and forgetful in time."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import msgspec
import pytest
from ulid import ULID

from console.domain.events import (
    AlarmAcknowledged,
    AlarmRaised,
    FloorReleased,
    MessageSent,
    PositionJoined,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
)
from console.site.log.subjects import ALARMS, MESSAGES, STATUS
from console.timeline import database
from console.timeline import store as store_module
from console.timeline.database import FILE, KEY_FILE, TimelineError, open_to_read
from console.timeline.query import ALL_OF_IT

from .lab import DAY_MS, HOUR_MS, NOW_MS, bytes_in, cursor, found, keep, reading, said, writing

SECRET = "Åsgårdstrandveien fjorten (fiktiv)"


def count(folder: Path) -> int:
    with reading(folder) as reader:
        told = reader.standing().events
        assert told == reader._db.execute("SELECT count(*) FROM events").fetchone()[0]
        return told


def test_an_event_that_comes_again_is_there_once(tmp_path: Path) -> None:
    events = [said(MessageSent("u1", f"tekst {n}"), n % 3) for n in range(50)]
    keep(tmp_path, events)
    keep(tmp_path, events[::-1])
    assert count(tmp_path) == 50
    assert len(found(tmp_path, "tekst")) == 50


def test_rows_stand_in_the_order_of_time_however_they_came(tmp_path: Path) -> None:
    events = [said(MessageSent("u1", "x"), ago) for ago in (5_000, 1, 900_000, 40, 0)]
    for event in events:
        keep(tmp_path, [event])
    told = [event.time_ms for event in found(tmp_path)]
    assert told == sorted((event.time_ms for event in events), reverse=True)


@pytest.mark.parametrize("chance", [0, 2**60 + 5, 2**80 - 900], ids=["least", "some", "most"])
def test_an_author_whose_clock_is_behind_has_ids_that_differ_in_their_last_bit(
    tmp_path: Path, chance: int
) -> None:
    """Hundreds in one millisecond, in batches that overlap, and the next millisecond taken too."""
    events = [
        msgspec.structs.replace(
            said(MessageSent("u1", f"tekst {n}")),
            id=str(ULID.from_int((NOW_MS << 80) + chance + n)),
        )
        for n in range(800)
    ]
    follows = str(ULID.from_int((NOW_MS + 1) << 80))
    keep(tmp_path, [msgspec.structs.replace(events[0], id=follows)])
    for start in range(0, 800, 90):
        keep(tmp_path, events[max(0, start - 30) : start + 90])
    assert count(tmp_path) == 801
    with reading(tmp_path) as reader:
        told = [event.id for event in reader.all(ALL_OF_IT, 2_000)]
    assert len(told) == len(set(told)) == 801


def test_events_and_how_far_was_read_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    first, second = said(MessageSent("u1", "en"), 2), said(MessageSent("u1", "to"), 1)
    with writing(tmp_path) as store:
        store.add([first], cursor(first.body, 7), NOW_MS)
        store._insert = lambda _rows: 1 / 0  # type: ignore[assignment,method-assign]
        with pytest.raises(ZeroDivisionError):
            store.add([second], cursor(second.body, 8), NOW_MS)
    with writing(tmp_path) as store:
        assert store.cursors()[MESSAGES.name].seq == 7
    assert [event.id for event in found(tmp_path)] == [first.id]


def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    with writing(tmp_path) as store:
        store.add(
            [
                said(MessageSent("u1", SECRET), 1, person="Kari Fiktiv"),
                said(UnitDefined("u1", "AMB 77-7", "ambulance"), 2),
            ],
            {},
            NOW_MS,
        )
        while_open = bytes_in(tmp_path)  # with the write-ahead log
    for raw in (while_open, bytes_in(tmp_path)):
        for word in ("Åsgårdstrandveien", "åsgårdstrandveien", "fjorten", "Kari", "kari", "AMB 77",
                     "message-sent", "CREATE TABLE", "SQLite format"):  # fmt: skip
            assert word.encode() not in raw
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / FILE).execute("SELECT * FROM events")
    assert len(found(tmp_path, "fjorten")) == 1
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("harm", ["another key", "no key", "a short key", "noise", "plain"])
def test_a_damaged_or_foreign_one_is_put_aside_and_made_anew(tmp_path: Path, harm: str) -> None:
    keep(tmp_path, [said(MessageSent("u1", "før"), 1)])
    if harm == "another key":
        (tmp_path / KEY_FILE).write_bytes(b"k" * 32)
    elif harm == "no key":
        (tmp_path / KEY_FILE).unlink()
    elif harm == "a short key":
        (tmp_path / KEY_FILE).write_bytes(b"short")
    elif harm == "noise":
        (tmp_path / FILE).write_bytes(b"noise" * 4_000)
    else:
        (tmp_path / FILE).unlink()
        sqlite3.connect(tmp_path / FILE).execute("CREATE TABLE events (n)")
    with writing(tmp_path) as store:
        assert store.count == 0
        assert store.cursors()[MESSAGES.name].seq == 0
    assert len(list(tmp_path.glob(f"{FILE}.broken-*"))) >= 1
    keep(tmp_path, [said(MessageSent("u1", "etter"), 0)])
    assert len(found(tmp_path)) == 1


def test_what_was_put_aside_does_not_stay_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{FILE}.broken-1").write_bytes(b"x")
    keep(tmp_path, [])
    assert (tmp_path / f"{FILE}.broken-1").exists()
    monkeypatch.setattr(database, "KEEP_BROKEN_S", -60)
    keep(tmp_path, [])
    assert not (tmp_path / f"{FILE}.broken-1").exists()


def test_each_kind_goes_at_its_own_time_words_and_all(tmp_path: Path) -> None:
    keep(
        tmp_path,
        [
            said(StatusChanged("u1", "s1", text="qxgammelstatus"), 8 * DAY_MS),
            said(MessageSent("u1", "qxgammelbeskjed"), 31 * DAY_MS),
            said(MessageSent("u1", "qxnybeskjed"), 29 * DAY_MS),
            said(AlarmRaised("a1", "u1", text="qxalarm"), 89 * DAY_MS),
        ],
    )
    with writing(tmp_path) as store:
        assert store.forget(NOW_MS) == 2
        blocks = b"".join(row[0] for row in store._db.execute("SELECT block FROM found_data"))
        assert b"gammel" not in blocks  # not even in the index
        assert b"nybeskjed" in blocks
    assert count(tmp_path) == 2
    assert not found(tmp_path, "qxgammelbeskjed")
    assert len(found(tmp_path, "qxnybeskjed")) == 1


def test_the_sites_own_word_on_how_long_counts_also_when_it_is_out_of_reach(tmp_path: Path) -> None:
    old = said(MessageSent("u1", "to dager"), 2 * DAY_MS)
    with writing(tmp_path) as store:
        for_ever = said(StatusChanged("u1", "s1"), 900 * DAY_MS)
        store.add([old, said(AlarmRaised("a1", "u1"), 95 * DAY_MS), for_ever], {}, NOW_MS)
        store.set_kept({MESSAGES.name: 86_400, ALARMS.name: 365 * 86_400, STATUS.name: 0})
    with writing(tmp_path, "") as store:
        assert store.forget(NOW_MS) == 1
    assert [type(event.body) for event in found(tmp_path)] == [AlarmRaised, StatusChanged]


def test_an_id_from_the_far_future_expires_as_of_when_it_came(tmp_path: Path) -> None:
    event = said(MessageSent("u1", "fra år 9999"), -300_000 * DAY_MS)
    keep(tmp_path, [event])
    keep(tmp_path, [event])
    assert count(tmp_path) == 1
    with writing(tmp_path) as store:
        assert store.forget(NOW_MS + 29 * DAY_MS) == 0
        assert store.forget(NOW_MS + 31 * DAY_MS) == 1


def test_the_least_and_the_greatest_id_have_a_place(tmp_path: Path) -> None:
    event = said(MessageSent("u1", "x"))
    ids = ("0" * 26, "7" + "Z" * 25)
    keep(tmp_path, [msgspec.structs.replace(event, id=one) for one in ids])
    assert [one.id for one in found(tmp_path)] == list(reversed(ids))


def test_what_a_role_may_read_no_more_is_gone(tmp_path: Path) -> None:
    body = MessageSent("u1", "hemmelig beskjed")
    with writing(tmp_path) as store:
        store.add([said(body, 1), said(StatusChanged("u1", "s1"), 2)], cursor(body, 5), NOW_MS)
        assert store.keep_only([STATUS.name, ALARMS.name]) == 1
        assert store.cursors()[MESSAGES.name].seq == 0  # read anew, should it be allowed again
        blocks = b"".join(row[0] for row in store._db.execute("SELECT block FROM found_data"))
        assert b"hemmelig" not in blocks
    assert [type(event.body) for event in found(tmp_path)] == [StatusChanged]


def test_of_another_site_nothing_stays(tmp_path: Path) -> None:
    keep(tmp_path, [said(MessageSent("u1", "fra det første"), 1)], "one")
    with reading(tmp_path) as reader:
        keep(tmp_path, [said(MessageSent("u1", "fra det andre"), 0)], "two")
        assert len(reader.page(ALL_OF_IT).rows) == 1  # a reader goes on
    assert count(tmp_path) == 1
    assert not found(tmp_path, "første")


def test_the_oldest_go_at_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAX_EVENTS", 20)
    monkeypatch.setattr(store_module, "PURGE_AT_ONCE", 7)
    keep(tmp_path, [said(MessageSent("u1", f"n{n}"), n) for n in range(50)])
    with writing(tmp_path) as store:
        assert store.forget(NOW_MS) == 30
    assert found(tmp_path, '"n19"')
    assert not found(tmp_path, '"n20"')
    assert count(tmp_path) == 20


def test_a_row_is_found_by_what_its_unit_group_and_desk_are_called(tmp_path: Path) -> None:
    raised = said(AlarmRaised("a1", "u1"), 50)
    keep(
        tmp_path,
        [
            said(UnitDefined("u1", "AMB 3-1 Tønsberg", "ambulance"), 100),
            said(TalkgroupDefined("g1", "Havnvik-LV"), 100),
            said(PositionJoined("Plass 2"), 90),
            raised,
            said(AlarmAcknowledged("a1"), 40, person="Ola"),
            said(FloorReleased("g1", "u1", 500), 30),
        ],
    )
    assert len(found(tmp_path, "AMB 3-1")) == 3  # the acknowledgement is about its alarm's unit
    assert len(found(tmp_path, about=("u1",))) == 3
    assert len(found(tmp_path, "havnvik")) == 1
    assert len(found(tmp_path, "plass ola")) == 1
    assert not found(tmp_path, "AMB 3-2")
    assert [e.person for e in found(tmp_path, '"Ola"')] == ["Ola"]  # a person


def test_a_name_that_comes_late_finds_what_was_told_before_it(tmp_path: Path) -> None:
    keep(tmp_path, [said(StatusChanged("u9", "s1"), HOUR_MS)])
    assert not found(tmp_path, "helikopter")
    keep(tmp_path, [said(UnitDefined("u9", "Helikopter 1-1", "helicopter"), 0)])
    assert len(found(tmp_path, "helikopter")) == 1
    with writing(tmp_path) as store:  # and goes whole
        assert store.forget(NOW_MS + 30 * DAY_MS) == 1
        blocks = b"".join(row[0] for row in store._db.execute("SELECT block FROM found_data"))
        assert b"likopter" not in blocks


def test_a_reader_writes_nothing_and_needs_a_timeline(tmp_path: Path) -> None:
    with pytest.raises(TimelineError):
        open_to_read(tmp_path)
    keep(tmp_path, [said(MessageSent("u1", "x"))])
    db = open_to_read(tmp_path)
    with pytest.raises(database.Error):
        db.execute("DELETE FROM events")
    db.close()
