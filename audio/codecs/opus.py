"""Opus decoding at 48 kHz mono, with loss concealment and in-band FEC (RFC 6716, RFC 7587).

Stereo packets are mixed down by libopus itself: a talkgroup is one voice, and its place in the
stereo field is ours to choose.
"""

from __future__ import annotations

import ctypes
from typing import Final

import numpy as np

from audio import fast
from audio.codecs import libopus
from audio.codecs.frame import MAX_FRAME, Frame

HOLD: Final = 1_920  # samples (40 ms) that libopus is asked to invent at full level
MAX_CONCEALED: Final = 2_880  # then down to silence by 60 ms
RISE: Final = 240  # samples of fading in after it
STEP: Final = 120  # samples: libopus conceals multiples of 2.5 ms


@fast.instead
class DecoderState:
    """What the usual case of a frame needs: the decoder and the function, as addresses."""

    __slots__ = ("_concealed", "_function", "_state")


class OpusDecoder(DecoderState):
    """One sender's decoder. Not thread-safe."""

    __slots__ = ("_decode", "_library")

    def __init__(self) -> None:
        self._library = libopus.load()
        self._decode = self._library.opus_decode_float
        failure = ctypes.c_int(0)
        self._state = self._library.opus_decoder_create(libopus.RATE, 1, ctypes.byref(failure))
        if failure.value != 0:
            raise libopus.OpusError(libopus.explain(failure.value))
        self._function = ctypes.cast(self._decode, ctypes.c_void_p).value or 0
        self._concealed = 0

    def __del__(self) -> None:
        state = getattr(self, "_state", None)
        if state:
            self._library.opus_decoder_destroy(state)

    def duration(self, payload: bytes) -> int:
        """Samples at 48 kHz in this packet; 0 = not decodable."""
        return duration(payload)

    def decode(self, payload: bytes, out: Frame) -> int:
        count: int = self._decode(self._state, payload, len(payload), out.address, MAX_FRAME, 0)
        if self._concealed:
            self._raise(out)
        return count if payload else 0  # libopus would conceal

    def conceal(self, samples: int, following: bytes, out: Frame) -> None:
        """From the redundancy in the packet that follows when it is here, else invented."""
        count, wanted = 0, -(-samples // STEP) * STEP
        if self._concealed < MAX_CONCEALED:
            has_more = 1 if following else 0
            count = self._decode(
                self._state, following or None, len(following), out.address, wanted, has_more
            )
        out.samples[max(count, 0) : samples] = 0.0
        start, end = _gain(self._concealed), _gain(self._concealed + samples)
        if end < 1.0:
            out.samples[:samples] *= np.linspace(start, end, samples, endpoint=False)
        self._concealed += samples

    def _raise(self, out: Frame) -> None:
        """From as far down as the concealment had got."""
        start = _gain(self._concealed)
        self._concealed = 0
        if start < 1.0:
            out.samples[:RISE] *= np.linspace(start, 1.0, RISE)

    def reset(self) -> None:
        self._library.opus_decoder_ctl(self._state, libopus.CTL_RESET_STATE)
        self._concealed = 0


def duration(payload: bytes) -> int:
    """Samples at 48 kHz in a packet; 0 = not decodable. Raises OpusError without libopus."""
    if not payload:
        return 0
    count = libopus.load().opus_packet_get_nb_samples(payload, len(payload), libopus.RATE)
    return max(0, int(count))


def _gain(concealed: int) -> float:
    """At the end of so many invented samples."""
    return min(1.0, max(0.0, (MAX_CONCEALED - concealed) / (MAX_CONCEALED - HOLD)))
