"""Which codec a stream gets, and what every decoder must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from audio.codecs.frame import Frame
from audio.codecs.g711 import G711Decoder
from audio.codecs.l16 import L16Decoder
from audio.codecs.libopus import RATE
from audio.codecs.opus import OpusDecoder
from audio.protocol import Encoding, StreamSpec


class Decoder(Protocol):
    """Payloads in, mono float32 at 48 kHz out. Has state: one per sender."""

    def decode(self, payload: bytes, out: Frame) -> int:
        """Returns samples; 0 or less when the payload is broken."""
        ...

    def conceal(self, samples: int, following: bytes, out: Frame) -> None:
        """``samples`` in the place of lost ones; ``following``: the packet after the loss, if it
        is here."""
        ...

    def reset(self) -> None:
        """A new burst begins; what was heard before does not matter."""
        ...


TABLE: Final[Mapping[Encoding, Callable[[StreamSpec], Decoder]]] = {
    "opus": lambda _spec: OpusDecoder(),
    "PCMU": lambda spec: G711Decoder("u", spec.clock_rate),
    "PCMA": lambda spec: G711Decoder("A", spec.clock_rate),
    "L16": lambda spec: L16Decoder(spec.clock_rate, spec.channels),
}


def decoder_for(spec: StreamSpec) -> Decoder:
    return TABLE[spec.encoding](spec)


def timestamp_rate(spec: StreamSpec) -> int:
    """Opus counts in 48 kHz whatever is announced (RFC 7587 section 4.1)."""
    return RATE if spec.encoding == "opus" else spec.clock_rate
