"""The audio engine that a command speaks to: one of its own for most, which ends with it."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from audio import protocol
from audio.client import EngineClient, EngineError, ensure_engine, find_engine, stop_engine
from console.commands.interrupts import interrupted_afterwards

MAX_REFUSALS: Final = 256
POLL_S: Final = 0.2


class ToolEngine:
    """What a command needs of its engine: send, wait, and what was refused. Thread-safe."""

    def __init__(self, home: Path, also: Callable[[protocol.Event], None]) -> None:
        """``also`` is told every event, on the client's thread."""
        self._lock = threading.Lock()
        self._recorded = threading.Event()
        self._lost = threading.Event()
        self.recording: protocol.RecordDone | None = None
        self.refusals: dict[str, str] = {}  # stream, or command where there is none, to why
        self.ended_bursts = 0
        self.why_lost = ""
        self.meters = ""  # path of the levels
        self._also = also
        self.client = EngineClient(home, role="tool", on_event=self._event, on_lost=self._gone)

    def send(self, command: protocol.Command) -> None:
        self.client.send(command)

    def wait_recorded(self, timeout_s: float) -> protocol.RecordDone:
        """Raises EngineError when the engine went away, refused or did not finish in time."""
        waited_s = 0.0
        while not self._recorded.wait(POLL_S):
            waited_s += POLL_S
            self.check()
            if "record" in self.refusals:
                raise EngineError(self.refusals["record"])
            if waited_s > timeout_s:
                raise EngineError("the audio engine did not finish the recording in time")
        assert self.recording is not None
        return self.recording

    def check(self) -> None:
        """Raises EngineError if the engine has gone."""
        if self._lost.is_set():
            raise EngineError(f"the audio engine went away: {self.why_lost}")

    def _event(self, event: protocol.Event) -> None:
        match event:
            case protocol.RecordDone():
                self.recording = event
                self._recorded.set()
            case protocol.Refused(command=command, why=why, stream=stream):
                with self._lock:
                    if len(self.refusals) < MAX_REFUSALS:
                        self.refusals[stream or command] = why
            case protocol.BurstSent(on=False):
                self.ended_bursts += 1
            case _:
                pass
        self._also(event)

    def _gone(self, why: str) -> None:
        self.why_lost = why
        self._lost.set()


@contextlib.contextmanager
def tool_engine(
    interface: str | None,
    log_level: str,
    *,
    device: str = "null",
    also: Callable[[protocol.Event], None] = lambda _event: None,
) -> Iterator[ToolEngine]:
    """Raises EngineError when it can't be started."""
    with tempfile.TemporaryDirectory(prefix="vaktbord-") as folder:
        engine = ToolEngine(Path(folder), also)
        with connected(engine.client, Path(folder), interface, log_level, device) as welcome:
            engine.meters = welcome.meters
            yield engine


@contextlib.contextmanager
def connected(
    client: EngineClient,
    home: Path,
    interface: str | None,
    log_level: str,
    device: str = "null",
) -> Iterator[protocol.Welcome]:
    """To the engine that runs below this home, else to one with this sound device that ends with
    it. Raises EngineError."""
    is_ours = find_engine(home) is None
    try:
        with interrupted_afterwards():
            ensure_engine(home, interface=interface, device=device, log_level=log_level)
        yield client.connect()
    finally:
        client.close()
        if is_ours:
            stop_engine(home)
