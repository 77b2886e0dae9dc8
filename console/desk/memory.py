"""What a desk remembers from one start to the next: in hand at once, on disk soon after."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, QTimer

from console.settings import DeskSettings, SettingsFile

log = logging.getLogger(__name__)

SAVE_MS: Final = 1_000
"""It is written so long after the last change."""


class Memory(QObject):
    """``gathered``: with what others know by the time it is written."""

    def __init__(
        self,
        file: SettingsFile,
        now: DeskSettings,
        gathered: Callable[[DeskSettings], DeskSettings],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._gathered = gathered
        self.now = now
        self._soon = QTimer(self)
        self._soon.setInterval(SAVE_MS)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._save)

    def change(self, **fields: Any) -> None:
        self.take(msgspec.structs.replace(self.now, **fields))

    def take(self, settings: DeskSettings) -> None:
        self.now = settings
        self.save_soon()

    def save_soon(self) -> None:
        self._soon.start()

    def end(self) -> None:
        """What was to be written soon is written now."""
        if self._soon.isActive():
            self._soon.stop()
            self._save()

    def _save(self) -> None:
        self.now = self._gathered(self.now)
        try:
            self._file.save(self.now)
        except OSError as error:
            log.warning("settings could not be written: %s", error)
