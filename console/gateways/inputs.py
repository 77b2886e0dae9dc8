"""Where a gateway listens: UDP, a serial line, TCP. Each on a thread of its own, for ever.

What comes is handed on as bytes, with where from. A line that is unplugged, or a server that is
away, is tried again every second; that it went and came back is told once each.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import struct
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import serialx

from console.gateways.cot import Cutter
from console.gateways.nmea import MAX_SENTENCE

RETRY_S: Final = 1.0
POLL_S: Final = 0.2
MAX_DATAGRAM: Final = 65_535
MAX_WAITING: Final = 20_000
CONNECT_S: Final = 5.0
IDLE_S: Final = 10
"""So long a TCP connection may be silent before the system asks whether the other end lives."""
BUFFER_BYTES: Final = 1_000_000
DEFAULT_BAUD: Final = 4_800
"""The standard's own rate."""


@dataclass(frozen=True, slots=True)
class Came:
    """Some bytes: a datagram, a line, an event. ``is_message``: protobuf of a stream."""

    payload: bytes
    address: str = ""
    device: str = ""
    is_message: bool = False


Say = Callable[[str], None]


class Arrivals:
    """From the inputs' threads to the gateway's. What finds no room is counted."""

    def __init__(self, most: int = MAX_WAITING) -> None:
        self._queue: queue.Queue[Came] = queue.Queue(most)
        self.overrun = 0
        self.let_go = 0  # pieces of a stream that could be no event

    def put(self, came: Came) -> None:
        try:
            self._queue.put_nowait(came)
        except queue.Full:
            self.overrun += 1

    def get(self, timeout_s: float) -> Came | None:
        """None when nothing has come within that time."""
        try:
            return self._queue.get(block=timeout_s > 0, timeout=timeout_s or None)
        except queue.Empty:
            return None


class Input(ABC):
    """``name``: what people call it."""

    def __init__(self, name: str, arrivals: Arrivals, say: Say) -> None:
        self.name = name
        self._arrivals = arrivals
        self._say = say
        self._ended = threading.Event()
        self._complaint = ""
        self._thread = threading.Thread(target=self._run, name=f"gateway-{name}", daemon=True)

    def start(self) -> None:
        """Raises OSError for what can't begin and would not by waiting."""
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=CONNECT_S + 1)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._read()
                self._is_away("it was closed")
            except OSError as error:
                self._is_away(error.strerror or str(error) or type(error).__name__)
            self._ended.wait(RETRY_S)

    def _is_away(self, why: str) -> None:
        if why != self._complaint and not self._ended.is_set():
            self._complaint = why
            self._say(f"{self.name} is away: {why}. It is tried again every second.")

    def _is_here(self) -> None:
        if self._complaint:
            self._complaint = ""
            self._say(f"{self.name} is back.")

    @abstractmethod
    def _read(self) -> None:
        """Until it ends. Raises OSError."""


class UdpInput(Input):
    """One socket; several programs may share a multicast group's port."""

    def __init__(
        self, host: str, port: int, interface: str | None, arrivals: Arrivals, say: Say
    ) -> None:
        super().__init__(f"UDP {_shown(host, port)}", arrivals, say)
        self._host, self._port, self._interface = host, port, interface
        self._socket: socket.socket | None = None

    def start(self) -> None:
        self._socket = self._open()
        super().start()

    def _open(self) -> socket.socket:
        address = ipaddress.ip_address(self._host)
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        made = socket.socket(family, socket.SOCK_DGRAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
            if address.is_multicast:
                _share(made)
                made.bind((self._bound_for(address.version), self._port))
                self._join(made)
            else:
                made.bind((self._host, self._port))
            made.settimeout(POLL_S)
        except OSError:
            made.close()
            raise
        return made

    def _bound_for(self, version: int) -> str:
        if sys.platform == "win32":
            return "::" if version == 6 else "0.0.0.0"
        return self._host  # so that nothing comes in that was sent elsewhere

    def _join(self, made: socket.socket) -> None:
        group = ipaddress.ip_address(self._host).packed
        if len(group) == 4:
            here = socket.inet_aton(self._interface or "0.0.0.0")
            made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + here)
        else:
            made.setsockopt(
                socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + struct.pack("@I", 0)
            )

    def _read(self) -> None:
        made = self._socket or self._open()
        self._socket = None
        with made:
            self._is_here()
            while not self._ended.is_set():
                try:
                    payload, sender = made.recvfrom(MAX_DATAGRAM)
                except TimeoutError:
                    continue
                except ConnectionResetError:  # Windows: somebody that we never wrote to is gone
                    continue
                address = str(sender[0]).partition("%")[0]
                self._arrivals.put(Came(payload, address=address))


class SerialInput(Input):
    """Lines of a serial device."""

    def __init__(self, device: str, baud: int, arrivals: Arrivals, say: Say) -> None:
        super().__init__(f"Serial line {device}", arrivals, say)
        self._device, self._baud = device, baud

    def _read(self) -> None:
        try:
            with self._open() as line:
                self._is_here()
                self._read_lines(line)
        except (serialx.SerialException, ValueError, OverflowError) as error:
            raise OSError(None, str(error)) from error

    def _open(self) -> serialx.BaseSerial:
        return serialx.serial_for_url(self._device, baudrate=self._baud, read_timeout=POLL_S)

    def _read_lines(self, line: serialx.BaseSerial) -> None:
        rest = b""
        while not self._ended.is_set():
            some = self._some(line)
            *whole, rest = (rest + some).split(b"\n")
            for one in whole:
                if one.strip():
                    self._arrivals.put(Came(one, device=self._device))
            if len(rest) > 4 * MAX_SENTENCE:  # the wrong rate, or no NMEA at all
                self._arrivals.let_go += 1
                rest = b""

    def _some(self, line: serialx.BaseSerial) -> bytes:
        try:
            return bytes(line.read(MAX_SENTENCE))
        except TimeoutError:
            return b""


class TcpInput(Input):
    """A server's events, one after another."""

    def __init__(self, host: str, port: int, arrivals: Arrivals, say: Say) -> None:
        super().__init__(f"TCP {_shown(host, port)}", arrivals, say)
        self._host, self._port = host, port

    def _read(self) -> None:
        with socket.create_connection((self._host, self._port), timeout=CONNECT_S) as made:
            self._is_here()
            _ask_whether_alive(made)
            made.settimeout(POLL_S)
            address = str(made.getpeername()[0])
            cutter = Cutter()
            for some in self._received(made):
                for event in cutter.feed(some):
                    if event is None:
                        self._arrivals.let_go += 1
                        continue
                    payload, is_message = event
                    self._arrivals.put(Came(payload, address=address, is_message=is_message))

    def _received(self, made: socket.socket) -> Iterator[bytes]:
        while not self._ended.is_set():
            try:
                some = made.recv(MAX_DATAGRAM)
            except TimeoutError:
                continue
            if not some:
                return
            yield some


def _ask_whether_alive(made: socket.socket) -> None:
    """A cable that is pulled ends no connection by itself."""
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", IDLE_S), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            with contextlib.suppress(OSError):
                made.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _share(made: socket.socket) -> None:
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        with contextlib.suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
