"""A private PulseAudio with a null sink, for one test: no dbus, no screen, root allowed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.audio.engine_fixtures import wait_until

TOOLS = ("pulseaudio", "pactl", "parec")
ASOUNDRC = """
pcm.!default { type pulse handle_underrun 1 }
ctl.!default { type pulse }
pcm.spk { type pulse device spk handle_underrun 1 hint { show on description "spk" } }
"""


def missing() -> str:
    """Why it can't be had here, or empty."""
    absent = [one for one in TOOLS if shutil.which(one) is None]
    return f"needs {', '.join(absent)}" if absent else ""


class Pulse:
    """``start`` and ``kill`` the server; ``env`` is what its clients need."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "pulse.sock"
        self._log = folder / "pulse.log"
        (folder / ".asoundrc").write_text(ASOUNDRC)
        self.env = {
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "PULSE_SERVER": f"unix:{self._socket}",
        }
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._socket.unlink(missing_ok=True)
        modules = (
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            "module-null-sink sink_name=spk rate=48000 channels=2 format=float32le",
        )
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
            + ["--disable-shm=yes", f"--log-target=file:{self._log}"]
            + [part for one in modules for part in ("-L", one)],
            env={**os.environ, **self.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, f"PulseAudio started: {self._log}")

    def kill(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def _answers(self) -> bool:
        line = ["pactl", "info"]
        done = subprocess.run(
            line, env={**os.environ, **self.env}, capture_output=True, check=False
        )
        return done.returncode == 0

    def plug_in(self, sink: str, *words: str) -> None:
        """One more sink, as when a headset is plugged in."""
        self._pactl(
            "load-module", "module-null-sink", f"sink_name={sink}", "channels=2", "rate=48000",
            f"sink_properties=device.description={sink.upper()}", *words,
        )  # fmt: skip

    def sinks(self) -> list[str]:
        return [line.split()[1] for line in self._pactl("list", "short", "sinks").splitlines()]

    def plug_in_microphone(self, source: str, master: str) -> None:
        """One more source, which gives what ``master`` gives."""
        self._pactl(
            "load-module", "module-remap-source", f"source_name={source}", f"master={master}",
            f"source_properties=device.description={source.upper()}", "channels=1",
        )  # fmt: skip

    def suspend(self, source: str) -> None:
        """It gives no sound until :meth:`wake`."""
        self._pactl("suspend-source", source, "1")

    def wake(self, source: str) -> None:
        self._pactl("suspend-source", source, "0")

    def loop_back(self, source: str, sink: str) -> None:
        """The server itself plays the source to the sink, as quickly as it can."""
        self._pactl(
            "load-module", "module-loopback", f"source={source}", f"sink={sink}", "latency_msec=20"
        )

    def pull_out(self, sink: str) -> None:
        """The server moves its streams to another sink, as on a desktop."""
        modules = self._pactl("list", "short", "modules").splitlines()
        number = next(one.split()[0] for one in modules if f"sink_name={sink}" in one.split())
        self._pactl("unload-module", number)

    def move_all_to(self, sink: str) -> None:
        """As a person does it in the system's sound settings."""
        for line in self._pactl("list", "short", "sink-inputs").splitlines():
            self._pactl("move-sink-input", line.split()[0], sink)

    def _pactl(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    @contextlib.contextmanager
    def recording(self, out: Path, sink: str = "spk") -> Iterator[None]:
        """What the sink plays goes to ``out`` (see :func:`read_raw`)."""
        line = ["parec", "-d", f"{sink}.monitor", "--format=float32le", "--rate=48000", "--raw"]
        with out.open("wb") as file:
            recorder = subprocess.Popen(line, env={**os.environ, **self.env}, stdout=file)
            try:
                wait_until(lambda: out.stat().st_size > 0, "the monitor is recorded")
                yield
            finally:
                recorder.terminate()
                recorder.wait()


def read_raw(path: Path) -> NDArray[np.float32]:
    """(n, 2)."""
    raw = np.fromfile(path, "<f4")
    return raw[: len(raw) // 2 * 2].reshape(-1, 2)


@contextlib.contextmanager
def pulse() -> Iterator[Pulse]:
    """Running. Its folder's path is short: unix sockets live there."""
    with tempfile.TemporaryDirectory(prefix="vp-") as folder:
        one = Pulse(Path(folder))
        try:
            one.start()
            yield one
        finally:
            one.kill()
