"""Everything larger, up to 200 %: at once, without a word cut or an alarm covered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.gui.test_window import LEFT, key
from widgets.buttons import FlatButton
from widgets.labels import Words
from widgets.look import COMPACT, NARROW, REGULAR, SCALES, fitting_scale, metrics_for
from widgets.map.camera import View
from widgets.map.ground import tiles_in
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
LARGE = (1_920, 1_080)


def place(window: DeskWindow, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


def test_a_window_holds_what_it_has_room_for() -> None:
    assert metrics_for(*LARGE) == REGULAR
    assert metrics_for(1_366, 768) == COMPACT
    assert metrics_for(1_100, 640) == COMPACT
    assert metrics_for(*LARGE, 2.0).body == 2 * NARROW.body
    assert metrics_for(3_840, 2_160, 2.0).body == 2 * REGULAR.body
    assert metrics_for(*LARGE, 1.5).left == round(1.5 * COMPACT.left)
    assert fitting_scale(*LARGE, 2.0) == 2.0
    assert fitting_scale(1_366, 768, 2.0) == 1.5
    assert fitting_scale(1_100, 640, 2.0) == pytest.approx(1.2)
    assert fitting_scale(800, 400, 2.0) == 1.0


def test_keys_and_the_menu_choose_it_and_it_is_told(open_desk: Open) -> None:
    window, desk = open_desk(size=LARGE)
    told = QSignalSpy(window.scale_chosen)
    key(window, Qt.Key.Key_Plus, CTRL)
    key(window, Qt.Key.Key_Plus, CTRL)
    assert window._look.metrics.scale == 1.25
    key(window, Qt.Key.Key_Minus, CTRL)
    assert window._look.metrics.scale == 1.1
    key(window, Qt.Key.Key_0, CTRL)
    assert window._look.metrics == REGULAR
    window.top.sizes.actions()[-1].trigger()
    assert window._look.metrics.scale == 2.0
    key(window, Qt.Key.Key_Plus, CTRL)
    assert [told.at(n)[0] for n in range(told.count())] == [110, 125, 110, 100, 200]
    assert window.top.sizes.title() == "Størrelse: 200 %"
    assert desk.actions.done == [], "plus and minus alone are the volume's"
    window.resize(1_366, 768)
    QTest.qWait(1)
    assert window.top.sizes.title() == "Størrelse: 200 % (dette vinduet rommer 150 %)"
    window.resize(*LARGE)
    QTest.qWait(1)
    assert window._look.metrics.scale == 2.0, "what was chosen is not forgotten"


def test_no_size_is_offered_that_looks_like_a_smaller_one(open_desk: Open) -> None:
    window, _ = open_desk(size=SMALL)
    told = QSignalSpy(window.scale_chosen)
    for _ in range(4):
        key(window, Qt.Key.Key_Plus, CTRL)
    assert window._look.metrics.scale == 1.5
    key(window, Qt.Key.Key_Plus, CTRL)
    assert [told.at(n)[0] for n in range(told.count())] == [110, 125, 150]
    assert "rommer ikke mer enn 150 %" in window.done_bar._words
    offered = {one.text(): one.isEnabled() for one in window.top.sizes.actions()}
    assert offered["150 %"]
    assert not offered["175 % (krever et større vindu)"]
    assert not offered["200 % (krever et større vindu)"]
    window.resize(*LARGE)
    QTest.qWait(1)
    window.top.sizes.actions()[-1].trigger()
    window.resize(*SMALL)
    QTest.qWait(1)
    key(window, Qt.Key.Key_Minus, CTRL)
    assert window._look.metrics.scale == 1.25, "smaller than what is seen"


def test_larger_keeps_the_selected_tile_in_sight(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    keys = tuple(desk.talkgroups.keys())
    last = keys[-1]
    for each in keys:
        is_last = each == last
        desk.talkgroups.edit(each, attention="selected" if is_last else "monitored")
    for _ in range(3):
        key(window, Qt.Key.Key_Plus, CTRL)
        QTest.qWait(30)
        view, tile = window.tiles.viewport(), window.tiles.tile(last)
        at = QRect(tile.mapTo(view, QPoint(0, 0)), tile.size())
        assert view.rect().contains(at), window._look.metrics.scale


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_what_has_no_room_is_said_and_reached(open_desk: Open, language: str) -> None:
    window, desk = open_desk(size=SMALL, language=language)
    assert window.log.isVisible() and not window.log_away.isVisible()
    window.set_scale(150)
    QTest.qWait(30)
    away, search = window.log_away, window.units._search
    assert not window.log.isVisible() and away.isVisible()
    assert away.width() >= away.sizeHint().width(), "nothing of it is cut"
    assert window.rect().contains(place(window, away))
    assert not search._has_room_for_key(), "the word is not covered by the key"
    words = search.fontMetrics().horizontalAdvance(search.placeholderText())
    assert search.textMargins().left() + words + 4 <= search.width()
    assert "Ctrl+K" in search.toolTip()
    QTest.mouseClick(away, LEFT)
    assert window.timeline.isVisible()
    desk.alarms.put(fakes.ALARM)
    assert not away.isVisible(), "what room there is, is the alarm's and its unit's"
    desk.alarms.edit(fakes.ALARM.key, state="acknowledged")
    assert away.isVisible()


@pytest.mark.parametrize("percent", [100, 125, 150])
def test_the_menu_fits_a_small_screen_without_being_scrolled(open_desk: Open, percent: int) -> None:
    window, _ = open_desk(size=SMALL)
    window.set_scale(percent)
    QTest.mouseClick(window.top.menu_button, Qt.MouseButton.LeftButton)
    menu = window.top.menu
    last = menu.actionGeometry(menu.actions()[-1])
    assert menu.sizeHint().height() <= SMALL[1]
    assert last.bottom() <= SMALL[1]
    menu.close()
    tour = next(one for one in window.top.helping.actions() if one is window.top._tour)
    assert tour.text() and tour.isEnabled()


def test_menus_and_tooltips_grow_too(open_desk: Open) -> None:
    window, _ = open_desk(size=LARGE)
    menu = window.top.menu
    before, high = QApplication.font().pixelSize(), menu.actionGeometry(menu.actions()[0]).height()
    window.set_scale(200)
    assert QApplication.font().pixelSize() == 2 * before
    first, last = (menu.actionGeometry(menu.actions()[n]) for n in (0, -1))
    assert first.height() > 1.7 * high
    assert first.left() == last.left(), "one column, which can be scrolled: alarms stay in sight"
    window._theme_wanted("day")
    assert QApplication.font().pixelSize() == 2 * before
    window.set_scale(100)
    assert QApplication.font().pixelSize() == before


@pytest.mark.parametrize("percent", [150, 200])
@pytest.mark.parametrize("language", ["nb", pytest.param("en", marks=pytest.mark.long)])
def test_nothing_covers_alarms_and_all_of_it_is_in_the_window(
    open_desk: Open, percent: int, language: str
) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=LARGE, language=language)
    window.set_scale(percent)
    QTest.qWait(30)
    whole = window.rect()
    parts = [window.top, window.tiles, window.map_place, window.alarms, window.duty, window.units]
    parts += [window.talk_place, window.now, window.own_alarm, window.master]
    for n, part in enumerate(parts):
        assert whole.contains(place(window, part)), part
        for other in parts[n + 1 :]:
            assert not place(window, part).intersects(place(window, other)), (part, other)
    card = window.alarms.card("a1")
    for button in (card.acknowledge, card.take, card.show_place):
        assert place(window, window.alarms).contains(place(window, button))
        assert button.width() >= button.minimumSizeHint().width()
    rows = 1 if percent == 200 else 2  # the chips and two alarms take the rest
    assert window.units.list.viewport().height() >= rows * window._look.metrics.row
    QTest.mouseClick(card.acknowledge, LEFT)
    assert desk.actions.done == [("acknowledge", "a1")]


@pytest.mark.parametrize("percent", SCALES[1:])
def test_no_word_is_cut_without_a_way_to_read_it(open_desk: Open, percent: int) -> None:
    window, _ = open_desk(size=LARGE)
    window.set_scale(percent)
    pages = [None, *window.all_pages()]
    for page in pages:
        window.pages.show_page(page)
        QTest.qWait(15)
        for words in window.findChildren(Words):
            if words.isVisible() and words.elides():
                assert words.text()[:8] in words.toolTip(), words.text()
        for button in window.findChildren(FlatButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
                assert button.height() >= button.fontMetrics().height(), button.text()


@pytest.mark.parametrize("percent", [150, 200])
def test_every_page_can_be_reached_and_left(open_desk: Open, percent: int) -> None:
    window, _ = open_desk(size=LARGE)
    window.set_scale(percent)
    for page in window.all_pages():
        window.pages.show_page(page)
        QTest.qWait(15)
        assert window.rect().contains(place(window, page.close_button)), page.name
        assert place(window, page).contains(place(window, page.close_button)), page.name
        for stop in page.stops():
            if stop.isVisible():
                assert place(window, page).contains(place(window, stop).topLeft()), page.name
        QTest.mouseClick(page.close_button, LEFT)
        assert page.isHidden()


def test_without_room_for_the_log_its_key_leads_to_log_and_search(open_desk: Open) -> None:
    window, _ = open_desk(size=LARGE)
    window.set_scale(200)
    assert window.log.isHidden()
    key(window, Qt.Key.Key_L, CTRL)
    assert window.timeline.isVisible()
    window.panels.detaching.take_out("units")
    assert window.log.isVisible(), "in a window of its own there is room"
    window.panels.detaching.bring_back("units")
    assert window.log.isHidden()
    window.set_scale(100)
    assert window.log.isVisible()


def test_the_map_grows_and_a_click_still_finds_what_it_is_on(open_desk: Open, qtbot: QtBot) -> None:
    window, _ = open_desk(size=LARGE)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    chart = window.map_place.map
    assert chart is not None
    window.set_scale(200)
    QTest.qWait(50)
    layer = chart.layer
    assert layer.size_of_map == (-(-layer.width() // 2), -(-layer.height() // 2))
    assert chart.detach_button.width() == 68
    chart.show_unit("u1")
    layer.zoom_by(8)  # so near that no other unit's mark is below it
    qtbot.waitUntil(lambda: layer.settled, timeout=20_000)
    mark = layer.place_of("u1")
    assert mark is not None
    spy = QSignalSpy(chart.unit_clicked)
    at = QPointF(mark.x() * 2, mark.y() * 2).toPoint()
    assert (at - layer.rect().center()).manhattanLength() < 12, "it is in the middle"
    QTest.mouseClick(layer, LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert spy.count() == 1


def test_the_map_is_drawn_to_its_edges(open_desk: Open, qtbot: QtBot) -> None:
    window, _ = open_desk(fakes.make(units=()), size=LARGE)
    window.set_scale(150)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    chart = window.map_place.map
    assert chart is not None
    wanted = tiles_in(View.of(chart.layer.camera, chart.layer._atlas.ratio))
    assert wanted and all(chart._store.peek(key) is not None for key in wanted)
    picture = chart.layer.grab().toImage()
    corner = picture.pixelColor(picture.width() - 3, picture.height() // 2)
    assert corner.isValid()
