"""The alarm panel: what flashes, what a key answers, what is pending, what is closed how."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets import tips
from widgets.alarm_choice import SETTLE_S, Choice, follow, settled
from widgets.contracts.rows import AlarmRow, AlarmState
from widgets.window import DeskWindow

LEFT = Qt.MouseButton.LeftButton
LOWEST_HZ, HIGHEST_HZ = 1.4, 3.0  # IEC 60601-1-8; never above 3 (photosensitivity)


def key(window: DeskWindow, code: Qt.Key) -> None:
    QTest.keyClick(window.windowHandle(), code)


def test_an_unacknowledged_alarm_flashes_about_twice_a_second(
    open_desk: Open, qtbot: QtBot
) -> None:
    """By the timer's own interval: on a busy machine a clock would tell of the machine."""
    window, _ = open_desk(fakes.with_alarm())
    flash, card = window.alarms._flash, window.alarms.card("a1")
    assert flash.isActive()
    assert not flash.isSingleShot()
    assert LOWEST_HZ <= 1_000 / flash.interval() / 2 <= HIGHEST_HZ
    lit: list[bool] = []
    flash.timeout.connect(lambda: lit.append(card._lit))
    qtbot.waitUntil(lambda: len(lit) >= 5, timeout=20_000)
    assert all(a != b for a, b in pairwise(lit)), "each time out is an edge"
    assert window.alarms.card("a0")._lit, "an answered alarm stands still"


