"""SRTP for one stream (RFC 3711, RFC 7714), on libsrtp."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Container, Mapping
from typing import Final

import pylibsrtp

from audio.protocol import SrtpProfile

MAX_PACKET: Final = 1_480  # bytes; the library's buffer has 1,500 with its trailer
MAX_OPENED: Final = 128  # SSRCs of one session, which libsrtp looks through for each packet
LEAP: Final = 0x7000  # sequence numbers: less than half a turn
PROFILES: Final[Mapping[SrtpProfile, int]] = {
    "AES_CM_128_HMAC_SHA1_80": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AEAD_AES_128_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "AEAD_AES_256_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
}
KEY_BYTES: Final[Mapping[SrtpProfile, int]] = {
    "AES_CM_128_HMAC_SHA1_80": 30,
    "AEAD_AES_128_GCM": 28,
    "AEAD_AES_256_GCM": 44,
}

# srtp.h of libsrtp 2; that of 3 takes other arguments
UNPROTECT: Final = "srtp_err_status_t(*)(struct srtp_ctx_t_ *, void *, int *)"


class SrtpError(ValueError):
    """The profile or the key can't be used; the text says what to do, and holds no key."""


def _session(profile: SrtpProfile, key: bytes, direction: int) -> pylibsrtp.Session:
    if len(key) != KEY_BYTES[profile]:
        raise SrtpError(f"{profile} takes a key of {KEY_BYTES[profile]} bytes, not {len(key)}")
    try:
        policy = pylibsrtp.Policy(key=key, ssrc_type=direction, srtp_profile=PROFILES[profile])
        return pylibsrtp.Session(policy=policy)
    except pylibsrtp.Error as error:
        raise SrtpError(f"{profile} is not available in this libsrtp: {error}") from error


class Opener:
    """Inbound. ``rtp`` and ``rtcp`` return None for what is forged, replayed or too long."""

    def __init__(self, profile: SrtpProfile, key: bytes) -> None:
        self._profile, self._key = profile, key
        self._session = _session(profile, key, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        self._opened: dict[int, None] = {}  # SSRCs, the one noted longest ago first

    def addresses(self) -> tuple[int, int]:
        """Of the session, which lives as long as this, and of the function that opens a packet
        in its place. Zeros when this pylibsrtp keeps them elsewhere, or they are of another
        libsrtp: opening is then left to :meth:`rtp`."""
        inside = vars(pylibsrtp)
        try:
            ffi = inside["ffi"]
            function = ffi.addressof(inside["lib"], "srtp_unprotect")
            if ffi.typeof(function).cname != UNPROTECT:
                return 0, 0
            session = ffi.cast("uintptr_t", self._session._srtp[0])
            return int(session), int(ffi.cast("uintptr_t", function))
        except (AttributeError, KeyError, TypeError):
            return 0, 0

    def note(self, ssrc: int, in_use: Container[int]) -> None:
        """Something of this sender was opened, for which libsrtp keeps what it knows of him. At
        the bound another one, not in use, is forgotten; what he has sent could be replayed then,
        but only after somebody who has the key has made that many senders up."""
        self._opened.pop(ssrc, None)
        self._opened[ssrc] = None
        if len(self._opened) > MAX_OPENED:
            oldest = next(one for one in self._opened if one not in in_use)
            del self._opened[oldest]
            with contextlib.suppress(pylibsrtp.Error):
                self._session.remove_stream(oldest)

    def has_opened(self, ssrc: int) -> bool:
        """Something of this sender, since it was last forgotten."""
        return ssrc in self._opened

    def join(self, ssrc: int, index: int) -> None:
        """A sender anew, just before this index (rollover counter and sequence number). libsrtp
        counts by what it opens, so it is led there by packets of our own, which go nowhere: two
        or three for each wrap."""
        with contextlib.suppress(pylibsrtp.Error):
            self._session.remove_stream(ssrc)
        sealer = _session(self._profile, self._key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        for one in (*range(LEAP, index - 1, LEAP), index - 1):
            head = struct.pack("!BBHII", 0x80, 0, one & 0xFFFF, 0, ssrc)
            self._session.unprotect(sealer.protect(head))

    def rtp(self, data: bytes) -> bytes | None:
        if len(data) > MAX_PACKET:
            return None
        try:
            return bytes(self._session.unprotect(data))
        except (pylibsrtp.Error, ValueError):
            return None

    def rtcp(self, data: bytes) -> bytes | None:
        if len(data) > MAX_PACKET:
            return None
        try:
            return bytes(self._session.unprotect_rtcp(data))
        except (pylibsrtp.Error, ValueError):
            return None


class Sealer:
    """Outbound."""

    def __init__(self, profile: SrtpProfile, key: bytes) -> None:
        self._session = _session(profile, key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)

    def rtp(self, data: bytes) -> bytes:
        """Raises SrtpError for a number that was used before, or is long past."""
        try:
            return bytes(self._session.protect(data))
        except pylibsrtp.Error as error:
            raise SrtpError(str(error)) from error

    def rtcp(self, data: bytes) -> bytes:
        return bytes(self._session.protect_rtcp(data))
