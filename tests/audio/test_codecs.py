"""Codecs beside ffmpeg's, and what is invented where packets are missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.codecs.frame import MAX_FRAME, Frame, new_frames
from audio.codecs.g711 import LAWS, G711Decoder
from audio.codecs.l16 import L16Decoder
from audio.codecs.opus import OpusDecoder
from audio.codecs.opus_encoder import OpusEncoder
from audio.codecs.resample import HALF, Resampler
from audio.codecs.table import TABLE, Decoder, decoder_for
from audio.protocol import Encoding, StreamSpec

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


def frame() -> Frame:
    return new_frames(1)[1][0]


def tone(hz: float, count: int, rate: int = 48_000, level: float = 0.5) -> NDArray[np.float32]:
    return np.asarray(level * np.sin(2 * np.pi * hz * np.arange(count) / rate), np.float32)


def decoded(decoder: Decoder, payloads: list[bytes]) -> NDArray[np.float32]:
    out = frame()
    parts = []
    for payload in payloads:
        count = decoder.decode(payload, out)
        parts.append(out.samples[: max(count, 0)].copy())
    return np.concatenate(parts)


def ffmpeg(kind: str, data: bytes, wanted: str = "s16le", *more: str) -> bytes:
    line = ["ffmpeg", "-v", "error", "-f", kind, *more, "-i", "pipe:0", "-f", wanted, "pipe:1"]
    return subprocess.run(line, input=data, capture_output=True, check=True).stdout


def energy_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


# -- the same as ffmpeg ---------------------------------------------------------------------


@needs_ffmpeg
@pytest.mark.parametrize(("law", "kind"), [("A", "alaw"), ("u", "mulaw")])
def test_g711_is_ffmpegs_to_the_bit(law: str, kind: str) -> None:
    every_code = bytes(range(256))
    theirs = np.frombuffer(ffmpeg(kind, every_code, "s16le", "-ar", "8000", "-ac", "1"), "<i2")
    assert np.array_equal(LAWS[law] * 32_768, theirs)


@needs_ffmpeg
@pytest.mark.parametrize("channels", [1, 2])
def test_l16_is_ffmpegs_to_the_bit(channels: int) -> None:
    chance = np.random.default_rng(1)
    payloads = [chance.bytes(480 * 2 * channels) for _ in range(20)]
    more = ("-ar", "48000", "-ac", str(channels))
    raw = np.frombuffer(ffmpeg("s16be", b"".join(payloads), "s16le", *more), "<i2")
    theirs = raw.reshape(-1, channels).astype(np.float64).mean(axis=1) / 32_768
    assert np.array_equal(decoded(L16Decoder(48_000, channels), payloads), theirs)


@needs_ffmpeg
def test_opus_of_ffmpeg_is_decoded_as_the_encoder_meant_it(tmp_path: Path) -> None:
    """A foreign encoder's packets, in stereo, mixed down."""
    file = tmp_path / "tone.ogg"
    line = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    line += [
        "-t",
        "2",
        "-af",
        "pan=stereo|c0=c0|c1=c0",
        "-c:a",
        "libopus",
        "-b:a",
        "64k",
        str(file),
    ]
    subprocess.run(line, check=True)
    with av.open(str(file)) as container:
        payloads = [bytes(one) for one in container.demux(audio=0) if bytes(one)]
    sound = decoded(OpusDecoder(), payloads)[48_000:90_000]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert abs(np.argmax(spectrum) * 48_000 / len(sound) - 440) < 3
    assert abs(energy_db(sound) - energy_db(tone(440, 42_000, level=1 / 8))) < 0.5


# -- resampling -----------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 44_100])
@pytest.mark.parametrize("size", [80, 160, 333])
def test_resampling_in_pieces_has_no_seams(rate: int, size: int) -> None:
    hz, level = 1_000.0, 0.5
    sound = tone(hz, rate, rate, level)
    resampler = Resampler(rate)
    pieces = [resampler.process(sound[at : at + size]) for at in range(0, len(sound), size)]
    whole = np.concatenate(pieces)
    assert abs(len(whole) - 48_000) <= 48_000 // rate
    middle = whole[4_800:40_000]
    times = (np.arange(4_800, 40_000) / 48_000) - (HALF / rate)
    ideal = level * np.sin(2 * np.pi * hz * times)
    assert energy_db(middle - np.asarray(ideal, np.float32)) < energy_db(middle) - 50


@pytest.mark.parametrize("rate", [8_000, 16_000])
def test_resampling_adds_no_images(rate: int) -> None:
    sound = Resampler(rate).process(tone(rate * 0.4, rate, rate))
    spectrum = np.abs(np.fft.rfft(sound[4_800:] * np.hanning(len(sound) - 4_800)))
    above = spectrum[int(len(spectrum) * rate * 0.58 / 24_000) :]
    assert above.max() < spectrum.max() * 10 ** (-60 / 20)


