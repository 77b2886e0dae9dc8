"""The engine's side of the microphone: its process started, told what is wanted, listened to.

The process is :mod:`audio.microphone.capture`. Without a wish for a microphone there is none.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

import msgspec

from audio import protocol as p
from audio.devices.listing import MICROPHONES, listed
from audio.devices.outputs import DEFAULT, NULL
from audio.devices.portaudio import DeviceError
from audio.meters import MICROPHONE_ROW, SILENCE_DBFS, Meters
from audio.microphone.captured import Block, Standing, Wish, Word, decode_word, encode
from audio.microphone.inputs import input_labels

log = logging.getLogger(__name__)

AGAIN_S: Final = 1.0  # until a process that has ended is started again
STARTS_S: Final = 10.0  # until its first word: what it loads takes seconds on a busy machine
HUNG_S: Final = 3.0  # without a word from it: it is ended; it says something every second
LOOK_S: Final = 0.5  # between two looks whether it has hung
SETTLE_S: Final = 0.2  # between two wishes, so that they fill no pipe within HUNG_S
NO_SIGNAL: Final = "it gives no signal at all; is it muted?"
SILENT: Final = 3e-5  # peak, -90 dBFS: below the noise of any microphone that is on
SILENT_S: Final = 2.0
METER_BLOCKS: Final = 5  # 50 ms: the loudest of them is shown
STOP_S: Final = 3.0
READ_BYTES: Final = 65_536

Tell = Callable[[p.Event], None]


class Microphone:
    """``want``, ``set_busy`` and ``list_names`` from any thread, never blocking; ``take`` is called
    with each block, from the microphone's thread, as is ``tell``."""

    def __init__(self, meters: Meters, tell: Tell, take: Callable[[Block], None]) -> None:
        self._row = meters.rows[MICROPHONE_ROW : MICROPHONE_ROW + 1]
        self._tell = tell
        self._take = take
        self._wish = p.SetMicrophone(NULL)
        self._is_busy = False
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._said: Wish | None = None  # to the process
        self._heard_s = 0.0  # the last word of the process
        self._has_spoken = False  # it has said one
        self._next = -1  # number of the next block; below 0 it is not known
        self._peaks: list[float] = []
        self._sound_s = 0.0  # the last block that was not silent
        self._lost = 0
        self._listing = threading.Lock()
        self.figures = p.MicrophoneFigures(NULL)
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._woken.set()
        self._end_process()
        if self._thread.ident is not None:
            self._thread.join(timeout=STOP_S)

    def want(self, wish: p.SetMicrophone) -> None:
        self._wish = wish
        self._woken.set()

    def set_busy(self, is_busy: bool) -> None:
        """Somebody talks: nothing is changed that need not be."""
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self._row["talking"] = int(is_busy)
            self._woken.set()

    @property
    def side_tone_db(self) -> float | None:
        return self._wish.side_tone_db

    @property
    def why_not(self) -> str:
        """Why nobody can talk into it; empty when one can."""
        if self._wish.name == NULL:
            return "no microphone is chosen"
        if self.figures.state in ("ready", "silent"):
            return ""
        return self.figures.why or "the microphone is not open yet"

    def list_names(self, reply: Tell) -> None:
        """Asked in a thread of its own: one of these at a time, so that a hung sound system holds
        up nobody; who asks meanwhile gets no answer."""
        if self._listing.acquire(blocking=False):
            threading.Thread(
                target=self._answer, args=(reply,), name="microphone-names", daemon=True
            ).start()

    def _answer(self, reply: Tell) -> None:
        try:
            names = tuple(dict.fromkeys((DEFAULT, NULL, *listed(MICROPHONES))))
            reply(p.Microphones(names, labels=input_labels()))
        except DeviceError as error:
            reply(p.Microphones((NULL,), str(error)))
        finally:
            self._listing.release()

    # -- its process ------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended.is_set():
            wish = Wish(self._wish, self._is_busy)
            if wish.microphone.name == NULL:
                self._end_process()
                self._stands(Standing("none"))
            else:
                self._see_to_process(wish)
            self._woken.wait(None if wish.microphone.name == NULL else LOOK_S)
            self._woken.clear()
        self._end_process()

    def _see_to_process(self, wish: Wish) -> None:
        """That there is one, that it lives, and that it knows what is wanted."""
        if self._process is None:
            self._begin_process()
        elif not self._is_alive(self._process):
            self._end_process()
            self._stands(Standing("lost", why="the microphone's process has ended"))
            self._ended.wait(AGAIN_S)
        if self._process is not None and wish != self._said:
            self._say(self._process, wish)
            self._said = wish
            self._ended.wait(SETTLE_S)

    def _begin_process(self) -> None:
        line = [sys.executable, "-m", "audio.microphone.capture"]
        self._heard_s = time.monotonic()
        self._has_spoken = False
        self._said = None
        try:
            process = subprocess.Popen(
                line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            self._stands(Standing("none", why=f"the microphone's process can't start: {error}"))
            self._ended.wait(AGAIN_S)
            return
        self._process = process
        threading.Thread(
            target=self._read, args=(process,), name="microphone-words", daemon=True
        ).start()

    def _is_alive(self, process: subprocess.Popen[bytes]) -> bool:
        patience_s = HUNG_S if self._has_spoken else STARTS_S
        return process.poll() is None and time.monotonic() - self._heard_s < patience_s

    def _say(self, process: subprocess.Popen[bytes], wish: Wish) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which is seen at the next look
            os.write(process.stdin.fileno(), encode(wish))

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()

    # -- its words --------------------------------------------------------------------------

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        """Until it has ended."""
        splitter = p.Splitter()
        assert process.stdout is not None
        with process.stdout as words:
            try:
                while data := os.read(words.fileno(), READ_BYTES):
                    for body in splitter.feed(data):
                        self._heard(process, decode_word(body))
            except (OSError, p.ProtocolError, msgspec.DecodeError) as error:
                log.warning("the microphone's process can't be understood: %s", error)
                process.kill()

    def _heard(self, process: subprocess.Popen[bytes], word: Word) -> None:
        if process is not self._process:  # one that is being ended
            return
        self._heard_s = time.monotonic()
        self._has_spoken = True
        if isinstance(word, Standing):
            self._next = -1
            self._sound_s = self._heard_s
            self._stands(word)
            return
        if self._next >= 0:
            self._lost += word.number - self._next
        self._next = word.number + 1
        self._measure(word)
        self._take(word)

    def _stands(self, standing: Standing) -> None:
        name = standing.name or self._wish.name
        if standing.state != "ready":
            self._row["peak_dbfs"] = SILENCE_DBFS
        self._show(
            p.MicrophoneFigures(
                name, standing.state, standing.why, standing.latency_ms, SILENCE_DBFS,
                self._lost, standing.note,
            )
        )  # fmt: skip

    def _measure(self, block: Block) -> None:
        """What the meter shows, and whether there is anything at all."""
        self._peaks.append(block.peak)
        if len(self._peaks) < METER_BLOCKS:
            return
        peak = max(self._peaks)
        self._peaks.clear()
        now_s = time.monotonic()
        if peak > SILENT:
            self._sound_s = now_s
        is_silent = now_s - self._sound_s >= SILENT_S
        peak_dbfs = 20 * math.log10(max(peak, 1e-6))
        self._row["peak_dbfs"] = peak_dbfs
        figures = msgspec.structs.replace(self.figures, peak_dbfs=peak_dbfs, lost=self._lost)
        if figures.state in ("ready", "silent") and (figures.state == "silent") != is_silent:
            figures = msgspec.structs.replace(
                figures,
                state="silent" if is_silent else "ready",
                why=NO_SIGNAL if is_silent else "",
            )
        self._show(figures)

    def _show(self, figures: p.MicrophoneFigures) -> None:
        before, self.figures = self.figures, figures
        told = figures.name, figures.state, figures.why
        if told != (before.name, before.state, before.why):
            log.info("microphone: %s %s %s", *told)
            self._tell(p.MicrophoneChanged(*told))
