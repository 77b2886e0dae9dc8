"""What ``bench alarm`` makes of its figures: met, not met, or no figure at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import alarm
from benchmarks.delay import RATE
from benchmarks.figures import spread


def result(p95_ms: float, late_ms: float) -> dict[str, Any]:
    figures = {"p50_ms": 90.0, "p95_ms": p95_ms, "worst_ms": p95_ms}
    quick = {"p50_ms": 9.0, "p95_ms": 9.0, "worst_ms": 9.0}
    return {
        "alarms": 8, "card": quick, "sound": figures, "link": quick,
        "device_ms": 93.0, "late_p99_ms": late_ms,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("p95_ms", "late_ms", "verdict"),
    [(299.0, 1.0, "met"), (301.0, 1.0, "NOT met"), (301.0, 40.0, "inconclusive"),
     (299.0, 40.0, "met")],
)  # fmt: skip
def test_the_verdict(p95_ms: float, late_ms: float, verdict: str) -> None:
    last = alarm.report(result(p95_ms, late_ms)).splitlines()[-1]
    assert last.split("p95: ")[1].startswith(verdict)


class Tape:
    """A monitor on which a tone begins 0.25 s after the press."""

    def since(self, from_s: float, _length_s: float = 1e9) -> tuple[float, Any]:
        sound = np.zeros(RATE, np.float32)
        sound[RATE // 4 :] = 0.3
        return from_s, sound


def test_the_first_sample_of_the_tone_is_found() -> None:
    tape: Any = Tape()
    assert alarm._first_loud(tape, 1_000.0) == pytest.approx(1_000.25, abs=1e-3)


def test_the_95th_of_a_hundred() -> None:
    found = spread([float(n) for n in range(100)])
    assert found == {"p50_ms": 50.0, "p95_ms": 95.0, "worst_ms": 99.0}
