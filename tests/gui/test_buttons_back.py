"""A pedal that was removed by a slip is chosen again, as it was."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from console.desk.buttons import ButtonDesk
from console.models.status import StatusModel
from console.settings import ButtonSettings
from tests.gui import fakes

PEDAL = ButtonSettings("talk", "0c45:7403", "key:48", "Fotpedal")


def test_what_was_forgotten_is_restored_once_and_over_nothing(qtbot: QtBot) -> None:
    status = StatusModel(fakes.STATUS)
    desk = ButtonDesk(status, (PEDAL,))
    kept: list[tuple[ButtonSettings, ...]] = []
    desk.bound.connect(kept.append)
    desk.restore("talk")
    assert kept == [], "nothing was forgotten"
    desk.forget("talk")
    assert status.status().buttons.row("talk").stand == "unset"
    desk.restore("talk")
    assert kept == [(), (PEDAL,)]
    assert status.status().buttons.row("talk").label == "Fotpedal"
    desk.forget("talk")
    desk._known["call"] = ButtonSettings("call", PEDAL.device, PEDAL.control, PEDAL.label)
    desk.restore("talk")
    assert "talk" not in desk._known, "it is for something else now"
    desk.stop()
