"""What it costs to receive, open, decode and mix 64 talkgroups at once, beside C and two peers.

64 Opus streams on 64 ports of this machine, 20 ms packets, all speaking all the time, with SRTP and
without. Ours is the engine's own process, as the desk starts it; the floor is ``crecv.c``, with the
same libopus and the system's libsrtp; the peers are GStreamer and ffmpeg, with the system's
libraries. Each gets the same packets, in turn, and its CPU time (user and system, all threads) is
read from outside, once everybody speaks. Besides: 128 who speak at once, and 16 who speak among 500
joined. A Python built without profile-guided optimisation costs more than a distribution's. Linux.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import ctypes.util
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from audio import fast
from audio.client import EngineClient, ensure_engine, stop_engine
from audio.codecs import libopus
from audio.protocol import Listen, SetMix, Status, StreamSpec
from benchmarks.speech import packets, write_packets

NAME: Final = "receive"
STREAMS: Final = 64
MANY: Final = 128  # who speak at once
FEW: Final = 16  # who speak among JOINED
JOINED: Final = 500
FIRST_PORT: Final = 42_000
STEP: Final = 2  # the odd ports are RTCP's
FIRST_SSRC: Final = 0x1000  # rtpsend.c
PAYLOAD_TYPE: Final = 96
KEY: Final = bytes(range(30))
SPEECH_S: Final = 30.0
SETTLE_S: Final = 2.0  # from the first packet until everybody is heard
PATIENCE_S: Final = 60.0
GAIN_DB: Final = -14.0
HERE: Final = Path(__file__).resolve().parent
TITLES: Final = {
    "engine": "engine, SRTP",
    "floor": "floor: C (crecv.c), SRTP",
    "gstreamer": "peer: GStreamer, SRTP",
    "ffmpeg": "peer: ffmpeg, SRTP",
    "engine_plain": "engine, no SRTP",
    "floor_plain": "floor: C, no SRTP",
    "engine_many": f"engine, {MANY} speak",
    "floor_many": f"floor: C, {MANY} speak",
    "engine_few": f"engine, {FEW} joined, all speak",
    "engine_joined": f"engine, {JOINED} joined, {FEW} speak",
}
RATIOS: Final = {
    "ratio_c_floor": ("engine", "floor"),
    "ratio_c_floor_plain": ("engine_plain", "floor_plain"),
    "ratio_gstreamer": ("engine", "gstreamer"),
    "ratio_ffmpeg": ("engine", "ffmpeg"),
    "ratio_joined": ("engine_joined", "engine_few"),
}
GOALS: Final = {
    "ratio_c_floor": 1.25,
    "ratio_c_floor_plain": 1.25,
    "ratio_gstreamer": 0.2,
    "ratio_ffmpeg": 0.2,
    "ratio_joined": 1.2,
    "tick_p99_ms": 5.0,
}

Work = contextlib.AbstractContextManager[int]
"""A receiver at work; gives its process id."""


class Way(msgspec.Struct, frozen=True):
    """A receiver, and what it is given. ``is_patient``: it only comes up when packets come."""

    work: Callable[[Way], Work]
    joined: int = STREAMS
    speaking: int = STREAMS
    is_sealed: bool = True
    is_patient: bool = False


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError when there is no C compiler, or a receiver does not come up."""
    rounds, seconds = (1, 2.0) if quick else (5, 5.0)
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as name:
        bench = Bench(Path(name), seconds)
        ways = bench.ways()
        costs: dict[str, list[float]] = {way: [] for way in ways}
        ticks: dict[str, list[float]] = {"engine_many": [], "floor_many": []}
        for _ in range(rounds):
            for way, how in ways.items():
                costs[way].append(bench.measure(how))
                if way in ticks:
                    ticks[way].append(bench.tick_ms_p99)
    ratios = {name: _ratios(costs, *pair) for name, pair in RATIOS.items() if pair[1] in costs}
    found = {**ratios, "tick_p99_ms": ticks["engine_many"]}
    return {
        "streams": STREAMS,
        "seconds": seconds,
        **{name: statistics.median(row) for name, row in found.items()},
        "tick_p99_ms_floor": statistics.median(ticks["floor_many"]),
        "goals": GOALS,
        "verdicts": {name: _verdict(name, row, bench.is_whole) for name, row in found.items()}
        | {"tick_p99_ms": _tick_verdict(ticks, bench.is_whole)},
        "cpu_s_per_stream_minute": {way: statistics.median(row) for way, row in costs.items()},
        "rounds": costs,
        "rounds_of_goals": found,
        "python": sys.version.split()[0],
        "way": "compiled" if fast.is_compiled() else "pure",
        "engine": bench.told,
        "libopus": {"engine": _version(_ours()), "floor": _version(_ours()), "peers": _system()},
        "libsrtp": {"engine": _our_srtp(), "floor": bench.libsrtp},
    }


