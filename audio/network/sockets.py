"""UDP sockets for streams: multicast and unicast, IPv4 and IPv6, one interface or the system's.

Multicast sockets are bound to the group's own address and hear only the groups they joined
(IP_MULTICAST_ALL off), else every socket on a port would hear every group on the machine.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import select
import selectors
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import ifaddr

from audio import fast
from audio.protocol import StreamSpec

IP_MULTICAST_ALL: Final = 49  # linux/in.h; not in the socket module
IPV6_MULTICAST_ALL: Final = 29  # linux/in6.h
IP_ADD_SOURCE_MEMBERSHIP: Final = 39  # linux/in.h
MCAST_JOIN_SOURCE_GROUP: Final = 46  # linux/in.h, RFC 3678 section 5.1.2
SOURCE_SPECIFIC: Final = ipaddress.IPv4Network("232.0.0.0/8")  # RFC 4607
RATE: Final = 48_000
RECEIVE_BUFFER: Final = 1_048_576  # bytes; what the system allows of it: a flood between two ticks
IS_LINUX: Final = sys.platform.startswith("linux")


class ListenError(ValueError):
    """A stream can't be heard. The text is one sentence that says what to do."""


def interface_index(interface: str) -> int:
    """The number of the interface that has this name or address. Raises ListenError."""
    for adapter in ifaddr.get_adapters():
        addresses = {ip.ip if isinstance(ip.ip, str) else ip.ip[0] for ip in adapter.ips}
        if interface in (adapter.name, adapter.nice_name) or interface in addresses:
            return int(adapter.index or 0)
    raise ListenError(f"no interface here has the address {interface}; see `vaktbord doctor`")


def open_pair(spec: StreamSpec) -> tuple[socket.socket, socket.socket | None]:
    """The RTP socket and, where the next port is free, the RTCP one. Raises ListenError."""
    rtp = _open(spec, spec.port)
    try:
        return rtp, _open(spec, spec.port + 1) if spec.port < 65_535 else None
    except ListenError:
        return rtp, None  # only names are lost; a sender may also mux (RFC 5761)


def _open(spec: StreamSpec, port: int) -> socket.socket:
    try:
        if spec.group is None:
            return _unicast(spec.interface, port)
        return _multicast(spec, ipaddress.ip_address(spec.group), port)
    except OSError as error:
        raise ListenError(_explain(error, spec, port)) from error
    except ListenError:
        raise
    except ValueError as error:
        raise ListenError(f"{spec.group or spec.interface} is not an address") from error


def _explain(error: OSError, spec: StreamSpec, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"UDP port {port} is taken by another program; give the stream another port"
    if error.errno in (errno.ENODEV, errno.EADDRNOTAVAIL):
        where = spec.interface or "any interface"
        return f"{spec.group or 'unicast'} can't be heard on {where}; see `vaktbord doctor`"
    if error.errno == errno.EMFILE:
        return "too many streams for this system's limit of open files (ulimit -n)"
    return f"{spec.group or spec.interface or 'any address'} port {port}: {error.strerror}"


def _prepare(family: socket.AddressFamily) -> socket.socket:
    one = socket.socket(family, socket.SOCK_DGRAM)
    one.setblocking(False)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    return one


def _unicast(interface: str | None, port: int) -> socket.socket:
    if interface is not None:
        is_v6 = ":" in interface
        one = _prepare(socket.AF_INET6 if is_v6 else socket.AF_INET)
        with _closed_on_error(one):
            one.bind((interface, port))
        return one
    if socket.has_dualstack_ipv6():
        one = _prepare(socket.AF_INET6)
        with _closed_on_error(one):
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            one.bind(("::", port))
        return one
    one = _prepare(socket.AF_INET)
    with _closed_on_error(one):
        one.bind(("", port))
    return one


def _multicast(
    spec: StreamSpec, group: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int
) -> socket.socket:
    if not group.is_multicast:
        raise ListenError(f"{group} is not a multicast address")
    is_v4 = group.version == 4
    one = _prepare(socket.AF_INET if is_v4 else socket.AF_INET6)
    with _closed_on_error(one):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not IS_LINUX and hasattr(socket, "SO_REUSEPORT"):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        index = interface_index(spec.interface) if spec.interface and not is_v4 else 0
        if sys.platform == "win32":  # can't bind to a group's address
            one.bind(("", port))
        elif is_v4:
            one.bind((str(group), port))
        else:
            one.bind((str(group), port, 0, index))
        if is_v4:
            _join_v4(one, str(group), spec)
        else:
            _join_v6(one, group.packed, index, spec)
    return one


def _join_v4(one: socket.socket, group: str, spec: StreamSpec) -> None:
    if IS_LINUX:
        one.setsockopt(socket.IPPROTO_IP, IP_MULTICAST_ALL, 0)
    local = v4_address(spec.interface) if spec.interface else "0.0.0.0"
    if spec.source and IS_LINUX:
        # struct ip_mreq_source: group, interface, source
        three = b"".join(socket.inet_aton(part) for part in (group, local, spec.source))
        one.setsockopt(socket.IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, three)
        return
    both = socket.inet_aton(group) + socket.inet_aton(local)
    one.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, both)


