"""The keyboard goes back to where the hand was: after an alarm, a page, a start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.gui.test_window import key
from widgets.window import DeskWindow


def close_alarm(window: DeskWindow, desk: fakes.Fakes) -> None:
    """The site's answer comes later than the press, as it does."""
    alarm = window.alarms.current
    desk.alarms.edit(alarm, state="acknowledged")
    key(window, Qt.Key.Key_F4)
    assert window.alarms.card(alarm).reasons["real"].hasFocus()
    key(window, Qt.Key.Key_Return)
    desk.alarms.edit(alarm, state="acknowledged", pending=True)
    desk.alarms.edit(alarm, state="closed", pending=False)
    QTest.qWait(20)


def test_a_closed_alarm_leaves_the_keyboard_on_the_tile_where_it_was(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=SMALL)
    third = tuple(desk.talkgroups.keys())[2]
    window.tiles.focus_key(third)
    close_alarm(window, desk)
    assert window.tiles.tile(third).hasFocus()


def test_a_closed_alarm_leaves_the_keyboard_in_the_list_where_it_was(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=SMALL)
    window.units.list.setFocus()
    close_alarm(window, desk)
    assert window.units.list.hasFocus()


def test_where_the_hand_was_may_be_gone_by_then(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=SMALL)
    key(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert window.handover.list.hasFocus()
    key(window, Qt.Key.Key_F4)
    alarm = window.alarms.current
    desk.alarms.edit(alarm, state="acknowledged")
    key(window, Qt.Key.Key_F4)
    window.pages.close_page()
    key(window, Qt.Key.Key_Return)
    assert window.tiles.has_focus()


def test_a_new_page_leaves_the_keyboard_on_the_tiles(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    window.tiles.focus_current()
    window.tile_area.name_new_page("")
    QTest.keyClicks(window.tile_area.name, "Natt")
    key(window, Qt.Key.Key_Return)
    assert window.tile_area.page == "Natt"
    assert window.tiles.has_focus()
    desk.layout.put_on_page("Natt", desk.talkgroups.keys()[4], True)
    assert window.tiles.tile(desk.talkgroups.keys()[4]).hasFocus(), "the first that comes"


def test_at_the_start_the_keyboard_is_on_the_tiles_that_come(open_desk: Open) -> None:
    given = fakes.make()
    rows, given.talkgroups.table = given.talkgroups.table, {}
    window, _ = open_desk(given, size=SMALL)
    assert window.tiles.has_focus()
    given.talkgroups.table = rows
    given.talkgroups.reset.emit()
    assert window.tiles.tile(next(iter(rows))).hasFocus()
