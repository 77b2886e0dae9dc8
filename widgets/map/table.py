"""The units as columns, so that ten thousand are drawn without a loop."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from widgets.contracts.rows import UnitRow
from widgets.map.projection import MAX_LAT, forward_point

MAX_UNITS: Final = 20_000  # more are counted as refused
RAISED, ANSWERED, CALM = 2, 1, 0
COLUMN: Final = np.dtype(
    [
        ("x", "f8"),  # world units; NaN = no position that can be drawn
        ("y", "f8"),
        ("heading", "f8"),  # degrees; NaN = not known, or standing still
        ("speed", "f8"),  # metres a second; NaN = not known
        ("fixed", "f8"),  # unix seconds; NaN = not known
        ("accuracy", "f8"),  # metres
        ("alarm", "i1"),
        ("rank", "i1"),  # the smaller, the sooner it gets its label
        ("speaking", "?"),
    ]
)
STANDS_MPS: Final = 1.0  # below this a heading is noise
URGENCY: Final = {"red": 3, "yellow": 4, "green": 5, "none": 6}


class UnitTable:
    """Rows by key; ``columns[:count]`` is what is drawn from."""

    def __init__(self) -> None:
        self.rows: list[UnitRow] = []
        self._index: dict[str, int] = {}
        self._columns = np.zeros(64, COLUMN)
        self._refused: set[str] = set()

    @property
    def columns(self) -> NDArray[np.void]:
        return self._columns[: len(self.rows)]

    @property
    def refused(self) -> int:
        """Units whose position is malformed now, and those beyond MAX_UNITS."""
        return len(self._refused)

    def frozen(self) -> UnitTable:
        """As it is now, whatever becomes of this one."""
        made = UnitTable()
        made.rows, made._index = self.rows.copy(), self._index.copy()
        made._columns = self.columns.copy()
        return made

    def find(self, key: str) -> int | None:
        return self._index.get(key)

    def get(self, key: str) -> UnitRow | None:
        at = self._index.get(key)
        return None if at is None else self.rows[at]

    def clear(self) -> None:
        self.rows.clear()
        self._index.clear()
        self._refused.clear()

    def put(self, row: UnitRow) -> None:
        at = self._index.get(row.key)
        if at is None:
            if len(self.rows) >= MAX_UNITS:
                self._refused.add(row.key)
                return
            at = self._append(row)
        self.rows[at] = row
        self._columns[at] = self._numbers(row)

    def remove(self, key: str) -> None:
        """The last row takes its place; what counted by rows must count anew."""
        self._refused.discard(key)
        at = self._index.pop(key, None)
        if at is None:
            return
        last = self.rows.pop()
        if last.key != key:
            self.rows[at] = last
            self._columns[at] = self._columns[len(self.rows)]
            self._index[last.key] = at

    def _append(self, row: UnitRow) -> int:
        at = len(self.rows)
        if at == len(self._columns):
            self._columns = np.concatenate((self._columns, np.zeros(at, COLUMN)))
        self._index[row.key] = at
        self.rows.append(row)
        return at

    def _numbers(self, row: UnitRow) -> tuple[float, ...]:
        x, y = self._place(row)
        moving = row.speed_mps is None or row.speed_mps >= STANDS_MPS
        heading = row.heading_deg if row.heading_deg is not None and moving else np.nan
        fixed = row.fixed_s if row.fixed_s is not None else np.nan
        alarm = alarm_code(row)
        rank = 0 if alarm else 1 if row.speaking else URGENCY.get(row.urgency, 6)
        speed = row.speed_mps if row.speed_mps is not None else np.nan
        return x, y, heading, speed, fixed, row.accuracy_m, alarm, rank, row.speaking

    def _place(self, row: UnitRow) -> tuple[float, float]:
        """NaN for what is missing or malformed; the latter is counted."""
        self._refused.discard(row.key)
        if row.lat is None or row.lon is None:
            return np.nan, np.nan
        if not (abs(row.lat) <= MAX_LAT and abs(row.lon) <= 180.0):  # false for NaN, too
            self._refused.add(row.key)
            return np.nan, np.nan
        return forward_point(row.lat, row.lon)


def alarm_code(row: UnitRow) -> int:
    """Unacknowledged pulses, acknowledged is steady, closed is no alarm."""
    if row.alarm is None or row.alarm == "closed":
        return CALM
    return RAISED if row.alarm == "raised" else ANSWERED
