"""Finds talkgroup streams and sites on the network by mDNS, and says what comes, changes and goes.

What is found is a hint, never trusted: it is validated (announcement), bounded (records), and a
stream keeps the row of whoever announced it first.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from zeroconf import RecordUpdate, RecordUpdateListener, Zeroconf

from console.streams import mdns
from console.streams.announcement import (
    SITE_TYPE,
    STREAM_TYPE,
    Announcement,
    Refusal,
    Service,
    SiteAnnouncement,
    read_site,
    read_stream,
)
from console.streams.mdns import (
    DNSAddress,
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    DNSRecord,
    DNSService,
    DNSText,
)
from console.streams.records import Kind, Question, Record, Records

log = logging.getLogger(__name__)

TICK_S: Final = 0.1  # expiry and questions
COALESCE_S: Final = 0.02  # changes that come together are told together
MAX_REFUSALS_KEPT: Final = 64
QUESTIONS_PER_PACKET: Final = 24
FOUND_SETTLES_S: Final = 0.3
_TYPES: Final[Mapping[Kind, tuple[int, ...]]] = {
    "ptr": (12,),
    "srv": (33,),
    "txt": (16,),
    "address": (1, 28),
}
_CLASS_IN: Final = 1
_UNICAST_RESPONSE: Final = 0x8000  # RFC 6762 section 18.12

Changed = Callable[[tuple[Announcement, ...], tuple[str, ...]], None]


class Rows:
    """Streams by identity; the first live announcement of an identity keeps the row. Pure."""

    def __init__(self) -> None:
        self._read: dict[Service, Announcement | Refusal] = {}
        self._rows: dict[str, tuple[tuple[str, str], Announcement]] = {}
        self.refused: Counter[str] = Counter()

    def update(
        self, services: Sequence[Service]
    ) -> tuple[tuple[Announcement, ...], tuple[str, ...]]:
        """What was added or changed, and the identities that are gone."""
        self._read = {one: self._read.get(one) or self._validate(one) for one in services}
        rows = self._choose()
        changed = tuple(
            found
            for stream, (_, found) in rows.items()
            if stream not in self._rows or self._rows[stream][1] != found
        )
        gone = tuple(stream for stream in self._rows if stream not in rows)
        self._rows = rows
        return changed, gone

    def streams(self) -> tuple[Announcement, ...]:
        return tuple(found for _, found in self._rows.values())

    def refusals(self) -> tuple[Refusal, ...]:
        """Those that are announced now and not understood."""
        wrong = [one for one in self._read.values() if isinstance(one, Refusal)]
        return tuple(wrong[:MAX_REFUSALS_KEPT])

    def _validate(self, service: Service) -> Announcement | Refusal:
        read = read_stream(service)
        if isinstance(read, Refusal):
            self.refused[read.reason] += 1
        return read

    def _choose(self) -> dict[str, tuple[tuple[str, str], Announcement]]:
        rows: dict[str, tuple[tuple[str, str], Announcement]] = {}
        for service, read in self._read.items():
            if isinstance(read, Refusal):
                continue
            who = (service.name.lower(), service.host)
            holder = self._rows[read.stream][0] if read.stream in self._rows else None
            if read.stream not in rows or who == holder:
                rows[read.stream] = (who, read)
        return rows


class _Tap(RecordUpdateListener):
    """Hands every packet's records over and keeps zeroconf's cache to what is known here."""

    def __init__(
        self, take: Callable[[Sequence[Record]], None], keep: Callable[[Record], bool]
    ) -> None:
        self._take = take
        self._keep = keep
        self._seen: list[tuple[DNSRecord, Record]] = []

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        self._zc = zc
        read = [(one.new, _read_record(one.new)) for one in records if _is_news(one, now)]
        self._seen = [(raw, record or _NOTHING) for raw, record in read]
        self._take([record for _, record in read if record is not None])

    def async_update_records_complete(self) -> None:
        """The records are in zeroconf's cache now: strangers' are taken out again."""
        cache = self._zc.cache
        for raw, record in self._seen:
            if not self._keep(record) and raw in cache.cache.get(raw.key, ()):
                cache.async_remove_records([raw])
        self._seen = []


_NOTHING: Final = Record(kind="txt", name="", ttl_s=0.0)


def _is_news(update: RecordUpdate, now: float) -> bool:
    """Not zeroconf's own expiry, which follows other rules: a goodbye has a TTL of 0."""
    return update.new.ttl == 0 or not update.new.is_expired(now)


def _read_record(raw: DNSRecord) -> Record | None:
    ttl_s = float(raw.ttl)
    if isinstance(raw, DNSPointer):
        return Record(kind="ptr", name=raw.name, ttl_s=ttl_s, target=raw.alias)
    if isinstance(raw, DNSService):
        return Record(kind="srv", name=raw.name, ttl_s=ttl_s, target=raw.server, port=raw.port)
    if isinstance(raw, DNSText):
        return Record(kind="txt", name=raw.name, ttl_s=ttl_s, text=raw.text)
    if isinstance(raw, DNSAddress):
        with contextlib.suppress(ValueError):
            address = str(ipaddress.ip_address(raw.address))
            return Record(kind="address", name=raw.name, ttl_s=ttl_s, target=address)
    return None


