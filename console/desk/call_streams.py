"""This desk's own voice of each call: a key of the site's, an address, and an announcement of it.

Each side of a call sends on a stream of its own and hears the other's, as the stations of a
talkgroup do. Nothing is announced, and so nothing sent, before the site has given the call's key.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import msgspec

from audio import protocol
from console.domain.held_keys import HeldKeys
from console.streams.addresses import group_of
from console.streams.announce import AnnounceError, Announcer, Offer, station_host

log = logging.getLogger(__name__)

PORT: Final = 5_004
PAYLOAD_TYPE: Final = 111
MAX_HOST: Final = 40


class Ring(Protocol):
    """What is needed of :class:`console.site.keyring.KeyRing`."""

    def held(self, talkgroup: str, /) -> HeldKeys | None: ...
    def want_to_send(self, talkgroup: str, /) -> None: ...
    def forget(self, talkgroup: str, /) -> None: ...


class Announces(Protocol):
    """What is needed of :class:`console.streams.announce.Announcer`."""

    def announce(self, offer: Offer, /) -> str: ...
    def change(self, handle: str, offer: Offer, /) -> None: ...
    def withdraw(self, handle: str, /) -> None: ...
    def close(self) -> None: ...


class CallStreams:
    """For one thread. ``host`` names this desk's streams: two desks of one machine are two."""

    def __init__(
        self,
        ring: Ring,
        *,
        interface: str | None,
        home: Path,
        announcer: Callable[[str], Announces] | None = None,
    ) -> None:
        """``announcer`` is made with the host at the first call."""
        self._ring = ring
        self._interface = interface
        self.host = host_of(station_host(interface), home)
        self._new = announcer or (lambda host: Announcer(interface, host=host))
        self._announcer: Announces | None = None
        self._open: dict[str, tuple[str, Offer] | None] = {}  # handle and what is announced

    def stream(self, call: str) -> str:
        return protocol.stream_id(call, self.host)

    def keep(self, calls: frozenset[str]) -> None:
        """These are ours now, and no others."""
        for call in self._open.keys() - calls:
            self._close(call)
        for call in calls - self._open.keys():
            self._open[call] = None
            self._ring.want_to_send(call)
            self.keys_changed(call)

    def keys_changed(self, call: str) -> None:
        """Announced with the first key, and again with each that takes over."""
        if call not in self._open:
            return
        spec = self.spec(call)
        held = self._ring.held(call)
        if spec is None or spec.group is None or held is None or held.current is None:
            return
        # Two streams of one call have two names: a conflict would cost a quarter of a second.
        name = f"{call} {self.host.partition('.')[0][-4:]}"
        kid = held.current.kid
        offer = Offer(name, call, PORT, spec.group, PAYLOAD_TYPE, srtp=spec.srtp, kid=kid)
        try:
            self._announce(call, offer)
        except AnnounceError as error:
            log.warning("the voice of a call could not be announced: %s", error)

    def spec(self, call: str) -> protocol.StreamSpec | None:
        """Where this desk sends, None until there is a key."""
        held = self._ring.held(call)
        if call not in self._open or held is None or held.current is None:
            return None
        return protocol.StreamSpec(
            stream=self.stream(call),
            port=PORT,
            payload_type=PAYLOAD_TYPE,
            encoding="opus",
            clock_rate=48_000,
            channels=2,
            group=group_of(f"{call}|{self.host}", self._interface, "call"),
            interface=self._interface,
            srtp=held.current.profile,
            keep=False,
        )

    def stop(self) -> None:
        for call in list(self._open):
            self._close(call)
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None

    def _announce(self, call: str, offer: Offer) -> None:
        if self._announcer is None:
            self._announcer = self._new(self.host)
        known = self._open[call]
        if known is None:
            self._open[call] = self._announcer.announce(offer), offer
        elif known[1] != offer:
            self._announcer.change(known[0], offer)
            self._open[call] = known[0], offer

    def _close(self, call: str) -> None:
        known = self._open.pop(call)
        if known is not None and self._announcer is not None:
            self._announcer.withdraw(known[0])
        self._ring.forget(call)


def host_of(machine: str, home: Path) -> str:
    """``machine`` is the machine's own SRV host."""
    number = hashlib.sha256(f"{machine}|{home.resolve()}".encode()).hexdigest()[:4]
    return f"{machine.partition('.')[0][:MAX_HOST]}-d{number}.local"


def named(spec: protocol.StreamSpec, name: str) -> protocol.StreamSpec:
    return msgspec.structs.replace(spec, label=name[:64])
