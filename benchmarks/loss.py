"""How speech sounds when packets are lost: redundancy and concealment, by PESQ-WB and STOI.

Every voice is encoded as the engine encodes a sound file, its payloads go out as the engine sends
them, over loopback, through a pattern of losses into a real pipeline, whose reports come back (as
many of them lost) and steer the redundancy. The clock is simulated. What comes out is compared
with the original, in pieces of ten seconds; the first five seconds of each file, while reports
and the wait settle, are told apart. Controls on the same losses: in-band FEC alone, concealment
alone, silence in the place of what is lost; and for a foreign sender's plain Opus, libopus itself.

Needs ``pip install pesq pystoi`` (a C compiler for the first); natural voices come from Debian's
``asterisk-core-sounds-en-g722`` where that is installed.
"""

from __future__ import annotations

import contextlib
import importlib
import random
import socket
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.codecs.frame import new_frames
from audio.codecs.opus import OpusDecoder
from audio.codecs.opus_encoder import FRAME, OpusEncoder
from audio.meters import Meters
from audio.network import rtcp, rtp
from audio.pipeline import Pipeline
from audio.protocol import Publish, StreamSpec
from audio.sending.copies import Copier
from audio.sending.listeners import Listeners
from tests.ports import free_udp_port

NAME: Final = "loss"
RATE: Final = 48_000
PESQ_RATE: Final = 16_000
PACKET_S: Final = FRAME / RATE
TICK_NS: Final = 10_000_000
OPUS_TYPE, RED_TYPE = 111, 112
SSRC: Final = 7
SETTLE_S: Final = 5.0
PIECE_S: Final = 10.0
FILE_S: Final = 25.0
TAIL_S: Final = 0.5
NATURAL: Final = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
SYNTHETIC: Final = Path(__file__).resolve().parents[1] / "resources" / "voices"
REPORT_EVERY: Final = 100  # packets: a sender report each 2 s
FOREIGN_BITRATE: Final = 32_000
MAX_BITRATE: Final = 64_000
MAX_ADDED_MS: Final = 120.0
MAX_BELOW_LIBOPUS: Final = 0.1
FOREIGN_GOALS: Final = {"0 %": 4.09, "5 %": 3.85, "10 %": 3.03, "20 %": 2.35}
GOALS: Final = {
    "0 %": 4.1,
    "5 %": 3.9,
    "10 %": 3.8,
    "20 %": 3.3,
    "10 % in threes": 3.2,
    "10 % in bursts": 3.2,
}
HEADS: Final = f"{'PESQ-WB':>9}{'first 5 s':>11}{'STOI':>7}{'delay ms':>10}{'kbit/s':>8}"
TITLES: Final = {
    "red": "own sender, RED as reported",
    "fec": "control: in-band FEC alone",
    "plc": "control: concealment alone",
    "zero": "control: silence",
    "foreign": "foreign plain Opus, 32 kbit/s",
    "libopus": "peer: libopus on the same",
}

Sound = NDArray[np.float32]


class Score(NamedTuple):
    pesq: float
    stoi: float
    delay_ms: float  # of what is heard, behind the original


class Outcome(msgspec.Struct):
    """Of one way through one pattern. ``settling``: of the first five seconds."""

    settling: list[Score]
    settled: list[Score]
    bitrate: float


# -- losses -----------------------------------------------------------------------------------


def random_losses(share: float) -> Callable[[int, int], set[int]]:
    def lose(count: int, seed: int) -> set[int]:
        chance = random.Random(seed)
        return {n for n in range(count) if chance.random() < share}

    return lose


def in_threes(share: float) -> Callable[[int, int], set[int]]:
    """Exactly three in a row, then at least one that comes."""

    def lose(count: int, seed: int) -> set[int]:
        chance, lost, at = random.Random(seed), set[int](), 0
        start = share / (3 * (1 - share))  # after each that came
        while at < count:
            if chance.random() < start:
                lost |= {at, at + 1, at + 2}
                at += 3
            at += 1
        return lost

    return lose


def in_bursts(share: float) -> Callable[[int, int], set[int]]:
    """Three in a row on average (Gilbert's model): many of one, some of ten."""

    def lose(count: int, seed: int) -> set[int]:
        chance, lost, is_bad = random.Random(seed), set[int](), False
        for n in range(count):
            is_bad = chance.random() < (2 / 3 if is_bad else share / 3 / (1 - share))
            if is_bad:
                lost.add(n)
        return lost

    return lose


