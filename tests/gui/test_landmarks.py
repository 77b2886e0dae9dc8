"""Places on the map by hand: pins, the site's own places, measured lines, nearest units."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from pyproj import Geod
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.gui import fakes
from tests.gui.conftest import SCREENS, SMALL, Open
from widgets.contracts.landmarks import KINDS, LandmarkForm, LandmarkRow
from widgets.contracts.rows import PlaceFound
from widgets.map.hands import LIFT_MS
from widgets.map.landmarks import HERE
from widgets.map.layer import MapLayer
from widgets.map.projection import forward, inverse
from widgets.place_menu import PlaceMenu
from widgets.unit_order import Reference
from widgets.unit_words import estimate_words
from widgets.window import DeskWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PIN = LandmarkRow(
    "p1", "incident", "Fiktiv hendelse", 59.30, 10.26, "To biler", "Kari", fakes.NOW_S - 400
)
PLACES = tuple(
    LandmarkRow(f"l{n}", kind, f"Fiktiv {kind}", 59.28 + n / 100, 10.20 + n / 100)
    for n, kind in enumerate(KINDS[1:])
)
WGS_84 = Geod(ellps="WGS84")


@pytest.fixture
def given() -> fakes.Fakes:
    data = fakes.make()
    for key, row in data.units.table.items():
        data.units.table[key] = replace(row, free=row.status in ("free", "station"))
    data.landmarks.put(PIN, *PLACES)
    return data


def layer_of(window: DeskWindow, lat: float = 59.30, lon: float = 10.26) -> MapLayer:
    """The map, once it stands, with a place in its middle."""
    for _ in range(100):
        if window.map_place.map is not None:
            break
        QTest.qWait(20)
    chart = window.map_place.map
    assert chart is not None
    chart.show_point(lat, lon)
    chart.layer.zoom_by(4)
    settle(window)
    return chart.layer


def settle(window: DeskWindow) -> None:
    QTest.qWait(60)
    chart = window.map_place.map
    assert chart is not None
    for _ in range(200):
        if chart.layer.settled and not chart._pending:
            break
        QTest.qWait(20)
    window.repaint()
    QTest.qWait(30)


def spot(layer: MapLayer, lat: float, lon: float) -> QPoint:
    """Where a place is on the widget."""
    x, y = forward(lat, lon)
    left, top = layer.camera.origin(layer._atlas.ratio)
    scale = layer.camera.scale
    on_map = QPointF(float(x) * scale - left, float(y) * scale - top)
    return (on_map * layer._scale).toPoint()


def head(layer: MapLayer, row: LandmarkRow) -> QPoint:
    """The middle of a pin's drop: its tip is the place."""
    return spot(layer, row.lat, row.lon) - QPoint(0, round(13 * layer._scale))


def right_click(widget: QWidget, at: QPoint) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)


def menu_at(window: DeskWindow, at: QPoint) -> PlaceMenu:
    chart = window.map_place.map
    assert chart is not None
    right_click(chart.layer, at)
    menu = window.hands.unit_hands.place_menu
    assert menu.isVisible()
    return menu


def empty_spot(layer: MapLayer) -> QPoint:
    return next(
        QPoint(x, y)
        for y in range(160, layer.height() - 160, 7)
        for x in range(100, layer.width() - 100, 7)
        if layer.unit_at(QPointF(x, y)) is None and layer.landmark_at(QPointF(x, y)) is None
    )


def choose(menu: PlaceMenu, deed: str) -> None:
    action = menu.deeds[deed]  # type: ignore[index]  # as the test says
    assert action.isVisible() and action.isEnabled()
    action.trigger()
    menu.close()
    window = menu.parentWidget()
    assert window is not None
    window.activateWindow()  # the offscreen platform leaves it to the menu
    assert QTest.qWaitForWindowActive(window, 5_000)


def done(data: fakes.Fakes) -> list[str]:
    return [what[0] for what in data.landmarks.done]


# -- pins and places --------------------------------------------------------------------------


