"""Talkers made equally loud: the measure against BS.1770's own, and what the gain does."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from audio.codecs.frame import new_frames
from audio.codecs.table import decoder_for
from audio.mixing.loudness import (
    CYCLE,
    DECIDE_EVERY,
    DOWN_DB_PER_S,
    GATE_LUFS,
    HOLD_DB,
    LOWER_DB,
    MAX_TALKERS,
    MEASURE_S,
    RAISE_DB,
    TARGET_LUFS,
    TICKS,
    UP_DB_PER_S,
    Evener,
    lufs,
    power,
)
from audio.protocol import SetMaster, StreamSpec
from audio.receiving.sender import BLOCK
from audio.sending.bursts import load
from tests.audio.pipeline_lab import lab, opus, packets, sine

Sound = NDArray[np.float32]
VOICES = Path(__file__).resolve().parents[2] / "resources/voices"
SOME = ("a11-kols-status.opus", "a11-konf-les.opus", "a12-am.opus", "a11-kols-svar.opus")
SEAT = np.array([3])
# BS.1770-4 tables 1 and 2, at 48 kHz: shelf, then high-pass.
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))  # fmt: skip


@functools.cache
def voice(name: str) -> Sound:
    decoder = decoder_for(StreamSpec("a@h", 5_004, 111, "opus", 48_000))
    _, (out,) = new_frames(1)
    sound = []
    for payload, _samples in load(VOICES / name).frames:
        count = decoder.decode(payload, out)
        sound.append(out.samples[:count].copy())
    return np.concatenate(sound)


def at(sound: Sound, wanted_lufs: float) -> Sound:
    return np.asarray(sound * 10 ** ((wanted_lufs - by_the_book(sound)) / 20), np.float32)


def weighting(hz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Of power, as BS.1770 has it."""
    z = np.exp(-2j * np.pi * hz / 48_000)
    gain = np.ones_like(z)
    for (b0, b1, b2), (a1, a2) in (SHELF, HIGH_PASS):
        gain = gain * (b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)
    return np.asarray(np.abs(gain) ** 2)


def by_the_book(sound: Sound) -> float:
    """Gated loudness of one channel, BS.1770-4 clause 2, by its own filter."""
    spectrum = np.fft.rfft(sound)
    spectrum *= np.sqrt(weighting(np.fft.rfftfreq(len(sound), 1 / 48_000)))
    weighted = np.fft.irfft(spectrum, len(sound))
    blocks = np.array([np.mean(weighted[n : n + 19_200] ** 2)
                       for n in range(0, len(weighted) - 19_199, 4_800)])  # fmt: skip
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    return lufs(float(blocks[blocks > blocks.mean() / 10].mean()))


class Talk:
    """One talker who is measured as often as the engine does; ``gains`` in dB after each."""

    def __init__(self) -> None:
        self.evener = Evener()
        self.evener.seat(SEAT, [("a@h", 1)])

    def hear(self, sound: Sound) -> NDArray[np.float64]:
        blocks = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, 1, BLOCK)
        gains, nobody, nobody_there = [], np.zeros((0, BLOCK), np.float32), np.zeros(0, np.intp)
        for block in blocks[::CYCLE]:
            self.evener.measure(block, SEAT)
            self.evener.measure(nobody, nobody_there)
            gains.append(self.gain_db)
        return np.array(gains)

    @property
    def gain_db(self) -> float:
        return float(20 * np.log10(np.float64(self.evener.gains()[SEAT[0]])))


@pytest.mark.parametrize("hz", [100, 200, 500, 1_000, 2_000, 3_000, 4_000])
def test_the_cheap_weighting_is_near_the_books(hz: int) -> None:
    cheap = lufs(float(power(sine(hz, 1.0)[None])[0]))
    book = 10 * np.log10(0.3**2 / 2 * weighting(np.array([float(hz)]))[0]) - 0.691
    assert cheap == pytest.approx(book, abs=1.2)


