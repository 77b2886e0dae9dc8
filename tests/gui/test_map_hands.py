"""What hands do on the map: piles that open, boxes, following, trails, views, pictures."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as holds
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QNativeGestureEvent, QPointingDevice
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.gui.map_fakes import NOW_S, Rows, StillClock
from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import AlarmRow, UnitRow
from widgets.map.landmarks import HERE
from widgets.map.projection import forward_point
from widgets.map.symbols import Atlas
from widgets.map.told import unit_words
from widgets.map.trails import APART_S, MAX_POINTS, Trails
from widgets.map.view import MapView
from widgets.symbols import state_of, state_tag
from widgets.theme import DAY, NIGHT, Palette
from widgets.window import DeskWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def unit(key: str, lat: float, lon: float, **more: object) -> UnitRow:
    row = UnitRow(key, key.upper(), "ambulance", lat=lat, lon=lon, fixed_s=NOW_S)
    return replace(row, **more)  # type: ignore[arg-type]


@pytest.fixture
def source() -> Rows:
    """Two at one station, two some way from each other, one far off; all made up."""
    return Rows(
        [
            unit("a1", 59.3000, 10.4000),
            unit("a2", 59.3000, 10.4000),
            unit("b1", 59.4000, 10.6000),
            unit("b2", 59.4060, 10.6100),
            unit("c1", 60.3900, 5.3200, talkgroup="LV-BERGEN"),
        ]
    )


@pytest.fixture
def view(qtbot: QtBot, source: Rows) -> Iterator[MapView]:
    made = MapView(source, Rows(), StillClock(), NIGHT)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.show_point(59.35, 10.45)
    made.layer.zoom_by(-8)
    qtbot.waitUntil(lambda: made.settled and made.layer._layout is not None)
    yield made
    made.close_map()


def spot(view: MapView, key: str) -> QPoint:
    at = view.layer.place_of(key)
    assert at is not None
    return at.toPoint()


def drag(view: MapView, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier) -> None:
    QTest.mousePress(view.layer, LEFT, keys, start)
    QTest.mouseMove(view.layer, (start + end) / 2)
    QTest.mouseMove(view.layer, end)
    QTest.mouseRelease(view.layer, LEFT, keys, end)


# -- piles ----------------------------------------------------------------------------------


def test_a_pile_opens_by_coming_closer_until_its_units_stand_apart(
    view: MapView, qtbot: QtBot
) -> None:
    assert (spot(view, "b1") - spot(view, "b2")).manhattanLength() < 20
    before = view.layer.camera.step
    QTest.mouseClick(view.layer, LEFT, NONE, spot(view, "b1"))
    qtbot.waitUntil(lambda: view.settled)
    assert view.layer.camera.step > before
    assert len(view.layer.pile_of("b1")) == len(view.layer.pile_of("b2")) == 1
    assert view.rect().contains(spot(view, "b1")) and view.rect().contains(spot(view, "b2"))


def test_who_stands_in_one_place_is_told_in_a_list_to_choose_from(
    view: MapView, qtbot: QtBot
) -> None:
    before = view.layer.camera
    QTest.mouseClick(view.layer, LEFT, NONE, spot(view, "a1"))
    assert view.layer.camera == before
    assert view.spots.pile_menu.isVisible()
    named = [action.text() for action in view.spots.pile_menu.actions()]
    assert sorted(named) == ["A1", "A2"]
    other = next(action for action in view.spots.pile_menu.actions() if action.text() == "A2")
    with qtbot.waitSignal(view.unit_clicked) as told:
        view.spots.pile_menu.setActiveAction(other)
        QTest.keyClick(view.spots.pile_menu, Qt.Key.Key_Return)
    assert told.args == ["a2"]


# -- boxes ----------------------------------------------------------------------------------


def test_a_box_drawn_with_shift_tells_all_in_it_and_moves_nothing(
    view: MapView, qtbot: QtBot
) -> None:
    before = view.layer.camera
    start = spot(view, "a1") + QPoint(-30, 30)
    with qtbot.waitSignal(view.units_boxed) as told:
        drag(view, start, spot(view, "b2") + QPoint(30, -30), SHIFT)
    assert sorted(told.args[0]) == ["a1", "a2", "b1", "b2"]
    assert view.layer.camera == before


def test_a_box_round_nobody_asks_nothing(view: MapView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.units_boxed, wait=50):
        drag(view, QPoint(40, 400), QPoint(90, 450), SHIFT)


# -- following and trails -------------------------------------------------------------------


def move(view: MapView, qtbot: QtBot, lat: float, lon: float, after_s: float) -> None:
    source = view._units
    assert isinstance(source, Rows)
    source.put(replace(source.row("c1"), lat=lat, lon=lon, fixed_s=NOW_S + after_s))
    qtbot.waitUntil(lambda: view.settled)


def test_a_followed_unit_stays_in_the_middle_until_a_hand_moves_the_map(
    view: MapView, qtbot: QtBot
) -> None:
    view.follow("c1")
    assert view.following.isVisible()
    for n in range(1, 4):
        move(view, qtbot, 60.39 + n / 100, 5.32 + n / 50, 15.0 * n)
        off = QPointF(spot(view, "c1")) - QPointF(view.layer.rect().center())
        assert math.hypot(off.x(), off.y()) < 2
    drag(view, QPoint(400, 300), QPoint(300, 300), NONE)
    assert not view.following.isVisible()
    before = view.layer.camera
    move(view, qtbot, 60.5, 5.5, 90.0)
    assert view.layer.camera == before


def test_the_chip_says_how_old_the_place_of_who_is_followed_is(
    view: MapView, source: Rows, qtbot: QtBot
) -> None:
    view.follow("c1")
    assert "C1" in view.following.accessibleName()
    source.put(replace(source.row("c1"), fixed_s=NOW_S - 600))
    qtbot.waitUntil(lambda: "10 min" in view.following.accessibleName())
    QTest.mouseClick(view.following, LEFT)
    assert view.following.key == ""


def test_a_trail_is_drawn_where_the_unit_has_been_and_only_when_it_is_asked_for(
    view: MapView, qtbot: QtBot
) -> None:
    view.follow("c1")
    view.layer.zoom_by(-8)
    for n in range(1, 5):
        move(view, qtbot, 60.39 + n / 40, 5.32, 30.0 * n)
    view.following.let_go()
    half_way = QPointF(*view.layer._view.point(*_world(60.415, 5.32))).toPoint()

    def ink() -> QColor:
        qtbot.waitUntil(lambda: view.settled)
        return QColor(view.grab().toImage().pixelColor(half_way))

    without = ink()
    view.toggle_trail("c1")
    assert ink() != without
    view.toggle_trail("c1")
    assert ink() == without


def _world(lat: float, lon: float) -> tuple[float, float]:
    return forward_point(lat, lon)


@holds(
    st.lists(
        st.tuples(
            st.floats(allow_nan=True, allow_infinity=True),
            st.floats(allow_nan=True, allow_infinity=True),
            st.floats(0, 1e10),
        ),
        max_size=300,
    )
)
def test_a_trail_is_bounded_in_order_and_holds_nothing_malformed(
    given: list[tuple[float, float, float]],
) -> None:
    trails = Trails()
    for x, y, at_s in given:
        trails.note("u", x, y, at_s)
    points = trails.points("u")
    assert len(points) <= MAX_POINTS
    assert np.isfinite(points).all()
    assert (np.diff(points[:, 2]) >= APART_S).all()


# -- marks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "state", "tag"),
    [
        (UnitRow("u", "U", status="available", free=True), "free", ""),
        (UnitRow("u", "U", status="en-route", urgency="red"), "busy", "A"),
        (UnitRow("u", "U", status="en-route", urgency="yellow"), "busy", "H"),
        (UnitRow("u", "U", status="home-visit", urgency="green"), "busy", "V"),
        (UnitRow("u", "U", status="busy"), "busy", "•"),
        (UnitRow("u", "U", status="out-of-service"), "off", "/"),
        (UnitRow("u", "U"), "unknown", ""),
        (UnitRow("u", "U", status="en-route", urgency="red", alarm="raised"), "alarm", "A"),
        (UnitRow("u", "U", status="available", free=True, alarm="closed"), "free", ""),
    ],
)
def test_a_state_has_a_shape_besides_its_colour(row: UnitRow, state: str, tag: str) -> None:
    assert state_of(row) == state
    assert state_tag(row) == tag


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=("night", "day"))
def test_no_two_states_look_alike_without_colour(palette: Palette, desk_app: QApplication) -> None:
    """Each mark in grey: told apart from every other by more than noise."""
    rows = [
        UnitRow("u", "U", "ambulance", status=status, urgency=urgency, free=free)  # type: ignore[arg-type]
        for status, urgency, free in (
            ("available", "none", True),
            ("en-route", "red", False),
            ("en-route", "yellow", False),
            ("en-route", "green", False),
            ("busy", "none", False),
            ("out-of-service", "none", False),
        )
    ]
    atlas = Atlas(palette, 2.0)
    found = [atlas.symbol(row) for row in rows]
    sheet = atlas.pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    greys = []
    for one in found:
        part = sheet.copy(one.x, one.y, one.width, one.height)
        grey = part.convertToFormat(QImage.Format.Format_Grayscale8)
        lines = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), -1)
        greys.append(lines[:, : grey.width()].astype(int))
    for mark, other in itertools.combinations(greys, 2):
        assert (np.abs(mark - other) > 40).sum() > 20


def test_the_tooltip_says_how_fast_and_where_to(view: MapView) -> None:
    words = unit_words(unit("u", 59.3, 10.4, speed_mps=20.0, heading_deg=44.0), 0.0)
    assert "72 km/h NE" in words
    slow = unit("u", 59.3, 10.4, speed_mps=0.2, heading_deg=44.0)
    assert "km/h" not in unit_words(slow, 0.0)


# -- the whole window -----------------------------------------------------------------------


@pytest.fixture
def desk(open_desk: Open, qtbot: QtBot) -> tuple[DeskWindow, fakes.Fakes]:
    window, given = open_desk(fakes.make(), size=SMALL)
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=10_000)
    return window, given


def chart(window: DeskWindow) -> MapView:
    assert window.map_place.map is not None
    return window.map_place.map


def test_u_follows_the_chosen_unit_and_escape_lets_go(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, _ = desk
    window.units.select("u2")
    QTest.keyClick(window, Qt.Key.Key_U)
    assert chart(window).following.key == "u2"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert chart(window).following.key == ""
    QTest.keyClick(window, Qt.Key.Key_U, SHIFT)
    assert "u2" in chart(window).layer.trails.shown


def test_g_shows_the_units_of_a_talkgroup_or_says_that_none_has_a_place(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    key = window.hands.target()
    name = given.talkgroups.row(key).name
    QTest.keyClick(window, Qt.Key.Key_G)
    has_units = any(row.talkgroup == name and row.lat for row in given.units.table.values())
    if not has_units:
        assert name in window.done_bar._words
    for member in ("u1", "u2"):
        given.units.edit(member, talkgroup=name)
    qtbot.waitUntil(lambda: window.is_settled)
    QTest.keyClick(window, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: window.is_settled)
    view = chart(window)
    assert {"u1", "u2"} <= set(view.units_in_view())


def test_a_message_is_written_to_all_in_a_box(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, _ = desk
    view = chart(window)
    size = view.layer.size()
    drag(view, QPoint(60, 60), QPoint(size.width() - 90, size.height() - 120), SHIFT)
    menu = window.hands.map_hands.boxed
    assert menu.isVisible()
    keys = menu._keys
    assert len(keys) > 1
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert window.people.isVisible()
    assert {key for key in keys if key in window.people._picked} == set(keys)


def test_an_alarm_closes_the_maps_menus(desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot) -> None:
    window, given = desk
    QTest.keyClick(window, Qt.Key.Key_V)
    assert window.hands.map_hands.menu.isVisible()
    given.alarms.put(AlarmRow("a9", "u3", "AMB 1-4", raised_s=fakes.NOW_S))
    qtbot.waitUntil(lambda: not window.hands.map_hands.menu.isVisible())


def test_a_box_that_is_being_drawn_is_dropped_when_an_alarm_comes(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    layer = chart(window).layer
    QTest.mousePress(layer, LEFT, SHIFT, QPoint(60, 60))
    QTest.mouseMove(layer, QPoint(300, 300))
    given.alarms.put(AlarmRow("a9", "u3", "AMB 1-4", raised_s=fakes.NOW_S))
    QTest.qWait(50)
    QTest.mouseRelease(layer, LEFT, SHIFT, QPoint(400, 400))
    assert not window.hands.map_hands.boxed.isVisible()
    given.clock.let_hand_react()
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert ("acknowledge", "a9") in given.actions.done


def test_f3_puts_the_search_away_that_would_lie_over_the_alarm(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, given = desk
    finder = window.map_place.finder
    given.alarms.put(AlarmRow("a9", "u3", "AMB 1-4", raised_s=fakes.NOW_S, lat=59.3, lon=10.4))
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert finder.is_open
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert not finder.is_open


def test_the_forms_to_copy_give_way_to_an_alarm(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    finder = window.map_place.finder
    finder.forms.addAction("59.3, 10.4")
    finder.forms.popup(window.mapToGlobal(QPoint(500, 300)))
    assert finder.forms.isVisible()
    given.alarms.put(AlarmRow("a9", "u3", "AMB 1-4", raised_s=fakes.NOW_S))
    qtbot.waitUntil(lambda: not finder.forms.isVisible())


def test_a_view_is_kept_without_a_question_shown_again_and_forgotten_with_a_way_back(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    view, hands = chart(window), window.hands.map_hands
    view.show_point(69.65, 18.95)
    kept = view.layer.camera
    QTest.keyClick(window, Qt.Key.Key_V)
    QTest.keyClick(hands.menu, Qt.Key.Key_Return)
    (row,) = given.map_views.views()
    assert row.name.startswith("Tromsø")
    view.show_point(59.35, 10.45)
    QTest.keyClick(window, Qt.Key.Key_V)
    QTest.keyClick(hands.menu, Qt.Key.Key_1)
    assert view.layer.camera.step == kept.step
    assert abs(view.layer.camera.x - kept.x) < 1e-9
    hands._forget_view(row.name)
    assert not given.map_views.views()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert given.map_views.views() == (row,)


@pytest.mark.parametrize("end", [".png", ".pdf"])
def test_the_map_is_saved_as_large_as_it_is_seen_or_on_a_sheet(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot, tmp_path: Path, end: str
) -> None:
    window, _ = desk
    hands = window.hands.map_hands
    hands.save_picture()
    assert hands.dialog is not None
    path = tmp_path / f"kart{end}"
    hands.dialog.selectFile(str(path))  # type: ignore[union-attr]
    hands.dialog.accept()
    qtbot.waitUntil(lambda: str(path) in window.done_bar._words, timeout=20_000)
    if end == ".png":
        seen = QImage(str(path))
        assert seen.width() == chart(window).layer.width()
        assert seen.height() > chart(window).layer.height()
    else:
        assert path.read_bytes().startswith(b"%PDF")
        assert path.stat().st_size > 20_000


def saved(window: DeskWindow, qtbot: QtBot, path: Path) -> QImage:
    """By V and the menu's own words for it."""
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_V)
    hands = window.hands.map_hands
    hands.menu.save_wanted.emit()
    hands.menu.close()
    assert hands.dialog is not None
    hands.dialog.selectFile(str(path))  # type: ignore[union-attr]
    hands.dialog.accept()
    qtbot.waitUntil(lambda: str(path) in window.done_bar._words, timeout=20_000)
    return QImage(str(path))


