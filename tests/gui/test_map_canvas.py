"""What a hand moves as one picture is what would have been drawn, and work keeps out of its way."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.map_fakes import Rows, StillClock, make_units
from widgets.contracts.rows import UnitRow
from widgets.map import canvas
from widgets.map.camera import Camera, View
from widgets.map.canvas import Canvas, Stamp
from widgets.map.ground import tiles_in
from widgets.map.layer import HOLD_MS, MapLayer
from widgets.map.layout import Scene, bare, extended
from widgets.map.pace import AHEAD_S, FRAME_S, IDLE_S, STARVED_S, Clock, Pace, Steps
from widgets.map.projection import forward_point
from widgets.map.symbols import Atlas, Line, card_size
from widgets.map.table import RAISED, UnitTable
from widgets.map.view import MapView
from widgets.theme import DAY, NIGHT

CROWD = 1_000
SIZE = (900, 700)


@pytest.fixture
def crowd(qtbot: QtBot) -> Iterator[MapView]:
    made = MapView(Rows(make_units(CROWD)), Rows(), StillClock(), NIGHT)
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show()
    made.show_point(59.35, 10.45)
    qtbot.waitUntil(lambda: made.settled and has_picture(made.layer), timeout=20_000)
    yield made
    made.close_map()


def has_picture(layer: MapLayer) -> bool:
    """What is shown now is such a picture, and no other one is on its way."""
    return not layer._canvas.is_busy and used(layer)


def used(layer: MapLayer) -> bool:
    return layer._picture_of(layer._shown_layout(), layer._view) is not None


def pixels(layer: MapLayer) -> NDArray[np.uint8]:
    image = layer.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8)[: image.sizeInBytes()]
    return rows.reshape(image.height(), -1).copy()


def drawn(layer: MapLayer) -> NDArray[np.uint8]:
    """The same without such a picture."""
    layer._canvas.drop()
    layer._drew = False
    made = pixels(layer)
    assert not used(layer)
    return made


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
def test_a_pan_shows_what_would_have_been_drawn(crowd: MapView, qtbot: QtBot, scale: float) -> None:
    layer = crowd.layer
    crowd.set_scale(scale)
    qtbot.waitUntil(lambda: crowd.settled and has_picture(layer), timeout=20_000)
    for dx, dy in ((0, 0), (31, -17), (23, -40)):
        layer.set_camera(layer.camera.moved(dx, dy))
        layer._making.halt()  # the same layout for both
        assert used(layer)
        seen = pixels(layer)
        assert (seen == drawn(layer)).all()
        layer.repaint()
        qtbot.waitUntil(lambda: has_picture(layer), timeout=20_000)


def test_its_picture_is_begun_anew_before_a_hand_reaches_its_edge(
    crowd: MapView, qtbot: QtBot
) -> None:
    layer = crowd.layer
    first = layer._canvas.picture
    assert first is not None
    step = canvas.MARGIN_PX - canvas.NEAR_PX + 2
    layer.set_camera(layer.camera.moved(step, 0))
    layer._making.halt()
    assert used(layer)
    layer.repaint()
    qtbot.waitUntil(lambda: layer._canvas.picture is not first, timeout=20_000)
    second = layer._canvas.picture
    assert second is not None and second.layout.shown >= first.layout.shown, "labels stay"
    assert second.view.spare(layer._view) == pytest.approx(canvas.MARGIN_PX, abs=1)


def test_no_second_frame_in_a_row_is_drawn_without_a_picture(crowd: MapView) -> None:
    """Where no time is left between frames a hand would else never have one again."""
    layer = crowd.layer
    for _ in range(5):
        layer.set_camera(layer.camera.moved(canvas.MARGIN_PX + 1, 0))
        layer.repaint()
        assert not used(layer)
        layer.repaint()
        assert used(layer)


def test_a_picture_that_is_nearly_there_when_it_is_wanted_is_finished(
    crowd: MapView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To draw all of it for one frame would take longer."""
    layer = crowd.layer
    layer.set_camera(layer.camera.moved(canvas.MARGIN_PX - canvas.NEAR_PX + 2, 0))
    layer.repaint()
    assert used(layer) and layer._canvas.is_busy
    while not layer._canvas.is_half_done:
        assert layer._canvas.some()
    drawn_whole: list[object] = []
    monkeypatch.setattr("widgets.map.layer.finished", drawn_whole.append)
    layer.set_camera(layer.camera.moved(canvas.NEAR_PX, 0))
    layer.repaint()
    assert used(layer) and not drawn_whole


