"""The diagnostics: opened and left by keys, read only while seen, and never before an alarm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.models.diagnostics import MAX_TRACES, DiagnosticsModel
from console.models.status import StatusModel
from console.models.traces import HISTORY_S, MAX_MOMENTS
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.test_window import LEFT, key
from widgets.contracts.rows import DeskStatus, SiteLinkFigures
from widgets.look import font
from widgets.site_line import site_figures
from widgets.stream_table import cells, columns, state_line
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def open_page(window: DeskWindow) -> None:
    key(window, Qt.Key.Key_D, CTRL)
    assert window.diagnostics.isVisible()


def test_a_key_opens_it_in_the_maps_place_and_two_ways_lead_back(open_desk: Open) -> None:
    window, _ = open_desk()
    open_page(window)
    page = window.diagnostics
    assert page.list.hasFocus()
    assert window.map_place.isHidden()
    for part in (window.alarms, window.tiles, window.units, window.now):
        inside = part.rect().translated(part.mapTo(window, QPoint(0, 0)))
        assert not inside.intersects(page.rect().translated(page.mapTo(window, QPoint(0, 0))))
    key(window, Qt.Key.Key_Escape)
    assert page.isHidden()
    assert window.map_place.isVisible()
    assert window.tiles.has_focus()
    open_page(window)
    QTest.mouseClick(page.close_button, LEFT)
    assert page.isHidden()
    window.top._diagnostics.trigger()
    assert page.isVisible()


def test_a_new_alarm_takes_its_place_and_an_old_one_leaves_it(open_desk: Open) -> None:
    window, desk = open_desk()
    open_page(window)
    desk.alarms.put(fakes.ALARM)
    assert window.diagnostics.isHidden()
    assert window.map_place.isVisible()
    open_page(window)
    desk.alarms.edit("a1", state="acknowledged")
    assert window.diagnostics.isVisible(), "who looks on may look on"
    key(window, Qt.Key.Key_F3)
    assert window.diagnostics.isHidden(), "the map was asked for"


def test_nothing_is_read_while_nobody_looks(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.diagnostics.tell()
    assert desk.diagnostics.asked == 0
    open_page(window)
    before = desk.diagnostics.asked
    desk.diagnostics.tell()
    assert desk.diagnostics.asked == before + 1
    key(window, Qt.Key.Key_Escape)
    desk.diagnostics.tell()
    assert desk.diagnostics.asked == before + 1


def test_arrows_choose_whose_history_is_drawn_and_news_leaves_the_choice(open_desk: Open) -> None:
    window, desk = open_desk()
    open_page(window)
    page, keys = window.diagnostics, list(desk.diagnostics.table)
    assert page.current == keys[1], "the one who talks"
    key(window, Qt.Key.Key_Down)
    assert page.current == keys[2]
    gone = desk.diagnostics.table.pop(keys[0])
    desk.diagnostics.tell()
    assert page.current == keys[2]
    assert page.list.currentIndex().row() == 1
    desk.diagnostics.tell(gone)
    assert page.current == keys[2]


def test_what_is_drawn_is_said_in_words_too(open_desk: Open) -> None:
    window, _ = open_desk()
    open_page(window)
    plots = window.diagnostics.plots
    assert plots is not None
    assert plots.delay.view.accessibleName() == (
        "Forsinkelse og ujevnt, ms: nå 63 ms · ujevnt (- -) 2 ms"
    )
    assert plots.loss.view.accessibleName() == "Tapt, %: nå 0,0 %, høyest 2,4 %"
    assert plots.cpu.view.accessibleName().startswith("Prosessor, %: nå 8,0 %")
    row = window.diagnostics.model.index(5)
    assert row.data().replace("\u00a0", " ") == (
        "04-SAMV-2, Snakker, åpen, Forsink. 173 ms, Ujevnt 33 ms, Tapt 1 239 3,9 %, "
        "For sent 217 0,7 %, Utfylt 18,7 s, Reddet 310 1,0 %, Avvist 17, Plass V 67"
    )


def test_the_sites_ten_minutes_are_drawn_when_they_are_asked_for(open_desk: Open) -> None:
    window, desk = open_desk()
    open_page(window)
    page, plots = window.diagnostics, window.diagnostics.plots
    assert plots is not None
    assert plots.delay.isVisible() and plots.cpu.isVisible()
    key(window, Qt.Key.Key_Tab)
    key(window, Qt.Key.Key_Tab)
    assert page.of_site.hasFocus()
    key(window, Qt.Key.Key_Return)
    assert [one.isVisible() for one in plots.all()] == [False] * 3 + [True] * 3
    assert plots.undelivered.view.accessibleName() == "Ulevert, antall: nå 0, høyest 2"
    assert plots.round_trip.now.text() == "nå 12,0 ms, høyest 15,0 ms"
    assert plots.events.now.text() == "nå 6,0, høyest 10,0"
    before = desk.diagnostics.site_asked
    desk.diagnostics.tell()
    assert desk.diagnostics.site_asked == before + 1
    QTest.mouseClick(page.of_sound, LEFT)
    desk.diagnostics.tell()
    assert desk.diagnostics.site_asked == before + 1, "what is not drawn is not read"


@SCREENS
def test_what_the_plots_say_is_not_cut(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, _ = open_desk(size=size, language=language)
    open_page(window)
    plots = window.diagnostics.plots
    assert plots is not None
    for button in (window.diagnostics.of_sound, window.diagnostics.of_site):
        QTest.mouseClick(button, LEFT)
        QTest.qWait(20)
        shown = [one for one in plots.all() if one.isVisible()]
        words = [one for plot in shown for one in (plot.words, plot.now)]
        assert [one.text() for one in words if one.elides()] == []
        assert all(one.view.height() >= 80 for one in shown)


def test_the_figures_are_copied_as_text_without_anybodys_name(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, _ = open_desk()
    open_page(window)
    page = window.diagnostics
    page._calm.setInterval(200)
    for _ in range(3):
        key(window, Qt.Key.Key_Tab)
    assert page.copy.hasFocus()
    key(window, Qt.Key.Key_Return)
    text = QApplication.clipboard().text()
    assert "Utgangens tid: 90 ms" in text
    assert "AMK-VESTF-1, Snakker, kryptert, Forsink. 63 ms" in text
    assert "Ugyldig · avvist: 12 · 0" in text
    assert "Sentral: Legevakten i Vestfold" in text
    for private in ("Kari", "AMB 3-1", "stasjon-1.local", "192.168.110.120"):
        assert private not in text
    assert page.copy.text() == "Kopiert"
    qtbot.waitUntil(lambda: page.copy.text() == "Kopier", timeout=20_000)
    for _ in range(2):
        key(window, Qt.Key.Key_Tab)
    assert page.close_button.hasFocus()


@SCREENS
def test_nothing_is_cut(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, desk = open_desk(size=size, language=language)
    open_page(window)
    QTest.qWait(50)
    page = window.diagnostics
    assert page.figures.elided() == ()
    assert page.site.elided() == ()
    assert page.head_row.elided() == ()
    assert page.list.viewport().height() >= 4 * page.list.sizeHintForRow(0), "rows enough"
    small = QFontMetrics(font(window._look.metrics.small, bold=True))
    metrics = window._look.metrics
    name, *places = columns(metrics, 0, page.list.viewport().width())
    tiny = QFontMetrics(font(metrics.small - 1))
    for row in desk.diagnostics.streams():
        room = name.width() - metrics.icon - 7
        assert small.horizontalAdvance(row.name) <= room
        for secured in (True, False):
            state = state_line(replace(row, secured=secured))
            assert tiny.horizontalAdvance(state) <= room, state
        for cell, place in zip(cells(row), places, strict=True):
            assert small.horizontalAdvance(cell.value) <= place.width(), (row.name, cell)


def test_without_an_engine_it_says_so(open_desk: Open) -> None:
    window, desk = open_desk()
    open_page(window)
    desk.diagnostics.now = None
    desk.diagnostics.tell()
    assert window.diagnostics.figures.isHidden()
    assert window.diagnostics._empty.isVisible()
    assert window.diagnostics._empty.accessibleName().startswith("Ingenting høres")


def test_a_change_of_language_or_theme_reaches_it(open_desk: Open) -> None:
    window, _ = open_desk()
    open_page(window)
    window._language_wanted("en")
    QApplication.processEvents()
    assert window.diagnostics.title.text() == "Diagnostics of site and sound"
    assert window.diagnostics.model.index(1).data().startswith("AMK-VESTF-1, Talks, secured")
    window._theme_wanted("day")
    assert window.diagnostics.plots is not None


def test_a_tiles_tooltip_tells_delay_and_loss_as_they_are_now(open_desk: Open) -> None:
    window, desk = open_desk()
    tile = window.tiles.tiles()[5]
    row = desk.diagnostics.table[tile.row.key]
    desk.diagnostics.table[tile.row.key] = replace(row, delay_ms=71.0)
    here = QPoint(9, 9)
    QApplication.sendEvent(tile, QHelpEvent(QEvent.Type.ToolTip, here, tile.mapToGlobal(here)))
    assert "Forsink. 71 ms · Tapt 3,9 %" in tile.toolTip()


def odd(desk: fakes.Fakes, **fields: object) -> dict[str, str]:
    """What of the site's figures is worth a look."""
    link = replace(SiteLinkFigures(site="S", link="up", since_s=fakes.NOW_S), **fields)  # type: ignore[arg-type]
    shown = site_figures(link, desk.diagnostics.streams(), fakes.NOW_S)
    return {one.what: one.value for one in shown if one.is_odd}


