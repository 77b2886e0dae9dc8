"""Beside an open microphone: has the sound server moved it, is a better one there (again)?

On a thread of its own, as asking takes tens of milliseconds and a hung sound system for ever.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from audio.devices import soundserver
from audio.devices.listing import MICROPHONES, listed
from audio.devices.outputs import present
from audio.devices.portaudio import DeviceError
from audio.microphone.inputs import Input

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0  # between two looks for a better one
SETTLE_S: Final = 0.1  # the sound server's changes come in crowds
REFUSED_S: Final = 10.0  # one that was there and could not be opened is left alone


class Lookout:
    """``watch`` never blocks; ``on_news`` is called from the lookout's thread, and what it is about
    is then in :attr:`moved` or :attr:`is_better`."""

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news
        self._watched: Input | None = None
        self._better: tuple[str, ...] = ()
        self._refused: tuple[str, ...] = ()
        self._since_s = 0.0
        self._changed = threading.Event()
        self._listener = soundserver.Listener(self._changed.set, soundserver.SOURCES_MATTER)
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)
        self.moved = ""  # why the watched one is no longer what it was
        self.is_better = False  # one that is wanted more is there

    def start(self) -> None:
        self._thread.start()
        self._listener.start()

    def watch(
        self, opened: Input | None, better: tuple[str, ...] = (), refused: tuple[str, ...] = ()
    ) -> None:
        """From now on this one; ``better``: what is wanted more, of which ``refused`` were there
        and could not be opened."""
        self._watched, self._better, self._refused = opened, better, refused
        self._since_s = time.monotonic()
        self.moved, self.is_better = "", False

    def _run(self) -> None:
        while True:
            if self._changed.wait(LOOK_S):
                time.sleep(SETTLE_S)
                self._changed.clear()
            watched = self._watched
            if watched is None:
                continue
            moved, is_better = _moved(watched), self._is_better_there()
            if watched is self._watched and (moved or is_better):
                self.moved, self.is_better = moved, is_better
                self._on_news()

    def _is_better_there(self) -> bool:
        is_early = time.monotonic() - self._since_s < REFUSED_S
        names = [one for one in self._better if not (is_early and one in self._refused)]
        if not names:
            return False
        try:
            there = listed(MICROPHONES)
        except DeviceError as error:
            log.warning("looking for microphones: %s", error)
            return False
        return any(present(one, there) for one in names)


def _moved(opened: Input) -> str:
    """Whether its sound comes from another source now, of which PortAudio never hears. One that a
    person has moved it to is as good as the first."""
    if opened.source is None:
        return ""
    there = {one.name for one in soundserver.sources()}
    now = soundserver.recorded_from()
    if now is None or now.name == opened.source or opened.source in there:
        return ""
    return f"{opened.name} is gone"
