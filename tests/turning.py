"""Qt's loop, turned as the program itself turns it.

``QTest.qWait`` keeps Python's lock for as long as it waits: a desk's own threads, its links to
site, engine and pedals, stand still meanwhile. A thread that sleeps 5 ms at a time woke once in a
second of it, and 205 times in a second of this.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

Answer = TypeVar("Answer")


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


def beside(ask: Callable[[], Answer]) -> Answer:
    """What an engine or a site answers, while the windows go on. A desk whose loop waits for it
    renews nothing: after 0.6 s another may have its floor. Where there are no windows there is no
    loop that could stand still, and none that could be turned."""
    if QCoreApplication.instance() is None:
        return ask()
    future: Future[Answer] = Future()

    def work() -> None:
        try:
            future.set_result(ask())
        except BaseException as error:  # whatever it is, it is the asker's
            future.set_exception(error)

    asking = Thread(target=work, name="beside", daemon=True)
    asking.start()
    while asking.is_alive():
        turn(5)
    return future.result()
