"""Sound devices: PortAudio by sounddevice, or none, which is a clock. The only importer of either.

A device pulls finished sound out of a ring; its callback only copies. Whether it still plays is
judged by when its callback last ran: PortAudio's own underflow flag is not to be believed
(PipeWire reports none while dozens of gaps are heard).
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from audio.devices import soundserver
from audio.devices.outputs import DEFAULT, NULL, SINK_PREFIX, identity, present, sink_of
from audio.devices.rates import StereoResampler
from audio.devices.ring import Ring

log = logging.getLogger(__name__)

RATE: Final = 48_000
BLOCK: Final = 480  # frames: 10 ms
LATENCY_S: Final = 0.08  # asked of PortAudio; less leaves gaps without real-time priority
PERIODS: Final = round(LATENCY_S * RATE / BLOCK) + 1  # of one block: the one that plays, and these
AHEAD: Final = BLOCK  # frames kept ready for the callback: 10 ms; more left no fewer gaps
RING: Final = 16 * BLOCK  # frames: AHEAD and what one late tick may add
MAKE_UP_S: Final = 0.5  # of lost time without a sound card
CATCH_UP_S: Final = 0.02  # that a callback waits for sound; the device holds LATENCY_S meanwhile
STALLED_S: Final = 0.5  # without a callback: the device is gone
FILLING: Final = 20  # calls, twice what LATENCY_S holds: the first ones only fill a device's buffer
FIRST_S: Final = 4.0  # for the next; PulseAudio's null sink ends a block of 2 s before it
BAD_RATE: Final = -9997  # PortAudio's paInvalidSampleRate
SINK_DEVICE: Final = "pulse"  # ALSA's way to the sound server
SINK_VARIABLE: Final = "PULSE_SINK"  # read when a stream is opened


class DeviceError(Exception):
    """The device can't be opened. One sentence for a person."""


class Output(Protocol):
    """What the mix thread feeds: ``wait``, then ``put`` one block."""

    name: str  # for people
    latency_ms: float  # that the device holds itself, by its own word
    ahead_ms: float  # of finished sound kept ready for it

    def put(self, block: NDArray[np.float32]) -> None: ...

    def wait(self) -> bool:
        """Until sound is wanted. False: the device has stopped, open another."""
        ...

    def close(self) -> None: ...

    @property
    def underflows(self) -> int: ...


class Pace:
    """Whether a device asks for sound, by when it has called. Pure, with time from outside."""

    def __init__(self) -> None:
        self._calls = 0
        self._last_s = float("inf")

    def called(self, now_s: float) -> bool:
        """Returns whether it asks as it plays; not yet while its buffer is filled."""
        self._calls += 1
        self._last_s = now_s
        return self._calls > FILLING

    def has_stalled(self, now_s: float) -> bool:
        return now_s - self._last_s > STALLED_S


class NullOutput:
    """No sound card: takes 10 ms of sound every 10 ms."""

    latency_ms = 0.0
    ahead_ms = 0.0

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = NULL
        self._sleep = sleep
        self._due_s = time.monotonic()
        self._skipped = 0

    @property
    def underflows(self) -> int:
        """How often time was lost that could not be made up."""
        return self._skipped

    def put(self, block: NDArray[np.float32]) -> None:
        """Nobody hears it."""

    def wait(self) -> bool:
        """A machine that slept or hung makes up MAKE_UP_S of lost time at the most."""
        self._due_s += BLOCK / RATE
        pause_s = self._due_s - time.monotonic()
        if pause_s > 0:
            self._sleep(pause_s)
        elif pause_s < -MAKE_UP_S:
            self._due_s -= pause_s
            self._skipped += 1
        return True

    def close(self) -> None:
        """Nothing was opened."""


