"""The controls of ``bench jitter``: fixed buffers, and one like NetEQ."""

from __future__ import annotations

from typing import Final

import numpy as np

from benchmarks.arrivals import Trace
from benchmarks.radio_net import STEP_MS, SYLLABLE_MS, TICK_MS, Arrivals, Judged, Over, play

GRID_MS: Final = 5.0
LONGEST_MS: Final = 400.0


class Fixed:
    """Each over's first packet waits so long; the others are due by that, or lost."""

    def __init__(self, wait_ms: float) -> None:
        self._wait_ms = wait_ms

    def play(self, _over: Over, arrivals: Arrivals) -> Judged:
        one = arrivals
        at_ms, media_ms = np.array(one.ticks) * TICK_MS, np.array(one.media_ms)
        due_ms = at_ms[0] - media_ms[0] + self._wait_ms + media_ms
        is_late = at_ms > due_ms
        opening = media_ms < SYLLABLE_MS
        return Judged(
            came=len(at_ms),
            unplayed=int(is_late.sum()),
            invented_ms=float((is_late.sum() + one.lost) * one.period_ms),
            syllables=int(opening.sum()),
            syllables_lost=int((is_late & opening).sum()),
            delays_ms=(due_ms - np.array(one.sent_ms) - one.quickest_ms)[~is_late].tolist(),
        )


def hindsight(trace: Trace, plan: list[Over], late_percent: float) -> Judged:
    """The shortest fixed wait that would have done, with the trace known beforehand."""
    low, high = 0, round(LONGEST_MS / GRID_MS)
    while low < high:
        middle = (low + high) // 2
        figures = play(trace, plan, Fixed(middle * GRID_MS)).figures()
        if figures["late_percent"] <= late_percent:
            high = middle
        else:
            low = middle + 1
    return play(trace, plan, Fixed(low * GRID_MS))


class NetEqLike:
    """In the manner of WebRTC's NetEQ, built anew from its description: how much later than the
    quickest of 2 s each packet came, in a histogram of 20 ms buckets, forgetting; the wait is the
    97 % quantile. A step is made at most every 60 ms, to stay between 3/4 of it and 20 ms above.
    Late packets are played, and what follows them later by as much."""

    BUCKETS: Final = 100
    BUCKET_MS: Final = 20.0
    FORGET: Final = 0.983
    QUANTILE: Final = 0.97
    HISTORY_MS: Final = 2_000.0
    STEP_EVERY_MS: Final = 60.0

    def __init__(self) -> None:
        self._share = np.zeros(self.BUCKETS)
        self._share[0] = 1.0
        self._seen = 0
        self._recent: list[tuple[float, float]] = []  # when, and how late

    def play(self, _over: Over, arrivals: Arrivals) -> Judged:
        one, judged = arrivals, Judged(came=len(arrivals.ticks))
        self._recent.clear()
        away_ms, stepped_ms = float("-inf"), 0.0  # of playout, behind the sender's time
        for media_ms, sent_ms, tick in zip(one.media_ms, one.sent_ms, one.ticks, strict=True):
            came_ms = tick * TICK_MS - media_ms
            level_ms = away_ms - self._learn(tick * TICK_MS, came_ms)
            target_ms = self._target_ms()
            if away_ms == float("-inf"):
                away_ms = came_ms + target_ms
            elif came_ms > away_ms:
                judged.hole_ms += came_ms - away_ms
                away_ms = came_ms
            elif media_ms - stepped_ms >= self.STEP_EVERY_MS:
                step_ms = self._step_ms(level_ms, target_ms)
                away_ms += step_ms
                stepped_ms = media_ms if step_ms else stepped_ms
                judged.shortened += step_ms < 0
                judged.stretched += step_ms > 0
            judged.delays_ms.append(media_ms + away_ms - sent_ms - one.quickest_ms)
            judged.syllables += media_ms < SYLLABLE_MS
        judged.invented_ms = judged.hole_ms + one.lost * one.period_ms
        return judged

    def _learn(self, now_ms: float, came_ms: float) -> float:
        """Returns the quickest of late."""
        self._recent = [one for one in self._recent if now_ms - one[0] <= self.HISTORY_MS]
        self._recent.append((now_ms, came_ms))
        quickest_ms = min(one[1] for one in self._recent)
        self._seen += 1
        forget = min(self.FORGET, 1 - 2 / (self._seen + 1))
        bucket = min(int((came_ms - quickest_ms) / self.BUCKET_MS), self.BUCKETS - 1)
        self._share *= forget
        self._share[bucket] += 1 - forget
        return quickest_ms

    def _target_ms(self) -> float:
        bucket = int(np.searchsorted(np.cumsum(self._share), self.QUANTILE))
        return (min(bucket, self.BUCKETS - 1) + 1) * self.BUCKET_MS

    def _step_ms(self, level_ms: float, target_ms: float) -> float:
        if level_ms > target_ms + self.BUCKET_MS:
            return -STEP_MS
        return STEP_MS if level_ms < target_ms * 0.75 else 0.0
