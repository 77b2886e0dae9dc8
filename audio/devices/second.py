"""The second device, a loudspeaker, from the engine's side: a process of its own plays to it.

PortAudio looks for devices only when it is initialised, and that ends every stream of its process:
with a process for each device, one that is sought never interrupts one that plays. Sound goes to
it through a pipe, what it tells comes back line by line; when the engine ends, however, the pipe
does and the process with it.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import subprocess
import sys
import threading
from typing import IO, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.devices.outputs import NULL
from audio.protocol import DeviceState

log = logging.getLogger(__name__)

MAX_BLOCKS: Final = 50  # 0.5 s that the process hasn't taken: it hangs, and is killed
AGAIN_S: Final = 1.0  # between two attempts to keep a process
END_S: Final = 3.0  # for it to end by itself
MAX_LINE: Final = 4_096  # bytes


class Told(msgspec.Struct, frozen=True):
    """How the device does. ``at``: where its sound comes out, by a name that tells two alike
    apart."""

    device: str
    state: DeviceState
    why: str = ""
    at: str = ""
    resyncs: int = 0


NOTHING: Final = Told("", "none")


class _Wish(msgspec.Struct, frozen=True, eq=False):
    """A choice; the same device chosen again is another wish."""

    name: str = ""


class SecondDevice:
    """``choose``, ``put`` and what it tells: the mix thread, which never waits."""

    def __init__(self) -> None:
        self._wish = _Wish()
        self._blocks: queue.SimpleQueue[NDArray[np.float32] | None] = queue.SimpleQueue()
        self._told = NOTHING
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False  # the process has begun to read
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="second-device", daemon=True)
        self.dropped = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._turn("")
        if self._thread.ident is not None:
            self._thread.join(timeout=2 * END_S)

    # -- the mix thread -----------------------------------------------------------------------

    @property
    def is_chosen(self) -> bool:
        return bool(self._wish.name)

    @property
    def told(self) -> Told:
        return self._told

    def choose(self, name: str) -> None:
        """Empty, or silence by name: none."""
        name = "" if name == NULL else name
        if name != self._wish.name:
            self._turn(name)

    def put(self, block: NDArray[np.float32]) -> None:
        """``block``: (480, 2)."""
        if not self._is_ready:
            return
        if self._blocks.qsize() < MAX_BLOCKS:
            self._blocks.put(block)
            return
        self.dropped += 1
        self._told = msgspec.structs.replace(self._told, state="lost", why="its process hangs")
        process = self._process
        if process is not None:
            process.kill()

    def _turn(self, name: str) -> None:
        self._wish = _Wish(name)
        self._told = NOTHING
        if self._blocks.qsize() < MAX_BLOCKS:  # else there is enough to wake its thread
            self._blocks.put(None)
        self._wake.set()

    # -- its own thread -----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(AGAIN_S if self.is_chosen else None)
            self._wake.clear()
            wish = self._wish
            if not wish.name or self._ended.is_set():
                continue
            try:
                self._live_with(wish)
            except OSError as error:
                log.warning("%s can't be played to: %s", wish.name, error)
                if wish is self._wish:
                    self._told = Told(wish.name, "lost", str(error))

    def _live_with(self, wish: _Wish) -> None:
        """Until another is chosen or the process ends. Raises OSError."""
        line = [sys.executable, "-m", "audio.devices.speaker", f"--device={wish.name}"]
        process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdin is not None
        assert process.stdout is not None
        has_ended = threading.Event()
        words = (process.stdout, wish, has_ended)
        ear = threading.Thread(
            target=self._listen, args=words, name="second-device-ear", daemon=True
        )
        self._process = process
        ear.start()
        try:
            self._pass_on(process.stdin, wish, has_ended)
        finally:
            self._is_ready = False
            _end(process)
            ear.join(timeout=END_S)
            process.stdout.close()
            self._process = None

    def _pass_on(self, out: IO[bytes], wish: _Wish, has_ended: threading.Event) -> None:
        """Raises OSError when the process has gone."""
        while wish is self._wish:
            block = self._blocks.get()
            if block is not None:
                out.write(block.tobytes())
                out.flush()
            elif has_ended.is_set():
                return

    def _listen(self, said: IO[bytes], wish: _Wish, has_ended: threading.Event) -> None:
        while line := said.readline(MAX_LINE):
            with contextlib.suppress(msgspec.DecodeError):
                told = msgspec.json.decode(line, type=Told)
                if wish is self._wish:
                    self._told, self._is_ready = told, True
        if wish is self._wish:
            self._told = msgspec.structs.replace(
                self._told, state="lost", why="its process has ended"
            )
        self._is_ready = False
        has_ended.set()
        self._blocks.put(None)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):  # what is left in the pipe's buffer has no reader
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
