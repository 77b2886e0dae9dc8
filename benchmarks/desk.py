"""bench desk: what 200 talkgroup tiles cost, and how quick the whole desk is on a busy night.

The tiles: 64 of their meters run, and every tile is in view (a very tall window), so that nothing
is saved by scrolling. Control, in the same run: the same tiles repainted whole at every level.

The desk (:mod:`benchmarks.busy_desk`): 200 talkgroups, 64 of them heard, 2,000 units, 50 events a
second, in a window of 1920 × 1080, offscreen and, where there is an Xvfb, on an X server. Controls,
in the same run: the same window with nothing going on, and beside each a process that only
sleeps 2 ms at a time: how long it was kept from running is the machine's doing.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.figures import quantile
from benchmarks.sleeper import sleeper, verdict
from tests.x_server import x_server

NAME: Final = "desk"
TILES: Final = 200
ACTIVE: Final = 64
WIDTH_PX: Final = 1_920
HEIGHT_PX: Final = 15_200  # 100 rows of tiles
ROOT: Final = Path(__file__).resolve().parent.parent

Way = Literal["meter", "whole", "still"]


def run(quick: bool) -> dict[str, Any]:
    """Each way in a process of its own; ``still`` is the same window with silent meters."""
    seconds, clicks = (2.0, 20) if quick else (8.0, 100)
    tiles = {way: _in_process(way, seconds, clicks) for way in ("still", "meter", "whole")}
    return {**tiles, "nights": _nights(quick)}


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{TILES} tiles in view, {ACTIVE} meters at 25 Hz",
        f"{'':30}{'core %':>8}{'paints/s':>10}{'click→paint p50':>17}{'p99 ms':>9}",
    ]
    titles = {
        "still": "silent meters",
        "meter": "the meter's rectangle only",
        "whole": "control: whole tiles",
    }
    for way, title in titles.items():
        row = result[way]
        lines.append(
            f"{title:30}{row['core_percent']:8.1f}{row['paints_per_s']:10.0f}"
            f"{row['click_p50_ms']:17.1f}{row['click_p99_ms']:9.1f}"
        )
    ratio = result["whole"]["core_percent"] / max(0.1, result["meter"]["core_percent"])
    return "\n".join(
        [*lines, f"whole tiles cost {ratio:.1f} times as much", *_told(result["nights"])]
    )


def _told(nights: dict[str, dict[str, float]]) -> list[str]:
    lines = [
        "",
        "the whole desk, ms: 200 talkgroups, 64 heard, 2,000 units, 50 events/s",
        f"{'':26}{'core %':>8}{'frame p95':>11}{'max':>7}{'away p99':>10}{'max':>7}"
        f"{'reaction p50':>14}{'p95':>7}{'machine away max':>18}",
    ]
    for title, row in nights.items():
        lines.append(
            f"{title:26}{row['core_percent']:8.1f}{row['frame_p95']:11.1f}{row['frame_max']:7.1f}"
            f"{row['away_p99']:10.1f}{row['away_max']:7.1f}{row['reaction_p50']:14.1f}"
            f"{row['reaction_p95']:7.1f}{row['machine_away_max']:18.1f}"
        )
    worst = max(row["machine_away_max"] for row in nights.values())
    return [*lines, "goals: frame p95 16, away max 50, reaction p95 50", *verdict(worst)]


def _nights(quick: bool) -> dict[str, dict[str, float]]:
    """By title; each window in a process of its own, beside a sleeper. ``quick``: a tenth of the
    units and no X server, to see that it works."""
    seconds, inputs, units = (2.0, 4, 200) if quick else (20.0, 60, 2_000)
    platforms = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    found: dict[str, dict[str, float]] = {}
    with contextlib.ExitStack() as stack:
        display = "" if quick else stack.enter_context(x_server())
        if display:
            platforms["X server"] = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
        for platform, environment in platforms.items():
            for way in ("quiet", "busy"):
                title = f"{platform}, {'control: ' if way == 'quiet' else ''}{way}"
                found[title] = _night([way, str(seconds), str(inputs), str(units)], environment)
    return found


def _night(words: list[str], environment: dict[str, str]) -> dict[str, float]:
    with sleeper() as away:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.busy_desk", *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**figures, "machine_away_max": away[0]}


def _in_process(way: Way, seconds: float, clicks: int) -> dict[str, Any]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.desk", way, str(seconds), str(clicks)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _measure(way: Way, seconds: float, clicks: int) -> dict[str, Any]:
    """Runs in the child: one window, its meters fed, its paints counted."""
    from benchmarks.desk_window import Bench

    bench = Bench(way, tiles=TILES, active=ACTIVE, size=(WIDTH_PX, HEIGHT_PX))
    bench.turn(0.5)
    bench.paints = 0
    cpu, wall = time.process_time(), time.perf_counter()
    bench.turn(seconds)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    paints = bench.paints
    delays = [bench.click_ms(n) for n in range(clicks)]
    bench.close()
    return {
        "core_percent": 100 * cpu / wall,
        "paints_per_s": paints / wall,
        "click_p50_ms": quantile(delays, 0.50),
        "click_p99_ms": quantile(delays, 0.99),
    }


if __name__ == "__main__":
    chosen: Any = sys.argv[1]
    print(json.dumps(_measure(chosen, float(sys.argv[2]), int(sys.argv[3]))))
