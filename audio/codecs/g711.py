"""G.711 A-law and µ-law (ITU-T G.711), by table, resampled to 48 kHz."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from audio.codecs.frame import Frame
from audio.codecs.repeat import Repeater
from audio.codecs.resample import Resampler

MAX_SECONDS: Final = 0.195  # a longer packet is refused: 200 ms less what the resampler may add


def _alaw() -> NDArray[np.float32]:
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(
        exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0)
    )
    return np.asarray(np.where(code & 0x80, magnitude, -magnitude) / 32_768, np.float32)


def _ulaw() -> NDArray[np.float32]:
    code = ~np.arange(256) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.asarray(np.where(code & 0x80, -magnitude, magnitude) / 32_768, np.float32)


LAWS: Final = {"A": _alaw(), "u": _ulaw()}


class G711Decoder:
    """One sender's decoder."""

    def __init__(self, law: Literal["A", "u"], clock_rate: int) -> None:
        self._table = LAWS[law]
        self._longest = int(MAX_SECONDS * clock_rate)  # bytes
        self._resampler = Resampler(clock_rate)
        self._repeater = Repeater()

    def decode(self, payload: bytes, out: Frame) -> int:
        if not 0 < len(payload) <= self._longest:
            return 0
        samples = self._resampler.process(self._table[np.frombuffer(payload, np.uint8)])
        return self._repeater.heard(samples, out.samples)

    def conceal(self, samples: int, following: bytes, out: Frame) -> None:  # noqa: ARG002 - G.711 has no redundancy
        self._repeater.invent(samples, out.samples)

    def reset(self) -> None:
        self._resampler.reset()
        self._repeater.reset()
