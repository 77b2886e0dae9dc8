"""What the alarms cover on the map: their marks with a ring, and their labels."""

from __future__ import annotations

from typing import Final

import numpy as np

from widgets.map.declutter import Boxes
from widgets.map.layout import Layout
from widgets.map.symbols import Shift
from widgets.map.table import CALM

MARK_PX: Final = 24.0  # from its middle


def alarm_boxes(layout: Layout, shift: Shift) -> Boxes:
    """As they are drawn now, in the map's pixels."""
    states = layout.table.columns["alarm"]
    centres = shift.points(layout.centres[states[layout.units] != CALM])
    marks = np.hstack((centres - MARK_PX, centres + MARK_PX))
    named = [n for n, units in enumerate(layout.lines) if (states[list(units)] != CALM).any()]
    return np.vstack((marks, layout.cards.boxes(shift)[named])) if named else marks
