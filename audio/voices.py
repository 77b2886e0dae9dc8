"""Everybody who speaks now, each with a place in one big array; ten milliseconds of all at once.

A place holds the frame that is being played, as blocks of 10 ms. Only those whose frame is used up
are asked for more; the rest of a tick is one gather for all.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.protocol import MAX_STREAMS
from audio.sender import BLOCK, MAX_FRAME, Sender

MAX_ACTIVE: Final = 2 * MAX_STREAMS  # heard at once; one more waits until another has ended
BLOCKS: Final = MAX_FRAME // BLOCK  # of a place
SILENT: Final = MAX_ACTIVE * BLOCKS  # the block that is always zero


class Voices:
    """``wake`` who has something to play, then ``render`` once per tick."""

    def __init__(self) -> None:
        self._blocks = np.zeros((SILENT + 1, BLOCK), np.float32)  # untouched pages cost nothing
        self._places = self._blocks[:SILENT].reshape(MAX_ACTIVE, MAX_FRAME)
        self._rows = np.zeros((MAX_ACTIVE, BLOCK), np.float32)
        self._free = list(range(MAX_ACTIVE - 1, -1, -1))
        self._woken: list[Sender] = []
        self.active: list[Sender] = []
        self._outs: list[NDArray[np.float32]] = []  # each one's place
        self._bases: list[int] = []  # its first block
        self._next = np.zeros(0, np.intp)  # block that each one plays next
        self._end = np.zeros(0, np.intp)  # and where its frame ends
        self.slots = np.zeros(0, np.intp)
        self.has_doubles = False  # two of them are of one stream
        self.turned: list[Sender] = []  # began or ended in the last tick

    @property
    def is_silent(self) -> bool:
        return not self.active and not self._woken

    def wake(self, sender: Sender) -> None:
        sender.is_active = True
        self._woken.append(sender)

    def remove(self, stream: str) -> None:
        """All of a stream's, at once."""
        self._woken = [one for one in self._woken if one.stream != stream]
        self._keep([one.stream != stream for one in self.active])

    def render(self, now_ms: float) -> NDArray[np.float32]:
        """(k, 480): a row for each of ``active``. Overwritten by the next call."""
        if self._woken:
            self._seat_woken()
        needy = np.flatnonzero(self._next >= self._end).tolist()
        self.turned = self._fill(needy, now_ms) if needy else []
        rows = self._rows[: len(self.active)]
        np.take(self._blocks, self._next, axis=0, out=rows, mode="clip")
        self._next += 1
        return rows

    def release(self) -> list[Sender]:
        """Takes their places from those who have nothing left to say, and returns them."""
        ended = [one for one in self.turned if not (one.talking or one.buffer.talking)]
        for sender in ended:
            sender.is_active = False
        if ended:
            self._keep([one.is_active for one in self.active])
        return ended

    def _fill(self, needy: list[int], now_ms: float) -> list[Sender]:
        turned, starts, ends = [], [], []
        for n in needy:
            sender, start = self.active[n], self._bases[n]
            count = sender.fill(self._outs[n], now_ms)
            if not count:
                start, count = SILENT, 1
            starts.append(start)
            ends.append(start + count)
            if (start == SILENT or not sender.talking) and sender.has_turned(now_ms):
                turned.append(sender)
        self._next[needy] = starts
        self._end[needy] = ends
        return turned

    def _seat_woken(self) -> None:
        woken = self._woken[: len(self._free)]
        del self._woken[: len(woken)]
        places = [self._free.pop() for _ in woken]
        self.active += woken
        self._outs += [self._places[place] for place in places]
        self._bases += [place * BLOCKS for place in places]
        nothing = np.zeros(len(woken), np.intp)
        self._next = np.concatenate((self._next, nothing))
        self._end = np.concatenate((self._end, nothing))
        self._list_slots()

    def _keep(self, is_kept: list[bool]) -> None:
        chosen = [n for n, kept in enumerate(is_kept) if kept]
        self._free += [self._bases[n] // BLOCKS for n, kept in enumerate(is_kept) if not kept]
        self.active = [self.active[n] for n in chosen]
        self._outs = [self._outs[n] for n in chosen]
        self._bases = [self._bases[n] for n in chosen]
        self._next, self._end = self._next[chosen], self._end[chosen]
        self._list_slots()

    def _list_slots(self) -> None:
        slots = [one.slot for one in self.active]
        self.slots = np.array(slots, np.intp)
        self.has_doubles = len(set(slots)) < len(slots)
