"""One timer reads the levels for everything that has a meter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer

from widgets.contracts.sources import TalkgroupSource

METER_MS: Final = 40  # 25 Hz


class Metered(Protocol):
    """Whatever shows a level."""

    @property
    def slot(self) -> int: ...
    def set_level(self, peak_dbfs: float) -> None: ...


class LevelPump(QObject):
    """``wanted`` names what can be seen and may sound, anew at each reading."""

    def __init__(
        self,
        source: TalkgroupSource,
        wanted: Callable[[], Sequence[Metered]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._wanted = wanted
        self._timer = QTimer(self)
        self._timer.setInterval(METER_MS)
        self._timer.timeout.connect(self.read)

    def read(self) -> None:
        shown = self._wanted()
        levels = self._source.levels([one.slot for one in shown])
        for one, level in zip(shown, levels, strict=True):
            one.set_level(level)

    def set_running(self, running: bool) -> None:
        """Meters stand still while nobody can see the window."""
        if running and not self._timer.isActive():
            self._timer.start()
        elif not running:
            self._timer.stop()
