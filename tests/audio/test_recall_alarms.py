"""Sound kept with an alarm: past the usual time, through restarts, until it is released."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import protocol as p
from audio.recall import alarms, store
from audio.recall.alarms import TooManyError, Window
from audio.recall.audit import Deed
from audio.recall.burst import Facts, Piece
from audio.recall.service import Recall, wall_ms
from tests.audio.engine_fixtures import wait_until
from tests.audio.recall_lab import HOUR_MS, START_MS, Wall, facts, kept, tone
from tests.audio.recall_lab import store as new_store

DAY_MS = 24 * HOUR_MS


def window(from_ms: int, until_ms: int, alarm: str = "A-1", stream: str = "a@h") -> Window:
    return Window(alarm, stream, START_MS + from_ms, START_MS + until_ms)


def names(one: store.Store) -> set[str]:
    return {each.burst for each in one.newest("", 1_000)}


def expire(one: store.Store) -> None:
    while not one.expire():
        pass


def test_what_reaches_into_the_window_is_kept_and_nothing_else(tmp_path: Path) -> None:
    wall = Wall()
    one = new_store(tmp_path, wall)
    bursts = [kept(one, START_MS + at * 1_000) for at in range(0, 100, 10)]
    other = kept(one, START_MS + 30_000, "b@h")
    found = one.keep_for_alarm(window(30_500, 50_000))
    assert [each.burst for each in found] == bursts[3:6], "the first had begun before"
    late = kept(one, START_MS + 45_000)
    assert one.alarms_of(late) == ("A-1",)
    assert one.alarms_of(other) == ()
    wall.now_ms += 2 * DAY_MS
    expire(one)
    assert names(one) == {*bursts[3:6], late}
    assert [each.burst for each in one.newest("", 10, alarm="A-1")] == [
        *bursts[3:5],
        late,
        bursts[5],
    ]
    assert one.newest("", 10, alarm="A-2") == []


def test_it_outlives_restarts_and_goes_when_its_time_is_over(tmp_path: Path) -> None:
    wall = Wall()
    one = new_store(tmp_path, wall)
    burst = kept(one)
    one.keep_for_alarm(window(0, 1_000))
    wall.now_ms += 89 * DAY_MS
    one = new_store(tmp_path, wall)
    expire(one)
    assert names(one) == {burst}
    assert one.alarms_of(burst) == ("A-1",)
    wall.now_ms += 2 * DAY_MS
    expire(one)
    assert names(one) == set()
    assert alarms._read(tmp_path / "alarms.json") == []


def test_released_it_is_kept_as_others_are_or_with_another_alarm(tmp_path: Path) -> None:
    wall = Wall()
    one = new_store(tmp_path, wall)
    burst, both = kept(one), kept(one, START_MS + 10_000)
    one.keep_for_alarm(window(0, 12_000))
    one.keep_for_alarm(window(10_000, 12_000, "A-2"))
    one.release("A-1")
    expire(one)
    assert names(one) == {burst, both}
    wall.now_ms += 2 * DAY_MS
    expire(one)
    assert names(one) == {both}


def test_said_again_it_is_longer(tmp_path: Path) -> None:
    one = new_store(tmp_path)
    early, late = kept(one), kept(one, START_MS + 90_000)
    assert [each.burst for each in one.keep_for_alarm(window(0, 5_000))] == [early]
    assert [each.burst for each in one.keep_for_alarm(window(60_000, 95_000))] == [late]
    assert one.alarms_of(early) == ("A-1",)


def test_when_the_disk_is_full_it_goes_last(tmp_path: Path) -> None:
    one = new_store(tmp_path, max_bursts=5)
    first = kept(one)
    one.keep_for_alarm(window(0, 500))
    for at in range(1, 20):
        kept(one, START_MS + at * 10_000)
        assert one.count <= 5
    assert first in names(one)


def test_it_is_kept_where_nothing_else_is(tmp_path: Path) -> None:
    one = new_store(tmp_path)
    one.keep_for(0.0)
    assert not one.is_wanted(facts())
    one.keep_for_alarm(window(-1_000, 1_000))
    assert one.is_wanted(facts())
    assert not one.is_wanted(facts(START_MS + 60_000))


def test_there_are_only_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "MAX_WINDOWS", 3)
    one = new_store(tmp_path)
    for n in range(3):
        one.keep_for_alarm(window(0, 1, f"A-{n}"))
    with pytest.raises(TooManyError, match="release one"):
        one.keep_for_alarm(window(0, 1, "A-3"))
    one.keep_for_alarm(window(0, 2, "A-2"))


def test_a_damaged_list_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "alarms.json").write_bytes(b'[{"alarm": 7}]')
    one = new_store(tmp_path)
    assert (tmp_path / "alarms.broken").exists()
    one.keep_for_alarm(window(0, 1))
    assert (tmp_path / "alarms.json").stat().st_mode & 0o777 == 0o600


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 50), st.integers(0, 50))
def test_a_burst_is_bound_if_any_moment_of_it_is_in_the_window(
    start: int, length: int, begin: int, more: int
) -> None:
    burst = facts(start, length_ms=length)
    moments = set(range(start, start + length + 1)) & set(range(begin, begin + more + 1))
    assert Window("A", "a@h", begin, begin + more).reaches(burst) == bool(moments)


def test_the_engine_tells_which_bursts_are_bound_and_notes_who_releases_them(
    tmp_path: Path,
) -> None:
    told: list[p.Event] = []
    recall = Recall(tmp_path / "recall", told.append)
    recall.start()
    try:
        for stream in ("a@h", "b@h"):
            recall._archive.keep(Piece(facts(_now_ms() - 5_000, stream), tone()))
        recall.command(p.KeepForAlarm("a@h", "A-1", 10.0, 60.0), told.append)
        recall._archive.keep(Piece(facts(_now_ms(), "a@h"), tone()))
        wait_until(lambda: len(told) == 2, "both are told")
        recall.command(p.ListBursts(alarm="A-1"), told.append)
        recall.command(p.ReleaseAlarm("A-1", "Kari (fictional)"), told.append)
        recall.command(p.ListBursts(alarm="A-1"), told.append)
        wait_until(lambda: len(told) == 4, "it is listed")
    finally:
        recall.stop()
    first, second, listed, after = told
    assert isinstance(first, p.AlarmKept)
    assert isinstance(second, p.AlarmKept)
    assert (first.alarm, first.stream, len(first.bursts)) == ("A-1", "a@h", 1)
    assert isinstance(listed, p.Bursts)
    assert listed.bursts == first.bursts + second.bursts
    assert {one.alarms for one in listed.bursts} == {("A-1",)}
    assert after == p.Bursts(())
    deed = _deed(tmp_path / "recall" / "audit.log")
    assert (deed.what, deed.who) == ("release-alarm", "Kari (fictional)")
    assert deed.bursts == tuple(one.burst for one in listed.bursts)


def _now_ms() -> int:
    return int(wall_ms())


def _deed(path: Path) -> Deed:

    return msgspec.json.decode(path.read_bytes().splitlines()[-1], type=Deed)


def test_what_is_kept_with_an_alarm_is_played_and_only_else_what_was_spoken_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[p.Event] = []
    recall = Recall(tmp_path / "recall", told.append)
    recall.start()
    played: list[tuple[str, tuple[str, ...]]] = []

    def play(_kind: str, bursts: Sequence[Facts], _speed: float, alarm: str = "") -> None:
        played.append((alarm, tuple(one.stream for one in bursts)))

    monkeypatch.setattr(recall.replay, "play", play)
    now_ms = _now_ms()
    try:
        for stream in ("a@h", "b@h", "b@h"):
            recall._archive.keep(Piece(facts(now_ms - 5_000, stream), tone()))
        recall.command(p.KeepForAlarm("a@h", "A-1", 10.0, 60.0), told.append)
        recall.command(p.Recall(alarm="A-1", who="Kari (fictional)"), told.append)
        spoken = p.Recall(group="b", from_ms=now_ms - 10_000, until_ms=now_ms, alarm="A-2")
        recall.command(spoken, told.append)
        recall.command(p.Recall(alarm="A-3"), told.append)
        recall.command(p.ListBursts(), told.append)
        wait_until(lambda: any(isinstance(one, p.Bursts) for one in told), "all is answered")
    finally:
        recall.stop()
    assert played == [("A-1", ("a@h",)), ("A-2", ("b@h", "b@h"))]
    [refused] = [one for one in told if isinstance(one, p.Refused)]
    assert refused == p.Refused("recall", "nothing is kept that could be played")
    deeds = (tmp_path / "recall" / "audit.log").read_bytes().splitlines()
    assert msgspec.json.decode(deeds[0], type=Deed).who == "Kari (fictional)"
