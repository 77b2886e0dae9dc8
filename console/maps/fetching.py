"""One question to a tile server by HTTP, with a bound for everything that it may do. Blocks."""

from __future__ import annotations

import logging
import ssl
import time
import urllib.request
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    SSLError,
    TimeoutError,
)

from console.maps.faults import MapError, Why

AGENT: Final = "Vaktbord/0.1 (operator's desk; map)"
CONNECTIONS: Final = 4  # to all servers together
CONNECT_S, READ_S, WHOLE_S = 5.0, 10.0, 20.0
MAX_REDIRECTS: Final = 3
CHUNK: Final = 65_536
MAX_HEADER: Final = 500  # characters of one that is kept
REDIRECTS: Final = (301, 302, 303, 307, 308)

LOST: Final[dict[type[Exception], Why]] = {
    NameResolutionError: "no-name",  # before the one that it is a kind of
    TimeoutError: "no-answer",
    NewConnectionError: "no-connection",
    ProtocolError: "no-connection",
}
DISTRUST: Final[dict[int, Why]] = {  # X509_V_ERR_… of OpenSSL's x509_vfy.h
    10: "expired",
    18: "issuer",
    19: "issuer",
    20: "issuer",
    21: "issuer",
    62: "other-name",
    64: "other-name",
}

logging.getLogger("urllib3").setLevel(logging.WARNING)  # below it each address would be written


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` is as it was sent: unpacked by whoever knows how large it may be."""

    status: int
    body: bytes
    kind: str = ""  # Content-Type
    etag: str = ""
    modified: str = ""
    control: str = ""  # Cache-Control
    retry_after: str = ""


class Fetcher:
    """From any thread. Certificates are checked against the system's."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context or ssl.create_default_context()
        self._pools: dict[str, urllib3.PoolManager] = {}  # by proxy, "" = none

    def fetch(
        self, url: str, most: int, *, etag: str = "", modified: str = "", kind: str = "image/*"
    ) -> Answer:
        """Raises MapError."""
        headers = {"User-Agent": AGENT, "Accept": f"{kind}, */*;q=0.1", "Accept-Encoding": "gzip"}
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        until = time.monotonic() + WHOLE_S
        try:
            for _ in range(MAX_REDIRECTS + 1):
                answer, target = self._once(url, headers, most, until)
                if not target:
                    return answer
                url = _followed(url, target)
        except (HTTPError, OSError, ValueError) as error:
            if isinstance(error, MapError):
                raise
            raise _fault(error) from error
        raise MapError("redirects", "it sends from one address to the next", "round")

    def close(self) -> None:
        for pool in self._pools.values():
            pool.clear()

    def _once(
        self, url: str, headers: dict[str, str], most: int, until: float
    ) -> tuple[Answer, str]:
        """With where it sends us on to, if it does."""
        response = self._asked(url, headers)
        try:
            if response.status in REDIRECTS:
                return Answer(response.status, b""), response.headers.get("Location", "")
            body = _body(response, most, until) if response.status == 200 else b""
            said = {
                name: response.headers.get(name, "")[:MAX_HEADER]
                for name in ("Content-Type", "ETag", "Last-Modified", "Cache-Control",
                             "Retry-After", "Content-Encoding")
            }  # fmt: skip
            packed = said["Content-Encoding"].strip().lower()  # RFC 9110, 8.4.1: in any letters
            if body and packed not in ("", "identity", "gzip", "x-gzip"):
                raise MapError("wrong-type", f"packed as {packed[:20]}")
            kept = (said["Content-Type"], said["ETag"], said["Last-Modified"])
            return Answer(response.status, body, *kept, said["Cache-Control"],
                          said["Retry-After"]), ""  # fmt: skip
        finally:
            if response.status == 200 and response.closed:
                response.release_conn()  # all of it has been read: the next tile goes the same way
            else:
                response.close()

    def _asked(self, url: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """A connection that was kept, and closed at the other end just as it was used again, says
        nothing of the server: it is asked once more (RFC 9112, 9.3.1)."""
        connections = self._pool(url).connection_from_url(url)
        made = connections.num_connections
        try:
            return self._request(url, headers)
        except ProtocolError:
            if connections.num_connections > made:  # a new one
                raise
            return self._request(url, headers)

    def _request(self, url: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        return self._pool(url).request(
            "GET", url, headers=headers, preload_content=False, redirect=False, retries=False
        )

    def _pool(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        proxy = urllib.request.getproxies().get(parts.scheme, "")
        if proxy and urllib.request.proxy_bypass(parts.hostname or ""):
            proxy = ""
        pool = self._pools.get(proxy)
        if pool is None:
            pool = self._made(proxy)
            self._pools[proxy] = pool
        return pool

    def _made(self, proxy: str) -> urllib3.PoolManager:
        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        if proxy:
            return urllib3.ProxyManager(
                proxy, maxsize=CONNECTIONS, timeout=timeout, ssl_context=self._context
            )
        return urllib3.PoolManager(maxsize=CONNECTIONS, timeout=timeout, ssl_context=self._context)


def _body(response: urllib3.BaseHTTPResponse, most: int, until: float) -> bytes:
    """A server that drips is given up as well as one that never ends."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(CHUNK, decode_content=False):
        size += len(part)
        if size > most:
            raise MapError("wrong-type", f"it is larger than {most:,} bytes", "too-large")
        if time.monotonic() > until:
            raise MapError("unreachable", f"it took more than {WHOLE_S:.0f} s", "too-long")
        parts.append(part)
    return b"".join(parts)


def _followed(url: str, target: str) -> str:
    """Never from https to http: what is looked at would be read on the way."""
    following = urljoin(url, target)
    if urlsplit(following).scheme not in {"http", "https"} or (
        url.startswith("https:") and not following.startswith("https:")
    ):
        raise MapError("redirects", "it sends to an address that is not secured", "unsecured")
    return following


def _fault(error: Exception) -> MapError:
    reason = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(reason, (SSLError, ssl.SSLError)):
        return MapError("certificate", str(reason), _distrust(reason))
    why: Why = next((why for kind, why in LOST.items() if isinstance(reason, kind)), "")
    return MapError("unreachable", str(error), why)


def _distrust(error: Exception) -> Why:
    """OpenSSL's number lies one error further down where urllib3 has wrapped it."""
    inner = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    return DISTRUST.get(getattr(inner, "verify_code", 0), "")
