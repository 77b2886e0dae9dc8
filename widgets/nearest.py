"""Which units water parts from the place that is measured from: asked on a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

import resources
from widgets.unit_order import Reference
from widgets.units import UnitPanel

log = logging.getLogger(__name__)

AGAIN_MS: Final = 20_000  # units move
END_S: Final = 5.0


class WaterBetween(QObject):
    """Follows ``units.measured``. Without it estimates are what they are, without that word."""

    _found = Signal(object, object)  # Reference, frozenset of keys

    def __init__(self, units: UnitPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._units = units
        self._from: Reference | None = None
        self._thread: threading.Thread | None = None
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._ask)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        units.measured.connect(self._measured)

    def close(self) -> None:
        """For good: a thread must not outlive what it tells."""
        self._again.stop()
        self._from = None
        if self._thread is not None:
            self._thread.join(END_S)

    def _measured(self, reference: Reference | None) -> None:
        self._from = reference
        if reference is None:
            self._again.stop()
        else:
            self._again.start()
            self._ask()

    def _ask(self) -> None:
        """One question at a time; the last one asked meanwhile comes next."""
        reference = self._from
        if reference is None or self._thread is not None:
            return
        places = self._units.places()
        self._thread = threading.Thread(
            target=self._look, args=(reference, places), name="water-between", daemon=True
        )
        self._thread.start()

    def _look(self, reference: Reference, places: dict[str, tuple[float, float]]) -> None:
        """The thread."""
        keys: frozenset[str] | None = None
        try:
            from widgets.map.water import parted  # noqa: PLC0415  # after the first paint

            here = (reference.lat, reference.lon)
            keys = parted(resources.path("map/base.vmap"), here, places)
        except (ImportError, OSError, ValueError) as error:
            log.warning("water between places can't be told: %s", error)
        try:
            self._found.emit(reference, keys)
        except RuntimeError:  # the window has gone meanwhile
            return

    def _take(self, reference: Reference, keys: frozenset[str] | None) -> None:
        self._thread = None
        if keys is not None and reference == self._from:
            self._units.set_parted(reference, keys)
        elif reference != self._from:
            self._ask()
