"""Panels in windows of their own: out and back, and every key at work there as in the desk's."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from console.desk.arranging import arrangement_of, settings_of
from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.gui.test_window import LEFT, NONE, key, type_in
from widgets import screens
from widgets.contracts.rows import Arrangement, Place
from widgets.detach import PanelWindow
from widgets.screens import fitted, set_up
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
ONE, OTHER = QRect(0, 0, 1_920, 1_080), QRect(1_920, 0, 1_366, 768)


def own_window(window: DeskWindow, name: str) -> PanelWindow:
    found = window.panels.detaching.windows[name]
    assert QTest.qWaitForWindowActive(found, 5_000)
    return found


def press(window: QWidget, code: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.windowHandle(), code, modifiers)


def go_to(window: QWidget) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5_000)


@pytest.fixture
def map_out(open_desk: Open, qtbot: QtBot) -> tuple[DeskWindow, fakes.Fakes, PanelWindow]:
    window, desk = open_desk()
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    chart = window.map_place.map
    assert chart is not None
    QTest.mouseClick(chart.detach_button, LEFT)
    return window, desk, own_window(window, "map")


MapOut = tuple[DeskWindow, fakes.Fakes, PanelWindow]


def test_the_map_goes_to_a_window_of_its_own_and_back(map_out: MapOut) -> None:
    window, _, own = map_out
    assert window.map_place.window() is own
    assert own.windowTitle() == "Kart"
    assert window.map_away.isVisible(), "what stands in its place says so"
    assert own.geometry().intersects(window.geometry())
    for part in (window.tiles, window.alarms):
        place = QRect(part.mapToGlobal(QPoint(0, 0)), part.size())
        assert not own.geometry().intersects(place), "on one screen it covers neither"
    press(own, Qt.Key.Key_E, CTRL)
    QTest.qWait(20)
    assert window.map_place.window() is window
    assert window.map_place.isVisible()
    assert window.map_away.isHidden()
    assert window.panels.detaching.windows == {}
    assert QApplication.activeWindow() is window


def test_closing_the_window_puts_the_panel_back(map_out: MapOut) -> None:
    window, _, own = map_out
    own.close()
    QTest.qWait(20)
    assert window.map_place.window() is window
    assert window.map_place.isVisible()


def test_units_and_log_go_together_and_leave_the_room_to_alarms(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm(), size=(1_366, 768))
    window.set_scale(150)
    before, right = window.alarms._room, [part for part, _ in window.right_column()]
    QTest.mouseClick(window.panels.units_button, LEFT)
    own = own_window(window, "units")
    QTest.qWait(20)
    assert window.units.window() is own and window.log.window() is own
    assert window.alarms._room > before
    QTest.keyPress(own.windowHandle(), Qt.Key.Key_Space)
    assert window.gate.held, "no field has taken the keyboard"
    QTest.keyRelease(own.windowHandle(), Qt.Key.Key_Space)
    own.resize(900, 600)
    QTest.qWait(20)
    assert window.units.width() > 800, "as wide as its window"
    own.close()
    QTest.qWait(20)
    tops = [part.y() for part in right if part.isVisible()]
    assert tops == sorted(tops), "in their order"
    assert window.units.width() == window.alarms.width()


def test_a_page_out_of_the_window_is_found_by_its_key_and_another_takes_the_place(
    open_desk: Open,
) -> None:
    window, _ = open_desk()
    key(window, Qt.Key.Key_F, CTRL)
    QTest.mouseClick(window.timeline.detach_button, LEFT)
    own = own_window(window, "timeline")
    assert window.map_place.isVisible()
    go_to(window)
    key(window, Qt.Key.Key_N, CTRL)
    assert window.people.isVisible() and window.timeline.isVisible()
    key(window, Qt.Key.Key_F, CTRL)
    assert QTest.qWaitForWindowActive(own, 5_000)
    assert window.timeline.field.hasFocus()
    assert window.people.isVisible(), "that is another place now"
    type_in("horten")
    press(own, Qt.Key.Key_Escape)
    press(own, Qt.Key.Key_Escape)
    assert QTest.qWaitForWindowActive(window, 5_000)
    assert window.tiles.has_focus()
    assert window.timeline.isVisible() and window.people.isVisible()
    QTest.mouseClick(window.timeline.close_button, LEFT)
    QTest.qWait(20)
    assert window.timeline.isHidden() and window.people.isVisible()


def test_the_talk_key_goes_on_from_window_to_window(map_out: MapOut) -> None:
    window, desk, own = map_out
    selected = desk.talkgroups.keys()[0]
    for first, then in ((own, window), (window, own)):
        go_to(first)
        desk.actions.done.clear()
        QTest.keyPress(first.windowHandle(), Qt.Key.Key_Space)
        go_to(then)
        QTest.qWait(20)
        assert desk.actions.done == [("press", selected)], "no word is cut"
        assert window.gate.held
        QTest.keyRelease(then.windowHandle(), Qt.Key.Key_Space)
        assert desk.actions.done == [("press", selected), ("release",)]


def leave(_window: DeskWindow, own: PanelWindow) -> None:
    """To a window of another program, as far as the desk can tell."""
    other = QWidget()
    other.show()
    go_to(other)
    QTest.qWait(0)
    other.close()
    other.deleteLater()


LEAVES: dict[str, Callable[[DeskWindow, PanelWindow], object]] = {
    "another program": leave,
    "nobody knows where": lambda _window, own: QApplication.sendEvent(
        own.windowHandle(), QFocusEvent(QEvent.Type.FocusOut)
    ),
    "closed": lambda _window, own: own.close(),
    "the desk closed": lambda window, _own: window.close(),
    "brought back": lambda window, _own: window.panels.detaching.bring_back("map"),
}


@pytest.mark.parametrize("how", LEAVES)
def test_the_talk_key_is_let_go_when_the_desk_loses_the_keyboard(map_out: MapOut, how: str) -> None:
    window, desk, own = map_out
    QTest.keyPress(own.windowHandle(), Qt.Key.Key_Space)
    assert window.gate.held
    LEAVES[how](window, own)
    assert desk.actions.done[-1] == ("release",)
    assert not window.gate.held


def test_alarm_keys_numbers_and_fields_work_from_there(map_out: MapOut) -> None:
    window, desk, own = map_out
    desk.alarms.put(fakes.ALARM)
    go_to(own)
    desk.actions.done.clear()
    desk.clock.let_hand_react()
    press(own, Qt.Key.Key_F1)
    press(own, Qt.Key.Key_F2)
    assert desk.actions.done == [("acknowledge", "a1"), ("take", "a1")]
    press(own, Qt.Key.Key_3)
    assert desk.actions.done[-1] == ("select", desk.talkgroups.keys()[2])
    assert own.isActiveWindow(), "a talkgroup is chosen without going there"
    press(own, Qt.Key.Key_K, CTRL)
    assert QTest.qWaitForWindowActive(window, 5_000)
    type_in("3")
    assert window.units._search.text() == "3"


def test_who_types_goes_on_typing_when_the_page_goes_out_and_comes_back(open_desk: Open) -> None:
    """The next letters are text there too, and no keys of the desk."""
    window, desk = open_desk()
    press(window, Qt.Key.Key_N, CTRL)
    field = window.people.search
    field.setFocus()
    type_in("amb 2")
    press(window, Qt.Key.Key_E, CTRL)
    own = own_window(window, "people")
    type_in("-1m")
    assert field.text() == "amb 2-1m"
    press(own, Qt.Key.Key_E, CTRL)
    assert QTest.qWaitForWindowActive(window, 5_000)
    assert not field.isVisible(), "the page is put away"
    for code in (Qt.Key.Key_3, Qt.Key.Key_M):
        press(window, code)
    assert desk.actions.done == [], "what is typed on selects nothing, and mutes nobody"


def test_a_desks_own_alarm_is_held_from_there_too(map_out: MapOut, qtbot: QtBot) -> None:
    window, desk, own = map_out
    both = CTRL | Qt.KeyboardModifier.ShiftModifier
    QTest.keyPress(own.windowHandle(), Qt.Key.Key_A, both)
    go_to(window)
    assert window.own_alarm.is_held
    qtbot.waitUntil(lambda: ("own-alarm",) in desk.actions.done, timeout=20_000)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_A, both)


def test_what_was_typed_there_selects_nothing_here(open_desk: Open) -> None:
    window, desk = open_desk()
    window.pages.show_page(window.people)
    window.people.detach_wanted.emit()
    own = own_window(window, "people")
    window.people.search.setFocus()
    type_in("lege")
    press(own, Qt.Key.Key_Tab)
    go_to(window)
    key(window, Qt.Key.Key_3)
    assert desk.actions.done == []


def test_the_desk_closes_what_it_has_opened(map_out: MapOut) -> None:
    window, _, own = map_out
    places: list[Arrangement] = []
    window.closing.connect(lambda: places.append(window.arrangement()))
    window.close()
    assert not own.isVisible()
    assert set(places[0].panels) == {"map"}, "and it is remembered that it was out"


def test_a_new_look_and_language_reach_it(map_out: MapOut) -> None:
    window, _, own = map_out
    window._language_wanted("en")
    QApplication.processEvents()
    assert own.windowTitle() == "Map"
    window._scale_wanted(150)
    assert window.map_place.map is not None
    assert window.map_place.map.layer.size_of_map[0] < own.width()


def test_each_button_says_which_panel_it_takes_out(open_desk: Open, qtbot: QtBot) -> None:
    window, _ = open_desk()
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    assert window.map_place.map is not None
    buttons = [
        window.map_place.map.detach_button,
        window.panels.units_button,
        *(page.detach_button for page in window.all_pages() if page is not window.aid),
    ]
    names = [button.accessibleName() for button in buttons]
    assert len(set(names)) == len(names)
    assert names[:2] == [
        "Til et eget vindu: Kart (Ctrl+E)", "Til et eget vindu: Enheter og logg",
    ]  # fmt: skip
    window.set_language("en")
    assert window.handover.title.text() in window.handover.detach_button.accessibleName()


# --- where they stand ---


def test_on_two_screens_it_goes_to_the_other_one(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "areas", lambda: [ONE, OTHER])
    window, _ = open_desk()
    window.set_scale(125)
    window.panels.detaching.take_out("units")
    assert own_window(window, "units").height() > 500, "also in the turn of a new look"
    assert OTHER.contains(own_window(window, "units").geometry())


def test_none_opens_in_front_of_another_while_there_is_room(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = QRect(1_920, 0, 1_920, 1_080)
    monkeypatch.setattr(screens, "areas", lambda: [ONE, other])
    window, _ = open_desk(size=SMALL)
    key(window, Qt.Key.Key_E, CTRL)
    own_window(window, "map")
    for code, name in ((Qt.Key.Key_N, "people"), (Qt.Key.Key_H, "handover")):
        go_to(window)
        key(window, code, CTRL)
        key(window, Qt.Key.Key_E, CTRL)
        own_window(window, name)
    places = [own.geometry() for own in window.panels.detaching.windows.values()]
    assert all(other.contains(place) for place in places)
    assert not any(a.intersects(b) for a, b in itertools.combinations(places, 2))


def test_on_one_screen_the_head_of_each_is_seen(open_desk: Open) -> None:
    window, _ = open_desk(size=SMALL)
    key(window, Qt.Key.Key_E, CTRL)
    first = own_window(window, "map").geometry()
    go_to(window)
    key(window, Qt.Key.Key_H, CTRL)
    key(window, Qt.Key.Key_E, CTRL)
    second = own_window(window, "handover").geometry()
    assert second.top() >= first.top() + 40
    assert second.bottom() <= first.bottom(), "neither tiles nor alarms are covered by either"


# --- an alarm ---


@pytest.mark.parametrize("name", ["map", "people"])
def test_a_window_of_its_own_tells_of_the_alarm_that_waits_and_its_key_answers(
    open_desk: Open, name: str
) -> None:
    window, desk = open_desk()
    window.panels.detaching.take_out(name)
    own = own_window(window, name)
    assert own.band.isHidden()
    alarm = fakes.with_alarm().alarms.table
    desk.alarms.put(*alarm.values())
    assert own.band.isVisible()
    first = window.alarms.card(window.alarms.current).row
    assert first.call_sign in own.band.accessibleName()
    assert "F1" in own.band.accessibleName()
    assert own.band.geometry().bottom() < own.panel.parts[0][0].geometry().top()
    image = own.grab().toImage()
    red = image.pixelColor(own.band.geometry().bottomRight() - QPoint(20, 4))
    assert red.red() > 2 * max(red.green(), red.blue())
    desk.clock.let_hand_react()
    go_to(own)
    press(own, Qt.Key.Key_F1)
    assert ("acknowledge", first.key) in desk.actions.done
    for key_, row in alarm.items():
        desk.alarms.put(replace(row, key=key_, state="acknowledged"))
    assert own.band.isHidden()


def test_the_band_leads_to_the_alarms(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    window.panels.detaching.take_out("people")
    own = own_window(window, "people")
    assert own.band.isVisible(), "also of an alarm that waited before"
    QTest.mouseClick(own.band, LEFT)
    assert QTest.qWaitForWindowActive(window, 5_000)


def test_how_the_windows_stand_is_told_and_taken(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "areas", lambda: [ONE, OTHER])
    window, _ = open_desk()
    window.arrange(
        Arrangement(
            Place(40, 30, 1_500, 900),
            {
                "map": Place(2_000, 50, 800, 600),
                "aid": Place(0, 0, 500, 500),
                "x": Place(0, 0, 9, 9),
            },
            "diagnostics",
        )
    )
    assert window.geometry() == QRect(40, 30, 1_500, 900)
    assert window.panels.detaching.windows["map"].geometry() == QRect(2_000, 50, 800, 600)
    assert window.diagnostics.isVisible()
    assert window.arrangement() == Arrangement(
        Place(40, 30, 1_500, 900), {"map": Place(2_000, 50, 800, 600)}, "diagnostics"
    ), "help to an alarm is for that alarm, and what nobody knows is left out"


def test_a_panel_comes_out_where_it_had_been_put(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While there is a screen there, not upon another one, and after a new start too."""
    there = [ONE, OTHER]
    monkeypatch.setattr(screens, "areas", lambda: there)
    window, _ = open_desk()
    put, detaching = QRect(2_300, 120, 700, 500), window.panels.detaching
    detaching.take_out("map")
    detaching.windows["map"].setGeometry(put)
    detaching.toggle("map")
    assert window.arrangement().left == {"map": Place(2_300, 120, 700, 500)}
    detaching.toggle("map")
    assert detaching.windows["map"].geometry() == put
    assert window.arrangement().left == {}
    detaching.toggle("map")
    detaching.take_out("units", Place(2_300, 120, 400, 400))
    detaching.toggle("map")
    assert detaching.windows["map"].geometry().topLeft() == put.topLeft() + QPoint(40, 40)
    kept = settings_of(window.arrangement())
    window.arrange(Arrangement())
    window.arrange(arrangement_of(kept))
    assert set(detaching.windows) == {"map", "units"}
    window.arrange(Arrangement(left={"map": Place(2_300, 120, 700, 500)}))
    del there[1]
    detaching.toggle("map")
    assert ONE.contains(detaching.windows["map"].geometry()), "that screen is not there any more"


