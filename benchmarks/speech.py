"""Speech-like sound made on the spot, and its Opus packets: nobody's voice, the same every time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.codecs.opus_encoder import FRAME, OpusEncoder

RATE: Final = 48_000
VOWELS_HZ: Final = (
    (730, 1_090, 2_440),
    (270, 2_290, 3_010),
    (300, 870, 2_240),
    (530, 1_840, 2_480),
)
SYLLABLE_S: Final = 0.2


def speech(seconds: float, seed: int = 1) -> NDArray[np.float32]:
    """(n,) at 48 kHz, peak 0.5: voiced and hissing syllables with pauses between phrases."""
    random = np.random.default_rng(seed)
    count = round(seconds / SYLLABLE_S)
    parts = [_syllable(random, n) for n in range(count)]
    sound = np.concatenate(parts)
    return np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)


def packets(seconds: float, seed: int = 1) -> list[bytes]:
    """20 ms each, 24 kbit/s with in-band FEC."""
    encoder = OpusEncoder(bitrate=24_000)
    return [encoder.encode(frame) for frame in speech(seconds, seed).reshape(-1, FRAME)]


def write_packets(path: Path, made: list[bytes]) -> None:
    """With each one's length before it, as rtpsend.c reads them."""
    path.write_bytes(b"".join(len(one).to_bytes(2, "little") + one for one in made))


def _syllable(random: np.random.Generator, number: int) -> NDArray[np.float64]:
    size = round(SYLLABLE_S * RATE)
    if number % 8 == 7:
        return random.normal(0, 1e-4, size)
    time = np.arange(size) / RATE
    shape = np.sin(np.pi * time / SYLLABLE_S) ** 0.7
    pitch_hz = random.uniform(95, 220) * (1 + 0.15 * np.sin(2 * np.pi * time / SYLLABLE_S))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE
    voice = _voiced(phase, float(pitch_hz.mean()), VOWELS_HZ[int(random.integers(len(VOWELS_HZ)))])
    hiss = np.diff(random.normal(0, 0.25, size + 1)) * np.clip(1 - time / 0.05, 0, 1)
    return np.asarray(shape * voice + hiss)


def _voiced(
    phase: NDArray[np.float64], pitch_hz: float, formants_hz: tuple[int, ...]
) -> NDArray[np.float64]:
    """Harmonics of the pitch, louder near the formants."""
    sound = np.zeros_like(phase)
    for n in range(1, int(5_000 / pitch_hz)):
        near = sum(1 / (1 + ((n * pitch_hz - hz) / 90) ** 2) for hz in formants_hz)
        sound += (0.02 + near) / np.sqrt(n) * np.sin(n * phase)
    return sound
