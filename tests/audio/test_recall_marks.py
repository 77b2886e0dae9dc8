"""What has been listened to is missed no more, also for the next engine; in doubt it is missed."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audio import protocol as p
from audio.client import ensure_engine
from audio.home import is_claimed, recall_dir
from audio.recall.store import Store
from tests.audio.engine_fixtures import engine, listener, wait_until, write_tone
from tests.audio.recall_lab import START_MS, kept, store

ROOT = Path(__file__).resolve().parents[2]
LISTENER = """
import sys
from pathlib import Path
from tests.audio.recall_lab import kept, store

one = store(Path(sys.argv[1]))
print("open", flush=True)
for known in one.missed((), 0, 10_000):
    one.mark_listened(known.burst)
    one.keep_mark(known.burst)
    print(known.burst, flush=True)
    kept(one, known.start_ms + 1, heard=False)
"""


def listen(one: Store, burst: str) -> None:
    assert one.mark_listened(burst)
    one.keep_mark(burst)


def missed(folder: Path) -> list[str]:
    """As the next engine has it."""
    return [known.burst for known in store(folder).missed((), 0, 10_000)]


def test_a_mark_outlives_the_engine_and_goes_with_its_burst(tmp_path: Path) -> None:
    one = store(tmp_path)
    first, second = (kept(one, START_MS + n, heard=False) for n in range(2))
    heard = kept(one, START_MS + 2)
    listen(one, first)
    assert not one.mark_listened(first), "once is enough"
    one.keep_mark(heard)
    one.keep_mark("1795554000000-00000000")
    assert [path.name for path in tmp_path.glob("*.heard")] == [f"{first}.heard"]
    assert missed(tmp_path) == [second]
    again = store(tmp_path)
    assert again.missed_counts() == {"a@h": 1}
    again.delete(first)
    assert not list(tmp_path.glob(f"{first}*"))


def test_a_mark_says_nothing_but_that_it_is_there(tmp_path: Path) -> None:
    one = store(tmp_path)
    burst = kept(one, heard=False)
    listen(one, burst)
    mark = tmp_path / f"{burst}.heard"
    assert b"listened" not in mark.read_bytes()
    assert mark.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("what", ["torn", "empty", "flipped", "longer", "anothers", "a folder"])
def test_a_mark_that_is_not_whole_means_missed_and_can_be_made_again(
    tmp_path: Path, what: str
) -> None:
    one = store(tmp_path)
    first, second = (kept(one, START_MS + n, heard=False) for n in range(2))
    listen(one, first)
    listen(one, second)
    mark = tmp_path / f"{first}.heard"
    whole = mark.read_bytes()
    mark.unlink()
    if what == "a folder":
        mark.mkdir()
    else:
        spoilt = {
            "torn": whole[:-1],
            "empty": b"",
            "flipped": bytes([whole[0] ^ 1]) + whole[1:],
            "longer": whole + b"x",
            "anothers": (tmp_path / f"{second}.heard").read_bytes(),
        }
        mark.write_bytes(spoilt[what])
    again = store(tmp_path)
    assert [known.burst for known in again.missed((), 0, 9)] == [first]
    assert again.damaged == 0
    assert again.read(first)
    if what != "a folder":
        listen(again, first)
        assert missed(tmp_path) == []


def test_halves_of_a_mark_are_cleared_away_and_its_burst_stays(tmp_path: Path) -> None:
    one = store(tmp_path)
    burst, gone = kept(one, heard=False), kept(one, START_MS + 1, heard=False)
    listen(one, gone)
    shutil.copy(tmp_path / f"{gone}.heard", tmp_path / "aside")
    one.delete(gone)
    shutil.copy(tmp_path / "aside", tmp_path / f"{gone}.heard")  # a kill in the midst of deleting
    (tmp_path / f"{burst}.mark").write_bytes(b"half")
    (tmp_path / "aside").unlink()
    assert missed(tmp_path) == [burst]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted([f"{burst}.burst", f"{burst}.key", "key"])


def test_a_full_disk_leaves_it_missed_for_the_next_engine_alone(tmp_path: Path) -> None:
    one = store(tmp_path)
    burst = kept(one, heard=False)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, hard))  # Python ignores SIGXFSZ
    try:
        assert one.mark_listened(burst)
        with pytest.raises(OSError):
            one.keep_mark(burst)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert one.missed_counts() == {}
    assert missed(tmp_path) == [burst]
    assert not list(tmp_path.glob("*.mark"))


def test_killed_at_any_moment_no_mark_is_lost_and_none_is_too_many(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(4):
        folder = tmp_path / f"{chance.random()}"
        one = store(folder)
        asked = [kept(one, START_MS + 10 * n, heard=False) for n in range(40)]
        marked = killed_listener(folder, chance.uniform(0.0, 0.05))
        again = store(folder)
        still = {known.burst for known in again.missed((), 0, 10_000)}
        assert again.damaged == 0
        assert not still.intersection(marked), "what was said to be noted is"
        others = [name for name in asked if name not in marked]
        assert len(set(others) - still) <= 1, "but for the one under way"
        assert not list(folder.glob("*.mark"))
        assert all(again.read(name) for name in asked)


def killed_listener(folder: Path, after_s: float) -> list[str]:
    """The bursts that it said it had marked."""
    line = [sys.executable, "-c", LISTENER, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    return told[: told.rfind("\n") + 1].split()


@pytest.mark.system
def test_what_was_caught_up_on_is_not_missed_after_a_kill(tmp_path: Path) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 700.0, 0.4)
    with engine(tmp_path / "home") as home:
        with listener(home) as tool:
            tool.client.send(p.Listen(p.StreamSpec("tg@here", 46_214, 111, "opus", 48_000, 2)))
            tool.client.send(p.SetMix("tg@here", muted=True))
            tool.client.send(p.Publish("tg@here", "127.0.0.1", 46_214))
            for _ in range(2):
                before = figures(tool.client.status())
                tool.client.send(p.Say("tg@here", str(sound), speaker="AMK"))
                wait_until(lambda: figures(tool.client.status()) > before, "one more missed")  # noqa: B023
            tool.client.send(p.Recall("tg@here"))
            wait_until(lambda: figures(tool.client.status()) == 1, "the last one was heard")
            wait_until(lambda: bool(list(recall_dir(home).glob("*.heard"))), "it is noted")
            os.kill(tool.welcome.pid, signal.SIGKILL)
        wait_until(lambda: not is_claimed(home), "its end")
        ensure_engine(home, interface="127.0.0.1", device="null")
        with listener(home) as tool:
            tool.client.send(p.Listen(p.StreamSpec("tg@here", 46_214, 111, "opus", 48_000, 2)))
            wait_until(lambda: tool.client.status().recall.bursts == 2, "both are kept")
            assert figures(tool.client.status()) == 1


def figures(status: p.Status) -> int:
    return sum(one.missed for one in status.streams)
