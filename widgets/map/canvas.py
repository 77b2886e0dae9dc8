"""A picture of the scenery, somewhat larger than the view: a hand that pans moves it as one.

To draw two thousand marks and labels takes most of a frame, to show such a picture a tenth of it.
The next one is drawn in pieces, between frames, on a second pixmap; then the two change places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from widgets.map.camera import Camera, View
from widgets.map.layout import Layout
from widgets.map.pace import Steps
from widgets.map.tiles import TileKey

MARGIN_PX: Final = 144.0
NEAR_PX: Final = 56.0  # of its edge: then the next one is begun
MOST_SPARE: Final = 600  # pixels of a pixmap that a smaller view leaves unused, each way
MAX_BYTES: Final = 44_000_000  # of a picture; larger views are drawn each time

Draw = Callable[[QPainter], Steps[None]]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of what a picture was drawn, beside its layout."""

    tiles: Mapping[TileKey, int]  # as :meth:`Ground.stamps`
    look: object


@dataclass(frozen=True, slots=True)
class Picture:
    pixmap: QPixmap
    layout: Layout
    part: QRectF  # of the pixmap, in its own pixels
    view: View
    stamp: Stamp

    def covers(self, view: View, look: object) -> bool:
        same = self.view.camera.step == view.camera.step and self.stamp.look == look
        return same and self.view.spare(view) >= 0.0

    def blit(self, painter: QPainter, view: View, scale: float) -> None:
        """In the widget's own pixels, of which the map's are ``scale`` times as large."""
        left, top = self.view.left - view.left, self.view.top - view.top
        painter.drawPixmap(QPointF(left * scale, top * scale), self.pixmap, self.part)


class Canvas:
    """``picture`` is the last that was finished."""

    def __init__(self) -> None:
        self.picture: Picture | None = None
        self._back: QPixmap | None = None  # where the next one is drawn
        self._work: Steps[None] | None = None
        self._next: Picture | None = None
        self._screen_ratio = 1.0
        self._pieces = self._last_pieces = 0  # of what is being drawn, and of what was

    @property
    def is_busy(self) -> bool:
        return self._work is not None

    def begin(
        self, layout: Layout, view: View, ratios: tuple[float, float], stamp: Stamp, draw: Draw
    ) -> None:
        """What had been begun is left. ``ratios``: pixels of the screen for one of the map's, and
        for one of the widget's."""
        self.leave()
        ratio, self._screen_ratio = ratios
        width, height = round(view.width * ratio), round(view.height * ratio)
        pixmap = self._pixmap(width, height)
        pixmap.setDevicePixelRatio(ratio)
        self._next = Picture(pixmap, layout, QRectF(0, 0, width, height), view, stamp)
        self._work, self._pieces = _painted(pixmap, draw), 0

    def suits(self, layout: Layout, view: View, look: object) -> bool:
        """Whether what is being drawn will do for a view."""
        coming = self._next
        return coming is not None and coming.layout is layout and coming.covers(view, look)

    @property
    def is_half_done(self) -> bool:
        """To finish it takes less than to draw all of it anew, as far as the last one tells."""
        return self._work is not None and 2 * self._pieces > self._last_pieces

    def finish(self) -> None:
        while self.some():
            pass

    def some(self) -> bool:
        """A piece of it; False: ``picture`` is another one now, or nothing had been begun."""
        if self._work is None:
            return False
        try:
            next(self._work)
        except StopIteration:
            assert self._next is not None
            self._next.pixmap.setDevicePixelRatio(self._screen_ratio)
            self._back = None if self.picture is None else self.picture.pixmap
            self.picture, self._next, self._work = self._next, None, None
            self._last_pieces = self._pieces
            return False
        except BaseException:  # half of a picture is none
            self.leave()
            raise
        self._pieces += 1
        return True

    def leave(self) -> None:
        if self._work is not None and self._next is not None:
            self._work.close()
            self._back = self._next.pixmap
        self._work = self._next = None

    def drop(self) -> None:
        """Also what is there: its memory is wanted elsewhere."""
        self.leave()
        self.picture = self._back = None

    def _pixmap(self, width: int, height: int) -> QPixmap:
        """What is there already, where it is large enough: a system is slow to give new memory."""
        back, self._back = self._back, None
        if back is not None:
            spare = back.width() - width, back.height() - height
            if min(spare) >= 0 and max(spare) <= MOST_SPARE:
                return back
        return QPixmap(width, height)


def pays(camera: Camera, ratio: float) -> bool:
    """Whether a view is small enough for two such pictures."""
    wide, high = camera.width + 2 * MARGIN_PX, camera.height + 2 * MARGIN_PX
    return 4 * wide * high * ratio**2 <= MAX_BYTES


def _painted(pixmap: QPixmap, draw: Draw) -> Steps[None]:
    painter = QPainter(pixmap)
    try:
        yield from draw(painter)
    finally:
        painter.end()
