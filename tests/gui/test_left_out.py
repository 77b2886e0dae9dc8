"""A text that is pasted and too long: what was left out is said, and seen before it is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.gui.test_people import click, open_people, type_and_enter
from tests.gui.test_window import key
from widgets.text_field import TextField

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
LONG = "Pasienten " * 120  # 1,200 characters


def paste(field: QLineEdit, text: str) -> None:
    QApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)


def test_how_much_of_a_message_was_left_out_is_said_and_it_goes_by_the_second_press(
    open_desk: Open,
) -> None:
    window, desk = open_desk()
    open_people(window)
    people = window.people
    type_and_enter(window, "lege 12")
    people.text.setFocus()
    paste(people.text, LONG)
    assert people.text.text() == LONG[:1_000]
    assert people.note.text() == "200 tegn fikk ikke plass. Se på slutten."
    assert "alert-circle" in people.note._icon_name
    QTest.keyClick(people.text, Qt.Key.Key_Home)
    QTest.keyClick(people.text, Qt.Key.Key_Return)
    assert desk.posting.done == []
    assert people.text.cursorPosition() == 1_000, "the end is shown"
    assert people.note.text().startswith("200 tegn er utelatt.")
    QTest.keyClick(people.text, Qt.Key.Key_Return)
    assert desk.posting.done == [("message", ("u7",), LONG[:1_000].strip())]
    assert people.note.text().startswith("Melding til")


def test_enter_that_is_held_down_is_one_press(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    paste(window.people.text, LONG)
    enter = Qt.Key.Key_Return
    for again in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, enter, Qt.KeyboardModifier.NoModifier, "\r", again)
        QApplication.sendEvent(window.people.text, event)
    assert desk.posting.done == []


def test_a_double_click_on_send_is_one_press(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    paste(window.people.text, LONG)
    QTest.mouseClick(window.people.send, LEFT)
    QTest.mouseDClick(window.people.send, LEFT)
    assert desk.posting.done == []


def test_who_has_made_it_shorter_sends_it_at_once(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    text = window.people.text
    paste(text, LONG)
    QTest.keyClick(text, Qt.Key.Key_Backspace)
    assert "tegn" not in window.people.note.text()
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert desk.posting.done == [("message", ("u7",), LONG[:999].strip())]


def test_what_is_pasted_into_a_text_leaves_what_stands_behind_it(open_desk: Open) -> None:
    window, _ = open_desk()
    open_people(window)
    text = window.people.text
    text.setFocus()
    paste(text, "Slutt")
    QTest.keyClick(text, Qt.Key.Key_Home)
    paste(text, "A" * 1_000)
    assert text.text() == "A" * 995 + "Slutt"
    assert text.left_out == 5


def test_letters_that_find_no_room_are_counted_together(open_desk: Open) -> None:
    window, _ = open_desk()
    open_people(window)
    click(window.people.kinds["group"])
    QTest.keyClicks(window.people.text, "KOLS-KONFERANSE")
    assert window.people.text.text() == "KOLS-KONFERA"
    assert window.people.text.left_out == 3


def test_a_name_of_a_group_and_a_standard_text_say_it_too(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    click(window.people.kinds["group"])
    paste(window.people.text, "KOLS-KONFERANSE I NATT")
    assert window.people.text.text() == "KOLS-KONFERA"
    assert window.people.note.text().startswith("10 tegn")
    window.people.text.clear()
    click(window.people.kinds["message"])
    paste(window.people.text, LONG)
    click(window.people.keep)
    assert desk.posting.done == []
    click(window.people.keep)
    assert desk.posting.done == [("store", LONG[:1_000].strip())]


def test_names_say_it_too(open_desk: Open) -> None:
    """Of who is on duty, of a page, and of who sits here."""
    window, desk = open_desk(size=SMALL)
    key(window, Qt.Key.Key_T, CTRL)
    duty = window.duty_list
    duty.phone.setText("33 00 00 00")
    duty.role.setText("LV-lege")
    duty.person.clear()
    paste(duty.person, "Fiktiv " * 12)
    assert duty.answer.text().startswith("20 tegn")
    QTest.keyClick(duty.person, Qt.Key.Key_Return)
    assert desk.posting.done == [], "what is left of it is seen first"
    QTest.keyClick(duty.person, Qt.Key.Key_Return)
    assert len(desk.posting.done) == 1
    key(window, Qt.Key.Key_Escape)
    window.tile_area.name_new_page("")
    area = window.tile_area
    QTest.keyClicks(area.name, "Alle som har vakt i helga i år")
    assert area.name_note.isVisible() and area.name_note.text().startswith("6 tegn")
    QTest.keyClick(area.name, Qt.Key.Key_Backspace)
    assert not area.name_note.isVisible()
    area.leave()
    key(window, Qt.Key.Key_F9)
    paste(window.top.name_field, "Navn " * 14)
    assert "tegn" in window.done_bar.accessibleName()


def test_a_note_on_an_alarm_s_card(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=SMALL)
    key(window, Qt.Key.Key_N)
    card = window.alarms.card("a1")
    before = card.height()
    paste(card.text, LONG)
    QTest.qWait(20)
    assert card.cut_note.isVisible()
    assert card.cut_note.text() == "200 tegn fikk ikke plass. Se på slutten."
    assert not card.cut_note.elides()
    assert card.height() > before
    assert card.rect().contains(card.cut_note.geometry())
    QTest.keyClick(card.text, Qt.Key.Key_Return)
    assert desk.posting.done == []
    QTest.keyClick(card.text, Qt.Key.Key_Return)
    assert desk.posting.done == [("note", "a1", LONG[:1_000].strip())]
    assert not card.cut_note.isVisible()
    assert card.height() < before


@pytest.mark.parametrize("chosen", [True, False])
def test_what_is_said_with_help_to_an_alarm(open_desk: Open, chosen: bool) -> None:
    window, desk = open_desk(fakes.with_alarm())
    window.pages.show_help_for("a1")
    aid = window.aid
    if chosen:
        QTest.keyClick(aid.list, Qt.Key.Key_Return)
    aid.text.setFocus()
    paste(aid.text, LONG)
    assert aid.answer.text().startswith("200 tegn")
    QTest.keyClick(aid.text, Qt.Key.Key_Return)
    assert desk.posting.done == []
    QTest.keyClick(aid.text, Qt.Key.Key_Return)
    assert desk.posting.done[0][-1] == LONG[:1_000].strip()


def test_a_pin_s_note(open_desk: Open) -> None:
    window, desk = open_desk()
    bar = window.landmark_bar
    bar.ask_pin(59.27, 10.41, "Tønsberg")
    bar.note.setFocus()
    paste(bar.note, LONG)
    assert len(bar.note.text()) == 200
    assert bar.accessibleName().startswith("1000 tegn")
    QTest.keyClick(bar.note, Qt.Key.Key_Return)
    assert bar.is_asking
    QTest.keyClick(bar.note, Qt.Key.Key_Return)
    assert not bar.is_asking
    assert desk.landmarks.rows()


LETTERS = st.text(alphabet="aø 😀\n", max_size=40)


@given(text=LETTERS, more=LETTERS, at=st.integers(0, 40))
def test_what_stands_and_what_is_left_out_are_all_that_was_given(
    qapp: QApplication, text: str, more: str, at: int
) -> None:
    """Also of characters that Qt counts as two: none is kept by half."""
    field = TextField(20)
    field.setText(text)
    stood = field.text()
    assert text.startswith(stood)
    assert len(text) - len(stood) == field.left_out
    field.setCursorPosition(len(stood[:at].encode("utf-16-le")) // 2)
    field.insert(more)
    assert len(field.text().encode("utf-16-le")) <= 2 * 20
    if len((stood + more).encode("utf-16-le")) > 2 * 20:
        gone = len(stood) + len(more) - len(field.text())
        assert field.left_out in (gone, gone + len(text) - len(stood))
    elif more:
        assert field.left_out == 0
    assert field.must_look() is (field.left_out > 0)
    assert not field.must_look()
