"""bench map: units that all move once a second, under a hand that pans and zooms.

Each way is a process of its own (:mod:`benchmarks.map_hand`), offscreen and, where there is an
Xvfb, on an X server. The control is what pyqtgraph draws by itself (a scatter plot and a text item
for each unit, without a base map); beside each a process that only sleeps tells of the machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.sleeper import sleeper, verdict
from tests.x_server import x_server

NAME: Final = "map"
ROOT: Final = Path(__file__).resolve().parent.parent
HD, UHD = (1_920, 1_080), (3_840, 2_160)
MANY_PINS: Final = 500  # as many as a site has at most: console.domain.bounds
WAYS: Final = (  # way, units, pins, size, goals for a frame's median and p99
    ("ours", 2_000, 0, HD, (6.0, 12.0)),
    ("ours", 10_000, 0, HD, (None, 20.0)),
    ("ours", 10_000, MANY_PINS, HD, (None, 20.0)),
    ("ours", 2_000, 0, UHD, (None, 33.0)),
    ("ours", 10_000, 0, UHD, (None, 33.0)),
    ("naive", 2_000, 0, HD, (None, None)),
)
AWAY_MS: Final = 50.0
MEMORY_MB: Final = 250.0


def run(quick: bool) -> dict[str, Any]:
    """Milliseconds and megabytes by title. ``quick``: offscreen alone, two ways, few frames."""
    rows = []
    with contextlib.ExitStack() as stack:
        display = "" if quick else stack.enter_context(x_server("3840x2160"))
        platforms = [("offscreen", {"QT_QPA_PLATFORM": "offscreen"})]
        if display:
            platforms.append(("X server", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}))
        for platform, environment in platforms:
            for way, units, pins, size, goals in (WAYS[0], WAYS[-1]) if quick else WAYS:
                frames = 10 if quick else 60 if way == "naive" else 600
                figures = _measured([way, units, pins, *size, frames], environment)
                rows.append({"platform": platform, "way": way, "units": units, "pins": pins,
                             "size": size, "goals": goals, **figures})  # fmt: skip
    return {"name": NAME, "rows": rows}


def _measured(words: list[Any], environment: dict[str, str]) -> dict[str, Any]:
    with sleeper() as away:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.map_hand", *map(str, words)],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return {**json.loads(done.stdout.splitlines()[-1]), "machine_away": away[0]}


def report(result: dict[str, Any]) -> str:
    lines = [
        "ms a frame at 60 Hz, every unit moves once a second, with labels",
        f"{'':54}{'pan':>7}{'p99':>7}{'max':>7}{'zoom':>8}{'p99':>7}{'max':>7}{'whole':>8}"
        f"{'away max':>10}{'MB':>6}{'machine away':>14}",
    ]
    lines += [_line(row) for row in result["rows"]]
    lines += _goals([row for row in result["rows"] if row["way"] == "ours"])
    return "\n".join(lines + verdict(max(row["machine_away"] for row in result["rows"])))


def _line(row: dict[str, Any]) -> str:
    title = f"{row['platform']}, {'control: ' if row['way'] == 'naive' else ''}{row['way']}, "
    title += f"{_crowd(row)}, {row['size'][0]} × {row['size'][1]}"
    made = f"{title:54}"
    for hand in ("pan", "zoom"):
        made += "".join(f"{row[hand][one]:7.1f}" for one in ("median", "p99", "max")) + " "
    whole = row.get("notch to whole picture", {"median": float("nan")})["median"]
    away = row.get("away_max", float("nan"))
    return f"{made}{whole:7.0f}{away:10.1f}{row['memory']:6.0f}{row['machine_away']:14.1f}"


def _crowd(row: dict[str, Any]) -> str:
    return f"{row['units']:,} units" + (f", {row['pins']} pins" if row["pins"] else "")


def _goals(rows: list[dict[str, Any]]) -> list[str]:
    lines = []
    for row in rows:
        median, p99 = row["goals"]
        found = [max(row[hand][one] for hand in ("pan", "zoom")) for one in ("median", "p99")]
        missed = [
            f"{what} {value:.1f} > {goal:.0f}"
            for what, value, goal in (
                ("median", found[0], median),
                ("p99", found[1], p99),
                ("away", row["away_max"], AWAY_MS),
                ("memory", row["memory"], MEMORY_MB),
            )
            if goal is not None and value > goal
        ]
        title = f"{row['platform']}, {_crowd(row)}, {row['size'][0]} px"
        lines.append(f"goals of {title}: {'NOT met: ' + ', '.join(missed) if missed else 'met'}")
    return lines
