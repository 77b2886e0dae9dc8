"""What a tooltip says of who stands where it points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from widgets.compass import compass_words
from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import UnitRow
from widgets.landmark_words import told as landmark_told
from widgets.map.table import CALM, RAISED, STANDS_MPS, alarm_code

MAX_TOLD: Final = 12  # lines; more are counted

translate = QCoreApplication.translate


def unit_words(row: UnitRow, now_s: float) -> str:
    """Call sign, status, motion, how old the position is, and an alarm."""
    lines = [row.call_sign, row.status_text, _motion_words(row)]
    if row.fixed_s is not None:
        lines.append(age_words(now_s - row.fixed_s))
    state = alarm_code(row)
    if state != CALM:
        unanswered = translate("MapView", "Alarm, not acknowledged")
        lines.append(unanswered if state == RAISED else translate("MapView", "Alarm, acknowledged"))
    return "\n".join(line for line in lines if line)


def pile_words(rows: Sequence[UnitRow], now_s: float) -> str:
    """The unit pointed at in full, then who else stands below its mark."""
    first, *others = rows
    names = [name_words(one) for one in others]
    return "\n".join([unit_words(first, now_s), *([""] if others else []), *_bounded(names)])


def name_words(row: UnitRow) -> str:
    """One of several: who, and in what state."""
    return f"{row.call_sign} · {row.status_text}" if row.status_text else row.call_sign


def landmark_words(rows: Sequence[LandmarkRow], now_s: float) -> str:
    """The pin or place in full; of several that one head counts the names."""
    if len(rows) == 1:
        return landmark_told(rows[0], now_s)
    return "\n".join(_bounded([row.name for row in rows]))


def age_words(age_s: float) -> str:
    """Of a position."""
    if age_s < 90:
        return translate("MapView", "Position {0} s old").format(max(0, round(age_s)))
    if age_s < 5_400:
        return translate("MapView", "Position {0} min old").format(round(age_s / 60))
    return translate("MapView", "Position {0} h old").format(round(age_s / 3_600))


def _motion_words(row: UnitRow) -> str:
    """How fast, and whereto in eighths of a circle."""
    if row.speed_mps is None or row.speed_mps < STANDS_MPS:
        return ""
    words = f"{round(3.6 * row.speed_mps)} km/h"
    return words if row.heading_deg is None else f"{words} {compass_words(row.heading_deg)}"


def _bounded(lines: list[str]) -> list[str]:
    more = len(lines) - MAX_TOLD
    return [*lines[:MAX_TOLD], f"+{more}"] if more > 0 else lines
