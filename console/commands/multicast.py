"""Whether a multicast datagram sent on an interface comes back on it; for ``vaktbord doctor``."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import struct
import time
from typing import Final

import ifaddr

PATIENCE_S: Final = 1.0
QUERY: Final = (
    b"\x00\x00\x00\x00\x00\x01" + bytes(6) + b"\x05_vdoc\x04_udp\x05local\x00\x00\x0c\x00\x01"
)
"""A DNS-SD question nobody answers (RFC 6763), so that the mDNS group can be tested with it too."""


def loop_problem(group_v4: str, group_v6: str, port: int, interface: str | None) -> str:
    """Empty if it comes back, else a sentence. ``port`` 0: any free one. Takes at most a second."""
    is_v6 = interface is not None and ":" in interface
    family = socket.AF_INET6 if is_v6 else socket.AF_INET
    group = group_v6 if is_v6 else group_v4
    try:
        with (
            socket.socket(family, socket.SOCK_DGRAM) as ear,
            socket.socket(family, socket.SOCK_DGRAM) as mouth,
        ):
            _listen(ear, group, port, interface)
            _aim(mouth, interface)
            return _exchange(ear, mouth, group)
    except OSError as error:
        where = f"on {interface}" if interface else "here"
        return f"multicast can't be used {where}: {error.strerror or error}"


def _listen(ear: socket.socket, group: str, port: int, interface: str | None) -> None:
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    ear.bind(("", port))
    packed = socket.inet_pton(ear.family, group)
    if ear.family == socket.AF_INET6:
        index = struct.pack("@I", _index(interface))
        ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, packed + index)
    else:
        own = socket.inet_aton(interface or "0.0.0.0")
        ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, packed + own)


def _aim(mouth: socket.socket, interface: str | None) -> None:
    if mouth.family == socket.AF_INET6:
        mouth.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, _index(interface))
        mouth.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 1)
        return
    if interface:
        own = socket.inet_aton(interface)
        mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
    mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)


def _exchange(ear: socket.socket, mouth: socket.socket, group: str) -> str:
    sent = secrets.token_bytes(2) + QUERY[2:]  # the DNS header's id tells ours from others'
    port = ear.getsockname()[1]
    mouth.sendto(sent, (group, port))
    deadline = time.monotonic() + PATIENCE_S
    while (left_s := deadline - time.monotonic()) > 0:
        ear.settimeout(left_s)
        with contextlib.suppress(TimeoutError):
            if ear.recv(2_048) == sent:
                return ""
    return f"a datagram to {group} port {port} did not come back within {PATIENCE_S:.0f} s"


def _index(interface: str | None) -> int:
    """The number of the interface with this IPv6 address; 0, the system's choice, if none is."""
    if interface is None:
        return 0
    wanted = ipaddress.IPv6Address(interface.split("%")[0])
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            if isinstance(one.ip, tuple) and ipaddress.IPv6Address(one.ip[0]) == wanted:
                return adapter.index or 0
    raise OSError(f"no interface has the address {interface}")
