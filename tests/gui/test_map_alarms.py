"""An alarm on the map: nothing lies on its mark, and an arrow shows where one is out of view."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.turning import turn_until
from widgets.contracts.rows import AlarmState
from widgets.map.beyond import AlarmChip, FarAlarm
from widgets.map.furniture import _bar_picture, scale_bar
from widgets.map.layer import edges_of
from widgets.map.measuring import NOTHING, hint_rects
from widgets.map.projection import forward_point
from widgets.map.view import MapView
from widgets.window import DeskWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def desk(open_desk: Open, qtbot: QtBot) -> tuple[DeskWindow, fakes.Fakes]:
    """With an alarm that nobody has acknowledged."""
    window, given = open_desk(fakes.with_alarm(), size=SMALL)
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=10_000)
    return window, given


def chart(window: DeskWindow) -> MapView:
    assert window.map_place.map is not None
    return window.map_place.map


# -- its arrow ------------------------------------------------------------------------------


FAR_SOUTH = (58.15, 8.0)  # Kristiansand: nobody of the evening is there


def shows(window: DeskWindow, at: tuple[float, float]) -> None:
    chart(window).show_point(*at)
    turn_until(lambda: window.is_settled, "the map", 10.0)


def arrows(window: DeskWindow) -> dict[str, AlarmChip]:
    shown = chart(window).watch.arrows.shown
    return {chip.pointer.words: chip for chip in shown if chip.pointer is not None}


def waiting(view: MapView) -> list[FarAlarm]:
    """Those that nobody has acknowledged."""
    return [one for one in view.watch.arrows.alarms if one.is_waiting]


def test_an_alarm_out_of_view_has_an_arrow_whose_press_shows_it(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, _ = desk
    assert not arrows(window), "it is seen"
    shows(window, FAR_SOUTH)
    chip = arrows(window)["AMB 3-5 Horten"]
    assert chip.isVisible() and chip.pointer is not None
    assert -80 < chip.pointer.angle < -20, "to the north-east"
    for words in (chip.accessibleName(), chip.toolTip()):
        assert "AMB 3-5 Horten" in words and "km NØ" in words
    QTest.mouseClick(chip, LEFT)
    qtbot.waitUntil(lambda: window.is_settled)
    spot = chart(window).layer.place_of("u4")
    assert spot is not None and chart(window).rect().contains(spot.toPoint())
    assert not arrows(window)


def test_the_arrow_goes_when_the_alarm_is_answered_and_follows_the_hand(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    shows(window, FAR_SOUTH)
    before = arrows(window)["AMB 3-5 Horten"].geometry()
    QTest.keyClick(chart(window).layer, Qt.Key.Key_Down)
    assert arrows(window)["AMB 3-5 Horten"].geometry() != before
    given.alarms.edit("a1", state="acknowledged")
    given.units.edit("u4", alarm="acknowledged")
    qtbot.waitUntil(lambda: not arrows(window))


def test_alarms_in_one_direction_share_an_arrow_and_others_have_their_own(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    window, given = desk
    given.units.edit("u1", alarm="raised", lat=59.40, lon=10.50)
    given.units.edit("u2", alarm="raised", lat=58.10, lon=6.80)
    qtbot.waitUntil(lambda: len(waiting(chart(window))) == 3)
    shows(window, FAR_SOUTH)
    west = given.units.row("u2").call_sign
    both = "AMB 3-5 Horten +1"  # the one in the alarm panel comes first
    assert set(arrows(window)) == {both, west}
    assert not arrows(window)[both].geometry().intersects(arrows(window)[west].geometry())
    chip = arrows(window)[both]
    assert "AMB 3-5 Horten" in chip.toolTip() and given.units.row("u1").call_sign in chip.toolTip()
    QTest.mouseClick(chip, LEFT)
    qtbot.waitUntil(lambda: window.is_settled)
    assert {"u1", "u4"} <= set(chart(window).units_in_view())


@pytest.mark.parametrize("percent", [100, 200])
def test_arrows_are_clear_of_buttons_card_and_legend(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot, percent: int
) -> None:
    window, given = desk
    window.set_scale(percent)
    view, finder = chart(window), window.map_place.finder
    shows(window, FAR_SOUTH)
    finder._mark(replace(fakes.FakePlaces().table[0], lat=58.15, lon=8.0))
    finder.drop()
    for lat, lon in itertools.product((56.5, 58.15, 60.0), (4.0, 8.0, 12.0)):
        if (lat, lon) == FAR_SOUTH:
            continue
        given.units.edit("u4", lat=lat, lon=lon)
        turn_until(partial(_is_at, view, forward_point(lat, lon)), "the position", 10.0)
        (chip,) = view.watch.arrows.shown
        others = [button.geometry() for button in view._buttons] + [finder.geometry()]
        scale = window._look.metrics.scale
        others += [
            QRectF(part.topLeft() * scale, part.size() * scale).toRect()
            for part in view.layer.furniture.rects(view.layer.camera)
        ]
        assert view.rect().contains(chip.geometry())
        assert not any(part.intersects(chip.geometry()) for part in others), (lat, lon)


def _is_at(view: MapView, place: tuple[float, float]) -> bool:
    (alarm,) = waiting(view)
    return (alarm.x, alarm.y) == place


@pytest.mark.parametrize("state", ["raised", "acknowledged"])
def test_an_alarm_below_the_place_card_has_an_arrow_too(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot, state: AlarmState
) -> None:
    window, given = desk
    view, finder = chart(window), window.map_place.finder
    if state == "acknowledged":
        given.alarms.edit("a1", state=state)
    given.units.edit("u4", alarm=state)
    qtbot.waitUntil(lambda: bool(waiting(view)) == (state == "raised"))
    finder._mark(fakes.FakePlaces().table[0])
    finder.drop()
    view.show_unit("u4")
    assert not arrows(window)
    spot = view.layer.place_of("u4")
    assert spot is not None
    way = QPointF(finder.geometry().center()) - spot
    view.layer.set_camera(view.layer.camera.moved(way.x(), way.y()))
    (chip,) = arrows(window).values()
    assert chip.pointer is not None and chip.pointer.words == "AMB 3-5 Horten"
    assert not chip.geometry().intersects(finder.geometry())
    palette = view._palette
    ground = palette.alarm if state == "raised" else palette.alarm_ground
    assert chip.grab().toImage().pixelColor(6, chip.height() - 6) == QColor(ground)
    QTest.mouseClick(chip, LEFT)
    turn_until(lambda: window.is_settled, "the map", 10.0)
    spot = view.layer.place_of("u4")
    assert spot is not None and not finder.geometry().contains(spot.toPoint())
    assert not arrows(window)


def test_an_acknowledged_alarm_that_is_out_of_view_has_none(
    desk: tuple[DeskWindow, fakes.Fakes], qtbot: QtBot
) -> None:
    """Somebody has it in hand; and beside one that waits it is not counted."""
    window, given = desk
    before = len(chart(window).watch.arrows.alarms)
    given.units.edit("u1", alarm="acknowledged", lat=59.40, lon=10.50)
    qtbot.waitUntil(lambda: len(chart(window).watch.arrows.alarms) > before)
    shows(window, FAR_SOUTH)
    assert set(arrows(window)) == {"AMB 3-5 Horten"}


# -- nothing lies on it ---------------------------------------------------------------------


def core(view: MapView, key: str) -> QImage:
    """The middle of its mark as it is seen: what is drawn above would show."""
    turn_until(lambda: view.settled, "the map", 10.0)
    spot = view.layer.place_of(key)
    assert spot is not None
    middle = spot.toPoint()
    rect = QRect(middle - QPoint(5, 5), middle + QPoint(5, 5))
    return view.grab().toImage().copy(rect).convertToFormat(QImage.Format.Format_RGB32)


def to(view: MapView, key: str, where: QPointF) -> None:
    spot = view.layer.place_of(key)
    assert spot is not None
    way = where - spot
    view.layer.set_camera(view.layer.camera.moved(round(way.x()), round(way.y())))


def test_an_alarms_mark_stands_above_scale_and_source(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    view = chart(desk[0])
    view.show_unit("u4")
    bare = core(view, "u4")
    for part in view.layer.furniture.rects(view.layer.camera):
        to(view, "u4", part.center())
        assert core(view, "u4") == bare


def test_the_legend_goes_while_an_alarm_is_where_it_stands(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    view = chart(desk[0])
    view.show_unit("u4")
    furniture = view.layer.furniture
    _source, _scale, legend = furniture.rects(view.layer.camera)
    to(view, "u4", legend.center())
    assert len(furniture.rects(view.layer.camera)) == 2
    turn_until(lambda: view.settled, "the map", 10.0)
    to(view, "u4", legend.center() - QPointF(0, 120))
    assert len(furniture.rects(view.layer.camera)) == 3


def test_a_measured_line_and_its_words_lie_below_an_alarm(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, given = desk
    view, row = chart(window), given.units.row("u4")
    view.show_unit("u4")
    bare = core(view, "u4")
    assert row.lat is not None and row.lon is not None
    window.map_place.begin_measuring(row.lat, row.lon - 0.2)
    for lat, lon in ((row.lat, row.lon), (row.lat + 0.1, row.lon), (row.lat, row.lon)):
        view.layer.measuring.add(lat, lon)
    assert core(view, "u4") == bare


# -- room -----------------------------------------------------------------------------------


@pytest.mark.parametrize("percent", [100, 200])
def test_all_buttons_are_on_a_low_map_too(
    desk: tuple[DeskWindow, fakes.Fakes], percent: int
) -> None:
    window, _ = desk
    view = chart(window)
    window.set_scale(percent)
    window.map_place.unit_clicked.emit("u2")
    turn_until(lambda: window.unit_bar.isVisible() and view.settled, "the strip", 10.0)
    places = [button.geometry() for button in view._buttons]
    source = view.layer.furniture.rects(view.layer.camera)[0]
    low = view.height() - round(source.height() * window._look.metrics.scale)
    assert all(view.rect().contains(one) and one.bottom() <= low for one in places)
    assert not any(a.intersects(b) for a, b in itertools.combinations(places, 2))
    finder = window.map_place.finder
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert finder.isVisible() and not any(finder.geometry().intersects(one) for one in places)


@pytest.mark.parametrize("percent", [100, 200])
def test_the_place_cards_coordinates_are_whole(
    desk: tuple[DeskWindow, fakes.Fakes], percent: int
) -> None:
    window, given = desk
    finder = window.map_place.finder
    window.set_scale(percent)
    long = replace(
        given.places.table[0], name="Nordre Fiktivdal", municipality="Fiktivdal i Oppdiktet"
    )
    finder._mark(long)
    finder.drop()
    card = finder.card_words
    whole = given.places.written(long.lat, long.lon).minutes
    assert whole.replace(" ", "\N{NO-BREAK SPACE}") in card.text()
    turn_until(lambda: card.height() >= card.heightForWidth(card.width()), "the card", 5.0)
    words = max(card.text().split(" "), key=len)
    assert card.fontMetrics().horizontalAdvance(words) <= card.width()


def test_the_measuring_hint_stands_below_the_place_card(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, _ = desk
    view, finder = chart(window), window.map_place.finder
    finder._mark(fakes.FakePlaces().table[0])
    finder.drop()
    window.map_place.begin_measuring(60.5, 9.9)
    ((words, rect),) = hint_rects(view.layer.camera, edges_of(view.layer.laid), NOTHING)
    assert "Esc" in words
    assert rect.top() > finder.geometry().bottom() and rect.right() < view.buttons_left


def test_a_towns_name_keeps_clear_of_the_mark_of_what_was_looked_for(
    desk: tuple[DeskWindow, fakes.Fakes],
) -> None:
    window, _ = desk
    view, finder = chart(window), window.map_place.finder
    found = replace(fakes.FakePlaces().table[0], name="Horten", lat=59.417, lon=10.483)
    finder._mark(found)
    finder.drop()
    turn_until(lambda: view.settled and view.layer._layout is not None, "the map", 10.0)
    layer, layout = view.layer, view.layer._layout
    assert layer.place is not None and layout is not None
    corner = QPointF(*layer.camera.origin(layer._atlas.ratio))
    names = layout.places.boxes(layout.shift(layer.camera, layer._atlas.ratio))
    for left, top, right, bottom in layer.place.boxes(layer.camera.scale, corner).tolist():
        beside = (names[:, 2] <= left) | (names[:, 0] >= right)
        assert (beside | (names[:, 3] <= top) | (names[:, 1] >= bottom)).all()


def test_the_scale_bar_has_a_ground_of_its_own(desk: tuple[DeskWindow, fakes.Fakes]) -> None:
    view = chart(desk[0])
    bar = _bar_picture(scale_bar(view.layer.camera), view._palette, 1.0).toImage()
    assert bar.pixelColor(bar.width() - 12, 4).alphaF() > 0.7


# -- names among other alarms ---------------------------------------------------------------


def test_no_alarms_name_lies_on_a_mark_that_alarms(open_desk: Open) -> None:
    """Four of them close together, on a map with little room at its right."""
    given = fakes.with_alarm()
    for n, unit in enumerate(("u3", "u6")):
        row = replace(fakes.ALARM, key=f"x{n}", unit=unit, raised_s=fakes.NOW_S - 20 - n)
        given.alarms.table[row.key] = row
        given.units.table[unit] = replace(given.units.table[unit], alarm="raised")
    window, _ = open_desk(given, size=SMALL)
    window.set_scale(150)
    turn_until(lambda: window.map_place.map is not None and window.is_settled, "the map", 10.0)
    layout = chart(window).layer._layout
    assert layout is not None
    shift = layout.shift(chart(window).layer.camera, layout.atlas.ratio)
    alarms = layout.table.columns["alarm"] > 0
    heads = {pile[0] for pile in layout.piles.values()}
    drawn = [n for n, unit in enumerate(layout.units.tolist()) if alarms[unit] and unit in heads]
    marks = shift.points(layout.centres)[drawn]
    assert len(marks) >= 3
    boxes = layout.cards.boxes(shift)
    named = [n for n, units in enumerate(layout.lines) if alarms[list(units)].any()]
    for left, top, right, bottom in boxes[named].tolist():
        for x, y in marks.tolist():
            assert not (left < x + 8 and x - 8 < right and top < y + 8 and y - 8 < bottom)
