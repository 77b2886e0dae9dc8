"""Recall and catch-up at the desk: keys, the button on a tile, and what is said meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from audio import protocol
from console.desk import news
from console.desk.wishes import Wishes
from console.models.actions import DeskActions
from console.models.alarms import AlarmModel
from console.models.log import LogModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from tests.desk.test_intake import Bench, spec
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_window import LEFT, NONE, key
from widgets.contracts.rows import DeskStatus, Replay

SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAYING = Replay("playing", "Tønsberg-LV", "LV-lege 12", fakes.NOW_S - 60, 1.5, 2)
BURST = protocol.BurstInfo(
    "1795554000000-00000000", "lv1@gw.local", 7, "LV-lege 12", 1_795_554_000_000, 4_000, "opus",
    True, False,
)  # fmt: skip


def test_one_key_recalls_the_group_with_the_focus_else_the_last_of_all(open_desk: Open) -> None:
    window, desk = open_desk()
    keys = desk.talkgroups.keys()
    window.tiles.focus_key(keys[3])
    key(window, Qt.Key.Key_R)
    key(window, Qt.Key.Key_R, SHIFT)
    window.tiles.focus_key(keys[4])
    key(window, Qt.Key.Key_C)
    key(window, Qt.Key.Key_C, SHIFT)
    window.log.list.setFocus()
    key(window, Qt.Key.Key_R)
    key(window, Qt.Key.Key_C)
    assert desk.actions.done == [
        ("recall", keys[3]), ("recall", ""), ("catch-up", keys[4]), ("catch-up", ""),
        ("recall", ""), ("catch-up", ""),
    ]  # fmt: skip


def test_letters_typed_into_the_search_recall_nothing(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    for code, modifiers in ((Qt.Key.Key_R, NONE), (Qt.Key.Key_C, SHIFT)):
        key(window, code, modifiers)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text().lower() == "rc"
    assert desk.actions.done == []


def test_what_is_heard_again_is_said_and_escape_stops_it(open_desk: Open) -> None:
    window, desk = open_desk()
    assert window.replay.isHidden()
    desk.status.edit(replay=PLAYING)
    assert window.replay.accessibleName() == (
        "Spiller av Tønsberg-LV LV-lege 12 · 21:59:07 · 1,5× · 2 igjen"
    )
    window.pages.toggle_help()
    key(window, Qt.Key.Key_Escape)
    assert desk.actions.done == [("stop-replay",)]
    assert not window.help.isHidden(), "one thing at a time"
    desk.status.edit(replay=None)
    assert window.replay.isHidden()
    key(window, Qt.Key.Key_Escape)
    assert desk.actions.done == [("stop-replay",)]
    assert window.help.isHidden()
    desk.status.edit(replay=PLAYING)
    QTest.mouseClick(window.replay.stop, LEFT)
    assert desk.actions.done == [("stop-replay",)] * 2


@pytest.mark.parametrize(
    ("state", "words"),
    [("waiting-live", "den valgte gruppen snakker"), ("waiting-alarm", "alarm")],
)
def test_why_it_waits_is_said(open_desk: Open, state: str, words: str) -> None:
    window, desk = open_desk()
    desk.status.edit(replay=Replay(state, "AMK-VESTF-1"))  # type: ignore[arg-type]  # of a table
    assert words in window.replay.accessibleName()
    assert window.replay.is_playing


def test_that_there_was_nothing_is_said_and_goes_by_itself(open_desk: Open, qtbot: QtBot) -> None:
    window, desk = open_desk()
    window.replay._leave.setInterval(300)
    desk.status.edit(replay=Replay("nothing", time_s=1.0))
    assert window.replay.accessibleName() == "Ingenting å spille av."
    assert not window.replay.is_playing
    qtbot.waitUntil(window.replay.isHidden, timeout=10_000)
    desk.status.edit(replay=Replay("nothing", time_s=2.0))
    assert not window.replay.isHidden(), "once more when the key is pressed once more"


@pytest.mark.parametrize("size", [(1_366, 768), (1_920, 1_080)])
def test_missed_calls_are_counted_on_the_tile_and_one_click_plays_them(
    open_desk: Open, size: tuple[int, int]
) -> None:
    window, desk = open_desk(size=size)
    keys = desk.talkgroups.keys()
    tile = window.tiles.tile(keys[2])
    places = [one.geometry() for one in (tile.send, tile.mute, tile.volume)]
    assert tile.missed.isHidden()
    desk.talkgroups.edit(keys[2], missed=3)
    assert tile.missed.isVisible()
    assert (tile.missed.text(), tile.missed.accessibleName()) == (
        "3", "Ikke hørt i AMK-VESTF-2: 3. Hør det nå",
    )  # fmt: skip
    assert tile.rect().contains(tile.missed.geometry())
    assert [one.geometry() for one in (tile.send, tile.mute, tile.volume)] == places
    QTest.mouseClick(tile.missed, LEFT)
    assert desk.actions.done == [("catch-up", keys[2])]
    desk.talkgroups.edit(keys[2], missed=1_000)
    assert tile.missed.text() == "99"
    assert tile.rect().contains(tile.missed.geometry())
    desk.talkgroups.edit(keys[2], missed=0)
    assert tile.missed.isHidden()


def test_the_speed_is_chosen_in_the_menu(open_desk: Open) -> None:
    window, desk = open_desk()
    lines = [action.text() for action in window.top.menu.actions()]
    assert "Avspillingsfart 1,5×" in lines, "also before it is opened"
    actions = {action.text(): action for action in window.top.speed.actions()}
    assert actions["1,5×"].isChecked()
    actions["2×"].trigger()
    assert desk.actions.done == [("speed", 2.0)]


def test_that_nothing_can_be_kept_is_said_calmly(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(recall_note="No space left on device")
    assert window.notices.isVisible()


# --- behind the window ---


def test_hands_become_commands_with_a_name() -> None:
    store, sent = SiteStore(), list[protocol.Command]()
    status = StatusModel(DeskStatus(position="Plass 1"))
    talkgroups = TalkgroupModel(store, settings={}, order=(), unheard=lambda _key: "")
    actions = DeskActions(
        store=store, talkgroups=talkgroups, alarm_model=AlarmModel(store), status=status,
        to_engine=sent.append, publish=lambda *_body, **_more: True,
    )  # fmt: skip
    actions.recall("a@h")
    status.set(person="Kari")
    actions.set_catch_up_speed(2.0)
    actions.catch_up("a@h")
    actions.catch_up("")
    actions.stop_replay()
    assert sent == [
        protocol.Recall("a@h", who="Plass 1"),
        protocol.SetReplaySpeed(2.0),
        protocol.CatchUp(("a@h",), speed=2.0, who="Kari"),
        protocol.CatchUp((), speed=2.0, who="Kari"),
        protocol.StopReplay(),
    ]


def test_the_engines_word_becomes_what_is_shown(qtbot: QtBot) -> None:
    bench = Bench()
    told = protocol.ReplayChanged("playing", "catch-up", BURST, 1.5, 2)
    bench.intake.take([news.EngineSaid(told)])
    assert bench.status.status().replay == Replay(
        "playing", "lv1", "LV-lege 12", 1_795_554_000.0, 1.5, 2
    )
    paused = protocol.ReplayChanged("paused", "catch-up", BURST, 1.5, 2, "alarm")
    bench.intake.take([news.EngineSaid(paused)])
    shown = bench.status.status().replay
    assert shown is not None
    assert shown.state == "waiting-alarm"
    bench.intake.take([news.EngineSaid(protocol.ReplayChanged("idle"))])
    assert bench.status.status().replay is None
    bench.intake.take([news.EngineSaid(protocol.Refused("recall", "nothing"))])
    shown = bench.status.status().replay
    assert shown is not None
    assert shown.state == "nothing"
    bench.intake.take([news.EngineSaid(told), news.EngineIs("down", "killed")])
    assert bench.status.status().replay is None


def test_a_desk_that_came_later_shows_the_replay_and_one_that_missed_its_end_ends_it(
    qtbot: QtBot,
) -> None:
    bench = Bench()
    told = protocol.ReplayChanged("playing", "recall", BURST)
    for replay, expected in ((told, "playing"), (None, None)):
        bench.intake.take([news.EngineSaid(protocol.Status((), "null", "none", replay=replay))])
        shown = bench.status.status().replay
        assert (shown.state if shown else None) == expected
    bench.intake.take([news.EngineSaid(protocol.Refused("recall", "nothing"))])
    bench.intake.take([news.EngineSaid(protocol.Status((), "null", "none"))])
    shown = bench.status.status().replay
    assert shown is not None, "that there was nothing goes by itself"


def test_missed_calls_of_the_engine_come_onto_the_tile(qtbot: QtBot) -> None:
    bench = Bench()
    figures = protocol.StreamFigures(
        "lv1@gw.local", 0, spec("lv1"), protocol.SetMix("lv1@gw.local"), True, False, missed=4
    )
    status = protocol.Status((figures,), "null", "none", recall=protocol.RecallFigures(note="full"))
    bench.intake.take([news.EngineSaid(status)])
    assert bench.talkgroups.row("lv1@gw.local").missed == 4
    assert bench.status.status().recall_note == "full"


def test_who_took_a_call_out_stands_in_the_log(qtbot: QtBot) -> None:
    log = LogModel(SiteStore(), now_s=lambda: 100.0)
    log.note_export(protocol.Exported(BURST, "/tmp/x.wav", "wav", "Kari", 4.0))
    for _ in range(2):
        [row] = log.rows()
        assert (row.kind, row.who, row.time_s, row.talkgroup) == ("exported", "Kari", 100.0, "lv1")
        assert "LV-lege 12" in row.text
        assert "/tmp/x.wav" in row.text
        log.retranslate()


def test_how_long_calls_are_kept_is_a_lasting_wish() -> None:
    wishes = Wishes()
    wishes.note(protocol.KeepBursts(24))
    wishes.note(protocol.KeepBursts(0))
    wishes.note(protocol.Recall())
    assert wishes.all() == (protocol.KeepBursts(0),)
