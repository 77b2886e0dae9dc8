"""Whether sound goes on without a gap or a click while a window hangs: minutes at a real sink.

32 talkgroups of steady tones are heard by an engine that plays
to a null sink of a private PulseAudio; what the sink plays is recorded. Beside it a window repaints
and holds its interpreter for 200 ms over and over. The control has the same pipeline and device in
the window's own process, the way nobody should build it: there the detectors must find gaps. What
they take for a click is learnt from the same packets decoded with nothing in their way, and shown
to be fine enough by clicks put in on purpose. Linux, PulseAudio.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.client import EngineClient, ensure_engine, stop_engine
from audio.codecs.frame import new_frames
from audio.codecs.opus import OpusDecoder
from audio.codecs.opus_encoder import FRAME, OpusEncoder
from audio.mixing.mix import place
from audio.protocol import Listen, SetMix, Status, StreamSpec
from benchmarks.receive import _compiled
from benchmarks.speech import write_packets

if TYPE_CHECKING:
    from tests.audio.pulse import Pulse

NAME: Final = "soak"
STREAMS: Final = 32
FIRST_PORT: Final = 43_000
STEP: Final = 2  # the odd ports are RTCP's
PAYLOAD_TYPE: Final = 96
RATE: Final = 48_000
LOOP_S: Final = 80  # the tones fit into it whole, so that it can be sent over and over
SHIFT: Final = 37  # packets of the loop between where two streams begin (rtpsend.c)
TONES_HZ: Final = (220.0, 331.0, 467.0)
GAIN_DB: Final = -20.0
SETTLE_S: Final = 5.0  # from the first packet: streams come up, the device is opened
CONTROL_S: Final = 20.0
HOLD_S: Final = 0.2  # of the window's interpreter, then as long a pause for repainting
PATIENCE_S: Final = 30.0
HIGH_HZ: Final = 12_000.0  # above what these tones leave after Opus at 24 kbit/s
MARGIN: Final = 3.0  # a click is this much above the loudest that decoding alone leaves there
GAP: Final = 96  # samples, 2 ms of silence
MEMORY_FROM_S: Final = 60.0
MEMORY_GOAL_KIB: Final = 2_048
ROOT: Final = Path(__file__).resolve().parent.parent

Sound = NDArray[np.float32]


class Heard(msgspec.Struct, frozen=True):
    """What the detectors found in one recording."""

    seconds: float
    silent_s: float
    gaps: int
    clicks: int


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError without PulseAudio, its tools or a C compiler."""
    wanting = why_not()
    if wanting:
        raise RuntimeError(wanting)
    seconds = 30.0 if quick else 600.0
    with tempfile.TemporaryDirectory(prefix="vs-") as name:
        folder = Path(name)
        loop = tone_packets()
        write_packets(folder / "tones.packets", loop)
        detector = Detector(mixed(loop))
        soak = _Soak(folder, detector)
        return {
            "streams": STREAMS,
            "seconds": seconds,
            "detector": detector.check(),
            "engine": soak.of_engine(seconds),
            "control": soak.of_one_process(min(seconds, CONTROL_S)),
        }


def report(result: dict[str, Any]) -> str:
    engine, control, check = result["engine"], result["control"], result["detector"]
    is_seen = control["gaps"] + control["clicks"] > 0 and check["is_fine_enough"]
    is_whole = engine["gaps"] == engine["clicks"] == engine["underflows"] == 0
    verdict = ("met" if is_whole else "NOT met") if is_seen else "inconclusive: see the control"
    heads = ("seconds", "silent s", "gaps", "clicks", "underflows")
    return "\n".join(
        [
            f"{result['streams']} talkgroups at a real sink, beside a window that hangs for "
            f"{HOLD_S * 1e3:.0f} ms at a time",
            f"{'':36}{''.join(f'{one:>11}' for one in heads)}",
            f"{'engine, a process of its own':36}{_row(engine)}{engine['underflows']:11}",
            f"{'control: in the window’s process':36}{_row(control)}{'-':>11}",
            f"engine: {engine['packets']} packets, {engine['lost']} lost, {engine['late']} late, "
            f"tick p99 {engine['tick_ms_p99']:.1f} ms",
            f"memory since the first minute: {_kib(engine['grown_kib'])}",
            f"the detector hears a step of {check['least_step']:.0e} put into the sound",
            f"goal no gap, no click, no underflow: {verdict}",
        ]
    )


def _row(heard: dict[str, Any]) -> str:
    counts = f"{heard['gaps']:11}{heard['clicks']:11}"
    return f"{heard['seconds']:11.0f}{heard['silent_s']:11.2f}{counts}"


def _kib(grown: int | None) -> str:
    if grown is None:
        return "not long enough to say"
    is_met = "met" if abs(grown) <= MEMORY_GOAL_KIB else "NOT met"
    return f"{grown:+} KiB (goal ±{MEMORY_GOAL_KIB}: {is_met})"


