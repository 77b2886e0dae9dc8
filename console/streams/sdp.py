"""SDP (RFC 8866) for one audio stream, with SRTP keys (RFC 4568) where the way there is secured.

The parser takes the audio subset that a talkgroup stream needs and ignores the rest. Keys are
accepted only from HTTPS on which both sides have shown a certificate.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Final, NamedTuple, cast
from urllib.parse import urlsplit

import msgspec

from audio.protocol import SrtpProfile
from console.streams.announcement import (
    LOWEST_PORT,
    SRTP_PROFILES,
    STATIC_TYPES,
    Codec,
    CodecError,
    GroupError,
    RedError,
    check_group,
    is_printable,
    is_station_address,
    read_red,
    read_rtpmap,
)
from console.streams.keys import KEY_BYTES, StreamKey

MAX_BYTES: Final = 16_384
MAX_LINES: Final = 256
FETCH_S: Final = 5.0
_PROTOCOLS: Final = ("RTP/AVP", "RTP/SAVP")
_WEAK: Final = ("UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP", "KDR=")


class SdpError(Exception):
    """The description can't be used. The text is one sentence for a person."""


class SdpStream(msgspec.Struct, frozen=True):
    """One audio stream. ``address``: a multicast group, or where unicast is sent to."""

    address: str
    port: int
    payload_type: int
    codec: Codec
    name: str = ""
    source: str | None = None  # of a source-specific group (RFC 4570)
    key: StreamKey | None = None
    red: int | None = None  # payload type of RFC 2198

    @property
    def group(self) -> str | None:
        """The multicast group, or None for unicast."""
        return self.address if ipaddress.ip_address(self.address).is_multicast else None


class ClientCertificate(msgspec.Struct, frozen=True):
    """What this desk shows of itself, and whose word on servers it takes (PEM files)."""

    certificate: Path
    key: Path
    authority: Path


class _Media:
    """The lines of one m= section, after those of the session."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.connection = ""
        self.attributes: list[str] = []


def parse_sdp(raw: bytes, *, keys_allowed: bool) -> SdpStream:
    """The first audio stream that can be heard. Raises :class:`SdpError`, whatever the bytes."""
    session, name, media = _sections(_lines(raw))
    why = SdpError("the SDP describes no audio stream (m=audio)")
    for section in media:
        if section.line.startswith("audio "):
            try:
                return _stream(section, session, name, keys_allowed=keys_allowed)
            except SdpError as error:
                why = error
    raise why


def _lines(raw: bytes) -> list[str]:
    if len(raw) > MAX_BYTES:
        raise SdpError(f"the SDP has more than {MAX_BYTES} bytes")
    try:
        lines = raw.decode("utf-8").replace("\r\n", "\n").rstrip("\n").split("\n")
    except UnicodeDecodeError:
        raise SdpError("the SDP is not UTF-8") from None
    if len(lines) > MAX_LINES:
        raise SdpError(f"the SDP has more than {MAX_LINES} lines")
    if lines[0] != "v=0" or not all(re.match("[a-z]=", one) for one in lines):
        raise SdpError("this is not SDP: it starts with v=0 and has lines like a=…")
    return lines


def _sections(lines: list[str]) -> tuple[_Media, str, list[_Media]]:
    session, name = _Media(""), ""
    media: list[_Media] = []
    for line in lines:
        kind, value = line[0], line[2:]
        here = media[-1] if media else session
        if kind == "m":
            media.append(_Media(value))
        elif kind == "c":
            here.connection = value
        elif kind == "a":
            here.attributes.append(value)
        elif kind == "s" and is_printable(value):
            name = value.strip()[:64]
    return session, name, media


def _stream(media: _Media, session: _Media, name: str, *, keys_allowed: bool) -> SdpStream:
    port, protocol, payload_types = _media_line(media.line)
    payload_type, codec = _codec(media, payload_types)
    attributes = [*media.attributes, *session.attributes]
    key = _key(media.attributes, keys_allowed=keys_allowed)
    if protocol == "RTP/SAVP" and key is None:
        raise SdpError("the SDP describes a secured stream but has no a=crypto line that fits")
    return SdpStream(
        address=_address(media.connection or session.connection),
        port=port,
        payload_type=payload_type,
        codec=codec,
        name=name,
        source=_source(attributes),
        key=key if protocol == "RTP/SAVP" else None,
        red=_red(media, payload_types, payload_type, codec),
    )


def _media_line(line: str) -> tuple[int, str, list[int]]:
    match = re.fullmatch(r"audio ([0-9]{1,5})(?:/1)? (\S+)((?: [0-9]{1,3})+)", line)
    if match is None or match[2] not in _PROTOCOLS:
        raise SdpError("the m=audio line is not “audio <port> RTP/AVP <payload types>”")
    port = int(match[1])
    if not LOWEST_PORT <= port <= 65_535:
        raise SdpError(f"port {port} is not one from {LOWEST_PORT} to 65535")
    return port, match[2], [int(one) for one in match[3].split()]


def _codec(media: _Media, payload_types: list[int]) -> tuple[int, Codec]:
    """The first payload type that can be decoded: they come in the sender's order."""
    maps = _maps(media)
    for payload_type in payload_types:
        if not 0 <= payload_type <= 127:
            continue
        try:
            codec = read_rtpmap(maps[payload_type]) if payload_type in maps else None
        except CodecError:
            continue
        codec = codec or STATIC_TYPES.get(payload_type)
        if codec is not None:
            return payload_type, codec
    raise SdpError("none of the SDP's codecs can be decoded (opus, PCMU, PCMA and L16 can)")


