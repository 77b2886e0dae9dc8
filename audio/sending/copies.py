"""Payloads of our own streams, with copies of earlier frames within 64 kbit/s. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import msgspec

from audio.network import red, rtp
from audio.sending.redundancy import MOST_DISTANCE

RATE: Final = 48_000  # timestamp units a second (RFC 7587 section 4.1)
MAX_BITRATE: Final = 64_000  # bit/s of RTP packets, copies and all headers from RTP's on
SAVED_S: Final = 1.0  # what was not used may be used this much later
RESERVE_S: Final = 0.5  # left for first copies when a second one goes along
MAX_PAYLOAD: Final = 1_200  # bytes; with all headers it goes through any LAN in one piece
MAX_OFFSET: Final = 4_800  # samples, 100 ms: a later copy would come after the longest wait


class _Frame(msgspec.Struct, frozen=True, gc=False):
    payload: bytes
    samples: int
    at: int  # samples since the burst began


class Copier:
    """One burst's. ``payload`` for each frame in turn. Copies go along as far as the bit rate
    allows; the frame itself always does."""

    def __init__(self, payload_type: int) -> None:
        self._payload_type = payload_type
        self._past: deque[_Frame] = deque(maxlen=MOST_DISTANCE)  # the newest last
        self._at = 0
        self._saved = 0.0  # bytes that may be sent

    def payload(self, payload: bytes, samples: int, distances: Sequence[int]) -> tuple[bytes, bool]:
        """What to send, and whether it is RED. ``samples``: of the payload, at 48 kHz."""
        frame = _Frame(payload, samples, self._at)
        self._at += samples
        saved = min(self._saved + _bytes(samples / RATE), _bytes(SAVED_S))
        self._saved = max(saved - rtp.HEADER - len(payload), -_bytes(SAVED_S))
        chosen = self._choose(frame, distances)
        self._past.append(frame)
        if not chosen:
            return payload, False
        copies = [
            red.Block(self._payload_type, frame.at - one.at, one.payload)
            for one in sorted(chosen, key=lambda one: one.at)
        ]
        return red.pack(copies, red.Block(self._payload_type, 0, payload)), True

    def _choose(self, frame: _Frame, distances: Sequence[int]) -> list[_Frame]:
        chosen: list[_Frame] = []
        size = len(frame.payload) + red.LAST_HEADER
        for distance in distances:
            copy = self._copy(frame, distance)
            if copy is None or copy in chosen:
                continue
            cost = len(copy.payload) + red.HEADER + (0 if chosen else red.LAST_HEADER)
            reserve = _bytes(RESERVE_S) if chosen else 0.0
            if cost + reserve > self._saved or size + cost > MAX_PAYLOAD:
                break
            chosen.append(copy)
            size += cost
            self._saved -= cost
        return chosen

    def _copy(self, frame: _Frame, distance: int) -> _Frame | None:
        """So many packets back, or fewer where packets are long. A receiver finds its number by
        dividing, so all between must be equally long."""
        distance = min(distance, MAX_OFFSET // frame.samples)
        if not 0 < distance <= len(self._past):
            return None
        between = list(self._past)[-distance:]
        copy = between[0]
        is_even = all(one.samples == frame.samples for one in between)
        has_room = 0 < len(copy.payload) <= red.MAX_LENGTH
        return copy if is_even and has_room else None


def _bytes(seconds: float) -> float:
    return seconds * MAX_BITRATE / 8
