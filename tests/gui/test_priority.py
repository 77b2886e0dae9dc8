"""A group's priority: chosen on its tile, shown there, kept, and never above an alarm."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.desk.news import StreamsFound
from console.domain import events as e
from console.settings import DeskSettings, SettingsFile, TileSettings
from tests.desk.test_intake import Bench, announcement
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_window import LEFT, NONE, key
from widgets.contracts.rows import Priority
from widgets.tile import Tile
from widgets.window import DeskWindow

SIZES = pytest.mark.parametrize("size", [(1_366, 768), (1_920, 1_080)])


def right_click(tile: Tile) -> None:
    here = QPoint(40, 14)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(tile, QContextMenuEvent(reason, here, tile.mapToGlobal(here)))


def click_on(window: DeskWindow, priority: Priority) -> None:
    menu = window.tiles.menu
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(menu.priorities[priority]).center())


def test_a_right_click_and_a_click_choose(open_desk: Open) -> None:
    window, desk = open_desk()
    tile = window.tiles.tiles()[3]
    right_click(tile)
    menu = window.tiles.menu
    assert menu.isVisible()
    assert [one for one, action in menu.priorities.items() if action.isChecked()] == ["normal"]
    click_on(window, "high")
    assert desk.actions.done == [("priority", tile.row.key, "high")]
    assert not menu.isVisible()
    right_click(tile)
    assert [one for one, action in menu.priorities.items() if action.isChecked()] == ["high"]


def test_keys_alone_choose_too(open_desk: Open) -> None:
    window, desk = open_desk()
    keys = desk.talkgroups.keys()
    window.tiles.focus_key(keys[2])
    key(window, Qt.Key.Key_P)
    menu = window.tiles.menu
    assert menu.isVisible()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert desk.actions.done == [("priority", keys[2], "low")]
    window.log.list.setFocus()
    key(window, Qt.Key.Key_P)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert menu._key == keys[0], "the selected one"


def test_the_menu_leads_to_the_groups_kept_calls(open_desk: Open) -> None:
    window, desk = open_desk()
    tile = window.tiles.tiles()[4]
    right_click(tile)
    window.tiles.menu.calls.trigger()
    assert desk.actions.done == [("calls", tile.row.key, "")]
    assert window.calls.isVisible()


def test_an_exercise_has_no_choice_and_that_is_said(open_desk: Open) -> None:
    window, _ = open_desk()
    right_click(window.tiles.tiles()[9])
    menu = window.tiles.menu
    assert not any(action.isEnabled() for action in menu.priorities.values())
    assert menu._exercise.isVisible()
    right_click(window.tiles.tiles()[1])
    assert all(action.isEnabled() for action in menu.priorities.values())
    assert not menu._exercise.isVisible()


def test_an_alarm_closes_the_menu(open_desk: Open) -> None:
    window, desk = open_desk()
    right_click(window.tiles.tiles()[1])
    desk.alarms.put(fakes.ALARM)
    assert not window.tiles.menu.isVisible()
    desk.clock.let_hand_react()
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]


@SIZES
def test_it_is_seen_on_the_tile_and_said(open_desk: Open, size: tuple[int, int]) -> None:
    window, desk = open_desk(size=size)
    tile = window.tiles.tiles()[2]
    usual = tile.grab().toImage()
    desk.talkgroups.edit(tile.row.key, priority="high")
    assert tile.accessibleName() == ("AMK-VESTF-2, LYTTER, Høy prioritet: andre skrus ned for den")
    assert "Høy prioritet" in tile.toolTip()
    high = tile.grab().toImage()
    desk.talkgroups.edit(tile.row.key, priority="low")
    low = tile.grab().toImage()
    assert usual != high != low != usual
    desk.talkgroups.edit(tile.row.key, priority="normal")
    assert tile.grab().toImage() == usual


# --- the model ---


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    made.talkgroups.mix_changed.connect(made.sent.append)
    made.intake.take([StreamsFound((announcement("lv1"), announcement("ov1")), ())])
    made.sent.clear()
    return made


def told(bench: Bench) -> list[tuple[str, int]]:
    mixes = [one for one in bench.sent if isinstance(one, p.SetMix)]
    bench.sent.clear()
    return [(one.stream.partition("@")[0], one.priority) for one in mixes]


@pytest.mark.parametrize(("chosen", "rank"), [("low", 0), ("normal", 1), ("high", 2)])
def test_what_is_chosen_ranks_below_an_alarm_and_is_there_after_it(
    bench: Bench, chosen: Priority, rank: int
) -> None:
    bench.talkgroups.change("lv1@gw.local", priority=chosen)
    assert told(bench) == [("lv1", rank)]
    bench.store.apply([bench.author(e.AlarmRaised("al1", "u1", talkgroup="lv1"))])
    assert told(bench) == [("lv1", p.MAX_PRIORITY)]
    bench.talkgroups.change("lv1@gw.local", priority="low")
    assert told(bench) == [("lv1", p.MAX_PRIORITY)], "an open alarm wins"
    bench.talkgroups.change("lv1@gw.local", priority=chosen)
    bench.sent.clear()
    answers = (e.AlarmAcknowledged("al1"), e.AlarmClosed("al1", "test"))
    bench.store.apply([bench.author(one) for one in answers])
    assert told(bench) == [("lv1", rank)]
    assert bench.talkgroups.row("lv1@gw.local").priority == chosen


def test_an_exercise_stays_lowest_whatever_was_chosen(bench: Bench) -> None:
    bench.talkgroups.change("ov1@gw.local", priority="high")
    bench.sent.clear()
    definition = e.TalkgroupDefined("ov1", "ØV-FELLES-1", "exercise", exercise=True)
    bench.store.apply([bench.author(definition)])
    assert told(bench) == [("ov1", 0)]


def test_it_is_remembered(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    kept = DeskSettings(tiles={"a@h": TileSettings(priority="high")})
    file.save(kept)
    assert file.load() == kept
    (tmp_path / "settings.json").write_text(
        '{"author": "desk-1", "tiles": {"a@h": {"muted": true}}}', "utf-8"
    )
    assert file.load().tiles["a@h"] == TileSettings(muted=True), "one of before it could be chosen"
