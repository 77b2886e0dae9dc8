"""Announces talkgroup streams and sites by DNS-SD, many at once, and says goodbye on leaving.

python-zeroconf probes each service by itself for over a second; here a whole batch of names is
probed together once, then announced in few packets, and refreshed before the short TTL ends.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import re
import socket
import threading
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from zeroconf import ServiceInfo, Zeroconf

from audio.protocol import SrtpProfile
from console.streams import mdns
from console.streams.announcement import (
    MAX_NAME_BYTES,
    SITE_TYPE,
    STREAM_TYPE,
    Refusal,
    Service,
    read_site,
    read_stream,
)
from console.streams.mdns import DNSOutgoing, DNSQuestion, DNSService

log = logging.getLogger(__name__)

MAX_ANNOUNCED: Final = 512
HOST_TTL_S: Final = 12  # a station that dies is gone after this
OTHER_TTL_S: Final = 120
REFRESH_S: Final = 4.0  # three chances within the TTL; one refresh serves every desk
PROBE_S: Final = 0.25  # RFC 6762 section 8.1
SECOND_ANNOUNCEMENT_S: Final = 1.0  # section 8.3: at least two, one second apart
GATHER_S: Final = 0.01  # announcements made together travel together
MAX_PROBES: Final = 4  # names that somebody else always holds get a suffix nobody has
SERVICES_PER_PACKET: Final = 5
PACKET_GAP_S: Final = 0.002  # 40 packets at once would overrun a default receive buffer
MAX_TXT_VALUE: Final = 200
_RESPONSE: Final = 0x8400  # QR and AA, RFC 6762 section 18
_TYPE_ANY: Final = 255
_CLASS_IN: Final = 1
_T = TypeVar("_T")


class AnnounceError(Exception):
    """It can't be announced. The text is one sentence that says what to do."""


class Offer(msgspec.Struct, frozen=True):
    """A talkgroup stream to announce. Without ``group`` it is unicast on request."""

    name: str
    talkgroup: str
    port: int
    group: str | None = None
    payload_type: int = 111
    rtpmap: str = "opus/48000/2"
    srtp: SrtpProfile | None = None
    kid: str | None = None
    sdp: str | None = None
    red: int | None = None  # payload type of packets with copies of earlier ones (RFC 2198)

    def properties(self) -> dict[str, str]:
        """The TXT record's keys, in the order in which people read them."""
        given = {
            "txtvers": "1",
            "tg": self.talkgroup,
            "grp": self.group,
            "pt": str(self.payload_type),
            "rtpmap": self.rtpmap,
            "srtp": self.srtp,
            "kid": self.kid,
            "sdp": self.sdp,
            "red": str(self.red) if self.red is not None else None,
        }
        return {key: value for key, value in given.items() if value is not None}


class _Entry:
    """One announced service: what is wanted, and under which name it stands on the network."""

    def __init__(
        self, type_: str, name: str, port: int, properties: Mapping[str, str], host: str
    ) -> None:
        self.type = type_
        self.host = host
        self.wanted_name = name
        self.name = name
        self.port = port
        self.properties = dict(properties)
        self.info: ServiceInfo | None = None
        self.is_probing = False
        self.announced = threading.Event()

    def full_name(self) -> str:
        return f"{self.name}.{self.type}"


