"""200 tiles with running meters: only what changed is repainted, and only its rectangle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.meter import METER_FLOOR_DBFS, lit_segments
from widgets.tile import SEGMENTS, Tile

TILES = 200
ACTIVE = 64


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, QRect, QSize]]]:
    """Which rectangle of which tile was painted."""
    seen: list[tuple[str, QRect, QSize]] = []
    paint = Tile.paintEvent

    def note(tile: Tile, event: QPaintEvent) -> None:
        seen.append((tile.row.key, event.rect(), tile.size()))
        paint(tile, event)

    monkeypatch.setattr(Tile, "paintEvent", note)
    yield seen


def many() -> fakes.Fakes:
    rows = tuple(
        fakes.group(n, f"GRP-{n}", "Mange", speaker="AMB 3-1" if n < ACTIVE else "")
        for n in range(TILES)
    )
    return fakes.make(talkgroups=rows)


def test_a_level_repaints_the_meter_alone(
    open_desk: Open, painted: list[tuple[str, QRect, QSize]]
) -> None:
    window, desk = open_desk(many())
    window.pump.set_running(False)
    QTest.qWait(50)
    painted.clear()
    shown = window.tiles.metered()
    assert 10 <= len(shown) < TILES, "what is scrolled away isn't read"
    for step in range(5):
        desk.talkgroups.peaks = dict.fromkeys(range(ACTIVE), -40.0 + 6 * step)
        window.pump.read()
        QTest.qWait(10)
    assert painted
    assert all(rect.height() < 12 < size.height() / 4 for _, rect, size in painted)


def test_a_level_that_lights_no_other_segment_repaints_nothing(
    open_desk: Open, painted: list[tuple[str, QRect, QSize]]
) -> None:
    window, _ = open_desk(many())
    window.pump.set_running(False)
    window.pump.read()
    QTest.qWait(50)
    painted.clear()
    for _ in range(5):
        window.pump.read()
        QTest.qWait(5)
    assert painted == []


def test_one_talkgroups_news_repaints_one_tile(
    open_desk: Open, painted: list[tuple[str, QRect, QSize]]
) -> None:
    window, desk = open_desk(many())
    window.pump.set_running(False)
    QTest.qWait(50)
    painted.clear()
    third = desk.talkgroups.keys()[2]
    desk.talkgroups.edit(third, speaker="AMB 3-9")
    QTest.qWait(50)
    assert {key for key, _, _ in painted} == {third}


def test_meters_and_clock_stand_still_while_nobody_can_see_them(open_desk: Open) -> None:
    window, _ = open_desk()
    assert window.pump._timer.isActive()
    window.hide()
    assert not window.pump._timer.isActive()
    window.show()
    assert window.pump._timer.isActive()


def test_the_scale_ends_where_it_says() -> None:
    assert lit_segments(0.0, SEGMENTS) == SEGMENTS
    assert lit_segments(20.0, SEGMENTS) == SEGMENTS
    assert lit_segments(METER_FLOOR_DBFS, SEGMENTS) == 0
    assert lit_segments(-120.0, SEGMENTS) == 0
    levels = [lit_segments(float(db), SEGMENTS) for db in range(-60, 1)]
    assert levels == sorted(levels)
