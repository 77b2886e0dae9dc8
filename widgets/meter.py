"""Level meters: how many segments are lit, and drawing them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap, QPixmapCache

METER_FLOOR_DBFS: Final = -54.0


def lit_segments(peak_dbfs: float, segments: int) -> int:
    """How many segments of a meter are lit; a change that lights no other one repaints nothing."""
    part = (peak_dbfs - METER_FLOOR_DBFS) / (0.0 - METER_FLOOR_DBFS)
    return min(segments, max(0, round(part * segments)))


def paint_meter(
    painter: QPainter, rect: QRect, lit: int, segments: int, *, on: str, off: str
) -> None:
    """A row of ``segments`` blocks on a dark groove."""
    end = round(lit * rect.width() / segments)  # between two blocks
    rest = rect.adjusted(end, 0, 0, 0)
    painter.fillRect(rest, QColor(off))
    if lit:
        strip = _strip(rect, segments, on, off, painter.device().devicePixelRatioF())
        ratio = strip.devicePixelRatio()
        shown = QRectF(rect.left(), rect.top(), end, rect.height())
        painter.drawPixmap(shown, strip, QRectF(0, 0, end * ratio, rect.height() * ratio))


def _strip(rect: QRect, segments: int, on: str, off: str, ratio: float) -> QPixmap:
    """All blocks lit; painting a block at a time cost more than the rest of a tile's meter."""
    key = f"meter {rect.width()} {rect.height()} {segments} {on} {off} {ratio}"
    strip = QPixmap()
    if QPixmapCache.find(key, strip):
        return strip
    strip = QPixmap(round(rect.width() * ratio), round(rect.height() * ratio))
    strip.setDevicePixelRatio(ratio)
    strip.fill(QColor(off))
    painter, step = QPainter(strip), rect.width() / segments
    for n in range(segments):
        painter.fillRect(QRectF(n * step + 1, 1, step - 1.5, rect.height() - 2), QColor(on))
    painter.end()
    QPixmapCache.insert(key, strip)
    return strip
