"""The pipeline on real sockets, with a clock that the test turns."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.codecs.opus_encoder import OpusEncoder
from audio.meters import Meters
from audio.network import rtp
from audio.pipeline import Pipeline
from audio.protocol import SetMaster, StreamFigures, StreamSpec, Talking
from tests.ports import free_udp_port

PAYLOAD_TYPE = 111
FRAME = 960
TICK_NS = 10_000_000
Sound = NDArray[np.float32]


def opus(sound: Sound) -> list[bytes]:
    encoder = OpusEncoder(bitrate=32_000, expected_loss_percent=10)
    return [encoder.encode(one) for one in sound.reshape(-1, FRAME)]


def sine(hz: float, seconds: float, level: float = 0.3) -> Sound:
    times = np.arange(round(seconds * 48_000)) / 48_000
    return np.asarray(level * np.sin(2 * np.pi * hz * times), np.float32)


def packets(
    payloads: Iterable[bytes], *, ssrc: int = 7, sequence: int = 0, timestamp: int = 0,
    step: int = FRAME, payload_type: int = PAYLOAD_TYPE,
) -> list[bytes]:  # fmt: skip
    return [
        rtp.build(
            rtp.Packet(
                payload_type,
                n == 0,
                (sequence + n) & 0xFFFF,
                (timestamp + n * step) & 0xFFFFFFFF,
                ssrc,
                payload,
            )
        )
        for n, payload in enumerate(payloads)
    ]


class Lab:
    """``send`` and ``tick``: ten milliseconds of the engine's time each."""

    def __init__(self, folder: Path, interface: str = "127.0.0.1", *, evened: bool = False) -> None:
        self.now_ns = 1_000_000_000_000
        self.meters = Meters(folder / "meters", create=True)
        self.pipeline = Pipeline(interface=interface, meters=self.meters, clock=lambda: self.now_ns)
        self.pipeline.set_master(SetMaster(evened=evened))
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def listen(self, stream: str = "a@h", **more: object) -> StreamSpec:
        port = free_udp_port()
        spec = StreamSpec(stream, port, PAYLOAD_TYPE, "opus", 48_000, 2, **more)  # type: ignore[arg-type]  # as the test says
        self.pipeline.listen(spec)
        return spec

    def send(self, spec: StreamSpec, data: bytes, *, port: int = 0) -> None:
        self._out.sendto(data, ("127.0.0.1", port or spec.port))

    def tick(self, count: int = 1) -> Sound:
        blocks = [np.zeros((0, 2), np.float32)]
        for _ in range(count):
            self.now_ns += TICK_NS
            blocks.append(self.pipeline.tick())
        return np.concatenate(blocks)

    def play(self, *streams: tuple[StreamSpec, list[bytes]], more: int = 50) -> Sound:
        """A packet of each every 20 ms (an empty one: lost), then ``more`` ticks."""
        blocks = []
        for n in range(max(len(sent) for _, sent in streams)):
            for spec, sent in streams:
                if n < len(sent) and sent[n]:
                    self.send(spec, sent[n])
            blocks.append(self.tick(2))
        return np.concatenate([*blocks, self.tick(more)])

    def talk(self) -> list[Talking]:
        """Who has begun and ended since the last call."""
        return [one for one in self.pipeline.drain_events() if isinstance(one, Talking)]

    def figures(self) -> StreamFigures:
        return self.pipeline.figures()[0]

    def close(self) -> None:
        self.pipeline.close()
        self._out.close()


@contextlib.contextmanager
def lab(folder: Path, *, evened: bool = False) -> Iterator[Lab]:
    """``evened``: talkers are made equally loud, so that no sine keeps its level."""
    one = Lab(folder, evened=evened)
    try:
        yield one
    finally:
        one.close()
