"""A conversation is followed at a whole desk: real stations, real engine, keys on the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.audio.engine_fixtures import write_tone
from tests.desk.processes import Net, end, engine_of
from tests.desk.test_desk_hands import Sitting, sit_down

pytestmark = pytest.mark.system


@pytest.fixture
def here(lan: Net, qapp: QApplication) -> Iterator[Sitting]:
    sitting = sit_down(lan)
    try:
        yield sitting
    finally:
        sitting.desk.end()
        sitting.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_one_press_holds_a_group_in_front_and_it_ends_by_itself(here: Sitting) -> None:
    net, window = here.net, here.window
    sound = net.home / "tone.wav"
    write_tone(sound, 500.0, 4.0)
    stations = {
        name: net.start("publish", str(sound), "--talkgroup", name, "--loop", home=net.home / name)
        for name in ("one", "two")
    }

    def key(name: str) -> str:
        return next((k for k in here.desk.parts.talkgroups.keys() if k.startswith(f"{name}@")), "")  # noqa: SIM118 (a source, not a dict)

    def speaks(name: str) -> bool:
        return bool(key(name)) and bool(here.desk.parts.talkgroups.row(key(name)).speaker)

    here.until(lambda: speaks("one") and speaks("two"), "both are heard")
    here.desk.parts.actions.set_hold(1.0)  # quicker than what a hand can choose
    window.tiles.focus_key(key("one"))
    here.press(Qt.Key.Key_F)
    row = here.desk.parts.talkgroups.row
    here.until(lambda: row(key("one")).follow == "followed", "it is followed")
    assert row(key("two")).follow == "dimmed"
    assert window.now.speaking.rows[0].key == key("one")
    with engine_of(net.home) as (engine, _):
        told = engine.status(10.0).followed
        assert told is not None
        assert (told.stream, told.left_s) == (key("one"), None)
    end(stations["two"])
    here.until(lambda: row(key("two")).missed == 1, "what was heard faintly is to be caught up on")
    assert row(key("one")).missed == 0
    end(stations["one"])
    here.until(lambda: row(key("one")).follow == "", "it ends after the last burst")
    assert here.desk.parts.status.status().following is None
    assert here.desk.memory.now.hold_s == 1.0, "and how long is remembered"
    QTest.mouseClick(window.tiles.tile(key("two")).missed, Qt.MouseButton.LeftButton)
    here.until(lambda: row(key("two")).missed == 0, "caught up on")
