"""The engine from outside: find it, start it, talk to it, stop it."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from audio import protocol
from audio.home import EngineAddress, engine_dir, is_claimed, make_private, read_address
from audio.ready import make_ready

log = logging.getLogger(__name__)

START_S: Final = 20.0
STOP_S: Final = 10.0
ANSWER_S: Final = 2.0
SEND_S: Final = 2.0  # the engine's door always reads; one that doesn't for so long has hung
POLL_S: Final = 0.03
READ_BYTES: Final = 65_536
BUSY_EXIT: Final = 3  # of the starter: another engine was quicker


class EngineError(Exception):
    """The engine can't be started, reached or heard from. One sentence for a person."""


def ensure_engine(
    home: Path, *, interface: str | None, device: str = "default", log_level: str = "info"
) -> EngineAddress:
    """The engine that lives below ``home``, else a new one that outlives us. Raises EngineError."""
    home = home.resolve()
    deadline_s = time.monotonic() + START_S
    while time.monotonic() < deadline_s:
        found = find_engine(home)
        if found is not None:
            return found
        if is_claimed(home):  # it is starting, or was killed and isn't quite gone
            time.sleep(POLL_S)
        else:
            _start(home, interface, device, log_level)
    raise EngineError(f"the audio engine does not answer; see {engine_dir(home)}/engine.log")


def find_engine(home: Path) -> EngineAddress | None:
    """None when none answers. Raises EngineError for an engine of another version."""
    address = read_address(home)
    if address is None:
        return None
    try:
        with _dial(address):
            pass
    except OSError:
        return None
    if address.version != protocol.VERSION:
        raise EngineError(
            f"an audio engine of another version is running; end process {address.pid} first"
        )
    return address


def stop_engine(home: Path) -> bool:
    """End this home's engine and wait until it has. False when there was none."""
    home = home.resolve()
    if not is_claimed(home):
        return False
    address = read_address(home)
    client = EngineClient(home, role="tool", on_event=_ignore, on_lost=_ignore)
    try:
        client.connect()
        client.send(protocol.Stop())
        _wait_until_gone(home)
    except EngineError:
        if address is None or not is_claimed(home):
            return True
        with contextlib.suppress(ProcessLookupError):  # it holds the claim, so it is no other's
            os.kill(address.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        _wait_until_gone(home)
    finally:
        client.close()
    return True


def _ignore(_: object) -> None:
    """For a client that only says one thing."""


def _wait_until_gone(home: Path) -> None:
    deadline_s = time.monotonic() + STOP_S
    while is_claimed(home):
        if time.monotonic() > deadline_s:
            raise EngineError("the audio engine does not end")
        time.sleep(POLL_S)


def _start(home: Path, interface: str | None, device: str, log_level: str) -> None:
    """The starter returns once the engine is ready or has failed. Raises EngineError."""
    make_private(engine_dir(home))
    line = [sys.executable, "-m", "audio", "--home", str(home), "--device", device]
    line += ["--log-level", log_level, "--detach"]
    line += ["--interface", interface] if interface else []
    try:
        done = subprocess.run(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=home.anchor,
            env=_environment(),
            timeout=START_S,
            check=False,
            start_new_session=True,  # a Ctrl-C is for us; half an engine would be left
        )
    except subprocess.TimeoutExpired:
        raise EngineError(f"the audio engine did not start within {START_S:.0f} s") from None
    except OSError as error:
        raise EngineError(f"the audio engine can't be started: {error}") from error
    if done.returncode not in (0, BUSY_EXIT):
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise EngineError(f"the audio engine did not start: {said[-1] if said else 'no reason'}")


def _environment() -> dict[str, str]:
    """Ours, with this package found from anywhere."""
    root = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root}


def _dial(address: EngineAddress, timeout_s: float = ANSWER_S) -> socket.socket:
    """Raises OSError."""
    if address.port:
        return socket.create_connection(("127.0.0.1", address.port), timeout=timeout_s)
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        one.settimeout(timeout_s)
        one.connect(address.path)
    except OSError:
        one.close()
        raise
    return one