def test_a_full_packet_of_g711_is_heard_whole() -> None:
    """1,460 bytes, which is what ffmpeg makes of a file when nobody tells it otherwise."""
    rows, frames = new_frames(1)
    count = G711Decoder("A", 8_000).decode(bytes([0x55]) * 1_460, frames[0])
    assert abs(count - 1_460 * 6) <= 6 * HALF
    assert rows.shape[1] >= count


# -- broken and missing ---------------------------------------------------------------------


@settings(deadline=None)
@given(st.sampled_from(sorted(TABLE)), st.lists(st.binary(max_size=1_500), max_size=10))
def test_no_payload_raises_or_gets_out_of_its_frame(
    encoding: Encoding, payloads: list[bytes]
) -> None:
    rows, frames = new_frames(2)
    rate = 48_000 if encoding == "opus" else 8_000
    decoder = decoder_for(StreamSpec("a@h", 5_004, 0, encoding, rate))
    for payload in payloads:
        count = decoder.decode(payload, frames[0])
        assert count <= MAX_FRAME
        decoder.conceal(960, payload, frames[0])
        assert np.isfinite(rows).all()
    assert not rows[1].any()


def test_an_empty_opus_packet_is_broken_and_the_next_one_heard() -> None:
    encoder, decoder = OpusEncoder(), OpusDecoder()
    packets = [encoder.encode(one) for one in tone(440, 48_000).reshape(-1, 960)]
    out = frame()
    assert decoder.decode(b"", out) <= 0
    assert decoder.decode(packets[0], out) == 960


def test_stereo_packets_of_any_length_are_one_voice() -> None:
    out = frame()
    silence_of_60_ms = b"\xff\x03" + b"\xfe" * 3  # CELT, three frames of 20 ms, stereo
    assert OpusDecoder().decode(silence_of_60_ms, out) == 2_880


PLC = pytest.mark.parametrize("kind", ["opus", "PCMA", "L16"])


def _stream(kind: str, sound: NDArray[np.float32]) -> tuple[Decoder, list[bytes]]:
    """A decoder and packets of 20 ms."""
    if kind == "opus":
        encoder = OpusEncoder()
        return OpusDecoder(), [encoder.encode(one) for one in sound.reshape(-1, 960)]
    if kind == "L16":
        raw = (sound * 32_767).astype(">i2")
        return L16Decoder(48_000, 1), [one.tobytes() for one in raw.reshape(-1, 960)]
    table = LAWS["A"]
    codes = np.argmin(np.abs(sound[::6, None] - table[None, :]), axis=1).astype(np.uint8)
    return G711Decoder("A", 8_000), [one.tobytes() for one in codes.reshape(-1, 160)]


def _steps(sound: NDArray[np.float32]) -> float:
    return float(np.abs(np.diff(sound)).max())


@PLC
def test_a_lost_packet_makes_no_click_and_no_hole(kind: str) -> None:
    """No step between two samples is much greater than those of the tone itself."""
    sound = tone(300, 48_000, level=0.4)
    decoder, packets = _stream(kind, sound)
    out, parts = frame(), []
    for n, payload in enumerate(packets):
        if n in (20, 30, 31):
            following = packets[n + 1] if n + 1 not in (31,) else b""
            decoder.conceal(960, following, out)
            count = 960
        else:
            count = decoder.decode(payload, out)
        parts.append(out.samples[:count].copy())
    heard = np.concatenate(parts)[9_600:]
    assert _steps(heard) < 2.5 * _steps(sound)
    hole = np.concatenate(parts[20:21])
    assert energy_db(hole) > energy_db(sound) - 6


@PLC
def test_what_is_invented_ends_in_silence(kind: str) -> None:
    decoder, packets = _stream(kind, tone(300, 48_000, level=0.4))
    out = frame()
    for payload in packets:
        decoder.decode(payload, out)
    for _ in range(10):
        decoder.conceal(960, b"", out)
    assert not out.samples[:960].any()


def test_the_redundancy_of_the_next_packet_is_better_than_invention() -> None:
    chance = np.random.default_rng(1)
    notes = chance.uniform(150, 900, 50)
    sound = np.concatenate([tone(float(hz), 1_920) for hz in notes])
    encoder = OpusEncoder(bitrate=32_000, expected_loss_percent=30)
    packets = [encoder.encode(one) for one in sound.reshape(-1, 960)]
    errors = {}
    for way in ("fec", "plc"):
        whole, lossy, out = OpusDecoder(), OpusDecoder(), frame()
        total = 0.0
        for n, payload in enumerate(packets[:-1]):
            whole.decode(payload, out)
            ideal = out.samples[:960].copy()
            if n % 4 == 3:
                lossy.conceal(960, packets[n + 1] if way == "fec" else b"", out)
                spectra = [np.abs(np.fft.rfft(one)) for one in (ideal, out.samples[:960])]
                total += float(np.square(spectra[0] - spectra[1]).sum())
            else:
                lossy.decode(payload, out)
        errors[way] = total
    assert errors["fec"] < 0.5 * errors["plc"]