@pytest.mark.parametrize("name", SOME)
def test_speech_is_measured_as_the_book_does(name: str) -> None:
    sound = voice(name)
    blocks = power(sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK))
    speech = blocks[blocks > blocks.mean() / 10]
    assert lufs(float(blocks.mean())) == pytest.approx(lufs_of_all(sound), abs=0.5)
    assert len(speech) < len(blocks), "there are pauses in it"


def lufs_of_all(sound: Sound) -> float:
    """Without gates."""
    spectrum = np.abs(np.fft.rfft(sound)) ** 2 * weighting(np.fft.rfftfreq(len(sound), 1 / 48_000))
    return lufs(float(spectrum.sum() * 2 / len(sound) ** 2))


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("spoken_lufs", [-31.0, -27.0, -16.0, -11.0])
def test_soft_and_loud_talkers_come_to_the_same(name: str, spoken_lufs: float) -> None:
    talk = Talk()
    sound = np.tile(at(voice(name), spoken_lufs), 8)[: 20 * 48_000]
    talk.hear(sound)
    assert spoken_lufs + talk.gain_db == pytest.approx(TARGET_LUFS, abs=HOLD_DB + 2.0)


def test_the_gain_is_bounded_on_both_sides() -> None:
    for spoken_lufs, bound in ((-38.0, RAISE_DB), (-2.0, LOWER_DB)):
        talk = Talk()
        talk.hear(np.tile(at(voice(SOME[0]), spoken_lufs), 8))
        assert abs(talk.gain_db) <= abs(bound) + 1e-4
        assert talk.gain_db == pytest.approx(bound, abs=HOLD_DB)


def test_it_is_slow_and_then_rests() -> None:
    talk = Talk()
    gains = talk.hear(np.tile(at(voice(SOME[0]), -33.0), 10))
    between_s = DECIDE_EVERY / TICKS * MEASURE_S
    assert 0 < np.diff(gains).max() <= UP_DB_PER_S * between_s + 1e-6
    assert np.diff(gains).min() >= -DOWN_DB_PER_S * between_s - 1e-6
    late = gains[len(gains) // 2 :]
    assert np.ptp(late) < 3.0, "no pumping"


@pytest.mark.parametrize("level_db", [-65.0, -50.0, -40.0, -30.0])
def test_noise_is_never_raised(level_db: float) -> None:
    chance = np.random.default_rng(2)
    noise = chance.normal(0, 10 ** (level_db / 20), 20 * 48_000).astype(np.float32)
    assert Talk().hear(noise).max() <= 0.0


def test_hum_and_tones_are_not_raised_either() -> None:
    assert Talk().hear(sine(100, 10.0, 0.01)).max() <= 0.0


def test_pauses_move_nothing() -> None:
    talk = Talk()
    talk.hear(np.tile(at(voice(SOME[0]), -33.0), 2))
    before = talk.gain_db
    assert before > 1.0, "it was on its way"
    hiss = np.random.default_rng(3).normal(0, 10 ** (-58 / 20), 10 * 48_000)
    assert GATE_LUFS > -58
    assert set(talk.hear(hiss.astype(np.float32))) == {before}
    assert set(talk.hear(np.zeros(48_000, np.float32))) == {before}


def test_a_talker_far_softer_than_before_is_learnt_anew() -> None:
    """Another radio behind the same gateway: all of it lies under the relative gate."""
    talk = Talk()
    talk.hear(np.tile(at(voice(SOME[0]), -10.0), 3))
    assert talk.gain_db < -9
    talk.hear(np.tile(at(voice(SOME[1]), -30.0), 10))
    assert talk.gain_db > 3


def test_a_talker_is_known_again_and_another_is_not_taken_for_it() -> None:
    talk = Talk()
    talk.hear(np.tile(at(voice(SOME[0]), -12.0), 4))
    found, other = talk.gain_db, np.array([9])
    assert found < -8
    talk.evener.seat(other, [("a@h", 2)])
    assert talk.evener.gains()[other[0]] == 1.0
    talk.evener.seat(other, [("b@h", 1)])
    assert talk.evener.gains()[other[0]] == 1.0
    talk.evener.seat(other, [("a@h", 1)])
    assert 20 * np.log10(talk.evener.gains()[other[0]]) == pytest.approx(found)


def test_only_so_many_talkers_are_remembered_and_nobody_in_a_seat_is_forgotten() -> None:
    talk = Talk()
    talk.hear(np.tile(at(voice(SOME[0]), -12.0), 4))
    found, other = talk.gain_db, np.array([9])
    for ssrc in range(MAX_TALKERS + 50):
        talk.evener.seat(other, [("x@h", ssrc)])
    assert talk.gain_db == found
    talk.evener.seat(SEAT, [("y@h", 1)])
    assert talk.gain_db == 0.0, "what the forgotten one had is not handed on"


def test_switched_off_nothing_is_changed() -> None:
    talk = Talk()
    talk.hear(np.tile(at(voice(SOME[0]), -12.0), 4))
    talk.evener.switch(is_on=False)
    assert np.all(talk.evener.gains() == 1.0)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        hnp.arrays(
            np.float32,
            st.just((2, BLOCK)),
            elements=st.sampled_from([0.0, 0.1, 1.0, -1.0, np.nan, np.inf, -np.inf, 3e38]),
            fill=st.just(0.1),
        ),
        max_size=20,
    )
)
def test_whatever_is_heard_gains_stay_within_their_bounds(blocks: list[Sound]) -> None:
    evener, seats = Evener(), np.array([0, 5])
    evener.seat(seats, [("a@h", 1), ("b@h", 2)])
    with np.errstate(all="ignore"):
        for block in blocks:
            evener.measure(block, seats)
    gains_db = 20 * np.log10(evener.gains()[seats])
    assert np.all((gains_db >= LOWER_DB - 1e-3) & (gains_db <= RAISE_DB + 1e-3))


