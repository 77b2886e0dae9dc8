"""The thread that draws a site's own map above the base map; it alone reads, decodes and draws it.

A picture of ours (512 pixels at a quarter of a zoom) is composed of the map's tiles at the nearest
level; beyond its greatest zoom, and where only a coarser tile is there, that one is stretched. What
the map does not have is the base map. Tiles that a server has yet to send make a picture that is
shown as it is and drawn again when they have come.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from widgets.contracts.maps import MapFacts, OwnMap
from widgets.map import pictures, roadmap, roads
from widgets.map.camera import STEPS, TILE_PX
from widgets.map.mvt import Spot, VectorTile, decode
from widgets.map.projection import MAX_LAT, forward_point
from widgets.map.tiles import PART, SIDE, WHOLE, Job, TileKey, TileStore
from widgets.theme import Palette

log = logging.getLogger(__name__)

MAX_KEPT: Final = 24_000_000  # bytes of tiles, decoded
MAX_PARENTS: Final = 6  # levels that a missing tile is looked for in coarser ones
MAX_FINER: Final = 1  # levels that a picture may be composed of finer tiles than it needs
MAX_UNSURE: Final = 64  # pictures
PART_S: Final = 0.4  # between two drawings of a picture that is not whole yet
ASK_AGAIN_S: Final = 5.0
NEWS: Final = "news"

Key = tuple[int, int, int]  # z, x, y
Decoded = QImage | VectorTile | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A tile, and where it stands in a picture, in its pixels."""

    key: Key
    left: float
    top: float
    side: float


@dataclass(slots=True)
class Pending:
    job: Job
    drawn_s: float  # monotonic


