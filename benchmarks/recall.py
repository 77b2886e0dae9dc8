"""What recall costs: a packet that is also kept, a second of sound played faster, a start.

Packets: the pipeline in this process with a clock that is turned by hand, 64 streams on sockets of
this machine, with recall and (control) without, in turn; CPU of all threads. Faster: our WSOLA
beside FFmpeg's atempo (PyAV), one thread each. The rest: from the wish to the first block of a
kept burst of ten seconds, and reading a folder of many kept bursts, beside reading its files alone.
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from audio.codecs.opus_encoder import FRAME
from audio.meters import Meters
from audio.network import rtp
from audio.pipeline import Pipeline
from audio.protocol import Recall as Wish
from audio.protocol import StreamSpec
from audio.recall.burst import Facts, Piece, pack
from audio.recall.replay import Replay
from audio.recall.service import Recall, wall_ms
from audio.recall.store import Store
from audio.recall.stretch import Stretcher
from benchmarks.speech import packets, speech

NAME: Final = "recall"
STREAMS: Final = 64
FIRST_PORT: Final = 43_000
PAYLOAD_TYPE: Final = 96
TICK_NS: Final = 10_000_000
RATE: Final = 48_000
SPEED: Final = 1.5
MAX_SETTLE: Final = 3_000  # looks at whether a wish has been heard


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError when a recall never begins."""
    rounds, seconds, many = (3, 4.0, 1_000) if quick else (7, 10.0, 10_000)
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as name:
        folder = Path(name)
        return {
            "streams": STREAMS,
            "packet_us": _packets(folder, rounds, seconds),
            "faster_ms_per_s": _faster(rounds, seconds),
            "recall_ms": _recall(folder / "wish", rounds),
            "start": _start(folder / "many", many),
        }


def report(result: dict[str, Any]) -> str:
    packet, faster, start = result["packet_us"], result["faster_ms_per_s"], result["start"]
    return "\n".join(
        [
            f"a packet, {result['streams']} streams: {packet['kept']:.1f} µs kept, "
            f"{packet['control']:.1f} µs not kept (control): × {packet['ratio']:.3f}",
            f"a second of speech at {SPEED} ×: {faster['ours']:.2f} ms, "
            f"atempo (peer) {faster['atempo']:.2f} ms",
            f"from the wish to the first block: {result['recall_ms']:.1f} ms",
            f"reading {start['bursts']} kept bursts: {start['open_s']:.2f} s, "
            f"their files alone (control) {start['files_s']:.2f} s",
        ]
    )


# --- a packet ---


def _packets(folder: Path, rounds: int, seconds: float) -> dict[str, float]:
    sent = packets(seconds)
    kept, control = [], []
    for n in range(rounds):
        kept.append(_packet_us(folder / f"k{n}", sent, is_kept=True))
        control.append(_packet_us(folder / f"c{n}", sent, is_kept=False))
    least = min(kept), min(control)  # what disturbs only ever adds
    return {"kept": least[0], "control": least[1], "ratio": least[0] / least[1]}


def _packet_us(folder: Path, sent: list[bytes], *, is_kept: bool) -> float:
    """CPU of all that is done for it, from the socket to the mix."""
    folder.mkdir()
    now_ns = 10**12
    recall = Recall(folder / "recall", lambda _event: None) if is_kept else None
    pipeline = Pipeline(
        interface="127.0.0.1",
        meters=Meters(folder / "meters", create=True),
        clock=lambda: now_ns,
        recall=recall,
    )
    with contextlib.ExitStack() as stack:
        stack.callback(pipeline.close)
        if recall is not None:
            recall.start()
            stack.callback(recall.stop)
        out = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        for n in range(STREAMS):
            port = FIRST_PORT + 2 * n
            pipeline.listen(StreamSpec(f"{n}@bench", port, PAYLOAD_TYPE, "opus", RATE, 2))
        spent_s = 0.0
        for n, payload in enumerate(sent):
            packet = rtp.Packet(PAYLOAD_TYPE, False, n, n * FRAME, 7, payload)
            for port in range(FIRST_PORT, FIRST_PORT + 2 * STREAMS, 2):
                out.sendto(rtp.build(packet), ("127.0.0.1", port))
            begun_s = time.process_time()
            for _ in range(2):
                now_ns += TICK_NS
                pipeline.tick()
            spent_s += time.process_time() - begun_s
    return spent_s / (len(sent) * STREAMS) * 1e6


