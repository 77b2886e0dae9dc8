"""What a link tells whoever made it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.domain.events import Event
from console.domain.presence import Presence
from console.site.address import LinkState
from console.site.log.counts import LinkCounts

log = logging.getLogger(__name__)

OnSaid = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Called on the link's thread. A caller's mistake must not cost the link."""

    counts: LinkCounts
    on_events: Callable[[Sequence[Event]], None]
    on_state: Callable[[LinkState, str], None]
    on_delivered: Callable[[str], None] | None = None
    on_said: OnSaid | None = None
    on_presence: Callable[[Presence], None] | None = None

    def events(self, batch: Sequence[Event]) -> None:
        self._call(self.on_events, batch)

    def state(self, state: LinkState, sentence: str) -> None:
        self._call(self.on_state, state, sentence)

    def delivered(self, event_id: str) -> None:
        self._call(self.on_delivered, event_id)

    def said(self, subject: str, payload: bytes) -> None:
        self._call(self.on_said, subject, payload)

    def presence(self, presence: Presence) -> None:
        self._call(self.on_presence, presence)

    def _call(self, callback: Callable[..., None] | None, *args: object) -> None:
        if callback is None:
            return
        try:
            callback(*args)
        except Exception:
            self.counts.callback_errors += 1
            log.exception("a callback of the site link failed")
