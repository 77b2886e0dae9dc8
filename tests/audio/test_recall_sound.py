"""Kept bursts as sound: in order, whole, faster at the same pitch, and as files."""

from __future__ import annotations

import itertools
import random
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.codecs.frame import new_frames
from audio.codecs.opus import OpusDecoder
from audio.protocol import Encoding, ReplayState, ReplayWhy
from audio.recall.burst import BurstError, KeptPacket, pack
from audio.recall.decision import DUCK_DB, IDLE, RESUME_MS, Around, Course, begin, follow
from audio.recall.decode import in_order
from audio.recall.export import export
from audio.recall.stretch import BLOCK, KEPT_BLOCKS, PauseSkipper, Stretcher
from audio.sending.bursts import load
from tests.audio.engine_fixtures import peak_hz
from tests.audio.pipeline_lab import FRAME, Sound, opus, sine
from tests.audio.recall_lab import body, facts, packets_of, played


def straight(payloads: list[bytes]) -> Sound:
    """The same packets through a decoder and nothing else."""
    decoder, out = OpusDecoder(), new_frames(1)[1][0]
    parts = []
    for payload in payloads:
        count = decoder.decode(payload, out)
        parts.append(out.samples[:count].copy())
    return np.concatenate(parts)


PAYLOADS = opus(sine(800.0, 1.0))


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_doubles_give_the_sound_that_was_sent(seed: int) -> None:
    packets = packets_of(body(PAYLOADS))
    chance = random.Random(seed)
    mixed = sorted(
        enumerate([*packets[:1], *packets, *packets[7:9]]),
        key=lambda one: one[0] + chance.uniform(0, 4) * (one[0] > 0),
    )
    assert np.array_equal(played(facts(), [one for _, one in mixed]), straight(PAYLOADS))


ANY_PACKET = st.builds(
    KeptPacket,
    st.integers(0, 65_535),
    st.integers(0, 2**32 - 1),
    st.just(0),
    st.binary(max_size=40),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ANY_PACKET, max_size=20))
def test_nothing_that_can_be_kept_breaks_the_playing(packets: list[KeptPacket]) -> None:
    codecs: tuple[Encoding, ...] = ("opus", "PCMA", "L16")
    for encoding in codecs:
        known = facts(encoding=encoding, clock_rate=48_000 if encoding == "opus" else 8_000)
        if packets:
            sound = played(known, packets)
            assert np.isfinite(sound).all()
            assert len(sound) <= len(packets) * (2_000 * 48 + 9_600)


def test_lost_packets_are_concealed_and_take_their_time() -> None:
    packets = packets_of(body(PAYLOADS))
    del packets[20:22]
    sound = played(facts(), packets)
    whole = straight(PAYLOADS)
    assert len(sound) == len(whole)
    hole = sound[20 * FRAME : 22 * FRAME]
    assert np.sqrt(np.square(hole).mean()) > 0.1
    assert abs(peak_hz(sound) - 800) < 3


def test_a_pause_of_the_sender_is_silence_and_a_leap_of_its_clock_is_none() -> None:
    half, more = PAYLOADS[:25], PAYLOADS[25:]
    for gap, expected in ((12_000, 12_000), (48_000 * 60, 0)):
        second = [
            pack(25 + n, 25 * FRAME + gap + n * FRAME, 0, payload) for n, payload in enumerate(more)
        ]
        packets = packets_of(body(half, sequence=0, timestamp=0) + b"".join(second))
        assert len(played(facts(), packets)) == 50 * FRAME + expected


def test_numbers_wrap_and_a_late_one_finds_its_place() -> None:
    packets = packets_of(body(PAYLOADS[:20]))
    packets[8], packets[9] = packets[9], packets[8]
    ordered = in_order(packets, 48_000)
    assert [payload for _, _, payload in ordered] == PAYLOADS[:20]
    assert {b[1] - a[1] for a, b in itertools.pairwise(ordered)} == {FRAME}


# --- faster ---


def stretched(sound: Sound, speed: float, piece: int = FRAME) -> Sound:
    one = Stretcher(speed)
    parts = [one.process(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    return np.concatenate([*parts, one.flush()])


@pytest.mark.parametrize("speed", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("hz", [110.0, 800.0, 2_500.0])
def test_faster_is_shorter_and_of_the_same_pitch(speed: float, hz: float) -> None:
    made = stretched(sine(hz, 4.0), speed)
    assert abs(len(made) / 48_000 - 4.0 / speed) < 0.03
    middle = made[4_800:-4_800]
    assert abs(peak_hz(middle) - hz) < 1.0
    assert abs(np.sqrt(np.square(middle).mean()) - 0.3 / np.sqrt(2)) < 0.01
    steepest = 0.3 * 2 * np.pi * hz / 48_000
    assert np.abs(np.diff(middle)).max() < 1.3 * steepest, "no clicks"


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 3_000), st.floats(1.0, 2.0), st.integers(0, 30_000))
def test_how_it_is_cut_up_changes_nothing(piece: int, speed: float, length: int) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, length).astype(np.float32)
    whole = stretched(sound, speed, max(1, length))
    assert np.array_equal(stretched(sound, speed, piece), whole)
    assert abs(len(whole) - length / speed) < 2_000


