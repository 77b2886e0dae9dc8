"""The true-peak limiter and the guard of long-term loudness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from audio.mixing.guard import MEAN_DBFS, MOST_DB, Guard
from audio.mixing.limiter import HARMLESS, INTERPOLATOR, LIMIT, Limiter, true_peaks
from audio.receiving.sender import BLOCK

Sound = NDArray[np.float32]
CEILING_DBTP = -1.0
METER_DB = 0.1  # that a meter may be wrong by
BLOCKS = st.lists(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 600), st.just(2)),
        elements=st.floats(-20, 20, width=32),
    ),
    min_size=1,
    max_size=8,
)


def limited(sound: Sound, size: int = BLOCK) -> Sound:
    limiter = Limiter()
    blocks = np.split(sound, range(size, len(sound), size))
    rest = np.zeros((Limiter.DELAY, 2), np.float32)
    return np.concatenate([limiter.process(one) for one in [*blocks, rest]])


def peak_db(sound: Sound, times: int = 16) -> float:
    """True peak by another way than the limiter's: the whole spectrum, 16 points per sample."""
    quiet = np.zeros((960, 2))
    line = np.concatenate((quiet, sound, quiet))
    finer = np.fft.irfft(np.fft.rfft(line, axis=0), len(line) * times, axis=0) * times
    return float(20 * np.log10(np.abs(finer).max() + 1e-12))


def metered_db(sound: Sound) -> float:
    """As BS.1770 meters it, sample by sample."""
    points = [np.convolve(one, phase) for one in sound.T for phase in INTERPOLATOR[:, ::-1]]
    highest = max(float(np.abs(one).max()) for one in (*points, sound))
    return float(20 * np.log10(highest + 1e-12))


def band_limited(seed: int, band_hz: float, loudest: float) -> Sound:
    """Noise that swells and jumps, none of it above ``band_hz``."""
    chance = np.random.default_rng(seed)
    count = 9_600
    noise = chance.normal(0, 0.3, (count, 2)) * np.repeat(
        loudest ** chance.uniform(-1, 1, (20, 1)), count // 20, axis=0
    )
    noise[:960], noise[-960:] = 0, 0
    spectrum = np.fft.rfft(noise, axis=0)
    spectrum[int(band_hz * count / 48_000) :] = 0
    return np.asarray(np.fft.irfft(spectrum, count, axis=0), np.float32)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(300, 20_000), st.floats(1, 20))
def test_no_true_peak_is_above_the_ceiling(seed: int, band_hz: float, loudest: float) -> None:
    out = limited(band_limited(seed, band_hz, loudest))
    assert peak_db(out) <= CEILING_DBTP + METER_DB
    assert metered_db(out) <= CEILING_DBTP


@pytest.mark.parametrize("hz", [997.0, 6_000.0, 11_999.0, 12_000.0, 16_000.0, 20_000.0])
@pytest.mark.parametrize("phase", [0.0, 0.4, np.pi / 4, 1.2])
def test_not_between_the_samples_of_a_tone_either(hz: float, phase: float) -> None:
    """12 kHz at 45 degrees: every sample is 3 dB below the peak."""
    times = np.arange(9_600) / 48_000
    tone = np.hanning(9_600) * 1.3 * np.sin(2 * np.pi * hz * times + phase)
    assert peak_db(limited(np.stack((tone, -tone), axis=1).astype(np.float32))) <= CEILING_DBTP


@settings(deadline=None, max_examples=150)
@given(BLOCKS)
def test_a_meter_never_sees_more_whatever_comes_in(blocks: list[Sound]) -> None:
    limiter = Limiter()
    out = [limiter.process(one) for one in [*blocks, np.zeros((Limiter.DELAY, 2), np.float32)]]
    assert [len(one) for one in out[:-1]] == [len(one) for one in blocks]
    assert metered_db(np.concatenate(out)) <= CEILING_DBTP


@settings(deadline=None, max_examples=50)
@given(
    hnp.arrays(
        np.float32,
        st.just((BLOCK, 2)),
        elements=st.sampled_from([0.0, 0.5, np.inf, -np.inf, np.nan, 3e38, -3e38]),
    )
)
@example(np.full((BLOCK, 2), np.nan, np.float32))
def test_not_even_for_what_is_no_number(block: Sound) -> None:
    limiter = Limiter()
    out = [limiter.process(one) for one in (block, np.zeros((BLOCK, 2), np.float32))]
    assert np.isfinite(np.concatenate(out)).all()
    assert metered_db(np.concatenate(out)) <= CEILING_DBTP
    for _ in range(80):
        last = limiter.process(np.full((BLOCK, 2), 0.5, np.float32))
    assert np.allclose(last, 0.5), "and it recovers"