def test_a_pin_is_set_by_a_right_click_and_enter_and_taken_back(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    at = empty_spot(layer)
    wanted = layer.degrees_at(QPointF(at))
    menu = menu_at(window, at)
    assert not menu.deeds["remove"].isVisible(), "there is nothing to remove here"
    choose(menu, "pin")
    bar = window.landmark_bar
    assert bar.isVisible() and bar.name.hasFocus()
    assert bar.name.text() == "Hendelse 22:00", "Enter is enough"
    assert layer.landmarks.preview == pytest.approx(wanted)
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    ((what, form),) = data.landmarks.done
    assert (what, form.kind, form.name, form.key) == ("set", "incident", "Hendelse 22:00", "")
    assert (form.lat, form.lon) == pytest.approx(wanted)
    assert not bar.isVisible() and layer.landmarks.preview is None
    assert not isinstance(QApplication.focusWidget(), type(bar.name)), "the talk key works again"
    settle(window)
    assert layer.landmark_at(QPointF(spot(layer, *wanted) - QPoint(0, 13))) is not None
    assert "Hendelse 22:00" in window.done_bar.accessibleName()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert done(data) == ["set", "remove"]
    settle(window)
    assert layer.landmark_at(QPointF(spot(layer, *wanted) - QPoint(0, 13))) is None


def test_a_pin_is_set_by_keys_alone_where_the_map_is(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    layer = layer_of(window, 59.42, 10.2)
    layer.setFocus()
    QTest.keyClick(layer, Qt.Key.Key_Left)
    middle = layer.degrees_at(QPointF(*layer.size_of_map) / 2)
    QTest.keyClick(window, Qt.Key.Key_I)
    QTest.keyClicks(window.landmark_bar.name, "Fiktiv brann")
    QTest.keyClick(window.landmark_bar.name, Qt.Key.Key_Tab)
    assert window.landmark_bar.note.hasFocus()
    QTest.keyClicks(window.landmark_bar.note, "ved   brygga ")
    QTest.keyClick(window.landmark_bar.note, Qt.Key.Key_Return)
    ((_, form),) = data.landmarks.done
    assert (form.name, form.note) == ("Fiktiv brann", "ved brygga")
    assert (form.lat, form.lon) == pytest.approx(middle)


def test_escape_and_an_empty_name_set_nothing(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    layer_of(window)
    QTest.keyClick(window, Qt.Key.Key_I)
    bar = window.landmark_bar
    bar.name.clear()
    assert not bar.ok.isEnabled()
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    assert bar.isVisible() and data.landmarks.done == []
    QTest.keyClick(bar.name, Qt.Key.Key_Escape)
    assert not bar.isVisible() and data.landmarks.done == []


def test_a_place_of_the_site_has_a_kind_by_arrows_or_press(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    choose(menu_at(window, empty_spot(layer)), "place")
    bar = window.landmark_bar
    assert bar.kind.isVisible() and bar.kind.text() == "Annet sted", "nothing is said for a hand"
    QTest.keyClick(bar.name, Qt.Key.Key_Up)
    assert bar.kind.text() == "Møteplass"
    QTest.keyClick(bar.name, Qt.Key.Key_Down)
    QTest.keyClick(bar.name, Qt.Key.Key_Down)
    assert bar.kind.text() == "Sykehus"
    QTest.keyClick(bar.name, Qt.Key.Key_Down)
    assert bar.kind.text() == "Akuttmottak"
    QTest.mouseClick(bar.kind, Qt.MouseButton.LeftButton)
    QTest.keyClicks(bar.name, "Fiktivheim")
    QTest.mouseClick(bar.ok, Qt.MouseButton.LeftButton)
    ((_, form),) = data.landmarks.done
    assert (form.kind, form.name) == ("nursing-home", "Fiktivheim")


def test_a_pin_is_changed_removed_and_brought_back(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    QTest.mouseClick(layer, Qt.MouseButton.LeftButton, pos=head(layer, PIN))
    menu = window.hands.unit_hands.place_menu
    assert menu.isVisible() and menu.accessibleName() == PIN.name
    choose(menu, "edit")
    bar = window.landmark_bar
    assert not bar.kind.isVisible(), "a pin stays a pin"
    assert (bar.name.text(), bar.note.text()) == (PIN.name, PIN.note)
    QTest.keyClicks(bar.name, "Fiktiv kollisjon")
    QTest.keyClick(bar.name, Qt.Key.Key_Return)
    form = data.landmarks.done[-1][1]
    assert form == LandmarkForm("incident", "Fiktiv kollisjon", PIN.lat, PIN.lon, PIN.note, "p1")
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert data.landmarks.done[-1] == ("restore", PIN)
    settle(window)
    choose(menu_at(window, head(layer, PIN)), "remove")
    assert done(data)[-1] == "remove"
    assert data.landmarks.find("p1") is None
    assert "Fiktiv hendelse" in window.done_bar.accessibleName()
    QTest.mouseClick(window.done_bar.undo, Qt.MouseButton.LeftButton)
    assert data.landmarks.done[-1] == ("restore", PIN)


LEFT = Qt.MouseButton.LeftButton


def hold(layer: MapLayer, at: QPoint) -> None:
    """Long enough to lift a pin."""
    QTest.mousePress(layer, LEFT, pos=at)
    QTest.qWait(LIFT_MS + 100)


def drag(layer: MapLayer, at: QPoint, *ways: QPoint) -> None:
    for way in ways:
        QTest.mouseMove(layer, at + way)
    QTest.mouseRelease(layer, LEFT, pos=at + ways[-1])


@pytest.mark.parametrize("percent", [100, 150])
def test_a_pin_that_is_held_is_dragged_and_can_be_taken_back(
    open_desk: Open, given: fakes.Fakes, percent: int
) -> None:
    window, data = open_desk(given)
    window.set_scale(percent)
    layer = layer_of(window)
    at, camera = head(layer, PIN), layer.camera
    wanted = layer.degrees_at(layer.on_map(QPointF(spot(layer, PIN.lat, PIN.lon) + QPoint(60, 40))))
    hold(layer, at)
    assert layer.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(layer, at + QPoint(30, 10))
    carried = layer.carrying.carried
    assert carried is not None and carried[0].key == "p1" and not data.landmarks.done
    drag(layer, at, QPoint(60, 40))
    ((what, form),) = data.landmarks.done
    assert (what, form.key, form.kind, form.name, form.note) == (
        "set", "p1", "incident", PIN.name, PIN.note,
    )  # fmt: skip
    pixel = abs(layer.degrees_at(QPointF(1, 1))[1] - layer.degrees_at(QPointF(0, 0))[1])
    assert (form.lat, form.lon) == pytest.approx(wanted, abs=1.5 * pixel)
    assert layer.camera.sized(camera.width, camera.height) == camera, "the map stays"
    assert not layer.carrying.is_on
    settle(window)
    there = head(layer, data.landmarks.table["p1"])
    assert layer.landmark_at(layer.on_map(QPointF(there))) == "p1"
    assert PIN.name in window.done_bar.accessibleName()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert data.landmarks.done[-1] == ("restore", PIN)


def test_a_hand_that_pans_moves_no_pin_though_it_begins_on_one(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    at, camera = head(layer, PIN), layer.camera
    QTest.mousePress(layer, LEFT, pos=at)
    drag(layer, at, QPoint(20, 5), QPoint(40, 10), QPoint(60, 20))
    QTest.qWait(LIFT_MS + 100)
    assert layer.camera != camera
    assert data.landmarks.done == [] and not layer.carrying.is_on
    settle(window)
    hold(layer, head(layer, PIN))
    QTest.mouseRelease(layer, LEFT, pos=head(layer, PIN))
    assert data.landmarks.done == []
    assert window.hands.unit_hands.place_menu.isVisible(), "held and let go is a click"
    window.hands.unit_hands.place_menu.close()


def test_escape_leaves_a_pin_in_the_hand_where_it_was(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    at = head(layer, PIN)
    hold(layer, at)
    QTest.mouseMove(layer, at + QPoint(40, 40))
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not layer.carrying.is_on
    drag(layer, at, QPoint(60, 60))
    assert data.landmarks.done == []


@pytest.mark.parametrize("row", [replace(PIN, may_change=False), PLACES[1]], ids=["read", "place"])
def test_what_is_not_to_be_moved_so_pans_the_map(
    open_desk: Open, given: fakes.Fakes, row: LandmarkRow
) -> None:
    """A place of the site's own, which stays for years, is moved from its menu alone."""
    given.landmarks.table = {row.key: row}
    window, data = open_desk(given)
    layer = layer_of(window, row.lat, row.lon)
    camera = layer.camera
    at = head(layer, row) if row.is_pin else spot(layer, row.lat, row.lon)
    assert layer.landmark_at(layer.on_map(QPointF(at))) == row.key
    hold(layer, at)
    drag(layer, at, QPoint(30, 30), QPoint(60, 60))
    assert data.landmarks.done == [] and layer.camera != camera


@pytest.mark.parametrize("row", [PIN, PLACES[1]], ids=["pin", "place"])
def test_it_is_moved_by_keys_alone(open_desk: Open, given: fakes.Fakes, row: LandmarkRow) -> None:
    window, data = open_desk(given, language="en")
    layer = layer_of(window, row.lat, row.lon)
    at = head(layer, row) if row.is_pin else spot(layer, row.lat, row.lon)
    choose(menu_at(window, at), "move")
    assert layer.hasFocus() and layer.carrying.is_on
    assert "arrows and Enter" in window.done_bar.accessibleName()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(layer, key)
    middle = layer.degrees_at(QPointF(*layer.size_of_map) / 2)
    carried = layer.carrying.carried
    assert carried is not None and carried[1] == pytest.approx(middle), "it is seen there"
    QTest.keyClick(layer, Qt.Key.Key_Return)
    ((what, form),) = data.landmarks.done
    assert (what, form.key, form.kind, form.name) == ("set", row.key, row.kind, row.name)
    assert (form.lat, form.lon) == pytest.approx(middle)
    assert f"Moved: {row.name}" in window.done_bar.accessibleName()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert data.landmarks.done[-1] == ("restore", row)


def test_it_is_moved_from_its_menu_by_a_click_or_left_by_escape(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    choose(menu_at(window, head(layer, PIN)), "move")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not layer.carrying.is_on
    choose(menu_at(window, head(layer, PIN)), "move")
    there = empty_spot(layer)
    wanted = layer.degrees_at(QPointF(there))
    QTest.mouseMove(layer, there)
    QTest.mouseClick(layer, LEFT, pos=there)
    ((_, form),) = data.landmarks.done
    assert (form.lat, form.lon) == pytest.approx(wanted)
    assert not layer.carrying.is_on


def test_what_was_said_of_a_pin_while_it_was_in_the_hand_stays_said(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given, language="en")
    layer = layer_of(window)
    at = head(layer, PIN)
    hold(layer, at)
    data.landmarks.put(replace(PIN, name="Fiktiv kollisjon", note="Tre biler"))
    drag(layer, at, QPoint(30, 30), QPoint(60, 40))
    ((_, form),) = data.landmarks.done
    assert (form.name, form.note) == ("Fiktiv kollisjon", "Tre biler")
    settle(window)
    at = head(layer, data.landmarks.table["p1"])
    hold(layer, at)
    data.landmarks.table.clear()
    drag(layer, at, QPoint(-30, -30))
    assert len(data.landmarks.done) == 1
    assert "has been removed meanwhile" in window.done_bar.accessibleName()


def test_what_could_not_be_kept_is_said(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given, language="en")
    data.landmarks.keeps = False
    layer = layer_of(window)
    choose(menu_at(window, head(layer, PIN)), "remove")
    assert "could not be removed" in window.done_bar.accessibleName()
    assert not window.done_bar.undo.isVisible()
    hold(layer, head(layer, PIN))
    drag(layer, head(layer, PIN), QPoint(50, 50))
    assert "could not be moved" in window.done_bar.accessibleName()
    QTest.keyClick(window, Qt.Key.Key_I)
    QTest.keyClick(window.landmark_bar.name, Qt.Key.Key_Return)
    assert "could not be set" in window.done_bar.accessibleName()


def test_who_only_reads_marks_nothing(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given, language="en")
    data.landmarks.marks = False
    data.landmarks.put(replace(PIN, may_change=False))
    layer = layer_of(window)
    menu = menu_at(window, empty_spot(layer))
    assert [menu.deeds[deed].isEnabled() for deed in ("measure", "line", "pin", "place")] == [
        True, True, False, False,
    ]  # fmt: skip
    menu.close()
    menu = menu_at(window, head(layer, PIN))
    assert not any(menu.deeds[deed].isEnabled() for deed in ("edit", "move", "remove"))
    menu.close()
    QTest.keyClick(window, Qt.Key.Key_I)
    assert not window.landmark_bar.isVisible()
    assert "may mark no places" in window.done_bar.accessibleName()


def test_pins_and_places_are_reached_by_keys(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given)
    layer = layer_of(window, 60.5, 8.0)
    layer.setFocus()
    QTest.keyClick(layer, Qt.Key.Key_PageDown)
    settle(window)
    assert layer.accessibleDescription() == PIN.name, "pins first"
    centre = QPointF(*layer.size_of_map) / 2
    assert layer.degrees_at(centre) == pytest.approx((PIN.lat, PIN.lon), abs=1e-3)
    by_key = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(layer, QContextMenuEvent(by_key, QPoint(), QPoint()))
    menu = window.hands.unit_hands.place_menu
    assert menu.isVisible() and menu.accessibleName() == PIN.name, "the menu is about it"
    menu.close()
    QTest.keyClick(layer, Qt.Key.Key_PageDown)
    assert layer.accessibleDescription() == min(row.name for row in PLACES)
    QTest.keyClick(layer, Qt.Key.Key_PageUp)
    assert layer.accessibleDescription() == PIN.name


def test_a_tooltip_tells_what_it_is(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    data.landmarks.put(replace(PIN, exercise=True))
    layer = layer_of(window)
    at = head(layer, PIN)
    chart = window.map_place.map
    assert chart is not None
    help_event = QHelpEvent(QEvent.Type.ToolTip, at, layer.mapToGlobal(at))
    QApplication.sendEvent(chart, help_event)
    words = chart._words_at(layer.on_map(QPointF(at)))
    for part in (PIN.name, PIN.note, "ØVELSE", "21:53", "Kari", "6 min"):
        assert part in words, part
    for tip in QApplication.topLevelWidgets():
        if isinstance(tip, QLabel):
            tip.hide()


@pytest.mark.parametrize("theme", ["night", "day"])
def test_names_stand_in_nobodys_way_and_red_stays_an_alarms(
    open_desk: Open, given: fakes.Fakes, theme: str
) -> None:
    window, _ = open_desk(given, theme=theme)
    layer = layer_of(window)
    marks, names = layer.landmarks.named
    layout, shown = layer._shown_layout(), layer.landmarks._shown
    assert marks + len(layout.pins.keys) >= 4 and names + len(layout.pins.named) >= 2
    boxes = np.vstack((shown.names.boxes(HERE), layout.pins.names.boxes(HERE)))
    units = layout.centres[layout.seen]
    others = np.vstack((
        layout.cards.boxes(HERE), layout.places.boxes(HERE), np.hstack((units - 7, units + 7)),
    ))  # fmt: skip
    for box in boxes:
        apart = (
            (others[:, 0] >= box[2]) | (others[:, 2] <= box[0])
            | (others[:, 1] >= box[3]) | (others[:, 3] <= box[1])
        )  # fmt: skip
        assert apart.all()
    image = layer.grab().toImage()
    at = head(layer, PIN)
    ink = [image.pixelColor(at.x() + x, at.y() + y) for x in range(-9, 10) for y in range(-9, 10)]
    assert not [c for c in ink if c.red() > 150 and c.red() > 1.6 * max(c.green(), c.blue())]
    assert len({c.name() for c in ink}) > 2, "and it is drawn"


def test_a_calm_units_name_leaves_a_pin_to_be_seen_and_an_alarms_does_not(
    open_desk: Open, given: fakes.Fakes
) -> None:
    """A unit to the left of a pin, so that its name would lie over it."""
    row = next(iter(given.units.table.values()))
    window, data = open_desk(given)
    layer = layer_of(window)
    x, y = forward(PIN.lat, PIN.lon)
    scale = layer.camera.scale
    lat, lon = inverse(float(x) - 40 / scale, float(y) - 13 / scale)
    data.units.edit(row.key, lat=float(lat), lon=float(lon), speaking=False, alarm=None)
    settle(window)

    def is_covered() -> bool:
        layout = layer._shown_layout()
        at = head(layer, PIN)
        shift = layout.shift(layer.camera, layer._atlas.ratio)
        boxes = layout.cards.boxes(shift)
        inside = (boxes[:, :2] < (at.x(), at.y())) & (boxes[:, 2:] > (at.x(), at.y()))
        return bool(inside.all(axis=1).any())

    assert layer.table.find(row.key) in [int(i) for i in layer._shown_layout().units]
    assert not is_covered()
    data.landmarks.table.clear()
    data.landmarks.put(*PLACES)
    settle(window)
    QTest.qWait(300)
    settle(window)
    assert is_covered(), "without the pin the name stands there"


def test_far_out_the_map_shows_pins_alone(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given)
    layer = layer_of(window)
    layer.set_camera(layer.camera.zoomed(-40, 400, 300))
    settle(window)
    assert layer.camera.zoom < 7
    assert layer.landmarks.named[0] == 0
    pins = layer._shown_layout().pins
    assert pins.keys == pins.named == (PIN.key,), "with its name"


@pytest.mark.parametrize("percent", [100, 200])
def test_larger_a_right_click_means_the_same_place(
    open_desk: Open, given: fakes.Fakes, percent: int
) -> None:
    window, _ = open_desk(given)
    window.set_scale(percent)
    layer = layer_of(window)
    assert layer._scale == percent / 100
    menu = menu_at(window, head(layer, PIN))
    assert menu.accessibleName() == PIN.name
    menu.close()
    at = spot(layer, 59.305, 10.25)
    choose(menu_at(window, at), "pin")
    assert window.landmark_bar.place == pytest.approx((59.305, 10.25), abs=2e-3)


@SCREENS
def test_the_bar_fits_and_covers_nothing(
    open_desk: Open, given: fakes.Fakes, size: tuple[int, int], language: str
) -> None:
    window, _ = open_desk(given, size=size, language=language)
    layer_of(window)
    window.hands.unit_hands.places.ask_place(59.3, 10.4)
    QTest.qWait(50)
    bar = window.landmark_bar
    assert not bar.geometry().intersects(window.map_place.geometry())
    assert not bar.geometry().intersects(window.tiles.geometry())
    for part in (bar.kind, bar.name, bar.note, bar.no, bar.ok):
        assert bar.rect().contains(part.geometry())
        assert part.accessibleName()
    assert not bar.elides()
    bar.name.setText("Fiktivbakken bo- og omsorgssenter")
    words = bar.name.fontMetrics().horizontalAdvance(bar.name.text())
    assert words + 24 <= bar.name.width(), "a name is read whole"


# -- lines --------------------------------------------------------------------------------------


def kilometres(words: str) -> list[float]:
    """Of what is said, the last leg's first."""
    found = re.findall(r"([\d ,.]+?) (km|m)\b", words)
    return [
        float(figure.replace(",", ".").replace("\u00a0", "")) / (1 if unit == "km" else 1_000)
        for figure, unit in found
    ]


def test_a_line_is_measured_by_clicks_leg_by_leg(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given, language="en")
    layer = layer_of(window, 59.45, 10.1)
    first = empty_spot(layer)
    choose(menu_at(window, first), "line")
    measuring = layer.measuring
    assert measuring.is_on and measuring.words == ""
    places = [layer.degrees_at(QPointF(first))]
    for step in (QPoint(150, 40), QPoint(-60, 120)):
        at = spot(layer, *places[-1]) + step
        QTest.mouseMove(layer, at)
        QTest.mouseClick(layer, Qt.MouseButton.LeftButton, pos=at)
        places.append(measuring.legs[-1].end)
    chosen = window.units.chosen()
    assert chosen == "", "a click that ends a leg chooses no unit"
    metres = [WGS_84.inv(a[1], a[0], b[1], b[0])[2] for a, b in pairwise(places)]
    last, whole = kilometres(measuring.words)
    assert last == pytest.approx(metres[1] / 1_000, rel=1e-3, abs=0.06)
    assert whole == pytest.approx(sum(metres) / 1_000, rel=1e-3, abs=0.06)
    azimuth = WGS_84.inv(places[1][1], places[1][0], places[2][1], places[2][0])[0] % 360
    assert f"{round(azimuth):03d}°" in measuring.words
    assert layer.accessibleDescription() == measuring.words
    QTest.keyClick(layer, Qt.Key.Key_Backspace)
    assert len(measuring.legs) == 1
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not measuring.is_on
    assert layer.accessibleDescription() == ""


def test_a_line_is_measured_by_keys_alone(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given)
    layer = layer_of(window, 59.6, 9.7)
    layer.setFocus()
    QTest.keyClick(layer, Qt.Key.Key_Left)
    QTest.keyClick(window, Qt.Key.Key_D)
    assert layer.measuring.is_on and layer.hasFocus()
    begun = layer.degrees_at(QPointF(*layer.size_of_map) / 2)
    for _ in range(2):
        QTest.keyClick(layer, Qt.Key.Key_Right)
    (leg,) = layer.measuring.legs
    assert leg.begin == pytest.approx(begun, abs=1e-3)
    assert leg.bearing == pytest.approx(90, abs=2), "to the east, and it follows the arrows"
    QTest.keyClick(layer, Qt.Key.Key_Return)
    QTest.keyClick(layer, Qt.Key.Key_Up)
    assert len(layer.measuring.legs) == 2
    QTest.keyClick(window, Qt.Key.Key_D)
    assert not layer.measuring.is_on, "the same key ends it"


def test_a_line_begins_at_a_units_own_place(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    layer = layer_of(window)
    window.hands.unit_hands.do("line", "u2")
    row = data.units.table["u2"]
    layer.measuring.point_at(59.0, 10.0)
    assert layer.measuring.legs[0].begin == (row.lat, row.lon)


# -- nearest units ------------------------------------------------------------------------------


def test_nearest_units_are_told_by_distance_and_range(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given, language="en")
    layer = layer_of(window)
    choose(menu_at(window, head(layer, PIN)), "measure")
    units = window.units
    assert units.wanted().sort == "distance"
    assert PIN.name in units.measure.text()
    assert units.caution.isVisible() and "without roads" in units.caution.text()
    rows = [units.model.row(n) for n in range(6)]
    far = [units._table.far_km(row.key) or 0.0 for row in rows]
    assert far == sorted(far)
    for n, row in enumerate(rows):
        said = str(units.model.data(units.model.index(n), int(Qt.ItemDataRole.DisplayRole)))
        assert re.search(r"~\d+(–\d+ min| min or far more)", said), said
        told = str(units.model.data(units.model.index(n), int(Qt.ItemDataRole.ToolTipRole)))
        assert "at best" in told and ("typically" in told or "may be far longer" in told), told
        assert estimate_words(units.estimate_of(row.key)) in said
    window.unit_bar.show_unit(rows[0].key)
    assert "at best" in window.unit_bar.accessibleName()


def test_nearest_units_of_what_a_search_has_found(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given, language="en")
    layer_of(window)
    finder = window.map_place.finder
    finder.open()
    finder._mark(PlaceFound("Fiktivgata 4", "address", 59.31, 10.35))
    finder.drop()
    QTest.qWait(50)
    QTest.mouseClick(finder.more, Qt.MouseButton.LeftButton)
    menu = window.hands.unit_hands.place_menu
    assert menu.isVisible()
    choose(menu, "measure")
    assert "Fiktivgata 4" in window.units.measure.text()
    assert window.units._from is not None
    assert (window.units._from.lat, window.units._from.lon) == (59.31, 10.35)


def test_free_units_first_is_the_operators_choice(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given)
    window.hands.unit_hands.show_nearest(PIN.lat, PIN.lon, PIN.name)
    units = window.units

    def freedom() -> list[bool]:
        return [units.model.row(n).free for n in range(units.model.rowCount())]

    assert freedom() != sorted(freedom(), reverse=True), "by distance alone"
    QTest.qWait(50)
    QTest.mouseClick(units.free_first, Qt.MouseButton.LeftButton)
    assert freedom() == sorted(freedom(), reverse=True)
    assert len(freedom()) == len(window._sources.units.keys()), "nobody is hidden"
    QTest.keyClick(window, Qt.Key.Key_F, CTRL | SHIFT)
    assert freedom() != sorted(freedom(), reverse=True)
    QTest.mouseClick(units.measure, Qt.MouseButton.LeftButton)
    assert not units.free_first.isVisible() and not units.caution.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F, CTRL | SHIFT)
    assert units.wanted().sort == "urgency", "without a place to measure from it does nothing"


def test_water_between_is_told_once_it_is_known(open_desk: Open, given: fakes.Fakes) -> None:
    """From Horten: Moss lies across the fjord, Tønsberg does not."""
    data = given
    table = data.units.table
    for key, lat, lon in (("u1", 59.434, 10.66), ("u2", 59.267, 10.408)):
        table[key] = replace(
            table[key], lat=lat, lon=lon, kind="ambulance", fixed_s=fakes.NOW_S, accuracy_m=10
        )
    table["u3"] = replace(table["u1"], key="u3", call_sign="Helikopter 9", kind="helicopter")
    window, _ = open_desk(data, language="en")
    layer_of(window)
    window.hands.unit_hands.show_nearest(59.417, 10.483, "Horten")
    for _ in range(500):
        across = window.units.estimate_of("u1")
        if across is not None and across.typical_min is None:
            break
        QTest.qWait(20)
    assert "may be far longer" in window.units.way_words("u1")
    assert "typically" in window.units.way_words("u2")
    assert "by air" in window.units.way_words("u3"), "a helicopter flies over it"
    window.units.set_parted(Reference("another", 1.0, 2.0), frozenset({"u2"}))
    assert "typically" in window.units.way_words("u2"), "an answer that comes late is of no use"


def test_an_old_position_has_no_estimate_and_says_so(open_desk: Open, given: fakes.Fakes) -> None:
    row = given.units.table["u2"]
    given.units.table["u2"] = replace(row, fixed_s=fakes.NOW_S - 7_200)
    window, _ = open_desk(given, language="en")
    window.hands.unit_hands.show_nearest(PIN.lat, PIN.lon, PIN.name)
    assert window.units.estimate_of("u2") is None
    assert "no estimate" in window.units.way_words("u2")


def test_on_the_small_screen_it_fits(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given, size=SMALL)
    window.hands.unit_hands.show_nearest(PIN.lat, PIN.lon, PIN.name)
    QTest.qWait(50)
    units = window.units
    assert units.free_first.isVisible()
    assert units.rect().contains(units.free_first.geometry())
    assert units.list.viewport().height() >= 3 * window._look.metrics.row


def test_keys_typed_on_after_the_bar_has_gone_set_no_pin(
    open_desk: Open, given: fakes.Fakes
) -> None:
    """I is a letter too."""
    window, data = open_desk(given)
    layer_of(window)
    QTest.keyClick(window, Qt.Key.Key_I)
    QTest.keyClicks(window.landmark_bar.name, "Fik")
    window.landmark_bar.drop()
    target = QApplication.focusWidget() or window
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_I, Qt.KeyboardModifier.NoModifier, "i")
        QApplication.sendEvent(target, event)
    assert not window.landmark_bar.isVisible()
    assert inverse(0.5, 0.5)[0] == pytest.approx(0.0)
    assert data.landmarks.done == []


def test_a_pin_that_has_just_gone_is_nobodys(open_desk: Open, given: fakes.Fakes) -> None:
    """Between the news and the next picture a hand may point at what is not there any more."""
    window, _ = open_desk(given)
    layer = layer_of(window)
    at = QPointF(head(layer, PIN))
    assert layer.landmark_at(at) == "p1"
    layer.landmarks.set_rows(())
    chart = window.map_place.map
    assert chart is not None
    assert chart._words_at(layer.on_map(at)) == ""
    assert layer._meant_at(at) == layer.degrees_at(at)
    menu = menu_at(window, at.toPoint())
    menu.close()


def test_as_many_as_a_site_may_have_are_drawn_within_a_frame_or_two(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    many = (
        replace(PIN if n < 500 else PLACES[n % 6], key=f"m{n}", name=f"Fiktiv {n}",
                lat=59.0 + n % 50 / 60, lon=9.6 + n / 2_500)
        for n in range(2_500)
    )  # fmt: skip
    data.landmarks.put(*many)
    layer = layer_of(window)
    layer.set_camera(layer.camera.zoomed(-8, 400, 300))
    settle(window)
    layout, no_go = layer._shown_layout(), layer._no_go()
    layer.landmarks._make(layout, no_go)  # pictures are drawn once
    began_s = time.thread_time()
    layer.landmarks._make(layout, no_go)
    assert time.thread_time() - began_s < 0.05
    assert layer.landmarks.named[0] + len(layout.pins.known) > 500