class Announcer:
    """Thread-safe; nothing blocks but :meth:`wait` and :meth:`close`."""

    def __init__(self, interface: str | None, *, host: str | None = None) -> None:
        self._interface = interface
        self.host = host or station_host(interface)
        self._entries: dict[str, _Entry] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._mdns = mdns.Mdns("streams-announcer", interface, on_up=self._up)
        self._mdns.start()

    @property
    def problem(self) -> str:
        """Why nothing is announced now, or empty."""
        return self._mdns.problem

    def announce(self, offer: Offer, *, host: str | None = None) -> str:
        """Returns a handle at once. ``host``: another than the station's own, of what several can
        announce. Raises :class:`AnnounceError` if no desk would take it."""
        self._check(read_stream(self._as_service(offer.name, offer.port, offer.properties(), host)))
        properties = offer.properties()
        return self._add(_Entry(STREAM_TYPE, offer.name, offer.port, properties, host or self.host))

    def announce_site(self, site: str, port: int, properties: Mapping[str, str]) -> str:
        """``properties``: ``ca=<SHA-256 of the site's CA, hexadecimal>``, ``door=<port>``."""
        full = {"txtvers": "1", **properties}
        self._check(read_site(self._as_service(site, port, full)))
        return self._add(_Entry(SITE_TYPE, site, port, full, self.host))

    def change(self, handle: str, offer: Offer) -> None:
        """The same stream with another port, group, codec or key. Its name stays."""
        self._check(read_stream(self._as_service(offer.name, offer.port, offer.properties())))
        self._mdns.call(lambda: self._change(handle, offer))

    def withdraw(self, handle: str) -> None:
        """Says goodbye for one."""
        with self._lock:
            entry = self._entries.pop(handle, None)
        if entry is not None:
            self._mdns.call(lambda: self._goodbye(entry))

    def wait(self, handle: str, timeout_s: float) -> str | None:
        """The instance name it stands under (it may have been renamed), or None: not yet."""
        entry = self._entries.get(handle)
        return entry.name if entry is not None and entry.announced.wait(timeout_s) else None

    def close(self) -> None:
        """Goodbyes for all, then the thread ends."""
        self._mdns.stop()

    def _as_service(
        self, name: str, port: int, properties: Mapping[str, str], host: str | None = None
    ) -> Service:
        items = [f"{key}={value}".encode() for key, value in properties.items()]
        if any(len(one) > MAX_TXT_VALUE for one in items):
            raise AnnounceError(f"a TXT value is longer than {MAX_TXT_VALUE} bytes")
        text = b"".join(bytes([len(one)]) + one for one in items)
        return Service(name=name, host=host or self.host, port=port, text=text)

    def _check(self, read: object) -> None:
        if isinstance(read, Refusal):
            raise AnnounceError(read.detail)

    def _add(self, entry: _Entry) -> str:
        with self._lock:
            if len(self._entries) >= MAX_ANNOUNCED:
                raise AnnounceError(f"more than {MAX_ANNOUNCED} announcements from one station")
            handle = str(next(self._numbers))
            self._entries[handle] = entry
        self._mdns.call(lambda: self._mdns.later(GATHER_S, self._probe_new))
        return handle

    # --- from here on: on the announcer's thread ---------------------------------------------

    def _up(self, zeroconf: Zeroconf) -> None:
        """New sockets: everything is announced anew."""
        for entry in self._all():
            entry.info, entry.is_probing = None, False
        self._probe_new()
        self._mdns.later(REFRESH_S, lambda: self._refresh(zeroconf))

    def _all(self) -> list[_Entry]:
        with self._lock:
            return list(self._entries.values())

    def _is_wanted(self, entry: _Entry) -> bool:
        return any(one is entry for one in self._all())

    def _probe_new(self) -> None:
        if self._mdns.zeroconf is None:
            return
        new = [one for one in self._all() if one.info is None and not one.is_probing]
        for entry in new:
            entry.is_probing = True
        self._probe(new, 1)

    def _probe(self, entries: Sequence[_Entry], attempt: int) -> None:
        """Ask once for all these names; who holds one answers."""
        zeroconf = self._mdns.zeroconf
        if zeroconf is None or not entries:
            return
        for group in _chunks(entries, 4 * SERVICES_PER_PACKET):
            out = DNSOutgoing(0)
            for entry in group:
                out.add_question(DNSQuestion(entry.full_name(), _TYPE_ANY, _CLASS_IN))
            zeroconf.async_send(out)
        self._mdns.later(PROBE_S, lambda: self._settle(zeroconf, entries, attempt))

    def _settle(self, zeroconf: Zeroconf, entries: Sequence[_Entry], attempt: int) -> None:
        """Register the names that are free; rename and probe the others again."""
        if zeroconf is not self._mdns.zeroconf:
            return  # the network changed in the meantime: all are probed anew
        taken: list[_Entry] = []
        free: list[_Entry] = []
        mine: set[str] = set()
        for entry in entries:
            is_taken = entry.full_name().lower() in mine or self._is_taken(zeroconf, entry)
            (taken if is_taken else free).append(entry)
            mine.add(entry.full_name().lower())
        self._register(zeroconf, [one for one in free if self._is_wanted(one)])
        for entry in taken:
            entry.name = self._other_name(entry, attempt + 1)
        if attempt < MAX_PROBES:
            self._probe(taken, attempt + 1)
        else:
            self._register(zeroconf, [one for one in taken if self._is_wanted(one)])

    def _is_taken(self, zeroconf: Zeroconf, entry: _Entry) -> bool:
        if zeroconf.registry.async_get_info_name(entry.full_name().lower()) is not None:
            return True
        known = zeroconf.cache.entries_with_name(entry.full_name())
        mine = (f"{entry.host}.", entry.port)
        services = [one for one in known if isinstance(one, DNSService)]
        return any((one.server.lower(), one.port) != mine for one in services)

    def _other_name(self, entry: _Entry, number: int) -> str:
        """``Name (2)``, and in the end a suffix that nobody else has."""
        handle = next(key for key, one in [*self._entries.items(), ("0", entry)] if one is entry)
        station = hashlib.sha256(f"{entry.host}{handle}".encode()).hexdigest()[:6]
        suffix = f" ({number})" if number < MAX_PROBES else f" ({station})"
        kept = entry.wanted_name.encode()[: MAX_NAME_BYTES - len(suffix)]
        return kept.decode("utf-8", "ignore") + suffix

    def _register(self, zeroconf: Zeroconf, entries: Sequence[_Entry]) -> None:
        for entry in entries:
            entry.is_probing = False
            entry.info = self._info(entry)
            zeroconf.registry.async_add(entry.info)
        infos = [entry.info for entry in entries if entry.info is not None]
        self._send(zeroconf, infos)
        self._mdns.later(SECOND_ANNOUNCEMENT_S, lambda: self._send(zeroconf, infos))
        for entry in entries:
            entry.announced.set()

    def _info(self, entry: _Entry) -> ServiceInfo:
        return ServiceInfo(
            entry.type,
            entry.full_name(),
            port=entry.port,
            properties=entry.properties,
            server=f"{entry.host}.",
            host_ttl=HOST_TTL_S,
            other_ttl=OTHER_TTL_S,
            parsed_addresses=list(mdns.own_addresses(self._interface)),
        )

    def _send(
        self, zeroconf: Zeroconf, infos: Iterable[ServiceInfo], ttl_s: int | None = None
    ) -> None:
        """In few packets, some time apart; whoever has left in the meantime is left out."""
        for number, group in enumerate(_chunks(list(infos), SERVICES_PER_PACKET)):
            self._mdns.later(number * PACKET_GAP_S, partial(_send_group, zeroconf, group, ttl_s))

    def _refresh(self, zeroconf: Zeroconf) -> None:
        if zeroconf is not self._mdns.zeroconf:
            return
        self._send(zeroconf, zeroconf.registry.async_get_service_infos())
        self._mdns.later(REFRESH_S, lambda: self._refresh(zeroconf))

    def _change(self, handle: str, offer: Offer) -> None:
        entry, zeroconf = self._entries.get(handle), self._mdns.zeroconf
        if entry is None:
            return
        entry.port, entry.properties = offer.port, offer.properties()
        if entry.info is None or zeroconf is None:
            return  # it is announced so in the first place
        entry.info = self._info(entry)
        zeroconf.registry.async_update(entry.info)
        self._send(zeroconf, [entry.info])

    def _goodbye(self, entry: _Entry) -> None:
        zeroconf, info = self._mdns.zeroconf, entry.info
        if zeroconf is None or info is None:
            return
        zeroconf.registry.async_remove(info)
        mdns.drop_queued_answers(zeroconf)
        for delay_s in (0.0, 0.1, 0.2):  # a goodbye can be lost like any packet
            self._mdns.later(delay_s, partial(_send_group, zeroconf, [info], 0))


