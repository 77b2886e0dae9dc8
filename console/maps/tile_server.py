"""A tile server as a map: what has been sent is on disk, what is missing is fetched by threads.

:meth:`tile` never waits: it gives what is there, or raises BlockingIOError and tells later. Nothing
is asked before :meth:`open`, which somebody's choice on the map leads to.
"""

from __future__ import annotations

import contextlib
import logging
import random
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from console.maps import address, servers
from console.maps.cache import Kept, Key, TileCache, file_of
from console.maps.facts import Facts, is_tile
from console.maps.faults import Fault, MapError, Why
from console.maps.fetching import CONNECTIONS, Answer, Fetcher
from console.maps.servers import Server
from console.maps.unpacking import MAX_PACKED, checked
from console.maps.wmts import MAX_CAPABILITIES, Layer, layer_of

log = logging.getLogger(__name__)

MAX_WAITING: Final = 256  # tiles asked for; the one asked for longest ago goes
MAX_RECENT: Final = 8_000_000  # bytes of tiles in memory
FRESH_S: Final = 7 * 86_400.0  # where the server says nothing
NONE_S: Final = 86_400.0  # that it has no such tile is believed for
LEAST_S: Final = 300.0  # nor is a tile asked for again sooner, whatever the server says
BACK_OFF_S: Final = (2.0, 300.0)  # after the first failure, and at most
REFUSED_S: Final = 300.0
MAX_RETRY_S: Final = 3_600.0
ALL_MISSING: Final = 12  # "no such tile" so often and never one: the address is wrong
NO_TILE: Final = (204, 400, 404, 410)
"""400 is WMTS's own word for a tile beyond its matrix (OGC 07-057r7, TileOutOfRange)."""


