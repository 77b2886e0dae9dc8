"""The receive benchmark's own process: the engine's pipeline alone, paced by the clock."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from audio.meters import Meters
from audio.pipeline import Pipeline
from audio.protocol import SetMix, StreamSpec

TICK_S = 0.01


def main(streams: int, base: int, step: int, payload_type: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(interface="127.0.0.1", meters=Meters(Path(folder) / "m", create=True))
        for n in range(streams):
            pipeline.listen(
                StreamSpec(f"{n}@bench", base + n * step, payload_type, "opus", 48_000, 2)
            )
            pipeline.set_mix(SetMix(f"{n}@bench", gain_db=-14.0, pan=n / streams))
        gc.freeze()
        spans = _run(pipeline, round(seconds / TICK_S))
        figures = pipeline.figures()
        pipeline.close()
    names = ("packets", "lost", "late", "concealed", "refused")
    sums = {name: sum(getattr(one, name) for one in figures) for name in names}
    spans_ms = np.array(spans[len(spans) // 4 :]) * 1e3
    tick = {"p50": np.percentile(spans_ms, 50), "p99": np.percentile(spans_ms, 99)}
    print(json.dumps({**sums, "tick_ms": tick}))


def _run(pipeline: Pipeline, ticks: int) -> list[float]:
    spans, due_s = [], time.perf_counter()
    for _ in range(ticks):
        begun_s = time.perf_counter()
        pipeline.tick()
        spans.append(time.perf_counter() - begun_s)
        due_s += TICK_S
        time.sleep(max(0.0, due_s - time.perf_counter()))
    return spans


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:5]), float(sys.argv[5]))
