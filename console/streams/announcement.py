"""What a DNS-SD announcement says, validated: hostile bytes in, a frozen struct or a refusal out.

Pure. An announcement is only a hint that there is something; nothing here is trusted for more.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal, cast
from urllib.parse import urlsplit

import msgspec

from audio.protocol import Encoding, SrtpProfile, StreamSpec, stream_id
from console.streams.keys import StreamKey

STREAM_TYPE: Final = "_rtp._udp.local."
SITE_TYPE: Final = "_vaktbord._tcp.local."
MAX_TXT_BYTES: Final = 1_300  # RFC 6763 section 6.2: what fits one packet
MAX_TXT_KEYS: Final = 32
MAX_VALUE: Final = 200
MAX_NAME_BYTES: Final = 63  # one DNS label
MAX_HOST: Final = 120  # with talkgroup and "@" inside the 200 of a stream id
MAX_TALKGROUP: Final = 40
MAX_ADDRESSES: Final = 8
LOWEST_PORT: Final = 1_024
MDNS_PORT: Final = 5_353

Reason = Literal[
    "name",
    "host",
    "port",
    "txt",
    "txtvers",
    "tg",
    "pt",
    "rtpmap",
    "grp",
    "srtp",
    "kid",
    "sdp",
    "red",
    "site",
]


class Refusal(msgspec.Struct, frozen=True):
    """Why a record is not taken: the part that was wrong and a sentence for a person."""

    reason: Reason
    detail: str
    name: str = ""


class Service(msgspec.Struct, frozen=True):
    """One station's claim on one instance name, as it came from the network: not to be trusted."""

    name: str
    host: str
    port: int
    text: bytes
    addresses: tuple[str, ...] = ()


class Codec(msgspec.Struct, frozen=True):
    encoding: Encoding
    clock_rate: int
    channels: int


class Announcement(msgspec.Struct, frozen=True):
    """A talkgroup stream that somebody says is there. ``stream`` is its identity. ``listed``: the
    site's policy says so, and it was fetched from the station itself, ``key`` with it."""

    stream: str
    talkgroup: str
    name: str
    host: str
    port: int
    payload_type: int
    encoding: Encoding
    clock_rate: int
    channels: int
    addresses: tuple[str, ...] = ()
    group: str | None = None
    srtp: SrtpProfile | None = None
    kid: str | None = None
    sdp: str | None = None
    red: int | None = None
    listed: bool = False
    key: StreamKey | None = None

    def to_spec(
        self,
        interface: str | None,
        key: StreamKey | None = None,
        unicast_port: int | None = None,
    ) -> StreamSpec:
        """What the engine needs to hear it; ``unicast_port`` is the one a person configured."""
        return StreamSpec(
            stream=self.stream,
            port=unicast_port if self.group is None and unicast_port else self.port,
            payload_type=self.payload_type,
            encoding=self.encoding,
            clock_rate=self.clock_rate,
            channels=self.channels,
            group=self.group,
            source=self._source(),
            interface=interface,
            srtp=key.profile if key else None,
            key=key.key if key else None,
            label=self.name[:64],
            red=self.red,
        )

    def _source(self) -> str | None:
        """The station's address where the group is source-specific (RFC 4607)."""
        if self.group is None or not is_source_specific(self.group):
            return None
        version = ipaddress.ip_address(self.group).version
        same = [one for one in self.addresses if ipaddress.ip_address(one).version == version]
        return same[0] if same else None


class SiteAnnouncement(msgspec.Struct, frozen=True):
    """A site that somebody says is there. ``fingerprint`` is its CA's, hex SHA-256; ``door`` the
    port where one enrols, None = nowhere."""

    site: str
    host: str
    port: int
    addresses: tuple[str, ...]
    fingerprint: str = ""
    door: int | None = None

    @property
    def url(self) -> str:
        """Where its NATS server listens: the first address, or the name where none is known."""
        return f"tls://{self._where}:{self.port}"

    @property
    def door_url(self) -> str:
        """Where one enrols, empty = nowhere."""
        return f"https://{self._where}:{self.door}" if self.door is not None else ""

    @property
    def _where(self) -> str:
        where = self.addresses[0] if self.addresses else self.host
        return f"[{where}]" if ":" in where else where


