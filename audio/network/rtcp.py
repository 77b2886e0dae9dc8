"""The little of RTCP that tells who speaks and how it is heard: SDES and reports (RFC 3550)."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

SR: Final = 200
RR: Final = 201
SDES: Final = 202
BYE: Final = 203
CNAME: Final = 1
NAME: Final = 2
PRIV: Final = 8
MAX_CHUNKS: Final = 31
MAX_NAME: Final = 64  # characters kept of what a stranger calls himself
RED_PREFIX: Final = b"vaktbord-red"  # of the PRIV item that says "I understand RED"
MAX_RUN: Final = 100.0  # packets lost in a row; more is cut off
_RED: Final = re.compile(rb"([0-9]{1,3})/([0-9]{1,3}(?:\.[0-9])?)")
_BLOCK: Final = struct.Struct("!IIIIII")  # of a report (RFC 3550 section 6.4.1)
_SENDER_INFO: Final = 20  # bytes between a sender report's SSRC and its blocks


class Part(NamedTuple):
    """One packet of a compound one. ``items``: how many chunks, reports or sources it has."""

    kind: int
    items: int
    body: bytes


class Quality(msgspec.Struct, frozen=True):
    """How one receiver hears one sender: a report block (RFC 3550 section 6.4.1)."""

    ssrc: int
    share: float = 0.0  # of packets lost since the last report
    lost: int = 0  # since it began
    highest: int = 0  # extended sequence number
    jitter: int = 0  # timestamp units
    last_report: int = 0  # the middle 32 bits of the last sender report's NTP time
    since_report: int = 0  # 1/65,536 s


class Report(msgspec.Struct, frozen=True):
    """One receiver's report. ``red``: the payload type that it understands as RED, and how many
    packets in a row are lost on average; None = it has not said so."""

    reporter: int
    blocks: tuple[Quality, ...]
    red: tuple[int, float] | None = None


def split(data: bytes) -> list[Part]:
    """Up to the first broken part; empty for what is not RTCP."""
    parts: list[Part] = []
    at = 0
    while at + 4 <= len(data):
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            break
        parts.append(Part(kind, first & 0x1F, data[at + 4 : end]))
        at = end
    return parts


def names(data: bytes) -> dict[int, str]:
    """SSRC to NAME, or CNAME where there is none."""
    found: dict[int, str] = {}
    for part in split(data):
        if part.kind == SDES:
            _read_chunks(part.body, part.items, found)
    return found


def goodbyes(data: bytes) -> tuple[int, ...]:
    """SSRCs that say BYE."""
    gone: list[int] = []
    for part in split(data):
        if part.kind == BYE and 4 * part.items <= len(part.body):
            gone += struct.unpack_from(f"!{part.items}I", part.body)
    return tuple(gone)


def reports(data: bytes) -> tuple[Report, ...]:
    """Of receivers: receiver reports, and what senders say of other senders."""
    found: list[Report] = []
    able = _red_items(data)
    for part in split(data):
        if part.kind == RR and len(part.body) >= 4:
            found.append(_report(part, 4, able))
        elif part.kind == SR and part.items and len(part.body) >= 4 + _SENDER_INFO:
            found.append(_report(part, 4 + _SENDER_INFO, able))
    return tuple(found)


def sent_at(data: bytes) -> dict[int, int]:
    """SSRC to the middle 32 bits of the NTP time, of the sender reports."""
    found: dict[int, int] = {}
    for part in split(data):
        if part.kind == SR and len(part.body) >= 4 + _SENDER_INFO:
            ssrc, seconds, fraction = struct.unpack_from("!III", part.body)
            found[ssrc] = (seconds & 0xFFFF) << 16 | fraction >> 16
    return found


def _report(part: Part, start: int, able: dict[int, tuple[int, float]]) -> Report:
    (reporter,) = struct.unpack_from("!I", part.body)
    count = min(part.items, (len(part.body) - start) // _BLOCK.size)
    blocks = tuple(_quality(part.body, start + n * _BLOCK.size) for n in range(count))
    return Report(reporter, blocks, able.get(reporter))


def _quality(body: bytes, at: int) -> Quality:
    ssrc, loss, highest, jitter, last, since = _BLOCK.unpack_from(body, at)
    lost = loss & 0xFFFFFF
    signed = lost - 0x1000000 if lost & 0x800000 else lost
    return Quality(ssrc, (loss >> 24) / 256, signed, highest, jitter, last, since)


def _red_items(data: bytes) -> dict[int, tuple[int, float]]:
    """Who says that he understands RED: PRIV ``vaktbord-red`` = ``<payload type>/<run>``."""
    found: dict[int, tuple[int, float]] = {}
    for part in split(data):
        at = 0
        for _ in range(min(part.items, MAX_CHUNKS) if part.kind == SDES else 0):
            if at + 4 > len(part.body):
                break
            (ssrc,) = struct.unpack_from("!I", part.body, at)
            raw, at = _raw_items(part.body, at + 4)
            able = _read_red(raw.get(PRIV, b""))
            if able is not None:
                found[ssrc] = able
    return found


def _read_red(item: bytes) -> tuple[int, float] | None:
    """RFC 3550 section 6.5.8: the prefix's length, the prefix, the value."""
    if not item.startswith(bytes((len(RED_PREFIX),)) + RED_PREFIX):
        return None
    match = _RED.fullmatch(item[1 + len(RED_PREFIX) :])
    if match is None or int(match[1]) > 127:
        return None
    return int(match[1]), min(max(float(match[2]), 1.0), MAX_RUN)


