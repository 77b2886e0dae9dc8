"""bench map: moving units under a panning and zooming hand, beside the naive way to draw them."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from widgets.contracts.rows import UnitRow
from widgets.map.projection import forward
from widgets.map.view import MapView
from widgets.theme import NIGHT

NAME: Final = "map"
WIDTH, HEIGHT = 1_920, 1_080
CROWDS: Final = (500, 2_000)  # units
PER_FRAME: Final = 1 / 60  # of the units move between two frames: each once a second at 60 Hz
SETTLE_S: Final = 10.0


class _Source(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, rows: list[UnitRow]) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}

    def keys(self) -> tuple[str, ...]:
        return tuple(self.table)

    def row(self, key: str) -> Any:
        return self.table[key]


class _Clock:
    def now_s(self) -> float:
        return time.time()


def _units(chance: random.Random, number: int) -> list[UnitRow]:
    return [
        UnitRow(f"u{i}", f"AMB {i // 50}-{i % 50}", "ambulance", lat=chance.gauss(59.6, 0.5),
                lon=chance.gauss(10.3, 0.8), heading_deg=chance.uniform(0, 360),
                speed_mps=15.0, accuracy_m=10.0)
        for i in range(number)
    ]  # fmt: skip


def run(quick: bool) -> dict[str, Any]:
    """Milliseconds for a frame, from the hand's move to the finished picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    frames = 60 if quick else 300
    made: dict[str, Any] = {"name": NAME, "width": WIDTH, "height": HEIGHT, "frames": frames}
    for number in CROWDS:
        rows = _units(random.Random(5), number)
        made[f"ours, {number:,} units"] = _ours(app, rows, frames)
    made[f"naive, {number:,} units"] = _naive(app, rows, max(10, frames // 10))
    return made


def _ours(app: Any, rows: list[UnitRow], frames: int) -> dict[str, dict[str, float]]:
    source, chance = _Source(rows), random.Random(6)
    view = MapView(source, _Source([]), _Clock(), NIGHT)
    try:
        view.resize(WIDTH, HEIGHT)
        view.show()
        view.show_point(59.6, 10.3)
        _settle(app, view)
        layer = view.layer

        def move() -> None:
            keys = chance.sample(source.keys(), int(len(rows) * PER_FRAME))
            for key in keys:
                row = source.table[key]
                source.table[key] = replace(row, lat=(row.lat or 0) + chance.gauss(0, 1e-4))
            source.changed.emit(tuple(keys))
            app.processEvents()

        def pan(i: int) -> None:
            layer.set_camera(layer.camera.moved(3 if i % 120 < 60 else -3, 1))
            layer.repaint()

        def zoom(i: int) -> None:
            app.processEvents()  # finished tiles arrive, labels settle if they are due
            layer.set_camera(layer.camera.zoomed(1 if i % 16 < 8 else -1, 800, 500))
            layer.repaint()

        def settle(i: int) -> None:
            layer.set_camera(layer.camera.zoomed(2 if i % 8 < 4 else -2, 800, 500))
            layer.refresh()  # as when the hand has rested
            layer.repaint()

        def whole(i: int) -> None:
            layer.set_camera(layer.camera.zoomed(2 if i % 8 < 4 else -2, 800, 500))
            _settle(app, view)

        def pan_moving(i: int) -> None:
            if i % 6 == 0:
                move()
            pan(i)

        made = {"pan": _time(pan, frames), "pan, units moving": _time(pan_moving, frames)}
        made["zoom"] = _time(zoom, frames)
        made["zoom, labels settle"] = _time(settle, max(20, frames // 4))
        made["notch to whole picture"] = _time(whole, max(10, frames // 10))  # both waits included
        return made
    finally:
        view.close_map()
        view.deleteLater()


def _settle(app: Any, view: MapView) -> None:
    """Until the picture is complete."""
    end = time.monotonic() + SETTLE_S
    view.layer.grab()
    while not view.settled and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.001)


def _naive(app: Any, rows: list[UnitRow], frames: int) -> dict[str, dict[str, float]]:
    """The control: a scatter plot and a text item for each unit, no base map at all."""
    plot = pg.PlotWidget(background=NIGHT.water)
    plot.resize(WIDTH, HEIGHT)
    x, y = forward([r.lat or 0.0 for r in rows], [r.lon or 0.0 for r in rows])
    plot.addItem(pg.ScatterPlotItem(x, -y, size=20, symbol="s", brush=NIGHT.good))
    for row, a, b in zip(rows, x.tolist(), y.tolist(), strict=True):
        text = pg.TextItem(row.call_sign)
        text.setPos(a, -b)
        plot.addItem(text)
    plot.show()
    app.processEvents()
    view, view_port = plot.getViewBox(), plot.viewport()
    view.disableAutoRange()
    app.processEvents()

    def pan(_: int) -> None:
        view.translateBy(x=1e-6, y=0)
        view_port.repaint()

    def zoom(i: int) -> None:
        factor = 0.9 if i % 16 < 8 else 1 / 0.9
        view.scaleBy((factor, factor))
        view_port.repaint()

    made = {"pan": _time(pan, frames), "zoom": _time(zoom, frames)}
    plot.close()
    return made


def _time(frame: Callable[[int], None], frames: int) -> dict[str, float]:
    took = np.empty(frames)
    for i in range(frames):
        start = time.perf_counter_ns()
        frame(i)
        took[i] = (time.perf_counter_ns() - start) / 1e6
    return {
        "median_ms": round(float(np.median(took)), 2),
        "p99_ms": round(float(np.percentile(took, 99)), 2),
    }


def report(result: dict[str, Any]) -> str:
    lines = [f"map: {result['width']} × {result['height']}, ms a frame"]
    for who, all_figures in result.items():
        if isinstance(all_figures, dict):
            lines.append(f"  {who}")
            lines += [_line(what, figures) for what, figures in all_figures.items()]
    return "\n".join(lines)


def _line(what: str, figures: dict[str, float]) -> str:
    return f"    {what:23} median {figures['median_ms']:7.2f}   p99 {figures['p99_ms']:7.2f}"
