"""The engine's door: a local socket, one thread, several clients, none of them waited for.

Every client proves itself by the token of the lock file before anything else is read. What the
engine has to say goes into a bounded queue per client: from one that doesn't read, the oldest
are dropped.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from audio import home, protocol

log = logging.getLogger(__name__)

MAX_CLIENTS: Final = 32
MAX_OUTBOX: Final = 1_024  # frames waiting for one client; the oldest go
MAX_OUTBOX_BYTES: Final = 16_777_216
MAX_UNSORTED: Final = 8_192  # frames on their way from the engine's threads; the oldest go
HELLO_S: Final = 5.0  # a connection that hasn't said who it is by then is closed
FLUSH_S: Final = 1.0  # for last words to a client that is turned away, and at the end
READ_BYTES: Final = 65_536


@dataclass(eq=False, slots=True)
class Client:
    """One connection. Belongs to the door's thread."""

    number: int
    socket: socket.socket
    since_s: float
    splitter: protocol.Splitter = field(default_factory=protocol.Splitter)
    outbox: deque[bytes] = field(default_factory=deque)
    outbox_bytes: int = 0
    begun: memoryview | None = None  # the frame that is being written
    is_desk: bool = False
    welcome: bool = False
    said_goodbye: bool = False
    linger_s: float | None = None
    close_by_s: float | None = None  # turned away: gone when its outbox is empty or by then
    dropped: int = 0

    def queue(self, frame: bytes) -> None:
        self.outbox.append(frame)
        self.outbox_bytes += len(frame)
        while len(self.outbox) > MAX_OUTBOX or self.outbox_bytes > MAX_OUTBOX_BYTES:
            self.outbox_bytes -= len(self.outbox.popleft())
            self.dropped += 1

    @property
    def has_words(self) -> bool:
        return self.begun is not None or bool(self.outbox)


@dataclass(frozen=True)
class Handlers:
    """Called on the door's thread; none may block.

    ``command`` gets the client's number for :meth:`Door.tell` and returns why it was refused, or
    an empty string.
    """

    command: Callable[[int, protocol.Command], str]
    joined: Callable[[bool], None]  # is it a desk
    left: Callable[[int, bool, bool, float | None], None]
    """Its number, is it a desk, did it say goodbye, how long it wants to be waited for."""


