"""Whole Vaktbord processes for tests: a site, an exercise, a tone, desks. All end with the test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from audio import protocol
from audio.client import ANSWER_S, EngineClient, EngineError, stop_engine
from console.site.node.process import stop_site
from tests.turning import beside

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
PATIENCE_S = 60.0
END_S = 15.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {PATIENCE_S:.0f} s for {what}"
        time.sleep(0.02)


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return {**kept, "PYTHONPATH": str(ROOT), "TZ": "Europe/Oslo", **more}


class Net:
    """One home below which everything runs, on loopback alone."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._running: list[subprocess.Popen[bytes]] = []

    def start(
        self, command: str, *options: str, home: Path | None = None, pipe: bool = False
    ) -> subprocess.Popen[bytes]:
        """``pipe``: what it prints is read by the test."""
        line = [sys.executable, "-m", "console.cli", command, "--interface", LOOPBACK]
        line += ["--home", str(home or self.home), *options]
        output = subprocess.PIPE if pipe else None
        process = subprocess.Popen(line, env=environment(), stdin=subprocess.DEVNULL, stdout=output)
        self._running.append(process)
        return process

    def desk(self, *options: str) -> subprocess.Popen[bytes]:
        return self.start("desk", "--offscreen", "--device", "null", *options)

    def picture(self, name: str, after_s: float) -> dict[str, Any]:
        """What another desk of this home shows so long after its first paint."""
        file = self.home / name
        process = self.desk("--screenshot", str(file), "--after", str(after_s))
        assert process.wait(PATIENCE_S) == 0
        shown: dict[str, Any] = json.loads(file.read_bytes())
        return shown

    def stop(self) -> None:
        for process in reversed(self._running):
            end(process)


def hear_foreign_senders(home: Path) -> None:
    """The site of this home takes streams that are not secured, which is what `publish` sends."""
    folder = home / "site"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "policy.toml").write_text('[voice]\nunsecured = "mark"\n')


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def net(home: Path) -> Iterator[Net]:
    home.mkdir()
    hear_foreign_senders(home)
    running = Net(home)
    try:
        yield running
    finally:
        running.stop()
        for engine in (home, *(home / one for one in ("exercise", "tone", "two", "three"))):
            stop_engine(engine)
        stop_site(home)


class ToolBeside(EngineClient):
    """Asks an engine while the windows of this process go on."""

    def status(self, timeout_s: float = ANSWER_S) -> protocol.Status:
        return beside(lambda: super(ToolBeside, self).status(timeout_s))


@contextlib.contextmanager
def engine_of(home: Path) -> Iterator[tuple[EngineClient, list[protocol.Event]]]:
    """A tool beside the desk at the desk's own engine."""
    events: list[protocol.Event] = []
    client = ToolBeside(home, role="tool", on_event=events.append, on_lost=lambda _why: None)

    def connected() -> bool:
        try:
            client.connect()
        except EngineError:
            return False
        return True

    wait_for(connected, "the desk's engine")
    try:
        yield client, events
    finally:
        client.close()
