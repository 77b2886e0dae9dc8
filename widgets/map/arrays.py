"""From numpy to Qt without an object for each point: paths by Qt's own serial form, fragments of a
pixmap by their address."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QIODevice
from PySide6.QtGui import QPainter, QPainterPath, QPixmap
from shiboken6 import Shiboken

Floats = NDArray[np.float64]

# As QDataStream has it (Qt, "Serializing Qt Data Types"): how many, then each element's type and
# place, at last where the open part begins and the fill rule, odd-even. All big-endian.
_ELEMENT: Final = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
_COUNT: Final = np.dtype(">i4")
_END: Final = bytes(2 * _COUNT.itemsize)


def path_of(points: Floats, joined: NDArray[np.bool_]) -> QPainterPath:
    """``points`` (n, 2), finite; ``joined`` (n,): whether a line goes from each to the next one.
    Raises ValueError for points that are not finite."""
    path = QPainterPath()
    if not len(points):
        return path
    if not np.isfinite(points).all():
        raise ValueError("a path's points must be finite")
    elements = np.empty(len(points), _ELEMENT)
    elements["type"][0] = QPainterPath.ElementType.MoveToElement.value
    elements["type"][1:] = joined[:-1]  # 1 = a line to it, 0 = the pen is set down there
    elements["x"], elements["y"] = points[:, 0], points[:, 1]
    count = np.array(len(points), _COUNT).tobytes()
    written = QByteArray(count + elements.tobytes() + _END)
    stream = QDataStream(written, QIODevice.OpenModeFlag.ReadOnly)
    stream >> path  # reads it
    return path


class Fragments:
    """Rows of a ``QPainter.PixmapFragment`` each: middle, the part's box in the pixmap, scale,
    rotation, opacity. The memory grows as it must and stays."""

    FIELDS: Final = 10

    def __init__(self) -> None:
        self._rows: Floats = np.empty((0, self.FIELDS))

    def rows(self, count: int) -> Floats:
        """So many, to be written; what stood there is no more."""
        if count > len(self._rows):
            self._rows = np.empty((count, self.FIELDS))
        return self._rows[:count]

    def draw(self, painter: QPainter, count: int, pixmap: QPixmap) -> None:
        """The first ``count``, one at least: PySide takes the address of the first."""
        first = Shiboken.wrapInstance(self._rows.ctypes.data, QPainter.PixmapFragment)
        assert isinstance(first, QPainter.PixmapFragment)
        painter.drawPixmapFragments(first, count, pixmap)
