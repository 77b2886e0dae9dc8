"""What everything is drawn with: the palette, and sizes in the regular or compact form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QFont

from widgets.theme import Palette

FAMILY: Final = "Inter"
REGULAR_WIDTH_PX: Final = 1_600
REGULAR_HEIGHT_PX: Final = 900


@dataclass(frozen=True, slots=True)
class Metrics:
    """Lengths and font sizes in device-independent pixels."""

    small: int
    body: int
    title: int
    large: int
    clock: int
    gap: int
    tile_width: int
    tile_height: int  # six rows and the tabs fill 1080, and 768
    row: int
    control: int
    top_bar: int
    bottom_bar: int
    left: int
    right: int
    goes_to: int
    icon: int
    compact: bool


REGULAR: Final = Metrics(
    small=14,
    body=15,
    title=18,
    large=26,
    clock=30,
    gap=8,
    tile_width=226,
    tile_height=134,
    row=34,
    control=30,
    top_bar=52,
    bottom_bar=118,
    left=486,
    right=440,
    goes_to=372,
    icon=18,
    compact=False,
)
COMPACT: Final = Metrics(
    small=12,
    body=13,
    title=14,
    large=20,
    clock=24,
    gap=5,
    tile_width=168,
    tile_height=96,
    row=28,
    control=24,
    top_bar=42,
    bottom_bar=80,
    left=366,
    right=348,
    goes_to=296,
    icon=15,
    compact=True,
)


def metrics_for(width: int, height: int) -> Metrics:
    """The compact form where the regular one would crowd (1366 × 768 must work)."""
    roomy = width >= REGULAR_WIDTH_PX and height >= REGULAR_HEIGHT_PX
    return REGULAR if roomy else COMPACT


@dataclass(frozen=True, slots=True)
class Look:
    """Handed down from the window; a widget keeps the newest and repaints."""

    palette: Palette
    metrics: Metrics


def font(px: int, *, bold: bool = False, medium: bool = False) -> QFont:
    """Inter with tabular figures, so that times and numbers line up."""
    made = QFont(FAMILY)
    made.setPixelSize(px)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    elif medium:
        made.setWeight(QFont.Weight.Medium)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
