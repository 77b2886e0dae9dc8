"""As many pins as a site may have: the map stays as quick as without them, and can be read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_landmarks import PIN, layer_of, settle
from widgets.contracts.landmarks import LandmarkRow
from widgets.look import font
from widgets.map.camera import Camera
from widgets.map.hands import LIFT_MS
from widgets.map.landmarks import HERE
from widgets.map.layer import MapLayer
from widgets.map.pace import finished
from widgets.map.pile_menu import MAX_NAMED, HereMenu
from widgets.map.pins import (
    COUNT_PX,
    COUNT_RADIUS,
    EDGE,
    HEAD,
    MARK_HALF,
    MOST_APART,
    MOST_LEANING,
    OUTLINE,
    UPRIGHT,
    Obstacles,
    _leaning,
)
from widgets.window import DeskWindow

VIEW = Camera(0.5, 0.5, 40, 1_900, 1_000)
NOWHERE = np.empty((0, 2))
TRIES = 3


def spots(number: int, seed: int) -> np.ndarray:
    chance = random.Random(seed)
    made = [(chance.uniform(60, 1_840), chance.uniform(60, 940)) for _ in range(number)]
    return np.array(made)


def quickest(work: Callable[[], object]) -> float:
    """Seconds of the processor: other programs don't count."""
    took = []
    for _ in range(TRIES):
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return min(took)


def test_marks_that_a_pin_could_not_hide_cost_it_nothing(desk_app: QApplication) -> None:
    """With all of 3,000 marks looked at for each way of each pin it took seventeen times what it
    takes without any, and units that move were drawn that much later."""
    pins, marks = spots(MOST_LEANING, 1), spots(3_000, 2)

    def lean(around: np.ndarray) -> None:
        finished(_leaning(pins, VIEW, Obstacles(around, NOWHERE, np.empty((0, 4)))))

    assert quickest(lambda: lean(marks)) < 8 * quickest(lambda: lean(NOWHERE))


def test_heads_keep_clear_of_marks_wherever_there_is_room(desk_app: QApplication) -> None:
    pins, marks = spots(40, 3), spots(300, 4)
    ways = finished(_leaning(pins, VIEW, Obstacles(marks, NOWHERE, np.empty((0, 4)))))

    def clear(heads: np.ndarray) -> float:
        far = np.hypot(*(heads[:, None] - marks[None]).transpose(2, 0, 1)).min(axis=1)
        return float((far >= HEAD + MARK_HALF).mean())

    assert clear(pins + ways) > 0.9 > clear(pins + np.array(UPRIGHT)), "some had to lean"


@pytest.mark.parametrize("count", [2, 9, 47, 88, 100, 500])
def test_a_count_fits_its_head(desk_app: QApplication, count: int) -> None:
    used = QFontMetricsF(font(COUNT_PX[len(str(count))], bold=True))
    inside = COUNT_RADIUS - OUTLINE / 2
    room = 2 * np.sqrt(inside**2 - (used.capHeight() / 2) ** 2)
    assert used.horizontalAdvance(str(count)) < room - 0.5
    assert COUNT_RADIUS + OUTLINE / 2 <= HEAD + EDGE, "and its head the picture of it"


# In the window -------------------------------------------------------------------------------


def menu_of(window: DeskWindow) -> HereMenu:
    chart = window.map_place.map
    assert chart is not None
    return chart.spots.here_menu


def head_of(layer: MapLayer, key: str) -> QPoint:
    pins = layer._shown_layout().pins
    left, top, right, bottom = pins.heads.boxes(HERE)[pins.keys.index(key)]
    return QPoint(round((left + right) / 2), round((top + bottom) / 2))


def scattered(number: int) -> list[LandmarkRow]:
    """Round one place, the newest first as the site has them."""
    chance = random.Random(5)
    return [
        replace(PIN, key=f"m{n:03d}", name=f"Fiktiv {n:03d}",
                lat=chance.gauss(PIN.lat, 0.1), lon=chance.gauss(PIN.lon, 0.2))
        for n in range(number)
    ]  # fmt: skip


