"""Where in the stereo field something is heard, in words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

STEPS: Final = 10
"""From the middle to one side: what an ear tells apart, and a hand finds again."""


def rounded(pan: float) -> float:
    """To a whole step, -1 left to 1 right."""
    return max(-1.0, min(1.0, round(pan * STEPS) / STEPS))


def place_words(pan: float) -> str:
    """Steps to a side rather than degrees: they are those of the arrow keys."""
    translate = QCoreApplication.translate
    step = round(pan * STEPS)
    if not step:
        return translate("places", "in the middle")
    if step < 0:
        return translate("places", "{0} to the left").format(-step)
    return translate("places", "{0} to the right").format(step)
