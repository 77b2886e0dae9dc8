"""What a card offers besides its answers: the open microphone, notes, a slip undone, escalation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import SCREENS, SMALL, Open
from tests.gui.test_alarms import key
from widgets.alarm_card import AlarmCard
from widgets.alarm_panel import FLASH_HALF_MS
from widgets.contracts.rows import Replay
from widgets.theme import NIGHT

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def test_one_key_plays_what_is_kept_and_the_same_key_stops_it(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.edit("a1", voice="here")
    key(window, Qt.Key.Key_L)
    assert desk.actions.done == [("hear-alarm", "a1")]
    desk.status.edit(replay=Replay("playing", "04-SAMV-1", alarm="a1"))
    card = window.alarms.card("a1")
    assert card.listen.text() == "Stopp"
    assert window.alarms.card("a0").listen.text() != "Stopp", "it is the other's"
    key(window, Qt.Key.Key_L)
    assert desk.actions.done[-1] == ("stop-replay",)
    desk.status.edit(replay=None)
    assert card.listen.text() == "Lytt"


def test_who_has_raised_an_alarm_does_not_answer_it_unless_nobody_else_does(
    open_desk: Open,
) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.edit("a1", own=True)
    card = window.alarms.card("a1")
    for code in (Qt.Key.Key_F1, Qt.Key.Key_F2):
        key(window, code)
    QTest.mouseClick(card.acknowledge, LEFT)
    assert desk.actions.done == []
    assert (card.acknowledge.text(), card.take.isVisible()) == ("Andre må svare", False)
    assert card.acknowledge._key == "", "no key is drawn on what it does not do"
    assert card.show_place._key == "F3"
    desk.alarms.edit("a1", escalated=True)
    assert (card.acknowledge.text(), card.take.isVisible()) == ("Kvitter", True)
    assert card.acknowledge._key == "F1"
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]


def test_an_answer_that_is_on_its_way_bears_no_key(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a1")
    drawn = [card.acknowledge._key, card.take._key, card.note._key]
    assert drawn == ["F1", "F2", "N"]
    desk.alarms.edit("a1", pending="acknowledge")
    assert [card.acknowledge._key, card.take._key, card.note._key] == ["", "", "N"]


def test_one_click_does_the_same(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.edit("a0", voice="here")
    QTest.mouseClick(window.alarms.card("a0").listen, LEFT)
    assert desk.actions.done == [("hear-alarm", "a0")]


def test_it_says_truly_that_none_is_kept_or_that_it_may_still_come(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    raised_s = fakes.NOW_S - 42
    desk.alarms.edit("a1", raised_s=raised_s, recorded_until_s=raised_s + 60)
    card = window.alarms.card("a1")
    assert (card.listen.text(), card.listen.isEnabled()) == ("Tar opp", False)
    key(window, Qt.Key.Key_L)
    desk.clock.time_s += 21
    card.tick(desk.clock.time_s)
    assert (card.listen.text(), card.listen.isEnabled()) == ("Ikke ennå", False)
    desk.clock.time_s += 120
    card.tick(desk.clock.time_s)
    assert (card.listen.text(), card.listen.isEnabled()) == ("Uten opptak", False)
    key(window, Qt.Key.Key_L)
    assert desk.actions.done == [], "there is nothing to be heard"
    desk.alarms.edit("a1", voice="elsewhere", voice_at="Plass 2")
    assert card.listen.isEnabled()
    assert any("Plass 2" in line for line in card._lines()), "where it is"


def test_a_note_is_written_on_the_card_by_keys_alone(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    key(window, Qt.Key.Key_N)
    card = window.alarms.card("a1")
    assert window.focusWidget() is card.text
    QTest.keyClicks(card.text, "Politiet er varslet")
    assert desk.actions.done == [], "letters are letters here"
    QTest.keyClick(card.text, Qt.Key.Key_Return)
    assert desk.posting.done == [("note", "a1", "Politiet er varslet")]
    assert not card.text.isVisible()
    assert window.tiles.has_focus(), "the space bar talks again"


def test_a_note_that_could_not_be_kept_stands_there_still(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.posting.keeps = False
    card = window.alarms.card("a1")
    QTest.mouseClick(card.note, LEFT)
    QTest.keyClicks(card.text, "Politiet")
    QTest.keyClick(card.text, Qt.Key.Key_Return)
    assert card.text.isVisible()
    assert card.text.text() == "Politiet"
    QTest.keyClick(card.text, Qt.Key.Key_Escape)
    assert not card.text.isVisible()
    QTest.mouseClick(card.note, LEFT)
    assert card.text.text() == "Politiet", "left, not lost"


def test_an_answer_works_while_a_note_is_written(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    key(window, Qt.Key.Key_N)
    QTest.keyClicks(window.alarms.card("a1").text, "Pol")
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done == [("acknowledge", "a1")]


def test_a_close_that_was_a_slip_is_taken_back_by_one_key(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    assert not window.alarms.undo.isVisible()
    desk.alarms.edit("a1", state="closed", reason="test", closed_s=fakes.NOW_S)
    assert window.alarms.undo.isVisible()
    said = window.alarms.undo.accessibleName()
    assert fakes.ALARM.call_sign in said
    assert "prøve" in said
    key_z = Qt.Key.Key_Z
    QTest.keyClick(window.windowHandle(), key_z, CTRL)
    QTest.mouseClick(window.alarms.undo.button, LEFT)
    assert desk.actions.done == [("reopen", "a1")] * 2


def test_the_way_back_stands_for_a_minute(open_desk: Open) -> None:
    window, desk = open_desk(fakes.make(alarms=(fakes.ALARM,)))
    desk.alarms.edit(fakes.ALARM.key, state="closed", reason="test", closed_s=fakes.NOW_S)
    assert window.alarms.undo.isVisible()
    desk.clock.time_s += 61
    window.alarms._tell_time()
    assert not window.alarms.undo.isVisible()
    assert not window.alarms._tick.isActive(), "nothing is left to be told"
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, CTRL)
    assert desk.actions.done == []


def light_px(card: AlarmCard) -> int:
    """Of the bar that says so, whatever the flash does."""
    card.set_lit(False)
    image = card.grab().toImage()
    x, light = image.width() - 12, QColor(NIGHT.alarm_text)
    return sum(image.pixelColor(x, y) == light for y in range(image.height()))


def test_an_escalated_alarm_is_unmistakable(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a1")
    assert light_px(card) == 0
    before = card.height()
    desk.alarms.edit("a1", escalated=True)
    assert "VARSLET VIDERE" in card.accessibleName()
    assert light_px(card) >= 12, "a light bar across a dark card"
    assert card.height() > before
    desk.alarms.edit("a1", state="acknowledged", acknowledged_by="Kari", acknowledged_s=1.0)
    assert card.height() == before, "answered, it is an alarm like others"


def test_who_reopened_it_and_who_has_it(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.alarms.edit(
        "a1", state="in-progress", owner="Ola", reopened_by="Kari", reopened_s=fakes.NOW_S
    )
    card = window.alarms.card("a1")
    assert "gjenåpnet 22:00 av Kari" in card.state()
    assert "Hos Ola" in card._lines()


@SCREENS
def test_no_word_of_the_second_row_is_cut(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=size, language=language)
    for state in (
        {"voice": "here"},
        {"recorded_until_s": fakes.NOW_S + 9},
        {"recorded_until_s": fakes.NOW_S - 99},
        {"voice": ""},
    ):
        desk.alarms.edit("a1", **state)
        card = window.alarms.card("a1")
        for button in (card.show_place, card.listen, card.note, card.acknowledge, card.take):
            assert button.width() >= button.minimumSizeHint().width(), button.text()


@pytest.mark.parametrize("escalated", [False, True])
def test_the_panel_leaves_the_others_room_on_a_small_screen(
    open_desk: Open, escalated: bool
) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=SMALL)
    desk.alarms.edit("a1", escalated=escalated)
    key(window, Qt.Key.Key_N)
    panel = window.alarms
    assert panel.geometry().bottom() < window.duty.geometry().top()
    assert window.log.geometry().bottom() < window.master.geometry().top() + window.height()
    assert panel._is_in_view(panel.card("a1"))


def test_the_flash_is_that_of_high_priority() -> None:
    """IEC 60601-1-8: 1.4 to 2.8 Hz, 20 to 60 % of the time lit."""
    half_s = FLASH_HALF_MS / 1_000  # lit for one, dark for one
    assert 1.4 <= 1 / (2 * half_s) <= 2.8
    assert 0.2 <= half_s / (2 * half_s) <= 0.6


def test_its_spoken_names_follow_a_call_sign_that_is_learned_later(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm(), language="en")
    card = window.alarms.card("a1")
    desk.alarms.edit("a1", call_sign="AMB 7-7")
    for button in (card.acknowledge, card.take, card.help, card.close_it, card.note):
        assert "AMB 7-7" in button.accessibleName()


@SCREENS
def test_an_alarm_whose_clock_is_wrong_says_when_it_came(
    open_desk: Open, language: str, size: tuple[int, int]
) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=size, language=language)
    came_s = fakes.NOW_S - 90
    desk.alarms.edit("a1", raised_s=came_s, came_s=came_s, clock_wrong=True)
    card = window.alarms.card("a1")
    assert "1:30" in card.state()
    told = {
        "en": "Came 21:58. The sender's clock is wrong",
        "nb": "Kom 21:58. Klokken til avsenderen går feil",
        "nn": "Kom 21:58. Klokka til avsendaren går feil",
    }
    assert told[language] in card._lines()
    desk.alarms.edit("a1", raised_s=came_s - 7_200, clock_wrong=False)
    told = {
        "en": "Raised 19:58, came 21:58",
        "nb": "Utløst 19:58, kom hit 21:58",
        "nn": "Utløyst 19:58, kom hit 21:58",
    }
    assert told[language] in card._lines()
    assert "2:01:30" in card.state()


def test_a_unit_that_calls_again_is_not_said_to_have_ended(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    first = desk.alarms.row(fakes.ALARM.key)
    desk.alarms.edit(first.key, state="closed", reason="test", closed_s=fakes.NOW_S)
    assert window.alarms.undo.isVisible()
    again = replace(first, key="again", state="raised", closed_s=None)
    desk.alarms.put(again)
    assert not window.alarms.undo.isVisible()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, CTRL)
    assert ("reopen", first.key) not in desk.actions.done, "nor opened again by a key"
