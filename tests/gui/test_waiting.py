"""What waits above the map: as much as leaves the map its room, the rest named in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import LARGE, SMALL, Open
from tests.gui.test_group_bar import MADE
from tests.gui.test_people import click
from tests.gui.test_window import key
from tests.turning import turn, turn_until
from widgets.notice_bars import NoticeBar
from widgets.waiting import how_many_fit
from widgets.window import DeskWindow

LEAST = 0.5  # of the map's column
HEIGHTS = st.lists(st.integers(20, 120), max_size=6)


def busy(window: DeskWindow, desk: fakes.Fakes) -> None:
    """All at once, with a unit's strip and something that can be taken back."""
    desk.status.edit(person="Kari Vakt")
    desk.talkgroups.edit(desk.talkgroups.keys()[2], muted=True)
    desk.status.edit(person="Per Natt")
    desk.people.tell(*fakes.POSTS)
    desk.group_news.tell(MADE)
    desk.status.edit(site_link="down", device_note="x", outbox_note="x", recall_note="x")
    window.say_done("Fiktivt", lambda: None)
    window.map_place.unit_clicked.emit("u2")
    turn(200)


def line(window: DeskWindow) -> NoticeBar:
    [found] = [
        one
        for one in window.waiting.findChildren(NoticeBar)
        if one.parentWidget() is window.waiting and one.isVisible()
    ]
    return found


def share(window: DeskWindow) -> float:
    return window.map_place.height() / window._map_column.geometry().height()


@pytest.mark.parametrize(("size", "percent"), [(SMALL, 100), (LARGE, 100), (LARGE, 200)])
def test_the_map_keeps_its_room_whatever_waits(
    open_desk: Open, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(size=size)
    window.set_scale(percent)
    busy(window, desk)
    assert share(window) >= (LEAST if percent == 100 else 0.3)
    assert window.post_bar.isVisible(), "somebody waits for an answer"
    if size == SMALL:
        assert window.notices.isVisible(), "and the worst of what is wrong"
        assert len(window.notices.findChildren(NoticeBar)) == 1
        said = line(window).accessibleName()
        for named in ("Dempet fra før", "KONF AMB 3-5", "Svarene dine"):
            assert named in said, "nothing waits unnamed"
    for bar in (window.post_bar, window.done_bar):
        assert not bar.elides()


def test_all_is_shown_and_folded_again_by_one_button(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    busy(window, desk)
    button = line(window).button
    assert button is not None
    click(button)
    turn(300)
    assert all(bar.isVisible() for bar in window.waiters() if bar is not window.layout_bar)
    assert len(window.notices.findChildren(NoticeBar)) > 2
    button = line(window).button
    assert button is not None
    click(button)
    turn(300)
    assert not window.left_muted.isVisible()


def test_there_is_no_line_when_there_is_room_again(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    busy(window, desk)
    line(window)
    desk.status.edit(site_link="up", device_note="", outbox_note="", recall_note="")
    desk.group_news.drop(MADE.key)
    window.unit_bar.drop()
    turn(300)
    assert window.left_muted.isVisible() and window.post_bar.isVisible()
    with pytest.raises(ValueError, match="unpack"):
        line(window)
    desk.people.sent = []
    desk.people.changed.emit()
    click(window.left_muted.keep)
    turn_until(window.waiting.isHidden, "nothing above the map", 5.0)


def test_a_key_answers_nothing_that_is_folded_away(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    key(window, Qt.Key.Key_2)
    busy(window, desk)
    tile = replace(fakes.TALKGROUPS[0], key="G1@group", talkgroup="G1", attention="monitored")
    desk.talkgroups.put(tile)
    turn(50)
    assert window.waiting.is_folded(window.group_bar)
    before = window.hands.selected()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    key(window, Qt.Key.Key_J, both)
    assert window.hands.selected() == before
    assert window.group_bar.isVisible(), "what it would have done is seen first"
    turn(50)
    key(window, Qt.Key.Key_J, both)
    assert window.hands.selected() == tile.key


def test_a_short_sentence_and_its_buttons_are_one_line(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    short = replace(fakes.POSTS[0], text="Framme")
    desk.people.tell(short)
    turn(200)
    one = window.post_bar.height()
    assert window.post_bar.read.geometry().left() > window.post_bar._words_px()
    desk.people.tell(replace(short, text="Trenger adressen en gang til, finner ikke nummer 14"))
    turn_until(lambda: window.post_bar.height() > one, "two lines", 5.0)
    assert not window.post_bar.elides()
    QTest.mouseClick(window.post_bar.read, Qt.MouseButton.LeftButton)
    assert ("read", short.key) in desk.posting.done


def test_who_hears_nobody_is_told_that_before_a_message(open_desk: Open) -> None:
    """Where one bar alone has room; what is less than that waits in the line."""
    window, desk = open_desk(size=LARGE)
    window.set_scale(200)
    busy(window, desk)
    desk.status.edit(site_link="up")
    turn(200)
    assert window.post_bar.isVisible() and not window.notices.isVisible()
    desk.status.edit(engine_link="down")
    turn(200)
    (told,) = window.notices.findChildren(NoticeBar)
    assert told.isVisible() and "Lydmotoren har stoppet" in told.accessibleName()
    if not window.post_bar.isVisible():
        assert "skriver" in line(window).accessibleName()


@given(heights=HEIGHTS, room=st.integers(0, 800), bar=st.integers(20, 60))
def test_no_more_than_fits_and_never_nothing(heights: list[int], room: int, bar: int) -> None:
    count = how_many_fit(heights, room, bar)
    assert (1 if heights else 0) <= count <= len(heights)
    if count == len(heights):
        assert sum(heights) <= room or count <= 1
    elif count > 1:
        assert sum(heights[:count]) + bar <= room
        assert sum(heights[: count + 1]) + bar > room
