"""The alarm tone is paused for two minutes, shown as long as it is, and broken by anything new."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from audio.protocol import SetAlarms
from console.domain import events as e
from console.models import alarm_sound
from console.models.alarm_sound import AlarmSound
from console.models.status import StatusModel
from console.models.store import SiteStore
from tests.gui.conftest import Open
from tests.gui.model_bench import Author
from widgets.contracts.rows import DeskStatus


class Bench:
    def __init__(self) -> None:
        self.store, self.status = SiteStore(), StatusModel(DeskStatus())
        self.sound = AlarmSound(self.store, self.status)
        self.told: list[SetAlarms] = []
        self.sound.changed.connect(self.told.append)
        self.author = Author()

    def say(self, *bodies: e.AnyBody) -> None:
        self.store.apply([self.author(body) for body in bodies])

    @property
    def is_paused(self) -> bool:
        return self.status.status().alarm_paused_until_s is not None


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    made.say(e.AlarmRaised("al1", "a1"), e.AlarmRaised("al2", "a2"))
    made.sound.pause(True)
    assert made.told == [SetAlarms(2), SetAlarms(2, paused=True)]
    assert made.is_paused
    return made


def test_a_hand_ends_it(bench: Bench) -> None:
    bench.sound.pause(False)
    assert bench.told[-1] == SetAlarms(2)
    assert not bench.is_paused


def test_it_ends_by_itself(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm_sound, "PAUSE_S", 0.05)
    bench = Bench()
    bench.say(e.AlarmRaised("al1", "a1"))
    bench.sound.pause(True)
    qtbot.waitUntil(lambda: not bench.is_paused)
    assert bench.told[-1] == SetAlarms(1)


@pytest.mark.parametrize(
    "news",
    [e.AlarmRaised("al3", "a3"), e.AlarmEscalated("al1", 60)],
    ids=lambda one: type(one).__name__,
)
def test_anything_new_is_heard_through_it(bench: Bench, news: e.AnyBody) -> None:
    bench.say(news)
    assert not bench.told[-1].paused
    assert not bench.is_paused


def test_an_answer_to_one_alarm_leaves_the_others_paused(bench: Bench) -> None:
    bench.say(e.AlarmAcknowledged("al1"))
    assert bench.told[-1] == SetAlarms(1, paused=True)
    assert bench.is_paused


def test_it_ends_with_the_last_of_its_alarms(bench: Bench) -> None:
    bench.say(e.AlarmAcknowledged("al1"), e.AlarmAcknowledged("al2"))
    assert bench.told[-1] == SetAlarms(0)
    bench.say(e.AlarmRaised("al3", "a3"))
    assert bench.told[-1] == SetAlarms(1), "a pause of earlier alarms is not that of later ones"


def test_with_nothing_to_pause_nothing_happens(qtbot: QtBot) -> None:
    quiet = Bench()
    quiet.sound.pause(True)
    assert not quiet.told


def test_the_bar_is_there_while_an_alarm_sounds_and_says_what_is_left(open_desk: Open) -> None:
    window, desk = open_desk()
    bar = window.alarm_sound
    assert not bar.isVisible()
    desk.status.edit(alarms_sounding=1)
    assert bar.isVisible()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F6)
    assert desk.actions.done[-1] == ("pause-alarm-sound", True)
    desk.status.edit(alarm_paused_until_s=desk.clock.now_s() + 83)
    assert "1:23" in bar.accessibleName()
    QTest.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert desk.actions.done[-1] == ("pause-alarm-sound", False)
    desk.status.edit(alarms_sounding=0, alarm_paused_until_s=None)
    assert not bar.isVisible()