def _read_chunks(body: bytes, count: int, found: dict[int, str]) -> None:
    at = 0
    for _ in range(min(count, MAX_CHUNKS)):
        if at + 4 > len(body):
            return
        (ssrc,) = struct.unpack_from("!I", body, at)
        items, at = _read_items(body, at + 4)
        name = items.get(NAME) or items.get(CNAME)
        if name:
            found[ssrc] = name


def _read_items(body: bytes, at: int) -> tuple[dict[int, str], int]:
    raw, at = _raw_items(body, at)
    return {kind: _clean(item) for kind, item in raw.items()}, at


def _raw_items(body: bytes, at: int) -> tuple[dict[int, bytes], int]:
    items: dict[int, bytes] = {}
    while at + 2 <= len(body) and body[at] != 0:
        size = body[at + 1]
        items.setdefault(body[at], body[at + 2 : at + 2 + size])
        at += 2 + size
    return items, (at // 4 + 1) * 4  # one to four zero bytes end a chunk


def _clean(raw: bytes) -> str:
    """What may be shown: no control or format characters, no line breaks, bounded."""
    text = raw.decode("utf-8", "replace")[:MAX_NAME]
    return "".join(c for c in text if not _is_hidden(unicodedata.category(c))).strip()


def _is_hidden(category: str) -> bool:
    return category[0] == "C" or category in ("Zl", "Zp")


def report(
    ssrc: int, *, ntp: int, timestamp: int, packets: int, octets: int, cname: str, name: str
) -> bytes:
    """A compound packet: sender report and source description."""
    head = struct.pack("!BBHI", 0x80, SR, 6, ssrc)
    body = struct.pack("!QIII", ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return head + body + source_description(ssrc, cname, name)


def receiver_report(
    ssrc: int, blocks: Sequence[Quality], cname: str, red: tuple[int, float] | None
) -> bytes:
    """A compound packet: receiver report and source description; ``red`` as in a Report."""
    told = blocks[:MAX_CHUNKS]
    head = struct.pack("!BBHI", 0x80 | len(told), RR, 1 + 6 * len(told), ssrc)
    body = b"".join(_packed(one) for one in told)
    able = _item_of(PRIV, _red_item(*red)) if red is not None else b""
    return head + body + _described(ssrc, _item(CNAME, cname) + able)


def _packed(quality: Quality) -> bytes:
    fraction = min(max(int(quality.share * 256), 0), 255)
    lost = min(max(quality.lost, -0x800000), 0x7FFFFF) & 0xFFFFFF
    return _BLOCK.pack(
        quality.ssrc,
        fraction << 24 | lost,
        quality.highest & 0xFFFFFFFF,
        min(quality.jitter, 0xFFFFFFFF),
        quality.last_report,
        quality.since_report & 0xFFFFFFFF,
    )


def _red_item(payload_type: int, run: float) -> bytes:
    value = f"{payload_type}/{min(run, MAX_RUN):.1f}".encode("ascii")
    return bytes((len(RED_PREFIX),)) + RED_PREFIX + value


def source_description(ssrc: int, cname: str, name: str) -> bytes:
    return _described(ssrc, _item(CNAME, cname) + (_item(NAME, name) if name else b""))


def _described(ssrc: int, items: bytes) -> bytes:
    chunk = struct.pack("!I", ssrc) + items
    chunk += bytes(4 - len(chunk) % 4)
    return struct.pack("!BBH", 0x81, SDES, len(chunk) // 4) + chunk


def _item(kind: int, text: str) -> bytes:
    return _item_of(kind, text.encode("utf-8")[:255])


def _item_of(kind: int, raw: bytes) -> bytes:
    return bytes((kind, len(raw))) + raw


def ntp_time(unix_s: float) -> int:
    """64-bit NTP time (RFC 5905): seconds since 1900 in the upper half."""
    return int((unix_s + 2_208_988_800) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
