"""Devices that refuse 48 kHz: real ones, of ALSA and of JACK, at a server of 44.1 kHz."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audio.devices.portaudio import BLOCK, RATE
from tests.audio.engine_fixtures import wait_until
from tests.audio.jack_player import BLOCKS, HZ

ROOT = Path(__file__).resolve().parents[2]
JACK_RATE = 44_100
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("jackd") is None, reason="needs jackd"),
]


@contextlib.contextmanager
def jack(folder: Path) -> Iterator[dict[str, str]]:
    """A server without a sound card, which yet has a clock, and what its clients need."""
    name = f"vaktbord-{uuid.uuid4().hex[:8]}"
    env = {**os.environ, "JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"}
    env |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PULSE_SERVER": "unix:/nowhere"}
    log = folder / "jackd.log"
    line = ["jackd", "-n", name, "-r", "-d", "dummy", "-r", str(JACK_RATE), "-p", "1024"]
    with log.open("wb") as said:
        server = subprocess.Popen(line, env=env, stdout=said, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: "jack" in listed(env), "JACK's server is there")
        yield env
    finally:
        server.terminate()
        server.wait()


def listed(env: dict[str, str]) -> list[str]:
    line = [sys.executable, "-m", "audio.devices.listing"]
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, check=False)
    found: list[str] = json.loads(done.stdout) if done.returncode == 0 else []
    return found


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with jack(tmp_path_factory.mktemp("jack")) as one:
        yield one


@pytest.mark.parametrize("device", ["jack", "system"], ids=["ALSA", "JACK"])
def test_a_device_of_another_rate_plays_the_same_tone(device: str, env: dict[str, str]) -> None:
    line = [sys.executable, "-m", "tests.audio.jack_player", device]
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    played: dict[str, Any] = json.loads(done.stdout)
    assert played["rate"] == JACK_RATE
    assert abs(played["peak_hz"] - HZ) < 3
    assert played["peak"] == pytest.approx(0.5, abs=0.01)
    assert 0.8 < played["seconds"] / (BLOCKS * BLOCK / RATE) < 1.01
