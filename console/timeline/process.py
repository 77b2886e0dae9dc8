"""The timeline's process from the desk's side: started, started again when it dies, and ended.

It reads its standard input, which nobody writes to: when the desk ends, however it does, the pipe
ends and the process with it.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from audio.ready import make_ready
from console.site.node.process import child_environment

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
AGAIN_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
LASTED_S: Final = 60.0
"""One that ran for so long was well: the next failure is a first one again."""
END_S: Final = 3.0
MAX_LINE: Final = 4_096


class TimelineProcess:
    def __init__(self, home: Path, *, interface: str | None, log_level: str) -> None:
        self._line = [sys.executable, "-m", "console.timeline", "--home", str(home)]
        self._line += ["--interface", interface] if interface else []
        self._line += ["--log-level", log_level]
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self.trouble = ""  # why nothing is kept, in one sentence
        self._thread = threading.Thread(target=self._run, name="timeline-process", daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=2 * END_S)

    @property
    def pid(self) -> int:
        """0 = there is none now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def _run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            begun_s = time.monotonic()
            try:
                self._live_with_one()
            except OSError as error:
                log.warning("the timeline's process can't be started: %s", error)
                self.trouble = str(error)
            has_lasted = time.monotonic() - begun_s >= LASTED_S
            failures = 0 if has_lasted else failures + 1
            self._ended.wait(AGAIN_S[min(failures, len(AGAIN_S)) - 1 if failures else 0])

    def _live_with_one(self) -> None:
        """Raises OSError."""
        process = subprocess.Popen(
            self._line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
        self._process = process
        ear = threading.Thread(
            target=self._listen, args=(process,), name="timeline-ear", daemon=True
        )
        ear.start()
        try:
            while process.poll() is None and not self._ended.wait(LOOK_S):
                pass
            if process.returncode is not None:
                log.warning("the timeline's process ended with %d", process.returncode)
        finally:
            _end(process)
            ear.join(timeout=END_S)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Each line is what stands in the way now, an empty one nothing."""
        assert process.stdout is not None
        with process.stdout as said:
            while line := said.readline(MAX_LINE):
                self.trouble = line.decode(errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
