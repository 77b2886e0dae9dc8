"""A conference from Ctrl+J to its end at a desk, by a real site and a real engine."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain.events import UnitDefined
from console.site.find import find_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK
from tests.desk.test_desk_hands import Sitting, sitting
from tests.gui.test_typing import write

pytestmark = pytest.mark.system
__all__ = ["sitting"]

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(here: Sitting, key: Qt.Key, how: Qt.KeyboardModifier) -> None:
    QTest.keyClick(here.window.windowHandle(), key, how)


def test_a_conference_is_made_talked_in_and_over(sitting: Sitting) -> None:
    window, bar = sitting.window, sitting.window.group_bar
    with visit(find_site(sitting.net.home, interface=LOOPBACK), spool=sitting.net.home / "o") as o:
        o.deliver(UnitDefined("x1", "AMB 9-9", "ambulance", exercise=True))
    window.hands.select_number("1")
    before = window.hands.selected()
    people = window.people
    press(sitting, Qt.Key.Key_J, CTRL)
    sitting.until(
        lambda: any(r.key == "x1" for r in sitting.desk.parts.people.candidates()), "the unit"
    )
    press(sitting, Qt.Key.Key_J, CTRL)
    people.clear.click()  # the unit in need, which is chosen, is real
    write(window, "AMB 9-9")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    press(sitting, Qt.Key.Key_Return, CTRL)
    sitting.until(bar.isVisible, "the group's bar")
    sitting.until(bar.talk.isEnabled, "its sound")
    (group,) = sitting.site().groups.values()
    assert group.exercise, "its only unit is an exercise's"
    assert bar.accessibleName().startswith("ØVELSE")
    assert window.hands.selected() == before, "the talk key moves by a hand alone"
    press(sitting, Qt.Key.Key_J, CTRL | SHIFT)
    now = window.hands.selected()
    assert sitting.desk.parts.talkgroups.row(now).talkgroup == group.key
    assert not bar.isVisible()
    assert not window.tiles.tile(now).visibleRegion().isEmpty()
    assert sitting.desk.parts.posting.end_post(group.key)
    sitting.until(bar.isVisible, "that it is over")
    assert not bar.talk.isVisible()
    QTest.mouseClick(bar.back, Qt.MouseButton.LeftButton)
    assert window.hands.selected() == before


def test_a_callout_that_was_a_slip_is_called_off_at_the_site(sitting: Sitting) -> None:
    window, people = sitting.window, sitting.window.people
    press(sitting, Qt.Key.Key_N, CTRL)
    write(window, "AMB 1-3")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    people.kinds["callout"].click()
    write(window, "Fiktiv vei 1")
    press(sitting, Qt.Key.Key_Return, CTRL)
    press(sitting, Qt.Key.Key_Z, CTRL)
    sitting.until(
        lambda: [one.reason for one in sitting.site().callouts.values()] == ["cancelled"],
        "it called off",
    )
    sitting.until(lambda: people.post_model.row(0).summary.startswith("Avlyst"), "it in the list")