def why_not() -> str:
    """What is missing here, or empty."""
    if not sys.platform.startswith("linux"):
        return "needs Linux"
    try:
        from tests.audio import pulse
    except ImportError:
        return "the test sound server (tests/) is not part of an installation"
    return pulse.missing()


# -- what is sent, and what it sounds like with nothing in its way -----------------------------


def tone_packets() -> list[bytes]:
    """A loop of 20 ms packets that can be sent over and over without a seam: the second time
    round, when the encoder has settled."""
    time_s = np.arange(2 * LOOP_S * RATE) / RATE
    tones = [np.sin(2 * np.pi * hz * time_s) for hz in TONES_HZ]
    sound = np.asarray(0.15 * sum(tones), np.float32)
    encoder = OpusEncoder()
    made = [encoder.encode(frame) for frame in sound.reshape(-1, FRAME)]
    return made[len(made) // 2 :]


def mixed(loop: list[bytes]) -> Sound:
    """(n, 2): all streams one loop long, decoded and mixed as the engine does it."""
    once = decoded(loop)
    total = np.zeros((len(once), 2))
    for number in range(STREAMS):
        shifted = np.roll(once, -SHIFT * number * FRAME)
        total += shifted[:, None] * np.array(place(mix_of(number), is_any_selected=False))
    return np.asarray(total, np.float32)


def decoded(loop: list[bytes]) -> NDArray[np.float64]:
    """(n,): the second time round, when the decoder has settled."""
    decoder, (_, (frame,)) = OpusDecoder(), new_frames(1)
    parts = [frame.samples[: decoder.decode(one, frame)].copy() for one in (*loop, *loop)]
    return np.concatenate(parts[len(loop) :]).astype(np.float64)


def spec_of(number: int) -> StreamSpec:
    """Where the stream of that number is heard."""
    port = FIRST_PORT + number * STEP
    return StreamSpec(mix_of(number).stream, port, PAYLOAD_TYPE, "opus", RATE, 2)


def mix_of(number: int) -> SetMix:
    """And how: each at a place of its own."""
    return SetMix(f"{number}@soak", GAIN_DB, 2 * number / STREAMS - 1)


# -- detectors -------------------------------------------------------------------------------


class Detector:
    """Gaps are silence; clicks are what stands out above the band of the tones."""

    def __init__(self, clean: Sound) -> None:
        self._clean = clean
        self._limit = MARGIN * float(high_peaks(clean).max())

    def hear(self, sound: Sound) -> Heard:
        """``sound``: (n, 2), from the first to the last of it that is to be judged."""
        silent_s = float(is_silent(sound).sum()) / RATE
        return Heard(len(sound) / RATE, silent_s, count_gaps(sound), self.count_clicks(sound))

    def count_clicks(self, sound: Sound) -> int:
        """Blocks of 10 ms; neighbours are one click."""
        loud = high_peaks(sound) > self._limit
        return int((np.diff(loud.astype(np.int8), prepend=0) == 1).sum())

    def check(self) -> dict[str, Any]:
        """The least step, of those tried, that it hears in sound that is otherwise clean."""
        at = len(self._clean) // 2
        heard = [step for step in (1e-2, 3e-3, 1e-3, 3e-4) if self._hears_step(at, step)]
        cut = np.concatenate((self._clean[:at], self._clean[at + FRAME // 8 :]))
        gap = self._clean.copy()
        gap[at : at + 2 * GAP] = 0.0
        is_cut_heard, is_gap_heard = self.count_clicks(cut) > 0, count_gaps(gap) == 1
        return {
            "least_step": min(heard, default=float("inf")),
            "is_fine_enough": bool(heard) and is_cut_heard and is_gap_heard,
            "in_clean_sound": self.count_clicks(self._clean),
        }

    def _hears_step(self, at: int, step: float) -> bool:
        sound = self._clean.copy()
        sound[at:] += np.float32(step)
        return self.count_clicks(sound) > 0


def high_peaks(sound: Sound) -> NDArray[np.float64]:
    """The greatest sample above HIGH_HZ in each 10 ms."""
    taps = _high_pass()
    block, size = 1 << 15, len(taps)
    both = np.asarray(sound, np.float64).sum(axis=1)
    found = [
        np.convolve(both[max(0, at - size + 1) : at + block], taps, "valid")
        for at in range(0, len(both), block)
    ]
    high = np.abs(np.concatenate(found))
    return np.asarray(high[: len(high) // 480 * 480].reshape(-1, 480).max(axis=1))


def _high_pass(size: int = 127) -> NDArray[np.float64]:
    """A windowed-sinc FIR."""
    n = np.arange(size) - size // 2
    low = 2 * HIGH_HZ / RATE * np.sinc(2 * HIGH_HZ / RATE * n) * np.blackman(size)
    taps = -low / low.sum()
    taps[size // 2] += 1.0
    return np.asarray(taps)


def count_gaps(sound: Sound) -> int:
    """Stretches of at least GAP silent samples."""
    edges = np.flatnonzero(np.diff(is_silent(sound).astype(np.int8), prepend=0, append=0))
    return int((edges[1::2] - edges[::2] >= GAP).sum())


def is_silent(sound: Sound) -> NDArray[np.bool_]:
    """(n,)"""
    return np.asarray(np.abs(sound).max(axis=1) < 1e-5)


# -- the two ways ------------------------------------------------------------------------------


class _Soak:
    def __init__(self, folder: Path, detector: Detector) -> None:
        self._folder = folder
        self._detector = detector
        self._send = _compiled("rtpsend.c", folder)

    def of_engine(self, seconds: float) -> dict[str, Any]:
        home = self._folder / "home"
        with self._lab() as server, environment(server.env):
            try:
                address = ensure_engine(home, interface="127.0.0.1", device="default")
                client = EngineClient(
                    home, role="tool", on_event=lambda _: None, on_lost=lambda _: None
                )
                with contextlib.closing(client), self._sending(seconds):
                    client.connect()
                    _listen(client)
                    wait_for_device(client)
                    with _window(server.env), server.recording(self._folder / "engine.raw"):
                        time.sleep(SETTLE_S)
                        before = client.status(PATIENCE_S)
                        memory = _Memory(address.pid)
                        memory.watch(seconds)
                        after = client.status(PATIENCE_S)
            finally:
                stop_engine(home)
        heard = self._judge("engine.raw")
        return {**msgspec.structs.asdict(heard), **_told(before, after), **memory.figures()}

    def of_one_process(self, seconds: float) -> dict[str, Any]:
        with self._lab() as server, self._sending(seconds):
            out = self._folder / "control.raw"
            with _window(server.env, "with-sound"), server.recording(out):
                time.sleep(SETTLE_S + seconds)
        return msgspec.structs.asdict(self._judge("control.raw", may_be_silent=True))

    def _judge(self, name: str, *, may_be_silent: bool = False) -> Heard:
        """Without the beginning, when streams come up one by one. ``may_be_silent``: a control that
        gets no sound out at all has failed as it must."""
        from tests.audio.pulse import read_raw

        sound = read_raw(self._folder / name)
        if not may_be_silent and np.abs(sound).max(initial=0.0) < 1e-3:
            raise RuntimeError("nothing was heard at the sink; see the engine's log")
        return self._detector.hear(sound[round(SETTLE_S * RATE) :])

    @contextlib.contextmanager
    def _lab(self) -> Iterator[Pulse]:
        from tests.audio.pulse import pulse

        with pulse() as server:
            yield server

    @contextlib.contextmanager
    def _sending(self, seconds: float) -> Iterator[None]:
        total_s = seconds + 2 * SETTLE_S + PATIENCE_S
        file = self._folder / "tones.packets"
        words = [STREAMS, FIRST_PORT, STEP, total_s, PAYLOAD_TYPE, file]
        with _process([str(self._send), *map(str, words)]):
            yield


def _listen(client: EngineClient) -> None:
    for n in range(STREAMS):
        client.send(Listen(spec_of(n)))
        client.send(mix_of(n))


def wait_for_device(client: EngineClient) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while client.status(PATIENCE_S).device_state != "playing":
        if time.monotonic() > deadline_s:
            raise RuntimeError("the engine found no sound device: is libasound2-plugins installed?")
        time.sleep(0.1)


def _told(before: Status, after: Status) -> dict[str, Any]:
    """What the engine itself counted meanwhile."""

    def sum_of(status: Status, name: str) -> int:
        return sum(int(getattr(one, name)) for one in status.streams)

    counted = {
        name: sum_of(after, name) - sum_of(before, name) for name in ("packets", "lost", "late")
    }
    underflows = after.underflows - before.underflows
    return {**counted, "underflows": underflows, "tick_ms_p99": after.tick_ms_p99}


class _Memory:
    """The resident size of a process, second by second."""

    def __init__(self, pid: int) -> None:
        self._file = Path(f"/proc/{pid}/statm")
        self._page_kib = os.sysconf("SC_PAGE_SIZE") // 1024
        self._kib: list[int] = []

    def watch(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self._kib.append(int(self._file.read_text("ascii").split()[1]) * self._page_kib)
            time.sleep(1.0)

    def figures(self) -> dict[str, Any]:
        since = self._kib[round(MEMORY_FROM_S) :]
        grown = max(since) - since[0] if len(since) > 10 else None
        return {"rss_kib": self._kib[-1], "grown_kib": grown}


# -- processes --------------------------------------------------------------------------------


@contextlib.contextmanager
def _window(environment: dict[str, str], *words: str) -> Iterator[None]:
    line = [sys.executable, "-m", "benchmarks.soak_window", *words]
    with _process(line, {**environment, "QT_QPA_PLATFORM": "offscreen"}):
        yield


@contextlib.contextmanager
def _process(line: list[str], environment: dict[str, str] | None = None) -> Iterator[None]:
    process = subprocess.Popen(
        line,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # ALSA's words on each gap of the control
    )
    try:
        yield
        if process.poll() is not None:
            raise RuntimeError(f"{line[0]} ended before its time")
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def environment(more: dict[str, str]) -> Iterator[None]:
    """The engine inherits it."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
