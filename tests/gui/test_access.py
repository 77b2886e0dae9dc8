"""By keyboard and by screen reader: every stop of Tab in every main state, walked in the window."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.pictures import RINGS
from tests.gui.test_window import NONE
from widgets.page import Page
from widgets.tile import Tile
from widgets.window import DeskWindow

Show = Callable[[DeskWindow, fakes.Fakes], object]
Role = QAccessible.Role
MOST_STOPS = 150
HEAD_PX = 12
ROLES: tuple[tuple[type[QWidget], set[Role]], ...] = (
    (QAbstractButton, {Role.Button, Role.CheckBox, Role.RadioButton}),
    (QAbstractSlider, {Role.Slider}),
    (QLineEdit, {Role.EditableText}),
    (QPlainTextEdit, {Role.EditableText}),
    (QAbstractItemView, {Role.List, Role.Table, Role.Tree}),
    (QScrollArea, {Role.Client, Role.Pane, Role.Grouping}),
    (Tile, {Role.Client}),  # holds controls of its own; what it is is in its name
)


def page_of(name: str) -> Show:
    return lambda window, _desk: window.pages.show_page(getattr(window, name))


def post(window: DeskWindow, desk: fakes.Fakes) -> None:
    desk.people.tell(*fakes.POSTS)
    window.pages.show_page(window.people)


STATES: dict[str, tuple[Callable[[], fakes.Fakes], Show]] = {
    "evening": (fakes.make, lambda _w, _d: None),
    "alarm": (fakes.with_alarm, lambda _w, _d: None),
    "nothing yet": (fakes.empty, lambda _w, _d: None),
    "cut off": (fakes.cut_off, lambda _w, _d: None),
    "a call rings": (fakes.make, lambda _w, desk: desk.status.edit(ringing=(RINGS,))),
    "whom to call": (fakes.make, lambda window, _d: window.hands.dial()),
    "less is kept": (fakes.make, lambda window, _d: window._hours_wanted(0.0)),
    "all muted": (fakes.make, lambda _w, desk: desk.status.edit(muted_until_s=fakes.NOW_S + 20)),
    "help to an alarm": (fakes.with_alarm, lambda window, _d: window.pages.show_help_for("a1")),
    "people": (fakes.make, post),
    "timeline": (fakes.make, page_of("timeline")),
    "calls": (fakes.make, lambda window, _d: window.pages.show_calls("")),
    "rules": (fakes.make, lambda window, _d: window.pages.toggle_rules()),
    "diagnostics": (fakes.make, page_of("diagnostics")),
    "keys": (fakes.make, lambda window, _d: window.pages.toggle_help()),
    "tour": (fakes.make, lambda window, _d: window.begin_tour()),
    "units away": (fakes.make, lambda window, _d: window.panels.detaching.take_out("units")),
}


def stop_now() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None, "the keyboard is nowhere"
    return focused


def walk(window: QWidget, code: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Once round."""
    stops = [stop_now()]
    for _ in range(MOST_STOPS):
        modifier = Qt.KeyboardModifier.ShiftModifier if code == Qt.Key.Key_Backtab else NONE
        QTest.keyClick(window.windowHandle(), code, modifier)
        if stop_now() is stops[0]:
            return stops
        assert stop_now() not in stops, f"{told(stop_now())} comes twice"
        stops.append(stop_now())
    raise AssertionError("Tab never comes round")


