"""Opus decoding at 48 kHz mono, with loss concealment and in-band FEC (RFC 6716, RFC 7587).

Stereo packets are mixed down by libopus itself: a talkgroup is one voice, and its place in the
stereo field is ours to choose.
"""

from __future__ import annotations

import ctypes
from typing import Final

from audio.codecs import libopus
from audio.codecs.frame import MAX_FRAME, Frame

MAX_CONCEALED: Final = 2_880  # samples (60 ms) that libopus is asked to invent; then silence
STEP: Final = 120  # samples: libopus conceals multiples of 2.5 ms


class OpusDecoder:
    """One sender's decoder. Not thread-safe."""

    __slots__ = ("_concealed", "_decode", "_library", "_state")

    def __init__(self) -> None:
        self._library = libopus.load()
        self._decode = self._library.opus_decode_float
        failure = ctypes.c_int(0)
        self._state = self._library.opus_decoder_create(libopus.RATE, 1, ctypes.byref(failure))
        if failure.value != 0:
            raise libopus.OpusError(libopus.explain(failure.value))
        self._concealed = 0

    def __del__(self) -> None:
        state = getattr(self, "_state", None)
        if state:
            self._library.opus_decoder_destroy(state)

    def duration(self, payload: bytes) -> int:
        """Samples at 48 kHz in this packet; 0 = not decodable."""
        if not payload:
            return 0
        count = self._library.opus_packet_get_nb_samples(payload, len(payload), libopus.RATE)
        return max(0, int(count))

    def decode(self, payload: bytes, out: Frame) -> int:
        self._concealed = 0
        count: int = self._decode(self._state, payload, len(payload), out.address, MAX_FRAME, 0)
        return count if payload else 0  # libopus would conceal

    def conceal(self, samples: int, following: bytes, out: Frame) -> None:
        """From the redundancy in the packet that follows when it is here, else invented."""
        count, wanted = 0, samples - samples % STEP
        if self._concealed < MAX_CONCEALED:
            has_more = 1 if following else 0
            count = self._decode(
                self._state, following or None, len(following), out.address, wanted, has_more
            )
        self._concealed += samples
        out.samples[max(count, 0) : samples] = 0.0

    def reset(self) -> None:
        self._library.opus_decoder_ctl(self._state, libopus.CTL_RESET_STATE)
        self._concealed = 0