def _ratios(costs: Mapping[str, list[float]], one: str, other: str) -> list[float]:
    """Within each round: what disturbs one disturbs both."""
    return [a / b for a, b in zip(costs[one], costs[other], strict=True)]


def _verdict(name: str, row: list[float], is_whole: bool) -> str:
    if not is_whole:
        return "inconclusive: the engine did not do the whole work"
    if len(row) < 5:
        return "inconclusive: fewer than five rounds"
    return "met" if statistics.median(row) <= GOALS[name] else "NOT met"


def _tick_verdict(ticks: Mapping[str, list[float]], is_whole: bool) -> str:
    """The floor is the control: where its own ticks take so long it is the machine."""
    if statistics.median(ticks["floor_many"]) > GOALS["tick_p99_ms"]:
        return "inconclusive: the floor's ticks take too long here too"
    return _verdict("tick_p99_ms", ticks["engine_many"], is_whole)


def report(result: dict[str, Any]) -> str:
    is_same = result["libsrtp"]["engine"] == result["libsrtp"]["floor"]
    told, rounds = result["engine"], len(result["rounds"]["engine"])
    lines = [
        f"Opus streams mixed in real time; Python {result['python']}, engine {result['way']}, "
        f"medians of {rounds} rounds",
        f"{'':36}{'CPU s/stream-minute':>20}",
    ]
    for way, cost in result["cpu_s_per_stream_minute"].items():
        lines.append(f"{TITLES[way]:36}{cost:20.4f}")
    for name, goal in result["goals"].items():
        if name in result:
            row = result["rounds_of_goals"][name]
            lines.append(
                f"{name:20} {result[name]:6.2f}  (rounds {min(row):.2f}-{max(row):.2f})  "
                f"goal {goal}: {result['verdicts'][name]}"
            )
    return "\n".join(
        [
            *lines,
            f"a tick of the floor's with {MANY} speaking: p99 {result['tick_p99_ms_floor']:.1f} ms",
            f"engine: {told['packets']} packets, {told['lost']} lost, {told['late']} late, "
            f"{told['refused']} refused, {told['underflows']} underflows",
            f"libopus: {result['libopus']['engine']}, the peers' {result['libopus']['peers']}; "
            f"the floor's libsrtp: "
            f"{'that of the engine' if is_same else 'that of the system'}",
        ]
    )


