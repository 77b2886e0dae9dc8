"""A talkgroup that one person muted is named to the next, and heard again by one press."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.models.handover import HandoverModel
from tests.gui import fakes
from tests.gui.conftest import SCREENS, SMALL, Open
from tests.gui.test_handover import found
from tests.gui.test_models import Bench
from tests.gui.test_models import announcement as group
from tests.gui.test_window import key
from widgets.contracts.rows import HandoverRow
from widgets.window import DeskWindow

__all__ = ["found"]
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def mute_by_hand(window: DeskWindow, desk: fakes.Fakes, at: int) -> str:
    """The tile's own key, as a hand at the desk presses it."""
    one = tuple(desk.talkgroups.keys())[at]
    window.tiles.focus_key(one)
    key(window, Qt.Key.Key_M)
    assert desk.talkgroups.row(one).muted
    return one


@SCREENS
def test_who_signs_in_is_told_what_was_muted_before(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, desk = open_desk(size=size, language=language)
    left = mute_by_hand(window, desk, 1)
    assert not window.left_muted.isVisible(), "who mutes knows of it"
    desk.status.edit(person="Ola Fiktivsen")
    assert window.left_muted.isVisible()
    assert desk.talkgroups.row(left).name in window.left_muted.accessibleName()
    assert not window.left_muted.elides()
    assert desk.talkgroups.row(left).muted, "nothing is unmuted without a hand"
    QTest.mouseClick(window.left_muted.hear, LEFT)
    assert not desk.talkgroups.row(left).muted
    assert not window.left_muted.isVisible()


def test_it_may_stay_muted_and_what_one_mutes_oneself_is_no_news(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.talkgroups.edit(tuple(desk.talkgroups.keys())[1], muted=True)
    left = mute_by_hand(window, desk, 2)
    desk.status.edit(person="")
    assert not window.left_muted.isVisible()
    desk.status.edit(person="Ola Fiktivsen")
    assert window.left_muted.isVisible()
    window.tiles.focus_key(left)
    key(window, Qt.Key.Key_M)
    assert desk.talkgroups.row(left).name not in window.left_muted.accessibleName()
    key(window, Qt.Key.Key_M)
    assert desk.talkgroups.row(left).name not in window.left_muted.accessibleName()
    QTest.mouseClick(window.left_muted.keep, LEFT)
    assert not window.left_muted.isVisible()
    assert desk.talkgroups.row(tuple(desk.talkgroups.keys())[1]).muted


def test_who_starts_the_desk_after_another_is_told_once_the_streams_are_known(
    open_desk: Open,
) -> None:
    """The desk knows at once who sat here last, its streams some seconds later."""
    given = fakes.make()
    given.talkgroups.table.clear()
    window, desk = open_desk(given, size=SMALL)
    window.left_muted.sat_before("Per Gårsdagen")
    assert not window.left_muted.isVisible()
    first, second, third = fakes.TALKGROUPS[:3]
    desk.talkgroups.put(replace(first, muted=True), second)
    assert window.left_muted.isVisible()
    desk.talkgroups.put(replace(third, muted=True))
    said = window.left_muted.accessibleName()
    assert first.name in said and third.name in said and second.name not in said
    desk.talkgroups.edit(second.key, muted=True)
    assert second.name not in window.left_muted.accessibleName(), "who mutes knows of it"
    QTest.mouseClick(window.left_muted.keep, LEFT)
    desk.talkgroups.edit(first.key, gain_db=-3.0)
    assert not window.left_muted.isVisible()


def test_who_starts_the_desk_again_knows_what_they_have_muted(open_desk: Open) -> None:
    window, desk = open_desk(size=SMALL)
    desk.talkgroups.edit(tuple(desk.talkgroups.keys())[1], muted=True)
    window.left_muted.sat_before(fakes.STATUS.person)
    assert not window.left_muted.isVisible()
    window.left_muted.sat_before("")
    assert window.left_muted.isVisible(), "nobody had signed in: it may have been anybody"


def test_the_handover_leads_to_it_and_unmutes_it_by_one_press(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, desk = open_desk(size=SMALL)
    left = mute_by_hand(window, desk, 1)
    row = HandoverRow(left, "muted", desk.talkgroups.row(left).name, "høres ikke på denne plassen")
    desk.handover.tell(row, *fakes.HANDOVER)
    window.tiles.focus_key(next(iter(desk.talkgroups.keys())))
    key(window, Qt.Key.Key_H, CTRL)
    assert window.handover.list.hasFocus()
    assert "Dempet" in window.handover.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    key(window, Qt.Key.Key_Return)
    assert window.tiles.tile(left).hasFocus()
    window.handover.unmute.setFocus()
    key(window, Qt.Key.Key_Return)
    assert not desk.talkgroups.row(left).muted
    desk.handover.tell(*fakes.HANDOVER)
    qtbot.waitUntil(lambda: not window.handover.unmute.isVisible())
    assert window.handover.list.hasFocus()


def test_the_model_names_what_is_muted_and_would_be_heard(
    found: tuple[Bench, HandoverModel, object],
) -> None:
    bench, model, _ = found
    bench.talkgroups.announced([group("lv1"), group("lv2"), group("lv3")], ())
    first, second, third = tuple(bench.talkgroups.keys())
    bench.actions.set_muted(first, True)
    bench.actions.set_muted(second, True)
    bench.actions.set_attention(second, "off")
    assert [(row.kind, row.key) for row in model.rows()] == [("muted", first)]
    assert third not in {row.key for row in model.rows()}
