"""The shipped phrases: each can be sent as it is, all are equally loud, together they are small."""

from __future__ import annotations

import tomllib
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

import resources
from audio.sending.bursts import load
from console.exercise.phrases import Phrase, load_phrases

RATE = 48_000
PHRASES = load_phrases()
SOURCE = Path(__file__).resolve().parents[2] / "tools" / "phrases.toml"


@pytest.fixture(scope="module")
def sounds() -> dict[str, NDArray[np.float32]]:
    return {key: decoded(phrase) for key, phrase in PHRASES.items()}


def decoded(phrase: Phrase) -> NDArray[np.float32]:
    with av.open(str(phrase.path)) as container:
        pieces = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(pieces).astype(np.float32)


def speech_db(sound: NDArray[np.float32]) -> float:
    """RMS of the 20 ms frames that are within 20 dB of the loudest."""
    power = (sound[: len(sound) // 960 * 960].reshape(-1, 960) ** 2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() / 100].mean()))


def test_there_are_many_and_they_are_small() -> None:
    assert len(PHRASES) >= 60
    folder = resources.path("voices")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_500_000
    assert {path.name for path in folder.glob("*.opus")} == {p.file for p in PHRASES.values()}


def test_they_are_those_of_the_source() -> None:
    source = tomllib.loads(SOURCE.read_text("utf-8"))
    assert {key: row["text"] for key, row in source["phrase"].items()} == {
        key: phrase.text for key, phrase in PHRASES.items()
    }
    assert {phrase.speaker for phrase in PHRASES.values()} <= set(source["speaker"])


def test_the_engine_sends_them_as_they_are() -> None:
    for phrase in PHRASES.values():
        burst = load(phrase.path)
        assert {samples for _, samples in burst.frames} == {RATE // 50}, phrase.key
        assert burst.seconds == pytest.approx(phrase.seconds, abs=0.05), phrase.key
        assert max(len(payload) for payload, _ in burst.frames) < 300


def test_all_are_equally_loud_and_none_clips(sounds: dict[str, NDArray[np.float32]]) -> None:
    levels = {key: speech_db(sound) for key, sound in sounds.items()}
    middle = float(np.median(list(levels.values())))
    assert -26 < middle < -16
    assert {key: level for key, level in levels.items() if abs(level - middle) > 3} == {}
    assert max(float(np.abs(sound).max()) for sound in sounds.values()) < 0.9


def test_they_sound_like_a_radio(sounds: dict[str, NDArray[np.float32]]) -> None:
    for key, sound in sounds.items():
        power = np.abs(np.fft.rfft(sound)) ** 2
        hz = np.fft.rfftfreq(len(sound), 1 / RATE)
        inside = power[(hz > 250) & (hz < 3_700)].sum()
        assert inside > 0.95 * power.sum(), key
