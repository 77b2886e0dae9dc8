"""The receive benchmark measures what it says: everybody is heard, in the engine and in C."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import receive

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler"),
]


def test_engine_and_floor_do_the_work(tmp_path: Path) -> None:
    bench = receive._Bench(tmp_path, 0.5)
    assert bench.measure(bench.engine) > 0
    assert bench.told["packets"] >= receive.STREAMS * 50
    assert bench.told["lost"] == bench.told["refused"] == 0
    assert bench.measure(bench.floor) > 0


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    costs = {"engine": [2.0, 9.0, 3.0], "floor": [1.0, 3.0, 2.0]}
    assert receive._ratios(costs) == {"engine": 2.0, "floor": 1.0}