def test_below_the_harmless_level_no_true_peak_is_above_the_limit() -> None:
    """The worst of signals: each sample with the sign of its weight."""
    for phase in INTERPOLATOR:
        worst = np.float32(HARMLESS) * np.sign(phase[None, ::-1]).astype(np.float32)
        assert metered_db(np.repeat(worst.T, 2, axis=1)) <= 20 * np.log10(LIMIT) + 1e-4
    steepest = max(float(np.abs(phase).sum()) for phase in INTERPOLATOR)
    assert pytest.approx(LIMIT) == HARMLESS * steepest, "and it is no lower than it must be"


def test_points_are_found_as_a_plain_convolution_finds_them() -> None:
    sound = np.random.default_rng(1).normal(0, 1, (100, 2)).astype(np.float32)
    plain = [
        max(
            max(abs(float(sound[n : n + 12, side] @ phase)) for phase in INTERPOLATOR)
            for side in (0, 1)
        )
        for n in range(89)
    ]
    found = true_peaks(sound)
    at_samples = np.abs(sound[6:95]).max(axis=1)
    assert np.allclose(found, np.maximum(plain, at_samples), atol=1e-5)


@pytest.mark.parametrize("level", [0.41, 0.6])
def test_what_is_not_too_loud_is_left_alone_to_the_bit(level: float) -> None:
    """Also above the level from which peaks are looked for."""
    sound = band_limited(3, 4_000, 1.0)
    sound *= np.float32(level / np.abs(sound).max())
    assert np.array_equal(limited(sound)[Limiter.DELAY :], sound)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_the_size_of_blocks_makes_no_difference(size: int, seed: int) -> None:
    sound = band_limited(seed, 8_000, 8.0)
    assert np.allclose(limited(sound, size), limited(sound), atol=1e-5)


def test_a_loud_moment_is_turned_down_without_a_click() -> None:
    at = np.arange(48_000)
    gains = np.where((at > 20_000) & (at < 25_000), 4.0, 0.5)
    mono = np.asarray(np.sin(2 * np.pi * 200 * at / 48_000) * gains, np.float32)
    heard = limited(np.stack((mono, mono), axis=1))[:, 0]
    smooth = heard[20_400:24_700]
    assert np.abs(np.diff(smooth, n=2)).max() < 0.002, "no corners: the sound of clipping"
    assert np.abs(heard[42_000:]).max() == pytest.approx(0.5, rel=1e-3)


def test_both_sides_are_turned_down_alike() -> None:
    at = np.arange(9_600) / 48_000
    loud, soft = 3 * np.sin(2 * np.pi * 300 * at), 0.3 * np.sin(2 * np.pi * 300 * at)
    heard = limited(np.stack((loud, soft), axis=1).astype(np.float32))
    audible = np.abs(heard[:, 0]) > 0.1
    assert np.allclose(heard[audible, 1] / heard[audible, 0], 0.1, atol=1e-3)


# -- the guard ------------------------------------------------------------------------------


def guarded(level: float, seconds: int) -> Sound:
    """The last second."""
    guard = Guard()
    second = np.full((48_000, 2), level, np.float32)
    for _ in range(seconds):
        last = second.copy()
        for block in last.reshape(-1, BLOCK, 2):
            guard.process(block)
    return last


def test_a_voice_at_its_usual_level_is_never_turned_down() -> None:
    level = 10 ** ((MEAN_DBFS - 0.5) / 20)
    assert np.array_equal(guarded(level, 400), np.full((48_000, 2), level, np.float32))


def test_a_loud_moment_is_left_alone_and_loud_minutes_are_not() -> None:
    level = 10 ** ((MEAN_DBFS + 9) / 20)
    assert guarded(level, 3)[-1, 0] == np.float32(level)
    settled_db = 20 * np.log10(guarded(level, 400)[-1, 0])
    assert settled_db == pytest.approx(MEAN_DBFS, abs=0.1)


def test_it_never_turns_further_down_than_that_and_makes_no_step() -> None:
    heard = guarded(1.0, 100)
    assert heard[-1, 0] == pytest.approx(10 ** (MOST_DB / 20), rel=1e-4)
    assert np.abs(np.diff(guarded(1.0, 5)[:, 0])).max() < 1e-4


def test_what_is_no_number_does_not_stay_in_the_guard() -> None:
    guard = Guard()
    for bad in (np.nan, np.inf, -np.inf, 3e38):
        guard.process(np.full((BLOCK, 2), bad, np.float32))
    block = np.full((BLOCK, 2), 0.1, np.float32)
    guard.process(block)
    assert np.allclose(block, 0.1, atol=0.02)
