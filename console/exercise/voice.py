"""The exercise's own audio engine: started, told what to send, replaced when it dies, ended."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from audio import protocol
from audio.client import EngineClient, EngineError, ensure_engine, stop_engine
from audio.ready import make_ready

log = logging.getLogger(__name__)

RETRY_S: Final = 0.25
SLOW_RETRY_S: Final = 2.0  # after several failures: the machine has a problem, not the engine
MAX_QUICK_FAILURES: Final = 8
LINGER_S: Final = 5.0  # that the engine goes on when the exercise has been killed
JOIN_S: Final = 25.0  # an engine that starts just now is waited for


class Voice:
    """The callbacks run on threads of this class; ``on_down`` at each loss and failed try."""

    def __init__(
        self,
        home: Path,
        *,
        interface: str | None,
        log_level: str,
        publications: Sequence[protocol.Publish],
        on_event: Callable[[protocol.Event], None],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
    ) -> None:
        self._home = home
        self._interface = interface
        self._log_level = log_level
        self._publications = publications
        self._keys: dict[str, protocol.SetSendKey] = {}
        self._telling = threading.Lock()  # a key must not slip between publication and next word
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._client: EngineClient | None = None
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="exercise-voice", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def wait_ready(self, timeout_s: float) -> bool:
        """Whether there is an engine to say something."""
        return self._ready.wait(timeout_s)

    def secure(self, command: protocol.SetSendKey) -> None:
        """From now on, with every engine: nothing of it is said in the clear again."""
        with self._telling:
            self._keys[command.publication] = command
            client = self._client
            if client is None:
                return
            try:
                client.send(command)
            except EngineError as error:  # the next engine is told
                log.warning("%s", error)

    def open(self, wish: protocol.Publish, key: protocol.SetSendKey) -> bool:
        """A stream beside the lasting ones, of a call: with its engine it is over."""
        return self._send(wish) and self._send(key)

    def close(self, publication: str) -> None:
        self._send(protocol.Unpublish(publication))

    def say(self, command: protocol.Say) -> bool:
        """False: there is no engine now, and it won't be said."""
        return self._send(command)

    def _send(self, command: protocol.Command) -> bool:
        client = self._client
        if client is None:
            return False
        try:
            client.send(command)
        except EngineError as error:
            log.warning("%s", error)
            return False
        return True

    def stop(self) -> None:
        """Cuts off who speaks, then ends the engine."""
        client = self._client
        if client is not None:
            with contextlib.suppress(EngineError):
                for one in self._publications:
                    client.send(protocol.Unpublish(one.publication))
                client.status()  # all before it has been done
        self._ended.set()
        self._lost.set()
        self._thread.join(timeout=JOIN_S)
        try:
            stop_engine(self._home)
        except (EngineError, OSError) as error:
            log.warning("%s", error)

    def _run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            try:
                self._live_with_one_engine()
                failures = 0
                why = "the audio engine went away"
            except (EngineError, OSError) as error:
                failures += 1
                why = str(error)
            if self._ended.is_set():
                return
            self._on_down(why)
            self._ended.wait(RETRY_S if failures < MAX_QUICK_FAILURES else SLOW_RETRY_S)

    def _live_with_one_engine(self) -> None:
        """From finding an engine to losing it. Raises EngineError or OSError."""
        ensure_engine(
            self._home, interface=self._interface, device="null", log_level=self._log_level
        )
        self._lost.clear()
        if self._ended.is_set():
            return
        client = EngineClient(
            self._home,
            role="tool",
            on_event=self._on_event,
            on_lost=lambda _why: self._lost.set(),
            linger_s=LINGER_S,
        )
        try:
            client.connect()
            with self._telling:
                for one in self._publications:
                    client.send(one)
                for key in self._keys.values():
                    client.send(key)
                self._client = client
            self._ready.set()
            self._on_up()
            self._lost.wait()
        finally:
            self._client = None
            self._ready.clear()
            client.close()
