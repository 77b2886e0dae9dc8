"""Says of a message to this desk that the desk has it, once each: whoever wrote it waits for that.

Nothing is said before all of the site's log has been read: until then a receipt of an earlier run
of this desk may not have been seen yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from console.domain import events as e
from console.domain.message import Message, is_for
from console.domain.state import State
from console.models.store import SiteStore

LOOK_MS: Final = 500
MAX_TOLD: Final = 2_000


class Mail(QObject):
    """``say`` hands an event to the site, ``me`` is as whom this desk is written to."""

    def __init__(
        self,
        store: SiteStore,
        *,
        say: Callable[[e.AnyBody, str], bool],
        me: Callable[[], str],
        is_caught_up: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._say = say
        self._me = me
        self._is_caught_up = is_caught_up
        self._told: dict[str, None] = {}  # said, and perhaps not read back yet
        self._look_soon = QTimer(self)
        self._look_soon.setInterval(LOOK_MS)
        self._look_soon.timeout.connect(self._look)
        store.applied.connect(self._applied)

    def _applied(self, events: tuple[e.Event, ...]) -> None:
        if any(isinstance(one.body, e.MessageSent | e.StatusMessageSent) for one in events):
            self._look_soon.start()

    def _look(self) -> None:
        if not self._is_caught_up():
            return
        self._look_soon.stop()
        me = self._me()
        for message in undelivered(self._store.state, me):
            if message.key not in self._told:
                self._tell(message, me)

    def _tell(self, message: Message, me: str) -> None:
        if self._say(e.MessageDelivered(message.key, me), message.key):
            self._told[message.key] = None
            if len(self._told) > MAX_TOLD:
                del self._told[next(iter(self._told))]


def undelivered(state: State, me: str) -> list[Message]:
    """What was sent to this desk and nobody has told to be here, oldest first."""
    if not me:
        return []
    return [
        message
        for message in state.messages
        if is_for(message, me)
        and not any(r.receiver == me for r in state.receipts.get(message.key, ()))
    ]
