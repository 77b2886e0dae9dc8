"""``python -m audio.microphone.capture``: the microphone's process. Wishes on standard input,
voice on standard output.

A process of its own, because PortAudio looks for devices only when it is initialised, which ends
every stream of its process: a headset that is plugged in would interrupt what is heard, or what is
said. What WebRTC's processing does wrong takes nobody else with it. It ends with its engine.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import Final

import msgspec
import numpy as np

from audio.devices.outputs import ranked
from audio.devices.portaudio import DeviceError, rescan
from audio.microphone.captured import Block, Standing, Wish, Word, decode_wish, encode
from audio.microphone.chain import Chain
from audio.microphone.inputs import AbsentError, Input
from audio.microphone.lookout import Lookout
from audio.protocol import ProtocolError, SetMicrophone, Splitter

REOPEN_S: Final = 1.0  # between two attempts when none can be had, and two words about that
READ_S: Final = 0.1  # without a block, until the device is looked at
READ_BYTES: Final = 65_536


class Capture:
    """``run`` until the engine has gone; ``wants`` from another thread."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._done = wish.microphone  # of the wish
        self._input: Input | None = None
        self._rank = 0  # of what is open, in the wish's order
        self._why = ""
        self._is_lost = False
        self._is_begun = False
        self._told: Standing | None = None
        self._chain: Chain | None = None  # made while the first device begins: that takes as long
        self._said_s = 0.0
        self._woken = threading.Event()  # by a wish, or the lookout
        self._lookout = Lookout(self._woken.set)

    def wants(self, wish: Wish) -> None:
        self._wish = wish
        self._woken.set()

    def run(self) -> None:
        """Raises OSError when nobody listens any more."""
        self._say_standing(Standing("none"))  # it lives; to open a device may take its time
        self._lookout.start()
        while True:
            if self._woken.is_set():
                self._woken.clear()
                self._look()
            if self._input is None:
                self._open()
            else:
                self._pass_on(self._input)

    # -- the device -------------------------------------------------------------------------

    def _open(self) -> None:
        """The first that can be had."""
        names, problems, refused = _names(self._done), [], []
        for rank, name in enumerate(names):
            try:
                if rank == 0:
                    rescan()
                opened = Input(name)
            except DeviceError as error:
                problems.append(str(error))
                refused += [] if isinstance(error, AbsentError) else [name]
                continue
            self._input, self._rank, self._is_lost = opened, rank, False
            self._why = problems[0] if problems else ""
            self._lookout.watch(opened, names[:rank], tuple(refused))
            self._is_begun = False  # it is told with the first sound
            if self._chain is None:
                self._chain = _chain(self._done)
            return
        self._why = problems[0]
        self._tell()
        self._woken.wait(REOPEN_S)

    def _close(self) -> None:
        if self._input is not None:
            self._lookout.watch(None)
            self._input.close()
            self._input = None

    def _lose(self, why: str) -> None:
        self._is_lost, self._why = True, why
        self._close()
        self._tell()

    def _look(self) -> None:
        """A wish, or news of the device."""
        before, self._done = self._done, self._wish.microphone
        if self._chain is not None and _switches(before) != _switches(self._done):
            self._chain = _chain(self._done)
        if _names(before) != _names(self._done) and not self._is_still_wanted(before):
            self._close()
        elif self._lookout.moved:
            self._lose(self._lookout.moved)
        elif self._lookout.is_better and not self._wish.busy:
            self._close()
        if self._input is not None and self._is_begun and self._standing() != self._told:
            self._tell()

    def _is_still_wanted(self, before: SetMicrophone) -> bool:
        """What is open is what is wanted most now."""
        is_open = self._input is not None
        is_first = is_open and _names(before)[self._rank] == _names(self._done)[0]
        if is_first:
            self._rank, self._why = 0, ""
            self._lookout.watch(self._input)
        return is_first

    # -- the sound --------------------------------------------------------------------------

    def _pass_on(self, opened: Input) -> None:
        taken = opened.read(READ_S)
        if taken is None:
            if opened.is_gone:
                self._lose(f"{opened.name} has stopped")
            elif not self._is_begun and time.monotonic() - self._said_s >= REOPEN_S:
                self._say_standing(Standing("none", opened.name))
            return
        if not self._is_begun:
            self._is_begun = True
            self._tell()
        number, taken_s, sound = taken
        sound = np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0)
        peak = float(np.abs(sound).max())
        assert self._chain is not None
        _say(Block(number, taken_s, opened.latency_s, peak, self._chain.process(sound).tobytes()))

    def _tell(self) -> None:
        self._told = self._standing()
        self._say_standing(self._told)

    def _say_standing(self, standing: Standing) -> None:
        self._said_s = time.monotonic()
        _say(standing)

    def _standing(self) -> Standing:
        opened = self._input
        if opened is None:
            return Standing("lost" if self._is_lost else "none", why=self._why)
        latency_ms = opened.latency_s * 1e3
        note = self._chain.note if self._chain is not None else ""
        return Standing("ready", opened.name, self._why, latency_ms, note)


def _names(wish: SetMicrophone) -> tuple[str, ...]:
    return ranked(wish.name, wish.others)


def _switches(wish: SetMicrophone) -> tuple[bool, bool, bool]:
    return wish.high_pass, wish.suppress, wish.gain_control


def _chain(wish: SetMicrophone) -> Chain:
    high_pass, suppress, gain_control = _switches(wish)
    return Chain(high_pass=high_pass, suppress=suppress, gain_control=gain_control)


def _say(word: Word) -> None:
    """An engine that reads no more keeps this waiting; the ring of the device then loses blocks."""
    os.write(_OUT, encode(word))


_OUT: Final = 1
_IN: Final = 0


def _listen(capture: Capture, splitter: Splitter) -> None:
    """Wishes until the engine has gone, however it went; then this process goes too."""
    with contextlib.suppress(ProtocolError, msgspec.DecodeError, OSError):
        while data := os.read(_IN, READ_BYTES):
            for body in splitter.feed(data):
                capture.wants(decode_wish(body))
    os._exit(0)


def _first_wish(splitter: Splitter) -> Wish | None:
    while data := os.read(_IN, READ_BYTES):
        bodies = splitter.feed(data)
        if bodies:
            return decode_wish(bodies[-1])
    return None


def main() -> int:
    splitter = Splitter()
    wish = _first_wish(splitter)
    if wish is None:
        return 0
    capture = Capture(wish)
    threading.Thread(target=_listen, args=(capture, splitter), name="wishes", daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        capture.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
