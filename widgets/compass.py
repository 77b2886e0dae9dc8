"""The eight points of the compass in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def compass_words(bearing_deg: float) -> str:
    """``NE`` for anything between 22.5° and 67.5°, in the screen's language."""
    translate = QCoreApplication.translate
    points = (
        translate("compass", "N"),
        translate("compass", "NE"),
        translate("compass", "E"),
        translate("compass", "SE"),
        translate("compass", "S"),
        translate("compass", "SW"),
        translate("compass", "W"),
        translate("compass", "NW"),
    )
    return points[round(bearing_deg / 45.0) % 8]
