"""What is done to a voice before it is sent: high-pass, noise suppression, gain control.

The last two are WebRTC's, by the ``livekit`` package; without it a voice is only freed of rumble.
Blocks of 10 ms, 48 kHz, mono.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 48_000
BLOCK: Final = 480  # samples: 10 ms, the only length that WebRTC's processing takes
HIGH_PASS_HZ: Final = 100.0  # below nearly all voices; a desk's thumps and hum are there
_FULL: Final = 32_767.0


class HighPass:
    """A Butterworth of second order (bilinear; RBJ's cookbook), its state kept between blocks."""

    def __init__(self, hz: float = HIGH_PASS_HZ) -> None:
        w = 2 * math.pi * hz / RATE
        alpha, cosine = math.sin(w) / math.sqrt(2), math.cos(w)
        norm = 1 + alpha
        self._b = (1 + cosine) / 2 / norm
        self._a1, self._a2 = -2 * cosine / norm, (1 - alpha) / norm
        self._state = 0.0, 0.0

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Transposed direct form II, sample by sample: 0.1 ms a block."""
        b, a1, a2 = self._b, self._a1, self._a2
        s1, s2 = self._state
        out = []
        for x in block.tolist():
            y = b * x + s1
            s1 = -2 * b * x - a1 * y + s2
            s2 = b * x - a2 * y
            out.append(y)
        self._state = s1 + 1e-20, s2  # no denormal numbers in silence
        return np.array(out, np.float32)


class Chain:
    """``process`` each block in turn. ``note`` says what can't be done here, or is empty."""

    def __init__(self, *, high_pass: bool, suppress: bool, gain_control: bool) -> None:
        self.note = ""
        self._high_pass: HighPass | None = None
        self._webrtc: Any = None
        if suppress or gain_control:
            self._webrtc = self._load(high_pass, suppress, gain_control)
        if high_pass and self._webrtc is None:
            self._high_pass = HighPass()

    def _load(self, high_pass: bool, suppress: bool, gain_control: bool) -> Any:
        try:
            return _WebRtc(high_pass=high_pass, suppress=suppress, gain_control=gain_control)
        except Exception as error:  # a library that loads others: whatever it is, voice goes on
            self.note = f"no noise suppression and no gain control: {error}"
            return None

    def process(self, block: NDArray[np.float32]) -> NDArray[np.int16]:
        """``block``: (480,) in ±1."""
        if self._high_pass is not None:
            block = self._high_pass.process(block)
        samples = (np.clip(block, -1.0, 1.0) * _FULL).round().astype("<i2")
        return samples if self._webrtc is None else self._webrtc.process(samples)


class _WebRtc:
    """Raises whatever the library raises."""

    def __init__(self, *, high_pass: bool, suppress: bool, gain_control: bool) -> None:
        from livekit.rtc import (  # noqa: PLC0415 - talking goes on where it is missing
            AudioFrame,
            AudioProcessingModule,
        )

        self._frame = AudioFrame
        self._module = AudioProcessingModule(
            high_pass_filter=high_pass, noise_suppression=suppress, auto_gain_control=gain_control
        )

    def process(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        data = bytearray(samples.tobytes())
        self._module.process_stream(self._frame(data, RATE, 1, BLOCK))
        return np.frombuffer(data, "<i2")
