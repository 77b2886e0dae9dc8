"""What the top bar tells: links, device, undelivered and skipped events."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QObject, Signal

from widgets.contracts import DeskStatus


class StatusModel(QObject):
    changed = Signal()

    def __init__(self, status: DeskStatus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = status

    def status(self) -> DeskStatus:
        return self._status

    def set(self, **fields: Any) -> None:
        """Change named fields of the status; quiet when nothing differs."""
        new = dataclasses.replace(self._status, **fields)
        if new != self._status:
            self._status = new
            self.changed.emit()
