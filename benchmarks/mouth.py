"""From a mouth to another desk's ear: the delay of real words, and whether both ends are kept.

Two engines on loopback multicast with SRTP; the microphone is a null sink's monitor of a private
PulseAudio, into which words of resources/voices are spoken: the key goes down, the gate opens, the
word is said, the key goes up with its last sample. The microphone's monitor and that of the sink
which the other engine plays to are recorded alike, each with the time of its samples, so that the
recorders' own delay cancels out. Control in the same run: PulseAudio's own loopback from the same
microphone to another sink, which is what the sound server alone costs. Linux, PulseAudio.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from audio import protocol as p
from audio.client import EngineClient, ensure_engine, stop_engine
from audio.meters import Meters
from benchmarks.delay import Monitor
from benchmarks.figures import spread
from benchmarks.soak import environment, wait_for_device, why_not

if TYPE_CHECKING:
    from tests.audio.mic_lab import Mouth
    from tests.audio.pulse import Pulse

NAME: Final = "mouth"
RATE: Final = 48_000
GROUP: Final = "239.77.9.40"
PORT: Final = 44_400
KEY: Final = bytes(range(30))
STREAM: Final = "t@mouth"
SECURED: Final[p.SrtpProfile] = "AES_CM_128_HMAC_SHA1_80"
VOICES: Final = Path(__file__).resolve().parent.parent / "resources" / "voices"
WORDS: Final = ("a11-forstatt", "amk-gjenta", "lvn-mottatt", "ops-forstatt", "a15-prove-slutt")
LEVEL: Final = 0.3  # peak of what is spoken
EDGE_S: Final = 0.05  # the first and the last syllable are judged by so much of them
QUIET: Final = 0.05  # of the peak: where a word begins and ends
SETTLE_S: Final = 6.0  # noise and gain are learnt, devices run
PAUSE_S: Final = 0.4  # between two overs
LONGEST_S: Final = 1.2  # that a word may be late
PATIENCE_S: Final = 30.0
RENEW_S: Final = 0.25
GOAL_MS: Final = 300.0  # p95: 3GPP TS 22.179 KPI 3
CUT_DB: Final = -6.0  # an edge that is softer by so much than the word, compared with what was said

Sound = NDArray[np.float32]


class Word(msgspec.Struct, frozen=True):
    """One over. ``first_db``, ``last_db``: how much softer its edges became than its middle."""

    delay_ms: float
    loopback_ms: float
    first_db: float
    last_db: float


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError without PulseAudio or its tools."""
    wanting = why_not()
    if wanting:
        raise RuntimeError(wanting)
    from tests.audio.pulse import pulse

    count = 10 if quick else 60
    with (
        tempfile.TemporaryDirectory(prefix="vm-") as name,
        pulse() as server,
        environment(server.env),
    ):
        return _measure(Path(name), server, count)


def report(result: dict[str, Any]) -> str:
    is_met = result["p95_ms"] < GOAL_MS and not result["cut"]
    return "\n".join(
        [
            f"microphone to another desk's monitor, {result['words']} words, SRTP, processed",
            f"{'':32}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}",
            _row("mouth to ear", result, ""),
            _row("control: PulseAudio's loopback", result, "loopback_"),
            f"  of which by their own word: microphone {result['microphone_ms']:.0f}, jitter "
            f"buffer's target {result['target_ms']:.0f}, output {result['output_ms']:.0f} ms",
            f"first {EDGE_S * 1e3:.0f} ms of a word against its middle, as said and as heard: "
            f"median {result['first_db']:+.1f} dB, worst {result['first_worst_db']:+.1f}",
            f"last {EDGE_S * 1e3:.0f} ms: median {result['last_db']:+.1f} dB, "
            f"worst {result['last_worst_db']:+.1f}",
            f"words with an edge softer by {-CUT_DB:.0f} dB: {result['cut']}; "
            f"key to open gate p50 {result['open_ms']:.0f} ms (permit tone 170 ms and the output)",
            f"goal p95 < {GOAL_MS:.0f} ms, nothing cut: {'met' if is_met else 'NOT met'}",
        ]
    )


