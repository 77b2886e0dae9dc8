"""``python -m audio.devices.speaker --device NAME``: plays standard input to one device.

Blocks of 480 stereo frames, float32, by the engine's clock; on standard output a line of JSON at
every change (:class:`audio.devices.second.Told`). Ends with its standard input.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import threading
import time
from typing import IO, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.devices.bridge import BLOCK, LATE_S, Bridge
from audio.devices.keeper import Keeper
from audio.devices.portaudio import NullOutput, Output
from audio.devices.second import Told

BLOCK_BYTES: Final = BLOCK * 2 * 4


class Speaker:
    """The keeper finds the device, as the engine's own does; here is what it is fed with."""

    def __init__(self, device: str, out: IO[bytes]) -> None:
        self.bridge = Bridge()
        self._out = out
        self._output: Output = NullOutput()
        self._keeper = Keeper((device,), lambda _event: None)
        self._came = threading.Event()
        self._told: Told | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)

    def start(self) -> None:
        self._keeper.start()
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=1.0)
        self._output.close()
        self._keeper.stop()

    def write(self, block: NDArray[np.float32]) -> None:
        self.bridge.write(block, time.monotonic())
        self._came.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._step()
            self._tell()

    def _step(self) -> None:
        if not self._output.wait():
            self._output = self._keeper.lost(self._output)
            return
        self._came.clear()
        if self.bridge.is_dry:
            self._came.wait(LATE_S)
        self._output.put(self.bridge.read(time.monotonic()))
        opened = self._keeper.take(self._output)
        if opened is not None:
            self._output = opened
            self.bridge.restart(time.monotonic())

    def _tell(self) -> None:
        """It plays when sound goes through: until then the other device has all of it."""
        keeper, bridge = self._keeper, self.bridge
        told = Told(keeper.name, keeper.state, keeper.why, keeper.at, bridge.resyncs)
        if keeper.state == "playing" and not bridge.is_open:
            told = self._told or Told(keeper.name, "none")
        if told != self._told:
            self._told = told
            self._out.write(msgspec.json.encode(told) + b"\n")
            self._out.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m audio.devices.speaker")
    parser.add_argument("--device", required=True)
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the engine that ends it
    speaker = Speaker(options.device, sys.stdout.buffer)
    gc.collect()
    gc.freeze()
    speaker.start()
    try:
        while len(piece := sys.stdin.buffer.read(BLOCK_BYTES)) == BLOCK_BYTES:
            speaker.write(np.frombuffer(piece, "<f4").reshape(BLOCK, 2))
    finally:
        speaker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
