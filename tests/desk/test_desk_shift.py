"""A shift from the window, at a real site with a real engine: the open microphone heard again, a
close taken back, a conference in three presses, and the hand-over that the next person reads."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain.alarm import Alarm
from console.domain.events import DutySet, RecordingHeard, UnitDefined
from console.site.find import find_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK, end
from tests.desk.test_audit import noted
from tests.desk.test_desk_hands import Sitting, sitting
from widgets.contracts.rows import AlarmRow, Replay

pytestmark = pytest.mark.system
__all__ = ["sitting"]

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
FAR_MS = 4_000_000_000_000


def row(here: Sitting) -> AlarmRow:
    return here.desk.parts.alarms.row("al1")


def replay(here: Sitting) -> Replay | None:
    return here.desk.parts.status.status().replay


def is_heard(here: Sitting) -> bool:
    told = replay(here)
    return told is not None and told.alarm == "al1" and told.state != "nothing"


def test_what_the_open_microphone_said_is_heard_from_the_card_and_that_is_noted(
    sitting: Sitting,
) -> None:
    card = sitting.window.alarms.card("al1")
    sitting.press(Qt.Key.Key_F1)
    end(sitting.net._running[1])  # the sender falls silent, so that what it said has an end
    sitting.until(lambda: row(sitting).voice == "here", "it is kept here, and the log says so")
    sitting.until(card.listen.isEnabled, "the card offers it")
    sitting.press(Qt.Key.Key_L)
    sitting.until(lambda: is_heard(sitting), f"{replay(sitting)}")
    assert card.listen.text() in ("Stopp", "Stop")
    sitting.press(Qt.Key.Key_L)
    sitting.until(lambda: replay(sitting) is None, "the same key stops it")
    sitting.until(lambda: bool(noted(sitting.net.home)), "who has listened is noted")
    first = noted(sitting.net.home)[0]
    assert isinstance(first.body, RecordingHeard)
    assert first.body.burst in {b for v in sitting.alarm().voices for b in v.bursts}
    assert first.person == "Kari Nordmann"


def test_a_slip_is_undone_a_conference_formed_and_the_shift_handed_over(
    sitting: Sitting,
) -> None:
    window, home = sitting.window, sitting.net.home
    with visit(find_site(home, interface=LOOPBACK), spool=home / "cli") as guest:
        guest.deliver(UnitDefined("lege1", "LV-lege 12", "doctor", talkgroup="lv1"))
        guest.deliver(UnitDefined("lunge", "Lungelege 1", "doctor"))
        guest.deliver(DutySet("d1", "LV-lege", "Fiktiv Fjeld", 0, FAR_MS, unit="lege1"))
        guest.deliver(DutySet("d2", "Lungelege", "Ola Fiktivsen", 0, FAR_MS, unit="lunge"))

    def at_site() -> Alarm:
        return sitting.site().alarms["al1"]

    sitting.press(Qt.Key.Key_F2)
    sitting.until(lambda: row(sitting).state == "in-progress", "the site's own word")
    sitting.press(Qt.Key.Key_N)
    QTest.keyClicks(window.alarms.card("al1").text, "Politiet er varslet")
    QTest.keyClick(window.alarms.card("al1").text, Qt.Key.Key_Return)
    sitting.until(lambda: row(sitting).note == "Politiet er varslet", "noted")

    sitting.press(Qt.Key.Key_F4)
    QTest.mouseClick(window.alarms.card("al1").reasons["test"], LEFT)
    sitting.until(window.alarms.undo.isVisible, "closed, and the way back is offered")
    sitting.press_with_ctrl(Qt.Key.Key_Z)
    sitting.until(lambda: "al1" in tuple(sitting.desk.parts.alarms.keys()), "it is open")
    assert at_site().state == "in-progress", "where it was"
    assert len(at_site().closes) == 1, "the log has both"
    assert at_site().reopened[0].person == "Kari Nordmann"

    # The doctor on duty, the lung specialist and the crew: three presses.
    sitting.until(lambda: len(sitting.desk.parts.people.on_duty()) == 2, "who is on duty")
    sitting.press_with_ctrl(Qt.Key.Key_J)
    people = window.people
    assert people.receiver_model.row(people.who.currentIndex().row()).key == "lunge"
    QTest.keyClick(people.who, Qt.Key.Key_Return)
    QTest.keyClick(people.who, Qt.Key.Key_Return, CTRL)
    sitting.until(lambda: bool(sitting.desk.parts.store.state.groups), "the site's own word")
    [group] = sitting.site().groups.values()
    assert sitting.desk.parts.outside.links is not None
    assert set(group.members) == {"a13", "lege1", "lunge", sitting.desk.parts.outside.links.member}
    assert group.name == "KONF AMB 1-3"

    sitting.press_with_ctrl(Qt.Key.Key_H)
    kinds = [one.kind for one in sitting.desk.parts.handover.rows()]
    assert kinds[0] == "alarm"
    assert {"group", "duty"} <= set(kinds)
    QTest.keyClick(window.handover.list, Qt.Key.Key_Return, CTRL)
    sitting.until(lambda: "Kari Nordmann" in window.handover.last.text(), "the site's own word")
    [desk] = [one for one in sitting.site().desks.values() if one.handover_by]
    assert desk.handover_person == "Kari Nordmann"
