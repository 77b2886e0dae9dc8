"""What is done to a voice before it is sent, on speech with noise; and without the library."""

from __future__ import annotations

import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from audio.microphone.chain import BLOCK, RATE, Chain, HighPass

VOICES = Path(__file__).resolve().parents[2] / "resources" / "voices"
WARM_UP_S = 3  # the noise is learnt, the gain found
DELAY = 332  # samples, of the noise suppression (6.9 ms)


@cache
def speech() -> NDArray[np.float64]:
    """Twelve seconds with pauses, at -26 dBFS while spoken."""
    parts: list[NDArray[np.float64]] = [np.zeros(RATE // 2)]
    for name in ("amk-alarm-anrop", "a11-kols-status", "a13-alarm-svar"):
        with av.open(str(VOICES / f"{name}.opus")) as file:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            frames = [one for raw in file.decode(audio=0) for one in resampler.resample(raw)]
        parts += [one.to_ndarray().reshape(-1).astype(np.float64) for one in frames]
        parts.append(np.zeros(RATE // 2))
    sound = np.concatenate(parts)[: 12 * RATE]
    return sound * 10 ** ((-26 - level_db(sound[spoken(sound)])) / 20)


def spoken(sound: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where there is speech."""
    envelope = np.convolve(np.abs(sound), np.ones(4_800) / 4_800, "same")
    return np.asarray(envelope > 0.2 * envelope.max())


def level_db(sound: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def through(chain: Chain, sound: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = sound[: len(sound) // BLOCK * BLOCK].astype(np.float32).reshape(-1, BLOCK)
    return np.concatenate([chain.process(one) for one in whole]) / 32_768


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "livekit.rtc", None)


@pytest.mark.parametrize("snr_db", [20, 5])
def test_noise_is_turned_down_and_speech_is_not(snr_db: int) -> None:
    voice = speech()
    noise = np.random.default_rng(3).standard_normal(len(voice)) * 10 ** ((-26 - snr_db) / 20)
    chain = Chain(high_pass=True, suppress=True, gain_control=False)
    assert chain.note == ""
    out = np.roll(through(chain, voice + noise), -DELAY)
    count = len(out)
    is_speech, late = spoken(voice)[:count], np.arange(count) > WARM_UP_S * RATE
    near = np.convolve(is_speech, np.ones(RATE // 5), "same") > 0
    quiet_db = level_db(out[~near & late]) - level_db(noise[:count][~near & late])
    said = is_speech & late
    kept = np.dot(out[said], voice[:count][said]) / np.dot(voice[:count][said], voice[:count][said])
    assert quiet_db < -10
    assert 20 * np.log10(kept) > -3


def test_near_and_far_mouths_become_alike() -> None:
    levels = []
    for gain_db in (-15, 0):
        chain = Chain(high_pass=True, suppress=True, gain_control=True)
        out = through(chain, speech() * 10 ** (gain_db / 20))
        said = spoken(speech())[: len(out)] & (np.arange(len(out)) > 6 * RATE)
        levels.append(level_db(out[said]))
        assert np.abs(out).max() <= 1.0
    assert max(levels) - min(levels) < 6


def test_the_switches_switch() -> None:
    plain = Chain(high_pass=False, suppress=False, gain_control=False)
    sound = speech()[:RATE]
    assert np.abs(through(plain, sound) - sound).max() < 1e-4


def test_a_high_pass_takes_thumps_and_leaves_voices() -> None:
    times = np.arange(RATE) / RATE
    for hz, least_db, most_db in (
        (20.0, -40, -24),
        (50.0, -15, -9),
        (300.0, -1, 0),
        (3_000, -1, 1),
    ):
        tone = np.sin(2 * np.pi * hz * times).astype(np.float32)
        one = HighPass()
        out = np.concatenate([one.process(tone[a:b]) for a, b in pairwise(range(0, RATE + 1, 480))])
        assert least_db <= level_db(out[RATE // 2 :].astype(np.float64)) + 3 <= most_db, hz


@pytest.mark.usefixtures("without_library")
def test_without_the_library_rumble_still_goes_and_that_is_said() -> None:
    chain = Chain(high_pass=True, suppress=True, gain_control=True)
    assert "no noise suppression" in chain.note
    times = np.arange(2 * RATE) / RATE
    rumble = through(chain, 0.5 * np.sin(2 * np.pi * 20 * times))
    assert level_db(rumble[RATE:]) < -30
    assert np.abs(through(chain, speech())).max() > 0.05