class Browser:
    """Callbacks run on the thread ``streams-browser``, coalesced; they must be quick."""

    def __init__(
        self,
        interface: str | None,
        on_change: Changed,
        on_sites: Callable[[tuple[SiteAnnouncement, ...]], None] | None = None,
    ) -> None:
        self._on_change = on_change
        self._on_sites = on_sites
        self._streams = Records(STREAM_TYPE)
        self._sites = Records(SITE_TYPE)
        self._rows = Rows()
        self._site_rows: tuple[SiteAnnouncement, ...] = ()
        self._is_telling = False
        self._lock = threading.Lock()
        self._snapshot: tuple[Announcement, ...] = ()
        self._refusals: tuple[Refusal, ...] = ()
        self._mdns = mdns.Mdns("streams-browser", interface, on_up=self._up)

    def start(self) -> None:
        self._mdns.start()

    def stop(self) -> None:
        self._mdns.stop()

    @property
    def problem(self) -> str:
        """Why nothing can be found now, or empty."""
        return self._mdns.problem

    def streams(self) -> tuple[Announcement, ...]:
        """What is announced now. Thread-safe."""
        with self._lock:
            return self._snapshot

    def refusals(self) -> tuple[Refusal, ...]:
        """What is announced now and not understood, :data:`MAX_REFUSALS_KEPT` at most."""
        with self._lock:
            return self._refusals

    def counts(self) -> dict[str, int]:
        """Refused records since the start, by reason."""
        total: Counter[str] = Counter(self._rows.refused)
        for records in (self._streams, self._sites):
            total.update(records.counts)
        return dict(total)

    # --- from here on: on the browser's thread ------------------------------------------------

    def _up(self, zeroconf: Zeroconf) -> None:
        now_s = time.monotonic()
        for records in (self._streams, self._sites):
            records.restart(now_s)
        zeroconf.async_add_listener(_Tap(self._take, self._is_known), None)
        self._tick(zeroconf)

    def _is_known(self, record: Record) -> bool:
        return self._streams.is_known(record) or self._sites.is_known(record)

    def _take(self, batch: Sequence[Record]) -> None:
        now_s = time.monotonic()
        changed = [one.take(batch, now_s) for one in (self._streams, self._sites)]
        if any(changed):
            self._tell_soon()

    def _tick(self, zeroconf: Zeroconf) -> None:
        if zeroconf is not self._mdns.zeroconf:
            return
        now_s = time.monotonic()
        for records in (self._streams, self._sites):
            if records.expire(now_s):
                self._tell_soon()
            _ask(zeroconf, records.questions(now_s))
        self._mdns.later(TICK_S, lambda: self._tick(zeroconf))

    def _tell_soon(self) -> None:
        if not self._is_telling:
            self._is_telling = True
            self._mdns.later(COALESCE_S, self._tell)

    def _tell(self) -> None:
        self._is_telling = False
        changed, gone = self._rows.update(self._streams.services())
        with self._lock:
            self._snapshot = self._rows.streams()
            self._refusals = self._rows.refusals()
        if changed or gone:
            self._call(lambda: self._on_change(changed, gone))
        self._tell_sites()

    def _tell_sites(self) -> None:
        read = [read_site(one) for one in self._sites.services()]
        sites = tuple(one for one in read if isinstance(one, SiteAnnouncement))
        if sites == self._site_rows:
            return
        self._site_rows = sites
        on_sites = self._on_sites
        if on_sites is not None:
            self._call(lambda: on_sites(sites))

    def _call(self, callback: Callable[[], None]) -> None:
        """A callback that fails is told, and discovery goes on."""
        try:
            callback()
        except Exception:
            log.exception("the receiver of discovered streams has failed")


def _ask(zeroconf: Zeroconf, questions: Iterable[Question]) -> None:
    """Those for unicast in packets of their own: not every responder takes them mixed."""
    asked = tuple(questions)
    for class_, of_class in (
        (_CLASS_IN | _UNICAST_RESPONSE, [one for one in asked if one.at_once]),
        (_CLASS_IN, [one for one in asked if not one.at_once]),
    ):
        entries = [
            DNSQuestion(one.name, type_, class_) for one in of_class for type_ in _TYPES[one.kind]
        ]
        for at in range(0, len(entries), QUESTIONS_PER_PACKET):
            out = DNSOutgoing(0)
            for entry in entries[at : at + QUESTIONS_PER_PACKET]:
                out.add_question(entry)
            zeroconf.async_send(out)


def find_sites(
    interface: str | None, seconds: float, *, all_of_them: bool = False
) -> tuple[SiteAnnouncement, ...]:
    """The sites that answer within ``seconds``; sooner, once one with an address is found, unless
    it is to be ``all_of_them``."""
    found: list[tuple[SiteAnnouncement, ...]] = [()]
    complete = threading.Event()

    def take(sites: tuple[SiteAnnouncement, ...]) -> None:
        found[0] = sites
        if not all_of_them and any(one.addresses for one in sites):
            complete.set()

    browser = Browser(interface, lambda _changed, _gone: None, take)
    browser.start()
    try:
        if complete.wait(seconds):
            time.sleep(min(FOUND_SETTLES_S, seconds))  # others that answer the same question
    finally:
        browser.stop()
    return found[0]
