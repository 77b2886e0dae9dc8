"""Streams that the site's policy lists by the address of their SDP: fetched, and looked at again.

For stations and gateways that mDNS does not find. One thread, one fetch at a time; what was fetched
last counts while a station hands out nothing.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from audio.protocol import stream_id
from audio.ready import make_ready
from console.domain.voice_rights import Listed
from console.streams.announcement import MAX_HOST, Announcement
from console.streams.sdp import ClientCertificate, SdpError, SdpStream, fetch_sdp

log = logging.getLogger(__name__)

AGAIN_S: Final = 120.0
_CHANCE: Final = random.SystemRandom()
RETRY_S: Final = 5.0
"""Twice as long after each failure in a row, up to :data:`AGAIN_S`."""
SPREAD: Final = (0.8, 1.2)
"""Not all desks at the same moment."""
STOP_S: Final = 0.5
"""A fetch that is under way ends by itself; nobody waits for it."""

Changed = Callable[[tuple[Announcement, ...], tuple[str, ...]], None]
Fetch = Callable[[str, ClientCertificate | None, str], SdpStream]


class _Station:
    """One entry of the policy: what it handed out, and when it is asked again."""

    def __init__(self, entry: Listed) -> None:
        self.entry = entry
        self.due_s = 0.0
        self.failures = 0  # in a row
        self.found: Announcement | None = None
        self.why = ""

    def failed(self, why: str, now_s: float) -> None:
        self.failures, self.why = self.failures + 1, why
        pause_s = min(RETRY_S * 2.0 ** min(self.failures - 1, 16), AGAIN_S)
        self.due_s = now_s + pause_s * _CHANCE.uniform(*SPREAD)

    def fetched(self, found: Announcement, now_s: float) -> None:
        self.failures, self.why, self.found = 0, "", found
        self.due_s = now_s + AGAIN_S * _CHANCE.uniform(*SPREAD)


class ListedStreams:
    """``certificate`` gives what this member shows of itself, None = it has not enrolled.
    ``on_change`` gets what is new or otherwise and what is gone, ``on_trouble`` one sentence for
    each station that hands out nothing, both on this thread."""

    def __init__(
        self,
        certificate: Callable[[], ClientCertificate | None],
        on_change: Changed,
        on_trouble: Callable[[tuple[str, ...]], None] = lambda _why: None,
        *,
        fetch: Fetch = fetch_sdp,
    ) -> None:
        self._certificate = certificate
        self._on_change = on_change
        self._on_trouble = on_trouble
        self._fetch = fetch
        self._wanted: queue.SimpleQueue[tuple[Listed, ...] | None] = queue.SimpleQueue()
        self._stations: dict[str, _Station] = {}  # by stream
        self.trouble: tuple[str, ...] = ()
        self._snapshot: tuple[Announcement, ...] = ()
        self._ended = False
        self.failures = 0
        self._thread = threading.Thread(target=self._run, name="streams-listed", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        self._ended = True
        self._wanted.put(None)
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def listed(self, entries: Sequence[Listed]) -> None:
        """What the policy says now. Entries without an SDP are mDNS's."""
        self._wanted.put(tuple(one for one in entries if one.sdp))

    def streams(self) -> tuple[Announcement, ...]:
        """What has been fetched, of stations that are listed now."""
        return self._snapshot

    def has(self, stream: str) -> bool:
        """Whether the policy names it: then no announcement speaks for it."""
        return stream in self._stations

    # -- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended:
            try:
                self._take(self._wanted.get(timeout=self._pause_s()))
            except queue.Empty:
                self._look()
            except Exception:  # whatever it is: the others are fetched all the same
                log.exception("listed streams failed")

    def _pause_s(self) -> float | None:
        """Until the next one is due; None = there is none."""
        due = [one.due_s for one in self._stations.values()]
        return max(min(due) - time.monotonic(), 0.0) if due else None

    def _take(self, entries: tuple[Listed, ...] | None) -> None:
        if entries is None:
            return
        before = self._stations
        new = {_stream(one): one for one in entries}
        self._stations = {
            stream: before[stream]
            if stream in before and before[stream].entry == entry
            else _Station(entry)
            for stream, entry in new.items()
        }
        gone = tuple(stream for stream, one in before.items() if one.found and stream not in new)
        self._tell((), gone)

    def _look(self) -> None:
        """At the one that has been due for longest."""
        station = min(self._stations.values(), key=lambda one: one.due_s, default=None)
        if station is None or station.due_s > time.monotonic():
            return
        before = station.found
        try:
            entry = station.entry
            got = self._fetch(entry.sdp, self._certificate(), entry.fingerprint)
            station.fetched(_announced(entry, got), time.monotonic())
        except SdpError as error:
            self.failures += 1
            log.info("a listed stream of %s: %s", station.entry.talkgroup, error)
            station.failed(str(error), time.monotonic())
        new = station.found
        self._tell((new,) if new is not None and new != before else (), ())

    def _tell(self, changed: tuple[Announcement, ...], gone: tuple[str, ...]) -> None:
        if self._ended:
            return
        stations = self._stations.values()
        self._snapshot = tuple(one.found for one in stations if one.found is not None)
        if changed or gone:
            self._on_change(changed, gone)
        trouble = tuple(f"{one.entry.talkgroup}: {one.why}" for one in stations if one.why)
        if trouble != self.trouble:
            self.trouble = trouble
            self._on_trouble(trouble)


def _host(entry: Listed) -> str:
    return (entry.host or urlsplit(entry.sdp).hostname or "")[:MAX_HOST]


def _stream(entry: Listed) -> str:
    return stream_id(entry.talkgroup, _host(entry))


def _announced(entry: Listed, got: SdpStream) -> Announcement:
    """As if it had been announced, but that its key came with it and nobody else speaks for it."""
    return Announcement(
        stream=_stream(entry),
        talkgroup=entry.talkgroup,
        name=got.name or entry.talkgroup,
        host=_host(entry),
        port=got.port,
        payload_type=got.payload_type,
        encoding=got.codec.encoding,
        clock_rate=got.codec.clock_rate,
        channels=got.codec.channels,
        addresses=(got.source,) if got.source is not None else (),
        group=got.group,
        srtp=got.key.profile if got.key is not None else None,
        sdp=entry.sdp,
        red=got.red,
        listed=True,
        key=got.key,
    )