class _WrongError(Exception):
    """Ends validation; becomes a :class:`Refusal` at the door."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason


class CodecError(_WrongError):
    """An rtpmap that can't be decoded."""

    def __init__(self, detail: str) -> None:
        super().__init__("rtpmap", detail)


class RedError(_WrongError):
    """Not a payload type for redundancy."""

    def __init__(self, detail: str) -> None:
        super().__init__("red", detail)


class GroupError(_WrongError):
    """Not a multicast group that may be joined."""

    def __init__(self, detail: str) -> None:
        super().__init__("grp", detail)


# RFC 3551 section 6: payload types that need no rtpmap
STATIC_TYPES: Final[Mapping[int, Codec]] = {
    0: Codec("PCMU", 8_000, 1),
    8: Codec("PCMA", 8_000, 1),
    10: Codec("L16", 44_100, 2),
    11: Codec("L16", 44_100, 1),
}
SRTP_PROFILES: Final = ("AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM")
L16_RATES: Final = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
GROUPS_V4: Final = tuple(
    ipaddress.IPv4Network(f"{first}.0.0.0/8") for first in (232, 233, 234, 239)
)  # source-specific, GLOP, unicast-prefix-based, administratively scoped (RFC 5771, 2365, 6034)
SCOPES_V6: Final = (1, 2, 3, 4, 5, 8)  # up to organisation-local (RFC 7346); global is refused
_TALKGROUP: Final = re.compile(rf"[\w-]{{1,{MAX_TALKGROUP}}}")
_HOST: Final = re.compile(r"[\w-]{1,63}(\.[\w-]{1,63})*\.local", re.IGNORECASE)
_KID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,32}")
_RTPMAP: Final = re.compile(r"([A-Za-z0-9._-]{1,16})/([0-9]{4,5})(?:/([0-9]))?")
_FINGERPRINT: Final = re.compile(r"[0-9a-fA-F]{64}")


def read_stream(service: Service) -> Announcement | Refusal:
    """Validate one ``_rtp._udp`` service. Never raises, whatever the bytes."""
    try:
        return _stream(service)
    except _WrongError as wrong:
        return Refusal(wrong.reason, str(wrong), printable(service.name))


def read_site(service: Service) -> SiteAnnouncement | Refusal:
    """Validate one ``_vaktbord._tcp`` service. Never raises, whatever the bytes."""
    try:
        return _site(service)
    except _WrongError as wrong:
        return Refusal(wrong.reason, str(wrong), printable(service.name))


def _stream(service: Service) -> Announcement:
    name = _name(service.name)
    host = _host(service.host)
    port = _port(service.port)
    txt = parse_txt(service.text)
    if txt.get("txtvers", "1") != "1":
        raise _WrongError("txtvers", f"txtvers={_shown(txt['txtvers'])}; only 1 is understood")
    talkgroup = _talkgroup(txt.get("tg"))
    payload_type = _payload_type(txt.get("pt"))
    codec = _codec(payload_type, txt.get("rtpmap"))
    srtp, kid = _security(txt)
    red = read_red(txt["red"], payload_type, codec) if "red" in txt else None
    return Announcement(
        stream=stream_id(talkgroup, host),
        talkgroup=talkgroup,
        name=name,
        host=host,
        port=port,
        payload_type=payload_type,
        encoding=codec.encoding,
        clock_rate=codec.clock_rate,
        channels=codec.channels,
        addresses=_addresses(service.addresses),
        group=check_group(txt["grp"]) if "grp" in txt else None,
        srtp=srtp,
        kid=kid,
        sdp=_sdp(txt["sdp"]) if "sdp" in txt else None,
        red=red,
    )


def _site(service: Service) -> SiteAnnouncement:
    txt = parse_txt(service.text)
    if txt.get("txtvers", "1") != "1":
        raise _WrongError("txtvers", f"txtvers={_shown(txt['txtvers'])}; only 1 is understood")
    fingerprint = txt.get("ca", "")
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        raise _WrongError("site", "ca is not a SHA-256 fingerprint in hexadecimal")
    return SiteAnnouncement(
        site=_name(service.name),
        host=_host(service.host),
        port=_port(service.port),
        addresses=_addresses(service.addresses),
        fingerprint=fingerprint.lower(),
        door=_door(txt["door"]) if "door" in txt else None,
    )


