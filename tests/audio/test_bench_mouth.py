"""The ears of ``bench mouth`` and ``bench voice`` find what was put there, and miss no cut."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import mouth, voice

RATE = 48_000


def word(seconds: float = 0.5) -> mouth.Sound:
    sound = np.random.default_rng(1).standard_normal(round(seconds * RATE)) * 0.2
    return np.asarray(sound, np.float32)


def later(said: mouth.Sound, delay_s: float) -> mouth.Sound:
    return np.concatenate((np.zeros(round(delay_s * RATE), np.float32), said, np.zeros(9_600)))


@pytest.mark.parametrize("delay_s", [0.0, 0.123, 0.4])
def test_a_delay_is_found(delay_s: float) -> None:
    found_s, heard = mouth.late(word(), 7.0, later(word(), delay_s), 7.0)
    assert found_s == pytest.approx(delay_s, abs=1e-3)
    assert mouth.edge_db(word(), heard, 0) == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize("which", [0, -1])
def test_a_cut_syllable_is_seen_at_its_end_alone(which: int) -> None:
    cut = word().copy()
    edge = slice(0, 2_100) if which == 0 else slice(-2_100, None)
    cut[edge] = 0.0
    _, heard = mouth.late(word(), 0.0, later(cut, 0.2), 0.0)
    assert mouth.edge_db(word(), heard, which) < mouth.CUT_DB
    assert mouth.edge_db(word(), heard, -1 - which) > mouth.CUT_DB


def test_words_are_told_apart_by_their_pauses() -> None:
    sound = np.concatenate((np.zeros(100), word(), np.zeros(RATE), word(0.3), np.zeros(100)))
    (first, _), (second, last) = mouth.spoken(np.asarray(sound, np.float32))
    assert abs(first - 100) < 50
    assert abs(second - (100 + 24_000 + RATE)) < 50
    assert abs(last - (100 + 24_000 + RATE + 14_400)) < 50


def test_a_known_gain_of_the_ratio_is_measured() -> None:
    class Halver:
        """Noise is all there is in the pauses; so turning them down by half is 6 dB."""

        def process(self, block: voice.Sound) -> voice.Sound:
            return np.asarray(block * (1.0 if np.abs(block).max() > 0.04 else 0.5) * 32_768)

    said = voice.speech(voice.PHRASES[:1])
    flat = np.ones(len(said)) * np.where(np.arange(len(said)) % 2, 1.0, -1.0)
    gain_db = voice.snr_gain_db(Halver(), said, flat, 20.0)  # type: ignore[arg-type]
    assert gain_db == pytest.approx(6.0, abs=1.5)
