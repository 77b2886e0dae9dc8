"""The map does what hands and sources ask, draws nothing malformed and rests when nothing moves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.map_fakes import Rows, StillClock, make_units, with_alarm
from widgets.contracts import UnitRow
from widgets.map.projection import forward
from widgets.map.view import MapView
from widgets.theme import DAY, NIGHT


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[MapView]:
    rows, alarms = with_alarm(make_units(40))
    made = MapView(Rows(rows), Rows(alarms), StillClock(), NIGHT)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.show_point(59.35, 10.45)
    qtbot.waitUntil(lambda: made.settled and made.layer._layout is not None)
    yield made
    made.close_map()


def units(view: MapView) -> Rows:
    source = view._units
    assert isinstance(source, Rows)
    return source


def test_land_and_water_are_where_they_should_be(view: MapView, qtbot: QtBot) -> None:
    for palette in (NIGHT, DAY):
        view.set_palette(palette)
        view.repaint()
        qtbot.waitUntil(lambda: view.settled)
        image = view.grab().toImage()
        for lat, lon, colour in ((59.33, 10.60, palette.water), (59.33, 10.27, palette.land)):
            at = place(view, lat, lon)
            assert image.pixelColor(at) == QColor(colour)


def place(view: MapView, lat: float, lon: float) -> QPoint:
    x, y = forward(lat, lon)
    left, top = view.layer.camera.origin()
    scale = view.layer.camera.scale
    return QPoint(round(float(x) * scale - left), round(float(y) * scale - top))


def test_a_click_on_a_mark_tells_its_unit(view: MapView, qtbot: QtBot) -> None:
    at = view.layer.place_of("u0")
    assert at is not None
    with qtbot.waitSignal(view.unit_clicked) as told:
        QTest.mouseClick(
            view.layer, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint()
        )
    assert told.args == ["u0"]


@pytest.mark.parametrize("bad", [(math.nan, 10.4), (95.0, 10.4), (59.3, 400.0), (None, 10.4)])
def test_a_malformed_position_is_not_drawn(
    view: MapView, qtbot: QtBot, bad: tuple[float | None, float]
) -> None:
    units(view).put(replace(units(view).row("u0"), lat=bad[0], lon=bad[1]))
    qtbot.waitUntil(lambda: view.settled)
    assert view.layer.place_of("u0") is None
    assert view.refused_positions == (0 if bad[0] is None else 1)


def test_the_pulse_stops_when_the_alarm_is_acknowledged(view: MapView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.layer.pulsing)
    units(view).put(replace(units(view).row("u0"), alarm="acknowledged"))
    qtbot.waitUntil(lambda: not view.layer.pulsing)


def test_labels_keep_clear_of_each_other_and_an_alarm_has_its_own(view: MapView) -> None:
    layout = view.layer._fresh_layout()
    boxes = layout.label_boxes
    for i, one in enumerate(boxes):
        rest = boxes[i + 1 :]
        apart = (rest[:, 0] >= one[2]) | (rest[:, 2] <= one[0])
        assert (apart | (rest[:, 1] >= one[3]) | (rest[:, 3] <= one[1])).all()
    assert view.layer.table.find("u0") in layout.shown


def test_keys_and_buttons_move_the_map(view: MapView, qtbot: QtBot) -> None:
    before = view.layer.camera
    QTest.keyClick(view.layer, Qt.Key.Key_Plus)
    assert view.layer.camera.step == before.step + 2
    view._zoom_out.click()
    assert view.layer.camera.step == before.step
    QTest.keyClick(view.layer, Qt.Key.Key_Left)
    assert view.layer.camera.x < before.x
    QTest.keyClick(view.layer, Qt.Key.Key_0)
    columns = view.layer.table.columns
    assert np.isfinite(columns["x"]).sum() == len(view.layer._fresh_layout().units)
    view._alarm.click()
    at = view.layer.place_of("u0")
    assert at is not None and (at - QPointF(450, 350)).manhattanLength() < 3


def test_the_tooltip_says_who_what_and_how_old(view: MapView) -> None:
    words = view.words(UnitRow("u0", "AMB 1-1", status_text="Ledig", fixed_s=1_795_554_000.0))
    assert words.startswith("AMB 1-1\nLedig\n") and "7 s" in words
