"""A process beside a measurement that only sleeps: how long it was kept from running is the
machine's doing."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

QUIET_MS: Final = 25.0  # a machine that keeps a sleeper from running longer is too busy to say
PROGRAM: Final = """
import sys, threading, time
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
last, worst = time.perf_counter(), 0.0
while not ended.is_set():
    time.sleep(0.002)
    now = time.perf_counter()
    last, worst = now, max(worst, now - last)
print(1_000 * worst)
"""


@contextlib.contextmanager
def sleeper() -> Iterator[list[float]]:
    """Afterwards the list holds the longest time, in milliseconds, that it did not run."""
    found: list[float] = []
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield found
    finally:
        away, _ = process.communicate("")
        found.append(float(away))


def verdict(worst_ms: float) -> list[str]:
    """A line where the machine was too busy to say anything."""
    if worst_ms <= QUIET_MS:
        return []
    return [f"inconclusive: a process that only slept was kept from running for {worst_ms:.0f} ms"]