def _row(what: str, result: dict[str, Any], kind: str) -> str:
    figures = (result[f"{kind}{one}"] for one in ("p50_ms", "p95_ms", "worst_ms"))
    return f"{what:32}{''.join(f'{one:9.1f}' for one in figures)}"


def _measure(folder: Path, server: Pulse, count: int) -> dict[str, Any]:
    from tests.audio.mic_lab import mouth

    for sink in ("mic", "ear", "loop"):
        server.plug_in(sink)
    server.loop_back("mic.monitor", "loop")
    with (
        mouth(server) as speaker,
        _engine(folder / "desk", "default") as here,
        _engine(folder / "other", "pulse:ear") as there,
    ):
        desk = _Desk(here, speaker)
        there.send(
            p.Listen(
                p.StreamSpec(STREAM, PORT, 111, "opus", RATE, 2, group=GROUP, srtp=SECURED, key=KEY)
            )
        )
        with (
            Monitor(server.env, "mic") as said,
            Monitor(server.env, "ear") as heard,
            Monitor(server.env, "loop") as looped,
        ):
            time.sleep(SETTLE_S)
            for n in range(count):
                desk.say(_word(WORDS[n % len(WORDS)]), said)
            time.sleep(LONGEST_S)
            figures = desk.figures(there)
        words = found(said, heard, looped)
    if len(words) < 0.9 * count:
        raise RuntimeError(f"of {count} words {len(words)} were found at the monitor")
    return {**_summary(words), **figures}


@contextlib.contextmanager
def _engine(home: Path, device: str) -> Iterator[_Client]:
    try:
        ensure_engine(home, interface="127.0.0.1", device=device)
        client = _Client(home)
        with contextlib.closing(client):
            client.meters = Path(client.connect().meters)
            wait_for_device(client)
            yield client
    finally:
        stop_engine(home)


class _Client(EngineClient):
    """Knows how the gate stands."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, role="tool", on_event=self._take, on_lost=lambda _: None)
        self.meters = Path()
        self._turned = threading.Condition()
        self._state = "idle"

    def _take(self, event: p.Event) -> None:
        if isinstance(event, p.TalkChanged):
            with self._turned:
                self._state = event.state
                self._turned.notify_all()

    def wait_gate(self, state: str) -> None:
        with self._turned:
            if not self._turned.wait_for(lambda: self._state == state, PATIENCE_S):
                raise RuntimeError(f"the gate is {self._state}, not {state}")


class _Desk:
    """Who talks."""

    def __init__(self, client: _Client, speaker: Mouth) -> None:
        self._client = client
        self._speaker = speaker
        self._opened_ms: list[float] = []
        client.send(p.Publish(STREAM, GROUP, PORT, srtp=SECURED, key=KEY, red=112))
        client.send(p.SetMicrophone("pulse:mic.monitor"))
        deadline_s = time.monotonic() + PATIENCE_S
        while client.status(PATIENCE_S).microphone.state != "ready":
            if time.monotonic() > deadline_s:
                raise RuntimeError(f"no microphone: {client.status(PATIENCE_S).microphone}")
            time.sleep(0.05)

    def say(self, word: Sound, said: Monitor) -> None:
        """The key goes up with the word's last sample, by the microphone's own monitor."""
        pressed_s = time.monotonic()
        self._client.send(p.Talk((STREAM,)))
        self._client.wait_gate("open")
        self._opened_ms.append((time.monotonic() - pressed_s) * 1e3)
        from_s = time.monotonic()
        self._speaker.say(word)
        until_s = _begun_s(said, from_s) + len(word) / RATE
        while (left_s := until_s - time.monotonic()) > 0:
            time.sleep(min(left_s, RENEW_S))
            self._client.send(p.KeepTalking())
        self._client.send(p.StopTalking())
        self._client.wait_gate("idle")
        time.sleep(PAUSE_S)

    def figures(self, there: _Client) -> dict[str, float]:
        here, other = self._client.status(PATIENCE_S), there.status(PATIENCE_S)
        meters = Meters(there.meters)
        return {
            "microphone_ms": here.microphone.latency_ms,
            "output_ms": other.device_latency_ms + other.ahead_ms,
            "target_ms": float(meters.rows["target_ms"][0]),
            "open_ms": statistics.median(self._opened_ms),
            "lost_blocks": here.microphone.lost,
        }


def _begun_s(said: Monitor, from_s: float) -> float:
    """When the word came to the microphone."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        begin_s, sound = said.since(from_s)
        loud = np.flatnonzero(np.abs(sound) > LEVEL * QUIET)
        if len(loud):
            return begin_s + float(loud[0]) / RATE
        time.sleep(0.005)
    raise RuntimeError("what was spoken did not come to the microphone")


