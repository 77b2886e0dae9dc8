"""A pin of an incident is found by eye, mouse and keys, however many units are at the scene."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_landmarks import PIN, layer_of, settle, spot
from widgets.contracts.rows import PlaceFound
from widgets.map.declutter import Boxes
from widgets.map.landmarks import HERE
from widgets.map.layer import MapLayer
from widgets.map.layout import Layout
from widgets.map.pins import HEAD
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
MARK = 10.0  # half of a unit's mark
FALL = replace(PIN, key="p2", name="Fiktivt fall i trapp")


@pytest.fixture
def given() -> fakes.Fakes:
    """All units within some hundred metres of the incident, one of them on its very spot."""
    data = fakes.make()
    for n, (key, row) in enumerate(data.units.table.items()):
        lat, lon = PIN.lat + (n % 4) * 0.0012, PIN.lon - (n % 5) * 0.0021
        data.units.table[key] = replace(
            row, lat=lat, lon=lon, accuracy_m=5, alarm=None, speaking=n == 1
        )
    data.alarms.table.clear()
    data.landmarks.put(PIN)
    return data


def meeting(a: Boxes, b: Boxes) -> bool:
    low, high = a[:, None, :2], a[:, None, 2:]
    return bool(((low < b[None, :, 2:]) & (high > b[None, :, :2])).all(axis=2).any())


def is_clear(layout: Layout, keys: set[str]) -> None:
    """Heads hide no mark, names no label, and all of both are there."""
    pins = layout.pins
    assert set(pins.keys) == set(pins.named) == keys
    heads, names = pins.heads.boxes(HERE), pins.names.boxes(HERE)
    middles = (heads[:, :2] + heads[:, 2:]) / 2
    marks = layout.centres[layout.seen]
    far = np.hypot(*(middles[:, None] - marks[None]).transpose(2, 0, 1))
    assert far.min() >= HEAD + MARK
    assert not meeting(names, layout.cards.boxes(HERE))
    assert not meeting(names, heads) and not meeting(heads, layout.cards.boxes(HERE))


def seen_share(layer: MapLayer, box: Boxes, ink: str) -> float:
    """How much of a box of the map has this colour on the screen."""
    image, wanted = layer.grab().toImage(), QColor(ink).rgb()
    left, top, right, bottom = (round(one) for one in box.tolist())
    points = [(x, y) for x in range(left, right) for y in range(top, bottom)]
    return sum(image.pixel(x, y) == wanted for x, y in points) / len(points)


@pytest.mark.parametrize("alarm", [None, "raised"])
def test_a_pin_and_its_name_are_seen_among_units_at_every_zoom(
    open_desk: Open, given: fakes.Fakes, alarm: str | None
) -> None:
    given.units.table["u3"] = replace(given.units.table["u3"], alarm=alarm)  # type: ignore[arg-type]
    given.landmarks.put(FALL)
    window, _ = open_desk(given)
    layer = layer_of(window)
    for steps in (-24, 8, 8, 8, 8, 8):
        layer.zoom_by(steps)
        settle(window)
        layout = layer._shown_layout()
        is_clear(layout, {PIN.key, FALL.key})
        p, pins = layer._palette, layout.pins
        for head, name in zip(pins.heads.boxes(HERE), pins.names.boxes(HERE), strict=True):
            assert seen_share(layer, head, p.text) > 0.2, "its head is drawn, and nothing on it"
            assert seen_share(layer, name, p.card) > 0.4, "and so is its name"


def test_a_click_on_the_head_means_the_pin_and_on_the_mark_the_unit(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, _ = open_desk(given)
    layer = layer_of(window)
    layer.zoom_by(16)
    settle(window)
    layout = layer._shown_layout()
    left, top, right, bottom = layout.pins.heads.boxes(HERE)[0]
    head = QPoint(round((left + right) / 2), round((top + bottom) / 2))
    left, top, right, bottom = layout.pins.names.boxes(HERE)[0]
    name = QPoint(round((left + right) / 2), round((top + bottom) / 2))
    menu = window.hands.unit_hands.place_menu
    for at in (head, name):
        QTest.mouseClick(layer, Qt.MouseButton.LeftButton, pos=at)
        assert menu.isVisible() and menu.accessibleName() == PIN.name
        menu.close()
    place = layer.on_map(QPointF(spot(layer, PIN.lat, PIN.lon)))
    assert layer.unit_at(place) is not None, "who is at the place itself"


def popup() -> QMenu:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def press(window: DeskWindow, *keys: Qt.Key) -> None:
    """As a keyboard does: to the window, whose focus decides."""
    for key in keys:
        shown = QApplication.activePopupWidget()
        QTest.keyClick(shown or window.windowHandle(), key)
        QTest.qWait(30)


def test_the_menu_key_opens_the_pins_own_menu_or_asks_which_is_meant(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, _ = open_desk(given)
    layer = layer_of(window)
    layer.setFocus()
    press(window, Qt.Key.Key_PageDown)
    settle(window)
    press(window, Qt.Key.Key_Menu)
    which = popup()
    chart = window.map_place.map
    assert chart is not None and which is chart.spots.here_menu
    first = which.activeAction()
    assert first is not None and PIN.name in first.text(), "the pin comes first"
    assert len(which.actions()) > 2, "and then the units there"
    press(window, Qt.Key.Key_Return)
    menu = window.hands.unit_hands.place_menu
    assert popup() is menu and menu.accessibleName() == PIN.name
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Menu, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert popup() is window.hands.unit_hands.menu, "a unit's"
    press(window, Qt.Key.Key_Escape)


def test_where_a_pin_stands_alone_the_menu_key_asks_nothing(
    open_desk: Open, given: fakes.Fakes
) -> None:
    alone = replace(PIN, lat=59.9, lon=9.0)
    given.landmarks.put(alone)
    window, _ = open_desk(given)
    layer = layer_of(window)
    layer.setFocus()
    press(window, Qt.Key.Key_PageDown)
    settle(window)
    press(window, Qt.Key.Key_Menu)
    menu = window.hands.unit_hands.place_menu
    assert popup() is menu and menu.accessibleName() == PIN.name
    press(window, Qt.Key.Key_Escape)


def test_a_pin_set_from_the_search_card_is_not_hidden_by_its_mark(
    open_desk: Open, given: fakes.Fakes
) -> None:
    given.landmarks.table.clear()
    given.places.table = [PlaceFound("Fiktivby", "town", PIN.lat, PIN.lon, "", 1.0)]
    window, data = open_desk(given)
    layer = layer_of(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_O, CTRL)
    finder = window.map_place.finder
    QTest.keyClicks(finder.field, "fiktiv")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.card.isVisible()
    QTest.mouseClick(finder.more, Qt.MouseButton.LeftButton)
    menu = window.hands.unit_hands.place_menu
    menu.deeds["pin"].trigger()
    menu.close()
    window.activateWindow()
    bar = window.landmark_bar
    QTest.keyClicks(bar.name, "Fiktiv brann")
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    QTest.qWait(200)
    settle(window)
    assert finder.card.isVisible()
    layout, (row,) = layer._shown_layout(), data.landmarks.rows()
    is_clear(layout, {row.key})
    mark = layer._placed()
    assert len(mark) and not meeting(layout.pins.boxes(HERE), mark)


def test_words_of_who_speaks_give_way_to_an_alarms(open_desk: Open, given: fakes.Fakes) -> None:
    """Many who speak round one that alarms: each label is read whole, or is not there."""
    keys = list(given.units.table)
    for key, (x, y) in zip(keys, product(range(-2, 3), repeat=2), strict=False):
        given.units.table[key] = replace(
            given.units.table[key], lat=PIN.lat + y * 0.004, lon=PIN.lon + x * 0.008, speaking=True
        )
    given.units.table[keys[12]] = replace(given.units.table[keys[12]], alarm="raised")
    given.landmarks.put(*(replace(PIN, key=f"n{n}", name=f"Fiktiv {n}") for n in range(3)))
    window, _ = open_desk(given)
    layer = layer_of(window)
    settle(window)
    layout = layer._shown_layout()
    boxes = layout.cards.boxes(HERE)
    alarmed = [n for n, who in enumerate(layout.lines) if layout.table.find(keys[12]) in who]
    assert alarmed, "the alarm's own label is there"
    for one in alarmed:
        others = np.delete(boxes, one, axis=0)
        assert not meeting(boxes[one : one + 1], others)
    for n in range(len(boxes)):
        assert not meeting(boxes[n : n + 1], np.delete(boxes, n, axis=0))
