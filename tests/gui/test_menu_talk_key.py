"""The talk key while a menu is open: it talks to nobody, and says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_alarm_keys import OPENED
from widgets.window import DeskWindow


def main(window: DeskWindow) -> QMenu:
    window.top.open_menu()
    return window.top.menu


MENUS = pytest.mark.parametrize("opened", [main, *OPENED.args[1]], ids=lambda one: one.__name__)


@MENUS
def test_the_talk_key_closes_an_open_menu_and_says_that_nothing_was_sent(
    open_desk: Open, qtbot: QtBot, opened: Callable[[DeskWindow], QMenu]
) -> None:
    window, data = open_desk(fakes.make(), language="en")
    qtbot.waitUntil(lambda: window.map_place.map is not None, timeout=10_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=10_000)
    window.hands.select(data.talkgroups.keys()[0])
    menu = opened(window)
    assert QApplication.activePopupWidget() is menu
    QTest.keyPress(menu.windowHandle(), Qt.Key.Key_Space)  # as the system gives it to a popup
    assert QApplication.activePopupWidget() is None
    assert window.talk_place.subline() == (
        "A menu was open, and nothing was sent. Press again to talk."
    )
    assert not any(one[0] == "press" for one in data.actions.done)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert data.actions.done[-1][0] == "press"
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert data.actions.done[-1] == ("release",)