def _word(name: str) -> Sound:
    """From its first sound to its last."""
    with av.open(str(VOICES / f"{name}.opus")) as file:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [one for raw in file.decode(audio=0) for one in resampler.resample(raw)]
    sound = np.concatenate([one.to_ndarray().reshape(-1) for one in frames])
    sound = sound * LEVEL / np.abs(sound).max()
    loud = np.flatnonzero(np.abs(sound) > LEVEL * QUIET)
    return np.asarray(sound[loud[0] : loud[-1]], np.float32)


def found(said: Monitor, heard: Monitor, looped: Monitor) -> list[Word]:
    """Every word at the microphone, and the same at the two other monitors."""
    begin_s, sound = said.since(0.0)
    words = []
    for first, last in spoken(sound):
        word, at_s = sound[first:last], begin_s + first / RATE
        length_s = (last - first) / RATE + LONGEST_S
        late_s, ear = late(word, *heard.since(at_s, length_s), at_s)
        looped_s, _ = late(word, *looped.since(at_s, length_s), at_s)
        if len(ear) == len(word):
            words.append(
                Word(late_s * 1e3, looped_s * 1e3, edge_db(word, ear, 0), edge_db(word, ear, -1))
            )
    return words


def spoken(sound: Sound) -> list[tuple[int, int]]:
    """First and last sample of every word; what is less than PAUSE_S apart is one."""
    loud = np.flatnonzero(np.abs(sound) > LEVEL * QUIET)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > PAUSE_S * RATE)
    firsts = loud[np.concatenate(([0], breaks + 1))]
    lasts = loud[np.concatenate((breaks, [len(loud) - 1]))]
    return [(int(a), int(b)) for a, b in zip(firsts, lasts, strict=True)]


def late(word: Sound, begin_s: float, sound: Sound, at_s: float) -> tuple[float, Sound]:
    """By how much the word comes later there, and what it has become."""
    if len(sound) < len(word):
        return 0.0, sound
    size = 1 << (len(sound) + len(word)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(word, size))
    likeness = np.fft.irfft(spectrum, size)[: len(sound) - len(word) + 1]
    at = int(np.argmax(likeness))
    return begin_s + at / RATE - at_s, sound[at : at + len(word)]


def edge_db(said: Sound, heard: Sound, which: int) -> float:
    """How much more the first (0) or last (-1) EDGE_S has lost than the word as a whole."""
    count = round(EDGE_S * RATE)
    edge = slice(0, count) if which == 0 else slice(-count, None)
    return _level_db(heard[edge], said[edge]) - _level_db(heard, said)


def _level_db(heard: Sound, said: Sound) -> float:
    power, before = float(np.mean(heard**2)), float(np.mean(said**2))
    return float(10 * np.log10((power + 1e-12) / (before + 1e-12)))


def _summary(words: Sequence[Word]) -> dict[str, Any]:
    firsts, lasts = [one.first_db for one in words], [one.last_db for one in words]
    return {
        "words": len(words),
        **spread([one.delay_ms for one in words]),
        **spread([one.loopback_ms for one in words], "loopback_"),
        "first_db": statistics.median(firsts),
        "first_worst_db": min(firsts),
        "last_db": statistics.median(lasts),
        "last_worst_db": min(lasts),
        "cut": sum(min(one.first_db, one.last_db) < CUT_DB for one in words),
    }
