"""A desk as it is put together for an operator, fed by a fictional site instead of by its links.

Models, window, map and inbox are the program's own, composed by :class:`console.desk.desk.Desk`;
only what would come from the network and the engine is made up (:mod:`benchmarks.busy_site`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from audio import protocol
from benchmarks.busy_site import BusySite
from benchmarks.figures import quantile
from benchmarks.gaps import Gaps
from benchmarks.reaction import reaction_ms
from console import garbage
from console.cli import command_parser
from console.desk import news
from console.desk.desk import Desk
from console.desk.linked import new_intake
from console.desk.listening import Listening
from tests.turning import turn
from widgets.window import DeskWindow

ACTIVE: Final = 64  # meters that move
LEVEL_S: Final = 1 / 25
SETTLE_S: Final = 240.0
EVENTS_PER_S: Final = 50.0
FIRST_BATCH: Final = 500


class BusyDesk(Desk):
    """``quiet``: the same window with nothing going on."""

    def __init__(self, home: Path, site: BusySite, *, size: tuple[int, int], quiet: bool) -> None:
        super().__init__(_options(home, size))
        self._site = site
        self._quiet = quiet
        self._peaks = np.full(protocol.MAX_STREAMS + 2, -120.0, dtype=np.float32)
        self._chance = random.Random(7)
        self._ended = threading.Event()
        self._feeds: list[threading.Thread] = []

    @property
    def store(self) -> Any:
        return self.parts.store

    def link_up(self) -> None:
        """In place of the links: the intake alone."""
        listening = Listening(interface="127.0.0.1", keys=None, unicast_ports={})
        self.parts.outside.listening = listening
        self._intake = new_intake(self.parts, listening, lambda: True, self)
        self.parts.talkgroups.set_meters(self._peaks)
        self.post(news.SiteFound("Fiktiv legevakt"), news.SiteIs("up", ""))
        self.post(news.StreamsFound(self._site.announcements(), ()))
        beginning = self._site.beginning()
        for at in range(0, len(beginning), FIRST_BATCH):
            self.post(news.SiteSaid(tuple(beginning[at : at + FIRST_BATCH])))
        slots = {one.stream: n for n, one in enumerate(self._site.announcements())}
        self.post(news.EngineIs("up", ""), news.EngineSaid(protocol.Slots(slots)))
        if not self._quiet:
            self._feed(self._move_levels, LEVEL_S)

    def post(self, *items: object) -> None:
        """From any thread, as the links do."""
        for item in items:
            self.parts.inbox.post(item)

    def tell(self, events: Sequence[Any]) -> None:
        self.post(news.SiteSaid(tuple(events)))

    def begin_traffic(self, events_per_s: float) -> None:
        """One event a message, from a thread of its own."""
        traffic = self._site.traffic()
        self._feed(lambda: self.tell((next(traffic),)), 1 / events_per_s)

    def _feed(self, act: Any, every_s: float) -> None:
        thread = threading.Thread(target=self._repeat, args=(act, every_s), daemon=True)
        self._feeds.append(thread)
        thread.start()

    def _repeat(self, act: Any, every_s: float) -> None:
        due_s = time.monotonic()
        while not self._ended.is_set():
            act()
            due_s = max(due_s + every_s, time.monotonic() - 1.0)
            time.sleep(max(0.0, due_s - time.monotonic()))

    def _move_levels(self) -> None:
        self._peaks[:ACTIVE] = [self._chance.uniform(-50.0, -3.0) for _ in range(ACTIVE)]

    def settle(self) -> None:
        """Until all that was told is shown, the map too."""
        until_s = time.monotonic() + SETTLE_S
        while time.monotonic() < until_s:
            turn(50)
            is_there = len(self.store.state.units) >= self._site.units
            if is_there and self.parts.inbox.is_empty and self.window.is_settled:
                return
        raise TimeoutError("the window has not settled")

    def finish(self) -> None:
        self._ended.set()
        for thread in self._feeds:
            thread.join()
        self.window.end()

    def be_in_front(self) -> None:
        """An X server without a window manager gives the keyboard to nobody who doesn't ask."""
        self.window.activateWindow()
        if not QTest.qWaitForWindowActive(self.window):
            raise TimeoutError("the window is not given the keyboard")


def _options(home: Path, size: tuple[int, int]) -> argparse.Namespace:
    words = ["desk", "--home", str(home), "--device", "null", "--interface", "127.0.0.1"]
    options = command_parser("desk").parse_args([*words, "--size", f"{size[0]}x{size[1]}"])
    options.keys = None
    return options


class Frames:
    """How long each repaint of the window took: everything that was to be painted anew."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        handle, frames = DeskWindow.event, self

        def timed(window: DeskWindow, event: QEvent) -> bool:
            if event.type() != QEvent.Type.UpdateRequest:
                return handle(window, event)
            began = time.perf_counter()
            done = handle(window, event)
            frames.ms.append(1_000 * (time.perf_counter() - began))
            return done

        DeskWindow.event = timed  # type: ignore[method-assign,assignment]  # times, then handles


def click(widget: QWidget, at: QPoint | None = None) -> None:
    if at is None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    else:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)


def measure(seconds: float, inputs: int, units: int, *, quiet: bool) -> dict[str, float]:
    """In milliseconds, of a window of 1920 × 1080; run it in a process of its own."""
    garbage.set_code_aside()  # as a desk's process does
    frames, site = Frames(), BusySite(units=units)
    with tempfile.TemporaryDirectory(prefix="vd-") as home:
        desk = BusyDesk(Path(home), site, size=(1_920, 1_080), quiet=quiet)
        desk.open()
        desk.settle()
        desk.be_in_front()
        if not quiet:
            desk.begin_traffic(EVENTS_PER_S)
        turn(1_000)
        gaps, cpu = Gaps(), time.process_time()
        frames.ms.clear()
        gaps.start()
        turn(1_000 * seconds)
        gaps.stop()
        cpu = time.process_time() - cpu
        frames_ms = list(frames.ms)
        reactions = _reactions(desk.window, inputs)
        desk.finish()
    return {
        "core_percent": 100 * cpu / seconds,
        "frames": len(frames_ms),
        "frame_p95": quantile(frames_ms or [0.0], 0.95),
        "frame_max": max(frames_ms, default=0.0),
        "away_p99": quantile(gaps.ms, 0.99),
        "away_max": max(gaps.ms),
        "reaction_p50": quantile(reactions, 0.5),
        "reaction_p95": quantile(reactions, 0.95),
    }


def _reactions(window: DeskWindow, inputs: int) -> list[float]:
    """Clicks and keys in turn: each until the tile or list that they are about is painted."""
    found = []
    for n in range(inputs):
        tile = window.tiles.tiles()[n % 10]
        found.append(reaction_ms(tile, partial(click, tile, QPoint(40, 14))))
        found.append(reaction_ms(tile, partial(QTest.keyClick, window, Qt.Key.Key_M)))
    return found


if __name__ == "__main__":
    way, *figures = sys.argv[1:]
    seconds, inputs, units = map(float, figures)
    print(json.dumps(measure(seconds, int(inputs), int(units), quiet=way == "quiet")))