def _door(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise _WrongError("site", f"door={_shown(text)} is no port")
    return _port(int(text))


def parse_txt(text: bytes) -> dict[str, str]:
    """Keys (lower case) to values; the first of a key counts (RFC 6763 section 6.4)."""
    if len(text) > MAX_TXT_BYTES:
        raise _WrongError("txt", f"the TXT record has {len(text)} bytes; at most {MAX_TXT_BYTES}")
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        item = text[at + 1 : at + 1 + text[at]]
        if len(item) < text[at]:
            raise _WrongError("txt", "the TXT record ends in the middle of a string")
        at += 1 + len(item)
        _add_pair(found, item)
    return found


def _add_pair(found: dict[str, str], item: bytes) -> None:
    raw_key, _, raw_value = item.partition(b"=")
    key = raw_key.decode("ascii", "replace").lower()
    if not key or key in found:
        return
    if len(found) >= MAX_TXT_KEYS:
        raise _WrongError("txt", f"the TXT record has more than {MAX_TXT_KEYS} keys")
    try:
        found[key] = raw_value.decode("utf-8")
    except UnicodeDecodeError:
        raise _WrongError("txt", f"the value of {_shown(key)} is not UTF-8") from None


def _name(name: str) -> str:
    if not name or len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise _WrongError("name", f"a name has 1 to {MAX_NAME_BYTES} bytes")
    if not is_printable(name) or not name.strip():
        raise _WrongError("name", f"the name {_shown(name)} has characters that can't be shown")
    return unicodedata.normalize("NFC", name)


def is_printable(text: str) -> bool:
    """No control, format (bidi overrides), surrogate, private or unassigned characters."""
    return not any(unicodedata.category(one)[0] == "C" or one == "\ufffd" for one in text)


def printable(text: str, limit: int = MAX_NAME_BYTES) -> str:
    """``text`` made safe for a terminal or a window."""
    return "".join(one if is_printable(one) else "?" for one in text[:limit])


def _shown(text: str) -> str:
    return f"“{printable(text, 40)}”"


def _host(host: str) -> str:
    bare = host.removesuffix(".").lower()
    if len(bare) > MAX_HOST or not _HOST.fullmatch(bare):
        raise _WrongError("host", f"{_shown(host)} is not a host name in .local")
    return bare


def _port(port: int) -> int:
    if not LOWEST_PORT <= port <= 65_535 or port == MDNS_PORT:
        raise _WrongError("port", f"port {port} is not one from {LOWEST_PORT} to 65535")
    return port


def _talkgroup(tg: str | None) -> str:
    if tg is None:
        raise _WrongError("tg", "tg, the talkgroup's id, is missing: not a talkgroup stream")
    normal = unicodedata.normalize("NFC", tg)
    if not _TALKGROUP.fullmatch(normal) or not is_printable(normal):
        raise _WrongError(
            "tg", f"tg={_shown(tg)}: 1 to {MAX_TALKGROUP} letters, digits, hyphens or underscores"
        )
    return normal


def _payload_type(pt: str | None) -> int:
    if pt is None:
        raise _WrongError("pt", "pt, the payload type, is missing")
    value = _type_number(pt)
    if value is None:
        raise _WrongError("pt", f"pt={_shown(pt)} is not an RTP payload type")
    return value


def _type_number(text: str) -> int | None:
    value = int(text) if re.fullmatch("[0-9]{1,3}", text) else -1
    is_fine = 0 <= value <= 127 and not 64 <= value <= 95  # these look like RTCP (RFC 5761 4)
    return value if is_fine else None


def read_red(red: str, payload_type: int, codec: Codec) -> int:
    """The payload type of RFC 2198 that goes with Opus. Raises RedError."""
    value = _type_number(red)
    if value is None or value == payload_type:
        raise RedError(f"red={_shown(red)} is not a payload type of its own")
    if codec.encoding != "opus":
        raise RedError(f"red={_shown(red)}: copies go with Opus alone, not with {codec.encoding}")
    return value


def _codec(payload_type: int, rtpmap: str | None) -> Codec:
    if rtpmap is not None:
        return read_rtpmap(rtpmap)
    codec = STATIC_TYPES.get(payload_type)
    if codec is None:
        raise _WrongError("rtpmap", f"rtpmap is missing; payload type {payload_type} is not fixed")
    return codec


def read_rtpmap(rtpmap: str) -> Codec:
    """``opus/48000/2``, ``PCMU/8000``, ``PCMA/8000``, ``L16/<rate>[/<channels>]``, any case."""
    match = _RTPMAP.fullmatch(rtpmap)
    if match is None:
        raise CodecError(f"{_shown(rtpmap)} is not <encoding>/<clock rate>[/<channels>]")
    encoding, rate, channels = match[1].lower(), int(match[2]), int(match[3] or 1)
    if encoding == "opus" and (rate, channels) == (48_000, 2):  # RFC 7587 section 7: always /2
        return Codec("opus", rate, channels)
    if encoding in ("pcmu", "pcma") and (rate, channels) == (8_000, 1):
        return Codec("PCMU" if encoding == "pcmu" else "PCMA", rate, channels)
    if encoding == "l16" and rate in L16_RATES and channels in (1, 2):
        return Codec("L16", rate, channels)
    raise CodecError(
        f"{_shown(rtpmap)} can't be decoded; opus/48000/2, PCMU/8000, PCMA/8000 and L16 can",
    )


def _security(txt: Mapping[str, str]) -> tuple[SrtpProfile | None, str | None]:
    profile, kid = txt.get("srtp"), txt.get("kid")
    if profile is None:
        return None, None
    if profile not in SRTP_PROFILES:
        raise _WrongError(
            "srtp", f"srtp={_shown(profile)} is not one of {', '.join(SRTP_PROFILES)}"
        )
    if kid is None or not _KID.fullmatch(kid):
        raise _WrongError(
            "kid", "a secured stream needs kid=<key id>: 1 to 32 letters, digits, . _ : -"
        )
    return cast(SrtpProfile, profile), kid


def check_group(text: str) -> str:
    """A multicast address in the scopes that a LAN may use, in its normal form."""
    try:
        group = ipaddress.ip_address(text)
    except ValueError:
        raise GroupError(f"grp={_shown(text)} is not an IP address") from None
    if not group.is_multicast:
        raise GroupError(f"grp={group} is not a multicast address")
    is_fine = _is_fine_v4(group) if isinstance(group, ipaddress.IPv4Address) else _is_fine_v6(group)
    if not is_fine:
        raise GroupError(f"grp={group} is reserved or reaches too far; use 239.x.x.x or ff15::x")
    return str(group)


def _is_fine_v4(group: ipaddress.IPv4Address) -> bool:
    return any(group in network for network in GROUPS_V4)


def _is_fine_v6(group: ipaddress.IPv6Address) -> bool:
    """RFC 4291 section 2.7; permanently assigned groups (mDNS, DHCP, …) are refused."""
    number = int(group)
    flags, scope, group_id = (number >> 116) & 15, (number >> 112) & 15, number & (2**112 - 1)
    if group.scope_id is not None or scope not in SCOPES_V6:
        return False
    is_transient = bool(flags & 1)
    return is_transient or not (group_id < 0x200 or group_id >> 16 == 1 or group_id >> 32 == 1)


def is_source_specific(group: str) -> bool:
    """In the range of RFC 4607: 232.0.0.0/8, or ff3x::/32."""
    address = ipaddress.ip_address(group)
    if isinstance(address, ipaddress.IPv4Address):
        return address in GROUPS_V4[0]
    return int(address) >> 116 == 0xFF3


def _addresses(given: tuple[str, ...]) -> tuple[str, ...]:
    """Those that a station can have, sorted so that the order of records does not matter."""
    usable = {one for one in given[: 2 * MAX_ADDRESSES] if is_station_address(one)}
    return tuple(sorted(usable, key=_address_order)[:MAX_ADDRESSES])


def _address_order(text: str) -> tuple[bool, bool, int]:
    """IPv4 before IPv6, link-local last."""
    address = ipaddress.ip_address(text)
    return address.is_link_local, address.version == 6, int(address)


def is_station_address(text: str) -> bool:
    """A unicast address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_multicast or address.is_unspecified or text == "255.255.255.255")


def _sdp(url: str) -> str:
    if len(url) > MAX_VALUE or not url.isascii() or not is_printable(url) or " " in url:
        raise _WrongError("sdp", f"sdp is not an HTTPS address of at most {MAX_VALUE} characters")
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host or parts.scheme != "https" or parts.username is not None:
        raise _WrongError("sdp", f"sdp={_shown(url)} is not an https:// address")
    return url
