"""One sender (SSRC) of a stream: its jitter buffer, its decoder, and the samples between them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import fast
from audio.codecs.frame import MAX_FRAME, Frame
from audio.codecs.table import Decoder
from audio.receiving.jitter import MS, STARVE_MS, JitterBuffer, Next, Step
from audio.receiving.timescale import cross_fade, lengthen, shorten

BLOCK: Final = 480  # samples: 10 ms at 48 kHz
HANG_MS: Final = 200.0  # after the last sound a burst is over
FADE: Final = 240  # samples: a beginning and an end without a click
ROOM: Final = 960  # samples, 20 ms: for a pitch period and its cross-fade
DELAY_FALL_MS: Final = 1.0  # per frame, of the figure that is shown
MAX_STEPS: Final = 12  # takes for one block: 2.5 ms frames need four
_RISE: Final = np.linspace(0.0, 1.0, FADE, dtype=np.float32)
_NOTHING: Final = np.zeros(0, np.float32)


@fast.instead
class SenderState:
    """What the usual case of a frame needs."""

    __slots__ = (
        "_decoder", "_faded", "_is_beginning", "_rest", "_sounded_ms", "buffer", "delay_ms",
        "is_active", "session", "talking",
    )  # fmt: skip

    def fill(self, out: Frame, now_ms: float) -> int:
        """The next sound into ``out``. Returns whole blocks of 10 ms; 0 = silence now."""
        return self._fill(out, now_ms)

    def _fill(self, out: Frame, now_ms: float) -> int:
        raise NotImplementedError


class Sender(SenderState):
    """Packets go into ``buffer``; ``fill`` makes the next blocks of sound from them."""

    __slots__ = ("name", "slot", "ssrc", "stream", "undecodable")

    def __init__(
        self, stream: str, slot: int, ssrc: int, clock_rate: int, decoder: Decoder
    ) -> None:
        self.stream = stream
        self.slot = slot
        self.ssrc = ssrc
        self.name = ""
        self.buffer = JitterBuffer(clock_rate)
        self.talking = False
        self.is_active = False  # has a row, or waits for one
        self.session = 0  # libsrtp's that opens it, as an address; 0 = as for anybody
        self.delay_ms = 0.0
        self.undecodable = 0
        self._decoder = decoder
        self._rest = _NOTHING  # what did not make a whole block
        self._faded = 0  # samples of concealment at a burst's end, fading out
        self._sounded_ms = float("-inf")
        self._is_beginning = True

    def _fill(self, out: Frame, now_ms: float) -> int:
        """Whatever is next: a frame, or what stands in its place."""
        if len(self._rest):
            self._sounded_ms = now_ms
            return self._gather(out, now_ms)
        return self._give(self._fetch(out, now_ms), out, now_ms)

    def _decoded(self, frame: Next, count: int, out: Frame, now_ms: float) -> int:
        """The rest of filling, once ``frame`` has been decoded with this result."""
        return self._give(self._settle(frame, count, out, now_ms), out, now_ms)

    def _give(self, count: int, out: Frame, now_ms: float) -> int:
        if count:
            self._sounded_ms = now_ms
        if count % BLOCK == 0:  # nearly always
            return count // BLOCK
        self._rest = out.samples[:count].copy()
        return self._gather(out, now_ms)

    def _gather(self, out: Frame, now_ms: float) -> int:
        """Whole blocks from frames that are none."""
        rest = self._rest
        for _ in range(MAX_STEPS):
            if len(rest) >= BLOCK:
                break
            count = self._fetch(out, now_ms)
            if not count:
                rest = np.concatenate((rest, np.zeros(BLOCK - len(rest), np.float32)))
                break
            rest = np.concatenate((rest, out.samples[:count]))
        whole = min(len(rest), MAX_FRAME) // BLOCK * BLOCK
        out.samples[:whole] = rest[:whole]
        self._rest = rest[whole:]
        return whole // BLOCK

    def has_turned(self, now_ms: float) -> bool:
        """Whether it has begun or ended since the last call, or has nothing left to say."""
        was, self.talking = self.talking, now_ms - self._sounded_ms < HANG_MS
        return self.talking is not was or not (self.talking or self.buffer.talking)

    def _fetch(self, out: Frame, now_ms: float) -> int:
        """The next frame into ``out``. Returns samples; 0 when the burst is silent or over."""
        following = self.buffer.take(now_ms)
        if following.kind == "frame":
            return self._decode(following, out, now_ms)
        return self._bridge(following, out)

    def _bridge(self, following: Next, out: Frame) -> int:
        """What stands where no frame is."""
        kind, samples = following.kind, following.samples
        if kind == "lost":
            self._decoder.conceal(samples, following.payload, out)
            if self._faded:
                self._raise(out.samples[:samples])
            self.buffer.advance(samples)
        elif kind == "starved":
            self._fade(samples, out)
        elif kind == "silence":
            out.samples[:samples] = 0.0
            self.buffer.advance(samples)
        elif not self.buffer.playing:
            self._is_beginning, self._faded = True, 0
        return samples

    def _decode(self, frame: Next, out: Frame, now_ms: float) -> int:
        if self._is_beginning:
            self._decoder.reset()
        return self._settle(frame, self._decoder.decode(frame.payload, out), out, now_ms)

    def _settle(self, frame: Next, count: int, out: Frame, now_ms: float) -> int:
        """What was decoded becomes what is played. Returns samples."""
        if count <= 0:
            self.undecodable += 1
            count = 2 * BLOCK
            self._decoder.conceal(count, b"", out)
        self._note_delay(now_ms + len(self._rest) / MS - frame.arrived_ms)
        if self._is_beginning or self._faded:
            self._raise(out.samples[:count])
        step = self.buffer.played(count, now_ms)
        if step == "keep":
            return count
        changed = self._change(step, out, count, now_ms)
        out.samples[: len(changed)] = changed
        return len(changed)

    def _note_delay(self, waited_ms: float) -> None:
        """What a punctual packet waits. One that the network held waits less, but its sound comes
        no sooner: the figure falls slowly."""
        if self._is_beginning:
            self.delay_ms = waited_ms
        else:
            self.delay_ms = max(waited_ms, self.delay_ms - DELAY_FALL_MS)

    def _change(self, step: Step, out: Frame, count: int, now_ms: float) -> NDArray[np.float32]:
        if step == "resync":
            return self._jump(out, count, now_ms)
        if step == "shorten":
            return shorten(self._joined(out, count, now_ms))
        return lengthen(out.samples[:count])

    def _joined(self, out: Frame, count: int, now_ms: float) -> NDArray[np.float32]:
        """Short frames have no room for a pitch period: with those that follow, if here."""
        parts = [out.samples[:count].copy()]
        while count < ROOM and self.buffer.is_next_here:
            more = self._decoder.decode(self.buffer.take(now_ms).payload, out)
            if more <= 0:
                self.undecodable += 1
                break
            self.buffer.advance(more)
            parts.append(out.samples[:more].copy())
            count += more
        return np.concatenate(parts)

    def _raise(self, samples: NDArray[np.float32]) -> None:
        """From silence, or from as far as the concealment had faded."""
        start = 0.0 if self._is_beginning else _faded_gain(self._faded)
        self._is_beginning, self._faded = False, 0
        samples[:FADE] *= start + (1 - start) * _RISE[: len(samples)]

    def _jump(self, out: Frame, count: int, now_ms: float) -> NDArray[np.float32]:
        """Too far behind: leave packets out, and fade from what was due into what is now."""
        before = out.samples[:count].copy()
        if not self.buffer.catch_up(now_ms):
            return before
        following = self.buffer.take(now_ms)
        count = self._decoder.decode(following.payload, out) if following.payload else 0
        if count <= 0:
            return before
        self.buffer.advance(count)
        return cross_fade(before, out.samples[:count])

    def _fade(self, samples: int, out: Frame) -> None:
        """Invented while nothing arrives: down to silence by the time the burst is given up."""
        start, end = _faded_gain(self._faded), _faded_gain(self._faded + samples)
        self._faded += samples
        self._decoder.conceal(samples, b"", out)
        out.samples[:samples] *= np.linspace(start, end, samples, endpoint=False, dtype=np.float32)


def _faded_gain(samples: int) -> float:
    return max(0.0, 1.0 - samples / (STARVE_MS * MS))
