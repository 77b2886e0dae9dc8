"""Plays a tone to a device that is not at 48 kHz, and says what PortAudio took: one line of JSON.

A process of its own: PortAudio aborts where JACK's server ends before it does.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.devices.portaudio import BLOCK, RATE, PortAudioOutput

HZ = 1_000.0
BLOCKS = 200


class Overheard(PortAudioOutput):
    """Keeps what its callback gave."""

    def __init__(self, name: str) -> None:
        self.taken: list[NDArray[np.float32]] = []
        super().__init__(name)

    def _callback(self, out: NDArray[np.float32], frames: int, time: Any, status: Any) -> None:
        super()._callback(out, frames, time, status)
        self.taken.append(out.copy())


def main(name: str) -> None:
    output = Overheard(name)
    times = np.arange(BLOCKS * BLOCK) / RATE
    tone = np.repeat(0.5 * np.sin(2 * np.pi * HZ * times)[:, None], 2, axis=1)
    for block in tone.astype(np.float32).reshape(BLOCKS, BLOCK, 2):
        if not output.wait():
            break
        output.put(block)
    output.close()
    rate = float(output._stream.samplerate)
    sound = np.concatenate(output.taken)[:, 0]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    print(
        json.dumps(
            {
                "rate": rate,
                "seconds": float(np.count_nonzero(np.abs(sound) > 1e-6) / rate),
                "peak_hz": float(np.argmax(spectrum) * rate / len(sound)),
                "peak": float(np.abs(sound).max()),
                "latency_ms": output.latency_ms,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
