"""The window as a person meets it: clicks, keys, and what is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from console.commands.desk import LEAST_SIZE
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from widgets.buttons import SMALLEST_TARGET
from widgets.contracts.rows import DeviceChoice, Microphone, MicrophoneState
from widgets.labels import Words
from widgets.notices import notices
from widgets.page import Page
from widgets.theme import NIGHT
from widgets.tips import plain
from widgets.topbar import TopBar
from widgets.window import DeskWindow

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def type_in(words: str) -> None:
    """Into whatever has the focus."""
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, words)


def key(window: DeskWindow, code: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key as the window system delivers it: shortcuts and filters see it first."""
    QTest.keyClick(window.windowHandle(), code, modifiers)


# --- tiles ---


def test_number_keys_and_clicks_select(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_3)
    key(window, Qt.Key.Key_0)
    fifth = window.tiles.tiles()[4]
    QTest.mouseClick(fifth, LEFT, NONE, QPoint(60, 20))
    keys = desk.talkgroups.keys()
    assert desk.actions.done == [("select", keys[2]), ("select", keys[9]), ("select", keys[4])]
    assert window.tiles.current == keys[4]
    assert "04-SAMV-1" in window.talk_place.accessibleName()


def test_tiles_never_move_when_somebody_speaks(open_desk: Open) -> None:
    window, desk = open_desk()
    before = [(tile.row.key, tile.geometry()) for tile in window.tiles.tiles()]
    desk.talkgroups.edit(desk.talkgroups.keys()[7], speaker="FR Tjøme", slot=7)
    desk.talkgroups.put(fakes.group(90, "Ny-gruppe", "Kom nettopp"))
    after = [(tile.row.key, tile.geometry()) for tile in window.tiles.tiles()]
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def test_mute_and_volume_by_mouse_and_key(open_desk: Open) -> None:
    window, desk = open_desk()
    second, keys = window.tiles.tiles()[1], desk.talkgroups.keys()
    QTest.mouseClick(second.mute, LEFT)
    QTest.mouseClick(second.volume, LEFT, NONE, QPoint(2, second.volume.height() // 2))
    assert desk.actions.done == [("muted", keys[1], True), ("gain", keys[1], -40.0)]
    desk.actions.done.clear()
    window.tiles.focus_key(keys[3])
    key(window, Qt.Key.Key_M)
    key(window, Qt.Key.Key_Plus)
    key(window, Qt.Key.Key_Minus)
    assert desk.actions.done == [
        ("muted", keys[3], True),
        ("gain", keys[3], 3.0),
        ("gain", keys[3], 0.0),
    ]


def test_scrolling_past_a_slider_turns_nothing_down(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    slider = window.tiles.tiles()[1].volume
    centre = slider.mapTo(window, slider.rect().center())
    QTest.wheelEvent(window.windowHandle(), centre, QPoint(0, -120))
    assert desk.actions.done == []


def test_arrows_move_and_enter_selects(open_desk: Open) -> None:
    window, desk = open_desk()
    window.tiles.focus_current()
    for code in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Return):
        key(window, code)
    assert desk.actions.done == [("select", desk.talkgroups.keys()[2])]


def test_numbers_typed_into_the_search_select_nothing(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    for code in (Qt.Key.Key_3, Qt.Key.Key_Minus, Qt.Key.Key_1, Qt.Key.Key_M, Qt.Key.Key_Space):
        key(window, code)
    assert desk.actions.done == []
    assert isinstance(QApplication.focusWidget(), QLineEdit)


# --- talking ---


def space(window: DeskWindow, kind: QEvent.Type, *, repeat: bool = False) -> None:
    event = QKeyEvent(kind, Qt.Key.Key_Space, NONE, " ", repeat, 1)
    QApplication.sendEvent(window.windowHandle(), event)


def test_space_talks_while_it_is_held_wherever_the_focus_is(open_desk: Open) -> None:
    window, desk = open_desk()
    selected = desk.talkgroups.keys()[0]
    for focus in (window.tiles.tiles()[3].mute, window.log.list, window.top.menu_button):
        desk.actions.done.clear()
        focus.setFocus()
        space(window, QEvent.Type.KeyPress)
        space(window, QEvent.Type.KeyRelease, repeat=True)
        space(window, QEvent.Type.KeyPress, repeat=True)
        assert desk.actions.done == [("press", selected)]
        space(window, QEvent.Type.KeyRelease)
        assert desk.actions.done == [("press", selected), ("release",)]


@pytest.mark.parametrize("how", ["focus", "deactivate", "hide", "close"])
def test_a_held_talk_key_is_let_go_when_the_window_loses_the_keyboard(
    open_desk: Open, how: str
) -> None:
    window, desk = open_desk()
    space(window, QEvent.Type.KeyPress)
    leave: dict[str, Callable[[], object]] = {
        "focus": lambda: QApplication.sendEvent(
            window.windowHandle(), QFocusEvent(QEvent.Type.FocusOut)
        ),
        "deactivate": lambda: _activate_another(window),
        "hide": window.hide,
        "close": window.close,
    }
    leave[how]()
    assert desk.actions.done[-1] == ("release",)
    assert not window.gate.held


def _activate_another(window: DeskWindow) -> None:
    other = QWidget()
    other.show()
    other.activateWindow()
    assert QTest.qWaitForWindowActive(other, 5_000)
    QTest.qWait(0)
    other.close()
    other.deleteLater()


def test_talking_ends_after_the_longest_time(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    window.gate._limit.setInterval(30)
    space(window, QEvent.Type.KeyPress)
    qtbot.waitUntil(lambda: ("release",) in desk.actions.done, timeout=20_000)
    assert "minutt" in window.talk_place.subline()
    space(window, QEvent.Type.KeyRelease)
    assert desk.actions.done.count(("release",)) == 1


def test_sending_by_the_tile_and_by_the_bar(open_desk: Open) -> None:
    window, desk = open_desk()
    fourth = window.tiles.tiles()[3]
    QTest.mousePress(fourth.send, LEFT)
    QTest.mouseMove(fourth.send, QPoint(-200, -200))
    alone = ("press", fourth.row.key, "alone")
    assert desk.actions.done == [alone], "sliding off cuts no word"
    QTest.mouseRelease(fourth.send, LEFT, NONE, QPoint(-200, -200))
    QTest.mouseClick(window.talk_place, LEFT)
    assert desk.actions.done[1:] == [("release",), ("press", fakes.TALKGROUPS[0].key), ("release",)]


def test_a_desk_that_cannot_send_says_why(open_desk: Open) -> None:
    window, desk = open_desk(fakes.make(status=fakes.RECEIVE_ONLY))
    assert window.talk_place.headline() == "KAN IKKE SENDE"
    for press in (window.talk_place, window.tiles.tiles()[2].send):
        QTest.mouseClick(press, LEFT)
        assert window.talk_place.refusal == fakes.RECEIVE_ONLY.transmit_note
    space(window, QEvent.Type.KeyPress)
    space(window, QEvent.Type.KeyRelease)
    assert desk.actions.done == []


def test_without_a_selected_group_the_talk_key_says_so(open_desk: Open) -> None:
    rows = tuple(replace(row, attention="monitored") for row in fakes.TALKGROUPS)
    window, desk = open_desk(fakes.make(talkgroups=rows))
    space(window, QEvent.Type.KeyPress)
    assert "Velg en talegruppe" in window.talk_place.refusal
    assert desk.actions.done == []


# --- units, log, map ---


def test_search_finds_a_unit_and_enter_shows_it(open_desk: Open) -> None:
    window, _ = open_desk()
    spy = QSignalSpy(window.units.unit_chosen)
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    type_in("rykker amb")
    assert window.units.model.rowCount() > 0
    first = window.units.model.row(0)
    assert first.status_text == "Rykker ut"
    key(window, Qt.Key.Key_Return)
    assert spy.at(0) == [first.key]
    key(window, Qt.Key.Key_Escape)
    assert window.units.model.rowCount() == len(fakes.UNITS)
    key(window, Qt.Key.Key_Escape)
    assert window.tiles.has_focus()


def test_a_search_without_a_hit_says_what_to_do(open_desk: Open) -> None:
    window, _ = open_desk()
    window.units.search()
    type_in("zzz")
    assert window.units._empty.isVisible()
    assert "Esc" in window.units._empty.accessibleName()


def test_alarms_are_first_in_the_unit_list_and_urgency_next(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    rows = [window.units.model.row(n) for n in range(window.units.model.rowCount())]
    assert [row.alarm for row in rows[:3]] == ["raised", "acknowledged", None]
    urgencies = [row.urgency for row in rows[2:]]
    assert urgencies == sorted(urgencies, key=["red", "yellow", "green", "none"].index)


def test_a_unit_that_only_moves_repaints_nothing_in_the_list(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    changed = QSignalSpy(window.units.model.dataChanged)
    desk.units.edit("u3", lat=59.0, fixed_s=fakes.NOW_S)
    desk.units.edit("u4", status_text="Levert")
    qtbot.waitUntil(lambda: changed.count() > 0, timeout=20_000)
    assert changed.count() == 1


def test_new_log_rows_come_on_top_and_the_list_is_bounded(open_desk: Open) -> None:
    window, desk = open_desk()
    row = fakes.LOG[0]
    desk.log.append(*(replace(row, key=f"n{n}", text=f"nr {n}") for n in range(600)))
    assert window.log.model.rowCount() == 500
    assert window.log.model.row(0).text == "nr 599"
    key(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.log.list.hasFocus()


# --- top bar ---


def test_the_name_is_changed_in_place(open_desk: Open) -> None:
    window, desk = open_desk()
    QTest.mouseClick(window.top.person, LEFT)
    QTest.keyClicks(window.top.name_field, "Ola Æ. Ås")
    key(window, Qt.Key.Key_Return)
    assert desk.actions.done == [("person", "Ola Æ. Ås")]
    QTest.mouseClick(window.top.person, LEFT)
    QTest.keyClicks(window.top.name_field, "x")
    key(window, Qt.Key.Key_Escape)
    assert desk.actions.done == [("person", "Ola Æ. Ås")]
    assert window.top.person.isVisible()


def test_marks_and_links_tell_the_truth(open_desk: Open) -> None:
    window, desk = open_desk()
    top: TopBar = window.top
    assert not any(m.isVisible() for m in (top.exercise, top.undelivered))
    assert not window.notices.isVisible()
    tiles, alarms = window.tiles.geometry(), window.alarms.geometry()
    desk.status.edit(site_link="down", engine_link="down", undelivered=3, exercise=True)
    QTest.qWait(0)
    assert all(m.isVisible() for m in (top.exercise, top.undelivered))
    assert top.undelivered.text().endswith("3")
    assert window.notices.isVisible()
    assert (window.tiles.geometry(), window.alarms.geometry()) == (tiles, alarms)
    desk.status.edit(site_link="up", engine_link="up")
    assert not window.notices.isVisible()


def test_theme_and_language_change_while_it_runs(open_desk: Open, qtbot: QtBot) -> None:
    window, _ = open_desk(fakes.with_alarm())
    themes, languages = QSignalSpy(window.theme_chosen), QSignalSpy(window.language_chosen)
    night = window.grab().toImage().pixelColor(700, 500)
    window.top._themes["day"].trigger()
    window.top._languages["en"].trigger()
    acknowledge = window.alarms.card("a1").acknowledge
    qtbot.waitUntil(lambda: acknowledge.text() == "Acknowledge", timeout=20_000)
    assert (themes.at(0), languages.at(0)) == (["day"], ["en"])
    assert window.grab().toImage().pixelColor(700, 500) != night
    assert "HOLD TO TALK" in window.talk_place.accessibleName()
    window.top._languages["nn"].trigger()
    qtbot.waitUntil(lambda: window.top.date.text() == "tysdag 24. nov.", timeout=20_000)
    assert "HALD FOR Å SNAKKE" in window.talk_place.accessibleName()
    window.top._languages["nb"].trigger()
    qtbot.waitUntil(lambda: window.top.date.text() == "tirsdag 24. nov.", timeout=20_000)
    assert acknowledge.text() == "Kvitter"


def test_the_menu_opens_away_from_the_alarms(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    QTest.mouseClick(window.top.menu_button, LEFT)
    menu, alarms = window.top.menu, window.alarms
    assert menu.isVisible()
    assert not menu.geometry().intersects(QRect(alarms.mapToGlobal(QPoint()), alarms.size()))
    menu.close()


def test_help_never_covers_tiles_or_alarms(open_desk: Open) -> None:
    for size in ((1_366, 768), (1_920, 1_080)):
        window, _ = open_desk(fakes.with_alarm(), size=size)
        key(window, Qt.Key.Key_F12)
        assert window.help.isVisible()
        for other in (window.alarms, window.tiles):
            assert not window.help.geometry().intersects(other.geometry())
        key(window, Qt.Key.Key_Escape)
        assert not window.help.isVisible()


# --- for everybody ---


def test_every_control_has_a_name_and_can_be_reached_by_tab(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    kinds = (QAbstractButton, QSlider, QLineEdit)
    ours: list[QWidget] = [window.units.list, window.log.list]
    ours += [w for w in window.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    ours = [w for w in ours if not w.objectName().startswith("qt_") and w.isEnabled()]
    ours = [w for w in ours if not window.map_place.isAncestorOf(w)]
    assert all(w.accessibleName() for w in ours)
    reached = set()
    for tile in window.tiles.tiles():
        window.tiles.focus_key(tile.row.key)
        for _ in range(5):
            reached.add(QApplication.focusWidget())
            key(window, Qt.Key.Key_Tab)
    window.tiles.focus_current()
    for _ in range(60):
        key(window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    missed = [f"{type(w).__name__} {w.accessibleName()}" for w in ours if w not in reached]
    assert missed == []


def test_targets_are_large_enough(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm(), size=(1_366, 768))
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and not window.map_place.isAncestorOf(button):
            assert min(button.width(), button.height()) >= SMALLEST_TARGET


def test_focus_is_seen(open_desk: Open) -> None:
    window, _ = open_desk()
    for control in (window.tiles.tiles()[2], window.tiles.tiles()[2].mute, window.top.menu_button):
        window.log.list.setFocus()
        before = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        assert control.grab().toImage() != before


@SCREENS
@pytest.mark.parametrize("make", [fakes.with_alarm, fakes.cut_off, fakes.empty])
def test_no_words_are_clipped(
    open_desk: Open, make: Callable[[], fakes.Fakes], size: tuple[int, int], language: str
) -> None:
    window, _ = open_desk(make(), size=size, language=language)
    assert (window.width(), window.height()) == size
    for words in window.findChildren(Words):
        if words.isVisible():
            assert words.height() >= words.sizeHint().height()
            assert not words.elides() or words.text() in words.toolTip()
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and not window.map_place.isAncestorOf(button):
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            assert button.visibleRegion().boundingRect() == button.rect() or _scrolled(button)


def _scrolled(button: QAbstractButton) -> bool:
    """Half out of a list that can be scrolled."""
    card = button.parentWidget()
    return card is not None and card.visibleRegion().boundingRect() != card.rect()


def test_the_first_paint_comes_before_the_map(desk_app: QApplication, qtbot: QtBot) -> None:
    window = DeskWindow(fakes.make().sources(), NIGHT, "nb")
    qtbot.addWidget(window)
    order: list[str] = []
    window.painted.connect(lambda: order.append("painted" if not window.map_place.map else "late"))
    window.map_loaded.connect(lambda: order.append("map"))
    window.show()
    qtbot.waitUntil(lambda: "map" in order, timeout=20_000)
    assert order == ["painted", "map"]


def test_keys_are_all_bound_once(open_desk: Open) -> None:
    window, _ = open_desk()
    shortcuts = window.findChildren(QShortcut)
    of_pages = [s for s in shortcuts if isinstance(s.parent(), Page)]
    sequences = [s.key().toString() for s in shortcuts if s not in of_pages]
    assert len(sequences) == len(set(sequences))
    assert QKeySequence("F1").toString() in sequences
    assert not {s.key().toString() for s in of_pages} & set(sequences), "a page's keys are its own"
    for page in window.all_pages():
        ours = [s.key().toString() for s in of_pages if s.parent() is page]
        assert len(ours) == len(set(ours))


def test_the_help_stays_where_it_can_be_read_when_the_window_changes(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, _ = open_desk(size=(1_366, 768))
    window.pages.toggle_help()
    window.resize(1_920, 1_080)
    column = window._map_column
    qtbot.waitUntil(lambda: column.geometry().contains(window.help.geometry()))
    assert window.help.width() > 400


def test_a_name_that_was_typed_is_kept_unless_escape_was_meant(open_desk: Open) -> None:
    window, desk = open_desk()
    for name, leave in (("Ola Nordmann", Qt.Key.Key_Tab), ("Feil Navn", Qt.Key.Key_Escape)):
        window.top.person.click()
        window.top.name_field.setText(name)
        QTest.keyClick(window.windowHandle(), leave)
        assert window.top.name_field.isHidden()
    assert desk.actions.done == [("person", "Ola Nordmann")]


# --- sound outputs ---

DEVICES = (
    DeviceChoice("default"),
    DeviceChoice("null"),
    DeviceChoice("pulse:usb", "Jabra & Co"),
    DeviceChoice("Bord: USB Audio"),
)


def test_a_sound_output_is_chosen_in_the_menu(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(device_chosen="default")
    QTest.mouseClick(window.top.menu_button, LEFT)
    assert ("list-devices",) in desk.actions.done
    desk.status.edit(devices=DEVICES)
    actions = window.top.devices.actions()
    assert [one.text() for one in actions] == [
        "Det systemet velger", "Ingen lyd", "Jabra && Co", "Bord: USB Audio",
    ]  # fmt: skip
    assert [one.isChecked() for one in actions] == [True, False, False, False]
    actions[2].trigger()
    assert desk.actions.done[-1] == ("device", "pulse:usb")
    desk.status.edit(device_chosen="pulse:usb")
    assert [one.isChecked() for one in actions] == [False, False, True, False]
    window.top.menu.close()


def test_a_substitute_for_the_chosen_device_is_told(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(device="Høyttaler", device_note="Jabra has stopped")
    assert "Høyttaler" in window.top.device.text()
    assert any("Høyttaler" in one.what for one in notices(desk.status.status()))
    desk.status.edit(device="Jabra", device_note="")
    assert notices(desk.status.status()) == ()


# --- the microphone ---


def test_a_microphone_is_chosen_and_tried_in_the_menu(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    menu, level = window.top.microphone, window.top.microphone.level
    QTest.mouseClick(window.top.menu_button, LEFT)
    assert ("list-microphones",) in desk.actions.done
    assert not level.button.isEnabled(), "there is none yet"
    known = Microphone(
        chosen="pulse:usb", name="Jabra", state="ready", choices=DEVICES, side_tone=True
    )
    desk.status.edit(microphone=known)
    listed = [one for one in menu.actions() if one.data()]
    assert [one.text() for one in listed] == [
        "Det systemet velger", "Ingen mikrofon", "Jabra && Co", "Bord: USB Audio",
    ]  # fmt: skip
    assert [one.isChecked() for one in listed] == [False, False, True, False]
    listed[1].trigger()
    menu.suppress.trigger()
    assert desk.actions.done[-2:] == [("microphone", "null"), ("voice", False, True, True)]
    menu.popup(window.mapToGlobal(window.rect().center()))
    QTest.mouseClick(level.button, LEFT)
    assert desk.actions.done[-1] == ("hear-myself", True)
    assert menu.isVisible(), "it stays open, with the level"
    desk.status.edit(microphone=replace(known, hearing=True))
    assert level.button.text() == "Stopp"
    desk.status.peak_dbfs = -9.0
    qtbot.waitUntil(lambda: level.bar.lit > 20, timeout=20_000)
    desk.status.peak_dbfs = 0.0
    qtbot.waitUntil(lambda: level.words.text() == "For høyt", timeout=20_000)
    menu.close()
    window.top.menu.close()


def test_a_microphone_that_is_gone_is_missed_only_by_who_relies_on_it(open_desk: Open) -> None:
    _, desk = open_desk()
    gone = Microphone(chosen="null", state="none", note="")
    desk.status.edit(microphone=gone)
    assert notices(desk.status.status()) == ()
    lost = replace(gone, chosen="default", state="lost", note="no microphone was found")
    desk.status.edit(microphone=lost)
    assert notices(desk.status.status()) == ()
    desk.status.edit(microphone=replace(lost, chosen="pulse:usb", relied_on=True))
    assert [one.what for one in notices(desk.status.status())] == ["Mikrofonen er ikke der."]


@pytest.mark.parametrize(("chosen", "state", "told"), [
    ("default", "none", "Det finnes ingen mikrofon. Sett i en, eller velg en i menyen."),
    ("default", "lost", "Mikrofonen er ikke der. Sett den i igjen, eller velg en annen i menyen."),
    ("pulse:usb", "none", "Mikrofonen er ikke der. Sett den i, eller velg en annen i menyen."),
])  # fmt: skip
def test_what_was_never_there_is_not_to_be_plugged_in_again(
    open_desk: Open, chosen: str, state: MicrophoneState, told: str
) -> None:
    _, desk = open_desk()
    wanted = Microphone(chosen=chosen, state=state, note="none found", relied_on=True)
    desk.status.edit(microphone=wanted)
    assert [f"{one.what} {one.meaning}" for one in notices(desk.status.status())] == [told]


def test_pictures_in_a_name_leave_no_box(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(site="Legevakta \U0001f691 i Tønsberg \u2764\ufe0f")
    assert window.top.site.text() == "Legevakta i Tønsberg"
    assert plain("Skift ← ↑ → ↓ − · «Åse» 24 °C € ½") == "Skift ← ↑ → ↓ − · «Åse» 24 °C € ½"
    assert plain("\U0001f468\u200d\U0001f692") == "?", "it is somebody's name all the same"
    with_it = window.top.site.grab().toImage()
    desk.status.edit(site="Legevakta i Tønsberg")
    assert window.top.site.text() == "Legevakta i Tønsberg"
    without = window.top.site.grab().toImage()
    width = min(with_it.width(), without.width())
    assert with_it.copy(0, 0, width, with_it.height()) == without.copy(
        0, 0, width, without.height()
    )


# --- a mute of all ---


def test_all_voices_are_muted_by_key_and_button_and_heard_again_by_one_press(
    open_desk: Open,
) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(window.master.mute, LEFT)
    assert desk.actions.done == [("mute-all", True), ("mute-all", True)]
    assert not window.mute_bar.isVisible()
    desk.actions.done.clear()
    desk.status.edit(muted_until_s=desk.clock.now_s() + 29.2)
    assert window.mute_bar.isVisible()
    QTest.mouseClick(window.mute_bar.button, LEFT)
    key(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(window.master.mute, LEFT)
    assert desk.actions.done == [("mute-all", False)] * 3
    desk.status.edit(muted_until_s=None)
    assert not window.mute_bar.isVisible()


def test_a_mute_of_all_says_how_long_still_and_moves_no_tile(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    tiles, alarms = window.tiles.geometry(), window.alarms.geometry()
    until_s = desk.clock.now_s() + 29.2
    desk.status.edit(muted_until_s=until_s)
    QTest.qWait(0)
    assert "30 s" in window.mute_bar.accessibleName()
    assert (window.tiles.geometry(), window.alarms.geometry()) == (tiles, alarms)
    desk.clock.time_s = until_s - 12.5
    qtbot.waitUntil(lambda: "13 s" in window.mute_bar.accessibleName(), timeout=20_000)
    desk.clock.time_s = until_s + 5
    qtbot.waitUntil(lambda: " 0 s" in window.mute_bar.accessibleName(), timeout=20_000)
    assert window.mute_bar.isVisible(), "until the engine says that voices are heard again"


def test_equal_loudness_is_switched_in_the_menu(open_desk: Open) -> None:
    window, desk = open_desk()
    assert window.top._evened.isChecked()
    window.top._evened.trigger()
    assert desk.actions.done == [("evened", False)]
    desk.status.edit(evened=False)
    assert not window.top._evened.isChecked()


def test_the_command_line_knows_how_small_the_window_can_be(open_desk: Open) -> None:
    window, _ = open_desk(size=(1, 1))
    assert (window.width(), window.height()) == LEAST_SIZE
