"""Units and alarms for the map's tests, pictures and benchmark; all made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from widgets.contracts.rows import AlarmRow, UnitKind, UnitRow, Urgency

NOW_S = 1_795_554_007.0
TOWNS = (
    (59.267, 10.408), (59.417, 10.483), (59.131, 10.217), (59.053, 10.035), (59.744, 10.204),
    (59.913, 10.752), (59.434, 10.657), (58.147, 7.996), (58.970, 5.733), (60.393, 5.324),
    (63.430, 10.395), (67.280, 14.405), (69.649, 18.956), (69.968, 23.271), (69.727, 30.045),
)  # fmt: skip
KINDS: tuple[tuple[UnitKind, str], ...] = (
    ("ambulance", "AMB"), ("ambulance", "AMB"), ("doctor", "LV-lege"), ("first-responder", "FR"),
    ("fire", "BR"), ("police", "PO"), ("helicopter", "Helikopter"),
)  # fmt: skip
URGENCIES: tuple[Urgency, ...] = ("none", "none", "green", "yellow", "red")


class StillClock:
    def __init__(self) -> None:
        self.time_s = NOW_S

    def now_s(self) -> float:
        return self.time_s


class Rows(QObject):
    """A source of unit or alarm rows."""

    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, rows: Sequence[Any] = ()) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}

    def keys(self) -> Sequence[str]:
        return tuple(self.table)

    def row(self, key: str) -> Any:
        return self.table[key]

    def put(self, *rows: Any) -> None:
        self.table.update({row.key: row for row in rows})
        self.changed.emit(tuple(row.key for row in rows))


def make_units(number: int, seed: int = 7) -> list[UnitRow]:
    chance = random.Random(seed)
    made = []
    for i in range(number):
        lat, lon = TOWNS[0 if i % 3 == 0 else i % len(TOWNS)]
        kind, prefix = KINDS[i % len(KINDS)]
        made.append(
            UnitRow(
                key=f"u{i}",
                call_sign=f"{prefix} {i // 9 + 1}-{i % 9 + 1}",
                kind=kind,
                status_text="Ledig",
                urgency=chance.choice(URGENCIES),
                lat=lat + chance.gauss(0, 0.06),
                lon=lon + chance.gauss(0, 0.10),
                accuracy_m=chance.choice((5.0, 10.0, 30.0)),
                heading_deg=chance.choice((None, chance.uniform(0, 360))),
                speed_mps=12.0,
                fixed_s=NOW_S - chance.choice((5, 10, 20, 400, 1_200)),
            )
        )
    return made


def with_alarm(rows: list[UnitRow]) -> tuple[list[UnitRow], list[AlarmRow]]:
    """The first unit raises an alarm in Horten, the second speaks, the fourth is inaccurate."""
    rows[0] = replace(rows[0], lat=59.417, lon=10.483, alarm="raised", heading_deg=None)
    rows[1] = replace(rows[1], lat=59.30, lon=10.38, speaking=True)
    rows[3] = replace(rows[3], lat=59.36, lon=10.45, accuracy_m=900.0)
    alarm = AlarmRow("a1", rows[0].key, rows[0].call_sign, raised_s=NOW_S - 42, lat=59.4, lon=10.4)
    return rows, [alarm]
