"""A kept burst as a file: WAV of its sound, or Ogg Opus of its very packets (RFC 3533, RFC 7845).

Written beside its place and renamed, so that what bears the name is whole.
"""

from __future__ import annotations

import secrets
import struct
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from audio.codecs.libopus import RATE
from audio.codecs.opus import OpusDecoder
from audio.protocol import ExportFormat
from audio.recall.burst import BurstError, Facts, KeptPacket
from audio.recall.decode import MAX_PAUSE_MS, decode, in_order

MS: Final = RATE // 1_000
MAX_PAGE_PACKETS: Final = 50  # a second of 20 ms each
MAX_SEGMENTS: Final = 255  # of a page, of 255 bytes each (RFC 3533 section 6)
PRE_SKIP: Final = 0  # samples: the desk's own decoder began at this packet too, and nothing is cut
SILENCE: Final = bytes((0xF8, 0xFF, 0xFE))  # 20 ms of CELT, full band, mono: silence
SILENCE_SAMPLES: Final = 960
_POLYNOMIAL: Final = 0x04C11DB7
_PAGE: Final = struct.Struct("<4sBBqIIIB")


def export(facts: Facts, packets: Sequence[KeptPacket], path: Path, kind: ExportFormat) -> float:
    """Returns seconds. Raises BurstError, OSError, OpusError."""
    if kind == "ogg" and facts.encoding != "opus":
        raise BurstError(f"{facts.encoding} can't be put into Ogg as it is; export it as WAV")
    if path.exists():
        raise BurstError(f"{path} is there already; give another name")
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fresh.touch(mode=0o600, exist_ok=False)
        seconds = (_write_wav if kind == "wav" else _write_ogg)(facts, packets, fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return seconds


def _write_wav(facts: Facts, packets: Sequence[KeptPacket], path: Path) -> float:
    count = 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for piece in decode(facts, packets):
            count += len(piece)
            whole = np.clip(piece * 32_767, -32_768, 32_767).round()
            file.writeframes(whole.astype("<i2").tobytes())
    return count / RATE


def _write_ogg(facts: Facts, packets: Sequence[KeptPacket], path: Path) -> float:
    """Lost packets and pauses become packets of silence: the file is as long as the burst."""
    total = 0
    with path.open("wb") as file:
        serial, number = facts.ssrc, 0
        for body, flags in ((_head(facts), 0x02), (_tags(facts), 0x00)):
            file.write(_page((body,), 0, serial, number, flags))
            number += 1
        pages = list(_paged(_filled(packets)))
        for n, (bodies, samples) in enumerate(pages):
            total += samples
            flags = 0x04 if n == len(pages) - 1 else 0x00
            file.write(_page(bodies, total, serial, number + n, flags))
    return total / RATE


def _head(facts: Facts) -> bytes:
    """Identification header (RFC 7845 section 5.1): one stream, family 0."""
    return struct.pack("<8sBBHIhB", b"OpusHead", 1, facts.channels, PRE_SKIP, RATE, 0, 0)


def _tags(facts: Facts) -> bytes:
    """Comment header (RFC 7845 section 5.2)."""
    vendor = b"Vaktbord"
    words = (f"TITLE={facts.stream}", f"ARTIST={facts.speaker}", f"DATE_MS={facts.start_ms}")
    comments = [word.encode() for word in words]
    parts = [b"OpusTags", struct.pack("<I", len(vendor)), vendor, struct.pack("<I", len(comments))]
    parts += [struct.pack("<I", len(one)) + one for one in comments]
    return b"".join(parts)


def _filled(packets: Sequence[KeptPacket]) -> Iterator[tuple[bytes, int]]:
    """Payloads with their samples, silence where something is missing."""
    decoder = OpusDecoder()  # knows how long a packet is
    end: int | None = None
    for _, media, payload in in_order(packets, RATE):
        samples = decoder.duration(payload)
        if not samples:
            continue
        gap = media - end if end is not None else 0
        if 0 < gap <= MAX_PAUSE_MS * MS:
            for _ in range(gap // SILENCE_SAMPLES):
                yield SILENCE, SILENCE_SAMPLES
        yield payload, samples
        end = media + samples


def _paged(packets: Iterator[tuple[bytes, int]]) -> Iterator[tuple[tuple[bytes, ...], int]]:
    """As many whole packets as a page holds, with their samples."""
    bodies: list[bytes] = []
    segments = samples = 0
    for body, length in packets:
        more = len(body) // 255 + 1
        if bodies and (segments + more > MAX_SEGMENTS or len(bodies) >= MAX_PAGE_PACKETS):
            yield tuple(bodies), samples
            bodies, segments, samples = [], 0, 0
        bodies.append(body)
        segments += more
        samples += length
    if bodies:
        yield tuple(bodies), samples


def _page(bodies: Sequence[bytes], granule: int, serial: int, number: int, flags: int) -> bytes:
    table = b"".join(bytes([255] * (len(one) // 255) + [len(one) % 255]) for one in bodies)
    head = _PAGE.pack(b"OggS", 0, flags, granule, serial, number, 0, len(table))
    page = head + table + b"".join(bodies)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _make_table() -> tuple[int, ...]:
    table = []
    for index in range(256):
        value = index << 24
        for _ in range(8):
            value = (value << 1) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_TABLE: Final = _make_table()


def _checksum(page: bytes) -> int:
    """CRC-32 unreflected, from zero (RFC 3533 section 6)."""
    crc = 0
    for byte in page:
        crc = ((crc << 8) & 0xFFFFFFFF) ^ _TABLE[(crc >> 24) ^ byte]
    return crc
