"""Radio procedure: the card that fits the moment is on top, whole, one key away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from resources.radio_rules import Moment, ordered, rule_cards
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.test_window import key
from widgets.contracts.rows import TalkTarget, Transmit
from widgets.rules import moment_of
from widgets.window import DeskWindow


def first_words(window: DeskWindow) -> str:
    return window.rules.list.cards[0].findChildren(QLabel)[0].text()


def test_a_key_shows_how_one_calls_and_takes_it_away(open_desk: Open) -> None:
    window, _ = open_desk()
    key(window, Qt.Key.Key_F8)
    assert window.rules.isVisible()
    assert first_words(window) == "Anrop og svar"
    said = [label.text() for card in window.rules.list.cards for label in card.findChildren(QLabel)]
    assert "INGENTING HØRT – SLUTT" in said
    key(window, Qt.Key.Key_F8)
    assert not window.rules.isVisible()


def test_an_alarm_comes_first_whatever_else_goes_on(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    key(window, Qt.Key.Key_F8)
    assert first_words(window) == "Sikkerhetsalarm"


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({}, "call"),
        ({"site_link": "down"}, "cut-off"),
        ({"transmit": Transmit((TalkTarget("LV", "queued", 2),))}, "busy"),
        ({"transmit": Transmit((TalkTarget("LV", "sending"),), is_open=True)}, "talking"),
    ],
)
def test_the_moment(desk_app: object, fields: dict[str, object], moment: Moment) -> None:
    desk = fakes.make(status=replace(fakes.STATUS, **fields))  # type: ignore[arg-type]  # by name
    assert moment_of(desk.status.status(), desk.alarms, desk.people) == moment
    desk.people.sent = [fakes.POSTS[1]]
    expected = "callout" if moment == "call" else moment
    assert moment_of(desk.status.status(), desk.alarms, desk.people) == expected


def test_every_moment_has_a_card_and_every_card_its_words() -> None:
    for card in rule_cards():
        assert card.nb
        assert card.nn
        assert card.en
        assert card.lines
        assert ordered(card.when)[0].when == card.when
    assert {"call", "talking", "busy", "alarm", "callout", "cut-off"} == {
        card.when for card in rule_cards()
    }


@SCREENS
def test_no_word_is_cut(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, _ = open_desk(size=size, language=language)
    key(window, Qt.Key.Key_F8)
    QTest.qWait(50)
    inside = window.rules.area.widget()
    assert inside is not None
    assert inside.width() <= window.rules.area.viewport().width()
    for card in window.rules.list.cards:
        for label in card.findChildren(QLabel):
            needed = label.heightForWidth(label.width())
            assert label.height() >= needed, label.text()
