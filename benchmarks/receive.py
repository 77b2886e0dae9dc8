"""What it costs to receive, decode and mix 64 talkgroups at once, beside C and GStreamer.

64 Opus streams on 64 ports of this machine, 20 ms packets, all speaking all the time. Ours is the
engine's own process, as the desk starts it; the floor is ``crecv.c``, with the same libopus; the
peer is GStreamer, with the system's. Each gets the same packets, in turn, and its CPU time (user
and system, all threads) is read from outside, once everybody speaks. A Python built without
profile-guided optimisation costs about a tenth more than a distribution's. Linux.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from audio.client import EngineClient, ensure_engine, stop_engine
from audio.codecs import libopus
from audio.protocol import Listen, SetMix, Status, StreamSpec
from benchmarks.speech import packets, write_packets

NAME: Final = "receive"
STREAMS: Final = 64
FIRST_PORT: Final = 42_000
STEP: Final = 2  # the odd ports are RTCP's
PAYLOAD_TYPE: Final = 96
SPEECH_S: Final = 30.0
SETTLE_S: Final = 2.0  # from the first packet until everybody is heard
TAIL_S: Final = 1.0
PATIENCE_S: Final = 30.0
GAIN_DB: Final = -14.0
GOAL: Final = 1.6  # times the floor
HERE: Final = Path(__file__).resolve().parent
TITLES: Final = {
    "engine": "Vaktbord's engine",
    "floor": "floor: C (crecv.c)",
    "gstreamer": "peer: GStreamer",
}

Work = contextlib.AbstractContextManager[int]
"""A receiver at work; gives its process id."""


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError when there is no C compiler, or a receiver does not come up."""
    rounds, seconds = (2, 5.0) if quick else (5, 12.0)
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as name:
        bench = _Bench(Path(name), seconds)
        ways = {"engine": bench.engine, "floor": bench.floor}
        if shutil.which("gst-launch-1.0"):
            ways["gstreamer"] = bench.gstreamer
        costs: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, work in ways.items():
                costs[way].append(bench.measure(work))
    return {
        "streams": STREAMS,
        "seconds": seconds,
        "cpu_s_per_stream_minute": {way: statistics.median(row) for way, row in costs.items()},
        "rounds": costs,
        "ratios_to_floor": _ratios(costs),
        "goal": GOAL,
        "python": sys.version.split()[0],
        "engine": bench.told,
        "libopus": {
            "engine": _version(_ours()),
            "floor": _version(_ours()),
            "gstreamer": _system(),
        },
    }


def _ratios(costs: dict[str, list[float]]) -> dict[str, float]:
    """The median over the rounds of the ratio within a round: what disturbs one disturbs both."""
    return {
        way: statistics.median(one / floor for one, floor in zip(row, costs["floor"], strict=True))
        for way, row in costs.items()
    }


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{result['streams']} Opus streams, all speaking, mixed in real time; Python "
        f"{result['python']}, medians of {len(result['rounds']['engine'])} rounds",
        f"{'':24}{'CPU s/stream-minute':>21}{'× floor':>9}   libopus",
    ]
    for way, cost in result["cpu_s_per_stream_minute"].items():
        ratio, version = result["ratios_to_floor"][way], result["libopus"][way]
        lines.append(f"{TITLES[way]:24}{cost:21.4f}{ratio:9.2f}   {version}")
    told = result["engine"]
    is_met = result["ratios_to_floor"]["engine"] <= result["goal"]
    wanted = result["streams"] * 50 * result["seconds"] * len(result["rounds"]["engine"])
    if told["packets"] < wanted or told["underflows"]:
        verdict = "inconclusive: the engine did not do the whole work"
    else:
        verdict = "met" if is_met else "NOT met"
    return "\n".join(
        [
            *lines,
            f"engine: {told['packets']} packets, {told['lost']} lost, {told['late']} late, "
            f"{told['refused']} refused, {told['underflows']} underflows, "
            f"tick p99 {told['tick_ms_p99']:.1f} ms",
            f"goal {result['goal']} × the floor: {verdict}",
        ]
    )


