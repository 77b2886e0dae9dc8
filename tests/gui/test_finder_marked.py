"""The search for places finds what the site itself has marked, first and marked as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.models.places import PlaceModel
from resources.map.geodesy import distance_km
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_place_finder import chart, finder, until
from widgets.contracts.landmarks import LandmarkRow
from widgets.placefinder import PlaceFinder
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
FIRE = LandmarkRow("p1", "incident", "Brann i Storgata", 59.27, 10.41, who="Kari", exercise=True)
HOME = LandmarkRow("l1", "nursing-home", "Solbakken sykehjem", 59.41, 10.48)  # made up


@pytest.fixture
def given(tmp_path: Path, desk_app: QApplication) -> Iterator[fakes.Fakes]:
    data = fakes.make()
    data.landmarks.put(FIRE, HOME)
    model = PlaceModel(tmp_path, data.landmarks.rows)
    data.places = model  # type: ignore[assignment]
    yield data
    model.stop()


def search(window: DeskWindow, words: str) -> PlaceFinder:
    chart(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_O, CTRL)
    one = finder(window)
    assert one.field.hasFocus()
    QTest.keyClicks(one.field, words)
    until(lambda: not one._source.is_asking)
    return one


def said(one: PlaceFinder, row: int) -> str:
    return str(one.model.data(one.model.index(row), int(Qt.ItemDataRole.DisplayRole)))


@pytest.mark.parametrize(
    ("typed", "row", "words"),
    [
        ("solbak", HOME, "Eget sted · Sykehjem"),
        ("sykehj", HOME, "Eget sted · Sykehjem"),
        ("solbaken sjukehjem", HOME, "Eget sted · Sykehjem"),
        ("brann i stor", FIRE, "ØVELSE · Kartnål for hendelse"),
        ("storgata", FIRE, "ØVELSE · Kartnål for hendelse"),
        ("bran i storgt", FIRE, "ØVELSE · Kartnål for hendelse"),
    ],
)
def test_what_the_site_has_marked_comes_first_as_what_it_is(
    open_desk: Open, given: fakes.Fakes, typed: str, row: LandmarkRow, words: str
) -> None:
    window, _ = open_desk(given)
    one = search(window, typed)
    assert one.model.rowCount() > 0
    assert one.model.row(0).name == row.name and words in said(one, 0)
    QTest.keyClick(one.field, Qt.Key.Key_Return)
    until(lambda: one.marked is not None)
    assert distance_km(*chart(window).middle(), row.lat, row.lon) < 0.5
    assert chart(window).layer.place is None, "no second mark lies on it"
    assert one.card.isVisible() and words in one.card_words.text()
    QTest.mouseClick(one.more, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    menu = window.hands.unit_hands.place_menu
    assert menu.isVisible() and menu.accessibleName() == row.name, "its own menu"
    assert menu.deeds["remove"].isVisible()
    menu.close()


def test_a_town_that_is_spelt_right_comes_before_a_place_of_the_site_that_would_be_misspelt(
    open_desk: Open, given: fakes.Fakes
) -> None:
    given.landmarks.put(LandmarkRow("l2", "other", "Hortan", 59.5, 10.5))
    window, _ = open_desk(given)
    one = search(window, "horten")
    names = [one.model.row(n).name for n in range(one.model.rowCount())]
    assert names[0] == "Horten" and "Hortan" in names


def test_one_that_is_removed_is_found_no_more(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    assert search(window, "solbakken syk").model.row(0).landmark == "l1"
    data.landmarks.remove_landmark("l1")
    one = finder(window)
    QTest.keyClick(one.field, Qt.Key.Key_Backspace)
    until(lambda: not one._source.is_asking)
    assert not [n for n in range(one.model.rowCount()) if one.model.row(n).landmark]
