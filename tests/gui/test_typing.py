"""What is typed when the text field has gone selects, mutes and sends nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.typing_guard import PAUSE_S
from widgets.window import DeskWindow

HARMLESS = ("person", "sign-in", "drop-sign-in")
LEAVING = [Qt.Key.Key_Tab, Qt.Key.Key_Return]


def _in_front(window: DeskWindow) -> QWindow:
    return QApplication.focusWindow() or window.windowHandle()


def press(window: DeskWindow, *keys: Qt.Key) -> None:
    """Where a keyboard's keys go: to the window in front, which may be a list of completions."""
    for key in keys:
        QTest.keyClick(_in_front(window), key)


def write(window: DeskWindow, text: str) -> None:
    for character in text:
        QTest.keyClick(_in_front(window), character)  # type: ignore[call-overload]


def pause(window: DeskWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hand rests: the guard's clock is put forward."""
    before = window.hands.typing._now_s
    monkeypatch.setattr(window.hands.typing, "_now_s", lambda: before() + PAUSE_S)


def astray(desk: fakes.Fakes) -> list[tuple[object, ...]]:
    return [done for done in desk.actions.done if done[0] not in HARMLESS]


@pytest.mark.parametrize("leave", LEAVING)
@pytest.mark.parametrize("names", [("Kari N", "Ola N"), ("Per",)])
def test_tab_gives_a_name_as_enter_does_and_the_pin_gets_the_digits(
    open_desk: Open, leave: Qt.Key, names: tuple[str, ...]
) -> None:
    window, desk = open_desk()
    desk.status.edit(persons=names, person="Ola N")
    window.top.person_given.connect(lambda name: desk.status.edit(sign_in=name))
    press(window, Qt.Key.Key_F9)
    write(window, "Kari N")
    press(window, leave)
    write(window, "0000")
    assert window.pin_bar.field.text() == "0000"
    press(window, Qt.Key.Key_Return)
    assert desk.actions.done == [("person", "Kari N"), ("sign-in", "0000")]


@pytest.mark.parametrize("leave", LEAVING)
def test_digits_after_a_name_that_needs_no_pin_select_nothing(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch, leave: Qt.Key
) -> None:
    window, desk = open_desk()
    press(window, Qt.Key.Key_F9)
    write(window, "Kari N")
    press(window, leave)
    assert desk.actions.done == [("person", "Kari N")]
    assert window.top.name_field.isHidden()
    assert window.tiles.has_focus()
    write(window, "0000")
    press(window, Qt.Key.Key_Return)
    assert astray(desk) == []
    assert "Du skrev" in window.talk_place.refusal, "it is said why the key did nothing"
    write(window, "3")
    assert astray(desk)[-1][0] == "select", "Enter has ended the text"


def test_a_name_that_is_kept_does_not_make_its_pin_a_selection(open_desk: Open) -> None:
    """Who is signed in already types name and PIN all the same."""
    window, desk = open_desk()
    desk.status.edit(persons=(fakes.STATUS.person,))
    press(window, Qt.Key.Key_F9)
    write(window, fakes.STATUS.person)
    press(window, Qt.Key.Key_Tab)
    write(window, "0000")
    assert desk.actions.done == []


def test_after_a_pause_escape_or_a_click_the_keys_select_again(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, desk = open_desk()
    units, tile = window.units._search, window.tiles.tile(fakes.TALKGROUPS[4].key)
    select = ("select", fakes.TALKGROUPS[2].key)

    def typed_and_left() -> None:
        desk.actions.done.clear()
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert units.hasFocus()
        write(window, "amb")
        press(window, Qt.Key.Key_Tab)
        write(window, "3")
        assert desk.actions.done == []

    typed_and_left()
    press(window, Qt.Key.Key_Escape)
    write(window, "3")
    assert desk.actions.done[-1] == select
    typed_and_left()
    QTest.mouseClick(
        window.windowHandle(), Qt.MouseButton.LeftButton,
        pos=tile.mapTo(window, QPoint(20, 10)),
    )  # fmt: skip
    write(window, "3")
    assert desk.actions.done[-1] == select
    typed_and_left()
    pause(window, monkeypatch)
    write(window, "3")
    assert desk.actions.done == [select]


def test_an_alarm_that_closes_the_page_makes_no_command_of_the_rest_of_a_message(
    open_desk: Open,
) -> None:
    window, desk = open_desk()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    window.people.text.setFocus()
    write(window, "Storg")
    desk.alarms.put(fakes.ALARM)
    assert window.people.isHidden()
    write(window, "ata 14 + R")
    assert astray(desk) == []
    assert not window.gate.held
    desk.clock.let_hand_react()
    press(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")], "an alarm is answered by the first press"
    write(window, "3")
    assert desk.actions.done[-1][0] == "select"


def test_an_alarm_in_a_pause_of_a_message_opens_no_microphone(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has looked away to find a house number types on when the page has already gone."""
    window, desk = open_desk()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    window.people.text.setFocus()
    write(window, "Storgata")
    pause(window, monkeypatch)
    desk.alarms.put(fakes.ALARM)
    assert window.people.isHidden()
    write(window, " 14 mot")
    assert astray(desk) == []
    assert not window.gate.held
    assert "Du skrev" in window.talk_place.refusal
    pause(window, monkeypatch)
    write(window, "3")
    assert desk.actions.done[-1][0] == "select", "after another pause the keys are the desk's"


def test_after_an_alarm_the_hand_is_back_in_the_words_that_it_was_writing(open_desk: Open) -> None:
    """Once, and in nobody else's: to whom is what a page that is opened asks first."""
    ctrl = Qt.KeyboardModifier.ControlModifier
    window, desk = open_desk()
    people = window.people
    window.pages.write_to("u3")
    write(window, "Storg")
    desk.alarms.put(fakes.ALARM)
    desk.alarms.put(replace(fakes.ALARM, key="a2", unit="u5"))  # while the page is closed
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, ctrl)
    assert people.text.hasFocus()
    write(window, "ata 14")
    assert people.text.text() == "Storgata 14", "nothing of it was selected, and typed over"
    press(window, Qt.Key.Key_Escape)  # to whom
    press(window, Qt.Key.Key_Escape)
    assert people.isHidden()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, ctrl)
    assert people.search.hasFocus()
    people.text.setFocus()
    desk.alarms.put(replace(fakes.ALARM, key="a3", unit="u6"))
    desk.status.edit(person="Ola Nordby")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, ctrl)
    assert people.search.hasFocus(), "what another has begun is not gone on with unasked"


def test_an_alarm_takes_no_key_from_who_had_typed_nothing(open_desk: Open) -> None:
    window, desk = open_desk()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.alarms.put(fakes.ALARM)
    write(window, "3")
    assert desk.actions.done[-1][0] == "select"


def test_the_talk_key_is_refused_once_at_most(open_desk: Open) -> None:
    window, desk = open_desk()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    window.people.text.setFocus()
    write(window, "Vent")
    desk.alarms.put(fakes.ALARM)
    press(window, Qt.Key.Key_Space)
    assert "Du skrev" in window.talk_place.refusal
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert desk.actions.done[-1] == ("press", fakes.TALKGROUPS[0].key)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert ("release",) in desk.actions.done


def test_who_has_typed_nothing_waits_for_nothing(open_desk: Open) -> None:
    window, desk = open_desk()
    write(window, "3")
    press(window, Qt.Key.Key_F9, Qt.Key.Key_Tab)
    write(window, "2")
    assert [done[0] for done in desk.actions.done] == ["select", "select"]


def test_the_keyboard_goes_to_the_tiles_when_the_pin_was_right(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(persons=("Kari N",), sign_in="Kari N")
    write(window, "4711")
    press(window, Qt.Key.Key_Return)
    desk.status.edit(sign_in="", person="Kari N")
    assert window.pin_bar.isHidden()
    assert window.tiles.has_focus()
