"""Puts the desk together: models, window, and the links to engine, site and streams.

Order matters for the start: window first, then (after its first paint) the links, which find
their peers on threads of their own. Nothing here waits for a network or a device.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

HEARTBEAT_MS: Final = 250
STATUS_MS: Final = 1_000
SAVE_MS: Final = 1_000
"""Settings are written this long after the last change."""
