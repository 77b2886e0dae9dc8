"""A kept burst as sound: in the order in which it was spoken, lost packets concealed. Pure.

No jitter buffer: all that ever came is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.codecs.frame import new_frames
from audio.codecs.table import Decoder, decoder_for, timestamp_rate
from audio.recall.burst import Facts, KeptPacket
from audio.receiving.jitter import MAX_GAP_MS, MS, RATE, SHORTEST, SLACK

Sound = NDArray[np.float32]

BLOCK: Final = 480  # samples: 10 ms at 48 kHz
MAX_PAUSE_MS: Final = 2_000  # a longer gap in the sender's time is its clock, not a pause
MAX_BROKEN: Final = 960  # samples that stand for a packet that can't be decoded
EDGE: Final = 240  # samples: a beginning and an end without a click


class Timed(tuple[int, int, bytes]):
    """Extended sequence number, time in samples at 48 kHz, payload."""

    __slots__ = ()


def in_order(packets: Iterable[KeptPacket], clock_rate: int) -> list[Timed]:
    """As they were spoken: numbers and times without their wraps, doubles left out."""
    found: dict[int, Timed] = {}
    sequence = timestamp = 0
    for n, packet in enumerate(packets):
        if n == 0:
            sequence, timestamp = packet.sequence, packet.timestamp
        sequence += ((packet.sequence - sequence + 0x8000) & 0xFFFF) - 0x8000
        timestamp += ((packet.timestamp - timestamp + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        timed = Timed((sequence, timestamp * RATE // clock_rate, packet.payload))
        found.setdefault(sequence, timed)
    return [found[n] for n in sorted(found)]


def decode(facts: Facts, packets: Iterable[KeptPacket]) -> Iterator[Sound]:
    """Pieces of mono sound at 48 kHz, in their order. Raises OpusError."""
    spec = facts.spec()
    decoder = decoder_for(spec)
    ordered = in_order(packets, timestamp_rate(spec))
    out = new_frames(1)[1][0]
    expected: tuple[int, int] | None = None  # number and time of the next one
    for sequence, media, payload in ordered:
        if expected is not None:
            yield from _between(decoder, sequence - expected[0], media - expected[1], payload)
        count = decoder.decode(payload, out)
        if count <= 0:
            count = MAX_BROKEN
            decoder.conceal(count, b"", out)
        yield out.samples[:count].copy()
        expected = sequence + 1, media + count


def _between(decoder: Decoder, lost: int, gap: int, following: bytes) -> Iterator[Sound]:
    """``gap`` samples between two packets: lost ones, or the sender's own pause."""
    if gap <= SLACK or gap > MAX_PAUSE_MS * MS:
        return
    if lost <= 0 or gap // lost < SHORTEST or gap > MAX_GAP_MS * MS:
        yield np.zeros(gap, np.float32)
        return
    out = new_frames(1)[1][0]
    length = gap // lost
    for n in range(lost):
        decoder.conceal(length, following if n == lost - 1 else b"", out)
        yield out.samples[:length].copy()


def whole(pieces: Sequence[Sound]) -> Sound:
    """One piece of all."""
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
