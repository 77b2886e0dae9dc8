"""PulseAudio, or PipeWire in its place, asked by ``pactl``: sinks and sources, and which we use.

PortAudio knows such a server only as one device; a headset among several sinks is chosen here. A
sink that goes takes its streams to another without a word, so the server is listened to as well.
Without ``pactl``, or without a server, everything is empty and nothing is an error.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta

from audio.protocol import UNREADABLE

log = logging.getLogger(__name__)

TOOL: Final = "pactl"
ANSWER_S: Final = 2.0  # then the server is taken for hung
AGAIN_S: Final = 5.0  # between two attempts to listen to a server
MAX_ANSWER: Final = 4_194_304  # bytes
MATTERS: Final = ("on sink #", "on sink-input #", "on server")  # to what is played
SOURCES_MATTER: Final = ("on source #", "on source-output #", "on server")  # to what is recorded
PROCESS_ID: Final = "application.process.id"
_T = TypeVar("_T")


class Sink(msgspec.Struct, frozen=True):
    """``name`` is the same every time the device is plugged in; ``description`` is for people."""

    index: int
    name: Annotated[str, Meta(max_length=512)]
    description: str = ""

    @property
    def label(self) -> str:
        return self.description or self.name


class Source(Sink, frozen=True):
    """``monitor_source``: the sink whose sound it is; empty for a microphone."""

    monitor_source: str = ""


class _Recording(msgspec.Struct, frozen=True):
    """A stream of some program (``pactl list source-outputs``)."""

    index: int
    source: int
    properties: dict[str, Any] = {}


class _Playing(msgspec.Struct, frozen=True):
    """A stream of some program (``pactl list sink-inputs``)."""

    index: int
    sink: int
    properties: dict[str, Any] = {}


def sinks() -> tuple[Sink, ...]:
    return _ask(("list", "sinks"), tuple[Sink, ...])


def played_to() -> dict[int, Sink]:
    """The sinks of this process's own streams, by the stream's index."""
    streams = _ask(("list", "sink-inputs"), tuple[_Playing, ...])
    mine = [one for one in streams if one.properties.get(PROCESS_ID) == str(os.getpid())]
    by_index = {one.index: one for one in sinks()} if mine else {}
    return {one.index: by_index[one.sink] for one in mine if one.sink in by_index}


def sources() -> tuple[Source, ...]:
    """Monitors among them."""
    return _ask(("list", "sources"), tuple[Source, ...])


def default_source() -> str:
    """Its name; empty where there is no server, or no such tool."""
    return (_run(("get-default-source",)) or b"").decode("utf-8", "replace").strip()


def recorded_from() -> Source | None:
    """The source of this process's own stream, if it has one."""
    streams = _ask(("list", "source-outputs"), tuple[_Recording, ...])
    mine = [one.source for one in streams if one.properties.get(PROCESS_ID) == str(os.getpid())]
    return next((one for one in sources() if one.index in mine), None) if mine else None


def move(stream: int, sink: str) -> bool:
    """Whether the server did it."""
    return _run(("move-sink-input", str(stream), sink)) is not None


def _ask(words: tuple[str, ...], kind: type[tuple[_T, ...]]) -> tuple[_T, ...]:
    answer = _run(("--format=json", *words))
    if not answer:
        return ()
    try:
        return msgspec.json.decode(answer[:MAX_ANSWER], type=kind)
    except UNREADABLE as error:
        log.warning("%s %s: %s", TOOL, " ".join(words), error)
        return ()


def _run(words: tuple[str, ...]) -> bytes | None:
    """What it printed; None when there is no such tool, no server, or a refusal."""
    if shutil.which(TOOL) is None:
        return None
    try:
        done = subprocess.run(
            [TOOL, *words], capture_output=True, timeout=ANSWER_S, check=True, env=_plain()
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout


def _plain() -> dict[str, str]:
    """Its words are read by a program, so they are not translated."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


class Listener:
    """``on_change`` is called from a thread of its own, whenever what ``matters`` may have
    changed."""

    def __init__(self, on_change: Callable[[], None], matters: tuple[str, ...] = MATTERS) -> None:
        self._on_change = on_change
        self._matters = matters
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="sound-server", daemon=True)

    def start(self) -> None:
        if shutil.which(TOOL) is not None:
            self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        with contextlib.suppress(OSError, AttributeError):
            self._process.terminate()  # type: ignore[union-attr]  # None: it has ended by itself
        if self._thread.ident is not None:
            self._thread.join(timeout=ANSWER_S)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._listen()
            except OSError as error:
                log.warning("%s can't be started: %s", TOOL, error)
            self._ended.wait(AGAIN_S)

    def _listen(self) -> None:
        """Until the server is gone."""
        line = [TOOL, "subscribe"]
        with subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_plain()
        ) as process:
            self._process = process
            if self._ended.is_set():
                process.terminate()
            assert process.stdout is not None
            for told in process.stdout:
                if any(word in told.decode("utf-8", "replace") for word in self._matters):
                    self._on_change()
            self._process = None