class Door:
    """Opened by the constructor (raises OSError), served from ``start`` to ``close``."""

    def __init__(
        self, path: Path | None, *, welcome: protocol.Welcome, token: str, handlers: Handlers
    ) -> None:
        """``path``: the socket's; None = TCP on loopback (Windows has no AF_UNIX in Python)."""
        self._path = path
        self._welcome = welcome
        self._token = token
        self._handlers = handlers
        self._clients: dict[int, Client] = {}
        self._numbers = 0
        self._unsorted: deque[tuple[int | None, protocol.Frame]] = deque(maxlen=MAX_UNSORTED)
        self._ending = threading.Event()
        self.refused = 0  # frames and commands, each once
        self._listener = _listen(path)
        self._inode = _inode(path)
        self._ear, self._bell = socket.socketpair()
        for one in (self._listener, self._ear, self._bell):
            one.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)

    @property
    def port(self) -> int:
        return 0 if self._path is not None else int(self._listener.getsockname()[1])

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Last words are still delivered to who reads them."""
        self._ending.set()
        self._ring()
        if self._thread.ident is not None:
            self._thread.join()
        for client in list(self._clients.values()):
            client.socket.close()
        for one in (self._listener, self._ear, self._bell):
            one.close()
        self._selector.close()
        if self._path is not None and _inode(self._path) == self._inode:  # not a successor's
            self._path.unlink(missing_ok=True)

    # -- any thread -------------------------------------------------------------------------

    def tell(self, number: int, frame: protocol.Frame) -> None:
        """To one client, if it is still there. Never blocks."""
        self._unsorted.append((number, frame))
        self._ring()

    def tell_all(self, frame: protocol.Frame) -> None:
        self._unsorted.append((None, frame))
        self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # it rings already, or the door is closed for good
            self._bell.send(b"!")

    # -- the door's thread ------------------------------------------------------------------

    def _run(self) -> None:
        end_by_s = float("inf")
        while True:
            for key, events in self._selector.select(0.5):
                self._serve(key, events)
            self._sort()
            for client in list(self._clients.values()):
                self._look_after(client, time.monotonic())
            if self._ending.is_set():
                end_by_s = min(end_by_s, time.monotonic() + FLUSH_S)
                if not any(one.has_words for one in self._clients.values()):
                    return
            if time.monotonic() > end_by_s:
                return

    def _serve(self, key: selectors.SelectorKey, events: int) -> None:
        if key.fileobj is self._listener:
            self._accept()
        elif key.fileobj is self._ear:
            with contextlib.suppress(BlockingIOError):
                self._ear.recv(4_096)
        elif key.data.number in self._clients:
            if events & selectors.EVENT_WRITE:
                self._write(key.data)
            if events & selectors.EVENT_READ:
                self._read(key.data)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as error:  # it has gone again, or we are out of file descriptors
            log.warning("a client could not be let in: %s", error)
            return
        if len(self._clients) >= MAX_CLIENTS:
            connection.close()
            return
        connection.setblocking(False)
        self._numbers += 1
        client = Client(self._numbers, connection, time.monotonic())
        self._clients[client.number] = client
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _read(self, client: Client) -> None:
        try:
            data = client.socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.refused += client.close_by_s is None and client.splitter.is_amid
            self._remove(client)
        elif client.close_by_s is None:
            self._take(client, data)

    def _take(self, client: Client, data: bytes) -> None:
        try:
            for body in client.splitter.feed(data):
                self._obey(client, protocol.decode_command(body))
                if client.close_by_s is not None:
                    return
        except protocol.ProtocolError as error:
            self._turn_away(client, f"not a command of this engine: {error}")

    def _obey(self, client: Client, command: protocol.Command) -> None:
        if isinstance(command, protocol.Hello):
            self._greet(client, command)
        elif not client.welcome:
            self._turn_away(client, "say hello first, with the token of the lock file")
        elif isinstance(command, protocol.Bye):
            client.said_goodbye = True
        elif why := self._handlers.command(client.number, command):
            name = str(type(command).__struct_config__.tag)
            self._queue(client, protocol.Refused(name, why, stream=protocol.named_stream(command)))

    def _greet(self, client: Client, hello: protocol.Hello) -> None:
        if not hmac.compare_digest(hello.token.encode(), self._token.encode()):
            self._turn_away(client, "the token is not this engine's; read the lock file again")
        elif hello.version != protocol.VERSION:
            ours = protocol.VERSION
            self._turn_away(client, f"this engine speaks version {ours}, not {hello.version}")
        elif not client.welcome:
            client.welcome, client.is_desk = True, hello.role == "desk"
            client.linger_s = hello.linger_s
            self._handlers.joined(client.is_desk)
            self._queue(client, self._welcome)

    def _turn_away(self, client: Client, why: str) -> None:
        client.close_by_s = time.monotonic() + FLUSH_S
        self._queue(client, protocol.Refused("", why[:1_000]))

    def _sort(self) -> None:
        """What the engine's threads said, into the clients' queues."""
        for _ in range(len(self._unsorted)):
            number, frame = self._unsorted.popleft()
            if number is not None:
                self._answer(number, frame)
                continue
            data = protocol.encode(frame)
            for client in self._clients.values():
                if client.welcome:
                    client.queue(data)

    def _answer(self, number: int, frame: protocol.Frame) -> None:
        """To one who may have gone meanwhile."""
        client = self._clients.get(number)
        if client is not None:
            self._queue(client, frame)
        elif isinstance(frame, protocol.Refused):
            self.refused += 1

    def _queue(self, client: Client, frame: protocol.Frame) -> None:
        self.refused += isinstance(frame, protocol.Refused)
        client.queue(protocol.encode(frame))

    def _look_after(self, client: Client, now_s: float) -> None:
        if client.has_words:
            self._write(client)
        if client.number not in self._clients:
            return
        is_done = client.close_by_s is not None and not client.has_words
        is_late = client.close_by_s is not None and now_s > client.close_by_s
        if is_done or is_late or (not client.welcome and now_s - client.since_s > HELLO_S):
            self._remove(client)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.has_words else 0)
        self._selector.modify(client.socket, wanted, client)

    def _write(self, client: Client) -> None:
        try:
            while client.has_words:
                if client.begun is None:
                    frame = client.outbox.popleft()
                    client.outbox_bytes -= len(frame)
                    client.begun = memoryview(frame)
                client.begun = client.begun[client.socket.send(client.begun) :] or None
        except BlockingIOError:
            return
        except OSError:
            self._remove(client)

    def _remove(self, client: Client) -> None:
        del self._clients[client.number]
        self._selector.unregister(client.socket)
        client.socket.close()
        if client.dropped:
            log.warning("a client did not read; %d events were dropped for it", client.dropped)
        if client.welcome:
            self._handlers.left(client.number, client.is_desk, client.said_goodbye, client.linger_s)


def _inode(path: Path | None) -> int:
    """0 for a file that isn't there."""
    try:
        return path.stat().st_ino if path is not None else 0
    except OSError:
        return 0


def _listen(path: Path | None) -> socket.socket:
    if path is None:
        return socket.create_server(("127.0.0.1", 0))
    home.make_private(path.parent)
    path.unlink(missing_ok=True)  # a dead engine's: the caller holds the claim
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(MAX_CLIENTS)
    except OSError:
        listener.close()
        raise
    return listener
