"""``vaktbord talk``: from a terminal to another engine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio import protocol as p
from console.commands.talk import level_bar
from tests.audio.engine_fixtures import engine, listener, peak_hz, read_wav
from tests.audio.mic_lab import NAME, mouth, tone
from tests.audio.pulse import Pulse, missing, pulse

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
GROUP, PORT = "239.77.9.9", 47_034
LINE = [sys.executable, "-m", "console.cli", "talk", "--interface", "127.0.0.1"]
WHERE = ["--talkgroup", "lv1", "--group", GROUP, "--port", str(PORT), "--device", NAME]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    with pulse() as one:
        for name, value in one.env.items():
            monkeypatch.setenv(name, value)
        one.plug_in("mic")
        yield one


def wait_line(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    heard = []
    while line := process.stdout.readline():
        heard.append(line)
        if words in line:
            return
    raise AssertionError(heard)


def test_without_standard_input_it_ends_and_null_is_no_microphone(server: Pulse) -> None:
    closed = ["sh", "-c", 'exec "$@" 0<&-', "sh"]
    done = subprocess.run([*closed, *LINE, *WHERE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    line = [*LINE, *WHERE, "--device", "null"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "null is no microphone; see --list\n")


@pytest.mark.parametrize("after_s", [0.25, 0.4, 0.6])
def test_interrupted_early_it_leaves_nothing(
    server: Pulse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after_s: float
) -> None:
    """Whatever had been begun by then."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with subprocess.Popen([*LINE, *WHERE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        try:
            time.sleep(after_s)
            one.send_signal(signal.SIGINT)
            one.wait(20)
        finally:
            one.kill()
    assert not list(tmp_path.glob("vaktbord-*"))


@pytest.mark.long
def test_enter_opens_and_closes_the_microphone(server: Pulse, tmp_path: Path) -> None:
    out = tmp_path / "there.wav"
    spec = p.StreamSpec("lv1@there", PORT, 111, "opus", 48_000, 2, group=GROUP)
    with (
        mouth(server) as speaker,
        engine(tmp_path / "b") as b,
        listener(b) as there,
        subprocess.Popen(
            [*LINE, *WHERE, "--plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            there.client.send(p.Listen(spec))
            assert process.stdin is not None
            wait_line(process, "Enter to talk")
            process.stdin.write("\n")
            process.stdin.flush()
            wait_line(process, "talking")
            there.client.send(p.Record(str(out), 1.5))
            speaker.say(tone(600.0, 1.0))
            there.wait_for(p.RecordDone)
            process.stdin.write("\n")
            process.stdin.flush()
            wait_line(process, "silent")
            process.stdin.close()
            assert process.wait(15) == 0, "the end of standard input is its end"
        finally:
            process.kill()
    heard = read_wav(out)[:, 0]
    assert abs(peak_hz(heard) - 600) < 5
    assert np.abs(heard).max() > 0.1


def test_what_is_wrong_is_said_in_a_sentence(server: Pulse) -> None:
    listed = subprocess.run([*LINE, "--list", "--json"], capture_output=True, check=True)
    names = [one["name"] for one in json.loads(listed.stdout)["microphones"]]
    assert "default" in names
    assert "null" not in names
    assert subprocess.run(LINE, capture_output=True, check=False).returncode == 2
    absent = ["--talkgroup", "lv1", "--device", "pulse:nowhere", "--seconds", "1"]
    done = subprocess.run([*LINE, *absent], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "not there" in done.stderr


def test_a_level_is_one_line_of_one_length() -> None:
    assert len({len(level_bar(one)) for one in (-120.0, -60.0, -31.4, -3.0, 0.0)}) == 1
    assert "too loud" in level_bar(0.0)
