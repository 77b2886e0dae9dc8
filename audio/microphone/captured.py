"""What the engine and its microphone's process say to each other over two pipes. Pure.

Framed as at the door (:class:`audio.protocol.Splitter`): a length, then msgpack.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from audio.protocol import MicrophoneState, SetMicrophone

BLOCK_BYTES: Final = 960  # 480 samples of 16 bits, little-endian


class Block(msgspec.Struct, frozen=True, tag="block"):
    """10 ms of processed voice. ``number`` goes up by one; a gap is a loss. The sound was spoken
    ``latency_s`` before ``taken_s`` (monotonic, which is one clock for all of a machine's
    processes), and took 10 ms to speak."""

    number: int
    taken_s: float
    latency_s: float
    peak: float  # of the device's own sound, before anything was done to it
    sound: Annotated[bytes, Meta(min_length=BLOCK_BYTES, max_length=BLOCK_BYTES)]

    @property
    def end_s(self) -> float:
        """When its last sample was spoken."""
        return self.taken_s - self.latency_s


class Standing(msgspec.Struct, frozen=True, tag="standing"):
    """How it stands: at the start, at every change, and once a second while nothing is open or what
    is open has given no sound yet."""

    state: MicrophoneState
    name: str = ""
    why: str = ""
    latency_ms: float = 0.0
    note: str = ""


class Wish(msgspec.Struct, frozen=True, tag="wish"):
    """What is wanted now. While somebody talks (``busy``) no better microphone is changed to."""

    microphone: SetMicrophone
    busy: bool = False


Word = Block | Standing

_words = msgspec.msgpack.Decoder(Word)
_wishes = msgspec.msgpack.Decoder(Wish)
_encoder = msgspec.msgpack.Encoder()


def encode(said: Word | Wish) -> bytes:
    body = _encoder.encode(said)
    return len(body).to_bytes(4, "big") + body


def decode_word(body: bytes) -> Word:
    """Raises msgspec.DecodeError."""
    word: Word = _words.decode(body)
    return word


def decode_wish(body: bytes) -> Wish:
    """Raises msgspec.DecodeError."""
    return _wishes.decode(body)
