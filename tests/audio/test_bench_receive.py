"""The receive benchmark measures what it says: everybody is heard, in the engine and in C."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks import receive
from benchmarks.receive import Way

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler"),
]


@pytest.mark.long
@pytest.mark.parametrize("is_sealed", [False, True])
def test_engine_and_floor_do_the_work(tmp_path: Path, is_sealed: bool) -> None:
    bench = receive.Bench(tmp_path, 0.5)
    if is_sealed and bench.libsrtp is None:
        pytest.skip("needs libsrtp's headers")
    assert bench.measure(Way(bench.engine, is_sealed=is_sealed)) > 0
    assert bench.told["packets"] >= receive.STREAMS * 50
    assert bench.told["lost"] == bench.told["refused"] == 0
    assert bench.is_whole
    assert bench.measure(Way(bench.floor, is_sealed=is_sealed)) > 0
    assert bench.tick_ms_p99 > 0


def test_the_ratio_is_taken_within_each_round() -> None:
    costs = {"engine": [2.0, 9.0, 3.0], "floor": [1.0, 3.0, 2.0]}
    assert receive._ratios(costs, "engine", "floor") == [2.0, 3.0, 1.5]


@pytest.mark.parametrize(
    ("row", "is_whole", "verdict"),
    [
        ([1.2] * 5, True, "met"),
        ([1.2, 1.2, 1.3, 1.3, 1.3], True, "NOT met"),
        ([1.2], True, "inconclusive"),
        ([1.2] * 5, False, "inconclusive"),
    ],
)
def test_the_verdict(row: list[float], is_whole: bool, verdict: str) -> None:
    assert receive._verdict("ratio_c_floor", row, is_whole).startswith(verdict)


def test_what_it_tells_scripts_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without measuring anything: every way costs the same."""

    def measure(bench: receive.Bench, _way: Way) -> float:
        bench.tick_ms_p99 = 3.0
        return 0.1

    monkeypatch.setattr(receive.Bench, "measure", measure)
    monkeypatch.setattr(receive.Bench, "ways", lambda _: dict.fromkeys(receive.TITLES))
    result = json.loads(json.dumps(receive.run(quick=False)))
    assert result["ratio_c_floor"] == result["ratio_gstreamer"] == result["ratio_ffmpeg"] == 1.0
    assert result["tick_p99_ms"] == 3.0
    assert result["verdicts"]["ratio_c_floor"] == "met"
    assert result["verdicts"]["ratio_ffmpeg"] == "NOT met"
    assert "ratio_c_floor" in receive.report(result)