def test_a_screen_that_is_gone_brings_its_panel_back(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "areas", lambda: [ONE, OTHER])
    window, _ = open_desk()
    window.panels.detaching.take_out("map")
    monkeypatch.setattr(screens, "areas", lambda: [ONE])
    window.come_into_view()
    assert window.map_place.window() is window
    window.move(3_000, 0)
    window.come_into_view()
    assert ONE.contains(window.geometry().center())


def test_a_smaller_screen_shows_all_of_a_window() -> None:
    assert fitted(QRect(0, 0, 1_920, 1_080), [OTHER]) == OTHER
    assert fitted(QRect(-500, 900, 800, 600), [ONE]) == QRect(0, 480, 800, 600)
    assert fitted(QRect(1_900, 0, 800, 600), [ONE, OTHER]) == QRect(1_920, 0, 800, 600)
    assert fitted(QRect(9_000, 0, 800, 600), [ONE, OTHER]).topLeft() == QPoint(1_120, 0)
    assert set_up([OTHER, ONE]) == set_up([ONE, OTHER]) == "1920x1080+0+0;1366x768+1920+0"


def test_pyside_keeps_no_object_for_the_place_of_what_may_leave(open_desk: Open) -> None:
    """It would stand for whatever is made next where the C++ object was: a window's handle, say."""
    window, _ = open_desk()
    panels = [window.map_place, window.units, window.log, *window.all_pages()]
    kept = [one for one in Shiboken.getAllValidWrappers() if isinstance(one, QWidgetItem)]
    assert [one for one in kept if one.widget() in panels] == []


def test_windows_of_their_own_leave_nothing_behind(open_desk: Open) -> None:
    window, _ = open_desk()
    for _ in range(3):
        window.panels.detaching.take_out("map")
        window.panels.detaching.bring_back("map")
        QTest.qWait(10)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [one for one in QApplication.topLevelWidgets() if isinstance(one, PanelWindow)] == []
    assert len(window.focus._windows) == 1
