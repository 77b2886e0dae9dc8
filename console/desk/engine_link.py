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
from typing import Final

from audio import client, protocol
from audio.ready import make_ready
from console.desk.wishes import Wishes
from console.site.address import LinkState

log = logging.getLogger(__name__)

RETRY_S: Final = 0.25  # a dead engine is replaced within a second
SLOW_RETRY_S: Final = 2.0  # after repeated failures: the machine has a problem, not the engine
MAX_QUICK_FAILURES: Final = 8
MAX_COMMANDS: Final = 2_048
"""Waiting for the engine. One that doesn't fit is let go, and all wishes are then said anew."""


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
        linger_s: float | None = None,
    ) -> None:
        """``linger_s``: that the engine waits for a desk to come back; None = ten minutes."""
        self._home = home
        self._linger_s = linger_s
        self._interface = interface
        self._device = device
        self._log_level = log_level
        self._on_event = on_event
        self._on_state = on_state
        self._wishes = Wishes()
        self._commands: queue.Queue[protocol.Command] = queue.Queue(MAX_COMMANDS)
        self._overfull = threading.Event()
        self._asked_again = threading.Event()
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="engine-link", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        """The engine itself goes on for as long as it is to wait for a desk."""
        self._ended.set()
        self._lost.set()
        self._thread.join(timeout=5.0)

    def send(self, command: protocol.Command) -> None:
        """Never blocks. Without an engine a lasting command waits, a passing one is let go."""
        if not _is_sound(command):
            return
        with self._lock:
            self._wishes.note(command)
        try:
            self._commands.put_nowait(command)
        except queue.Full:
            self._overfull.set()

    def tell_again(self) -> None:
        """What was told of the engine was lost on the way: say once more how it stands."""
        self._asked_again.set()

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
            except Exception as error:  # whatever it is: without this thread there is no sound
                failures += 1
                log.exception("the link to the engine failed")
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
            self._home,
            role="desk",
            on_event=self._on_event,
            on_lost=lambda _why: self._lost.set(),
            linger_s=self._linger_s,
        )
        try:
            welcome = engine.connect()
            self._on_event(welcome)
            self._on_event(engine.status())  # the engine's picture first, then the desk's wishes
            self._say_wishes(engine)
            self._on_state("up", "")
            self._pass_on(engine, welcome)
        finally:
            engine.close()
        if not self._ended.is_set():
            self._on_state("down", "the engine went away")

    def _say_wishes(self, engine: client.EngineClient) -> None:
        with self._lock:
            self._overfull.clear()
            wishes = self._wishes.all()
            self._drain()
        for wish in wishes:
            engine.send(wish)

    def _drain(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._commands.get_nowait()

    def _pass_on(self, engine: client.EngineClient, welcome: protocol.Welcome) -> None:
        while not (self._lost.is_set() or self._ended.is_set()):
            if self._overfull.is_set():
                log.warning("more was asked of the engine than it took; saying all of it again")
                self._say_wishes(engine)
            if self._asked_again.is_set():
                self._asked_again.clear()
                self._on_event(welcome)
                self._on_state("up", "")
            with contextlib.suppress(queue.Empty):
                engine.send(self._commands.get(timeout=0.1))


def _is_sound(command: protocol.Command) -> bool:
    """The engine hangs up on nonsense, and would again on every wish that repeats it."""
    try:
        for body in protocol.Splitter().feed(protocol.encode(command)):
            protocol.decode_command(body)
    except protocol.ProtocolError as error:
        log.warning("a command that no engine would take was left out: %s", error)
        return False
    return True