def test_what_is_wrong_between_desk_and_site_stands_out(open_desk: Open) -> None:
    _, desk = open_desk()
    until = fakes.NOW_S + 30 * 86_400
    fine = {"Kryptert · åpen": "13 · 1"}
    assert odd(desk, valid_until_s=until) == fine
    assert odd(desk, valid_until_s=None) == fine | {"Sikret til": "Ikke sikret"}
    assert "Sikret til" in odd(desk, valid_until_s=fakes.NOW_S + 6 * 86_400)
    assert odd(desk, valid_until_s=until, link="down") == fine | {"Tilkoblet": "–"}
    assert odd(desk, valid_until_s=until, site="")["Sentral"] == "Ingen funnet"
    assert odd(desk, valid_until_s=until, undelivered=2)["Venter · ulevert"] == "0 · 2"
    assert odd(desk, valid_until_s=until, dropped=3, faults=1)["Tapt · feil"] == "3 · 1"
    assert odd(desk, valid_until_s=until, round_trip_ms=312.0) == fine | {
        "Fram og tilbake": "312,0 ms"
    }


@SCREENS
def test_refused_positions_stand_there_by_reason(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, desk = open_desk(size=size, language=language)
    open_page(window)
    page = window.diagnostics
    before = len(page.site.figures())
    told = replace(
        desk.diagnostics.site(), malformed_positions=2, positions_ahead=3, older_fixes=1_200
    )
    desk.diagnostics.link = told
    desk.diagnostics.changed.emit()
    QTest.qWait(50)
    *_, malformed, ahead, older = page.site.figures()
    assert len(page.site.figures()) == before + 3
    assert [one.value for one in (malformed, ahead)] == ["2", "3"]
    assert [c for c in older.value if c.isdigit()] == list("1200")
    assert all(one.is_odd for one in (malformed, ahead, older))
    assert page.site.elided() == ()
    assert "2" in page.as_text()


@SCREENS
def test_who_asks_the_site_without_end_stands_there_by_name(
    open_desk: Open, size: tuple[int, int], language: str
) -> None:
    window, desk = open_desk(size=size, language=language)
    open_page(window)
    page = window.diagnostics
    before = len(page.site.figures())
    desk.diagnostics.link = replace(desk.diagnostics.site(), floods=("gw1", "lv9"))
    desk.diagnostics.changed.emit()
    QTest.qWait(50)
    *_, last = page.site.figures()
    assert len(page.site.figures()) == before + 1
    assert (last.value, last.is_odd) == ("gw1, lv9", True)
    assert page.site.elided() == ()
    assert "gw1, lv9" in page.as_text()


# --- the model ---


def told(count: int = 1, **more: object) -> p.Status:
    spec = p.StreamSpec("s@h", 5_004, 111, "opus", 48_000, 2)
    given = {"present": True, "talking": True, "delay_ms": 50.0, "packets": 100, **more}
    streams = tuple(
        p.StreamFigures(
            f"s{n}@h",
            n,
            msgspec.structs.replace(spec, stream=f"s{n}@h"),
            p.SetMix(f"s{n}@h"),
            **given,  # type: ignore[arg-type]  # as the test says
        )
        for n in range(count)
    )
    return p.Status(streams, "Hodesett", "playing", ahead_ms=13.0, cpu_s=1.0)


class Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def model(qtbot: QtBot) -> tuple[DiagnosticsModel, Clock, StatusModel]:
    clock, status = Clock(), StatusModel(DeskStatus(engine_link="up"))
    return (
        DiagnosticsModel(status, name=str.upper, order=lambda: ("s1@h", "s0@h"), ticks_s=clock),
        clock,
        status,
    )


Given = tuple[DiagnosticsModel, Clock, StatusModel]


def test_delay_is_the_waits_plus_what_is_kept_ready(model: Given) -> None:
    one, _, _ = model
    one.take(told(2))
    assert [(row.key, row.name, row.delay_ms) for row in one.streams()] == [
        ("s1@h", "S1@H", 63.0), ("s0@h", "S0@H", 63.0),
    ]  # fmt: skip
    one.take(told(1, talking=False))
    assert one.streams()[0].delay_ms is None
    assert one.stream("s1@h") is None


def test_loss_is_that_since_the_moment_before(model: Given) -> None:
    one, clock, _ = model
    for packets, lost in ((100, 50), (145, 55), (145, 55), (10, 0), (20, 0)):
        one.take(told(packets=packets, lost=lost))
        clock.now_s += 1.0
    losses = [None if math.isnan(x) else x for x in one.history("s0@h").loss_percent]
    assert losses == [None, 10.0, None, None, 0.0], "the fourth is another engine"


def known(figures: Sequence[float]) -> list[float | None]:
    return [None if math.isnan(x) else round(x, 3) for x in figures]


def test_jitter_is_noted_while_somebody_talks(model: Given) -> None:
    one, clock, _ = model
    for talking, jitter in ((True, 2.5), (False, 9.0), (True, 4.0)):
        one.take(told(talking=talking, jitter_ms=jitter))
        clock.now_s += 1.0
    assert known(one.history("s0@h").jitter_ms) == [2.5, None, 4.0]


def test_the_processors_use_is_noted_from_word_to_word_and_of_one_engine(model: Given) -> None:
    one, clock, status = model
    for used_s in (5.0, 5.25, 5.75, 0.5, 0.6):
        one.take(msgspec.structs.replace(told(), cpu_s=used_s))
        clock.now_s += 1.0
    status.set(engine_link="down")
    status.set(engine_link="up")
    one.take(msgspec.structs.replace(told(), cpu_s=0.9))
    history = one.engine_history()
    assert known(history.cpu_percent) == [None, 25.0, 50.0, None, 10.0, None]
    assert list(history.age_s) == [-5.0, -4.0, -3.0, -2.0, -1.0, 0.0]


def test_the_sites_link_is_noted_also_while_it_stays_the_same(model: Given) -> None:
    one, clock, _ = model
    up = SiteLinkFigures(link="up", round_trip_ms=7.5, applied=100)
    spy = QSignalSpy(one.changed)
    down = replace(up, link="down", applied=130, undelivered=4)
    for figures in (up, up, replace(up, applied=130), down, replace(up, applied=0)):
        one.take_site(figures)
        clock.now_s += 2.0
    history = one.site_history()
    assert known(history.round_trip_ms) == [7.5, 7.5, 7.5, None, 7.5]
    assert known(history.events_a_second) == [None, 0.0, 15.0, 0.0, None], "the last began anew"
    assert known(history.undelivered) == [0.0, 0.0, 0.0, 4.0, 0.0]
    assert spy.count() == 4, "who looks is told of what differs"
    clock.now_s += HISTORY_S + 1.0
    assert one.site_history().age_s == []


def test_history_is_bounded_in_time_in_moments_and_in_streams(model: Given) -> None:
    one, clock, _ = model
    for n in range(3 * MAX_MOMENTS):
        clock.now_s += 0.25
        one.take(told(packets=n))
    history = one.history("s0@h")
    assert len(history.age_s) == MAX_MOMENTS
    assert list(history.age_s) == sorted(history.age_s)
    assert history.age_s[-1] == 0.0
    clock.now_s += HISTORY_S - 1.0
    assert len(one.history("s0@h").age_s) == 5
    one.take(told(MAX_TRACES))
    assert len(one._traces) == MAX_TRACES
    clock.now_s += HISTORY_S + 1.0
    one.take(told(0))
    assert one._traces == {}


def test_the_processors_share_is_over_ten_seconds_and_of_one_engine(model: Given) -> None:
    one, clock, _ = model
    for n in range(30):
        clock.now_s += 1.0
        one.take(msgspec.structs.replace(told(), cpu_s=5.0 + 0.25 * n))
    engine = one.engine()
    assert engine is not None
    assert engine.cpu_share == pytest.approx(0.25)
    one.take(msgspec.structs.replace(told(), cpu_s=0.1))
    engine = one.engine()
    assert engine is not None
    assert engine.cpu_share is None


def test_what_a_lost_engine_said_is_shown_no_more(model: Given) -> None:
    one, _, status = model
    one.take(told())
    status.set(engine_link="down")
    assert one.engine() is None
    assert one.streams() == ()
    assert one.history("s0@h").age_s, "what was before is still of use"