PATTERNS: Final = {
    "0 %": random_losses(0.0),
    "5 %": random_losses(0.05),
    "10 %": random_losses(0.10),
    "20 %": random_losses(0.20),
    "10 % in threes": in_threes(0.10),
    "10 % in bursts": in_bursts(0.10),
}

# -- voices -----------------------------------------------------------------------------------


def voices(quick: bool) -> dict[str, list[Sound]]:
    """At 48 kHz. Natural ones only where they are installed."""
    count = 1 if quick else 4
    found = {"synthetic": _synthetic(count)}
    files = sorted(NATURAL.glob("*.g722"), key=lambda one: -one.stat().st_size)
    if files:
        found = {"natural": [_read(one, "g722") for one in files[:count]], **found}
    return found


def _synthetic(count: int) -> list[Sound]:
    """The exercise's own voices, one after the other."""
    files = sorted(SYNTHETIC.glob("*.opus"))
    random.Random(1).shuffle(files)
    sounds: list[Sound] = []
    for _ in range(count):
        parts: list[Sound] = []
        while sum(map(len, parts)) < FILE_S * RATE:
            parts += [_read(files.pop()), np.zeros(RATE // 5, np.float32)]
        sounds.append(_whole(np.concatenate(parts)))
    return sounds


def _read(path: Path, kind: str | None = None) -> Sound:
    with av.open(str(path), format=kind) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [*container.decode(audio=0), None]
        parts = [piece.to_ndarray() for one in frames for piece in resampler.resample(one)]
    return _whole(np.concatenate(parts, axis=1).reshape(-1).astype(np.float32))


def _whole(sound: Sound) -> Sound:
    """At most FILE_S, in whole frames."""
    count = min(len(sound), int(FILE_S * RATE)) // FRAME * FRAME
    return sound[:count]


# -- ways -------------------------------------------------------------------------------------


def encoded(sound: Sound, encoder: OpusEncoder) -> list[bytes]:
    return [encoder.encode(one) for one in sound.reshape(-1, FRAME)]


class Wire:
    """A sender and a pipeline with losses between them, both ways."""

    def __init__(self, folder: Path, red: int | None) -> None:
        self._now_ns = 1_000_000_000_000
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._out.bind(("127.0.0.1", 0))
        self._out.setblocking(False)
        self._port = free_udp_port()
        wish = Publish("loss@bench", "127.0.0.1", self._port, OPUS_TYPE, red=red)
        self._red = red
        self._listeners = Listeners(wish, self._out)
        self._pipeline = Pipeline(
            interface="127.0.0.1",
            meters=Meters(folder / "meters", create=True),
            clock=lambda: self._now_ns,
        )
        self._pipeline.listen(
            StreamSpec("loss@bench", self._port, OPUS_TYPE, "opus", RATE, 2, red=red)
        )

    def close(self) -> None:
        self._listeners.close()
        self._pipeline.close()
        self._out.close()

    def play(self, payloads: Sequence[bytes], lost: set[int], share: float) -> tuple[Sound, int]:
        """What is heard, and the bytes of RTP that were sent."""
        copier, size, blocks = Copier(OPUS_TYPE), 0, []
        chance = random.Random(len(payloads))
        for n, frame in enumerate(payloads):
            if n % REPORT_EVERY == 0:
                self._report(n)
            self._hear_reports(chance, share)
            distances = self._listeners.distances(self._now_ns / 1e9)
            payload, is_red = copier.payload(frame, FRAME, distances)
            size += rtp.HEADER + len(payload)
            if n not in lost:
                kind = self._red if is_red and self._red is not None else OPUS_TYPE
                packet = rtp.Packet(kind, n == 0, n & 0xFFFF, n * FRAME, SSRC, payload)
                self._out.sendto(rtp.build(packet), ("127.0.0.1", self._port))
            blocks += [self._tick(), self._tick()]
        blocks += [self._tick() for _ in range(int(TAIL_S * 100))]
        return np.concatenate(blocks)[:, 0], size

    def _tick(self) -> Sound:
        self._now_ns += TICK_NS
        return self._pipeline.tick()

    def _report(self, n: int) -> None:
        data = rtcp.report(
            SSRC, ntp=0, timestamp=n * FRAME, packets=n, octets=0, cname="bench", name="bench"
        )
        self._out.sendto(data, ("127.0.0.1", self._port + 1))

    def _hear_reports(self, chance: random.Random, share: float) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self._out.recv(2_000)
                if chance.random() >= share:
                    self._listeners.take(data, {SSRC}, self._now_ns / 1e9)


@contextlib.contextmanager
def wire(red: int | None) -> Iterator[Wire]:
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as name:
        one = Wire(Path(name), red)
        try:
            yield one
        finally:
            one.close()


def silenced(payloads: Sequence[bytes], lost: set[int]) -> Sound:
    """A decoder that is told nothing, and silence where nothing came."""
    _, (out,) = new_frames(1)
    decoder, blocks = OpusDecoder(), []
    for n, payload in enumerate(payloads):
        if n in lost:
            blocks.append(np.zeros(FRAME, np.float32))
            continue
        decoder.decode(payload, out)
        blocks.append(out.samples[:FRAME].copy())
    return np.concatenate(blocks)


def by_libopus(payloads: Sequence[bytes], lost: set[int]) -> Sound:
    """As libopus's own demonstration does it: FEC from the next packet, else concealment."""
    _, (out,) = new_frames(1)
    decoder, blocks = OpusDecoder(), []
    for n, payload in enumerate(payloads):
        if n in lost:
            has_next = n + 1 < len(payloads) and n + 1 not in lost
            decoder.conceal(FRAME, payloads[n + 1] if has_next else b"", out)
        else:
            decoder.decode(payload, out)
        blocks.append(out.samples[:FRAME].copy())
    return np.concatenate(blocks)


# -- measuring --------------------------------------------------------------------------------


class Ears:
    """PESQ-WB and STOI. Raises RuntimeError when they are not installed."""

    def __init__(self) -> None:
        try:
            pesq, stoi, signal = map(importlib.import_module, ("pesq", "pystoi", "scipy.signal"))
        except ImportError as error:
            raise RuntimeError(
                f"needs PESQ and STOI ({error}): .venv/bin/pip install 'pesq>=0.0.4' "
                "'pystoi>=0.4.1'; the first is built with a C compiler (gcc, libc6-dev) and "
                "Python's headers (python3-dev)"
            ) from error
        self._pesq, self._silence, self._stoi = pesq.pesq, pesq.NoUtterancesError, stoi.stoi
        self._convolve, self._resample = signal.fftconvolve, signal.resample_poly

    def down(self, sound: Sound) -> Sound:
        return np.asarray(self._resample(sound, 1, RATE // PESQ_RATE), np.float32)

    def score(self, original: Sound, heard: Sound, start_s: float, end_s: float) -> Score | None:
        """Of a piece, once what is heard has been laid under it. None for silence."""
        start, end = int(start_s * PESQ_RATE), int(end_s * PESQ_RATE)
        piece = original[start:end]
        room = np.pad(heard[start : end + PESQ_RATE // 2], (0, PESQ_RATE // 2))
        likeness = self._convolve(room, piece[::-1], mode="valid")[: PESQ_RATE // 2]
        offset = int(np.argmax(likeness))
        part = room[offset : offset + len(piece)]
        try:
            quality = float(self._pesq(PESQ_RATE, piece, part, "wb"))
        except self._silence:
            return None
        understood = float(self._stoi(piece, part, PESQ_RATE))
        return Score(quality, understood, offset / PESQ_RATE * 1e3)


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError when PESQ or STOI is missing."""
    ears = Ears()
    found = voices(quick)
    cells = {
        f"{voice}: {pattern}": {
            way: _summary(_outcome(ears, way, sounds, pattern)) for way in TITLES
        }
        for voice, sounds in found.items()
        for pattern in PATTERNS
    }
    return {
        "voices": {voice: len(sounds) for voice, sounds in found.items()},
        "seconds": {voice: sum(map(len, sounds)) / RATE for voice, sounds in found.items()},
        "goals": GOALS,
        "cells": cells,
    }


def _outcome(ears: Ears, way: str, sounds: Sequence[Sound], pattern: str) -> Outcome:
    outcome = Outcome([], [], 0.0)
    size = 0
    for seed, sound in enumerate(sounds, 1):
        lost = PATTERNS[pattern](len(sound) // FRAME, seed)
        heard, sent = _heard(way, sound, lost)
        size += sent
        original, down = ears.down(sound), ears.down(heard)
        for start_s, end_s in _pieces(len(sound) / RATE):
            score = ears.score(original, down, start_s, end_s)
            if score is not None:
                (outcome.settled if start_s else outcome.settling).append(score)
    outcome.bitrate = 8 * size * RATE / sum(map(len, sounds))
    return outcome


def _heard(way: str, sound: Sound, lost: set[int]) -> tuple[Sound, int]:
    if way in ("foreign", "libopus"):
        payloads = encoded(sound, OpusEncoder(FOREIGN_BITRATE, 10))
    else:
        payloads = encoded(sound, OpusEncoder(in_band_fec=way != "plc"))
    share = len(lost) / len(payloads)
    if way in ("zero", "libopus"):
        heard = (silenced if way == "zero" else by_libopus)(payloads, lost)
        return heard, sum(rtp.HEADER + len(one) for one in payloads)
    with wire(RED_TYPE if way == "red" else None) as one:
        return one.play(payloads, lost, share)


def _pieces(length_s: float) -> list[tuple[float, float]]:
    """The first five seconds, then ten at a time; a rest of less than half goes to the last."""
    pieces = [(0.0, SETTLE_S)]
    count = max(1, round((length_s - SETTLE_S) / PIECE_S))
    step_s = (length_s - SETTLE_S) / count
    return pieces + [(SETTLE_S + n * step_s, SETTLE_S + (n + 1) * step_s) for n in range(count)]


def _summary(outcome: Outcome) -> dict[str, float]:
    return {
        "pesq": statistics.mean(one.pesq for one in outcome.settled),
        "stoi": statistics.mean(one.stoi for one in outcome.settled),
        "pesq_first_5_s": statistics.mean(one.pesq for one in outcome.settling),
        "delay_ms": statistics.mean(one.delay_ms for one in outcome.settled),
        "kbit_s": outcome.bitrate / 1e3,
    }


# -- telling ----------------------------------------------------------------------------------


def report(result: dict[str, Any]) -> str:
    told = ", ".join(
        f"{count} {voice} voices ({result['seconds'][voice]:.0f} s)"
        for voice, count in result["voices"].items()
    )
    lines = [f"Speech through lost packets: {told}"]
    if "natural" not in result["voices"]:
        lines.append("no natural voices here: apt install asterisk-core-sounds-en-g722")
    for cell, ways in result["cells"].items():
        lines += [
            "",
            f"{cell:32}{'PESQ-WB':>9}{'first 5 s':>11}{'STOI':>7}{'delay ms':>10}{'kbit/s':>8}",
        ]
        lines += [_line(TITLES[way], figures) for way, figures in ways.items()]
        lines.append(f"  {_verdict(cell, ways)}")
    return "\n".join(lines)


def _line(title: str, figures: dict[str, float]) -> str:
    return (
        f"  {title:30}{figures['pesq']:9.2f}{figures['pesq_first_5_s']:11.2f}"
        f"{figures['stoi']:7.3f}{figures['delay_ms']:10.0f}{figures['kbit_s']:8.1f}"
    )


def _verdict(cell: str, ways: dict[str, dict[str, float]]) -> str:
    pattern = cell.partition(": ")[2]
    goal, foreign = GOALS[pattern], FOREIGN_GOALS.get(pattern, 0.0)
    added_ms = ways["red"]["delay_ms"] - ways["fec"]["delay_ms"]
    below = ways["libopus"]["pesq"] - ways["foreign"]["pesq"]
    checks = {
        f"PESQ ≥ {goal}": ways["red"]["pesq"] >= goal,
        f"≤ {MAX_BITRATE // 1000} kbit/s": ways["red"]["kbit_s"] * 1e3 <= MAX_BITRATE,
        f"≤ {MAX_ADDED_MS:.0f} ms added ({added_ms:.0f})": added_ms <= MAX_ADDED_MS,
        f"foreign within {MAX_BELOW_LIBOPUS} of libopus": below <= MAX_BELOW_LIBOPUS,
    }
    if foreign:
        checks[f"foreign ≥ {foreign}"] = ways["foreign"]["pesq"] >= foreign
    return "; ".join(f"{name}: {'met' if met else 'NOT met'}" for name, met in checks.items())
