"""Units by hand: found, sorted, measured, told of in full, and what is done with one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import SCREENS, SMALL, Open
from widgets.unit_menu import DEEDS, UnitMenu
from widgets.window import DeskWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
GROUP = next(row for row in fakes.POSTS if row.kind == "group")


@pytest.fixture
def given() -> fakes.Fakes:
    """Some are free, and of some more is known."""
    data = fakes.make()
    for key, row in data.units.table.items():
        data.units.table[key] = replace(row, free=row.status in ("free", "station"))
    data.units.table["u2"] = replace(
        data.units.table["u2"], crew=("Ine Øving", "Per Øving"), issi="3400102",
        heard_s=fakes.NOW_S - 60, heard_in="AMK-VESTF-1", battery_percent=12, battery_low=True,
        coverage="weak",
    )  # fmt: skip
    data.people.sent = [GROUP]
    return data


def signs(window: DeskWindow) -> list[str]:
    model = window.units.model
    return [model.row(n).call_sign for n in range(model.rowCount())]


def kinds(window: DeskWindow) -> set[str]:
    model = window.units.model
    return {model.row(n).kind for n in range(model.rowCount())}


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def show_row(window: DeskWindow, key: str) -> QPoint:
    """Bring it into view; where it is in the list."""
    window.units.select(key)
    return window.units.list.visualRect(window.units.list.currentIndex()).center()


def right_click(widget: QWidget, at: QPoint) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)


def menu_of(window: DeskWindow, key: str) -> UnitMenu:
    right_click(window.units.list.viewport(), show_row(window, key))
    menu = window.hands.unit_hands.menu
    assert menu.isVisible()
    assert menu.key == key
    return menu


# -- which ----------------------------------------------------------------------------------


def test_chips_and_their_keys_choose_kinds_and_words_choose_among_them(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, _ = open_desk(given, size=SMALL)
    click(window.units.chips["doctor"])
    assert kinds(window) == {"doctor"}
    QTest.keyClick(window, Qt.Key.Key_6, CTRL)
    assert kinds(window) == {"doctor", "fire"}
    assert window.units.chips["fire"].isChecked()
    QTest.keyClick(window, Qt.Key.Key_1, CTRL)
    free = {row.call_sign for row in given.units.table.values() if row.free}
    assert set(signs(window)) < free
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.units._search, "lege")
    assert kinds(window) == {"doctor"}
    assert "/ 40" in window.units._heading._count
    window.tiles.focus_current()
    QTest.keyClick(window, Qt.Key.Key_8, CTRL)
    assert not any(chip.isChecked() for chip in window.units.chips.values())


def test_a_unit_that_is_clicked_on_the_map_is_listed_whatever_was_filtered(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, _ = open_desk(given)
    click(window.units.chips["helicopter"])
    window.map_place.unit_clicked.emit("u2")
    assert window.units.chosen() == "u2"
    assert window.unit_bar.key == "u2"


def test_the_order_goes_round_without_distance_until_a_place_is_chosen(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, _ = open_desk(given)
    click(window.units.sort)
    assert window.units.wanted().sort == "name"
    QTest.keyClick(window, Qt.Key.Key_9, CTRL)
    assert window.units.wanted().sort == "urgency"


def test_what_was_typed_goes_once_enter_has_found_it(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given, size=SMALL)
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.units._search, "lege")
    found = window.units.model.row(0).key
    QTest.keyClick(window.units._search, Qt.Key.Key_Return)
    assert window.units._search.text() == ""
    assert window.units.model.rowCount() == 40
    assert window.units.chosen() == window.unit_bar.key == found
    assert (
        window.units.list.viewport()
        .rect()
        .intersects(window.units.list.visualRect(window.units.list.currentIndex()))
    )


def test_a_new_alarm_is_seen_in_a_list_that_was_scrolled(
    open_desk: Open, given: fakes.Fakes, qtbot: QtBot
) -> None:
    window, data = open_desk(given, size=SMALL)
    units = window.units
    units.list.setFocus()
    for _ in range(30):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Down)
    chosen, bar = units.chosen(), units.list.verticalScrollBar()
    assert bar.value() > 0
    alarmed = units.model.row(35).key
    data.units.edit(alarmed, alarm="raised")
    qtbot.waitUntil(lambda: units.model.row(0).key == alarmed)
    assert units.list.viewport().rect().contains(units.list.visualRect(units.model.index(0)))
    assert (units.chosen(), units.list.hasFocus()) == (chosen, True)
    bar.setValue(bar.maximum())
    data.units.edit(alarmed, alarm="acknowledged")
    QTest.qWait(200)
    assert bar.value() == bar.maximum(), "one that is known already moves nothing"


# -- distances ------------------------------------------------------------------------------


def test_distances_are_measured_from_a_unit_and_end_by_the_chip(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given, size=SMALL)
    menu_of(window, "u2").deeds["measure"].trigger()
    window.hands.unit_hands.menu.close()
    assert signs(window)[0] == data.units.table["u2"].call_sign, "the nearest first"
    assert window.units.measure.isVisible()
    assert "km" in window.units.far_words("u9")
    row = window.units.model.row(1)
    said = window.units.model.data(window.units.model.index(1), int(Qt.ItemDataRole.DisplayRole))
    assert "km" in str(said), row
    before = window.units.far_words("u9")
    data.units.edit("u2", lat=58.9, lon=9.5)
    QTest.qWait(250)
    assert window.units.far_words("u9") != before, "it is measured from where the unit is"
    click(window.units.measure)
    assert not window.units.measure.isVisible()
    assert window.units.wanted().sort == "urgency", "as it was before"
    assert window.units.far_words("u9") == ""


@pytest.mark.parametrize("how", ["right click", "Shift+F3"])
def test_distances_are_measured_from_an_alarm(open_desk: Open, how: str) -> None:
    window, _ = open_desk(fakes.with_alarm())
    if how == "right click":
        right_click(window.alarms.card("a1"), QPoint(20, 20))
    else:
        QTest.keyClick(window, Qt.Key.Key_F3, SHIFT)
    assert window.units.wanted().sort == "distance"
    assert "AMB 3-5 Horten" in window.units.measure.text()
    rows = [window.units.model.row(n) for n in range(2)]
    assert all(row.alarm for row in rows), "alarms stand first all the same"


def test_distances_are_measured_from_a_place_on_the_map(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, _ = open_desk(given)
    QTest.qWait(300)
    chart = window.map_place.map
    assert chart is not None
    layer = chart.layer
    spot = next(
        QPoint(x, y)
        for y in range(60, layer.height() - 60, 7)
        for x in range(60, layer.width() - 60, 7)
        if layer.unit_at(QPointF(x, y)) is None
    )
    right_click(layer, spot)
    place_menu = window.hands.unit_hands.place_menu
    assert place_menu.isVisible()
    place_menu.measure.trigger()
    place_menu.close()
    assert window.units.wanted().sort == "distance"
    assert layer._mark is not None, "and it is marked there"
    click(window.units.measure)
    assert layer._mark is None


# -- what is known --------------------------------------------------------------------------


@SCREENS
def test_a_click_tells_all_that_is_known_and_covers_nothing(
    open_desk: Open, given: fakes.Fakes, size: tuple[int, int], language: str
) -> None:
    window, _ = open_desk(given, size=size, language=language)
    at = show_row(window, "u2")
    QTest.mouseClick(window.units.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    bar = window.unit_bar
    assert bar.isVisible()
    for known in ("Ine Øving, Per Øving", "AMK-VESTF-1", "3400102", "12 %", "21:59:07"):
        assert known in bar.accessibleName(), known
    QTest.qWait(50)
    place = bar.geometry()
    assert not place.intersects(window.map_place.geometry())
    assert not place.intersects(window.tiles.geometry())
    assert place.right() < window.units.geometry().left()
    assert place.height() >= bar.sizeHint().height()
    names = [button.accessibleName() for button in (*bar.deeds.values(), bar.more, bar.close_it)]
    assert all(names)
    window.tiles.focus_current()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_a_radio_in_trouble_is_said_where_one_looks(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given)
    show_row(window, "u2")
    index = window.units.list.currentIndex()
    said = str(window.units.model.data(index, int(Qt.ItemDataRole.AccessibleTextRole)))
    assert "Svak dekning · lavt batteri (12 %)" in said
    tip = str(window.units.model.data(index, int(Qt.ItemDataRole.ToolTipRole)))
    assert "Mannskap: Ine Øving, Per Øving" in tip


def test_a_doctor_out_of_coverage_is_reached_by_telephone(open_desk: Open) -> None:
    window, data = open_desk()
    doctor = replace(data.people.duties[0], coverage="none")
    data.people.duties[0] = doctor
    data.people.changed.emit()
    said = window.duty.lines[0].accessibleName()
    assert "Ingen dekning" in said
    assert doctor.phone in said


# -- what is done ---------------------------------------------------------------------------


def test_the_menu_calls_writes_calls_out_and_forms_a_group(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    sign = data.units.table["u2"].call_sign
    menu_of(window, "u2").deeds["call"].trigger()
    assert window.dial_bar.is_asking
    QTest.keyClick(window, Qt.Key.Key_Escape)
    window.hands.unit_hands.menu.close()
    for deed, kind in (("message", "message"), ("callout", "callout"), ("new-group", "group")):
        menu_of(window, "u2").deeds[deed].trigger()  # type: ignore[index]  # one of them
        window.hands.unit_hands.menu.close()
        assert not window.people.isHidden()
        assert window.people._kind == kind
        assert window.people.to_names() == sign
        window.pages.close_page()


def test_the_menu_shows_on_the_map_and_in_the_log(open_desk: Open, given: fakes.Fakes) -> None:
    window, data = open_desk(given)
    menu_of(window, "u2").deeds["log"].trigger()
    window.hands.unit_hands.menu.close()
    assert not window.timeline.isHidden()
    assert data.timeline.asked[-1].about == ("u2",)
    menu_of(window, "u2").deeds["map"].trigger()
    window.hands.unit_hands.menu.close()
    assert window.timeline.isHidden()


@pytest.mark.parametrize("key", [Qt.Key.Key_Menu, Qt.Key.Key_F10])
def test_the_menu_comes_by_the_keyboard_too_and_has_a_name(
    open_desk: Open, given: fakes.Fakes, key: Qt.Key
) -> None:
    window, data = open_desk(given)
    window.units.select("u2")
    window.units.list.setFocus()
    more = SHIFT if key == Qt.Key.Key_F10 else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window.units.list, key, more)
    menu = window.hands.unit_hands.menu
    assert menu.isVisible()
    assert menu.accessibleName() == data.units.table["u2"].call_sign
    assert all(menu.deeds[deed].text() for deed in DEEDS)
    data.alarms.put(fakes.ALARM)
    assert not menu.isVisible(), "an alarm needs the keys"


def test_a_unit_is_added_to_a_group_at_once_and_taken_back_by_one_press(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    menu = menu_of(window, "u2")
    [action, *_] = menu.add_to.actions()
    assert action.text() == GROUP.text
    action.trigger()
    menu.close()
    assert data.posting.done == [("add", GROUP.key, "u2")]
    assert window.done_bar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert data.posting.done[1:] == [("remove", GROUP.key, "u2")]
    assert not window.done_bar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert len(data.posting.done) == 2, "once"


def test_what_could_not_be_kept_is_said_and_nothing_to_undo(
    open_desk: Open, given: fakes.Fakes
) -> None:
    window, data = open_desk(given)
    data.posting.keeps = False
    menu = menu_of(window, "u2")
    menu.add_to.actions()[0].trigger()
    menu.close()
    assert window.done_bar.isVisible()
    assert not window.done_bar.undo.isVisible()


def test_the_strip_has_the_same_at_hand(open_desk: Open, given: fakes.Fakes) -> None:
    window, _ = open_desk(given)
    window.map_place.unit_clicked.emit("u2")
    click(window.unit_bar.deeds["message"])
    assert not window.people.isHidden()
    click(window.unit_bar.more)
    assert window.hands.unit_hands.menu.isVisible()
    window.hands.unit_hands.menu.close()


def test_rows_stay_readable_on_the_small_screen_with_alarms(open_desk: Open) -> None:
    data = fakes.with_alarm()
    window, _ = open_desk(data, size=SMALL)
    QTest.keyClick(window, Qt.Key.Key_F3, SHIFT)
    QTest.qWait(50)
    units = window.units
    assert units.list.viewport().height() >= 2 * window._look.metrics.row
    assert all(line.isVisible() for line in window.duty.lines), "who is on duty stays in sight"
    right = units.mapTo(window, QPoint(units.width(), 0)).x()
    for part in (units.sort, units.measure, *units.chips.values(), units._search):
        assert part.mapTo(window, QPoint(part.width(), 0)).x() <= right
        assert part.width() >= 24
        assert part.height() >= 24 or part is units.sort
