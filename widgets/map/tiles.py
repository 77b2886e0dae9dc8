"""The map as pictures: drawn by threads of its own, kept in a bounded cache.

Where a site's own map is shown, its thread draws the pictures (:mod:`widgets.map.own`); one that it
does not bring in time is meanwhile the base map's, so that a file or server that hangs hides none.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from widgets.map.arrays import path_of
from widgets.map.basemap import AREA, BORDER, EXTENT, RIVER, BaseMap, BaseMapError, Patch
from widgets.map.camera import STEPS, TILE_PX
from widgets.theme import Palette

log = logging.getLogger(__name__)

SIDE: Final = 512  # device-independent pixels
MAX_BYTES: Final = 48_000_000  # of pixmaps; the longest unused goes first
SPARE: Final = 1.5  # times as many as are in view are kept in any case
MAX_WAITING: Final = 128  # tiles asked for; more than any screen shows at once
PATIENCE_S: Final = 0.4  # for a site's own map; then the base map is shown until it comes
BASE, PART, WHOLE = 0, 1, 2  # how good a picture is: the base map alone, some of what is to come
RIVERS_FROM: Final = 6.5  # zoom; farther out they are only noise


@dataclass(frozen=True, slots=True)
class TileKey:
    step: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Job:
    key: TileKey
    ratio: float
    palette: Palette
    turn: int = 0  # of looks and maps: what was begun for another is of no use
    due_s: float = 0.0  # monotonic: the base map's thread waits so long for the other
    quality: int = WHOLE  # of what the base map's thread makes of it


class Above(Protocol):
    """Draws whole pictures, with a site's own map above the base map."""

    def ask(self, job: Job) -> None:
        """Answered, once or more, through :meth:`TileStore.put`."""
        ...


def draw_tile(base: BaseMap, job: Job) -> QImage:
    """One tile's picture. Any thread; touches nothing shared."""
    side = round(SIDE * job.ratio)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(job.palette.water))
    zoom = job.key.step / STEPS
    scale = TILE_PX * 2.0**zoom
    left, top = job.key.x * SIDE, job.key.y * SIDE
    box = (left / scale, top / scale, (left + SIDE) / scale, (top + SIDE) / scale)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for patch in base.patches(zoom, box):
            _draw_patch(painter, patch, scale * job.ratio, (left, top), job)
    finally:
        painter.end()
    return image


def _draw_patch(
    painter: QPainter, patch: Patch, scale: float, corner: tuple[int, int], job: Job
) -> None:
    shift = np.array(corner) * job.ratio
    a, b, c, d = np.rint(np.array(patch.box) * scale - np.tile(shift, 2))
    painter.setClipRect(QRectF(a, b, c - a, d - b))
    points = (patch.shapes.points / EXTENT + (patch.x, patch.y)) * (scale * 2.0**-patch.z) - shift
    p, ratio = job.palette, job.ratio
    painter.setPen(QPen(QColor(p.coast), 1.0 * ratio))
    painter.setBrush(QColor(p.land))
    painter.drawPath(_path(patch, points, AREA))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if job.key.step / STEPS >= RIVERS_FROM:
        painter.setPen(QPen(QColor(p.water), 1.0 * ratio))
        painter.drawPath(_path(patch, points, RIVER))
    painter.setPen(QPen(QColor(p.coast), 1.2 * ratio, Qt.PenStyle.DashLine))
    painter.drawPath(_path(patch, points, BORDER))


def _path(patch: Patch, points: NDArray[np.float64], kind: int) -> QPainterPath:
    """All rings or lines of a kind as one path; lakes are holes in the land (odd-even)."""
    counts = patch.shapes.counts
    wanted = patch.shapes.kinds == kind
    chosen = points[np.repeat(wanted, counts)]
    joined = np.ones(len(chosen), bool)
    joined[np.cumsum(counts[wanted]) - 1] = False  # each ends before the next begins
    path = path_of(chosen, joined)
    path.setFillRule(Qt.FillRule.OddEvenFill)
    return path


