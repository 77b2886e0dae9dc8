"""Where the map really draws a unit, measured in the finished picture.

``python -m tests.gui.map_pixels``, started with ``QT_SCALE_FACTOR``: on standard input JSON lists
``[lat, lon, step, x, y]``: a unit, a zoom, and how far from the middle of the map it is to stand.
Prints for each the middle of its mark in pixels of the screen, and the camera's (x, y, step), with
the ratio that the screen has.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

import resources
from tests.gui.map_fakes import StillClock
from widgets.app import load_fonts
from widgets.contracts.rows import UnitRow
from widgets.map.camera import Camera
from widgets.map.layer import MapLayer
from widgets.map.names import PlaceIndex
from widgets.map.projection import forward_point
from widgets.map.tiles import TileStore
from widgets.theme import NIGHT

SIDE = 240
REACH = 13.0  # a mark is 10 from its middle to its edge, a label begins at 15


def main() -> int:
    app = QApplication(sys.argv[:1])
    load_fonts()
    store = TileStore(resources.path("map/base.vmap"), NIGHT)  # not started: an empty ground
    layer = MapLayer(store, PlaceIndex(()), StillClock(), NIGHT)
    layer.resize(SIDE, SIDE)
    layer.show()
    app.processEvents()
    for lat, lon, step, dx, dy in json.load(sys.stdin):
        x, y = forward_point(lat, lon)
        camera = Camera(x, y, int(step), SIDE, SIDE)
        camera = replace(camera, x=x - dx / camera.scale, y=y - dy / camera.scale)
        layer.table.clear()
        empty = picture(layer, camera)
        layer.table.put(UnitRow("u", "", kind="ambulance", lat=lat, lon=lon, urgency="none"))
        mark = np.abs(picture(layer, camera) - empty).sum(axis=2) > 30
        ratio = layer.devicePixelRatioF()
        near = (SIDE / 2 + dx) * ratio, (SIDE / 2 + dy) * ratio
        told = {"camera": (camera.x, camera.y, camera.step), "ratio": ratio}
        print(json.dumps({**told, "at": middle(mark, near, REACH * ratio)}), flush=True)
    return 0


def picture(layer: MapLayer, camera: Camera) -> NDArray[np.int16]:
    layer.set_camera(camera)
    layer._layout = None
    layer._making.is_stale = True
    image = layer.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8)[: image.sizeInBytes()]
    lines = rows.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
    made: NDArray[np.int16] = lines.reshape(image.height(), image.width(), 3).astype(np.int16)
    return made


def middle(
    mark: NDArray[np.bool_], near: tuple[float, float], reach: float
) -> tuple[float, float] | None:
    """Of the box round what was drawn there, in pixels: a mark without a state's tag is as wide as
    it is high. What is farther away is its label."""
    down, across = np.nonzero(mark)
    inside = (np.abs(across + 0.5 - near[0]) < reach) & (np.abs(down + 0.5 - near[1]) < reach)
    down, across = down[inside], across[inside]
    if not len(down):
        return None
    x = (float(across.min()) + float(across.max()) + 1) / 2
    return x, (float(down.min()) + float(down.max()) + 1) / 2


if __name__ == "__main__":
    sys.exit(main())