@pytest.mark.parametrize(("first", "then"), [(1.0, 2.0), (1.5, 1.0), (2.0, 1.25)])
def test_another_speed_in_the_midst_leaves_no_gap_and_no_click(first: float, then: float) -> None:
    sound, one = sine(300.0, 4.0), Stretcher(first)
    made = [one.process(sound[at : at + FRAME]) for at in range(0, len(sound) // 2, FRAME)]
    one.speed = then
    rest = range(len(sound) // 2, len(sound), FRAME)
    made += [one.process(sound[at : at + FRAME]) for at in rest]
    whole = np.concatenate([*made, one.flush()])
    assert len(whole) / 48_000 == pytest.approx(2.0 / first + 2.0 / then, abs=0.06)
    steepest = 0.3 * 2 * np.pi * 300 / 48_000
    assert np.abs(np.diff(whole[4_800:-4_800])).max() < 1.3 * steepest


def test_of_long_pauses_a_third_of_a_second_is_left_and_short_ones_stay() -> None:
    word = sine(300.0, 0.5)
    for pause_s, left_s in ((0.1, 0.1), (0.25, 0.25), (2.0, KEPT_BLOCKS * BLOCK / 48_000)):
        skipper = PauseSkipper()
        sound = np.concatenate([word, np.zeros(round(pause_s * 48_000), np.float32), word])
        parts = [skipper.process(sound[at : at + 700]) for at in range(0, len(sound), 700)]
        made = np.concatenate([*parts, skipper.flush()])
        assert abs(len(made) / 48_000 - 1.0 - left_s) < 0.011
        assert np.array_equal(made[: len(word)], word)
        assert np.array_equal(made[-len(word) + BLOCK :], word[BLOCK:])


# --- what it does while something else happens ---

FREE, ALARM, LIVE = Around(), Around(is_alarm=True), Around(is_selected_live=True)
BOTH = Around(is_alarm=True, is_selected_live=True)
PLAYING = begin("catch-up")
PAUSED_LIVE = Course("catch-up", "paused", "live")
PAUSED_ALARM = Course("catch-up", "paused", "alarm")


@pytest.mark.parametrize(
    ("course", "around", "state", "why", "gain_db"),
    [
        (IDLE, FREE, "idle", "", 0.0),
        (IDLE, BOTH, "idle", "", 0.0),
        (begin("recall"), FREE, "playing", "", 0.0),
        (begin("recall"), LIVE, "playing", "", 0.0),
        (begin("recall"), ALARM, "playing", "", DUCK_DB),
        (begin("recall"), BOTH, "playing", "", DUCK_DB),
        (PLAYING, FREE, "playing", "", 0.0),
        (PLAYING, LIVE, "paused", "live", 0.0),
        (PLAYING, ALARM, "paused", "alarm", 0.0),
        (PLAYING, BOTH, "paused", "alarm", 0.0),
        (PAUSED_LIVE, LIVE, "paused", "live", 0.0),
        (PAUSED_LIVE, ALARM, "paused", "alarm", 0.0),
        (PAUSED_LIVE, FREE, "paused", "live", 0.0),
        (PAUSED_ALARM, LIVE, "paused", "live", 0.0),
    ],
)  # fmt: skip
def test_what_gives_way_to_what(
    course: Course, around: Around, state: ReplayState, why: ReplayWhy, gain_db: float
) -> None:
    after = follow(course, around, 1_000.0)
    assert (after.state, after.why, after.gain_db) == (state, why, gain_db)


def test_it_goes_on_only_after_some_quiet_in_a_row() -> None:
    course, times = PLAYING, []
    live_until_ms, again_ms = 1_000, 1_500
    for now_ms in range(0, 4_000, 10):
        is_live = now_ms < live_until_ms or again_ms <= now_ms < again_ms + 20
        course = follow(course, LIVE if is_live else FREE, float(now_ms))
        times += [now_ms] if course.state == "playing" else []
    assert times[0] == again_ms + 20 + RESUME_MS
    assert times[-1] == 3_990


# --- files ---


def test_ogg_holds_the_very_packets(tmp_path: Path) -> None:
    path = tmp_path / "burst.ogg"
    packets = packets_of(body(PAYLOADS))
    seconds = export(facts(), packets, path, "ogg")
    assert [payload for payload, _ in load(path).frames] == PAYLOADS
    assert seconds == pytest.approx(1.0)
    with av.open(str(path)) as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
        assert file.streams.audio[0].codec_context.name == "opus"
    assert abs(len(sound) - 48_000) <= FRAME
    assert abs(peak_hz(sound) - 800) < 3
    assert path.stat().st_mode & 0o777 == 0o600


def test_ogg_is_sound_to_a_stranger(tmp_path: Path) -> None:
    path = tmp_path / "burst.ogg"
    packets = packets_of(body(PAYLOADS * 4))
    del packets[60:70]
    export(facts(speaker="Æ Ø"), packets, path, "ogg")
    line = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(path), "-f", "null", "-"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert load(path).seconds == pytest.approx(4.0), "silence stands where packets are missing"


def test_wav_is_what_would_be_heard(tmp_path: Path) -> None:
    path = tmp_path / "burst.wav"
    export(facts(), packets_of(body(PAYLOADS)), path, "wav")
    with av.open(str(path)) as file:
        assert file.streams.audio[0].codec_context.sample_rate == 48_000
    raw = np.frombuffer(path.read_bytes()[44:], "<i2") / 32_767
    assert np.abs(raw - straight(PAYLOADS)).max() < 1e-4


def test_an_export_writes_over_nothing_and_leaves_no_halves(tmp_path: Path) -> None:
    path = tmp_path / "there.wav"
    path.write_bytes(b"mine")
    packets = packets_of(body(PAYLOADS))
    with pytest.raises(BurstError, match="there already"):
        export(facts(), packets, path, "wav")
    with pytest.raises(BurstError, match="WAV"):
        export(facts(encoding="PCMA", clock_rate=8_000), packets, tmp_path / "x.ogg", "ogg")
    with pytest.raises(OSError):
        export(facts(), packets, tmp_path / "none" / "x.wav", "wav")
    assert [one.name for one in tmp_path.iterdir()] == ["there.wav"]
    assert path.read_bytes() == b"mine"
