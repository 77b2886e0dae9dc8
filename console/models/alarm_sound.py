"""Whether the alarm tone sounds, and its pause: by a hand, for two minutes, until anything is new.

IEC 60601-1-8, 6.8: a pause is of a bounded length, is shown as long as it lasts, and a new alarm
is heard through it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from audio.protocol import SetAlarms
from console.models.alarms import sounds_here
from console.models.status import StatusModel
from console.models.store import SiteStore

PAUSE_S: Final = 120.0

Sounding = frozenset[tuple[str, bool]]
"""Alarms that nobody has acknowledged, and whether they have escalated."""


class AlarmSound(QObject):
    """``changed`` carries what the engine is to be told."""

    changed = Signal(object)

    def __init__(
        self,
        store: SiteStore,
        status: StatusModel,
        parent: QObject | None = None,
        *,
        member: Callable[[], str] = lambda: "",
    ) -> None:
        """``member``: as whom this desk is at its site."""
        super().__init__(parent)
        self._member = member
        self._store = store
        self._status = status
        self._sounding: Sounding = frozenset()
        self._paused_for: Sounding = frozenset()
        self._is_paused = False
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(lambda: self.pause(False))
        store.alarms_changed.connect(self._look)

    @property
    def command(self) -> SetAlarms:
        return SetAlarms(len(self._sounding), self._is_paused)

    def pause(self, paused: bool) -> None:
        """Nothing to pause, nothing happens."""
        if paused and self._sounding:
            self._paused_for = self._sounding
            self._end.start(round(PAUSE_S * 1_000))
            self._tell(time.time() + PAUSE_S)
        elif self._is_paused:
            self._tell(None)

    def _look(self, _keys: object) -> None:
        alarms = self._store.state.alarms.values()
        now = frozenset(
            (a.key, a.escalated is not None) for a in alarms if sounds_here(a, self._member())
        )
        if now == self._sounding:
            return
        self._sounding = now
        is_new = bool(now - self._paused_for)
        if self._is_paused and now and not is_new:
            self._tell(self._status.status().alarm_paused_until_s)
        else:
            self._tell(None)

    def _tell(self, until_s: float | None) -> None:
        self._is_paused = until_s is not None
        if not self._is_paused:
            self._end.stop()
        self.changed.emit(self.command)
        self._status.set(alarm_paused_until_s=until_s, alarms_sounding=len(self._sounding))
