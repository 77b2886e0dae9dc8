"""Individual calls on the screen: bars, clicks, keys, and what the talk key talks in meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.buttons import FlatButton
from widgets.calling import ending_words
from widgets.contracts.rows import AlarmRow, Callee, CallReason, LiveCall
from widgets.window import DeskWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NOW_S = fakes.NOW_S
RINGS = LiveCall("I-1", "Legevakt 2 (Ola Nordmann)", "incoming", full=True, since_s=NOW_S - 7)
HALF = LiveCall("I-2", "AMB 1-3", "connected", since_s=NOW_S - 83, stream="I-2@here")
FULL = replace(HALF, key="I-3", full=True, stream="I-3@here", is_open=True)


def key(window: DeskWindow, what: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(window.windowHandle(), what, modifier or Qt.KeyboardModifier.NoModifier)


def click(button: FlatButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_call_that_rings_is_answered_or_rejected_by_mouse_and_by_key(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    bar = window.ring_bar
    assert not bar.isVisible()
    key(window, Qt.Key.Key_F10)
    key(window, Qt.Key.Key_F11)
    assert not desk.actions.done, "with nothing that rings they do nothing"
    desk.status.edit(ringing=(RINGS,))
    assert bar.isVisible()
    assert bar.words == ("Legevakt 2 (Ola Nordmann) calls", "as a telephone · 0:07")
    click(bar.yes)
    key(window, Qt.Key.Key_F10)
    assert desk.actions.done == [("answer-call", "I-1")] * 2
    click(bar.no)
    key(window, Qt.Key.Key_F11)
    assert desk.actions.done[2:] == [("reject-call", "I-1")] * 2
    desk.clock.time_s += 5
    QTest.qWait(400)
    assert "0:12" in bar.accessibleName(), "how long it rings goes on"
    desk.status.edit(ringing=())
    assert not bar.isVisible()


def test_who_rings_is_not_hidden_by_the_help(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_F12)
    assert window.help.isVisible()
    desk.status.edit(ringing=(RINGS,))
    assert not window.help.isVisible()
    key(window, Qt.Key.Key_F12)
    desk.status.edit(ringing=(RINGS,), person="Ola")
    assert window.help.isVisible(), "a hand may look something up while it rings"


def test_a_second_call_says_what_answering_it_ends(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    desk.status.edit(call=HALF, ringing=(RINGS, replace(RINGS, key="I-9")))
    assert window.ring_bar.words[0] == "Legevakt 2 (Ola Nordmann) calls (+1)"
    assert window.ring_bar.words[1].endswith("ends the call with AMB 1-3")
    key(window, Qt.Key.Key_F11)
    assert desk.actions.done.pop() == ("reject-call", "I-1"), "the one that rings, not the one on"
    click(window.call_bar.end)
    assert desk.actions.done.pop() == ("hang-up",)
    desk.status.edit(ringing=())
    key(window, Qt.Key.Key_F11)
    assert desk.actions.done.pop() == ("hang-up",)


def test_the_talk_key_is_the_call_s_until_a_talkgroup_is_chosen(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    first, second = tuple(desk.talkgroups.keys())[:2]
    window.hands.select(first)
    desk.status.edit(call=HALF)
    assert window.talk_place.groups() == "Call: AMB 1-3"
    desk.actions.done.clear()
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert desk.actions.done.pop() == ("press", "I-2@here", "alone"), "there and nowhere else"
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    key(window, Qt.Key.Key_2)
    assert "Call" not in window.talk_place.groups()
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert desk.actions.done.pop()[:2] == ("press", second)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    desk.status.edit(call=replace(HALF, heard=True))
    assert "Call" not in window.talk_place.groups(), "news of the call takes nothing back"
    key(window, Qt.Key.Key_F10)
    assert window.talk_place.groups() == "Call: AMB 1-3"
    desk.status.edit(call=None)
    assert "Call" not in window.talk_place.groups()
    desk.actions.done.clear()
    desk.status.edit(call=FULL)
    assert "Call" not in window.talk_place.groups(), "in full duplex nothing is to be held"


def test_a_call_s_own_button_talks_in_it_whatever_is_selected(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(call=HALF)
    window.hands.select(next(iter(desk.talkgroups.keys())))
    talk = window.call_bar.talk
    QTest.mousePress(talk, Qt.MouseButton.LeftButton)
    assert desk.actions.done.pop() == ("press", "I-2@here", "alone")
    QTest.mouseRelease(talk, Qt.MouseButton.LeftButton)
    assert desk.actions.done.pop() == ("release",)


def test_in_full_duplex_one_sees_whether_one_is_heard_and_mutes_oneself(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    bar = window.call_bar
    desk.status.edit(call=FULL)
    assert bar.words == ("AMB 1-3", "You are heard · as a telephone · 1:23")
    assert bar.mute.isVisible()
    assert not bar.talk.isVisible()
    click(bar.mute)
    assert desk.actions.done.pop() == ("mute-call", True)
    desk.status.edit(call=replace(FULL, muted=True, is_open=False))
    assert bar.words[1].startswith("You are muted")
    assert bar.mute.text() == "Unmute"
    key(window, Qt.Key.Key_F11, SHIFT)
    assert desk.actions.done.pop() == ("mute-call", False)
    desk.status.edit(call=replace(FULL, is_open=False, note="the microphone has stopped"))
    assert "not heard: the microphone has stopped" in bar.words[1]


@pytest.mark.parametrize(
    "reason", ["hung-up", "rejected", "busy", "no-answer", "cancelled", "lost"]
)
def test_how_a_call_ended_is_said_and_asks_nothing(open_desk: Open, reason: CallReason) -> None:
    window, desk = open_desk()
    desk.status.edit(call=replace(HALF, stand="over", reason=reason, stream=""))
    assert window.call_bar.words == ("AMB 1-3", ending_words(reason))
    assert ending_words(reason)
    shown = (window.call_bar.mute, window.call_bar.talk, window.call_bar.end)
    assert not any(one.isVisible() for one in shown)


def test_a_unit_is_called_in_three_actions(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    units = window.units.list
    rect = units.visualRect(window.units.model.index(0))
    QTest.mouseClick(units.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    chosen = desk.units.row(window.units.chosen())
    desk.callees.known = [Callee(chosen.key, chosen.call_sign)]
    key(window, Qt.Key.Key_I, CTRL)
    assert window.dial_bar.field.text() == chosen.call_sign
    key(window, Qt.Key.Key_Return)
    assert desk.actions.done[-1] == ("call", chosen.key, False)
    assert not window.dial_bar.isVisible()
    assert not isinstance(QApplication.focusWidget(), QLineEdit), "the talk key works again"


def test_whom_to_call_is_typed_chosen_and_dropped(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    bar = window.dial_bar
    key(window, Qt.Key.Key_I, CTRL)
    assert "whom" in bar.accessibleName() or "whom" in bar.field.accessibleName()
    assert not bar.half.isEnabled()
    key(window, Qt.Key.Key_Return)
    assert bar.isVisible(), "there is nobody yet"
    QTest.keyClicks(bar.field, "AMB")
    assert bar.field.accessibleName() == "Call AMB 1-3 (↓: 1 more)"
    key(window, Qt.Key.Key_Down)
    assert bar.field.accessibleName().startswith("Call AMB 1-4")
    key(window, Qt.Key.Key_Return, SHIFT)
    assert desk.actions.done[-1] == ("call", "a14", True), "Shift+Enter: full duplex"
    key(window, Qt.Key.Key_I, CTRL)
    QTest.keyClicks(bar.field, "nobody")
    assert bar.field.accessibleName() == "Nobody here is called so."
    key(window, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    key(window, Qt.Key.Key_I, CTRL)
    QTest.keyClicks(bar.field, "legevakt")
    click(bar.full)
    assert desk.actions.done[-1] == ("call", "lv2", True)


def test_a_call_hides_no_alarm_and_its_bars_fit(open_desk: Open) -> None:
    for size in ((1_366, 768), (1_920, 1_080)):
        window, desk = open_desk(size=size)
        desk.status.edit(ringing=(RINGS, RINGS), call=HALF)
        desk.alarms.put(AlarmRow("al1", "a13", "AMB 1-3", raised_s=NOW_S))
        QTest.qWait(50)
        alarms = window.alarms.geometry()
        for bar in (window.ring_bar, window.call_bar):
            assert not bar.geometry().intersects(alarms)
            for button in bar.findChildren(FlatButton):
                if button.isVisible():
                    assert button.width() >= button.minimumSizeHint().width()
        key(window, Qt.Key.Key_I, CTRL)
        desk.clock.let_hand_react()
        key(window, Qt.Key.Key_F1)
        assert desk.actions.done[-1] == ("acknowledge", "al1"), "also while somebody is typed"
        window.close()


def test_a_hand_that_comes_too_late_to_reject_hangs_up_on_nobody(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(call=replace(RINGS, key="I-9", stand="connected"), ringing=(RINGS,))
    desk.status.edit(ringing=())
    key(window, Qt.Key.Key_F11)
    assert desk.actions.done == []
    assert window.talk_place.refusal.startswith("Det anropet er slutt.")
    window.ring_bar._ended_s -= 2.0
    key(window, Qt.Key.Key_F11)
    assert desk.actions.done == [("hang-up",)]
