"""Pins and places from one desk's map to another's, by a real site."""

from __future__ import annotations

import os
import time
from typing import Final

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from console.domain.events import LandmarkDefined, PinSet
from console.site.find import find_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK
from tests.desk.test_desk_hands import Sitting, sitting
from tests.turning import turn_until
from widgets.map.hands import LIFT_MS

pytestmark = pytest.mark.system
__all__ = ["sitting"]

SOON_S: Final = 1.0


def test_what_one_desk_marks_another_sees_within_a_second_and_keys_mark_too(
    sitting: Sitting,
) -> None:
    window, marks = sitting.window, sitting.desk.parts.landmarks
    sitting.until(lambda: window.map_place.map is not None, "the map")
    chart = window.map_place.map
    assert chart is not None
    pin = PinSet(pin="p1", name="Fiktiv hendelse", lat=59.3, lon=10.4, since_ms=1)
    place = LandmarkDefined(landmark="l1", name="Fiktivheim", lat=59.4, lon=10.5)
    with visit(find_site(sitting.net.home, interface=LOOPBACK), spool=sitting.net.home / "o") as o:
        for body, key in ((pin, "p1"), (place, "l1")):
            begun_s = time.monotonic()
            o.deliver(body)
            left_s = SOON_S - (time.monotonic() - begun_s)
            turn_until(lambda key=key: chart.layer.landmarks.find(key), "it on the map", left_s)  # type: ignore[misc]  # a default binds the loop's
    sitting.until(marks.may_mark, "an operator's desk")
    wanted = chart.layer.pointed()
    sitting.press(Qt.Key.Key_I)
    assert window.landmark_bar.isVisible()
    QTest.keyClicks(window.landmark_bar.name, "Fiktiv brann")
    QTest.keyClick(window.landmark_bar.name, Qt.Key.Key_Return)
    sitting.until(lambda: len(sitting.site().pins) == 2, "it at the site")
    (mine,) = [one for one in sitting.site().pins.values() if one.key != "p1"]
    assert (mine.name, mine.set.person, mine.exercise) == ("Fiktiv brann", "Kari Nordmann", False)
    assert abs(mine.since_ms / 1e3 - time.time()) < 60
    sitting.until(lambda: chart.layer.landmarks.find(mine.key) is not None, "and on the map")
    assert (mine.lat, mine.lon) == pytest.approx(wanted, abs=0.01)
    row = next(row for row in marks.rows() if row.key == mine.key)
    assert row.who == "Kari Nordmann" and row.is_pin and row.may_change
    sitting.press_with_ctrl(Qt.Key.Key_O)
    finder = window.map_place.finder
    QTest.keyClicks(finder.field, "fiktivheim")
    found = sitting.desk.parts.places
    sitting.until(lambda: [one.landmark for one in found.rows()][:1] == ["l1"], "it by its name")
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    sitting.press_with_ctrl(Qt.Key.Key_Z)
    sitting.until(lambda: set(sitting.site().pins) == {"p1"}, "taken back at the site")
    assert marks.restore_landmark(row)
    sitting.until(lambda: mine.key in sitting.site().pins, "brought back")
    again = sitting.site().pins[mine.key]
    assert again.since_ms == pytest.approx(mine.since_ms, abs=1), "as old as it was"
    assert drag_of(sitting, mine.key) != pytest.approx((again.lat, again.lon), abs=1e-4)
    there = sitting.site().pins[mine.key]
    assert (there.name, there.since_ms) == (again.name, again.since_ms)
    sitting.press_with_ctrl(Qt.Key.Key_Z)
    sitting.until(lambda: sitting.site().pins[mine.key].lat == again.lat, "back where it was")


def drag_of(sitting: Sitting, key: str) -> tuple[float, float]:
    """A pin held and dragged by the mouse; where the site has it then."""
    chart, before = sitting.window.map_place.map, sitting.site().pins[key]
    assert chart is not None
    layer = chart.layer
    chart.show_point(before.lat, before.lon)
    layer.zoom_by(8)
    sitting.until(lambda: chart.settled, "the map")

    def at() -> QPointF:
        return layer.spot_of(before.lat, before.lon) - QPointF(0, 13)

    sitting.until(lambda: layer.landmark_at(at()) == key, "the pin")
    grip = (at() * layer._scale).toPoint()
    QTest.mousePress(layer, Qt.MouseButton.LeftButton, pos=grip)
    QTest.qWait(LIFT_MS + 100)
    for way in (QPoint(20, 10), QPoint(60, 40)):
        QTest.mouseMove(layer, grip + way)
    QTest.mouseRelease(layer, Qt.MouseButton.LeftButton, pos=grip + QPoint(60, 40))
    sitting.until(lambda: sitting.site().pins[key].lat != before.lat, "moved at the site")
    return sitting.site().pins[key].lat, sitting.site().pins[key].lon
