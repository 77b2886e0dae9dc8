"""Everybody who speaks now, by when each needs a new frame; the frames that are due, all at once.

A frame is mixed whole as soon as it is decoded, while it is still in the processor's cache; a
sender is not touched again before its next one is due.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast
from audio.codecs.frame import MAX_FRAME, Frame, new_frames
from audio.protocol import MAX_STREAMS
from audio.receiving.sender import BLOCK, Sender

MAX_ACTIVE: Final = 2 * MAX_STREAMS  # heard at once; one more waits until another has ended
MAX_BLOCKS: Final = MAX_FRAME // BLOCK  # of a frame
MAX_KNOWN: Final = 64  # sets of seats; then they are made anew
_NOBODY: Final = np.zeros(0, np.intp)

_Places = tuple[NDArray[np.intp], NDArray[np.intp]]


@fast.instead
def fill_due(
    due: list[int],
    seated: dict[int, Sender],
    frames: list[Frame],
    now_ms: float,
    turned: list[Sender],
    _sink: object,
) -> list[int]:
    """Fills a frame for each seat that is due. Returns the blocks of each; silence is a frame of
    one. Who began or ended goes to ``turned``. The compiled one adds each to the mixer's sink."""
    counts = []
    for seat, out in zip(due, frames, strict=False):
        sender = seated[seat]
        count = sender.fill(out, now_ms)
        if not (count and sender.talking) and sender.has_turned(now_ms):
            turned.append(sender)
        if not count:
            count = 1
            out.samples[:BLOCK] = 0.0
        counts.append(count)
    return counts


class Voices:
    """``wake`` who has something to play, then ``seat_woken`` and ``render`` once per tick."""

    def __init__(self) -> None:
        self._rows, self._frames = new_frames(MAX_ACTIVE)  # pages not in use cost nothing
        self._free = list(range(MAX_ACTIVE - 1, -1, -1))
        self._seated: dict[int, Sender] = {}
        self._woken: list[Sender] = []
        self._due: list[list[int]] = [[] for _ in range(MAX_BLOCKS + 1)]  # seats, a turning wheel
        self._now = 0
        self._known_places: dict[tuple[int, ...], _Places] = {}
        self.seats = _NOBODY  # of the frames made by the last tick
        self.slots = _NOBODY  # and their streams'
        self.turned: list[Sender] = []  # who began or ended in it

    @property
    def is_silent(self) -> bool:
        return not self._seated and not self._woken

    @property
    def active(self) -> Collection[Sender]:
        return self._seated.values()

    def wake(self, sender: Sender) -> None:
        sender.is_active = True
        self._woken.append(sender)

    def remove(self, stream: str) -> None:
        """All of a stream's, at once."""
        self._woken = [one for one in self._woken if one.stream != stream]
        self._unseat([seat for seat, one in self._seated.items() if one.stream == stream])

    def seat_woken(self) -> NDArray[np.intp]:
        """Their seats, before their first frames are due."""
        if not self._woken:
            return _NOBODY
        woken = self._woken[: len(self._free)]
        del self._woken[: len(woken)]
        seats = [self._free.pop() for _ in woken]
        self._seated.update(zip(seats, woken, strict=True))
        self._known_places.clear()
        self._due[self._now] += seats
        return np.array(seats, np.intp)

    def render(self, now_ms: float, sink: object = None) -> NDArray[np.float32]:
        """(k, n * 480): a frame for each of ``seats``, with silence after the shorter ones.
        Overwritten by the next call. They are in the mixer's ``sink`` already if that is one."""
        due, self._due[self._now] = self._due[self._now], []
        self.turned = []
        counts = fill_due(due, self._seated, self._frames, now_ms, self.turned, sink)
        self._turn(due, counts)
        longest = max(counts, default=0)
        if min(counts, default=0) < longest:
            for frame, count in zip(self._frames, counts, strict=False):
                frame.samples[count * BLOCK : longest * BLOCK] = 0.0
        self.seats, self.slots = self._places(tuple(due))
        return self._rows[: len(due), : longest * BLOCK]

    def _turn(self, due: list[int], counts: list[int]) -> None:
        """Each seat is due again when its frame has been played."""
        wheel, now = self._due, self._now
        self._now = (now + 1) % len(wheel)
        if counts and counts.count(counts[0]) == len(counts):  # nearly always
            wheel[(now + counts[0]) % len(wheel)] += due
            return
        for seat, count in zip(due, counts, strict=True):
            wheel[(now + count) % len(wheel)].append(seat)

    def _places(self, due: tuple[int, ...]) -> _Places:
        """The same ones are due together again and again."""
        known = self._known_places.get(due)
        if known is None:
            if len(self._known_places) >= MAX_KNOWN:
                self._known_places.clear()
            known = np.array(due, np.intp), self.slots_of(due)
            self._known_places[due] = known
        return known

    def slots_of(self, seats: Iterable[int]) -> NDArray[np.intp]:
        return np.array([self._seated[seat].slot for seat in seats], np.intp)

    def senders_of(self, seats: Iterable[int]) -> list[Sender]:
        return [self._seated[seat] for seat in seats]

    def release(self) -> list[Sender]:
        """Takes their seats from those who have nothing left to say, and returns them."""
        ended = [one for one in self.turned if not (one.talking or one.buffer.talking)]
        for sender in ended:
            sender.is_active = False
        if ended:
            self._unseat([seat for seat, one in self._seated.items() if not one.is_active])
        return ended

    def _unseat(self, seats: list[int]) -> None:
        for seat in seats:
            del self._seated[seat]
        self._free += seats
        self._due = [[seat for seat in due if seat in self._seated] for due in self._due]