class OwnDrawer:
    """One for each choice of a map; stopped when another is chosen."""

    def __init__(
        self,
        own: OwnMap,
        store: TileStore,
        *,
        on_opened: Callable[[OwnDrawer, MapFacts], None],
        on_failed: Callable[[OwnDrawer], None],
        on_spoiled: Callable[[OwnDrawer, int, bool], None],
        on_places: Callable[[OwnDrawer, Key, tuple[Spot, ...]], None],
        on_strange: Callable[[OwnDrawer, bool], None],
    ) -> None:
        """The five are called on the thread: what the map is, that it can't be shown, how many
        tiles, and shapes of others, can't be read so far and whether none could be, which places
        are in a tile that is drawn (once each, unless it has been let go meanwhile), and whether
        all layers that it has shown so far are strangers, so that nothing of it is drawn."""
        self._own, self._store = own, store
        self._on_opened, self._on_failed, self._on_spoiled = on_opened, on_failed, on_spoiled
        self._on_places, self._on_strange = on_places, on_strange
        self._jobs: queue.SimpleQueue[Job | str | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._pending: dict[TileKey, Pending] = {}
        self._kept: OrderedDict[tuple[Key, str], Decoded] = OrderedDict()
        self._kept_bytes = 0
        self._has_news = threading.Event()
        self._facts: MapFacts | None = None
        self._tile_px = 0  # not known before the first one
        self._has_water = False  # a file need not name its layers: then a tile that has some tells
        self._is_strange: bool | None = None  # whether nothing is drawn of any layer that it has
        self._unsure: deque[Job] = deque(maxlen=MAX_UNSURE)  # drawn before that was known
        self._has_read = False  # any tile
        self.spoiled = 0
        self._thread = threading.Thread(target=self._work, name="map-own", daemon=True)
        self._thread.start()

    def ask(self, job: Job) -> None:
        self._jobs.put(job)

    def stop(self, wait_s: float = 0.0) -> None:
        """A file or network that hangs is not waited for: the thread ends when that does."""
        self._stopping.set()
        self._jobs.put(None)
        if wait_s:
            self._thread.join(timeout=wait_s)

    # The thread ----------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            if self._open():
                self._draw_all()
        finally:
            try:
                self._own.close()
            except Exception:
                log.exception("a map could not be closed")

    def _open(self) -> bool:
        try:
            self._facts = self._own.open(self._told)
        except (ValueError, OSError) as error:
            log.warning("a map can't be shown: %s", error)
            self._on_failed(self)
            return False
        except Exception:
            log.exception("a map can't be shown")
            self._on_failed(self)
            return False
        self._has_water = roads.has_water(frozenset(self._facts.layers))
        self._on_opened(self, self._facts)
        self._note_layers(self._facts.layers)
        return True

    def _note_layers(self, layers: Collection[str]) -> None:
        """A map of which nothing is drawn would be the base map by another's name."""
        if not layers or self._is_strange is False:
            return
        is_strange = not any(map(roads.takes, layers))
        if is_strange != bool(self._is_strange):
            self._on_strange(self, is_strange)
        self._is_strange = is_strange

    def _told(self) -> None:
        """Once for any number of tiles that come together."""
        if not self._has_news.is_set():
            self._has_news.set()
            self._jobs.put(NEWS)

    def _draw_all(self) -> None:
        while not self._stopping.is_set():
            try:
                job = self._jobs.get(timeout=ASK_AGAIN_S if self._pending else None)
            except queue.Empty:
                job = NEWS
            if job is None:
                return
            if isinstance(job, Job):
                self._draw(job)
            else:
                self._has_news.clear()
                self._draw_again()

    def _draw_again(self) -> None:
        """What waits for tiles; whoever has asked for something else comes first."""
        for key, pending in list(self._pending.items()):
            if not self._store.wants(pending.job):
                self._pending.pop(key, None)
            elif not self._stopping.is_set():
                self._draw(pending.job)

    def _draw(self, job: Job) -> None:
        if not self._store.wants(job):
            self._pending.pop(job.key, None)
            return
        image, is_whole, is_any = self._drawn(job)
        if is_whole:
            self._pending.pop(job.key, None)
            self._store.put(job, image, WHOLE)
            self._note_water(job)
            return
        now_s = time.monotonic()
        pending = self._pending.setdefault(job.key, Pending(job, now_s))
        pending.job = job
        if is_any and now_s - pending.drawn_s >= PART_S:
            pending.drawn_s = now_s
            self._store.put(job, image, PART)

    def _note_water(self, job: Job) -> None:
        """A tile far inland holds no water, and below it the base map's coarser sea must not show:
        what was drawn before the first tile with water is drawn again."""
        if not self._has_water:
            self._unsure.append(job)
            return
        while self._unsure and self._jobs.empty():  # whoever has asked for more comes first
            before = self._unsure.popleft()
            if before.turn != job.turn:
                continue
            image, is_whole, _ = self._drawn(before)
            if is_whole:
                self._store.put(before, image, WHOLE)

    def _drawn(self, job: Job) -> tuple[QImage, bool, bool]:
        try:
            return self._picture(job)
        except Exception:  # whatever it is: the map below must still be seen
            log.exception("a map picture could not be drawn")
            self._spoil("it could not be drawn")
            return self._store.base(job), True, True

    def _picture(self, job: Job) -> tuple[QImage, bool, bool]:
        """With whether all of it is there, and anything at all but the base map."""
        pieces, is_whole = self._pieces(job)
        image = self._store.base(job)
        if not pieces:
            return image, is_whole, False
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self._paint(painter, pieces, job)
        finally:
            painter.end()
        return image, is_whole, True

    def _paint(
        self, painter: QPainter, pieces: list[tuple[Piece, Piece, Decoded]], job: Job
    ) -> None:
        assert self._facts is not None
        look = roadmap.Look(job.palette, job.key.step / STEPS, job.ratio)
        placed: list[roadmap.Placed] = []
        extent = self._extent(job)
        for wanted, found, tile in pieces:
            box = _box(wanted).intersected(extent)
            if isinstance(tile, QImage):
                painter.setClipRect(box)
                _paint_picture(painter, wanted, found, tile)
            elif tile is not None and not box.isEmpty():
                at = roadmap.Placed(tile, found.left, found.top, found.side, box)
                placed.append(at)
                roadmap.draw_tile(painter, at, look, whole=self._has_water)
        roadmap.draw_words(painter, placed, round(SIDE * job.ratio), look)

    def _extent(self, job: Job) -> QRectF:
        """Where the map says that it ends, in the picture's pixels: a tile at its edge is half
        empty, and that half is the base map's."""
        assert self._facts is not None
        west, south, east, north = self._facts.bounds
        scale = TILE_PX * 2.0 ** (job.key.step / STEPS) * job.ratio
        corner = (job.key.x * SIDE * job.ratio, job.key.y * SIDE * job.ratio)
        left, top = forward_point(min(max(north, -MAX_LAT), MAX_LAT), west)
        right, bottom = forward_point(min(max(south, -MAX_LAT), MAX_LAT), east)
        x, y = round(left * scale - corner[0]), round(top * scale - corner[1])
        end = round(right * scale - corner[0]), round(bottom * scale - corner[1])
        whole = QRectF(0, 0, SIDE * job.ratio, SIDE * job.ratio)
        return QRectF(x, y, end[0] - x, end[1] - y).intersected(whole)

    # Which tiles ---------------------------------------------------------------------------------

    def _pieces(self, job: Job) -> tuple[list[tuple[Piece, Piece, Decoded]], bool]:
        """Where a tile is wanted, which one (itself or a coarser) is there, and what it holds."""
        before = self._tile_px
        made, is_whole = [], True
        for wanted in self._wanted(job):
            try:
                found = self._found(wanted, job.palette)
            except BlockingIOError:
                is_whole = False
                found = self._stand_in(wanted, job.palette)
            if found is not None:
                made.append((wanted, *found))
        if self._tile_px not in (before, TILE_PX):  # the first one has told: another level fits
            return self._pieces(job)
        made.sort(key=lambda one: one[1].key[0])
        return made, is_whole

    def _wanted(self, job: Job) -> Iterator[Piece]:
        facts = self._facts
        assert facts is not None
        zoom = job.key.step / STEPS
        if facts.kind == "raster":
            level = round(zoom - math.log2((self._tile_px or TILE_PX) / TILE_PX))
        else:
            level = math.floor(zoom - 0.5)
        if level < facts.least - MAX_FINER:
            return
        level = min(max(level, facts.least), facts.most)
        side = TILE_PX * 2.0 ** (zoom - level)  # of a tile, in device-independent pixels
        left, top = job.key.x * SIDE, job.key.y * SIDE
        first, last = self._range(level)
        columns = range(max(first[0], math.floor(left / side)),
                        min(last[0], math.ceil((left + SIDE) / side) - 1) + 1)  # fmt: skip
        rows = range(max(first[1], math.floor(top / side)),
                     min(last[1], math.ceil((top + SIDE) / side) - 1) + 1)  # fmt: skip
        ratio = job.ratio
        for y in rows:
            for x in columns:
                yield Piece(
                    (level, x, y), (x * side - left) * ratio, (y * side - top) * ratio, side * ratio
                )

    def _range(self, level: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The first and the last column and row within the map's bounds."""
        assert self._facts is not None
        west, south, east, north = self._facts.bounds
        most = (1 << level) - 1
        left, top = forward_point(min(max(north, -MAX_LAT), MAX_LAT), west)
        right, bottom = forward_point(min(max(south, -MAX_LAT), MAX_LAT), east)
        low = (max(0, math.floor(left * (most + 1))), max(0, math.floor(top * (most + 1))))
        high = (
            min(most, math.ceil(right * (most + 1)) - 1),
            min(most, math.ceil(bottom * (most + 1)) - 1),
        )
        return low, high

    def _found(self, wanted: Piece, palette: Palette) -> tuple[Piece, Decoded] | None:
        """The tile, else the nearest coarser one that is there. Raises BlockingIOError."""
        assert self._facts is not None
        for piece in _and_parents(wanted):
            if piece.key[0] < self._facts.least:
                return None
            tile = self._tile(piece.key, palette)
            if tile is not None:
                return piece, tile
        return None

    def _stand_in(self, wanted: Piece, palette: Palette) -> tuple[Piece, Decoded] | None:
        """A coarser one that has been decoded already, until the right one has come."""
        for piece in _and_parents(wanted):
            tile = self._kept.get((piece.key, self._palette_of(palette)))
            if tile is not None:
                return piece, tile
        return None

    def _palette_of(self, palette: Palette) -> str:
        """A vector tile is the same by day and night."""
        assert self._facts is not None
        return palette.name if self._facts.kind == "raster" else ""

    def _tile(self, key: Key, palette: Palette) -> Decoded:
        """None where there is none, or none that can be read. Raises BlockingIOError."""
        known = (key, self._palette_of(palette))
        if known in self._kept:
            self._kept.move_to_end(known)
            return self._kept[known]
        try:
            data = self._own.tile(*key)
            tile = self._decoded(key, data, palette) if data else None
        except BlockingIOError:
            raise
        except (ValueError, OSError) as error:
            self._spoil(str(error))
            tile = None
        self._keep(known, tile)
        return tile

    def _decoded(self, key: Key, data: bytes, palette: Palette) -> Decoded:
        assert self._facts is not None
        if self._facts.kind == "vector":
            tile = decode(data, roads.takes, roads.KEYS, roads.sort)
            self._note_read()
            if tile.broken:
                self._spoil(f"{tile.broken} of its shapes make no sense", tile.broken)
            if tile.spots:
                self._on_places(self, key, tile.spots)
            self._has_water = self._has_water or roads.has_water(tile.layers)
            self._note_layers(tile.layers)
            return tile
        image = pictures.read_picture(data)
        self._note_read()
        self._tile_px = self._tile_px or max(64, image.width())
        return pictures.toned(image, palette)

    def _note_read(self) -> None:
        if not self._has_read and self.spoiled:
            self._on_spoiled(self, self.spoiled, False)
        self._has_read = True

    def _keep(self, key: tuple[Key, str], tile: Decoded) -> None:
        self._kept[key] = tile
        self._kept_bytes += _weight(tile)
        while self._kept_bytes > MAX_KEPT or len(self._kept) > 4_000:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= _weight(gone)

    def _spoil(self, why: str, parts: int = 1) -> None:
        """The log has the first one alone: a map may have thousands."""
        if not self.spoiled:
            log.warning("a tile of a map can't be read: %s", why)
        self.spoiled += parts
        self._on_spoiled(self, self.spoiled, not self._has_read)


def _and_parents(piece: Piece) -> Iterator[Piece]:
    """Itself, then the coarser tiles that it lies in, where they stand in the same picture."""
    yield piece
    z, x, y = piece.key
    for up in range(1, min(z, MAX_PARENTS) + 1):
        side = piece.side * (1 << up)
        left = piece.left - (x - ((x >> up) << up)) * piece.side
        top = piece.top - (y - ((y >> up) << up)) * piece.side
        yield Piece((z - up, x >> up, y >> up), left, top, side)


def _box(piece: Piece) -> QRectF:
    """On whole pixels, so that neighbours meet without a seam."""
    x, y = round(piece.left), round(piece.top)
    right, bottom = round(piece.left + piece.side), round(piece.top + piece.side)
    return QRectF(x, y, right - x, bottom - y)


def _paint_picture(painter: QPainter, wanted: Piece, found: Piece, image: QImage) -> None:
    share = wanted.side / found.side
    part = QRectF(
        (wanted.left - found.left) / found.side, (wanted.top - found.top) / found.side, share, share
    )
    pictures.draw_picture(painter, image, _box(wanted), part)


def _weight(tile: Decoded) -> int:
    if isinstance(tile, QImage):
        return int(tile.sizeInBytes())
    return 100 if tile is None else tile.weight
