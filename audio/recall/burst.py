"""What is kept of a burst: who, where and when, and its packets as they came. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from audio.protocol import BurstId, Encoding, FloorMark, StreamId, StreamSpec

_RECORD: Final = struct.Struct("!HIIH")  # sequence, timestamp, arrival in ms modulo 2^32, length
RECORD: Final = _RECORD.size  # bytes before each payload
MAX_ID_MS: Final = 10**13 - 1  # the year 2286


class Facts(msgspec.Struct, frozen=True):
    """A burst without its sound. Times are unix milliseconds."""

    burst: BurstId
    stream: StreamId
    ssrc: Annotated[int, Meta(ge=0, lt=2**32)]
    speaker: str
    start_ms: Annotated[int, Meta(ge=0, le=MAX_ID_MS)]
    length_ms: Annotated[int, Meta(ge=0)]
    encoding: Encoding
    clock_rate: Annotated[int, Meta(ge=8_000, le=48_000)]
    channels: Annotated[int, Meta(ge=1, le=2)]
    secured: bool
    heard: bool  # was audible while it was received
    floor: FloorMark = ""  # when it began
    v: int = 1

    def spec(self) -> StreamSpec:
        """As far as a decoder asks."""
        return StreamSpec(self.stream, 1, 0, self.encoding, self.clock_rate, self.channels)


class Piece(msgspec.Struct, frozen=True):
    """On its way from the mix thread to the disk. ``facts.burst`` is empty as yet."""

    facts: Facts
    body: bytes


class KeptPacket(msgspec.Struct, frozen=True, gc=False):
    sequence: int
    timestamp: int
    arrived_ms: int  # modulo 2^32, of this machine's clock since its start
    payload: bytes


class BurstError(ValueError):
    """A kept burst that can't be read or played. One sentence for a person."""


def pack(sequence: int, timestamp: int, arrived_ms: float, payload: bytes) -> bytes:
    """One packet of a body."""
    head = _RECORD.pack(sequence, timestamp, int(arrived_ms) & 0xFFFFFFFF, len(payload))
    return head + payload


def unpack(body: bytes) -> Iterator[KeptPacket]:
    """The packets, in the order in which they came. Raises BurstError."""
    at = 0
    while at < len(body):
        if at + RECORD > len(body):
            raise BurstError("the burst ends within a packet")
        sequence, timestamp, arrived_ms, length = _RECORD.unpack_from(body, at)
        at += RECORD
        if at + length > len(body):
            raise BurstError("the burst ends within a packet")
        yield KeptPacket(sequence, timestamp, arrived_ms, body[at : at + length])
        at += length
