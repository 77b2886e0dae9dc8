"""The keys that answer an alarm, past menus that keep every other key to themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from widgets.map.view import MapView
from widgets.window import DeskWindow

LEFT = Qt.MouseButton.LeftButton


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


def views(window: DeskWindow) -> QMenu:
    QTest.keyClick(window, Qt.Key.Key_V)
    return window.hands.map_hands.menu


def units_in_view(window: DeskWindow) -> QMenu:
    menu = views(window)
    within = window.hands.map_hands.menu.in_view
    menu.setActiveAction(within.menuAction())
    QTest.keyClick(menu, Qt.Key.Key_Right)
    return within


def place(window: DeskWindow) -> QMenu:
    window.map_place.menu_wanted.emit("", 59.1, 10.9, window.mapToGlobal(QPoint(600, 300)))
    return window.hands.unit_hands.place_menu


def unit(window: DeskWindow) -> QMenu:
    window.map_place.menu_wanted.emit("u2", 59.1, 10.9, window.mapToGlobal(QPoint(600, 300)))
    return window.hands.unit_hands.menu


def forms(window: DeskWindow) -> QMenu:
    finder = window.map_place.finder
    finder._mark(fakes.FakePlaces().table[0])
    finder.drop()
    QTest.mouseClick(finder.copy, LEFT)
    return finder.forms


def pile(window: DeskWindow) -> QMenu:
    rows = list(chart(window).layer.table.rows)[:3]
    chart(window).spots.pile_menu.open_for(rows, window.mapToGlobal(QPoint(600, 300)))
    return chart(window).spots.pile_menu


def tile(window: DeskWindow) -> QMenu:
    QTest.keyClick(window, Qt.Key.Key_P)
    return window.tiles.menu


OPENED = pytest.mark.parametrize(
    "opened", [views, units_in_view, place, unit, forms, pile, tile], ids=lambda one: one.__name__
)


@OPENED
def test_f1_answers_the_alarm_past_a_menu_that_was_opened_after_it(
    desk: tuple[DeskWindow, fakes.Fakes], opened: Callable[[DeskWindow], QMenu]
) -> None:
    window, given = desk
    menu = opened(window)
    assert menu.isVisible() and QApplication.activePopupWidget() is menu
    QTest.keyClick(menu.windowHandle(), Qt.Key.Key_F1)  # as the system gives it to a popup
    assert ("acknowledge", "a1") in given.actions.done
    assert QApplication.activePopupWidget() is None, "nothing is left that keeps keys"


@OPENED
def test_an_alarm_closes_a_menu_that_was_opened_before_it(
    open_desk: Open, qtbot: QtBot, opened: Callable[[DeskWindow], QMenu]
) -> None:
    window, given = open_desk(fakes.make(), size=SMALL)
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    menu = opened(window)
    assert menu.isVisible()
    given.alarms.put(fakes.ALARM)
    assert not menu.isVisible() and QApplication.activePopupWidget() is None


def test_f1_still_shows_the_help_while_no_alarm_waits(open_desk: Open) -> None:
    window, _ = open_desk(fakes.make(), size=SMALL)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.help.isVisible()