class EngineClient:
    """A connection. ``on_event`` and ``on_lost`` (once, not after ``close``) run on its thread."""

    def __init__(
        self,
        home: Path,
        *,
        role: Literal["desk", "tool"],
        on_event: Callable[[protocol.Event], None],
        on_lost: Callable[[str], None],
        linger_s: float | None = None,
    ) -> None:
        """``linger_s``: that the engine waits for us to come back; None = what is usual."""
        self._home = home.resolve()
        self._role = role
        self._linger_s = linger_s
        self._on_event = on_event
        self._on_lost = on_lost
        self._splitter = protocol.Splitter(protocol.MAX_EVENT)
        self._socket: socket.socket | None = None
        self._sending = threading.Lock()
        self._asking = threading.Lock()
        self._answers: queue.Queue[protocol.Status] = queue.Queue(1)
        self._is_asked = False
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def connect(self, timeout_s: float = ANSWER_S) -> protocol.Welcome:
        """Raises EngineError."""
        address = read_address(self._home)
        if address is None:
            raise EngineError("no audio engine is running here")
        try:
            one = self._socket = _dial(address, timeout_s)
            hello = protocol.Hello(protocol.VERSION, address.token, self._role, self._linger_s)
            one.sendall(protocol.encode(hello))
            welcome, others = self._await_welcome(one)
        except (OSError, protocol.ProtocolError) as error:
            self._hang_up()
            raise EngineError(f"the audio engine does not answer: {error}") from error
        except EngineError:
            self._hang_up()
            raise
        one.settimeout(SEND_S)
        self._thread = threading.Thread(
            target=self._read, args=(one, others), name="engine-client", daemon=True
        )
        make_ready()
        self._thread.start()
        return welcome

    def _await_welcome(self, one: socket.socket) -> tuple[protocol.Welcome, list[protocol.Event]]:
        while True:
            data = one.recv(READ_BYTES)
            if not data:
                raise EngineError("the audio engine closed the connection")
            events = [protocol.decode_event(body) for body in self._splitter.feed(data)]
            if not events:
                continue
            first, *others = events
            if isinstance(first, protocol.Refused):
                raise EngineError(f"the audio engine refused: {first.why}")
            if isinstance(first, protocol.Welcome):
                return first, others
            raise EngineError("the audio engine did not greet")

    def send(self, command: protocol.Command) -> None:
        """Raises EngineError when the engine has gone or hung."""
        one = self._socket
        if one is None:
            raise EngineError("not connected to an audio engine")
        try:
            with self._sending:
                one.sendall(protocol.encode(command))
        except OSError as error:
            raise EngineError(f"the audio engine does not take commands: {error}") from error
        except protocol.ProtocolError as error:
            raise EngineError(f"a command that is too long: {error}") from error

    def status(self, timeout_s: float = ANSWER_S) -> protocol.Status:
        """Raises EngineError."""
        with self._asking:
            with contextlib.suppress(queue.Empty):  # the late answer to an earlier question
                self._answers.get_nowait()
            self._is_asked = True
            try:
                self.send(protocol.GetStatus())
                return self._answers.get(timeout=timeout_s)
            except queue.Empty:
                raise EngineError("the audio engine did not answer in time") from None
            finally:
                self._is_asked = False

    def close(self) -> None:
        """Says goodbye. Not to be called from the callbacks."""
        if self._socket is not None and not self._closing.is_set():
            self._closing.set()
            with contextlib.suppress(EngineError):
                self.send(protocol.Bye())
        self._hang_up()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=STOP_S)

    def _hang_up(self) -> None:
        one, self._socket = self._socket, None
        if one is None:
            return
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def _read(self, one: socket.socket, events: list[protocol.Event]) -> None:
        why = "the connection was closed"
        try:
            while True:
                for event in events:
                    self._deliver(event)
                events = self._receive(one)
        except (OSError, protocol.ProtocolError) as error:
            why = str(error)
        if not self._closing.is_set():
            self._on_lost(why)

    def _receive(self, one: socket.socket) -> list[protocol.Event]:
        """Raises OSError at the end of the connection."""
        try:
            data = one.recv(READ_BYTES)
        except TimeoutError:
            return []
        if not data:
            raise ConnectionResetError("the engine closed the connection")
        return [protocol.decode_event(body) for body in self._splitter.feed(data)]

    def _deliver(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.Status) and self._is_asked:
            with contextlib.suppress(queue.Full):
                self._answers.put_nowait(event)
            return
        try:
            self._on_event(event)
        except Exception:  # the reader outlives what its listener does wrong
            log.exception("an engine event could not be taken in")
