"""The reader's process from the desk's side: started, started again when it dies, and ended.

It reads its standard input: when the desk ends, however it does, the pipe ends and the process with
it. It is not there while nothing is bound and nothing is learned.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from audio.ready import make_ready
from console.pedals.messages import MAX_LINE, Told, Wish, encode, told_in

log = logging.getLogger(__name__)

AGAIN_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LASTED_S: Final = 30.0
"""One that ran for so long was well: the next failure is a first one again."""
END_S: Final = 2.0
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class PedalProcess:
    """``told`` and ``ended`` are called from threads of its own."""

    def __init__(
        self,
        *,
        told: Callable[[Told], None],
        ended: Callable[[], None],
        environment: dict[str, str],
        home: Path | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self._line = [sys.executable, "-m", "console.pedals", *options]
        self._line += ["--home", str(home)] if home is not None else []
        self._environment = environment
        self._told = told
        self._on_end = ended
        self._wish = Wish()
        self._changed = threading.Condition()
        self._is_over = False
        self._is_dismissed = False
        self._process: subprocess.Popen[bytes] | None = None
        self.unread = 0
        self._thread = threading.Thread(target=self._run, name="pedal-process", daemon=True)
        make_ready()
        self._thread.start()

    def wish(self, wish: Wish) -> None:
        with self._changed:
            self._wish = wish
            self._changed.notify_all()
            self._pass_on()

    def stop(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
            process = self._process
        if process is not None:
            _close(process)
        self._thread.join(timeout=2 * END_S)

    @property
    def pid(self) -> int:
        """0 = there is none now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    @property
    def _is_wanted(self) -> bool:
        return bool(self._wish.controls) or self._wish.learning

    def _pass_on(self) -> None:
        """To the one that runs; one that has just died is told again by its successor's start."""
        process = self._process
        if process is None or process.stdin is None:
            return
        if not self._is_wanted:
            self._is_dismissed = True
            _close(process)
            return
        with contextlib.suppress(OSError, ValueError):
            process.stdin.write(encode(self._wish))
            process.stdin.flush()

    def _run(self) -> None:
        failures = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or self._is_wanted)
                if self._is_over:
                    return
            begun_s = time.monotonic()
            try:
                self._live_with_one()
            except OSError as error:
                log.warning("the process that reads pedals can't be started: %s", error)
            was_well = self._is_dismissed or time.monotonic() - begun_s >= LASTED_S
            failures = 0 if was_well else failures + 1
            with self._changed:
                self._process = None
                if self._is_wanted and not self._is_over:
                    self._changed.wait(AGAIN_S[min(failures, len(AGAIN_S)) - 1 if failures else 0])

    def _live_with_one(self) -> None:
        """Raises OSError."""
        process = subprocess.Popen(
            self._line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )
        with self._changed:
            self._process = process
            self._is_dismissed = False
            self._pass_on()
        try:
            self._listen(process)
        finally:
            self._on_end()
            _end(process)
        log.info("the process that reads pedals ended with %s", process.returncode)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as said:
            while line := said.readline(MAX_LINE):
                try:
                    told = told_in(line)
                except UNREADABLE:
                    self.unread += 1
                    continue
                self._told(told)


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    _close(process)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
