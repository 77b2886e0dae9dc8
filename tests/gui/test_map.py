"""The map does what hands and sources ask, draws nothing malformed and rests when nothing moves."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resources.map.places import load_places
from tests.gui.map_fakes import Rows, StillClock, make_units, with_alarm
from widgets.contracts.rows import AlarmRow, UnitRow
from widgets.map.names import PlaceIndex
from widgets.map.projection import forward
from widgets.map.table import RAISED
from widgets.map.told import pile_words, unit_words
from widgets.map.view import MapView
from widgets.theme import DAY, NIGHT

CROWD = 1_000


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


@pytest.fixture
def crowd(qtbot: QtBot) -> Iterator[MapView]:
    """So many that they are not laid out at once."""
    made = MapView(Rows(make_units(CROWD)), Rows(), StillClock(), NIGHT)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
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
    boxes = layout.cards.boxes(layout.shift(view.layer.camera, 1.0))
    for i, one in enumerate(boxes):
        assert apart(one, boxes[i + 1 :]).all()
    assert "u0" in layout.shown


def apart(one: np.ndarray, rest: np.ndarray) -> np.ndarray:
    beside = (rest[:, 0] >= one[2]) | (rest[:, 2] <= one[0])
    return np.asarray(beside | (rest[:, 1] >= one[3]) | (rest[:, 3] <= one[1]))


def label_of(view: MapView, key: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Its box in the widget and the keys of those it names."""
    layer = view.layer
    layout = layer._fresh_layout()
    boxes = layout.cards.boxes(layout.shift(layer.camera, 1.0))
    for box, named in zip(boxes, layout.lines, strict=True):
        keys = tuple(layer.table.rows[i].key for i in named)
        if key in keys:
            return box, keys
    raise AssertionError(f"{key} has no label")


def gather(view: MapView, qtbot: QtBot, *keys: str) -> None:
    """Move units to one lonely place, and look there closely."""
    rows = [replace(units(view).row(key), lat=61.5, lon=8.9) for key in keys]
    units(view).put(*rows)
    view.show_point(61.5, 8.9)
    qtbot.waitUntil(lambda: view.settled)


def test_a_small_pile_names_everybody_and_each_line_can_be_clicked(
    view: MapView, qtbot: QtBot
) -> None:
    gather(view, qtbot, "u5", "u6", "u7")
    box, named = label_of(view, "u5")
    assert set(named) == {"u5", "u6", "u7"}
    for i, key in enumerate(named):
        at = QPointF(box[0] + 20, box[1] + 2 + 18 * (i + 0.5))
        assert view.layer.unit_at(at) == key
    assert {row.key for row in view.layer.pile_of(named[0])} == set(named)


def test_a_large_pile_is_counted_and_its_alarm_is_named(view: MapView, qtbot: QtBot) -> None:
    crowd = [f"u{i}" for i in range(10)]
    gather(view, qtbot, *crowd)
    _, named = label_of(view, "u0")
    assert named[0] == "u0" and named[1] == "u1"  # the alarm, then the one who speaks
    told = pile_words(view.layer.pile_of("u0"), view._clock.now_s()).splitlines()
    assert sum(any(units(view).row(k).call_sign in line for line in told) for k in crowd) == 10


@pytest.mark.parametrize(("x", "y"), [(880, 20), (20, 680), (890, 690), (5, 5), (450, 350)])
def test_an_alarms_label_is_never_covered_or_cut(
    view: MapView, qtbot: QtBot, x: int, y: int
) -> None:
    layer = view.layer
    at = layer.place_of("u0")
    assert at is not None
    layer.set_camera(layer.camera.moved(x - at.x(), y - at.y()))
    qtbot.waitUntil(lambda: view.settled)
    box, _ = label_of(view, "u0")
    assert box[0] >= 0 and box[1] >= 0 and box[2] <= view.width() and box[3] <= view.height()
    assert apart(box, layer._no_go()).all()


def test_labels_rest_while_the_hand_zooms_and_settle_afterwards(
    view: MapView, qtbot: QtBot
) -> None:
    before = view.layer._fresh_layout()
    view.layer.zoom_by(2)
    assert not view.settled and view.layer._shown_layout() is before
    qtbot.waitUntil(lambda: view.settled)
    after = view.layer._shown_layout()
    assert after is not before and after.covers(view.layer.camera)


def test_zooming_far_out_never_leaves_the_map_without_its_units(
    view: MapView, qtbot: QtBot
) -> None:
    for _ in range(20):
        view.layer.zoom_by(-2)
        seen = view.layer._shown_layout()
        assert seen.camera.step - view.layer.camera.step <= 2
    qtbot.waitUntil(lambda: view.settled)
    seen = view.layer._shown_layout()
    assert len(seen.units) == np.isfinite(view.layer.table.columns["x"]).sum()


def test_a_unit_that_has_gone_leaves_the_map(view: MapView, qtbot: QtBot) -> None:
    number = len(view.layer.table.rows)
    del units(view).table["u4"]
    units(view).changed.emit(("u4", "never-heard-of", "u5"))
    qtbot.waitUntil(lambda: view.settled)
    assert view.layer.place_of("u4") is None and view.missed_rows == 2
    assert len(view.layer.table.rows) == number - 1
    for at, row in enumerate(view.layer.table.rows):
        assert view.layer.table.find(row.key) == at
    view.grab()


