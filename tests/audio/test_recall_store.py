"""What is kept of bursts: whole, closed, bounded, and gone when it is deleted."""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.recall.burst import BurstError, Piece
from audio.recall.store import Store
from audio.recall.vault import SealError, Vault
from tests.audio.recall_lab import HOUR_MS, START_MS, Wall, facts, kept, packets_of, store, tone


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    sound = tone()
    first = store(tmp_path).add(Piece(facts(), sound))
    again = store(tmp_path)  # another process, after a crash: nothing was closed
    assert again.facts(first.burst) == first
    assert again.read(first.burst) == packets_of(sound)


def test_nothing_on_the_disk_can_be_read_by_others(tmp_path: Path) -> None:
    folder = tmp_path / "recall"
    one = store(folder)
    kept(one)
    raw = everything_in(folder)
    for word in ("a@h", "AMB 3-1", "Tønsberg", "opus"):
        assert word.encode() not in raw
    assert all(packet.payload not in raw for packet in packets_of(tone()))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_deleted_burst_stays_closed_even_to_who_has_a_copy_of_it(tmp_path: Path) -> None:
    folder, aside = tmp_path / "recall", tmp_path / "copy"
    one = store(folder)
    gone, stays = kept(one), kept(one, START_MS + 1)
    wrapped = (folder / f"{gone}.key").read_bytes()
    data_key = Vault(folder / "key").unwrap(wrapped)
    shutil.copy(folder / f"{gone}.burst", aside)
    with (folder / f"{gone}.key").open("rb") as same_place:  # the file as the disk still holds it
        one.delete(gone)
        assert same_place.read() == bytes(len(wrapped)), "overwritten before it was unlinked"
    raw = everything_in(folder)
    assert wrapped not in raw
    assert data_key not in raw
    assert not list(folder.glob(f"{gone}*"))

    shutil.copy(aside, folder / f"{gone}.burst")
    shutil.copy(folder / f"{stays}.key", folder / f"{gone}.key")  # the only kind of key there is
    again = store(folder)
    assert again.damaged == 1
    with pytest.raises(BurstError):
        again.read(gone)
    assert again.read(stays)


def test_a_copy_put_back_without_its_key_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "recall"
    one = store(folder)
    gone = kept(one)
    copy = (folder / f"{gone}.burst").read_bytes()
    one.delete(gone)
    (folder / f"{gone}.burst").write_bytes(copy)
    assert store(folder).count == 0
    assert [path.name for path in folder.iterdir()] == ["key"]


def test_no_key_is_used_for_two_bursts(tmp_path: Path) -> None:
    keys = set()
    for n in range(20):  # each time another process
        name = kept(store(tmp_path), START_MS + n)
        keys.add(Vault(tmp_path / "key").unwrap((tmp_path / f"{name}.key").read_bytes()))
    assert len(keys) == 20


def test_old_ones_go_after_a_day_and_at_once_when_told(tmp_path: Path) -> None:
    wall = Wall()
    one = store(tmp_path, wall)
    old, young = kept(one), kept(one, START_MS + HOUR_MS)
    wall.now_ms += 24 * HOUR_MS
    assert one.expire()
    assert [facts.burst for facts in one.newest("", 9)] == [old, young], "not a moment too early"
    wall.now_ms += 1
    one.expire()
    assert [facts.burst for facts in one.newest("", 9)] == [young]
    one.keep_ms = 0
    one.expire()
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert one.bytes == 0


def test_how_long_they_are_kept_is_known_to_the_next_engine(tmp_path: Path) -> None:
    wall = Wall()
    one = store(tmp_path, wall)
    one.keep_for(48.0 * HOUR_MS)
    kept(one)
    wall.now_ms += 30 * HOUR_MS
    again = store(tmp_path, wall)
    again.expire()
    assert again.count == 1
    for broken in ("nan", "x", "", "-1"):
        (tmp_path / "keep-ms").write_text(broken)
        assert store(tmp_path, wall).keep_ms == 24 * HOUR_MS