def _send_group(zeroconf: Zeroconf, infos: Sequence[ServiceInfo], ttl_s: int | None) -> None:
    """One packet. Whoever has left or changed since it was planned is left out."""
    registry = zeroconf.registry
    if ttl_s is None:
        infos = [one for one in infos if registry.async_get_info_name(one.key) is one]
    if not infos:
        return
    out = DNSOutgoing(_RESPONSE)
    for info in infos:
        out.add_answer_at_time(info.dns_pointer(override_ttl=ttl_s), 0)
        out.add_answer_at_time(info.dns_service(override_ttl=ttl_s), 0)
        out.add_answer_at_time(info.dns_text(override_ttl=ttl_s), 0)
    if ttl_s is None:  # in a goodbye the host stays: others may speak from it
        for info in {one.server: one for one in infos}.values():
            for address in info.dns_addresses():
                out.add_answer_at_time(address, 0)
    zeroconf.async_send(out)


def _chunks(items: Sequence[_T], size: int) -> Iterable[Sequence[_T]]:
    return (items[at : at + size] for at in range(0, len(items), size))


def station_host(interface: str | None) -> str:
    """This station's SRV host: the machine's name with a suffix, as cloned machines share names.

    The same as long as the machine (and, where given, the interface) is the same.
    """
    name = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname().partition(".")[0])[:40] or "station"
    seed = "|".join((_machine_id(), _hardware_address() or f"{uuid.getnode():x}", interface or ""))
    return f"{name.lower()}-{hashlib.sha256(seed.encode()).hexdigest()[:6]}.local"


def _machine_id() -> str:
    try:
        return Path("/etc/machine-id").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _hardware_address() -> str:
    cards = sorted(Path("/sys/class/net").glob("*/address"))
    known = [address for card in cards if (address := _read_address(card)).strip("0:")]
    return known[0] if known else _machine_id()


def _read_address(card: Path) -> str:
    try:
        return card.read_text("ascii").strip()
    except OSError:  # a tunnel has none; a card may vanish between listing and reading
        return ""
