"""Children that end when their parent does, however it ends, ``kill -9`` included (Linux alone)."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Callable
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def end_with_parent() -> Callable[[], None] | None:
    """For ``Popen``'s ``preexec_fn``; None where the system has no such thing. The parent is the
    thread that starts the child, so start it from one that lasts."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    return ask
