"""A desk whose person is in need: at the site, without one, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain.alarm import Alarm
from console.site.node.process import ensure_site, stop_site
from tests.desk.processes import LOOPBACK, Net
from tests.desk.test_desk_hands import Sitting, sit_down
from tests.turning import turn
from widgets.contracts.rows import OwnAlarm

pytestmark = pytest.mark.system

HELD_MS = 1_400


@pytest.fixture
def sitting(lan: Net, qapp: QApplication) -> Iterator[Sitting]:
    ensure_site(lan.home, interface=LOOPBACK)
    here = sit_down(lan, "--position", "Legevakt 1")
    try:
        here.until(here.desk.parts.outside.has_all_of_site, "the site")
        yield here
    finally:
        here.desk.end()
        here.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def hold(here: Sitting) -> None:
    QTest.mousePress(here.window.own_alarm, Qt.MouseButton.LeftButton)
    turn(HELD_MS)
    QTest.mouseRelease(here.window.own_alarm, Qt.MouseButton.LeftButton)


def shown(here: Sitting) -> OwnAlarm | None:
    return here.desk.parts.status.status().own_alarm


def at_site(here: Sitting) -> Alarm:
    return here.alarm()


def test_an_alarm_of_the_desk_is_raised_and_taken_back(sitting: Sitting) -> None:
    hold(sitting)
    sitting.until(lambda: getattr(shown(sitting), "state", "") == "raised", "the site's word")
    alarm = at_site(sitting)
    assert sitting.desk.parts.outside.links is not None
    assert (alarm.unit, alarm.raised.person) == (
        sitting.desk.parts.outside.links.member,
        "Kari Nordmann",
    )
    assert alarm.text == "Legevakt 1, Kari Nordmann"
    row = sitting.desk.parts.alarms.row(alarm.key)
    assert row.call_sign == "Legevakt 1"
    assert sitting.desk.parts.alarms.unacknowledged == 0, "silent here"
    QTest.mouseClick(sitting.window.own_alarm_bar.button, Qt.MouseButton.LeftButton)
    sitting.until(lambda: at_site(sitting).state == "closed", "closed")
    assert (at_site(sitting).reason, shown(sitting)) == ("false-press", None)


def test_without_a_site_it_waits_in_the_outbox_and_arrives(sitting: Sitting) -> None:
    home = sitting.net.home
    stop_site(home)
    sitting.until(lambda: sitting.desk.parts.status.status().site_link == "down", "no site")
    hold(sitting)
    assert shown(sitting) is not None
    assert shown(sitting).state == "not-delivered"  # type: ignore[union-attr]
    sitting.until(
        lambda: sitting.desk.parts.status.status().undelivered > 0, "it to be shown as such"
    )
    ensure_site(home, interface=LOOPBACK)
    sitting.until(lambda: getattr(shown(sitting), "state", "") == "raised", "delivered")
    assert at_site(sitting).raised.person == "Kari Nordmann"
