"""The rollover counter (ROC) of a sender that was joined late: found by trying, and remembered.

A packet carries 16 bits of its SRTP index; the upper 32, the ROC, are counted by both sides from
the sender's first packet (RFC 3711 section 3.3.1). Who comes after a wrap has to be told them, or
to try which one the packet's seal fits.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta

from audio.private import write_private
from audio.protocol import UNREADABLE, SrtpProfile

log = logging.getLogger(__name__)

MAX_ROC: Final = 4_096  # wraps that are tried: two months of voice without a pause
MAX_REMEMBERED: Final = 512  # senders; the one noted longest ago is forgotten
MAX_FILE: Final = 65_536  # bytes
TAG: Final = {"AES_CM_128_HMAC_SHA1_80": 10, "AEAD_AES_128_GCM": 16, "AEAD_AES_256_GCM": 16}
KEY: Final = {"AES_CM_128_HMAC_SHA1_80": 16, "AEAD_AES_128_GCM": 16, "AEAD_AES_256_GCM": 32}
HALF: Final = 0x8000  # of the sequence numbers


def fingerprint(profile: SrtpProfile, key: bytes) -> str:
    """Names a key without telling it."""
    return hashlib.sha256(b"vaktbord-srtp\0" + profile.encode() + b"\0" + key).hexdigest()[:32]


def derive(master: bytes, salt: bytes, label: int, size: int) -> bytes:
    """A session key (RFC 3711 section 4.3.1, with no key derivation rate)."""
    number = int.from_bytes(salt.ljust(14, b"\0"), "big") ^ label << 48
    start = (number << 16).to_bytes(16, "big")
    return Cipher(algorithms.AES(master), modes.CTR(start)).encryptor().update(bytes(size))


class Trial:
    """Which ROC a packet was sealed with, under one key."""

    def __init__(self, profile: SrtpProfile, key: bytes) -> None:
        master, salt = key[: KEY[profile]], key[KEY[profile] :]
        self._tag = TAG[profile]
        self._auth = b""
        if profile == "AES_CM_128_HMAC_SHA1_80":
            self._auth = derive(master, salt, 1, 20)
        else:
            self._box = AESGCM(derive(master, salt, 0, len(master)))
            self._salt = int.from_bytes(derive(master, salt, 2, 12), "big")

    def find(self, data: bytes, rocs: Iterable[int]) -> int | None:
        """The first of these that fits; None for what is forged, or of another one."""
        start = _payload_at(data)
        if len(data) < start + self._tag:
            return None
        return self._find_signed(data, rocs) if self._auth else self._find_gcm(data, start, rocs)

    def _find_signed(self, data: bytes, rocs: Iterable[int]) -> int | None:
        """The ROC is authenticated behind the packet (RFC 3711 section 4.2)."""
        tag = data[-self._tag :]
        signed = hmac.new(self._auth, data[: -self._tag], "sha1")
        for roc in rocs:
            one = signed.copy()
            one.update(roc.to_bytes(4, "big"))
            if hmac.compare_digest(one.digest()[: self._tag], tag):
                return roc
        return None

    def _find_gcm(self, data: bytes, start: int, rocs: Iterable[int]) -> int | None:
        """The ROC is a part of the nonce (RFC 7714 section 8.1)."""
        ssrc, sequence = data[8:12], data[2:4]
        for roc in rocs:
            number = int.from_bytes(b"\0\0" + ssrc + roc.to_bytes(4, "big") + sequence, "big")
            try:
                self._box.decrypt(
                    (number ^ self._salt).to_bytes(12, "big"), data[start:], data[:start]
                )
            except InvalidTag:
                continue
            return roc
        return None


def _payload_at(data: bytes) -> int:
    """Where a packet's header, with CSRCs and extension, ends."""
    if len(data) < 12:
        return len(data) + 1
    start = 12 + 4 * (data[0] & 0x0F)
    if data[0] & 0x10:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    return start


class Seen(msgspec.Struct, frozen=True):
    """The highest index known of a sender."""

    roc: Annotated[int, Meta(ge=0, lt=2**32)]
    sequence: Annotated[int, Meta(ge=0, lt=2**16)]

    @property
    def index(self) -> int:
        return self.roc << 16 | self.sequence


def follow(seen: Seen, sequence: int) -> Seen:
    """The same sender a while, less than half a turn, later (RFC 3711 section 3.3.1)."""
    step = (sequence - seen.sequence) & 0xFFFF
    if step >= HALF:  # out of order
        return seen
    index = seen.index + step
    return Seen(index >> 16 & 0xFFFFFFFF, index & 0xFFFF)


class Memory:
    """What was known of senders past a wrap, for the next engine of this home: key's fingerprint
    and SSRC. ``note`` by the mix thread, which takes ``is_stale`` back; ``save`` by another."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._seen: dict[str, Seen] = {} if path is None else _read(path)
        self.is_stale = False

    def find(self, key: str, ssrc: int) -> Seen | None:
        return self._seen.get(f"{key}-{ssrc:08x}")

    def note(self, key: str, ssrc: int, seen: Seen) -> None:
        """Told at each wrap; a sender that has never wrapped needs no memory."""
        name = f"{key}-{ssrc:08x}"
        self._seen.pop(name, None)
        self._seen[name] = seen
        if len(self._seen) > MAX_REMEMBERED:
            del self._seen[next(iter(self._seen))]
        self.is_stale = True

    def save(self) -> None:
        """Whole, or as it was. What can't be written costs a search at the next start."""
        if self._path is None:
            return
        try:
            write_private(self._path, msgspec.json.encode(dict(self._seen)))
        except OSError as error:
            log.warning("rollover counters can't be noted: %s", error.strerror)


def _read(path: Path) -> dict[str, Seen]:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE), type=dict[str, Seen])
    except FileNotFoundError:
        return {}
    except (OSError, *UNREADABLE) as error:
        log.warning("rollover counters can't be read, and are sought anew: %s", error)
        return {}