# -- in the engine --------------------------------------------------------------------------


def rms_db(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2)))


def spoken(spoken_lufs: float, seconds: float) -> list[bytes]:
    sound = np.tile(at(voice(SOME[0]), spoken_lufs), 8)[: int(seconds * 50) * 960]
    return opus(sound)


@pytest.mark.parametrize("evened", [True, False])
def test_two_groups_that_speak_in_turn_are_equally_loud(tmp_path: Path, evened: bool) -> None:
    with lab(tmp_path, evened=evened) as one:
        soft, loud = one.listen("soft@h"), one.listen("loud@h")
        heard = []
        for turn in range(2):
            first = {"sequence": turn * 400, "timestamp": turn * 400 * 960}
            for spec, level in ((soft, -31.0), (loud, -13.0)):
                heard.append(one.play((spec, packets(spoken(level, 8.0), **first))))
        apart_db = rms_db(heard[3]) - rms_db(heard[2])
        assert apart_db == pytest.approx(0 if evened else 18, abs=2.5)


def test_the_next_over_begins_as_loud_as_the_last_one_ended(tmp_path: Path) -> None:
    with lab(tmp_path, evened=True) as one:
        spec = one.listen()
        first = one.play((spec, packets(spoken(-11.0, 6.0))))
        again = one.play((spec, packets(spoken(-11.0, 6.0), sequence=900, timestamp=900 * 960)))
        second = slice(5 * 480, 48_000)
        assert rms_db(again[second]) < rms_db(first[second]) - 6


def test_switching_it_is_heard_at_once_and_makes_no_click(tmp_path: Path) -> None:
    with lab(tmp_path, evened=True) as one:
        spec = one.listen()
        sent = packets(opus(sine(200, 8.0, 0.5)))
        before = one.play((spec, sent[:250]), more=0)
        one.pipeline.set_master(SetMaster(evened=False))
        after = one.play((spec, sent[250:]), more=0)
        assert rms_db(after[9_600:48_000]) > rms_db(before[-48_000:]) + 5
        assert np.abs(np.diff(np.concatenate((before, after))[48_000:], axis=0)).max() < 0.02
