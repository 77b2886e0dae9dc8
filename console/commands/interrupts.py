"""Ctrl-C at moments at which it would leave half of something behind."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Final

ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)


def end_by_sigterm() -> None:
    """SIGTERM ends a command as Ctrl-C does: with a goodbye."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


@contextlib.contextmanager
def interrupted_afterwards() -> Iterator[None]:
    """What is begun is ended first: a signal that comes meanwhile ends the command after it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = [signal.signal(one, lambda number, _frame: came.append(number)) for one in ENDINGS]
    try:
        yield
    finally:
        for one, handler in zip(ENDINGS, before, strict=True):
            signal.signal(one, handler)
    if came:
        raise KeyboardInterrupt


@contextlib.contextmanager
def interrupted_at_once() -> Iterator[None]:
    """While libraries are loaded, some of which take an exception there for their own failure."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
