"""The talk key as it is chosen: held or latched, by hand or by foot, in one group or in several."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui import fakes
from tests.gui.conftest import SCREENS, SMALL, Open
from widgets.button_words import learning_words, purpose_words, stand_words
from widgets.contracts.rows import (
    AlarmRow,
    ButtonDevice,
    ButtonRow,
    Buttons,
    ButtonStand,
    LiveCall,
    TalkState,
    TalkTarget,
    Transmit,
)
from widgets.notices import notices
from widgets.window import DeskWindow

READY = Buttons((ButtonRow("talk", "Pedal: B", "ready"), ButtonRow("call"), ButtonRow("replay")))
STOPPED: tuple[str, ...] = ("stop-learning",)
RULE = 'SUBSYSTEM=="input", TAG+="uaccess"'


def done(data: fakes.Fakes) -> list[str]:
    return [one[0] for one in data.actions.done if one[0] in ("press", "release")]


def latched(open_desk: Open, **options: object) -> tuple[DeskWindow, fakes.Fakes]:
    window, data = open_desk(language="en", **options)
    data.status.edit(latch=True)
    return window, data


def tap(window: DeskWindow, key: Qt.Key = Qt.Key.Key_Space) -> None:
    QTest.keyClick(window.windowHandle(), key)


def target(state: TalkState, name: str = "LV1") -> TalkTarget:
    return TalkTarget(name, state)


# --- the latch ---


def test_a_press_opens_and_the_next_one_closes(open_desk: Open) -> None:
    window, data = latched(open_desk)
    assert window.talk_place.headline() == "PRESS TO TALK"
    tap(window)
    assert done(data) == ["press"], "it stays open when the key comes up"
    assert window.gate.is_latched
    data.status.edit(transmit=Transmit((target("sending"),), is_open=True))
    place = window.talk_place
    assert (place.headline(), place.tone) == ("LOCKED OPEN", "sending")
    assert "Esc" in place.subline()
    assert "LOCKED OPEN" in place.accessibleName()
    tap(window)
    assert done(data) == ["press", "release"]
    assert not window.gate.is_latched


@pytest.mark.parametrize("by", ["bar", "tile", "pedal", "escape"])
def test_any_other_hand_closes_it_too(open_desk: Open, by: str) -> None:
    window, data = latched(open_desk)
    tap(window)
    if by == "bar":
        QTest.mouseClick(window.talk_place, Qt.MouseButton.LeftButton)
    elif by == "tile":
        tile = window.tiles.tile(data.talkgroups.keys()[1])
        QTest.mouseClick(tile.send, Qt.MouseButton.LeftButton)
    elif by == "pedal":
        data.buttons.moved.emit("talk", True)
        data.buttons.moved.emit("talk", False)
    else:
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert done(data) == ["press", "release"], "and opens nothing anew"


def test_escape_closes_it_from_a_text_field_before_the_field_has_it(open_desk: Open) -> None:
    window, data = latched(open_desk)
    tap(window)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "a b")
    assert done(data) == ["press"], "a space in a field is a space"
    tap(window, Qt.Key.Key_Escape)
    assert done(data) == ["press", "release"]
    assert QApplication.focusWidget() is field


def test_focus_and_activation_close_it_and_so_do_a_minute_and_a_broken_microphone(
    open_desk: Open,
) -> None:
    window, data = latched(open_desk)
    tap(window)
    event = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(window.windowHandle(), event)
    assert done(data) == ["press", "release"]
    tap(window)
    window.gate._limit.timeout.emit()
    assert done(data) == ["press", "release"] * 2
    assert "minute" in window.talk_place.refusal
    tap(window)
    data.status.edit(transmit_note="The microphone does not work: see the menu.")
    assert done(data) == ["press", "release"] * 3


def test_a_safety_alarm_closes_what_nobody_holds_and_leaves_what_is_held(open_desk: Open) -> None:
    window, data = latched(open_desk)
    alarm = AlarmRow("a1", "a34", "AMB 3-4", raised_s=fakes.NOW_S)
    tap(window)
    data.alarms.put(alarm)
    assert done(data) == ["press", "release"]
    assert window.talk_place.headline() == "CLOSED"
    data.status.edit(latch=False)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    data.alarms.put(replace(alarm, key="a2"))
    assert done(data) == ["press", "release", "press"]
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert done(data)[-1] == "release"


@pytest.mark.parametrize("end", ["denied", "pre-empted", "timed-out", "failed"])
def test_a_press_that_came_to_nothing_is_not_left_locked(open_desk: Open, end: TalkState) -> None:
    window, data = latched(open_desk)
    tap(window)
    data.status.edit(transmit=Transmit((target("asking"),)))
    assert "Locked" in window.talk_place.subline()
    data.status.edit(transmit=Transmit((target(end),)))
    assert done(data) == ["press", "release"]
    tap(window)
    assert done(data)[-1] == "press", "the next press opens"


def test_what_is_chosen_while_it_is_open_closes_it(open_desk: Open) -> None:
    window, data = latched(open_desk)
    tap(window)
    data.status.edit(latch=False)
    assert done(data) == ["press", "release"]
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert done(data) == ["press", "release"] * 2


def test_the_choice_stands_in_the_menu_and_on_the_page(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    assert window.top.hold.isChecked()
    window.top.latch.trigger()
    assert data.actions.done[-1] == ("latch", True)
    data.status.edit(latch=True)
    assert window.top.latch.isChecked()
    window.top.pedals.trigger()
    page = window.talk_page
    assert page.isVisible()
    assert page.latch.isChecked()
    assert "LOCKED OPEN" in page.how.text()
    QTest.mouseClick(page.hold, Qt.MouseButton.LeftButton)
    assert data.actions.done[-1] == ("latch", False)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert page.isHidden()


# --- a foot ---


def test_a_pedal_talks_also_when_another_window_has_the_focus(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    data.status.edit(buttons=READY)
    assert window.talk_place.subline() == "Space bar or pedal"
    data.buttons.moved.emit("talk", True)
    event = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(window.windowHandle(), event)
    assert done(data) == ["press"], "the foot is still down"
    tap(window)
    assert done(data) == ["press"], "one hand at a time"
    data.buttons.moved.emit("talk", False)
    assert done(data) == ["press", "release"]


def test_behind_another_window_a_pedal_is_held_even_with_the_latch(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, data = latched(open_desk)
    monkeypatch.setattr(window.gate, "_in_front", lambda: False)
    data.buttons.moved.emit("talk", True)
    assert not window.gate.is_latched
    data.buttons.moved.emit("talk", False)
    assert done(data) == ["press", "release"]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("unplugged", "unplugged"),
        ("reader", "does not answer"),
        ("held", "stuck"),
        ("removed", "is removed"),
        ("learning", "is being chosen"),
    ],
)
def test_a_pedal_that_is_lost_closes_and_says_so(open_desk: Open, why: str, words: str) -> None:
    window, data = open_desk(language="en")
    data.buttons.moved.emit("talk", True)
    data.buttons.lost.emit("talk", why)
    assert done(data) == ["press", "release"]
    assert window.talk_place.headline() == "CLOSED"
    assert words in window.talk_place.subline()
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    data.buttons.lost.emit("talk", why)
    assert done(data)[-1] == "press", "what a hand holds is no pedal's"
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)


def test_a_button_for_calls_talks_in_calls_alone_and_one_replays(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    data.buttons.moved.emit("call", True)
    data.buttons.moved.emit("call", False)
    assert done(data) == []
    assert "no call" in window.talk_place.subline()
    data.status.edit(call=LiveCall("c", "AMB 1", "connected", since_s=fakes.NOW_S, stream="c@here"))
    window.hands.select(data.talkgroups.keys()[0])
    data.buttons.moved.emit("call", True)
    assert ("press", "c@here", "alone") in data.actions.done
    data.buttons.moved.emit("call", False)
    assert done(data) == ["press", "release"]
    data.buttons.moved.emit("replay", True)
    data.buttons.moved.emit("replay", False)
    assert [one for one in data.actions.done if one[0] == "recall"] == [("recall", "")]


def test_while_a_button_is_learned_nothing_opens(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    data.status.edit(buttons=replace(READY, learning="talk"))
    assert done(data) == ["press", "release"]
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    tap(window)
    data.buttons.moved.emit("talk", True)
    assert done(data) == ["press", "release"]
    assert window.talk_place.headline() == "CANNOT SEND"


def test_the_page_teaches_forgets_and_says_what_to_do(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    data.status.edit(buttons=READY)
    window.pages.toggle_talk()
    page = window.talk_page
    line = page.lines["call"]
    QTest.mouseClick(line.learn, Qt.MouseButton.LeftButton)
    assert data.actions.done[-1] == ("learn", "call")
    device = ButtonDevice("PCsensor FootSwitch", "no-permission", RULE)
    data.status.edit(buttons=replace(READY, learning="call", devices=(device,)))
    assert page.learning.isVisible()
    assert "Nothing is sent" in page.learning.words.text()
    assert page.devices[0].isVisible()
    assert not line.learn.isEnabled()
    QTest.mouseClick(page.copy_rule, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == RULE
    data.status.edit(buttons=replace(READY, learning="call", note="typed"))
    assert "F13" in page.learning.words.text()
    QTest.mouseClick(page.learning.stop, Qt.MouseButton.LeftButton)
    assert data.actions.done[-1] == STOPPED
    window.pages.close_page()
    assert data.actions.done[-1] == STOPPED, "nothing is learned behind the page"
    data.status.edit(buttons=READY)
    QTest.mouseClick(page.lines["talk"].forget, Qt.MouseButton.LeftButton)
    window.pages.toggle_talk()
    QTest.mouseClick(page.lines["talk"].forget, Qt.MouseButton.LeftButton)
    assert data.actions.done[-1] == ("forget", "talk")
    assert window.done_bar.isVisible()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert data.actions.done[-1] == ("restore", "talk")
    assert not window.done_bar.isVisible()


@pytest.mark.parametrize("stand", ["absent", "no-permission", "taken", "held", "chattering"])
def test_a_pedal_that_can_not_be_relied_on_is_told(open_desk: Open, stand: ButtonStand) -> None:
    window, data = open_desk(language="en", size=SMALL)
    assert window.top.pedal.isHidden()
    rows = (ButtonRow("talk", "Pedal: B", stand), ButtonRow("call"), ButtonRow("replay"))
    data.status.edit(buttons=Buttons(rows))
    assert window.top.pedal.isVisible()
    assert any("pedal" in one.what for one in notices(data.status.status()))
    assert window.notices.isVisible()
    assert stand_words(stand) in window.top.pedal.toolTip()
    assert all(purpose_words(row.purpose) for row in rows)
    assert learning_words(Buttons()) == ""
    data.status.edit(buttons=READY)
    assert window.top.pedal.text() == "Pedal"


# --- several groups ---


def along(data: fakes.Fakes) -> list[str]:
    return [key for key in tuple(data.talkgroups.keys()) if data.talkgroups.row(key).along]


def test_where_the_voice_goes_is_listed_changed_and_undone(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    keys = data.talkgroups.keys()
    window.hands.select(keys[0])
    assert window.goes_to.isHidden(), "one group stands on the talk place"
    for key in keys[1:4]:
        window.tiles.focus_key(key)
        QTest.keyClick(window, Qt.Key.Key_T)
    listed = window.goes_to
    assert listed.isVisible()
    assert listed.groups() == tuple(keys[:4])
    names = [chip.text() for chip in listed._chips if chip.isVisible()]
    assert names == [data.talkgroups.row(key).name for key in keys[:4]]
    assert not listed._chips[0].isEnabled(), "the selected one is chosen on its tile"
    QTest.mouseClick(listed._chips[2], Qt.MouseButton.LeftButton)
    assert along(data) == [keys[1], keys[3]]
    QTest.mouseClick(listed.undo, Qt.MouseButton.LeftButton)
    assert along(data) == list(keys[1:4])
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert along(data) == []
    assert listed.isVisible(), "it can be undone for a while"
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert along(data) == list(keys[1:4])
    QTest.mouseClick(listed.alone, Qt.MouseButton.LeftButton)
    listed._forget.timeout.emit()
    assert listed.isHidden()


def test_while_the_key_is_down_each_group_says_how_it_stands(open_desk: Open) -> None:
    window, data = open_desk(language="en", size=SMALL)
    keys = data.talkgroups.keys()
    window.hands.select(keys[0])
    for key in keys[1:4]:
        data.talkgroups.edit(key, along=True)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    states: tuple[TalkState, ...] = ("sending", "queued", "denied", "asking")
    for key, state in zip(keys, states, strict=False):
        data.talkgroups.edit(key, talk=state, place=2)
    listed = window.goes_to
    chips = [chip for chip in listed._chips if chip.isVisible()]
    said = [chip.accessibleName().partition(", ")[2] for chip in chips]
    assert said == ["sends", "no. 2", "refused", "asking"]
    assert listed.title.text() == "Sends to 1 of 4"
    assert not any(chip.isEnabled() for chip in chips)
    QTest.mouseClick(listed._chips[1], Qt.MouseButton.LeftButton)
    assert len(along(data)) == 3, "what is being said goes where it went"
    assert not listed.alone.isEnabled()
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)


def test_more_groups_than_there_is_room_for_are_in_a_menu(open_desk: Open) -> None:
    window, data = open_desk(language="en", size=SMALL)
    keys = data.talkgroups.keys()
    window.hands.select(keys[0])
    for key in keys[1:9]:
        data.talkgroups.edit(key, along=True)
    listed = window.goes_to
    assert listed.more.text() == "and 6 more …"
    QTest.mouseClick(listed.more, Qt.MouseButton.LeftButton)
    actions = listed.menu.actions()
    assert len(actions) == 6
    actions[0].trigger()
    listed.menu.close()
    assert len(along(data)) == 7


@SCREENS
def test_nothing_of_it_is_cut(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, data = open_desk(size=size, language=language)
    keys = data.talkgroups.keys()
    for key in keys[1:4]:
        data.talkgroups.edit(key, along=True)
    listed = window.goes_to
    window.hands.select(keys[0])
    QTest.qWait(50)
    bottom = listed.mapTo(window, QPoint(0, listed.height())).y()
    assert bottom <= window.height()
    assert not listed.title.elides()
    for part in (listed.alone, *(chip for chip in listed._chips if chip.isVisible())):
        assert listed.rect().contains(part.geometry()), part.text()
    rows = (ButtonRow("talk", "Pedal: B", "ready"), ButtonRow("call"), ButtonRow("replay"))
    data.status.edit(buttons=Buttons(rows, learning="talk"))
    window.pages.toggle_talk()
    page = window.talk_page
    QTest.qWait(50)
    for line in page.lines.values():
        assert not line.what.elides()
        for button in (line.learn, line.forget):
            assert button.width() >= button.minimumSizeHint().width()
    assert not window.top.pedal.elides()


def test_at_the_smallest_size_the_volume_gives_way(open_desk: Open) -> None:
    window, data = open_desk(size=(1_100, 640))
    keys = data.talkgroups.keys()
    window.hands.select(keys[0])
    before = window.master.width()
    data.talkgroups.edit(keys[1], along=True)
    QTest.qWait(50)
    assert window.master.width() < before
    assert window.now.width() >= 180
    data.talkgroups.edit(keys[1], along=False)
    QTest.qWait(50)
    assert window.master.width() == before