def _maps(media: _Media) -> dict[int, str]:
    maps: dict[int, str] = {}
    for attribute in media.attributes:
        match = re.fullmatch(r"rtpmap:([0-9]{1,3}) (\S+)", attribute.rstrip())
        if match is not None:
            maps.setdefault(int(match[1]), match[2])
    return maps


def _red(media: _Media, payload_types: list[int], own: int, codec: Codec) -> int | None:
    """``a=rtpmap:<type> red/48000[/2]`` (RFC 2198 section 5); what does not fit is passed over."""
    maps = _maps(media)
    for payload_type in payload_types:
        if re.fullmatch(r"red/48000(/2)?", maps.get(payload_type, ""), re.IGNORECASE):
            try:
                return read_red(str(payload_type), own, codec)
            except RedError:
                return None
    return None


def _address(connection: str) -> str:
    """``IN IP4 239.1.1.1/8`` or ``IN IP6 ff15::1``; the TTL is not needed to listen."""
    match = re.fullmatch(r"IN IP[46] ([0-9A-Fa-f.:]{2,45})(?:/[0-9]{1,3})?", connection.rstrip())
    if match is None:
        raise SdpError("the c= line is not “IN IP4 <address>” or “IN IP6 <address>”")
    try:
        if ipaddress.ip_address(match[1]).is_multicast:
            return check_group(match[1])
    except (ValueError, GroupError) as error:
        raise SdpError(str(error)) from None
    if not is_station_address(match[1]):
        raise SdpError(f"{match[1]} is not an address that a stream can go to")
    return str(ipaddress.ip_address(match[1]))


def _source(attributes: list[str]) -> str | None:
    """``a=source-filter: incl IN IP4 <group> <source>`` (RFC 4570)."""
    for attribute in attributes:
        match = re.fullmatch(r"source-filter: ?incl IN (?:IP[46]|\*) \S+ (\S+)", attribute.rstrip())
        if match is not None and is_station_address(match[1]):
            return match[1]
    return None


def _key(attributes: list[str], *, keys_allowed: bool) -> StreamKey | None:
    lines = [one.removeprefix("crypto:") for one in attributes if one.startswith("crypto:")]
    if lines and not keys_allowed:
        raise SdpError("keys in SDP are accepted only from HTTPS with certificates on both sides")
    for line in lines:
        key = _crypto(line)
        if key is not None:
            return key
    return None