def share_of(picture: QImage, ink: str, top: int, bottom: int) -> float:
    wanted, width = QColor(ink).rgb(), picture.width()
    found = sum(picture.pixel(x, y) == wanted for y in range(top, bottom) for x in range(width))
    return found / (width * (bottom - top))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_map_of_an_exercise_says_so_and_what_it_is_of(
    open_desk: Open, qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    given = fakes.make()
    given.status.edit(exercise=True, site="Fiktiv legevakt")
    given.landmarks.put(LandmarkRow("p1", "incident", "Fiktiv brann", 59.27, 10.41, exercise=True))
    window, _ = open_desk(given, language=language)
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    chart(window).show_point(59.27, 10.41)
    qtbot.waitUntil(lambda: window.is_settled, timeout=10_000)
    caption = window.hands.map_hands._caption(chart(window))
    assert caption.mark == {"nb": "ØVELSE", "nn": "ØVING", "en": "EXERCISE"}[language]
    near = "near" if language == "en" else "nær"
    assert "Fiktiv legevakt" in caption.words and f"{near} Tønsberg" in caption.words
    high, pins = chart(window).layer.height(), chart(window).layer._shown_layout().pins
    picture = saved(window, qtbot, tmp_path / "kart.png")
    assert share_of(picture, DAY.warning, high, picture.height()) > 0.002, "it is marked below"
    assert share_of(picture, DAY.panel, high, picture.height()) > 0.5, "in the day's colours"
    assert share_of(picture, DAY.land, 0, high) > 0.2, "as is the map"
    head = pins.heads.boxes(HERE)[0]
    left, top, right, bottom = (round(one) for one in head.tolist())
    pin = picture.copy(left, top, right - left, bottom - top)
    assert share_of(pin, DAY.text, 0, pin.height()) > 0.05, "with what is marked on it"


def test_a_map_that_is_no_exercises_has_no_such_mark(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    given.status.edit(exercise=False)
    for key in tuple(given.units.table):
        given.units.edit(key, exercise=False)
    qtbot.waitUntil(lambda: window.is_settled, timeout=10_000)
    assert window.hands.map_hands._caption(chart(window)).mark == ""
    given.landmarks.put(
        LandmarkRow("p1", "incident", "Fiktiv", *chart(window).middle(), "", "Kari", 0.0, True)
    )
    qtbot.waitUntil(lambda: window.hands.map_hands._caption(chart(window)).mark == "ØVELSE")


def test_a_picture_that_cannot_be_written_says_so(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot, tmp_path: Path
) -> None:
    window, _ = desk
    window.hands.map_hands._save(str(tmp_path / "no" / "kart.png"), ".png")
    gone = str(tmp_path / "no" / "kart.png")
    qtbot.waitUntil(lambda: gone in window.done_bar._words, timeout=20_000)


# -- two fingers ----------------------------------------------------------------------------


def pinch(view: MapView, at: QPoint, value: float) -> None:
    """As a touch pad tells it: a share of the size, many times while the fingers move."""
    where = QPointF(at)
    QApplication.sendEvent(
        view.layer,
        QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture,
            QPointingDevice.primaryPointingDevice(),
            2,
            where,
            where,
            QPointF(view.layer.mapToGlobal(at)),
            value,
            QPointF(),
        ),
    )


def test_two_fingers_zoom_about_where_they_are(view: MapView, qtbot: QtBot) -> None:
    at, before = spot(view, "a1"), view.layer.camera
    for _ in range(8):
        pinch(view, at, 2 ** (1 / 8) - 1)
    assert view.layer.camera.step == before.step + 4, "twice as near"
    assert (spot(view, "a1") - at).manhattanLength() <= 2
    for _ in range(8):
        pinch(view, at, 2 ** (-1 / 8) - 1)
    assert view.layer.camera.step == before.step


def test_u_and_shift_u_say_why_nothing_is_to_be_seen(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, _ = desk
    window.units.list.setCurrentIndex(QModelIndex())
    for keys in (NONE, SHIFT):
        window.done_bar.drop()
        QTest.keyClick(window, Qt.Key.Key_U, keys)
        assert window.done_bar.isVisible() and "Ingen enhet er valgt" in window.done_bar._words
    window.units.select("u2")
    window.done_bar.drop()
    QTest.keyClick(window, Qt.Key.Key_U, SHIFT)
    assert "har ikke flyttet seg ennå" in window.done_bar._words
    QTest.keyClick(window, Qt.Key.Key_U, SHIFT)
    assert "tegnes ikke lenger" in window.done_bar._words


def test_a_trail_that_can_be_seen_needs_no_words(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    row = given.units.row("u2")
    assert row.lat is not None
    given.units.edit("u2", lat=row.lat + 0.05, fixed_s=(row.fixed_s or fakes.NOW_S) + 60)
    qtbot.waitUntil(lambda: chart(window).layer.trails.has_way("u2"))
    window.units.select("u2")
    QTest.keyClick(window, Qt.Key.Key_U, SHIFT)
    assert "u2" in chart(window).layer.trails.shown and not window.done_bar.isVisible()


def test_a_saved_picture_is_called_so_in_the_desks_language(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, _ = desk
    hands = window.hands.map_hands
    hands.save_picture()
    (named,) = hands.dialog.selectedFiles()  # type: ignore[union-attr]
    assert named.endswith("_kart.png")


# --- keys of the map, in the whole window: elsewhere some of them are a talkgroup's


def test_plus_and_minus_zoom_the_map_that_has_the_keyboard_and_change_no_volume(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, given = desk
    layer = chart(window).layer
    QTest.mouseClick(layer, LEFT, pos=QPoint(30, 200))
    assert layer.hasFocus()
    given.actions.done.clear()
    before = layer.camera.step
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Plus)
    assert layer.camera.step == before + 2
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Minus)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Minus)
    assert layer.camera.step == before - 2
    assert given.actions.done == []
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Home)
    assert layer.camera.step != before - 2, "all units"
    window.tiles.focus_current()
    now = layer.camera.step
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Plus)
    assert given.actions.done[-1][0] == "gain"
    assert layer.camera.step == now


