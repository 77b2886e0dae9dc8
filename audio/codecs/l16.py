"""L16: linear 16-bit big-endian PCM (RFC 3551 section 4.5.11), mixed to mono, at 48 kHz."""

from __future__ import annotations

from typing import Final

import numpy as np

from audio.codecs.frame import Frame
from audio.codecs.repeat import Repeater
from audio.codecs.resample import Resampler

MAX_SECONDS: Final = 0.195  # a longer packet is refused: 200 ms less what the resampler may add


class L16Decoder:
    """One sender's decoder."""

    def __init__(self, clock_rate: int, channels: int) -> None:
        self._channels = channels
        self._unit = 2 * channels  # bytes
        self._longest = int(MAX_SECONDS * clock_rate) * self._unit
        self._resampler = Resampler(clock_rate)
        self._repeater = Repeater()

    def decode(self, payload: bytes, out: Frame) -> int:
        if len(payload) % self._unit or not 0 < len(payload) <= self._longest:
            return 0
        frames = np.frombuffer(payload, ">i2").astype(np.float32)
        mono = frames.reshape(-1, self._channels).mean(axis=1) / np.float32(32_768)
        samples = self._resampler.process(np.asarray(mono, np.float32))
        return self._repeater.heard(samples, out.samples)

    def conceal(self, samples: int, following: bytes, out: Frame) -> None:  # noqa: ARG002 - L16 has no redundancy
        self._repeater.invent(samples, out.samples)

    def reset(self) -> None:
        self._resampler.reset()
        self._repeater.reset()
