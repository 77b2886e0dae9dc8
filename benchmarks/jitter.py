"""How many packets come too late over Wi-Fi, and how long the others wait in the jitter buffer.

A radio net speaks over arrival traces, through the real ``JitterBuffer`` on a simulated clock
(``radio_net.py``). Traces: modelled ones, drawn by seeds that nothing was tuned on
(``arrivals.py``); some recorded behind a real queue (``tools/record_arrivals.py``); or
``--trace FILE``. Controls in the same run: fixed buffers, the best fixed one for a trace known
beforehand, and one like NetEQ.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from benchmarks.arrivals import KINDS, Trace, modelled, read
from benchmarks.jitter_controls import Fixed, NetEqLike, hindsight
from benchmarks.radio_net import Ours, Over, Player, overs, play

NAME: Final = "jitter"
FIRST_SEED: Final = 1_000  # those below were tuned on
SEEDS: Final = 24
SECONDS: Final = 300.0
PERIODS_MS: Final = (20.0, 60.0)
TRACES: Final = Path(__file__).with_name("traces")
PLANS: Final = 8  # radio nets over one trace from a file
FIXED_MS: Final = (40, 60, 80, 120)
OURS: Final = "engine"
HINDSIGHT: Final = "control: best fixed, known beforehand"


class Goal(msgspec.Struct, frozen=True):
    late_percent: float
    mean_ms: float


GOALS: Final = {"good": Goal(0.2, 65), "bad": Goal(0.25, 85), "2.4 GHz": Goal(0.6, 120)}
RECORDED: Final = {"good": "good", "bad": "bad", "crowded": "2.4 GHz"}  # the goals' names
COLUMNS: Final = (
    ("late_percent", "late %", 2),
    ("mean_ms", "mean ms", 0),
    ("p95_ms", "p95 ms", 0),
    ("invented_ms_a_minute", "invented", 0),
    ("syllables_lost_percent", "syllable %", 2),
    ("steps_a_minute", "steps", 1),
    ("jumps_a_minute", "jumps", 1),
)

Case = tuple[Trace, list[Over]]
Figures = list[dict[str, float]]


def run(quick: bool) -> dict[str, Any]:
    seeds = range(FIRST_SEED, FIRST_SEED + (4 if quick else SEEDS))
    tables = []
    for name, kind in KINDS.items():
        for period_ms in PERIODS_MS:
            traces = [modelled(kind, seed, SECONDS, period_ms) for seed in seeds]
            cases = [(one, overs(one, seed)) for one, seed in zip(traces, seeds, strict=True)]
            title = f"{name}, modelled, packets of {period_ms:.0f} ms, {len(seeds)} seeds"
            tables.append(_table(title, cases, GOALS[name]))
    for file, name in RECORDED.items():
        title = f"{file}, recorded behind a queue, {PLANS} radio nets"
        tables.append(_table(title, _from_file(TRACES / f"{file}.csv"), GOALS[name]))
    return {"tables": tables}


def run_trace(file: Path) -> dict[str, Any]:
    """Raises TraceError."""
    cases = _from_file(file)
    return {"tables": [_table(f"{file}, {PLANS} radio nets", cases, one) for one in GOALS.values()]}


def _from_file(file: Path) -> list[Case]:
    trace = read(file)
    return [(trace, overs(trace, seed)) for seed in range(PLANS)]


def _table(title: str, cases: list[Case], goal: Goal) -> dict[str, Any]:
    players: dict[str, Callable[[], Player]] = {OURS: Ours}
    players |= {f"control: fixed {one} ms": partial(Fixed, one) for one in FIXED_MS}
    players["control: like NetEQ"] = NetEqLike
    rows = {
        name: [play(trace, plan, make()).figures() for trace, plan in cases]
        for name, make in players.items()
    }
    rows[HINDSIGHT] = [hindsight(*case, goal.late_percent).figures() for case in cases]
    return {
        "title": title,
        "goal": msgspec.structs.asdict(goal),
        "runs": len(cases),
        "rows": {name: _summary(figures, goal) for name, figures in rows.items()},
    }


def _summary(figures: Figures, goal: Goal) -> dict[str, Any]:
    """Medians and worst of the runs, and how many of them met the goal."""
    found: dict[str, Any] = {
        name: {
            "median": float(np.median([one[name] for one in figures])),
            "worst": max(one[name] for one in figures),
        }
        for name in figures[0]
    }
    met = (
        one["late_percent"] <= goal.late_percent and one["mean_ms"] <= goal.mean_ms
        for one in figures
    )
    return {**found, "met": sum(met)}


def report(result: dict[str, Any]) -> str:
    lines = ["median and (worst); invented ms, steps and jumps a minute of speech"]
    for table in result["tables"]:
        goal = table["goal"]
        lines += [
            "",
            f"{table['title']}: late ≤ {goal['late_percent']} % at ≤ {goal['mean_ms']:.0f} ms",
        ]
        lines.append(" " * 38 + "".join(f"{head:>15}" for _, head, _ in COLUMNS) + "    met")
        for name, row in table["rows"].items():
            cells = (
                f"{row[key]['median']:8.{digits}f} {_in_brackets(row[key]['worst'], digits)}"
                for key, _, digits in COLUMNS
            )
            lines.append(f"{name:38}{''.join(cells)}{row['met']:4}/{table['runs']}")
    return "\n".join(lines)


def _in_brackets(value: float, digits: int) -> str:
    return f"({value:.{digits}f})".rjust(6)
