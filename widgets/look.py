"""What everything is drawn with: the palette, and sizes in the regular or compact form."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

from PySide6.QtGui import QFont

from widgets.theme import Palette

FAMILY: Final = "Inter"
REGULAR_WIDTH_PX: Final = 1_600
REGULAR_HEIGHT_PX: Final = 900
SCALES: Final = (100, 110, 125, 150, 175, 200)  # percent
LEAST_ROOM: Final = (900, 510)
"""What is left of a window, divided by its scale, that everything can still be reached in."""
NARROW_PX: Final = 1_100  # where less is left, tiles stand in one column
SHORT_PX: Final = 640
SCALE_STEP: Final = 0.05


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
    talk: int  # the talk place's width
    scale: float = 1.0  # what the lengths above have been multiplied by
    short: bool = False  # not everything fits below the alarms

    def px(self, length: float) -> int:
        """A length that is not among these, at this scale."""
        return round(length * self.scale)


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
    talk=486,
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
    talk=366,
)


NARROW: Final = replace(COMPACT, left=193, right=296, talk=252)
LENGTHS: Final = tuple(one.name for one in fields(Metrics) if one.type == "int")


def metrics_for(width: int, height: int, scale: float = 1.0) -> Metrics:
    """The compact form where the regular one would crowd (1366 × 768 must work), as large as was
    chosen, or as this window can hold."""
    scale = fitting_scale(width, height, scale)
    room = width / scale, height / scale
    base = REGULAR if room[0] >= REGULAR_WIDTH_PX and room[1] >= REGULAR_HEIGHT_PX else COMPACT
    if scale > 1.0 and room[0] < NARROW_PX:
        base = NARROW
    if scale == 1.0:
        return base
    large = {name: round(getattr(base, name) * scale) for name in LENGTHS}
    return replace(base, **large, scale=scale, short=room[1] < SHORT_PX)


def fitting_scale(width: int, height: int, scale: float) -> float:
    """What of a chosen scale this window can hold, in steps of :data:`SCALE_STEP`; 1.0 at least."""
    most = min(width / LEAST_ROOM[0], height / LEAST_ROOM[1])
    steps = int(most / SCALE_STEP + 1e-9)
    return max(1.0, min(scale, round(steps * SCALE_STEP, 2)))


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