class TileServer:
    def __init__(
        self,
        folder: Path,
        name: str,
        on_state: Callable[[MapError | None, int], None],
        fetcher: Fetcher | None = None,
    ) -> None:
        """``folder``: ``<home>/maps``. ``on_state``: what is wrong now, None when it works again,
        and how many questions have failed; called on any thread."""
        self._folder, self._name, self._on_state = folder, name, on_state
        self._fetcher = fetcher
        self._server: Server | None = None
        self._layer: Layer | None = None
        self._cache: TileCache | None = None
        self._told: Callable[[], None] = lambda: None
        self._recent: OrderedDict[Key, Kept] = OrderedDict()
        self._recent_bytes = 0
        self._wanted: OrderedDict[Key, Kept | None] = OrderedDict()  # the newest last
        self._underway: set[Key] = set()
        self._ready = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        self._away_until = 0.0
        self._in_a_row = self._missing = 0
        self._fault: MapError | None = None
        self.failed = self.fetched = 0

    # -- what the map's thread asks -------------------------------------------------------------

    def open(self, told: Callable[[], None]) -> Facts:
        """Raises MapError. Asks nobody yet."""
        self._server = server = servers.find(self._folder, self._name)
        self._told = told
        self._cache = TileCache(
            file_of(self._folder, server.source),
            server.cache_mb * 1_000_000,
            server.cache_days * 86_400.0,
        )
        self._fetcher = self._fetcher or Fetcher()
        for number in range(CONNECTIONS):
            thread = threading.Thread(target=self._work, name=f"map-fetch-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return Facts(
            server.name, server.kind, server.attribution or server.host, server.bounds,
            server.least, server.most,
        )  # fmt: skip

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Unpacked; None where the server has none. Raises BlockingIOError: it is being fetched, or
        will be when the server can be reached again. Raises MapError."""
        if self._server is None or self._cache is None or not is_tile(z, x, y):
            return None
        key = (z, x, y)
        with self._ready:
            kept = self._recent.get(key)
            if kept is not None:
                self._recent.move_to_end(key)
        kept = kept or self._cache.get(key)
        if kept is None or kept.until_s < time.time():
            self._want(key, kept)
        if kept is None:
            raise BlockingIOError("it is being fetched")
        self._remember(key, kept)
        return checked(kept.body, self._server.kind) if kept.body else None

    def close(self) -> None:
        with self._ready:
            self._is_closed = True
            self._wanted.clear()
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(timeout=0.1)  # one that waits for the network ends with its answer
        if self._fetcher is not None:
            self._fetcher.close()
        if self._cache is not None:
            self._cache.close()

    # -- its threads --------------------------------------------------------------------------

    def _want(self, key: Key, kept: Kept | None) -> None:
        with self._ready:
            if key in self._underway or self._is_closed or time.monotonic() < self._away_until:
                return
            self._wanted[key] = kept
            self._wanted.move_to_end(key)
            while len(self._wanted) > MAX_WAITING:
                self._wanted.popitem(last=False)
            self._ready.notify()

    def _work(self) -> None:
        while True:
            with self._ready:
                while not self._wanted and not self._is_closed:
                    self._ready.wait()
                if self._is_closed:
                    return
                key, kept = self._wanted.popitem()
                self._underway.add(key)
            try:
                self._fetch(key, kept)
            except MapError as fault:
                self._has_failed(fault)
            except Exception as error:  # whatever it is: the other tiles must still come
                log.warning("a map tile could not be fetched: %s", type(error).__name__)
                self._has_failed(MapError("server", str(error)))
            finally:
                with self._ready:
                    self._underway.discard(key)
            self._told()

    def _fetch(self, key: Key, kept: Kept | None) -> None:
        """Raises MapError."""
        assert self._fetcher is not None
        assert self._server is not None
        url = self._url(key)
        if not url:
            self._keep(key, Kept(b"", until_s=time.time() + NONE_S))
            return
        answer = self._fetcher.fetch(
            url,
            MAX_PACKED,
            etag=kept.etag if kept is not None else "",
            modified=kept.modified if kept is not None else "",
            kind="image/*" if self._server.kind == "raster" else "application/x-protobuf",
        )
        self._take(key, kept, answer)

    def _url(self, key: Key) -> str:
        """Empty where the layer has no such zoom. Raises MapError."""
        assert self._server is not None
        z, x, y = key
        if self._server.address:
            return address.filled(self._server.address, z, x, y, self._server.subdomains)
        layer = self._layer or self._capabilities()
        return layer.at(z, x, y) if layer.least <= z <= layer.most else ""

    def _capabilities(self) -> Layer:
        """Raises MapError. May be read twice at the same time, which harms nobody."""
        assert self._fetcher is not None
        assert self._server is not None
        answer = self._fetcher.fetch(
            self._server.capabilities, MAX_CAPABILITIES, kind="application/xml"
        )
        if answer.status != 200:
            raise _refusal(answer)
        layer = layer_of(answer.body, self._server.layer)
        host = address.check(layer.address)
        if host != self._server.host:  # the one that was chosen; another shall learn nothing
            detail = f"its tiles come from another host, {host}"
            raise MapError("capabilities", detail, "other-host", host)
        self._layer = layer
        return layer

    def _take(self, key: Key, kept: Kept | None, answer: Answer) -> None:
        """Raises MapError for what is no tile, and no word that there is none."""
        assert self._server is not None
        now_s = time.time()
        if answer.status == 304 and kept is not None:
            until_s = now_s + _fresh_s(answer)
            self._keep(key, Kept(kept.body, kept.etag, kept.modified, now_s, until_s))
        elif answer.status in NO_TILE:
            self._has_none(answer)
            self._keep(key, Kept(b"", checked_s=now_s, until_s=now_s + NONE_S), is_good=False)
            return
        elif answer.status == 200:
            self._check(answer)
            until_s = now_s + _fresh_s(answer)
            made = Kept(answer.body, answer.etag, answer.modified, now_s, until_s)
            self._keep(key, made, on_disk="no-store" not in answer.control.lower())
        else:
            raise _refusal(answer)

    def _check(self, answer: Answer) -> None:
        """Raises MapError."""
        assert self._server is not None
        try:
            checked(answer.body, self._server.kind)
        except MapError as fault:
            words = f"{answer.kind or 'no type'}: {fault.detail}"
            why: Why = "type" if answer.kind else ""
            raise MapError("wrong-type", words, why, answer.kind) from fault

    def _has_none(self, answer: Answer) -> None:
        """Raises MapError where it never had any."""
        self._missing += 1
        if self._missing >= ALL_MISSING and not self.fetched:
            detail = f"HTTP {answer.status} to each of {self._missing} questions"
            raise MapError("no-tiles", detail, "status", answer.status)

    def _keep(self, key: Key, kept: Kept, *, on_disk: bool = True, is_good: bool = True) -> None:
        assert self._cache is not None
        if on_disk:
            self._cache.put(key, kept)
        self._remember(key, kept)
        with self._ready:
            self.fetched += is_good
            was = self._fault
            if was is not None and was.code == "no-tiles" and not is_good:
                return  # one more that isn't there, and was on its way when that was found out
            self._in_a_row = 0
            self._away_until = 0.0
            self._fault = None
        if was is not None:
            self._on_state(None, self.failed)

    def _remember(self, key: Key, kept: Kept) -> None:
        with self._ready:
            before = self._recent.pop(key, None)
            self._recent_bytes += len(kept.body) - (len(before.body) if before else 0)
            self._recent[key] = kept
            while self._recent_bytes > MAX_RECENT or len(self._recent) > 4 * MAX_WAITING:
                _, gone = self._recent.popitem(last=False)
                self._recent_bytes -= len(gone.body)

    def _has_failed(self, fault: MapError) -> None:
        """Nobody is asked for a while, the longer the more often it has failed."""
        with self._ready:
            self.failed += 1
            self._in_a_row += 1
            wait_s = min(BACK_OFF_S[1], BACK_OFF_S[0] * 2.0 ** min(self._in_a_row - 1, 20))
            wait_s *= random.uniform(0.8, 1.2)  # desks of a site must not come back together
            if isinstance(fault, _RefusalError):
                wait_s = max(wait_s, fault.wait_s)
            self._away_until = max(self._away_until, time.monotonic() + wait_s)
            self._wanted.clear()  # they are asked for again by who still looks at them
            is_new = self._fault is None or self._fault.code != fault.code
            self._fault = fault
        if is_new:
            # Not its detail: an address tells what is looked at, and logs hold no positions.
            log.warning("the map server %s can't be used: %s", self._name, fault.code)
        self._on_state(fault, self.failed)


class _RefusalError(MapError):
    wait_s = 0.0


def _refusal(answer: Answer) -> MapError:
    is_refused = answer.status in (401, 402, 403, 429)
    code: Fault = "refused" if is_refused else "server"
    fault = _RefusalError(code, f"HTTP {answer.status}", "status", answer.status)
    fault.wait_s = _retry_s(answer.retry_after) or (REFUSED_S if is_refused else 0.0)
    return fault


def _retry_s(said: str) -> float:
    """RFC 9110, 10.2.3: seconds, or a date."""
    wait_s = 0.0
    if said.isdecimal():
        wait_s = float(said[:9])
    elif said:
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            wait_s = parsedate_to_datetime(said).timestamp() - time.time()
    return min(max(wait_s, 0.0), MAX_RETRY_S)


def _fresh_s(answer: Answer) -> float:
    """How long it need not be asked again: RFC 9111, 5.2.2."""
    said = answer.control.lower()
    found = re.search(r"max-age=\"?(\d{1,9})", said)
    if "no-cache" in said or "no-store" in said:
        return LEAST_S
    return max(LEAST_S, float(found.group(1))) if found else FRESH_S
