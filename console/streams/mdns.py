"""A named thread with python-zeroconf on one interface or all: what browser and announcer share.

It opens sockets anew when the machine's addresses change, and waits for a network that is not
there yet, saying so in :attr:`Mdns.problem`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import sys
import threading
from collections.abc import Callable
from typing import Final

import ifaddr
from zeroconf import InterfaceChoice, IPVersion, Zeroconf
from zeroconf._dns import (  # the package names them in its top module but not in __all__
    DNSAddress,
    DNSPointer,
    DNSQuestion,
    DNSRecord,
    DNSService,
    DNSText,
)
from zeroconf._protocol.outgoing import DNSOutgoing
from zeroconf.asyncio import AsyncZeroconf

__all__ = [
    "DNSAddress",
    "DNSOutgoing",
    "DNSPointer",
    "DNSQuestion",
    "DNSRecord",
    "DNSService",
    "DNSText",
    "Mdns",
    "NoNetworkError",
    "drop_queued_answers",
    "machine_addresses",
    "own_addresses",
]

log = logging.getLogger(__name__)

RETRY_S: Final = 1.0
LOOK_AT_ADDRESSES_S: Final = 3.0
STOP_PATIENCE_S: Final = 5.0
RECEIVE_BUFFER_BYTES: Final = 1_048_576  # 200 stations may answer at once
_IP_MULTICAST_ALL: Final = 49  # linux/in.h
_IPV6_MULTICAST_ALL: Final = 29  # linux/in6.h


class NoNetworkError(Exception):
    """mDNS can't run here (now). The text is one sentence that says what to do."""


def machine_addresses() -> tuple[str, ...]:
    """Every address of this machine, link-local IPv6 without its scope, sorted."""
    found = set()
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            found.add(one.ip[0] if isinstance(one.ip, tuple) else one.ip)
    return tuple(sorted(found))


def own_addresses(interface: str | None) -> tuple[str, ...]:
    """The addresses to announce: the interface's, or all but loopback where there are others."""
    if interface is not None:
        return (interface.partition("%")[0],)
    every = machine_addresses()
    outward = tuple(one for one in every if not ipaddress.ip_address(one).is_loopback)
    return outward or every


def open_zeroconf(interface: str | None) -> AsyncZeroconf:
    """Call inside a running loop. Raises :class:`NoNetworkError`."""
    try:
        if interface is not None:
            _check_interface(interface)
            return AsyncZeroconf(interfaces=[interface])
        return _open_all()
    except (OSError, RuntimeError, ValueError) as error:
        raise NoNetworkError(f"mDNS (UDP port 5353) could not be opened: {error}") from error


def _check_interface(interface: str) -> None:
    known = machine_addresses()
    if interface.partition("%")[0] not in known:
        raise NoNetworkError(
            f"no network interface of this machine has the address {interface}; "
            f"choose one of {', '.join(known) or 'none at all'}"
        )


def _open_all() -> AsyncZeroconf:
    try:
        return AsyncZeroconf(interfaces=InterfaceChoice.All, ip_version=IPVersion.All)
    except (OSError, RuntimeError):  # no IPv6 on this machine
        return AsyncZeroconf(interfaces=InterfaceChoice.All, ip_version=IPVersion.V4Only)


def tune_sockets(zeroconf: Zeroconf) -> None:
    """Room for bursts, and only what was asked for: Linux else gives each socket every group."""
    for reader in zeroconf.engine.readers:
        sock = reader.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        if sys.platform == "linux":
            _only_own_groups(sock)


def _only_own_groups(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # an IPv6 socket takes the IPv4 option only if dual
        sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
    if sock.family == socket.AF_INET6:
        with contextlib.suppress(OSError):  # before Linux 4.20
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL, 0)


def drop_queued_answers(zeroconf: Zeroconf) -> None:
    """Before a goodbye: an answer that waits its turn would bring the service back to life."""
    for waiting in (zeroconf.out_queue, zeroconf.out_delay_queue):
        waiting.queue.clear()


class Mdns:
    """Owns the thread, its loop and its sockets. Callables given to it run on that thread."""

    def __init__(
        self,
        name: str,
        interface: str | None,
        *,
        on_up: Callable[[Zeroconf], None],
    ) -> None:
        self._interface = interface
        self._on_up = on_up
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.problem = ""
        self.zeroconf: Zeroconf | None = None

    def start(self) -> None:
        """Returns once the thread's loop runs; the network may come later."""
        self._thread.start()
        self._ready.wait(STOP_PATIENCE_S)

    def stop(self) -> None:
        """Says goodbye if there is something to say it for, and ends the thread."""
        if self._loop is None or self._ending is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._ending.set)
        if threading.current_thread() is not self._thread:
            self._thread.join(STOP_PATIENCE_S)

    def call(self, function: Callable[[], None]) -> None:
        """Run ``function`` on the thread soon; after :meth:`stop` it is not run."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function)

    def later(self, delay_s: float, function: Callable[[], None]) -> None:
        """From the thread itself."""
        assert self._loop is not None
        self._loop.call_later(delay_s, function)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception:
            log.exception("discovery has stopped")
            self.problem = "discovery has stopped after an error in the program; see the log"

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        self._ready.set()
        while not self._ending.is_set():
            try:
                await self._one_network(self._ending)
            except NoNetworkError as error:
                self._complain(str(error))
                await _wait(self._ending, RETRY_S)

    def _complain(self, problem: str) -> None:
        if problem != self.problem:
            log.warning("%s", problem)
        self.problem = problem

    async def _one_network(self, ending: asyncio.Event) -> None:
        """From opening the sockets until the end, or until the addresses have changed."""
        before = machine_addresses()
        opened = open_zeroconf(self._interface)
        try:
            await opened.zeroconf.async_wait_for_start()
            tune_sockets(opened.zeroconf)
            self.zeroconf = opened.zeroconf
            self.problem = ""
            self._on_up(opened.zeroconf)
            while not await _wait(ending, LOOK_AT_ADDRESSES_S):
                if machine_addresses() != before:
                    log.info("the machine's network addresses have changed")
                    _forget_services(opened.zeroconf)
                    return
        finally:
            self.zeroconf = None
            drop_queued_answers(opened.zeroconf)
            await opened.async_close()  # goodbyes for what is still registered


def _forget_services(zeroconf: Zeroconf) -> None:
    """So that closing says no goodbye: the services come back with the new sockets."""
    zeroconf.registry.async_remove(zeroconf.registry.async_get_service_infos())


async def _wait(event: asyncio.Event, timeout_s: float) -> bool:
    """Whether the event came within the time."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), timeout_s)
    return event.is_set()
