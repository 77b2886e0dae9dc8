"""Qt's loop, turned as the program itself turns it.

``QTest.qWait`` keeps Python's lock for as long as it waits: a desk's own threads, its links to
site, engine and pedals, stand still meanwhile. A thread that sleeps 5 ms at a time woke once in a
second of it, and 205 times in a second of this.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer


def turn(ms: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(ms), loop.quit)
    loop.exec()


def turn_until(condition: Callable[[], object], what: str, patience_s: float) -> None:
    """Raises TimeoutError, which names ``what`` was waited for."""
    deadline_s = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"waited {patience_s:.0f} s for {what}")
        turn(20)
