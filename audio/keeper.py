"""Keeps the chosen sound device open: opens, closes and finds it again, on a thread of its own.

All PortAudio calls that may take long happen here. The mix thread only picks up what has been
opened (:meth:`take`) and hands back what has stopped (:meth:`lost`); meanwhile it plays to nobody.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Final

from audio import protocol as p
from audio.devices import NULL, DeviceError, NullOutput, Output, open_output, output_names, rescan

log = logging.getLogger(__name__)

REOPEN_S: Final = 1.0  # between two attempts
MAX_RETIRED: Final = 16
MAX_QUESTIONS: Final = 16  # unanswered GetDevices; one more is not answered

Tell = Callable[[p.Event], None]


class Keeper:
    """``choose``, ``lost`` and ``take`` never block. ``tell`` is called from both threads."""

    def __init__(self, device: str, tell: Tell) -> None:
        self._wanted = device
        self._tell = tell
        self._opened: queue.Queue[Output] = queue.Queue(1)
        self._retired: queue.Queue[Output] = queue.Queue(MAX_RETIRED)
        self._questions: queue.Queue[Tell] = queue.Queue(MAX_QUESTIONS)
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._is_sought = device != NULL
        self.state: p.DeviceState = "none"
        self._thread = threading.Thread(target=self._run, name="device-keeper", daemon=True)

    def start(self) -> None:
        self._wake.set()
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=5.0)

    # -- the mix thread ---------------------------------------------------------------------

    def take(self) -> Output | None:
        """A device that has been opened since the last call."""
        if self._opened.empty():
            return None
        output = self._opened.get_nowait()
        self.state = "playing"
        self._tell(p.DeviceChanged(output.name, "playing"))
        return output

    def lost(self, output: Output) -> NullOutput:
        """``output`` has stopped. Returns what to go on with."""
        self.state = "lost"
        self._tell(p.DeviceChanged(output.name, "lost", f"{output.name} has stopped"))
        return self._retire(output)

    def choose(self, name: str, output: Output) -> NullOutput:
        """Another device is wanted in place of ``output``."""
        self._wanted = name
        self.state = "none"
        if name == NULL:
            self._tell(p.DeviceChanged(NULL, "none", "no sound device was chosen"))
        return self._retire(output)

    def list_devices(self, reply: Tell) -> None:
        try:
            self._questions.put_nowait(reply)
        except queue.Full:
            return
        self._wake.set()

    def _retire(self, output: Output) -> NullOutput:
        self._retired.put_nowait(output)  # one at a time is in use, and a choice takes a command
        self._is_sought = self._wanted != NULL
        self._wake.set()
        return NullOutput()

    # -- the keeper's thread ----------------------------------------------------------------

    def _run(self) -> None:
        told = ""
        while True:
            self._wake.wait(REOPEN_S if self._is_sought else None)
            self._wake.clear()
            if self._ended.is_set():
                break
            self._close_retired()
            self._answer()
            if self._is_sought:
                told = self._open(told)
        self._close_retired()
        if not self._opened.empty():
            self._opened.get_nowait().close()

    def _close_retired(self) -> None:
        while not self._retired.empty():
            self._retired.get_nowait().close()

    def _open(self, told: str) -> str:
        """Returns why it failed, empty when it didn't; says it only when it is new."""
        wanted = self._wanted
        try:
            rescan()
            output = open_output(wanted)
        except DeviceError as error:
            if str(error) != told:
                log.warning("no sound: %s", error)
                state: p.DeviceState = "lost" if self.state == "lost" else "none"
                self._tell(p.DeviceChanged(wanted, state, str(error)))
            return str(error)
        if wanted != self._wanted:  # another was chosen meanwhile
            output.close()
            self._wake.set()
            return ""
        self._is_sought = False
        self._opened.put(output)
        return ""

    def _answer(self) -> None:
        while not self._questions.empty():
            reply = self._questions.get_nowait()
            try:
                reply(p.Devices(("default", NULL, *output_names())))
            except DeviceError as error:
                reply(p.Devices((NULL,), str(error)))
