"""The search's card and the bar of what was done, by keys in the whole window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import SMALL, Open
from tests.gui.test_place_finder import chart, finder
from widgets.placefinder import PlaceFinder
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def press(window: DeskWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.activePopupWidget() or window.windowHandle(), key)
    QTest.qWait(30)


def with_card(open_desk: Open) -> tuple[DeskWindow, PlaceFinder]:
    window, _ = open_desk(size=SMALL)
    chart(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_O, CTRL)
    one = finder(window)
    QTest.keyClicks(one.field, "nesbyen")
    press(window, Qt.Key.Key_Return)
    assert one.card.isVisible() and chart(window).layer.hasFocus()
    return window, one


def tab_to(window: DeskWindow, wanted: QWidget) -> list[QWidget | None]:
    seen: list[QWidget | None] = []
    for _ in range(12):
        press(window, Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
        if seen[-1] is wanted:
            return seen
    raise AssertionError("it is not reached")


def test_the_cards_buttons_come_one_after_the_other_by_tab(open_desk: Open) -> None:
    window, one = with_card(open_desk)
    assert tab_to(window, one.unmark) == [one.copy, one.more, one.unmark]
    press(window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is chart(window)._zoom_in, "and then the map's own"
    press(window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is chart(window)._zoom_out


def test_enter_in_the_copy_menu_copies_what_is_highlighted(open_desk: Open) -> None:
    window, one = with_card(open_desk)
    tab_to(window, one.copy)
    press(window, Qt.Key.Key_Return)
    assert QApplication.activePopupWidget() is one.forms
    first = one.forms.activeAction()
    assert first is not None and first is one.forms.actions()[0]
    QGuiApplication.clipboard().clear()
    press(window, Qt.Key.Key_Return)
    copied = QGuiApplication.clipboard().text()
    assert copied and first.text().endswith(copied)


@pytest.mark.parametrize("percent", [100, 150])
def test_what_needs_no_second_line_has_none(open_desk: Open, percent: int) -> None:
    window, _ = open_desk(size=SMALL)
    chart(window)
    window.set_scale(percent)
    QTest.qWait(100)

    def top() -> int:
        QTest.qWait(60)
        return window.map_place.mapTo(window, QPoint(0, 0)).y()

    before, row = top(), window._look.metrics.row
    window.say_done("Kopiert: 59.27000, 10.41000")
    assert window.done_bar.height() <= row + 6
    assert top() - before <= row + 6 + 2 * window._look.metrics.gap
    window.say_done("I kartet: Fiktiv brann", lambda: None)
    QTest.qWait(60)
    bar = window.done_bar
    assert bar.undo.isVisible() and bar.rect().contains(bar.undo.geometry())
    assert bar.height() <= row + 6, "beside the words, which are short"
    window.say_done("I kartet: " + 8 * "Fiktiv brann ", lambda: None)
    QTest.qWait(60)
    assert bar.undo.isVisible() and bar.rect().contains(bar.undo.geometry())
    assert bar.undo.y() >= row, "below the words, which are long"
    window.say_done("Kopiert: 59.27000, 10.41000")
    QTest.qWait(60)
    assert bar.height() <= row + 6