def test_an_alarm_without_a_unit_on_the_map_stands_where_it_was_raised(
    view: MapView, qtbot: QtBot
) -> None:
    alarms = view._alarms
    assert isinstance(alarms, Rows)
    alarms.put(AlarmRow("a2", "stranger", "AMB 9-9", lat=59.5, lon=10.2))
    assert view.layer.place_of("alarm:a2") is not None
    units(view).put(UnitRow("stranger", "AMB 9-9", lat=59.6, lon=10.2, alarm="raised"))
    qtbot.waitUntil(lambda: view.layer.place_of("stranger") is not None)
    assert view.layer.place_of("alarm:a2") is None
    del alarms.table["a1"]  # gone between being told of and being read
    view.show_alarm()


def test_the_first_view_widens_until_a_hand_has_moved_it(qtbot: QtBot) -> None:
    source = Rows([UnitRow("a", "AMB 1-1", lat=59.3, lon=10.4)])
    made = MapView(source, Rows(), StillClock(), NIGHT)
    qtbot.addWidget(made)
    try:
        made.resize(900, 700)
        made.show()
        source.put(UnitRow("b", "AMB 1-2", lat=60.4, lon=5.3))
        qtbot.waitUntil(lambda: "b" in made.layer._fresh_layout().shown)
        box, _ = label_of(made, "b")
        assert box[0] >= 0 and box[2] <= 900
        made.layer.zoom_by(2)
        moved = made.layer.camera
        source.put(UnitRow("c", "AMB 1-3", lat=69.6, lon=18.9))
        qtbot.waitUntil(lambda: made.layer.place_of("c") is not None)
        assert made.layer.camera == moved
    finally:
        made.close_map()


def test_large_norwegian_towns_come_before_everything_else() -> None:
    index = PlaceIndex(load_places())
    assert index.places[0].name == "Oslo"
    names = [place.name for place in index.places]
    major = {names[i] for i in np.flatnonzero(index.major(7.0))}
    assert {"Oslo", "Trondheim", "Tromsø", "Tønsberg", "Skien", "Porsgrunn"} <= major
    assert not {"Nesttun", "Tromsdalen", "Gothenburg"} & major  # parts of a town, and abroad
    assert names.index("Tønsberg") < names.index("Gothenburg")


def test_keys_and_buttons_move_the_map(view: MapView, qtbot: QtBot) -> None:
    before = view.layer.camera
    QTest.keyClick(view.layer, Qt.Key.Key_Plus)
    assert view.layer.camera.step == before.step + 2
    view._zoom_out.click()
    assert view.layer.camera.step == before.step
    QTest.keyClick(view.layer, Qt.Key.Key_Left)
    assert view.layer.camera.x < before.x
    QTest.keyClick(view.layer, Qt.Key.Key_Home)
    columns = view.layer.table.columns
    assert np.isfinite(columns["x"]).sum() == len(view.layer._fresh_layout().units)
    view._alarm.click()
    at = view.layer.place_of("u0")
    assert at is not None and (at - QPointF(450, 350)).manhattanLength() < 3


def test_the_tooltip_says_who_what_and_how_old(view: MapView) -> None:
    row = UnitRow("u0", "AMB 1-1", status_text="Ledig", fixed_s=1_795_554_000.0)
    words = unit_words(row, view._clock.now_s())
    assert words.startswith("AMB 1-1\nLedig\n") and "7 s" in words


def test_a_full_atlas_leaves_out_what_it_cannot_hold_and_is_followed_by_another(
    view: MapView, qtbot: QtBot
) -> None:
    """What is shown keeps its own pictures meanwhile: a name must never become another's."""
    before = view.layer._shown_layout()
    atlas = before.atlas
    rows = (UnitRow(f"u{i}", f"AMB {i}") for i in itertools.count())
    first = atlas.card((atlas.line(next(rows)),))
    while atlas.card((atlas.line(next(rows)),)).height:
        pass  # until it is full
    assert atlas.card((atlas.line(UnitRow("u0", "AMB 0")),)) == first
    view.layer.refresh()
    assert view.layer._shown_layout() is before
    qtbot.waitUntil(lambda: view.settled)
    assert view.layer._shown_layout().atlas is not atlas
    assert view.layer._shown_layout().shown == before.shown


def test_a_crowd_is_laid_out_in_steps_and_without_labels_until_then(
    crowd: MapView, qtbot: QtBot
) -> None:
    layer = crowd.layer
    before = layer._shown_layout()
    crowd.show_point(59.267, 10.408)
    seen = layer._shown_layout()
    assert seen is not before and seen.camera == layer.camera and not len(seen.cards.covers)
    assert len(seen.marks.rows) == len(seen.units) > 0
    assert not crowd.settled
    qtbot.waitUntil(lambda: crowd.settled)
    assert len(layer._shown_layout().cards.covers)
    crowd.fit_all()
    assert sum(1 for _ in layer._steps()) > CROWD / 250, "many turns between"


def test_who_begins_to_alarm_does_not_wait_for_the_crowds_turn(
    crowd: MapView, qtbot: QtBot
) -> None:
    layer = crowd.layer
    making = layer._making
    making._spent_s, making._ended_s = 100.0, time.monotonic()  # the last layout was dear
    row = layer.table.rows[7]
    layer.table.put(replace(row, urgency="red"))
    layer.refresh()
    assert making.wait_ms > 1_000
    layer.table.put(replace(row, alarm="raised"))
    layer.refresh(at_once=True)
    qtbot.waitUntil(lambda: crowd.settled)
    shown = layer._shown_layout()
    assert (shown.table.columns["alarm"][shown.units] == RAISED).sum() == 1