def _join_v6(one: socket.socket, group: bytes, index: int, spec: StreamSpec) -> None:
    if IS_LINUX:
        one.setsockopt(socket.IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0)
    if spec.source and IS_LINUX:
        source = ipaddress.IPv6Address(spec.source).packed
        request = struct.pack("@I4x128s128s", index, _storage(group), _storage(source))
        one.setsockopt(socket.IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, request)
        return
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + struct.pack("@I", index))


def _storage(address: bytes) -> bytes:
    """struct sockaddr_storage with an IPv6 address."""
    return struct.pack("@HHI16sI", socket.AF_INET6, 0, 0, address, 0).ljust(128, b"\0")


def v4_address(interface: str) -> str:
    """The IPv4 address of the interface that has this name or address. Raises ListenError."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.IPv4Address(interface))
    index = interface_index(interface)
    for adapter in ifaddr.get_adapters():
        if adapter.index == index:
            for ip in adapter.ips:
                if isinstance(ip.ip, str):
                    return ip.ip
    raise ListenError(f"the interface {interface} has no IPv4 address; use an IPv6 group on it")


def open_sender(address: str, interface: str | None) -> socket.socket:
    """A socket that sends to ``address``; multicast with TTL 1, heard on this machine too."""
    target = ipaddress.ip_address(address)
    is_v4 = target.version == 4
    one = socket.socket(socket.AF_INET if is_v4 else socket.AF_INET6, socket.SOCK_DGRAM)
    with _closed_on_error(one):
        one.setblocking(False)
        if target.is_multicast and is_v4:
            one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
            if interface:
                local = socket.inet_aton(v4_address(interface))
                one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, local)
        elif target.is_multicast:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 1)
            if interface:
                index = struct.pack("@I", interface_index(interface))
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    return one


def open_reports(address: str, port: int, interface: str | None) -> socket.socket | None:
    """Where receivers of a group report to: its next port. None where they can't be heard, and
    for unicast and source-specific groups, whose receivers answer to where the stream comes from
    (RFC 4961, RFC 5760)."""
    group = ipaddress.ip_address(address)
    if not group.is_multicast or is_source_specific(group) or port == 65_535:
        return None
    spec = StreamSpec("reports", port, 0, "opus", RATE, group=address, interface=interface)
    try:
        return _open(spec, port + 1)
    except ListenError:
        return None


def is_source_specific(group: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """In the range of RFC 4607: 232.0.0.0/8, or ff3x::/32."""
    if isinstance(group, ipaddress.IPv4Address):
        return group in SOURCE_SPECIFIC
    return int(group) >> 116 == 0xFF3


Receive = Callable[[float], None]
"""Takes one datagram; given the time in ms."""


class Watcher(Protocol):
    """Which sockets have something to be read."""

    def add(self, one: socket.socket, receive: Receive) -> None: ...

    def remove(self, one: socket.socket) -> None: ...

    def serve(self, now_ms: float) -> int:
        """Takes one datagram of each; returns of how many, at once."""
        ...

    def close(self) -> None: ...


@fast.instead
def serve(epoll: select.epoll, receives: dict[int, Receive], now_ms: float) -> int:
    """One datagram of each socket that this epoll finds ready; of how many."""
    ready = epoll.poll(0)
    for number, _ in ready:
        receives[number](now_ms)
    return len(ready)


class EpollWatcher:
    """Linux. The selectors module costs more per datagram than reading it does."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._receives: dict[int, Receive] = {}

    def add(self, one: socket.socket, receive: Receive) -> None:
        self._epoll.register(one.fileno(), select.EPOLLIN)
        self._receives[one.fileno()] = receive

    def remove(self, one: socket.socket) -> None:
        self._epoll.unregister(one.fileno())
        del self._receives[one.fileno()]

    def serve(self, now_ms: float) -> int:
        return serve(self._epoll, self._receives, now_ms)

    def close(self) -> None:
        self._epoll.close()


class SelectorWatcher:
    """Elsewhere."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def add(self, one: socket.socket, receive: Receive) -> None:
        self._selector.register(one, selectors.EVENT_READ, receive)

    def remove(self, one: socket.socket) -> None:
        self._selector.unregister(one)

    def serve(self, now_ms: float) -> int:
        ready = self._selector.select(0)
        for key, _ in ready:
            key.data(now_ms)
        return len(ready)

    def close(self) -> None:
        self._selector.close()


def make_watcher() -> Watcher:
    return EpollWatcher() if IS_LINUX else SelectorWatcher()


@contextlib.contextmanager
def _closed_on_error(one: socket.socket) -> Iterator[None]:
    """Closes the socket when what follows fails."""
    try:
        yield
    except BaseException:
        one.close()
        raise
