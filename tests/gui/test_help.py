"""The keys' overview: on F1 while no alarm waits, complete, readable, and never in the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.test_window import LEFT, key, type_in
from widgets.keys import described

CTRL = Qt.KeyboardModifier.ControlModifier


def test_f1_answers_an_alarm_that_waits_and_else_shows_the_keys(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]
    assert window.help.isHidden()
    desk.alarms.edit("a1", state="acknowledged")
    key(window, Qt.Key.Key_F1)
    assert window.help.isVisible()
    assert desk.actions.done == [("acknowledge", "a1")], "a hand that came late does no harm"
    key(window, Qt.Key.Key_F1)
    assert window.help.isHidden()
    for code in (Qt.Key.Key_F12, Qt.Key.Key_Question):
        key(window, code)
        assert window.help.isVisible()
        key(window, Qt.Key.Key_Escape)
        assert window.help.isHidden()


def test_an_alarm_closes_it_and_f1_is_the_alarms_again(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_F1)
    desk.alarms.put(fakes.ALARM)
    assert window.help.isHidden()
    desk.clock.let_hand_react()
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]


def test_it_takes_neither_the_talk_key_nor_the_numbers(open_desk: Open) -> None:
    window, desk = open_desk()
    window.tiles.focus_current()
    key(window, Qt.Key.Key_F1)
    assert window.tiles.has_focus()
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert window.gate.held
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    key(window, Qt.Key.Key_3)
    assert desk.actions.done[-1] == ("select", desk.talkgroups.keys()[2])


def test_a_key_is_found_by_what_it_does(open_desk: Open) -> None:
    window, _ = open_desk()
    key(window, Qt.Key.Key_F1)
    whole = window.help.list.shown
    key(window, Qt.Key.Key_F, CTRL)
    assert window.help.field.hasFocus()
    type_in("demp talegruppen")
    assert window.help.list.shown == ["Talegrupper", "M  Demp talegruppen, eller slå på lyden"]
    key(window, Qt.Key.Key_Escape)
    assert window.help.list.shown == whole
    key(window, Qt.Key.Key_Escape)
    assert window.help.isHidden()
    assert window.tiles.has_focus(), "the keyboard goes where it can talk"


def test_every_key_of_the_table_is_told_of(open_desk: Open) -> None:
    """What a page alone has for itself stands on its buttons."""
    window, _ = open_desk()
    told = " ".join(keys for group in described() for keys, _ in group.lines)
    words = " ".join(text for group in described() for _, text in group.lines)
    spelt = {"+": "+", "-": "−", "Ctrl++": "Ctrl+ +", "Ctrl+=": "Ctrl+ +", "Ctrl+-": "Ctrl+ + −"}
    spelt |= {
        "Ctrl+0": "Ctrl+ + − 0",
        "Shift+R": "R",
        "Shift+C": "C",
        "Shift+F": "F",
        "Shift+U": "U",
        "Ctrl+Shift+J": "Ctrl+J",
    }
    spelt |= {"Ctrl+PgDown": "Ctrl+PgUp", "Ctrl+8": "Ctrl+1 … 7"}
    spelt |= {f"Ctrl+{n}": "Ctrl+1 … 7" for n in range(1, 8)}
    spelt |= {f"Alt+{way}": "Alt+← ↑ → ↓" for way in ("Left", "Right", "Up", "Down")}
    spelt |= {str(n): "1 … 9, 0" for n in range(10)}
    keys = window.hands.table()
    bound = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert {QKeySequence(one).toString() for one in keys} <= bound
    assert [one for one in keys if spelt.get(one, one) not in told] == []
    for sequence in ("Shift+R", "Shift+C", "Shift+F", "Ctrl+8", "Ctrl+Shift+J"):
        assert sequence in words


@SCREENS
def test_it_is_over_the_map_alone_and_no_line_lies_on_another(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, _ = open_desk(size=size, language=language)
    key(window, Qt.Key.Key_F1)
    QTest.qWait(20)
    help_panel, lines = window.help, window.help.list._lines
    assert window._map_column.geometry().contains(help_panel.geometry())
    assert len({line.where.x() for line in lines}) == 2, "two columns"
    for n, one in enumerate(lines):
        assert one.where.right() <= help_panel.list.width()
        assert not any(one.where.intersects(other.where) for other in lines[n + 1 :])
    seen = help_panel.area.viewport().height()
    missing = help_panel.list.height() - seen
    if size[0] >= 1_920:
        assert missing <= 8 * window._look.metrics.row, "most of it without scrolling"
    else:
        tops = [line.where.y() for line in lines if not line.key]
        assert missing < seen, "more than half of it"
        assert sum(top < seen for top in tops) >= 3, "talk, talkgroups and alarms"


def test_it_is_closed_by_hand_and_where_it_is_narrow_it_has_one_column(open_desk: Open) -> None:
    window, _ = open_desk(size=(1_100, 640))
    key(window, Qt.Key.Key_F1)
    QTest.qWait(20)
    assert len({line.where.x() for line in window.help.list._lines}) == 1
    bar = window.help.area.verticalScrollBar()
    assert bar.maximum() > 0
    window.help.area.setFocus()
    key(window, Qt.Key.Key_End)
    key(window, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.mouseClick(window.help.close_button, LEFT)
    assert window.help.isHidden()
    assert window.tiles.has_focus()


@pytest.mark.parametrize("language", ["en", "nn"])
def test_it_is_in_the_desks_language(open_desk: Open, language: str) -> None:
    window, _ = open_desk()
    key(window, Qt.Key.Key_F1)
    window._language_wanted(language)
    QApplication.processEvents()
    title = {"en": "Talkgroups", "nn": "Talegrupper"}[language]
    assert title in window.help.list.shown
    assert QRect(window.help.list.rect()).height() > 300
