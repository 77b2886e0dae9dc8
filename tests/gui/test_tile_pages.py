"""Pages of talkgroups, arranging, searching and placing them: by hand, on the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import LARGE, SMALL, Open
from tests.gui.test_window import LEFT, NONE, key
from widgets.contracts.rows import LayoutDone
from widgets.folding import fits
from widgets.page_tabs import PageTab
from widgets.tile import Tile
from widgets.window import DeskWindow

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYS = [row.key for row in fakes.TALKGROUPS]


def paged(make: Callable[[], fakes.Fakes] = fakes.make) -> fakes.Fakes:
    """Three pages; the sixth group speaks, the fifth has the alarm."""
    desk = make()
    desk.layout.table = {"Vakt": KEYS[:3], "Samvirke": KEYS[4:6], "Sykehus": [KEYS[6]]}
    desk.layout.favourites = [KEYS[3]]
    desk.layout.page = "Vakt"
    return desk


def tabs(window: DeskWindow) -> dict[str, PageTab]:
    return {tab.page: tab for tab in window.tile_area.tabs._tabs if tab.isVisible()}


def shown(window: DeskWindow) -> list[str]:
    return [tile.row.key for tile in window.tiles.tiles()]


def drag(window: DeskWindow, tile: Tile, to: QPoint, *, drop: bool = True) -> None:
    """In global coordinates."""
    start = QPoint(60, 12)
    QTest.mousePress(tile, LEFT, NONE, start)
    for part in (0.3, 0.7, 1.0):
        spot = tile.mapFromGlobal(to)
        QTest.mouseMove(tile, start + (spot - start) * part)
    if drop:
        QTest.mouseRelease(tile, LEFT, NONE, tile.mapFromGlobal(to))


def middle_of(widget: object, x: float = 0.5) -> QPoint:
    box = widget.rect()  # type: ignore[attr-defined]  # any widget
    return widget.mapToGlobal(QPoint(round(box.width() * x), box.height() // 2))  # type: ignore[attr-defined,no-any-return]


def choose(menu: QMenu, words: str) -> None:
    """The entry with these words."""
    [action] = [one for one in menu.actions() if words in one.text() and one.isVisible()]
    assert action.isEnabled()
    action.trigger()
    menu.close()


# --- pages ---


def test_a_page_shows_its_own_and_the_favourites_and_tabs_lead_on(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    assert shown(window) == KEYS[:4]
    QTest.mouseClick(tabs(window)["Samvirke"], LEFT)
    assert shown(window) == KEYS[3:6]
    assert desk.layout.page == "Samvirke"
    key(window, Qt.Key.Key_PageDown, CTRL)
    assert shown(window) == [KEYS[3], KEYS[6]]
    key(window, Qt.Key.Key_PageDown, CTRL)
    assert shown(window) == KEYS
    key(window, Qt.Key.Key_PageDown, CTRL)
    key(window, Qt.Key.Key_PageUp, CTRL)
    assert shown(window) == KEYS, "round at the ends"
    assert window.tiles.current in shown(window)


def test_a_tab_says_what_happens_on_a_page_that_is_not_shown(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk(paged())
    samvirke, everything = tabs(window)["Samvirke"], tabs(window)[""]
    assert "Mottar: 1" in samvirke.accessibleName()
    calm = samvirke.grab().toImage()
    desk.talkgroups.edit(KEYS[4], alarm=True)
    qtbot.waitUntil(lambda: "ALARM" in samvirke.accessibleName(), timeout=20_000)
    assert samvirke.grab().toImage() != calm
    assert "ALARM" not in everything.accessibleName(), "said once, where it is"
    desk.talkgroups.edit(KEYS[6], missed=3)
    qtbot.waitUntil(lambda: "Samtaler du ikke har hørt: 3" in tabs(window)["Sykehus"].toolTip(),
                    timeout=20_000)  # fmt: skip
    desk.talkgroups.edit(KEYS[8], alarm=True)
    qtbot.waitUntil(lambda: "ALARM" in everything.accessibleName(), timeout=20_000)
    QTest.mouseClick(samvirke, LEFT)
    assert "ALARM" not in samvirke.accessibleName(), "it can be seen now"


@pytest.mark.parametrize("size", [(1_100, 640), SMALL, (1_920, 1_080)])
def test_an_alarm_has_its_tab_or_the_rests_whatever_the_room(
    open_desk: Open, size: tuple[int, int]
) -> None:
    desk = paged(fakes.with_alarm)
    desk.layout.table = {f"Lang side nummer {n}": [KEYS[n]] for n in range(12)}
    desk.layout.page = "Lang side nummer 0"
    window, _ = open_desk(desk, size=size)
    strip = window.tile_area.tabs
    told = [tab.accessibleName() for tab in (*tabs(window).values(), strip.more)]
    assert any("ALARM" in words for words in told)
    assert strip.more.isVisible()
    right = max(tab.geometry().right() for tab in (*tabs(window).values(), strip.more))
    assert right < strip.search.geometry().left()
    assert {"", "Lang side nummer 0"} <= set(tabs(window))
    QTest.mouseClick(strip.more, LEFT)
    assert len(strip.list.actions()) == 13 - len(tabs(window))
    strip.list.actions()[-1].trigger()
    strip.list.close()
    assert window.tile_area.page == "Lang side nummer 11"


def test_numbers_mean_the_same_group_on_each_page(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    key(window, Qt.Key.Key_6)
    assert desk.actions.done == [("select", KEYS[5])]
    assert window.tile_area.page == "Samvirke", "who is talked to can be seen"
    assert window.tiles.current == KEYS[5]
    key(window, Qt.Key.Key_0)
    assert window.tile_area.page == "", "it is on no page of its own"


def test_at_least_twelve_tiles_are_whole_on_a_small_screen(open_desk: Open) -> None:
    window, _ = open_desk(paged(), size=SMALL)
    window.tile_area.turn_to("")
    view = window.tiles.viewport().rect()
    whole = [tile for tile in window.tiles.tiles() if view.contains(tile.geometry())]
    assert len(whole) >= 12


def test_a_page_is_made_named_filled_and_deleted_by_keys(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    area = window.tile_area
    key(window, Qt.Key.Key_P, SHIFT)
    assert area.menu.isVisible()
    QTest.keyClick(area.menu, Qt.Key.Key_Return)
    assert area.name.hasFocus()
    QTest.keyClicks(area.name, "Vakt")
    QTest.keyClick(area.name, Qt.Key.Key_Return)
    assert area.name_note.isVisible(), "taken"
    assert "bruk" in area.name_note.text()
    QTest.keyClick(area.name, Qt.Key.Key_2)
    QTest.keyClick(area.name, Qt.Key.Key_Return)
    assert area.page == "Vakt2"
    assert shown(window) == [KEYS[3]]
    assert window.layout_bar.isVisible()
    area.open_menu()
    choose(area.menu, "Gi «Vakt2» nytt navn")
    QTest.keyClicks(area.name, "Natt")
    QTest.keyClick(area.name, Qt.Key.Key_Return)
    assert area.page == "Natt"
    area.open_menu()
    choose(area.menu, "Slett «Natt»")
    assert area.page == ""
    window.activateWindow()  # what a window system does when a menu closes, this one does not
    assert QTest.qWaitForWindowActive(window, 5_000)
    key(window, Qt.Key.Key_Z, CTRL)
    assert [asked[0] for asked in desk.layout.asked] == ["make", "make", "rename", "delete", "undo"]


def test_a_tile_is_put_on_pages_by_its_menu_and_made_a_favourite(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    window.tiles.focus_key(KEYS[0])
    key(window, Qt.Key.Key_P)
    menu = window.tiles.menu
    choose(menu.pages, "Sykehus")
    choose(menu, "Favoritt")
    choose(menu, "Av:")
    assert desk.layout.asked == [("put", "Sykehus", KEYS[0], True), ("favourite", KEYS[0], True)]
    assert desk.actions.done == [("attention", KEYS[0], "off")]
    window.tiles.tile(KEYS[0]).open_menu()
    choose(menu.pages, "Ny side")
    QTest.keyClicks(window.tile_area.name, "Ny")
    QTest.keyClick(window.tile_area.name, Qt.Key.Key_Return)
    assert desk.layout.table["Ny"] == [KEYS[0]]


def test_the_standard_is_saved_and_used_from_the_menu(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    area = window.tile_area
    area.open_menu()
    choose(area.menu.standard, "mottak")
    area.menu.use_standard.trigger()
    area.menu.close()
    assert desk.layout.asked == [("save-standard", "reception"), ("use-standard",)]
    desk.layout.roles, desk.layout.is_standard = (), False
    area.open_menu()
    assert not area.menu.standard.menuAction().isVisible()
    assert not area.menu.use_standard.isVisible()
    area.menu.close()


# --- undo ---


def test_what_was_done_is_said_with_a_way_back(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    came = LayoutDone("came", "Kari", until_s=fakes.NOW_S + 30, saved_s=fakes.NOW_S - 7_200,
                      kept=("AMK-VESTF-1",), softer=("FELLES-2",))  # fmt: skip
    assert not window.layout_bar.isVisible()
    places = [part.geometry() for part in (window.tile_area, window.alarms)]
    desk.layout.tell(came)
    bar = window.layout_bar
    assert bar.isVisible()
    assert [part.geometry() for part in (window.tile_area, window.alarms)] == places
    for words in ("Kari", "20:00", "FELLES-2", "AMK-VESTF-1"):
        assert words in bar.accessibleName()
    assert bar.undo.text() == "Angre (30 s)"
    QTest.mouseClick(bar.undo, LEFT)
    assert desk.layout.asked == [("undo",)]
    assert not bar.isVisible()


# --- order ---


def test_a_tile_is_dragged_before_another_and_selects_nothing(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    window.tile_area.turn_to("")
    tiles = window.tiles
    drag(window, tiles.tile(KEYS[5]), middle_of(tiles.tile(KEYS[1]), 0.2))
    assert desk.layout.asked[-1] == ("move", KEYS[5], KEYS[1], False)
    assert shown(window)[:3] == [KEYS[0], KEYS[5], KEYS[1]]
    assert desk.actions.done == [], "nothing was selected"
    assert not tiles._marker.isVisible()


def test_a_tile_is_dragged_onto_a_tab(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    tile, tab = window.tiles.tile(KEYS[0]), tabs(window)["Sykehus"]
    drag(window, tile, middle_of(tab), drop=False)
    assert tab._is_target
    QTest.mouseRelease(tile, LEFT, NONE, tile.mapFromGlobal(middle_of(tab)))
    assert desk.layout.asked == [("put", "Sykehus", KEYS[0], True)]
    assert not tab._is_target


def test_a_hand_that_shakes_still_selects_and_escape_drops(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    tile = window.tiles.tile(KEYS[1])
    drag(window, tile, tile.mapToGlobal(QPoint(66, 16)))
    drag(window, tile, tile.mapToGlobal(QPoint(20, 50)))
    assert desk.actions.done == [("select", KEYS[1])] * 2
    drag(window, tile, middle_of(window.tiles.tile(KEYS[2])), drop=False)
    assert window.tiles._marker.isVisible()
    key(window, Qt.Key.Key_Escape)
    assert not window.tiles._marker.isVisible()
    QTest.mouseRelease(tile, LEFT, NONE, tile.mapFromGlobal(middle_of(window.tiles.tile(KEYS[2]))))
    assert desk.layout.asked == []


def test_alt_and_arrows_move_the_tile_with_the_keyboard(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    window.tile_area.turn_to("")
    window.tiles.focus_key(KEYS[0])
    key(window, Qt.Key.Key_Right, ALT)
    key(window, Qt.Key.Key_Down, ALT)
    assert shown(window)[:4] == [KEYS[1], KEYS[2], KEYS[3], KEYS[0]]
    assert window.tiles.current == KEYS[0]
    key(window, Qt.Key.Key_Up, ALT)
    key(window, Qt.Key.Key_Left, ALT)
    assert shown(window) == KEYS
    assert desk.actions.done == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_move_says_which_number_keys_select_another_group_now(
    open_desk: Open, size: tuple[int, int]
) -> None:
    window, desk = open_desk(paged(), size=size)
    window.tile_area.turn_to("")
    window.tiles.focus_key(KEYS[0])
    key(window, Qt.Key.Key_Right, ALT)
    one, two = (desk.talkgroups.row(each).name for each in (KEYS[1], KEYS[0]))
    said = f"Talltastene er nå: 1 {one}, 2 {two}."
    assert said in window.layout_bar.accessibleName()
    assert said in window.layout_bar.toolTip()
    key(window, Qt.Key.Key_1)
    assert desk.actions.done == [("select", KEYS[1])]


# --- search ---


def test_typing_finds_on_all_pages_and_enter_selects_the_first(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    key(window, Qt.Key.Key_G, CTRL)
    search = window.tile_area.search
    assert search.hasFocus()
    QTest.keyClicks(search, "ov-fel")
    assert shown(window) == [KEYS[9]], "ØV-FELLES-1, also without an ø"
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert desk.actions.done == [("select", KEYS[9])]
    assert not window.tile_area.is_searching
    assert KEYS[9] in shown(window)
    assert window.tiles.has_focus()


def test_escape_leaves_the_search_and_the_page_is_back(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    key(window, Qt.Key.Key_G, CTRL)
    QTest.keyClicks(window.tile_area.search, "finnes ikke")
    assert shown(window) == []
    QTest.keyClick(window.tile_area.search, Qt.Key.Key_Return)
    assert desk.actions.done == []
    QTest.keyClick(window.tile_area.search, Qt.Key.Key_Escape)
    assert shown(window) == KEYS[:4]
    assert window.tiles.has_focus()


def test_no_search_hides_an_alarm_and_enter_never_means_it(open_desk: Open) -> None:
    window, desk = open_desk(paged(fakes.with_alarm), size=SMALL)
    key(window, Qt.Key.Key_G, CTRL)
    QTest.keyClicks(window.tile_area.search, "luft")
    assert shown(window) == [KEYS[4], KEYS[8]]
    desk.talkgroups.edit(KEYS[10], alarm=True)
    assert shown(window) == [KEYS[4], KEYS[8], KEYS[10]], "also one that comes meanwhile"
    QTest.keyClick(window.tile_area.search, Qt.Key.Key_Return)
    assert desk.actions.done == [("select", KEYS[8])]


@pytest.mark.parametrize(
    "typed", ["tønsberg", "TONSBERG", "toensberg", "berg lv", "nabo", "Ton", ""]
)
def test_names_are_found_however_they_are_typed(typed: str) -> None:
    assert fits("Tønsberg-LV Nabolegevakt stasjon-0.local", typed)
    assert not fits("Tønsberg-LV", "tønsberg amk")
    assert fits("Åsgårdstrand Lærdal", "aasgaard laerdal")


# --- places in the sound ---


def test_a_group_is_moved_by_arrows_and_put_back(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    window.tiles.focus_key(KEYS[1])
    key(window, Qt.Key.Key_S)
    stage = window.stage_bar.stage
    assert stage.hasFocus()
    assert "AMK-VESTF-1" in stage.accessibleName()
    key(window, Qt.Key.Key_Left)
    key(window, Qt.Key.Key_Left)
    assert desk.layout.asked == [("place", {KEYS[1]: -0.1}), ("place", {KEYS[1]: -0.2})]
    assert "2 til venstre" in window.stage_bar.what.text()
    key(window, Qt.Key.Key_Down)
    assert stage.current == KEYS[2]
    key(window, Qt.Key.Key_Up)
    QTest.mouseClick(window.stage_bar.one, LEFT)
    assert desk.layout.asked[-1] == ("place", {KEYS[1]: None})
    assert not window.stage_bar.one.isEnabled()
    key(window, Qt.Key.Key_Escape)
    assert not window.stage_bar.isVisible()
    assert window.tiles.has_focus()


def test_a_group_is_dragged_over_the_stage(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    row, pages = desk.talkgroups.row(KEYS[0]), desk.layout.pages()
    window.tiles.menu.open_for(row, QPoint(5, 5), pages, 20.0)
    choose(window.tiles.menu, "Plass i lydbildet")
    stage = window.stage_bar.stage
    chip = stage._chips[KEYS[0]].center()
    QTest.mousePress(stage, LEFT, NONE, chip)
    QTest.mouseMove(stage, QPoint(stage.width() - 2, chip.y()))
    QTest.mouseRelease(stage, LEFT, NONE, QPoint(stage.width() - 2, chip.y()))
    assert desk.layout.asked == [("hear", KEYS[0], 1.0), ("place", {KEYS[0]: 1.0})]
    QTest.mouseClick(window.stage_bar.all, LEFT)
    assert desk.layout.asked[-1] == ("place", {KEYS[0]: None})


def test_all_that_is_off_is_not_on_the_stage(open_desk: Open) -> None:
    window, _ = open_desk(paged(), size=SMALL)
    window.tile_area.turn_to("")
    key(window, Qt.Key.Key_S)
    assert KEYS[11] not in window.stage_bar.stage._rows
    assert len(window.stage_bar.stage._rows) == 13


# --- who speaks ---


def test_the_tile_shows_the_agency_of_who_speaks(open_desk: Open) -> None:
    window, desk = open_desk(paged(), size=SMALL)
    tile = window.tiles.tile(KEYS[1])
    seen = set()
    for kind, agency in (("ambulance", "health"), ("police", "police"), ("fire", "fire"), ("", "")):
        desk.talkgroups.edit(KEYS[1], speaker_kind=kind, speaker_agency=agency)
        seen.add(bytes(tile.grab().toImage().constBits()))
    assert len(seen) == 4


# --- what is not shown costs nothing ---


def test_what_is_on_other_pages_has_no_tile_and_is_told_nothing(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tuple(fakes.group(n, f"GRP-{n}", "Mange", speaker="AMB 3-1") for n in range(200))
    desk = fakes.make(talkgroups=rows)
    keys = [row.key for row in rows]
    desk.layout.table = {"Få": keys[:6]}
    desk.layout.page = "Få"
    window, _ = open_desk(desk, size=SMALL)
    assert len(window.tiles.findChildren(Tile)) == 6
    assert len(window.tiles.metered()) == 6
    window.tile_area.turn_to("")
    assert len(window.tiles.findChildren(Tile)) == 200
    window.tile_area.turn_to("Få")
    told: list[str] = []
    monkeypatch.setattr(Tile, "show_row", lambda _tile, row, _now: told.append(row.key))
    desk.talkgroups.put(*(replace(row, speaker="") for row in rows))
    assert told == keys[:6]
    assert QApplication.focusWidget() is not None