def test_the_flash_is_seen_and_stops_with_the_acknowledgement(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a1")
    card.set_lit(True)
    lit = card.grab().toImage()
    card.set_lit(False)
    assert card.grab().toImage() != lit
    desk.alarms.edit("a1", state="acknowledged", acknowledged_by="Kari", acknowledged_s=fakes.NOW_S)
    assert not window.alarms._flash.isActive()
    assert card._lit
    assert "Kari" in card.state()


def test_the_keys_answer_the_alarm_that_bears_them(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    assert window.alarms.current == "a1"
    key(window, Qt.Key.Key_F1)
    key(window, Qt.Key.Key_F2)
    assert desk.actions.done == [("acknowledge", "a1"), ("take", "a1")]


def test_an_alarm_is_closed_by_keys_alone(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    key(window, Qt.Key.Key_F4)
    assert not window.alarms.card("a1").reasons["real"].isVisible(), "not before it is answered"
    desk.alarms.edit("a1", state="acknowledged", acknowledged_by="Kari", acknowledged_s=fakes.NOW_S)
    QTest.mouseClick(window.alarms.card("a1"), LEFT, pos=QPoint(40, 40))
    key(window, Qt.Key.Key_F4)
    assert window.focusWidget() is window.alarms.card("a1").reasons["real"]
    key(window, Qt.Key.Key_Tab)
    key(window, Qt.Key.Key_Return)
    assert desk.actions.done == [("close", "a1", "false-press")]


def test_the_buttons_do_the_same(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    first, second = window.alarms.card("a1"), window.alarms.card("a0")
    QTest.mouseClick(first.acknowledge, LEFT)
    QTest.mouseClick(first.take, LEFT)
    QTest.mouseClick(second.take, LEFT)
    assert desk.actions.done == [("acknowledge", "a1"), ("take", "a1"), ("take", "a0")]


def test_a_new_alarm_does_not_steal_the_key_press(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.put(replace(fakes.ALARM, key="a2", call_sign="AMB 4-1", raised_s=fakes.NOW_S))
    assert desk.alarms.keys()[0] == "a2", "the newest stands on top"
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")], "the one that bore F1"


def test_right_after_the_keys_moved_a_press_is_not_taken_for_the_next_alarm(
    open_desk: Open,
) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.put(replace(fakes.ALARM, key="a2", raised_s=fakes.NOW_S))
    desk.alarms.edit("a1", state="acknowledged", acknowledged_by="En annen plass")
    assert window.alarms.current == "a2"
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == []
    desk.clock.let_hand_react()
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a2")]


def test_f1_for_the_help_does_not_answer_an_alarm_that_came_a_moment_before(
    open_desk: Open,
) -> None:
    window, desk = open_desk()
    desk.alarms.put(fakes.ALARM)
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == []
    assert window.help.isHidden(), "nor does the help come before an alarm"
    desk.clock.let_hand_react()
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]


def test_a_click_on_a_card_gives_it_the_keys(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    QTest.mouseClick(window.alarms.card("a0"), LEFT, pos=QPoint(40, 40))
    key(window, Qt.Key.Key_F2)
    assert desk.actions.done == [("take", "a0")]


def test_an_answer_on_its_way_is_shown_as_such_and_not_sent_twice(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.edit("a1", pending="acknowledge")
    card = window.alarms.card("a1")
    assert "venter på svar" in card.state()
    key(window, Qt.Key.Key_F1)
    QTest.mouseClick(card.acknowledge, LEFT)
    assert desk.actions.done == []
    assert window.alarms.unacknowledged == 1, "still unacknowledged until the site says so"


def test_closing_asks_why_and_can_be_left(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a0")
    QTest.mouseClick(card.close_it, LEFT)
    assert all(button.isVisible() for button in card.reasons.values())
    QTest.mouseClick(card.back, LEFT)
    assert desk.actions.done == []
    QTest.mouseClick(card.close_it, LEFT)
    QTest.mouseClick(card.reasons["false-press"], LEFT)
    assert desk.actions.done == [("close", "a0", "false-press")]


def test_esc_leaves_the_question_wherever_the_keyboard_is(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a0")
    for moves in (False, True):
        QTest.mouseClick(card.close_it, LEFT)
        if moves:
            window.tiles.focus_current()
        key(window, Qt.Key.Key_Escape)
        assert not any(button.isVisible() for button in card.reasons.values())
        assert card.close_it.isVisible()
    assert desk.actions.done == []


def test_an_alarm_that_another_has_can_be_taken_over_and_one_s_own_not(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a0")
    desk.alarms.edit("a0", state="in-progress", owner="Ola")
    QTest.mouseClick(card.take, LEFT)
    assert desk.actions.done == [("take", "a0")]
    desk.alarms.edit("a0", mine=True)
    assert not card.take.isVisible()
    assert not card.may_take()


def test_a_card_tells_where_how_sure_who_is_sent_and_the_last_note(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a1")
    before = card.height()
    desk.alarms.edit(
        "a1", accuracy_m=12.0, fixed_s=fakes.NOW_S - 180, sent="AMB 3-1, POL 2", note="ved kirken"
    )
    assert card._lines() == (
        "04-SAMV-1 · 1 km N for Horten · ±12 m, posisjon 3 min gammel",
        "Åpen mikrofon i 10 s",
        "Sendt: AMB 3-1, POL 2",
        "Notat: ved kirken",
    )
    assert card.height() > before
    assert "POL 2" in card.toolTip()


def test_an_alarm_that_nobody_answered_cannot_be_closed(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    assert not window.alarms.card("a1").close_it.isVisible()


def test_the_title_counts_and_the_time_runs(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    assert window.windowTitle().startswith("(1 ALARM) ")
    assert "0:42" in window.alarms.card("a1").state()
    desk.clock.time_s += 20
    window.alarms._tell_time()
    assert "1:02" in window.alarms.card("a1").state()
    desk.alarms.edit("a1", state="closed")
    assert window.windowTitle() == fakes.STATUS.site
    desk.alarms.edit("a0", state="closed")
    assert window.alarms._quiet.isVisible()


def test_a_hundred_alarms_are_bounded_and_the_newest_is_seen(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    rows = (replace(fakes.ALARM, key=f"x{n}", raised_s=fakes.NOW_S - 200 + n) for n in range(100))
    desk.alarms.put(*rows)
    assert len(window.alarms._cards) == 50
    assert window.alarms.unacknowledged == 100
    assert window.alarms.height() <= window.height() // 2
    assert window.units.list.height() > 60


STATES: tuple[AlarmState, ...] = ("raised", "acknowledged", "in-progress")
rows_of = st.lists(
    st.builds(
        AlarmRow,
        key=st.sampled_from("abcdef"),
        unit=st.just("u"),
        call_sign=st.just("AMB"),
        state=st.sampled_from(STATES),
        pending=st.sampled_from(("", "", "acknowledge")),
    ),
    unique_by=lambda row: row.key,
    max_size=6,
)


@given(st.lists(rows_of, max_size=8))
def test_the_choice_never_leaves_an_alarm_that_waits(history: list[list[AlarmRow]]) -> None:
    choice = Choice()
    for n, rows in enumerate(history):
        before, now_s = choice, float(n)
        choice = follow(choice, rows, now_s)
        waiting = {row.key for row in rows if row.state == "raised" and not row.pending}
        assert bool(choice.key) == bool(rows)
        if before.key in waiting:
            assert choice == before
        if waiting:
            assert choice.key in waiting
        if before.key and choice.key and choice.key != before.key:
            assert not settled(choice, now_s)
            assert settled(choice, now_s + SETTLE_S)


def many(count: int) -> tuple[AlarmRow, ...]:
    rows = (replace(fakes.ALARM, key=f"x{n}", raised_s=fakes.NOW_S - 200 + n) for n in range(count))
    return tuple(rows)


def test_what_the_keys_answer_is_in_view_and_one_scrolled_away_is_not_answered(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, desk = open_desk(size=(1_366, 768))
    desk.alarms.put(*many(10))
    panel = window.alarms
    chosen = panel.card(panel.current)
    qtbot.waitUntil(lambda: panel._is_in_view(chosen))
    desk.clock.time_s += 1
    panel._scroll.verticalScrollBar().setValue(0)
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [], "nobody sees it now"
    assert panel._is_in_view(chosen)
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", panel.current)]


def test_what_the_keys_answer_stands_whole_below_no_card_without_its_head(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, desk = open_desk(size=(1_366, 768))
    panel = window.alarms
    for count in (3, 4, 6, 9):
        desk.alarms.put(*many(count))
        qtbot.waitUntil(panel._is_chosen_seen)
        bar = panel._scroll.verticalScrollBar()
        tops = {card.geometry().top() for card in panel._cards.values()}
        assert bar.value() in tops or bar.value() == bar.maximum()
    oldest = panel.card("x0")
    desk.alarms.edit("x0", note="To pasienter", sent="AMB 1-1")
    qtbot.waitUntil(lambda: oldest.height() > panel.card("x1").height())
    qtbot.waitUntil(panel._is_chosen_seen)


def test_more_alarms_than_can_be_seen_are_counted_above_them(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    desk.alarms.put(*many(2))
    assert window.alarms.above.isHidden()
    desk.alarms.put(*many(60))
    desk.alarms.edit("x3", state="acknowledged")
    QTest.qWait(20)
    window.alarms._scroll.verticalScrollBar().setValue(0)
    assert window.alarms.above.words.isVisible()
    assert window.alarms.above.words.text() == "60 alarmer, 59 ukvittert"
    seen = [card for card in window.alarms._cards.values() if window.alarms._is_in_view(card)]
    words = window.alarms.below.button.text()
    assert words.startswith(f"↓ {60 - len(seen)} til, "), "also those that are not drawn"


def test_a_new_alarm_out_of_sight_is_told_with_its_time_and_one_click_leads_there(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, desk = open_desk(size=(1_366, 768))
    desk.alarms.put(*(replace(one, raised_s=one.raised_s - 900) for one in many(8)))
    panel = window.alarms
    oldest = panel.current
    qtbot.waitUntil(lambda: panel._is_in_view(panel.card(oldest)))
    desk.alarms.put(replace(fakes.ALARM, key="new", raised_s=fakes.NOW_S - 1))
    qtbot.waitUntil(lambda: "22:00" in panel.above.button.text())
    assert panel.current == oldest, "the keys stay with the one that waits longest"
    assert not panel._is_in_view(panel.card("new"))
    hidden = sum(not panel._is_in_view(card) for card in panel._cards.values())
    assert panel.above.button.text() == f"↑ {hidden} ukvitterte til, nyeste 22:00"
    QTest.mouseClick(panel.above.button, LEFT)
    qtbot.waitUntil(lambda: panel._is_in_view(panel.card("new")))
    assert panel.above.button.isHidden()
    assert panel.below.button.text().startswith("↓ ")
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "new")], "what is seen and marked is answered"
    QTest.mouseClick(panel.below.button, LEFT)
    assert panel._is_in_view(panel.card(panel.current))


def test_the_lines_about_what_is_hidden_cover_no_alarm(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    desk.alarms.put(*many(10))
    QTest.qWait(20)
    panel = window.alarms
    panel._scroll.verticalScrollBar().setValue(150)
    for edge in (panel.above, panel.below):
        assert edge.button.isVisible()
        assert not edge.geometry().intersects(panel._scroll.geometry())
        assert panel.rect().contains(edge.geometry())


def test_the_keys_work_on_after_the_clock_was_set_back(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.alarms.put(*many(2))
    desk.alarms.edit(window.alarms.current, state="acknowledged")  # the choice jumps
    desk.clock.time_s -= 300
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", window.alarms.current)]


def test_an_alarm_from_a_clock_that_is_fast_still_grows_old(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.alarms.put(replace(fakes.ALARM, key="x", raised_s=fakes.NOW_S + 300))
    desk.clock.time_s += 42
    window.alarms._tell_time()
    assert window.alarms.card("x").state().endswith("0:42")


def test_an_alarm_closes_the_menu_which_would_keep_its_keys(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    window.top.open_menu()
    qtbot.waitUntil(window.top.menu.isVisible)
    desk.alarms.put(*many(1))
    assert not window.top.menu.isVisible()


def test_an_alarm_that_was_closed_meanwhile_is_not_looked_for(open_desk: Open) -> None:
    window, _ = open_desk()
    window.pages.show_alarm("closed long ago")


def test_others_words_are_shown_as_text_and_nothing_else(open_desk: Open) -> None:
    window, desk = open_desk()
    wild = "<img src='http://192.0.2.1/x'>\nAMB\u202e 3-1\x07"
    desk.alarms.put(replace(fakes.ALARM, key="x", call_sign=wild, text="ד" * 900))
    shown = window.alarms.card("x").toolTip()
    assert "<img" not in shown
    assert "\u202e" not in shown
    assert tips.plain(wild) == "<img src='http://192.0.2.1/x'> AMB  3-1 "
    assert tips.tip("Kari\nHorten") == "Kari\nHorten"
    assert window.alarms.card("x").grab().toImage().width() == window.alarms.card("x").width()


@pytest.mark.parametrize("size", [(1_366, 768), (1_920, 1_080), (1_100, 640)])
def test_many_alarms_lie_under_nothing_else(open_desk: Open, size: tuple[int, int]) -> None:
    window, desk = open_desk(size=size)
    desk.status.edit(alarms_sounding=10)
    desk.alarms.put(*many(10))
    QTest.qWait(50)
    for part in (window.alarm_sound, window.duty, window.units):
        assert part.isVisible()
        assert part.y() >= window.alarms.geometry().bottom()
    assert window.units.geometry().bottom() <= window.master.y()
    assert window.log.isHidden(), "it gives way to the units"


def test_an_answer_by_somebody_who_is_not_confirmed_is_marked_on_the_card(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    desk.alarms.put(replace(fakes.ANSWERED, unconfirmed=True))
    card = window.alarms.card("a0")
    assert "Kari B. Hansen er ikke bekreftet" in card._lines()
    assert "ikke bekreftet" in card.accessibleName()
    assert "ikke bekreftet" in card.toolTip()
    desk.alarms.edit("a0", unconfirmed=False)
    assert "ikke bekreftet" not in card.accessibleName()


def test_the_log_marks_who_is_not_confirmed(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.log.append(replace(fakes.LOG[6], key="new", unconfirmed=True))
    first = window.log.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Kari B. Hansen (ikke bekreftet)" in first