Step = tuple[str, int]
KINDS = ("add", "add", "add", "add", "crash", "late", "expire", "torn", "listen")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9)), min_size=5, max_size=40)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happens_bounds_and_order_hold(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name:
        check(Path(name), steps)


def check(folder: Path, steps: list[Step]) -> None:
    wall, number = Wall(), itertools.count()
    sound = tone(seconds=0.1)
    bounds = {"max_bytes": 4 * len(sound), "max_bursts": 5}
    one = store(folder, wall, **bounds)
    expected: list[str] = []
    for what, n in steps:
        if what == "add":
            known = facts(int(wall.now_ms) + next(number), f"{n % 2}@h", heard=n > 4)
            expected.append(one.add(Piece(known, sound[: len(sound) * (n + 1) // 10])).burst)
        elif what == "crash":  # what a kill leaves: halves of a burst under way
            (folder / f"{int(wall.now_ms):013}-0000000{n}.key").write_bytes(b"half")
            (folder / f"{int(wall.now_ms):013}-1000000{n}.new").write_bytes(b"half")
            missed = [known.burst for known in one.missed((), 0, 100)]
            one = store(folder, wall, **bounds)
            left = [name for name in missed if (folder / f"{name}.burst").exists()]
            assert [known.burst for known in one.missed((), 0, 100)] == left
        elif what == "torn" and expected:
            torn = folder / f"{expected[-1]}.burst"
            if torn.exists():
                torn.write_bytes(torn.read_bytes()[: 40 + n])
                one = store(folder, wall, **bounds)
                assert one.damaged == 1
                one.delete(expected.pop())
        elif what == "listen" and expected:
            burst = expected[n % len(expected)]
            if one.mark_listened(burst):
                one.keep_mark(burst)
        elif what == "late":
            wall.now_ms += n * HOUR_MS
        else:
            one.expire()
        hold(one, folder, expected, bounds)


def hold(one: Store, folder: Path, expected: list[str], bounds: dict[str, int]) -> None:
    there = [known.burst for known in one.newest("", 100)]
    assert there == sorted(there)
    last = [name for name in expected if (folder / f"{name}.burst").exists()]
    assert there == last
    assert expected[len(expected) - len(last) :] == last or one.damaged or len(last) < 5
    sizes = [path.stat().st_size for path in folder.glob("*.burst")]
    assert sum(sizes) == one.bytes <= bounds["max_bytes"]
    assert len(sizes) == one.count <= bounds["max_bursts"]
    assert len(list(folder.glob("*.key"))) == len(sizes)
    missed = [known.stream for known in one.missed((), 0, 100)]
    assert one.missed_counts() == {name: missed.count(name) for name in set(missed)}


def test_damaged_and_foreign_files_are_counted_and_passed_over(tmp_path: Path) -> None:
    one = store(tmp_path)
    first, second, third = (kept(one, START_MS + n) for n in range(3))
    path = tmp_path / f"{first}.burst"
    data = bytearray(path.read_bytes())
    data[30] ^= 1
    path.write_bytes(data)
    (tmp_path / f"{second}.key").write_bytes(b"not a key")
    (tmp_path / "holiday.jpg").write_bytes(b"not ours")
    (tmp_path / "x.burst").write_bytes(b"not ours either")
    again = store(tmp_path)
    assert again.damaged == 2
    assert [known.burst for known in again.newest("", 9)] == [third]
    assert (tmp_path / "holiday.jpg").exists()
    assert (tmp_path / "x.burst").exists()


def test_damage_in_the_sound_is_found_when_it_is_read(tmp_path: Path) -> None:
    one = store(tmp_path)
    name = kept(one)
    path = tmp_path / f"{name}.burst"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(BurstError):
        one.read(name)


def test_a_burst_under_anothers_name_is_not_taken_for_it(tmp_path: Path) -> None:
    one = store(tmp_path)
    first, second = kept(one), kept(one, START_MS + 1)
    for kind in ("key", "burst"):
        shutil.copy(tmp_path / f"{first}.{kind}", tmp_path / f"{second}.{kind}")
    assert store(tmp_path).damaged == 1


def test_a_key_of_the_home_that_is_none_is_told_and_kept(tmp_path: Path) -> None:
    kept(store(tmp_path))
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(SealError):
        store(tmp_path)
    assert len(list(tmp_path.glob("*.burst"))) == 1


def test_a_full_disk_leaves_nothing_of_a_burst_and_the_others_whole(tmp_path: Path) -> None:
    one = store(tmp_path)
    first = kept(one)
    before = sorted(path.name for path in tmp_path.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))  # Python ignores SIGXFSZ
    try:
        with pytest.raises(OSError):
            kept(one, START_MS + 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert one.count == 1
    assert one.read(first)
    assert kept(one, START_MS + 2), "and it goes on when there is room again"


def test_pages_are_of_one_stream_and_older_than_what_is_known(tmp_path: Path) -> None:
    one = store(tmp_path)
    mine = [kept(one, START_MS + 2 * n, "a@h") for n in range(5)]
    kept(one, START_MS + 3, "b@h")
    assert [known.burst for known in one.newest("a@h", 2)] == mine[3:]
    assert [known.burst for known in one.newest("a@h", 2, mine[3])] == mine[1:3]
    assert one.newest("a@h", 2, mine[0]) == []


def test_missed_is_what_was_not_audible_and_not_played_since(tmp_path: Path) -> None:
    one = store(tmp_path)
    heard = kept(one)
    missed = [kept(one, START_MS + n, heard=False) for n in (1, 2)]
    other = kept(one, START_MS + 3, "b@h", heard=False)
    assert one.missed_counts() == {"a@h": 2, "b@h": 1}
    assert [known.burst for known in one.missed(("a@h",), 0, 9)] == missed
    one.mark_listened(missed[0])
    one.mark_listened(missed[0])
    one.mark_listened(heard)
    one.delete(other)
    assert one.missed_counts() == {"a@h": 1}
    assert [known.burst for known in one.missed((), START_MS, 9)] == [heard, *missed]
    assert os.sep not in missed[0]


def test_what_was_spoken_in_a_group_between_two_times(tmp_path: Path) -> None:
    """Bursts of a second each, on two stations of one group and in another group."""
    one = store(tmp_path)
    first = kept(one, START_MS, "lv1@a")
    second = kept(one, START_MS + 2_000, "lv1@a")
    kept(one, START_MS, "lv1@b")  # the same voice, and less of it
    kept(one, START_MS, "lv10@a")
    late = kept(one, START_MS + 60_000, "lv1@a")

    def spoken(from_ms: int, until_ms: int, group: str = "lv1") -> list[str]:
        found = one.spoken(group, START_MS + from_ms, START_MS + until_ms)
        return [facts.burst for facts in found]

    assert spoken(-500, 3_500) == [first, second]
    assert spoken(1_600, 4_000) == [second]
    assert spoken(59_000, 62_000) == [late]
    assert spoken(10_000, 50_000) == []
    assert spoken(-500, 3_500, "lv2") == []
