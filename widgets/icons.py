"""Tabler's line icons in any colour and size, drawn once each."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

MAX_CACHED: Final = 512  # pixmaps; the oldest is drawn again when it is needed


@lru_cache(maxsize=MAX_CACHED)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """``size`` in device-independent pixels; ``ratio`` is the screen's."""
    svg = _source(name).replace(b"currentColor", colour.encode())
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@lru_cache(maxsize=MAX_CACHED)
def _source(name: str) -> bytes:
    return resources.path(f"icons/{name}.svg").read_bytes()