def told(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"


def reachable(window: QWidget) -> list[QWidget]:
    """What a hand with a mouse can use, found without the order that is tested."""
    kinds = tuple(kind for kind, _ in ROLES if kind is not QScrollArea and kind is not Tile)
    found = [one for one in window.findChildren(QWidget) if isinstance(one, kinds)]
    return [
        one
        for one in found
        if one.isVisible()
        and one.isEnabled()
        and not isinstance(one, QScrollBar)  # lists scroll by arrows
        and not one.objectName().startswith("qt_")
        and not isinstance(one.parentWidget(), Tile)
    ]


def area_of(window: DeskWindow, widget: QWidget) -> QWidget:
    return next(area for area in window.tab_areas() if area is widget or area.isAncestorOf(widget))


def place(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def check_names(stops: list[QWidget]) -> None:
    for stop in stops:
        face = QAccessible.queryAccessibleInterface(stop)
        assert face is not None, told(stop)
        assert face.text(QAccessible.Text.Name).strip(), f"{told(stop)} has no name"
        roles = next((roles for kind, roles in ROLES if isinstance(stop, kind)), {Role.Client})
        assert face.role() in roles, f"{told(stop)} is a {face.role()}"
        state = face.state()
        assert state.focusable and not state.invisible, told(stop)


def check_order(window: DeskWindow, stops: list[QWidget]) -> None:
    """Each area once, in their order; in an area never back up, but from a page's foot to its
    head, where it is left."""
    areas = [area_of(window, stop) for stop in stops]
    begins = next(n for n in range(len(stops)) if areas[n] is not areas[n - 1])
    stops, areas = stops[begins:] + stops[:begins], areas[begins:] + areas[:begins]
    once = list(dict.fromkeys(map(id, areas)))
    assert [key for key, before in pairwise([*map(id, areas), 0]) if key != before] == once
    order = [id(area) for area in window.tab_areas() if id(area) in once]
    start = order.index(once[0])
    assert once == order[start:] + order[:start]
    for (one, area), (other, next_area) in pairwise(zip(stops, areas, strict=True)):
        if area is not next_area or (isinstance(area, Page) and is_head(area, other)):
            continue
        first, then = place(window, one), place(window, other)
        if isinstance(one, QAbstractItemView) and 0 <= first.top() - then.bottom() < HEAD_PX:
            continue  # what is done with the chosen row stands in the list's own head
        assert then.bottom() > first.top(), f"{told(other)} stands above {told(one)}"
        if abs(then.center().y() - first.center().y()) <= 2:
            assert then.left() > first.left(), f"{told(other)} stands left of {told(one)}"


def is_head(page: Page, widget: QWidget) -> bool:
    return page.head.indexOf(widget) >= 0


@pytest.mark.parametrize("state", STATES)
def test_tab_reaches_everything_by_eye_and_all_of_it_has_a_name(
    open_desk: Open, state: str
) -> None:
    make, show = STATES[state]
    window, desk = open_desk(make(), size=(1_366, 768))
    QTest.qWait(30)
    show(window, desk)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5_000)
    QTest.qWait(60)
    if QApplication.focusWidget() in (None, window.tiles):  # no tile has come yet
        window.top.menu_button.setFocus()
    stops = walk(window)
    check_names(stops)
    check_order(window, stops)
    missed = [told(one) for one in reachable(window) if one not in stops]
    assert missed == []
    back = walk(window, Qt.Key.Key_Backtab)
    assert back == [stops[0], *reversed(stops[1:])]


def test_the_tiles_are_one_stop_with_their_controls_and_arrows_go_on(open_desk: Open) -> None:
    window, _ = open_desk()
    for tile in window.tiles.tiles():
        window.tiles.focus_key(tile.row.key)
        stops = walk(window)
        mine = [one for one in stops if one is tile or tile.isAncestorOf(one)]
        assert mine[0] is tile
        assert {*mine[1:]} == {one for one in tile._controls() if one.isVisible()}
        others = [one for one in stops if window.tiles.isAncestorOf(one) and one not in mine]
        assert others == []
        check_names(mine)


def test_an_alarm_that_comes_later_stands_in_its_place_in_the_order(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.alarms.put(fakes.ALARM)
    QTest.qWait(30)
    card = window.alarms.card("a1")
    stops = walk(window)
    check_order(window, stops)
    assert stops.index(card.acknowledge) < stops.index(window.units.list)


@pytest.mark.parametrize("name", ["units", "people", "timeline", "diagnostics", "calls", "rules"])
def test_a_window_of_its_own_is_walked_too(open_desk: Open, name: str) -> None:
    window, _ = open_desk()
    window.panels.detaching.take_out(name)
    own = window.panels.detaching.windows[name]
    assert QTest.qWaitForWindowActive(own, 5_000)
    QTest.qWait(60)
    QTest.keyClick(own.windowHandle(), Qt.Key.Key_Tab)
    stops = walk(own)
    check_names(stops)
    assert [told(one) for one in reachable(own) if one not in stops] == []
    assert own.accessibleName()
    assert all(own.isAncestorOf(one) for one in stops)


def actions_of(menu: QMenu) -> list[QAction]:
    found = []
    for action in menu.actions():
        inner = action.menu()
        found += [action, *(actions_of(inner) if isinstance(inner, QMenu) else [])]
    return found


def test_everything_in_the_menus_has_words(open_desk: Open) -> None:
    window, _ = open_desk()
    QTest.mouseClick(window.top.menu_button, Qt.MouseButton.LeftButton)
    menu = window.top.menu
    assert menu.isVisible()
    for action in actions_of(menu):
        if not action.isSeparator() and type(action) is QAction:
            assert action.text().strip(), action
    face = QAccessible.queryAccessibleInterface(menu)
    assert face is not None
    assert face.role() == Role.PopupMenu
    QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction() is not None
    menu.close()
    window.tiles.focus_current()
    window.hands.open_tile_menu()
    assert all(a.text().strip() for a in actions_of(window.tiles.menu) if not a.isSeparator())
    window.tiles.menu.close()
