"""Level meters: how many segments are lit, and drawing them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

METER_FLOOR_DBFS: Final = -54.0


def lit_segments(peak_dbfs: float, segments: int) -> int:
    """How many segments of a meter are lit; a change that lights no other one repaints nothing."""
    part = (peak_dbfs - METER_FLOOR_DBFS) / (0.0 - METER_FLOOR_DBFS)
    return min(segments, max(0, round(part * segments)))


def paint_meter(
    painter: QPainter, rect: QRectF, lit: int, segments: int, *, on: str, off: str
) -> None:
    """A row of ``segments`` blocks on a dark groove."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(rect, QColor(off))
    colour, step = QColor(on), rect.width() / segments
    for n in range(lit):
        painter.fillRect(
            QRectF(rect.left() + n * step + 1, rect.top() + 1, step - 1.5, rect.height() - 2),
            colour,
        )
