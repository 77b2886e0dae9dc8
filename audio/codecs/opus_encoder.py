"""Opus encoding of 48 kHz mono voice, with in-band FEC (RFC 6716)."""

from __future__ import annotations

import ctypes
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.codecs import libopus

BITRATE: Final = 28_000  # bit/s: below 24 there is no room for FEC; twice fits into 64
FRAME: Final = 960  # samples: 20 ms
MAX_PACKET: Final = 1_275  # bytes (RFC 6716 section 3.4)


class OpusEncoder:
    """Raises OpusError when libopus refuses."""

    def __init__(
        self,
        bitrate: int = BITRATE,
        expected_loss_percent: int = 10,
        *,
        in_band_fec: bool = True,
    ) -> None:
        self._library = libopus.load()
        failure = ctypes.c_int(0)
        self._state = self._library.opus_encoder_create(
            libopus.RATE, 1, libopus.APPLICATION_VOIP, ctypes.byref(failure)
        )
        if failure.value != 0:
            raise libopus.OpusError(libopus.explain(failure.value))
        for control, value in (
            (libopus.CTL_SET_BITRATE, bitrate),
            (libopus.CTL_SET_INBAND_FEC, int(in_band_fec)),
            (libopus.CTL_SET_PACKET_LOSS_PERC, expected_loss_percent),
        ):
            self._library.opus_encoder_ctl(self._state, control, ctypes.c_int32(value))
        self._buffer = ctypes.create_string_buffer(MAX_PACKET)

    def __del__(self) -> None:
        state = getattr(self, "_state", None)
        if state:
            self._library.opus_encoder_destroy(state)

    def encode(self, samples: NDArray[np.float32]) -> bytes:
        """``samples``: (960,) in ±1. Returns one packet."""
        frame = np.ascontiguousarray(samples, np.float32)
        if frame.shape != (FRAME,):
            raise ValueError(f"a frame has {FRAME} samples, not {frame.shape}")
        pointer = frame.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        size = self._library.opus_encode_float(
            self._state, pointer, FRAME, self._buffer, MAX_PACKET
        )
        if size < 0:
            raise libopus.OpusError(libopus.explain(size))
        return self._buffer.raw[:size]
