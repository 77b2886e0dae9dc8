"""How many copies of its packets a sender sends along, and how far behind, by what receivers
report. Pure, with time given from outside.

None on a clean network, none while anybody listens who has not said that he understands RED: he
would hear nothing at all. Up with the first bad report, down only when it has been good for a
while. Reports can be forged; the worst that a forger reaches is the full redundancy, or none.
"""

from __future__ import annotations

from typing import Final

import msgspec

MAX_REPORTERS: Final = 256  # remembered per stream; the one silent for longest goes
FORGET_S: Final = 30.0  # a receiver that reports no more counts no more
HOLD_S: Final = 15.0  # a bad report counts until so long after it
ON_SHARE: Final = 0.01  # lost: below it in-band FEC and concealment are not heard
LEAST_DISTANCE: Final = 2  # packets; the next one has the codec's own redundancy already
MOST_DISTANCE: Final = 4  # packets; copies 80 ms late and 40 ms of jitter are the longest wait


class Heard(msgspec.Struct, frozen=True):
    """What one receiver says of one stream."""

    reporter: int  # SSRC
    understands: bool  # RED
    share: float = 0.0  # of packets lost, 0 to 1
    run: float = 1.0  # lost in a row, on average


class _Held:
    """The greatest value told lately: up at once, down when nothing as great has come for long."""

    __slots__ = ("since_s", "value")

    def __init__(self, value: float, now_s: float) -> None:
        self.value, self.since_s = value, now_s

    def take(self, value: float, now_s: float) -> None:
        if value >= self.value or now_s - self.since_s > HOLD_S:
            self.value, self.since_s = value, now_s


class _Reporter:
    __slots__ = ("heard_s", "run", "share", "understands")

    def __init__(self, heard: Heard, now_s: float) -> None:
        self.understands, self.heard_s = heard.understands, now_s
        self.share, self.run = _Held(heard.share, now_s), _Held(heard.run, now_s)

    def take(self, heard: Heard, now_s: float) -> None:
        self.understands, self.heard_s = heard.understands, now_s
        self.share.take(heard.share, now_s)
        self.run.take(heard.run, now_s)


class Redundancy:
    """``take`` each report; ``distances`` says what to send along now."""

    def __init__(self) -> None:
        self._reporters: dict[int, _Reporter] = {}

    def take(self, heard: Heard, now_s: float) -> None:
        known = self._reporters.pop(heard.reporter, None)
        if known is None:
            known = _Reporter(heard, now_s)
        else:
            known.take(heard, now_s)
        self._reporters[heard.reporter] = known
        if len(self._reporters) > MAX_REPORTERS:
            del self._reporters[next(iter(self._reporters))]

    def leave(self, reporter: int) -> None:
        """It said BYE."""
        self._reporters.pop(reporter, None)

    def distances(self, now_s: float) -> tuple[int, ...]:
        """How many packets behind its original each copy goes, the most useful first."""
        self._forget(now_s)
        if not all(one.understands for one in self._reporters.values()):
            return ()
        bad = [one for one in self._reporters.values() if one.share.value >= ON_SHARE]
        if not bad:
            return ()
        run = round(max(one.run.value for one in bad))
        first = min(max(run, LEAST_DISTANCE), MOST_DISTANCE)
        return first, first - 1

    def _forget(self, now_s: float) -> None:
        gone = [ssrc for ssrc, one in self._reporters.items() if now_s - one.heard_s > FORGET_S]
        for ssrc in gone:
            del self._reporters[ssrc]
