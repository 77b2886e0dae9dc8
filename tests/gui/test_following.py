"""A conversation is followed by one press, and shown until it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from widgets.contracts.rows import Following
from widgets.tile_state import state_of
from widgets.window import DeskWindow

FRONT, TALKING, THIRD = (fakes.TALKGROUPS[n].key for n in (0, 1, 5))
NOW = fakes.NOW_S


def follow(data: fakes.Fakes, key: str, ends_s: float | None = None) -> None:
    """As the engine tells it."""
    rows = data.talkgroups.table
    states = {one: "followed" if one == key else "dimmed" for one in rows}
    name = rows[key].name
    data.talkgroups.put(
        *(replace(row, follow=states[one] if key else "") for one, row in rows.items())  # type: ignore[arg-type]  # one of three words
    )
    data.status.edit(following=Following(key, name, ends_s))


def follows(data: fakes.Fakes) -> list[object]:
    return [one for one in data.actions.done if one[0] == "follow"]


def press(window: DeskWindow, key: Qt.Key, *, shift: bool = False) -> None:
    more = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window, key, more)


def test_one_key_follows_the_tiles_group_and_the_same_key_ends_it(open_desk: Open) -> None:
    window, data = open_desk()
    window.tiles.focus_key(THIRD)
    press(window, Qt.Key.Key_F)
    assert follows(data) == [("follow", THIRD)]
    follow(data, THIRD)
    window.tiles.focus_key(FRONT)
    press(window, Qt.Key.Key_F)
    assert follows(data)[1:] == [("follow", "")], "wherever the keyboard is"


def test_who_talks_now_is_followed_by_shift_f_or_the_button(open_desk: Open) -> None:
    window, data = open_desk()
    press(window, Qt.Key.Key_F, shift=True)
    QTest.mouseClick(window.now.follow, Qt.MouseButton.LeftButton)
    assert follows(data) == [("follow", TALKING)] * 2
    follow(data, TALKING)
    QTest.mouseClick(window.now.follow, Qt.MouseButton.LeftButton)
    press(window, Qt.Key.Key_F, shift=True)
    assert follows(data)[2:] == [("follow", "")] * 2


def test_what_can_not_be_followed_is_said(open_desk: Open) -> None:
    window, data = open_desk()
    window.tiles.focus_key(fakes.TALKGROUPS[12].key)  # its key is missing
    press(window, Qt.Key.Key_F)
    assert follows(data) == []
    assert "HRS-SN-ANROP" in window.talk_place.refusal
    for key, row in list(data.talkgroups.table.items()):
        data.talkgroups.edit(key, speaker="") if row.speaker else None
    press(window, Qt.Key.Key_F, shift=True)
    assert follows(data) == []
    assert window.talk_place.refusal.startswith("Ingen snakker")


def test_escape_ends_it_before_a_page_goes(open_desk: Open) -> None:
    window, data = open_desk()
    window.pages.toggle_people()
    follow(data, TALKING)
    window.tiles.focus_current()
    press(window, Qt.Key.Key_Escape)
    assert follows(data) == [("follow", "")]
    assert not window.people.isHidden()


def test_it_never_moves_the_talk_key(open_desk: Open) -> None:
    window, data = open_desk()
    follow(data, TALKING)
    assert window.hands.selected() == FRONT
    assert window.talk_place.groups() == data.talkgroups.row(FRONT).name


def test_the_menu_follows_too_and_has_the_seconds_to_choose(open_desk: Open) -> None:
    window, data = open_desk()
    window.tiles.focus_key(THIRD)
    press(window, Qt.Key.Key_P)
    menu = window.tiles.menu
    assert menu.isVisible()
    assert [round(s) for s, one in menu.holds.items() if one.isChecked()] == [20]
    menu.follow.trigger()
    menu.holds[30.0].trigger()
    menu.close()
    assert ("follow", THIRD) in data.actions.done
    assert ("hold", 30.0) in data.actions.done
    data.status.edit(hold_s=30.0)
    follow(data, THIRD)
    press(window, Qt.Key.Key_P)
    assert window.tiles.menu.follow.isChecked() is (window.tiles.current == THIRD)
    assert window.tiles.menu.holds[30.0].isChecked()
    window.tiles.menu.follow.trigger()
    window.tiles.menu.close()
    assert data.actions.done[-1] == ("follow", "")


@SCREENS
def test_it_is_said_on_the_tile_and_in_large_with_what_is_left(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, data = open_desk(size=size, language=language)
    follow(data, TALKING)
    assert state_of(data.talkgroups.row(TALKING)) == "followed"
    assert window.now.speaking.rows[0].key == TALKING
    said = {"nb": "Følger", "nn": "Følgjer", "en": "Following"}[language]
    assert window.now.accessibleName().startswith(f"{said} AMK-VESTF-1")
    tile = window.tiles.tile(THIRD)
    assert {"nb": "svakt", "nn": "svakt", "en": "faint"}[language] in tile.accessibleName()
    data.talkgroups.edit(TALKING, speaker="")
    data.status.edit(following=Following(TALKING, "AMK-VESTF-1", NOW + 12.2))
    assert window.now._time_words().split()[0] == "13"
    assert window.now.slot == -1, "who is dimmed has no large meter"
    data.clock.time_s = NOW + 9
    QTest.qWait(300)
    assert window.now._shown_time.split()[0] == "4"
    data.status.edit(following=None)
    data.talkgroups.put(*(replace(r, follow="") for r in data.talkgroups.table.values()))
    assert window.now.speaking.rows[0].key == THIRD


def test_an_alarm_stands_above_what_is_followed(open_desk: Open) -> None:
    window, data = open_desk()
    follow(data, TALKING)
    data.talkgroups.edit(THIRD, alarm=True, follow="")
    assert window.now.speaking.rows[0].key == THIRD
    assert window.now._row() == data.talkgroups.row(THIRD)


@pytest.mark.parametrize("how", [{"muted": True}, {"attention": "off"}])
def test_a_group_that_was_silenced_is_shown_as_heard_while_it_is_followed(
    open_desk: Open, how: dict[str, object]
) -> None:
    window, data = open_desk()
    data.talkgroups.edit(THIRD, **how)
    assert window.now.speaking.rows[0].key == TALKING
    follow(data, THIRD)
    assert window.now.speaking.rows[0].key == THIRD
    assert state_of(data.talkgroups.row(THIRD)) == "followed"
