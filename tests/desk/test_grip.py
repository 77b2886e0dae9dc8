"""A desk that holds its interpreter for 200 ms at a time is not heard at a real sink."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from audio import protocol
from audio.client import stop_engine
from tests.audio.pulse import Pulse, missing, pulse, read_raw
from tests.desk.processes import LOOPBACK, Net, end, engine_of, environment, wait_for
from tests.desk.test_desk_process import RATE, publish_tone

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
LONG = (pytest.mark.long, pytest.mark.timeout(400))
BLOCK = RATE // 200  # 5 ms: many periods of the tone
SILENT = 0.01  # a tenth of the tone's level at the sink
SETTLE_S = 1.0  # a sink that has just been opened may stumble once
ROUNDS = 3  # a busy machine loses a moment by itself; bursts that are heard are heard each time


class Gripping:
    """One process of tests/desk/gripping.py, and what the sink plays meanwhile."""

    def __init__(self, process: subprocess.Popen[str], server: Pulse, folder: Path) -> None:
        self._process = process
        self._server = server
        self._out = folder / "heard.raw"

    def silence_s(self, order: str, seconds: float) -> float:
        """Of so many seconds after that order, in pieces of 5 ms or more."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()
        with self._server.recording(self._out):
            time.sleep(seconds)
        assert self._process.poll() is None
        heard = np.abs(read_raw(self._out)).max(axis=1)
        levels = heard[: len(heard) // BLOCK * BLOCK].reshape(-1, BLOCK).max(axis=1)
        return float((levels < SILENT).sum() * BLOCK / RATE)

    def without_and_with_bursts(self, seconds: float) -> tuple[float, float]:
        return self.silence_s("rest", seconds), self.silence_s("grip", seconds)


@contextlib.contextmanager
def gripping(server: Pulse, folder: Path, *words: str) -> Iterator[Gripping]:
    line = [sys.executable, "-m", "tests.desk.gripping", *words]
    with subprocess.Popen(line, env=environment(), stdin=subprocess.PIPE, text=True) as process:
        try:
            yield Gripping(process, server, folder)
        finally:
            end(process)  # type: ignore[arg-type]  # what it writes is not read


def wait_for_tone(lan: Net) -> protocol.StreamSpec:
    """Until the desk's engine plays it."""
    with engine_of(lan.home) as (engine, _events):

        def plays() -> bool:
            status = engine.status(10.0)
            is_talking = any(one.talking for one in status.streams)
            return is_talking and status.device_state == "playing"

        wait_for(plays, "the tone at the sink")
        return engine.status(10.0).streams[0].spec


@pytest.mark.parametrize("seconds", [pytest.param(1.2, marks=LONG), pytest.param(30.0, marks=LONG)])
def test_a_desk_that_holds_its_interpreter_makes_no_gap(
    lan: Net, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """And the same bursts beside an engine in the same process are heard."""
    publish_tone(lan)
    with pulse() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        words = ("desk", "--offscreen", "--interface", LOOPBACK, "--home", str(lan.home))
        with gripping(server, lan.home, *words) as desk:
            spec = wait_for_tone(lan)
            time.sleep(SETTLE_S)
            found = [desk.without_and_with_bursts(seconds)]
            while found[-1][1] > found[-1][0] and len(found) < ROUNDS:
                found.append(desk.without_and_with_bursts(seconds))
        stop_engine(lan.home)
        where = str(lan.home / "control")
        with gripping(server, lan.home, "engine", where, msgspec.json.encode(spec).decode()) as one:
            wait_for(lambda: is_heard(server, lan.home / "first.raw"), "the control's tone")
            control = one.without_and_with_bursts(seconds)
    assert found[-1][1] <= found[-1][0], f"without and with bursts: {found}"
    assert control[1] > control[0] + seconds / 10, f"the control, without and with: {control}"


def is_heard(server: Pulse, file: Path) -> bool:
    with server.recording(file):
        time.sleep(0.3)
    return bool(np.abs(read_raw(file)[-BLOCK:]).max(initial=0.0) > SILENT)
