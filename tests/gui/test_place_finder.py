"""Finding a place on the map with keys and mouse, in a real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.models.places import PlaceModel
from console.places import register
from resources.map.geodesy import distance_km
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.places import lab
from widgets.contracts.rows import PlaceFound
from widgets.map.projection import forward
from widgets.map.view import MapView
from widgets.placefinder import PlaceFinder
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
NO = Qt.KeyboardModifier.NoModifier


def chart(window: DeskWindow) -> MapView:
    for _ in range(200):
        if window.map_place.map is not None:
            return window.map_place.map
        QTest.qWait(20)
    raise AssertionError("the map was not loaded")


def finder(window: DeskWindow) -> PlaceFinder:
    return window.map_place.finder


def until(is_so: Any, most_ms: int = 8_000) -> None:
    for _ in range(most_ms // 20):
        if is_so():
            return
        QTest.qWait(20)
    raise AssertionError("it did not come to pass")


def open_finder(window: DeskWindow) -> PlaceFinder:
    chart(window)
    QTest.keyClick(window, Qt.Key.Key_O, CTRL)
    one = finder(window)
    assert one.is_open
    assert one.field.hasFocus()
    return one


def press(window: DeskWindow, key: Qt.Key) -> None:
    focused = window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


@pytest.fixture
def model(tmp_path: Path, desk_app: QApplication) -> Iterator[PlaceModel]:
    made = PlaceModel(tmp_path)
    yield made
    made.stop()


# --- with the real search ---


def test_a_misspelt_town_is_typed_chosen_and_marked(open_desk: Open, model: PlaceModel) -> None:
    data = fakes.make()
    data.places = model  # type: ignore[assignment]
    window, _ = open_desk(data)
    one = open_finder(window)
    QTest.keyClicks(one.field, "Lillehamar")
    until(lambda: one.model.rowCount() > 0 and not model.is_asking)
    assert one.model.row(0).name == "Lillehammer"
    press(window, Qt.Key.Key_Return)
    assert not one.is_open
    lat, lon = chart(window).middle()
    assert distance_km(lat, lon, 61.1151, 10.4663) < 0.5
    mark = chart(window).layer.place
    assert mark is not None
    assert mark.name == "Lillehammer"
    assert one.card.isVisible()
    assert one.card_name.accessibleName() or one.marked is not None


def test_the_imported_register_is_searched_with_its_addresses(
    open_desk: Open, model: PlaceModel, tmp_path: Path
) -> None:
    files = [lab.put(tmp_path / "n.gml", lab.gml()), lab.put(tmp_path / "a.csv", lab.addresses())]
    register.import_files(tmp_path, files)
    data = fakes.make()
    data.places = model  # type: ignore[assignment]
    window, _ = open_desk(data)
    one = open_finder(window)
    QTest.keyClicks(one.field, "storgt 12b, 9871")
    press(window, Qt.Key.Key_Return)  # before the answer can have come
    until(lambda: one.marked is not None)
    assert one.marked is not None
    assert one.marked.name == "Storgata 12B"
    lat, lon = chart(window).middle()
    assert distance_km(lat, lon, 60.9125, 10.71) < 0.5


def test_typed_coordinates_go_there_and_wrong_ones_say_why(
    open_desk: Open, model: PlaceModel
) -> None:
    data = fakes.make()
    data.places = model  # type: ignore[assignment]
    window, _ = open_desk(data, language="en")
    one = open_finder(window)
    QTest.keyClicks(one.field, "59.91, 210.75")
    until(lambda: "which is north" in one.note.text())
    press(window, Qt.Key.Key_Return)
    assert one.is_open  # nothing to choose
    one.field.clear()
    QTest.keyClicks(one.field, "N59 54.834 E010 45.132")
    until(lambda: one.model.rowCount() == 1)
    press(window, Qt.Key.Key_Return)
    lat, lon = chart(window).middle()
    assert distance_km(lat, lon, 59.9139, 10.7522) < 0.05


def test_utm_without_its_zone_is_chosen_by_hand(open_desk: Open, model: PlaceModel) -> None:
    """Enter alone goes to none of several places."""
    data = fakes.make()
    data.places = model  # type: ignore[assignment]
    window, _ = open_desk(data, language="en")
    one = open_finder(window)
    QTest.keyClicks(one.field, "262560 6649444")
    until(lambda: one.model.rowCount() == 2 and not model.is_asking)
    assert "32 in the south" in one.note.text()
    said = {one.model.index(n).data().split(",")[0] for n in range(2)}
    assert said == {"33V 262560 6649444", "32V 262560 6649444"}
    assert "near Oslo" in " ".join(one.model.index(n).data() for n in range(2))
    press(window, Qt.Key.Key_Return)
    assert one.is_open
    at = next(n for n in range(2) if one.model.row(n).name.startswith("33V"))
    for _ in range(at + 1):
        press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert distance_km(*chart(window).middle(), 59.9139, 10.7522) < 0.05


# --- hands, with a source that stands still ---


def test_ctrl_o_opens_closes_and_escape_leaves(open_desk: Open) -> None:
    window, data = open_desk()
    one = open_finder(window)
    QTest.keyClick(one.field, Qt.Key.Key_O, CTRL)
    assert not one.is_open
    one = open_finder(window)
    QTest.keyClicks(one.field, "nes")
    press(window, Qt.Key.Key_Escape)
    assert not one.is_open
    assert not one.field.hasFocus()
    assert data.places.asked[-1][0] == "nes"


def test_the_magnifier_among_the_maps_buttons_opens_it(open_desk: Open) -> None:
    window, _ = open_desk()
    view = chart(window)
    QTest.mouseClick(view.find_button, Qt.MouseButton.LeftButton)
    assert finder(window).is_open
    assert finder(window).field.hasFocus()
    assert "Ctrl+O" in view.find_button.toolTip()


def test_the_question_says_where_the_maps_middle_is(open_desk: Open) -> None:
    window, data = open_desk()
    one = open_finder(window)
    chart(window).show_point(69.65, 18.95)
    QTest.keyClicks(one.field, "n")
    text, lat, lon = data.places.asked[-1]
    assert text == "n"
    assert distance_km(lat, lon, 69.65, 18.95) < 1.0


def test_arrows_choose_while_one_types_on(open_desk: Open) -> None:
    window, _ = open_desk()
    one = open_finder(window)
    QTest.keyClicks(one.field, "ne")
    press(window, Qt.Key.Key_Down)
    assert one.list.currentIndex().row() == 1
    QTest.keyClicks(one.field, "s")
    assert one.list.currentIndex().row() == 0
    for _ in range(5):
        press(window, Qt.Key.Key_Down)
    assert one.list.currentIndex().row() == one.model.rowCount() - 1
    press(window, Qt.Key.Key_Up)
    assert one.list.currentIndex().row() == 1
    press(window, Qt.Key.Key_Return)
    assert one.marked is not None
    assert one.marked.municipality == "Ringsaker"


def test_a_click_in_the_list_goes_there(open_desk: Open) -> None:
    window, _ = open_desk()
    one = open_finder(window)
    QTest.keyClicks(one.field, "nesb")
    spot = one.list.visualRect(one.model.index(0)).center()
    QTest.mouseClick(one.list.viewport(), Qt.MouseButton.LeftButton, NO, spot)
    assert one.marked is not None
    assert one.marked.name == "Nesbyen"
    assert distance_km(*chart(window).middle(), 60.57, 9.10) < 0.5


def test_enter_waits_for_the_answer_to_what_is_typed(open_desk: Open) -> None:
    """What stands in the list is of the letters before: it must not be gone to."""
    window, data = open_desk()
    one = open_finder(window)
    QTest.keyClicks(one.field, "nes")
    data.places.answers_at_once = False
    QTest.keyClicks(one.field, "b")
    press(window, Qt.Key.Key_Return)
    assert one.marked is None
    data.places.answer()
    assert one.marked is not None
    assert one.marked.name == "Nesbyen"


def test_typing_on_takes_an_enter_back(open_desk: Open) -> None:
    window, data = open_desk()
    one = open_finder(window)
    data.places.answers_at_once = False
    QTest.keyClicks(one.field, "nes")
    press(window, Qt.Key.Key_Return)
    QTest.keyClicks(one.field, "b")
    data.places.answer()
    assert one.marked is None
    assert one.is_open


def test_the_mark_stays_until_it_is_taken_away(open_desk: Open) -> None:
    window, _ = open_desk()
    view = chart(window)
    one = open_finder(window)
    QTest.keyClicks(one.field, "nesb")
    press(window, Qt.Key.Key_Return)
    QTest.qWait(50)
    marked = pixels(view)
    view.show_point(69.0, 18.0)
    press(window, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_O, CTRL)
    press(window, Qt.Key.Key_Escape)
    assert view.layer.place is not None
    view.show_point(60.57, 9.10)
    QTest.mouseClick(one.unmark, Qt.MouseButton.LeftButton)
    assert view.layer.place is None
    assert not one.isVisible()
    QTest.qWait(50)
    assert pixels(view) < marked - 100


def pixels(view: MapView) -> int:
    """Of the pin's colour round the middle."""
    image = view.layer.grab().toImage()
    middle = QPoint(image.width() // 2, image.height() // 2 - 16)
    wanted = view.layer._palette.selected
    return sum(
        image.pixelColor(middle.x() + x, middle.y() + y).name() == wanted.lower()
        for x in range(-14, 15)
        for y in range(-18, 19)
    )


def test_nothing_found_and_what_is_not_imported_is_said(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    one = open_finder(window)
    assert "vaktbord places import" in one.note.text()
    QTest.keyClicks(one.field, "qqq")
    assert one.note.text().startswith("Nothing is found.")
    data.places.has_names = True
    data.places.changed.emit()
    assert "No addresses have been imported" in one.note.text()
    data.places.has_addresses = True
    data.places.changed.emit()
    assert one.note.text() == "Nothing is found."
    data.places.has_failed = True
    data.places.changed.emit()
    assert one.note.text() == "The search failed. The program's log says why."


def test_what_was_imported_and_is_damaged_is_said_beside_what_is_found(
    open_desk: Open, model: PlaceModel, tmp_path: Path
) -> None:
    register.import_files(tmp_path, [lab.put(tmp_path / "n.gml", lab.gml())])
    (register.current(tmp_path)["names"] / "item_lat.npy").write_bytes(b"rubbish")
    data = fakes.make()
    data.places = model  # type: ignore[assignment]
    window, _ = open_desk(data, language="en")
    one = open_finder(window)
    QTest.keyClicks(one.field, "Lillehamar")
    until(lambda: one.model.rowCount() > 0 and not model.is_asking)
    assert one.model.row(0).name == "Lillehammer"
    assert one.note.text().startswith("What was imported is damaged and left out.")


def test_rows_tell_what_where_how_far_and_what_lacks(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    data.places.table = [
        PlaceFound("Storgata", "street", 60.9, 10.7, "Fiktivdal", 3.4, lacking="99"),
        PlaceFound("Storgården", "farm", 60.9, 10.7, "Fiktivdal", 34.0, known_as="Storgaarden"),
    ]
    one = open_finder(window)
    QTest.keyClicks(one.field, "storg")
    said = [one.model.index(n).data() for n in range(2)]
    assert said[0] == "Storgata, No. 99 is not known there, Street · Fiktivdal, 3.4 km"
    assert said[1] == "Storgården, Farm or house · Fiktivdal · also Storgaarden, 34 km"


def test_coordinates_are_copied_from_the_maps_menu(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    view = chart(window)
    view.show_point(66.0, 2.0)  # at sea: no unit is there
    QTest.qWait(100)
    at = QPointF(view.layer.rect().center()).toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.layer.mapToGlobal(at))
    QApplication.sendEvent(view.layer, event)
    menu = window.hands.unit_hands.place_menu
    assert menu.isVisible()
    assert menu.copy.title() == "Copy coordinates"
    actions = menu.copy.actions()
    assert actions[0].text().startswith("Degrees:")
    actions[0].trigger()
    menu.close()
    copied = QGuiApplication.clipboard().text()
    lat, lon = (float(one) for one in copied.split(", "))
    assert distance_km(lat, lon, 66.0, 2.0) < 2.0
    assert data.places.written(lat, lon).degrees == copied
    assert copied in window.done_bar.accessibleName()


def test_the_marked_places_coordinates_are_copied(open_desk: Open) -> None:
    window, _ = open_desk()
    one = open_finder(window)
    QTest.keyClicks(one.field, "nesb")
    press(window, Qt.Key.Key_Return)
    QTest.mouseClick(one.copy, Qt.MouseButton.LeftButton)
    one.forms.actions()[0].trigger()
    one.forms.close()
    assert QGuiApplication.clipboard().text() == "60.57000, 9.10000"


@pytest.mark.parametrize("size", [(1_100, 640), (1_920, 1_080)])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_it_covers_no_button_of_the_map_and_no_foot(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, data = open_desk(size=size, language=language)
    data.places.table = [
        PlaceFound(f"Nes {n}", "farm", 60.0, 10.0, "Fiktivdal", 3.0) for n in range(20)
    ]
    one = open_finder(window)
    QTest.keyClicks(one.field, "nes")
    view = chart(window)
    assert one.geometry().right() < view.find_button.x()
    assert one.geometry().bottom() < window.map_place.height()
    assert one.list.height() >= 44
    press(window, Qt.Key.Key_Return)
    assert one.card_name.height() > 10


def test_an_alarms_keys_work_from_the_line(open_desk: Open) -> None:
    """F1 acknowledges while somebody types a place."""
    window, data = open_desk(fakes.make(alarms=[fakes.ALARM]))
    one = open_finder(window)
    QTest.keyClicks(one.field, "ne")
    press(window, Qt.Key.Key_F1)
    assert ("acknowledge", fakes.ALARM.key) in data.actions.done


def test_the_key_stands_in_the_help(open_desk: Open) -> None:
    window, _ = open_desk(language="en")
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert any(line.startswith("Ctrl+O  Find a place") for line in window.help.list.shown)


def test_a_map_in_a_window_of_its_own_has_it_too(open_desk: Open) -> None:
    window, _ = open_desk()
    view = chart(window)
    view.detach_wanted.emit()
    QTest.qWait(100)
    QTest.keyClick(window, Qt.Key.Key_O, CTRL)
    one = finder(window)
    assert one.is_open
    assert one.window() is not window
    view.detach_wanted.emit()
    QTest.qWait(100)


def test_the_mark_stands_where_the_place_is() -> None:
    from widgets.map.placemark import PlaceMark  # noqa: PLC0415

    mark = PlaceMark.of(PlaceFound("Nes", "farm", 60.8, 10.7))
    x, y = forward(60.8, 10.7)
    assert (mark.x, mark.y) == (float(x), float(y))
