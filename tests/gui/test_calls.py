"""Kept calls: listed, written to files that replace none, and kept for as long as is chosen."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.models.calls import CallModel, fits
from console.models.status import StatusModel
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.test_window import LEFT, key
from widgets.contracts.rows import DeskStatus, Saving
from widgets.retention import GRACE_S
from widgets.save import SaveDialog, file_name, free
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
FIRST = fakes.CALLS[0]
NAME = "2026-11-24_21-59-27_AMK-VESTF-1_AMB-3-1-Tønsberg"


def open_calls(window: DeskWindow) -> None:
    key(window, Qt.Key.Key_R, CTRL)
    assert window.calls.isVisible()


def dialog_of(window: DeskWindow) -> SaveDialog:
    dialog = window.calls.dialog
    assert dialog is not None
    assert QTest.qWaitForWindowActive(dialog, 5_000)
    return dialog


def name_field(dialog: SaveDialog) -> QLineEdit:
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    return field


def name_it(dialog: SaveDialog, words: str) -> None:
    """As a hand does: over what stands there, then Enter."""
    field = name_field(dialog)
    field.selectAll()
    QTest.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_key_lists_the_group_with_the_focus_else_all(open_desk: Open) -> None:
    window, desk = open_desk()
    keys = desk.talkgroups.keys()
    window.tiles.focus_key(keys[3])
    open_calls(window)
    assert window.calls.list.hasFocus()
    assert desk.actions.done == [("calls", keys[3], "")]
    key(window, Qt.Key.Key_Escape)
    assert window.calls.isHidden()
    assert window.tiles.has_focus()
    window.log.list.setFocus()
    open_calls(window)
    key(window, Qt.Key.Key_R, CTRL)
    assert window.calls.isHidden()
    window.top._calls.trigger()
    assert window.calls.isVisible()
    assert desk.actions.done[1:] == [("calls", "", "")] * 2


def test_it_asks_again_while_it_is_seen_and_not_after(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    window.calls._again.setInterval(50)
    open_calls(window)
    qtbot.waitUntil(lambda: len(desk.actions.done) > 3, timeout=20_000)
    window.pages.toggle(window.diagnostics)
    asked = len(desk.actions.done)
    QTest.qWait(200)
    assert len(desk.actions.done) == asked


def test_rows_say_who_when_where_how_long_and_what_was_missed(open_desk: Open) -> None:
    window, desk = open_desk()
    open_calls(window)
    said = [window.calls.model.index(n).data() for n in range(len(fakes.CALLS))]
    assert said[1] == "21:58:40, LV-lege 12, Tønsberg-LV, 0:12, ikke hørt"
    assert said[6].startswith("23.11. 20:10:07, Helikopter 1-1 «Saver»")
    assert window.calls.title.text() == "Anrop i alle grupper"
    desk.calls.tell(group="Tønsberg-LV", list=[fakes.CALLS[1]])
    assert window.calls.title.text() == "Anrop i Tønsberg-LV"
    desk.calls.tell(list=[])
    assert window.calls._empty.isVisible()
    assert not window.calls.save.isEnabled()


def test_older_pages_and_back(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.calls.is_more = True
    window.pages.show_calls("")
    page = window.calls
    assert page.newer.isHidden()
    QTest.mouseClick(page.older, LEFT)
    assert desk.actions.done[-1] == ("calls", "", fakes.CALLS[-1].key)
    desk.calls.tell(list=[replace(FIRST, key="1")], is_more=False)
    assert page.older.isHidden()
    QTest.mouseClick(page.newer, LEFT)
    assert desk.actions.done[-1] == ("calls", "", "")


def test_news_leaves_the_chosen_call_chosen(open_desk: Open) -> None:
    window, desk = open_desk()
    open_calls(window)
    key(window, Qt.Key.Key_Down)
    key(window, Qt.Key.Key_Down)
    newer = replace(FIRST, key="1795554000999-00000000")
    desk.calls.tell(list=[newer, *fakes.CALLS])
    assert window.calls._current() == fakes.CALLS[2]


def test_a_call_is_saved_under_the_name_that_is_offered(open_desk: Open, tmp_path: Path) -> None:
    window, desk = open_desk()
    window.calls._folder = tmp_path
    open_calls(window)
    key(window, Qt.Key.Key_Return)
    dialog = dialog_of(window)
    assert not dialog.isModal(), "an alarm can be answered while it is open"
    field = name_field(dialog)
    assert field.text() == f"{NAME}.wav"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.actions.done[-1] == ("save", FIRST.key, str(tmp_path / f"{NAME}.wav"), "wav")
    assert window.calls.dialog is None
    QTest.qWait(50)
    assert window.calls.list.hasFocus()


def test_the_other_form_changes_the_names_end(open_desk: Open, tmp_path: Path) -> None:
    window, desk = open_desk()
    window.calls._folder = tmp_path
    open_calls(window)
    QTest.mouseClick(window.calls.save, LEFT)
    dialog = dialog_of(window)
    dialog.selectNameFilter("Ogg Opus (*.ogg)")
    dialog.filterSelected.emit("Ogg Opus (*.ogg)")
    assert name_field(dialog).text() == f"{NAME}.ogg"
    name_it(dialog, "rapport")
    assert desk.actions.done[-1] == ("save", FIRST.key, str(tmp_path / "rapport.ogg"), "ogg")


def test_what_is_no_opus_is_offered_as_wav_alone(open_desk: Open, tmp_path: Path) -> None:
    window, desk = open_desk()
    window.calls._folder = tmp_path
    open_calls(window)
    key(window, Qt.Key.Key_Down)
    key(window, Qt.Key.Key_Down)
    key(window, Qt.Key.Key_Return)
    dialog = dialog_of(window)
    assert dialog.nameFilters() == ["WAV (*.wav)"]
    name_it(dialog, "x.ogg")
    assert desk.actions.done[-1][2:] == (str(tmp_path / "x.ogg.wav"), "wav")


def test_a_file_that_is_there_is_never_replaced_and_that_is_said(
    open_desk: Open, tmp_path: Path
) -> None:
    window, desk = open_desk()
    window.calls._folder = tmp_path
    (tmp_path / f"{NAME}.wav").write_bytes(b"mine")
    (tmp_path / "mitt.wav").write_bytes(b"mine")
    open_calls(window)
    key(window, Qt.Key.Key_Return)
    dialog = dialog_of(window)
    assert name_field(dialog).text() == f"{NAME}-2.wav", "another is offered at once"
    before = list(desk.actions.done)
    name_it(dialog, "mitt.wav")
    assert dialog.isVisible()
    assert dialog.windowTitle() == "mitt.wav: Finnes allerede. Nytt navn:"
    assert desk.actions.done == before
    name_it(dialog, "mitt")
    assert dialog.isVisible(), "nor with the end that is put to it"
    name_it(dialog, "ditt")
    assert desk.actions.done[-1] == ("save", FIRST.key, str(tmp_path / "ditt.wav"), "wav")
    assert (tmp_path / "mitt.wav").read_bytes() == b"mine"


def test_an_alarm_closes_the_dialog_and_its_keys_work_at_once(
    open_desk: Open, tmp_path: Path
) -> None:
    window, desk = open_desk()
    window.calls._folder = tmp_path
    open_calls(window)
    key(window, Qt.Key.Key_Return)
    dialog_of(window)
    desk.alarms.put(fakes.ALARM)
    assert window.calls.dialog is None
    assert window.calls.isHidden()
    assert QTest.qWaitForWindowActive(window, 5_000)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.tiles.isAncestorOf(focused), "not in the search, where keys would be text"
    desk.clock.let_hand_react()
    key(window, Qt.Key.Key_F1)
    assert desk.actions.done[-1] == ("acknowledge", "a1")


def test_cancelling_saves_nothing(open_desk: Open, tmp_path: Path) -> None:
    window, desk = open_desk()
    window.calls._folder = tmp_path
    open_calls(window)
    key(window, Qt.Key.Key_Return)
    box = dialog_of(window).findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    QTest.mouseClick(box.button(QDialogButtonBox.StandardButton.Cancel), LEFT)
    assert window.calls.dialog is None
    assert not [one for one in desk.actions.done if one[0] == "save"]


def test_nobody_saves_without_a_name(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(person="", position="")
    open_calls(window)
    assert "Skriv navnet ditt" in window.calls.note.text()
    key(window, Qt.Key.Key_Return)
    QTest.mouseClick(window.calls.save, LEFT)
    assert window.calls.dialog is None
    desk.status.edit(person="Kari")
    assert window.calls.note.text() == "Det noteres hvem som lagrer et anrop som fil: Kari."
    assert window.calls.save.isEnabled()


@pytest.mark.parametrize(
    ("saving", "words"),
    [
        (Saving("under-way", "/tmp/a.wav"), "Lagrer a.wav …"),
        (Saving("done", "/tmp/a.wav"), "Lagret: /tmp/a.wav"),
        (Saving("failed", "/tmp/a.wav", "no room"), "a.wav ble ikke lagret: no room"),
    ],
)
def test_how_it_went_is_told(open_desk: Open, saving: Saving, words: str) -> None:
    window, desk = open_desk()
    open_calls(window)
    desk.calls.tell(saving=saving)
    assert window.calls.note.text() == words
    assert window.calls.note.accessibleName() == words


# --- names ---


@given(st.text(max_size=200), st.text(max_size=200))
def test_names_are_taken_by_every_system(group: str, who: str) -> None:
    name = file_name(replace(FIRST, group=group, who=who)) + "-99.wav"
    assert len(name.encode()) < 255
    assert not set('<>:"/\\|?*').intersection(name)
    assert all(unicodedata.category(c)[0] in "LN" or c in "-_." for c in name)
    assert not name.startswith((".", "-"))
    with tempfile.TemporaryDirectory() as folder:
        os.close(os.open(Path(folder, name), os.O_CREAT))


def test_a_name_without_end_is_not_looked_for(tmp_path: Path) -> None:
    for n in range(1, 100):
        (tmp_path / ("a.wav" if n == 1 else f"a-{n}.wav")).touch()
    assert free(tmp_path, "a", ".wav") == ""
    assert free(tmp_path, "b", ".wav") == "b.wav"


# --- how long ---


def choose_hours(window: DeskWindow, n: int) -> None:
    window.top.hours.actions()[n].trigger()


def test_longer_is_done_at_once_and_shorter_is_asked_first(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    window.retention._tick.setInterval(20)
    choose_hours(window, 3)
    assert desk.actions.done == [("hours", 72.0)]
    choose_hours(window, 1)
    assert desk.actions.done == [("hours", 72.0)]
    assert window.retention.accessibleName() == ("Ta vare på anrop i 8 t? Eldre slettes for godt.")
    assert window.top.hours.actions()[2].isChecked(), "as it still is"
    assert window.retention.no.hasFocus(), "Enter keeps them"
    QTest.mouseClick(window.retention.yes, LEFT)
    assert desk.actions.done == [("hours", 72.0)], "there is a way back"
    assert "slettes om 10 s" in window.retention.accessibleName()
    desk.clock.time_s += GRACE_S - 0.5
    QTest.qWait(100)
    assert desk.actions.done == [("hours", 72.0)]
    desk.clock.time_s += 1.0
    qtbot.waitUntil(window.retention.isHidden, timeout=20_000)
    assert desk.actions.done == [("hours", 72.0), ("hours", 8.0)]


@pytest.mark.parametrize("after_yes", [False, True])
@pytest.mark.parametrize("how", ["escape", "button", "enter"])
def test_a_way_back_until_the_end(open_desk: Open, qtbot: QtBot, after_yes: bool, how: str) -> None:
    window, desk = open_desk()
    window.retention._tick.setInterval(20)
    choose_hours(window, 0)
    assert window.retention.yes.text() == "Slett alle anrop"
    if after_yes:
        QTest.mouseClick(window.retention.yes, LEFT)
    if how == "button":
        QTest.mouseClick(window.retention.no, LEFT)
    else:
        key(window, Qt.Key.Key_Escape if how == "escape" else Qt.Key.Key_Return)
    assert window.retention.isHidden()
    desk.clock.time_s += 2 * GRACE_S
    QTest.qWait(100)
    assert desk.actions.done == []


def test_a_clock_that_is_set_deletes_nothing_too_early(open_desk: Open) -> None:
    window, desk = open_desk()
    window.retention._tick.setInterval(20)
    choose_hours(window, 1)
    QTest.mouseClick(window.retention.yes, LEFT)
    desk.clock.time_s -= 3_600
    QTest.qWait(100)
    assert "slettes om 10 s" in window.retention.accessibleName()
    assert desk.actions.done == []


@SCREENS
def test_no_question_is_cut(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, _ = open_desk(size=size, language=language)
    for n in (0, 1):
        choose_hours(window, n)
        for _ in range(2):
            QTest.qWait(20)
            assert not window.retention.elides()
            for button in (window.retention.no, window.retention.yes):
                assert button.isHidden() or button.width() >= button.sizeHint().width()
            inside = window.retention.rect().translated(window.retention.mapTo(window, QPoint()))
            assert not inside.intersects(
                window.alarms.rect().translated(window.alarms.mapTo(window, QPoint()))
            )
            window.retention.yes.click()


def test_every_stop_of_the_page_is_reached_and_named(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.calls.is_more = True
    open_calls(window)
    names = []
    for _ in range(5):
        here = QApplication.focusWidget()
        assert here is not None
        names.append(here.accessibleName())
        key(window, Qt.Key.Key_Tab)
    assert names == [
        "Anrop som er tatt vare på, nyeste først", "Lagre det valgte anropet som fil",
        "Vis eldre anrop", "Til et eget vindu: Anrop i alle grupper", "Lukk denne siden",
    ]  # fmt: skip


# --- the model ---

BURST = p.BurstInfo(
    "1795554000000-00000000", "lv1@gw.local", 7, "", 1_795_554_000_000, 4_000, "PCMA", True, True
)  # fmt: skip


class Bench:
    def __init__(self) -> None:
        self.status = StatusModel(DeskStatus(engine_link="up"))
        self.sent: list[p.Command] = []
        self.now_s = 100.0
        self.model = CallModel(
            self.status, to_engine=self.sent.append, name=str.upper, ticks_s=lambda: self.now_s
        )
        self.asked = p.Export(BURST.burst, "/tmp/a.wav", "wav", "Kari")


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def test_answers_become_rows_and_those_to_another_question_do_not(bench: Bench) -> None:
    model = bench.model
    model.ask("lv1@gw.local", "")
    model.take(p.Bursts((BURST,), is_more=True))
    [row] = model.rows()
    assert (row.group, row.who, row.seconds, row.missed, row.is_opus) == (
        "LV1@GW.LOCAL", "Unknown", 4.0, True, False,
    )  # fmt: skip
    assert model.is_more
    model.ask("lv2@gw.local", "")
    assert model.rows() == ()
    model.take(p.Bursts((BURST,)))
    assert model.rows() == (), "a late answer"
    assert bench.sent == [p.ListBursts(one, limit=100) for one in ("lv1@gw.local", "lv2@gw.local")]


def test_an_answer_fits_its_stream_and_its_page() -> None:
    assert fits(p.ListBursts(), (BURST,))
    assert fits(p.ListBursts("lv1@gw.local", "1795554000001-00000000"), (BURST,))
    assert not fits(p.ListBursts("", BURST.burst), (BURST,))


def test_saving_ends_with_the_engines_word_about_this_very_file(bench: Bench) -> None:
    model = bench.model
    model.save(bench.asked)
    assert bench.sent == [bench.asked]
    assert model.saving == Saving("under-way", "/tmp/a.wav")
    model.take(p.Exported(BURST, "/tmp/b.wav", "wav", "another", 4.0))
    model.take(p.Refused("recall", "nothing is kept"))
    assert model.saving == Saving("under-way", "/tmp/a.wav")
    model.take(p.Exported(BURST, "/tmp/a.wav", "wav", "Kari", 4.0))
    assert model.saving == Saving("done", "/tmp/a.wav")
    model.save(bench.asked)
    model.take(p.Refused("export", "no room"))
    assert model.saving == Saving("failed", "/tmp/a.wav", "no room")
    model.ask("lv1@gw.local", "")
    assert model.saving is None, "another group: that is told"


def test_an_engine_that_goes_meanwhile_has_saved_nothing(bench: Bench) -> None:
    bench.model.save(bench.asked)
    bench.status.set(engine_link="down")
    assert bench.model.saving is not None
    assert bench.model.saving.state == "failed"
    bench.sent.clear()
    bench.model.save(bench.asked)
    assert bench.model.saving.state == "failed"
    assert bench.sent == []


def test_an_answer_that_was_lost_on_the_way_is_not_waited_for_without_end(bench: Bench) -> None:
    bench.model.save(bench.asked)
    for seconds, state in ((59.0, "under-way"), (2.0, "failed")):
        bench.now_s += seconds
        bench.model.ask("", "")
        assert bench.model.saving is not None
        assert bench.model.saving.state == state
    bench.model.take(p.Exported(BURST, "/tmp/a.wav", "wav", "Kari", 4.0))
    assert bench.model.saving == Saving("done", "/tmp/a.wav"), "it came late"
