"""The window that ``bench desk`` measures: sources that need no site and no engine."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtTest import QTest

from benchmarks.reaction import reaction_ms
from tests.turning import turn
from widgets.app import make_application
from widgets.contracts.rows import DeskStatus, LogRow, TalkgroupRow, TilePage, TimelineStanding
from widgets.contracts.sources import Sources
from widgets.theme import NIGHT
from widgets.tile import Tile
from widgets.window import DeskWindow

METER_STEP = 0.7  # radians per reading: nearly every one lights another segment


class _Groups(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, tiles: int, active: int, running: bool) -> None:
        super().__init__()
        self.table = {
            f"g{n}": TalkgroupRow(
                key=f"g{n}",
                talkgroup=f"g{n}",
                name=f"GRUPPE-{n}",
                purpose="Måling",
                slot=n,
                speaker="AMB 3-1" if n < active else "",
                presence="present",
                secured=True,
            )
            for n in range(tiles)
        }
        self._active = active if running else 0
        self._phase = 0.0

    def keys(self) -> Sequence[str]:
        return tuple(self.table)

    def row(self, key: str) -> TalkgroupRow:
        return self.table[key]

    def levels(self, slots: Sequence[int]) -> Sequence[float]:
        self._phase += METER_STEP
        return [
            -27.0 + 26.0 * math.sin(self._phase + slot) if slot < self._active else -120.0
            for slot in slots
        ]

    def select(self, key: str) -> None:
        changed = [k for k, row in self.table.items() if k == key or row.attention == "selected"]
        for one in changed:
            attention: Any = "selected" if one == key else "monitored"
            self.table[one] = replace(self.table[one], attention=attention)
        self.changed.emit(tuple(changed))


class _Nothing(QObject):
    """Units, alarms, log, status, diagnostics, messages and pedals of an empty site."""

    changed = Signal(tuple)
    reset = Signal()
    appended = Signal(tuple)
    replaced = Signal()
    added = Signal(tuple)
    moved = Signal(str, bool)
    lost = Signal(str, str)
    standing = TimelineStanding()
    saving = None
    is_asking = is_more = False

    def more(self) -> None:
        """There is none."""

    def keys(self) -> Sequence[str]:
        return ()

    def row(self, key: str) -> Any:
        raise KeyError(key)

    def rows(self) -> Sequence[LogRow]:
        return ()

    def stream(self, _key: str) -> None:
        return None

    def just_closed(self, _now_s: float) -> None:
        return None

    def note_alarm(self, _alarm: str, _text: str) -> bool:
        return True

    def stored(self) -> Sequence[Any]:
        return ()

    def on_duty(self) -> Sequence[Any]:
        return ()

    def waiting(self) -> None:
        return None

    def why_nobody(self, _alarm: str) -> str:
        return ""


class _Layout(QObject):
    """One page, that of all tiles."""

    changed = Signal()

    def __init__(self, groups: _Groups) -> None:
        super().__init__()
        self._groups = groups

    def pages(self) -> Sequence[TilePage]:
        return (TilePage("", tuple(self._groups.keys())),)

    def shown(self) -> str:
        return ""

    def done(self) -> None:
        return None

    def __getattr__(self, _name: str) -> Any:
        return lambda *_: None


class _Status(QObject):
    changed = Signal()

    def status(self) -> DeskStatus:
        return DeskStatus(site="Måling", site_link="up", engine_link="up", device="ingen")

    def microphone_dbfs(self) -> float:
        return -120.0


class _Clock:
    def now_s(self) -> float:
        return time.time()


class _Actions:
    """Selecting is the only hand that the benchmark has."""

    def __init__(self, groups: _Groups) -> None:
        self.select = groups.select

    def __getattr__(self, _name: str) -> Any:
        return lambda *_: None


class Bench:
    """``way`` "whole" repaints a tile for each level, as a tile without a rectangle would."""

    def __init__(self, way: str, *, tiles: int, active: int, size: tuple[int, int]) -> None:
        self.paints = 0
        self._app = make_application(["bench"], "night", "nb")
        self._groups = _Groups(tiles, active, running=way != "still")
        self._count_paints(whole=way == "whole")
        nothing: Any = _Nothing()
        actions: Any = _Actions(self._groups)
        layout: Any = _Layout(self._groups)
        told = (_Status(), _Clock(), actions, *(nothing,) * 7, layout, layout, *(nothing,) * 7)
        sources = Sources(self._groups, nothing, nothing, nothing, *told)
        self._window = DeskWindow(sources, NIGHT, "nb")
        self._window.map_place.load = lambda: None  # type: ignore[method-assign]  # not measured
        self._window.resize(*size)
        self._window.show()

    def _count_paints(self, *, whole: bool) -> None:
        paint, bench = Tile.paintEvent, self

        def counted(tile: Tile, event: Any) -> None:
            bench.paints += 1
            if whole:
                tile._face = None
            paint(tile, event)

        Tile.paintEvent = counted  # type: ignore[method-assign,assignment]  # counts, then paints
        if whole:
            Tile.set_level = _repaint_whole  # type: ignore[method-assign,assignment]  # the control

    def turn(self, seconds: float) -> None:
        """Let Qt's loop run."""
        turn(1_000 * seconds)

    def click_ms(self, n: int) -> float:
        """From a click on a tile until that tile has been painted."""
        tile = self._window.tiles.tiles()[(n * 37) % len(self._groups.table)]
        press = partial(QTest.mouseClick, tile, Qt.MouseButton.LeftButton, pos=QPoint(40, 14))
        return reaction_ms(tile, press)

    def close(self) -> None:
        self._window.close()
        self._window.deleteLater()


def _repaint_whole(tile: Tile, peak_dbfs: float) -> None:
    lit = round(peak_dbfs)
    if lit != tile._lit:
        tile._lit = max(0, min(24, lit + 24))
        tile.update()
