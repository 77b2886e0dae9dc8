"""What one desk does for all when a unit is in need: what its open microphone said is kept, and
told, also when a burst ends after the alarm's minute."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.desk import news
from console.desk.patching import TaskDesk
from console.domain import events as e
from console.domain import floor_messages as fm
from console.models.alarms import KEPT_S
from console.models.store import SiteStore
from tests.gui.model_bench import Author

STREAM = "lv1@here"
TASK = "alarm.al1"
BURST = p.BurstInfo(
    "1795554000000-0badcafe", STREAM, 7, "AMB 1-3", 1_795_554_000_000, 900, "opus", True, False
)


class World:
    """A desk that hears one talkgroup; ``yours``: the arbiter gives it the task."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.to_engine: list[p.Command] = []
        self.said: list[object] = []
        self.store, self.author = SiteStore(), Author()
        row = SimpleNamespace(attention="monitored")
        talkgroups: Any = SimpleNamespace(
            keys=lambda: (STREAM,), row=lambda _key: row, set_hot=lambda _groups: None
        )
        legs: Any = SimpleNamespace(carried={}, leg=lambda _group: None)
        self.desk = TaskDesk(
            store=self.store,
            talkgroups=talkgroups,
            legs=legs,
            to_engine=self.to_engine.append,
            ask=lambda *_: None,
            publish=self.said.append,
            member=lambda: "one",
            is_caught_up=lambda: True,
            now_s=lambda: self.now_s,
        )
        self.desk._timer.stop()

    def alarm(self, *, yours: bool) -> None:
        self.store.apply([self.author(e.AlarmRaised("al1", "a13", talkgroup="lv1"))])
        answer = fm.encode(fm.TaskAnswer(yours, 1))
        self.desk.site_told(news.SiteAnswered(fm.TASK, TASK, answer))


def test_a_burst_that_ends_after_the_minute_is_told_all_the_same(qtbot: QtBot) -> None:
    world = World()
    world.alarm(yours=True)
    [kept] = world.to_engine
    assert isinstance(kept, p.KeepForAlarm)
    world.now_s += KEPT_S + 30.0
    world.desk.tick()
    assert TASK not in world.desk._ours, "nothing more is to be done"
    world.desk.engine_said(p.AlarmKept("al1", STREAM, (BURST,)))
    assert world.said == [e.AlarmVoiceKept("al1", STREAM, (BURST.burst,))]


def test_what_another_desk_keeps_is_its_own_to_tell(qtbot: QtBot) -> None:
    world = World()
    world.alarm(yours=False)
    world.desk.engine_said(p.AlarmKept("al1", STREAM, (BURST,)))
    assert world.to_engine == []
    assert world.said == []
