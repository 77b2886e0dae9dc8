"""What 200 talkgroup tiles cost while 64 of their meters run, and how soon a click is seen.

Every tile is in view (a very tall window), so that nothing is saved by scrolling. Control, in the
same run: the same tiles repainted whole at every level. Needs no screen (offscreen platform):
painting is Qt's raster engine either way.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, Literal

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
    return {way: _in_process(way, seconds, clicks) for way in ("still", "meter", "whole")}


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
    return "\n".join([*lines, f"whole tiles cost {ratio:.1f} times as much"])


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
    delays = sorted(bench.click_ms(n) for n in range(clicks))
    bench.close()
    return {
        "core_percent": 100 * cpu / wall,
        "paints_per_s": paints / wall,
        "click_p50_ms": statistics.median(delays),
        "click_p99_ms": delays[min(len(delays) - 1, int(len(delays) * 0.99))],
    }


if __name__ == "__main__":
    chosen: Any = sys.argv[1]
    print(json.dumps(_measure(chosen, float(sys.argv[2]), int(sys.argv[3]))))
