"""The code of a desk and the PIN of a person, asked for calmly and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.gui import fakes
from tests.gui.conftest import LARGE, SMALL, Open
from tests.turning import turn
from widgets.notice_bars import NoticeBar
from widgets.notices import notices


def test_a_site_that_was_found_offers_itself_and_takes_a_code(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(site_link="down", enrol_offer="Legevakten")
    assert not window.code_bar.is_asking, "a calm line first"
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F9)
    assert window.code_bar.is_asking
    assert "Legevakten" in window.code_bar.accessibleName()
    QTest.keyClicks(window.code_bar.field, "abcd-2345")
    QTest.keyClick(window.code_bar.field, Qt.Key.Key_Return)
    assert desk.actions.done[-1] == ("enrol", "abcd-2345")
    desk.status.edit(enrol_note="wrong-code")
    assert "Nytt forsøk" in window.code_bar.accessibleName()
    assert window.code_bar.field.text() == ""
    desk.status.edit(site_link="up", enrol_offer="", enrol_note="")
    assert not window.code_bar.is_asking


def test_a_desk_that_was_taken_out_promises_nothing_and_takes_a_new_code(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(site_link="down", enrol_offer="Legevakten", shut_out="taken-out")
    (told,) = notices(desk.status.status())
    assert told.what == "Denne maskinen er meldt ut av Legevakten."
    assert "Ingenting sendes" in told.meaning
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F9)
    assert window.code_bar.is_asking
    desk.status.edit(shut_out="over")
    assert "utløpt" in notices(desk.status.status())[0].what


def test_what_a_role_may_not_say_is_told_with_the_role(open_desk: Open) -> None:
    _, desk = open_desk()
    desk.status.edit(refused_answer=True, refused_role="observer")
    (told,) = notices(desk.status.status())
    assert "veggskjerm" in told.meaning
    assert "operatør" not in told.what, "it is none, and that is why"


@pytest.mark.parametrize(("size", "percent"), [(SMALL, 100), (LARGE, 100), (LARGE, 200)])
def test_what_is_typed_in_a_bar_is_as_high_and_wide_as_its_size_asks(
    open_desk: Open, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(size=size)
    window.set_scale(percent)
    desk.status.edit(enrol_offer="Legevakten", sign_in="Kari N")
    window.dial_bar.ask()
    window.landmark_bar.ask_pin(59.2, 10.4, "nær Sem")
    window.code_bar.ask()
    turn(200)
    m, forms = window._look.metrics, (window.dial_bar, window.code_bar, window.landmark_bar)
    for bar in forms:
        for field in bar.findChildren(QLineEdit):
            assert field.height() == m.control >= 24, bar
            assert bar.rect().contains(QRect(field.mapTo(bar, QPoint(0, 0)), field.size()))
            assert field.width() > field.fontMetrics().horizontalAdvance("MMMM-MMMM") + 12


def test_escape_drops_the_question_and_what_was_typed(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(enrol_offer="Legevakten")
    window.code_bar.ask()
    QTest.keyClicks(window.code_bar.field, "abcd")
    QTest.keyClick(window.code_bar.field, Qt.Key.Key_Escape)
    assert not window.code_bar.is_asking
    assert window.code_bar.field.text() == ""
    assert not any(one[0] == "enrol" for one in desk.actions.done)


def test_another_person_signs_in_by_keyboard_alone(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(persons=("Kari N", "Ola N"), person="Ola N")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F9)
    field = window.top.name_field
    assert field.hasFocus()
    QTest.keyClicks(field, "Kari N")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.actions.done[-1] == ("person", "Kari N")
    desk.status.edit(sign_in="Kari N")
    pin = window.pin_bar.field
    assert pin.hasFocus()
    assert pin.echoMode() == pin.EchoMode.Password
    QTest.keyClicks(pin, "4711")
    QTest.keyClick(pin, Qt.Key.Key_Return)
    assert desk.actions.done[-1] == ("sign-in", "4711")
    desk.status.edit(sign_in="Kari N", sign_in_note="wrong")
    assert "Kari N" in window.pin_bar.accessibleName()
    desk.status.edit(sign_in_note="locked", sign_in_wait_s=61.0)
    assert "Kari N: vent 2 min" in window.pin_bar.accessibleName()
    QTest.keyClick(pin, Qt.Key.Key_Escape)
    assert desk.actions.done[-1:] == [("drop-sign-in",)]


def test_who_is_not_confirmed_is_marked(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(persons=("Kari N",), person="Kari N", person_doubt=True)
    assert "ikke bekreftet" in window.top.person.text()
    desk.status.edit(person_doubt=False)
    assert "ikke bekreftet" not in window.top.person.text()


def test_an_alarm_stands_beside_the_question_and_not_below_it(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(enrol_offer="Legevakten", sign_in="Kari N")
    window.code_bar.ask()
    for bar in (window.code_bar, window.pin_bar):
        assert not bar.isWindow()
        assert not bar.geometry().intersects(window.alarms.geometry())


def test_a_pin_that_is_asked_for_by_itself_leaves_the_keyboard_where_it_is(open_desk: Open) -> None:
    window, desk = open_desk()
    fields = {"persons": ("Kari N",), "person": "Kari N", "person_doubt": True}
    desk.status.edit(**fields, sign_in="Kari N", sign_in_wanted=False)
    assert window.pin_bar.is_asking
    assert window.tiles.has_focus()
    QTest.keyClick(window.windowHandle(), "2")  # type: ignore[call-overload]
    assert desk.actions.done[-1][0] == "select"
    desk.alarms.put(fakes.ALARM)
    desk.clock.let_hand_react()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F1)
    assert desk.actions.done[-1] == ("acknowledge", "a1")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F9)
    assert window.pin_bar.field.hasFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F1)
    assert desk.actions.done[-1] == ("acknowledge", "a1"), "also while a PIN is typed"
    QTest.keyClicks(window.pin_bar.field, "4711")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert desk.actions.done[-1] == ("sign-in", "4711")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F9)
    assert window.top.name_field.hasFocus(), "or another name"
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert ("drop-sign-in",) in desk.actions.done, "Esc stands on the bar, so it drops it"


def test_who_is_not_confirmed_is_told_that_answers_are_marked(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(persons=("Kari N",), person="Kari N", person_doubt=True, sign_in="Kari N")
    assert window.notices.isHidden(), "the question says it"
    QTest.mouseClick(window.pin_bar.no, Qt.MouseButton.LeftButton)
    desk.status.edit(sign_in="")
    bars = window.notices.findChildren(NoticeBar)
    assert [bar.accessibleName() for bar in bars] == [
        "Kari N er ikke bekreftet. Svarene dine merkes slik til du logger deg på (F9)."
    ]
