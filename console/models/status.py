"""What the top bar tells: links, device, undelivered and skipped events."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from audio import protocol
from widgets.contracts.rows import DeskStatus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MICROPHONE_ROW: Final = protocol.MAX_STREAMS + 1  # of the levels, as audio.meters says
SILENCE_DBFS: Final = -120.0


class StatusModel(QObject):
    changed = Signal()

    def __init__(self, status: DeskStatus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self._peak_dbfs: NDArray[np.float32] | None = None

    def status(self) -> DeskStatus:
        return self._status

    def set_meters(self, peak_dbfs: NDArray[np.float32]) -> None:
        """A live view of the engine's table, by slot."""
        self._peak_dbfs = peak_dbfs

    def microphone_dbfs(self) -> float:
        peaks = self._peak_dbfs
        return SILENCE_DBFS if peaks is None else float(peaks[MICROPHONE_ROW])

    def set(self, **fields: Any) -> None:
        """Change named fields of the status; quiet when nothing differs."""
        new = dataclasses.replace(self._status, **fields)
        if new != self._status:
            self._status = new
            self.changed.emit()
