"""The door: HTTPS for those who have no certificate yet. Bounded in every way: anybody may knock.

TLS 1.3 by the site's server certificate, one request a connection. A connection has few seconds in
all, however slowly it is fed; at the bound the address with the most of them loses its oldest, so
that who leaves connections half open shuts out itself.
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any, Final

from audio.ready import make_ready
from console.site.address import SiteError
from console.site.node.server import TlsFiles
from console.site.security.rate import host_of

log = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 64
MAX_OF_ONE_HOST: Final = 8
MAX_REQUEST_BYTES: Final = 24_576
"""Request line, headers and body together."""
MAX_S: Final = 10.0
"""From the connection to its end; a proof takes less than one."""
SILENCE_S: Final = 5.0
POLL_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes


Answer = Callable[[str, bytes, str], Reply]
"""Path, body, the caller's address. May block for a while; called from several threads."""


@dataclass(eq=False, slots=True)
class _Guest:
    host: str
    connection: socket.socket
    since_s: float = field(default_factory=time.monotonic)


class _Guests:
    """Who is in. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in: list[_Guest] = []
        self.turned_away = 0

    def let_in(self, guest: _Guest) -> bool:
        with self._lock:
            if sum(one.host == guest.host for one in self._in) >= MAX_OF_ONE_HOST:
                self.turned_away += 1
                return False
            if len(self._in) >= MAX_CONNECTIONS:
                self._show_out(self._least_welcome())
            self._in.append(guest)
            return True

    def _least_welcome(self) -> _Guest:
        """The oldest of the address that has the most."""
        counts = Counter(one.host for one in self._in)
        most = max(counts.values())
        return next(one for one in self._in if counts[one.host] == most)

    def _show_out(self, guest: _Guest) -> None:
        self.turned_away += 1
        self._in.remove(guest)
        _shut(guest.connection)

    def is_here(self, guest: _Guest) -> bool:
        with self._lock:
            return guest in self._in

    def replace(self, guest: _Guest, connection: socket.socket) -> None:
        """It speaks TLS now. It may have been shown out meanwhile."""
        with self._lock:
            guest.connection = connection
            if guest not in self._in:
                _shut(connection)

    def gone(self, guest: _Guest) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._in.remove(guest)

    def end_old(self, older_than_s: float) -> None:
        with self._lock:
            before = time.monotonic() - older_than_s
            for guest in [one for one in self._in if one.since_s <= before]:
                self._show_out(guest)

    def __len__(self) -> int:
        with self._lock:
            return len(self._in)


def _shut(connection: socket.socket) -> None:
    """Its thread wakes up. Not by the TLS object's own way, which isn't made for two threads."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Door:
    """``certificate`` is what is shown, in DER."""

    def __init__(self, tls: TlsFiles) -> None:
        self._tls = tls
        self.certificate = b""
        self.guests = _Guests()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.server_address[1])

    def start(self, host: str, port: int, answer: Answer) -> None:
        """At ``port`` if that is free, else at another. ``answer`` makes the replies. Raises
        SiteError."""
        self.answer = answer
        self.renew()
        self._server = self._bound(host, port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="site-door", daemon=True
        )
        make_ready()
        self._thread.start()

    def renew(self) -> None:
        """Show what is on disk now, from the next guest on. A context of its own, as one that is
        being filled turns guests away. Raises SiteError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.num_tickets = 0  # nobody comes back to the same session
        try:
            pem = self._tls.certificate.read_text(encoding="ascii")
            context.load_cert_chain(self._tls.certificate, self._tls.key)
            self.certificate = ssl.PEM_cert_to_DER_cert(pem)
            self.context = context
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise SiteError(f"the site's server certificate can't be used: {error}") from error

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self.guests.end_old(0.0)
        self._server.server_close()
        self._server = None

    def _bound(self, host: str, wanted: int) -> _Server:
        for port in (wanted, 0):
            with contextlib.suppress(OSError):
                return _Server((host, port), self)
        raise SiteError(f"the door can't be opened at {host}")


class _Server(TCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, at: tuple[str, int], door: Door) -> None:
        self.address_family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        self.door = door
        super().__init__(at, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        guest = _Guest(host_of(str(client_address[0])), request)
        if not self.door.guests.let_in(guest):
            request.close()
            return
        threading.Thread(
            target=self._serve, args=(guest, client_address), name="site-door-guest", daemon=True
        ).start()

    def service_actions(self) -> None:
        self.door.guests.end_old(MAX_S)

    def _serve(self, guest: _Guest, client_address: Any) -> None:
        """Whatever a guest does ends that guest alone."""
        connection = guest.connection
        try:
            connection.settimeout(SILENCE_S)
            connection = self.door.context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
            self.door.guests.replace(guest, connection)
            connection.do_handshake()
            _Handler(connection, client_address, self)
        except (OSError, ValueError, EOFError) as error:  # ssl.SSLError is an OSError
            log.debug("a guest at the door: %s", error)
        finally:
            self.door.guests.gone(guest)
            with contextlib.suppress(OSError):
                connection.close()


class _Bounded(io.RawIOBase):
    """No more than ``left`` bytes of a connection."""

    def __init__(self, connection: socket.socket, left: int) -> None:
        self._connection = connection
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)[: self._left]
        count = self._connection.recv_into(room) if len(room) else 0
        self._left -= count
        return count


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: one request, then the connection ends."""

    server: _Server
    server_version = "vaktbord"
    sys_version = ""
    error_message_format = "%(message)s\n"
    error_content_type = "text/plain; charset=utf-8"

    def setup(self) -> None:
        super().setup()
        self.rfile = io.BufferedReader(_Bounded(self.connection, MAX_REQUEST_BYTES))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < 9):
            self.send_error(411, "say Content-Length")
            return
        if int(length) > MAX_REQUEST_BYTES:
            self.send_error(413, f"at most {MAX_REQUEST_BYTES} bytes")
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return
        reply = self.server.door.answer(self.path, body, str(self.client_address[0]))
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # its name there
        """Nobody fills the log by knocking."""
