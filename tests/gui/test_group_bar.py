"""A group that was formed just now, at the desks that are in it: found, talked in, over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import events as e
from console.models.group_news import NEWS_S, OVER_S, GroupNewsModel
from console.models.store import SiteStore
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.model_bench import Author
from tests.gui.test_people import click
from tests.gui.test_window import key
from widgets.contracts.rows import GroupDeed, GroupNews
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MADE = GroupNews("G1", "KONF AMB 3-5", "made", "Kari Nordmann", ("AMB 3-5", "LV-lege 12"))
TILE = replace(
    fakes.TALKGROUPS[0], key="G1@group", talkgroup="G1", name=MADE.name, attention="monitored"
)
FAR_MS = 10**13
ME = "lv-1"


def chosen(window: DeskWindow) -> str:
    return window.hands.selected()


def with_group(open_desk: Open) -> tuple[DeskWindow, fakes.Fakes]:
    window, desk = open_desk()
    key(window, Qt.Key.Key_2)
    desk.group_news.tell(MADE)
    desk.talkgroups.put(TILE)
    return window, desk


def test_a_group_that_was_made_is_said_and_talked_in_by_one_key(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_2)
    before = chosen(window)
    desk.group_news.tell(MADE)
    bar = window.group_bar
    assert bar.isVisible()
    said = bar.accessibleName()
    assert all(part in said for part in ("Kari Nordmann", "KONF AMB 3-5", "LV-lege 12"))
    assert not bar.talk.isEnabled(), "there is no sound there yet"
    desk.talkgroups.put(TILE)
    assert bar.talk.isEnabled()
    assert chosen(window) == before, "nothing moves by itself"
    key(window, Qt.Key.Key_J, CTRL | SHIFT)
    assert chosen(window) == TILE.key
    assert not bar.isVisible()
    assert window.tiles.current == TILE.key
    assert not window.tiles.tile(TILE.key).visibleRegion().isEmpty(), "its tile is in sight"
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert desk.actions.done[-1][:2] == ("press", TILE.key)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    key(window, Qt.Key.Key_Z, CTRL)
    assert chosen(window) == before


def test_its_tile_is_shown_by_one_press_and_the_talk_key_stays(open_desk: Open) -> None:
    window, _ = with_group(open_desk)
    before = chosen(window)
    click(window.group_bar.tile)
    assert window.tiles.current == TILE.key
    assert not window.tiles.tile(TILE.key).visibleRegion().isEmpty()
    assert chosen(window) == before
    click(window.group_bar.close_it)
    assert not window.group_bar.isVisible()


def test_who_is_talking_is_not_taken_to_another_group(open_desk: Open) -> None:
    window, _ = with_group(open_desk)
    before = chosen(window)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    key(window, Qt.Key.Key_J, CTRL | SHIFT)
    assert chosen(window) == before
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert window.group_bar.isVisible()


def test_when_it_is_over_there_is_a_way_back(open_desk: Open) -> None:
    window, desk = with_group(open_desk)
    before = chosen(window)
    key(window, Qt.Key.Key_J, CTRL | SHIFT)
    del desk.talkgroups.table[TILE.key]
    desk.talkgroups.reset.emit()
    desk.group_news.tell(replace(MADE, deed="ended"))
    bar = window.group_bar
    assert bar.isVisible()
    assert not bar.talk.isVisible()
    click(bar.back)
    assert chosen(window) == before
    assert not bar.isVisible()


def test_a_click_on_its_tile_says_that_it_is_known(open_desk: Open) -> None:
    window, _ = with_group(open_desk)
    window.hands.select(TILE.key)
    assert not window.group_bar.isVisible()


def test_an_exercise_says_so(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.group_news.tell(replace(MADE, exercise=True))
    assert window.group_bar.accessibleName().startswith("ØVELSE")


@SCREENS
@pytest.mark.parametrize("deed", ["made", "joined", "ended", "lapsed", "left"])
def test_no_word_is_cut(
    open_desk: Open, size: tuple[int, int], language: str, deed: GroupDeed
) -> None:
    window, desk = open_desk(size=size, language=language)
    names = ("AMB 3-5", "LV-lege 12", "Plass 2", "LEGEHELI 7")
    desk.talkgroups.put(TILE)
    desk.group_news.tell(replace(MADE, deed=deed, others=names))
    QTest.qWait(20)
    assert not window.group_bar.elides()
    assert not window.group_bar.more_elides()


# -- the model --------------------------------------------------------------------------------


class Told:
    def __init__(self) -> None:
        self.store, self.author, self.other = SiteStore(), Author(), Author()
        self.now_s = self.author(e.GroupEnded("none")).time_ms / 1_000
        self.model = GroupNewsModel(self.store, me=lambda: ME, now_s=lambda: self.now_s)

    def say(self, body: e.AnyBody) -> None:
        self.store.apply([self.author(body)])

    def deeds(self) -> list[tuple[str, str]]:
        return [(row.key, row.deed) for row in self.model.rows()]


def formed(*members: str, key: str = "G1") -> e.GroupFormed:
    return e.GroupFormed(key, "Skred", members, FAR_MS)


def test_members_alone_are_told_and_of_each_group_the_last(qtbot: QtBot) -> None:
    told = Told()
    told.say(formed("a1", ME))
    told.say(formed("a1", "lv-2", key="G2"))
    assert told.deeds() == [("G1", "made")]
    told.say(formed("a1", ME))
    assert told.deeds() == [("G1", "made")], "it lasts longer"
    told.say(e.GroupEnded("G1"))
    assert told.deeds() == [("G1", "ended")]
    told.model.drop("G1")
    assert told.deeds() == []


def test_who_is_taken_in_and_out_is_told(qtbot: QtBot) -> None:
    told = Told()
    told.say(formed("a1", "lv-2"))
    assert told.deeds() == []
    told.say(e.GroupMemberAdded("G1", ME))
    assert told.deeds() == [("G1", "joined")]
    told.say(e.GroupMemberAdded("G1", "a2"))
    assert told.deeds() == [("G1", "joined")]
    told.say(e.GroupMemberRemoved("G1", ME))
    assert told.deeds() == [("G1", "left")]


def test_what_is_old_is_no_news(qtbot: QtBot) -> None:
    told = Told()
    told.now_s += NEWS_S + 9  # its author's clock goes on with each event
    told.say(formed("a1", ME))
    assert told.deeds() == []
    told.now_s -= NEWS_S - OVER_S
    told.say(e.GroupEnded("G1", "lapsed"))
    assert told.deeds() == []
    told.say(formed("a1", ME, key="G2"))
    assert told.deeds() == [("G2", "made")]
    told.now_s += NEWS_S + 9
    told.model._forget_old()
    assert told.deeds() == []