class _Bench:
    """The receivers, each started afresh for every round. ``told``: the engine's own figures."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._packets = folder / "speech.packets"
        write_packets(self._packets, packets(SPEECH_S))
        self._send = _compiled("rtpsend.c", folder)
        self._crecv = _compiled("crecv.c", folder)
        names = ("packets", "lost", "late", "refused", "underflows", "tick_ms_p99")
        self.told: dict[str, Any] = dict.fromkeys(names, 0)

    def measure(self, work: Callable[[], Work]) -> float:
        """CPU seconds per stream and minute."""
        with work() as pid, self._sending():
            time.sleep(SETTLE_S)
            begun_s, before_s = time.monotonic(), _cpu_s(pid)
            time.sleep(self._seconds)
            spent_s, took_s = _cpu_s(pid) - before_s, time.monotonic() - begun_s
        if spent_s <= 0:
            raise RuntimeError(
                f"a receiver did nothing: are UDP ports from {FIRST_PORT} on used by another run?"
            )
        return spent_s / (STREAMS * took_s / 60)

    @contextlib.contextmanager
    def _sending(self) -> Iterator[None]:
        words = [STREAMS, FIRST_PORT, STEP, self._total_s(), PAYLOAD_TYPE, self._packets]
        with _process([str(self._send), *map(str, words)]):
            yield

    def _total_s(self) -> float:
        return SETTLE_S + self._seconds + TAIL_S

    # -- the receivers ----------------------------------------------------------------------

    @contextlib.contextmanager
    def engine(self) -> Iterator[int]:
        home = self._folder / "home"
        try:
            address = ensure_engine(home, interface="127.0.0.1", device="null")
            client = EngineClient(
                home, role="tool", on_event=lambda _: None, on_lost=lambda _: None
            )
            with contextlib.closing(client):
                client.connect()
                _listen(client)
                _wait_for_ports()
                yield address.pid
                self._note(client.status(PATIENCE_S))
        finally:
            stop_engine(home)

    def _note(self, status: Status) -> None:
        for name in ("packets", "lost", "late", "refused"):
            self.told[name] += sum(getattr(one, name) for one in status.streams)
        self.told["underflows"] += status.underflows
        self.told["tick_ms_p99"] = max(self.told["tick_ms_p99"], status.tick_ms_p99)

    @contextlib.contextmanager
    def floor(self) -> Iterator[int]:
        seconds = self._total_s() + PATIENCE_S
        words = [_ours(), STREAMS, FIRST_PORT, STEP, seconds]
        with _process([str(self._crecv), *map(str, words)]) as pid:
            _wait_for_ports()
            yield pid

    @contextlib.contextmanager
    def gstreamer(self) -> Iterator[int]:
        with _process(["gst-launch-1.0", "-q", *_pipeline()]) as pid:
            _wait_for_ports()
            yield pid


def _listen(client: EngineClient) -> None:
    for n in range(STREAMS):
        name, port = f"{n}@bench", FIRST_PORT + n * STEP
        client.send(Listen(StreamSpec(name, port, PAYLOAD_TYPE, "opus", 48_000, 2)))
        client.send(SetMix(name, GAIN_DB, 2 * n / STREAMS - 1))


def _pipeline() -> list[str]:
    """The same work in GStreamer's words: 60 ms of jitter buffer, place, mix, 48 kHz stereo."""
    caps = (
        f"application/x-rtp,media=audio,clock-rate=48000,encoding-name=OPUS,payload={PAYLOAD_TYPE}"
    )
    mixed = "audiomixer name=mix ! audio/x-raw,format=F32LE,rate=48000,channels=2"
    words = f"{mixed} ! fakesink sync=true".split()
    for n in range(STREAMS):
        words += (
            f"udpsrc port={FIRST_PORT + n * STEP} caps={caps} ! rtpjitterbuffer latency=60 ! "
            "rtpopusdepay ! opusdec plc=true ! audio/x-raw,rate=48000,channels=1 ! "
            f"volume volume=0.2 ! audiopanorama panorama={2 * n / STREAMS - 1} ! mix."
        ).split()
    return words


# -- processes ------------------------------------------------------------------------------


@contextlib.contextmanager
def _process(words: list[str]) -> Iterator[int]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _cpu_s(pid: int) -> float:
    """Of all the process's threads: the clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime((~pid << 3) | 2)


def _wait_for_ports() -> None:
    """Until all of them are bound."""
    wanted = {f"{FIRST_PORT + n * STEP:04X}" for n in range(STREAMS)}
    deadline_s = time.monotonic() + PATIENCE_S
    while not wanted <= _bound():
        if time.monotonic() > deadline_s:
            raise RuntimeError("a receiver did not come up")
        time.sleep(0.05)


def _bound() -> set[str]:
    """Ports in hexadecimal, as Linux lists them."""
    lines = [line for name in ("udp", "udp6") for line in _table(name)]
    return {line.split()[1].rpartition(":")[2] for line in lines}


def _table(name: str) -> list[str]:
    file = Path("/proc/net") / name
    return file.read_text("ascii").splitlines()[1:] if file.exists() else []


def _compiled(source: str, folder: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        raise RuntimeError("needs Linux and a C compiler (Debian: apt install gcc libc6-dev)")
    made = folder / Path(source).stem
    line = [compiler, "-O2", "-march=native", "-o", str(made), str(HERE / source), "-ldl", "-lm"]
    subprocess.run(line, check=True)
    return made


# -- libopus --------------------------------------------------------------------------------


def _ours() -> str:
    """The file that the engine decodes with."""
    return os.fspath(libopus.load()._name)


def _system() -> str:
    name = ctypes.util.find_library("opus")
    return _version(name) if name else ""


def _version(name: str) -> str:
    library = ctypes.CDLL(name)
    library.opus_get_version_string.restype = ctypes.c_char_p
    return str(library.opus_get_version_string().decode("ascii"))
