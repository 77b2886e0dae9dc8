"""Under which name and addresses an exercise is on the network. Pure.

Two exercises on one machine (two homes) are two stations: they share no name and no address.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from audio import protocol
from console.exercise.scenario import Talkgroup
from console.streams.addresses import group_of
from console.streams.announce import Offer

FIRST_PORT: Final = 20_000  # below the ports that systems give out by themselves
PORTS: Final = 5_000  # of which each has another for RTCP behind it
MAX_HOST: Final = 40
PAYLOAD_TYPE: Final = 111
RED_TYPE: Final = 112


class Station:
    """``machine`` is the machine's own SRV host, ``home`` the exercise's folder."""

    def __init__(self, machine: str, home: Path, interface: str | None) -> None:
        label = machine.partition(".")[0]
        self._seed = f"{machine}|{home}"
        self._interface = interface
        self.host = f"{label[:MAX_HOST]}-ex{_number(self._seed) % 0xFFFF:04x}.local"
        self.port = FIRST_PORT + 2 * (_number(self._seed + "|port") % PORTS)

    def groups(self, talkgroups: Iterable[str]) -> dict[str, str]:
        """A multicast address for each, the same every time, none twice."""
        found: dict[str, str] = {}
        taken = set()
        for talkgroup in talkgroups:
            number = _number(f"{self._seed}|{talkgroup}") % 0xFFFF
            while number in taken:
                number = (number + 1) % 0xFFFF
            taken.add(number)
            found[talkgroup] = self._group(number)
        return found

    def _group(self, number: int) -> str:
        """239.192.0.0/14 is the organisation's own (RFC 2365); ff15 is a site's, not permanent."""
        if self._interface is not None and ":" in self._interface:
            return str(ipaddress.IPv6Address(f"ff15:78::{number:x}"))
        return f"239.194.{number >> 8}.{number & 255}"

    def offer(self, talkgroup: Talkgroup, group: str) -> Offer:
        return Offer(
            name=talkgroup.name,
            talkgroup=talkgroup.key,
            port=self.port,
            group=group,
            payload_type=PAYLOAD_TYPE,
            red=RED_TYPE,
        )

    def publication(self, talkgroup: Talkgroup, group: str) -> protocol.Publish:
        return protocol.Publish(
            publication=protocol.stream_id(talkgroup.key, self.host),
            address=group,
            port=self.port,
            payload_type=PAYLOAD_TYPE,
            name=talkgroup.name,
            interface=self._interface,
            red=RED_TYPE,
        )

    def call(self, call: str) -> protocol.Publish:
        """The voice of one of our units in an individual call."""
        return protocol.Publish(
            publication=protocol.stream_id(call, self.host),
            address=group_of(f"{call}|{self.host}", self._interface, "call"),
            port=self.port,
            payload_type=PAYLOAD_TYPE,
            interface=self._interface,
        )

    @staticmethod
    def secured(wish: protocol.Publish, key: protocol.SrtpKey) -> protocol.Publish:
        return msgspec.structs.replace(wish, srtp=key.profile, key=key.key)


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
