"""The desk that ``bench night`` sits at, in a process of its own."""

from __future__ import annotations

import gc
import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from benchmarks import night
from benchmarks.busy_desk import BusyDesk
from benchmarks.busy_site import BusySite
from benchmarks.gaps import Gaps
from console import garbage
from console.desk import news
from console.domain.events import Event
from tests.turning import turn
from widgets.theme import PALETTES

UNITS: Final = 500
GROUPS: Final = 60
BATCH: Final = 25  # events of one message
SHORTEST_MS: Final = 5.0  # of the loop's turn after each
NIGHT_MS: Final = round(night.HOURS * 3_600_000)
EVENTS_PER_S: Final = 400.0
INCIDENT_EVERY: Final = 2_000  # events
STATIONS_EVERY: Final = 5_000
KEYS: Final = (
    Qt.Key.Key_1, Qt.Key.Key_M, Qt.Key.Key_3, Qt.Key.Key_F8, Qt.Key.Key_Escape, Qt.Key.Key_F12,
    Qt.Key.Key_Escape, Qt.Key.Key_T, Qt.Key.Key_T, Qt.Key.Key_M, Qt.Key.Key_Plus,
    Qt.Key.Key_Minus,
)  # fmt: skip
CONTROL_KEYS: Final = (Qt.Key.Key_N, Qt.Key.Key_D, Qt.Key.Key_R, Qt.Key.Key_F)


class Night:
    """Feeds, plays the hand, and counts."""

    def __init__(self, home: Path, seconds: float, *, leaks: bool) -> None:
        garbage.set_code_aside()  # as a desk's process does
        self._site = BusySite(units=UNITS, talkgroups=GROUPS)
        self._desk = BusyDesk(home, self._site, size=(1_366, 768), quiet=False)
        self._seconds, self._leaks = seconds, leaks
        self._forgotten: list[QObject] = []
        self._hand = self._acts()
        self._told = self._acted = 0
        self._most_mib = 0.0
        self._quarters: list[dict[str, float]] = []

    def live(self) -> list[dict[str, float]]:
        self._desk.open()
        self._desk.settle()
        began_ms, wanted = self._site.now_ms, round(EVENTS_PER_S * self._seconds)
        quarter = wanted // night.QUARTERS
        traffic, gaps = self._traffic(began_ms, wanted), Gaps()
        gaps.start()
        due_s = time.monotonic()
        for batch in iter(lambda: tuple(itertools.islice(traffic, BATCH)), ()):
            self._desk.tell(batch)
            self._told += len(batch)
            due_s += BATCH / EVENTS_PER_S
            if time.monotonic() < due_s:  # a hand waits for a desk that is behind
                next(self._hand)
                self._acted += 1
            turn(max(SHORTEST_MS, 1_000 * (due_s - time.monotonic())))
            self._most_mib = max(self._most_mib, _memory_mib())
            if len(self._quarters) < night.QUARTERS and self._told >= quarter * (
                len(self._quarters) + 1
            ):
                gaps.stop()
                self._quarters.append(self._counted(gaps.ms))
                gaps = Gaps()
                gaps.start()
        gaps.stop()
        self._desk.finish()
        return self._quarters

    def _traffic(self, began_ms: int, wanted: int) -> Iterator[Event]:
        """The site's clock goes through the night while the machine's does through minutes."""
        steady, step_ms = self._site.traffic(), NIGHT_MS / wanted
        for n in range(wanted):
            self._site.now_ms = max(self._site.now_ms, began_ms + round(n * step_ms))
            yield next(steady)
            if n % INCIDENT_EVERY == 0:
                yield from self._incident(n)
            if n % STATIONS_EVERY == 0:
                self._stations_change()

    def _incident(self, n: int) -> list[Event]:
        if self._leaks:
            timer, label = QTimer(), QLabel("forgotten")
            timer.start(3_600_000)
            self._forgotten += [timer, label]
        return self._site.incident(n)

    def _stations_change(self) -> None:
        announced = self._site.announcements()
        gone = tuple(one.stream for one in announced[-5:])
        self._desk.post(news.StreamsFound((), gone), news.StreamsFound(announced[-5:], ()))

    def _acts(self) -> Iterator[None]:
        """One thing at a time, round and round."""
        window = self._desk.window
        while True:
            for key in KEYS:
                QTest.keyClick(window, key)
                yield
            for key in CONTROL_KEYS:
                for _ in range(2):
                    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
                    yield
                QTest.keyClick(window, Qt.Key.Key_Escape)
            for name in PALETTES:
                window.set_palette(PALETTES[name])
                yield
            for language in ("en", "nn", "nb"):
                window.set_language(language)
                yield

    def _counted(self, away_ms: list[float]) -> dict[str, float]:
        """When all is taken in, what was let go is gone and the hand has put all back: the map's
        labels too, which gather in one picture until it is begun anew."""
        QTest.keyClick(self._desk.window, Qt.Key.Key_Escape)
        self._desk.window.set_language("nb")
        for palette in PALETTES.values():
            self._desk.window.set_palette(palette)
            self._desk.settle()
        most_mib, self._most_mib = self._most_mib, 0.0
        for _ in range(3):
            gc.collect()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            turn(100)
        objects = self._objects()
        return {
            "memory_mib": _memory_mib(),
            "most_mib": most_mib,
            "widgets": len(QApplication.allWidgets()),
            "timers": sum(isinstance(one, QTimer) for one in objects),
            "objects": len(objects),
            "threads": threading.active_count(),
            "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208  # names alone are needed
            "events": self._told,
            "acts": self._acted,
            "away_max_ms": max(away_ms, default=0.0),
        }

    def _objects(self) -> list[QObject]:
        """All that hang on the desk, the window or the application, and what Python holds."""
        roots: list[QObject] = [self._desk, *QApplication.topLevelWidgets()]
        known = {id(one): one for root in roots for one in (root, *root.findChildren(QObject))}
        known |= {id(one): one for one in gc.get_objects() if isinstance(one, QObject)}
        return list(known.values())


def _memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(seconds: float, *, leaks: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="vn-") as home:
        print(json.dumps(Night(Path(home), seconds, leaks=leaks).live()))


if __name__ == "__main__":
    main(float(sys.argv[1]), leaks=sys.argv[2] == "1")
