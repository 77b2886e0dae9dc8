"""Keeps a sound device open: the chosen one, else the next best, and back again when it returns.

All PortAudio calls that may take long happen here, on a thread of its own. The mix thread only
picks up what has been opened (:meth:`take`) and hands back what has stopped (:meth:`lost`);
meanwhile it plays to nobody. PortAudio looks for devices only when it is initialised, which ends
every stream; so while a substitute plays, another process looks (:mod:`audio.devices.listing`).
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Final

from audio import protocol as p
from audio.devices import soundserver
from audio.devices.listing import listed
from audio.devices.outputs import DEFAULT, NULL, present, ranked, sink_of
from audio.devices.portaudio import (
    DeviceError,
    NullOutput,
    Output,
    labels,
    open_output,
    output_names,
    rescan,
)

log = logging.getLogger(__name__)

REOPEN_S: Final = 1.0  # between two attempts when nothing plays
LOOK_S: Final = 2.0  # between two looks for a better device than the one that plays
REFUSED_S: Final = 10.0  # a device that was there and could not be opened is left alone
SETTLE_S: Final = 0.1  # the sound server's changes come in crowds
MAX_RETIRED: Final = 16
MAX_QUESTIONS: Final = 16  # unanswered GetDevices; one more is not answered

Tell = Callable[[p.Event], None]


class Keeper:
    """``choose``, ``lost`` and ``take`` never block. ``tell`` is called from both threads.
    ``wanted``: in the order in which they are tried."""

    def __init__(self, wanted: tuple[str, ...], tell: Tell) -> None:
        self._wanted = wanted
        self._tell = tell
        self._opened: queue.Queue[tuple[Output, str]] = queue.Queue(1)  # and why it is this one
        self._retired: queue.Queue[Output] = queue.Queue(MAX_RETIRED)
        self._questions: queue.Queue[Tell] = queue.Queue(MAX_QUESTIONS)
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._is_sought = wanted[0] != NULL
        self._server_changed = threading.Event()
        self._listener = soundserver.Listener(self._on_server_change)
        self._rank = 0  # of what plays, in _wanted
        self._sink: soundserver.Sink | None = None  # of the sound server, that we play to
        self._displaced_from = ""  # the sink from which its going has moved us
        self.name = NULL  # of what plays, for people
        self._refused_s: dict[str, float] = {}  # by name in _wanted: when it could not be opened
        self.state: p.DeviceState = "none"
        self.why = ""  # not what was chosen plays
        self._thread = threading.Thread(target=self._run, name="device-keeper", daemon=True)

    def start(self) -> None:
        self._wake.set()
        self._thread.start()
        self._listener.start()

    def stop(self) -> None:
        self._ended.set()
        self._wake.set()
        self._listener.stop()
        if self._thread.ident is not None:
            self._thread.join(timeout=5.0)

    @property
    def at(self) -> str:
        """Where the sound comes out: a sink's own name, which no other bears, else the device's."""
        if self._sink is not None:
            return self._sink.name
        return sink_of(self._wanted[self._rank]) or self.name

    @property
    def is_wanted(self) -> bool:
        return self._wanted[0] != NULL

    # -- the mix thread ---------------------------------------------------------------------

    def take(self, playing: Output) -> Output | None:
        """What has been opened since the last call, to go on with in place of ``playing``."""
        if self._opened.empty():
            return None
        output, self.why = self._opened.get_nowait()
        if not isinstance(playing, NullOutput):
            self._retired.put_nowait(playing)
        self.state = "none" if isinstance(output, NullOutput) else "playing"
        self.name, self._sink, self._displaced_from = output.name, None, ""
        self._server_changed.set()
        self._wake.set()
        if self.state == "playing":
            self._tell(p.DeviceChanged(output.name, "playing", self.why))
        return output

    def lost(self, output: Output) -> NullOutput:
        """``output`` has stopped. Returns what to go on with."""
        self.state, self.why = "lost", f"{output.name} has stopped"
        self._tell(p.DeviceChanged(output.name, "lost", self.why))
        return self._retire(output)

    def choose(self, name: str, others: Sequence[str], output: Output) -> Output:
        """Another device is wanted in place of ``output``; or the same, with other substitutes.
        Returns what to go on with."""
        before, self._wanted = self._wanted, ranked(name, others)
        if before[0] == name and self.state == "playing" and self._rank == 0:
            return output
        self.state, self.why = "none", ""
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
        self.name = NULL
        if not isinstance(output, NullOutput):  # of those there may be one for each command
            self._retired.put_nowait(output)  # one that was opened at a time is in use
        self._refused_s = {}
        self._is_sought = self._wanted[0] != NULL
        self._wake.set()
        return NullOutput()

    # -- the keeper's thread ----------------------------------------------------------------

    def _run(self) -> None:
        told = ""
        while True:
            self._wake.wait(self._pause_s())
            self._wake.clear()
            if self._ended.is_set():
                break
            self._close_retired()
            self._answer()
            if self._is_sought:
                told = self._open(told)
            elif self.state == "playing":
                self._look_around()
        self._close_retired()
        if not self._opened.empty():
            self._opened.get_nowait()[0].close()

    def _pause_s(self) -> float | None:
        if self._is_sought:
            return REOPEN_S
        return LOOK_S if self._rank else None

    def _close_retired(self) -> None:
        while not self._retired.empty():
            self._retired.get_nowait().close()

    def _open(self, told: str) -> str:
        """The first that can be had. Returns why none, empty when there is one; says it only
        when it is new."""
        wanted, problems = self._wanted, []
        for rank, name in enumerate(wanted):
            try:
                if rank == 0:
                    rescan()
                output = open_output(name)
            except DeviceError as error:
                problems.append(str(error))
                continue
            self._hand_over(wanted, rank, output, problems[0] if problems else "")
            return ""
        self._complain(wanted[0], problems[0], told)
        return problems[0]

    def _complain(self, wanted: str, why: str, told: str) -> None:
        if why != told:
            log.warning("no sound: %s", why)
            self.why = why
            state: p.DeviceState = "lost" if self.state == "lost" else "none"
            self._tell(p.DeviceChanged(wanted, state, why))

    def _hand_over(self, wanted: tuple[str, ...], rank: int, output: Output, why: str) -> None:
        self._is_sought, self._rank = False, rank  # before the check: a choice sets it again
        if wanted != self._wanted:  # another was chosen meanwhile
            output.close()
            self._is_sought = True
            self._wake.set()
            return
        self._opened.put((output, why))

    def _answer(self) -> None:
        while not self._questions.empty():
            reply = self._questions.get_nowait()
            try:
                names = output_names() if self._is_sought else listed()
                reply(p.Devices(tuple(dict.fromkeys((*_ALWAYS, *names))), labels=labels()))
            except DeviceError as error:
                reply(p.Devices((NULL,), str(error)))

    # -- while something plays --------------------------------------------------------------

    def _on_server_change(self) -> None:
        self._server_changed.set()
        self._wake.set()

    def _look_around(self) -> None:
        if self._server_changed.is_set():
            self._ended.wait(SETTLE_S)
            self._server_changed.clear()
            self._follow_server()
        if self._rank:
            self._look_for_better()

    def _follow_server(self) -> None:
        """Where the server has put our sound. What it took from a sink that went is given back to
        that sink when it returns; what a person has moved stays where it was put."""
        there = {one.name for one in soundserver.sinks()}
        for stream, sink in soundserver.played_to().items():
            if self._displaced_from in there and sink.name != self._displaced_from:
                soundserver.move(stream, self._displaced_from)  # its word on that is a change
                self._displaced_from = ""
            else:
                self._see_at(sink, there)

    def _see_at(self, sink: soundserver.Sink, there: Collection[str]) -> None:
        """Our sound comes out there."""
        chosen = sink_of(self._wanted[self._rank])
        expected = self._sink.name if self._sink is not None else chosen
        self._sink, why = sink, self.why
        if expected is not None and sink.name != expected:
            is_gone = expected not in there
            self._displaced_from = expected if is_gone else ""
            why = f"{self.name} is gone" if is_gone else ""
        if sink.label != self.name:
            self.name, self.why = sink.label, why
            self._tell(p.DeviceChanged(sink.label, "playing", why))

    def _look_for_better(self) -> None:
        """A device that was chosen before the one that plays, and is there (again)."""
        try:
            names = listed()
        except DeviceError as error:
            log.warning("looking for devices: %s", error)
            return
        for name in self._wanted[: self._rank]:
            if present(name, names) and not self._was_refused(name):
                self._change_to(name)
                return

    def _was_refused(self, name: str) -> bool:
        return time.monotonic() - self._refused_s.get(name, -REFUSED_S) < REFUSED_S

    def _change_to(self, name: str) -> None:
        """At once, beside the one that plays, if PortAudio knows it; else that one must end."""
        self._refused_s[name] = time.monotonic()
        try:
            output = open_output(name)
        except DeviceError as error:
            if present(name, output_names()):
                log.info("%s", error)  # it is there, and somebody else's
                return
            self._is_sought = True
            self._opened.put((NullOutput(), ""))
            return
        self._hand_over(self._wanted, self._wanted.index(name), output, "")


_ALWAYS: Final = (DEFAULT, NULL)
