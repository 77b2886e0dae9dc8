"""The ground below the units: tiles of this zoom, or those of another one until they come."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from widgets.map.camera import STEPS, View
from widgets.map.pace import Steps
from widgets.map.tiles import SIDE, TileKey, TileStore
from widgets.theme import Palette

AT_ONCE: Final = 6  # tiles that are drawn in one go: some half of a millisecond


class Ground:
    """Asks for tiles and paints those that are there."""

    def __init__(self, store: TileStore) -> None:
        self._store = store
        self._whole_step = 0  # the last zoom of which every tile in view was there

    @property
    def has_been_whole(self) -> bool:
        return self._whole_step > 0

    def want(self, view: View, around: View, *, ask: bool) -> None:
        """Those in view first, then those ``around`` it. Not ``ask``: what is there will do."""
        inner, outer = tiles_in(view), tiles_in(around)
        self._store.want_only(outer)
        for key in inner if ask else ():
            self._store.get(key)
        if any(self._store.peek(key) is None for key in inner):
            return
        self._whole_step = view.camera.step
        for key in outer if ask else ():
            self._store.get(key)

    def stamps(self, view: View) -> dict[TileKey, int]:
        """Which pictures of the tiles are there now; 0: none yet."""
        found = ((key, self._store.peek(key)) for key in tiles_in(view))
        return {key: 0 if pixmap is None else pixmap.cacheKey() for key, pixmap in found}

    def paint(self, painter: QPainter, view: View, p: Palette) -> Steps[None]:
        found = {key: self._store.peek(key) for key in tiles_in(view)}
        missing = [key for key, pixmap in found.items() if pixmap is None]
        if missing:
            yield from self._paint_missing(painter, view, missing, p)
        for n, (key, pixmap) in enumerate(found.items(), 1):
            if pixmap is not None:
                painter.drawPixmap(_place(key, view, SIDE).topLeft(), pixmap)
            if n % AT_ONCE == 0:
                yield

    def _paint_missing(
        self, painter: QPainter, view: View, missing: list[TileKey], p: Palette
    ) -> Steps[None]:
        """Water, and what another zoom has there."""
        places = [_place(key, view, SIDE) for key in missing]
        older = [] if self._whole_step == view.camera.step else list(self._stretched(view))
        bare = QRegion(0, 0, math.ceil(view.width), math.ceil(view.height))
        for target, _ in older:  # a pixel less: its edges may be half covered
            bare -= QRegion(target.toAlignedRect().adjusted(1, 1, -1, -1))
        painter.save()
        painter.setClipRegion(bare, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(0, 0, view.width, view.height), QColor(p.water))
        painter.restore()
        yield
        for target, pixmap in older:
            if any(target.intersects(place) for place in places):
                painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
                yield

    def _stretched(self, view: View) -> Iterator[tuple[QRectF, QPixmap]]:
        side = SIDE * 2.0 ** ((view.camera.step - self._whole_step) / STEPS)
        whole = QRectF(0, 0, view.width, view.height)
        for key, pixmap in self._store.kept(self._whole_step):
            target = _place(key, view, side)
            if target.intersects(whole):
                yield target, pixmap


def _place(key: TileKey, view: View, side: float) -> QRectF:
    """Of a tile so wide and high."""
    return QRectF(key.x * side - view.left, key.y * side - view.top, side, side)


def tiles_in(view: View) -> tuple[TileKey, ...]:
    columns = range(int(view.left // SIDE), int((view.left + view.width) // SIDE) + 1)
    rows = range(int(view.top // SIDE), int((view.top + view.height) // SIDE) + 1)
    return _keys(view.camera.step, columns, rows)


@lru_cache(maxsize=16)
def _keys(step: int, columns: range, rows: range) -> tuple[TileKey, ...]:
    """Asked for several times in each frame; while a hand pans they are mostly the same."""
    return tuple(TileKey(step, x, y) for y in rows for x in columns)