def test_while_a_hand_zooms_only_a_picture_that_is_nearly_there_is_waited_for(
    crowd: MapView,
) -> None:
    layer = crowd.layer
    layer.set_camera(layer.camera.zoomed(1, 450, 350))
    layer.repaint()
    assert layer._canvas.is_busy and not layer._canvas.is_half_done
    layer.repaint()
    assert not used(layer), "it is sooner drawn once more"
    while not layer._canvas.is_half_done:
        assert layer._canvas.some()
    layer.repaint()
    assert used(layer)


def test_a_hand_that_zooms_is_waited_for_from_its_last_frame_on(
    crowd: MapView, qtbot: QtBot
) -> None:
    """Else half-way tiles would be drawn between the notches where frames take long; frames that
    come for another reason, as an alarm's pulse, don't count."""
    layer = crowd.layer
    layer.set_camera(layer.camera.zoomed(1, 450, 350))
    QTest.qSleep(HOLD_MS // 2)
    layer.repaint()
    assert layer._hold.remainingTime() > HOLD_MS // 2
    left_ms = layer._hold.remainingTime()
    QTest.qSleep(HOLD_MS // 2)
    layer.repaint()
    assert layer._hold.remainingTime() < left_ms
    qtbot.waitUntil(lambda: crowd.settled, timeout=20_000)


def test_what_has_changed_is_never_shown_from_an_older_picture(
    crowd: MapView, qtbot: QtBot
) -> None:
    layer = crowd.layer
    palette = crowd._palette
    crowd.set_palette(DAY)
    assert not used(layer)
    crowd.set_palette(palette)
    qtbot.waitUntil(lambda: crowd.settled and has_picture(layer), timeout=20_000)
    layer.trails.toggle("u7")
    assert not used(layer)
    layer.trails.toggle("u7")
    assert used(layer)
    key = next(iter(layer.scenery.ground.stamps(layer._view)))
    tile = layer._store.peek(key)
    assert tile is not None
    tile = tile.copy()
    tile.fill(Qt.GlobalColor.magenta)
    layer._store._pixmaps[key] = tile  # as a better one that comes from a site's own map
    assert not used(layer)
    layer._store.arrived.emit()
    qtbot.waitUntil(lambda: has_picture(layer), timeout=20_000)
    assert (pixels(layer) == drawn(layer)).all()


def test_news_of_the_units_come_with_their_picture(crowd: MapView, qtbot: QtBot) -> None:
    layer, source = crowd.layer, crowd._units
    assert isinstance(source, Rows)
    before = layer._shown_layout()
    row = source.row("u5")
    told: list[bool] = []
    layer._making.made.connect(lambda _: told.append(layer._shown_layout() is before))
    source.put(replace(row, lat=59.36, lon=10.5))
    qtbot.waitUntil(lambda: bool(told) and crowd.settled, timeout=20_000)
    assert told[0], "until the picture of the next one is there"
    assert layer._shown_layout() is not before and used(layer)


def test_a_map_that_nobody_sees_keeps_no_picture(crowd: MapView, qtbot: QtBot) -> None:
    crowd.hide()
    assert crowd.layer._canvas.picture is None and not crowd.layer._canvas.is_busy
    crowd.show()
    qtbot.waitUntil(lambda: crowd.settled and has_picture(crowd.layer), timeout=20_000)


def test_the_tiles_that_are_kept_are_counted_once(crowd: MapView) -> None:
    """In view, and in the picture round it."""
    layer = crowd.layer
    layer.repaint()
    around = tiles_in(layer._around(layer._view))
    assert layer._store._in_view == len(set(around)) == len(around)


def test_what_is_larger_than_4k_is_drawn_each_time() -> None:
    assert canvas.pays(Camera(0.5, 0.3, 30, 1_920, 1_080), 1.0)
    assert canvas.pays(Camera(0.5, 0.3, 30, 3_840, 2_160), 1.0)
    assert not canvas.pays(Camera(0.5, 0.3, 30, 5_120, 2_880), 1.0)
    assert not canvas.pays(Camera(0.5, 0.3, 30, 3_840, 2_160), 1.5)


def test_a_pan_beyond_a_layout_keeps_every_label_and_shows_who_comes_into_view(
    crowd: MapView,
) -> None:
    layer = crowd.layer
    before = layer._shown_layout()
    layer.set_camera(layer.camera.moved(-250, 120))
    seen = layer._shown_layout()
    assert seen is not before and seen.shown == before.shown
    assert len(seen.cards.covers) == len(before.cards.covers) > 0
    fresh = bare(
        Scene(before.table, layer.camera, before.atlas, 0.0), before.shown
    )  # everybody in reach
    assert set(fresh.units.tolist()) <= set(seen.units.tolist())
    assert len(set(seen.units.tolist())) == len(seen.units)
    ratio = layer._atlas.ratio
    at = dict(zip(seen.units.tolist(), seen.shift(layer.camera, ratio).points(seen.centres),
                  strict=True))  # fmt: skip
    for unit, centre in zip(fresh.units.tolist(), fresh.centres, strict=True):
        assert at[unit] == pytest.approx(centre, abs=0.01)
    for (box, named), old in zip(
        zip(seen.cards.boxes(seen.shift(layer.camera, ratio)), seen.lines, strict=True),
        before.cards.boxes(before.shift(layer.camera, ratio)),
        strict=True,
    ):
        assert box == pytest.approx(old, abs=0.01) and named


def test_nobody_comes_into_view_twice(qtbot: QtBot) -> None:
    table = UnitTable()
    for row in make_units(300):
        table.put(row)
    camera = Camera(*_middle(table), 36, *SIZE)
    layout = bare(Scene(table, camera, Atlas(NIGHT, 1.0), 0.0), frozenset())
    for _ in range(8):
        camera = camera.moved(90, -40)
        layout = extended(layout, camera, 0.0)
    assert len(set(layout.units.tolist())) == len(layout.units)


def _middle(table: UnitTable) -> tuple[float, float]:
    return float(np.nanmean(table.columns["x"])), float(np.nanmean(table.columns["y"]))


def _nothing(_painter: QPainter, _rect: QRectF) -> None:
    pass


def test_who_alarms_is_on_top_as_soon_as_they_come_into_reach(qtbot: QtBot) -> None:
    table = UnitTable()
    table.put(UnitRow("here", "AMB 1-1", lat=59.35, lon=10.45))
    table.put(UnitRow("west", "AMB 1-2", lat=59.35, lon=9.85, alarm="raised"))
    x, y = forward_point(59.35, 10.45)
    camera = Camera(x, y, 44, *SIZE)
    layout = bare(Scene(table, camera, Atlas(NIGHT, 1.0), 0.0), frozenset())
    assert layout.units.tolist() == [0] and not len(layout.urgent.rows)
    seen = extended(layout, camera.moved(600, 0), 0.0)
    assert seen.units.tolist() == [0, 1] and len(seen.urgent.rows) == 1 == len(seen.marks.rows)


def test_an_alarm_waits_for_no_picture_and_for_no_other_layout(
    crowd: MapView, qtbot: QtBot
) -> None:
    """Also one that comes while a layout is being made that does not know of it yet."""
    layer, source = crowd.layer, crowd._units
    assert isinstance(source, Rows)
    making = layer._making
    making._spent_s, making._ended_s = 100.0, time.monotonic()  # the last layout was dear
    layer.refresh()
    making._due.stop()
    assert making._some()  # now one is on its way
    source.table["u5"] = replace(source.row("u5"), alarm="raised")
    crowd._pending["u5"] = None
    crowd._read_some()
    assert making.presses and making.is_busy
    layer.pace.wake(making._some)
    assert layer._shown_layout().table.columns["alarm"].max() == 0
    qtbot.waitUntil(
        lambda: layer._shown_layout().table.columns["alarm"].max() == RAISED, timeout=20_000
    )
    assert not making.presses


def test_a_pulse_does_not_keep_the_rest_of_the_map_as_it_was(crowd: MapView) -> None:
    layer = crowd.layer
    layer._moved_s = time.perf_counter()
    layer._show_soon()
    layer.repaint(QRect(10, 10, 40, 40))
    assert layer._soon.isActive()
    layer.repaint()
    assert not layer._soon.isActive()


def test_one_failure_ends_neither_layouts_nor_pictures(
    crowd: MapView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = crowd.layer
    before = layer._shown_layout()
    with monkeypatch.context() as broken:
        broken.setattr("widgets.map.layer.building", _failing)
        with qtbot.captureExceptions() as faults:
            layer.refresh(presses=True)
            qtbot.waitUntil(lambda: len(faults) > 0, timeout=20_000)
    assert not layer._making.is_busy and layer._making.is_stale
    layer.refresh(presses=True)
    qtbot.waitUntil(lambda: layer._shown_layout() is not before, timeout=20_000)
    qtbot.waitUntil(lambda: crowd.settled and has_picture(layer), timeout=20_000)
    picture = layer._canvas.picture
    with monkeypatch.context() as broken:
        broken.setattr(layer.scenery, "paint", _failing)
        with qtbot.captureExceptions() as faults:
            layer._begin_picture(layer._shown_layout(), layer._around(layer._view))
            qtbot.waitUntil(lambda: len(faults) > 0, timeout=20_000)
    assert not layer._canvas.is_busy and layer._canvas.picture is picture


def _failing(*_: object, **__: object) -> Steps[None]:
    yield
    raise RuntimeError("made up")


def test_who_stays_is_not_gone_for_a_moment_when_another_leaves(
    crowd: MapView, qtbot: QtBot
) -> None:
    source = crowd._units
    assert isinstance(source, Rows)
    crowd.follow("u900")
    del source.table["u4"]
    source.reset.emit()
    assert len(crowd.layer.table.rows) == CROWD - 1
    assert crowd.following.key == "u900"
    qtbot.waitUntil(lambda: crowd.settled, timeout=20_000)
    assert crowd.layer.table.find("u4") is None


# The atlas and the canvas by themselves ------------------------------------------------------


def test_what_lay_in_the_atlas_memory_before_is_not_seen(qtbot: QtBot) -> None:
    atlas = Atlas(NIGHT, 1.0)
    atlas.pixmap.fill(Qt.GlobalColor.magenta)
    found = atlas.sprite("empty", 20, 12, _nothing)
    image = atlas.pixmap.toImage()
    inside = image.copy(found.x, found.y, found.width, found.height)
    assert all(
        inside.pixelColor(x, y).alpha() == 0 for x in range(20) for y in range(12)
    )  # also without an atlas of its own
    assert image.pixelColor(500, 500).alpha() == 255


def test_an_atlas_that_one_layout_fills_is_kept(qtbot: QtBot) -> None:
    """Else each layout of a large crowd would draw every label anew."""
    atlas = Atlas(NIGHT, 1.0)
    n = 0
    while not atlas.is_full:
        atlas.sprite(n, 300, 60, _nothing)
        n += 1
    atlas.keep_all()
    assert not atlas.is_full
    while not atlas.is_full:
        atlas.sprite(n, 300, 60, _nothing)
        n += 1


def test_lists_of_names_are_not_remembered(qtbot: QtBot) -> None:
    """Units stand together in ever new lists: a night of them is megabytes."""
    line = Line("AMB 3-1", "ambulance", "#101010", "#202020")
    before = sys.getrefcount(line)
    sizes = {card_size((line, *(line,) * n)) for n in range(1, 9)}
    assert len(sizes) == 8 and {width for width, _ in sizes} == {card_size((line, line))[0]}
    assert card_size((line._replace(more=12),))[0] > card_size((line,))[0]
    assert sys.getrefcount(line) == before


def test_a_picture_that_is_left_half_way_is_never_shown(qtbot: QtBot, crowd: MapView) -> None:
    layout = crowd.layer._shown_layout()
    made, view = Canvas(), View.of(crowd.layer.camera, 1.0)
    pens: list[QPainter] = []

    def draw(painter: QPainter) -> Steps[None]:
        pens.append(painter)
        yield
        yield

    made.begin(layout, view, (1.0, 1.0), Stamp({}, "look"), draw)
    assert made.some() and pens[0].isActive()
    made.leave()
    assert not pens[0].isActive() and made.picture is None and not made.some()
    made.begin(layout, view, (1.0, 1.0), Stamp({}, "look"), draw)
    made.finish()
    assert made.picture is not None and made.picture.covers(view, "look")
    assert not made.picture.covers(view, "another look")
    assert not made.picture.covers(view.grown(1, 1.0), "look")


# The pace ------------------------------------------------------------------------------------


class Jobs:
    def __init__(self, pieces: int) -> None:
        self.left = pieces
        self.at_s: list[float] = []

    def __call__(self) -> bool:
        self.left -= 1
        self.at_s.append(time.perf_counter())
        return self.left > 0


def test_while_nothing_presses_all_is_done_by_rank(qtbot: QtBot) -> None:
    pace = Pace(lambda: False)
    later, sooner = Jobs(3), Jobs(3)
    pace.add(later, 2)
    pace.add(sooner, 1)
    pace.wake(later)
    pace.wake(sooner)
    qtbot.waitUntil(lambda: later.left == 0, timeout=20_000)
    assert sooner.left == 0 and sooner.at_s[-1] < later.at_s[0]


def test_jobs_of_one_rank_take_turns(qtbot: QtBot) -> None:
    pace, order = Pace(lambda: False), []
    left = {"news": 3, "picture": 3}

    def job(name: str) -> Callable[[], bool]:
        def work() -> bool:
            order.append(name)
            left[name] -= 1
            return left[name] > 0

        return work

    for name in left:
        work = job(name)
        pace.add(work, 0)
        pace.wake(work)
    qtbot.waitUntil(lambda: not any(left.values()), timeout=20_000)
    assert order == ["news", "picture"] * 3


def test_while_a_hand_moves_work_is_done_between_frames_alone(qtbot: QtBot) -> None:
    """With a clock that each look at it moves by a tenth of a millisecond."""
    now = [1.0]

    def now_s() -> float:
        now[0] += 0.0001
        return now[0]

    pace, jobs = Pace(lambda: True, now_s=now_s), Jobs(100_000)
    pace.add(jobs, 1)
    for apart_s in (0.016, 0.016, 0.016, 0.010, 0.040, 0.040, 0.040):
        begun_s = now[0]
        pace.frame_begins()
        now[0] += 0.003  # the painting of it
        pace.frame_ends()
        pace.wake(jobs)
        gap_s = min(pace._apart_s) - AHEAD_S
        qtbot.waitUntil(lambda: pace._turn.interval() > 1, timeout=20_000)  # it waits for a frame
        assert gap_s - 0.001 <= now[0] - begun_s <= gap_s + 0.001
        assert pace._turn.interval() <= 1_000 * IDLE_S
        now[0] = begun_s + apart_s
        pace._turn.stop()
    assert list(pace._apart_s) == [pytest.approx(0.010, abs=0.0005), FRAME_S[1], FRAME_S[1]]
    assert jobs.left < 100_000


def test_where_no_frame_comes_work_goes_on(qtbot: QtBot) -> None:
    pace, jobs = Pace(lambda: True), Jobs(2_000)
    pace.add(jobs, 1)
    pace.frame_begins()
    pace.frame_ends()
    pace.wake(jobs)
    qtbot.waitUntil(lambda: jobs.left <= 0, timeout=20_000)


def test_frames_without_a_gap_leave_work_some_time_all_the_same(qtbot: QtBot) -> None:
    now = [1.0]

    def now_s() -> float:
        now[0] += 0.0001
        return now[0]

    pace, jobs = Pace(lambda: True, now_s=now_s), Jobs(100_000)
    pace.add(jobs, 1)
    pace.wake(jobs)
    turns = 0
    for _ in range(60):
        pace.frame_begins()
        now[0] += 0.012
        pace.frame_ends()
        left = jobs.left
        pace._work()
        turns += jobs.left < left
        now[0] += 0.001
    assert 60 * 0.013 / (STARVED_S + 0.02) - 2 <= turns <= 20


def test_a_job_that_presses_goes_before_the_others(qtbot: QtBot) -> None:
    pace = Pace(lambda: False)
    first, second = Jobs(3), Jobs(3)
    pace.add(first, 1)
    pace.add(second, 2)
    pace.wake(first)
    pace.wake(second)
    pace.add(second, 0)
    assert pace.is_awake(second)
    qtbot.waitUntil(lambda: first.left == 0, timeout=20_000)
    assert second.at_s[-1] < first.at_s[0]


def test_a_job_that_is_woken_while_it_ends_has_another_turn(qtbot: QtBot) -> None:
    pace = Pace(lambda: False)
    turns: list[None] = []

    def job() -> bool:
        turns.append(None)
        if len(turns) == 1:
            pace.wake(job)
        return False

    pace.add(job, 0)
    pace.wake(job)
    qtbot.waitUntil(lambda: len(turns) == 2, timeout=20_000)
    QTest.qWait(10)
    assert len(turns) == 2 and not pace.is_awake(job)
    pace.wake(job)
    pace.rest(job)
    QTest.qWait(10)
    assert len(turns) == 2


def test_a_clock_tells_once_for_each_piece() -> None:
    clock = Clock()
    assert not clock.is_up()
    time.sleep(Clock.PIECE_S)
    assert clock.is_up() and not clock.is_up()


def test_a_view_knows_how_far_it_reaches() -> None:
    inner = View.of(Camera(0.5, 0.3, 30, 400, 300), 1.0)
    outer = inner.grown(20, 1.0)
    assert outer.spare(inner) == 20 and inner.spare(outer) == -20
    assert QPoint(*map(int, inner.point(0.5, 0.3))) == QPointF(200, 150).toPoint()
