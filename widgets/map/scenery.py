"""All that a hand moves as one: the ground, names, marked places, trails, the calm units, pins."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from widgets.map import overlay
from widgets.map.camera import View
from widgets.map.declutter import Boxes
from widgets.map.ground import Ground
from widgets.map.landmarks import Landmarks
from widgets.map.layout import Layout
from widgets.map.pace import Steps
from widgets.map.symbols import Batch
from widgets.map.tiles import TileStore
from widgets.map.trails import Trails
from widgets.theme import Palette


class Scenery:
    """Draws it, in pieces, wherever it is wanted: on the widget or on a picture kept for later."""

    def __init__(self, store: TileStore) -> None:
        self.ground = Ground(store)
        self.landmarks = Landmarks()
        self.trails = Trails()
        self.batch = Batch()

    @property
    def stamp(self) -> tuple[object, ...]:
        """Differs when something beside tiles and layout has come, gone or changed its look."""
        return (self.landmarks.rows, tuple(self.trails.shown))

    def paint(
        self, painter: QPainter, layout: Layout, view: View, no_go: Boxes, p: Palette
    ) -> Steps[None]:
        """``no_go``: what furniture covers, in the pixels of ``layout``'s own view."""
        atlas, shift = layout.atlas, layout.shift_to(view)
        yield from self.ground.paint(painter, view, p)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.batch.draw(painter, atlas, layout.places.sprites, shift)
        self.landmarks.paint(painter, layout, shift, self.batch, no_go)
        yield
        overlay.paint_trails(painter, self.trails, view, layout, p)
        overlay.paint_rings(painter, layout, view, p)
        yield
        for rows in (layout.ticks, layout.marks, layout.labels.sprites, layout.badges):
            yield from self.batch.steps(painter, atlas, rows, shift, (view.width, view.height))
        for plates in (layout.pins.heads, layout.pins.names):
            self.batch.draw(painter, atlas, plates.sprites, shift)
