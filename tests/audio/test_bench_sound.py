"""The ears of the benchmarks: gaps, clicks and ticks are found where they are, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import delay, drift, soak

RATE = 48_000


def clean(seconds: float = 1.0) -> soak.Sound:
    """Tones as ``bench soak`` sends them, with a little noise as of a codec."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * hz * time_s) for hz in soak.TONES_HZ)
    noise = np.random.default_rng(1).normal(0, 1e-6, len(time_s))
    return np.asarray(np.stack([0.05 * tones + noise] * 2, axis=1), np.float32)


def test_clean_sound_has_neither_gap_nor_click() -> None:
    heard = soak.Detector(clean()).hear(clean())
    assert (heard.gaps, heard.clicks) == (0, 0)
    assert heard.silent_s < 0.001, "where the tones cross zero"


@pytest.mark.parametrize("samples", [1, 7, 48, 480])
def test_sound_that_is_left_out_is_a_click(samples: int) -> None:
    sound = clean()
    cut = np.concatenate((sound[:20_000], sound[20_000 + samples :]))
    assert soak.Detector(sound).hear(cut).clicks >= 1


def test_silence_is_a_gap() -> None:
    sound = clean()
    sound[10_000:10_480] = 0.0
    sound[30_000:30_480] = 0.0
    heard = soak.Detector(clean()).hear(sound)
    assert heard.gaps == 2
    assert heard.silent_s == pytest.approx(0.02, abs=1e-3)
    assert heard.clicks >= 2


def test_a_tick_belongs_to_the_packet_before_it() -> None:
    sent_s = [1.0, 1.34, 1.68]
    assert delay.match(sent_s, [1.15, 1.50, 1.84]) == pytest.approx([150.0, 160.0, 160.0])
    assert delay.match(sent_s, [1.15, 1.84]) == pytest.approx([150.0, 160.0]), "one was lost"


def test_what_was_kept_of_a_monitor_knows_its_ticks() -> None:
    sound = np.zeros(RATE, np.float32)
    for at in (9_600, 24_000):
        sound[at : at + 48] = 0.3
    assert delay.ticks_in(sound) == [9_600, 24_000]


@pytest.mark.parametrize("ppm", [200.0, -200.0])
def test_a_clock_that_is_off_is_followed_without_a_click(ppm: float) -> None:
    """For minutes here; ``bench drift`` takes an hour."""
    loop = soak.tone_packets()[: 8 * 50]
    row = drift.one_clock(ppm, 180.0, loop, soak.Detector(drift.both(soak.decoded(loop))))
    assert (row["clicks"], row["gaps"], row["late"], row["invented_ms"]) == (0, 0, 0, 0)
    assert abs(row["grown_ms"]) <= drift.MOST_MS