class Bench:
    """The receivers, each started afresh for every round. ``told``: the engine's own figures."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._packets = folder / "speech.packets"
        write_packets(self._packets, packets(SPEECH_S))
        has_srtp = Path("/usr/include/srtp2/srtp.h").exists()
        self.libsrtp: str | None = "" if has_srtp else None  # the floor's, once it has told it
        self._send = _compiled("rtpsend.c", folder, with_srtp=has_srtp)
        self._crecv = _compiled("crecv.c", folder, with_srtp=has_srtp)
        names = ("packets", "lost", "late", "refused", "underflows", "wanted")
        self.told: dict[str, int] = dict.fromkeys(names, 0)
        self.tick_ms_p99 = 0.0  # of the last receiver that told it

    def ways(self) -> dict[str, Way]:
        """Raises RuntimeError when the floor can't be built with SRTP."""
        if self.libsrtp is None:
            raise RuntimeError("needs libsrtp (Debian: apt install libsrtp2-dev)")
        ways = {"engine": Way(self.engine), "floor": Way(self.floor)}
        if shutil.which("gst-launch-1.0"):
            ways["gstreamer"] = Way(self.gstreamer)
        if shutil.which("ffmpeg"):
            ways["ffmpeg"] = Way(self.ffmpeg, is_patient=True)
        return ways | {
            "engine_plain": Way(self.engine, is_sealed=False),
            "floor_plain": Way(self.floor, is_sealed=False),
            "engine_many": Way(self.engine, MANY, MANY),
            "floor_many": Way(self.floor, MANY, MANY),
            "engine_few": Way(self.engine, FEW, FEW),
            "engine_joined": Way(self.engine, JOINED, FEW),
        }

    @property
    def is_whole(self) -> bool:
        return self.told["packets"] >= self.told["wanted"] and not self.told["underflows"]

    def measure(self, way: Way) -> float:
        """CPU seconds per speaking stream and minute."""
        with contextlib.ExitStack() as stack:
            if way.is_patient:
                stack.enter_context(self._sending(way))
            pid = stack.enter_context(way.work(way))
            if not way.is_patient:
                stack.enter_context(self._sending(way))
            time.sleep(SETTLE_S)
            begun_s, before_s = time.monotonic(), _cpu_s(pid)
            time.sleep(self._seconds)
            spent_s, took_s = _cpu_s(pid) - before_s, time.monotonic() - begun_s
        if spent_s <= 0:
            raise RuntimeError(
                f"a receiver did nothing: are UDP ports from {FIRST_PORT} on used by another run?"
            )
        return spent_s / (way.speaking * took_s / 60)

    @contextlib.contextmanager
    def _sending(self, way: Way) -> Iterator[None]:
        words = [way.speaking, FIRST_PORT, STEP, self._total_s(), PAYLOAD_TYPE, self._packets]
        key = [KEY.hex()] if way.is_sealed else []
        with _process([str(self._send), *map(str, words), *key]):
            yield

    def _total_s(self) -> float:
        """Longer than it can take; sender and floor are ended when all is measured."""
        return SETTLE_S + self._seconds + 2 * PATIENCE_S

    # -- the receivers ----------------------------------------------------------------------

    @contextlib.contextmanager
    def engine(self, way: Way) -> Iterator[int]:
        home = self._folder / "home"
        try:
            address = ensure_engine(home, interface="127.0.0.1", device="null")
            client = EngineClient(
                home, role="tool", on_event=lambda _: None, on_lost=lambda _: None
            )
            with contextlib.closing(client):
                client.connect()
                _listen(client, way)
                _wait_for_ports(way.joined)
                yield address.pid
                self._note(client.status(PATIENCE_S), way)
        finally:
            stop_engine(home)

    def _note(self, status: Status, way: Way) -> None:
        for name in ("packets", "lost", "late", "refused"):
            self.told[name] += sum(getattr(one, name) for one in status.streams)
        self.told["underflows"] += status.underflows
        self.told["wanted"] += int(way.speaking * 50 * self._seconds)
        self.tick_ms_p99 = status.tick_ms_p99

    @contextlib.contextmanager
    def floor(self, way: Way) -> Iterator[int]:
        words = [_ours(), way.joined, FIRST_PORT, STEP, self._total_s()]
        key = [_our_srtp(), KEY.hex()] if way.is_sealed else []
        process = subprocess.Popen(
            [str(self._crecv), *map(str, words), *key], stdout=subprocess.PIPE, text=True
        )
        try:
            _wait_for_ports(way.joined)
            yield process.pid
            process.terminate()
            told = json.loads(process.communicate(timeout=PATIENCE_S)[0])
            self.tick_ms_p99 = told["tick_ms_p99"]
            self.libsrtp = told["libsrtp"] or self.libsrtp
        finally:
            process.kill()
            process.communicate()

    @contextlib.contextmanager
    def gstreamer(self, way: Way) -> Iterator[int]:
        with _process(["gst-launch-1.0", "-q", *_pipeline(way)]) as pid:
            _wait_for_ports(way.joined)
            yield pid

    @contextlib.contextmanager
    def ffmpeg(self, way: Way) -> Iterator[int]:
        with _process(["ffmpeg", *_inputs(way, self._folder)]) as pid:
            _wait_for_ports(way.joined)
            yield pid


def _listen(client: EngineClient, way: Way) -> None:
    srtp: dict[str, Any] = {"srtp": "AES_CM_128_HMAC_SHA1_80", "key": KEY} if way.is_sealed else {}
    for n in range(way.joined):
        name, port = f"{n}@bench", FIRST_PORT + n * STEP
        client.send(Listen(StreamSpec(name, port, PAYLOAD_TYPE, "opus", 48_000, 2, **srtp)))
        client.send(SetMix(name, GAIN_DB, 2 * n / way.joined - 1))


