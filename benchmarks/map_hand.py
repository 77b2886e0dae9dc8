"""A hand that pans and zooms over a map whose units all move once a second: one process, one figure
of each kind as JSON. ``ours`` is the desk's own map, ``naive`` what pyqtgraph draws by itself.

A hand moves at 60 Hz. A frame's time is from its move to the finished picture, with all that Qt's
loop was at then: news of units, a piece of a layout, tiles that came.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from benchmarks.figures import quantile
from benchmarks.gaps import Gaps
from console import garbage
from console.desk.collector import Collector
from console.models.clock import WallClock
from tests.gui.map_fakes import Rows
from tests.turning import turn
from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import UnitRow
from widgets.map.projection import forward
from widgets.map.view import MapView
from widgets.theme import NIGHT

HZ: Final = 60
SETTLE_S: Final = 20.0
OSLO: Final = (59.6, 10.3)
KINDS: Final = ("ambulance", "doctor", "first-responder", "police", "fire", "helicopter")
Frame = Callable[[int], None]


class _Marks(QObject):
    """A source of pins that stay."""

    changed = Signal()

    def __init__(self, rows: Sequence[LandmarkRow]) -> None:
        super().__init__()
        self._rows = tuple(rows)

    def rows(self) -> Sequence[LandmarkRow]:
        return self._rows

    def may_mark(self) -> bool:
        return False


class _Movers:
    """So many of the units move between two frames that each moves once a second."""

    def __init__(self, source: Rows) -> None:
        self._source, self._keys = source, source.keys()
        self._chance, self._at = random.Random(6), 0.0

    def move(self) -> None:
        before, self._at = int(self._at), self._at + len(self._keys) / HZ
        keys = [self._keys[i % len(self._keys)] for i in range(before, int(self._at))]
        for key in keys:
            row = self._source.table[key]
            self._source.table[key] = replace(
                row,
                lat=(row.lat or 0.0) + self._chance.gauss(0, 1e-4),
                lon=(row.lon or 0.0) + self._chance.gauss(0, 2e-4),
                fixed_s=time.time(),
            )
        self._source.changed.emit(tuple(keys))


def units(number: int) -> list[UnitRow]:
    """Fictional: most round Oslo, the others all over southern Norway."""
    chance = random.Random(5)
    return [
        UnitRow(
            f"u{i}",
            f"AMB {i // 50}-{i % 50}",
            KINDS[i % len(KINDS)],
            lat=chance.gauss(OSLO[0], 0.5),
            lon=chance.gauss(OSLO[1], 0.8),
            heading_deg=chance.uniform(0, 360),
            speed_mps=15.0,
            accuracy_m=10.0,
            fixed_s=time.time(),
        )
        for i in range(number)
    ]


def pins(number: int) -> list[LandmarkRow]:
    """Fictional: where most of the units are."""
    chance = random.Random(8)
    return [
        LandmarkRow(
            f"p{i}",
            "incident",
            f"Fiktiv hendelse {i}",
            chance.gauss(OSLO[0], 0.25),
            chance.gauss(OSLO[1], 0.4),
        )
        for i in range(number)
    ]


def ours(number: int, marked: int, width: int, height: int, frames: int) -> dict[str, Any]:
    """``marked``: how many pins there are beside so many units."""
    garbage.set_code_aside()
    app = QApplication([])
    collector = Collector(app)
    collector.start()
    source = Rows(units(number))
    view = MapView(source, Rows([]), WallClock(), NIGHT)
    if marked:
        view.follow_landmarks(_Marks(pins(marked)))
    try:
        view.resize(width, height)
        view.show()
        view.show_point(*OSLO)
        _settle(view)
        movers, layer = _Movers(source), view.layer

        def pan(i: int) -> None:
            layer.set_camera(layer.camera.moved(7 if i % 240 < 120 else -7, 2))
            layer.repaint()

        def zoom(i: int) -> None:
            if i % 3 == 0:  # a wheel that is turned without a pause
                layer.set_camera(layer.camera.zoomed(1 if i % 48 < 24 else -1, 800, 500))
            layer.repaint()

        gaps = Gaps()
        gaps.start()
        made = {"pan": _timed(movers, pan, frames), "zoom": _timed(movers, zoom, frames)}
        gaps.stop()
        made["notch to whole picture"] = _notches(view, max(10, frames // 30))
        return {**made, "away_max": max(gaps.ms), **_memory()}
    finally:
        collector.stop()
        view.close_map()
        view.deleteLater()


def _settle(view: MapView) -> None:
    """Until the picture is complete."""
    until_s = time.monotonic() + SETTLE_S
    view.layer.repaint()
    while not view.settled and time.monotonic() < until_s:
        turn(5)


def _notches(view: MapView, count: int) -> dict[str, float]:
    """A notch of the wheel until every tile and label is where it stays, both waits included."""
    took = []
    for i in range(count):
        began = time.perf_counter()
        camera = view.layer.camera
        view.layer.set_camera(camera.zoomed(2 if i % 8 < 4 else -2, 800, 500))
        _settle(view)
        took.append(1_000 * (time.perf_counter() - began))
    return _figures(took)


def naive(number: int, _marked: int, width: int, height: int, frames: int) -> dict[str, Any]:
    """The control: a scatter plot and a text item for each unit, no base map at all."""
    import pyqtgraph as pg  # here, as its memory is the control's alone

    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    plot = pg.PlotWidget(background=NIGHT.water)
    plot.resize(width, height)
    source = Rows(units(number))
    scatter = pg.ScatterPlotItem(size=20, symbol="s", brush=NIGHT.good)
    plot.addItem(scatter)
    labels = {key: pg.TextItem(row.call_sign) for key, row in source.table.items()}
    for label in labels.values():
        plot.addItem(label)

    def place() -> None:
        rows = source.table.values()
        x, y = forward([r.lat or 0.0 for r in rows], [r.lon or 0.0 for r in rows])
        scatter.setData(x, -y)
        for label, a, b in zip(labels.values(), x.tolist(), y.tolist(), strict=True):
            label.setPos(a, -b)

    place()
    plot.show()
    turn(500)
    box, port = plot.getViewBox(), plot.viewport()
    box.disableAutoRange()
    movers = _Movers(source)

    def pan(i: int) -> None:
        if i % 4 == 0:  # what moved is placed no more often than ours is read
            place()
        box.translateBy(x=1e-6, y=0)
        port.repaint()

    def zoom(i: int) -> None:
        factor = 0.9 if i % 16 < 8 else 1 / 0.9
        box.scaleBy((factor, factor))
        port.repaint()

    made = {"pan": _timed(movers, pan, frames), "zoom": _timed(movers, zoom, frames)}
    plot.close()
    return {**made, **_memory()}


def _timed(movers: _Movers, frame: Frame, frames: int) -> dict[str, float]:
    """Each from when the hand moved, which waits for nobody, to the picture of it."""
    took, due_s = [], time.perf_counter()
    for i in range(frames):
        frame(i)
        took.append(1_000 * (time.perf_counter() - due_s))
        movers.move()
        due_s = max(due_s + 1 / HZ, time.perf_counter())
        _turn_until(due_s)
    return _figures(took)


def _turn_until(due_s: float) -> None:
    """Qt's own loop, as a window has it, until a hand moves: late when something holds it up."""
    loop, alarm = QEventLoop(), QTimer()
    alarm.setSingleShot(True)
    alarm.setTimerType(Qt.TimerType.PreciseTimer)
    alarm.timeout.connect(loop.quit)
    loop.processEvents()
    while (left_s := due_s - time.perf_counter()) > 0:
        alarm.start(int(1_000 * left_s))
        loop.exec()


def _figures(took: list[float]) -> dict[str, float]:
    return {"median": quantile(took, 0.5), "p99": quantile(took, 0.99), "max": max(took)}


def _memory() -> dict[str, float]:
    """MB that the process held at most."""
    return {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024e-3}


WAYS: Final = {"ours": ours, "naive": naive}

if __name__ == "__main__":
    way, *figures = sys.argv[1:]
    print(json.dumps(WAYS[way](*map(int, figures))))