def test_a_number_selects_its_talkgroup_also_from_the_map(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    """The same in every place: 0 is the tenth, and never the map's."""
    window, given = desk
    layer = chart(window).layer
    QTest.mouseClick(layer, LEFT, pos=QPoint(30, 200))
    before = layer.camera
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_0)
    assert layer.camera == before
    assert [one[0] for one in given.actions.done if one[0] == "select"] == (
        ["select"] if window.tiles.key_of_number("0") else []
    )


def test_the_maps_menu_works_each_time_it_is_opened(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    """Opening it fills it anew, which once ended what its lines did."""
    window, _ = desk
    menu = window.hands.map_hands.menu
    for signal in (menu.save_wanted, menu.print_wanted):
        signal.disconnect()  # no dialogs
    told = [QSignalSpy(one) for one in (menu.keep_wanted, menu.save_wanted, menu.print_wanted)]
    for _ in range(3):
        for action in (menu.keep, menu.save, menu.print):
            QTest.keyClick(window, Qt.Key.Key_V)
            assert menu.isVisible()
            menu.setActiveAction(action)
            QTest.keyClick(menu, Qt.Key.Key_Return)
    assert [spy.count() for spy in told] == [3, 3, 3]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_print_dialog_speaks_norwegian_and_has_a_name_for_its_file(
    open_desk: Open, qtbot: QtBot, language: str
) -> None:
    window, _ = open_desk(size=SMALL, language=language)
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    hands = window.hands.map_hands
    hands.print_map()
    assert hands.dialog is not None
    texts = set()
    for part in hands.dialog.findChildren(QWidget):
        if isinstance(part, QLabel | QAbstractButton):
            texts.add(part.text().replace("&", ""))
        elif isinstance(part, QGroupBox):
            texts.add(part.title())
        elif isinstance(part, QTabWidget):
            texts |= {part.tabText(n) for n in range(part.count())}
        elif isinstance(part, QComboBox):
            texts |= {part.itemText(n) for n in range(part.count())}
    english = {
        "Name:", "Properties", "Location:", "Local file", "Write PDF file",
        "Output file:", "Copies", "Copies:", "Options", "Print range", "Print all", "Pages from",
        "to", "Pages", "Page Set:", "All Pages", "Output Settings", "Collate", "Reverse", "Print",
        "Options >>", "Options <<", "Printer", "Print to File (PDF)",
    }  # fmt: skip
    assert not texts & english
    assert {"Sorter", "Skriv ut"} <= texts
    if not QPrinterInfo.availablePrinterNames():
        field = hands.dialog.findChild(QLineEdit, "filename")
        assert field is not None
        assert field.text().endswith("_kart.pdf")
    hands.save_picture()
    named = [part.accessibleName() for part in hands.dialog.findChildren(QWidget)]
    assert {"Filer", {"nb": "Steder", "nn": "Stader"}[language]} <= set(named)
    assert not {"Files", "Sidebar"} & set(named)