def _pipeline(way: Way) -> list[str]:
    """The same work in GStreamer's words: 60 ms of jitter buffer, place, mix, 48 kHz stereo."""
    mixed = "audiomixer name=mix ! audio/x-raw,format=F32LE,rate=48000,channels=2"
    words = f"{mixed} ! fakesink sync=true".split()
    for n in range(way.joined):
        words += (
            f"udpsrc port={FIRST_PORT + n * STEP} caps={_caps(way, n)} ! "
            f"{'srtpdec ! ' if way.is_sealed else ''}rtpjitterbuffer latency=60 ! "
            "rtpopusdepay ! opusdec plc=true ! audio/x-raw,rate=48000,channels=1 ! "
            f"volume volume=0.2 ! audiopanorama panorama={2 * n / way.joined - 1} ! mix."
        ).split()
    return words


def _caps(way: Way, n: int) -> str:
    stream = f"media=audio,clock-rate=48000,encoding-name=OPUS,payload={PAYLOAD_TYPE}"
    if not way.is_sealed:
        return f"application/x-rtp,{stream}"
    parts = ("srtp-cipher", "srtp-auth", "srtcp-cipher", "srtcp-auth")
    kinds = ("aes-128-icm", "hmac-sha1-80") * 2
    policy = ",".join(f"{part}=(string){kind}" for part, kind in zip(parts, kinds, strict=True))
    key = f"ssrc=(uint){FIRST_SSRC + n},srtp-key=(buffer){KEY.hex()}"
    return f"application/x-srtp,{stream},{key},{policy}"


def _inputs(way: Way, folder: Path) -> list[str]:
    """The same work in ffmpeg's words, but for the places: all in the middle."""
    words = ["-nostdin", "-loglevel", "error", "-threads", "1"]
    for n in range(way.joined):
        file = folder / f"{n}.sdp"
        file.write_text(_sdp(way, n), "ascii")
        quick = "-protocol_whitelist file,udp,rtp,srtp -analyzeduration 0 -probesize 32"
        words += [*quick.split(), "-acodec", "libopus", "-i", str(file)]
    mixed = f"amix=inputs={way.joined}:normalize=0"
    return [*words, "-filter_complex", mixed, *["-ar", "48000", "-ac", "2", "-f", "null", "-"]]


def _sdp(way: Way, n: int) -> str:
    profile, crypto = "RTP/AVP", ""
    if way.is_sealed:
        key = base64.b64encode(KEY).decode("ascii")
        profile = "RTP/SAVP"
        crypto = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}\n"
    return (
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        f"m=audio {FIRST_PORT + n * STEP} {profile} {PAYLOAD_TYPE}\n"
        f"a=rtpmap:{PAYLOAD_TYPE} opus/48000/2\n{crypto}"
    )


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


def _wait_for_ports(count: int) -> None:
    """Until all of them are bound."""
    wanted = {f"{FIRST_PORT + n * STEP:04X}" for n in range(count)}
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


def _compiled(source: str, folder: Path, *, with_srtp: bool = False) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        raise RuntimeError("needs Linux and a C compiler (Debian: apt install gcc libc6-dev)")
    made = folder / Path(source).stem
    line = [compiler, "-O2", "-march=native", "-o", str(made), str(HERE / source), "-ldl", "-lm"]
    more = ("-DWITH_SRTP", "-rdynamic", "-lsrtp2") if with_srtp else ()
    subprocess.run([*line, *more], check=True)
    return made


# -- libopus --------------------------------------------------------------------------------


def _ours() -> str:
    """The file that the engine decodes with."""
    return os.fspath(libopus.load()._name)


def _our_srtp() -> str:
    """The file that the engine opens with."""
    return str(importlib.import_module("pylibsrtp._binding").__file__)


def _system() -> str:
    name = ctypes.util.find_library("opus")
    return _version(name) if name else ""


def _version(name: str) -> str:
    library = ctypes.CDLL(name)
    library.opus_get_version_string.restype = ctypes.c_char_p
    return str(library.opus_get_version_string().decode("ascii"))
