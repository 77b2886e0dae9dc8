"""How every process of ours writes its log: JSON lines in a bounded file, and nothing of patients.

A line holds ``time`` (UTC), ``level``, ``logger``, ``thread``, ``message`` and, where there are
some, ``fields`` (``extra={"fields": {…}}``) and ``error``: its kind and where it came from. What an
error says is left out, as it may quote what somebody wrote; but of what the system says.
``left_out`` says how many lines from the same place in the code were not written before this one.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final

MAX_BYTES: Final = 1_000_000
MAX_OLDER: Final = 3
"""Files beside the one that is written; the oldest goes."""
MAX_MESSAGE: Final = 2_000
MAX_ALIKE: Final = 100
ALIKE_S: Final = 60.0
"""So many lines from one place in the code within so long; what is more is counted, so that nothing
that happens thousands of times, or is made to, takes the place of all the rest."""
MAX_PLACES: Final = 1_000
OURS: Final = ("audio", "console", "widgets", "resources", "benchmarks", "vaktbord")
"""Whose messages are known to quote nobody. Of other loggers' (asyncio shows whole exceptions and
what a function was given) only the beginning stands, without what was put into it."""
MAX_FRAMES: Final = 30
MAX_CAUSES: Final = 4
OF_THE_SYSTEM: Final = (OSError, sqlite3.Error, ImportError, MemoryError)
"""Their texts are the system's own words."""

log = logging.getLogger("vaktbord")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "message": _message(record),
        }
        fields = getattr(record, "fields", None)
        if fields:
            line["fields"] = fields
        left_out = getattr(record, "left_out", 0)
        if left_out:
            line["left_out"] = left_out
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = error_as_dict(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=_kind)


class Repeats(logging.Filter):
    """Lets no more through than :data:`MAX_ALIKE`; the first line of the next time says how many
    were left out. What is for debugging is not bounded: who asks for it wants all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._counted: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """The handler's lock is not held here: two threads may let one line more through."""
        if record.levelno < logging.INFO:
            return True
        place = (record.pathname, record.lineno)
        since_s, count = self._counted.get(place, (record.created, 0))
        if not 0.0 <= record.created - since_s < ALIKE_S:
            record.left_out = max(0, count - MAX_ALIKE)
            since_s, count = record.created, 0
        self._counted[place] = (since_s, count + 1)
        if len(self._counted) > MAX_PLACES:
            del self._counted[next(iter(self._counted))]
        return count < MAX_ALIKE


def error_as_dict(error: BaseException, causes: int = MAX_CAUSES) -> dict[str, Any]:
    """Kind and place. The newest calls are the last ones."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    where = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    told: dict[str, Any] = {"kind": type(error).__qualname__, "where": where}
    if isinstance(error, OSError):
        told["says"] = error.strerror or ""  # without the file's name
    elif isinstance(error, OF_THE_SYSTEM):
        told["says"] = str(error)[:MAX_MESSAGE]
    cause = error.__cause__ or error.__context__
    if cause is not None and causes:
        told["cause"] = error_as_dict(cause, causes - 1)
    return told


def log_to(path: Path, level: str) -> logging.Handler:
    """All that this process logs, to its end, and what nobody caught. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    handler = _PrivateFile(path, maxBytes=MAX_BYTES, backupCount=MAX_OLDER, encoding="utf-8")
    handler.setFormatter(JsonLines())
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    threading.excepthook = _of_a_thread
    sys.excepthook = _of_the_process
    return handler


@contextlib.contextmanager
def logging_to(path: Path, level: str) -> Iterator[None]:
    """The same, for a while."""
    root = logging.getLogger()
    before = root.level, threading.excepthook, sys.excepthook
    handler = log_to(path, level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
        root.setLevel(before[0])
        threading.excepthook, sys.excepthook = before[1:]


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        """Each new file too."""
        file = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return file


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()[:MAX_MESSAGE]
    return re.split(r"[\n(]", str(record.msg), maxsplit=1)[0][:MAX_MESSAGE]


def _of_a_thread(told: threading.ExceptHookArgs) -> None:
    name = told.thread.name if told.thread is not None else "?"
    log.error("thread %s failed", name, exc_info=told.exc_value)


def _of_the_process(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    log.error("failed", exc_info=error)
    print(f"failed: {type(error).__qualname__}; see the log", file=sys.stderr)


def _kind(value: object) -> str:
    """What JSON has no word for."""
    return type(value).__name__
