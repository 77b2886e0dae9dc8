"""What goes wrong on a link, counted since it was made."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

log = logging.getLogger(__name__)

MAX_LOGGED_SKIPS: Final = 20


@dataclass
class LinkCounts:
    skipped: int = 0  # malformed; unreadable positions among them
    dropped: int = 0  # said live with the site away, or with too much waiting
    overruns: int = 0  # told live, and dropped because this program was too slow
    forged: int = 0  # told live, and said by nobody
    usurped: int = 0  # our ids under which another event was stored
    callback_errors: int = 0
    hand_over_errors: int = 0
    session_faults: int = 0

    @property
    def faults(self) -> int:
        """Ours, not the net's."""
        return self.callback_errors + self.hand_over_errors + self.session_faults

    def skip(self, why: str) -> None:
        self.skipped += 1
        if self.skipped <= MAX_LOGGED_SKIPS:
            log.warning("a malformed event was skipped: %s", why)
