"""A loudspeaker beside the headset, as a person chooses it and is told of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.desk.intake import Intake, Models
from console.desk.listening import Listening
from console.desk.news import EngineSaid
from console.models.actions import DeskActions
from console.models.alarms import AlarmModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.settings import TileSettings
from tests.gui.conftest import Open
from widgets.contracts.rows import DeskStatus, DeviceChoice
from widgets.notices import notices

DEVICES = (DeviceChoice("default"), DeviceChoice("null"), DeviceChoice("pulse:spk", "Vegg & Co"))
STREAM = "lv1@gw.local"


# --- what is seen ---


def test_the_loudspeaker_and_its_volume_are_chosen_in_the_menu(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(devices=DEVICES)
    menu = window.top.speaker
    assert menu.title() == "Høyttaler for medlyttede grupper"
    names = [one.text() for one in menu.outputs]
    assert names == ["Ingen", "Det systemet velger", "Vegg && Co"], "silence is no loudspeaker"
    assert [one.isChecked() for one in menu.outputs] == [True, False, False]
    assert not any(one.isEnabled() for one in menu.levels)
    menu.outputs[2].trigger()
    assert desk.actions.done[-1] == ("second", "pulse:spk")
    desk.status.edit(second_chosen="pulse:spk")
    assert [one.isChecked() for one in menu.outputs] == [False, False, True]
    next(one for one in menu.levels if one.data() == -12).trigger()
    assert ("second-gain", -12.0) in desk.actions.done
    desk.status.edit(second_gain_db=-12.0)
    assert [one.data() for one in menu.levels if one.isChecked()] == [-12]
    menu.outputs[0].trigger()
    assert desk.actions.done[-1] == ("second", "")


def test_a_key_puts_a_group_on_the_other_device_while_there_are_two(open_desk: Open) -> None:
    window, desk = open_desk()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_H)
    assert not any(one[0] == "output" for one in desk.actions.done)
    desk.status.edit(second_chosen="pulse:spk")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_H)
    assert desk.actions.done[-1][0] == "output"


def test_a_tile_says_that_it_is_heard_from_the_loudspeaker(open_desk: Open) -> None:
    window, desk = open_desk()
    key = desk.talkgroups.keys()[1]
    assert "øyttaler" not in window.tiles.tile(key).toolTip()
    desk.talkgroups.edit(key, on_speaker=True)
    assert "Høres i høyttaleren." in window.tiles.tile(key).toolTip()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, []),
        ({"second_note": "SPK is gone"}, ["Høyttaleren spiller ikke."]),
        ({"device": "", "device_lost": True}, ["Lydenheten er borte."]),
        ({"device": "SPK", "device_note": "HEADSET is gone"}, ["Lydenheten er borte."]),
    ],
)
def test_what_is_lost_is_told_and_where_it_is_heard_instead(
    open_desk: Open, fields: dict[str, object], words: list[str]
) -> None:
    _, desk = open_desk()
    desk.status.edit(second_chosen="pulse:spk", second_device="Vegg")
    desk.status.edit(**fields)
    told = notices(desk.status.status())
    assert [one.what for one in told] == words
    if "second_note" not in fields:
        assert all(one.meaning == "Alt høres i Vegg." for one in told)
    desk.status.edit(second_chosen="")
    assert all(one.meaning != "Alt høres i Vegg." for one in notices(desk.status.status()))


# --- what the models make of it ---


class Bench:
    def __init__(self) -> None:
        self.store, self.status = SiteStore(), StatusModel(DeskStatus())
        self.alarms = AlarmModel(self.store)
        self.talkgroups = TalkgroupModel(
            self.store, settings={STREAM: TileSettings()}, order=(), unheard=lambda _key: ""
        )
        self.sent: list[p.Command] = []
        self.talkgroups.mix_changed.connect(self.sent.append)
        self.actions = DeskActions(
            store=self.store, talkgroups=self.talkgroups, alarm_model=self.alarms,
            status=self.status, to_engine=self.sent.append, publish=lambda *_, **__: True,
        )  # fmt: skip
        self.intake = Intake(
            Models(self.store, self.talkgroups, self.alarms, self.status),
            Listening(interface=None, keys=None, unicast_ports={}),
            self.sent.append,
            lambda: False,
        )

    def say(self, event: p.Event) -> None:
        self.intake.take((EngineSaid(event),))

    def hear(self, output: p.DeviceRole = "headset") -> None:
        """The engine's picture: one stream, two devices."""
        spec = p.StreamSpec(STREAM, 5004, 111, "opus", 48_000, 2, group="239.77.1.1")
        mix = self.talkgroups.mix(STREAM)
        figures = p.StreamFigures(STREAM, 0, spec, mix, True, False, output=output)
        second = p.SecondFigures("Vegg", "playing")
        self.say(p.Status((figures,), "Hodesett", "playing", second=second))


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def test_a_choice_is_told_to_the_engine_and_to_who_remembers(bench: Bench) -> None:
    chosen: list[str] = []
    bench.actions.second_changed.connect(chosen.append)
    bench.actions.choose_second("pulse:spk")
    assert bench.sent == [p.SetSecondDevice("pulse:spk")]
    assert chosen == ["pulse:spk"]
    bench.status.set(master_gain_db=-3.0, evened=False)
    bench.actions.set_second_gain(-12.0)
    assert bench.sent[-1] == p.SetMaster(-3.0, evened=False, second_db=-12.0)
    bench.status.set(second_gain_db=-12.0)
    bench.actions.set_master_gain(-6.0)
    assert bench.sent[-1] == p.SetMaster(-6.0, evened=False, second_db=-12.0)


def test_news_of_the_second_device_is_not_taken_for_that_of_the_first(bench: Bench) -> None:
    bench.hear()
    bench.say(p.DeviceChanged("Vegg", "lost", "Vegg has stopped", "speaker"))
    status = bench.status.status()
    assert (status.device, status.device_note, status.device_lost) == ("Hodesett", "", False)
    assert (status.second_device, status.second_note) == ("", "Vegg has stopped")
    bench.hear()
    status = bench.status.status()
    assert (status.second_device, status.second_note) == ("Vegg", "")


def test_a_group_goes_to_the_other_device_and_back_to_its_own(bench: Bench) -> None:
    bench.hear("speaker")
    assert bench.talkgroups.row(STREAM).on_speaker
    outputs = []
    for attention in ("monitored", "selected"):
        bench.talkgroups.change(STREAM, attention=attention)
        for _ in range(2):
            bench.actions.change_output(STREAM)
            told = bench.sent[-1]
            assert isinstance(told, p.SetMix)
            outputs.append(told.output)
    assert outputs == ["headset", "auto", "speaker", "auto"]
