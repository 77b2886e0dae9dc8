"""The parts of the map that this desk keeps under a name."""

from __future__ import annotations

from collections.abc import Sequence

from console.desk.memory import Memory
from console.settings import MAX_VIEWS, MapView
from widgets.contracts.rows import MapViewRow


class MapViews:
    """Written with everything else that the desk remembers."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def views(self) -> Sequence[MapViewRow]:
        return tuple(
            MapViewRow(one.name, one.lat, one.lon, one.step) for one in self._memory.now.views
        )

    def keep(self, view: MapViewRow) -> bool:
        others = tuple(one for one in self._memory.now.views if one.name != view.name)
        if len(others) >= MAX_VIEWS:
            return False
        kept = MapView(view.name, view.lat, view.lon, view.step)
        self._memory.change(views=(*others, kept))
        return True

    def forget(self, name: str) -> None:
        self._memory.change(views=tuple(one for one in self._memory.now.views if one.name != name))
