"""An alarm of this very desk: a button and keys that have to be held, and what is shown of it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.desk.own_alarm import CANCEL_S, OwnAlarmDesk
from console.domain import events as e
from console.models.alarm_sound import AlarmSound
from resources.languages import LANGUAGES
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_models import Bench
from widgets.contracts.rows import OwnAlarm
from widgets.ownalarm import HOLD_S

LEFT = Qt.MouseButton.LeftButton
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
HELD_MS = round(HOLD_S * 1_000) + 400


def test_the_button_has_to_be_held_for_a_second(open_desk: Open) -> None:
    window, desk = open_desk()
    button = window.own_alarm
    QTest.mouseClick(button, LEFT)
    QTest.mousePress(button, LEFT)
    QTest.qWait(400)
    QTest.mouseRelease(button, LEFT)
    QTest.qWait(HELD_MS)
    assert desk.actions.done == [], "who slips on it raises nothing"
    QTest.mousePress(button, LEFT)
    QTest.qWait(HELD_MS)
    QTest.mouseRelease(button, LEFT)
    assert desk.actions.done == [("own-alarm",)], "once, however long it was held"


def test_the_keys_are_held_wherever_the_focus_is_and_write_nothing(open_desk: Open) -> None:
    window, desk = open_desk()
    top = window.top
    top.edit_name()
    before = top.name_field.text()
    at = window.windowHandle()
    QTest.keyPress(at, Qt.Key.Key_A, BOTH)
    QTest.qWait(300)
    QTest.keyRelease(at, Qt.Key.Key_A, BOTH)
    QTest.qWait(HELD_MS)
    assert desk.actions.done == []
    QTest.keyPress(at, Qt.Key.Key_A, BOTH)
    QTest.qWait(300)
    QTest.keyRelease(at, Qt.Key.Key_Shift, Qt.KeyboardModifier.ControlModifier)
    QTest.qWait(HELD_MS)
    assert desk.actions.done == [], "all of it has to be held"
    QTest.keyRelease(at, Qt.Key.Key_A)
    QTest.keyPress(at, Qt.Key.Key_A, BOTH)
    QTest.qWait(HELD_MS)
    QTest.keyRelease(at, Qt.Key.Key_A, BOTH)
    assert desk.actions.done == [("own-alarm",)]
    assert top.name_field.text() == before


def test_a_window_that_hung_while_it_was_pressed_has_not_held_it(open_desk: Open) -> None:
    window, desk = open_desk()
    QTest.mousePress(window.own_alarm, LEFT)
    time.sleep(HOLD_S * 1.5)
    QTest.qWait(100)
    assert window.own_alarm.is_held
    assert desk.actions.done == []
    QTest.mouseRelease(window.own_alarm, LEFT)


def test_the_bar_says_how_it_stands_and_for_how_long_it_can_be_taken_back(open_desk: Open) -> None:
    window, desk = open_desk()
    bar = window.own_alarm_bar
    assert bar.isHidden()
    alarm = OwnAlarm("not-delivered", cancel_until_s=fakes.NOW_S + 10)
    desk.status.edit(own_alarm=alarm)
    assert bar.isVisible()
    assert "ikke levert" in bar.accessibleName()
    assert bar.button.text() == "Utløst ved feil (10 s)"
    QTest.mouseClick(bar.button, LEFT)
    assert desk.actions.done == [("own-alarm-cancelled",)]
    desk.status.edit(own_alarm=OwnAlarm("in-progress", "Ola Æ. Ås"))
    assert bar.button.isHidden()
    assert "Ola Æ. Ås" in bar.accessibleName()
    desk.status.edit(own_alarm=None)
    assert bar.isHidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_it_is_cut_at_the_smallest_size(open_desk: Open, language: str) -> None:
    window, desk = open_desk(size=(1_366, 768), language=language)
    for state in ("not-delivered", "raised", "acknowledged", "in-progress"):
        desk.status.edit(own_alarm=OwnAlarm(state, "Kari Nordmann", fakes.NOW_S + 10))
        QTest.qWait(20)
        assert not window.own_alarm_bar.elides(), window.own_alarm_bar.accessibleName()


class Room(Bench):
    """A desk's models, and the alarm of the position that they are of."""

    def __init__(self) -> None:
        super().__init__()
        self.author.name = "lv1"
        self.member = "lv1"
        self.takes = True
        self.trains = False
        self.wall_s = 1_000.0
        self.status.set(person="Kari Nordmann", position="Legevakt 1")
        self.own = OwnAlarmDesk(
            self.store, self.status, publish=self._give, member=lambda: self.member,
            front=lambda: "lv-nord", label=lambda: "Legevakt 1", trains=lambda: self.trains,
            wall_s=lambda: self.wall_s,
        )  # fmt: skip

    def _give(self, body: e.AnyBody, *, cause: str | None = None) -> bool:
        self.published.append((body, cause))
        return self.takes

    def raised(self) -> e.AlarmRaised:
        body = self.published[0][0]
        assert isinstance(body, e.AlarmRaised)
        return body

    @property
    def shown(self) -> OwnAlarm | None:
        return self.status.status().own_alarm


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room()


