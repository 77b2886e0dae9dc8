"""Make resources/voices (one Ogg Opus file a phrase, and an index) from tools/phrases.toml.

    python tools/render_voices.py

Needs the program espeak-ng (``apt-get install espeak-ng``). What the files are and what their
licence is: resources/voices/SOURCES.md. Takes about a minute.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tomllib
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]

SOURCE: Final = Path(__file__).resolve().parent / "phrases.toml"
OUT: Final = Path(__file__).resolve().parent.parent / "resources" / "voices"
LANGUAGE: Final = "nb"
RATE: Final = 16_000  # Opus takes it as it is; a radio's band ends far below its half
FRAME: Final = RATE // 50  # 20 ms, RFC 7587's default
BIT_RATE: Final = 20_000
LOW_HZ, HIGH_HZ = 300.0, 3_400.0  # of a telephone, ITU-T G.712
EDGE_HZ: Final = 25.0  # how soft the band's edges are
LEVEL_DB: Final = -21.0  # RMS of speech, full scale = 0
PEAK: Final = 0.7
GATE_DB: Final = -20.0  # a frame this far below the loudest is a pause
BEHIND_DB: Final = -9.0  # somebody farther from the microphone
LEAD_S, TAIL_S = 0.06, 0.12  # key down before the first word, up after the last


class Speaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A radio user's voice: variant, pitch (0-99) and speed (words a minute) of espeak-ng."""

    variant: str
    pitch: int
    speed: int


class Behind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody else in the room."""

    speaker: str
    say: str


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``room_db``: the noise of the room, full scale = 0."""

    text: str
    say: str = ""
    room_db: float | None = None
    behind: Behind | None = None


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    speaker: dict[str, Speaker]
    phrase: dict[str, Phrase]


def main() -> int:
    if shutil.which("espeak-ng") is None:
        print("espeak-ng is missing: apt-get install espeak-ng", file=sys.stderr)
        return 1
    phrases = msgspec.convert(tomllib.loads(SOURCE.read_text("utf-8")), Phrases)
    check_variants(phrases.speaker)
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.opus"):
        old.unlink()
    with ThreadPoolExecutor() as pool:
        rows = list(pool.map(lambda key: make(key, phrases), phrases.phrase))
    write_index(rows)
    total = sum(path.stat().st_size for path in OUT.iterdir())
    print(f"{len(rows)} phrases, {sum(row['seconds'] for row in rows):.0f} s, {total / 1e6:.2f} MB")
    return 0


def check_variants(speakers: dict[str, Speaker]) -> None:
    """espeak-ng is silent about a variant that it doesn't have, and takes another voice."""
    told = subprocess.run(["espeak-ng", "--voices=variant"], capture_output=True, check=True).stdout
    known = {word.rpartition("/")[2] for word in told.decode("utf-8", "replace").split()}
    for key, speaker in speakers.items():
        if speaker.variant not in known:
            raise SystemExit(f"speaker {key}: espeak-ng has no variant {speaker.variant!r}")


def make(key: str, phrases: Phrases) -> dict[str, Any]:
    """One phrase's file, and its row in the index."""
    name = key.partition("-")[0]
    phrase = phrases.phrase[key]
    sound = level(in_band(spoken(phrase.say or phrase.text, phrases.speaker[name])))
    if phrase.behind is not None:
        other = spoken(phrase.behind.say, phrases.speaker[phrase.behind.speaker])
        sound = mixed(sound, level(in_band(other)) * 10 ** (BEHIND_DB / 20))
    sound = np.pad(sound, (round(LEAD_S * RATE), round(TAIL_S * RATE)))
    if phrase.room_db is not None:
        sound = sound + room(key, len(sound), phrase.room_db)
    sound = level(sound)
    target = OUT / f"{key}.opus"
    return {
        "key": key,
        "speaker": name,
        "text": phrase.text,
        "seconds": encode(sound, target),
        "file": target.name,
    }


def spoken(words: str, speaker: Speaker) -> Sound:
    """What espeak-ng says, at RATE, without the silence around it."""
    line = ["espeak-ng", "-v", f"{LANGUAGE}+{speaker.variant}", "-p", str(speaker.pitch)]
    line += ["-s", str(speaker.speed), "-m", "--stdout", words]
    done = subprocess.run(line, capture_output=True, check=True)
    with wave.open(io.BytesIO(done.stdout)) as file:
        # The length in a header that was written to a pipe is a guess.
        data = file.readframes(len(done.stdout) // 2)
        rate = file.getframerate()
    sound = np.frombuffer(data[: len(data) // 2 * 2], "<i2") / 32_768
    return trimmed(resampled(sound, rate))


def resampled(sound: Sound, rate: int) -> Sound:
    """By its spectrum; all of the sound is here, so nothing is simpler or better."""
    length = round(len(sound) * RATE / rate)
    spectrum = np.fft.rfft(sound)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * (length / len(sound))


def trimmed(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1]


def in_band(sound: Sound) -> Sound:
    """What gets through a radio."""
    padded = np.pad(sound, RATE // 10)
    hz = np.fft.rfftfreq(len(padded), 1 / RATE)
    passes = 1 / (1 + np.exp((LOW_HZ - hz) / EDGE_HZ)) / (1 + np.exp((hz - HIGH_HZ) / EDGE_HZ))
    return np.fft.irfft(np.fft.rfft(padded) * passes, len(padded))


def level(sound: Sound) -> Sound:
    """Speech at LEVEL_DB; single peaks are bent, as a radio's limiter does."""
    for _ in range(3):  # bending peaks takes some of the level away
        sound = sound * 10 ** ((LEVEL_DB - speech_db(sound)) / 20)
        sound = PEAK * np.tanh(sound / PEAK)
    return sound


def speech_db(sound: Sound) -> float:
    """RMS of the frames in which somebody speaks."""
    whole = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    power = (whole**2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() * 10 ** (GATE_DB / 10)].mean()))


def mixed(a: Sound, b: Sound) -> Sound:
    out = np.zeros(max(len(a), len(b)))
    out[: len(a)] += a
    out[: len(b)] += b
    return out


def room(key: str, length: int, noise_db: float) -> Sound:
    """Noise, the same each time it is made."""
    noise = in_band(np.random.default_rng(list(key.encode())).standard_normal(length))
    noise = noise[RATE // 10 : RATE // 10 + length]
    quieter = float(10 ** (noise_db / 20) / np.sqrt((noise**2).mean()))
    return noise * quieter


def encode(sound: Sound, target: Path) -> float:
    """Writes the file; returns its length in seconds."""
    sound = np.pad(sound, (0, -len(sound) % FRAME))
    samples = np.rint(np.clip(sound, -1, 1) * 32_767).astype(np.int16)
    # bitexact and a fixed serial number: the same phrases make the same files.
    options = {"fflags": "+bitexact", "serial_offset": "1"}
    with av.open(str(target), "w", format="ogg", options=options) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        stream.options = {"application": "voip", "vbr": "on", "frame_duration": "20"}
        for at in range(0, len(samples), FRAME):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + FRAME], "s16", "mono")
            frame.sample_rate = RATE
            frame.pts = at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return round(len(samples) / RATE, 2)


def write_index(rows: list[dict[str, Any]]) -> None:
    """One line a phrase, so that a change is seen as what it is."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (OUT / "index.json").write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
