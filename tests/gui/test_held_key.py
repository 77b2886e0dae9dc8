"""A key that X11 tells of as one that goes up and down while it is held; and double clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_own_alarm import BOTH, HELD_MS
from tests.gui.test_talk_key import done
from tests.turning import turn
from widgets.heldkey import HeldKey

LEFT = Qt.MouseButton.LeftButton
PAIR_MS = 400
SPACE = Qt.Key.Key_Space
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on X11; on a machine that is busy with other tests the halves are farther apart."""
    monkeypatch.setattr("widgets.heldkey.PAIR_MS", PAIR_MS)
    monkeypatch.setattr("widgets.heldkey.QGuiApplication.platformName", lambda: "xcb")


def test_elsewhere_a_key_that_comes_up_is_up_at_once(qtbot: QtBot) -> None:
    said: list[str] = []
    parent = QObject()
    key = HeldKey(lambda: said.append("up"), parent)
    key.up()
    assert said == ["up"] and not key.is_still_down()


@pytest.mark.usefixtures("pairs")
def test_a_talk_key_that_is_held_stays_down_through_false_releases(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    handle = window.windowHandle()
    QTest.keyPress(handle, SPACE)
    for _ in range(6):
        turn(20)
        QTest.keyRelease(handle, SPACE)
        turn(3)
        QTest.keyPress(handle, SPACE)
    assert done(desk) == ["press"]
    QTest.keyRelease(handle, SPACE)
    turn(3 * PAIR_MS)
    assert done(desk) == ["press", "release"]


@pytest.mark.usefixtures("pairs")
def test_the_own_alarm_is_raised_through_false_releases(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    handle = window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_A, BOTH)
    for _ in range(HELD_MS // 40):
        turn(35)
        QTest.keyRelease(handle, Qt.Key.Key_A, BOTH)
        turn(3)
        QTest.keyPress(handle, Qt.Key.Key_A, BOTH)
    assert desk.actions.done == [("own-alarm",)]
    QTest.keyRelease(handle, Qt.Key.Key_A, BOTH)
    turn(3 * PAIR_MS)


@pytest.mark.usefixtures("pairs")
def test_who_lets_go_of_the_own_alarm_raises_none(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_A, BOTH)
    turn(300)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_A, BOTH)
    turn(HELD_MS)
    assert desk.actions.done == []


def test_a_double_click_on_an_alarm_answers_once_and_closes_nothing(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a0")
    where = card.close_it.mapTo(window, card.close_it.rect().center())
    QTest.mouseClick(card.close_it, LEFT)
    turn(50)
    below = window.childAt(where)
    assert below is not None and below in card.reasons.values(), (
        "a reason has come below the pointer"
    )
    spot = below.mapFrom(window, where).toPointF()
    for kind, buttons in (
        (QEvent.Type.MouseButtonDblClick, LEFT),
        (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
    ):
        at = below.mapToGlobal(spot)
        QApplication.sendEvent(below, QMouseEvent(kind, spot, at, LEFT, buttons, NO_KEY))
    assert desk.actions.done == [], "nothing is closed as a test"
    QTest.mouseClick(below, LEFT)
    assert [one[0] for one in desk.actions.done] == ["close"], "a press of its own does it"
