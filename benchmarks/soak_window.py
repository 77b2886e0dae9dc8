"""The window beside which ``bench soak`` listens: it repaints, and holds its interpreter.

With the word ``with-sound`` it is the negative control: pipeline and device in its own process.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from audio.devices.outputs import DEFAULT
from audio.devices.portaudio import Output, open_output
from audio.meters import Meters
from audio.pipeline import Pipeline
from benchmarks import soak
from benchmarks.desk_window import Bench

TILES: Final = 60
GRIP_S: Final = 10.0  # a thread that waits for the interpreter asks for it after this


def main(words: list[str]) -> None:
    """Until it is killed."""
    bench = Bench("meter", tiles=TILES, active=soak.STREAMS, size=(1_366, 768))
    if "with-sound" in words:
        threading.Thread(target=_play, name="mix", daemon=True).start()
    sys.setswitchinterval(GRIP_S)
    while True:
        _hold()
        bench.turn(soak.HOLD_S)


def _hold() -> None:
    """As a big call of a library's would, it lets nobody else have the interpreter."""
    until_s = time.monotonic() + soak.HOLD_S
    while time.monotonic() < until_s:
        sum(range(1_000))


def _play() -> None:
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        meters = Meters(Path(folder) / "meters", create=True)
        pipeline = Pipeline(interface="127.0.0.1", meters=meters)
        for n in range(soak.STREAMS):
            pipeline.listen(soak.spec_of(n))
            pipeline.set_mix(soak.mix_of(n))
        output: Output = open_output(DEFAULT)
        while True:
            if output.wait():
                output.put(pipeline.tick())
            else:
                output.close()
                output = open_output(DEFAULT)


if __name__ == "__main__":
    main(sys.argv[1:])
