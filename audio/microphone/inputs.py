"""Microphones by PortAudio (:mod:`audio.devices.portaudio`), for a process of its own
(:mod:`audio.microphone.capture`).

The callback only copies a block into a ring of them and notes when. Names are those of
:mod:`audio.devices.outputs`; ``"pulse:<source>"`` is a source of the sound server.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from audio.devices import soundserver
from audio.devices.outputs import DEFAULT, SINK_PREFIX, identity, present, sink_of
from audio.devices.portaudio import (
    BLOCK,
    RATE,
    SINK_DEVICE,
    DeviceError,
    directed_to,
    plain,
    portaudio,
)

log = logging.getLogger(__name__)

LATENCY_S: Final = 0.02  # asked of PortAudio; a quarter of an output's, as nothing runs beside it
RING: Final = 64  # blocks: 0.64 s of a process that is kept waiting; then new ones are lost
STALLED_S: Final = 0.5  # without a callback: the device is gone
BEGIN_S: Final = 5.0  # for the first one: a wireless headset changes to its microphone first, and
# PulseAudio's sources of null sinks end a block of 2 s before it
SOURCE_VARIABLE: Final = "PULSE_SOURCE"  # read when a stream is opened
MAX_CHANNELS: Final = 2  # of a card that has no mono

Taken = tuple[int, float, NDArray[np.float32]]
"""Number of the block (a gap is a loss), when the device gave it (monotonic s), (480,) in ±1."""


class AbsentError(DeviceError):
    """It is not there."""


class BlockRing:
    """Blocks between the callback and its reader: one writer, one reader, so no lock."""

    def __init__(self, channels: int) -> None:
        self._sound = np.zeros((RING, BLOCK, channels), np.float32)
        self._facts = [(0, 0.0)] * RING
        self._written = 0
        self._read = 0
        self.given = 0  # blocks, those without room among them

    def put(self, block: NDArray[np.float32], taken_s: float) -> None:
        number, self.given = self.given, self.given + 1
        if self._written - self._read >= RING:
            return
        at = self._written % RING
        self._sound[at] = block
        self._facts[at] = number, taken_s
        self._written += 1

    def get(self) -> Taken | None:
        if self._written == self._read:
            return None
        at = self._read % RING
        number, taken_s = self._facts[at]
        sound = self._sound[at].mean(axis=1)
        self._read += 1
        return number, taken_s, sound


class Input:
    """An open microphone. Raises DeviceError."""

    def __init__(self, name: str) -> None:
        sound = portaudio()
        source, device = _found(sound, name)
        channels = _channels(sound, device)
        self._ring = BlockRing(channels)
        self._came = threading.Event()
        self._stopped = False
        self._give_up_s = time.monotonic() + BEGIN_S
        try:
            with directed_to(SOURCE_VARIABLE, source):
                self._stream = sound.InputStream(
                    samplerate=RATE, blocksize=BLOCK, channels=channels, dtype="float32",
                    latency=LATENCY_S, device=device,
                    callback=self._callback, finished_callback=self._finished,
                )  # fmt: skip
                self._stream.start()
        except (sound.PortAudioError, ValueError, OSError) as error:
            raise DeviceError(f"{name} can't be opened: {plain(error)}") from error
        self.source = source
        self.latency_s = float(self._stream.latency)
        self.name = _label(source) if source else self._device_name(sound)

    def _device_name(self, sound: Any) -> str:
        return identity(str(sound.query_devices(self._stream.device)["name"]))

    def _callback(self, sound: NDArray[np.float32], _frames: int, _time: Any, _status: Any) -> None:
        now_s = time.monotonic()
        self._give_up_s = now_s + STALLED_S
        self._ring.put(sound, now_s)
        self._came.set()

    def _finished(self) -> None:
        self._stopped = True
        self._came.set()

    def read(self, timeout_s: float) -> Taken | None:
        """The next block; None when none has come."""
        taken = self._ring.get()
        if taken is None and self._came.wait(timeout_s):
            self._came.clear()
            taken = self._ring.get()
        return taken

    @property
    def is_gone(self) -> bool:
        return self._stopped or time.monotonic() > self._give_up_s

    def close(self) -> None:
        try:
            self._stream.abort()
            self._stream.close()
        except portaudio().PortAudioError as error:
            log.warning("closing %s: %s", self.name, error)


def input_names() -> list[str]:
    """Microphones by identity, the sound server's after them. Raises DeviceError."""
    sources = [SINK_PREFIX + one.name for one in _microphones()]
    found = dict.fromkeys(identity(one) for one in _inputs(portaudio()))
    if soundserver.sources():
        found.pop(SINK_DEVICE, None)  # it is the default's other name
    return [*found, *sources]


def input_labels() -> dict[str, str]:
    """What the sound server's are called by people."""
    return {SINK_PREFIX + one.name: one.label for one in _microphones()}


def _microphones() -> list[soundserver.Source]:
    return [one for one in soundserver.sources() if not one.monitor_source]


def _inputs(sound: Any) -> list[str]:
    devices = sound.query_devices()
    return [str(one["name"]) for one in devices if one["max_input_channels"] >= 1]


def _found(sound: Any, name: str) -> tuple[str | None, str | None]:
    """The sound server's source, and what PortAudio calls the device; None is its default.
    Raises AbsentError."""
    source = _default_source() if name == DEFAULT else sink_of(name)
    if source is None and name == DEFAULT:
        return None, None
    if source is not None and not any(one.name == source for one in soundserver.sources()):
        raise AbsentError(f"{name} can't be opened: it is not there")
    there = present(SINK_DEVICE if source is not None else name, _inputs(sound))
    if there is None:
        raise AbsentError(f"{name} can't be opened: it is not there")
    return source, there


def _default_source() -> str | None:
    """A server without a microphone gives what its loudspeaker plays instead; who talks into that
    would send all that he hears. Raises AbsentError."""
    name = soundserver.default_source()
    known = next((one for one in soundserver.sources() if one.name == name), None)
    if known is not None and known.monitor_source:
        raise AbsentError("there is no microphone; plug one in, or choose one")
    return known.name if known is not None else None


def _channels(sound: Any, device: str | None) -> int:
    """Mono where the sound server or the system converts. Raises AbsentError."""
    try:
        facts = sound.query_devices(device, "input")
    except (sound.PortAudioError, ValueError) as error:
        raise AbsentError("there is no microphone; plug one in, or choose one") from error
    most = int(facts["max_input_channels"])
    return most if most <= MAX_CHANNELS else 1


def _label(source: str) -> str:
    return next((one.label for one in soundserver.sources() if one.name == source), source)