def test_hundreds_are_counted_on_heads_that_hide_neither_each_other_nor_the_units(
    open_desk: Open,
) -> None:
    data = fakes.make()
    data.landmarks.put(*scattered(300))
    window, _ = open_desk(data)
    layer = layer_of(window)
    layer.zoom_by(-6)
    settle(window)
    layout = layer._shown_layout()
    pins = layout.pins
    assert len(pins.keys) < 150 < len(pins.known), "many of them share a head"
    assert sum(len(pins.pile_of(key)) for key in pins.keys) == len(pins.known), "each counts once"
    heads = pins.heads.boxes(HERE)
    middles = (heads[:, :2] + heads[:, 2:]) / 2
    marks = layout.centres[layout.seen]
    inside = ((marks > 60) & (marks < (layer.width() - 60, layer.height() - 60))).all(axis=1)
    far = np.hypot(*(middles[:, None] - marks[inside][None]).transpose(2, 0, 1)).min(axis=0)
    assert (far >= HEAD + MARK_HALF).mean() > 0.8, "units are seen"
    assert len(layout.cards.covers), "and some of them are named"


@pytest.mark.parametrize("number", [2, MOST_APART])
def test_as_many_as_a_night_has_stand_each_for_itself(open_desk: Open, number: int) -> None:
    data = fakes.make()
    data.landmarks.put(*scattered(number))
    window, _ = open_desk(data)
    layer = layer_of(window)
    layer.zoom_by(-6)
    settle(window)
    assert len(layer._shown_layout().pins.keys) == number
    assert not layer._shown_layout().pins.piles


def test_a_head_that_counts_opens_at_a_click_and_asks_which_at_a_right_click(
    open_desk: Open,
) -> None:
    data = fakes.make()
    data.units.table.clear()
    rows = scattered(MOST_APART)
    near = [replace(PIN, key=f"a{n}", name=f"Fiktiv nær {n}", lat=PIN.lat + n * 1e-3)
            for n in range(4)]  # fmt: skip
    data.landmarks.put(*rows, *near)
    window, _ = open_desk(data)
    layer = layer_of(window)
    layer.zoom_by(-8)
    settle(window)
    pins = layer._shown_layout().pins
    first = next(key for key in pins.piles if "a1" in pins.pile_of(key))
    at, counted = head_of(layer, first), pins.pile_of(first)
    chart = window.map_place.map
    assert chart is not None
    assert all(f"Fiktiv nær {n}" in chart._words_at(QPointF(at)) for n in range(4))
    menu = menu_of(window)
    right_click(layer, at)
    assert menu.isVisible() and len([one for one in menu.actions() if one.data()]) == len(counted)
    menu.close()
    QTest.mousePress(layer, Qt.MouseButton.LeftButton, pos=at)
    QTest.qWait(LIFT_MS + 100)
    assert not layer.carrying.is_on, "it is not told which of them a hand would move"
    before = layer.camera.step
    QTest.mouseRelease(layer, Qt.MouseButton.LeftButton, pos=at)
    settle(window)
    assert layer.camera.step > before
    assert len(set(layer._shown_layout().pins.keys) & {row.key for row in near}) > 1, "parted"


def test_more_than_a_menu_names_in_one_spot_are_all_reached(open_desk: Open) -> None:
    data = fakes.make()
    data.units.table.clear()
    number = MAX_NAMED + MOST_APART
    data.landmarks.put(*(replace(PIN, key=f"s{n}", name=f"Fiktiv {n}") for n in range(number)))
    window, _ = open_desk(data)
    layer, menu = layer_of(window), menu_of(window)
    (key,) = layer._shown_layout().pins.keys
    QTest.mouseClick(layer, Qt.MouseButton.LeftButton, pos=head_of(layer, key))
    more = [one for one in menu.actions() if not one.isSeparator() and not one.data()]
    assert menu.isVisible() and [one.text() for one in more] == [f"{MOST_APART} til: zoom inn"]
    more[0].trigger()
    assert len([one for one in menu.actions() if one.data()]) == number
    menu.close()


def test_more_units_than_a_menu_names_beside_a_pin_are_all_reached(open_desk: Open) -> None:
    data = fakes.make()
    number = MAX_NAMED + 6
    there = [replace(fakes.UNITS[n], key=f"c{n}", lat=PIN.lat, lon=PIN.lon) for n in range(number)]
    data.units.table = {row.key: row for row in there}
    data.landmarks.put(PIN)
    window, _ = open_desk(data)
    layer, menu = layer_of(window), menu_of(window)
    chart = window.map_place.map
    assert chart is not None
    chart.spots.ask_which(tuple(data.units.table), (PIN.key,), layer.mapToGlobal(QPoint(50, 50)))
    assert menu.isVisible()
    last = menu.actions()[-1]
    assert last.text() == "6 til: zoom inn"
    last.trigger()
    assert len(chart.spots.pile_menu.actions()) == number
    chart.spots.pile_menu.close()


def right_click(layer: MapLayer, at: QPoint) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, layer.mapToGlobal(at))
    QApplication.sendEvent(layer, event)
