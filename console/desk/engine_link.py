"""Keeps this position's audio engine running and told what to do.

One thread. It finds or starts the engine, connects, sends what is asked, and starts a new engine
when the old one dies. What the engine should be doing is kept here as *wishes* (last word per
stream), so that a new engine is brought to the same picture. No Qt.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from audio import client, protocol
from console.desk.wishes import Wishes

log = logging.getLogger(__name__)

RETRY_S: Final = 0.25  # a dead engine is replaced within a second
SLOW_RETRY_S: Final = 2.0  # after repeated failures: the machine has a problem, not the engine
MAX_QUICK_FAILURES: Final = 8
MAX_COMMANDS: Final = 2_048  # waiting for the engine; the oldest wish is kept by key anyway

LinkState = Literal["up", "connecting", "down"]


class EngineLink:
    """The desk's side of the engine. ``on_event`` and ``on_state`` run on the link's threads."""

    def __init__(
        self,
        home: Path,
        *,
        interface: str | None,
        device: str,
        log_level: str,
        on_event: Callable[[protocol.Event], None],
        on_state: Callable[[LinkState, str], None],
    ) -> None:
        self._home = home
        self._interface = interface
        self._device = device
        self._log_level = log_level
        self._on_event = on_event
        self._on_state = on_state
        self._wishes = Wishes()
        self._commands: queue.Queue[protocol.Command] = queue.Queue(MAX_COMMANDS)
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="engine-link", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The engine itself goes on: it ends ten minutes after its last desk."""
        self._ended.set()
        self._lost.set()
        self._thread.join(timeout=5.0)

    def send(self, command: protocol.Command) -> None:
        """Never blocks. Without an engine a lasting command waits, a passing one is let go."""
        with self._lock:
            self._wishes.note(command)
        with contextlib.suppress(queue.Full):  # a stuck engine: its successor gets the wishes
            self._commands.put_nowait(command)

    def _run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            try:
                self._live_with_one_engine()
                failures = 0
            except (client.EngineError, OSError) as error:
                failures += 1
                log.warning("engine: %s", error)
                self._on_state("down", str(error))
            patience = RETRY_S if failures < MAX_QUICK_FAILURES else SLOW_RETRY_S
            self._ended.wait(patience)

    def _live_with_one_engine(self) -> None:
        """From finding an engine to losing it. Raises EngineError or OSError."""
        self._on_state("connecting", "")
        client.ensure_engine(
            self._home, interface=self._interface, device=self._device, log_level=self._log_level
        )
        self._lost.clear()
        engine = client.EngineClient(
            self._home, role="desk", on_event=self._on_event, on_lost=lambda _why: self._lost.set()
        )
        try:
            self._on_event(engine.connect())
            self._bring_up_to_date(engine)
            self._on_state("up", "")
            self._pass_on(engine)
        finally:
            engine.close()
        if not self._ended.is_set():
            self._on_state("down", "the engine went away")

    def _bring_up_to_date(self, engine: client.EngineClient) -> None:
        """The engine's picture to the desk, then the desk's wishes to the engine."""
        self._on_event(engine.status())
        with self._lock:
            wishes = self._wishes.all()
            self._drain()
        for wish in wishes:
            engine.send(wish)

    def _drain(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._commands.get_nowait()

    def _pass_on(self, engine: client.EngineClient) -> None:
        while not self._lost.is_set():
            with contextlib.suppress(queue.Empty):
                engine.send(self._commands.get(timeout=0.1))