def _crypto(line: str) -> StreamKey | None:
    """``<tag> <suite> inline:<base64>[|<lifetime>] [WSH=…]``; no MKI, nothing that weakens it."""
    pattern = (
        r"[0-9]{1,9} ([A-Z0-9_]+) inline:([A-Za-z0-9+/=]{20,80})(?:\|(?:2\^)?[0-9]+)?((?: \S+)*)"
    )
    match = re.fullmatch(pattern, line.rstrip())
    if match is None or match[1] not in SRTP_PROFILES:
        return None
    if any(one.startswith(_WEAK) for one in match[3].split()):
        return None
    profile = cast(SrtpProfile, match[1])
    try:
        key = base64.b64decode(match[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    return StreamKey(profile, key) if len(key) == KEY_BYTES[profile] else None


def build_sdp(stream: SdpStream, *, origin: str, session_id: int) -> str:
    """The description of a stream of ours; ``origin`` is the station's address."""
    family = _family(stream.address)
    codec = stream.codec
    rtpmap = f"{codec.encoding}/{codec.clock_rate}"
    if codec.channels > 1:
        rtpmap += f"/{codec.channels}"
    ttl = "/1" if stream.group is not None and family == "IP4" else ""  # RFC 8866 section 5.7
    payload_types = str(stream.payload_type)
    redundancy: list[str] = []
    if stream.red is not None:
        payload_types += f" {stream.red}"
        redundancy = [
            f"a=rtpmap:{stream.red} red/48000/2",
            f"a=fmtp:{stream.red} {stream.payload_type}/{stream.payload_type}",
        ]
    lines = [
        "v=0",
        f"o=- {session_id} {session_id} IN {_family(origin)} {origin}",
        f"s={stream.name or '-'}",
        f"c=IN {family} {stream.address}{ttl}",
        "t=0 0",
        f"m=audio {stream.port} {'RTP/SAVP' if stream.key else 'RTP/AVP'} {payload_types}",
        f"a=rtpmap:{stream.payload_type} {rtpmap}",
        *redundancy,
        "a=ptime:20",
    ]
    if stream.source is not None:
        lines.append(f"a=source-filter: incl IN {family} {stream.address} {stream.source}")
    if stream.key is not None:
        key = base64.b64encode(stream.key.key).decode("ascii")
        lines.append(f"a=crypto:1 {stream.key.profile} inline:{key}")
    return "\r\n".join(lines) + "\r\n"


def _family(address: str) -> str:
    return f"IP{ipaddress.ip_address(address).version}"


def fetch_sdp(
    url: str,
    certificate: ClientCertificate | None,
    fingerprint: str = "",
    *,
    timeout_s: float = FETCH_S,
) -> SdpStream:
    """GET the description over HTTPS with certificates on both sides. Blocks; follows no redirect.

    ``fingerprint``: SHA-256 of the certificate that the station has to show, 64 digits in lower
    case; without it the station is held to the authority and to the address's name. Raises
    :class:`SdpError`. ``timeout_s`` bounds the whole of it, however slowly bytes drip in.
    """
    if certificate is None:
        raise SdpError("this desk has no client certificate, which an SDP over HTTPS asks for")
    where = _where(url)
    context = _context(certificate, is_pinned=bool(fingerprint))
    try:
        raw = _get(context, where, fingerprint, timeout_s)
    except (OSError, http.client.HTTPException, ValueError) as error:  # a name that is none
        raise SdpError(f"{where.host} did not hand out the SDP: {error}") from error
    return parse_sdp(raw, keys_allowed=True)


class _Where(NamedTuple):
    host: str
    port: int
    path: str


def _where(url: str) -> _Where:
    """Raises :class:`SdpError`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        host, port = None, 0
    if not host or parts.scheme != "https" or parts.username is not None:
        raise SdpError("an SDP is fetched from an address like https://gw.example:8443/lv1.sdp")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Where(host, port, path)


def _context(certificate: ClientCertificate, *, is_pinned: bool) -> ssl.SSLContext:
    """A certificate that is known by its fingerprint is held to nothing else."""
    try:
        context = ssl.create_default_context(cafile=str(certificate.authority))
        if is_pinned:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.load_cert_chain(str(certificate.certificate), str(certificate.key))
    except (OSError, ssl.SSLError) as error:
        raise SdpError(f"this desk's certificate could not be used: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _get(context: ssl.SSLContext, where: _Where, fingerprint: str, timeout_s: float) -> bytes:
    """The body. Raises OSError, HTTPException or :class:`SdpError`."""
    host, port, path = where
    deadline_s = time.monotonic() + timeout_s
    plain = socket.create_connection((host, port), timeout_s)
    with context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as sock:
        watch = threading.Timer(timeout_s, _hang_up, (sock,))
        watch.name = "sdp-deadline"
        watch.start()
        try:
            sock.do_handshake()
            _check_shown(sock, host, fingerprint)
            body = _request(sock, host, path)
        finally:
            watch.cancel()
            watch.join()
    if time.monotonic() > deadline_s:
        raise SdpError(f"{host} took longer than {timeout_s:.0f} s over its SDP")
    return body


def _check_shown(sock: ssl.SSLSocket, host: str, fingerprint: str) -> None:
    """Raises :class:`SdpError`."""
    shown = hashlib.sha256(sock.getpeercert(binary_form=True) or b"").hexdigest()
    if fingerprint and not hmac.compare_digest(shown, fingerprint):
        raise SdpError(
            f"{host} shows another certificate than the policy says: it has got a new one, or "
            f"something else answers there. It shows {shown}"
        )


def _request(sock: ssl.SSLSocket, host: str, path: str) -> bytes:
    connection = http.client.HTTPConnection(host)
    connection.sock = sock
    connection.request("GET", path, headers={"Accept": "application/sdp"})
    response = connection.getresponse()
    if response.status != http.HTTPStatus.OK:
        raise SdpError(f"the SDP was refused: {response.status} {response.reason[:80]}")
    return response.read(MAX_BYTES + 1)


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself
