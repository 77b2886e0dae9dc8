"""Opus decoding at 48 kHz mono, with loss concealment and in-band FEC (RFC 6716, RFC 7587).

Stereo packets are mixed down by libopus itself: a talkgroup is one voice, and its place in the
stereo field is ours to choose.
"""

from __future__ import annotations

import ctypes
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.codecs import libopus
from audio.codecs.libopus import MAX_FRAME

MAX_CONCEALED: Final = 2_880  # samples (60 ms) that libopus is asked to invent; then silence
STEP: Final = 120  # samples: libopus conceals multiples of 2.5 ms


class OpusDecoder:
    """One sender's decoder. Not thread-safe."""

    __slots__ = ("_address", "_concealed", "_decode", "_library", "_out", "_state")

    def __init__(self) -> None:
        self._library = libopus.load()
        self._decode = self._library.opus_decode_float
        failure = ctypes.c_int(0)
        self._state = self._library.opus_decoder_create(libopus.RATE, 1, ctypes.byref(failure))
        if failure.value != 0:
            raise libopus.OpusError(libopus.explain(failure.value))
        self._out: NDArray[np.float32] | None = None
        self._address = 0
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

    def decode(self, payload: bytes, out: NDArray[np.float32]) -> int:
        if out is not self._out:
            self._aim(out)
        self._concealed = 0
        count: int = self._decode(self._state, payload, len(payload), self._address, MAX_FRAME, 0)
        return count if payload else 0  # libopus would conceal

    def conceal(self, samples: int, following: bytes, out: NDArray[np.float32]) -> None:
        """From the redundancy in the packet that follows when it is here, else invented."""
        if out is not self._out:
            self._aim(out)
        count, wanted = 0, samples - samples % STEP
        if self._concealed < MAX_CONCEALED:
            has_more = 1 if following else 0
            count = self._decode(
                self._state, following or None, len(following), self._address, wanted, has_more
            )
        self._concealed += samples
        out[max(count, 0) : samples] = 0.0

    def reset(self) -> None:
        self._library.opus_decoder_ctl(self._state, libopus.CTL_RESET_STATE)
        self._concealed = 0

    def _aim(self, out: NDArray[np.float32]) -> None:
        """libopus writes to memory: it must be as long as the longest packet, and in one piece."""
        if out.shape != (MAX_FRAME,) or not out.flags.c_contiguous:
            raise ValueError(f"out must be ({MAX_FRAME},), not {out.shape}")
        self._out = out
        self._address = out.ctypes.data
