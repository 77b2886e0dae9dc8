"""Positions are drawn where they are: less than a pixel of the screen from where PROJ has them.

In all of Norway with Svalbard and Jan Mayen, at every zoom the map rests on, on screens of every
ratio; once by the figures that the painter is given, for 10,000 places, and once in the picture
that has been painted.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.gui.map_fakes import NOW_S, Rows, StillClock
from widgets.contracts.rows import UnitRow
from widgets.map.camera import MAX_STEP, MIN_STEP, Camera
from widgets.map.declutter import MARGIN_PX
from widgets.map.layout import Layout, Scene, bare, building
from widgets.map.names import PlaceIndex
from widgets.map.pace import finished
from widgets.map.projection import WORLD_M, forward_point
from widgets.map.symbols import Atlas, Batch
from widgets.map.table import UnitTable
from widgets.map.view import MapView
from widgets.theme import NIGHT

pyproj = pytest.importorskip("pyproj")

ROOT = Path(__file__).parents[2]
RATIOS = (1.0, 1.25, 1.5, 2.0)
STEPS = range(MIN_STEP, MAX_STEP + 1)
PLACES = 10_000
WIDTH, HEIGHT = 1_003, 701
AREAS = (  # south, north, west, east, and their share of the places
    (57.9, 71.3, 4.4, 31.3, 0.8),  # the mainland
    (74.3, 80.9, 10.3, 33.6, 0.15),  # Svalbard and Bjørnøya
    (70.8, 71.2, -9.2, -7.9, 0.05),  # Jan Mayen
)


def places(number: int, seed: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    found = []
    for _ in range(number):
        south, north, west, east, _ = chance.choices(AREAS, [area[4] for area in AREAS])[0]
        found.append((chance.uniform(south, north), chance.uniform(west, east)))
    return found


PROJ = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)


def by_proj(lat: float, lon: float, camera: Camera, ratio: float) -> tuple[float, float]:
    """Pixels of the screen from the map's top left corner."""
    east, north = PROJ.transform(lon, lat)
    left, top = camera.origin(ratio)
    x = (east / WORLD_M + 0.5) * camera.scale - left
    return x * ratio, ((0.5 - north / WORLD_M) * camera.scale - top) * ratio


def painted(layout: Layout, camera: Camera, ratio: float, batch: Batch) -> tuple[float, float]:
    """Where the painter is told to put the middle of the only mark."""
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    batch.draw(painter, layout.atlas, layout.marks, layout.shift(camera, ratio))
    painter.end()
    (row,) = batch._fragments._rows[: len(layout.marks.rows)]
    return float(row[0]) * ratio, float(row[1]) * ratio


@pytest.mark.timeout(300)
def test_ten_thousand_places_at_every_zoom_and_ratio(qtbot: QtBot) -> None:
    chance, batch = random.Random(5), Batch()
    atlases = {ratio: Atlas(NIGHT, ratio) for ratio in RATIOS}
    stands = [(step, ratio) for step in STEPS for ratio in RATIOS]
    worst, most_off = 0.0, 0.0
    for number, (lat, lon) in enumerate(places(PLACES, 3)):
        step, ratio = stands[number % len(stands)]
        table = UnitTable()
        table.put(UnitRow("u", "AMB 1", lat=lat, lon=lon, kind="ambulance"))
        x, y = forward_point(lat, lon)
        camera = Camera(x, y, step, WIDTH, HEIGHT)
        camera = camera.moved(chance.uniform(-480, 480), chance.uniform(-340, 340))
        scene = Scene(table.frozen(), camera, atlases[ratio], NOW_S)
        if number % 20:
            layout = bare(scene, frozenset())
        else:  # as the map has it at rest, with labels
            work = building(
                scene.table, PlaceIndex(()), camera, scene.atlas, now_s=NOW_S, shown=frozenset(),
                no_go=np.empty((0, 4)),
            )  # fmt: skip
            layout = finished(work)
        panned = camera.moved(*(chance.uniform(-0.9, 0.9) * MARGIN_PX for _ in range(2)))
        for now in (camera, panned):
            found, right = painted(layout, now, ratio, batch), by_proj(lat, lon, now, ratio)
            off = max(abs(found[0] - right[0]), abs(found[1] - right[1]))
            most_off = max(most_off, off)
            worst = max(worst, float(np.hypot(found[0] - right[0], found[1] - right[1])))
    assert worst < 1.0
    assert most_off < 0.51, "no more than the nearest whole pixel makes"


def test_where_a_mark_is_said_to_be_is_where_it_is(qtbot: QtBot) -> None:
    """What a click, a tooltip and the choice of an alarm go by."""
    made = MapView(Rows(), Rows(), StillClock(), NIGHT)
    qtbot.addWidget(made)
    try:
        made.resize(WIDTH, HEIGHT)
        for number, (lat, lon) in enumerate(places(1_000, 4)):
            layer = made.layer
            layer.table.put(UnitRow("u", "AMB 1", lat=lat, lon=lon))
            x, y = forward_point(lat, lon)
            layer.set_camera(Camera(x, y, STEPS[number % len(STEPS)], WIDTH, HEIGHT))
            at = layer.place_of("u")
            assert isinstance(at, QPointF)
            right = by_proj(lat, lon, layer.camera, 1.0)
            assert np.hypot(at.x() - right[0], at.y() - right[1]) < 0.1
    finally:
        made.close_map()


@pytest.mark.system
@pytest.mark.parametrize("ratio", RATIOS)
def test_the_finished_picture_has_it_there(ratio: float) -> None:
    """A process with a screen of that ratio paints, and what it has painted is measured."""
    chance = random.Random(round(ratio * 100))
    asked = [
        (lat, lon, step, chance.uniform(-70, 70), chance.uniform(-70, 70))
        for (lat, lon), step in zip(places(len(STEPS), 6), STEPS, strict=True)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.map_pixels"],
        cwd=ROOT,
        input=json.dumps(asked),
        env={**os.environ, "QT_SCALE_FACTOR": str(ratio), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(asked)
    for (lat, lon, *_), one in zip(asked, told, strict=True):
        assert one["ratio"] == ratio
        x, y, step = one["camera"]
        right = by_proj(lat, lon, Camera(x, y, step, 240, 240), ratio)
        off = abs(one["at"][0] - right[0]), abs(one["at"][1] - right[1])
        assert max(off) < 1.0, (lat, lon, step, off)
