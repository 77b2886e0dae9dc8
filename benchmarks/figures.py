"""What a list of figures comes to."""

from __future__ import annotations

from collections.abc import Sequence


def quantile(figures: Sequence[float], share: float) -> float:
    """The smallest figure that this share of them does not exceed; nan of none."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def spread(delays_ms: Sequence[float], kind: str = "") -> dict[str, float]:
    """Middle, p95 and worst, each name with ``kind`` before it."""
    return {
        f"{kind}p50_ms": quantile(delays_ms, 0.50),
        f"{kind}p95_ms": quantile(delays_ms, 0.95),
        f"{kind}worst_ms": max(delays_ms, default=float("nan")),
    }