class TileStore(QObject):
    """Pixmaps of tiles; what is missing is drawn by the thread, and ``arrived`` tells of it."""

    arrived = Signal()
    _drawn = Signal(object, object, int)  # Job, QImage, quality

    def __init__(self, path: Path, palette: Palette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._palette, self._ratio, self._turn = palette, 1.0, 0
        self._above: Above | None = None
        self._unfinished: dict[TileKey, int] = {}  # of the pixmaps, those below WHOLE
        self.problem = ""  # why there is no base map; the units are shown without it
        self._base = self._open(path)
        self._pixmaps: OrderedDict[TileKey, QPixmap] = OrderedDict()
        self._waiting: set[TileKey] = set()
        self._in_view = 8  # tiles
        self._jobs: queue.Queue[Job | None] = queue.Queue()  # bounded by _waiting
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.failures = 0
        self._drawn.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def _open(self, path: Path) -> BaseMap | None:
        try:
            return BaseMap(path)
        except (OSError, BaseMapError) as error:
            self.problem = str(error)
            log.warning("no base map: %s", error)
            return None

    def start(self) -> None:
        """Once; a store that was stopped stays stopped."""
        self._thread = threading.Thread(target=self._work, name="map-tiles", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and waits for it; does nothing the second time."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping.set()
        self._jobs.put(None)
        thread.join()
        if self._base is not None:
            self._base.close()

    @property
    def settled(self) -> bool:
        return not self._waiting

    def set_look(self, palette: Palette, ratio: float) -> None:
        if palette != self._palette or ratio != self._ratio:
            self._palette, self._ratio = palette, ratio
            self._pixmaps.clear()
            self._unfinished.clear()
            self._begin_anew()

    def set_above(self, above: Above | None) -> None:
        """Whose pictures are shown from now on; those that are there stay until they come."""
        self._above = above
        self._unfinished = dict.fromkeys(self._pixmaps, BASE)
        self._begin_anew()
        self.arrived.emit()

    def _begin_anew(self) -> None:
        self._turn += 1
        self._waiting.clear()

    def get(self, key: TileKey) -> QPixmap | None:
        found = self._pixmaps.get(key)
        if found is not None:
            self._pixmaps.move_to_end(key)
        if (found is None or key in self._unfinished) and key not in self._waiting:
            self._ask(key)
        return found

    def _ask(self, key: TileKey) -> None:
        if len(self._waiting) >= MAX_WAITING:
            return
        self._waiting.add(key)
        job = Job(key, self._ratio, self._palette, self._turn)
        if self._above is not None:
            self._above.ask(job)
            job = replace(job, due_s=time.monotonic() + PATIENCE_S, quality=BASE)
        self._jobs.put(job)

    def peek(self, key: TileKey) -> QPixmap | None:
        """What is there already."""
        return self._pixmaps.get(key)

    def want_only(self, keys: Iterable[TileKey]) -> None:
        """Those in view: others need not be drawn any more."""
        seen = tuple(keys)
        self._in_view = len(seen)
        self._waiting.intersection_update(seen)

    def kept(self, step: int) -> Iterable[tuple[TileKey, QPixmap]]:
        """Those of another zoom, to show (scaled) until the right ones are there."""
        return [(key, pixmap) for key, pixmap in self._pixmaps.items() if key.step == step]

    def wants(self, job: Job) -> bool:
        """Whether somebody still waits for it. Any thread."""
        return job.turn == self._turn and job.key in self._waiting

    def put(self, job: Job, image: QImage, quality: int = WHOLE) -> None:
        """Any thread."""
        self._drawn.emit(job, image, quality)

    def base(self, job: Job) -> QImage:
        """The base map's picture. Any thread; water alone once this has been stopped."""
        try:
            return self._draw(job)
        except ValueError:  # its file has been closed under a thread that goes on for a while
            return _water(job)

    def _keep(self, job: Job, image: QImage, quality: int) -> None:
        if job.turn != self._turn:
            return
        if quality == WHOLE:
            self._waiting.discard(job.key)
            self._unfinished.pop(job.key, None)
        elif job.key in self._pixmaps and self._unfinished.get(job.key, WHOLE) > quality:
            return
        else:
            self._unfinished[job.key] = quality
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(job.ratio)
        self._pixmaps[job.key] = pixmap
        most = max(int(SPARE * self._in_view), int(MAX_BYTES / (SIDE * SIDE * 4 * job.ratio**2)))
        while len(self._pixmaps) > most:
            gone, _ = self._pixmaps.popitem(last=False)
            self._unfinished.pop(gone, None)
        self.arrived.emit()

    def _work(self) -> None:
        """The thread. A damaged tile stays water; it is counted and told of once."""
        while (job := self._jobs.get()) is not None and not self._stopping.is_set():
            self._stopping.wait(max(0.0, job.due_s - time.monotonic()))
            if self.wants(job) and not self._stopping.is_set():
                self.put(job, self._draw(job), job.quality)

    def _draw(self, job: Job) -> QImage:
        try:
            if self._base is not None:
                return draw_tile(self._base, job)
        except BaseMapError as error:
            self.failures += 1
            if self.failures == 1:
                log.warning("the base map is drawn with gaps: %s", error)
        return _water(job)


def _water(job: Job) -> QImage:
    side = round(SIDE * job.ratio)
    blank = QImage(side, side, QImage.Format.Format_RGB32)
    blank.fill(QColor(job.palette.water))
    return blank
