"""Mutated packets and commands: nothing ends, nothing grows, each error is counted once.

A short run each time; a million packets and a hundred thousand commands with ``-m long``.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from audio import fast
from audio import protocol as p
from audio.client import EngineClient, EngineError
from audio.home import read_address
from tests import netlab
from tests.audio.engine_fixtures import (
    engine,
    listener,
    peak_hz,
    read_wav,
    silent_blocks,
    wait_until,
    write_tone,
)
from tests.audio.fuzz_commands import Frames
from tests.audio.fuzz_packets import Account

pytestmark = pytest.mark.system
ROOT = Path(__file__).resolve().parents[2]
LONG = (pytest.mark.long, pytest.mark.timeout(3_600))
GROWN_KIB = 4_096
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")
PATIENCE_S = 60.0


# -- packets -----------------------------------------------------------------------------------


def fired(count: int, seed: int, **environment: str) -> Account:
    done = subprocess.run(
        [sys.executable, "-m", "tests.audio.fuzz_packets", str(count), str(seed)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4_000:]
    return msgspec.json.decode(done.stdout, type=Account)


def check(account: Account) -> None:
    assert account.packets + account.reports + account.refused == account.sent, account
    assert min(account.packets, account.reports, account.refused) > account.sent / 20, account
    assert account.over_bounds == []
    assert account.healthy_packets == account.healthy_sent
    assert account.healthy_bad == 0
    assert account.quietest > 0.7 * account.loudest > 0.02, "the stream beside them"


@pytest.mark.parametrize("pure", ["0", "1"])
@pytest.mark.parametrize("count", [20_000, pytest.param(1_000_000, marks=LONG)])
def test_every_mutated_packet_is_taken_or_counted(count: int, pure: str) -> None:
    account = fired(count, seed=count + int(pure), **{fast.PURE: pure})
    print(account)
    check(account)
    assert account.compiled == (fast.is_compiled() and pure == "0")
    assert account.grown_kib < GROWN_KIB


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.skipif(not fast.is_compiled(), reason="nothing is compiled here")
def test_the_compiled_way_is_sound_by_sanitizers_too(tmp_path: Path) -> None:
    """Linux with gcc: its library must be there before Python."""
    shutil.copytree(ROOT / "audio", tmp_path / "audio", ignore=shutil.ignore_patterns("*.so"))
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    make = f"from audio.compile import compile_fast; compile_fast({SANITIZERS!r})"
    here = {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    subprocess.run([sys.executable, "-c", make], cwd=tmp_path, env=here, check=True)
    library = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    account = fired(
        1_000_000, 3, PYTHONPATH=path, PYTHONSAFEPATH="1", PYTHONMALLOC="malloc",
        LD_PRELOAD=library, ASAN_OPTIONS="detect_leaks=0",
    )  # fmt: skip
    check(account)
    assert account.compiled


# -- commands ----------------------------------------------------------------------------------


@pytest.fixture
def host() -> Iterator[None]:
    """A network of its own, where that can be had: ports and groups are taken at random."""
    if netlab.missing():
        yield
        return
    with netlab.lan(1) as (one,), one.inside():
        yield


class Sender:
    """A client that stays, and how many of its commands were refused."""

    def __init__(self, home: Path) -> None:
        self.refused = 0
        self.lost: list[str] = []
        self.client = EngineClient(
            home, role="tool", on_event=self._event, on_lost=self.lost.append
        )
        self.client.connect(5.0)

    def _event(self, event: p.Event) -> None:
        self.refused += isinstance(event, p.Refused) and event.command not in ("", "keep-bursts")


def throw(path: str, data: bytes) -> None:
    """All of it on a connection of its own; until the engine has closed it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.settimeout(PATIENCE_S)
        one.connect(path)
        with contextlib.suppress(OSError):  # it may be turned away amid
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            while one.recv(65_536):
                pass


class Neighbour:
    """Asks for the status again and again, as a program does that knows how to behave."""

    def __init__(self, client: EngineClient, folder: Path) -> None:
        self._client = client
        self._folder = folder
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="neighbour")
        self.answers: list[p.Status] = []
        self.failures: list[str] = []

    def _run(self) -> None:
        while not self._ended.wait(0.2):
            try:
                answer = self._client.status(PATIENCE_S)
                self.answers.append(answer)
                if not voice_in(answer).talking:
                    say_more(self._client, self._folder)
            except EngineError as error:
                self.failures.append(str(error))

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()