def test_it_is_the_positions_own_with_the_persons_name_and_one_at_a_time(room: Room) -> None:
    room.own.raise_alarm()
    room.own.raise_alarm()
    assert len(room.published) == 1
    body = room.raised()
    assert (body.unit, body.talkgroup, body.text) == (
        "lv1", "lv-nord", "Legevakt 1, Kari Nordmann",
    )  # fmt: skip
    assert room.own.is_open
    assert room.shown == OwnAlarm("not-delivered", cancel_until_s=1_000 + CANCEL_S)
    room.say(body)
    assert room.shown is not None
    assert room.shown.state == "raised"
    room.author.name, room.author.person = "lv2", "Ola"
    room.say(e.AlarmTaken(body.alarm))
    assert (room.shown.state, room.shown.who) == ("in-progress", "Ola")
    room.say(e.AlarmClosed(body.alarm, "real"))
    assert room.shown is None
    assert not room.own.is_open
    room.own.raise_alarm()
    assert len(room.published) == 2, "the next one"


def test_a_false_press_stands_in_the_log_closed_and_only_for_ten_seconds(room: Room) -> None:
    room.own.raise_alarm()
    body = room.raised()
    room.say(body)
    room.wall_s += CANCEL_S - 0.1
    room.own.cancel()
    said = [one for one, _ in room.published[1:]]
    assert said == [e.AlarmTaken(body.alarm), e.AlarmClosed(body.alarm, "false-press")]
    assert room.shown is None
    assert not room.own.is_open
    room.say(*said)
    alarm = room.store.state.alarms[body.alarm]
    assert (alarm.state, alarm.reason) == ("closed", "false-press")
    room.own.raise_alarm()
    room.wall_s += CANCEL_S + 0.1
    room.own.cancel()
    assert len(room.published) == 4, "too late: others see to it"
    assert room.own.is_open


def test_at_a_trainers_desk_it_is_an_exercises(room: Room) -> None:
    room.trains = True
    room.own.raise_alarm()
    assert room.raised().exercise


def test_what_nobody_could_take_is_no_alarm_and_is_told(room: Room) -> None:
    room.takes = False
    room.own.raise_alarm()
    assert not room.own.is_open
    assert room.shown is None


def test_before_any_site_was_found_it_bears_the_positions_name(room: Room) -> None:
    room.member = ""
    room.own.raise_alarm()
    assert room.raised().unit == "Legevakt-1"
    room.member = "lv1"
    room.say(room.raised())
    assert room.shown is not None
    assert room.shown.state == "raised"


def test_a_desk_that_was_started_again_knows_its_own_but_not_a_units_of_its_name(
    room: Room,
) -> None:
    room.author.name = "gateway"
    room.say(e.AlarmRaised("g1", "lv1"))
    assert room.shown is None, "a unit that happens to be called like it"
    room.author.name = "lv1"
    room.say(e.AlarmRaised("d1", "lv1"))
    assert room.shown is not None
    assert room.own.is_open


def test_it_is_silent_at_its_own_desk_until_it_escalates(room: Room) -> None:
    sound = AlarmSound(room.store, room.status, member=lambda: "lv1")
    elsewhere = AlarmSound(room.store, room.status, member=lambda: "lv2")
    room.say(e.AlarmRaised("d1", "lv1"))
    assert sound.command.unacknowledged == 0
    assert elsewhere.command.unacknowledged == 1
    room.say(e.AlarmEscalated("d1", 30))
    assert sound.command.unacknowledged == 1


def test_one_that_others_have_opened_again_is_in_force_here_too(room: Room) -> None:
    room.own.raise_alarm()
    body = room.raised()
    room.say(body)
    room.own.cancel()
    room.say(*(one for one, _ in room.published[1:]))
    assert room.shown is None
    closes = room.store.state.alarms[body.alarm].standing_closes
    room.author.name, room.author.person = "lv2", "Ola"
    room.say(e.AlarmReopened(body.alarm, closes))
    assert room.shown is not None
    assert room.own.is_open
