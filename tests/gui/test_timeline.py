"""Log and search in the window: asked by keys and clicks, still under news, noted when copied."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.test_window import LEFT, key
from widgets.contracts.rows import Saving, TimelineAsked, TimelineRow, TimelineStanding
from widgets.timeline import TimelinePage, day_meant
from widgets.timeline_table import KINDS
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
FIRST = fakes.TIMELINE[0]


def open_timeline(window: DeskWindow) -> TimelinePage:
    key(window, Qt.Key.Key_F, CTRL)
    page = window.timeline
    assert page.isVisible()
    return page


def choose(page: TimelinePage, n: int) -> None:
    page.table.setFocus()
    page.table.choose(n)


def fresh(n: int, **more: object) -> TimelineRow:
    return replace(FIRST, key=f"n{n}", place=2_000_000 + n, **more)  # type: ignore[arg-type]


def test_a_key_and_the_menu_open_it_and_the_field_has_the_keyboard(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    assert page.field.hasFocus()
    assert desk.timeline.is_watched
    assert desk.timeline.asked == [TimelineAsked()]
    key(window, Qt.Key.Key_Escape)
    assert page.isHidden()
    assert not desk.timeline.is_watched
    assert window.tiles.has_focus()
    window.top._timeline.trigger()
    assert page.isVisible()
    key(window, Qt.Key.Key_F, CTRL)
    assert page.isHidden()


def test_what_is_typed_is_asked_once_the_hand_rests(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    QTest.keyClicks(page.field, "ås 2")
    qtbot.waitUntil(lambda: desk.timeline.asked[-1].text == "ås 2", timeout=20_000)
    assert [asked.text for asked in desk.timeline.asked] == ["", "ås 2"]
    assert not [done for done in desk.actions.done if done[0] in ("press", "select")]
    key(window, Qt.Key.Key_Escape)  # first the words, then the page
    assert page.isVisible()
    assert page.field.text() == ""
    QTest.keyClicks(page.field, "vei")
    QTest.keyClick(page.field, Qt.Key.Key_Down)
    assert desk.timeline.asked[-1].text == "vei"  # at once
    assert page.table.hasFocus()
    assert page.table.currentIndex().row() == 0
    assert [row.key for row in page.table.chosen()] == ["e0"]


def test_kinds_are_toggled_by_click_and_key_and_say_so(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    QTest.mouseClick(page.kinds["voice"], LEFT)
    QTest.keyClick(page.kinds["alarm"], Qt.Key.Key_Return)
    assert desk.timeline.asked[-1] == TimelineAsked(categories=("voice", "alarm"))
    assert page.model.rowCount() == 2
    assert page.kinds["alarm"].isChecked()
    assert page.kinds["alarm"].accessibleName() == "Alarmer"
    QTest.keyClick(page.kinds["voice"], Qt.Key.Key_Return)
    assert desk.timeline.asked[-1] == TimelineAsked(categories=("alarm",))


def test_the_last_hour_the_shift_and_a_day(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    QTest.mouseClick(page.spans["hour"], LEFT)
    assert desk.timeline.asked[-1].from_s == fakes.NOW_S - 3_600
    QTest.mouseClick(page.spans["shift"], LEFT)
    assert desk.timeline.asked[-1].from_s == fakes.NOW_S - 5 * 3_600
    assert [toggle.isChecked() for toggle in page.spans.values()] == [False, False, True, False]
    QTest.mouseClick(page.spans["day"], LEFT)
    assert page.day.hasFocus()
    QTest.keyClicks(page.day, "23.11.")
    QTest.keyClick(page.day, Qt.Key.Key_Return)
    asked = desk.timeline.asked[-1]
    assert asked.from_s is not None
    assert asked.until_s is not None
    assert time.localtime(asked.from_s)[:5] == (2026, 11, 23, 0, 0)
    assert asked.until_s - asked.from_s == 86_400
    page.day.selectAll()
    QTest.keyClicks(page.day, "31.2.")
    QTest.keyClick(page.day, Qt.Key.Key_Return)
    assert page.note.text() == "Skriv en dag som 24.11. eller 24.11.2026"
    key(window, Qt.Key.Key_Escape)
    assert page.day.isHidden()
    assert desk.timeline.asked[-1].from_s is None


@pytest.mark.usefixtures("desk_app")
def test_days_with_and_without_a_year_and_of_23_hours() -> None:
    now_s = fakes.NOW_S  # 24 November 2026
    spans = {words: day_meant(words, now_s) for words in ("29.3.2026", "25.10.26", "25.12", "1/1")}
    hours = [round((span[1] - span[0]) / 3_600) for span in spans.values() if span is not None]
    assert hours == [23, 25, 24, 24]
    christmas = spans["25.12"]
    assert christmas is not None
    assert time.localtime(christmas[0]).tm_year == 2025
    assert day_meant("29.2.2026", now_s) is None
    assert day_meant("tirsdag", now_s) is None


@given(words=st.text(max_size=12) | st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{0,4}"))
def test_no_text_for_a_day_raises(words: str) -> None:
    span = day_meant(words, fakes.NOW_S)
    assert span is None or span[0] < span[1]


def test_a_burst_is_played_from_its_row(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    choose(page, 0)
    assert page.play.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    QTest.mouseClick(page.play, LEFT)
    played = ("play", "g1", FIRST.time_s - 7.2, FIRST.time_s)
    assert desk.actions.done == [played, played]
    choose(page, 2)
    assert not page.play.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert desk.actions.done == [played, played]


def test_the_space_bar_talks_and_letters_do_nothing_in_the_table(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    choose(page, 0)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert [done[0] for done in desk.actions.done] == ["press", "release"]
    assert page.table.currentIndex().row() == 0


def test_all_of_a_row_is_told_and_its_group_and_unit_asked_for(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    asked = desk.timeline.asked
    choose(page, 2)
    assert "Pårørende møter ved trappen." in page.detail.toPlainText()
    assert "fra Plass 1" in page.detail.toPlainText()
    choose(page, 0)
    QTest.mouseClick(page.only_group, LEFT)
    assert asked[-1] == TimelineAsked(about=("g1",))
    assert page.about.text() == "AMK-VESTF-1"
    QTest.mouseClick(page.about, LEFT)
    assert asked[-1] == TimelineAsked()
    assert page.about.isHidden()
    choose(page, 1)
    QTest.mouseClick(page.only_unit, LEFT)
    assert asked[-1] == TimelineAsked(about=("u1",))
    QTest.mouseClick(page.about, LEFT)
    choose(page, 4)
    QTest.mouseClick(page.only_person, LEFT)
    assert asked[-1] == TimelineAsked('"Kari B. Hansen"')
    assert page.field.text() == '"Kari B. Hansen"'


def test_news_come_on_top_and_what_is_read_stays_where_it_is(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    page = open_timeline(window)
    many = [replace(FIRST, key=f"o{n}", place=900_000 - n) for n in range(300)]
    desk.timeline.list = many
    desk.timeline.replaced.emit()
    QTest.qWait(20)
    desk.timeline.arrive(fresh(1))
    assert page.model.row(0).key == "n1"
    assert page.table.rowAt(5) == 0  # nobody reads anything: it follows
    page.table.verticalScrollBar().setValue(40 * 28)
    seen = page.model.row(page.table.rowAt(5)).key
    desk.timeline.arrive(*(fresh(n) for n in range(2, 9)))
    assert page.model.row(page.table.rowAt(5)).key == seen
    assert page.newer.isVisible()
    assert page.newer.text() == "7 nyere"
    QTest.mouseClick(page.newer, LEFT)
    assert page.table.rowAt(5) == 0
    assert page.newer.isHidden()
    choose(page, 0)
    chosen = page.model.row(0).key
    y = page.table.visualRect(page.table.currentIndex()).top()
    desk.timeline.arrive(fresh(20), fresh(21))
    assert page.model.row(page.table.currentIndex().row()).key == chosen
    assert page.table.visualRect(page.table.currentIndex()).top() == y


def test_an_event_that_comes_late_stands_in_its_place(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    places = [row.place for row in fakes.TIMELINE]
    desk.timeline.arrive(replace(FIRST, key="top", place=places[0] + 5))
    between = replace(FIRST, key="between", place=places[-1] - 1)
    desk.timeline.arrive(between)
    shown = [page.model.row(n).place for n in range(page.model.rowCount())]
    assert shown == sorted(shown, reverse=True)
    assert page.model.row(page.model.rowCount() - 1).key == "between"


def test_older_ones_are_asked_for_as_one_scrolls(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    page = open_timeline(window)
    desk.timeline.list = [replace(FIRST, key=f"o{n}", place=900_000 - n) for n in range(100)]
    desk.timeline.is_more = True
    desk.timeline.replaced.emit()
    QTest.qWait(20)
    asked = desk.timeline.more_asked
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_End, CTRL)
    QTest.qWait(20)
    assert desk.timeline.more_asked > asked


def test_a_copy_is_noted_first_and_not_made_when_it_can_not_be(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    QApplication.clipboard().setText("before")
    choose(page, 2)
    desk.actions.can_note = False
    QTest.keyClick(page.table, Qt.Key.Key_C, CTRL)
    assert desk.actions.done == [("copy", "e2")]
    assert QApplication.clipboard().text() == "before"
    assert page.note.text() == "Ikke kopiert: det kunne ikke noteres"
    desk.actions.can_note = True
    QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseClick(page.copy, LEFT)
    assert desk.actions.done[1:] == [("copy", "e2", "e3")]
    lines = QApplication.clipboard().text().split("\n")
    assert [line.split("\t")[2] for line in lines] == ["P-20 Horten", "Kari B. Hansen"]
    assert page.note.text() == "Kopiert og notert: Kari B. Hansen"


def test_without_a_name_nothing_is_taken_out(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(person="", position="")
    page = open_timeline(window)
    choose(page, 0)
    QTest.keyClick(page.table, Qt.Key.Key_C, CTRL)
    assert desk.actions.done == []
    assert not page.export.isEnabled()
    assert not page.copy.isEnabled()


def test_a_list_is_saved_in_a_new_file_and_an_alarm_closes_the_dialog(
    open_desk: Open, tmp_path: Path
) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    page._folder = tmp_path
    QTest.mouseClick(page.export, LEFT)
    dialog = page.dialog
    assert dialog is not None
    assert QTest.qWaitForWindowActive(dialog, 5_000)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "liste")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.actions.done == [("save-timeline", str(tmp_path / "liste.csv"))]
    desk.timeline.tell(saving=Saving("done", str(tmp_path / "liste.csv")))
    assert page.note.text() == f"Lagret: {tmp_path / 'liste.csv'}"
    QTest.mouseClick(page.export, LEFT)
    assert page.dialog is not None
    desk.alarms.put(*fakes.with_alarm().alarms.table.values())
    assert page.dialog is None
    assert page.isHidden()


def test_it_says_how_it_stands(open_desk: Open) -> None:
    window, desk = open_desk()
    page = open_timeline(window)
    assert "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567" in page.note.text()
    desk.timeline.tell(standing=TimelineStanding(True, True, 5_000))
    assert page.note.text().startswith("Loggen leses fortsatt")
    desk.timeline.tell(standing=TimelineStanding())
    assert page.note.text() == "Loggen hentes …"
    desk.timeline.tell(standing=TimelineStanding(True, True, 5, "the disk is full"))
    assert page.note.text() == "Ingenting nytt blir lagret her: the disk is full"
    desk.timeline.list = []
    desk.timeline.replaced.emit()
    desk.timeline.tell(standing=TimelineStanding(True, False, 5))
    assert page._empty.isVisible()


@SCREENS
def test_no_word_is_cut(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, _ = open_desk(size=size, language=language)
    page = open_timeline(window)
    choose(page, 0)
    QTest.qWait(20)
    buttons = [*page.kinds.values(), *page.spans.values(), *page._row_buttons(), page.export]
    for button in buttons:
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    assert not page.note.elides()
    assert page.rect().contains(page.mapFromGlobal(page.copy.mapToGlobal(QPoint(5, 5))))


def test_tab_goes_through_all_of_it(open_desk: Open) -> None:
    window, _ = open_desk()
    page = open_timeline(window)
    choose(page, 0)
    page.field.setFocus()
    passed = set()
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is None or not page.isAncestorOf(focused):
            break
        passed.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {*page.kinds.values(), page.table, page.detail, page.play, page.copy} <= passed
    assert all(w.accessibleName() for w in passed)
    assert len(page.kinds) == len(KINDS)
