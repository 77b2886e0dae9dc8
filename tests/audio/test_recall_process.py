"""Recall of a whole engine: a foreign sender, a kill, a full disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio import protocol as p
from audio.client import ensure_engine
from audio.home import is_claimed, recall_dir
from tests.audio.engine_fixtures import (
    Listener,
    engine,
    listener,
    peak_hz,
    read_wav,
    silent_blocks,
    wait_until,
    write_tone,
)

pytestmark = pytest.mark.system
GROUP = "239.77.9.31"


def spec(port: int) -> p.StreamSpec:
    return p.StreamSpec("tg@here", port, 111, "opus", 48_000, 2, group=GROUP)


def kept(one: Listener) -> tuple[p.BurstInfo, ...]:
    before = sum(isinstance(event, p.Bursts) for event in one.events)
    one.client.send(p.ListBursts())
    one.wait(lambda: sum(isinstance(event, p.Bursts) for event in one.events) > before)
    return [event for event in one.events if isinstance(event, p.Bursts)][-1].bursts


def wait_for_bursts(one: Listener, count: int) -> p.BurstInfo:
    wait_until(lambda: len(kept(one)) == count, f"{count} bursts")
    return kept(one)[-1]


def replayed(one: Listener, command: p.RecallCommand, out: Path, seconds: float) -> float:
    """Hz of what is heard; ``out`` holds it."""
    one.events.clear()
    one.client.send(p.Record(str(out), seconds))
    one.client.send(command)
    one.wait_for(p.RecordDone)
    heard = read_wav(out)[:, 0]
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    return peak_hz(heard[loud[0] + 2_400 : loud[-1] - 2_400])


def seconds_in(path: Path) -> float:
    loud = np.flatnonzero(np.abs(read_wav(path)[:, 0]) > 0.01)
    return float(loud[-1] - loud[0]) / 48_000


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
def test_what_a_stranger_said_is_recalled_after_the_engine_was_killed(tmp_path: Path) -> None:
    with engine(tmp_path / "home") as home:
        with listener(home) as tool:
            tool.client.send(p.Listen(spec(46_104)))
            tool.client.send(p.SetMix("tg@here", muted=True))
            tool.client.status()
            foreign_tone(46_104, 640, 2.0)
            burst = wait_for_bursts(tool, 1)
            assert burst.missed
            assert tool.client.status().streams[0].missed == 1
            tool.events.clear()
            with foreign_process(46_104, 640, 4.0):
                tool.wait_for(p.Talking)
                os.kill(tool.welcome.pid, signal.SIGKILL)  # the burst under way is lost, no other
        wait_until(lambda: not is_claimed(home), "its end")
        ensure_engine(home, interface="127.0.0.1", device="null")
        with listener(home) as tool:
            again = wait_for_bursts(tool, 1)
            assert again == burst
            plain, quick = tmp_path / "plain.wav", tmp_path / "quick.wav"
            assert abs(replayed(tool, p.Recall("tg@here", who="Kari"), plain, 3.0) - 640) < 2
            assert tool.client.status().replay is None
            assert silent_blocks(read_wav(plain)[:, 0]) == 0
            since = p.CatchUp(since_ms=1, speed=2.0, who="Kari")
            assert abs(replayed(tool, since, quick, 2.0) - 640) < 2, "of the same pitch"
            assert seconds_in(quick) == pytest.approx(seconds_in(plain) / 2, abs=0.05)
            states = [e.state for e in tool.events if isinstance(e, p.ReplayChanged)]
            assert states == ["playing", "idle"]
            file = tmp_path / "taken.ogg"
            tool.client.send(p.Export(burst.burst, str(file), "ogg", "Kari"))
            assert tool.wait_for(p.Exported).path == str(file)
            tool.client.send(p.KeepBursts(0))
            wait_until(lambda: not kept(tool), "nothing is kept")
        log = (recall_dir(home) / "audit.log").read_text().splitlines()
        assert [line.split('"what":')[1].split(",")[0] for line in log] == [
            '"recall"', '"catch-up"', '"export"',
        ]  # fmt: skip
        assert not [
            path for path in recall_dir(home).iterdir() if path.suffix in (".burst", ".key")
        ]


def foreign_tone(port: int, hz: int, seconds: float) -> None:
    with foreign_process(port, hz, seconds) as sender:
        assert sender.wait(30) == 0


@contextlib.contextmanager
def foreign_process(port: int, hz: int, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """ffmpeg, ended with the context."""
    line = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi"]
    line += ["-i", f"sine=frequency={hz}:sample_rate=48000:duration={seconds}"]
    line += ["-ac", "2", "-c:a", "libopus", "-b:a", "32k", "-payload_type", "111", "-f", "rtp"]
    line += [f"rtp://{GROUP}:{port}?ttl=0&localaddr=127.0.0.1"]
    sender = subprocess.Popen(line, stdin=subprocess.DEVNULL)
    try:
        yield sender
    finally:
        sender.kill()
        sender.wait()


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs mounts: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root")
def test_a_full_disk_is_told_once_and_live_sound_is_untouched(tmp_path: Path) -> None:
    sound, out = tmp_path / "tone.wav", tmp_path / "mix.wav"
    write_tone(sound, 800.0, 0.5)
    with (
        small_disk(tmp_path / "small", "600k") as disk,
        engine(disk / "home") as home,
        listener(home) as tool,
    ):
        tool.client.send(p.Listen(spec(46_114)))
        tool.client.send(p.Publish("tg@here", GROUP, 46_114))
        tool.client.send(p.Say("tg@here", str(sound), speaker="AMK"))
        wait_for_bursts(tool, 1)
        with contextlib.suppress(OSError), (disk / "fill").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4_096))
        tool.client.send(p.Record(str(out), 3.0))
        for _ in range(3):
            tool.client.send(p.Say("tg@here", str(sound), speaker="AMK"))
        tool.wait_for(p.RecordDone)
        wait_until(lambda: tool.client.status().recall.lost == 3, "three are counted")
        status = tool.client.status()
        assert status.recall.bursts == 1
        assert status.recall.note
        assert status.underflows == 0
        assert [e.command for e in tool.events if isinstance(e, p.Refused)] == ["keep-bursts"]
        (disk / "fill").unlink()
        tool.client.send(p.Say("tg@here", str(sound), speaker="AMK"))
        wait_for_bursts(tool, 2)
        assert tool.client.status().recall.note == ""
    heard = read_wav(out)[:, 0]
    assert (np.abs(heard) > 0.01).mean() > 0.4, "all three were heard"
