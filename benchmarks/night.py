"""bench night: a night's work at one desk, compressed: what grows, and what should not.

A whole desk (:mod:`benchmarks.busy_desk`) is fed ten hours of a site's traffic as fast as it takes
it in: positions, bursts, statuses, messages, alarms with all that follows them, stations that come
and go, people who change. A hand opens and closes every page, changes theme and language, selects
and mutes. At the end of each quarter, when all is taken in, it is counted what there is of widgets,
timers, Qt objects, threads and files, and how much memory the process has: then, with the map drawn
anew, and at the most since the last time.

Control, in the same run and much shorter: the same night with one forgotten timer and label for
each alarm. A count that does not find those is worth nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

NAME: Final = "night"
ROOT: Final = Path(__file__).resolve().parent.parent
HOURS: Final = 10.0
QUARTERS: Final = 4
SECONDS: Final = 900.0
CONTROL_SECONDS: Final = 60.0
QUICK_SECONDS: Final = 40.0
MAY_GROW_MIB: Final = 8.0  # from the end of the first quarter to the end of the last
TITLES: Final = {
    "memory_mib": "memory, MiB",
    "most_mib": "most in the quarter, MiB",
    "widgets": "widgets",
    "timers": "timers",
    "objects": "Qt objects",
    "threads": "threads",
    "files": "open files",
    "events": "events taken in",
    "acts": "what the hand did",
    "away_max_ms": "Qt's thread away, ms at most",
}
WEIGHED: Final = ("memory_mib", "most_mib")
COUNTED: Final = ("widgets", "timers", "objects", "threads", "files")


def run(quick: bool) -> dict[str, Any]:
    """Two nights, one after the other, each in a process of its own."""
    seconds = QUICK_SECONDS if quick else SECONDS
    return {
        "night": _in_process(seconds, leaks=False),
        "control": _in_process(min(seconds, CONTROL_SECONDS), leaks=True),
        "seconds": seconds,
    }


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{HOURS:g} hours in {result['seconds']:.0f} s; at the end of each quarter",
        f"{'':30}" + "".join(f"{n + 1:>12}" for n in range(QUARTERS)) + f"{'grown':>12}",
    ]
    for name in ("night", "control"):
        lines.append(
            "control: a timer and a label left behind for each alarm" * (name == "control")
        )
        for key, title in TITLES.items():
            row = [quarter[key] for quarter in result[name]]
            grown = "" if key in ("events", "acts", "away_max_ms") else f"{row[-1] - row[0]:12.1f}"
            lines.append(f"{title:30}" + "".join(f"{one:12.1f}" for one in row) + grown)
    return "\n".join([*lines, verdict(result)])


def grown(quarters: list[dict[str, float]]) -> list[str]:
    """What is more at the end than after the first quarter, when everything had been used once."""
    first, last = quarters[0], quarters[-1]
    more = [key for key in COUNTED if last[key] > first[key]]
    more += [key for key in WEIGHED if last[key] - first[key] > MAY_GROW_MIB]
    return more


def verdict(result: dict[str, Any]) -> str:
    night, control = grown(result["night"]), grown(result["control"])
    if not {"widgets", "timers"} <= set(control):
        return "worth nothing: the control's forgotten widgets and timers were not found"
    return (
        f"grown: {', '.join(night)}"
        if night
        else "nothing has grown, and the control's leak was found"
    )


def _in_process(seconds: float, *, leaks: bool) -> list[dict[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.night_desk", str(seconds), str(int(leaks))],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    quarters: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return quarters