class PortAudioOutput:
    """A real device, at 48 kHz or, where it refuses that, at its own rate. Raises DeviceError."""

    ahead_ms = AHEAD * 1e3 / RATE

    def __init__(self, name: str) -> None:
        self._resampler: StereoResampler | None = None
        self._wanted = threading.Event()
        self._filled = threading.Event()
        self._stopped = False
        self._pace = Pace()
        self._asks = threading.Event()
        self._short = 0
        self._begun = False
        sink = sink_of(name)
        sound = portaudio()
        _fetch_block_by_block(sound)
        try:
            with directed_to(SINK_VARIABLE, sink):
                self._stream = self._opened(sound, _device(sound, name))
                self._stream.start()
        except (sound.PortAudioError, ValueError, OSError) as error:
            raise DeviceError(f"{name} can't be opened: {plain(error)}") from error
        self._await_pace(name)
        self.latency_ms = float(self._stream.latency) * 1e3
        self.name = _label(sink) if sink else self._device_name(sound)

    def _opened(self, sound: Any, device: int | str | None) -> Any:
        try:
            return self._opened_at(RATE, sound, device)
        except sound.PortAudioError as error:
            if BAD_RATE not in error.args:
                raise
        own = round(sound.query_devices(device, "output")["default_samplerate"])
        self._resampler = StereoResampler(own / RATE)
        return self._opened_at(own, sound, device)

    def _opened_at(self, rate: int, sound: Any, device: int | str | None) -> Any:
        self._ahead = AHEAD * rate // RATE
        self._ring = Ring(RING * rate // RATE)
        return sound.OutputStream(
            samplerate=rate, blocksize=BLOCK * rate // RATE, channels=2, dtype="float32",
            latency=LATENCY_S, device=device,
            callback=self._callback, finished_callback=self._finished,
        )  # fmt: skip

    def _await_pace(self, name: str) -> None:
        """Whoever plays meanwhile goes on: nobody waits for this one but who opens it. Raises
        DeviceError."""
        if not self._asks.wait(FIRST_S) or self._stopped:
            self.name = name
            self.close()
            raise DeviceError(f"{name} can't be opened: it asks for no sound")

    def _device_name(self, sound: Any) -> str:
        return identity(str(sound.query_devices(self._stream.device)["name"]))

    @property
    def underflows(self) -> int:
        return self._short

    def _callback(self, out: NDArray[np.float32], frames: int, _time: Any, _status: Any) -> None:
        got = self._ring.read_into(out)
        if got:
            self._begun = True
        self._wanted.set()
        if got < frames and self._begun and got + self._read_late(out[got:]) < frames:
            self._short += 1
        if self._pace.called(time.monotonic()):
            self._asks.set()

    def _read_late(self, rest: NDArray[np.float32]) -> int:
        """PortAudio comes late now and then, and when it begins, and makes up for it with calls in
        a row, more than are kept ready: the mix thread needs a moment for each."""
        self._filled.clear()
        if self._ring.filled < len(rest):
            self._filled.wait(CATCH_UP_S)
        return self._ring.read_into(rest)

    def put(self, block: NDArray[np.float32]) -> None:
        if self._resampler is not None:
            block = self._resampler.process(block)
        self._ring.write(block)  # there is room: the ring holds less than AHEAD after `wait`
        self._filled.set()

    def _finished(self) -> None:
        self._stopped = True
        self._asks.set()
        self._wanted.set()

    def wait(self) -> bool:
        while not self._stopped:
            self._wanted.clear()
            if self._ring.filled < self._ahead:
                return True
            if not self._wanted.wait(0.1) and self._pace.has_stalled(time.monotonic()):
                return False
        return False

    def close(self) -> None:
        sound = portaudio()
        try:
            self._stream.abort()
            self._stream.close()
        except sound.PortAudioError as error:
            log.warning("closing %s: %s", self.name, error)


def portaudio() -> Any:
    """The sounddevice module. Raises DeviceError where the PortAudio library is missing."""
    try:
        import sounddevice  # noqa: PLC0415 - a machine without PortAudio still gets an engine
    except OSError as error:
        raise DeviceError(
            "the PortAudio library is missing; install libportaudio2 (Debian) or portaudio"
        ) from error
    return sounddevice


def rescan() -> None:
    """PortAudio looks for devices only when it is initialised; takes about 0.05 s."""
    sound = portaudio()
    sound._terminate()
    sound._initialize()


def output_names() -> list[str]:
    """Stereo outputs by identity, the sound server's sinks after them. Raises DeviceError."""
    sinks = [SINK_PREFIX + one.name for one in soundserver.sinks()]
    found = dict.fromkeys(identity(one) for one in _stereo(portaudio()))
    if sinks:
        found.pop(SINK_DEVICE, None)  # it is the default's other name
    return [*found, *sinks]


def labels() -> dict[str, str]:
    """What the sinks are called by people."""
    return {SINK_PREFIX + one.name: one.label for one in soundserver.sinks()}


def _stereo(sound: Any) -> list[str]:
    devices = sound.query_devices()
    return [str(one["name"]) for one in devices if one["max_output_channels"] >= 2]


def _fetch_block_by_block(sound: Any) -> None:
    """ALSA's default of four periods in LATENCY_S makes PortAudio fetch three blocks in a row every
    30 ms, the last of which then waits for 20 ms longer: periods of one block each. A setting of
    the library's for ALSA alone (pa_linux_alsa.h), which no other system has."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # another build: as it is, only later
            ctypes.CDLL(sound._libname).PaAlsa_SetNumPeriods(PERIODS)


def _device(sound: Any, name: str) -> str | None:
    """What PortAudio calls it now; None is its default. Raises ValueError."""
    if name == DEFAULT:
        return None
    sink = sink_of(name)
    if sink is not None and not any(one.name == sink for one in soundserver.sinks()):
        raise ValueError("it is not there")
    there = present(SINK_DEVICE if sink is not None else name, _stereo(sound))
    if there is None:
        raise ValueError("it is not there")
    return there


def _label(sink: str) -> str:
    return next((one.label for one in soundserver.sinks() if one.name == sink), sink)


@contextlib.contextmanager
def directed_to(variable: str, name: str | None) -> Iterator[None]:
    """The sound server's library takes sink and source from the environment. One thread opens
    devices."""
    if name is None:
        yield
        return
    before = os.environ.get(variable)
    os.environ[variable] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ[variable]
        else:
            os.environ[variable] = before


def plain(error: Exception) -> str:
    """PortAudio's codes in words that say what to do."""
    text = str(error)
    if "unavailable" in text.lower() or "busy" in text.lower():
        return "another program has it for itself; close that one, or choose another device"
    if "sample rate" in text.lower():
        return (
            f"it does not do {RATE} Hz; set it so in the system's sound settings, or choose it by "
            "way of the sound server, which converts"
        )
    return text


def open_output(name: str) -> Output:
    """Raises DeviceError."""
    return NullOutput() if name == NULL else PortAudioOutput(name)
