"""The first-run tour: beside what it explains, over nothing that matters, gone with an alarm."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_window import LEFT, key
from widgets.window import DeskWindow


def begin(window: DeskWindow) -> None:
    window.top._tour.trigger()
    assert window.tour.is_on


LONG = pytest.mark.long


def place(window: DeskWindow, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


@pytest.mark.parametrize("size", [(1_100, 640), (1_366, 768), (1_920, 1_080)])
@pytest.mark.parametrize(
    "language", ["nb", *(pytest.param(one, marks=LONG) for one in ("nn", "en"))]
)
def test_five_cards_stand_over_the_map_alone_whole_and_beside_what_they_explain(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, _ = open_desk(size=size, language=language)
    begin(window)
    names = []
    for n in range(5):
        tour = window.tour
        QTest.qWait(1)
        names.append(tour.accessibleName())
        assert tour.count.text() == f"{n + 1} / 5"
        assert window._map_column.geometry().contains(tour.geometry())
        for part in (window.tiles, window.alarms, window.units, window.talk_place):
            assert not place(window, tour).intersects(place(window, part))
        assert not tour.title.elides()
        assert tour.text.height() >= tour.text.heightForWidth(tour.text.width())
        assert tour.height() < 300
        explained = tour._steps[n].target
        assert tour.ring.isVisible()
        assert tour.ring.geometry().adjusted(3, 3, -3, -3) == place(window, explained)
        key(window, Qt.Key.Key_Return)
    assert not window.tour.is_on
    assert window.tour.ring.isHidden()
    assert len(set(names)) == 5


def test_the_last_card_points_at_the_menu_beyond_its_corner(open_desk: Open) -> None:
    window, _ = open_desk(size=(1_366, 768))
    begin(window)
    for _ in range(4):
        key(window, Qt.Key.Key_Return)
    tour, menu = window.tour, place(window, window.top.menu_button)
    body = tour.rect().adjusted(12, 12, -12, -12)
    tip = tour._pointer(body, 12).at(0).toPoint() + tour.pos()
    assert menu.right() < tip.x(), "it is far to the left"
    image = tour.grab().toImage()
    assert image.pixelColor(7, 7) == image.pixelColor(13, 40), "a tip at the corner that is nearest"


def test_enter_goes_on_and_escape_ends_and_it_is_remembered(open_desk: Open) -> None:
    window, desk = open_desk()
    told = QSignalSpy(window.toured)
    begin(window)
    assert window.tour.next_button.hasFocus()
    key(window, Qt.Key.Key_Return)
    assert window.tour.step == 2
    QTest.mouseClick(window.tour.next_button, LEFT)
    assert window.tour.step == 3
    key(window, Qt.Key.Key_Escape)
    assert not window.tour.is_on
    assert told.count() == 1
    assert window.tiles.has_focus()
    assert desk.actions.done == [], "it has pressed nothing of the desk"
    begin(window)
    QTest.mouseClick(window.tour.end_button, LEFT)
    assert told.count() == 2


def test_who_takes_it_can_talk_and_choose_all_the_while(open_desk: Open) -> None:
    window, desk = open_desk()
    begin(window)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert window.gate.held
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    key(window, Qt.Key.Key_2)
    assert desk.actions.done[-1] == ("select", desk.talkgroups.keys()[1])
    assert window.tour.is_on


def test_an_alarm_ends_it_and_none_begins_during_one(open_desk: Open) -> None:
    window, desk = open_desk()
    told = QSignalSpy(window.toured)
    begin(window)
    desk.alarms.put(fakes.ALARM)
    assert not window.tour.is_on
    assert told.count() == 0, "it has not been seen: it comes again at the next start"
    assert not window.top._tour.isEnabled()
    window.begin_tour()
    assert not window.tour.is_on
    desk.clock.let_hand_react()
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]
    desk.alarms.edit("a1", state="acknowledged")
    assert window.top._tour.isEnabled()


def test_it_speaks_the_language_that_is_chosen_meanwhile(open_desk: Open) -> None:
    window, _ = open_desk()
    begin(window)
    window._language_wanted("en")
    QTest.qWait(1)
    assert window.tour.title.text() == "Talkgroups"
    assert window.tour.next_button.text() == "Next"


def test_a_panel_that_has_left_is_pointed_at_where_it_is(open_desk: Open) -> None:
    window, _ = open_desk()
    window.panels.detaching.take_out("units")
    begin(window)
    for _ in range(3):
        window.tour.go_on()
    assert window._map_column.geometry().contains(window.tour.geometry())
