"""While alarms take the right column, the units that could help are still seen; the log waits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.gui import fakes
from tests.gui.conftest import LARGE, SMALL, Open
from tests.gui.test_window import key
from tests.turning import turn
from widgets.panels import LEAST_UNITS
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def alarms(count: int) -> fakes.Fakes:
    desk = fakes.make()
    for n in range(count):
        row = replace(fakes.ALARM, key=f"x{n}", unit=f"u{n + 2}", call_sign=f"AMB 7-{n}")
        desk.alarms.table[row.key] = row
    return desk


def rows_seen(window: DeskWindow) -> int:
    shown = window.units.list
    return shown.viewport().height() // shown.row_px()


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
def test_four_alarms_leave_four_units_in_sight(open_desk: Open, size: tuple[int, int]) -> None:
    window, desk = open_desk(alarms(4), size=size)
    turn(50)
    assert window.log.isHidden()
    assert rows_seen(window) >= LEAST_UNITS
    for name in tuple(desk.alarms.table):
        desk.alarms.edit(name, state="acknowledged")
    turn(50)
    assert rows_seen(window) >= LEAST_UNITS, "nor does the line that stands for the log take them"


def test_the_log_is_back_when_the_alarms_are_over(open_desk: Open) -> None:
    """It gives way to the second alarm, with the keyboard that was in it, and is a key away."""
    window, desk = open_desk(alarms(1), size=SMALL)
    turn(50)
    assert not window.log.isHidden()
    window.log.go()
    first = desk.alarms.table["x0"]
    desk.alarms.put(replace(first, key="x1", unit="u3", call_sign="AMB 7-1"))
    turn(50)
    assert window.log.isHidden()
    assert window.tiles.has_focus(), "no field takes what was typed for the list"
    key(window, Qt.Key.Key_L, CTRL)
    assert window.timeline.isVisible()
    for name in ("x0", "x1"):
        desk.alarms.edit(name, state="closed", closed_s=fakes.NOW_S - 90)
    turn(50)
    assert not window.log.isHidden()
    assert window.log_away.isHidden()


def test_where_both_have_room_the_units_have_their_rows_first(open_desk: Open) -> None:
    """In a lower window the log goes, and is back in a higher one."""
    window, desk = open_desk(alarms(2), size=LARGE)
    turn(50)
    assert not window.log.isHidden()
    assert rows_seen(window) == LEAST_UNITS
    window.resize(LARGE[0], 960)
    turn(50)
    assert window.log.isHidden()
    window.resize(*LARGE)
    turn(50)
    assert not window.log.isHidden()
    for name in ("x0", "x1"):
        desk.alarms.edit(name, state="closed", closed_s=fakes.NOW_S - 90)
    turn(50)
    assert window.units.height() * 2 == pytest.approx(window.log.height() * 3, abs=4)