# --- faster ---


def _faster(rounds: int, seconds: float) -> dict[str, float]:
    sound = speech(max(seconds, 10.0))
    ways: dict[str, Callable[[np.ndarray[Any, np.dtype[np.float32]]], None]] = {
        "ours": _stretch,
        "atempo": _atempo,
    }
    costs: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun_s = time.process_time()
            way(sound)
            costs[name].append((time.process_time() - begun_s) * 1e3 / (len(sound) / RATE))
    return {name: statistics.median(row) for name, row in costs.items()}


def _stretch(sound: np.ndarray[Any, np.dtype[np.float32]]) -> None:
    one = Stretcher(SPEED)
    for at in range(0, len(sound), FRAME):
        one.process(sound[at : at + FRAME])


def _atempo(sound: np.ndarray[Any, np.dtype[np.float32]]) -> None:
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="flt", sample_rate=RATE, layout="mono", time_base=None)
    tempo, sink = graph.add("atempo", str(SPEED)), graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    for at in range(0, len(sound) - FRAME, FRAME):
        frame = av.AudioFrame.from_ndarray(sound[None, at : at + FRAME], "flt", "mono")
        frame.sample_rate, frame.pts = RATE, at
        source.push(frame)
        with contextlib.suppress(av.FFmpegError):
            while True:
                sink.pull()


# --- a wish ---


def _facts(start_ms: int) -> Facts:
    return Facts("", "a@bench", 7, "Nobody", start_ms, 10_000, "opus", RATE, 2, False, True)


def _body(payloads: list[bytes]) -> bytes:
    return b"".join(pack(n, n * FRAME, n * 20, one) for n, one in enumerate(payloads))


def _recall(folder: Path, rounds: int) -> float:
    """ms from the command to the first block that the mix thread could play."""
    folder.mkdir()
    Store(folder, wall_ms).add(Piece(_facts(int(wall_ms()) - 20_000), _body(packets(10.0))))
    with _at_work(Recall(folder, lambda _event: None)) as recall:
        took = [_wish_ms(recall) for _ in range(3 * rounds)]
    return statistics.median(took)


@contextlib.contextmanager
def _at_work(recall: Recall) -> Iterator[Recall]:
    recall.start()
    try:
        yield recall
    finally:
        recall.stop()


def _wish_ms(recall: Recall) -> float:
    begun_s = time.perf_counter()
    recall.command(Wish(), lambda _event: None)
    _wait_for(recall.replay)
    took_ms = (time.perf_counter() - begun_s) * 1e3
    recall.replay.stop()
    return took_ms


def _wait_for(replay: Replay) -> None:
    for _ in range(MAX_SETTLE):
        if replay.is_ready:
            return
        time.sleep(0.000_5)
    raise RuntimeError("a recall never began")


# --- a start ---


def _start(folder: Path, many: int) -> dict[str, float]:
    folder.mkdir()
    one, body, now_ms = Store(folder, wall_ms), _body(packets(1.0)), int(wall_ms())
    for n in range(many):
        one.add(Piece(_facts(now_ms - many + n), body))
    begun_s = time.perf_counter()
    Store(folder, wall_ms)
    opened_s = time.perf_counter()
    for path in folder.iterdir():
        path.read_bytes()
    ended_s = time.perf_counter()
    return {"bursts": many, "open_s": opened_s - begun_s, "files_s": ended_s - opened_s}
