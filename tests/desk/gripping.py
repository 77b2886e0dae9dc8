"""A process that holds its interpreter for 200 ms at a time while its stdin says "grip".

``desk ARGUMENT...`` is the real desk; ``engine HOME SPEC`` has the engine in its own process, the
way nobody should build it: the negative control of test_grip.py. "rest" ends the bursts.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from pathlib import Path
from typing import Final

import msgspec

from audio import home as place
from audio import protocol
from audio.devices.outputs import DEFAULT
from audio.engine import Engine
from audio.meters import Meters
from audio.pipeline import Pipeline
from audio.recall.service import Recall
from console.cli import main as vaktbord

BURST_S: Final = 0.2
PAUSE_S: Final = 0.2


def grip_when_told() -> None:
    """Bursts on one thread, orders on another."""
    is_told = threading.Event()

    def listen() -> None:
        for line in sys.stdin:
            is_told.set() if line.strip() == "grip" else is_told.clear()

    def grip() -> None:
        usleep = ctypes.PyDLL(None).usleep  # unlike CDLL's it keeps the interpreter's lock
        while is_told.wait():
            usleep(round(BURST_S * 1e6))
            time.sleep(PAUSE_S)

    for call in (listen, grip):
        threading.Thread(target=call, name=call.__name__, daemon=True).start()


def play_here(home: Path, spec: protocol.StreamSpec) -> None:
    """The engine's own parts, all of them, until this process is ended."""
    place.make_private(place.engine_dir(home))
    meters = Meters(place.meters_path(home), create=True)
    recall = Recall(place.recall_dir(home), lambda _event: None)
    engine = Engine(
        Pipeline(interface=spec.interface, meters=meters, recall=recall),
        device=DEFAULT,
        interface=spec.interface,
        tell_all=lambda _event: None,
        on_end=lambda _why: None,
        recall=recall,
        meters=meters,
    )
    engine.start()
    engine.command(1, protocol.Listen(spec), lambda _event: None)
    threading.Event().wait()


def main(words: list[str]) -> int:
    grip_when_told()
    if words[0] == "desk":
        return vaktbord(words)
    play_here(Path(words[1]), msgspec.json.decode(words[2], type=protocol.StreamSpec))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