def voice_in(status: p.Status) -> p.StreamFigures:
    return next(one for one in status.streams if one.stream == "voice@h")


def rss_kib(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=LONG)])
def test_every_mutated_command_is_done_or_counted(host: None, tmp_path: Path, count: int) -> None:
    write_tone(tmp_path / "tone.wav", 700.0, 1.0)
    chance = random.Random(count)
    with engine(tmp_path / "home") as home, listener(home) as other:
        address = read_address(home)
        assert address is not None
        frames = Frames(chance, tmp_path, address.token)
        sender, neighbour = Sender(home), Neighbour(other.client, tmp_path)
        play_voice(other.client, tmp_path)
        malformed, warm_kib = 0, 0
        with contextlib.closing(sender.client), neighbour.asking():
            for n in range(count):
                if chance.random() < 0.35:
                    throw(address.path, frames.malformed())
                    malformed += 1
                else:
                    send_raw(sender.client, frames.well_formed())
                if n % 500 == 0:
                    sender.client.status(PATIENCE_S)
                    warm_kib = max(warm_kib, rss_kib(address.pid)) if n < count * 0.4 else warm_kib
            settle(sender, malformed)
            grown_kib = rss_kib(address.pid) - warm_kib
        assert not sender.lost
        check_sound_and_neighbour(other.client, neighbour, tmp_path)
    print(f"{count} commands: {malformed} were none, {sender.refused} refused, {grown_kib:+} KiB")
    assert count < 10_000 or grown_kib < GROWN_KIB


def send_raw(client: EngineClient, frame: bytes) -> None:
    assert client._socket is not None
    client._socket.sendall(frame)


def settle(sender: Sender, malformed: int) -> None:
    """Until every error has been counted: once."""

    def is_even() -> bool:
        return sender.client.status(PATIENCE_S).refused_commands == malformed + sender.refused

    wait_until(is_even, f"{malformed} and {sender.refused} are counted", PATIENCE_S)


def play_voice(client: EngineClient, folder: Path) -> None:
    client.send(p.Listen(p.StreamSpec("voice@h", 47_300, 111, "opus", 48_000, 2, "239.77.49.1")))
    client.send(p.Publish("voice", "239.77.49.1", 47_300))
    write_tone(folder / "voice.wav", 1_000.0, 10.0)
    say_more(client, folder)


def say_more(client: EngineClient, folder: Path) -> None:
    """Overs of 10 s: a longer one that is kept and replayed takes megabytes for a while."""
    client.send(p.Say("voice", str(folder / "voice.wav")))


def check_sound_and_neighbour(client: EngineClient, neighbour: Neighbour, folder: Path) -> None:
    """The voice was heard all the time, and is so alone when the rest is taken away."""
    assert not neighbour.failures
    heard = [voice_in(answer).packets for answer in neighbour.answers]
    assert heard == sorted(heard)
    assert heard[-1] - heard[0] > 5 * (len(heard) - 1) > 5, (
        "50 a second, an answer in 0.2 s or more"
    )
    for stream in client.status(PATIENCE_S).streams:
        if stream.stream != "voice@h":
            client.send(p.Drop(stream.stream))
    for command in (p.SetMaster(evened=False), p.MuteAll(0.0), p.SetAlarms(0), p.StopReplay()):
        client.send(command)
    client.send(p.SetMix("voice@h", priority=3))
    say_more(client, folder)
    wait_until(lambda: len(client.status(PATIENCE_S).streams) == 1, "the others are dropped")
    out = folder / "after.wav"
    wait_until(lambda: recorded(client, out), "a recording", PATIENCE_S)
    sound = read_wav(out)[:, 0]
    assert abs(peak_hz(sound) - 1_000) < 3
    assert silent_blocks(sound) < 20, "5 ms each; the machine is busy"
    assert np.abs(sound).max() > 0.1


def recorded(client: EngineClient, out: Path) -> bool:
    """Others' recordings may still go on."""
    out.unlink(missing_ok=True)
    client.send(p.Record(str(out), 1.5))
    client.status(PATIENCE_S)
    with contextlib.suppress(AssertionError):
        wait_until(lambda: out.exists() and out.stat().st_size >= 1.5 * 192_000, "the file", 5.0)
        return True
    return False
